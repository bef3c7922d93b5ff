"""What a physio decides, and what is routine: one small function for each rule of `worklist.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from checker.care import facts, flare, weekly
from checker.care.change_words import value_words
from checker.care.overrides import phase_set
from checker.care.place import LAST_BY_RULE
from checker.care.worklist_case import Case, Reason, day_of, day_words
from checker.care.worklist_seen import last_seen

TARGET_PHASE = 5
"""The phase whose target is a physio's."""

OFFER_OF_9 = "enter_phase_9"


def ready_for_5(case: Case) -> Iterator[Reason]:
    """The phase of the targets has begun, and nobody has set one for its tests."""
    decision = case.decision
    if decision is None or decision.phase.get("mobility") != TARGET_PHASE or TARGET_PHASE in decision.finished:
        return
    tests = case.basis.care.phase(TARGET_PHASE).tests
    if any(case.set_by_physio.targets.get(test) for test in tests):
        return
    since = decision.since.get("mobility", decision.date)
    yield case.reason("ready_for_5", since, {"day": day_words(since)})


def ready_for_9(case: Case) -> Iterator[Reason]:
    """The newest decision offers the phase that no rule enters."""
    if case.decision is None or all(o.kind != OFFER_OF_9 for o in case.decision.offers):
        return
    offered = takewhile(lambda e: _offers(e.data.get("offers")), reversed(case.decisions))
    days = [day for e in offered if (day := day_of(e.data)) is not None]
    yield case.reason("ready_for_9", min(days, default=case.decision.date))


def _offers(offers: object) -> bool:
    return isinstance(offers, list) and any(isinstance(o, dict) and o.get("kind") == OFFER_OF_9 for o in offers)


def ready_for_10(case: Case) -> Iterator[Reason]:
    """In the physio's phase for so long without a flare-up."""
    rule, decision = case.basis.worklist.ready_for_10, case.decision
    entered = [e for e in case.history.events if phase_set(e) is not None]
    if decision is None or decision.visible != LAST_BY_RULE + 1 or not entered:
        return
    flares = [d + timedelta(days=1) for d in flare.flare_days(case.history)]
    since = max([entered[-1].day, *flares]) + timedelta(days=rule.days)
    if phase_set(entered[-1]) == LAST_BY_RULE + 1 and case.today >= since:
        days = rule.days + (case.today - since).days
        yield case.reason("ready_for_10", since, {"days": days}, state=str(since))


def target_reached(case: Case) -> Iterator[Reason]:
    """A physio's target was reached in the newest sessions."""
    n = case.basis.worklist.target_reached.sessions
    for name, of_sides in case.set_by_physio.targets.items():
        for measured in case.tests.get(name, ()):
            followed = measured.followed
            target = of_sides.get(followed.side or "both")
            newest = list(dict(measured.values).items())[-n:]  # the last value of each day
            values = [value for _, value in newest]
            if target is None or len(values) < n or min(values) < target:
                continue
            yield case.reason(
                "target_reached",
                newest[-1][0],
                {
                    "what": measured.name,
                    "value": " and ".join(value_words(v, followed.unit) for v in values),
                    "sessions": n,
                    "target": value_words(target, followed.unit),
                },
                about=f"{name}/{followed.side or ''}",
                state=f"{target:g}",
            )


def lock_ends(case: Case) -> Iterator[Reason]:
    """A physio's lock of a phase ends soon, or has just ended."""
    rule = case.basis.worklist.lock_ends
    locks = [e for e in facts.events_of(case.history, "locked", "unlocked") if e.who == "physio"]
    until = day_of(locks[-1].data, "until") if locks and locks[-1].kind == "locked" else None
    if until is None or not -rule.after_days <= (until - case.today).days <= rule.ahead_days:
        return
    verb = "ends" if until >= case.today else "ended"
    since = until - timedelta(days=rule.ahead_days)
    yield case.reason("lock_ends", since, {"day": day_words(until), "verb": verb}, state=str(until))


# --- routine --------------------------------------------------------------------------------------


def weekly_look(case: Case) -> Iterator[Reason]:
    """The patient's weekly look is due."""
    due = weekly.due_on(case.history, case.basis.care)
    if due is not None and weekly.is_due(case.history, case.today, case.basis.care):
        yield case.reason("weekly_look", due, {"day": day_words(due)}, state=str(due))


def review(case: Case) -> Iterator[Reason]:
    """Nobody has looked for a week; of somebody who has only been added there is nothing to look at."""
    rule = case.basis.worklist.review
    last = last_seen(case.history) or _first_day(case)
    if last is None:
        return
    days = (case.today - last).days
    if days >= rule.days:
        yield case.reason("review", last + timedelta(days=rule.days), {"days": days}, state=str(last))


def _first_day(case: Case) -> date | None:
    """The day of the first record of any kind that tells something."""
    kinds = (case.history.check_ins, case.history.sessions)
    return min((records[0].day for records in kinds if records), default=None)
