"""Fixtures for tests in a real browser: the app's server as a process, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
START_S = 60.0
GRACE_S = 2
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as a user starts it, on a free port, with a short grace time for closed pages."""
    folders = tmp_path_factory.mktemp("server")
    log = folders / "server.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.headless=true", f"--server.disconnectedSessionTTL={GRACE_S}"]
    own = folders / "own"
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folders)) | {"BACKCHECK_EXERCISES": str(own)}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | places, stdout=out, stderr=subprocess.STDOUT)
    running = App(f"http://localhost:{port}", folders, own, log)
    try:
        _wait_until_up(running, server)
        yield running
    finally:
        server.terminate()
        server.wait(30)
    if sys.platform != "win32":  # there, a process that is ended cannot tidy up
        assert list(folders.glob("backcheck-app-*")) == [], "the server left videos behind"


def _wait_until_up(app: App, server: subprocess.Popen[bytes]) -> None:
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; without one the tests are skipped, and say so."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: the browser tests did not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, app: App) -> Iterator[Callable[..., Page]]:
    """Opens a page of the app as a new person: a browser profile of their own.

    Whatever a page asked of another host fails the test when it ends, and so does an error in the
    page's own scripts.
    """
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    errors: list[str] = []

    def open_app(path: str = "review", width: int = 1366, reduced_motion: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce" if reduced_motion else "no-preference"
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("request", lambda request: foreign.append(request.url) if _leaves(request.url) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{app.url}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield open_app
    for context in contexts:
        context.close()
    assert foreign == [], "the page asked another host"
    assert errors == [], "an error in the page's scripts"


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob", "about"} and parts.hostname not in {"localhost", "127.0.0.1"}
