"""The phases as data: what is done in each, and what must hold before the next one (`rules/phases.toml`)."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from checker.rules import Id, Phase, Positive, Sourced, Text
from checker.safety import PHASE_WINDOWS, PHASES

Track = Literal["mobility", "control", "strength"]
"""Three ways that go on side by side: 1, 2, 3 and 5; 4 and 7; 6 and 8."""

TRACKS: tuple[Track, ...] = get_args(Track)

Pain = Annotated[int, Field(ge=0, le=10)]
Days = Annotated[int, Field(ge=0, le=10_000)]
Times = Annotated[int, Field(ge=1, le=100)]
Share = Annotated[float, Field(gt=0, le=1)]


class SafetyClear(Sourced):
    """The safety questions were asked, and none is open that blocks."""

    rule: Literal["safety_clear"]


class PainAtRest(Sourced):
    """Pain at rest was low on so many days, or went down by so much."""

    rule: Literal["nrs_at_rest"]
    at_most: int = Field(ge=0, le=10)
    times: Times
    or_down_by: int = Field(ge=1, le=10)


class Walked(Sourced):
    """So long was done in one go."""

    rule: Literal["walked"]
    exercise: Id
    duration_s: Positive


class DaysSinceOnset(Sourced):
    """So many days have passed since it began."""

    rule: Literal["days_since_onset"]
    days: int = Field(ge=0)


class OkSessions(Sourced):
    """So many good days in a row; see `[ok_session]` of `programme.toml`."""

    rule: Literal["ok_sessions"]
    count: Times


class RangeMeasured(Sourced):
    """The range before pain is known, so many times in so many of the tests."""

    rule: Literal["range_measured"]
    tests: list[Id]
    least_tests: Times
    times: Times


class NoLoss(Sourced):
    """The range before pain is not less than the phase's first value by more than two sessions can tell apart."""

    rule: Literal["no_loss"]
    most_lost_deg: dict[Id, Positive]


class MeasureAtLeast(Sourced):
    """A measure in so many of so many repetitions, with these faults clear, in so many sessions."""

    rule: Literal["measure_at_least"]
    exercise: Id
    measure: Id
    value: float
    in_repetitions: tuple[Times, Times]
    in_sessions: Times
    with_clear: list[Id] = Field(default_factory=list)


class DoneAtLeast(Sourced):
    """So many repetitions or holds on one day, each held so long, with these faults clear, at such a measure."""

    rule: Literal["done_at_least"]
    exercise: Id
    repetitions: Times
    hold_s: Positive | None = None
    measure: Id | None = None
    value: float | None = None
    with_clear: list[Id] = Field(default_factory=list)

    @model_validator(mode="after")
    def _both(self) -> DoneAtLeast:
        if (self.measure is None) != (self.value is None):
            raise ValueError("expected measure and value together, got one of them")
        return self


class ShareAtLeast(Sourced):
    """A share of the repetitions, as the session recorded it."""

    rule: Literal["share_at_least"]
    exercise: Id
    share: Id
    value: Share


class ShareOfTarget(Sourced):
    """The range before pain reaches such a share of the target, in every test, in so many sessions."""

    rule: Literal["share_of_target"]
    tests: list[Id]
    share: Share
    in_sessions: Times


class SidesAlike(Sourced):
    """Left and right differ by less than this, in so many sessions."""

    rule: Literal["sides_alike"]
    tests: list[Id]
    most_apart_deg: Positive
    in_sessions: Times


class DaysWithoutFlare(Sourced):
    """So many days of the programme without a flare-up."""

    rule: Literal["days_without_flare"]
    days: Times


class DayAtMost(Sourced):
    """The worst pain of so many ordinary days was no more than this."""

    rule: Literal["day_at_most"]
    pain: int = Field(ge=0, le=10)
    days: Times


class Reevaluated(Sourced):
    """Safety questions and the ladder were answered within so many days."""

    rule: Literal["reevaluated"]
    days: Times


Criterion = Annotated[
    SafetyClear
    | PainAtRest
    | Walked
    | DaysSinceOnset
    | OkSessions
    | RangeMeasured
    | NoLoss
    | MeasureAtLeast
    | DoneAtLeast
    | ShareAtLeast
    | ShareOfTarget
    | SidesAlike
    | DaysWithoutFlare
    | DayAtMost
    | Reevaluated,
    Field(discriminator="rule"),
]


class PhaseRule(Sourced):
    """One phase.

    Attributes:
        track: which way it lies on; "physio": no rule enters it.
        after: phases that must be finished before it begins.
        exercises: the most important first; `tests` come every `tests_every_days`.
        every_days: how far apart its loading movements are done.
        at_hand: what calms, and may be done whenever it feels good.
        keep_one_of: one of these stays as upkeep once it is finished.
        off_floor: what takes the place of movements on the floor for somebody who cannot get down there.
        most_a_day: movements of a day, self-tests apart.
        earliest_day: after onset.
        on: what must hold before it is finished; all of it.
    """

    number: Phase
    track: Track | Literal["physio"]
    after: list[Phase]
    physio_only: bool = False
    goal: Text
    exercises: list[Id] = Field(min_length=1)
    tests: list[Id] = Field(default_factory=list)
    tests_every_days: Times | None = None
    every_days: Times = 1
    at_hand: list[Id] = Field(default_factory=list)
    keep_one_of: list[Id]
    off_floor: list[Id] = Field(default_factory=list)
    most_a_day: Times
    earliest_day: int = Field(ge=0)
    on: list[Criterion] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> PhaseRule:
        if self.physio_only != (self.track == "physio") or self.physio_only == bool(self.on):
            raise ValueError('expected [[phase.on]] in every phase, but none where physio_only and track = "physio"')
        if bool(self.tests) != (self.tests_every_days is not None):
            raise ValueError("expected tests and tests_every_days together, got one of them")
        if any(before >= self.number for before in self.after):
            raise ValueError(f"after: expected phases before {self.number}, got {self.after}")
        return self

    @property
    def name(self) -> str:
        """As people read it."""
        return PHASES[self.number]

    @property
    def window(self) -> str:
        """When it usually is."""
        return PHASE_WINDOWS[self.number]
