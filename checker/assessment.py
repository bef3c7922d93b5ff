"""The result types and their JSON: what was measured, what was flagged, what could not be told.

`Assessment` is the contract that other programs read (`assessment.json`): its keys are never
renamed, only added to. `Analysis` is what the drawings and reports need besides: the signals over
time and the poses they came from.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from checker.reasons import Reason

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


class DoseRef(_Result):
    """How much was asked for: the dose that the results are held against.

    `phases` empty: the same in every phase of the movement. `repetitions` and `most`: in all sets, to each side, the
    lower and the upper end; `hold_s` and `duration_s` the lower ends; `reach` how far the counted signal is to go, in
    its unit. None where the dose does not say.
    """

    phases: list[int]
    repetitions: int | None
    most: int | None
    hold_s: float | None
    duration_s: float | None
    reach: float | None = None


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
    """A movement that began like a repetition and did not count, with the reason in words and its code."""

    side: Side
    start_s: float
    end_s: float
    excursion: float
    unit: str
    reason: str
    reason_code: str | None = None


class Measure(_Result):
    """The median over the counted repetitions of a side, or the reason why there is none, in words and as a code.

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
    reason_code: str | None = None
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
    reason_code: str | None = None
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
    """Everything that is said about one clip. Written as `assessment.json`.

    `warning_codes` are those of `warnings`, in the same order; `dose` is what was asked for.
    """

    schema_: Literal[1] = Field(default=1, alias="schema")
    exercise: ExerciseRef
    dose: DoseRef | None = None
    video: VideoInfo
    model: ModelInfo
    view: ViewResult
    coverage: float
    reps: list[Repetition]
    partial_reps: list[PartialRepetition] = Field(default_factory=list)
    measures: list[Measure]
    faults: list[FaultResult]
    warnings: list[str]
    warning_codes: list[str] = Field(default_factory=list)
    pain: list[PainMark] = Field(default_factory=list)

    def to_json(self) -> str:
        """The contract's JSON, indented, keys in the contract's order."""
        return self.model_dump_json(by_alias=True, indent=1)

    def with_warning(self, reason: Reason) -> Assessment:
        """The same, with one more warning."""
        more = {"warnings": [*self.warnings, reason.text], "warning_codes": [*self.warning_codes, reason.code]}
        return self.model_copy(update=more)

    @property
    def hold_target_s(self) -> float | None:
        """How long a hold was asked for; None where none was."""
        return self.dose.hold_s if self.dose is not None else None

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


Turn = Literal[0, 90, 180, 270]
"""By how much a picture is turned clockwise, degrees."""


TURNS: Final[tuple[Turn, ...]] = (90, 180, 270)
"""Those that change something."""
