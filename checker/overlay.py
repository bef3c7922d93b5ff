"""Draws what the engine found on a frame: skeleton, measured angle, count, and the fault while it lasts.

It draws numbers that were measured elsewhere and measures none itself; where a value or a landmark
is NaN, nothing is drawn. Colours are of the Okabe-Ito palette, which stays apart for every kind of
colour vision, and no meaning rests on colour alone: the near side is thicker, a fault has a triangle
and its name.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from checker.assessment import UNIT_LABELS, Analysis, FaultResult
from checker.exercise import Exercise
from checker.skeleton import BONES, N_OUTLINE, OUTLINE_STATIONS, Array, Landmark

Rgb = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
GREY: Final[Colour] = (170, 170, 170)
INK: Final[Colour] = (22, 26, 34)
SKY: Final[Colour] = (86, 180, 233)
YELLOW: Final[Colour] = (240, 228, 66)
VERMILLION: Final[Colour] = (213, 94, 0)

FAINT_BELOW: Final = 0.5
"""Visibility under which a bone is drawn thin and grey: the model itself is then mostly guessing."""

_SHIFT: Final = 4  # OpenCV draws at 1/16 pixel, which keeps slow movements from trembling
_FAR_PX: Final = 1 << 14  # a landmark guessed far outside would overflow OpenCV's fixed point
_TRUNK: Final = frozenset({"trunk_flexion", "trunk_lateral_flexion"})
_JOINTS: Final = {
    "hip_flexion": ("SHOULDER", "HIP", "KNEE"),
    "knee_flexion": ("HIP", "KNEE", "ANKLE"),
    "neck_flexion": ("EAR", "SHOULDER", "HIP"),
}
"""Signals drawn as an arc at the middle one of three landmarks of one side, far bone last."""


class Overlay:
    """Draws an analysis on the frames of its clip.

    Args:
        analysis: what was found.
        exercise: the movement, for whether its repetitions have sides.
        width: of the frames to draw on, pixels; they may be scaled against the analysed ones.
        height: of the frames to draw on, pixels.
    """

    def __init__(self, analysis: Analysis, exercise: Exercise, width: int, height: int) -> None:
        """Scale the poses to the frame and find which side is near; see the class."""
        track = analysis.track
        scale = np.array([width / track.width, height / track.height])
        self._analysis = analysis
        self._sided = exercise.repetition.sides == "signed"
        self._points: Array = track.image * scale
        self._visibility = np.nan_to_num(track.visibility)
        self._side = _near_side(analysis)
        far = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(self._side or "", "neither")
        self._far_bones = {(a, b) for a, b in BONES if a.name.startswith(far) and b.name.startswith(far)}
        self._unit = min(width, height) / 480
        self._labels = _Labels(width, self._unit)
        # other signals may have asked for the outline too; only this one is about the back
        has_back = "spine_flexion" in analysis.signals
        self._back = _back_curves(analysis, self._points, float(scale.mean())) if has_back else None
        names = {m.id: m.name for m in exercise.measures}
        # with several measures, a bare number would leave open which of them it is
        self._prefix = f"{names[analysis.drawn]} " if len(names) > 1 and analysis.drawn in names else ""
        # from the wrong view the angle is not what its name says: then nothing is drawn at the joint
        tells = analysis.assessment.view.ok and analysis.drawn in analysis.signals
        self._value = analysis.signals[analysis.drawn].values if tells else None

    def draw(self, rgb: Rgb, index: int) -> Rgb:
        """Draw one row of the analysis.

        Args:
            rgb: (H, W, 3) uint8, contiguous; drawn on in place.
            index: row of the analysis that the frame shows.

        Returns:
            The same array.
        """
        self._draw_skeleton(rgb, index)
        if self._back is not None:
            self._draw_back(rgb, self._back[index])
        self._draw_measured(rgb, index)
        time_s = float(self._analysis.t_s[index])
        self._labels.put(rgb, self._count(time_s), (0.0, 1.0))
        self._draw_faults(rgb, time_s)
        return rgb

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
        self._lines(rgb, points[faint], GREY, 1.0)
        for bones, colour, weight in ((far, GREY, 1.6), (near, WHITE, 2.6)):
            self._lines(rgb, points[bones], INK, weight + 2)
            self._lines(rgb, points[bones], colour, weight)
        for joint in {j for bone in near for j in bone}:
            self._dot(rgb, points[joint], SKY, 3.2)

    def _draw_measured(self, rgb: Rgb, index: int) -> None:
        """The drawn signal: its lines and arc where there is a joint to draw it at, and its number."""
        if self._value is None or not np.isfinite(self._value[index]):
            return
        drawn, points = self._analysis.drawn, self._points[index]
        hip, shoulder = _middle(points, "HIP"), _middle(points, "SHOULDER")
        number = self._number(float(self._value[index]))
        anchor, towards = shoulder, np.zeros(2)
        if drawn in _TRUNK:
            vertical = hip - (0.0, float(np.linalg.norm(shoulder - hip)))
            anchor, towards = self._draw_angle(rgb, vertical, hip, shoulder)
        elif drawn in _JOINTS:
            side = self._side or self._clearer_side(index)
            a, b, c = (points[Landmark[f"{side}_{name}"]] for name in _JOINTS[drawn])
            anchor, towards = self._draw_angle(rgb, 2 * b - c, b, a)
        elif drawn == "trunk_rotation":
            ends = points[Landmark.LEFT_SHOULDER], points[Landmark.RIGHT_SHOULDER]
            self._line(rgb, *ends, YELLOW, 4.0)
            self._draw_dial(rgb, float(self._value[index]), number)
            return
        elif drawn == "spine_flexion" and self._back is not None:
            anchor = self._back[index, N_OUTLINE // 2]
            outward = anchor - (hip + shoulder) / 2
            towards = outward / max(float(np.linalg.norm(outward)), 1.0)
        if np.isfinite(anchor).all():
            self._labels.put_at(rgb, number, anchor, towards)

    def _draw_angle(self, rgb: Rgb, reference: Array, corner: Array, end: Array) -> tuple[Array, Array]:
        """A dashed reference, the line measured against it and the arc between them.

        A joint's reference is the far bone drawn on past the joint: the arc then spans the flexion
        itself, 0 when straight. Returns where the number goes, and the direction away from the
        measured line in which there is room for it.
        """
        reach = min(float(np.linalg.norm(reference - corner)), float(np.linalg.norm(end - corner)))
        if not np.isfinite(reach) or reach < 1:
            return np.full(2, np.nan), np.zeros(2)
        radius = 0.5 * reach
        start, sweep = _sweep_deg(reference - corner, end - corner)
        stops = np.linspace(corner, reference, 10)
        self._lines(rgb, np.stack([stops[::2], stops[1::2]], axis=1), WHITE, 2.0)
        self._line(rgb, corner, end, YELLOW, 3.0)
        self._lines(rgb, _arc(corner, radius, start, sweep)[None], YELLOW, 3.0)
        self._dot(rgb, corner, YELLOW, 4.5)
        along = (reference - corner) / np.linalg.norm(reference - corner)
        free = np.array([along[1], -along[0]]) * (1.0 if sweep > 0 else -1.0)
        return corner + radius * along, free

    def _draw_dial(self, rgb: Rgb, value_deg: float, number: str) -> None:
        """The shoulders over the pelvis from above, the camera below; left turns counter-clockwise."""
        size = 44 * self._unit
        centre = np.array([rgb.shape[1] - 1.5 * size, rgb.shape[0] - 1.5 * size])
        self._dot(rgb, centre, INK, 1.25 * size / self._unit)
        across = np.array([np.cos(np.deg2rad(value_deg)), -np.sin(np.deg2rad(value_deg))])
        ahead = np.array([-across[1], across[0]])
        pelvis = np.array([0.6 * size, 0.0])
        self._line(rgb, centre - pelvis, centre + pelvis, GREY, 5.0)
        self._line(rgb, centre - across * size, centre + across * size, YELLOW, 5.0)
        self._line(rgb, centre, centre + ahead * size, YELLOW, 2.0)
        self._dot(rgb, centre, WHITE, 0.3 * size / self._unit)
        self._labels.put_at(rgb, number, centre - (0.0, 1.65 * size), np.zeros(2))

    def _draw_back(self, rgb: Rgb, curve: Array) -> None:
        """The outline of the back, broken where it was not found."""
        for run in _finite_runs(curve):
            self._lines(rgb, run[None], INK, 5.0)
            self._lines(rgb, run[None], SKY, 3.0)

    def _draw_faults(self, rgb: Rgb, time_s: float) -> None:
        lasting = [f for f in self._analysis.assessment.flagged if any(a <= time_s <= b for a, b in f.intervals)]
        top = 0
        for fault in lasting[:2]:
            top += self._labels.put_banner(rgb, fault, top)

    def _count(self, time_s: float) -> str:
        """The repetitions finished by now, in words."""
        done = [r.side for r in self._analysis.assessment.reps if r.end_s <= time_s]
        if self._sided:
            return f"Left {done.count('left')}  ·  Right {done.count('right')}"
        return f"Repetitions {len(done)}"

    def _number(self, value: float) -> str:
        """The drawn value in words, e.g. "28° left"; its own name before it where there are several."""
        unit = self._analysis.signals[self._analysis.drawn].unit
        if unit != "deg":
            return f"{self._prefix}{value:.2f}{UNIT_LABELS.get(unit, ' ' + unit)}"
        whole = round(value)
        if not self._sided or whole == 0:
            return f"{self._prefix}{whole}°".replace("-", "−")
        return f"{self._prefix}{abs(whole)}° {'left' if whole > 0 else 'right'}"

    def _clearer_side(self, index: int) -> str:
        """The side whose hip and knee are seen better; front views have no near one."""
        v = self._visibility[index]
        left = v[Landmark.LEFT_HIP] + v[Landmark.LEFT_KNEE]
        return "LEFT" if left >= v[Landmark.RIGHT_HIP] + v[Landmark.RIGHT_KNEE] else "RIGHT"

    def _lines(self, rgb: Rgb, lines: Array, colour: Colour, weight: float) -> None:
        """Lines of equally many points each, (n, points, 2) pixels; a line with a NaN is left out."""
        known = lines[np.isfinite(lines).all(axis=(1, 2))] if len(lines) else lines
        if len(known):
            fixed = np.round(np.clip(known, -_FAR_PX, _FAR_PX) * (1 << _SHIFT)).astype(np.int32)
            cv2.polylines(rgb, list(fixed), False, colour, self._px(weight), cv2.LINE_AA, _SHIFT)

    def _line(self, rgb: Rgb, a: Array, b: Array, colour: Colour, weight: float) -> None:
        self._lines(rgb, np.array([[a, b]]), colour, weight)

    def _dot(self, rgb: Rgb, centre: Array, colour: Colour, radius: float) -> None:
        if np.isfinite(centre).all():
            x, y = (round(float(v) * (1 << _SHIFT)) for v in np.clip(centre, -_FAR_PX, _FAR_PX))
            size = round(radius * self._unit * (1 << _SHIFT))
            cv2.circle(rgb, (x, y), size, colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    def _px(self, weight: float) -> int:
        """A line weight, given for a 480-pixel frame, at this frame's size."""
        return max(1, round(weight * self._unit))


