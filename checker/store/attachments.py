"""What is large: results as they were, and poses."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime, JsonValue
from sqlalchemy import Connection, Row, select

from checker.care.records import Part, Word
from checker.judging.source import Circumstances
from checker.store import tables
from checker.store.errors import StoreError
from checker.store.kinds import document_of, in_column, read_as
from checker.store.rows import insert_into, insert_new
from checker.track import PoseTrack

MOST_RESULT_BYTES: Final = 64 * 1024**2
"""Of one result: more than a hundred times the largest one seen."""


class InForce(Part):
    """What was in force when a result was made.

    Attributes:
        at: when it was made, UTC.
        exercise: the movement's id.
        exercise_sha256: fingerprint of the movement's file as it was.
        dose: what was asked for, as it was.
        rules_version: of the rules of care.
        known: what was known of the recording besides its poses; None of results from before that was kept.
        asked: the dose of the movement's file that `dose` was made from; likewise.
    """

    at: AwareDatetime
    exercise: Word
    exercise_sha256: str = ""
    dose: dict[str, JsonValue] | None = None
    app_version: str = ""
    model_sha256: str = ""
    rules_version: str = ""
    known: Circumstances | None = None
    asked: dict[str, JsonValue] | None = None


class KeptAssessment(Part):
    """A result as it was.

    Attributes:
        text: its JSON, letter by letter.
    """

    id: UUID
    person_id: UUID
    session_id: UUID
    in_force: InForce
    text: str


def person_of(connection: Connection, session_id: UUID) -> UUID:
    """Return whose session it is.

    Raises:
        StoreError: there is no such session.
    """
    query = select(tables.sessions.c.person_id).where(tables.sessions.c.id == session_id)
    found: UUID | None = connection.scalar(query)
    if found is None:
        raise StoreError(f"there is no session with the id {session_id}: expected write_session before this")
    return found


def keep_assessment(connection: Connection, kept: KeptAssessment) -> None:
    """Write a result, once and for ever.

    Raises:
        StoreError: its text is no JSON or too large, or another result has its id.
    """
    _check_json(kept.text)
    row = {
        **{name: getattr(kept, name) for name in ("id", "person_id", "session_id")},
        **{name: in_column(getattr(kept.in_force, name)) for name in ("at", "exercise", "exercise_sha256")},
        "document": document_of(kept.in_force),
        "result": kept.text,
    }
    if insert_new(connection, tables.assessments, row):
        return
    if read_assessment(connection, kept.id) != kept:
        raise StoreError(f"another result has the id {kept.id} already: a kept result never changes; expected a new id")


def _check_json(text: str) -> None:
    try:
        size = len(text.encode())
        if size <= MOST_RESULT_BYTES:
            json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"expected the JSON of a result, got another text ({error})") from error
    if size > MOST_RESULT_BYTES:
        raise StoreError(f"expected a result of at most {MOST_RESULT_BYTES // 1024**2} MB, got {size // 1024**2} MB")


_KEPT: Final = [tables.assessments.c[name] for name in ("id", "person_id", "session_id", "document", "result")]


def read_assessment(connection: Connection, assessment_id: UUID) -> KeptAssessment | None:
    """Return a result; None where there is none of that id."""
    found = connection.execute(select(*_KEPT).where(tables.assessments.c.id == assessment_id)).first()
    return None if found is None else _kept(found)


def assessment_ids(connection: Connection, person_id: UUID) -> list[UUID]:
    """Return the ids of a person's results, in the order in which they came in."""
    of = tables.assessments.c
    return list(connection.scalars(select(of.id).where(of.person_id == person_id).order_by(of.number)))


def _kept(row: Row[Any]) -> KeptAssessment:
    in_force = read_as(InForce, row.document, "the store")
    return KeptAssessment(
        id=row.id, person_id=row.person_id, session_id=row.session_id, in_force=in_force, text=row.result
    )


# --- poses --------------------------------------------------------------------------------------


def track_bytes(track: PoseTrack, folder: Path) -> bytes:
    """Return poses as the bytes of the file that `PoseTrack.save` writes; `folder` is for a file meanwhile."""
    with TemporaryDirectory(dir=folder, prefix=".track-") as meanwhile:
        file = Path(meanwhile) / "track.npz"
        track.save(file)
        return file.read_bytes()


def track_of(npz: bytes, folder: Path) -> PoseTrack:
    """Return the poses of such bytes.

    Raises:
        TrackError: they are something else.
    """
    with TemporaryDirectory(dir=folder, prefix=".track-") as meanwhile:
        file = Path(meanwhile) / "track.npz"
        file.write_bytes(npz)
        return PoseTrack.load(file)


def keep_track(connection: Connection, session_id: UUID, npz: bytes) -> None:
    """Write the poses of a session, in place of those that were there."""
    row = {"session_id": session_id, "person_id": person_of(connection, session_id), "npz": npz}
    statement = insert_into(connection, tables.tracks).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["session_id"], set_={"npz": npz}))


def read_track(connection: Connection, session_id: UUID) -> bytes | None:
    """Return the poses of a session; None where none are kept."""
    found: bytes | None = connection.scalar(select(tables.tracks.c.npz).where(tables.tracks.c.session_id == session_id))
    return found


def tracked_sessions(connection: Connection, person_id: UUID) -> list[UUID]:
    """Return the sessions of a person of which poses are kept."""
    of = tables.tracks.c
    return list(connection.scalars(select(of.session_id).where(of.person_id == person_id).order_by(of.session_id)))
