"""Made-up records for tests of the store: any, with every field set, and a whole history."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import numpy as np
from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st
from moving_figure import filmed
from pydantic import AwareDatetime, BaseModel, JsonValue
from pydantic.fields import FieldInfo

from checker.care.records import History, PainMark, Person, Record, Session
from checker.store.kinds import KINDS
from checker.track import PoseTrack

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
MODELS = tuple(kind.record for kind in KINDS)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(),
    bool: st.booleans(),
    date: st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    AwareDatetime: MOMENTS,
    type(None): st.none(),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
BY_PATTERN = {r"^[A-Z]{2}$": st.just("AT"), r"^[0-9a-f]{64}$": st.just("0f" * 32)}


def of_type(kind: Any, limits: tuple[Any, ...], full: bool) -> st.SearchStrategy[Any]:
    """Any value of a type; with `full` nothing is left out or empty."""
    if kind is JsonValue:
        return JSON
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        flat = [x for m in more for x in (m.metadata if isinstance(m, FieldInfo) else [m])]
        return of_type(inner, (*limits, *flat), full)
    if get_origin(kind) in {Union, types.UnionType}:
        kinds = [k for k in get_args(kind) if not (full and k is type(None))]
        return st.one_of([of_type(k, limits, full) for k in kinds])
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) in {frozenset, list, dict, tuple}:
        return collection(kind, full)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return any_of(kind, full)
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    return bounded(kind, limits)


def collection(kind: Any, full: bool) -> st.SearchStrategy[Any]:
    inner = [of_type(k, (), full) for k in get_args(kind) if k is not Ellipsis]
    sizes = {"min_size": int(full), "max_size": 2}
    if get_origin(kind) is dict:
        return st.dictionaries(*inner, **sizes)
    return (st.frozensets if get_origin(kind) is frozenset else st.lists)(inner[0], **sizes)


def bounded(kind: type, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Numbers and texts within what a field allows."""
    found = {type(limit): limit for limit in limits}
    low, high = getattr(found.get(Ge), "ge", None), getattr(found.get(Le), "le", None)
    if kind is int:
        return st.integers(low, high) if low is not None else st.integers(-(2**53), 2**53)
    if kind is float:
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    assert kind is str, kind
    patterns = [p for limit in limits if (p := getattr(limit, "pattern", None))]
    if patterns:
        return BY_PATTERN[patterns[0]]
    least, most = found.get(MinLen), found.get(MaxLen)
    return st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        min_size=least.min_length if least else 0,
        max_size=min(most.max_length, 20) if most else 20,
    )


def any_of(model: type[BaseModel], full: bool = False) -> st.SearchStrategy[Any]:
    """Any record of a kind."""
    parts = {n: of_type(f.annotation, tuple(f.metadata), full) for n, f in model.model_fields.items()}
    if "zone" in parts:
        parts["zone"] = st.sampled_from(["UTC", "Europe/Vienna", "Asia/Kolkata"])
    return st.builds(model, **parts)


# --- a history ----------------------------------------------------------------------------------


def uuid(n: int) -> UUID:
    return UUID(int=n)


def person(n: int = 1, name: str = "Ann Other") -> Person:
    return Person(id=uuid(n), name=name, created_at=MOMENT + timedelta(seconds=n), born_year=1970, country="AT")


def session(n: int, of: int = 1, **more: Any) -> Session:
    at = MOMENT + timedelta(minutes=n)
    return Session(id=uuid(1000 * of + n), person_id=uuid(of), at=at, exercise="standing_side_bend", how="live", **more)


def of_person(record: Record, person_id: UUID, session_id: UUID) -> Record:
    """A record as one of that person's, a pain mark as one of that session's."""
    update = {"person_id": person_id} | ({"session_id": session_id} if isinstance(record, PainMark) else {})
    return type(record).model_validate({**dict(record), **update})


def kinds_of(history: History) -> dict[str, tuple[Record, ...]]:
    return {name: getattr(history, name) for name in History.model_fields if name != "person"}


@cache
def track() -> PoseTrack:
    """The poses of a made-up movement."""
    return filmed("standing_side_bend")[1].slice(slice(0, 40))


def same_tracks(one: PoseTrack | None, other: PoseTrack | None) -> bool:
    assert one is not None
    assert other is not None
    names = [name for name in PoseTrack.__slots__ if isinstance(getattr(one, name), np.ndarray)]
    alike = all(np.array_equal(getattr(one, n), getattr(other, n), equal_nan=True) for n in names if n != "cut")
    return alike and one.width == other.width and one.model == other.model
