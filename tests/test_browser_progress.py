"""Looking back in a real browser: the curve of a person with weeks behind them, the weekly look, and one's own data."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from app_server import App, free_port, running_app
from folds import unfold
from lists import choose_from
from page_quality import WATCH_SHIFTS, must_be_open_to_all, must_not_have_moved
from playwright.sync_api import Locator, Page, expect
from profiles import Profiles
from runs import settled

from benchmarks.somebody import Somebody
from checker.fhir import history_of, read_bundle
from checker.store import open_store
from checker.ui.first_pain import FIRST_PAIN

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

SESSIONS: Final = 60


def seeded(folder: Path, *everybody: Somebody) -> None:
    (folder / "people").mkdir()
    with open_store(f"sqlite:///{folder / 'people' / 'backcheck.db'}") as store:
        for somebody in everybody:
            somebody.keep(store)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A server with somebody of its own, whose weekly look is due."""
    folder = tmp_path_factory.mktemp("progress")
    seeded(folder, Somebody(SESSIONS, date.today(), asked_days_ago=7))
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def opened(profiles: Profiles, app: App) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own; shifts of its layout are counted."""
    stack = ExitStack()

    def open_at(path: str, width: int = 1366, scheme: Any = "light") -> Page:
        page = stack.enter_context(profiles.visitor((width, 900), scheme=scheme, first=True))
        page.add_init_script(WATCH_SHIFTS)
        page.goto(f"{app.url}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        settled(page)
        return page

    with stack:
        yield open_at


def cell(place: Locator, name: str) -> Locator:
    return place.get_by_role("radio", name=name, exact=True).or_(place.get_by_role("button", name=name, exact=True))


# --- my progress ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (820, "dark"), (390, "light"), (390, "dark")])
def test_the_curve_has_its_sentence_its_table_and_the_days(
    opened: Callable[..., Page], width: int, scheme: str
) -> None:
    page = opened("progress", width, scheme)
    page.locator(".js-plotly-plot .trace").first.wait_for()
    expect(page.locator(".bc-told p")).to_have_count(1)
    expect(page.locator(".bc-told")).to_contain_text(
        re.compile(r"No clear change yet: differences under \d+° can be chance\.")
    )
    expect(page.locator("body")).to_contain_text("Your pain went down from 6")
    expect(page.locator("body")).to_contain_text("Too few to say: 0 pairs so far.")
    days = page.locator(".bc-days td:has(.bc-dot)")
    assert days.count() > 14
    assert {"done", "partly"} <= {d.get_attribute("data-state") for d in page.locator(".bc-days .bc-dot").all()}
    must_not_have_moved(page)
    unfold(page, "The same as a table")
    expect(page.locator(".bc-values tbody tr").first).to_contain_text("34°")
    settled(page)
    must_be_open_to_all(page)


def test_another_test_is_one_click_away_with_both_sides(opened: Callable[..., Page]) -> None:
    page = opened("progress")
    choose_from(page, "Which test?", "Standing side bend")
    expect(page.get_by_role("heading", level=2, name="Standing side bend")).to_be_visible()
    for name in ("Left", "Right", "Furthest"):
        expect(page.locator(".js-plotly-plot .legendtext").filter(has_text=name)).to_be_visible()
    expect(page.locator("body")).to_contain_text("No clear difference between left and right")


def test_the_first_measure_of_two_leads_to_the_camera(opened: Callable[..., Page]) -> None:
    page = opened("progress")
    page.get_by_role("button", name="Measure it the first time").click()
    page.wait_for_url("**/camera?movement=seated_forward_lean")
    expect(page.get_by_role("radio", name=FIRST_PAIN)).to_be_checked()


# --- the weekly look ------------------------------------------------------------------------------


def test_the_weekly_look_is_asked_kept_and_told(opened: Callable[..., Page], app: App) -> None:
    page = opened("")
    page.get_by_role("button", name="None of these").click()  # the safety questions come first
    cell(page.locator(".st-key-pain-day"), "3").click()
    page.get_by_role("button", name="Look now").click()
    page.get_by_role("heading", level=1, name="How hard is it, these days?").wait_for()
    page.evaluate("globalThis.shifted = 0")  # of the page before
    for rung in range(1, 10):
        cell(page.locator(f".st-key-rate-rung-{rung}"), "2").click()
    settled(page)
    must_be_open_to_all(page)
    must_not_have_moved(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("heading", level=1, name="What matters most to you?").wait_for()
    cell(page.locator(".st-key-rate-activity-digging"), "4").click()
    settled(page)
    must_be_open_to_all(page)
    must_not_have_moved(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Much better", exact=True).click()
    settled(page)
    page.get_by_role("button", name="See what has become of it").click()
    page.get_by_role("heading", level=1, name="How far you have come").wait_for()
    settled(page)
    lines = {
        s.locator("h2").inner_text(): s.locator("b").inner_text()
        for s in page.locator(".bc-lines-of-week section").all()
    }
    assert (lines["Pain"], lines["Overall"], lines["Digging"]) == ("Better", "Better", "Better")
    assert lines["Standing side bend, right"] == "No clear change"
    expect(page.locator("body")).to_contain_text("The tests are on today's plan")
    must_be_open_to_all(page)
    must_not_have_moved(page)
    page.get_by_role("button", name="On with today").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seated forward lean")
    expect(page.get_by_role("button", name="Look now")).to_have_count(0)
    with closing(sqlite3.connect(app.folders / "people" / "backcheck.db")) as kept:
        (found,) = kept.execute("select count(*) from events where document like '%\"weekly_done\"%'").fetchone()
    assert found == 1


# --- your data ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (390, "dark")])
def test_the_page_of_data_is_open_to_all(opened: Callable[..., Page], width: int, scheme: str) -> None:
    page = opened("data", width, scheme)
    expect(page.locator("body")).to_contain_text(f"{SESSIONS} sessions")
    must_be_open_to_all(page)
    must_not_have_moved(page)


def test_data_goes_out_and_comes_back_and_can_be_deleted(profiles: Profiles, tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    seeded(folder, Somebody(4, date.today(), decided=False))
    saved = tmp_path / "ana.zip"
    with running_app(folder, free_port()) as app, profiles.visitor() as page:
        page.goto(app.url)
        page.get_by_role("link", name="Your data").first.click()
        _change_what_is_known(page)
        page.get_by_role("button", name="Make the file").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the file").click()
        download.value.save_as(saved)
        page.get_by_role("button", name="Make the records").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the records").click()
        download.value.save_as(tmp_path / "ana.json")
        _delete(page, "Anna")
        page.get_by_text("Bring a file in").wait_for()  # it is open where nobody is here
        page.locator("input[type=file]").set_input_files(saved)
        page.get_by_role("button", name="Bring it in").click()
        expect(page.locator("body")).to_contain_text("Anna is here now, with everything of the file.")
        unfold(page, "Bring a file in")
        page.locator("input[type=file]").set_input_files(Path(__file__))
        expect(page.get_by_test_id("stMain")).to_contain_text("files are not allowed")
    with open_store(f"sqlite:///{folder / 'people' / 'backcheck.db'}") as store:
        (person,) = store.people()
        history = store.history(person.id)
    assert history_of(read_bundle(tmp_path / "ana.json")) == history
    assert (person.name, person.born_year, person.country, person.height_m) == ("Anna", 1980, "GB", 1.7)
    assert len(history.sessions) == 4
    assert history.profile is not None
    assert (history.profile.floor, history.profile.conditions) == ("with_help", {"dizziness"})


def _change_what_is_known(page: Page) -> None:
    page.get_by_label("Name or nickname").fill("Anna")
    page.get_by_label("Year of birth").fill("1980")
    page.get_by_label("Height in cm").fill("170")
    choose_from(page, "Country, for the emergency number", "United Kingdom")
    page.get_by_role("button", name="Keep this", exact=True).click()
    expect(page.locator(".st-key-who")).to_contain_text("Anna")
    cell(page.get_by_test_id("stMain"), "Dizziness").click()
    cell(page.get_by_test_id("stMain"), "With help").click()
    page.get_by_role("button", name="Keep this for my plan").click()
    expect(page.locator("body")).to_contain_text("your plan goes by it from now on")


def _delete(page: Page, name: str) -> None:
    typed = page.get_by_label("Type your name to confirm")
    typed.fill("somebody")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator("body")).to_contain_text(f"To delete, type the name as it is here: {name}.")
    typed.fill(name)
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator("body")).to_contain_text(f"{name} was deleted.")


def test_without_anything_measured_the_page_says_what_to_do(profiles: Profiles, tmp_path: Path) -> None:
    seeded(tmp_path, Somebody(0, date.today(), decided=False))
    with running_app(tmp_path, free_port()) as app, profiles.visitor() as page:
        page.goto(f"{app.url}/progress")
        expect(page.locator("body")).to_contain_text("Your first curve begins with your first test")
        expect(page.locator(".js-plotly-plot")).to_have_count(0)
        settled(page)
        must_be_open_to_all(page)
        page.get_by_role("link", name="To today's plan").click()
        page.wait_for_url(f"{app.url}/")
