"""What a patient's days had, as a physio looks at it: dots, a table, a report, and remote monitoring once it is on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from app_server import App, free_port, running_app
from folds import unfold
from page_quality import must_be_open_to_all
from playwright.sync_api import Page, expect
from profiles import Profiles
from runs import settled
from seeded_people import Seeded
from test_browser_clinic import choose

from checker.service.weeks import Weeks

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

SHOTS = os.environ.get("BACKCHECK_SHOTS")
"""A folder for pictures of the page, for whoever looks at it."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Somebody with a week of plans, of which some was done."""
    folder = tmp_path_factory.mktemp("days")
    with Seeded(folder) as seeded:
        person = seeded.somebody("Anna", 7)
        seeded.somebody("Ben")
        for ago in (6, 5, 3, 1):
            weeks = Weeks(person, now=lambda ago=ago: datetime.now(UTC) - timedelta(days=ago))
            weeks.check_in("daily", pain=2)
            for planned in weeks.decision.plan[: 5 if ago == 6 else 2]:
                weeks.begin(weeks.exercises[planned.exercise], "timer").end(duration_s=300.0)
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def page(profiles: Profiles, app: App) -> Iterator[Page]:
    with profiles.visitor() as page:
        page.goto(f"{app.url}/desk")
        page.get_by_role("heading", level=1, name="Desk").wait_for()
        yield page


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_planned_and_done_from_the_desk_to_the_report_and_monitoring_only_when_it_is_on(page: Page, app: App) -> None:
    page.get_by_text("with routine or nothing new").click()
    line = page.locator(".bc-desk-line").filter(has=page.get_by_role("heading", name="Anna"))
    expect(line.get_by_role("img", name="of the plan")).to_be_visible()
    shot(page, "desk")
    page.get_by_role("button", name="Open Anna").click()
    page.get_by_role("link", name="Planned and done").click()
    page.get_by_role("heading", level=1, name="Planned and done").wait_for()
    expect(page.get_by_text("Something was done on 4 of")).to_be_visible()
    unfold(page, "Day by day")
    expect(
        page.get_by_role("cell", name="not counted").or_(page.get_by_role("cell", name="5 min")).first
    ).to_be_visible()
    page.get_by_role("button", name="Make the report").click()
    with page.expect_download() as saved:
        page.locator("[data-testid=stDownloadButton] button", has_text="Report (PDF)").click()
    assert Path(saved.value.path()).read_bytes()[:5] == b"%PDF-"
    assert page.get_by_role("heading", name="Remote monitoring").count() == 0
    for width, height in ((820, 1180), (390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        shot(page, f"days-{width}")
        must_be_open_to_all(page)
    switch_it_on(page, app)


def switch_it_on(page: Page, app: App) -> None:
    """Once it is on, days and minutes are counted; what a clock has counted is noted, and can be taken back."""
    assert not (app.folders / "people" / "settings.toml").exists()
    unfold(page, "Remote monitoring: it is off")
    page.get_by_role("button", name="Switch it on for this computer").click()
    expect(page.get_by_role("heading", name="Remote monitoring")).to_be_visible()
    expect(page.get_by_text("It does not claim that BackCheck is a device").first).to_be_visible()
    expect(page.get_by_text("The set-up was not noted, so no period has begun.")).to_be_visible()
    page.get_by_label("Your name").fill("Phil")
    page.get_by_label("Your name").press("Enter")
    settled(page)
    unfold(page, "Note the set-up")
    page.get_by_role("textbox", name="What was set up and taught?").fill("The camera.")
    page.get_by_role("button", name="Note it").first.click()
    expect(page.get_by_text("Set up and taught on")).to_be_visible()
    unfold(page, "Count time by a clock")
    choose(page, "What for?", "Talked with the patient at the same time")
    page.get_by_role("textbox", name="What is it about?").first.fill("A call.")
    page.get_by_role("button", name="Begin the clock").click()
    expect(page.get_by_text("The clock runs")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="End it, and note the time").click()
    expect(page.get_by_role("cell", name="none: less than 10 minutes")).to_be_visible()
    unfold(page, "Each piece of time (1)")
    expect(page.get_by_text("by the clock: A call.")).to_be_visible()
    settled(page)
    shot(page, "monitoring")
    must_be_open_to_all(page)
    page.get_by_role("button", name="Switch it off for this computer").click()
    expect(page.get_by_text("Remote monitoring: it is off")).to_be_visible()
