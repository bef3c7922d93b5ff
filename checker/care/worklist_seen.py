"""What was seen on the desk: marks that are kept as events, and come back when their reason changes.

- "seen": {"covers": [{"rule", "about", "state", "grade"}, ...]}; its `reason` is the note
- "unseen": {"of": id of the mark that is taken back}
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from pydantic import JsonValue

from checker.care.records import Event, History
from checker.care.worklist_case import Reason

SEEN: Final = "seen"
UNSEEN: Final = "unseen"


def marks(history: History) -> list[Event]:
    """The marks that hold, in order of time: those that nobody took back."""
    back = {str(e.data.get("of")) for e in history.events if e.kind == UNSEEN}
    return [e for e in history.events if e.kind == SEEN and str(e.id) not in back]


def last_seen(history: History) -> date | None:
    """The day on which somebody looked last; None where nobody has."""
    found = marks(history)
    return found[-1].day if found else None


def last_note(history: History) -> Event | None:
    """The mark with the newest note; None where nobody wrote one."""
    return next((mark for mark in reversed(marks(history)) if mark.reason), None)


def covers(reasons: Iterable[Reason]) -> dict[str, JsonValue]:
    """The data of a mark: what was there to be seen."""
    return {"covers": [{"rule": r.rule, "about": r.about, "state": r.state, "grade": r.grade} for r in reasons]}


def is_seen(reason: Reason, history: History) -> bool:
    """Whether a reason was there when somebody looked, and no less of it than now."""
    return any(_covers(entry, reason) for mark in marks(history) for entry in _entries(mark))


def _entries(mark: Event) -> list[JsonValue]:
    found = mark.data.get("covers")
    return found if isinstance(found, list) else []


def _covers(entry: JsonValue, reason: Reason) -> bool:
    if not isinstance(entry, dict):
        return False
    same = all(entry.get(key) == getattr(reason, key) for key in ("rule", "about", "state"))
    grade = entry.get("grade")
    return same and isinstance(grade, int | float) and not isinstance(grade, bool) and grade >= reason.grade
