"""What a physio sets for one patient, and what they write to them: events that are added and taken back, never changed.

The programme obeys what is set (`checker/care/overrides.py`), and so does the patient's own version of a movement
(`checker/care/own_version.py`). Nothing here changes a movement for anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from checker.care.followed import main_followed
from checker.care.overrides import TAKEN_BACK, is_over, last_day, overrides, taken_back
from checker.care.records import Event, History
from checker.care.settable import why_not
from checker.exercise import Exercise
from checker.library import changeable_numbers
from checker.service.weeks import Weeks
from checker.words.set_by_physio import set_words
from checker.words.values import scale_of

Setting = Literal[
    "phase_set", "locked", "exercise_barred", "exercise_added", "dose_set", "target_set", "limit_set", "number_set",
    "back_after_set",
]  # fmt: skip

SETTINGS: Final[dict[Setting, str]] = {
    "target_set": "A target",
    "limit_set": "A limit",
    "dose_set": "How much of a movement",
    "number_set": "A threshold, or another number it is judged by",
    "exercise_barred": "Leave a movement out",
    "exercise_added": "Add a movement",
    "phase_set": "The phase",
    "locked": "Stay in this phase",
    "back_after_set": "After how many hard days a step back",
}
"""What can be set, in words."""

MESSAGE: Final = "message"
MESSAGE_READ: Final = "message_read"
NOTE: Final = "note"
LETTERS: Final[dict[str, str]] = {MESSAGE: "A message, until it is read", NOTE: "A note on Today"}

LONGEST_TEXT: Final = 500
"""Letters of a reason, a note or a message."""

AGAINST: Final[dict[str, str]] = {"exercise_added": "exercise_barred", "exercise_barred": "exercise_added"}
"""A movement is one or the other: the newer one holds."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Something that a physio has set and that holds.

    Attributes:
        event: that set it, with reason, name and time.
        words: it in a line.
    """

    event: Event
    words: str

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it can: a phase cannot, another one is set."""
        return self.event.kind != "phase_set"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the record: something was set or written, or it was taken back."""

    event: Event
    words: str


def holding(weeks: Weeks, exercise_id: str | None = None) -> list[Holding]:
    """What a physio has set and what holds today, the newest first.

    Args:
        weeks: of the patient.
        exercise_id: what is of this movement alone; None: all of it.
    """
    found = [e for e in _in_force(weeks.history, weeks.today) if exercise_id in {None, e.data.get("exercise")}]
    return [Holding(event, words_of(weeks, event, named=exercise_id is None)) for event in found]


def record(weeks: Weeks) -> list[Row]:
    """Everything that was ever set for or written to a patient, and what was taken back, the newest first."""
    ours = {**{str(kind): words for kind, words in SETTINGS.items()}, **LETTERS}
    events = {str(e.id): e for e in weeks.history.events if e.who == "physio"}
    rows = []
    for event in events.values():
        if event.kind in ours:
            rows.append(Row(event, words_of(weeks, event)))
        of = events.get(str(event.data.get("event"))) if event.kind == TAKEN_BACK else None
        if of is not None and of.kind in ours:
            rows.append(Row(event, f"Ended: {words_of(weeks, of)}"))
    return sorted(rows, key=lambda row: row.event.at, reverse=True)


def words_of(weeks: Weeks, event: Event, *, named: bool = True) -> str:
    """Return what a physio has set or written in a line, as both of them read it.

    Args:
        weeks: of the patient.
        event: that set it.
        named: whether the movement's name stands before it.
    """
    if event.kind in LETTERS:
        return LETTERS[event.kind]
    exercise = weeks.exercises.get(str(event.data.get("exercise")))
    name = exercise.name if exercise is not None else str(event.data.get("exercise") or "")
    unit, number = unit_of(exercise), ""
    if event.kind == "number_set":
        key = str(event.data.get("key"))
        known = {n.key: n for n in changeable_numbers(exercise)} if exercise is not None else {}
        number, unit = (known[key].words, known[key].unit) if key in known else (key, "")
    return set_words(event.kind, event.data, last_day(event), name if named else "", unit, number)


def unit_of(exercise: Exercise | None) -> str:
    """Return the unit of a movement's main measure, as it is written; empty where nothing is measured."""
    if exercise is None or not exercise.is_measured:
        return ""
    return scale_of(main_followed(exercise, exercise.sides[0]).unit)[1]


