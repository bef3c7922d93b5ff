"""The drawing of a movement: a figure at its start and at its end, made from the joint angles.

One style for every position. The figure is solid, its far limbs lighter; where the file says what is
measured, the end shows it against the start: a dashed line where the segment was, and the arc
between.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import replace
from html import escape
from typing import Final, Literal, Protocol

import numpy as np

from checker.exercise import Kind, Picture
from checker.figure import Stance, bodies, both, camera_for, mirrored
from checker.picture.furniture import behind, in_front, room_for
from checker.picture.shapes import FLOOR, FONT, INK, MARK, MAT, PANEL, Figure, Paper, point, text, unit
from checker.skeleton import Array

PANEL_W: Final = 224
GAP: Final = 34
HEIGHT: Final = 254
TOP: Final = 20
GROUND: Final = 196
MARGIN: Final = 14
MAX_PX_PER_M: Final = 102.0

ARROW: Final = "#7d9299"
TRUNK: Final = "#2f7f8c"
NEAR_LEG: Final = "#27505c"
NEAR_ARM: Final = "#226571"
FAR_LIMB: Final = "#a3bcc3"
SKIN: Final = "#cf9671"
HAIR: Final = "#4a3a33"
FAR_SKIN: Final = "#e2c3ad"

DEPTH_SHOWS: Final = 0.2
"""How far the far limbs are drawn ahead of the near ones, as a share of their depth: seen exactly
from the side, one would hide the other."""


class Drawn(Protocol):
    """What can be drawn: a movement, or anything else that has a picture and these parts of one."""

    @property
    def name(self) -> str:
        """For those who do not see the drawing."""

    @property
    def kind(self) -> Kind:
        """With "avoid" it has a sign."""

    @property
    def view(self) -> Literal["front", "side"]:
        """From where it is seen."""

    @property
    def picture(self) -> Picture:
        """Stances, furniture and words."""


def picture(exercise: Drawn) -> str:
    """An SVG of the movement: start and end side by side, or the one posture there is."""
    scene = exercise.picture
    camera = camera_for(exercise.view, scene.start)
    stances = _best_seen([scene.start] if scene.end is None else [scene.start, scene.end], exercise.view == "side")
    seen = camera.sees(bodies(stances))
    seen[..., 0] += DEPTH_SHOWS * seen[..., 2] * (abs(camera.yaw_deg) > 45.0)
    figures = [Figure(s, p, camera) for s, p in zip(stances, seen, strict=True)]
    paper = _paper(figures, room_for(scene.props, figures))
    panels = [_panel(figure, figures, exercise, paper) for figure in figures]
    width = len(panels) * PANEL_W + (len(panels) - 1) * GAP
    shown = "".join(f'<g transform="translate({i * (PANEL_W + GAP)},0)">{panel}</g>' for i, panel in enumerate(panels))
    arrow = (
        f'<path d="M{PANEL_W + 6} {GROUND / 2 + 10:g}h20m-8 -7l8 7l-8 7" fill="none" stroke="{ARROW}" '
        f'stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(_label(exercise))}">{shown}{arrow if len(panels) > 1 else ""}</svg>'
    )


def _best_seen(stances: list[Stance], from_side: bool) -> list[Stance]:
    """From the side, mirrored where the left leg is the one to look at: it would be behind the other.

    That is the leg that moves; where both do the same, the one with the more bent knee: the other
    one lies on the bed.
    """

    def moves(side: int) -> float:
        pairs = [(both(getattr(stances[0], n)), both(getattr(stances[-1], n))) for n in ("hips", "knees")]
        return sum(abs(now[side] - was[side]) for was, now in pairs)

    knees = both(stances[0].knees)
    more = moves(0) - moves(1) if abs(moves(0) - moves(1)) > 1.0 else knees[0] - knees[1]
    return [mirrored(s) for s in stances] if from_side and more > 0.0 else stances


def _label(exercise: Drawn) -> str:
    """What the drawing shows, in words."""
    shows = "start and end position" if exercise.picture.end else "the position"
    if exercise.picture.caption:
        shows += f": {exercise.picture.caption}"
    warning = " Not while it hurts." if exercise.kind == "avoid" else ""
    return f"{exercise.name}: {shows.rstrip('.')}.{warning}"


def _paper(figures: list[Figure], furniture: list[Array]) -> Paper:
    """The scale and place at which every figure and the furniture fit the same panel."""
    points = np.concatenate([*(f.seen[:, :2] for f in figures), *furniture])
    (left, top), (right, bottom) = points.min(axis=0) - 0.11, points.max(axis=0) + 0.08
    bottom = bottom if figures[0].from_feet else max(bottom, 0.0)
    scale = min(MAX_PX_PER_M, (PANEL_W - 2 * MARGIN) / (right - left), (GROUND - TOP) / (bottom - top))
    spare = GROUND - TOP - (bottom - top) * scale
    return Paper(PANEL_W / 2 - (left + right) / 2 * scale, GROUND - 0.3 * spare - bottom * scale, scale)


ASIDE_PX: Final = 28
"""How far a figure steps aside for the view from above."""


def _panel(figure: Figure, figures: list[Figure], exercise: Drawn, paper: Paper) -> str:
    """One panel: the room, the figure, what is measured, and the words below."""
    scene = exercise.picture
    first, last = figure is figures[0], figure is figures[-1]
    reference = figures[0] if len(figures) > 1 else None
    turns = last and _turns(figure, reference)
    if turns:
        paper = replace(paper, x_px=paper.x_px - ASIDE_PX)
    words = "Start" if first and len(figures) > 1 else scene.caption or ""
    return "".join(
        [
            f'<rect x="1" y="1" width="{PANEL_W - 2}" height="{HEIGHT - 2}" rx="12" fill="{PANEL}" stroke="#c3d2d5"/>',
            _ground(figure, figures, paper),
            behind(scene.props, figures, figure, paper),
            _figure(figure, paper),
            in_front(scene.props, figures, figure, paper),
            _mark(scene.marked, figure, reference, paper) if last and scene.marked else "",
            _from_above(figure, reference) if turns else "",
            _not_while_it_hurts() if exercise.kind == "avoid" and last else "",
            _caption(words),
        ]
    )


def _caption(words: str) -> str:
    lines = textwrap.wrap(words, 28 if len(words) <= 28 else max(18, len(words) // 2 + 4))[:2]
    first_y = HEIGHT - 20 if len(lines) == 1 else HEIGHT - 28
    return "".join(text(PANEL_W / 2, first_y + 17 * i, line, 14) for i, line in enumerate(lines))


def _not_while_it_hurts() -> str:
    """A calm sign with its words: a barred circle, told by shape as well as by colour."""
    style = f'fill="none" stroke="{MARK}" stroke-width="2.5"'
    return (
        f'<rect x="{PANEL_W - 168}" y="8" width="160" height="26" rx="13" fill="#fff" stroke="{MARK}"/>'
        f'<circle cx="{PANEL_W - 153}" cy="21" r="7.5" {style}/><path d="M{PANEL_W - 158} 26l10 -10" {style}/>'
        + text(PANEL_W - 77, 25.5, "Not while it hurts", 12.5, MARK, 600)
    )


def _ground(figure: Figure, figures: list[Figure], paper: Paper) -> str:
    """The floor; under somebody who lies or kneels, a mat."""
    if figure.from_feet:
        corners = np.array([[x, 0.0, z] for x, z in ((-0.42, 0.75), (0.42, 0.75), (0.42, -0.95), (-0.42, -0.95))])
        return f'<path d="{paper.path(figure.camera.sees(corners)[:, :2], closed=True)}" fill="{MAT}"/>'
    _, floor_px = paper.at(point(0.0, 0.0))
    out = f'<path d="M12 {floor_px:.1f}H{PANEL_W - 12}" stroke="{FLOOR}" stroke-width="2" stroke-linecap="round"/>'
    if on_mat(figures):
        low, high = min(f.seen[:, 0].min() for f in figures) - 0.1, max(f.seen[:, 0].max() for f in figures) + 0.1
        out += paper.box(low, -0.012, high, 0.045, f'fill="{MAT}"', 2.0)
    return out


def on_mat(figures: list[Figure]) -> bool:
    """Whether anybody lies, or rests on the knees or the elbows."""
    return any(f.at(part)[1] > -0.2 for f in figures for part in ("KNEE", "HIP", "ELBOW"))


# --- the figure --------------------------------------------------------------------------------


def _figure(figure: Figure, paper: Paper) -> str:
    """Limbs, trunk and head, the farthest first."""
    near_right = figure.depth("RIGHT_SHOULDER") <= figure.depth("LEFT_SHOULDER")
    parts = [(figure.depth("SHOULDER", "HIP"), _trunk(figure, paper)), (figure.depth("EAR"), _head(figure, paper))]
    for side in ("LEFT", "RIGHT"):
        far = figure.from_side and (side == "LEFT") == near_right
        leg, arm = _leg(figure, side, far, paper), _arm(figure, side, far, paper)
        parts.append((figure.depth(f"{side}_HIP", f"{side}_KNEE", f"{side}_ANKLE"), leg))
        parts.append((figure.depth(f"{side}_SHOULDER", f"{side}_ELBOW", f"{side}_WRIST") - 0.02, arm))
    return "".join(shape for _, shape in sorted(parts, key=lambda part: -part[0]))


def _leg(figure: Figure, side: str, far: bool, paper: Paper) -> str:
    hip, knee, ankle, heel, toe = (figure.at(f"{side}_{p}") for p in ("HIP", "KNEE", "ANKLE", "HEEL", "FOOT_INDEX"))
    toe_m = 0.026 if figure.from_side else 0.042
    paths = [
        paper.capsule(hip, knee, 0.08, 0.056),
        paper.capsule(knee, ankle, 0.056, 0.036),
        paper.capsule(ankle, heel, 0.036, 0.034),
        paper.capsule(heel, toe, 0.034, toe_m),
        paper.capsule(ankle, toe, 0.034, toe_m),
    ]
    return paper.blob(paths, FAR_LIMB if far else NEAR_LEG)


def _arm(figure: Figure, side: str, far: bool, paper: Paper) -> str:
    shoulder, elbow, wrist = (figure.at(f"{side}_{p}") for p in ("SHOULDER", "ELBOW", "WRIST"))
    rests = wrist[1] > -0.06
    hand = wrist + (0.0 if rests else 0.05) * unit(wrist - elbow)
    sleeve = [paper.capsule(shoulder, elbow, 0.052, 0.04), paper.capsule(elbow, wrist, 0.04, 0.03)]
    parts = [
        paper.blob([paper.capsule(wrist, hand, 0.034, 0.034)], FAR_SKIN if far else SKIN),
        paper.blob(sleeve, FAR_LIMB if far else NEAR_ARM),
    ]
    towards_us = figure.depth(f"{side}_WRIST") < figure.depth(f"{side}_ELBOW") - 0.1
    return "".join(parts[::-1] if towards_us else parts)


HALF_DEPTH: Final = ((-0.16, 0.075), (0.0, 0.105), (0.3, 0.09), (0.62, 0.105), (0.9, 0.095), (1.02, 0.07), (1.1, 0.04))
"""Half the depth of the trunk along it, from the side: (0 hips, 1 shoulders; metres)."""


def _trunk(figure: Figure, paper: Paper) -> str:
    if figure.from_side:
        s, half = (np.array(column) for column in zip(*HALF_DEPTH, strict=True))
        along = np.linspace(s[0], s[-1], 25)
        out = np.interp(along, s, half) * np.sqrt(np.clip((along - s[0] + 0.01) / 0.08, 0.0, 1.0))
        back = [figure.on_back(a, w) for a, w in zip(along, out, strict=True)]
        belly = [figure.on_back(a, -w) for a, w in zip(along, out, strict=True)]
        return paper.blob([paper.path([*back, *belly[::-1]], closed=True)], TRUNK)
    return _trunk_from_front(figure, paper)


def _trunk_from_front(figure: Figure, paper: Paper) -> str:
    """Its sides bend: they leave the pelvis upright and end at the shoulders."""
    sides = []
    for side in ("LEFT", "RIGHT"):
        hip, shoulder = figure.at(f"{side}_HIP"), figure.at(f"{side}_SHOULDER")
        across = figure.at("HIP") - hip
        waist = hip + 0.55 * np.linalg.norm(shoulder - hip) * figure.pelvis_up + 0.1 * across
        sides.append([(1 - s) ** 2 * hip + 2 * s * (1 - s) * waist + s**2 * shoulder for s in np.linspace(0, 1, 9)])
    width = 0.13 * paper.px_per_m
    shape = f'd="{paper.path([*sides[0], *sides[1][::-1]], closed=True)}" stroke-linejoin="round"'
    return (
        f'<path {shape} fill="{PANEL}" stroke="{PANEL}" stroke-width="{width + 3:.1f}"/>'
        f'<path {shape} fill="{TRUNK}" stroke="{TRUNK}" stroke-width="{width:.1f}"/>'
    )


HEAD_M: Final = 0.105


def _head(figure: Figure, paper: Paper) -> str:
    ears, nose = figure.at("EAR"), figure.at("NOSE")
    base = figure.at("SHOULDER") + 0.04 * figure.up
    shapes = [paper.capsule(base, ears, 0.05, 0.05), paper.capsule(ears, ears, HEAD_M, HEAD_M)]
    ahead = unit(nose - ears) if figure.from_side else np.zeros(2)
    crown = ears + 0.028 * unit(figure.head_up - 1.2 * ahead)
    hair = paper.blob([paper.capsule(crown, crown, HEAD_M, HEAD_M)], HAIR)
    if figure.from_side:
        shapes.append(paper.capsule(ears + 0.085 * ahead, ears + 0.112 * ahead, 0.03, 0.022))
        return hair + "".join(f'<path d="{p}" fill="{SKIN}"/>' for p in shapes)
    eyes = [paper.circle(figure.at(f"{side}_EYE"), 0.014, f'fill="{INK}"') for side in ("LEFT", "RIGHT")]
    return hair + "".join([*(f'<path d="{p}" fill="{SKIN}"/>' for p in shapes), *eyes])


# --- what is measured --------------------------------------------------------------------------

DASHED: Final = f'stroke="{MARK}" stroke-width="2.5" stroke-linecap="round" stroke-dasharray="1 6"'
HALO: Final = f'stroke="{PANEL}" stroke-width="5.5" stroke-linecap="round" stroke-opacity="0.75"'
SOLID: Final = f'stroke="{MARK}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"'


def _mark(marked: str, figure: Figure, start: Figure | None, paper: Paper) -> str:
    """The measured angle at the end against the start; without a start, against the straight joint."""
    if marked == "back":
        return _back_mark(figure, start, paper)
    if marked == "turn":
        return ""
    corner, was, now = _angle(marked, figure, start)
    drawn = _arc(corner, was, now, paper)
    if start is not None or marked == "trunk":
        return drawn
    other = corner - REACH_M * _towards(was) * (-1 if marked == "arm" else 1)  # the segment it is measured against
    return paper.line([corner, other], SOLID.replace('"3"', '"2"')) + drawn


def _back_mark(figure: Figure, start: Figure | None, paper: Paper) -> str:
    """The line of the back, and where it was."""
    along = np.linspace(0.05, 0.95, 13)
    was = 0.0 if start is None else start.stance.rounding
    straight = Figure(figure.stance.model_copy(update={"rounding": was}), figure.seen, figure.camera)
    now_line = paper.line([figure.on_back(a, 0.115) for a in along], SOLID.replace('"3"', '"4.5"'))
    return paper.line([straight.on_back(a, 0.115) for a in along], DASHED) + now_line


JOINTS: Final = {
    "trunk": ("HIP", "", "SHOULDER"),
    "hip": ("HIP", "SHOULDER", "KNEE"),
    "leg": ("HIP", "SHOULDER", "KNEE"),
    "knee": ("KNEE", "HIP", "ANKLE"),
    "arm": ("SHOULDER", "HIP", "ELBOW"),
}
"""Corner and ends of each angle; without a second end it is an angle in space."""


def _angle(marked: str, figure: Figure, start: Figure | None) -> tuple[Array, float, float]:
    """(corner, direction at the start, direction now) of the measured angle, radians in the picture.

    Of the two segments of a joint the one that swings more is the one that has moved: what is shown
    of it is where it would be, were the joint as at the start.
    """
    joint, fixed, moving = ("ANKLE", "", "KNEE") if figure.from_feet else JOINTS[marked]
    side = _moving_side(marked, figure, start) if fixed else ""
    now = _direction(figure, side, joint, moving)
    if not fixed:
        was = -math.pi / 2 if start is None else _direction(start, side, joint, moving)
        return _corner(figure, side, joint, moving), was, now
    if start is None:
        straight = 0.0 if marked == "arm" else math.pi
        return _corner(figure, side, joint, moving), _direction(figure, side, joint, fixed) + straight, now
    swings = {end: _swing(figure, start, side, joint, end) for end in (fixed, moving)}
    if swings[fixed] > swings[moving]:
        fixed, moving = moving, fixed
    for still, moved in ((fixed, moving), (moving, fixed)):
        turned = _direction(figure, side, joint, still) - _direction(start, side, joint, still)
        was, corner = _direction(start, side, joint, moved) + turned, _corner(figure, side, joint, moved)
        if corner[1] + REACH_M * math.sin(was) < 0.05:  # not into the floor
            break
    return corner, was, _direction(figure, side, joint, moved)


def _corner(figure: Figure, side: str, joint: str, end: str) -> Array:
    return figure.at(joint if {joint, end} == {"HIP", "SHOULDER"} else side + joint)


def _direction(figure: Figure, side: str, joint: str, end: str) -> float:
    """Direction of a segment from a joint; the trunk's is that of its middle."""
    ends = (joint, end) if {joint, end} == {"HIP", "SHOULDER"} else (side + joint, side + end)
    way = figure.at(ends[1]) - figure.at(ends[0])
    return math.atan2(way[1], way[0])


