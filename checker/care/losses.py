"""A confirmed loss of the range before pain, by the statistics of change: what the programme goes back for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from checker.care.change import change_of, own_evidence
from checker.care.change_rules import ChangeRules
from checker.care.followed import main_followed
from checker.care.records import History
from checker.care.series import series_of
from checker.exercise import Exercise


def confirmed_losses(history: History, exercises: Mapping[str, Exercise], rules: ChangeRules) -> dict[str, date]:
    """The self-tests of which one side has become less, with the day of the session that confirmed it.

    A loss that a later gain has made good is none. Only the newest stretch counts: the open episode, one model.

    Args:
        history: of one person, as far as it is to be looked at.
        exercises: the movements by their ids.
        rules: of change.
    """
    measured = {s.exercise for s in history.sessions if any(r.first is not None for r in s.ranges)}
    found = {}
    for name in sorted(name for name in measured & exercises.keys() if exercises[name].measures):
        days = [day for side in exercises[name].sides if (day := _lost(history, exercises[name], side, rules))]
        if days:
            found[name] = max(days)
    return found


def _lost(history: History, exercise: Exercise, side: str | None, rules: ChangeRules) -> date | None:
    followed = main_followed(exercise, side)
    evidence = own_evidence(history, followed, "first", rules)
    news = change_of(series_of(history, followed, rules), rules, evidence).news
    return news[-1].by[-1].point.day if news and news[-1].direction == "fell" else None
