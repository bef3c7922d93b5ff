"""Fixtures for tests in a real browser: the app's server, and Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from app_server import App, free_port, running_app
from playwright.sync_api import Browser, Page, sync_playwright
from profiles import Profiles

from benchmarks.fake_camera import QUIET


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app as a user starts it, on a free port, with a short grace time for closed pages."""
    with running_app(tmp_path_factory.mktemp("server"), free_port()) as running:
        yield running


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Starts the system's Chromium with more flags; without one the tests are skipped, and say so."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: the browser tests did not run")
    with sync_playwright() as playwright:

        def launch_with(*flags: str) -> Browser:
            return playwright.chromium.launch(executable_path=path, args=[*QUIET, *flags])

        yield launch_with


@pytest.fixture(scope="session")
def chromium(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """A browser without a camera."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Profiles:
    """Profiles of a browser without a camera."""
    return Profiles(chromium)


@pytest.fixture(scope="session")
def browsers(launch: Callable[..., Browser]) -> Iterator[Callable[..., Profiles]]:
    """Profiles of the browser with these flags: that of the last test, if it has the same ones and is still there."""
    kept: dict[tuple[str, ...], Profiles] = {}

    def with_flags(*flags: str) -> Profiles:
        found = kept.pop(flags, None)
        if found is None or not found.browser.is_connected():
            for other in [one for one, profiles in kept.items() if not profiles.in_use]:
                kept.pop(other).close()
            found = Profiles(launch(*flags))
        kept[flags] = found
        return found

    yield with_flags
    for profiles in kept.values():
        profiles.close()


@pytest.fixture
def open_page(profiles: Profiles, app: App) -> Iterator[Callable[..., Page]]:
    """Opens a page of the app as a new person: a browser profile of their own.

    Whatever a page asked of another host fails the test when it ends, and so does an error in the
    page's own scripts, or whatever its Content-Security-Policy had to stop.
    """
    stack = ExitStack()
    foreign: list[str] = []
    errors: list[str] = []

    def open_app(path: str = "review", width: int = 1366, reduced_motion: bool = False, first: bool = False) -> Page:
        motion = "reduce" if reduced_motion else "no-preference"
        page = stack.enter_context(profiles.visitor((width, 900), motion=motion, first=first))
        page.on("request", lambda request: foreign.append(request.url) if _leaves(request.url) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda told: errors.append(told.text) if "Content Security Policy" in told.text else None)
        page.goto(f"{app.url}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        return page

    with stack:
        yield open_app
    assert foreign == [], "the page asked another host"
    assert errors == [], "an error in the page's scripts"


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob", "about"} and parts.hostname not in {"localhost", "127.0.0.1"}
