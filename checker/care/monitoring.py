"""Days with data and minutes of review, as the codes of remote monitoring ask for them: counted, never guessed.

It records what was kept. It does not claim that BackCheck is a device in the sense of those codes.

Kinds of events of a physio, and their data:

- "monitoring_set_up": {"on": "2026-11-27"}; the reason says what was taught
- "monitoring_time": {"on": day, "what": "review" or "contact", "minutes": number, "how": "clock" or "typed"}
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from checker.care.monitoring_rules import MonitoringRules
from checker.care.overrides import taken_back
from checker.care.records import Event, History
from checker.care.series import newest_records

SET_UP: Final = "monitoring_set_up"
TIME: Final = "monitoring_time"

What = Literal["review", "contact"]
"""Looking at what was kept, or talking with the patient at the same time: by telephone, video or face to face."""

How = Literal["clock", "typed", "corrections"]
"""By a clock that was begun and ended; typed by hand; the time that the corrections of sessions took."""

MOST_MIN: Final = 24 * 60.0


@dataclass(frozen=True, slots=True)
class Spent:
    """Time that a physio spent.

    Attributes:
        event: that noted it; None of corrections.
    """

    day: date
    what: What
    minutes: float
    how: How
    who: str
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction of a session.

    Attributes:
        at: when it was made; those that were made at once share their time.
        day: the local day.
        seconds: since the one before it, or since the session was opened; None where that was not measured.
        who: the reviewer.
    """

    at: datetime
    day: date
    seconds: float | None
    who: str


@dataclass(frozen=True, slots=True)
class DayData:
    """A day with data.

    Attributes:
        measured: whether something was measured by the camera; `done`: whether a session ended without a value.
        told: whether the patient told how it is.
    """

    day: date
    measured: bool
    done: bool
    told: bool


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """One period of days from the set-up on.

    Attributes:
        is_over: whether its last day has passed; until then it is a count so far.
        code: of so many days; None where there is none.
    """

    first: date
    last: date
    days: tuple[DayData, ...]
    is_over: bool
    code: str | None


@dataclass(frozen=True, slots=True)
class MonthCount:
    """One calendar month.

    Attributes:
        minutes: of review and contact together.
        contacts: how many real-time contacts were noted.
        codes: with how often each; empty where none is reached.
        why_none: why there is none, in words; empty where there is one.
    """

    year: int
    month: int
    minutes: float
    contacts: int
    spent: tuple[Spent, ...]
    is_over: bool
    codes: tuple[tuple[str, int], ...]
    why_none: str


def set_up_on(history: History, today: date) -> tuple[date, Event] | None:
    """The day of the newest set-up that holds, with its event; None: none was noted."""
    found = [(day, e) for e in _events(history, SET_UP, today) if (day := _day(e)) is not None and day <= today]
    return max(found, key=lambda pair: pair[1].at) if found else None


def days_with_data(history: History, first: date, last: date) -> list[DayData]:
    """The days on which the patient did, measured or told something."""
    measured: set[date] = set()
    done: set[date] = set()
    for session in newest_records(history):
        if session.ended_at is not None:
            (measured if session.measured else done).add(session.day)
    told = {c.day for c in history.check_ins} | {a.day for a in history.ladder} | {a.day for a in history.activities}
    days = sorted(d for d in measured | done | told if first <= d <= last)
    return [DayData(d, d in measured, d in done, d in told) for d in days]


def periods(history: History, today: date, rules: MonitoringRules) -> list[PeriodCount]:
    """The periods from the set-up on, the oldest first; none without a set-up: nobody knows when they begin."""
    begun = set_up_on(history, today)
    if begun is None:
        return []
    found, first, length = [], begun[0], timedelta(days=rules.period.days)
    while first <= today:
        last = first + length - timedelta(days=1)
        days = tuple(days_with_data(history, first, min(last, today)))
        code = next((span.code for span in rules.period.codes if span.has(len(days))), None)
        found.append(PeriodCount(first, last, days, last < today, code))
        first += length
    return found


