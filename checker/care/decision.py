"""What was decided for a day: the state, the phases, the plan, and why; written as JSON and read back."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from checker.care.phase_rules import Track
from checker.care.question_rules import Blocks, Level
from checker.care.records import Amount, AskedBecause, Part, Phase

State = Literal["NEW", "SCREENED", "ACTIVE", "FLARE", "PAUSED", "BLOCKED", "DONE"]
"""NEW: the safety questions are not answered yet. SCREENED: they are, or a clinician has answered an open one.

BLOCKED: a question is open. PAUSED: nothing was done for a while. DONE: the last summary was taken."""

Share = Literal["full", "lower_end", "half"]
"""How much of the dose is planned."""


class Planned(Part):
    """One movement of the day.

    Attributes:
        amount: what is asked for: the lower end of the dose.
        most: its upper end; None where there is none, or where nothing more is to be done today.
        rule: id of the rule that put it there.
        to_first_pain: whether it is done by the protocol of the range before pain; `furthest` whether "as far as you
            want" comes after it.
        target, limit: by side, as a physio has set them.
        notes: what is different in it for this person, and for today.
        is_test: a self-test.
        is_new: done for the first time.
    """

    exercise: str
    amount: Amount
    most: Amount | None = None
    share: Share = "full"
    rule: str
    reason: str
    to_first_pain: bool = False
    furthest: bool = True
    target: dict[str, float] = Field(default_factory=dict)
    limit: dict[str, float] = Field(default_factory=dict)
    notes: list[str] = Field(default_factory=list)
    is_test: bool = False
    is_new: bool = False
    set_by: str = "rule"


class LeftOut(Part):
    """A movement that is not planned, by which rule, and why."""

    exercise: str
    rule: str
    reason: str


class Unmet(Part):
    """What is still to come before a phase is finished: what there is, and what is asked for.

    Attributes:
        text: the same in words, for the person and for the physio.
    """

    rule: str
    phase: Phase
    text: str
    exercise: str | None = None
    have: float | None = None
    want: float | None = None


class Advice(Part):
    """Something to say, by which rule, and to whom to go."""

    rule: str
    level: Literal["emergency", "clinician", "physio", "pharmacist", "note", "good"]
    text: str


class QuestionsDue(Part):
    """Safety questions to be asked now, and why."""

    because: AskedBecause
    questions: list[str]
    reason: str


class Flare(Part):
    """A flare-up that goes on.

    Attributes:
        usual: the median of the pain before it; None where none was told.
        visible: the phase that was visible then.
        severe: whether it was severe when it began.
    """

    began: dt.date
    usual: float | None
    visible: Phase
    rule: str


class Offer(Part):
    """Something that only a physio decides: "enter_phase_9", "enter_phase_10", "review"."""

    kind: str
    rule: str
    text: str


class Decision(Part):
    """What holds on one day.

    Attributes:
        date: the local day.
        phase: of each track, None where it has not begun.
        visible: the lowest unfinished one; None before the programme begins.
        finished: phases whose criteria have been met.
        since: of each track, the day from which its sessions count for the phase it is in.
        active_since: the day from which days without a session are counted.
        hard_since: the day from which hard days count: no day leads back twice.
        returning: phases that a flare-up has opened again: good sessions are enough to finish them once more.
        half_dose: whether this day is planned at half, and why.
        blocks: what an open safety question blocks.
        plan: the most important first.
        at_hand: calm movements that may be done whenever they feel good.
        not_asked: criteria that are not asked of this person, because their movement is left out.
        reason: of the state and the phase, in words with the figures used.
        rule: id of the rule of that.
        moved: what changed against the day before: "on", "back", "start", "flare", "flare_over", "pause", "resume",
            "blocked", "released", "physio"; None: nothing.
        inputs: ids of the records that were used.
    """

    date: dt.date
    state: State
    phase: dict[Track, Phase | None]
    visible: Phase | None
    finished: list[Phase] = Field(default_factory=list)
    since: dict[Track, dt.date] = Field(default_factory=dict)
    active_since: dt.date | None = None
    hard_since: dt.date | None = None
    returning: list[Phase] = Field(default_factory=list)
    flare: Flare | None = None
    half_dose: str | None = None
    blocks: Blocks = "nothing"
    severity: Level | None = None
    plan: list[Planned] = Field(default_factory=list)
    left_out: list[LeftOut] = Field(default_factory=list)
    at_hand: list[str] = Field(default_factory=list)
    unmet: list[Unmet] = Field(default_factory=list)
    not_asked: list[LeftOut] = Field(default_factory=list)
    advice: list[Advice] = Field(default_factory=list)
    questions_due: list[QuestionsDue] = Field(default_factory=list)
    offers: list[Offer] = Field(default_factory=list)
    reason: str
    rule: str
    moved: str | None = None
    rules_version: str
    inputs: list[str] = Field(default_factory=list)

    def planned(self, exercise_id: str) -> Planned | None:
        """What is asked for of a movement; None where it is not in the plan."""
        return next((p for p in self.plan if p.exercise == exercise_id), None)
