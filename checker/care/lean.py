"""A start posture that leans.

In a spasm people list, and excursions from a crooked start make the sides look unlike although the ends are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from checker.care.change_rules import ChangeRules
from checker.care.series import Point, Series, WhyNot
from checker.care.side_words import lean_sentence

UPRIGHT_AT_0: Final = {
    "trunk_lateral_flexion": ("to the left", "to the right"),
    "trunk_flexion": ("forward", "back"),
}
"""Signals whose zero is upright, with where their positive and their negative values lean."""


@dataclass(frozen=True, slots=True)
class Lean:
    """How somebody starts a test, in the newest sessions. `angle`: of the newest, degrees, signed."""

    angle: float
    sentence: str


def leans(point: Point, signal: str | None, rules: ChangeRules) -> bool:
    """Whether a session was started too far from upright; False where that was not measured."""
    return signal in UPRIGHT_AT_0 and point.start is not None and abs(point.start.value) > rules.sides.lean_deg.value


def start_lean(series: Series, rules: ChangeRules) -> Lean | None:
    """The lean of the start posture, for the physio: to one side in the newest sessions; None where there is none."""
    signal = series.followed.signal
    started = [p for p in series.points if p.start is not None and p.why_not is not WhyNot.REPEAT]
    newest = newest_apart(started, rules)
    angles = [p.start.value for p in newest if p.start is not None and leans(p, signal, rules)]
    if len(angles) < rules.sides.sessions.value or len({a > 0 for a in angles}) > 1:
        return None
    to_positive, to_negative = UPRIGHT_AT_0[str(signal)]
    direction = to_positive if angles[-1] > 0 else to_negative
    return Lean(angles[-1], lean_sentence(angles[-1], direction, len(angles)))


def newest_apart(points: Sequence[Point], rules: ChangeRules) -> list[Point]:
    """The newest sessions that lie far enough apart, as many as it takes to tell something; fewer if there are."""
    found: list[Point] = []
    for point in reversed(points):
        if len(found) == rules.sides.sessions.value:
            break
        if not found or found[0].at - point.at >= timedelta(hours=rules.change.apart_h.value):
            found.insert(0, point)
    return found
