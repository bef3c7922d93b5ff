"""How the camera page lies on the screen: a laptop's, a tablet's and a phone's, the latter two held upright."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from camera_page import Filmed, begin, counted, says, stage
from playwright.sync_api import Page, expect

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser

LAPTOP, TABLET, PHONE = (1366, 768), (820, 1180), (390, 844)
SIZES = pytest.mark.parametrize("size", [LAPTOP, TABLET, PHONE], ids=["laptop", "tablet", "phone"])

MOST_SHIFT = 0.1
"""Cumulative layout shift that is "good" (web.dev, Core Web Vitals)."""

WATCH_SHIFTS = """() => {
  const shifts = (globalThis.shifts = []);
  new PerformanceObserver((list) => {
    for (const { value, startTime } of list.getEntries()) shifts.push([startTime, value]);
  }).observe({ type: "layout-shift" });
}"""


def box(page: Page, part: str) -> dict[str, float]:
    """Where a part of the page lies, pixels of the window."""
    found: Any = page.locator(part).bounding_box()
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


def shown_picture(page: Page) -> tuple[float, float]:
    """Width and height of the camera's picture as it is seen, pixels."""
    held = box(page, ".bcl video")
    shape = float(page.locator(".bcl video").evaluate("v => v.videoWidth / v.videoHeight"))
    width = min(held["width"], held["height"] * shape)
    return width, width / shape


@SIZES
def test_the_page_while_somebody_moves(filmed: Filmed, film: Callable[[str], Path], size: tuple[int, int]) -> None:
    page = filmed("standing_side_bend", film("side_bend__knee_bend"), size=size)
    begin(page)
    stage(page, "setup")
    page.evaluate(WATCH_SHIFTS)
    stage(page, "moving")
    for side in ("left", "right"):
        counted(page, 1, side)
    assert says(page, "Keep your knees straight.")["kind"] == "cue"
    shifts = page.evaluate("globalThis.shifts")
    assert sum(value for _, value in shifts) <= MOST_SHIFT, shifts
    must_cover_no_feet(page, size)
    must_have_large_counts_in_the_lower_corners(page, size)
    must_have_pain_first_and_a_menu(page, size)


def must_cover_no_feet(page: Page, size: tuple[int, int]) -> None:
    """The page fills the window, and its words lie over none of the picture."""
    width, height = size
    whole = box(page, ".bcl")
    assert (whole["x"], whole["y"], whole["width"], whole["height"]) == (0, 0, width, height)
    assert box(page, ".bcl-mirror")["width"] == width
    for part in (".bcl-band", ".bcl-bar"):
        words, picture = box(page, part), box(page, ".bcl video")
        assert words["bottom"] <= picture["y"] + 1 or words["y"] >= picture["bottom"] - 1, "covers the picture"
    seen = shown_picture(page)
    if size == LAPTOP:
        assert seen[1] >= 0.7 * height
    else:
        assert seen[0] == pytest.approx(width, abs=1)  # a phone held upright shows it, too


def must_have_large_counts_in_the_lower_corners(page: Page, size: tuple[int, int]) -> None:
    """Counts are read from three metres away, each with its arc, and the middle is the person's."""
    width, height = size
    left, right = box(page, '.bcl [data-side="left"]'), box(page, '.bcl [data-side="right"]')
    bar = box(page, ".bcl-bar")
    letters = float(page.locator('.bcl [data-side="left"] b').evaluate("b => parseFloat(getComputedStyle(b).fontSize)"))
    assert letters >= (0.18 * height - 1 if size == LAPTOP else 0.2 * width - 1)
    assert left["right"] <= right["x"], "they lie over each other"
    assert left["right"] < width / 2 < right["x"], "the middle is the person's"
    assert left["x"] < 0.05 * width
    assert right["right"] > 0.95 * width
    assert left["bottom"] == pytest.approx(bar["y"], abs=2)
    arc = box(page, '.bcl [data-side="left"] svg')
    number = box(page, '.bcl [data-side="left"] b')
    assert arc["y"] < number["y"]
    assert arc["bottom"] > number["bottom"]


def must_have_pain_first_and_a_menu(page: Page, size: tuple[int, int]) -> None:
    """The bar has "It hurts" first and largest; what is seldom pressed is in a menu."""
    for name, share in (("It hurts", 0.60), ("Stop", 0.25), ("More", 0.15)):
        button: Any = page.get_by_role("button", name=name).bounding_box()
        assert button["width"] / size[0] == pytest.approx(share, abs=0.04), name
    expect(page.get_by_role("button", name="Set up again")).to_be_hidden()
    page.get_by_role("button", name="More").click()
    for name in ("Set up again", "Full screen"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    page.keyboard.press("Escape")  # closes the menu, and asks nothing
    expect(page.get_by_role("button", name="Set up again")).to_be_hidden()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").get_by_text("Stop now?").wait_for()
