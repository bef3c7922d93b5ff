"""Brings a database to the newest schema when it is opened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from checker.store.copying import copy_whole
from checker.store.database import Place, reading, writing
from checker.store.errors import StoreError

HEAD: Final = "0003"
"""The newest schema; a test holds it against the migrations."""

MIGRATIONS: Final = Path(__file__).with_name("migrations")

COPY_MARK: Final = ".before-"
"""Of the name of a copy that was made before an upgrade: backcheck.db.before-0002-20270131T120000Z."""

_POSTGRESQL_LOCK: Final = 0x4261636B
"""Any number, but the same in every version: who upgrades holds it."""


def revision_of(connection: Connection) -> str | None:
    """Return the schema that a database has; None where it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(engine: Engine, place: Place) -> None:
    """Bring a database to the newest schema, all of it or nothing. Call it within `alone`.

    Raises:
        StoreError: the database is newer than this program, or is no database of it.
    """
    with reading(engine) as connection:
        found, tables = revision_of(connection), inspect(connection).get_table_names()
    if found == HEAD:
        return
    _check(found, tables, place)
    if place.file is not None and found is not None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        copy_whole(place.file, place.file.with_name(f"{place.file.name}{COPY_MARK}{HEAD}-{stamp}"))
    with writing(engine) as connection:
        run_migrations(connection, HEAD)


def run_migrations(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision in the transaction of a connection."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this program has migrations for, the oldest first."""
    from alembic.script import ScriptDirectory

    return tuple(reversed([script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]))


def _check(found: str | None, tables: list[str], place: Place) -> None:
    if found is None and tables:
        raise StoreError(f"{place.name} is a database of another program: expected an empty one or one of BackCheck")
    if found is not None and found not in known_revisions():
        raise StoreError(
            f"{place.name} was written by a newer BackCheck (schema {found}; this one knows {HEAD}). "
            "Nothing was changed. Use the newer version."
        )


def upgrade_copies(file: Path) -> list[Path]:
    """Return the copies that were made before upgrades, the oldest first."""
    return sorted(file.parent.glob(f"{file.name}{COPY_MARK}*"))
