"""A drawn picture of each self-test: start and end, with the measured angle marked.

Stick figures from joint positions, all in one style. Lengths are in head heights, x to the right,
y up, the floor at 0; a side view looks to the right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

Point = tuple[float, float]

INK: Final = "#16262b"
FAR: Final = "#8fa0a5"
ANGLE: Final = "#0b5c6b"
SCALE: Final = 23.0
PANEL_W: Final = 200
PANEL_H: Final = 236
FLOOR_Y: Final = 200
TORSO: Final = 2.6
ARM: Final = 1.35


@dataclass(frozen=True, slots=True)
class _Figure:
    """Lines (near and far limbs), the head, and the marked angle as (corner, from, to), degrees."""

    lines: list[list[Point]]
    far: list[list[Point]]
    head: Point
    angle: tuple[Point, float, float] | None = None
    extras: tuple[str, ...] = ()


def picture(exercise_id: str, name: str) -> str | None:
    """An SVG of the movement's start and end.

    Returns:
        The SVG's text, or None for a movement that has no picture.
    """
    draw = _PICTURES.get(exercise_id)
    if draw is None:
        return None
    start, end, caption = draw()
    panels = _panel(start, 0, "Start") + _panel(end, PANEL_W + 30, caption)
    arrow_y = 110
    arrow = (
        f'<path d="M{PANEL_W + 2} {arrow_y}h20m-8 -7l8 7l-8 7" fill="none" stroke="{INK}" '
        f'stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    width = 2 * PANEL_W + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {PANEL_H}" role="img" '
        f'aria-label="{escape(name)}: start and end position" width="{width}" height="{PANEL_H}">'
        f"{panels}{arrow}</svg>"
    )


def _panel(figure: _Figure, left: float, caption: str) -> str:
    middle = left + PANEL_W / 2

    def at(point: Point) -> tuple[float, float]:
        return middle + point[0] * SCALE, FLOOR_Y - point[1] * SCALE

    def line(points: list[Point], colour: str) -> str:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, points))
        return (
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="7" '
            f'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    head_x, head_y = at(figure.head)
    parts = [
        f'<rect x="{left + 4}" y="4" width="{PANEL_W - 8}" height="{FLOOR_Y}" rx="10" fill="#eef4f4"/>',
        (
            f'<line x1="{left + 16}" y1="{FLOOR_Y}" x2="{left + PANEL_W - 16}" y2="{FLOOR_Y}" stroke="{FAR}" '
            f'stroke-width="2"/>'
        ),
        *(e.format(x=middle, y=FLOOR_Y) for e in figure.extras),
        *(line(points, FAR) for points in figure.far),
        *(line(points, INK) for points in figure.lines),
        f'<circle cx="{head_x:.1f}" cy="{head_y:.1f}" r="{0.5 * SCALE:.1f}" fill="{INK}"/>',
        _angle_mark(figure.angle, at) if figure.angle else "",
        (
            f'<text x="{middle}" y="{PANEL_H - 10}" text-anchor="middle" font-size="15" fill="{INK}" '
            f'font-family="system-ui, sans-serif">{escape(caption)}</text>'
        ),
    ]
    return "".join(parts)


def _angle_mark(angle: tuple[Point, float, float], at: Callable[[Point], tuple[float, float]]) -> str:
    """A dashed line at the first direction, a solid one at the second, and the arc between."""
    corner, start, end = angle
    reach = 3.3

    def out(degrees: float, length: float) -> tuple[float, float]:
        radians = math.radians(degrees)
        return at((corner[0] + length * math.cos(radians), corner[1] + length * math.sin(radians)))

    (cx, cy), (ax, ay), (bx, by) = at(corner), out(start, reach), out(end, reach)
    (sx, sy), (ex, ey) = out(start, 2.0), out(end, 2.0)
    sweep = 1 if end < start else 0
    radius = 2.0 * SCALE
    stroke = f'fill="none" stroke="{ANGLE}" stroke-width="3" stroke-linecap="round"'
    return (
        f'<line x1="{cx:.1f}" y1="{cy:.1f}" x2="{ax:.1f}" y2="{ay:.1f}" {stroke} stroke-dasharray="1 7"/>'
        f'<line x1="{cx:.1f}" y1="{cy:.1f}" x2="{bx:.1f}" y2="{by:.1f}" {stroke} stroke-dasharray="1 7"/>'
        f'<path d="M{sx:.1f} {sy:.1f}A{radius} {radius} 0 0 {sweep} {ex:.1f} {ey:.1f}" {stroke}/>'
    )


def _out(origin: Point, degrees: float, length: float) -> Point:
    """The point at a distance in a direction: 0 to the right, 90 up."""
    radians = math.radians(degrees)
    return origin[0] + length * math.cos(radians), origin[1] + length * math.sin(radians)


def _side_body(hip: Point, trunk: float, arms: tuple[float, float]) -> tuple[Point, Point, list[Point]]:
    """Shoulder, head and arm of a side view; `trunk` is the direction from hip to shoulder."""
    shoulder = _out(hip, trunk, TORSO)
    head = _out(shoulder, trunk, 0.95)
    elbow = _out(shoulder, arms[0], ARM)
    return shoulder, head, [shoulder, elbow, _out(elbow, arms[1], ARM)]


def _forward_lean() -> tuple[_Figure, _Figure, str]:
    chair = (
        '<g transform="translate({x},{y})" fill="none" stroke="#8fa0a5" stroke-width="4">'
        '<path d="M-62 -112V0M-62 -47H-4M-8 -47V0"/></g>'
    )
    hip: Point = (-1.35, 2.15)
    knee, ankle, toe = (0.65, 2.15), (0.65, 0.2), (1.25, 0.12)

    def body(trunk: float, arms: tuple[float, float], mark: bool) -> _Figure:
        shoulder, head, arm = _side_body(hip, trunk, arms)
        angle = (hip, 90.0, trunk) if mark else None
        return _Figure([[shoulder, hip, knee, ankle, toe], arm], [], head, angle, (chair,))

    return body(90, (-75, -30), False), body(42, (-80, -70), True), "Lean forward"


def _hip_hinge() -> tuple[_Figure, _Figure, str]:
    def body(hip: Point, knee: Point, trunk: float, arms: tuple[float, float], mark: bool) -> _Figure:
        shoulder, head, arm = _side_body(hip, trunk, arms)
        angle = (hip, 90.0, trunk) if mark else None
        return _Figure([[shoulder, hip, knee, (0.0, 0.15), (0.65, 0.1)], arm], [], head, angle)

    start = body((0.0, 3.95), (0.05, 2.05), 90, (-88, -84), False)
    end = body((-1.05, 3.7), (-0.15, 2.0), 28, (-90, -88), True)
    return start, end, "Hips back, back flat"


def _front_legs(hip: Point) -> list[list[Point]]:
    left, right = (hip[0] + 0.42, hip[1]), (hip[0] - 0.42, hip[1])
    return [
        [left, (0.5, 2.0), (0.55, 0.15), (0.8, 0.08)],
        [right, (-0.5, 2.0), (-0.55, 0.15), (-0.8, 0.08)],
        [left, right],
    ]


def _front_body(trunk: float, arm_reach: float, mark: bool, *, crossed: bool = False) -> _Figure:
    """Front view with the trunk tilted; the arms hang along it or are crossed on the chest."""
    hip: Point = (0.0, 3.95)
    neck = _out(hip, trunk, TORSO)
    shoulders = [_out(neck, trunk - 90, 0.85), _out(neck, trunk + 90, 0.85)]
    arms = []
    for shoulder, outward in zip(shoulders, (1, -1), strict=True):
        elbow = _out(shoulder, -90 + outward * arm_reach + (trunk - 90) * 0.25, ARM)
        forearm = 90 + outward * 62 if crossed else -90 + (trunk - 90) * 0.25
        arms.append([shoulder, elbow, _out(elbow, forearm, ARM)])
    angle = (hip, 90.0, trunk) if mark else None
    return _Figure([*_front_legs(hip), [hip, neck], shoulders, *arms], [], _out(neck, trunk, 0.95), angle)


def _side_bend() -> tuple[_Figure, _Figure, str]:
    return _front_body(90, 8, False), _front_body(62, 6, True), "One side, then the other"


def _rotation() -> tuple[_Figure, _Figure, str]:
    """The end is drawn from above, the face downwards: there the turn is plain to see."""
    centre: Point = (0.0, 4.4)
    turned = 40.0
    shoulders = [_out(centre, turned, 1.7), _out(centre, turned + 180, 1.7)]
    elbows = [_out(point, turned - 90, 0.75) for point in shoulders]
    hands = [_out(elbows[0], turned + 180, 1.6), _out(elbows[1], turned, 1.6)]
    arms = [list(limb) for limb in zip(shoulders, elbows, hands, strict=True)]
    nose = [centre, _out(centre, turned - 90, 0.6)]
    hips = [(-1.3, centre[1]), (1.3, centre[1])]
    words = "".join(
        f'<text x="{{x}}" y="{{y}}" dx="{dx}" dy="{dy}" font-size="13" fill="{colour}" '
        f'text-anchor="middle" font-family="system-ui, sans-serif">{word}</text>'
        for word, dx, dy, colour in (("shoulders", -44, -36, INK), ("hips", -50, -97, "#47595e"))
    )
    end = _Figure([shoulders, *arms, nose], [hips], centre, (centre, 0.0, turned), (words,))
    return _front_body(90, 8, False, crossed=True), end, "Seen from above: turn"


_PICTURES: Final[dict[str, Callable[[], tuple[_Figure, _Figure, str]]]] = {
    "seated_forward_lean": _forward_lean,
    "standing_side_bend": _side_bend,
    "standing_trunk_rotation": _rotation,
    "standing_hip_hinge": _hip_hinge,
}
