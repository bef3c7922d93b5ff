"""A browser that comes by the link: the pages, their sockets and the camera work over TLS, until it leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from app_server import App
from camera_page import begin, counted, results, stage
from playwright.sync_api import Browser, Page, expect
from shared_app import newest_key, shared_app
from waiting import RECORD, WAIT_MS

from benchmarks.fake_camera import ALLOWED, REMEMBER_CAMERA, camera_flags
from checker.service.key import COOKIE

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser

UNKNOWN_MAKER = "--ignore-certificate-errors"
"""Of a certificate that signs itself: a person tells the browser once that it may go on."""

CLINIC = "backcheck.test"
LEADS_HERE = f"--host-resolver-rules=MAP {CLINIC} 127.0.0.1"


def enter(page: Page, app: App, url: str) -> None:
    """Open the app by its newest link."""
    page.goto(f"{url}/?key={newest_key(app)}")
    page.get_by_role("button", name="Open BackCheck").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello")


def test_a_browser_comes_by_the_link_and_its_page_ends_when_it_leaves(
    launch: Callable[..., Browser], tmp_path: Path
) -> None:
    with shared_app(tmp_path) as shared:
        url = shared.url.replace("http://", "https://")
        browser = launch(UNKNOWN_MAKER)
        context = browser.new_context()
        context.set_default_timeout(WAIT_MS)
        page, other = context.new_page(), context.new_page()
        try:
            with page.expect_websocket() as opened:
                enter(page, shared, url)
            assert page.url == f"{url}/", "the key stands in no address any more"

            other.goto(f"{url}/leave")
            with opened.value.expect_event("close", timeout=WAIT_MS):
                other.get_by_role("button", name="Leave BackCheck").click()
            expect(other.get_by_text("has left BackCheck")).to_be_visible()
            page.reload()
            expect(page.get_by_text("opened by a link")).to_be_visible()
            assert [cookie for cookie in context.cookies() if cookie.get("name") == COOKIE] == []
        finally:
            browser.close()


def test_before_a_camera_over_tls_repetitions_are_counted_and_measured(
    launch: Callable[..., Browser], film: Callable[[str], Path], tmp_path: Path, a_place_before_the_camera: None
) -> None:
    """Under a name of its own: `localhost` may have the camera without TLS, too."""
    told: list[str] = []
    with shared_app(tmp_path, f"--server.allowedHosts={CLINIC}", f"--browser.serverAddress={CLINIC}") as shared:
        url = f"https://{CLINIC}:{urlsplit(shared.url).port}"
        assert f"{url}/?key=" in shared.log.read_text(encoding="utf-8")
        browser = launch(UNKNOWN_MAKER, LEADS_HERE, ALLOWED, *camera_flags(film("side_bend__good")))
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(RECORD)
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda line: told.append(line.text) if "Security Policy" in line.text else None)
        try:
            enter(page, shared, url)
            page.goto(f"{url}/camera?movement=standing_side_bend")
            page.get_by_role("button", name="Open the camera").wait_for()
            page.evaluate(REMEMBER_CAMERA, "no")
            with page.expect_websocket(lambda socket: urlsplit(socket.url).path == "/live/ws") as opened:
                begin(page)
            assert opened.value.url == f"{url.replace('https', 'wss')}/live/ws", "no token stands in the address"
            stage(page, "moving")
            counts = counted(page, least=2)  # on a slow computer the first may be taken back
            side = max(counts, key=lambda side: counts[side])
            page.get_by_role("button", name="Stop").click()
            results(page, "Standing side bend")
            expect(page.locator(f'[data-measure="trunk_lateral_flexion"] [data-side="{side}"]')).to_contain_text("°")
        finally:
            browser.close()
    assert told == []
