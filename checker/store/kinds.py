"""The one mapping between records and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from sqlalchemy import Table

from checker.care.records import (
    ActivityAnswer,
    CheckIn,
    Episode,
    Event,
    LadderAnswer,
    Outcome,
    PainMark,
    Part,
    Person,
    PlanItem,
    Profile,
    Record,
    Release,
    SafetyAnswer,
    Session,
)
from checker.store import tables
from checker.store.errors import StoreError, first_line

AnyPart = TypeVar("AnyPart", bound=Part)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record, in the order in which a history is brought in.

    Attributes:
        record: its model.
        table: where its rows lie; its name is the one in `History`.
    """

    record: type[Record]
    table: Table


KINDS: Final = (
    Kind(Profile, tables.profiles),
    Kind(Episode, tables.episodes),
    Kind(SafetyAnswer, tables.answers),
    Kind(Release, tables.releases),
    Kind(CheckIn, tables.check_ins),
    Kind(LadderAnswer, tables.ladder),
    Kind(ActivityAnswer, tables.activities),
    Kind(Outcome, tables.outcomes),
    Kind(PlanItem, tables.plan),
    Kind(Session, tables.sessions),
    Kind(PainMark, tables.pain_marks),  # after the sessions that they point to
    Kind(Event, tables.events),
)

_TABLES: Final = {kind.record: kind.table for kind in KINDS}


def table_of(record: Record) -> Table:
    """Return the table of a record's kind.

    Raises:
        StoreError: it is of no kind that is kept.
    """
    if type(record) not in _TABLES:
        known = ", ".join(kind.record.__name__ for kind in KINDS)
        raise StoreError(f"expected one of {known}, got {type(record).__name__}")
    return _TABLES[type(record)]


def row_of(record: Record | Person, table: Table) -> dict[str, Any]:
    """Return a record as a row: each column has the field of its name.

    Raises:
        StoreError: the record would not come back as it is.
    """
    named = [column.name for column in table.columns if column.name not in {"number", "document"}]
    row = {name: in_column(getattr(record, name)) for name in named}
    return {**row, "document": document_of(record)}


def in_column(value: Any) -> Any:
    """Return a value as a column takes it: moments in UTC.

    Raises:
        StoreError: PostgreSQL has no place for it.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, str) and "\0" in value:
        raise StoreError(f"expected a text without the character of code 0, got {value!r}")
    return value


def document_of(part: Part) -> str:
    """Return a record as JSON that gives the same record back.

    Raises:
        StoreError: it would not, such as one whose fields were set past their limits.
    """
    try:
        document = part.model_dump_json(warnings="error")
        same = type(part).model_validate_json(document) == part
    except ValueError as error:
        raise StoreError(
            f"expected a valid {type(part).__name__}, got one that cannot be kept ({_why(error)})"
        ) from error
    if not same:
        raise StoreError(f"expected a {type(part).__name__} that JSON can hold, got {part!r:.200}")
    return document


def read_as(model: type[AnyPart], document: str, where: str) -> AnyPart:
    """Return the record of a document.

    Raises:
        StoreError: it is none; most likely a newer version of the program wrote it.
    """
    try:
        return model.model_validate_json(document)
    except ValidationError as error:
        raise StoreError(
            f"{where} has a {model.__name__} that this version cannot read ({_why(error)}). "
            "Use the version of BackCheck that wrote it, or a newer one."
        ) from error


def read_all(model: type[AnyPart], documents: Iterable[str], where: str) -> tuple[AnyPart, ...]:
    """Return the records of documents, in their order."""
    return tuple(read_as(model, document, where) for document in documents)


def _why(error: Exception) -> str:
    """Return the first thing that a model found, with its place, in one line."""
    if not isinstance(error, ValidationError):
        return first_line(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return " ".join(f"{'.'.join(map(str, first['loc']))}: {first['msg']}".split())
