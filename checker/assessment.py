"""The result types and their JSON: what was measured, what was flagged, what could not be measured.

`Assessment` is the contract that other programs read (`assessment.json`): its keys are never
renamed, only added to. `Analysis` is what the drawings and reports need besides: the signals over
time and the poses they came from.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from checker.hand_measure import HandMeasure
from checker.reasons import Reason
from checker.result_part import Degrees, Hertz, InUnit, Pixels, Seconds, SignalValue
from checker.result_part import ResultPart as _Result

Side = Annotated[str, Field(examples=["left", "right", "both", "cat", "cow"])]
"""\"left\", "right", "both", or what an exercise names its sides, e.g. "cat" and "cow"."""
View = Literal["front", "side", "left_side", "right_side", "back", "oblique", "unknown"]

Turn = Literal[0, 90, 180, 270]
"""By how much a picture is turned clockwise, degrees."""
TURNS: Final[tuple[Turn, ...]] = (90, 180, 270)
"""Those that change something."""

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

Unit = Annotated[str, Field(examples=list(UNIT_LABELS))]
"""One of `UNIT_LABELS`, or a unit a second."""

Nrs = Annotated[int, Field(ge=0, le=10)]
"""Pain as told: 0 is none, 10 the worst that one can imagine."""

LimitedBy = Literal["end", "pull", "pain", "fear", "other"]
"""What stopped a movement: nothing, it was the end; a pull; pain; the person did not dare; something else."""


class Override(_Result):
    """One number of the movement that was set for a patient."""

    key: str
    """Which number: "faults.knee_bend.threshold"."""
    value: InUnit
    """The number as it was in force."""
    shipped: InUnit | None
    """The number of the movement as it is shipped; None where that has none."""
    unit: str
    """Its unit."""
    who: str | None = None
    """Who set it; None where the file does not say."""
    when: date | None = None
    """On which day."""


class ExerciseRef(_Result):
    """Which movement was judged."""

    id: str
    """Id of the movement: the name of its file in `exercises/` without suffix."""
    name: str
    """Its name for people."""
    sha256: str = ""
    """Fingerprint of what is measured and what counts, as it was in force. Results of one movement compare only where
    it is the same."""
    overrides: list[Override] = Field(default_factory=list)
    """The numbers that were set for a patient, where it is no longer the shipped movement."""


class AppInfo(_Result):
    """Which program made the result."""

    version: str
    """Version of BackCheck."""


class DoseRef(_Result):
    """How much was asked for: the dose that the results are held against. What the dose does not say is None."""

    phases: list[int]
    """Phases of recovery that the dose is for, 1 to 10. Empty: the same in every phase of the movement."""
    repetitions: int | None
    """The least number of repetitions or holds in all sets, to each side."""
    most: int | None
    """The largest number of repetitions or holds in all sets, to each side."""
    hold_s: Seconds | None
    """How long a repetition is to be held, at least."""
    duration_s: Seconds | None
    """How long it is to be done in all, at least, where it is done by time."""
    reach: Annotated[float, Field(json_schema_extra={"unit": "that of `reach_unit`"})] | None = None
    """How far the movement is to go: the value of the counted signal at the peak."""
    reach_unit: str | None = None
    """Unit of `reach`."""


class VideoInfo(_Result):
    """The clip as it was read."""

    duration_s: Seconds
    """Length of the clip."""
    width: Pixels
    """Width of the pictures as they were looked at: turned by `turned_deg`, and made smaller where they were large."""
    height: Pixels
    """Height of the same."""
    frames: int
    """How many pictures were looked at."""
    fps: Hertz
    """Pictures a second: one over the median step between two."""
    turned_deg: Turn = 0
    """How far the picture was turned clockwise before it was looked at, degrees."""
    needs_turn_deg: Turn = 0
    """How far it must still be turned clockwise to stand upright, degrees; 0 where it is upright."""
    mirrored: bool | None = None
    """Whether the picture is a mirror image. True: it was said to be one, it was turned round, and the sides are the
    person's own. False: it is none. None: nobody said, and the sides are as they look."""


class ModelInfo(_Result):
    """Which pose model found the body."""

    name: str
    """Name of the model."""
    sha256: str
    """Fingerprint of the model's file."""


class ViewResult(_Result):
    """From which side the person was filmed."""

    expected: View
    """The view that the movement asks for."""
    measured: View
    """The view that was seen."""
    yaw_deg: Degrees | None
    """How far the person is turned from the view asked for. 0: exactly as asked. Positive: the person's left side is
    turned towards the camera too far. None: nobody was seen."""
    ok: bool
    """Whether the view is good enough to measure."""
    advice: str | None = None
    """How to turn, where `ok` is false."""


class Quantity(_Result):
    """A value with its unit and its uncertainty."""

    value: InUnit
    """The value."""
    unit: Unit
    """Its unit."""
    uncertainty: InUnit
    """About nine of ten truths lie within this of the value, either way."""


