"""Backups of a whole database of SQLite, and the way back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from checker.store.copying import check_whole, copy_whole, whole
from checker.store.database import Place, alone, find_place
from checker.store.errors import StoreError, is_busy, is_damage, sqlite_words, told
from checker.store.upgrading import known_revisions

PUT_ASIDE: Final = ".replaced-"
"""Of the name of a database in whose place a backup was put."""

_POSTGRESQL: Final = (
    "{name} is kept by PostgreSQL, which has its own way: pg_dump makes a backup, pg_restore brings it back."
)


def back_up(place: Place, target: Path) -> None:
    """Copy the whole database to a file, while it may be in use, and look the copy through. Videos are not in it.

    Raises:
        StoreError: the file is there already or cannot be written; the database is damaged, or PostgreSQL's.
    """
    if place.file is None:
        raise StoreError(_POSTGRESQL.format(name=place.name))
    refuse_existing(target)
    with told(str(target)):
        copy_whole(place.file, target)


def refuse_existing(target: Path) -> None:
    """Make sure that nothing is written over.

    Raises:
        StoreError: the file is there already.
    """
    if target.exists():
        raise StoreError(f"{target} is there already: expected a new name, so that nothing is lost")


def restore_store(backup: Path, url: str | None = None) -> Path | None:
    """Put a backup in the place of the database. What was there stays beside it, damaged or not.

    Args:
        backup: a file that `Store.backup` wrote; it stays as it is.
        url: where the store is, as for `open_store`.

    Returns:
        Where the database is now that was there before; None where there was none.

    Raises:
        StoreError: the backup is damaged or of a newer program, or the database is open somewhere. Nothing changed.
    """
    place = find_place(url)
    if place.file is None:
        raise StoreError(_POSTGRESQL.format(name=place.name))
    with told(place.name):
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone(place), whole(place.file) as draft:
            _take(backup, draft, place.file)
            return _put_aside(place.file) if place.file.exists() else None


def _take(backup: Path, draft: Path, file: Path) -> None:
    """Copy a backup, and look through what was copied."""
    if not backup.is_file():
        raise StoreError(f"{backup}: expected a file that `backcheck backup` wrote, and there is none")
    if file.exists() and backup.samefile(file):
        raise StoreError(f"{backup} is the database itself: expected a backup of it")
    log = backup.with_name(f"{backup.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(f"{backup} is open in another program: expected a file that `backcheck backup` wrote")
    with told(str(backup)):
        shutil.copyfile(backup, draft)
        check_whole(draft, backup)
    with closing(sqlite3.connect(draft)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # a copy has one file
            (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except (sqlite3.Error, TypeError) as error:
            raise StoreError(
                f"{backup} is no backup of BackCheck: expected a file that `backcheck backup` wrote"
            ) from error
    if found not in known_revisions():
        raise StoreError(f"{backup} was written by a newer BackCheck (schema {found}). Use the newer version.")


def _put_aside(file: Path) -> Path:
    """Copy the database to a name beside it, where nobody has it open; afterwards it has no log."""
    aside = file.with_name(f"{file.name}{PUT_ASIDE}{datetime.now(UTC).strftime('%Y%m%dT%H%M%S.%fZ')}")
    damaged = _is_damaged(file)
    if not damaged:
        _take_log_in(file)
    copies: list[Path] = []
    try:
        for ending in ("", "-wal"):  # of a damaged one, just as they are
            if (part := file.with_name(file.name + ending)).exists():
                with whole(aside.with_name(aside.name + ending)) as draft:
                    shutil.copyfile(part, draft)
                copies.append(aside.with_name(aside.name + ending))
        if damaged:
            _take_log_in(file)
    except BaseException:
        for copy in copies:
            copy.unlink(missing_ok=True)
        raise
    for ending in ("-wal", "-shm"):  # they would be taken for the backup's
        file.with_name(file.name + ending).unlink(missing_ok=True)
    return aside


def _is_damaged(file: Path) -> bool:
    try:
        check_whole(file, file)
    except StoreError:
        return True
    return False


def _take_log_in(file: Path) -> None:
    """Have a database take in its log, which only who is alone with it may; a damaged one need not.

    Raises:
        StoreError: another program has it open.
    """
    try:
        with closing(sqlite3.connect(file, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        if not is_damage(error):
            words = _OPEN.format(where=file) if is_busy(error) else sqlite_words(error, str(file))
            raise StoreError(words) from error


_OPEN: Final = "{where} is open in another program. Close BackCheck everywhere, and try again. Nothing was changed."


def replaced_files(file: Path) -> list[Path]:
    """Return the databases in whose place a backup was put, the oldest first."""
    return sorted(file.parent.glob(f"{file.name}{PUT_ASIDE}*"))
