"""How the tests of a person have gone: of each its sides over the weeks, and the one sentence that tells a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from checker.care.change import Change, change_of, own_evidence
from checker.care.change_rules import ChangeRules
from checker.care.followed import Followed, main_followed
from checker.care.lean import Lean, start_lean
from checker.care.overrides import overrides
from checker.care.ranges import best_so_far, target_of
from checker.care.records import History, Session
from checker.care.remembered import followed_over_time
from checker.care.sem import Evidence
from checker.care.series import Series, What, newest_records, series_of, value_of
from checker.care.sides import Sides, compare_sides
from checker.care.steadiness import Steadiness
from checker.exercise import Exercise

KINDS_OF_VALUE: Final[tuple[What, What]] = ("first", "measure")
"""The range before pain where it was measured, or else the measure as it is."""


@dataclass(frozen=True, slots=True)
class SideProgress:
    """One side of a test, or the whole of one without sides."""

    series: Series
    change: Change
    evidence: Evidence
    lean: Lean | None

    @property
    def steady(self) -> Steadiness | None:
        """What repeat pairs say of it; None where there is none."""
        return self.evidence.own

    @property
    def name(self) -> str:
        """Its name: "Left"; empty where there are no sides."""
        return (self.series.followed.side or "").replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Progress:
    """A test over the weeks.

    Attributes:
        sides: one or two.
        against: left against right; None where there are no such sides.
        targets: by side, in the unit of the measure: a physio's, or else the best so far of the better side.
    """

    exercise: Exercise
    what: What
    sides: tuple[SideProgress, ...]
    against: Sides | None
    targets: Mapping[str, float]


def measured_movements(history: History, exercises: Mapping[str, Exercise]) -> list[str]:
    """Ids of the movements of which something was measured: the self-tests first, then by how often they were done."""
    counts = Counter(
        s.exercise
        for s in newest_records(history)
        if (exercise := exercises.get(s.exercise)) is not None and _has_value(s, exercise)
    )
    return sorted(counts, key=lambda name: (exercises[name].kind != "self_test", -counts[name], name))


def progress_of(history: History, exercise: Exercise, today: date, rules: ChangeRules) -> Progress:
    """One test over the weeks.

    Raises:
        ValueError: the movement measures nothing.
    """
    what = followed_over_time(history, exercise.id)
    sides = tuple(_side(history, main_followed(exercise, side), what, rules) for side in exercise.sides)
    against = None
    if exercise.sides == ["left", "right"]:
        against = compare_sides(sides[0].series, sides[1].series, rules, sides[0].evidence)
    return Progress(exercise, what, sides, against, _targets(history, exercise, today))


def _side(history: History, followed: Followed, what: What, rules: ChangeRules) -> SideProgress:
    evidence = own_evidence(history, followed, what, rules)
    series = series_of(history, followed, rules, what)
    return SideProgress(series, change_of(series, rules, evidence), evidence, start_lean(series, rules))


def _targets(history: History, exercise: Exercise, today: date) -> dict[str, float]:
    """By side; the best so far is a target only where one side has another to go by."""
    own = overrides(history, today).targets
    best = best_so_far(history, exercise.id, today) if len(exercise.sides) > 1 else {}
    names = [side or "both" for side in exercise.sides]
    return {name: t for name in names if (t := target_of(exercise.id, name, own, best)) is not None}


def _has_value(session: Session, exercise: Exercise) -> bool:
    """Whether a session has a value of the main measure of its movement."""
    if not exercise.measures:
        return False
    followed = [main_followed(exercise, side) for side in exercise.sides]
    return any(value_of(session, f, what) is not None for f in followed for what in KINDS_OF_VALUE)
