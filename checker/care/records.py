"""What is kept about a person: the records that the rules of care read and that the store keeps.

A record is never changed once it is made: what is new is a new record. Times are UTC, with the zone of the computer
beside them; a day is a local day. Records of one person point to one another by their ids.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, field_validator

from checker.assessment import LimitedBy

Pain = Annotated[int, Field(ge=0, le=10)]
"""0: none; 10: the worst that one can imagine."""

Difficulty = Annotated[int, Field(ge=0, le=10)]
"""0: no difficulty; 10: impossible."""

Rung = Annotated[int, Field(ge=1, le=9)]
"""Of the ladder of activities, by how little load they are; 1 is the least."""

Phase = Annotated[int, Field(ge=1, le=10)]
Word = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[str, Field(max_length=2_000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

Condition = Literal[
    "osteoporosis",
    "hip_replacement_left",
    "hip_replacement_right",
    "knee_disease",
    "knee_replacement",
    "high_blood_pressure",
    "spinal_stenosis",
    "spondylolisthesis",
    "pregnancy",
    "anticoagulants",
    "recent_surgery",
    "balance_or_falls",
    "wrist_pain",
    "shoulder_pain",
    "dizziness",
    "poor_skin_sensation",
]
"""What a movement must know of the person before it is planned."""

Floor = Literal["yes", "with_help", "no"]
"""Whether the person can get down to the floor and up again."""

Trigger = Literal["lifting", "bending", "twist", "sport", "long_sitting", "sneeze", "fall", "nothing_known"]
Reach = Literal["back", "buttock", "thigh", "below_knee"]
"""How far down the pain goes."""

BodySide = Literal["left", "right", "both", "middle"]
Answer = Literal["yes", "no", "unsure"]
AskedBecause = Literal["first", "weekly", "pain_jump", "flare", "after_pause"]
CheckInKind = Literal["before", "after", "next_day", "daily"]
Settled = Literal["not_raised", "1h", "same_day", "by_morning", "longer"]
"""When pain that a session had raised was back where it was."""

Effort = Literal["too_easy", "right", "too_hard"]
How = Literal["live", "upload", "timer"]
StopReason = Literal["leg", "dizzy"]
"""What one press tells to stop for: new pain, numbness or weakness of a leg; dizziness."""

Who = Literal["person", "physio", "rule"]


class Part(BaseModel):
    """A part of a record: no other keys, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@lru_cache(maxsize=100_000)
def _local_day(at: datetime, zone: str) -> date:
    """The day of a moment in a zone. The rules ask for it all the time, and it never changes."""
    return at.astimezone(ZoneInfo(zone)).date()


class Record(Part):
    """Something kept about a person.

    Attributes:
        id: its own, the same in every store.
        person_id: whose it is.
        at: when it was made, UTC.
        zone: IANA name of the zone of the computer then.
    """

    id: UUID
    person_id: UUID
    at: AwareDatetime
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as problem:
            raise ValueError(f"expected the name of a time zone, got {zone!r}") from problem
        return zone

    @property
    def day(self) -> date:
        """The local day."""
        return _local_day(self.at, self.zone)


class Person(Part):
    """Somebody who uses this computer.

    Attributes:
        name: shown; may be a pseudonym.
        sex: for norms only.
        country: ISO code of two letters, for the emergency number.
    """

    id: UUID
    name: Word
    created_at: AwareDatetime
    born_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    sex: Literal["female", "male"] | None = None
    height_m: Annotated[float, Field(ge=0.5, le=2.6)] | None = None
    language: str = "en"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None


class Profile(Record):
    """What must be known before something is planned; the newest one holds."""

    conditions: frozenset[Condition] = frozenset()
    equipment: frozenset[Word] = frozenset()
    floor: Floor = "yes"


class Episode(Record):
    """A time of back trouble, as the person told it; the newest record of one `onset` holds.

    Attributes:
        closer_together: whether the times between the last three episodes became shorter; None: not known.
        onset: the day on which it began; where only a time was told, the middle of it, by which it is counted.
        onset_from, onset_to: the days between which it began, as it was told; None: open, or the day itself was told.
        onset_told: the words in which that was told, such as "this week"; empty: the day itself was told.
        closed_on: when it was over.
    """

    onset: date
    onset_from: date | None = None
    onset_to: date | None = None
    onset_told: Words = ""
    sudden: bool | None = None
    trigger: Trigger | None = None
    episodes_12m: Annotated[int, Field(ge=0, le=366)] | None = None
    spasms_4w: Annotated[int, Field(ge=0, le=1000)] | None = None
    closer_together: bool | None = None
    side: BodySide | None = None
    reach: Reach | None = None
    closed_on: date | None = None


