"""Mirrored pictures in a real browser: the tick of an upload, the swap on a result, the question before the camera."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from app_server import App
from conftest import find_case, find_clip, until
from playwright.sync_api import Browser, Page, expect
from waiting import RECORD, RESULT_MS, WAIT_MS, was_shown

from benchmarks.fake_camera import ALLOWED, REMEMBER_CAMERA, camera_flags, write_mjpeg
from checker.service.live.seat import LEFT_AFTER_S
from checker.setup.hand import ASK, ASK_AGAIN, PATIENCE_S
from checker.ui.owners import SWEEP_EVERY_S
from checker.ui.swap import SEEN
from checker.video.reader import open_video
from checker.words.values import SWAP_OFFER, TURNED

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

TRUE_DEG = {"left": 13.0, "right": 30.0}
STATED_DEG = 3.0
TRANSFORM = "getComputedStyle(globalThis.camera().querySelector('video')).transform"
LEFT_HAND = Path(__file__).parent / "films" / "left_hand.mp4"

OpenPage = Callable[..., Page]
Filmed = Callable[..., Page]


def shown_deg(page: Page) -> dict[str, float]:
    """What stands on the card of the side bend."""
    cells = page.locator('[data-measure="trunk_lateral_flexion"]')
    told = {side: cells.locator(f'[data-side="{side}"]').inner_text() for side in ("left", "right")}
    return {side: float(text.partition("°")[0]) for side, text in told.items()}


def expect_right(page: Page) -> None:
    """Wait until each side has its own truth."""
    until(lambda: all(abs(deg - TRUE_DEG[side]) <= STATED_DEG for side, deg in shown_deg(page).items()))


def expect_as_it_looks(page: Page) -> None:
    """Wait until the sides are those of the picture as it was taken: the other way round."""
    until(lambda: shown_deg(page)["left"] > shown_deg(page)["right"])


def choose(page: Page, video: Path) -> None:
    """Choose the side bend and a video."""
    choice = page.get_by_role("combobox", name="Movement")
    choice.fill("Standing side bend")
    page.get_by_role("option", name="Standing side bend").first.click()
    page.get_by_alt_text("Standing side bend: start and end position").wait_for()
    page.locator("input[type=file]").set_input_files(video)


def measure(page: Page) -> None:
    page.get_by_role("button", name="Measure this video").click()
    drawn(page)


def drawn(page: Page) -> None:
    """Wait for a result with its video."""
    page.locator(".bcp[data-drawn]").wait_for(timeout=RESULT_MS)
    page.wait_for_function("document.querySelector('.bcp video').readyState >= 2")


def downloaded(page: Page, kind: str, target: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    download.value.save_as(target)
    return target


def tick(page: Page) -> Any:
    return page.get_by_role("checkbox", name="The picture is mirrored")


def swap(page: Page) -> None:
    """Press the button, and wait until the other result is there."""
    before = page.locator(".bcp video").get_attribute("src")
    page.get_by_role("button", name="Swap left and right").click()
    page.wait_for_function(
        "was => ![null, undefined, was].includes(document.querySelector('.bcp video')?.getAttribute('src'))",
        arg=before,
        timeout=RESULT_MS,
    )
    drawn(page)


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
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('backcheck-mirrored'))")
    page.reload()
    expect(tick(page)).to_be_checked()
    expect(tick(open_page())).not_to_be_checked()


def test_a_sample_and_a_movement_without_sides_have_nothing_to_swap(open_page: OpenPage) -> None:
    page = open_page("movement?movement=standing_side_bend")
    page.get_by_role("button", name=re.compile("Try it on sample 1")).click()
    drawn(page)
    expect(page.get_by_role("button", name="Swap left and right")).to_have_count(0)

    page.get_by_role("button", name="Measure another video").click()
    choice = page.get_by_role("combobox", name="Movement")
    choice.fill("Squat")
    page.get_by_role("option", name="Squat").first.click()
    page.get_by_alt_text("Squat: start and end position").wait_for()
    page.locator("input[type=file]").set_input_files(find_clip("squat__rounded"))
    measure(page)
    assert page.get_by_role("button", name="Swap left and right").count() == 0
    assert page.get_by_text(SWAP_OFFER).count() == 0


# --- before the camera ----------------------------------------------------------------------------


def film(clip: Path, target: Path, *, mirrored: bool) -> Path:
    """A clip as the camera plays it, or one that mirrors."""
    write_mjpeg(clip, target, lead_s=1.0)
    if mirrored:
        jpegs = target.read_bytes().split(b"\xff\xd8\xff")[1:]
        pictures = [cv2.imdecode(np.frombuffer(b"\xff\xd8\xff" + j, np.uint8), cv2.IMREAD_COLOR) for j in jpegs]
        target.write_bytes(b"".join(cv2.imencode(".jpg", cv2.flip(p, 1))[1].tobytes() for p in pictures))
    return target


@pytest.fixture
def filmed(launch: Callable[..., Browser], app: App) -> Iterator[Filmed]:
    """Opens the camera page of a movement in a browser of its own, whose camera plays a film."""
    errors: list[str] = []
    with ExitStack() as stack:

        def open_camera_page(movement: str, played: Path) -> Page:
            browser = launch(ALLOWED, *camera_flags(played))
            stack.callback(browser.close)
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.set_default_timeout(WAIT_MS)
            context.add_init_script(RECORD)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"{app.url}/camera?movement={movement}")
            page.get_by_role("button", name="Open the camera").wait_for()
            return page

        yield open_camera_page
    assert errors == [], "an error in the page's scripts"


def begin(page: Page) -> None:
    page.get_by_role("button", name="Open the camera").click()


def stage(page: Page, name: str) -> None:
    """Wait until the session is, or was, at a stage."""
    was_shown(page, "(now, name) => now.stage === name", name)


def reopen(page: Page) -> None:
    """Come again later, when the seat of the session before is free."""
    page.reload()
    page.get_by_role("button", name="Open the camera").wait_for()
    page.wait_for_timeout(1000 * (LEFT_AFTER_S + SWEEP_EVERY_S + 1))
    begin(page)


def remembered(page: Page) -> list[str]:
    """What this browser has of cameras."""
    own = "Object.entries(localStorage).filter(([k]) => k.startsWith('backcheck-mirrored camera')).map(([, v]) => v)"
    return list(page.evaluate(own))


def remembers(page: Page, answers: list[str]) -> None:
    """Wait until this browser has these answers, and no others."""
    until(lambda: remembered(page) == answers)


def transform(page: Page) -> str:
    """How the camera's picture is turned on the page, in the words of its style."""
    return str(page.locator(".bcl video").evaluate("video => getComputedStyle(video).transform"))


