"""Fixtures for tests in a real browser: the app's server, and Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from app_server import App, free_port, running_app
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from benchmarks.fake_camera import QUIET

WAIT_MS = 60_000
"""However slow the machine is, what is to come has come by then; where it comes sooner, nobody waits."""

expect.set_options(timeout=WAIT_MS)

RECORD = """
  // whatever the camera page shows is kept, also what has gone again before a test can look
  const shown = (globalThis.shown = []);
  const text = (root, of) => root.querySelector(of)?.textContent.trim() ?? "";
  let last;
  new MutationObserver(() => {
    const root = document.querySelector(".bcl");
    if (!root) return;
    const sides = [...root.querySelectorAll(".bcl-counts [data-side]")];
    const now = {
      stage: root.dataset.stage,
      words: text(root, ".bcl-words"),
      kind: root.querySelector(".bcl-words")?.dataset.kind,
      told: text(root, ".bcl-told"),
      hand: Boolean(root.querySelector(".bcl-hand")?.checkVisibility()),
      countdown: text(root, ".bcl-countdown"),
      good: root.querySelectorAll('.bcl-ticks [data-ok="true"]').length,
      bad: [...root.querySelectorAll('.bcl-ticks [data-ok="false"]')].map((tick) => tick.dataset.tick),
      counts: Object.fromEntries(sides.map((side) => [side.dataset.side, Number(text(side, "b"))])),
    };
    const key = JSON.stringify(now);
    if (key !== last) shown.push(now);
    last = key;
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""


def was_shown(page: Page, condition: str, argument: object = None) -> dict[str, Any]:
    """Wait until the camera page has shown something since it was loaded; what it showed first of that kind.

    Args:
        page: whose context runs `RECORD`.
        condition: a script's function of (now, argument): see `RECORD` for what `now` has.
        argument: given to it.
    """
    look = f"argument => globalThis.shown.find(now => ({condition})(now, argument))"
    return dict(page.wait_for_function(look, arg=argument, timeout=WAIT_MS).json_value())


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
        context.set_default_timeout(WAIT_MS)
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
