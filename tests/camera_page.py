"""The camera page in a browser whose camera plays a film: fixtures, and what tests do on the page and wait for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from app_server import App
from conftest import find_clip
from filelock import FileLock, Timeout
from playwright.sync_api import Page
from profiles import Profiles
from waiting import RECORD, RESULT_MS, was_shown

from benchmarks.fake_camera import ALLOWED, REMEMBER_CAMERA, camera_flags, write_mjpeg
from checker.video.reader import open_video

pytest_plugins = ["browser"]

Filmed = Callable[..., Page]

SMALL = (960, 600)
"""Of the window where its size is of no matter: several browsers paint with one processor."""


@pytest.fixture
def a_place_before_the_camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One film takes about a processor as long as it is followed live: of two, one is for it and one for the rest.

    Too few pictures a second are looked at where more films run, and a session says so instead of what it was to say.
    """
    places = max(1, (os.cpu_count() or 1) // 2)
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    locks = [FileLock(folder / f"camera-{n}.lock", timeout=0.0) for n in range(places)]
    while not (taken := next((lock for lock in locks if _takes(lock)), None)):
        time.sleep(0.2)
    yield
    taken.release()


def _takes(lock: FileLock) -> bool:
    try:
        lock.acquire()
    except Timeout:
        return False
    return True


@pytest.fixture
def filmed(browsers: Callable[..., Profiles], app: App, a_place_before_the_camera: None) -> Iterator[Filmed]:
    """Opens the camera page of a movement in a browser of its own, whose camera plays a film."""
    errors: list[str] = []
    with ExitStack() as stack:

        def open_camera_page(
            movement: str,
            film: Path | None,
            *,
            url: str = app.url,
            flags: tuple[str, ...] = (ALLOWED,),
            size: tuple[int, int] = SMALL,
            known: bool = True,
        ) -> Page:
            profiles = browsers(*flags, *([] if film is None else camera_flags(film)))
            page = stack.enter_context(profiles.visitor(size))
            page.add_init_script(RECORD)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"{url}/camera?movement={movement}")
            page.get_by_role("button", name="Open the camera").wait_for()
            if film is not None and ALLOWED in flags and known:  # else the left hand is asked for
                page.evaluate(REMEMBER_CAMERA, "no")
            return page

        yield open_camera_page
    assert errors == [], "an error in the page's scripts"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A clip as the camera plays it."""

    folder = tmp_path_factory.mktemp("films")

    def make(name: str) -> Path:
        target = folder / f"{name}.mjpeg"
        if not target.exists():
            write_mjpeg(find_clip(name), target, lead_s=1.0)
        return target

    return make


def still_film(target: Path, *pictures: npt.NDArray[np.uint8]) -> Path:
    """Pictures as the camera plays them, one second each."""
    jpegs = [cv2.imencode(".jpg", p)[1].tobytes() for p in pictures]
    target.write_bytes(b"".join(jpeg for jpeg in jpegs for _ in range(30)))
    return target


def first_picture(name: str) -> npt.NDArray[np.uint8]:
    """(640, 480, 3) BGR: the first frame of a clip."""
    with open_video(find_clip(name)) as video:
        rgb = next(iter(video)).rgb
    return np.asarray(cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), (480, 640)), np.uint8)


def pain(page: Page, level: int) -> None:
    """Answer how much it hurts."""
    answer = page.get_by_role("radio", name=str(level), exact=True)
    answer.or_(page.get_by_role("button", name=str(level), exact=True)).first.click()


def of_session(page: Page, what: str) -> object:
    """Something of the session in the page, or something done to it."""
    return page.locator(".bcl").evaluate(f"root => root.backcheck.{what}")


AT_MOST = """
  (root, hz) => { // as on a computer that looks at so many pictures a second
    const { link } = root.backcheck;
    const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(link), "hasRoom").get;
    let due = 0;
    Object.defineProperty(link, "hasRoom", { get() {
      const now = performance.now();
      if (now < due || !own.call(link)) return false;
      due = Math.max(due + 1000 / hz, now - 500 / hz);
      return true;
    } });
  }
"""

ENOUGH_HZ = 8
"""Pictures a second that are looked at where a test is not about their rate: several browsers share a processor."""


def linked(page: Page) -> None:
    """Wait until the page has its connection."""
    page.wait_for_function("() => globalThis.camera()?.backcheck?.link?.isOpen")


def begin(page: Page, hz: int = ENOUGH_HZ, test_speed: bool = False) -> None:
    """Open the camera; at most so many pictures a second are looked at.

    Args:
        page: the camera page.
        hz: so many.
        test_speed: whether the page decides if this computer can follow live; it does, unless a test is about that.
    """
    page.get_by_role("button", name="Open the camera").click()
    followed(page, hz, test_speed)


def followed(page: Page, hz: int = ENOUGH_HZ, test_speed: bool = False) -> None:
    """The same where the camera has been opened otherwise."""
    linked(page)
    page.locator(".bcl").evaluate(AT_MOST, hz)
    if not test_speed:
        of_session(page, "speed.decide('live')")


def stage(page: Page, name: str) -> dict[str, Any]:
    """Wait until the session is, or was, at a stage; what was shown when it came there."""
    return was_shown(page, "(now, name) => now.stage === name", name)


def says(page: Page, words: str) -> dict[str, Any]:
    """Wait until something is said, or was; what else was shown when it was said first."""
    return was_shown(page, "(now, words) => now.words.includes(words)", words)


def counted(page: Page, least: int = 1, side: str = "") -> dict[str, int]:
    """Wait until so many are counted, to one side or to any; all that were counted then."""
    enough = "(now, [side, least]) => Object.entries(now.counts).some(([s, n]) => (!side || s === side) && n >= least)"
    return dict(was_shown(page, enough, [side, least])["counts"])


def results(page: Page, movement: str) -> None:
    """Wait for the results of a movement."""
    page.get_by_role("heading", level=1, name=movement).wait_for(timeout=RESULT_MS)
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)
