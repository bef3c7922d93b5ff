"""The question before the camera: whether it mirrors is settled by a left hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from camera_page import Filmed, begin, pain, stage
from conftest import find_clip, until
from mirrored_sides import drawn, expect_as_it_looks, expect_right, swap
from playwright.sync_api import Page, expect
from waiting import RESULT_MS, was_shown

from benchmarks.fake_camera import RATE_HZ, REMEMBER_CAMERA, write_mjpeg
from checker.service.live.seat import LEFT_AFTER_S
from checker.setup.hand import ASK, ASK_AGAIN, PATIENCE_S
from checker.ui.owners import SWEEP_EVERY_S
from checker.video.reader import open_video
from checker.words.values import TURNED

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser

LEFT_HAND = Path(__file__).parent / "films" / "left_hand.mp4"


def film(clip: Path, target: Path, *, mirrored: bool) -> Path:
    """A clip as the camera plays it, or one that mirrors."""
    write_mjpeg(clip, target, lead_s=1.0)
    if mirrored:
        pictures = [cv2.imdecode(np.frombuffer(j, np.uint8), cv2.IMREAD_COLOR) for j in jpegs_of(target)]
        target.write_bytes(b"".join(cv2.imencode(".jpg", cv2.flip(p, 1))[1].tobytes() for p in pictures))
    return target


def jpegs_of(target: Path) -> list[bytes]:
    """The pictures of a film."""
    start = b"\xff\xd8\xff"
    return [start + jpeg for jpeg in target.read_bytes().split(start)[1:]]


def twice(target: Path, until_s: float) -> Path:
    """The same film with all up to that moment of the clip shown twice."""
    jpegs = jpegs_of(target)
    target.write_bytes(b"".join(jpegs[: round((1.0 + until_s) * RATE_HZ)] + jpegs))
    return target


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
    page = filmed("standing_side_bend", film(LEFT_HAND, tmp_path / "hand.mjpeg", mirrored=False), known=False)
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
    page = filmed("standing_side_bend", film(LEFT_HAND, tmp_path / "hand.mjpeg", mirrored=True), known=False)
    begin(page)
    was_shown(page, "(now, ask) => now.words === ask", ASK)
    was_shown(page, "(now, ask) => now.words === ask", ASK_AGAIN)
    page.locator('.bcl[data-mirrored="yes"]').wait_for()
    was_shown(page, "now => now.told.includes('This camera shows a mirror image')")
    remembers(page, ["yes"])
    is_not_turned(page)  # the camera has turned it: turned once more, it would be no mirror


def test_with_a_mirrored_camera_counts_and_results_are_the_persons_own(filmed: Filmed, tmp_path: Path) -> None:
    clip = find_clip("side_bend__restricted_left__carla")  # to the left, 13 degrees, until 4.6 s; then 30 to the right
    bends = twice(film(clip, tmp_path / "bend.mjpeg", mirrored=True), until_s=5.0)  # left, left, right, left, left, ...
    page = filmed("standing_side_bend", bends, known=False)
    page.evaluate(REMEMBER_CAMERA, "yes")
    page.get_by_text("Also keep a video of me").click()
    begin(page)
    page.locator('.bcl[data-mirrored="yes"]').wait_for()
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"
    was_shown(page, "({ counts }) => Math.min(counts.left, counts.right) > 0 && counts.left !== counts.right")
    page.get_by_role("button", name="Stop").click()
    drawn(page)
    expect_right(page)
    told = page.evaluate("() => globalThis.shown.filter(now => 'left' in now.counts).at(-1).counts")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Data (JSON)").click()
    reps = json.loads(saved.value.path().read_text(encoding="utf-8"))["reps"]
    assert Counter(rep["side"] for rep in reps) == told
    expect(page.get_by_text(TURNED)).to_be_visible()
    swap(page)  # as if it had been remembered wrongly: this camera is known better now
    expect_as_it_looks(page)
    remembers(page, ["no"])


def test_the_question_is_skipped_once_for_all_and_left_at_a_mark_of_pain(filmed: Filmed, tmp_path: Path) -> None:
    with open_video(find_clip("side_bend__good")) as video:
        still = cv2.imencode(".jpg", cv2.cvtColor(next(iter(video)).rgb, cv2.COLOR_RGB2BGR))[1].tobytes()
    standing = tmp_path / "standing.mjpeg"
    standing.write_bytes(still * 60)
    page = filmed("standing_side_bend", standing, known=False)
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
    page = filmed(
        "standing_side_bend", film(find_clip("side_bend__good"), tmp_path / "bend.mjpeg", mirrored=False), known=False
    )
    begin(page)
    expect(page.locator(".bcl-hand")).to_be_visible()
    stage(page, "countdown")
    assert remembered(page) == []

    page.reload()
    page.get_by_role("button", name="Open the camera").wait_for()
    page.wait_for_timeout(1000 * (LEFT_AFTER_S + SWEEP_EVERY_S + 1))
    pain(page, 4)
    page.get_by_text("go easy").wait_for()
    begin(page)
    stage(page, "countdown")
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").get_by_role("button", name="Stop").click()
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)


def test_a_movement_without_sides_does_not_ask(filmed: Filmed, tmp_path: Path) -> None:
    page = filmed(
        "standing_hip_hinge", film(find_clip("hip_hinge__good"), tmp_path / "hinge.mjpeg", mirrored=False), known=False
    )
    begin(page)
    stage(page, "countdown")
    assert not page.evaluate("globalThis.shown.some(now => now.hand)"), "nobody is asked"
