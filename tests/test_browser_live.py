"""The camera page in a real browser, whose camera plays films of people who move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from app_server import App, free_port, running_app
from conftest import find_clip, until
from playwright.sync_api import Browser, Page, expect
from waiting import RECORD, RESULT_MS, WAIT_MS, was_shown

from benchmarks.fake_camera import ALLOWED, REMEMBER_CAMERA, camera_flags, write_mjpeg
from checker.video.reader import open_video

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser


Filmed = Callable[..., Page]


@pytest.fixture
def filmed(launch: Callable[..., Browser], app: App) -> Iterator[Filmed]:
    """Opens the camera page of a movement in a browser of its own, whose camera plays a film."""
    errors: list[str] = []
    with ExitStack() as stack:

        def open_camera_page(
            movement: str,
            film: Path | None,
            *,
            url: str = app.url,
            flags: tuple[str, ...] = (ALLOWED,),
            size: tuple[int, int] = (1280, 800),
        ) -> Page:
            browser = launch(*flags, *([] if film is None else camera_flags(film)))
            stack.callback(browser.close)
            context = browser.new_context(viewport={"width": size[0], "height": size[1]})
            context.set_default_timeout(WAIT_MS)
            context.add_init_script(RECORD)
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"{url}/camera?movement={movement}")
            page.get_by_role("button", name="Open the camera").wait_for()
            if film is not None and ALLOWED in flags:  # known before: else the left hand is asked for
                page.evaluate(REMEMBER_CAMERA, "no")
            return page

        yield open_camera_page
    assert errors == [], "an error in the page's scripts"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A clip as the camera plays it."""

    folder = tmp_path_factory.mktemp("films")

    def make(name: str) -> Path:
        target = folder / f"{name}.mjpeg"
        if not target.exists():
            write_mjpeg(find_clip(name), target, lead_s=1.0)
        return target

    return make


def still_film(target: Path, *pictures: npt.NDArray[np.uint8]) -> Path:
    """Pictures as the camera plays them, one second each."""
    jpegs = [cv2.imencode(".jpg", p)[1].tobytes() for p in pictures]
    target.write_bytes(b"".join(jpeg for jpeg in jpegs for _ in range(30)))
    return target


def first_picture(name: str) -> npt.NDArray[np.uint8]:
    """(640, 480, 3) BGR: the first frame of a clip."""
    with open_video(find_clip(name)) as video:
        rgb = next(iter(video)).rgb
    return np.asarray(cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), (480, 640)), np.uint8)


def pain(page: Page, level: int) -> None:
    """Answer how much it hurts."""
    answer = page.get_by_role("radio", name=str(level), exact=True)
    answer.or_(page.get_by_role("button", name=str(level), exact=True)).first.click()


def of_session(page: Page, what: str) -> object:
    """Something of the session in the page, or something done to it."""
    return page.locator(".bcl").evaluate(f"root => root.backcheck.{what}")


def begin(page: Page) -> None:
    page.get_by_role("button", name="Open the camera").click()


def stage(page: Page, name: str) -> dict[str, Any]:
    """Wait until the session is, or was, at a stage; what was shown when it came there."""
    return was_shown(page, "(now, name) => now.stage === name", name)


def says(page: Page, words: str) -> dict[str, Any]:
    """Wait until something is said, or was; what else was shown when it was said first."""
    return was_shown(page, "(now, words) => now.words.includes(words)", words)


def counted(page: Page, least: int = 1, side: str = "") -> dict[str, int]:
    """Wait until so many are counted, to one side or to any; all that were counted then."""
    enough = "(now, [side, least]) => Object.entries(now.counts).some(([s, n]) => (!side || s === side) && n >= least)"
    return dict(was_shown(page, enough, [side, least])["counts"])


