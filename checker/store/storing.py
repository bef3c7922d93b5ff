"""The store: what is kept about people, written and read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, update

from checker.care.records import History, PainMark, Person, Record, Session
from checker.review.corrections import Correction
from checker.store import accounts, attachments, audit, carrying, corrections, tables
from checker.store.accounts import Account, Role
from checker.store.attachments import InForce, KeptAssessment
from checker.store.audit import Entry, Told
from checker.store.backups import back_up, refuse_existing, restore_store
from checker.store.copying import check_whole
from checker.store.corrections import KeptCorrection
from checker.store.database import Place, alone, find_place, open_engine, reading, writing
from checker.store.deleting import delete_for_good, delete_session, end_deletions
from checker.store.errors import StoreError, told
from checker.store.kinds import row_of, table_of
from checker.store.reading import Lately, read_history, read_lately, read_people, read_person, read_session
from checker.store.rows import keep_row, keep_session
from checker.store.upgrading import upgrade
from checker.store.videos import find_video, keep_video
from checker.track import PoseTrack
from checker.track_file import TrackError


def open_store(url: str | None = None) -> Store:
    """Open a store, make it where there is none, look it through, and bring it to the newest schema.

    Args:
        url: of a database, SQLite's or PostgreSQL's; None: what BACKCHECK_DATABASE names, or else the file
            `backcheck.db` in the user's data folder (or in the folder that BACKCHECK_PEOPLE names).

    Raises:
        StoreError: it cannot be opened, is damaged, or is newer than this program; one line.
    """
    place = find_place(url)
    with told(place.name):
        engine = open_engine(place)
        store = Store(engine, place)
        try:
            with alone(place):
                store.check()
                upgrade(engine, place)
            end_deletions(engine, place)
        except BaseException:
            store.close()
            raise
    return store


class Store:
    """What is kept about people. Threads and programs may use one database at once; each call is one transaction.

    Every method raises `StoreError` where the database is busy for long, damaged, full or gone: one line.
    """

    def __init__(self, engine: Engine, place: Place) -> None:
        """Use `open_store`."""
        self._engine = engine
        self.place = place

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def check(self) -> None:
        """Look the whole database through.

        Raises:
            StoreError: it is damaged, or not to be reached; one line that says what to do.
        """
        with told(self.place.name):
            if self.place.file is not None:
                check_whole(self.place.file, self.place.file)
            else:
                with reading(self._engine):
                    pass

    # --- people ---------------------------------------------------------------------------------

    def people(self) -> tuple[Person, ...]:
        """Return everybody, in the order in which they were added."""
        with self._reading() as connection:
            return read_people(connection, self.place.name)

    def add_person(self, person: Person) -> None:
        """Keep a new person.

        Raises:
            StoreError: another one has this id.
        """
        with self._writing() as connection:
            keep_row(connection, tables.people, person)

    def change_person(self, person: Person) -> None:
        """Write a person anew: the name, the language and so on.

        Raises:
            StoreError: nobody has this id.
        """
        with self._writing() as connection:
            read_person(connection, person.id, self.place.name)
            row = row_of(person, tables.people)
            connection.execute(update(tables.people).where(tables.people.c.id == person.id).values(row))

    def delete_person(self, person_id: UUID) -> list[Path]:
        """Delete a person for good: records, results, poses, videos, and their traces in the files of SQLite.

        Returns:
            Files that the program put aside earlier and that may still hold the person. Backups that the user made,
            and files that were exported, are not known here.

        Raises:
            StoreError: nobody has this id; or the person is deleted, and another program keeps the traces from being
                wiped out before the store is opened next.
        """
        with self._reading() as connection:
            read_person(connection, person_id, self.place.name)
        with told(self.place.name):
            return delete_for_good(self._engine, self.place, person_id)

    # --- records --------------------------------------------------------------------------------

    def add(self, *records: Record) -> None:
        """Keep records, all of them or none. One that is kept already is left as it is.

        Raises:
            StoreError: another record has this id, or its person is not here; or it is a session.
        """
        if any(isinstance(record, Session) for record in records):
            raise StoreError("a session is written as it goes: expected write_session for it, got add")
        with self._writing() as connection:
            for record in records:
                keep_row(connection, table_of(record), record)

    def write_session(self, session: Session) -> None:
        """Keep a session as it is now: at its start, after each repetition, at its end. The newest one holds.

        Raises:
            StoreError: its person is not here, or another person's session has this id.
        """
        with self._writing() as connection:
            keep_session(connection, session)

    def session(self, session_id: UUID) -> Session | None:
        """Return a session as it is now; None where it is not here.

        Raises:
            StoreError: it cannot be read.
        """
        with self._reading() as connection:
            return read_session(connection, session_id, self.place.name)

    def delete_session(self, session_id: UUID) -> None:
        """Delete a session for good, with its result, poses, marks of pain and video; one that is gone is no error.

        Raises:
            StoreError: it is deleted, and another program keeps its traces from being wiped out.
        """
        with told(self.place.name):
            delete_session(self._engine, self.place, session_id)

    def keep_pain_marks(self, session_id: UUID, marks: Sequence[PainMark]) -> None:
        """Keep the marks of pain of a session in the place of those before: of one judged anew, others hold.

        Raises:
            StoreError: its session is not here, or they cannot be written; then those before stay.
        """
        with self._writing() as connection:
            attachments.person_of(connection, session_id)
            connection.execute(delete(tables.pain_marks).where(tables.pain_marks.c.session_id == session_id))
            for mark in marks:
                keep_row(connection, tables.pain_marks, mark)

    def history(self, person_id: UUID) -> History:
        """Return all records of a person, each kind in order of time: one query a kind, all of one moment.

        Raises:
            StoreError: nobody has this id.
        """
        with self._reading() as connection:
            return read_history(connection, person_id, self.place.name)

    def lately(self, since: date) -> tuple[Lately, ...]:
        """Return everybody with all records but some, as they are kept: see `read_lately`.

        The newest decision of each is there whenever it was made, those before it and plans from that day on.
        """
        with self._reading() as connection:
            return read_lately(connection, since, self.place.name)

    # --- what is large --------------------------------------------------------------------------

    def keep_assessment(self, assessment_id: UUID, session_id: UUID, json_text: str, in_force: InForce) -> None:
        """Keep a result as it is, letter by letter; it never changes.

        Raises:
            StoreError: its session is not here, the text is no JSON, or another result has this id.
        """
        with self._writing() as connection:
            person_id = attachments.person_of(connection, session_id)
            kept = KeptAssessment(
                id=assessment_id, person_id=person_id, session_id=session_id, in_force=in_force, text=json_text
            )
            attachments.keep_assessment(connection, kept)

    def assessment(self, assessment_id: UUID) -> KeptAssessment | None:
        """Return a result; None where there is none of that id."""
        with self._reading() as connection:
            return attachments.read_assessment(connection, assessment_id)

    def keep_track(self, session_id: UUID, track: PoseTrack) -> None:
        """Keep the poses of a session, compressed, in place of those that were kept of it.

        Raises:
            StoreError: its session is not here.
        """
        with told(self.place.name):
            npz = attachments.track_bytes(track, self.place.folder)
        with self._writing() as connection:
            attachments.keep_track(connection, session_id, npz)

    def track(self, session_id: UUID) -> PoseTrack | None:
        """Return the poses of a session; None where none are kept."""
        with self._reading() as connection:
            npz = attachments.read_track(connection, session_id)
        try:
            with told(self.place.name):
                return None if npz is None else attachments.track_of(npz, self.place.folder)
        except TrackError as error:
            raise StoreError(f"the poses of session {session_id} cannot be read: {error}") from error

    def keep_video(self, session_id: UUID, source: Path) -> Path:
        """Copy a video to where it stays until its person is deleted, in place of the one that was kept.

        Returns:
            The copy.

        Raises:
            StoreError: its session is not here, or it cannot be copied.
        """
        with self._reading() as connection:
            person_id = attachments.person_of(connection, session_id)
        with told(self.place.name):
            return keep_video(self.place, person_id, session_id, source)

    def video(self, session_id: UUID) -> Path | None:
        """Return the video of a session; None where none is kept."""
        with self._reading() as connection:
            return find_video(self.place, attachments.person_of(connection, session_id), session_id)

    # --- corrections ----------------------------------------------------------------------------

    def keep_corrections(self, session_id: UUID, assessment_id: UUID, *made: Correction) -> None:
        """Keep what a reviewer corrected of a result, all of it or none. It never changes, and neither does the result.

        Raises:
            StoreError: its session or its result is not here, or another correction has an id.
        """
        with self._writing() as connection:
            corrections.keep_corrections(connection, session_id, assessment_id, made)

    def corrections(self, session_id: UUID) -> tuple[KeptCorrection, ...]:
        """Return what was corrected of a session, in the order in which it was."""
        with self._reading() as connection:
            return corrections.corrections_of_session(connection, session_id, self.place.name)

    def corrections_of(self, person_id: UUID) -> tuple[KeptCorrection, ...]:
        """Return what was corrected of all sessions of a person."""
        with self._reading() as connection:
            return corrections.corrections_of_person(connection, person_id, self.place.name)

    # --- of a clinic ------------------------------------------------------------------------------

    def sign_in(self, issuer: str, subject: str, role: Role, *, name: str, email: str, at: datetime) -> Account:
        """Return the account of somebody who has signed in; see `accounts.sign_in`."""
        with self._writing() as connection:
            return accounts.sign_in(connection, issuer, subject, role, name=name, email=email, at=at)

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts, in the order in which they first signed in."""
        with self._reading() as connection:
            return accounts.read_accounts(connection)

    def bind_account(self, account_id: UUID, person_id: UUID) -> Account:
        """Make a person's weeks those of an account.

        Raises:
            StoreError: there is no such account or person, or the person is another account's.
        """
        with self._writing() as connection:
            return accounts.bind(connection, account_id, person_id)

    def add_to_audit(self, entry: Entry) -> None:
        """Keep who did what, for ever."""
        with self._writing() as connection:
            audit.add_entry(connection, entry)

    def audit(self, person_id: UUID | None = None, most: int = 1000) -> tuple[Told, ...]:
        """Return who looked at what, the newest first; of one person, or of all."""
        with self._reading() as connection:
            return audit.read_entries(connection, person_id, most)

    # --- carrying and copying -------------------------------------------------------------------

    def export_person(self, person_id: UUID, target: Path) -> None:
        """Write everything of a person to a new zip: records, results, poses, videos.

        Raises:
            StoreError: nobody has this id, or the file is there already or cannot be written.
        """
        refuse_existing(target)
        with told(self.place.name):
            carrying.export_person(self._engine, self.place, person_id, target)

    def import_person(self, source: Path) -> Person:
        """Bring in what `export_person` wrote, all of it or nothing. Bringing it in again changes nothing.

        Raises:
            StoreError: the file is none of these, or something in it is here already and is not the same.
        """
        with told(self.place.name):
            return carrying.import_person(self._engine, self.place, source)

    def import_history(self, history: History) -> Person:
        """Bring in records alone, all of them or none. Bringing them in again changes nothing.

        Raises:
            StoreError: something in them is here already and is not the same.
        """
        with told(self.place.name):
            return carrying.import_history(self._engine, self.place, history)

    def backup(self, target: Path) -> None:
        """Copy the whole database to a new file and look the copy through. Videos are not in it.

        Raises:
            StoreError: the file is there already or cannot be written; or PostgreSQL keeps the store.
        """
        back_up(self.place, target)

    def restore(self, backup: Path) -> Path | None:
        """Put a backup in the place of the database; see `restore_store`. No other thread may use the store then."""
        self.close()
        aside = restore_store(backup, self.place.url.render_as_string(hide_password=False))
        with told(self.place.name), alone(self.place):
            upgrade(self._engine, self.place)
        return aside

    # --- inside ---------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told(self.place.name), reading(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told(self.place.name), writing(self._engine) as connection:
            yield connection