# --- setting and taking back ----------------------------------------------------------------------


def set_for(weeks: Weeks, kind: Setting, name: str, reason: str, **data: Any) -> None:
    """Set something for a patient, from now on.

    Raises:
        ValueError: nobody's name or no reason stands beside it, or it does not fit; one line.
        checker.store.StoreError: it cannot be written.
    """
    given = {key: value for key, value in data.items() if value is not None}
    by = said(name, reason)
    exercise = weeks.known.exercises.get(str(given.get("exercise")))
    problem = why_not(kind, given, exercise, overrides(weeks.history, weeks.today))
    if problem:
        raise ValueError(problem)
    weeks.by_physio(kind, *by, **given)


def take_back(weeks: Weeks, event_id: UUID, name: str, reason: str) -> None:
    """Take back what was set, or a message or note: it stays in the record, and holds no more.

    Raises:
        ValueError: nobody's name or no reason stands beside it.
        checker.store.StoreError: it cannot be written.
    """
    weeks.by_physio(TAKEN_BACK, *said(name, reason), event=str(event_id))


# --- writing --------------------------------------------------------------------------------------


def write_to(weeks: Weeks, kind: Literal["message", "note"], name: str, text: str) -> None:
    """Write to a patient: a message stands on Today until it is read, a note until it is taken back.

    Raises:
        ValueError: nobody's name stands beside it, or it says nothing.
        checker.store.StoreError: it cannot be written.
    """
    weeks.by_physio(kind, *said(name, text))


def written_to(history: History, today: date) -> list[Event]:
    """The notes that hold, and the messages that the patient has not read, the newest first."""
    back = taken_back(history, today)
    read = {str(e.data.get("message")) for e in history.events if e.kind == MESSAGE_READ and e.who == "person"}
    written = [e for e in history.events if e.who == "physio" and e.kind in LETTERS and e.id not in back]
    return [e for e in reversed(written) if e.kind == NOTE or str(e.id) not in read]


def mark_read(weeks: Weeks, message: Event) -> None:
    """The patient has read a message."""
    weeks.note(MESSAGE_READ, message=str(message.id))


# --- within ---------------------------------------------------------------------------------------


def said(name: str, reason: str) -> tuple[str, str]:
    """Return who sets or writes something, and why.

    Raises:
        ValueError: one of them is missing, or it is too long.
    """
    name, reason = " ".join(name.split()), " ".join(reason.split())
    if not name:
        raise ValueError("Your name must stand beside it.")
    if not reason or len(reason) > LONGEST_TEXT:
        raise ValueError(f"Write a sentence, of at most {LONGEST_TEXT} letters.")
    return name, reason


def _in_force(history: History, today: date) -> list[Event]:
    """The events that hold on a day, the newest first."""
    back = taken_back(history, today)
    found: dict[tuple[Any, ...], Event] = {}
    for event in history.events:
        is_set = event.who == "physio" and event.kind in SETTINGS and event.id not in back
        if not is_set or event.day > today or is_over(event, today):
            continue
        found.pop((AGAINST.get(event.kind), event.data.get("exercise")), None)
        for key in _keys(event):
            found[key] = event
    unique = {event.id: event for event in found.values()}
    return sorted(unique.values(), key=lambda event: event.at, reverse=True)


def _keys(event: Event) -> Iterator[tuple[Any, ...]]:
    """Under what something holds: a newer one of the same takes its place."""
    exercise = event.data.get("exercise")
    sides = event.data.get("target") or event.data.get("limit")
    if isinstance(sides, dict):
        yield from ((event.kind, exercise, side) for side in sides)
    elif event.kind == "number_set":
        yield (event.kind, exercise, event.data.get("key"))
    else:
        yield (event.kind, exercise)
