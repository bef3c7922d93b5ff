"""The library in a real browser: finding a movement, doing it with the timer, changing a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from conftest import until
from folds import unfold
from lists import choose_from
from playwright.sync_api import Locator, Page, expect
from waiting import RESULT_MS

from checker.exercise import Exercise
from checker.library import find_exercise, list_exercises

if TYPE_CHECKING:
    from app_server import App

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


def choose(page: Page, field: str, option: str) -> None:
    """Choose in one of the lists to choose from."""
    choose_from(page, field, option)


def named(page: Page, name: str) -> None:
    """Wait for the page with this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def shown(page: Page, movements: list[Exercise]) -> None:
    """Wait until exactly these movements are shown."""
    words = f"{len(movements)} movement{'' if len(movements) == 1 else 's'}"
    expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.locator("[class*=st-key-card-]")).to_have_count(len(movements))


def test_filters_narrow_the_library_and_outlast_a_visit(open_page: OpenPage) -> None:
    page = open_page("movements")
    everything = list_exercises()
    shown(page, everything)

    choose(page, "Position", "Lying on the back")
    lying = [e for e in everything if e.position == "lying_on_back"]
    shown(page, lying)
    choose(page, "Phase", "4: stability")
    stable = [e for e in lying if 4 in e.phases]
    assert 0 < len(stable) < len(lying)
    shown(page, stable)

    page.get_by_role("link", name="Bridge", exact=True).click()
    named(page, "Bridge")
    expect(page).to_have_url(re.compile(r"/movement\?movement=bridge$"))
    page.go_back()
    shown(page, stable)

    page.get_by_role("searchbox", name="Search").fill("no such thing")
    expect(page.get_by_text("No movement fits all of this.")).to_be_visible()
    page.get_by_role("button", name="Clear all filters").click()
    shown(page, everything)

    page.get_by_role("button", name="Guided").click()
    shown(page, [e for e in everything if e.kind == "guided"])
    choose(page, "What I have", "Nothing")
    shown(page, [e for e in everything if e.kind == "guided" and not e.equipment])


def test_a_movement_tells_how_it_is_judged(open_page: OpenPage) -> None:
    page = open_page("movement?movement=bridge")
    bridge = find_exercise("bridge")
    named(page, bridge.name)
    expect(page.get_by_role("img", name=re.compile("Bridge: start and end position"))).to_be_visible()
    page.get_by_role("row").filter(has_text="Hips below the line").wait_for()
    told = [bridge.why, *bridge.steps, *bridge.camera, *bridge.cautions, *bridge.stop, *bridge.equipment]
    for words in [*told, *(rule.name for rule in [*bridge.measures, *bridge.faults])]:
        expect(page.locator("body")).to_contain_text(words, use_inner_text=True)
    row = page.get_by_role("row").filter(has_text="Hips below the line")
    expect(row).to_contain_text("20 degrees")
    expect(row).to_contain_text("Clinical judgement")
    expect(page.get_by_role("button", name="Measure your own video")).to_be_visible()
    page.get_by_role("button", name="Do it with the camera").click()
    expect(page.get_by_role("combobox", name="Movement")).to_have_value(re.compile("^Bridge"))
    expect(page.get_by_role("button", name="Open the camera")).to_be_visible()


def test_what_to_leave_while_it_hurts_is_never_something_to_start(open_page: OpenPage) -> None:
    page = open_page("movement?movement=toe_touch")
    toe_touch = find_exercise("toe_touch")
    named(page, toe_touch.name)
    expect(page.get_by_role("heading", name="Leave this one while it hurts")).to_be_visible()
    assert page.get_by_role("button", name="Measure your own video").count() == 0
    assert page.get_by_role("link", name=re.compile("Start|timer")).count() == 0
    instead = find_exercise(toe_touch.instead[0])
    page.get_by_role("button", name=instead.name).click()
    named(page, instead.name)
    page.go_back()
    named(page, toe_touch.name)

    page.goto(page.url.replace("/movement?", "/timer?"))
    expect(page.get_by_role("alert")).to_contain_text("There is no such movement to do here.")
    page.get_by_role("link", name="Upload and review").click()
    page.get_by_role("combobox", name="Movement").fill(toe_touch.name)
    expect(page.get_by_role("option", name=toe_touch.name)).to_have_count(0)


def test_the_timer_runs_without_the_server_and_pain_is_answered(open_page: OpenPage) -> None:
    page = open_page("timer?movement=ball_drape", first=True)
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(socket.url)))
    page.on("request", lambda request: sent.append(request.url))
    page.reload()
    expect(page.get_by_text("Nothing is measured here.")).to_be_visible()
    before = page.locator(".st-key-pain-before-ball_drape")
    before.get_by_role("radio", name="0", exact=True).focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("Pain 4 of 10: go easy")).to_be_visible()
    stop_the_clock(page)

    digits, done = page.locator(".bct-digits"), page.locator(".bct-round")
    expect(digits).to_have_text("10")
    page.get_by_role("button", name="Longer").click()
    expect(digits).to_have_text("15")
    page.get_by_role("button", name="Shorter").click()
    height_px = digits.bounding_box()
    assert height_px is not None
    assert height_px["height"] > 120, "it is read from three metres"
    sent.clear()
    page.get_by_role("button", name="Start").click()
    page.clock.fast_forward(4300)
    page.get_by_role("button", name="Pause").click()
    expect(digits).to_have_text("6")
    page.clock.fast_forward(5000)
    expect(digits).to_have_text("6")
    page.get_by_role("button", name="Go on").click()
    page.clock.fast_forward(6000)
    expect(done).to_contain_text("1 of 2 done")
    page.get_by_role("button", name="Next").click()
    page.clock.fast_forward(10_100)
    expect(done).to_have_text("Done: all 2")
    page.get_by_role("button", name="Reset").click()
    expect(digits).to_have_text("10")
    assert sent == []
    page.clock.resume()

    after = page.locator(".st-key-pain-after-ball_drape")
    after.get_by_role("radio", name="3", exact=True).click()
    expect(page.get_by_text("Pain 4 before, 3 after")).to_be_visible()
    after.get_by_role("radio", name="7", exact=True).click()
    expect(page.get_by_text("Stop here for today.")).to_be_visible()
    expect(page.get_by_text("is not stored")).to_be_visible()


