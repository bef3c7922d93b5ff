"""The file in which somebody carries all that is theirs: a zip. It is looked through at the door."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from checker.care.records import History, Part
from checker.store.attachments import MOST_RESULT_BYTES, InForce
from checker.store.corrections import KeptCorrection
from checker.store.errors import StoreError, first_line

FORMAT: Final = 1

RECORDS: Final = "backcheck.json"

RESULTS, TRACKS, VIDEOS = "results", "tracks", "videos"
"""The folders in it. A file there is named after the id of a result, or of a session."""

MOST_RECORDS_BYTES: Final = 128 * 1024**2
"""Ten years of five sessions a day are about 60 MB."""

MOST_TRACK_BYTES: Final = 1024**3
MOST_ENTRIES: Final = 50_000
"""Ten years of five sessions a day with a result and poses each are 36 500."""

MOST_RESULTS_BYTES: Final = 4 * 1024**3
"""Of all results together, unpacked: fifty thousand of 80 kB."""

_BLOCK_BYTES: Final = 1024**2

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAMES: Final = re.compile(
    rf"{RECORDS}|{RESULTS}/{_UUID}\.json|{TRACKS}/{_UUID}\.npz|{VIDEOS}/{_UUID}\.[a-z0-9]{{1,5}}"
)
_MOST_BYTES: Final = {RECORDS: MOST_RECORDS_BYTES, RESULTS: MOST_RESULT_BYTES, TRACKS: MOST_TRACK_BYTES}


NOT_OURS: Final = "{file} is damaged, or is not a file that BackCheck made{why}. Nothing was brought in."
NEWER: Final = "{file} is of a newer BackCheck{why}: use that one. Nothing was brought in."


class PackageError(StoreError):
    """A file is no package that can be read here; one line."""

    def __init__(self, path: Path, why: str, said: str = NOT_OURS) -> None:
        """Of the file at `path`; `why` is for whoever looks into it, `said` what is said around it."""
        self._said = said
        super().__init__(said.format(file=path, why=f" ({why})"))

    def words(self, name: str) -> str:
        """Return the same for whoever chose the file, by the name that it has for them."""
        return self._said.format(file=name, why="")


class Filed(Part):
    """A result of the package; its text is the file of its id."""

    id: UUID
    session_id: UUID
    in_force: InForce


class Contents(Part):
    """What `backcheck.json` holds.

    Attributes:
        format: of the package.
        program: version that wrote it.
        videos: how many are in the package.
    """

    format: Literal[1] = FORMAT
    program: Annotated[str, Field(max_length=100)]
    history: History
    results: tuple[Filed, ...] = ()
    corrections: tuple[KeptCorrection, ...] = ()
    tracks: tuple[UUID, ...] = ()
    videos: tuple[UUID, ...] = ()


class _Format(BaseModel):
    """As much as every version can read."""

    format: int


_UNREADABLE: Final = (
    *(OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error),
    *(NotImplementedError, RuntimeError, KeyError),  # ways of packing that are not known, or a password
)
"""What the library raises over a file that is no zip, or is damaged."""


class Package:
    """A package that is open for reading, and has only the files that belong into one, none of them too large."""

    def __init__(self, stored: zipfile.ZipFile, path: Path) -> None:
        """Use `open_package`."""
        self._stored = stored
        self._path = path
        self._names = _look_through(stored, path)
        self.contents = self._contents()

    def bytes_of(self, folder: str, of: UUID) -> bytes:
        """Return one file of it whole."""
        with _clear(self._path):
            return self._stored.read(self._names[folder, of])

    def unpack_video(self, session_id: UUID, folder: Path) -> Path:
        """Write a video into a folder, block by block, and return it.

        Raises:
            StoreError: it is damaged.
            OSError: it cannot be written.
        """
        name = self._names[VIDEOS, session_id]
        target = folder / f"video{Path(name).suffix}"
        with ExitStack() as stack:
            with _clear(self._path):
                packed = stack.enter_context(self._stored.open(name))
            file = stack.enter_context(target.open("wb"))
            while block := self._next(packed):
                file.write(block)
        return target

    def _next(self, packed: IO[bytes]) -> bytes:
        with _clear(self._path):
            return packed.read(_BLOCK_BYTES)

    def _contents(self) -> Contents:
        with _clear(self._path):
            data = self._stored.read(RECORDS)
        try:
            found = _Format.model_validate_json(data).format
            if found != FORMAT:
                raise PackageError(self._path, f"format {found}, and this version reads format {FORMAT}", NEWER)
            contents = Contents.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            why = " ".join(f"{'.'.join(map(str, first['loc']))}: {first['msg']}".split())
            raise PackageError(self._path, why) from error
        self._check_whole(contents)
        return contents

    def _check_whole(self, contents: Contents) -> None:
        """Make sure that all is there that it tells of, that nothing else is, and that all is one person's."""
        listed = [(RESULTS, filed.id) for filed in contents.results]
        listed += [(TRACKS, of) for of in contents.tracks] + [(VIDEOS, of) for of in contents.videos]
        if sorted(listed) != sorted(self._names):
            raise PackageError(self._path, "its list of files is not that of the files in it")
        history = contents.history
        kinds = [getattr(history, name) for name in History.model_fields if name != "person"]
        kinds.append(contents.corrections)
        if any(record.person_id != history.person.id for records in kinds for record in records):
            raise PackageError(self._path, "a record in it is another person's")
        sessions = {session.id for session in history.sessions}
        pointing = {filed.session_id for filed in contents.results} | {*contents.tracks, *contents.videos}
        pointing |= {kept.session_id for kept in contents.corrections}
        if not pointing | {mark.session_id for mark in history.pain_marks} <= sessions:
            raise PackageError(self._path, "something in it belongs to a session that is not in it")


