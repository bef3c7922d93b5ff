"""Files of cameras and phones in the app: every kind is taken, and a turned picture is turned in one click."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import pytest
from conftest import SAMPLES, SHARED
from lists import choose_from
from playwright.sync_api import Page, expect
from test_browser import RESULT_MS, start

from checker.video.kinds import SUFFIXES
from checker.video.reader import open_video

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
MOVEMENT = "Standing side bend"
CLIP = SAMPLES / "side_bend__good__anna.mp4"
TURN_BUTTON = "Turn the picture and measure again"


@pytest.fixture(scope="module")
def upside_down(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample that stands on its head, with nothing in the file that says so."""
    path = tmp_path_factory.mktemp("turned") / "clip.mp4"
    with open_video(CLIP, turn_deg=180) as video, av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = video.info.width, video.info.height, "yuv420p"
        for frame in islice(video, 0, None, 2):  # half as many are as good, and take half as long
            picture = av.VideoFrame.from_ndarray(frame.rgb, "rgb24")
            picture.pts, picture.time_base = round(frame.t_s * 30), Fraction(1, 30)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def expect_measured(page: Page) -> None:
    for side in ("left", "right"):
        shown = page.locator(f'[data-measure="trunk_lateral_flexion"] [data-side="{side}"]')
        expect(shown).to_contain_text("±", timeout=RESULT_MS)
    expect(page.get_by_text("Not measured")).to_have_count(0)
    expect(page.get_by_role("button", name=TURN_BUTTON)).to_have_count(0)


def test_a_picture_upside_down_is_turned_in_one_click(open_page: OpenPage, upside_down: Path) -> None:
    page = open_page()
    start(page, MOVEMENT, upside_down)
    told = page.get_by_role("status").filter(has_text="Not measured")
    expect(told).to_contain_text("The picture is upside down.", timeout=RESULT_MS)
    expect(page.get_by_text("Turn to your")).to_have_count(0)
    page.get_by_role("button", name=TURN_BUTTON).click()
    expect_measured(page)


def test_a_picture_is_turned_when_it_is_handed_in(open_page: OpenPage, upside_down: Path) -> None:
    page = open_page()
    choose_from(page, "Turn the picture", "By half")
    start(page, MOVEMENT, upside_down)
    expect_measured(page)


@pytest.mark.parametrize("name", ["mts.MTS", "threegp.3gp"])
def test_a_camcorders_and_an_old_phones_file_are_taken(open_page: OpenPage, name: str) -> None:
    path = SHARED / "cases" / name
    if not path.exists():
        pytest.skip(f"NO FILE {name} in ../shared/cases: this test did NOT run")
    page = open_page()
    start(page, MOVEMENT, path)
    page.get_by_text("Measuring every frame").wait_for(timeout=RESULT_MS)  # what comes of it: test_cases.py
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for()


def test_the_page_offers_every_kind_that_is_read(open_page: OpenPage) -> None:
    page = open_page()
    offered = page.locator("input[type=file]").get_attribute("accept") or ""
    assert {kind.strip(" .") for kind in offered.split(",")} >= set(SUFFIXES)
