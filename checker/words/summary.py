"""The few words of the page that a person takes along: what was measured, in one sentence, without a technical term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from checker.assessment import Assessment, Measure, Quantity
from checker.exercise import Exercise
from checker.words import values as words

NO_DIAGNOSIS: Final = "This is information to talk over with your physio, not a diagnosis."
NOTHING: Final = "Nothing was measured this time"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one side went.

    Attributes:
        side: as a heading: "Left"; empty where there are no sides.
        share: of the value as it is drawn, never negative; 0 where there is none.
        value: as it is written: "28°"; empty where there is none.
        beside: its uncertainty: "±3°".
        reason: why there is no value.
    """

    side: str
    share: float
    value: str
    beside: str = ""
    reason: str = ""


def reached(assessment: Assessment, exercise: Exercise) -> list[Reached]:
    """Return the value of each side: of a test to the first pain that one, else the main measure; left first.

    How far somebody went beyond the first pain is another value, and never stands in its place.
    """
    sides = sorted(exercise.sides, key=lambda side: side == "right")
    return [_reached(assessment, exercise.main_measure.id, side) for side in sides]


def _reached(assessment: Assessment, main: str, side: str | None) -> Reached:
    label = words.side_label(side)
    tested = next((r for r in assessment.ranges if (r.side or None) == side), None)
    measure = next((m for m in assessment.measures if m.id == main and m.side == side), None)
    value: Quantity | Measure | None = tested.first if tested is not None else measure
    if value is None or value.value is None:
        reason = (tested.reason if tested is not None else None) or (measure.reason if measure is not None else None)
        return Reached(label, 0.0, "", reason=reason or "it was not measured")
    scale, _ = words.scale_of(value.unit)
    told = words.first_pain(tested) if tested is not None else words.quantity(value)
    return Reached(label, max(0.0, scale * value.value), told, words.plus_minus(value))


def summary_sentence(assessment: Assessment, exercise: Exercise) -> str:
    """Return what was measured in one sentence; where nothing was, the first reason."""
    found = reached(assessment, exercise)
    seen = [one for one in found if one.value]
    if not seen:
        return f"{NOTHING}: {found[0].reason}."
    told = words.listed(f"{one.value}{_to(one.side)}" for one in seen)
    within = [one.beside.removeprefix("±") for one in seen if one.beside]
    exact = f", {'each ' if len(seen) > 1 else ''}to within about {within[0]}" if len(set(within)) == 1 else ""
    before_pain = " to the first pain or tension" if assessment.ranges else ""
    return f"{exercise.main_measure.name}{before_pain} today: {told}{exact}."


def _to(side: str) -> str:
    return f" to the {side.lower()}" if side in {"Left", "Right"} else f" ({side.lower()})" if side else ""


def next_time(assessment: Assessment) -> str | None:
    """Return one thing to do better: the advice of the first fault of form that was seen; None where there is none."""
    fault = next((f for f in assessment.flagged if f.severity == "fault"), None)
    return None if fault is None else words.sentence(fault.cue)
