"""How a movement looks that somebody begins: the figure at the start, and furthest out.

The start is that of its position. For the furthest point, the joint is looked for that moves the counted signal the way
it is to go, on the figure of which every angle is known; then it is bent far enough.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import numpy as np

from checker.figure import PAIRS, Stance
from checker.library.draft import Answers
from checker.posture import Position
from checker.self_check import exact_signal
from checker.signals import CATALOGUE

STANCES: Final[dict[str, Answers]] = {
    "standing": {},
    "seated": {"hips": 90, "knees": 90},
    "kneeling": {"knees": 90},
    "hands_and_knees": {"trunk": 78, "hips": 78, "knees": 90, "arms": 78},
    "lying_on_back": {"trunk": -90, "hips": 55, "knees": 110},
    "lying_on_front": {"trunk": 90, "ankles": -60},
}
"""The figure at the start of a movement, by position; joint angles in degrees."""

Move = Mapping[str, Any]
"""By joint, how it goes along; one number, or (left, right)."""

MOVES: Final[tuple[tuple[Move, float], ...]] = (
    ({"trunk": 1, "hips": 1}, 1.0),
    ({"trunk": 1}, 2.5),
    ({"lean": 1}, 1.0),
    ({"turn": 1}, 1.0),
    ({"rounding": 1}, 1.0),
    ({"neck": 1}, 1.0),
    ({"trunk": 0.5, "hips": 1.3, "knees": 1}, 1.5),
    ({"trunk": -0.3, "hips": -0.6, "knees": -0.1}, 1.5),
    ({"hips": 1, "knees": 1}, 1.2),
    ({"trunk": -0.6, "hips": -1.35, "knees": 0.25}, 1.0),
    ({"trunk": 0.3, "hips": 1.2, "knees": 1.2, "arms": 0.8}, 1.5),
    ({"knees": 1}, 2.0),
    ({"hips": 1}, 2.0),
    ({"hips": (1, 0), "knees": (1, 0)}, 1.0),
    ({"hips": (1, 0)}, 1.2),
    ({"knees": (1, 0)}, 1.5),
    ({"knees_aside": 1}, 2.0),
    ({"arms": 1}, 1.0),
    ({"arms": (1, 0)}, 1.2),
    ({"arms": (0, 1), "hips": (-1, 0)}, 1.0),
    ({"arms_out": 1}, 1.0),
    ({"elbows": 1}, 1.2),
    ({"ankles": 1}, 1.2),
)
"""What one may do, with how unusual it is: each way of each is tried, and what takes least is taken (chosen)."""

ON_BOTH_LEGS: Final = 3.0
"""Standing, nobody moves both thighs or both shins alone: so much more unusual that is (chosen)."""

ALIKE: Final = 3.0
"""Of a signal with two sides, a move that is the same on both says little (chosen)."""

TO_A_SIDE: Final = frozenset({"lean", "turn", "knees_aside"})

MOST_DEG: Final = 90.0
STEP_DEG: Final = 5.0
FAR: Final = 2.0
ENOUGH: Final = 1.3
"""The furthest point is to show this many times the smallest movement that counts, and must show so many."""

MARKED: Final = {
    "trunk_flexion": "trunk",
    "trunk_lateral_flexion": "trunk",
    "trunk_rise": "trunk",
    "trunk_rotation": "turn",
    "shoulder_rotation": "turn",
    "hip_flexion": "hip",
    "leg_flexion": "leg",
    "leg_extension": "leg",
    "knee_flexion": "knee",
    "spine_flexion": "back",
    "opposite_arm_raise": "arm",
}
"""Where the angle of a signal is drawn."""


def picture_of(a: Answers) -> Answers:
    """Return the drawing of a movement: its start and, where something moves it there, the furthest point."""
    start = STANCES[a["position"]]
    picture: Answers = {"start": start}
    if a["position"] == "seated":
        picture["props"] = ["chair"]
    rule = a.get("repetition") or {}
    least = rule.get("min_excursion")
    if rule.get("signal") and isinstance(least, int | float) and least > 0:
        end = furthest(
            a["position"], a.get("view", "side"), rule["signal"], float(least), rule.get("direction") == "fall"
        )
        if end is not None:
            picture["end"] = dict(end)
        if end is not None and rule["signal"] in MARKED:
            picture["marked"] = MARKED[rule["signal"]]
    return picture


@functools.lru_cache(maxsize=256)
def furthest(
    position: Position, view: Literal["front", "side"], signal: str, least: float, falls: bool = False
) -> Mapping[str, Any] | None:
    """Return the figure at the furthest point; None where no joint of it moves the signal far enough.

    Args:
        position: at the start.
        view: from which it is filmed.
        signal: that is counted.
        least: the smallest movement that counts, above 0, in its unit.
        falls: whether the signal falls on the way out.
    """
    start, sign = STANCES[position], -1.0 if falls else 1.0
    sizes = np.arange(STEP_DEG, MOST_DEG + STEP_DEG, STEP_DEG)
    found: list[tuple[bool, float, Answers]] = []
    for move, cost in _both_ways():
        stances = [_moved(start, move, float(size)) for size in (0.0, *sizes)]
        with np.errstate(all="ignore"):  # a figure folded up has no trunk to measure by
            values = exact_signal(signal, [Stance.model_validate(s) for s in stances], view, position)
        change = np.nan_to_num(sign * (values[1:] - values[0]), nan=-np.inf)
        far = np.flatnonzero(change >= FAR * least)
        best = int(far[0]) if len(far) else int(np.argmax(change))
        if change[best] >= ENOUGH * least:
            effort = cost * _unusual(move, position, signal) * float(sizes[best])
            found.append((not len(far), effort, _written(stances[best + 1])))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _unusual(move: Move, position: Position, signal: str) -> float:
    one_sided = any(isinstance(by, tuple) for by in move.values()) or not TO_A_SIDE.isdisjoint(move)
    of_legs = position == "standing" and move.keys() <= {"hips", "knees"} and not one_sided
    return (ON_BOTH_LEGS if of_legs else 1.0) * (ALIKE if CATALOGUE[signal].sided and not one_sided else 1.0)


def _both_ways() -> Iterator[tuple[Move, float]]:
    for move, cost in MOVES:
        for way in (1, -1):
            turned = {j: tuple(way * p for p in by) if isinstance(by, tuple) else way * by for j, by in move.items()}
            yield turned, cost


def _moved(start: Answers, move: Move, size_deg: float) -> Answers:
    """A stance with some joints moved, within what a figure can."""
    out = dict(start)
    for joint, by in move.items():
        was = out.get(joint, 0)
        if isinstance(by, tuple):
            out[joint] = [_bent(was, by[0] * size_deg), _bent(was, by[1] * size_deg)]
        else:
            out[joint] = _bent(was, by * size_deg)
    return out


def _bent(was: float, by: float) -> float:
    return float(np.clip(was + by, -200.0, 200.0))


def _written(stance: Answers) -> Answers:
    """A stance as a file has it: whole degrees, no joint that is as it is where it is left out."""

    def whole(value: Any) -> Any:
        return [round(v) for v in value] if isinstance(value, list) else round(value)

    told = {joint: whole(value) for joint, value in stance.items()}
    return {joint: v for joint, v in told.items() if v not in (0, [0, 0]) or (joint == "ankles" and joint in PAIRS)}
