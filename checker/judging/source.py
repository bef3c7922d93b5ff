"""What the source of the pictures says of them: how far they were turned, and whether its times hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from checker.assessment import Assessment, FaultResult, Measure, Turn
from checker.exercise import Exercise
from checker.reasons import TIMES_UNKNOWN

TIMED_UNITS: Final = frozenset({"s", "1/min", "deg/s"})


@dataclass(frozen=True, slots=True)
class Source:
    """How the poses came about.

    Attributes:
        turned_deg: how far the pictures were turned before anything was looked for in them.
        times_known: False when a second of the source may not be a second of the movement.
    """

    turned_deg: Turn = 0
    times_known: bool = True


def without_times(assessment: Assessment, exercise: Exercise) -> Assessment:
    """The assessment with all that depends on seconds taken back: angles and counts stay."""
    unknown = {"reason": TIMES_UNKNOWN.text, "reason_code": TIMES_UNKNOWN.code}
    against_time = exercise.repetition is not None and exercise.repetition.within_s is not None

    def measure(m: Measure) -> Measure:
        if m.status != "measured" or not (m.unit in TIMED_UNITS or (against_time and m.unit == "count")):
            return m
        gone = {"value": None, "uncertainty": None, "best": None, "band": None}
        return m.model_copy(update={**gone, "status": "not_measured", **unknown})

    def fault(f: FaultResult) -> FaultResult:
        if f.status == "not_measured" or f.unit not in TIMED_UNITS:
            return f
        gone: dict[str, object] = {"intervals": [], "peak": None, "peak_s": None, "error": 0.0}
        return f.model_copy(update={**gone, "status": "not_measured", **unknown})

    faults = [fault(f) for f in assessment.faults]
    taken_back = {f.id for f in faults if f.reason_code == TIMES_UNKNOWN.code}
    reps = [
        r.model_copy(update={"faults": [f for f in r.faults if f not in taken_back]})
        for r in assessment.reps
        if r.rom.unit not in TIMED_UNITS  # a hold is nothing but its time
    ]
    told = {"measures": [measure(m) for m in assessment.measures], "faults": faults, "reps": reps}
    return assessment.model_copy(update=told)
