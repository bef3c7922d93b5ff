"""The app in a real browser: from the upload to the moment in the video."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from app_server import ROOT
from conftest import SAMPLES, find_clip, until
from lists import choose_from
from playwright.sync_api import Page, expect
from waiting import RESULT_MS

if TYPE_CHECKING:
    from app_server import App

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

NEAR_S = 0.1
FOREVER_S = 3600.0
SEEN_AT = re.compile(r"Seen at ([\d.]+)–([\d.]+) s")
SEEN = re.compile(r"([\d.]+)–([\d.]+) s")

OpenPage = Callable[..., Page]


def start(page: Page, movement: str, video: Path | dict[str, object], phase: str = "") -> None:
    """Choose a movement and, where it says one, the phase; hand in a video and start."""
    choose_from(page, "Movement", movement)
    page.get_by_alt_text(f"{movement}: start and end position").wait_for()
    if phase:
        choose_from(page, "Your phase", phase)
    page.locator("input[type=file]").set_input_files(video)  # type: ignore[arg-type]
    page.get_by_role("button", name="Measure this video").click()


def measure(page: Page, movement: str, video: Path) -> None:
    """The same, and wait until the curve is drawn."""
    start(page, movement, video)
    page.locator(".bcp[data-drawn]").wait_for(timeout=RESULT_MS)
    page.wait_for_function("() => document.querySelector('.bcp video').readyState >= 2")


def video_time_s(page: Page, from_s: float, to_s: float) -> float:
    """Where the video stands, once it has arrived between two moments, and the read-out with it."""
    there = """([from, to]) => {
      const { seeking, currentTime } = document.querySelector(".bcp video");
      const told = document.querySelector(".bcp-time").textContent;
      return !seeking && from <= currentTime && currentTime <= to && told === `${currentTime.toFixed(2)} s`;
    }"""
    page.wait_for_function(there, arg=[from_s, to_s])
    return float(page.evaluate("document.querySelector('.bcp video').currentTime"))


def arrives(page: Page, wanted_s: float) -> float:
    """Wait until the video is at a moment."""
    return video_time_s(page, wanted_s - NEAR_S, wanted_s + NEAR_S)


def click_curve(page: Page, share: float) -> float:
    """Click on the curve at a share of its width; returns the time that stands there."""
    page.locator(".bcp-plot").scroll_into_view_if_needed()
    box = page.locator(".bcp-plot").bounding_box()
    assert box is not None
    left, right, (first_s, last_s) = page.evaluate(
        "(({margin, xaxis}) => [margin.l, margin.r, xaxis.range])(document.querySelector('.bcp-plot').layout)"
    )
    page.mouse.click(box["x"] + left + share * (box["width"] - left - right), box["y"] + box["height"] / 2)
    return float(first_s + share * (last_s - first_s))


def test_upload_measure_and_click_through_the_moments(open_page: OpenPage, app: App, tmp_path: Path) -> None:
    page = open_page()
    measure(page, "Standing side bend", find_clip("side_bend__good__"))

    # the numbers: left and right, each with its uncertainty
    for side in ("left", "right"):
        cell = page.locator(f'[data-measure="trunk_lateral_flexion"] [data-side="{side}"]')
        number_and_error = re.compile(r"^\s*(\d+(?:\.\d)?)°\s*±(\d+(?:\.\d)?)°\s*$")
        expect(cell).to_have_text(number_and_error)
        number = number_and_error.match(cell.inner_text())
        assert number
        assert 15 < float(number[1]) < 50
        assert 0 < float(number[2]) < 15

    # a click on the curve moves the video to that very moment, and the cursor with it
    for share in (0.25, 0.8, 0.5):
        arrives(page, click_curve(page, share))

    # and so does a drag, all the way along
    from_s, middle_px = click_curve(page, 0.3), page.locator(".bcp-plot").bounding_box()
    arrives(page, from_s)
    assert middle_px is not None
    x_px = float(page.locator(".bcp-cursor").evaluate("cursor => cursor.getBoundingClientRect().x"))
    y_px = middle_px["y"] + middle_px["height"] / 2
    page.mouse.move(x_px, y_px)
    page.mouse.down()
    page.mouse.move(x_px + 150, y_px, steps=10)
    page.mouse.up()
    video_time_s(page, from_s + 0.5, FOREVER_S)

    # the buttons and keys
    with page.expect_download() as download:
        page.get_by_role("button", name="Data (JSON)").click()
    download.value.save_as(tmp_path / "assessment.json")
    assessment = json.loads((tmp_path / "assessment.json").read_text(encoding="utf-8"))
    starts_s = [repetition["start_s"] for repetition in assessment["reps"]]
    before_s = arrives(page, click_curve(page, 0.0))
    for start_s in starts_s:
        page.get_by_label("Next repetition").click()
        before_s = arrives(page, start_s)
    page.locator(".bcp").press("ArrowRight")
    video_time_s(page, before_s + 0.001, before_s + 1.5 / assessment["video"]["fps"])

    # the cursor follows while it plays
    page.locator(".bcp-speed").select_option("0.5")
    left_px = page.locator(".bcp-cursor").evaluate("cursor => parseFloat(cursor.style.left)")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "left_px => parseFloat(document.querySelector('.bcp-cursor').style.left) > left_px", arg=left_px
    )
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_finding_is_shown_with_its_still_and_its_moment(open_page: OpenPage) -> None:
    page = open_page()
    measure(page, "Standing side bend", find_clip("side_bend__knee_bend__anna"))
    finding = page.locator('[data-testid="stVerticalBlock"]', has_text="Knees bending").last
    expect(page.get_by_alt_text("Knees bending at its largest")).to_be_visible()
    expect(finding).to_contain_text(SEEN_AT)
    seen = [(float(began), float(ended)) for began, ended in SEEN.findall(finding.inner_text())]
    assert seen
    finding.get_by_role("button", name="Show in the video").click()
    at_s = video_time_s(page, seen[0][0] + 0.001, seen[-1][1] + NEAR_S)  # at its largest, whichever time that was
    began_s = next(began for began, ended in seen if began < at_s <= ended + NEAR_S)
    page.get_by_label("Previous finding").click()
    arrives(page, began_s)


@pytest.mark.parametrize(("phase", "too_high"), [("6: strength", False), ("8: endurance", True)])
def test_a_video_is_judged_by_the_dose_of_the_phase_that_was_chosen(
    open_page: OpenPage, phase: str, too_high: bool
) -> None:
    page = open_page()
    start(page, "Wall sit", SAMPLES / "wall_sit__shallow__anna.mp4", phase)  # 50 degrees of 45, or of 75
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)
    expect(page.get_by_text("Higher than the target").first).to_be_visible()
    told = page.get_by_text("Next time: ")
    expect(told).to_have_count(1 if too_high else 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"Dear diary, this is no film.\n" * 50, "is not a video"), (b"", "empty")],
    ids=["text", "nothing"],
)
def test_a_wrong_file_ends_in_one_sentence_and_the_page_stays_usable(
    open_page: OpenPage, app: App, content: bytes, words: str
) -> None:
    page = open_page()
    name = "../../<b>holiday</b>.mp4"
    start(page, "Standing side bend", {"name": name, "mimeType": "video/mp4", "buffer": content})
    alert = page.get_by_role("alert").filter(has_text=words)
    alert.wait_for(timeout=RESULT_MS)
    told = alert.inner_text()
    assert "This file" in told
    assert "holiday" not in told
    assert "Traceback" not in page.content()
    expect(page.get_by_role("button", name="Measure this video")).to_be_visible()
    until(lambda: app.job_folders == [])


CAREFUL = "careful_hinge"


@pytest.fixture
def careful(app: App) -> Iterator[str]:
    """A hinge of the user's own that reads the back to 60 degrees only; its name."""
    text = (ROOT / "exercises" / "standing_hip_hinge.toml").read_text(encoding="utf-8")
    changes = {'id = "standing_hip_hinge"': f'id = "{CAREFUL}"', "threshold = 23.0": "threshold = 23.0\nerror = 60.0"}
    changes |= {'name = "Standing hip hinge"': 'name = "Careful hinge"'}
    for shipped, own in changes.items():
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, own)
    app.own.mkdir(exist_ok=True)
    path = app.own / f"{CAREFUL}.toml"
    path.write_text(text, encoding="utf-8")
    yield "Careful hinge"
    path.unlink()


