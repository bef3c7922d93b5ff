"""The database behind a store: where it is, how it is opened, and its transactions."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from checker.folders import kept_people
from checker.store.errors import BUSY, StoreError

URL_SETTING: Final = "BACKCHECK_DATABASE"
"""The environment variable that names another database by its URL."""

FILE_NAME: Final = "backcheck.db"

BUSY_S: Final = 10.0
"""How long one waits for another who writes: longer than any transaction here takes, but for an import."""

_LOCK_S: Final = 60.0

_AT_CONNECT: Final = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}",
    "PRAGMA journal_mode = WAL",  # who reads does not wait for who writes
    # FULL: what was committed is on the disk itself. With NORMAL a power cut takes back all since the last checkpoint.
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS answers a plain fsync before the disk has written
    "PRAGMA secure_delete = ON",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is.

    Attributes:
        url: of the database.
        file: the database, where it is SQLite's.
        folder: where everything lies that is in no database: videos, locks.
    """

    url: URL
    file: Path | None
    folder: Path

    @property
    def name(self) -> str:
        """How it is named to the user: without a password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    def beside(self, what: str) -> Path:
        """Return the path of what belongs to this database and lies beside it: "backcheck-videos"."""
        return self.folder / f"{self.file.stem if self.file else 'postgresql'}-{what}"


def find_place(url: str | None) -> Place:
    """Return where a store is: a URL, or what BACKCHECK_DATABASE names, or else a file in the user's data folder.

    Raises:
        StoreError: the URL is none, or of another database than SQLite's and PostgreSQL's.
    """
    chosen = url or os.environ.get(URL_SETTING)
    if not chosen:
        file = kept_people() / FILE_NAME
        return Place(URL.create("sqlite", database=str(file)), file, file.parent)
    try:
        parsed = make_url(chosen)
    except (ArgumentError, ValueError) as error:
        raise StoreError(_NO_URL) from error  # the URL itself may have a password in it
    if parsed.drivername == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        file = Path(str(parsed.database)).expanduser().absolute()
        return Place(URL.create("sqlite", database=str(file)), file, file.parent)
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return Place(parsed.set(drivername="postgresql+psycopg"), None, kept_people())
    raise StoreError(_NO_URL)


_NO_URL: Final = (
    "expected the URL of a database, such as sqlite:////home/me/backcheck.db or postgresql://me@localhost/backcheck, "
    f"got another text. Look at {URL_SETTING}."
)


def open_engine(place: Place) -> Engine:
    """Return the engine of a place; makes the folder and an empty file where there is none.

    Raises:
        StoreError: the driver of PostgreSQL is not installed.
        OSError: the folder cannot be made.
    """
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.file is None:
        try:
            return create_engine(place.url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise StoreError("PostgreSQL needs one more package: pip install 'backcheck[postgresql]'") from error
    if not place.file.exists():
        os.close(os.open(place.file, os.O_CREAT | os.O_RDWR, 0o600))  # for its owner alone; SQLite would ask the umask
    engine = create_engine(place.url, connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _: object) -> None:
    """Give a new connection of SQLite its settings. Transactions are begun by `_begin`, not by Python."""
    connection.isolation_level = None
    for pragma in _AT_CONNECT:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    """Begin a transaction of SQLite: one that writes waits for its turn at once, so that it never fails half-way."""
    begin = "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
    connection.exec_driver_sql(begin)


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Keep other programs on this computer from opening the store, upgrading it or putting another in its place.

    Raises:
        StoreError: another one does so for longer than a minute.
    """
    try:
        with FileLock(place.beside("opening.lock"), timeout=_LOCK_S, mode=0o600):
            yield
    except Timeout as error:
        raise StoreError(BUSY.format(where=place.name)) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database, however many queries it makes."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.execution_options(**options).begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: all of it or nothing."""
    with engine.execution_options(writes=True).begin() as connection:
        yield connection


def wipe(engine: Engine) -> None:
    """Write a database of SQLite anew and empty its log, so that nothing that was deleted is left in either.

    Raises:
        sqlite3.Error: another program is using it.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")  # secure_delete has zeroed what was freed; this leaves no page of before at all
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchall()[0]
        if busy:
            raise sqlite3.OperationalError("its log is in use")
    finally:
        connection.close()
