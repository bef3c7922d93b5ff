"""A person's weeks as records: sessions of one test, one a day at eight in the morning unless said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from checker.care.change_rules import ChangeRules, load_change_rules
from checker.care.followed import Followed, all_followed, main_followed
from checker.care.records import CheckIn, Episode, History, Person, Session, Setting, SideRange, Value
from checker.care.series import Series, What, series_of
from checker.library import find_exercise

RULES: Final = load_change_rules()
WHO: Final = UUID(int=1)
FIRST_DAY: Final = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SIDE_BEND: Final = main_followed(find_exercise("standing_side_bend"), "left")
SIDE_BEND_RIGHT: Final = main_followed(find_exercise("standing_side_bend"), "right")
MODEL, OTHER_MODEL, FILE, OTHER_FILE = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)


def followed(exercise: str, measure: str, side: str | None = None) -> Followed:
    """One measure of a shipped movement."""
    return next(f for f in all_followed(find_exercise(exercise)) if f.measure.id == measure and f.side == side)


def moment(day: float, hour: float = 8.0) -> datetime:
    """A moment: days since the first one, at an hour of UTC."""
    return FIRST_DAY + timedelta(days=day, hours=hour - 8.0)


def degrees(value: float | None, u90: float = 3.2, above: bool = False) -> Value | None:
    """A measured angle; None stays None."""
    return None if value is None else Value(
        value=value, unit="deg", uncertainty=u90, n=2, censored="above" if above else "none"
    )  # fmt: skip


def bend_session(
    day: float,
    left: float | Value | None = None,
    right: float | Value | None = None,
    hour: float = 8.0,
    start: float | None = None,
    furthest: float | None = None,
    exercise: str = "standing_side_bend",
    **more: Any,
) -> Session:
    """One side bend to first pain; a number is a value of it in degrees."""
    sides = {"left": left, "right": right}
    ranges = [
        SideRange(
            side=side,
            first=value if isinstance(value, Value) else degrees(value),
            furthest=degrees(furthest),
            start=degrees(start),
        )
        for side, value in sides.items()
    ]
    known: dict[str, Any] = {"id": uuid5(WHO, f"session {day} {hour}"), "model_sha256": MODEL, "exercise_sha256": FILE}
    known |= {
        "exercise": exercise,
        "how": "live",
        "measured": True,
        "ranges": ranges,
        "to_first_pain": True,
        "setting": Setting(view="front"),
    }
    return Session(person_id=WHO, at=moment(day, hour), **(known | more))


def measured_session(day: float, exercise: str, **measures: Value) -> Session:
    """A session with measures; `knee_flexion__left` is the measure "knee_flexion/left"."""
    by_key = {name.replace("__", "/"): value for name, value in measures.items()}
    more = {"measures": by_key, "ranges": [], "exercise": exercise}
    return bend_session(day, **more)


def check_in(day: float, hour: float = 8.0, **more: Any) -> CheckIn:
    more = {"kind": "before", "id": uuid5(WHO, f"check-in {day} {hour} {more}")} | more
    return CheckIn(person_id=WHO, at=moment(day, hour), **more)


def episode(onset: date) -> Episode:
    return Episode(id=uuid5(WHO, f"{onset}"), person_id=WHO, at=FIRST_DAY, onset=onset)


def history(sessions: Iterable[Session] = (), **more: Any) -> History:
    person = Person(id=WHO, name="Somebody", created_at=FIRST_DAY)
    return History(person=person, sessions=tuple(sessions), **more)


def series(
    values: Sequence[float | Value | None],
    days: Sequence[float] | None = None,
    rules: ChangeRules = RULES,
    what: What = "first",
) -> Series:
    """The left side bend of one session a day."""
    days = days if days is not None else range(len(values))
    sessions = [bend_session(day, value) for day, value in zip(days, values, strict=True)]
    return series_of(history(sessions), SIDE_BEND, rules, what)
