"""What was planned and done, in words: for the patient as for the physio, and never to scold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from checker.care.adherence import PLANNED, DayDone, DayState, ItemDone, ItemState
from checker.care.records import Amount
from checker.exercise import Exercise
from checker.words.values import counted, listed

DAY_WORDS: Final[dict[DayState, str]] = {
    "done": "all of the plan",
    "partly": "some of the plan",
    "other": "something else than the plan",
    "open": "nothing of the plan",
    "free": "something without a plan",
    "none": "no plan",
}
ITEM_WORDS: Final[dict[ItemState, str]] = {"done": "done", "partly": "partly", "open": "not done"}

NOT_YET: Final = "nothing of the plan yet"

HEAD: Final = ("Day", "Movement", "Planned", "Done", "Share", "State")
NOT_COUNTED: Final = "done, not counted"
NOTHING: Final = "–"


def day_words(day: DayDone, today: date) -> str:
    """How a day went: today is not over."""
    return NOT_YET if day.state == "open" and day.day == today else DAY_WORDS[day.state]


def items_words(day: DayDone) -> str:
    """How many movements of its plan were done: "2 of 6 done, 1 partly"; empty where there was none."""
    if not day.items:
        return ""
    partly = f", {day.partly} partly" if day.partly else ""
    return f"{day.done} of {len(day.items)} done{partly}"


def amount_words(amount: Amount, most: Amount | None = None, *, has_sides: bool = False) -> str:
    """How much is asked for: "2 sets of 8 to 10 times", "3 times 30 s"."""
    parts = []
    if amount.repetitions is not None:
        upper = most.repetitions if most is not None and most.repetitions not in {None, amount.repetitions} else None
        times = f"{amount.repetitions} to {upper} times" if upper else counted(amount.repetitions, "time")
        parts.append(f"{times} each side" if has_sides else times)
    parts += [length_words(s) for s in (amount.hold_s, amount.duration_s) if s is not None]
    text = ", ".join(parts) or "as long as it feels good"
    text = f"{amount.sets} sets of {text}" if amount.sets > 1 else text
    return f"{text}, {amount.times_a_day} times a day" if amount.times_a_day > 1 else text


def length_words(length_s: float) -> str:
    """A time in words: "30 s", "5 min"."""
    return f"{length_s / 60:g} min" if length_s >= 90 else f"{length_s:g} s"


def done_words(item: ItemDone) -> str:
    """What was done of a movement on a day: "6 times, held 12 s"; what nobody counted says so."""
    if not item.sessions:
        return NOTHING
    repetitions = [s.amount.repetitions for s in item.sessions if s.amount.repetitions is not None]
    held_s = [s.amount.hold_s for s in item.sessions if s.amount.hold_s is not None]
    lasted_s = [s.amount.duration_s for s in item.sessions if s.amount.duration_s is not None]
    parts = [counted(sum(repetitions), "time")] if repetitions else []
    parts += [f"held {length_words(round(max(held_s)))}"] if held_s else []
    wants_time = item.planned is not None and item.planned.duration_s is not None
    parts += [length_words(round(sum(lasted_s)))] if lasted_s and (wants_time or not parts) else []
    return ", ".join(parts) or NOT_COUNTED


def share_words(item: ItemDone) -> str:
    """The share of the plan that was done: "75 %"; never more than all of it. What was not counted has none."""
    if item.share is None:
        return ""
    return f"{min(item.share, 1.0):.0%}".replace("%", " %") if item.is_counted else "not counted"


def table(days: Iterable[DayDone], exercises: Mapping[str, Exercise], today: date) -> list[tuple[str, ...]]:
    """A row a movement and day, under `HEAD`, the newest day first. A day without a plan is one row."""
    rows: list[tuple[str, ...]] = []
    for day in sorted(days, key=lambda d: d.day, reverse=True):
        name = f"{day.day:%a} {day.day.day} {day.day:%b %Y}"
        words = ITEM_WORDS | ({"open": "not yet"} if day.day == today else {})
        rows += [(name, *_row(item, exercises, words[item.state])) for item in day.planned]
        rows += [(name, *_row(item, exercises, "without a plan")) for item in day.besides]
        if not day.planned and not day.besides:
            rows.append((name, "", NOTHING, NOTHING, "", DAY_WORDS["none"]))
    return rows


def _row(item: ItemDone, exercises: Mapping[str, Exercise], state: str) -> tuple[str, ...]:
    exercise = exercises.get(item.exercise)
    sided = exercise is not None and len(exercise.sides) > 1
    planned = NOTHING if item.planned is None else amount_words(item.planned, has_sides=sided)
    name = exercise.name if exercise is not None else item.exercise
    return name, planned, done_words(item), share_words(item), state


def in_short(days: Sequence[DayDone], today: date) -> str:
    """The days in a sentence for the physio; a plan of today of which nothing is done yet does not count.

    "Something was done on 12 of 18 planned days: all of the plan on 8, some on 3 and something else on 1. Without a
    plan: 10 days, with something done on 2."
    """
    planned = [d for d in days if d.state in PLANNED and not (d.state == "open" and d.day == today)]
    if not planned:
        return "Nothing was planned in these days."
    whole, some, other = (sum(d.state == state for d in planned) for state in ("done", "partly", "other"))
    parts = [f"all of the plan on {whole}"] if whole else []
    parts += [f"some on {some}"] if some else []
    parts += [f"something else on {other}"] if other else []
    told = f": {listed(parts)}" if parts else ""
    free = sum(d.state == "free" for d in days)
    without = free + sum(d.state == "none" for d in days)
    text = f"Something was done on {whole + some + other} of {counted(len(planned), 'planned day')}{told}."
    if not without:
        return text
    return f"{text} Without a plan: {counted(without, 'day')}{f', with something done on {free}' if free else ''}."
