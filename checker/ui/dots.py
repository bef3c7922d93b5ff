"""The days of some weeks as a calendar: how much of each day's plan was done, by shape and by words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from checker.care.adherence import ACTIVE, DayDone, DayState
from checker.care.adherence_words import DAY_WORDS, day_words, items_words
from checker.words.values import counted

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def calendar(days: Sequence[DayDone], today: date) -> str:
    """Return the days as a table, ready for `st.html`: a row a week, a shape and hidden words for each day."""
    if not days:
        return ""
    by_day = {d.day: d for d in days}
    first = days[0].day - timedelta(days=days[0].day.weekday())
    weeks = (days[-1].day - first).days // 7 + 1
    head = "".join(f'<th scope="col">{name}</th>' for name in WEEKDAYS)
    rows = "".join(_row(first + timedelta(weeks=n), by_day, today) for n in range(weeks))
    legend = "".join(f"<span>{_shape(state)}{words}</span>" for state, words in DAY_WORDS.items())
    return (
        f'<table class="bc-days"><caption class="bc-hidden">What was planned and done, by day</caption>'
        f'<thead><tr><th scope="col">Week</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="bc-legend">{legend}</p>'
    )


def days_words(days: Sequence[DayDone]) -> str:
    """Return the same in words: "You did something on 12 days, all of the plan on 3. Days without a plan: 4."."""
    count = Counter(d.state for d in days)
    active = sum(count[state] for state in ACTIVE)
    if not active:
        return "It begins with your next movement."
    whole = f", all of the plan on {count['done']}" if count["done"] else ""
    without = count["none"] + count["free"]
    told = f" Days without a plan: {without}." if without else ""
    return f"You did something on {counted(active, 'day')}{whole}.{told}"


def _row(monday: date, by_day: dict[date, DayDone], today: date) -> str:
    cells = "".join(_cell(by_day.get(monday + timedelta(days=n)), today) for n in range(7))
    return f'<tr><th scope="row">{monday.day} {monday:%b}</th>{cells}</tr>'


def _cell(day: DayDone | None, today: date) -> str:
    if day is None:
        return "<td></td>"
    words = ", ".join(filter(None, (f"{day.day.day} {day.day:%B}: {day_words(day, today)}", items_words(day))))
    return f'<td title="{words}">{_shape(day.state)}<span class="bc-hidden">{words}</span></td>'


def _shape(state: DayState) -> str:
    return f'<i class="bc-dot" data-state="{state}" aria-hidden="true"></i>'


def row(days: Sequence[DayDone], today: date) -> str:
    """Return the newest days as one row of shapes, for a list of people; its words are read by who cannot see it."""
    if not days:
        return ""
    words = ", ".join(f"{day.day.day} {day.day:%B}: {day_words(day, today)}" for day in days)
    return f'<span class="bc-dot-row" role="img" aria-label="{words}">{"".join(_shape(d.state) for d in days)}</span>'