class SafetyAnswer(Record):
    """The answer to one safety question, under the text as it was shown."""

    question: Word
    answer: Answer
    because: AskedBecause
    text_id: Word


class Release(Record):
    """That a clinician has answered an open safety question: "I have talked to ... about this on ...".

    Attributes:
        question: which one.
        by: who recorded it.
        clinician: with whom it was talked about.
        talked_on: when.
    """

    question: Word
    by: Literal["person", "physio"]
    clinician: Word
    talked_on: date
    note: Words = ""


class CheckIn(Record):
    """How it is: before, after, the morning after a session, or once a day. None: not asked, or not answered.

    Attributes:
        pain: now.
        worst: since the last check-in.
        leg: pain in the leg.
        painkiller: whether one was taken in the last 4 hours; `painkiller_what` in the person's words.
        new_leg_symptoms: new leg pain below the knee, tingling, numbness or weakness.
        leg_pain_moved: whether pain in the leg has moved down or up since the last time.
        settled: of the session before.
        keeps_from_something: whether the pain keeps from something today.
    """

    kind: CheckInKind
    session_id: UUID | None = None
    pain: Pain | None = None
    worst: Pain | None = None
    leg: Pain | None = None
    painkiller: bool | None = None
    painkiller_what: Words = ""
    new_leg_symptoms: bool | None = None
    leg_pain_moved: Literal["down", "up"] | None = None
    settled: Settled | None = None
    effort: Effort | None = None
    keeps_from_something: bool | None = None


class LadderAnswer(Record):
    """How hard one rung of the ladder of activities is; None: not tried.

    Attributes:
        difficulty: as it was told; where it was only chosen as hard or not, the middle of what that may be.
        told: as what it was chosen; None: the difficulty itself was told.
    """

    rung: Rung
    difficulty: Difficulty | None
    told: Literal["hard", "not_hard"] | None = None


class ActivityAnswer(Record):
    """How hard one of the three activities is that matter most to the person."""

    activity: Word
    difficulty: Difficulty


class Outcome(Record):
    """A questionnaire, or the global change: "very much better" (3) to "very much worse" (-3)."""

    instrument: Word
    version: Word
    language: str
    items: dict[str, int]
    score: float | None


class Amount(Part):
    """How much was planned or done; None: not a matter of this movement."""

    repetitions: int | None = None
    sets: int = 1
    hold_s: float | None = None
    duration_s: float | None = None
    times_a_day: int = 1


class PlanItem(Record):
    """One movement of one day's plan.

    Attributes:
        for_day: the local day.
        rule: id of the rule that put it there.
        reason: the same in words.
        to_first_pain: whether it is done by the protocol of the range before pain.
        target, limit: by side, in the unit of the main measure.
        set_by: a rule or a physio's name.
    """

    for_day: date
    exercise: Word
    amount: Amount
    rule: Word
    reason: Words
    to_first_pain: bool = False
    target: dict[str, float] = Field(default_factory=dict)
    limit: dict[str, float] = Field(default_factory=dict)
    set_by: Word = "rule"


class Value(Part):
    """A measured value: about nine of ten truths lie within `uncertainty` of it.

    Attributes:
        censored: "above": nothing was felt, the true first pain lies beyond.
        n: repetitions that it was taken from.
    """

    value: float
    unit: Word
    uncertainty: Annotated[float, Field(ge=0)]
    n: int = 1
    censored: Literal["none", "above"] = "none"


class SideRange(Part):
    """One test, one side, one session (the protocol of the range before pain).

    Attributes:
        first: excursion at the first pain or tension (R1); None where it was not measured, or not asked for.
        furthest: the furthest that the person chose (R2).
        start: the start posture (S), as an absolute angle.
        end: the absolute angle at the furthest point.
    """

    side: Word
    first: Value | None = None
    furthest: Value | None = None
    start: Value | None = None
    end: Value | None = None
    limited_by: LimitedBy | None = None
    pain_at_limit: Pain | None = None


class Setting(Part):
    """Where the camera stood, and what measured: two sessions compare only where these are alike.

    Attributes:
        distance_t: how many of the person's own torso lengths the picture is high there: the larger, the further away.
    """

    view: str | None = None
    yaw_deg: float | None = None
    distance_t: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    device: str | None = None