def is_turned(page: Page) -> None:
    """Wait until the page turns the picture, so that one sees oneself as in a mirror."""
    until(lambda: transform(page).startswith("matrix(-1"))


def is_not_turned(page: Page) -> None:
    """Wait until the page shows the picture as the camera gives it."""
    until(lambda: not transform(page).startswith("matrix(-1"))


def test_a_left_hand_that_looks_left_settles_it_for_this_device(filmed: Filmed, tmp_path: Path) -> None:
    page = filmed("standing_side_bend", film(LEFT_HAND, tmp_path / "hand.mjpeg", mirrored=False))
    begin(page)
    was_shown(page, "(now, ask) => now.words === ask && now.hand", ASK)
    page.locator('.bcl[data-mirrored="no"]').wait_for()
    expect(page.locator(".bcl-ticks")).to_be_visible()
    stage(page, "countdown")  # it goes on by itself
    remembers(page, ["no"])
    is_turned(page)

    reopen(page)  # and nobody is asked again
    page.locator('.bcl[data-mirrored="no"]').wait_for()
    expect(page.locator(".bcl-hand")).to_be_hidden()


def test_a_camera_that_mirrors_is_asked_twice_and_then_known(filmed: Filmed, tmp_path: Path) -> None:
    page = filmed("standing_side_bend", film(LEFT_HAND, tmp_path / "hand.mjpeg", mirrored=True))
    begin(page)
    was_shown(page, "(now, ask) => now.words === ask", ASK)
    was_shown(page, "(now, ask) => now.words === ask", ASK_AGAIN)
    page.locator('.bcl[data-mirrored="yes"]').wait_for()
    was_shown(page, "now => now.told.includes('This camera shows a mirror image')")
    remembers(page, ["yes"])
    is_not_turned(page)  # the camera has turned it: turned once more, it would be no mirror


