"""What stands around a figure: chair, wall, bed, box, balls, roller, ice pack, pillow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from checker.figure import TRUNK_HALF_M, Prop, both
from checker.picture.shapes import WOOD, WOOD_EDGE, Figure, Paper, point
from checker.skeleton import Array

STYLE: Final = f'fill="{WOOD}" stroke="{WOOD_EDGE}" stroke-width="1.5"'
BALL: Final = 'fill="#e6a06a" stroke="#9a5a2a" stroke-width="1.5"'
ICE: Final = 'fill="#9cc9ea" stroke="#3d7fb0" stroke-width="1.5"'
PILLOW: Final = 'fill="#ffffff" stroke="#93a6ac" stroke-width="1.5"'

Draw = Callable[[list[Prop], list[Figure], Figure, Paper], str]

SEAT_M: Final = TRUNK_HALF_M
"""The seat lies this far below the hip joints."""


def behind(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """What is drawn before the figure."""
    return "".join(_BEHIND[p](props, figures, figure, paper) for p in props if p in _BEHIND)


def in_front(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """What is drawn over the figure."""
    return "".join(_IN_FRONT[p](props, figures, figure, paper) for p in props if p in _IN_FRONT)


def room_for(props: list[Prop], figures: list[Figure]) -> list[Array]:
    """Positions that must fit the panel besides the figure."""
    out = [np.empty((0, 2))]
    if "wall" in props and figures[0].from_side:
        x = _wall_x(props, figures)
        out.append(np.array([[x, 0.0], [x, -1.7]]))
    if "chair" in props:
        hip = _seated(figures).at("HIP")
        reach = 0.3 if figures[0].from_side else 0.27
        out.append(np.array([[hip[0] - reach, 0.0], [hip[0] + 0.27, -0.9]]))
    if "bed" in props and _seat_height(figures) > 0.25:
        out.append(np.array([[_bed_span(figures)[0], 0.0], [_bed_span(figures)[1], 0.0]]))
    return out


def _seated(figures: list[Figure]) -> Figure:
    """The figure that sits: the one with the lower hips."""
    return max(figures, key=lambda f: float(f.at("HIP")[1]))


def _sits(figure: Figure) -> bool:
    hips, knees = both(figure.stance.hips), both(figure.stance.knees)
    return max(hips) > 45.0 and max(knees) > 45.0 and -figure.at("HIP")[1] > 0.25


def _seat_height(figures: list[Figure]) -> float:
    return -float(_seated(figures).at("HIP")[1]) - SEAT_M


def _chair(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """Under whoever sits; beside whoever only stands."""
    seated = _seated(figures)
    x, top = float(seated.at("HIP")[0]), -_seat_height(figures)
    if not _sits(seated):
        x, top = float(seated.at("HIP")[0]) + (0.5 if figure.from_side else 0.62), -0.45
    leg = f'stroke="{WOOD_EDGE}" stroke-width="{0.045 * paper.px_per_m:.1f}" stroke-linecap="round"'
    if figure.from_side:
        legs = [paper.line([point(x + d, top), point(x + d, -0.02)], leg) for d in (-0.19, 0.21)]
        back = paper.line([point(x - 0.19, top), point(x - 0.25, top - 0.5)], leg)
        return "".join([*legs, back, paper.box(x - 0.22, top, x + 0.25, top + 0.05, STYLE)])
    legs = [paper.line([point(x + d, top), point(x + d, -0.02)], leg) for d in (-0.22, 0.22)]
    back = paper.box(x - 0.25, top - 0.5, x + 0.25, top - 0.2, STYLE, 6.0)
    posts = [paper.line([point(x + d, top), point(x + d, top - 0.4)], leg) for d in (-0.22, 0.22)]
    return "".join([*legs, *posts, back, paper.box(x - 0.26, top, x + 0.26, top + 0.06, STYLE)])


def _wall_x(props: list[Prop], figures: list[Figure]) -> float:
    """Just behind the backs, or behind the ball that is between."""
    backs = [float(f.on_back(s, TRUNK_HALF_M)[0]) for f in figures for s in (0.0, 0.5, 1.0)]
    return min(backs) - 0.01 - 2.0 * max([0.0, *(_BALLS_M[p] for p in props if p in _BALLS_M)])


def _wall(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    if not figure.from_side:
        return ""
    x = _wall_x(props, figures)
    return paper.box(x - 0.08, -1.75, x, 0.0, STYLE, 0.0)


def _bed_span(figures: list[Figure]) -> tuple[float, float]:
    """From behind the hips to the foot of the leg that lies on it."""
    seated = _seated(figures)
    x, top = float(seated.at("HIP")[0]), _seat_height(figures)
    toes = [seated.at(f"{side}_ANKLE") for side in ("LEFT", "RIGHT")]
    on_it = [float(t[0]) for t in toes if -t[1] > top - 0.05]
    return x - 0.35, max([x + 0.25, *(t + 0.15 for t in on_it)])


def _bed(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """A mattress under whoever lies, or a bed under whoever sits on its edge."""
    if _seat_height(figures) <= 0.25:
        low = min(float(f.seen[:, 0].min()) for f in figures) - 0.15
        high = max(float(f.seen[:, 0].max()) for f in figures) + 0.15
        return paper.box(low, 0.0, high, 0.14, STYLE, 6.0)
    (low, high), top = _bed_span(figures), -_seat_height(figures)
    feet = [paper.box(x, -0.15, x + 0.06, 0.0, STYLE, 1.0) for x in (low + 0.03, high - 0.09)]
    return "".join(
        [*feet, paper.box(low, top + 0.14, high, -0.12, STYLE), paper.box(low, top, high, top + 0.16, PILLOW, 6.0)]
    )


def _box(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """On the floor where the hands come down to, or in the hands that are up."""
    lowest = max(figures, key=lambda f: float(f.at("WRIST")[1]))
    x = float(max(lowest.at("WRIST")[0], lowest.at("FOOT_INDEX")[0])) + 0.1
    height = min(0.34, max(0.2, -float(lowest.at("WRIST")[1]) + 0.06))
    return paper.box(x - 0.17, -height, x + 0.17, 0.0, STYLE)


def _ball(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """Between the floor and the trunk that lies on it, or under the hips that sit on it."""
    lies = abs(figure.stance.trunk) > 40.0
    centre = figure.on_back(0.35 if lies else 0.0)
    radius = max(0.12, (-float(centre[1]) - TRUNK_HALF_M) / 2)
    return paper.circle(point(float(centre[0]), -radius), radius, BALL)


_BALLS_M: Final[dict[str, float]] = {"small_ball": 0.04, "roller": 0.075}
"""Radii of what is rolled with the back."""


def _at_back(prop: str, along: float, style: str) -> Draw:
    """A round thing on the floor under the back, or between it and a wall."""

    def draw(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
        radius = _BALLS_M[prop]
        centre = figure.on_back(along, TRUNK_HALF_M + radius)
        if abs(figure.stance.trunk) > 45.0:
            centre = point(float(centre[0]), -radius)
        return paper.circle(centre, radius, style)

    return draw


def _ice(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """On the low back."""
    corners = [figure.on_back(a, w) for a, w in ((0.02, 0.09), (0.42, 0.09), (0.42, 0.15), (0.02, 0.15))]
    return f'<path d="{paper.path(corners, closed=True)}" {ICE} stroke-linejoin="round"/>'


def _pillow(props: list[Prop], figures: list[Figure], figure: Figure, paper: Paper) -> str:
    """Under the head of whoever lies; otherwise behind the low back."""
    if abs(figure.stance.trunk) > 45.0:
        x = float(figure.at("EAR")[0])
        return paper.box(x - 0.17, min(float(figure.at("EAR")[1]) + 0.06, -0.04), x + 0.17, 0.0, PILLOW, 7.0)
    centre = figure.on_back(0.25, TRUNK_HALF_M + 0.03)
    return paper.box(
        float(centre[0]) - 0.06, float(centre[1]) - 0.14, float(centre[0]) + 0.06, float(centre[1]) + 0.14, PILLOW, 7.0
    )


_BEHIND: Final[dict[str, Draw]] = {
    "wall": _wall,
    "box": _box,
    "bed": _bed,
    "chair": _chair,
    "ball": _ball,
    "pillow": _pillow,
    "roller": _at_back("roller", 0.75, STYLE),
    "small_ball": _at_back("small_ball", 0.2, BALL),
}
_IN_FRONT: Final[dict[str, Draw]] = {"ice": _ice}
