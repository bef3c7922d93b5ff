"""Mirrored pictures in a real browser: the tick of an upload, and the swap on a result."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import find_case, find_clip
from lists import choose_from
from mirrored_sides import drawn, expect_as_it_looks, expect_right, swap
from playwright.sync_api import Page, expect

from checker.ui.swap import SEEN
from checker.words.values import SWAP_OFFER, TURNED

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser


OpenPage = Callable[..., Page]


def choose(page: Page, video: Path) -> None:
    """Choose the side bend and a video."""
    choose_from(page, "Movement", "Standing side bend")
    page.get_by_alt_text("Standing side bend: start and end position").wait_for()
    page.locator("input[type=file]").set_input_files(video)


def measure(page: Page) -> None:
    page.get_by_role("button", name="Measure this video").click()
    drawn(page)


def downloaded(page: Page, kind: str, target: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    download.value.save_as(target)
    return target


def tick(page: Page) -> Any:
    return page.get_by_role("checkbox", name="The picture is mirrored")


# --- an upload ----------------------------------------------------------------------------------


def test_a_result_offers_to_swap_and_the_device_remembers(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    choose(page, find_case("mirrored.mp4"))
    expect(tick(page)).not_to_be_checked()
    measure(page)
    expect_as_it_looks(page)  # nobody said that it is mirrored
    expect(page.get_by_text(SWAP_OFFER)).to_be_visible()
    assert SWAP_OFFER in downloaded(page, "Report to print", tmp_path / "before.html").read_text(encoding="utf-8")

    swap(page)
    expect_right(page)
    expect(page.get_by_text(TURNED)).to_be_visible()
    expect(page.get_by_text(SWAP_OFFER)).to_have_count(0)
    report = downloaded(page, "Report to print", tmp_path / "after.html").read_text(encoding="utf-8")
    assert TURNED in report
    assert SWAP_OFFER not in report
    found = json.loads(downloaded(page, "Data (JSON)", tmp_path / "after.json").read_text(encoding="utf-8"))
    assert found["video"]["mirrored"] is True
    assert [r["side"] for r in found["reps"]] == ["left", "right"]

    # this browser has it ticked for the next video, also after a visit to another page and a reload
    page.get_by_role("button", name="Measure another video").click()
    expect(tick(page)).to_be_checked()
    page.reload()
    expect(tick(page)).to_be_checked()
    choose(page, find_case("mirrored.mp4"))
    measure(page)
    expect_right(page)

    # and swapped back, it is no longer
    swap(page)
    expect_as_it_looks(page)
    expect(page.get_by_text(SEEN)).to_be_visible()
    page.get_by_role("button", name="Measure another video").click()
    expect(tick(page)).not_to_be_checked()


def test_another_browser_remembers_nothing_of_it(open_page: OpenPage) -> None:
    page = open_page()
    tick(page).check(force=True)
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('backcheck-mirrored'))")
    page.reload()
    expect(tick(page)).to_be_checked()
    expect(tick(open_page())).not_to_be_checked()


def test_a_sample_and_a_movement_without_sides_have_nothing_to_swap(open_page: OpenPage) -> None:
    page = open_page("movement?movement=standing_side_bend")
    page.get_by_role("button", name=re.compile("Try it on sample 1")).click()
    drawn(page)
    expect(page.get_by_role("button", name="Swap left and right")).to_have_count(0)

    page.get_by_role("button", name="Measure another video").click()
    choose_from(page, "Movement", "Squat")
    page.get_by_alt_text("Squat: start and end position").wait_for()
    page.locator("input[type=file]").set_input_files(find_clip("squat__rounded"))
    measure(page)
    assert page.get_by_role("button", name="Swap left and right").count() == 0
    assert page.get_by_text(SWAP_OFFER).count() == 0
