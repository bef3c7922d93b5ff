"""Who looked at what, exported it or was refused, and of whom. Rows are added, never changed and never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection, insert, select

from checker.store import tables
from checker.store.kinds import in_column

Action = Literal["signed in", "signed out", "looked at", "fetched", "exported", "changed", "deleted", "refused"]
"""A file is fetched by a browser: to be saved, to be watched, or only to be offered."""

LONGEST: Final = 300
"""Letters of what is told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done.

    Attributes:
        at: when, UTC.
        account_id: who; None where nobody was signed in.
        role: as what.
        what: a page, a file, a setting.
        person_id: of whom; None where it was of nobody in particular.
    """

    at: datetime
    account_id: UUID | None
    role: str
    action: Action
    what: str
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with the names of today: of an account and a person that were deleted, there is the id alone."""

    entry: Entry
    who: str
    of: str


def add_entry(connection: Connection, entry: Entry) -> None:
    """Add one."""
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    row |= {"at": in_column(entry.at), "what": in_column(entry.what.replace("\0", "")[:LONGEST])}
    connection.execute(insert(tables.audit).values(row))


def read_entries(connection: Connection, person_id: UUID | None = None, most: int = 1000) -> tuple[Told, ...]:
    """Return the newest entries, the newest first.

    Args:
        connection: to the store.
        person_id: of this person alone; None: all.
        most: how many.
    """
    of, accounts, people = tables.audit, tables.accounts, tables.people
    query = (
        select(of, accounts.c.name.label("who"), accounts.c.email, people.c.name.label("whose"))
        .outerjoin(accounts, accounts.c.id == of.c.account_id)
        .outerjoin(people, people.c.id == of.c.person_id)
        .order_by(of.c.number.desc())
        .limit(most)
    )
    if person_id is not None:
        query = query.where(of.c.person_id == person_id)
    told = []
    for row in connection.execute(query).mappings():
        at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
        entry = Entry(**{name: row[name] for name in Entry.__slots__ if name != "at"}, at=at)
        who = " ".join(filter(None, (row["who"], row["email"] and f"<{row['email']}>")))
        told.append(Told(entry, who or str(entry.account_id or ""), row["whose"] or str(entry.person_id or "")))
    return tuple(told)
