"""The weekly look: when it is due, and what has become of each thing since the beginning, with the rule that says so.

What is kept of it are the answers themselves, and one event when it is done or put off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from checker.care import facts
from checker.care.change import Change
from checker.care.change_rules import ChangeRules
from checker.care.change_words import Verdict, count_words
from checker.care.flare import flare_days
from checker.care.progress import Progress, SideProgress
from checker.care.questions import blocked, open_questions
from checker.care.records import History
from checker.care.rules import Rules
from checker.care.severity import NO_LIMIT
from checker.care.told import activities_change, activity_changes, pain_change
from checker.words.values import COARSE_DEG, number

DONE, PUT_OFF = "weekly_done", "weekly_put_off"
"""Kinds of the events that say so; the day is theirs."""

OVERALL: Final = "global_change"
"""The instrument under which an `Outcome` keeps the change since the beginning, and its one item."""

STEPS: Final[dict[int, str]] = {
    3: "Very much better",
    2: "Much better",
    1: "A little better",
    0: "The same",
    -1: "A little worse",
    -2: "Much worse",
    -3: "Very much worse",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What has become of one thing.

    Attributes:
        verdict: None where it cannot be told yet.
        rule: what it takes, in words.
    """

    what: str
    verdict: Verdict | None
    sentence: str
    rule: str


# --- when -----------------------------------------------------------------------------------------


def is_due(history: History, today: date, rules: Rules) -> bool:
    """Whether it is time: so many days after the last one, or after the programme began.

    Not on a day on which it was put off, not in a flare-up, and not while a safety question blocks anything. With
    it the criterion "reevaluated" of the phases from 4 on is met: its safety questions are due on the same day.
    """
    due = due_on(history, rules)
    if due is None or today < due or any(e.day == today for e in facts.events_of(history, PUT_OFF)):
        return False
    return today not in flare_days(history) and blocked(open_questions(history, rules), rules) == "nothing"


def due_on(history: History, rules: Rules) -> date | None:
    """The day from which it is due; None before the programme has begun."""
    last = last_done(history)
    if last is None:
        last = history.ladder[0].day if history.ladder else None
    return None if last is None else last + timedelta(days=rules.advice.weekly.days)


def last_done(history: History) -> date | None:
    """The day of the last one; None where there was none."""
    return max((e.day for e in facts.events_of(history, DONE)), default=None)


def is_done_on(history: History, day: date) -> bool:
    """Whether it was done on a day: then the tests are planned on it as well."""
    return any(e.day == day for e in facts.events_of(history, DONE))


def activities_now(history: History, rules: Rules) -> list[str]:
    """The activities that matter most to the person, as they were rated last; empty where none were chosen yet."""
    newest = max((a.day for a in history.activities), default=None)
    names = dict.fromkeys(a.activity for a in history.activities if a.day == newest)
    return list(names)[-rules.severity.activities.most :]


# --- what has become of it ------------------------------------------------------------------------


def result(
    history: History, today: date, rules: Rules, change_rules: ChangeRules, tests: Iterable[Progress]
) -> list[Line]:
    """A line for each thing: pain, the activities, the ladder, the change overall, and each side of each test."""
    history = facts.known_on(history, today)
    lines: list[Line | None] = [_pain(history, today, change_rules), *_activities(history, change_rules)]
    lines += [_ladder(history, rules), _overall(history, change_rules)]
    lines += [_side(test, side, change_rules) for test in tests for side in test.sides]
    return [line for line in lines if line is not None]


def change_verdict(change: Change) -> Verdict | None:
    """What the confirmed changes of a series come to in all: its first baseline against its newest one.

    None where nothing can be told.
    """
    if change.state in {"too_few", "estimate", "no_rule"}:
        return None
    if not change.news or change.latest is None:
        return "no_clear_change"
    delta = change.news[-1].after.value - change.news[0].before.value
    if abs(delta) < change.latest.limit:
        return "no_clear_change"
    return "better" if delta > 0 else "worse"


def _pain(history: History, today: date, rules: ChangeRules) -> Line:
    told, of = pain_change(history, today, rules), rules.told
    rule = (
        f"A change is at least {of.pain.value:g} of 10 and {of.pain_share.value:.0%} of what it was; "
        f"the middle of {of.pain_days.value} days."
    )
    if told is None:
        text = f"Not yet: it is compared after {of.pain_days.value} days."
        return Line("Pain", None, text, rule)
    return Line("Pain", told.verdict, told.sentence, rule)


def _activities(history: History, rules: ChangeRules) -> Iterator[Line]:
    of = rules.told
    mean = activities_change(history, rules)
    if mean is None:
        if history.activities:
            text = "Not yet: it is compared once they have been rated on two days."
            yield Line("Your activities", None, text, f"A change is at least {of.activities.value:g} of 10 on average.")
        return
    rule = f"A change is at least {of.activities.value:g} of 10 on average."
    yield Line("Your activities", mean.verdict, mean.sentence, rule)
    for name, told in activity_changes(history, rules).items():
        rule = f"A change of one activity is at least {of.activity.value:g} of 10."
        yield Line(name[:1].upper() + name[1:], told.verdict, told.sentence, rule)


def _ladder(history: History, rules: Rules) -> Line | None:
    """The lightest activity that is hard: in the first answers, and now."""
    hard_from = rules.severity.severity.hard_from
    first: dict[int, int] = {}
    newest: dict[int, int] = {}
    onset = facts.newest_episode(history)
    for answer in history.ladder:
        if answer.difficulty is not None and (onset is None or answer.day >= onset.onset):
            first.setdefault(answer.rung, answer.difficulty)
            newest[answer.rung] = answer.difficulty
    if not newest:
        return None
    before, now = (min((r for r, d in told.items() if d >= hard_from), default=NO_LIMIT) for told in (first, newest))
    verdict: Verdict = "no_clear_change" if before == now else "better" if now > before else "worse"
    rule = f"By the lightest activity that is hard: {hard_from} of 10 or more."
    words = [_rung(r, rules) for r in (before, now)]
    if before == now:
        return Line("What is hard", verdict, f"The lightest that is hard: {words[1]}, as at first.", rule)
    return Line("What is hard", verdict, f"The lightest that is hard: {words[0]} at first, {words[1]} now.", rule)


def _rung(rung: int, rules: Rules) -> str:
    return "nothing of the list" if rung == NO_LIMIT else rules.severity.rungs[rung - 1].short


def _overall(history: History, rules: ChangeRules) -> Line | None:
    told = [o for o in history.outcomes if o.instrument == OVERALL and o.score is not None]
    if not told or told[-1].score is None:
        return None
    step = round(told[-1].score)
    limit = rules.told.overall.value
    verdict: Verdict = "no_clear_change" if abs(step) < limit else "better" if step > 0 else "worse"
    rule = f"By your own word, from “{STEPS[ceil(limit)].lower()}” or “{STEPS[-ceil(limit)].lower()}” on."
    return Line("Overall", verdict, f"{STEPS[step]}, you say.", rule)


def _side(test: Progress, side: SideProgress, rules: ChangeRules) -> Line:
    change, unit = side.change, side.series.followed.unit
    name = f"{test.exercise.name}, {side.name.lower()}" if side.name else test.exercise.name
    in_a_row = count_words(rules.change.confirm.value).capitalize()
    rule = f"{in_a_row} sessions in a row must differ from the first ones by more than chance."
    if change.latest is not None:
        least = number(ceil(round(change.latest.limit, 6)), unit, COARSE_DEG)
        rule = f"{in_a_row} sessions in a row must differ by {least} or more."
    return Line(name, change_verdict(change), change.sentence, rule)
