"""Who comes next in a profile that is used again finds nothing of the last visitor."""

from __future__ import annotations

import pytest
from app_server import App
from playwright.sync_api import Page
from profiles import Profiles

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

LEAVE = """
  async () => {
    localStorage.setItem("left", "1");
    document.cookie = "left=1";
    await caches.open("left");
    await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
  }
"""

FOUND = """
  async () => [
    ...Object.keys(localStorage), ...document.cookie.split("; "), ...(await caches.keys()),
    ...(await indexedDB.databases()).map((one) => one.name),
  ].filter((one) => one.startsWith("left"))
"""


def opened(page: Page, app: App) -> Page:
    page.goto(f"{app.url}/learn")
    page.get_by_role("heading", level=1).wait_for()
    return page


def test_nothing_of_the_last_visitor_is_left(profiles: Profiles, app: App) -> None:
    with profiles.visitor() as page:
        opened(page, app).evaluate(LEAVE)
        assert len(page.evaluate(FOUND)) == 4
        used = page.context
    with profiles.visitor() as page:
        assert page.context is used
        assert opened(page, app).evaluate(FOUND) == []
