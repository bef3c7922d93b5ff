"""The physio's desk: whether somebody needs a look, in which of five tiers, and why.

There is no score. The strictest rule that holds and was not seen gives the tier; those of one tier are in order of how
long it has held. Every rule is in `worklist.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from checker.care import facts
from checker.care import worklist_decide as decide
from checker.care import worklist_findings as findings
from checker.care.records import Event, History, Phase, Record
from checker.care.worklist_case import Basis, Case, Reason
from checker.care.worklist_rules import NOTHING, Tier
from checker.care.worklist_seen import is_seen, last_note, last_seen

FIND: Final[Mapping[str, Callable[[Case], Iterator[Reason]]]] = {
    "open_question": findings.open_question,
    "new_leg_symptom": findings.new_leg_symptom,
    "pain_high": findings.pain_high,
    "flare_long": findings.flare_long,
    "back_step": findings.back_step,
    "range_lost": findings.range_lost,
    "pain_up": findings.pain_up,
    "past_limit": findings.past_limit,
    "not_measured": findings.not_measured,
    "few_days": findings.few_days,
    "no_session": findings.no_session,
    "new_fault": findings.new_fault,
    "pain_marks": findings.pain_marks,
    "ready_for_5": decide.ready_for_5,
    "ready_for_9": decide.ready_for_9,
    "ready_for_10": decide.ready_for_10,
    "target_reached": decide.target_reached,
    "lock_ends": decide.lock_ends,
    "weekly_look": decide.weekly_look,
    "review": decide.review,
}
"""How each rule of `worklist.toml` is looked for, by its id."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attention:
    """What there is to be looked at of one person.

    Attributes:
        tier: of the strictest reason; 5 where there is none.
        reasons: what was not seen yet, the strictest first, the oldest of them first.
        seen: what holds and was seen.
        phase: the visible one of the newest decision; None before the programme begins.
        last_seen: the day on which somebody looked last; None: nobody has.
        note: the mark with the newest note of who looked; None where there is none.
    """

    tier: Tier
    reasons: tuple[Reason, ...]
    seen: tuple[Reason, ...]
    phase: Phase | None
    last_seen: date | None
    note: Event | None = None

    @property
    def since(self) -> date | None:
        """From when on the oldest reason of the tier has held."""
        return self.reasons[0].since if self.reasons else None


def attention(history: History, today: date, rules: Basis) -> Attention:
    """Say whether somebody needs a look, and why.

    Args:
        history: everything that is known; what was recorded after `today` is not looked at. What
            `Store.lately` leaves out may be missing.
        today: the local day.
        rules: by what is judged.
    """
    return attention_of(case_of(history, today, rules))


def case_of(history: History, today: date, rules: Basis, *, in_order: bool = False) -> Case:
    """One person on a day, as the rules look at it.

    Args:
        history: everything that is known.
        today: the local day.
        rules: by what is judged.
        in_order: each record is there once, in order of time, as the store gives them.
    """
    is_known = in_order and not any(kind and kind[-1].day > today for kind in _kinds(history))
    return Case(history if is_known else facts.known_on(history, today), today, rules)


def _kinds(history: History) -> Iterator[tuple[Record, ...]]:
    return (getattr(history, name) for name in History.model_fields if name != "person")


def attention_of(case: Case) -> Attention:
    """The same of a case."""
    found = sorted((r for find in FIND.values() for r in find(case)), key=lambda r: (r.tier, r.since))
    seen = tuple(r for r in found if is_seen(r, case.history))
    reasons = tuple(r for r in found if r not in seen)
    phase = case.decision.visible if case.decision is not None else None
    tier = reasons[0].tier if reasons else NOTHING
    return Attention(tier, reasons, seen, phase, last_seen(case.history), last_note(case.history))


def ranked(people: Iterable[tuple[T, Attention]]) -> list[tuple[T, Attention]]:
    """In order of the tier, then of the age of the finding: what has held for longest first."""
    return sorted(people, key=lambda one: (one[1].tier, one[1].since or date.max))
