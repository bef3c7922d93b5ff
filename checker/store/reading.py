"""Reads people and their histories."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, func, or_, select

from checker.care.programme import DECISION
from checker.care.records import History, Person, Session
from checker.store import tables
from checker.store.errors import StoreError
from checker.store.kinds import KINDS, read_all, read_as


def read_people(connection: Connection, where: str) -> tuple[Person, ...]:
    """Return everybody, in the order in which they were added; `where` names the store to the user."""
    query = select(tables.people.c.document).order_by(tables.people.c.created_at, tables.people.c.id)
    return read_all(Person, connection.scalars(query), where)


def read_person(connection: Connection, person_id: UUID, where: str) -> Person:
    """Return a person.

    Raises:
        StoreError: nobody has this id.
    """
    document = connection.scalar(select(tables.people.c.document).where(tables.people.c.id == person_id))
    if document is None:
        raise StoreError(f"{where} has no person with the id {person_id}")
    return read_as(Person, document, where)


@dataclass(frozen=True, slots=True)
class Lately:
    """What is known of a person lately, as it is kept: most of the time nothing in it is new, and need not be read.

    Attributes:
        documents: by kind of record, each kind in order of time.
        where: names the store to the user.
    """

    person: Person
    documents: Mapping[str, tuple[str, ...]]
    where: str

    @property
    def fingerprint(self) -> str:
        """Two are the same where it is."""
        whole = hashlib.sha256(self.person.model_dump_json().encode())
        for kind, documents in self.documents.items():
            whole.update(f"\0{kind}\0{len(documents)}\0".encode() + "\0".join(documents).encode())
        return whole.hexdigest()

    def history(self) -> History:
        """The records.

        Raises:
            StoreError: one of them is none.
        """
        found: dict[str, Any] = {
            kind.table.name: read_all(kind.record, self.documents[kind.table.name], self.where) for kind in KINDS
        }
        return History.model_construct(person=self.person, **found)  # each record is valid already


def read_session(connection: Connection, session_id: UUID, where: str) -> Session | None:
    """Return one session as it is now; None where it is not here.

    Raises:
        StoreError: it cannot be read.
    """
    kept = connection.scalar(select(tables.sessions.c.document).where(tables.sessions.c.id == session_id))
    return None if kept is None else read_as(Session, kept, where)


def read_lately(connection: Connection, since: date, where: str) -> tuple[Lately, ...]:
    """Return everybody with all records but some; one query a kind for all people.

    Left out are the plans and decisions of earlier days, but for the newest decision; and the safety answers of people
    who have said no to everything, of whom nothing is open.
    """
    everybody = read_people(connection, where)
    kept: dict[UUID, dict[str, list[str]]] = {person.id: {} for person in everybody}
    ids: dict[str, UUID] = {}  # a row's id is the same text all the time, and long to read
    for kind in KINDS:
        of = cast(kind.table.c.person_id, Text)
        query = select(of, kind.table.c.document).order_by(kind.table.c.at, kind.table.c.number)
        for named, document in connection.execute(query.where(*_lately(kind.table, since))):
            person_id = ids.get(named) or ids.setdefault(named, UUID(named))
            kept[person_id].setdefault(kind.table.name, []).append(document)
    return tuple(
        Lately(person, {k.table.name: tuple(kept[person.id].get(k.table.name, ())) for k in KINDS}, where)
        for person in everybody
    )


def _lately(table: Table, since: date) -> list[ColumnElement[bool]]:
    """What is read of a table."""
    if table is tables.answers:
        return [table.c.person_id.in_(select(table.c.person_id).where(table.c.answer != "no"))]
    if table is tables.plan:
        return [table.c.for_day >= since]
    if table is tables.events:
        decisions = select(func.max(table.c.number)).where(table.c.kind == DECISION).group_by(table.c.person_id)
        midnight = datetime.combine(since, time(), UTC)
        return [or_(table.c.kind != DECISION, table.c.at >= midnight, table.c.number.in_(decisions))]
    return []


def read_history(connection: Connection, person_id: UUID, where: str) -> History:
    """Return all records of a person, each kind in order of time: one query a kind.

    Raises:
        StoreError: nobody has this id.
    """
    person = read_person(connection, person_id, where)
    found: dict[str, Any] = {
        kind.table.name: read_all(kind.record, _documents(connection, kind.table, person_id), where) for kind in KINDS
    }
    return History.model_construct(person=person, **found)  # each record is valid already


def _documents(connection: Connection, table: Table, person_id: UUID) -> list[str]:
    query = select(table.c.document).where(table.c.person_id == person_id).order_by(table.c.at, table.c.number)
    return list(connection.scalars(query))