def results(page: Page, movement: str) -> None:
    """Wait for the results of a movement."""
    page.get_by_role("heading", level=1, name=movement).wait_for(timeout=RESULT_MS)
    page.get_by_text("Take it with you").wait_for(timeout=RESULT_MS)


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
    page.wait_for_function(f"({drawn})({canvas})")

    # it hurts: the space bar, wherever the focus is
    page.keyboard.press(" ")
    expect(page.locator(".bcl-marks")).to_have_text("1 marked")

    # a dropped connection comes back by itself, and nothing is lost: nor is pain that was marked meanwhile
    before = page.evaluate("globalThis.shown.at(-1).counts")
    of_session(page, "link.socket.close()")
    page.keyboard.press(" ")
    page.wait_for_function("globalThis.camera().backcheck.reconnectedMs > 0")
    assert 0 < float(str(of_session(page, "reconnectedMs"))) < 20_000  # its place is kept for half a minute
    expect(page.locator(".bcl-marks")).to_have_text("2 marked")
    after = page.evaluate("globalThis.shown.at(-1).counts")
    assert all(after[side] >= n for side, n in before.items()), f"counted and lost: {before}, then {after}"

    enough = says(page, "That is enough. Rest to finish, or go on up to 3.")
    assert min(enough["counts"].values()) >= 2
    page.get_by_role("button", name="Finish").click()

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
    assert kept == {".json", ".csv", ".html"}
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
    page.wait_for_function("globalThis.said.some(({ text }) => text.split('.')[0] === '1')")
    page.wait_for_timeout(2500)  # what is being said, is said to its end
    said = page.evaluate("globalThis.said")
    assert said[0]["text"] in {"Stand still for a moment.", "Good. Get ready."}
    assert {s["voice"] for s in said} == {"Test"}, "a voice of another computer would hear the words"
    assert not any(s["overlaps"] for s in said)

    page.keyboard.press("m")
    page.get_by_role("button", name="Voice off").wait_for()
    page.reload()
    page.get_by_role("button", name="Open the camera").wait_for()
    begin(page)
    page.get_by_role("button", name="Voice off").wait_for()
    stage(page, "countdown")
    assert page.evaluate("globalThis.said") == []
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").get_by_text("Finish now?").wait_for()
    page.keyboard.press("Enter")
    results(page, "Standing side bend")


# --- what stands against it -----------------------------------------------------------------------


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