def _look_through(stored: zipfile.ZipFile, path: Path) -> dict[tuple[str, UUID], str]:
    """Return the names of its files by folder and id, before any of them is unpacked."""
    entries = stored.infolist()
    if len(entries) > MOST_ENTRIES:
        raise PackageError(path, f"{len(entries)} files are in it, and at most {MOST_ENTRIES} may be")
    names: dict[tuple[str, UUID], str] = {}
    plain = unpacked = 0
    for entry in entries:
        if not _NAMES.fullmatch(entry.filename):
            raise PackageError(path, f"a file named {entry.filename!r:.100} is in it")
        folder, _, name = entry.filename.rpartition("/")
        most = _MOST_BYTES.get(folder or RECORDS)
        if most is not None and entry.file_size > most:
            raise PackageError(path, f"{entry.filename} in it is larger than {most // 1024**2} MB")
        if folder in {TRACKS, VIDEOS}:  # they are packed already: a file cannot swell
            if entry.compress_type != zipfile.ZIP_STORED:
                raise PackageError(path, f"{entry.filename} in it is packed twice")
            plain += entry.file_size
        else:
            unpacked += entry.file_size
        if folder:
            names[folder, UUID(Path(name).stem)] = entry.filename
    if len({entry.filename for entry in entries}) != len(entries) or len(names) + 1 != len(entries):
        raise PackageError(path, f"expected {RECORDS} and no file twice")
    if plain > path.stat().st_size or unpacked > MOST_RECORDS_BYTES + MOST_RESULTS_BYTES:
        raise PackageError(path, "it would be larger unpacked than it may be")
    return names


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open a package and look it through.

    Raises:
        StoreError: it is none, is damaged, or is of a newer version; one line.
    """
    with ExitStack() as stack:
        with _clear(path):
            stored = stack.enter_context(zipfile.ZipFile(path))
            package = Package(stored, path)
        yield package


@contextmanager
def _clear(path: Path) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise PackageError(path, first_line(error)) from error
