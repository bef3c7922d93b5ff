"""The physio's desk and the tray of videos, in a real browser."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from app_server import App, free_port, running_app
from conftest import SAMPLES
from lists import choose_from
from page_quality import must_be_open_to_all
from playwright.sync_api import Page, expect
from profiles import Profiles
from runs import settled
from seeded_people import Seeded
from waiting import RESULT_MS

from checker.service import desk
from checker.service.weeks import Weeks

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

CLIP = SAMPLES / "bridge__good__anna.mp4"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Somebody in need of help now, somebody in much pain, and two of whom nothing is new; none was there before."""
    folder = tmp_path_factory.mktemp("desk")
    with Seeded(folder) as seeded:
        seeded.somebody("Help", told={"bladder": "yes"}, begun=False)
        Weeks(seeded.somebody("Pain")).check_in("daily", pain=8)
        seeded.somebody("Calm")
        calm = seeded.somebody("Looked", days_ago=3)
        desk.mark_seen(calm, [])
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def opened(profiles: Profiles, app: App) -> Iterator[Callable[..., Page]]:
    stack = ExitStack()

    def open_at(path: str, width: int = 1366) -> Page:
        page = stack.enter_context(profiles.visitor((width, 844)))
        page.goto(f"{app.url}/{path}")
        page.get_by_role("heading", level=1).first.wait_for()
        settled(page)
        return page

    with stack:
        yield open_at


def names(page: Page) -> list[str]:
    return page.locator(".bc-desk-line h3").all_inner_texts()


@pytest.mark.parametrize("width", [1366, 390])
def test_the_desk_is_open_to_all_with_and_without_the_routine(opened: Callable[..., Page], width: int) -> None:
    page = opened("desk", width)
    must_be_open_to_all(page)
    page.get_by_text("with routine or nothing new").click()
    expect(page.get_by_role("heading", name="Calm")).to_be_visible()
    settled(page)
    must_be_open_to_all(page)


def test_who_needs_a_look_comes_first_and_is_seen_and_opened(opened: Callable[..., Page]) -> None:
    page = opened("review")
    expect(page.get_by_role("link", name="Desk", exact=True)).to_have_count(0)  # in nobody's way
    page.get_by_role("link", name="the desk").click()
    page.get_by_role("heading", level=1, name="Desk").wait_for()
    expect(page.locator(".bc-desk-line")).to_have_count(2)
    assert set(names(page)) == {"Help", "Pain"}
    expect(page.get_by_role("heading", level=2, name="Now (2)")).to_be_visible()
    expect(page.locator(".bc-desk-line").filter(has_text="Pain 8 of 10, told on")).to_contain_text("pain_high")
    page.get_by_role("button", name="Seen Pain").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("Pain is marked as seen")
    expect(page.locator(".bc-desk-line")).to_have_count(1)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".bc-desk-line")).to_have_count(2)
    page.get_by_role("button", name="Seen Pain").click()
    page.get_by_label("A note (optional)").fill("Called her.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_label("A note (optional)")).to_have_count(0)
    page.get_by_text("with routine or nothing new").click()
    line = page.locator(".bc-desk-line").filter(has=page.get_by_role("heading", name="Pain"))
    expect(line).to_contain_text("seen today")
    page.get_by_role("button", name="Open Pain").click()
    page.get_by_role("heading", level=1, name="My progress").wait_for()
    expect(page.locator(".st-key-who")).to_contain_text("Pain")
    page.get_by_role("link", name="Back to the desk").click()
    page.get_by_role("heading", level=1, name="Desk").wait_for()


def test_one_patients_open_question_does_not_hide_the_others(opened: Callable[..., Page]) -> None:
    page = opened("desk")
    page.get_by_role("button", name="Open Help").click()
    expect(page.locator(".bc-stop")).to_be_visible()
    page.get_by_role("link", name="Back to the desk").click()
    page.get_by_role("heading", level=1, name="Desk").wait_for()
    expect(page.get_by_role("heading", name="Help")).to_be_visible()


def test_several_videos_are_guessed_measured_and_kept_and_a_broken_one_stops_nothing(
    opened: Callable[..., Page], app: App, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    page = opened("tray")
    page.locator("input[type=file]").set_input_files([broken, CLIP])
    page.get_by_role("button", name="Look at them").click()
    row = page.locator("[class*='st-key-tray-row-']").filter(has_text=CLIP.name.split("__")[0])
    expect(row).to_contain_text("It looks like: Bridge.", timeout=RESULT_MS)
    other = page.locator("[class*='st-key-tray-row-']").filter(has_text="broken.mp4")
    expect(other).to_contain_text("This file")
    settled(page)
    must_be_open_to_all(page)
    choose_from(row, "Whose", "Calm")
    page.get_by_role("button", name="Measure them").click()
    expect(row).to_contain_text("Kept among the sessions.", timeout=RESULT_MS)
    with closing(sqlite3.connect(app.folders / "people" / "backcheck.db")) as kept:
        found = kept.execute("select exercise, how from sessions").fetchall()
    assert found == [("bridge", "upload")]
    row.get_by_role("button", name="See the result").click()
    page.get_by_role("heading", level=1, name="Bridge").wait_for()
    page.get_by_role("button", name="Measure another video").click()
    page.get_by_role("link", name="Several videos at once").click()
    expect(row.get_by_role("button", name="See the result")).to_be_visible()  # it stays
    other.get_by_role("button", name="Remove").click()
    expect(other).to_have_count(0)
    expect(row).to_be_visible()
