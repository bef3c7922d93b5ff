"""A self-test to the first pain: chosen on the page, led before the camera, measured from an upload."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from camera_page import Filmed, begin, counted, pain, says
from conftest import find_clip
from lists import choose_from
from playwright.sync_api import Page, expect
from waiting import RESULT_MS

from checker.live.to_first_pain import SLOWLY
from checker.ui.first_pain import FIRST_PAIN

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser


def choose(page: Page) -> None:
    """Choose the test to the first pain."""
    page.get_by_text(FIRST_PAIN, exact=True).click()
    page.get_by_text("with a stop of a second there, then once as far as you want").wait_for()


def test_it_is_led_side_after_side(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    choose(page)
    begin(page)
    says(page, f"Begin, left side. {SLOWLY}")
    counted(page, 1, "left")
    says(page, f"1. {SLOWLY}")
    expect(page.locator('.bcl [data-side="left"] span')).to_have_text("of 3")
    expect(page.locator(".bcl-tempo")).to_have_text("Slowly, until you first feel pain or tension")


def test_while_it_hurts_two_to_each_side_are_enough(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    choose(page)
    pain(page, 4)
    page.get_by_text("go easy").wait_for()
    begin(page)
    counted(page, 1, "left")
    expect(page.locator('.bcl [data-side="left"] span')).to_have_text("of 2")


def test_only_self_tests_offer_it(open_page: Callable[..., Page]) -> None:
    page = open_page("camera?movement=squat")
    page.get_by_role("button", name="Open the camera").wait_for()
    expect(page.get_by_text(FIRST_PAIN, exact=True)).to_have_count(0)


def test_an_upload_is_measured_so(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page()
    choose_from(page, "Movement", "Standing side bend")
    page.get_by_alt_text("Standing side bend: start and end position").wait_for()
    choose(page)
    page.locator("input[type=file]").set_input_files(find_clip("side_bend__good"))
    page.get_by_role("button", name="Measure this video").click()
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Data (JSON)", exact=True).click()
    download.value.save_as(tmp_path / "found.json")
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert {r["side"] for r in found["ranges"]} == {"left", "right"}
    assert any(r["to_first_pain"] for r in found["reps"])
