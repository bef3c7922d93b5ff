"""What is said of a series: whether it is a change, in one sentence and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Final, Literal
from zoneinfo import ZoneInfo

from checker.care.followed import Followed
from checker.care.records import Session
from checker.care.series import Mark, What, WhyNot
from checker.care.when import when_of
from checker.words.values import COARSE_DEG, beyond, listed, number

Told = Literal["more", "less", "chance", "open"]
"""The second of two is more or less than the first by more than chance; within chance; of one only "more than" is
known."""

Verdict = Literal["better", "worse", "no_clear_change"]

EXPLAINED: Final = "That is more than measuring and good and bad days explain."
ESTIMATE: Final = "This is an estimate: it is shown, and no change is told."
NO_RULE: Final = "It is shown, and no change is told: there is no rule for it yet."

WHY_NOT: Final[dict[WhyNot, str]] = {
    WhyNot.NOT_MEASURED: "not measured",
    WhyNot.UNCHECKED: "an estimate",
    WhyNot.REPEAT: "a repeat, to see how steady the values are",
    WhyNot.PAINKILLER: "soon after a painkiller",
    WhyNot.NO_PAINKILLER: "without a painkiller, unlike the others",
    WhyNot.OTHER_TIME: "at another time of day",
    WhyNot.CAMERA: "the camera stood elsewhere",
}
"""Why a session is not compared."""

MARKS: Final[dict[Mark, str]] = {
    "episode": "new episode",
    "rules": "test changed",
    "model": "new pose model",
    "camera": "camera moved",
    "time": "new time of day",
}
"""What changed at a session: nothing is compared across the first three."""

_WHAT: Final[dict[What, str]] = {"first": "comfortable ", "furthest": "furthest ", "measure": ""}


def followed_words(followed: Followed, what: What) -> str:
    """Return what is followed: "comfortable side bend to the left"."""
    side = {"left": " to the left", "right": " to the right"}.get(followed.side or "", "")
    if followed.side is not None and not side:
        side = f" ({followed.side.replace('_', ' ')})"
    name = followed.measure.name
    return f"{_WHAT[what]}{name[:1].lower()}{name[1:]}{side}"


def value_words(value: float, unit: str, above: bool = False) -> str:
    """Return a value as it is written here: "29°", "more than 40°"."""
    return beyond(number(value, unit, COARSE_DEG), above)


def news_words(name: str, direction: Literal["grew", "fell"], before: str, after: str) -> str:
    """Return a confirmed change: "Your comfortable side bend to the left grew from 18° to 29°"."""
    verb = "grew" if direction == "grew" else "became smaller:"
    return f"Your {name} {verb} from {before} to {after}"


def news_sentence(news: str) -> str:
    """Return news with what stands behind them."""
    return f"{news}. {EXPLAINED}"


def no_change_sentence(limit: float, unit: str, news: str = "", since: date | None = None) -> str:
    """Return that nothing has changed, since the news before if there were any.

    Args:
        limit: the smallest difference that is told now.
        unit: of it.
        news: what was confirmed before, in words.
        since: on which day.
    """
    chance = f"differences under {limit_words(limit, unit)} can be chance."
    if since is None:
        return f"No clear change yet: {chance}"
    return f"{news} by {since.day} {since:%B}. No clear change since: {chance}"


def limit_words(limit: float, unit: str) -> str:
    """Return the smallest difference that is told, rounded up."""
    return number(ceil(round(limit, 6)), unit, COARSE_DEG)


def two_sessions_sentence(values: str, verdict: Told, delta: float, limit: float, unit: str, confirm: int) -> str:
    """Return whether one session differs from one other by more than chance.

    Args:
        values: both values, in words.
        verdict: what comes of them.
        delta: the second less the first.
        limit: the smallest difference that is told.
        unit: of both.
        confirm: how many sessions in a row make a change.
    """
    size = number(abs(delta), unit, COARSE_DEG)
    if verdict == "chance":
        return f"{values}. The difference of {size} {chance_words(limit, unit)}"
    if verdict == "open":
        return f"{values}. {OPEN}"
    more = f"{values}: {size} {verdict}. {EXPLAINED}"
    return f"{more} It counts as a change once {count_words(confirm)} sessions in a row show it."


def when_words(then: Session, now: Session) -> tuple[str, str]:
    """Return when each of two sessions was: "on 3 November", or "at 08:12" where both were on one day."""
    if then.day == now.day:
        first, second = (s.at.astimezone(ZoneInfo(s.zone)) for s in (then, now))
        unknown = "at an hour that is not known"
        at_first, at_second = f"at {first:%H:%M}", f"at {second:%H:%M}"
        return (at_first if then.hour_known else unknown), (at_second if now.hour_known else unknown)
    year = "" if then.day.year == now.day.year else " %Y"
    first_day, second_day = (f"on {s.day.day} {s.day:%B{year}}" for s in (then, now))
    return first_day, second_day


def listed_when(session: Session) -> str:
    """Return when a session was, for a list: "3 Nov 2026, 08:12"; the day alone where its hour is not known."""
    return when_of(session).words("%b")


def chance_words(limit: float, unit: str) -> str:
    """Return that a difference says nothing, to stand behind it."""
    return f"cannot be told from chance: it would have to be {limit_words(limit, unit)} or more."


OPEN: Final = "How far beyond is not known, so nothing is told of the difference."
"""Where of one value only "more than" is known."""


def not_alike_sentence(why: Sequence[str]) -> str:
    """Return that nothing is told of a difference, and why."""
    return f"Nothing is told of the difference: {listed(why)}."


def too_few_sentence(n: int) -> str:
    """Return that there is no baseline yet."""
    return f"No comparison yet: it begins with {count_words(n)} sessions on different days, measured in the same way."


def count_words(n: int) -> str:
    """Return a small number as a word: "two"."""
    return {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}.get(n, str(n))


def pain_words(verdict: Verdict, before: float, now: float) -> str:
    """Return whether pain has changed, from medians of a few days."""
    if verdict == "no_clear_change":
        return f"Your pain: no clear change ({before:g} of 10 at first, {now:g} now)."
    verb = "went down" if verdict == "better" else "went up"
    return f"Your pain {verb} from {before:g} to {now:g} of 10. That is more than good and bad days explain."


def rated_words(what: str, verdict: Verdict, before: float, now: float) -> str:
    """Return whether an activity, or their mean, has become easier."""
    what, span = what[:1].upper() + what[1:], f"from {before:.2g} to {now:.2g} of 10"
    if verdict == "no_clear_change":
        return f"{what}: no clear change ({before:.2g} of 10 at first, {now:.2g} now)."
    return f"{what}: {'easier' if verdict == 'better' else 'harder'}, {span}."