def _swing(figure: Figure, start: Figure, side: str, joint: str, end: str) -> float:
    """How far a segment turns in the picture, radians."""
    return abs(_turn(_direction(start, side, joint, end), _direction(figure, side, joint, end)))


def _turn(first: float, last: float) -> float:
    """The shorter way from one direction to another, radians."""
    return (last - first + math.pi) % (2 * math.pi) - math.pi


def _moving_side(marked: str, figure: Figure, start: Figure | None) -> str:
    """The side whose joint moves more, or is bent more; "" where both do the same."""
    name = {"knee": "knees", "arm": "arms"}.get(marked, "hips")
    left, right = both(getattr(figure.stance, name))
    if start is not None:
        was = both(getattr(start.stance, name))
        left, right = left - was[0], right - was[1]
    if abs(abs(left) - abs(right)) < 1.0:
        return ""
    return "LEFT_" if abs(left) > abs(right) else "RIGHT_"


ARC_M: Final = 0.3
REACH_M: Final = 0.5


def _arc(corner: Array, was: float, now: float, paper: Paper) -> str:
    """A dashed line where the segment was, a thin one along it now, and the arc between."""
    ring = [was + _turn(was, now) * share for share in np.linspace(0.0, 1.0, 24)]
    arc = [corner + ARC_M * _towards(a) for a in ring]
    lines = [
        ([corner, corner + REACH_M * _towards(was)], DASHED),
        ([corner, corner + REACH_M * _towards(now)], SOLID.replace('"3"', '"2"')),
        (arc, SOLID),
    ]
    halo = "".join(paper.line(points, HALO) for points, _ in lines)
    return halo + "".join(paper.line(points, style) for points, style in lines)