def test_the_pacer_breathes_and_keeps_still_where_motion_is_unwanted(open_page: OpenPage) -> None:
    page = open_page("timer?movement=breathing", reduced_motion=True, first=True)
    step, shape = page.locator(".bct-step"), page.locator(".bct-shape")
    stop_the_clock(page)
    page.get_by_role("button", name="Start").click()
    expect(step).to_have_text("Breathe in")
    first = shape.get_attribute("style")
    page.clock.fast_forward(700)
    assert shape.get_attribute("style") == first
    page.emulate_media(reduced_motion="no-preference")
    page.clock.fast_forward(200)
    earlier = scale(shape)
    page.clock.fast_forward(2000)
    assert scale(shape) > earlier + 0.1
    page.clock.fast_forward(2300)
    expect(step).to_have_text("Pause")
    page.clock.fast_forward(1000)
    expect(step).to_have_text("Breathe out")
    earlier = scale(shape)
    page.clock.fast_forward(2000)
    assert scale(shape) < earlier - 0.1
    page.clock.fast_forward(1500)
    expect(page.locator(".bct-round")).to_have_text("2 of 10")


def stop_the_clock(page: Page) -> None:
    """From now on time passes in the page only where the test says so, however slow the machine is."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


def scale(shape: Locator) -> float:
    """How large the breathing shape is, as a share of its largest."""
    found = re.search(r"scale\(([\d.]+)\)", shape.get_attribute("style") or "")
    assert found
    return float(found[1])


def test_a_number_is_changed_on_this_computer_and_back(open_page: OpenPage, app: App) -> None:
    page = open_page("movement?movement=squat")
    unfold(page, "Change a number for everybody")
    field = page.get_by_role("spinbutton", name="Smallest movement that counts")
    field.fill("35")
    page.get_by_label("Your name").fill("Ben Okafor")
    page.get_by_role("button", name="Save for everybody").click()
    changes = page.get_by_role("row").filter(has_text="Smallest movement that counts")
    expect(changes).to_contain_text("35 degrees")
    expect(changes).to_contain_text("Ben Okafor")
    until((app.own / "squat.toml").exists)
    text = (app.own / "squat.toml").read_text(encoding="utf-8")
    assert "min_excursion = 35.0" in text
    assert "set by physio" in text

    page.get_by_role("link", name="All movements").click()
    expect(page.locator(".st-key-card-squat")).to_contain_text("changed on this computer")
    page.get_by_role("link", name="Squat", exact=True).click()
    page.get_by_role("button", name="Go back to the shipped movement").click()
    page.get_by_role("button", name="Delete my changes").click()
    expect(page.get_by_text("Your changes are deleted.")).to_be_visible()
    assert not (app.own / "squat.toml").exists()


def test_a_broken_file_of_ones_own_is_one_line_and_not_a_crash(open_page: OpenPage, app: App) -> None:
    broken = app.own / "my_lift.toml"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text('id = "my_lift"\nname = "My lift\n', encoding="utf-8")
    try:
        page = open_page("movements")
        alert = page.get_by_role("alert").filter(has_text="could not be read")
        expect(alert.get_by_role("listitem")).to_have_count(1)
        expect(alert).to_contain_text("my_lift.toml:2")
        expect(page.get_by_role("link", name="Bridge", exact=True)).to_be_visible()
    finally:
        broken.unlink()


def test_a_movement_is_tried_on_a_sample(open_page: OpenPage) -> None:
    page = open_page("movement?movement=knee_to_chest")
    page.get_by_role("button", name=re.compile("Try it on sample 1")).click()
    page.locator(".bcp[data-drawn]").wait_for(timeout=RESULT_MS)
    named(page, "Knee to chest")
    page.get_by_role("link", name="Movements").click()
    page.get_by_role("link", name="Bridge", exact=True).click()
    page.get_by_role("button", name="Measure your own video").click()
    named(page, "Measure a movement")
    expect(page.get_by_alt_text(re.compile("Bridge: start and end position"))).to_be_visible()
    page.get_by_role("button", name="Back to them").click()
    named(page, "Knee to chest")


@pytest.mark.parametrize("path", ["movements", "movement?movement=bridge", "timer?movement=breathing", "review"])
def test_a_tablet_shows_the_whole_width(open_page: OpenPage, path: str) -> None:
    page = open_page(path, width=820)
    page.locator("img[alt*=position]").first.wait_for()
    page.wait_for_timeout(300)
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth")
