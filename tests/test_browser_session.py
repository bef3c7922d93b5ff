"""A physio's look at a session in a real browser: one view, hands on the curve, corrections, why a number, blind."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from app_server import App, free_port, running_app
from lists import choose_from
from page_quality import must_be_open_to_all, must_hold_at_twice_the_size
from playwright.sync_api import Page, expect
from profiles import Profiles
from pypdf import PdfReader
from runs import settled
from synthetic_analysis import write_clip
from test_review import BEND, machine
from waiting import RESULT_MS

from checker.care.rules import load_rules
from checker.service import everybody
from checker.service import weeks as service
from checker.service.weeks import Weeks
from checker.ui import player

PLAYER = Path(player.__file__).parent

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A server with somebody of whom three sessions with their videos are kept, and an earlier one without."""
    folder = tmp_path_factory.mktemp("session")
    clip = write_clip(folder / "clip.mp4", machine())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", str(folder / "people"))
        service.store.cache_clear()
        weeks = Weeks(everybody.add_person("Ann").id)
        weeks.answer_questions({q.id: "no" for q in load_rules().safety.questions if q.asked}, "first")
        for video in (None, clip, clip, clip):
            weeks.begin(BEND, "upload").end(machine(), video=video)
        service.store().close()
        service.store.cache_clear()
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def listed(profiles: Profiles, app: App) -> Iterator[Callable[..., Page]]:
    """Opens the list of sessions in a context of its own."""
    stack = ExitStack()

    def open_at(width: int = 1366, height: int = 768, touch: bool = False) -> Page:
        page = stack.enter_context(profiles.visitor((width, height), touch=touch))
        page.goto(f"{app.url}/session")
        page.get_by_role("heading", name="Review a session").wait_for()
        return page

    with stack:
        yield open_at


def open_session(page: Page, n: int) -> None:
    page.get_by_role("button", name="Standing side bend").nth(n).click()
    page.get_by_role("heading", level=1, name="Standing side bend").wait_for()
    page.locator(".bcp[data-drawn=yes]").wait_for()


def name_oneself(page: Page) -> None:
    page.get_by_label("Your name").fill("Pat Physio")
    page.get_by_label("Your name").press("Enter")
    settled(page)


def stored(app: App) -> list[str]:
    """The machine's results, letter by letter."""
    [file] = Path(app.folders).rglob("backcheck.db")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT result FROM assessments ORDER BY number")]


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (820, 1180), (390, 844)])
def test_the_page_is_open_to_all_and_on_a_laptop_in_one_view(
    listed: Callable[..., Page], width: int, height: int
) -> None:
    page = listed(width, height)
    open_session(page, 2)
    page.locator(".st-key-rv-list button").first.click()
    expect(page.get_by_label("End, s")).to_be_visible()
    must_be_open_to_all(page)
    expect(page.locator(".st-key-rv-title")).to_contain_text(re.compile(r"Ann · \d+ \w+ \d{4}, \d\d:\d\d"))
    title, told = (page.locator(f".st-key-rv-title {part}").bounding_box() for part in ("h1", "p"))
    assert title is not None
    assert told is not None
    assert title["y"] + title["height"] <= told["y"] + 1, "neither lies over the other"
    if width == 1366:
        for part in ("video", ".bcp-plot", ".st-key-rv-list", ".st-key-rv-acts", ".bcp-set"):
            box = page.locator(part).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height, part
        must_hold_at_twice_the_size(page)