class Setup(_Result):
    """How the camera stood: two results compare only where it is alike."""

    person_size: float | None
    """Length of the trunk in the start posture, as a share of the picture's height: the larger, the nearer."""
    yaw_deg: Degrees | None
    """How far the person was turned from the view asked for."""
    fps: Hertz
    """Pictures a second."""
    width: Pixels
    """Width of the pictures as they were looked at."""
    height: Pixels
    """Height of the same."""


class Repetition(_Result):
    """One repetition that counted, or one hold."""

    index: int
    """Its number, from 1, in order of time over both sides."""
    side: Side
    """Which side it went to; "both" where sides are not counted apart."""
    start_s: Seconds
    """When it began."""
    peak_s: Seconds
    """When it was furthest; of a hold, its middle."""
    end_s: Seconds
    """When it ended."""
    rom: Quantity
    """Its range of motion, in the signal of the main measure; where that has no known error, the time held."""
    hold_s: Seconds
    """How long it was held far enough and in good form."""
    hold_target_s: Seconds | None = None
    """How long it was to be held; None where that was not asked for."""
    faults: list[str] = Field(default_factory=list)
    """Ids of the faults that were flagged during it."""
    start_value: InUnit | None = None
    """The signal's own value in the start posture, with its sign; in the unit of `rom`. None where it was not seen."""
    end_value: InUnit | None = None
    """The same at the furthest point."""
    to_first_pain: bool = False
    """Whether it was to go to the first pain or tension only."""
    limited_by: LimitedBy | None = None
    """What stopped the movement to this side, as the person said; None where they did not."""
    nrs_at_limit: Nrs | None = None
    """Pain where it stopped, 0 to 10."""


class PartialRepetition(_Result):
    """A movement that began like a repetition and did not count."""

    side: Side
    """Which side it went to."""
    start_s: Seconds
    """When it began."""
    end_s: Seconds
    """When it ended."""
    excursion: InUnit
    """How far it went from the start posture, in the signal that repetitions are counted on; of a hold, the time
    held."""
    unit: Unit
    """Unit of `excursion`."""
    reason: str
    """Why it did not count, in words."""
    reason_code: str | None = None
    """The same for programs."""


class UncertaintyParts(_Result):
    """What the uncertainty of a measure is made of: half-widths that are added as squares."""

    own: InUnit
    """The error of the signal itself: how exactly it is read from the poses."""
    scatter: InUnit
    """How far the repetitions scatter."""
    turned: InUnit
    """What a body hides that is turned out of the view asked for."""


class Measure(_Result):
    """One reported value of one side: the median over its counted repetitions, or the reason why there is none."""

    id: str
    """Id of the measure in the movement's file."""
    name: str
    """Its name for people."""
    side: Side | None
    """The side; None where the movement has none."""
    value: InUnit | None
    """The median over the repetitions; None where it was not measured."""
    unit: Unit
    """Unit of `value`, `uncertainty` and `best`."""
    uncertainty: InUnit | None
    """About nine of ten truths lie within this of the value, either way."""
    status: Literal["measured", "not_measured"]
    """Whether there is a value."""
    reason: str | None = None
    """Why there is none, in words."""
    reason_code: str | None = None
    """The same for programs."""
    best: InUnit | None = None
    """The largest value of a single repetition."""
    band: str | None = None
    """The class that the value lies in, where degrees would promise too much: "20 to 40°"."""
    expected: str | None = None
    """What is expected of it, in words, as the movement's file says it."""
    target: InUnit | None = None
    """What this side is to get to, where that was set; `exercise.overrides` says by whom."""
    repetitions: int = 0
    """How many repetitions it was taken from."""
    kind: Literal["excursion", "position", "spread", "time", "count", "rate"] | None = None
    """"excursion": change from the start posture; "position": the value itself; "spread": a range in which it stays."""
    start: InUnit | None = None
    """Of an excursion: the signal's own value in the start posture, with its sign; the median over the repetitions.
    None of a signal that is a change since the start posture, as a turn."""
    end: InUnit | None = None
    """The same at the furthest point."""
    uncertainty_level: float = 0.9
    """Share of truths that lie within `uncertainty`."""
    uncertainty_of: str = "median of these repetitions"
    """What the uncertainty is of: it does not contain good and bad days."""
    spread: InUnit | None = None
    """The largest less the smallest value of these repetitions."""
    checked: bool | None = None
    """Whether the uncertainty was measured against truth; false: an estimate from signals like it."""
    uncertainty_parts: UncertaintyParts | None = None
    """What `uncertainty` is made of; None of a count, a time or a rate."""


