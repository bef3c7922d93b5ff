"""What can go wrong with a store, in one line each."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StoreError(Exception):
    """The store cannot do what was asked; one line: what was expected, what came, what to do."""


DAMAGED: Final = (
    "{where} is damaged ({why}). Nothing was changed or deleted. Bring your newest backup back with "
    "`backcheck restore FILE`; the damaged file is kept beside it."
)
BUSY: Final = "{where} is being written by another program. Close it there, or try again in a moment."
CLOSED: Final = "{where} cannot be used ({why}): expected a file in a folder that you may write to."
FULL: Final = "{where} cannot be written: its disk is full. Make room, and try again; what was kept before is whole."
STRANGER: Final = "{where} does not have the person or the session that this belongs to. Keep that one first."
OTHER: Final = "{where} cannot be used: {why}"

_BY_SQLITE: Final = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_READONLY": CLOSED,
    "SQLITE_CANTOPEN": CLOSED,
    "SQLITE_PERM": CLOSED,
    "SQLITE_AUTH": CLOSED,
    "SQLITE_FULL": FULL,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CONSTRAINT_FOREIGNKEY": STRANGER,
}
"""By how SQLite's name of the error begins."""

_FOREIGN_KEY_POSTGRESQL: Final = "23503"
"""Its SQLSTATE."""

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn the errors of databases and disks into one line.

    Args:
        where: the database, as it is named to the user.

    Raises:
        StoreError: in place of any error of SQLAlchemy, of the driver or of the system.
    """
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_template(error.orig).format(where=where, why=first_line(error.orig))) from error
    except sqlite3.Error as error:
        raise StoreError(sqlite_words(error, where)) from error
    except SQLAlchemyError as error:
        raise StoreError(OTHER.format(where=where, why=first_line(error))) from error
    except OSError as error:
        words = FULL if error.errno in _NO_ROOM else CLOSED
        raise StoreError(
            words.format(where=error.filename or where, why=error.strerror or first_line(error))
        ) from error


def sqlite_words(error: Exception, where: str) -> str:
    """Say in one line what SQLite found."""
    return _template(error).format(where=where, why=first_line(error))


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite found its file damaged."""
    return _template(error) is DAMAGED


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another one uses the file."""
    return _template(error) is BUSY


def _template(error: BaseException | None) -> str:
    if getattr(error, "sqlstate", None) == _FOREIGN_KEY_POSTGRESQL:
        return STRANGER
    name = str(getattr(error, "sqlite_errorname", ""))
    return next((words for begins, words in _BY_SQLITE.items() if name.startswith(begins)), OTHER)


def first_line(error: BaseException | None) -> str:
    """Return what an error says, up to its first line break."""
    return (str(error).splitlines() or [type(error).__name__])[0]
