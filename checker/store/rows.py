"""How rows are written: once, or as they go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from checker.care.records import Person, Record, Session
from checker.store import tables
from checker.store.errors import StoreError
from checker.store.kinds import read_as, row_of


def insert_into(connection: Connection, table: Table) -> Any:
    """Return an INSERT of the connection's own dialect, which knows ON CONFLICT."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row, and return whether it was: not where another has its id."""
    statement = insert_into(connection, table).values(row).on_conflict_do_nothing(index_elements=["id"])
    return connection.execute(statement.returning(table.c.id)).first() is not None


def keep_row(connection: Connection, table: Table, record: Record | Person) -> None:
    """Write a record that is written once. The same one is there already: nothing happens.

    Raises:
        StoreError: another record has its id.
    """
    if insert_new(connection, table, row_of(record, table)):
        return
    kept = connection.scalar(select(table.c.document).where(table.c.id == record.id))
    if kept is None or read_as(type(record), kept, table.name) != record:
        raise StoreError(
            f"another {type(record).__name__} has the id {record.id} already: expected the same one, or a new id"
        )


def keep_session(connection: Connection, session: Session) -> None:
    """Write a session in place of what was kept of it.

    Raises:
        StoreError: the session of that id is another person's.
    """
    table = tables.sessions
    row = row_of(session, table)
    statement = insert_into(connection, table).values(row)
    done = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: value for name, value in row.items() if name not in {"id", "person_id"}},
            where=table.c.person_id == session.person_id,
        ).returning(table.c.id)
    )
    if done.first() is None:
        raise StoreError(f"the session {session.id} is another person's: expected a new id")
