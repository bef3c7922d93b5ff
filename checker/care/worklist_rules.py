"""The rules of the physio's desk as data (`rules/worklist.toml`): what is listed, in which tier, with which words."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from checker.care.rules_file import read_rules_file
from checker.rules import Section, Sourced, Text

FILE: Final = Path(__file__).with_name("rules") / "worklist.toml"

Tier = Literal[0, 1, 2, 3, 4, 5]
"""0 now, 1 today, 2 this week, 3 decide, 4 routine, 5 nothing."""

NOTHING: Final[Tier] = 5

TIER_NAMES: Final[dict[Tier, str]] = {
    0: "Now",
    1: "Today",
    2: "This week",
    3: "To decide",
    4: "Routine",
    5: "Nothing new",
}

Days = Annotated[int, Field(ge=1, le=365)]
Times = Annotated[int, Field(ge=1, le=100)]


class Listed(Sourced):
    """What is listed, by its id, with a tier.

    Attributes:
        text: with gaps in braces for the figures.
    """

    tier: Literal[0, 1, 2, 3, 4]
    text: Text


class WithinDays(Listed):
    """Listed for, or from, so many days."""

    days: Days


class PainUp(Listed):
    """The median of the last days, told on so many of them, against that of the days before them."""

    now_days: Days
    least_told: Times
    before_days: Days


class InARow(Listed):
    """So many sessions in a row."""

    sessions: Times


class FewDays(Listed):
    """Less than a share of the planned days of the last ones, from so many planned days on."""

    days: Days
    share: Annotated[float, Field(gt=0, le=1)]
    least_planned: Times


class NoSession(Listed):
    """Days without a session; seen, it comes back every `again_days`."""

    days: Days
    again_days: Days


class NewFault(Listed):
    """A fault in so many sessions, the first of all at most so long ago."""

    sessions: Times
    new_days: Days


class PainMarks(Listed):
    """So many marks of pain in one session of the last days."""

    marks: Times
    days: Days


class LockEnds(Listed):
    """From so many days before the last day of a lock to so many after it."""

    ahead_days: Days
    after_days: Days


class WorklistRules(Section):
    """Everything of `rules/worklist.toml`; the names are the ids of the rules."""

    open_question: Listed
    new_leg_symptom: Listed
    pain_high: WithinDays
    flare_long: Listed
    back_step: WithinDays
    range_lost: Listed
    pain_up: PainUp
    past_limit: WithinDays
    not_measured: InARow
    few_days: FewDays
    no_session: NoSession
    new_fault: NewFault
    pain_marks: PainMarks
    ready_for_5: Listed
    ready_for_9: Listed
    ready_for_10: WithinDays
    target_reached: InARow
    lock_ends: LockEnds
    weekly_look: Listed
    review: WithinDays

    def of(self, rule: str) -> Listed:
        """A rule by its id.

        Raises:
            KeyError: there is none of that id.
        """
        if rule not in type(self).model_fields:
            raise KeyError(f"expected a rule of worklist.toml, got {rule}")
        found: Listed = getattr(self, rule)
        return found


@functools.cache
def load_worklist_rules(path: Path = FILE) -> WorklistRules:
    """Read the rules of the desk.

    Raises:
        ValueError: the file is wrong: every problem of it in a line of its own.
    """
    return read_rules_file(WorklistRules, path)
