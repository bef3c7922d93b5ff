"""Draws what the engine found on a frame: skeleton, measured angle, count, clock, and the fault while it lasts.

It draws numbers that were measured elsewhere and measures none itself; where a value or a landmark
is NaN, nothing is drawn. No meaning rests on colour alone: the near side is thicker, a fault has a
triangle and its name.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.overlay.angle import Angle, find_angle
from checker.overlay.back import find_back, finite_runs
from checker.overlay.brush import GREY, INK, SKY, WHITE, YELLOW, Brush
from checker.overlay.clock import find_clock
from checker.overlay.layout import find_layout
from checker.overlay.panels import LARGE, Box, Panels, blend
from checker.overlay.words import count_words, value_words
from checker.skeleton import BONES, N_OUTLINE, Array, Landmark, Rgb

FAINT_BELOW: Final = 0.5
"""Visibility under which a bone is drawn thin and grey: the model itself is then mostly guessing."""

TURNS: Final = frozenset({"trunk_rotation", "shoulder_rotation", "pelvis_rotation"})
"""Signals of a turn about the body's own axis: no line of the picture shows it, a view from above does."""

GAUGE_LEAST: Final = 0.1
"""The gauge spans at least this much (T, leg lengths or a ratio): trembling shall not fill it."""

SHOWS_ANGLE_DEG: Final = 1.5
"""A smaller angle has no arc: it would be a blot at its corner."""


