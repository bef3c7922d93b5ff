"""Pain that a session had raised: of which session somebody is still to say when it settled."""

from __future__ import annotations

from datetime import date

from checker.care.records import History, Session


def waits_for_settling(history: History, today: date) -> Session | None:
    """The last session of an earlier day, where it raised pain and nobody has said since when that was back.

    Args:
        history: of one person.
        today: the local day.
    """
    sessions = [s for s in history.sessions if s.day < today]
    if not sessions:
        return None
    last = sessions[-1]
    is_told = any(c.settled is not None and c.at > last.at for c in history.check_ins)
    return last if not is_told and _was_raised(history, last.day) else None


def _was_raised(history: History, day: date) -> bool:
    """Whether pain after a movement was higher on a day than the first that was told on it."""
    told = [c for c in history.check_ins if c.day == day and c.pain is not None]
    before = [c.pain or 0 for c in told if c.kind != "after"]
    after = {c.session_id or c.id: c.pain or 0 for c in told if c.kind == "after"}  # of one movement the last word
    return bool(before and after and max(after.values()) > before[0])
