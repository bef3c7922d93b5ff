"""The camera page in a real browser, whose camera plays films of people who move."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from app_server import App, free_port, running_app
from camera_page import Filmed, begin, counted, of_session, pain, results, says, stage
from conftest import until
from playwright.sync_api import expect
from waiting import was_shown

from checker.report import REPORTS
from checker.video.reader import open_video

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser


# --- the way it should go -------------------------------------------------------------------------


def test_from_the_permission_to_the_summary(filmed: Filmed, film: Callable[[str], Path], app: App) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    pain(page, 3)
    begin(page)
    stage(page, "setup")
    says(page, "Stand still")
    expect(page.locator(".bcl-ticks li")).to_have_count(9)
    was_shown(page, "now => now.stage === 'countdown' && /^[123]$/.test(now.countdown) && now.good === 9")
    stage(page, "moving")
    says(page, "Begin, left side.")

    # the picture has the person's lines on it, and the gauge follows
    counted(page, 1, "left")
    canvas = "globalThis.camera().querySelector('canvas')"
    drawn = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    page.wait_for_function(f"() => ({drawn})({canvas})")

    # it hurts: the space bar, wherever the focus is
    page.keyboard.press(" ")
    expect(page.locator(".bcl-marks")).to_have_text("1 marked")

    # a dropped connection comes back by itself, and nothing is lost: nor is pain that was marked meanwhile
    before = page.evaluate("globalThis.shown.at(-1).counts")
    of_session(page, "link.socket.close()")
    page.keyboard.press(" ")
    page.wait_for_function("() => globalThis.camera().backcheck.reconnectedMs > 0")
    assert 0 < float(str(of_session(page, "reconnectedMs"))) < 20_000  # its place is kept for half a minute
    expect(page.locator(".bcl-marks")).to_have_text("2 marked")
    after = page.evaluate("globalThis.shown.at(-1).counts")
    assert all(after[side] >= n for side, n in before.items()), f"counted and lost: {before}, then {after}"

    enough = says(page, "That is enough. Rest to finish, or go on up to 3.")
    assert min(enough["counts"].values()) >= 2
    page.get_by_role("button", name="Stop").click()

    # the summary, as for an upload; no picture was kept
    results(page, "Standing side bend")
    expect(page.get_by_text(re.compile(r"· [4-6] repetitions counted"))).to_be_visible()  # the film does not end
    for side in ("left", "right"):
        shown = page.locator(f'[data-measure="trunk_lateral_flexion"] [data-side="{side}"]')
        expect(shown).to_have_text(re.compile(r"\d+°\s*±\d"))
    page.get_by_text("Where it hurt").wait_for()
    page.locator(".js-plotly-plot").wait_for()
    expect(page.locator("video")).to_have_count(0)
    kept = {path.suffix for folder in app.job_folders for path in folder.rglob("*") if path.is_file()}
    assert kept == {Path(report.file_name).suffix for report in REPORTS if not report.is_video}
    pain(page, 6)
    page.get_by_text("Stop here for today").wait_for()
    page.get_by_role("button", name="Discard and do another").click()
    page.get_by_role("button", name="Open the camera").wait_for()
    until(lambda: app.job_folders == [])


def test_a_fault_is_told_and_the_video_is_there_when_asked_for(
    filmed: Filmed, film: Callable[[str], Path], tmp_path: Path
) -> None:
    page = filmed("standing_hip_hinge", film("hip_hinge__rounded"), size=(820, 1180))
    page.get_by_text("Also keep a video of me").click()
    begin(page)
    assert says(page, "Keep your back long and flat.")["kind"] == "cue"
    stage(page, "done")  # by itself: all that was asked for is done
    results(page, "Standing hip hinge")
    page.locator(".bcp[data-drawn]").wait_for()
    page.get_by_role("button", name="Show in the video").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Video", exact=True).click()
    download.value.save_as(tmp_path / "annotated.mp4")
    with open_video(tmp_path / "annotated.mp4") as video:
        assert sum(1 for _ in video) > 60


def test_three_marks_of_pain_offer_to_end_kindly(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    begin(page)
    stage(page, "moving")
    for n in (1, 2, 3):
        page.keyboard.press(" ")
        expect(page.locator(".bcl-marks")).to_have_text(f"{n} marked")
    card = page.get_by_role("alertdialog")
    card.get_by_text("It has hurt several times").wait_for()
    page.keyboard.press(" ")  # a press too many answers nothing
    assert card.is_visible()
    card.get_by_role("button", name="Stop for today").click()
    results(page, "Standing side bend")
    page.get_by_text("Where it hurt").wait_for()


SPEAKER = """
  // a browser without a screen has no voice: this one takes two seconds for whatever it says
  const said = (globalThis.said = []);
  class Speech { constructor(text) { this.text = text; } }
  const voice = { name: "Test", lang: "en-GB", localService: true, default: true };
  let waiting;
  const speaker = Object.assign(new EventTarget(), {
    getVoices: () => [voice, { name: "Far", lang: "en-GB", localService: false, default: true }],
    speak(speech) {
      said.push({ text: speech.text, voice: speech.voice.name, volume: speech.volume, overlaps: Boolean(waiting) });
      waiting = setTimeout(() => { waiting = undefined; speech.onend(); }, 2000);
    },
    cancel() { clearTimeout(waiting); waiting = undefined; },
  });
  Object.defineProperty(globalThis, "SpeechSynthesisUtterance", { value: Speech });
  Object.defineProperty(globalThis, "speechSynthesis", { value: speaker });