def test_with_a_mirrored_camera_counts_and_results_are_the_persons_own(filmed: Filmed, tmp_path: Path) -> None:
    clip = find_clip("side_bend__restricted_left__carla")  # to the left first, 13 degrees; then 30 to the right
    page = filmed("standing_side_bend", film(clip, tmp_path / "bend.mjpeg", mirrored=True))
    page.evaluate(REMEMBER_CAMERA, "yes")
    page.get_by_text("Also keep a video of me").click()
    begin(page)
    page.locator('.bcl[data-mirrored="yes"]').wait_for()
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"
    first = was_shown(page, "now => Object.values(now.counts).some(n => n > 0)")
    assert first["counts"] == {"left": 1, "right": 0}
    was_shown(page, "now => now.counts.right > 0")
    page.get_by_role("button", name="Finish").click()
    drawn(page)
    expect_right(page)
    expect(page.get_by_text(TURNED)).to_be_visible()
    swap(page)  # as if it had been remembered wrongly: this camera is known better now
    expect_as_it_looks(page)
    remembers(page, ["no"])


def test_the_question_is_skipped_once_for_all_and_left_at_a_mark_of_pain(filmed: Filmed, tmp_path: Path) -> None:
    with open_video(find_clip("side_bend__good")) as video:
        still = cv2.imencode(".jpg", cv2.cvtColor(next(iter(video)).rgb, cv2.COLOR_RGB2BGR))[1].tobytes()
    standing = tmp_path / "standing.mjpeg"
    standing.write_bytes(still * 60)
    page = filmed("standing_side_bend", standing)
    begin(page)
    expect(page.locator(".bcl-hand")).to_be_visible()
    page.keyboard.press(" ")  # it hurts: nothing is asked of them any more, and it counts
    expect(page.locator(".bcl-hand")).to_be_hidden(timeout=1000 * PATIENCE_S / 2)
    stage(page, "countdown")
    assert remembered(page) == []

    reopen(page)
    page.get_by_role("button", name="Skip this").click()
    expect(page.locator(".bcl-hand")).to_be_hidden(timeout=1000 * PATIENCE_S / 2)
    remembers(page, ["skipped"])
    reopen(page)
    stage(page, "countdown")
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"


def test_who_does_not_answer_goes_on_and_who_is_in_pain_is_not_asked(filmed: Filmed, tmp_path: Path) -> None:
    page = filmed("standing_side_bend", film(find_clip("side_bend__good"), tmp_path / "bend.mjpeg", mirrored=False))
    begin(page)
    expect(page.locator(".bcl-hand")).to_be_visible()
    stage(page, "countdown")
    assert remembered(page) == []

    page.reload()
    page.get_by_role("button", name="Open the camera").wait_for()
    page.wait_for_timeout(1000 * (LEFT_AFTER_S + SWEEP_EVERY_S + 1))
    answer = page.get_by_role("radio", name="4", exact=True)
    answer.or_(page.get_by_role("button", name="4", exact=True)).first.click()
    page.get_by_text("go easy").wait_for()
    begin(page)
    stage(page, "countdown")
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").get_by_role("button", name="Finish").click()
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)


def test_a_movement_without_sides_does_not_ask(filmed: Filmed, tmp_path: Path) -> None:
    page = filmed("standing_hip_hinge", film(find_clip("hip_hinge__good"), tmp_path / "hinge.mjpeg", mirrored=False))
    begin(page)
    stage(page, "countdown")
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"