class _Labels:
    """Text on rounded panels, rendered once each and blended from then on.

    Uses the font that OpenCV carries in itself (its older Hershey fonts know no degree sign).
    """

    def __init__(self, width: int, unit: float) -> None:
        self._width = width
        self._unit = unit
        self._text_px = max(11, round(20 * unit))
        self._pad = max(4, round(8 * unit))
        self._font = cv2.FontFace("sans")
        self._panels: dict[str, tuple[Rgb, Rgb]] = {}

    def put(self, rgb: Rgb, text: str, corner: tuple[float, float]) -> None:
        """A label in a corner of the frame: (0, 0) top left, (1, 1) bottom right."""
        panel = self._panel(text)
        free = np.array([rgb.shape[1] - panel[0].shape[1], rgb.shape[0] - panel[0].shape[0]])
        x, y = np.clip(free * corner, self._pad, free - self._pad).astype(int)
        _blend(rgb, panel, x, y)

    def put_at(self, rgb: Rgb, text: str, point: Array, towards: Array) -> None:
        """A label beside a point, in a direction (a unit vector, or 0 to centre it on the point).

        Moved inside the frame where it would leave it.
        """
        panel = self._panel(text)
        height, width = panel[0].shape[:2]
        centre = point + towards * (np.array([width, height]) / 2 + self._pad)
        x = int(np.clip(centre[0] - width / 2, 0, max(0, rgb.shape[1] - width)))
        y = int(np.clip(centre[1] - height / 2, 0, max(0, rgb.shape[0] - height)))
        _blend(rgb, panel, x, y)

    def put_banner(self, rgb: Rgb, fault: FaultResult, top: int) -> int:
        """A fault's name and cue across the frame at a height; returns the height it took."""
        key = f"fault {fault.id}"
        if key not in self._panels:
            self._panels[key] = self._render_banner(fault)
        _blend(rgb, self._panels[key], 0, top)
        return int(self._panels[key][0].shape[0])

    def _panel(self, text: str) -> tuple[Rgb, Rgb]:
        if text not in self._panels:
            width, height = self._size(text, 600)
            panel = _Canvas(width + 2 * self._pad, round(1.3 * height) + self._pad, 0.8, self._pad)
            panel.write(text, self._pad, self._pad // 2 + height, self._font, self._text_px, 600)
            self._panels[text] = panel.finish()
        return self._panels[text]

    def _render_banner(self, fault: FaultResult) -> tuple[Rgb, Rgb]:
        line_px, icon = round(1.35 * self._text_px), round(2.4 * self._text_px)
        left = icon + 2 * self._pad
        rows = [(line, 700) for line in self._wrap(fault.name, 700, self._width - left - self._pad)]
        rows += [(line, 400) for line in self._wrap(fault.cue, 400, self._width - left - self._pad)]
        panel = _Canvas(self._width, max(line_px * len(rows), icon) + 2 * self._pad, 0.85, 0)
        panel.icon(self._pad, self._pad, icon, warn=fault.severity == "fault")
        panel.write(
            "!" if fault.severity == "fault" else "i",
            self._pad + round(0.5 * icon - 0.14 * self._text_px),
            self._pad + round(0.83 * icon),
            self._font,
            round(1.3 * self._text_px),
            800,
        )
        for k, (line, weight) in enumerate(rows):
            baseline = self._pad + line_px * k + self._text_px
            panel.write(line, left, baseline, self._font, self._text_px, weight)
        return panel.finish()

    def _wrap(self, text: str, weight: int, width_px: int) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._size(longer, weight)[0] <= width_px:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _size(self, text: str, weight: int) -> tuple[int, int]:
        """Width of a text, and the height of its capital letters, pixels."""
        box = cv2.getTextSize((8192, 256), text, (0, 128), self._font, self._text_px, weight)
        return int(box[0] + box[2]), round(0.74 * self._text_px)


class _Canvas:
    """A small panel to render on, with its opacity."""

    def __init__(self, width: int, height: int, opacity: float, radius: int) -> None:
        self._rgb: Rgb = np.full((height, width, 3), INK, np.uint8)
        self._alpha: Rgb = np.full((height, width), round(255 * opacity), np.uint8)
        self._opacity = opacity
        if radius:
            self._alpha = _rounded(width, height, radius, round(255 * opacity))

    def write(self, text: str, x: int, y: int, font: cv2.FontFace, size: int, weight: int) -> None:
        """Text with its baseline at y."""
        cv2.putText(self._rgb, text, (x, y), WHITE, font, size, weight)

    def icon(self, x: int, y: int, size: int, *, warn: bool) -> None:
        """A triangle for a fault, a disc for something worth knowing."""
        if warn:
            corners = np.array([[x + size / 2, y], [x + size, y + 0.9 * size], [x, y + 0.9 * size]])
            fixed = np.round(corners * (1 << _SHIFT)).astype(np.int32)
            cv2.fillPoly(self._rgb, [fixed], VERMILLION, cv2.LINE_AA, _SHIFT)
        else:
            cv2.circle(self._rgb, (x + size // 2, y + size // 2), size // 2, (0, 114, 178), -1, cv2.LINE_AA)

    def finish(self) -> tuple[Rgb, Rgb]:
        """The panel times its opacity, and what is left of the picture beneath, both (h, w, 3)."""
        alpha = cv2.merge([self._alpha] * 3)
        ink = np.asarray(cv2.multiply(self._rgb, alpha, scale=1 / 255), np.uint8)
        return ink, np.asarray(cv2.bitwise_not(alpha), np.uint8)


def _blend(rgb: Rgb, panel: tuple[Rgb, Rgb], x: int, y: int) -> None:
    """Put a panel on the picture; what reaches over the edge is cut off."""
    x, y = max(0, x), max(0, y)
    there = rgb[y : y + panel[0].shape[0], x : x + panel[0].shape[1]]
    height, width = there.shape[:2]
    if height and width:
        beneath = cv2.multiply(there, panel[1][:height, :width], scale=1 / 255)
        there[:] = cv2.add(beneath, panel[0][:height, :width])


def _rounded(width: int, height: int, radius: int, level: int) -> Rgb:
    """An opacity mask with round corners."""
    mask = np.zeros((height, width), np.uint8)
    r = min(radius, width // 2, height // 2)
    for x in (r, width - 1 - r):
        for y in (r, height - 1 - r):
            cv2.circle(mask, (x, y), r, level, cv2.FILLED, cv2.LINE_AA)
    mask[r : height - r, :] = level
    mask[:, r : width - r] = level
    return mask


def _near_side(analysis: Analysis) -> str | None:
    """The side turned to the camera, as landmark names begin, or None when they face it."""
    return {"left_side": "LEFT", "right_side": "RIGHT"}.get(analysis.assessment.view.measured)


def _middle(points: Array, name: str) -> Array:
    """(2,) pixels: the middle between the left and the right landmark of a name."""
    return np.asarray((points[Landmark[f"LEFT_{name}"]] + points[Landmark[f"RIGHT_{name}"]]) / 2)


def _sweep_deg(a: Array, b: Array) -> tuple[float, float]:
    """Direction of a in the image (clockwise from x) and the shorter turn from a to b, degrees."""
    start = float(np.rad2deg(np.arctan2(a[1], a[0])))
    turn = float(np.rad2deg(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))
    return start, turn


def _arc(centre: Array, radius: float, start_deg: float, sweep_deg: float) -> Array:
    """(n, 2) points along an arc."""
    angles = np.deg2rad(start_deg + np.linspace(0, sweep_deg, 25))
    return np.asarray(centre + radius * np.column_stack([np.cos(angles), np.sin(angles)]))


def _back_curves(analysis: Analysis, points: Array, scale: float) -> Array | None:
    """(T, N_OUTLINE, 2) pixels along the outline of the back, or None when no outline was taken.

    The back lies away from where the toes point, over the whole clip: a single frame may lose them.
    """
    outline = analysis.track.outline * scale
    if not np.isfinite(outline).any():
        return None
    feet = [
        points[:, Landmark[f"{side}_FOOT_INDEX"], 0] - points[:, Landmark[f"{side}_HEEL"], 0]
        for side in ("LEFT", "RIGHT")
    ]
    ahead = np.concatenate(feet)
    if not np.isfinite(ahead).any():
        return None
    toes_right = float(np.nanmedian(ahead)) > 0
    hip = (points[:, Landmark.LEFT_HIP] + points[:, Landmark.RIGHT_HIP]) / 2
    trunk = (points[:, Landmark.LEFT_SHOULDER] + points[:, Landmark.RIGHT_SHOULDER]) / 2 - hip
    length = np.linalg.norm(trunk, axis=1, keepdims=True)
    unit = trunk / np.where(length > 0, length, np.nan)
    clockwise = np.column_stack([-unit[:, 1], unit[:, 0]])
    normal, row = (-clockwise, 1) if toes_right else (clockwise, 0)
    stations = hip[:, None] + OUTLINE_STATIONS[None, :, None] * trunk[:, None]
    return np.asarray(stations + outline[:, row, :, None] * normal[:, None])


def _finite_runs(curve: Array) -> list[Array]:
    """The unbroken pieces of a curve, each two points or longer."""
    known = np.isfinite(curve).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [curve[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]
