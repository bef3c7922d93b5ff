"""A movement begun in the app: typed, drawn, tried on the figure and on a video, and saved among the user's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import App, free_port, running_app
from conftest import SAMPLES
from lists import choose_from
from page_quality import must_be_open_to_all
from playwright.sync_api import Page, expect
from profiles import Profiles
from runs import settled
from waiting import RESULT_MS

from checker.library import read_exercise

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

CLIP = SAMPLES / "bridge__good__anna.mp4"
SHOTS = os.environ.get("BACKCHECK_SHOTS")
"""A folder for pictures of the page, for whoever looks at it."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running_app(tmp_path_factory.mktemp("new"), free_port()) as running:
        yield running


@pytest.fixture
def page(profiles: Profiles, app: App) -> Iterator[Page]:
    with profiles.visitor() as page:
        page.goto(f"{app.url}/movements")
        page.get_by_role("link", name="New movement").click()
        page.get_by_role("heading", level=1, name="New movement").wait_for()
        settled(page)
        yield page


def fill(page: Page, **fields: str) -> None:
    """Type into fields, by their labels."""
    for label, text in fields.items():
        box = page.get_by_role("textbox", name=label.replace("_", " ")).first
        box.fill(text)
        box.press("Tab")
        settled(page)


def choose(page: Page, label: str, option: str) -> None:
    choose_from(page, label, option)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def type_a_bridge(page: Page) -> None:
    fill(page, Name="Wide bridge")
    choose(page, "How does one start?", "Lying on the back")
    choose(page, "In which phases of the programme?", "4: stability")
    page.keyboard.press("Escape")
    fill(
        page, The_movement_in_one_sentence="Lift your hips.", What_it_is_good_for="Trains the hips.",
        When_to_go_easy="Stop when your leg hurts.", Where_does_it_come_from="Our practice",
    )  # fmt: skip
    page.get_by_role("spinbutton", name="Times: from").fill("8")
    choose(page, "What is it counted on?", "The bend of the hips")
    choose(page, "Which way does it go?", "The hips straighten")
    least = page.get_by_role("spinbutton", name="Smallest movement that counts")
    least.fill("-15")
    least.press("Tab")
    expect(page.get_by_text("Expected a number above 0, got -15.")).to_be_visible()
    least.fill("15")
    least.press("Tab")
    expect(page.get_by_text("Expected a number above 0")).to_have_count(0)
    page.get_by_role("button", name="Add something to look out for").click()
    fill(page, What_is_seen="Head lifting", The_cue="Leave your head on the floor.")
    choose(page, "What is looked at?", "The bend of the neck")
    page.get_by_role("spinbutton", name="By how much at most").fill("30")
    page.get_by_role("button", name="Add a precaution").click()
    choose(page, "With what?", "Pregnancy")
    fill(page, One_short_sentence_to_the_patient="Ask your midwife first.")


def test_a_movement_is_typed_drawn_tried_and_saved(page: Page, app: App) -> None:
    page.get_by_role("button", name="Save it among my movements").click()
    expect(page.get_by_text("a line below each field says what it needs")).to_be_visible()
    assert page.get_by_text("Fill this in").count() >= 5
    assert not app.own.exists(), "nothing was written"
    type_a_bridge(page)
    settled(page)
    expect(page.get_by_text("Fill this in")).to_have_count(0)
    for width, height in ((820, 1180), (390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        shot(page, f"new-{width}")
        must_be_open_to_all(page)
    page.get_by_role("button", name="Try it on the figure").click()
    expect(page.get_by_text("counted and measured as it was done")).to_be_visible()
    page.locator("input[type=file]").set_input_files(CLIP)
    page.get_by_role("button", name="Try it on this video").click()
    expect(page.get_by_text("repetitions counted")).to_be_visible(timeout=RESULT_MS)
    expect(page.locator('[data-measure="hip_flexion"]')).to_contain_text("°")
    shot(page, "new-tried")
    assert not app.own.exists(), "it is tried before it is saved"
    must_be_open_to_all(page)
    refuse_another_ones_id(page, app)
    fill(page, Its_id="wide_bridge")
    page.get_by_role("button", name="Save it among my movements").click()
    expect(page.get_by_role("heading", level=1, name="Wide bridge")).to_be_visible()
    expect(page.get_by_text("It stands in the library now.")).to_be_visible()
    saved = read_exercise(app.own / "wide_bridge.toml")
    assert (saved.position, saved.repetition is not None and saved.repetition.direction) == ("lying_on_back", "fall")
    assert [f.id for f in saved.faults] == ["head_lifting"]
    assert [p.condition for p in saved.precautions] == ["pregnancy"]
    page.get_by_role("link", name="All movements").click()
    expect(page.locator(".st-key-card-wide_bridge")).to_contain_text("your own")


def refuse_another_ones_id(page: Page, app: App) -> None:
    """The id of a shipped movement is asked about, and not taken unasked."""
    fill(page, Its_id="bridge")
    expect(page.get_by_text("There is a movement bridge already, shipped with BackCheck.")).to_be_visible()
    page.get_by_role("button", name="Save it among my movements").click()
    expect(page.get_by_role("alert").filter(has_text="choose another name, or replace it")).to_be_visible()
    assert not app.own.exists()
