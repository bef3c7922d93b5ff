"""Whether what the person says has changed: pain from 0 to 10, and the activities that matter most to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from checker.care.change_rules import ChangeRules
from checker.care.change_words import Verdict, pain_words, rated_words
from checker.care.records import ActivityAnswer, History
from checker.care.sem import SLACK


@dataclass(frozen=True, slots=True)
class Told:
    """What has become of something that the person rates; less is better."""

    verdict: Verdict
    before: float
    now: float
    sentence: str


def pain_verdict(before: float, now: float, rules: ChangeRules) -> Verdict:
    """Whether pain has changed: by 2 points of 10 and by 30 per cent of what it was."""
    change = now - before
    if abs(change) < rules.told.pain.value or abs(change) < rules.told.pain_share.value * before:
        return "no_clear_change"
    return "better" if change < 0 else "worse"


def pain_change(history: History, today: date, rules: ChangeRules) -> Told | None:
    """Pain now against pain at first: the medians of the first days and of the last days that do not overlap.

    Pain right after a session is left out: it says more of the session. The first days are those of the newest
    episode. None where either has no answer.
    """
    onset = _onset(history)
    answers = [
        (c.day, c.pain) for c in history.check_ins if c.kind != "after" and c.pain is not None and c.day >= onset
    ]
    span = timedelta(days=rules.told.pain_days.value)
    if not answers:
        return None
    first = [pain for day, pain in answers if day < answers[0][0] + span]
    newest = [pain for day, pain in answers if today - span < day <= today and day >= answers[0][0] + span]
    if not newest:
        return None
    before, now = float(median(first)), float(median(newest))
    verdict = pain_verdict(before, now, rules)
    return Told(verdict, before, now, pain_words(verdict, before, now))


def activity_changes(history: History, rules: ChangeRules) -> dict[str, Told]:
    """Each activity by itself: its newest answer against its first one; only what was rated on two days."""
    found = {}
    for activity, answers in _by_activity(history).items():
        before, now = float(answers[0].difficulty), float(answers[-1].difficulty)
        verdict = _verdict(now - before, rules.told.activity.value)
        found[activity] = Told(verdict, before, now, rated_words(f"“{activity}”", verdict, before, now))
    return found


def activities_change(history: History, rules: ChangeRules) -> Told | None:
    """The mean of the activities that were rated on two days, newest against first; None where there is none."""
    rated = _by_activity(history).values()
    if not rated:
        return None
    before = fmean(answers[0].difficulty for answers in rated)
    now = fmean(answers[-1].difficulty for answers in rated)
    verdict = _verdict(now - before, rules.told.activities.value)
    return Told(verdict, before, now, rated_words("your activities, on average", verdict, before, now))


def _verdict(change: float, limit: float) -> Verdict:
    if abs(change) < limit - SLACK:
        return "no_clear_change"
    return "better" if change < 0 else "worse"


def _by_activity(history: History) -> dict[str, list[ActivityAnswer]]:
    """The answers of the newest episode by activity, where there are some of two days."""
    onset = _onset(history)
    found: dict[str, list[ActivityAnswer]] = {}
    for answer in history.activities:
        if answer.day >= onset:
            found.setdefault(answer.activity, []).append(answer)
    return {name: answers for name, answers in found.items() if answers[0].day < answers[-1].day}


def _onset(history: History) -> date:
    """When the newest episode began; the first of all days where there is none."""
    return max((e.onset for e in history.episodes), default=date.min)
