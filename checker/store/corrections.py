"""Corrections of results: written once and for ever, read in the order in which they were made."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from checker.care.records import Part
from checker.review.corrections import Correction
from checker.store import tables
from checker.store.attachments import person_of
from checker.store.errors import StoreError
from checker.store.kinds import document_of, in_column, read_all, read_as
from checker.store.rows import insert_new


class KeptCorrection(Part):
    """A correction, with what it is of.

    Attributes:
        assessment_id: of the machine's result that the reviewer saw.
    """

    person_id: UUID
    session_id: UUID
    assessment_id: UUID
    correction: Correction


def keep_corrections(
    connection: Connection, session_id: UUID, assessment_id: UUID, corrections: Sequence[Correction]
) -> None:
    """Write corrections of a result of a session.

    Raises:
        StoreError: there is no such session, or no such result of it, or another correction has an id.
    """
    person_id = person_of(connection, session_id)
    for correction in corrections:
        keep_correction(
            connection,
            KeptCorrection(
                person_id=person_id, session_id=session_id, assessment_id=assessment_id, correction=correction
            ),
        )


def keep_correction(connection: Connection, kept: KeptCorrection) -> None:
    """Write a correction, once and for ever. The same one is there already: nothing happens.

    Raises:
        StoreError: its result is of another session, or another correction has its id.
    """
    results, table, made = tables.assessments.c, tables.corrections, kept.correction
    of = connection.scalar(select(results.session_id).where(results.id == kept.assessment_id))
    if of != kept.session_id:
        raise StoreError(
            f"the session {kept.session_id} has no result {kept.assessment_id}: expected a correction of one of its own"
        )
    row = {name: getattr(kept, name) for name in ("person_id", "session_id", "assessment_id")}
    row |= {"id": made.id, "at": in_column(made.at), "who": in_column(made.who), "document": document_of(kept)}
    if insert_new(connection, table, row):
        return
    here = connection.scalar(select(table.c.document).where(table.c.id == made.id))
    if here is None or read_as(KeptCorrection, here, "the store") != kept:
        raise StoreError(f"another correction has the id {made.id} already: expected the same one, or a new id")


def corrections_of_session(connection: Connection, session_id: UUID, where: str) -> tuple[KeptCorrection, ...]:
    """Return those of a session, in the order in which they came in; `where` names the store to the user."""
    return _read(connection, tables.corrections.c.session_id == session_id, where)


def corrections_of_person(connection: Connection, person_id: UUID, where: str) -> tuple[KeptCorrection, ...]:
    """Return those of all sessions of a person, in the order in which they came in."""
    return _read(connection, tables.corrections.c.person_id == person_id, where)


def _read(connection: Connection, wanted: ColumnElement[bool], where: str) -> tuple[KeptCorrection, ...]:
    table = tables.corrections
    query = select(table.c.document).where(wanted).order_by(table.c.number)
    return read_all(KeptCorrection, connection.scalars(query), where)
