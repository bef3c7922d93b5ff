"""A PostgreSQL of its own for tests: in a temporary folder, on a Unix socket only, ended with the tests.

The fixtures for `pytest_plugins`: a server a worker, and an empty store on SQLite and on that server.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conftest import until

from checker.store import Store, open_store

OLDEST = 15
START_S = 60.0


def binaries() -> Path:
    """The folder of `initdb` and `postgres`, of the newest version that is here."""
    found = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdigit()]
    found = [p for p in found if int(p.parent.name) >= OLDEST and (p / "initdb").exists()]
    if found:
        return max(found, key=lambda p: int(p.parent.name))
    if named := shutil.which("initdb"):
        return Path(named).parent
    pytest.skip(f"NO POSTGRESQL {OLDEST} OR NEWER ON THIS MACHINE (apt-get install postgresql): it was NOT tested")


@contextmanager
def running() -> Iterator[str]:
    """The URL of a new server; everything of it is gone afterwards. It refuses to be run by root."""
    programs = binaries()
    as_user: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="backcheck-pg-", dir="/tmp"))  # a socket's path has at most 107 letters
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **as_user}
    try:
        made = [programs / "initdb", "-D", folder / "data", "-U", "backcheck", "-A", "trust", "-E", "UTF8", "--no-sync"]
        done = subprocess.run(made, check=False, **quiet)
        assert done.returncode == 0, done.stderr
        options = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=30")
        server = subprocess.Popen([programs / "postgres", "-D", folder / "data", "-k", folder, *options], **quiet)
        try:
            ready = [programs / "pg_isready", "-q", "-h", folder, "-U", "backcheck"]
            until(lambda: subprocess.run(ready, check=False).returncode == 0, START_S)
            yield f"postgresql://backcheck@/postgres?host={folder}"
        finally:
            server.terminate()
            server.communicate(timeout=START_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(url: str) -> str:
    """The URL of another, empty database of that server."""
    name = f"d{secrets.token_hex(8)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server that has no database of ours yet."""
    with running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a database in which there is nothing at all, of each of the two kinds."""
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/backcheck.db"
    return new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(url) as opened:
        yield opened
