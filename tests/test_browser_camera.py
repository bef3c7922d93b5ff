"""The camera page where something stands against it: the camera, the room, the computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from app_server import free_port, running_app
from camera_page import Filmed, begin, counted, first_picture, of_session, pain, results, says, stage, still_film
from conftest import find_clip
from playwright.sync_api import expect
from waiting import was_shown

from benchmarks.fake_camera import ALLOWED, write_mjpeg

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser


def test_from_the_wrong_side_nothing_is_counted(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__from_side"))
    begin(page)
    says(page, "Turn")
    was_shown(page, "now => now.bad.includes('view')")
    page.locator("video").evaluate("video => video.pause()")  # as if its shutter were closed
    expect(page.locator(".bcl-told")).to_contain_text("No picture comes from the camera")
    expect(page.locator('.bcl:is([data-stage="setup"])')).to_have_count(1)
    page.locator("video").evaluate("video => video.srcObject.getTracks()[0].dispatchEvent(new Event('ended'))")
    card = page.get_by_role("alertdialog")
    card.get_by_text("The camera has stopped").wait_for()  # as if it were unplugged
    card.get_by_role("button", name="See what was measured").click()
    results(page, "Standing side bend")
    page.get_by_role("heading", name="Not measured").wait_for()


def test_nobody_there_too_dark_and_a_second_person(filmed: Filmed, tmp_path: Path) -> None:
    person = first_picture("side_bend__good")
    room = np.full((640, 480, 3), 150, np.uint8)
    dark = np.zeros((480, 640, 3), np.uint8)
    page = filmed("standing_side_bend", still_film(tmp_path / "room.mjpeg", cv2.resize(room, (640, 480))))
    begin(page)
    says(page, "Step into the picture.")
    was_shown(page, "now => now.bad.includes('person')")
    page.context.browser.close()  # type: ignore[union-attr]

    page = filmed("standing_side_bend", still_film(tmp_path / "dark.mjpeg", dark))
    begin(page)
    was_shown(page, "now => now.bad.includes('light')")
    page.context.browser.close()  # type: ignore[union-attr]

    both = np.hstack([person, person])
    page = filmed("standing_side_bend", still_film(tmp_path / "both.mjpeg", both))
    begin(page)
    says(page, "Only one person should be in the picture.")


def test_a_camera_that_is_refused_is_asked_for_kindly(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"), flags=("--deny-permission-prompts",))
    begin(page)
    card = page.get_by_role("alertdialog")
    card.get_by_text("The camera is not allowed yet").wait_for()
    card.get_by_text("The pictures stay on this computer.").wait_for()
    card.get_by_role("button", name="Try again").click()  # still refused: said again, nothing breaks
    card.get_by_text("The camera is not allowed yet").wait_for()


def test_a_camera_that_another_program_has_and_a_question_that_nobody_sees(filmed: Filmed) -> None:
    page = filmed("standing_side_bend", None)
    page.add_init_script("""
      const answers = [
        () => Promise.reject(new DOMException("in use", "NotReadableError")), // as a browser says it
        () => new Promise(() => {}), // its question is not seen
      ];
      navigator.mediaDevices.getUserMedia = () => answers.shift()();
    """)
    page.reload()
    begin(page)
    card = page.get_by_role("alertdialog")
    card.get_by_text("The camera is in use").wait_for()
    card.get_by_role("button", name="Try again").click()
    card.get_by_text("choose “Allow”").wait_for()
    card.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Open the camera").wait_for()


def test_without_a_camera_it_says_so(filmed: Filmed) -> None:
    page = filmed("standing_side_bend", None)
    begin(page)
    page.get_by_role("alertdialog").get_by_text("No camera was found").wait_for()


def test_a_page_that_may_not_use_the_camera_says_what_to_do(filmed: Filmed, tmp_path: Path) -> None:
    port = free_port()
    names = [f"--server.allowedHosts={name}" for name in ("localhost", "backcheck.test")]
    with running_app(tmp_path, port, "--browser.serverAddress=backcheck.test", *names):
        flags = ("--host-resolver-rules=MAP backcheck.test 127.0.0.1", ALLOWED)
        page = filmed("standing_side_bend", None, url=f"http://backcheck.test:{port}", flags=flags)
        card = page.get_by_role("alertdialog")
        card.get_by_text("This page may not use the camera here").wait_for()
        card.get_by_text("at http://localhost").wait_for()


def test_pain_of_six_is_not_begun_with(filmed: Filmed) -> None:
    page = filmed("standing_side_bend", None)
    pain(page, 6)
    page.get_by_text("leave it for now").wait_for()
    expect(page.get_by_role("button", name="Open the camera")).to_be_disabled()


def test_a_computer_that_becomes_slow_gets_smaller_pictures_and_no_question(
    filmed: Filmed, film: Callable[[str], Path]
) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    begin(page)
    stage(page, "moving")

    # as the page does when too few answers come
    of_session(page, "rate.step = 0")
    of_session(page, "rate.easeOff()")
    was_shown(page, "now => now.told.includes('the picture that is measured is now smaller')")
    before = counted(page)  # goes on
    of_session(page, "rate.unreliable('too slow')")
    was_shown(page, "now => now.told === 'too slow'")
    expect(page.get_by_role("alertdialog")).to_be_hidden()  # nobody comes to the computer for a click
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Set up again").click()
    again = was_shown(page, "now => now.stage === 'setup' && Object.values(now.counts).some(n => n > 0)")
    assert all(again["counts"][side] >= n for side, n in before.items())  # stays


def test_a_slow_computer_records_without_being_asked(filmed: Filmed, tmp_path: Path) -> None:
    write_mjpeg(find_clip("side_bend__good"), tmp_path / "bend.mjpeg", lead_s=5.0)
    page = filmed("standing_side_bend", tmp_path / "bend.mjpeg")
    begin(page, hz=2, test_speed=True)
    was_shown(page, "now => now.told.includes('I will record you and measure afterwards')")
    stage(page, "recording")
    assert not page.evaluate("globalThis.shown.some(now => now.stage === 'moving' || now.card)")
    says(page, "I record you now.")
    page.wait_for_timeout(3000)
    page.keyboard.press(" ")
    expect(page.locator(".bcl-marks")).to_have_text("1 marked")
    says(page, "Press Stop when you are done.")

    # what cannot be handed in at once is not lost
    page.route("**/live/recording*", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Stop").click()
    card = page.get_by_role("alertdialog")
    card.get_by_text("The recording could not be handed in").wait_for()
    with page.expect_download() as download:
        card.get_by_role("button", name="Save the recording").click()
    assert download.value.path().stat().st_size > 10_000
    card.get_by_role("button", name="Try again").click()
    results(page, "Standing side bend")
    page.get_by_text("Where it hurt").wait_for()
    page.locator(".bcp[data-drawn]").wait_for()


AT_THIS_RATE = """
  async ([cameraHz, answerHz, seconds]) => {
    const { Rate } = await import("/live/js/rate.js");
    let now = 0;
    const clock = performance.now;
    performance.now = () => now;
    const steps = [], words = [];
    const rate = new Rate((step) => steps.push(step.model ?? step.longest), (told) => words.push(told));
    for (; now < 1000 * seconds; now += 1) {
      if (now % Math.round(1000 / cameraHz) === 0) rate.camera();
      if (now % Math.round(1000 / answerHz) === 0) rate.drawn(now / 1000);
    }
    performance.now = clock;
    return { steps, unreliable: Boolean(words.at(-1)) };
  }
