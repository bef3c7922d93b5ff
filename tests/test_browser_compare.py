"""Two sessions beside one another in a real browser: found from a review, moved together, with a ghost, in one view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from app_server import App, free_port, running_app
from lists import choose_from
from page_quality import WATCH_SHIFTS, must_be_open_to_all, must_hold_at_twice_the_size, must_not_have_moved
from playwright.sync_api import Page, expect
from profiles import Profiles
from runs import settled
from synthetic_analysis import write_clip
from test_comparing_service import further
from test_review import BEND, machine

from checker.care.rules import load_rules
from checker.judging.analysis import Analysis
from checker.service import everybody
from checker.service import weeks as service
from checker.service.weeks import Weeks

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

COUNT_GHOST: Final = """
  (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] > 225 && data[i + 1] > 180 && data[i + 1] < 220 && data[i + 2] > 235 && data[i + 3] > 200) found += 1;
    return found;
  }
"""
"""How many points of a canvas have the colour of a ghost."""

LINED_UP: Final = """
  () => [...document.querySelectorAll(".bcm-pane")].every((pane) => {
    const video = pane.querySelector("video");
    return !video.seeking && Math.abs(video.currentTime - Number(pane.dataset.time)) < 0.01;
  })
"""
"""Whether both videos are where their recordings are at the place of the slider."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A server with somebody who bent sideways on four days: in the evening, twice with a video, and once without."""
    folder = tmp_path_factory.mktemp("compare")
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    before, now = machine(), further()
    clips = {"before": write_clip(folder / "before.mp4", before), "now": write_clip(folder / "now.mp4", now)}

    def keep(days_ago: int, analysis: Analysis, clip: str = "", hour: int = 0) -> None:
        at = today - timedelta(days=days_ago) + timedelta(hours=hour)
        Weeks(who, now=lambda: at).begin(BEND, "upload").end(analysis, video=clips.get(clip))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", str(folder / "people"))
        service.store.cache_clear()
        who = everybody.add_person("Ann").id
        Weeks(who).answer_questions({q.id: "no" for q in load_rules().safety.questions if q.asked}, "first")
        keep(9, before)
        keep(6, before, "before")
        keep(3, before, hour=7)
        keep(0, now, "now")
        service.store().close()
        service.store.cache_clear()
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def page(profiles: Profiles, app: App) -> Iterator[Page]:
    errors: list[str] = []
    with profiles.visitor(first=True) as page:
        page.add_init_script(WATCH_SHIFTS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{app.url}/session")
        page.get_by_role("heading", name="Review a session").wait_for()
        yield page
    assert errors == []


def choose(page: Page, label: str, option: str) -> None:
    choose_from(page, label, option)


def time_s(page: Page, which: str) -> float:
    return float(page.locator(f"[data-which={which}]").get_attribute("data-time") or "nan")


def lined_up(page: Page) -> None:
    page.wait_for_function(LINED_UP)


def test_two_sessions_are_moved_together_and_told_apart(page: Page) -> None:
    page.get_by_role("button", name="Standing side bend").first.click()
    page.get_by_role("link", name="Compare with another").click()
    page.get_by_role("heading", level=1, name="Compare").wait_for()
    page.locator(".bcm[data-drawn]").wait_for()
    settled(page)
    told = page.locator(".bc-compared")
    expect(told).to_have_attribute("data-verdict", "more")
    expect(told).to_contain_text("That is more than measuring and good and bad days explain.")
    expect(page.locator("[data-which=then] figcaption")).to_contain_text("12:00")  # not the evening, which is nearer
    _all_in_one_view(page)
    _steps_and_phases(page)
    _ghost(page)
    _other_choices(page)
    for width, height in ((820, 1180), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        must_be_open_to_all(page)
    must_hold_at_twice_the_size(page)


def _all_in_one_view(page: Page) -> None:
    must_be_open_to_all(page)
    for part in (".bc-compared", "[data-which=now] canvas", ".bcm-chart img", ".bcm-place input", ".bcm-buttons"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768, part


def _steps_and_phases(page: Page) -> None:
    lined_up(page)
    at_peak = time_s(page, "then"), time_s(page, "now")
    stage = page.locator(".bcm")
    for _ in range(3):
        stage.press("ArrowRight")
    lined_up(page)
    steps = [time_s(page, which) - t for which, t in zip(("then", "now"), at_peak, strict=True)]
    assert steps[0] == pytest.approx(steps[1], abs=0.002), "both go the same way"
    assert 2 / 15 < steps[1] < 4 / 15
    stage.press("f")
    lined_up(page)
    assert (time_s(page, "then"), time_s(page, "now")) == pytest.approx(at_peak, abs=0.002)
    choose(page, "Laid together", "By phase, in per cent")
    expect(stage).to_have_attribute("data-place", "50.00")
    slider = page.get_by_role("slider", name="Place in the movement")
    slider.fill("20")
    expect(stage).to_have_attribute("data-place", "20.00")
    expect(slider).to_have_attribute("aria-valuetext", "Way out, 20 %")
    lined_up(page)
    values = page.locator(".bcm-values").inner_text()
    assert values.count("°") == 2
    page.get_by_role("button", name="Play both").click()
    expect(stage).to_have_attribute("data-place", "100.00")
    expect(page.get_by_role("button", name="Play both")).to_be_visible()


def _ghost(page: Page) -> None:
    page.get_by_role("button", name="Furthest").click()
    lined_up(page)
    now = page.locator("[data-which=now] canvas")
    assert now.evaluate(COUNT_GHOST) > 100
    assert page.locator("[data-which=then] canvas").evaluate(COUNT_GHOST) == 0, "a ghost stands in the later one alone"
    badge = page.locator(".bcm-badge")
    expect(badge).to_contain_text("Dashed: ")
    page.get_by_label("Ghost of").uncheck()
    expect(badge).to_be_hidden()
    assert now.evaluate(COUNT_GHOST) == 0
    page.get_by_label("Ghost of").check()


def _other_choices(page: Page) -> None:
    """The evening does not compare; where no video was kept the drawing stands; and the two sides of one session."""
    choose(page, "Compared with", "not alike")
    expect(page.locator(".bc-compared")).to_contain_text("they were at different times of day")
    expect(page.locator("[data-which=then] .bcm-note")).to_have_text("No video was kept: the drawing.")
    expect(page.locator("[data-which=then] video")).to_be_hidden()
    expect(page.locator("[data-which=then]")).not_to_have_attribute("data-frame", "none")
    choose(page, "Compared with", "with its own other side")
    expect(page.locator(".bc-compared")).to_contain_text("to the left")
    expect(page.locator("[data-which=then] figcaption")).to_contain_text("Left, ")
    expect(page.locator(".bcm-badge")).to_have_text("Dashed: left, mirrored")


def test_from_the_progress_of_a_test_and_nothing_moves_by_itself(page: Page, app: App) -> None:
    page.goto(f"{app.url}/progress")
    page.get_by_role("link", name="Compare two sessions of it").click()
    page.locator(".bcm[data-drawn]").wait_for()
    settled(page)
    page.reload()
    page.locator(".bcm[data-drawn]").wait_for()
    settled(page)
    must_not_have_moved(page)


def test_a_session_of_somebody_else_is_not_opened(page: Page, app: App) -> None:
    page.goto(f"{app.url}/compare?session=00000000-0000-0000-0000-000000000001&with=sides")
    expect(page.get_by_role("alert").first).to_contain_text("This session is no longer here")
