"""What is known of a recording besides its poses: where the pictures come from, and whether its times hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from checker.assessment import Assessment, FaultResult, Measure, ModelInfo, Override, Turn
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


UNNAMED: Final = ModelInfo(name="", sha256="")
"""Of a judgement that is not handed out."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a recording besides its poses.

    Attributes:
        model: which pose model saw it.
        source: how the pictures came about.
        mirrored: whether the picture is a mirror image; None where nobody said.
        restarts: frames at which the person asked to be set up again.
        ready: frames at which somebody before the camera was told that it counts from now on; None for a file.
        pain_s: the times at which the person said that it hurt, seconds.
        warnings: what the source has to say besides, e.g. that the file is damaged.
        slow: a sentence on why few pictures came, if they did, and what to do.
        to_first_pain: how many of the first repetitions to each side go to the first pain only; 0: none.
        led_on: of these, by side, the second from which on it was led on to the furthest instead: nothing could be
            measured of the first ones.
        pain_before: pain before it, 0 to 10; None where it was not told.
        overrides: the numbers of the movement that were set for a patient.
        recorded_at: when it was filmed; None where nobody knows.
        analysed_at: when it is judged.
    """

    model: ModelInfo = UNNAMED
    source: Source = field(default_factory=Source)
    mirrored: bool | None = None
    restarts: tuple[int, ...] = ()
    ready: tuple[int, ...] | None = None
    pain_s: tuple[float, ...] = ()
    warnings: tuple[str, ...] = ()
    slow: str = ""
    to_first_pain: int = 0
    led_on: tuple[tuple[str, float], ...] = ()
    pain_before: int | None = None
    overrides: tuple[Override, ...] = ()
    recorded_at: datetime | None = None
    analysed_at: datetime | None = None


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