"""


def test_the_page_steps_down_by_its_own_rate(filmed: Filmed) -> None:
    page = filmed("standing_side_bend", None)

    def at_this_rate(camera_hz: int, answer_hz: int) -> object:
        return page.evaluate(AT_THIS_RATE, [camera_hz, answer_hz, 40])

    assert at_this_rate(30, 20) == {"steps": [], "unreliable": False}
    assert at_this_rate(30, 9) == {"steps": [480, 320, "lite"], "unreliable": False}  # still slow after each step
    assert at_this_rate(30, 3) == {"steps": [480, 320, "lite"], "unreliable": True}
    # a camera that is slow in the dark is not helped by smaller pictures
    assert at_this_rate(8, 8) == {"steps": [], "unreliable": False}
    assert at_this_rate(4, 4) == {"steps": [], "unreliable": True}


TEST_SPEED = """
  async ([cameraHz, answerHz, readyAfterS]) => {
    const { Rate } = await import("/live/js/rate.js");
    const { SpeedTest } = await import("/live/js/speed.js");
    let now = 0;
    const clock = performance.now;
    performance.now = () => now;
    const steps = [];
    let decided;
    const rate = new Rate((step) => {
      steps.push(step.model ?? step.longest);
      if (step.model) test.changing();
    });
    const test = new SpeedTest({
      easier: () => rate.easeOff(), easiest: () => rate.easeAll(),
      decided: (way) => (decided = [way, Math.ceil(now / 1000)]),
    });
    for (; now < 40_000 && !decided; now += 1) {
      const stage = now < 1000 * readyAfterS ? "setup" : now < 1000 * (readyAfterS + 3) ? "countdown" : "moving";
      if (now % Math.round(1000 / cameraHz) === 0) test.camera();
      if (now % Math.round(1000 / answerHz) === 0) test.drawn(stage);
      if (steps.at(-1) === "lite" && test.from - now === 4000) test.changed(); // it comes after two seconds
    }
    performance.now = clock;
    return { decided: decided?.[0], within_s: decided?.[1], steps };
  }
"""


def test_the_speed_is_tested_while_somebody_gets_ready(filmed: Filmed) -> None:
    page = filmed("standing_side_bend", None)

    def at_this_speed(camera_hz: float, answer_hz: float, ready_after_s: float = 20.0) -> dict[str, object]:
        return dict(page.evaluate(TEST_SPEED, [camera_hz, answer_hz, ready_after_s]))

    assert at_this_speed(30, 20) == {"decided": "live", "within_s": 3, "steps": []}
    assert at_this_speed(30, 8) == {"decided": "live", "within_s": 12, "steps": [480, 320, "lite"]}
    # too slow to count: at once as easy as can be, then recorded
    assert at_this_speed(30, 3) == {"decided": "record", "within_s": 9, "steps": ["lite"]}
    # who is ready at once is not kept waiting, and is not stopped in mid-movement
    assert at_this_speed(30, 3, 1.0) == {"decided": "record", "within_s": 4, "steps": []}
    assert at_this_speed(30, 2, 0.0) == {"decided": "record", "within_s": 3, "steps": []}
    assert at_this_speed(30, 2, -1.0)["decided"] == "live"  # they moved before enough was seen
    # a camera that is slow in the dark is not helped by a recording
    assert at_this_speed(4, 4) == {"decided": "live", "within_s": 3, "steps": []}
