"""A posed figure as a camera sees it, and plain SVG shapes: what the drawings of movements are made of.

Positions are (x, y) metres, x to the right, y down, as a camera sees the room; `Paper` turns them
into the pixels of one panel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Final

import numpy as np

from checker.figure import TORSO_M, Camera, Stance, back_curve
from checker.skeleton import Array, Landmark

PANEL: Final = "#f1f6f6"
INK: Final = "#1d3037"
MARK: Final = "#b5440a"
FLOOR: Final = "#93a6ac"
MAT: Final = "#bcd5c6"
WOOD: Final = "#d8c9ae"
WOOD_EDGE: Final = "#8f7f62"
FONT: Final = "system-ui, sans-serif"


@dataclass(frozen=True)
class Figure:
    """A posed body as the camera sees it.

    Attributes:
        stance: its angles.
        seen: (33, 3) metres: x right, y down, z away from the camera.
        camera: that sees it.
    """

    stance: Stance
    seen: Array
    camera: Camera

    def at(self, *names: str) -> Array:
        """(2,) metres: the middle of the landmarks; a name without a side is the middle of both."""
        marks = [m for n in names for m in _landmarks(n)]
        return np.asarray(self.seen[marks, :2].mean(axis=0))

    def depth(self, *names: str) -> float:
        """Metres away from the camera, mean of the landmarks."""
        return float(np.mean([self.seen[m, 2] for n in names for m in _landmarks(n)]))

    @property
    def from_side(self) -> bool:
        """Whether the camera sees it from the side."""
        return abs(self.camera.yaw_deg) > 45.0

    @property
    def from_feet(self) -> bool:
        """Whether it lies with the feet to the camera."""
        return self.camera.elevation_deg > 0.0

    @cached_property
    def up(self) -> Array:
        """(2,) unit vector from the hips to the shoulders."""
        return unit(self.at("SHOULDER") - self.at("HIP"))

    @property
    def pelvis_up(self) -> Array:
        """(2,) unit vector out of the pelvis towards the shoulders, before the trunk bends sideways."""
        lean = math.radians(self.stance.trunk)
        return unit(self.camera.sees(np.array([0.0, math.cos(lean), math.sin(lean)]))[:2])

    @property
    def head_up(self) -> Array:
        """(2,) unit vector from the mouth to the eyes."""
        return unit(self.at("EYE") - self.at("MOUTH_LEFT", "MOUTH_RIGHT"))

    @property
    def dorsal(self) -> Array:
        """(2,) unit vector towards the back, seen from the side."""
        return np.array([self.up[1], -self.up[0]])

    def on_back(self, along: float, out: float = 0.0) -> Array:
        """A position along the trunk (0 hips, 1 shoulders) and `out` metres dorsal of its bent middle."""
        bend = float(back_curve(np.array(self.stance.rounding), np.array(along)))
        middle = self.at("HIP") + along * (self.at("SHOULDER") - self.at("HIP"))
        return np.asarray(middle + (bend * TORSO_M + out) * self.dorsal)


def _landmarks(name: str) -> list[Landmark]:
    if name in Landmark.__members__:
        return [Landmark[name]]
    return [Landmark[f"LEFT_{name}"], Landmark[f"RIGHT_{name}"]]


def unit(v: Array) -> Array:
    """A vector of length 1; zero stays zero."""
    length = float(np.linalg.norm(v))
    return v / length if length > 1e-9 else v


@dataclass(frozen=True, slots=True)
class Paper:
    """One panel: where the room's origin lies in it, in pixels, and how many of them a metre takes."""

    x_px: float
    y_px: float
    px_per_m: float

    def at(self, point: Array) -> tuple[float, float]:
        """Pixels of a position."""
        return self.x_px + float(point[0]) * self.px_per_m, self.y_px + float(point[1]) * self.px_per_m

    def path(self, points: Iterable[Array], closed: bool = False) -> str:
        """The corners of a line as an SVG path."""
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in map(self.at, points))
        return f"M{way}{'Z' if closed else ''}"

    def capsule(self, a: Array, b: Array, radius_a: float, radius_b: float) -> str:
        """A path round two circles (radii in metres) and what lies between them."""
        (ax, ay), (bx, by) = self.at(a), self.at(b)
        ra, rb = radius_a * self.px_per_m, radius_b * self.px_per_m
        apart = math.hypot(bx - ax, by - ay)
        if apart <= abs(ra - rb) + 0.1:
            x, y, r = (ax, ay, ra) if ra >= rb else (bx, by, rb)
            return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"
        way, spread = math.atan2(by - ay, bx - ax), math.acos((ra - rb) / apart)

        def on(x: float, y: float, r: float, angle: float) -> str:
            return f"{x + r * math.cos(angle):.1f} {y + r * math.sin(angle):.1f}"

        far, near = int(rb > ra), int(ra >= rb)
        return (
            f"M{on(ax, ay, ra, way + spread)}L{on(bx, by, rb, way + spread)}"
            f"A{rb:.1f} {rb:.1f} 0 {far} 0 {on(bx, by, rb, way - spread)}"
            f"L{on(ax, ay, ra, way - spread)}A{ra:.1f} {ra:.1f} 0 {near} 0 {on(ax, ay, ra, way + spread)}Z"
        )

    def circle(self, centre: Array, radius: float, style: str) -> str:
        """A circle of a radius in metres."""
        x, y = self.at(centre)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * self.px_per_m:.1f}" {style}/>'

    def box(self, left: float, top: float, right: float, bottom: float, style: str, round_px: float = 3.0) -> str:
        """A rectangle between positions in metres."""
        x, y = self.at(np.array([left, top]))
        width, height = (right - left) * self.px_per_m, (bottom - top) * self.px_per_m
        return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_px:g}" {style}/>'

    def line(self, points: Iterable[Array], style: str) -> str:
        """A line through positions."""
        return f'<path d="{self.path(points)}" fill="none" {style}/>'

    def blob(self, paths: Iterable[str], fill: str) -> str:
        """Shapes of one colour as one body, with a thin edge that sets it off from what lies behind."""
        way = "".join(paths)
        edge = f'stroke="{PANEL}" stroke-width="3" stroke-linejoin="round"'
        return f'<path d="{way}" fill="{PANEL}" {edge}/><path d="{way}" fill="{fill}"/>'


def text(x_px: float, y_px: float, words: str, size_px: float = 14.0, colour: str = INK, weight: int = 400) -> str:
    """Words, centred at a pixel."""
    return (
        f'<text x="{x_px:.1f}" y="{y_px:.1f}" text-anchor="middle" font-family="{FONT}" font-size="{size_px:g}" '
        f'font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
    )


def point(x: float, y: float) -> Array:
    """A position."""
    return np.array([x, y], np.float64)
