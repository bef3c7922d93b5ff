"""Rules of what is asked and answered, as data (`safety.toml`, `severity.toml`, `pain.toml`)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import Field, model_validator

from checker.care.phase_rules import Days, Pain, Times
from checker.care.records import Condition, Settled, StopReason
from checker.exercise import Load
from checker.rules import Id, Section, Sourced, Text

Group = Literal["now", "first", "mention"]
"""Of a safety question: help at once; somebody looks at it first; advice only."""

Blocks = Literal["nothing", "exercises", "everything"]
Level = Literal["none", "mild", "moderate", "severe"]
Portion = Literal["full", "lower_end", "half_sets", "none"]
"""How much of a dose."""

# --- safety questions -----------------------------------------------------------------------------


class Asking(Sourced):
    """When the questions are asked: weekly, where pain jumps over the median of some days, and where it is high."""

    weekly_days: Days
    jump: Pain
    median_days: Days
    high_pain: Pain


class Older(Sourced):
    """The age in years from which somebody who fell is taken to be unsteady."""

    from_age: int


class Answer(Section):
    """What to do, where, and what to take along."""

    do: Text
    where: Text
    take: Text


class GroupRule(Answer, Sourced):
    """What a yes to a question of the group leads to."""

    title: Text
    blocks: Blocks


class UnsureRule(Answer, Sourced):
    """What "not sure" leads to where it does not count as yes."""


class Question(Sourced):
    """One safety question; its own lines go before those of its group.

    Attributes:
        asked: false: it stands in no list and opens by a check-in.
        condition: what a yes tells the planner of the person.
        today: whether somebody is to look at it on the same day.
    """

    id: Id
    group: Group
    text: Text
    asked: bool = True
    condition: Condition | None = None
    today: bool = False
    do: Text | None = None
    where: Text | None = None
    take: Text | None = None

    @property
    def text_id(self) -> str:
        """Of the text as it was shown: another text has another one."""
        return f"{self.id}/{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"


class EmergencyNumber(Sourced):
    """The emergency number of some countries, by their ISO codes, and how it is known."""

    countries: list[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]]
    number: Text


class Emergency(Sourced):
    """Emergency numbers, and what is said where none is known."""

    otherwise: Text
    known: list[EmergencyNumber]

    @model_validator(mode="after")
    def _once(self) -> Emergency:
        codes = [code for one in self.known for code in one.countries]
        if len(set(codes)) < len(codes):
            raise ValueError("emergency: expected each country once")
        return self

    @property
    def numbers(self) -> dict[str, str]:
        """By ISO code of the country."""
        return {code: one.number for one in self.known for code in one.countries}


class SafetyRules(Section):
    """Everything of `safety.toml`."""

    asking: Asking
    older: Older
    groups: dict[Group, GroupRule]
    unsure: UnsureRule
    questions: list[Question]
    emergency: Emergency

    @model_validator(mode="after")
    def _once(self) -> SafetyRules:
        ids = [q.id for q in self.questions]
        if len(set(ids)) < len(ids):
            raise ValueError("questions: expected each id once")
        if set(self.groups) != {"now", "first", "mention"}:
            raise ValueError("groups: expected now, first and mention")
        return self

    def question(self, question_id: str) -> Question | None:
        """The question with this id; None where the rules no longer have it."""
        return next((q for q in self.questions if q.id == question_id), None)


# --- severity, and where to begin -----------------------------------------------------------------


class SeverityCuts(Sourced):
    """From which difficulty a rung is hard, which rungs make it severe or moderate, and which pain at rest."""

    hard_from: Pain
    severe_rungs: tuple[int, int]
    moderate_rungs: tuple[int, int]
    severe_pain: Pain


class Frequency(Sourced):
    """Episodes in twelve months from which it comes back often."""

    often: Times


class LevelRule(Sourced):
    """What is said of a severity."""

    text: Text


class RungRule(Sourced):
    """One activity of the ladder: its name, a short one for sentences, and how to do it for now."""

    rung: int = Field(ge=1, le=9)
    name: Text
    short: Text
    card: Text


class ActivitiesRule(Sourced):
    """How many own activities are rated, and how often."""

    most: Times
    weekly_days: Days


class StartRule(Sourced):
    """The phase to begin with, by severity and by days since onset."""

    moderate_first_days: Days
    mild_first_days: Days
    mild_pain: Pain
    late_days: Days
    late_least: int


class SeverityRules(Section):
    """Everything of `severity.toml`."""

    severity: SeverityCuts
    frequency: Frequency
    levels: dict[Level, LevelRule]
    activities: ActivitiesRule
    rungs: list[RungRule]
    start: StartRule

    @model_validator(mode="after")
    def _nine(self) -> SeverityRules:
        if [r.rung for r in self.rungs] != list(range(1, 10)):
            raise ValueError("rungs: expected 1 to 9 in their order")
        return self


# --- pain -----------------------------------------------------------------------------------------


class PainRow(Section):
    """How much of a dose below, in and above the middle of the pain scale."""

    easy: Portion
    middle: Portion
    high: Portion


class PainTable(Sourced):
    """What each kind of movement allows; from `ask_from` on the safety questions are asked once more."""

    ask_from: Pain
    calm: PainRow
    gentle: PainRow
    load: PainRow

    def row(self, load: Load) -> PainRow:
        """Of one kind of movement."""
        rows: dict[Load, PainRow] = {"calm": self.calm, "gentle": self.gentle, "load": self.load}
        return rows[load]

    @model_validator(mode="after")
    def _calm_is_never_refused(self) -> PainTable:
        if {self.calm.easy, self.calm.middle, self.calm.high} != {"full"}:
            raise ValueError("table.calm: expected full throughout: calm movement is never refused because of pain")
        return self


class PainTexts(Section):
    """What is said with each."""

    full: Text
    lower_end: Text
    half_sets: Text
    none: Text
    calm_high: Text
    ask: Text


class Amber(Sourced):
    """A rise of pain from which the next movement is smaller."""

    rise: Pain
    text: Text


class Moving(Sourced):
    """What stops a movement, pain apart; `said`: how a person says so by one press."""

    said: dict[StopReason, Text]
    breath_held: Text
    dizzy: Text
    leg: Text


class SettleText(Section):
    """What is said of how a session settled."""

    text: Text


class PainRules(Section):
    """Everything of `pain.toml`."""

    table: PainTable
    texts: PainTexts
    amber: Amber
    moving: Moving
    settle: dict[Settled, SettleText]
