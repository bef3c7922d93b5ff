"""Takes everything of a person out in one zip, and brings it in again."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from checker import __version__
from checker.care.measured import CORRECTED
from checker.care.records import History, Person, Session
from checker.store import tables
from checker.store.attachments import (
    KeptAssessment,
    assessment_ids,
    keep_assessment,
    keep_track,
    read_assessment,
    read_track,
    track_of,
    tracked_sessions,
)
from checker.store.copying import whole
from checker.store.corrections import corrections_of_person, keep_correction
from checker.store.database import Place, reading, writing
from checker.store.errors import StoreError
from checker.store.kinds import KINDS, document_of
from checker.store.package import RECORDS, RESULTS, TRACKS, VIDEOS, Contents, Filed, Package, PackageError, open_package
from checker.store.reading import read_history, read_person, read_session
from checker.store.rows import keep_row, keep_session
from checker.store.videos import all_videos, find_video, keep_video
from checker.track_file import TrackError


def export_person(engine: Engine, place: Place, person_id: UUID, target: Path) -> None:
    """Write everything of a person, all of one moment, to a file that is there whole or not at all.

    Raises:
        StoreError: nobody has this id.
        OSError: the file cannot be written.
    """
    with reading(engine) as connection:
        history = read_history(connection, person_id, place.name)  # before a file is begun
        with whole(target) as draft, zipfile.ZipFile(draft, "w") as package:
            results = [_write_result(connection, package, of) for of in assessment_ids(connection, person_id)]
            tracked = tracked_sessions(connection, person_id)
            for of in tracked:
                package.writestr(f"{TRACKS}/{of}.npz", read_track(connection, of) or b"")
            videos = all_videos(place, person_id)
            for video in videos:
                package.write(video, f"{VIDEOS}/{video.name}")
            contents = Contents(
                program=__version__,
                history=history,
                results=tuple(results),
                corrections=corrections_of_person(connection, person_id, place.name),
                tracks=tuple(tracked),
                videos=tuple(UUID(video.stem) for video in videos),
            )
            package.writestr(RECORDS, document_of(contents), zipfile.ZIP_DEFLATED)


def _write_result(connection: Connection, package: zipfile.ZipFile, of: UUID) -> Filed:
    kept = read_assessment(connection, of)
    assert kept is not None, "the transaction sees one moment"
    package.writestr(f"{RESULTS}/{of}.json", kept.text.encode(), zipfile.ZIP_DEFLATED)
    return Filed(id=kept.id, session_id=kept.session_id, in_force=kept.in_force)


def import_person(engine: Engine, place: Place, source: Path) -> Person:
    """Bring in what `export_person` wrote, all of it or nothing; what is here already stays as it is.

    Returns the person as they are kept here, perhaps by another name than in the file.
    Of a session that was under way in one of the two, the one that has ended is kept.

    Raises:
        StoreError: the file is none of these; or something in it is here already and is not the same.
        OSError: a video cannot be written.
    """
    with open_package(source) as package:
        contents = package.contents
        for of in contents.tracks:  # all of them, before anything is written
            _look_at_track(package, of, place, source)
        new: list[Path] = []
        try:
            with writing(engine) as connection:
                _bring_records_in(connection, contents.history)
                for filed in contents.results:
                    keep_assessment(connection, _result(package, filed, contents.history.person.id, source))
                for correction in contents.corrections:
                    keep_correction(connection, correction)
                for of in contents.tracks:
                    _bring_track_in(connection, of, package.bytes_of(TRACKS, of))
                for of in contents.videos:
                    new += _bring_video_in(place, contents.history.person.id, of, package)
                person = read_person(connection, contents.history.person.id, place.name)
        except BaseException:
            for video in new:
                video.unlink(missing_ok=True)
            raise
    return person


def import_history(engine: Engine, place: Place, history: History) -> Person:
    """Bring in records alone, all of them or none; as in `import_person`.

    Raises:
        StoreError: something in them is here already and is not the same.
    """
    with writing(engine) as connection:
        _bring_records_in(connection, history)
        return read_person(connection, history.person.id, place.name)


def _look_at_track(package: Package, of: UUID, place: Place, source: Path) -> None:
    try:
        track_of(package.bytes_of(TRACKS, of), place.folder)
    except TrackError as error:
        reason = str(error).partition(".npz: ")[2]  # without the name of a file that is gone
        raise PackageError(source, f"{TRACKS}/{of}.npz in it: {reason}") from error


def _result(package: Package, filed: Filed, person_id: UUID, source: Path) -> KeptAssessment:
    try:
        text = package.bytes_of(RESULTS, filed.id).decode()
    except UnicodeDecodeError as error:
        raise PackageError(source, f"{RESULTS}/{filed.id}.json in it is no text") from error
    return KeptAssessment(
        id=filed.id, person_id=person_id, session_id=filed.session_id, in_force=filed.in_force, text=text
    )


def _bring_records_in(connection: Connection, history: History) -> None:
    here = connection.scalar(select(tables.people.c.id).where(tables.people.c.id == history.person.id))
    if here is None:  # else the name and so on stay as they are here
        keep_row(connection, tables.people, history.person)
    for kind in KINDS:
        for record in getattr(history, kind.table.name):
            if isinstance(record, Session):
                _bring_session_in(connection, record)
            else:
                keep_row(connection, kind.table, record)


def _bring_session_in(connection: Connection, session: Session) -> None:
    here = read_session(connection, session.id, "the store")
    if here is None or (here.ended_at is None and session.ended_at is not None):
        keep_session(connection, session)
    elif _differ_by_corrections(here, session):
        if here.corrected_at is None or (session.corrected_at is not None and session.corrected_at > here.corrected_at):
            keep_session(connection, session)
    elif here != session and (session.ended_at is not None or here.person_id != session.person_id):
        what = f"The session of {session.at:%Y-%m-%d %H:%M} UTC"
        raise StoreError(f"{what} is here already and is not the same. Nothing was brought in.")


def _differ_by_corrections(here: Session, there: Session) -> bool:
    """Whether they are one session, which was corrected in one place or in both."""
    corrected = here.corrected_at is not None or there.corrected_at is not None
    same = here.model_dump(exclude=set(CORRECTED)) == there.model_dump(exclude=set(CORRECTED))
    return corrected and here != there and same


def _bring_track_in(connection: Connection, session_id: UUID, npz: bytes) -> None:
    here = read_track(connection, session_id)
    if here is None:
        keep_track(connection, session_id, npz)
    elif here != npz:
        raise StoreError(
            f"The poses of session {session_id} are here already and are not the same. Nothing was brought in."
        )


def _bring_video_in(place: Place, person_id: UUID, session_id: UUID, package: Package) -> list[Path]:
    """Copy a video where there is none of the session yet, and return what was written."""
    if find_video(place, person_id, session_id) is not None:
        return []
    with TemporaryDirectory(dir=place.folder, prefix=".video-") as folder:
        return [keep_video(place, person_id, session_id, package.unpack_video(session_id, Path(folder)))]
