"""The value that a session is remembered by, the same on every page."""

from __future__ import annotations

from checker.care.followed import main_followed
from checker.care.records import History, Session, Value
from checker.care.series import What, value_of
from checker.exercise import Exercise


def remembered(session: Session, exercise: Exercise, side: str | None) -> Value | None:
    """What a session says of one side: the range before pain where it was a test of that, else the main measure.

    Of a test to the first pain whose first pain was not measured there is none: how far somebody went beyond it is
    another value, and never stands in its place.
    """
    return value_of(session, main_followed(exercise, side), what_of(session))


def what_of(session: Session) -> What:
    """What a session is remembered by: the range before pain where it was a test of that, else the measures."""
    return "first" if session.to_first_pain and session.ranges else "measure"


def followed_over_time(history: History, exercise_id: str) -> What:
    """What is followed of a movement over the weeks: the range before pain once it was measured, else the measure."""
    sessions = (s for s in history.sessions if s.exercise == exercise_id)
    return "first" if any(r.first is not None for s in sessions for r in s.ranges) else "measure"