def test_a_bound_is_dragged_and_what_follows_is_shown_beside_the_machines(
    listed: Callable[..., Page], app: App
) -> None:
    page, before = listed(), stored(app)
    open_session(page, 2)
    page.get_by_role("button", name="Delete").wait_for(state="hidden")
    row = page.locator(".st-key-rv-list button", has_text="3 · Left")
    row.click()
    expect(page.locator(".bcp-time")).to_have_text("12.30 s")
    end, handle = page.get_by_label("End, s"), page.locator(".bcp-handle[data-what=end]")
    expect(end).to_have_value("14.10")
    box, plot = handle.bounding_box(), page.locator(".bcp-plot").bounding_box()
    assert box is not None
    assert plot is not None
    x, y, to_x = box["x"] + 9, box["y"] + 40, box["x"] + 9 - 0.14 * plot["width"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, y, steps=3)
    page.mouse.up()
    expect(end).not_to_have_value("14.10")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("alert")).to_contain_text("Type your name first")
    name_oneself(page)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("Corrected by Pat Physio on")).to_be_visible()
    expect(page.get_by_text("the machine: 26° ±4°")).to_be_visible()
    assert stored(app) == before, "the machine's results stay letter by letter"
    page.get_by_role("tab", name="Corrections").click()
    expect(page.get_by_text("the machine: left, 32° ±4°")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing was corrected.")).to_be_visible()
    expect(page.get_by_text("the machine: 26° ±4°")).to_have_count(0)


def test_a_joint_is_set_by_a_click_and_a_fault_is_confirmed(listed: Callable[..., Page]) -> None:
    page = listed()
    open_session(page, 1)
    name_oneself(page)
    page.get_by_role("tab", name="Faults").click()
    page.locator(".st-key-rv-faults").get_by_role("button", name="There", exact=True).first.click()
    expect(page.get_by_text("1 correction.")).to_be_visible()
    page.get_by_role("tab", name="Recording").click()
    choose_from(page, "Set a joint by hand", "Left wrist")
    expect(page.locator(".bcp-point")).to_have_text("Click on the left wrist")
    page.locator(".bcp-point").click(position={"x": 120, "y": 200})
    expect(page.get_by_text("2 corrections.")).to_be_visible()
    page.get_by_role("tab", name="Corrections").click()
    expect(page.get_by_text("The left wrist set by hand at")).to_be_visible()
    expect(page.get_by_text("Seen: knees bending")).to_be_visible()


def test_the_player_goes_to_the_picture_that_a_told_moment_was_rounded_from(listed: Callable[..., Page]) -> None:
    page = listed()
    page.goto("about:blank")  # no page of the app: its policy takes no script of a test
    page.set_content((PLAYER / "player.html").read_text())
    script = "".join((PLAYER / name).read_text() for name in ("plane.js", "draw.js", "measure.js", "player.js"))
    page.add_script_tag(content=f"{script}\nwindow.Player = Player;", type="module")
    page.wait_for_function("!!window.Player")
    reached = page.evaluate(
        """(told) => {
          const player = new window.Player(document.querySelector(".bcp"));
          player.data = { times: [3.0667, 3.1333, 3.2], rounding_s: 0.0051 };
          return told.map((time) => { player.seek(time); return player.shownTime(); });
        }""",
        [3.13, 3.1333, 3.07, 3.12, 3.14, 3.2],
    )
    assert reached == [3.1333, 3.1333, 3.0667, 3.0667, 3.1333, 3.2]


def test_one_is_added_where_the_video_stands(listed: Callable[..., Page]) -> None:
    page = listed()
    open_session(page, 2)
    page.locator(".st-key-rv-list button", has_text="2 · Right").click()
    expect(page.locator(".bcp-time")).to_have_text("7.80 s")
    name_oneself(page)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Add a repetition").click()
    expect(page.get_by_label("Start, s")).to_have_value("6.00")
    expect(page.get_by_label("End, s")).to_have_value("9.60")
    page.get_by_role("tab", name="Corrections").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing was corrected.")).to_be_visible()


def test_a_number_says_why(listed: Callable[..., Page]) -> None:
    page = listed()
    open_session(page, 2)
    page.get_by_role("button", name="Side bend, right: 26°").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img")).to_have_count(2)
    expect(dialog).to_contain_text("The median over 2 repetitions, right.")
    expect(dialog).to_contain_text("how exactly it is read from the pictures")
    expect(dialog).to_contain_text("It was read in 100% of the pictures")


def test_a_blind_look_shows_nothing_of_the_machines_before_it_is_kept(listed: Callable[..., Page]) -> None:
    page = listed()
    page.get_by_text("Blind first look").click()
    settled(page)
    open_session(page, 0)
    expect(page.get_by_text("Judge by the video alone.")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("26°")
    expect(page.locator("body")).not_to_contain_text("not measured here")
    must_be_open_to_all(page)
    name_oneself(page)
    page.get_by_label("Repetitions, left").fill("3")
    page.get_by_role("radiogroup", name="Knees bending").get_by_text("Not there").click()
    page.get_by_role("button", name="Keep my judgement").click()
    expect(page.get_by_role("button", name="Side bend, left: 26°")).to_be_visible()
    page.get_by_role("tab", name="Corrections").click()
    expect(page.get_by_text("Own reading of repetitions, left: 3.")).to_be_visible()
    expect(page.get_by_text(", blind")).to_have_count(2)
    page.get_by_role("tab", name="Recording").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Judgements (CSV)").click()
    text = Path(saved.value.path()).read_text()
    assert "fault,knee_bend,,absent,absent,yes," in text
    assert "measure,repetitions/left,count,2,3,yes," in text


def test_what_was_just_measured_is_reviewed_and_belongs_to_nobody(listed: Callable[..., Page], app: App) -> None:
    page = listed()
    page.goto(f"{app.url}/movement?movement=standing_side_bend")
    page.get_by_role("button", name="Try it on").first.click()
    page.get_by_role("link", name="Review and correct").click(timeout=RESULT_MS)
    page.locator(".bcp[data-drawn=yes]").wait_for()
    name_oneself(page)
    page.locator(".st-key-rv-list button").first.click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Corrected by Pat Physio on")).to_be_visible()
    page.get_by_role("tab", name="Recording").click()
    expect(page.get_by_text("This recording belongs to nobody here")).to_be_visible()
    expect(page.locator(".bcp video")).to_have_attribute("src", re.compile("^/results/"))
    page.get_by_role("tab", name="By hand").click()
    page.get_by_text("Show the video without the machine's lines").click()
    expect(page.locator(".bcp video")).to_have_attribute("src", re.compile("^/reviews/"))


# --- measuring by hand ----------------------------------------------------------------------------


def in_picture(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the picture, in its own pixels, lies on the screen."""
    box = page.locator(".bcp video").bounding_box()
    assert box is not None
    width, height = machine().track.width, machine().track.height
    scale = min(box["width"] / width, box["height"] / height)
    return (
        box["x"] + (box["width"] - width * scale) / 2 + x * scale,
        box["y"] + (box["height"] - height * scale) / 2 + y * scale,
    )


ROWS = "[class*=st-key-rv-hand-]:not([class*=see])"
"""Of what was measured by hand."""


def reading(page: Page) -> str:
    return page.locator(".bcm-reading").inner_text()


def test_an_angle_is_measured_by_keys_and_a_line_by_the_mouse(listed: Callable[..., Page]) -> None:
    page = listed()
    open_session(page, 1)
    name_oneself(page)
    page.locator(".st-key-rv-list button", has_text="3 · Left").click()
    expect(page.locator(".bcp-time")).to_have_text("12.30 s")
    page.get_by_role("button", name="Measure by hand").press("Enter")
    expect(page.get_by_role("button", name="Point 1 of 3: not placed yet")).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Point 1 of 3: 170 across, 202 down")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Point 2 of 3: not placed yet")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Point 3 of 3: not placed yet")).to_be_focused()
    expect(page.locator(".bcm-reading")).to_have_text("Place the other end")
    page.keyboard.press("Shift+ArrowLeft")
    angle = reading(page)
    assert "°" in angle
    must_be_open_to_all(page)
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="By hand").click()
    rows = page.locator(ROWS)
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(f"Angle: {angle} · 12.27 s")  # the hand read what is kept

    page.get_by_role("button", name="Line", exact=True).click()
    page.mouse.click(*in_picture(page, 300, 200))
    page.mouse.click(*in_picture(page, 240, 350))
    page.mouse.move(*in_picture(page, 300, 200))
    page.mouse.down()
    page.mouse.move(*in_picture(page, 240, 250), steps=3)
    page.mouse.up()
    line = reading(page)
    assert line == "100 px ±3 px"
    page.get_by_label("Its known length").fill("50")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text(f"Line: {line}")
    expect(rows.nth(1)).to_contain_text("known to be 50 cm")
    must_be_open_to_all(page)

    kept_is_there_again(page, angle, line)


def kept_is_there_again(page: Page, angle: str, line: str) -> None:
    """What was measured is there after a reload, shows its picture, is taken back, and goes into the report."""
    rows = page.locator(ROWS)
    page.reload()
    page.locator(".bcp[data-drawn=yes]").wait_for()
    page.get_by_role("tab", name="By hand").click()
    expect(rows).to_have_count(2)
    rows.first.get_by_role("button", name="Show").click()
    expect(page.locator(".bcp-time")).to_have_text("12.27 s")
    expect(page.locator(".bcm-picture text")).to_have_text([angle, line])
    name_oneself(page)
    rows.first.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(1)
    expect(page.locator(".bcm-picture text")).to_have_text([line])
    page.get_by_role("tab", name="Recording").click()
    page.get_by_role("button", name="Make it").click()
    save = page.get_by_role("button", name="Save it")
    save.wait_for(timeout=RESULT_MS)
    with page.expect_download() as saved:
        save.click()
    assert line in " ".join(one.extract_text() for one in PdfReader(saved.value.path()).pages)


def test_on_a_phone_points_are_placed_by_touch_and_in_single_steps(listed: Callable[..., Page]) -> None:
    page = listed(390, 844, touch=True)
    open_session(page, 2)
    page.get_by_role("button", name="Measure by hand").tap()
    page.get_by_role("button", name="Angle to the vertical").tap()
    page.locator(".bcm-layer").scroll_into_view_if_needed()
    for x, y in ((240, 350), (240, 250)):
        page.touchscreen.tap(*in_picture(page, x, y))
    expect(page.locator(".bcm-loupe")).to_be_visible()
    point = page.get_by_role("button", name="Point 2 of 2")
    before = point.get_attribute("aria-label") or ""
    page.get_by_role("button", name="Right", exact=True).tap()
    x = int(before.split(":")[1].split()[0])
    expect(point).to_have_attribute("aria-label", before.replace(f": {x} ", f": {x + 1} "))
    must_be_open_to_all(page)
    page.get_by_role("button", name="Keep", exact=True).tap()
    expect(page.locator(".bcm-problem")).to_have_text("Type your name first: it is kept with each correction.")
    expect(point).to_have_attribute("aria-label", before.replace(f": {x} ", f": {x + 1} "))  # nothing is lost by it


def test_without_a_video_there_is_no_picture_to_measure_on(listed: Callable[..., Page]) -> None:
    page = listed()
    page.get_by_role("button", name="Standing side bend").nth(3).click()
    page.get_by_role("heading", level=1, name="Standing side bend").wait_for()
    page.get_by_role("tab", name="By hand").click()
    expect(page.get_by_text("so there is no picture to measure on")).to_be_visible()
    expect(page.get_by_role("button", name="Measure by hand")).to_have_count(0)