def noted_time(history: History, today: date) -> list[Spent]:
    """What was noted of time spent, and not taken back; what does not fit is left alone."""
    found = []
    for event in _events(history, TIME, today):
        day, what, minutes = _day(event), event.data.get("what"), event.data.get("minutes")
        is_time = isinstance(minutes, int | float) and not isinstance(minutes, bool) and 0 < minutes <= MOST_MIN
        if day is not None and what in get_args(What) and is_time and day <= today:
            how: How = "clock" if event.data.get("how") == "clock" else "typed"
            found.append(Spent(day, what, float(minutes), how, event.name, event))  # type: ignore[arg-type]
    return found


def time_of_corrections(
    made: Iterable[Corrected], noted: Iterable[Spent], rules: MonitoringRules
) -> tuple[list[Spent], int]:
    """The time that corrections took, one entry a day and reviewer, and how many of them are not counted.

    Args:
        made: the corrections of the patient's sessions.
        noted: what was noted of time spent: what was made while a clock ran is counted by that clock.
        rules: how long the time before a correction may have been to be counted.
    """
    clocks = [
        (one.event.at - timedelta(minutes=one.minutes), one.event.at, one.who)
        for one in noted
        if one.how == "clock" and one.event is not None
    ]
    at_once: dict[tuple[datetime, date, str], list[float | None]] = {}
    for one in made:
        if not any(began <= one.at <= ended and who == one.who for began, ended, who in clocks):
            at_once.setdefault((one.at, one.day, one.who), []).append(one.seconds)
    sums: dict[tuple[date, str], float] = {}
    left_out = 0
    for (_, day, who), parts in at_once.items():
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or sum(known) > rules.known.longest_s:
            left_out += len(parts)
        else:
            sums[day, who] = sums.get((day, who), 0.0) + sum(known)
    return [Spent(d, "review", s / 60.0, "corrections", who) for (d, who), s in sorted(sums.items()) if s > 0], left_out


def months(spent: Sequence[Spent], today: date, rules: MonitoringRules) -> list[MonthCount]:
    """The calendar months in which time was spent, the oldest first."""
    by_month: dict[tuple[int, int], list[Spent]] = {}
    for one in sorted(spent, key=lambda s: s.day):
        by_month.setdefault((one.day.year, one.day.month), []).append(one)
    return [_month(year, month, own, today, rules) for (year, month), own in sorted(by_month.items())]


def _month(year: int, month: int, spent: list[Spent], today: date, rules: MonitoringRules) -> MonthCount:
    minutes = sum(one.minutes for one in spent)
    contacts = sum(one.what == "contact" for one in spent)
    codes = _codes_of(minutes, rules)
    why = ""
    if not codes:
        why = f"less than {rules.month.codes[0].first} minutes"
    elif rules.month.needs_contact and not contacts:
        codes, why = (), "no real-time contact was noted"
    is_over = (year, month) < (today.year, today.month)
    return MonthCount(year, month, minutes, contacts, tuple(spent), is_over, codes, why)


def _codes_of(minutes: float, rules: MonitoringRules) -> tuple[tuple[str, int], ...]:
    """The codes of so many minutes: whole minutes count, begun ones do not."""
    rule = rules.month
    reached = next((span for span in rule.codes if span.has(minutes)), None)
    if reached is None:
        return ()
    further = (int(minutes) - reached.first) // rule.further_min if reached is rule.codes[-1] else 0
    return ((reached.code, 1), (rule.further_code, further)) if further else ((reached.code, 1),)


def _events(history: History, kind: str, today: date) -> list[Event]:
    back = taken_back(history, today)
    return [e for e in history.events if e.kind == kind and e.who == "physio" and e.id not in back and e.day <= today]


def _day(event: Event) -> date | None:
    on = event.data.get("on")
    try:
        return date.fromisoformat(on) if isinstance(on, str) else None
    except ValueError:
        return None
