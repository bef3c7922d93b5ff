"""Stop rules told by one press: from Today, and before the camera."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from app_server import App
from camera_page import Filmed, begin, stage
from playwright.sync_api import Page, expect
from test_browser_weeks import begin_programme, history_of, named
from waiting import RESULT_MS

pytest_plugins = ["camera_page", "test_browser_weeks"]
pytestmark = pytest.mark.browser

LEG = "Leg pain, numbness or weakness"


def test_from_today(server: App, opened: Callable[..., Page]) -> None:
    page = opened(server)
    clicks = named(page)
    clicks.button("None of these")
    begin_programme(clicks)
    clicks.button("Dizzy")
    page.get_by_text("sit or lie down, and get up slowly").wait_for()
    expect(page.get_by_role("button", name="Begin", exact=True)).to_have_count(0)
    clicks.button("It has passed")
    page.get_by_role("button", name="Begin", exact=True).wait_for()
    clicks.button(LEG)
    page.get_by_role("heading", name="See somebody first").wait_for()
    assert [e.data.get("why") for e in history_of(server).events if e.kind == "stopped"] == ["dizzy", "leg"]
    assert any(c.new_leg_symptoms for c in history_of(server).check_ins)


def test_before_the_camera(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    begin(page)
    stage(page, "moving")
    page.locator(".bcl").get_by_role("button", name=LEG).click()
    page.locator(".bc-callout").get_by_text("Stop now. New leg pain").wait_for(timeout=RESULT_MS)
    expect(page.locator(".bcl:visible")).to_have_count(0)