def _towards(angle: float) -> Array:
    return np.array([math.cos(angle), math.sin(angle)])


def _turns(figure: Figure, start: Figure | None) -> bool:
    return abs(figure.stance.turn - (start.stance.turn if start else 0.0)) > 5.0


def _from_above(figure: Figure, start: Figure | None) -> str:
    """The turn as it is seen from above, the face to the front (down in the picture)."""
    paper = Paper(PANEL_W - 47.0, 50.0, 78.0)
    was, now = start.stance.turn if start else 0.0, figure.stance.turn

    def ahead(turn_deg: float) -> Array:
        return np.array([math.sin(math.radians(turn_deg)), math.cos(math.radians(turn_deg))])

    way, across = ahead(now), np.array([ahead(now)[1], -ahead(now)[0]])
    middle = point(0.0, 0.0)
    arc = [0.42 * ahead(a) for a in np.linspace(was, now, 16)]
    tip, along = arc[-1], unit(arc[-1] - arc[-2])
    out = np.array([-along[1], along[0]])
    return "".join(
        [
            f'<circle cx="{paper.x_px}" cy="{paper.y_px}" r="41" fill="#fff" stroke="#c3d2d5"/>',
            paper.blob([paper.capsule(point(-0.13, 0.0), point(0.13, 0.0), 0.12, 0.12)], FAR_LIMB),
            paper.blob([paper.capsule(-0.2 * across, 0.2 * across, 0.075, 0.075)], TRUNK),
            paper.blob(
                [paper.capsule(middle, middle, 0.1, 0.1), paper.capsule(0.08 * way, 0.13 * way, 0.03, 0.02)], SKIN
            ),
            paper.line([middle, 0.42 * ahead(was)], DASHED),
            paper.line(arc, SOLID),
            paper.line([tip - 0.1 * along + 0.07 * out, tip, tip - 0.1 * along - 0.07 * out], SOLID),
            f'<text x="{paper.x_px}" y="104" text-anchor="middle" font-family="{FONT}" font-size="11" '
            f'fill="{INK}">from above</text>',
        ]
    )
