"""The app's server as a process, as a user starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_S = 240.0
GRACE_S = 2


@dataclass(frozen=True, slots=True)
class App:
    """A running server.

    Attributes:
        url: where it listens.
        folders: where its private folders are made.
        own: where exercises of the user's own are read from and written to; not there at first.
        log: what it printed.
        grace_s: how long after a page is closed its videos are deleted.
    """

    url: str
    folders: Path
    own: Path
    log: Path
    grace_s: float = GRACE_S

    @property
    def job_folders(self) -> list[Path]:
        """The folders of all jobs there are."""
        return sorted(self.folders.glob("backcheck-app-*/*"))


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def running_app(folders: Path, port: int, *options: str, prefix: tuple[str, ...] = ()) -> Iterator[App]:
    """The app's server as a process; it must tidy up when it is ended.

    Args:
        folders: where its private folders are made.
        port: where it listens.
        *options: of Streamlit.
        prefix: a command that it is begun with.
    """
    server, running = begin_app(folders, port, *options, prefix=prefix)
    try:
        wait_until_up(running, server)
        yield running
    finally:
        own = psutil.Process(server.pid)
        (own.children()[0] if prefix else own).terminate()  # a command before it keeps the signal to itself
        server.wait(30)
    if sys.platform != "win32":  # there, a process that is ended cannot tidy up
        assert list(folders.glob("backcheck-app-*")) == [], "the server left videos behind"


def begin_app(
    folders: Path, port: int, *options: str, prefix: tuple[str, ...] = (), env: Mapping[str, str] = {}
) -> tuple[subprocess.Popen[bytes], App]:
    """Begin the app's server; the arguments are those of `running_app`, and more of its environment."""
    command = [*prefix, sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.headless=true", f"--server.disconnectedSessionTTL={GRACE_S}", *options]
    own, log = folders / "own", folders / "server.log"
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folders)) | {"BACKCHECK_EXERCISES": str(own)}
    places["BACKCHECK_PEOPLE"] = str(folders / "people")
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **places, **env}, stdout=out, stderr=subprocess.STDOUT
        )
    return server, App(f"http://localhost:{port}", folders, own, log)


def wait_until_up(app: App, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            printed = app.log.read_text(encoding="utf-8", errors="replace")
            assert server.poll() is None, f"the server ended: {printed}"
            assert time.monotonic() < deadline, f"the server did not come up in {START_S} s: {printed}"
            time.sleep(0.2)