"""


def test_the_voice_says_one_thing_at_a_time_and_remembers_that_it_is_off(
    filmed: Filmed, film: Callable[[str], Path]
) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    page.add_init_script(SPEAKER)
    page.reload()
    begin(page)
    page.wait_for_function("() => globalThis.said.some(({ text }) => text.split('.')[0] === '1')")
    page.wait_for_timeout(2500)  # what is being said, is said to its end
    said = page.evaluate("globalThis.said")
    assert said[0]["text"] in {"Stand still for a moment.", "Good. Get ready."}
    assert {s["voice"] for s in said} == {"Test"}, "a voice of another computer would hear the words"
    assert not any(s["overlaps"] for s in said)

    page.keyboard.press("m")
    expect(page.locator("[data-act=mute]")).to_have_text("Voice off")
    page.reload()
    page.get_by_role("button", name="Open the camera").wait_for()
    begin(page)
    expect(page.locator("[data-act=mute]")).to_have_text("Voice off")
    stage(page, "countdown")
    assert page.evaluate("globalThis.said") == []
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").get_by_text("Stop now?").wait_for()
    page.keyboard.press("Enter")
    results(page, "Standing side bend")


# --- what happens to a session --------------------------------------------------------------------


def test_a_closed_tab_ends_the_session(filmed: Filmed, film: Callable[[str], Path], app: App) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    page.get_by_text("Also keep a video of me").click()
    begin(page)
    stage(page, "moving")
    folders = list(app.folders.glob("backcheck-app-*/live-*"))
    assert len(folders) == 1
    other = page.context.new_page()
    page.close()
    until(lambda: not folders[0].exists())
    other.close()


def test_what_was_seen_before_the_connection_was_lost_for_good_can_be_had(
    filmed: Filmed, film: Callable[[str], Path]
) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    begin(page)
    counted(page)
    of_session(page, "link.lostAt = performance.now() - 60_000")  # as if it had tried for a minute
    of_session(page, "link.lose(1006)")
    card = page.get_by_role("alertdialog")
    card.get_by_text("The server does not answer any more.").wait_for()
    card.get_by_role("button", name="See what was measured").click()
    results(page, "Standing side bend")
    page.get_by_text(re.compile(r"\d repetitions? counted")).wait_for()


def test_a_server_that_is_restarted_is_noticed(filmed: Filmed, film: Callable[[str], Path], tmp_path: Path) -> None:
    port = free_port()
    with running_app(tmp_path, port) as first:
        page = filmed("standing_side_bend", film("side_bend__good"), url=first.url)
        begin(page)
        counted(page, 1, "left")
    was_shown(page, "now => now.told.includes('Reconnecting')")
    with running_app(tmp_path, port):
        page.get_by_text("Your last session ended before its results were there").or_(
            page.get_by_text("The session ended")
        ).first.wait_for()
        page.get_by_text(re.compile("Counted until then: .*1 left")).wait_for()