class Session(Record):
    """One movement done. `at` is its start. The newest record of an id holds: a session is written as it goes.

    Attributes:
        hour_known: whether the time of day of `at` is known; of a film of which only the day is told it is not.
        ended_at: None where it was broken off without a word: a power cut, a closed page.
        exercise_sha256: fingerprint of the movement as it was for the person.
        compares_as: that of the movement's file, where what was set for the person changes no value; empty: the same.
        amount: what was done: repetitions that counted, time held at the longest, time in all.
        planned: what was asked for.
        faults: ids of those flagged; `clear` of those that were judged and not there.
        measures: the median of each measure by "id" or "id/side".
        shares: figures of the repetitions that criteria ask for, such as the share that was slow enough.
        ranges: of a self-test, by side.
        measured: whether there is a measured value; a timer or a failed recording has none.
        aborted: why it was stopped early; None where it was not.
        corrected_by: the reviewers whose corrections are in its values; empty where none is.
        corrected_at: when the newest of them was made.
    """

    exercise: Word
    how: How
    hour_known: bool = True
    ended_at: AwareDatetime | None = None
    plan_item_id: UUID | None = None
    assessment_id: UUID | None = None
    phase: Phase | None = None
    planned: Amount | None = None
    amount: Amount = Amount()
    measured: bool = False
    measures: dict[str, Value] = Field(default_factory=dict)
    per_repetition: dict[str, list[float]] = Field(default_factory=dict)
    ranges: list[SideRange] = Field(default_factory=list)
    faults: frozenset[str] = frozenset()
    clear: frozenset[str] = frozenset()
    shares: dict[str, float] = Field(default_factory=dict)
    to_first_pain: bool = False
    repeat_of: UUID | None = None
    setting: Setting = Setting()
    video_kept: bool = False
    app_version: str = ""
    model_sha256: str = ""
    exercise_sha256: str = ""
    compares_as: str = ""
    aborted: Words | None = None
    corrected_by: Words = ""
    corrected_at: AwareDatetime | None = None

    @property
    def compared(self) -> str:
        """The fingerprint of a movement whose sessions compare with this one."""
        return self.compares_as or self.exercise_sha256

    def ended_within(self, span: timedelta) -> bool:
        """Whether it has a stated end within so long of its start."""
        return self.ended_at is not None and self.ended_at - self.at <= span


class PainMark(Record):
    """A moment of a session at which it hurt.

    Attributes:
        t_s: seconds from the session's start.
        excursion: where the counted signal was; `excursion_from` where it was by the time that a hand takes to react.
    """

    session_id: UUID
    t_s: float
    side: str | None = None
    excursion: float | None = None
    excursion_from: float | None = None
    unit: str = ""


class Event(Record):
    """Something that happened, for ever: a phase moved, a flare, a note, an override, a message read.

    Attributes:
        kind: such as "decision", "flare_began", "flare_ended", "paused", "phase_set", "exercise_barred", "note".
        who: who did it; `name` of a physio.
        reason: in one sentence.
        rules_version: of the rules that decided.
        data: what belongs to it.
    """

    kind: Word
    who: Who
    name: Words = ""
    reason: Words = ""
    rules_version: str = ""
    data: dict[str, JsonValue] = Field(default_factory=dict)


class History(Part):
    """Everything of one person that the rules read, each kind in order of time."""

    person: Person
    profiles: tuple[Profile, ...] = ()
    episodes: tuple[Episode, ...] = ()
    answers: tuple[SafetyAnswer, ...] = ()
    releases: tuple[Release, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    ladder: tuple[LadderAnswer, ...] = ()
    activities: tuple[ActivityAnswer, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    plan: tuple[PlanItem, ...] = ()
    sessions: tuple[Session, ...] = ()
    pain_marks: tuple[PainMark, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def profile(self) -> Profile | None:
        """The one that holds."""
        return self.profiles[-1] if self.profiles else None

    @property
    def episode(self) -> Episode | None:
        """The one that is open now."""
        newest = self.episodes[-1] if self.episodes else None
        return newest if newest is not None and newest.closed_on is None else None

    def until(self, moment: datetime) -> Self:
        """The history as it was known then."""

        def known(records: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(r for r in records if r.at <= moment)

        kinds = [name for name in type(self).model_fields if name != "person"]
        return self.model_copy(update={name: known(getattr(self, name)) for name in kinds})
