"""The result types and their JSON: what was measured, what was flagged, what could not be told.

`Assessment` is the contract that other programs read (`assessment.json`): its keys are never
renamed, only added to. `Analysis` is what the drawings and reports need besides: the signals over
time and the poses they came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from checker.skeleton import Array, PoseTrack

Side = str
"""\"left\", "right", "both", or what an exercise names its sides, e.g. "cat" and "cow"."""
View = Literal["front", "side", "left_side", "right_side", "back", "oblique", "unknown"]

UNIT_LABELS = {
    "deg": "°",
    "s": " s",
    "T": " T",
    "ratio": "",
    "leg": " leg",
    "deg/s": "°/s",
    "count": "",
    "1/min": " a minute",
}
"""How a unit is written behind a number; T is the person's own torso length."""


class _Result(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExerciseRef(_Result):
    """Which movement was judged."""

    id: str
    name: str


class VideoInfo(_Result):
    """The clip as it was read.

    `turned_deg` is how far its picture was turned clockwise before it was looked at; `needs_turn_deg`
    how far it must still be turned to stand upright, 0 where it does.
    `mirrored` is true where its picture was told to be a mirror image, and everything here is of the
    picture turned round, the sides the person's own; false where it was told or seen to be none; None
    where nobody said: then the sides are as they look.
    """

    duration_s: float
    width: int
    height: int
    frames: int
    fps: float
    turned_deg: Literal[0, 90, 180, 270] = 0
    needs_turn_deg: Literal[0, 90, 180, 270] = 0
    mirrored: bool | None = None


class ModelInfo(_Result):
    """Which pose model saw it."""

    name: str
    sha256: str


class ViewResult(_Result):
    """Which way the person faced the camera.

    `yaw_deg` is how far the person is turned from the view asked for, 0 when exact; positive when
    their left side is turned towards the camera too far. None where nobody was seen.
    `advice` says how to turn when `ok` is false.
    """

    expected: View
    measured: View
    yaw_deg: float | None
    ok: bool
    advice: str | None = None


class Quantity(_Result):
    """A value with its unit and its uncertainty (about 90 % of truths lie within +-)."""

    value: float
    unit: str
    uncertainty: float


class Repetition(_Result):
    """One repetition that counted, or one hold.

    `hold_s` is the time held far enough and in good form; `hold_target_s` the time asked for.
    """

    index: int
    side: Side
    start_s: float
    peak_s: float
    end_s: float
    rom: Quantity
    hold_s: float
    hold_target_s: float | None = None
    faults: list[str] = Field(default_factory=list)


class PartialRepetition(_Result):
    """A movement that began like a repetition and did not count, with the reason in words."""

    side: Side
    start_s: float
    end_s: float
    excursion: float
    unit: str
    reason: str


class Measure(_Result):
    """The median over the counted repetitions of a side, or the reason why there is none.

    `best` is the largest of them; `band` a coarse class where degrees would promise too much.
    """

    id: str
    name: str
    side: Side | None
    value: float | None
    unit: str
    uncertainty: float | None
    status: Literal["measured", "not_measured"]
    reason: str | None = None
    best: float | None = None
    band: str | None = None
    expected: str | None = None
    repetitions: int = 0


class FaultResult(_Result):
    """Whether a compensation was seen.

    `status` "flagged": past `threshold` by more than `error`, the half-width with which it was read, in
    `unit`; "clear": short of it by more; "unsure": between, or what was seen may be another fault that looks
    the same, with the `reason`. `intervals` are [start_s, end_s]; `peak` the worst value while it lasted, in
    `unit`, measured as the rule measures it; `severity` "info" for what is worth knowing and not a fault of form.
    """

    id: str
    name: str
    status: Literal["clear", "unsure", "flagged", "not_measured"]
    reason: str | None = None
    side: Side | None = None
    intervals: list[tuple[float, float]] = Field(default_factory=list)
    peak: float | None = None
    peak_s: float | None = None
    threshold: float
    error: float = 0.0
    unit: str
    cue: str
    severity: Literal["fault", "info"] = "fault"


class PainMark(_Result):
    """A moment before the camera at which the person said that it hurt.

    `side` is the one being done, None at rest or where there are none; `excursion` that of the
    counted signal from the start posture, in `unit`, None where it was not known.
    """

    t_s: float
    side: Side | None
    excursion: float | None
    unit: str


class Assessment(_Result):
    """Everything that is said about one clip. Written as `assessment.json`."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    exercise: ExerciseRef
    video: VideoInfo
    model: ModelInfo
    view: ViewResult
    coverage: float
    reps: list[Repetition]
    partial_reps: list[PartialRepetition] = Field(default_factory=list)
    measures: list[Measure]
    faults: list[FaultResult]
    warnings: list[str]
    pain: list[PainMark] = Field(default_factory=list)

    def to_json(self) -> str:
        """The contract's JSON, indented, keys in the contract's order."""
        return self.model_dump_json(by_alias=True, indent=1)

    @property
    def measured(self) -> list[Measure]:
        """The measures that have a value."""
        return [m for m in self.measures if m.status == "measured"]

    @property
    def flagged(self) -> list[FaultResult]:
        """The faults that were seen."""
        return [f for f in self.faults if f.status == "flagged"]

    @property
    def tells_sides(self) -> bool:
        """Whether anything is told of the left or the right side."""
        told = {r.side for r in self.reps} | {r.side for r in self.partial_reps} | {m.side for m in self.measured}
        return not told.isdisjoint({"left", "right"})

    @property
    def unsure(self) -> list[FaultResult]:
        """The faults that may have been there: somebody has to look."""
        return [f for f in self.faults if f.status == "unsure"]

    @property
    def to_show(self) -> list[FaultResult]:
        """The faults that have moments to look at, the certain ones first."""
        return [*self.flagged, *self.unsure]


@dataclass(frozen=True, slots=True)
class SignalTrace:
    """One signal over a clip.

    Attributes:
        id: as in the catalogue, e.g. "trunk_flexion".
        name: in plain words.
        unit: "deg", "T" (torso lengths), "ratio", "leg" (leg lengths).
        values: (T,), NaN where it was not measured.
    """

    id: str
    name: str
    unit: str
    values: Array


@dataclass(frozen=True, slots=True)
class Analysis:
    """An assessment with what it was made from, for drawings, curves and tables.

    Attributes:
        assessment: the verdict.
        t_s: (T,) seconds.
        signals: by id, each (T,). The first is the one that repetitions were counted on, as
            excursion from the start posture.
        track: the smoothed poses, for the overlay; of the mirror image of a picture that was mirrored.
        drawn: id of the signal whose angle the overlay draws.
        start_posture: by id, (T,) the signal's value in the start posture that holds at the time.
        swapped: judges the same poses with left and right the other way round, as those of a mirrored
            picture or no longer so; None where the poses were not kept. Takes no second look at the picture.
    """

    assessment: Assessment
    t_s: Array
    signals: dict[str, SignalTrace]
    track: PoseTrack
    drawn: str
    start_posture: dict[str, Array] = field(default_factory=dict)
    swapped: Callable[[], Analysis] | None = None

    def at(self, time_s: float) -> int:
        """Index of the frame shown at a time."""
        return int(np.clip(np.searchsorted(self.t_s, time_s, side="right") - 1, 0, len(self.t_s) - 1))


Turn = Literal[0, 90, 180, 270]
"""By how much a picture is turned clockwise, degrees."""


TURNS: Final[tuple[Turn, ...]] = (90, 180, 270)
"""Those that change something."""