class Overlay:
    """Draws an analysis on the frames of its clip.

    Args:
        analysis: what was found.
        exercise: the movement that was judged.
        width: of the frames to draw on, pixels; they may be scaled against the analysed ones.
        height: of the frames to draw on, pixels.
    """

    def __init__(self, analysis: Analysis, exercise: Exercise, width: int, height: int) -> None:
        """Scale the poses to the frame and settle where everything is drawn; see the class."""
        track = analysis.track
        scale = np.array([width / track.width, height / track.height])
        self._analysis = analysis
        self._exercise = exercise
        self._points: Array = track.image * scale
        self._visibility = np.nan_to_num(track.visibility)
        near = _near_side(analysis)
        far = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(near or "", "neither")
        self._far_bones = {(a, b) for a, b in BONES if a.name.startswith(far) and b.name.startswith(far)}
        self._brush = Brush(width, height)
        self._panels = Panels(width, height)
        self._layout = find_layout(self._points, _named_at(analysis), width, height)
        self._clock = find_clock(analysis, exercise)
        # other signals may have asked for the outline too; only this one is about the back
        has_back = "spine_flexion" in analysis.signals
        self._back = find_back(analysis, self._points, float(scale.mean())) if has_back else None
        # where nothing was measured (the wrong view, no start), an angle is not what its name says
        sound = analysis.assessment.view.ok and bool(analysis.assessment.measured)
        is_drawn = sound and analysis.drawn in analysis.signals
        self._value = analysis.signals[analysis.drawn].values if is_drawn else None
        self._angle = self._find_angle(near)

    def draw(self, rgb: Rgb, index: int) -> Rgb:
        """Draw one row of the analysis.

        Args:
            rgb: (H, W, 3) uint8, contiguous; drawn on in place.
            index: row of the analysis that the frame shows.

        Returns:
            The same array.
        """
        self._draw_skeleton(rgb, index)
        self._draw_back(rgb, index)
        taken = [self._layout.face(index), *self._draw_faults(rgb, index), *self._draw_words(rgb, index)]
        self._draw_measured(rgb, index, taken)
        return rgb

    # --- the body ------------------------------------------------------------------------------

    def _draw_skeleton(self, rgb: Rgb, index: int) -> None:
        points, visibility = self._points[index], self._visibility[index]
        known = np.isfinite(points).all(axis=1)
        near: list[tuple[Landmark, Landmark]] = []
        far: list[tuple[Landmark, Landmark]] = []
        faint: list[tuple[Landmark, Landmark]] = []
        for a, b in BONES:
            if known[a] and known[b]:
                unsure = min(visibility[a], visibility[b]) < FAINT_BELOW
                (faint if unsure else far if (a, b) in self._far_bones else near).append((a, b))
        self._brush.lines(rgb, points[faint], GREY, 1.0)
        for bones, colour, weight in ((far, GREY, 1.6), (near, WHITE, 2.6)):
            self._brush.lines(rgb, points[bones], INK, weight + 2)
            self._brush.lines(rgb, points[bones], colour, weight)
        for joint in {j for bone in near for j in bone}:
            self._brush.dot(rgb, points[joint], SKY, 3.2)

    def _draw_back(self, rgb: Rgb, index: int) -> None:
        """Draw the outline of the back, broken where it was not found; dashed, where it was at the start."""
        if self._back is None:
            return
        measured = self._analysis.drawn == "spine_flexion" and self._value is not None
        for run in finite_runs(self._back.now[index]):
            self._brush.lines(rgb, run[None], INK, 5.0)
            self._brush.lines(rgb, run[None], YELLOW if measured else SKY, 3.0)
        if measured and len(rest := finite_runs(self._back.rest[index])):
            self._brush.dashes(rgb, rest[0], WHITE, 2.0)

    # --- what is measured ----------------------------------------------------------------------

    def _find_angle(self, near: str | None) -> Angle | None:
        """Return where the drawn signal is an angle of the picture."""
        if self._value is None:
            return None
        drawn = self._analysis.drawn
        starts = self._analysis.starts if drawn in self._exercise.reported_as_change else None
        # an angle does not depend on the scale, as the scale is the same along and across
        points = None if starts is None else starts.image.astype(np.float64)
        return find_angle(drawn, self._value, self._points, near, points)

    def _draw_measured(self, rgb: Rgb, index: int, taken: list[Box]) -> None:
        """Draw the signal with its number: at its joint, along the back, from above, or on a gauge."""
        if self._value is None or not np.isfinite(self._value[index]):
            return
        value, drawn = float(self._value[index]), self._analysis.drawn
        panel = self._panels.label(value_words(self._analysis, self._exercise, value))
        if self._angle is not None:
            point, towards = self._draw_angle(rgb, self._angle, index)
        elif drawn in TURNS:
            point, towards = self._draw_dial(rgb, value, index)
        elif drawn == "spine_flexion" and self._back is not None:
            point, towards = self._beside_back(self._back.now[index], index)
        else:
            point, towards = self._draw_gauge(rgb, self._value, index)
        if np.isfinite(point).all() and np.isfinite(towards).all():
            blend(rgb, panel, self._panels.beside(panel, point, towards, taken))

    def _draw_angle(self, rgb: Rgb, angle: Angle, index: int) -> tuple[Array, Array]:
        """Draw a dashed reference, the line measured against it and the arc between them.

        Returns where the number goes, and the direction away from the measured line, in which there
        is room for it.
        """
        corner, reference, end = angle.corner[index], angle.reference[index], angle.end[index]
        reach = float(min(np.linalg.norm(end - corner), np.linalg.norm(reference - corner)))
        if not np.isfinite(reach) or reach < 1:
            return np.full(2, np.nan), np.zeros(2)
        radius = 0.5 * reach
        start, sweep = _sweep_deg(reference - corner, end - corner)
        self._brush.dashes(rgb, np.linspace(corner, reference, 10), WHITE, 2.0)
        self._brush.line(rgb, corner, end, YELLOW, 3.0)
        if abs(sweep) >= SHOWS_ANGLE_DEG:
            self._brush.lines(rgb, _arc(corner, radius, start, sweep)[None], YELLOW, 3.0)
        self._brush.dot(rgb, corner, YELLOW, 4.5)
        along = (reference - corner) / np.linalg.norm(reference - corner)
        free = np.array([along[1], -along[0]]) * (1.0 if sweep > 0 else -1.0)
        return corner + radius * along, free

    def _draw_dial(self, rgb: Rgb, value_deg: float, index: int) -> tuple[Array, Array]:
        """Draw the shoulders over the pelvis from above, the camera below; left turns counter-clockwise."""
        size = 44.0
        reach = size * self._brush.unit
        centre = self._free_corner(rgb, 1.5 * reach)
        self._brush.dot(rgb, centre, INK, 1.25 * size)
        across = np.array([np.cos(np.deg2rad(value_deg)), -np.sin(np.deg2rad(value_deg))]) * reach
        ahead = np.array([-across[1], across[0]])
        pelvis = np.array([0.6 * reach, 0.0])
        self._brush.line(rgb, centre - pelvis, centre + pelvis, GREY, 5.0)
        self._brush.line(rgb, centre - across, centre + across, YELLOW, 5.0)
        self._brush.line(rgb, centre, centre + ahead, YELLOW, 2.0)
        self._brush.dot(rgb, centre, WHITE, 0.3 * size)
        shoulders = self._points[index, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
        self._brush.lines(rgb, shoulders[None], YELLOW, 4.0)
        inward = np.array([0.0, 1.0 if self._layout.banner_below else -1.0])
        return centre + 1.25 * reach * inward, inward

    def _draw_gauge(self, rgb: Rgb, values: Array, index: int) -> tuple[Array, Array]:
        """Draw a bar from zero to the value, in the range of the clip, for what is no angle of the picture."""
        reach = 60 * self._brush.unit
        middle = self._free_corner(rgb, 1.4 * reach)
        low, high = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
        high = max(high, low + GAUGE_LEAST)

        def at(v: float) -> Array:
            share = (v - low) / (high - low)
            return middle + np.array([0.0, reach * (1.0 - 2.0 * share)])

        tick = np.array([14.0, 0.0]) * self._brush.unit
        self._brush.line(rgb, at(low), at(high), INK, 20.0)
        self._brush.line(rgb, at(low), at(high), GREY, 10.0)
        self._brush.line(rgb, at(0.0), at(float(values[index])), YELLOW, 10.0)
        self._brush.line(rgb, at(0.0) - tick, at(0.0) + tick, WHITE, 2.0)
        inward = np.array([0.0, 1.0 if self._layout.banner_below else -1.0])
        return middle + reach * inward * 1.15, inward

    def _beside_back(self, back: Array, index: int) -> tuple[Array, Array]:
        """Return the middle of the back, and the direction away from the trunk."""
        point = back[N_OUTLINE // 2]
        hip, shoulder = (
            (self._points[index, Landmark[f"LEFT_{n}"]] + self._points[index, Landmark[f"RIGHT_{n}"]]) / 2
            for n in ("HIP", "SHOULDER")
        )
        outward = point - (hip + shoulder) / 2
        return point, outward / max(float(np.linalg.norm(outward)), 1.0)

    def _free_corner(self, rgb: Rgb, margin: float) -> Array:
        """(2,) pixels: a point that far from both sides of the corner that the words leave free."""
        x = margin if self._layout.words_right else rgb.shape[1] - margin
        y = margin if self._layout.banner_below else rgb.shape[0] - margin
        return np.array([x, y])

    # --- words ---------------------------------------------------------------------------------

    def _draw_words(self, rgb: Rgb, index: int) -> list[Box]:
        """Draw the clock over the count in their corner; return the room that they take."""
        large, small = self._clock.words(index) if self._clock is not None else ("", "")
        count = count_words(self._analysis, self._exercise, float(self._analysis.t_s[index]))
        lines = [(large, LARGE), (" · ".join(s for s in (small, count) if s), 1.0)]
        panels = [self._panels.label(text, size) for text, size in lines if text]
        height, width = rgb.shape[:2]
        gap = self._panels.pad
        y = gap if self._layout.banner_below else height - gap - sum(p[0].shape[0] for p in panels)
        taken = []
        for panel in panels:
            h, w = panel[0].shape[:2]
            x = max(0, width - gap - w) if self._layout.words_right else gap
            taken.append(Box(x, y, x + w, y + h))
            blend(rgb, panel, taken[-1])
            y += h
        return taken

    def _draw_faults(self, rgb: Rgb, index: int) -> list[Box]:
        """Draw the banners of up to two faults that last at this moment; return the room that they take."""
        time_s = float(self._analysis.t_s[index])
        lasting = [f for f in self._analysis.assessment.to_show if any(a <= time_s <= b for a, b in f.intervals)]
        panels = [self._panels.banner(f) for f in lasting[:2]]
        y = rgb.shape[0] - sum(p[0].shape[0] for p in panels) if self._layout.banner_below else 0
        taken = []
        for panel in panels:
            taken.append(Box(0, y, panel[0].shape[1], y + panel[0].shape[0]))
            blend(rgb, panel, taken[-1])
            y += panel[0].shape[0]
        return taken


def _near_side(analysis: Analysis) -> str | None:
    """Return the side turned to the camera, as landmark names begin, or None when they face it."""
    return {"left_side": "LEFT", "right_side": "RIGHT"}.get(analysis.assessment.view.measured)


def _named_at(analysis: Analysis) -> np.ndarray:
    """(T,) whether any fault lasts, or may."""
    out = np.zeros(len(analysis.t_s), bool)
    for first_s, last_s in (i for f in analysis.assessment.to_show for i in f.intervals):
        out |= (analysis.t_s >= first_s) & (analysis.t_s <= last_s)
    return out


def _sweep_deg(a: Array, b: Array) -> tuple[float, float]:
    """Direction of a in the image (clockwise from x) and the shorter turn from a to b, degrees."""
    start = float(np.rad2deg(np.arctan2(a[1], a[0])))
    turn = float(np.rad2deg(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))
    return start, turn


def _arc(centre: Array, radius: float, start_deg: float, sweep_deg: float) -> Array:
    """(n, 2) points along an arc."""
    angles = np.deg2rad(start_deg + np.linspace(0, sweep_deg, 25))
    return np.asarray(centre + radius * np.column_stack([np.cos(angles), np.sin(angles)]))
