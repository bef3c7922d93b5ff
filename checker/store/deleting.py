"""Deletes a person for good, and ends a deletion that a kill or a power cut broke off."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, delete, select

from checker.store import tables
from checker.store.backups import replaced_files
from checker.store.database import Place, wipe, writing
from checker.store.errors import StoreError, told
from checker.store.upgrading import upgrade_copies
from checker.store.videos import find_video, videos_of


def delete_for_good(engine: Engine, place: Place, person_id: UUID) -> list[Path]:
    """Delete a person's rows, videos and every trace in the database's files; whoever is not there is deleted already.

    That it has begun is written down first: what breaks off is ended when the store is opened next.

    Returns:
        Files that the program put aside, which may still hold the person.

    Raises:
        StoreError: the traces could not be wiped out yet.
        OSError: a file cannot be deleted.
    """
    begun = place.beside("deleting") / str(person_id)
    begun.parent.mkdir(mode=0o700, exist_ok=True)
    begun.touch(mode=0o600)
    with writing(engine) as connection:
        connection.execute(delete(tables.people).where(tables.people.c.id == person_id))
    _delete_files(place, person_id)
    if place.file is not None:
        for copy in upgrade_copies(place.file):
            copy.unlink(missing_ok=True)
        try:
            with told(place.name):
                wipe(engine)
        except StoreError as error:
            raise StoreError(
                f"The person is deleted. Traces may be left in {place.name}, which another program is using; "
                "they are wiped out when BackCheck is next started."
            ) from error
    begun.unlink(missing_ok=True)
    return replaced_files(place.file) if place.file is not None else []


def delete_session(engine: Engine, place: Place, session_id: UUID) -> None:
    """Delete one session with all that was made of it, and its traces in the database's file.

    Raises:
        OSError: its video cannot be deleted.
    """
    with writing(engine) as connection:
        sessions = tables.sessions
        person_id = connection.execute(select(sessions.c.person_id).where(sessions.c.id == session_id)).scalar()
        connection.execute(delete(sessions).where(sessions.c.id == session_id))
    if person_id is None:
        return
    video = find_video(place, person_id, session_id)
    if video is not None:
        video.unlink(missing_ok=True)
    if place.file is not None:
        wipe(engine)


def _delete_files(place: Place, person_id: UUID) -> None:
    folder = videos_of(place, person_id)
    if folder.exists():
        shutil.rmtree(folder)


def end_deletions(engine: Engine, place: Place) -> None:
    """End every deletion that was begun and not ended. One that still cannot be ended stays for the next time."""
    for begun in place.beside("deleting").glob("*"):
        with suppress(StoreError, OSError, ValueError):  # a ValueError: a file that somebody else put there
            delete_for_good(engine, place, UUID(begun.name))