def test_a_slow_computer_gets_smaller_pictures_and_then_records(filmed: Filmed, film: Callable[[str], Path]) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    begin(page)
    stage(page, "moving")

    # as the page does when too few answers come
    of_session(page, "rate.easeOff()")
    was_shown(page, "now => now.told.includes('the picture that is measured is now smaller')")
    before = counted(page)  # goes on
    page.get_by_role("button", name="Set up again").click()
    again = was_shown(page, "now => now.stage === 'setup' && Object.values(now.counts).some(n => n > 0)")
    assert all(again["counts"][side] >= n for side, n in before.items())  # stays
    of_session(page, "tooSlow('too slow')")
    card = page.get_by_role("alertdialog")
    card.get_by_role("button", name="Record for review").click()
    stage(page, "recording")
    page.wait_for_timeout(3000)
    page.keyboard.press(" ")
    expect(page.locator(".bcl-marks")).to_have_text("1 marked")
    page.wait_for_timeout(1000)

    # what cannot be handed in at once is not lost
    page.route("**/live/recording*", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Finish").click()
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


# --- what it does not see, and what comes too slowly ------------------------------------------------

KNEES = "Keep your knees straight."
OF_THE_LEGS = {KNEES, "Keep your hips over your feet.", "Keep both feet flat on the floor."}
NO_LEGS = 0.6
"""Share of the picture's height that is left where the legs are out of it."""

AT_MOST = """
  (root, hz) => { // as on a computer that looks at so many pictures a second
    const { link } = root.backcheck;
    const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(link), "hasRoom").get;
    let due = 0;
    Object.defineProperty(link, "hasRoom", { get() {
      const now = performance.now();
      if (now < due || !own.call(link)) return false;
      due = Math.max(due + 1000 / hz, now - 500 / hz);
      return true;
    } });
  }
"""

KEEP_ANSWERS = """
  root => {
    const session = root.backcheck;
    const kept = (globalThis.kept = []);
    const frame = session.frame.bind(session);
    session.frame = (now) => {
      kept.push({ cue: now.cue, say: now.say, counts: now.counts, well: now.well_done });
      frame(now);
    };
  }
"""


@pytest.fixture(scope="session")
def cropped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A clip of which the camera sees the upper part, after a long stillness."""
    folder = tmp_path_factory.mktemp("cropped")

    def make(name: str) -> Path:
        target = folder / f"{name}.mjpeg"
        if not target.exists():
            write_mjpeg(find_clip(name), target, lead_s=2.0, keep=NO_LEGS)
        return target

    return make


def linked(page: Page) -> None:
    """Wait until the page has its connection."""
    page.wait_for_function("globalThis.camera()?.backcheck?.link?.isOpen")


def followed(page: Page, hz: int) -> None:
    """Begin, with at most so many pictures a second; what is told of each is kept."""
    begin(page)
    linked(page)
    page.locator(".bcl").evaluate(AT_MOST, hz)
    page.locator(".bcl").evaluate(KEEP_ANSWERS)


def told(page: Page) -> set[str]:
    """Every cue that was shown or said."""
    kept = page.evaluate("globalThis.kept")
    return {a["cue"] for a in kept if a["cue"]} | {u["text"] for a in kept for u in a["say"] if u["kind"] == "cue"}


def counted_last(page: Page) -> int:
    """How many were counted in the last answer."""
    return sum(page.evaluate("Object.values(globalThis.kept.at(-1).counts)"))


@pytest.mark.parametrize("hz", [5, 10, 30])
def test_without_the_legs_it_asks_for_them_and_then_says_nothing_of_them(
    filmed: Filmed, cropped: Callable[[str], Path], hz: int
) -> None:
    page = filmed("standing_side_bend", cropped("side_bend__knee_bend"))
    followed(page, hz)
    says(page, "I see you down to your hips: step back half a metre")
    was_shown(page, "now => now.bad.includes('near')")
    page.get_by_role("button", name="No room: go on like this").click()
    stage(page, "moving")
    for side in ("left", "right"):
        counted(page, 1, side)
    page.get_by_role("button", name="Finish").click()
    results(page, "Standing side bend")
    assert not told(page) & OF_THE_LEGS
    expect(page.get_by_text(f"{counted_last(page)} repetitions counted")).to_be_visible()
    page.get_by_text("Could not be judged:").first.wait_for()
    expect(page.get_by_text("was outside the picture").first).to_be_visible()
    expect(page.locator('[data-measure="trunk_lateral_flexion"] [data-side="left"]')).not_to_be_empty()


def test_who_has_no_room_need_not_come_to_the_computer(filmed: Filmed, tmp_path: Path) -> None:
    picture = first_picture("side_bend__good")
    upper = picture[: int(NO_LEGS * len(picture))]
    page = filmed("standing_side_bend", still_film(tmp_path / "upper.mjpeg", np.ascontiguousarray(upper)))
    begin(page)
    stage(page, "setup")
    says(page, "I see you down to your hips")
    stage(page, "countdown")  # by itself


@pytest.mark.parametrize("hz", [2, 5, 10, 30])
def test_well_done_is_said_of_what_the_result_has(filmed: Filmed, film: Callable[[str], Path], hz: int) -> None:
    page = filmed("standing_side_bend", film("side_bend__good"))
    followed(page, hz)
    if hz < 4:
        was_shown(page, "now => now.told.includes('Too few pictures')")
        stage(page, "moving")
        page.wait_for_timeout(25_000)  # more than the whole clip
        kept = page.evaluate("globalThis.kept")
        assert all(set(a["counts"].values()) <= {0} for a in kept)
        assert not told(page)
        page.get_by_role("button", name="Finish").click()
        page.get_by_role("heading", level=1, name="Standing side bend").wait_for(timeout=RESULT_MS)
        callout = page.locator(".bc-callout")
        expect(callout).to_contain_text("too few pictures came")
        expect(callout).to_contain_text("This computer was too slow")
        expect(callout).not_to_contain_text("Face the camera")
        return
    stage(page, "done")
    says(page, "Well done.")
    page.wait_for_function("globalThis.kept.at(-1).well")
    results(page, "Standing side bend")
    expect(page.get_by_text(f"{counted_last(page)} repetitions counted")).to_be_visible()
    expect(page.get_by_role("heading", name="Not measured")).to_have_count(0)


def test_a_camera_of_854_by_480(filmed: Filmed, tmp_path: Path) -> None:
    """A width at which rows of the mask are padded."""
    write_mjpeg(find_clip("side_bend__good"), tmp_path / "wide.mjpeg", lead_s=1.0, width=854, height=480)
    page = filmed("standing_side_bend", tmp_path / "wide.mjpeg")
    page.add_init_script("""
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = ({ audio }) => ask({ audio, video: { width: 854, height: 480 } });
    """)
    page.reload()
    begin(page)
    linked(page)
    of_session(page, "rate.easeOff = () => undefined")
    of_session(page, "frames.longest = 854")  # as it comes, unscaled
    counted(page, 1, "left")
    size = page.locator(".bcl").evaluate("({backcheck: {frames}}) => [frames.canvas.width, frames.canvas.height]")
    assert size == [854, 480]
    page.get_by_role("button", name="Finish").click()
    results(page, "Standing side bend")
    page.get_by_text(re.compile(r"\d repetitions? counted")).wait_for()
