"""What was planned and done of a patient's days, and what remote monitoring counts, as a physio takes it along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from checker.care import adherence_words as words
from checker.care.adherence import DayDone, days_done
from checker.care.monitoring import (
    MOST_MIN,
    SET_UP,
    TIME,
    Corrected,
    How,
    MonthCount,
    PeriodCount,
    What,
    months,
    noted_time,
    periods,
    set_up_on,
    time_of_corrections,
)
from checker.care.monitoring_rules import load_monitoring_rules
from checker.care.records import Event
from checker.report.paper import set_pdf
from checker.service.for_patient import said
from checker.service.weeks import Weeks, store
from checker.words.values import counted

NO_CLAIM: Final = (
    "It records what was kept here. It does not claim that BackCheck is a device in the sense of these codes, nor that "
    "anything may be billed."
)
WHAT: Final[dict[What, str]] = {
    "review": "Looked at what was kept",
    "contact": "Talked with the patient at the same time",
}
HOW: Final[dict[How, str]] = {
    "clock": "by the clock", "typed": "typed by hand", "corrections": "from the corrections of sessions",
}  # fmt: skip


def days_of(weeks: Weeks, count: int) -> list[DayDone]:
    """Return the newest days of a patient, the oldest first."""
    return days_done(weeks.history, weeks.today, count, weeks.rules)


def rows_of(weeks: Weeks, days: list[DayDone]) -> list[tuple[str, ...]]:
    """Return days as a table under `checker.care.adherence_words.HEAD`, the newest first."""
    return words.table(days, weeks.exercises, weeks.today)


# --- remote monitoring ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What remote monitoring counts of a patient.

    Attributes:
        set_up: the day, with the event that says so; None: it was not noted.
        uncounted: corrections whose time is not known, or too long to be.
    """

    set_up: tuple[date, Event] | None
    periods: tuple[PeriodCount, ...]
    months: tuple[MonthCount, ...]
    uncounted: int


def monitoring_of(weeks: Weeks) -> Monitoring:
    """Count it, from what is kept.

    Raises:
        checker.store.StoreError: it cannot be read.
    """
    rules, history, today = load_monitoring_rules(), weeks.history, weeks.today
    made = [
        Corrected(c.at, weeks.day_of(c.at), c.seconds, c.who)
        for c in (kept.correction for kept in store().corrections_of(weeks.person.id))
    ]
    noted = noted_time(history, today)
    corrected, uncounted = time_of_corrections(made, noted, rules)
    return Monitoring(
        set_up_on(history, today),
        tuple(periods(history, today, rules)),
        tuple(months([*noted, *corrected], today, rules)),
        uncounted,
    )


def note_set_up(weeks: Weeks, name: str, on: date, taught: str) -> None:
    """Note the day of the set-up, and what was taught.

    Raises:
        ValueError: nobody's name or nothing stands beside it, or the day is to come.
        checker.store.StoreError: it cannot be written.
    """
    weeks.by_physio(SET_UP, *said(name, taught), on=_not_to_come(weeks, on).isoformat())


def note_time(weeks: Weeks, name: str, on: date, what: What, minutes: float, how: How, note: str) -> None:
    """Note time that a physio spent.

    Raises:
        ValueError: nobody's name or nothing stands beside it, it is no time of a day, or the day is to come.
        checker.store.StoreError: it cannot be written.
    """
    minutes = round(minutes, 2)
    if not 0 < minutes <= MOST_MIN:
        raise ValueError(f"Expected more than 0 and at most {MOST_MIN:g} minutes, got {minutes:g}.")
    day = _not_to_come(weeks, on)
    weeks.by_physio(TIME, *said(name, note), on=day.isoformat(), what=what, minutes=minutes, how=how)


def _not_to_come(weeks: Weeks, on: date) -> date:
    if on > weeks.today:
        raise ValueError("Expected a day that has come.")
    return on


# --- taken along ------------------------------------------------------------------------------------


def to_csv(weeks: Weeks, days: list[DayDone]) -> str:
    """Return the days as a table for other programs."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([head.lower() for head in words.HEAD])
    table.writerows(rows_of(weeks, days))
    return text.getvalue()


def to_pdf(weeks: Weeks, days: list[DayDone], monitoring: Monitoring | None) -> bytes:
    """Return the physio's report of the days.

    Args:
        weeks: of the patient.
        days: that it is of.
        monitoring: what else it is to have; None: it is switched off.
    """
    first = f"{days[0].day.day} {days[0].day:%B %Y}" if days else ""
    data: dict[str, Any] = {
        "title": f"Planned and done: {weeks.person.name}",
        "date": f"{first} to {weeks.today.day} {weeks.today:%B %Y}",
        "lead": words.in_short(days, weeks.today),
        "days": {"head": list(words.HEAD), "rows": rows_of(weeks, days), "empty": "There are no days yet."},
        "parts": list(_parts(monitoring)) if monitoring is not None else [],
    }
    return set_pdf("days.typ", data, weeks.now)


def _parts(found: Monitoring) -> Iterator[dict[str, Any]]:
    yield {
        "title": "Remote monitoring: days with data",
        "lines": [NO_CLAIM, set_up_words(found)],
        "table": {"head": list(PERIOD_HEAD), "rows": period_rows(found), "empty": "No period has begun."},
    }
    yield {
        "title": "Remote monitoring: minutes in each month",
        "lines": [uncounted_words(found)] if found.uncounted else [],
        "table": {"head": list(MONTH_HEAD), "rows": month_rows(found), "empty": "No time was noted."},
    }


PERIOD_HEAD: Final = ("Period", "Days with data", "Of them measured", "Code")
MONTH_HEAD: Final = ("Month", "Minutes", "Real-time contacts", "Code")


def set_up_words(found: Monitoring) -> str:
    """Return when it was set up, with the code of that."""
    if found.set_up is None:
        return "The set-up was not noted, so no period has begun."
    on, event = found.set_up
    code = load_monitoring_rules().set_up.code
    return f"Set up and taught on {on.day} {on:%B %Y} by {event.name} ({code}): {event.reason}"


def period_rows(found: Monitoring) -> list[tuple[str, ...]]:
    """Return a row a period, under `PERIOD_HEAD`."""
    return [
        (
            f"{p.first.day} {p.first:%b %Y} to {p.last.day} {p.last:%b %Y}",
            f"{len(p.days)}{'' if p.is_over else ' so far'}",
            str(sum(day.measured for day in p.days)),
            p.code or "none",
        )
        for p in found.periods
    ]


def month_rows(found: Monitoring) -> list[tuple[str, ...]]:
    """Return a row a month, under `MONTH_HEAD`."""
    return [
        (
            f"{date(m.year, m.month, 1):%B %Y}",
            f"{m.minutes:.1f}{'' if m.is_over else ' so far'}",
            str(m.contacts),
            ", ".join(code if times == 1 else f"{code} × {times}" for code, times in m.codes) or f"none: {m.why_none}",
        )
        for m in found.months
    ]


def uncounted_words(found: Monitoring) -> str:
    """Return how much is not counted, and why."""
    longest = load_monitoring_rules().known.longest_s / 60.0
    what = counted(found.uncounted, "correction")
    return f"The time of {what} is not counted: it was not measured, or more than {longest:g} minutes had passed."
