"""Every page, as somebody meets it on a day: nothing that axe finds, nothing too wide, nothing that moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from app_server import App, free_port, running_app
from page_quality import WATCH_SHIFTS, must_be_open_to_all, must_hold_at_twice_the_size, must_not_have_moved
from playwright.sync_api import Page
from profiles import Profiles
from runs import settled
from seeded_people import Seeded

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

LAPTOP = (1366, 768)
SIZES = pytest.mark.parametrize("size", [LAPTOP, (820, 1180), (390, 844)], ids=["laptop", "tablet", "phone"])
PAGES = (
    *("", "movements", "camera", "progress", "review", "learn", "learn?topic=see_somebody", "data", "weekly"),
    *("session", "desk", "tray", "compare", "patient", "days", "new"),
    *("movement?movement=bridge", "movement?movement=full_sit_up", "timer?movement=walking"),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Four people, at four steps of the way."""
    folder = tmp_path_factory.mktemp("pages")
    with Seeded(folder) as day:
        day.somebody("Planned")
        day.somebody("Yesterday", 1)
        day.somebody("New", asked=False, begun=False)
        day.somebody("Asked", begun=False)
        day.somebody("Paused", told={"fever": "yes"}, begun=False)
        day.somebody("Help", told={"bladder": "yes"}, begun=False)
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def opened(profiles: Profiles, app: App) -> Iterator[Callable[..., Page]]:
    stack = ExitStack()

    def open_at(name: str, path: str, size: tuple[int, int]) -> Page:
        """The page as one person, who is chosen first as they would be; shifts of its layout are counted.

        It is their very first page: what is loaded late moves what is there already.
        """
        page = stack.enter_context(profiles.visitor(size, first=True))
        page.add_init_script(WATCH_SHIFTS)
        page.goto(f"{app.url}/{path}")
        page.get_by_role("heading", level=1).first.wait_for()
        settled(page)
        if name:
            page.get_by_role("button", name=name, exact=True).click()
            page.get_by_role("heading", name="Who is here?").wait_for(state="detached")
            page.get_by_role("heading", level=1).first.wait_for()
            settled(page)
        return page

    with stack:
        yield open_at


@SIZES
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_open_to_all_and_stands_still(
    opened: Callable[..., Page], path: str, size: tuple[int, int]
) -> None:
    page = opened("", path, size)
    must_not_have_moved(page)
    must_be_open_to_all(page)
    if size == LAPTOP:
        must_hold_at_twice_the_size(page)


@SIZES
@pytest.mark.parametrize("name", ["Planned", "Yesterday", "New", "Asked", "Paused", "Help"])
def test_every_step_of_today_is_open_to_all_and_stands_still(
    opened: Callable[..., Page], name: str, size: tuple[int, int]
) -> None:
    page = opened(name, "", size)
    must_not_have_moved(page)
    must_be_open_to_all(page)
    if size == LAPTOP:
        must_hold_at_twice_the_size(page)