def test_what_is_not_certain_is_told_with_its_limit_and_shown(open_page: OpenPage, careful: str) -> None:
    page = open_page()
    measure(page, careful, find_clip("hip_hinge__rounded"))
    page.get_by_text("Not certain, so nothing is advised about it:").wait_for()
    expect(page.get_by_text("Back rounding?")).to_be_visible()
    expect(page.get_by_text("Close to the limit; look at the video.")).to_be_visible()
    told = page.get_by_text(re.compile(r"^Read \d+° ±60°, the limit is 23°, at .* s\.$"))
    expect(told).to_be_visible()
    expect(page.get_by_alt_text("Back rounding at its largest")).to_be_visible()
    expect(page.get_by_text("Next time:")).to_have_count(0)
    expect(page.get_by_role("table").first).not_to_contain_text("Noticed")

    # the moment is shown, as that of a fault
    page.get_by_role("button", name="Show in the video").click()
    video_time_s(page, 0.5, FOREVER_S)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_text("Close to the limit; look at the video.")).to_be_visible()
    page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_two_people_at_once_see_their_own_and_nothing_is_left_behind(open_page: OpenPage, app: App) -> None:
    anna, ben = open_page(), open_page()
    start(anna, "Standing side bend", SAMPLES / "side_bend__knee_bend__ben.mp4")
    start(ben, "Knee to chest", SAMPLES / "knee_to_chest__good__ben.mp4")
    for page in (anna, ben):
        page.locator(".bcp[data-drawn]").wait_for(timeout=RESULT_MS)
        page.wait_for_timeout(1000)  # time to scroll away, if anything does
        expect(page.get_by_role("heading", level=1), "a result is read from its top").to_be_in_viewport()
    expect(anna.get_by_role("heading", level=1)).to_have_text("Standing side bend")
    expect(ben.get_by_role("heading", level=1)).to_have_text("Knee to chest")
    assert anna.locator('[data-measure="hip_flexion"]').count() == 0
    assert ben.locator('[data-measure="trunk_lateral_flexion"]').count() == 0
    sources = [page.locator(".bcp video").get_attribute("src") for page in (anna, ben)]
    assert sources[0] != sources[1]
    assert len(app.job_folders) == 2

    anna.close()
    until(lambda: len(app.job_folders) < 2)
    assert len(app.job_folders) == 1, "hers is deleted, his is not"
    gone = ben.request.get(f"{app.url}{sources[0]}")
    assert gone.status == 404
    assert ben.request.get(f"{app.url}{sources[1]}").ok

    ben.get_by_role("button", name="Measure another video").click()
    ben.get_by_text("How to film it").wait_for()
    until(lambda: app.job_folders == [])


def test_cancel_deletes_the_video(open_page: OpenPage, app: App) -> None:
    page = open_page()
    start(page, "Standing side bend", find_clip("side_bend__good__"))
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for()
    until(lambda: app.job_folders == [])  # it stops at its next frame
