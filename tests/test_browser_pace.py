"""The camera page that does not see everything, or gets its pictures too slowly."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from camera_page import Filmed, begin, counted, first_picture, of_session, results, says, stage, still_film
from conftest import find_clip
from playwright.sync_api import Page, expect
from waiting import RESULT_MS, was_shown

from benchmarks.fake_camera import write_mjpeg

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser


KNEES = "Keep your knees straight."
OF_THE_LEGS = {KNEES, "Keep your hips over your feet.", "Keep both feet flat on the floor."}
NO_LEGS = 0.6
"""Share of the picture's height that is left where the legs are out of it."""

KEEP_ANSWERS = """
  root => {
    const session = root.backcheck;
    const kept = (globalThis.kept = []);
    const frame = session.frame.bind(session);
    session.frame = (now) => {
      kept.push({ cue: now.cue, say: now.say, counts: now.counts, well: now.well_done });
      frame(now);
    };
  }
"""


@pytest.fixture(scope="session")
def cropped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A clip of which the camera sees the upper part, after a long stillness."""
    folder = tmp_path_factory.mktemp("cropped")

    def make(name: str) -> Path:
        target = folder / f"{name}.mjpeg"
        if not target.exists():
            write_mjpeg(find_clip(name), target, lead_s=2.0, keep=NO_LEGS)
        return target

    return make


def followed(page: Page, hz: int) -> None:
    """Begin, with at most so many pictures a second; what is told of each is kept."""
    begin(page, hz)
    page.locator(".bcl").evaluate(KEEP_ANSWERS)


def told(page: Page) -> set[str]:
    """Every cue that was shown or said."""
    kept = page.evaluate("globalThis.kept")
    return {a["cue"] for a in kept if a["cue"]} | {u["text"] for a in kept for u in a["say"] if u["kind"] == "cue"}


def counted_last(page: Page) -> int:
    """How many were counted in the last answer."""
    return sum(page.evaluate("Object.values(globalThis.kept.at(-1).counts)"))


@pytest.mark.parametrize("hz", [5, 10, 30])
def test_without_the_legs_it_asks_for_them_and_then_says_nothing_of_them(
    filmed: Filmed, cropped: Callable[[str], Path], hz: int
) -> None:
    page = filmed("standing_side_bend", cropped("side_bend__knee_bend"))
    followed(page, hz)
    says(page, "I see you down to your hips: step back half a metre")
    was_shown(page, "now => now.bad.includes('near')")
    page.get_by_role("button", name="No room: go on like this").click()
    stage(page, "moving")
    for side in ("left", "right"):
        counted(page, 1, side)
    page.get_by_role("button", name="Stop").click()
    results(page, "Standing side bend")
    assert not told(page) & OF_THE_LEGS
    expect(page.get_by_text(f"{counted_last(page)} repetitions counted")).to_be_visible()
    page.get_by_text("Could not be judged:").first.wait_for()
    expect(page.get_by_text("was outside the picture").first).to_be_visible()
    expect(page.locator('[data-measure="trunk_lateral_flexion"] [data-side="left"]')).not_to_be_empty()


def test_who_has_no_room_need_not_come_to_the_computer(filmed: Filmed, tmp_path: Path) -> None:
    picture = first_picture("side_bend__good")
    upper = picture[: int(NO_LEGS * len(picture))]
    page = filmed("standing_side_bend", still_film(tmp_path / "upper.mjpeg", np.ascontiguousarray(upper)))
    begin(page)
    stage(page, "setup")
    says(page, "I see you down to your hips")
    stage(page, "countdown")  # by itself


@pytest.mark.parametrize("hz", [2, 5, 10, 30])
def test_well_done_is_said_of_what_the_result_has(filmed: Filmed, film: Callable[[str], Path], hz: int) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    followed(page, hz)
    if hz < 4:
        was_shown(page, "now => now.told.includes('Too few pictures')")
        stage(page, "moving")
        page.wait_for_timeout(25_000)  # more than the whole clip
        kept = page.evaluate("globalThis.kept")
        assert all(set(a["counts"].values()) <= {0} for a in kept)
        assert not told(page)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("heading", level=1, name="Standing side bend").wait_for(timeout=RESULT_MS)
        callout = page.locator(".bc-callout")
        expect(callout).to_contain_text("too few pictures came")
        expect(callout).to_contain_text("This computer was too slow")
        expect(callout).not_to_contain_text("Face the camera")
        return
    stage(page, "done")
    says(page, "Well done.")
    page.wait_for_function("() => globalThis.kept.at(-1).well")
    results(page, "Standing side bend")
    expect(page.get_by_text(f"{counted_last(page)} repetitions counted")).to_be_visible()
    expect(page.get_by_role("heading", name="Not measured")).to_have_count(0)


def test_a_camera_of_854_by_480(filmed: Filmed, tmp_path: Path) -> None:
    """A width at which rows of the mask are padded."""
    write_mjpeg(find_clip("side_bend__good"), tmp_path / "wide.mjpeg", lead_s=1.0, width=854, height=480)
    page = filmed("standing_side_bend", tmp_path / "wide.mjpeg")
    page.add_init_script("""
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = ({ audio }) => ask({ audio, video: { width: 854, height: 480 } });
    """)
    page.reload()
    begin(page)
    of_session(page, "rate.easeOff = () => undefined")
    of_session(page, "frames.longest = 854")  # as it comes, unscaled
    counted(page, 1, "left")
    size = page.locator(".bcl").evaluate("({backcheck: {frames}}) => [frames.canvas.width, frames.canvas.height]")
    assert size == [854, 480]
    page.get_by_role("button", name="Stop").click()
    results(page, "Standing side bend")
    page.get_by_text(re.compile(r"\d repetitions? counted")).wait_for()
