"""The app as a user starts it, its pages, and a live session without a browser, for who measures them."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
import psutil
from clips import ROOT
from fake_camera import QUIET
from playwright.sync_api import Browser, Page, sync_playwright
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from checker.service.live.protocol import HEADER, SUBPROTOCOL
from checker.video.reader import open_video

SAMPLE: Final = ROOT / "sample_videos" / "side_bend__knee_bend__ben.mp4"
MOVEMENT: Final = "standing_side_bend"
RATE_HZ: Final = 10
START_S: Final = 60.0


@dataclass
class Server:
    """A running app."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"

    @property
    def bytes_used(self) -> int:
        """Memory of the server and of all its processes."""
        own = psutil.Process(self.process.pid)
        return sum(p.memory_info().rss for p in [own, *own.children(recursive=True)])

    @property
    def workers(self) -> list[psutil.Process]:
        """Its processes."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def running(ready_s: float = 5.0) -> Iterator[Server]:
    """The app as a user starts it, so long after it is up: by then the process that is kept ready has loaded."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        options = [f"--server.port={port}", "--server.headless=true"]
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env={**_own_places(folder), **os.environ, "TMPDIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = Server(process, port, Path(folder))
        deadline_s = time.monotonic() + START_S
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline_s:
                process.kill()
                raise SystemExit("expected the app to start, and it did not: run `python run.py` to see why")
            time.sleep(0.05)
        time.sleep(ready_s)  # the process that is kept ready has loaded
        try:
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _own_places(folder: str) -> dict[str, str]:
    """Where it keeps what it keeps, unless that is said otherwise: not among what its user has."""
    return {name: str(Path(folder) / name.lower()) for name in ("BACKCHECK_PEOPLE", "BACKCHECK_EXERCISES")}


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("localhost", port, timeout=2)
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a camera."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("expected Chromium on this machine, found none: install it, and run this again")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*QUIET])
        yield started
        started.close()


@contextmanager
def browser(server: Server) -> Iterator[Any]:
    """Opens pages of the app; none has a camera."""
    with chromium() as started:

        def open_page(place: str) -> Page:
            page = started.new_context(viewport={"width": 1366, "height": 768}).new_page()
            page.goto(f"{server.url}/{place}")
            page.get_by_role("heading", level=1).wait_for(timeout=60_000)
            return page

        yield open_page


def open_session(open_page: Any) -> tuple[Page, str]:
    """A camera page whose camera is not there, and the token of its session."""
    page = open_page(f"camera?movement={MOVEMENT}")
    page.get_by_role("button", name="Open the camera").click()
    camera = page.locator('.bcl:not([data-stage="waiting"])').first
    camera.wait_for(state="attached")
    deadline_s = time.monotonic() + START_S
    while not camera.evaluate("root => root.backcheck?.link?.isOpen ?? false"):
        if time.monotonic() > deadline_s:
            raise SystemExit("expected the camera page to open its socket, and it did not")
        time.sleep(0.1)
    return page, str(camera.evaluate("root => root.backcheck.data.token"))


# --- a live session, without a browser ---------------------------------------------------------------


def jpegs() -> list[bytes]:
    """The sample as the camera page sends it."""
    with open_video(SAMPLE) as video:
        return [cv2.imencode(".jpg", cv2.cvtColor(f.rgb, cv2.COLOR_RGB2BGR))[1].tobytes() for f in video]


@dataclass
class Live:
    """Sends pictures at a steady rate, one after another, and notes how long each took."""

    link: ClientConnection
    pictures: list[bytes]
    took_s: list[float] = field(default_factory=list)
    ended: dict[str, Any] | None = None
    _n: int = 0

    def go_on(self, seconds: float) -> None:
        """Send for so long."""
        began_s = time.monotonic()
        while time.monotonic() - began_s < seconds and self.ended is None:
            due_s = time.monotonic() + 1 / RATE_HZ
            self.look()
            time.sleep(max(0.0, due_s - time.monotonic()))

    def look(self) -> None:
        """Send one picture, and wait for its answer."""
        sent_s = time.monotonic()
        message = HEADER.pack(self._n, 0, sent_s) + self.pictures[self._n % len(self.pictures)]
        self._n += 1
        self.link.send(message)
        answer = json.loads(self.link.recv(60))
        self.took_s.append(time.monotonic() - sent_s)
        if answer["type"] == "finished":
            self.ended = answer


def join(server: Server, token: str, pictures: list[bytes]) -> Live:
    """Take the place of the page of a session."""
    offered = [Subprotocol(SUBPROTOCOL), Subprotocol(token)]
    address = f"ws://localhost:{server.port}/live/ws"
    live = Live(connect(address, origin=Origin(server.url), subprotocols=offered, legacy=True), pictures)
    for _ in range(10):
        live.look()
    live.took_s.clear()
    return live


def p95_ms(took_s: list[float]) -> float:
    """The 95th percentile, milliseconds."""
    return 1000 * float(np.percentile(took_s, 95))
