"""Accounts of a clinic: who has signed in, as what, and whose weeks are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, update

from checker.care.records import Person
from checker.store import tables
from checker.store.errors import StoreError
from checker.store.kinds import in_column
from checker.store.rows import insert_into, keep_row

Role = Literal["patient", "physio"]

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom an OpenID provider knows.

    Attributes:
        issuer, subject: the provider, and who it is there: these two never change.
        role: as of the newest login.
        person_id: whose weeks are the patient's own; None of a physio who never was a patient.
        name, email: as the provider told them last, to be shown alone.
    """

    id: UUID
    issuer: str
    subject: str
    role: Role
    person_id: UUID | None
    name: str
    email: str


def sign_in(
    connection: Connection, issuer: str, subject: str, role: Role, *, name: str, email: str, at: datetime
) -> Account:
    """Return the account of somebody who has signed in, made at the first time; a patient has a person from then on."""
    table = tables.accounts
    name = " ".join(name.split())[:LONGEST_NAME]
    fresh = {"id": uuid4(), "issuer": issuer, "subject": subject, "role": role, "created_at": in_column(at)}
    fresh |= {"name": in_column(name), "email": in_column(email)}
    new = insert_into(connection, table).values(fresh)
    connection.execute(new.on_conflict_do_nothing(index_elements=["issuer", "subject"]))
    mine = (table.c.issuer == issuer) & (table.c.subject == subject)
    connection.execute(update(table).where(mine).values(role=role, name=in_column(name), email=in_column(email)))
    account = _account(connection.execute(select(table).where(mine)).mappings().one())
    if role == "patient" and account.person_id is None:
        person = Person(id=uuid4(), name=name or email[:LONGEST_NAME] or "Patient", created_at=at)
        keep_row(connection, tables.people, person)
        return bind(connection, account.id, person.id)
    return account


def bind(connection: Connection, account_id: UUID, person_id: UUID) -> Account:
    """Make a person's weeks those of an account.

    Raises:
        StoreError: there is no such account, or the person is another account's.
    """
    table = tables.accounts
    others = select(table.c.id).where(table.c.person_id == person_id, table.c.id != account_id)
    if connection.scalar(others) is not None:
        raise StoreError("these weeks are another account's already: expected a person without one")
    connection.execute(update(table).where(table.c.id == account_id).values(person_id=person_id))
    row = connection.execute(select(table).where(table.c.id == account_id)).mappings().first()
    if row is None:
        raise StoreError(f"there is no account with the id {account_id}")
    return _account(row)


def read_accounts(connection: Connection) -> tuple[Account, ...]:
    """Return all accounts, in the order in which they first signed in."""
    query = select(tables.accounts).order_by(tables.accounts.c.created_at, tables.accounts.c.id)
    return tuple(_account(row) for row in connection.execute(query).mappings())


def _account(row: Mapping[Any, Any]) -> Account:
    return Account(**{name: row[name] for name in Account.__slots__})