class PainFreeRange(_Result):
    """How far one side of a test goes to the first pain or tension, and how far the person chose to go."""

    side: Side | None
    """The side; None where the movement has none."""
    first: Quantity | None
    """Excursion at the first pain or tension: the median over the repetitions that stopped there. None where it was
    not measured."""
    censored: Literal["none", "above"] = "none"
    """"above": nothing was felt, so the first pain lies beyond `first`, which is then the furthest that was reached."""
    first_repetitions: int
    """How many repetitions it was taken from."""
    reason: str | None = None
    """Why there is none, in words."""
    reason_code: str | None = None
    """The same for programs."""
    furthest: Quantity | None = None
    """The largest excursion of those that went as far as the person wanted. None where there was none."""
    start: Quantity | None = None
    """The signal's own value in the start posture, with its sign: a trunk that leans already. None: not seen, or the
    signal is a change since the start posture and has none of its own there, as a turn."""
    end: Quantity | None = None
    """The same at the furthest point."""
    limited_by: LimitedBy | None = None
    """What stopped this side, as the person said; None where they did not."""
    nrs_at_limit: Nrs | None = None
    """Pain where it stopped, 0 to 10."""


class FaultResult(_Result):
    """Whether one fault was seen."""

    id: str
    """Id of the fault in the movement's file."""
    name: str
    """Its name for people."""
    status: Literal["clear", "unsure", "flagged", "not_measured"]
    """"flagged": past the threshold by more than `error`. "clear": short of it by more than that. "unsure": between
    the two, or something else looks the same. "not_measured": it could not be judged."""
    reason: str | None = None
    """Why it is unsure or not measured, in words."""
    reason_code: str | None = None
    """The same for programs."""
    side: Side | None = None
    """The weaker side, where two sides were compared and differ; else None."""
    intervals: list[tuple[Seconds, Seconds]] = Field(default_factory=list)
    """When it was there: the beginning and the end of each time."""
    peak: InUnit | None = None
    """The worst value that was read, as the rule measures it, also where the fault is clear."""
    peak_s: Seconds | None = None
    """When that was."""
    threshold: InUnit
    """The limit from the movement's file."""
    error: InUnit = 0.0
    """About nine of ten errors of what is compared with the limit are smaller than this; 0 where it is not known."""
    unit: Unit
    """Unit of `peak`, `threshold` and `error`."""
    cue: str
    """What to do about it, in one sentence."""
    severity: Literal["fault", "info"] = "fault"
    """"info": worth knowing, but no fault of form."""


class PainMark(_Result):
    """A moment at which the person said that it hurt."""

    t_s: Seconds
    """When it was."""
    side: Side | None
    """The side that was being done; None at rest, or where there are no sides."""
    excursion: InUnit | None
    """How far the counted signal was from the start posture, never negative; None where that was not known."""
    excursion_from: InUnit | None = None
    """The same 0.8 s earlier, by as much as a hand comes late: the pain began between the two."""
    unit: Unit
    """Unit of `excursion`; empty where no repetitions are counted."""


class Assessment(_Result):
    """Everything that is said about one clip. Written as `assessment.json`."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of this contract."""
    app: AppInfo | None = None
    """Which program made the result."""
    recorded_at: AwareDatetime | None = None
    """When it was filmed, UTC; None where the file does not say."""
    analysed_at: AwareDatetime | None = None
    """When it was judged, UTC."""
    exercise: ExerciseRef
    """Which movement was judged."""
    dose: DoseRef | None = None
    """How much of it was asked for; None where the movement has no dose."""
    video: VideoInfo
    """The clip as it was read."""
    model: ModelInfo
    """Which pose model found the body."""
    view: ViewResult
    """From which side the person was filmed."""
    coverage: float
    """Share of the pictures in which the joints that are needed were seen, 0 to 1."""
    reps: list[Repetition]
    """The repetitions or holds that counted, in order of time."""
    partial_reps: list[PartialRepetition] = Field(default_factory=list)
    """Movements that did not count, with the reason."""
    measures: list[Measure]
    """The reported values, one a side where the movement has sides."""
    faults: list[FaultResult]
    """What came of every fault of the movement's file."""
    warnings: list[str]
    """What is to be known of the whole recording, in whole sentences."""
    warning_codes: list[str] = Field(default_factory=list)
    """The same for programs: the code of each warning, in the same order."""
    pain: list[PainMark] = Field(default_factory=list)
    """The moments at which it hurt."""
    pain_before: Nrs | None = None
    """Pain before it, 0 to 10; None where it was not told."""
    pain_after: Nrs | None = None
    """Pain after it."""
    start_posture: dict[str, SignalValue] = Field(default_factory=dict)
    """Each signal's own value in the first start posture, with its sign, by its id."""
    setup: Setup | None = None
    """How the camera stood; None where nobody was seen."""
    rules_version: str = ""
    """Fingerprint of the rules of the programme that asked for it; empty where none did."""
    ranges: list[PainFreeRange] = Field(default_factory=list)
    """The range before pain, one a side, where a test was done to the first pain; else empty."""
    by_hand: list[HandMeasure] = Field(default_factory=list)
    """What reviewers measured by hand in the pictures, in order of time; in a reviewed result alone."""

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
        """Whether anything is reported of the left or the right side."""
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
