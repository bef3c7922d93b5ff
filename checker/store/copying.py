"""Copies of a database of SQLite, and files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from checker.store.errors import DAMAGED, StoreError, sqlite_words


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Yield a file beside `target` to write to, for its owner alone; once on the disk itself, it replaces `target`.

    When the block raises, what it wrote is removed and what `target` held before stays.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    draft = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def copy_whole(file: Path, target: Path) -> None:
    """Copy a database while others use it: one moment of it, looked through, on the disk or not there at all.

    Raises:
        StoreError: the database or its copy is damaged, or the copy cannot be written.
        OSError: the folder cannot be written.
    """
    with whole(target) as draft:
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("VACUUM INTO ?", (str(draft),))
        except sqlite3.Error as error:
            raise StoreError(sqlite_words(error, str(file))) from error
        check_whole(draft, target)


def check_whole(file: Path, named: Path) -> None:
    """Look a whole database of SQLite through.

    Args:
        file: to look through.
        named: how it is named to the user.

    Raises:
        StoreError: it is damaged, or none.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            strangers = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        raise StoreError(sqlite_words(error, str(named))) from error
    if found != "ok" or strangers:
        why = found.splitlines()[-1] if found != "ok" else f"{len(strangers)} rows belong to nobody"
        raise StoreError(DAMAGED.format(where=named, why=why))
