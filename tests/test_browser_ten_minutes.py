"""A physio's ten minutes as one walk in a real browser, on PostgreSQL, without leaving the app.

Five videos come in; who needs the physio first is seen with the reason; the worst repetition is looked at, a number is
doubted, seen through and corrected; today is compared with last time; a limit is set, a note written; and the physio
leaves with a PDF and a FHIR bundle.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import postgres_server
import pytest
from app_server import App, begin_app, free_port, wait_until_up
from conftest import SAMPLES
from lists import choose_from
from playwright.sync_api import Locator, Page, ViewportSize, expect
from profiles import Profiles
from pypdf import PdfReader
from recordings import analysis_of
from runs import settled
from seeded_people import Seeded
from test_browser_clinic import choose
from waiting import RESULT_MS

from checker.fhir import assessment_of, read_bundle
from checker.library import find_exercise
from checker.service.weeks import Weeks

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

FILMS: Final = {
    "side_bend__good__anna": "Standing side bend",
    "bridge__good__anna": "Bridge",
    "hip_hinge__rounded__anna": "Standing hip hinge",
    "seated_twist__good__ben": "Seated twist",
    "seated_forward_lean__slow_return__dayo": "Seated forward lean",
}
"""Files, and what they show."""

BEND: Final = next(iter(FILMS))

LAPTOP: Final[ViewportSize] = {"width": 1366, "height": 768}
TALL: Final[ViewportSize] = {"width": 1366, "height": 1900}
"""A page that is scrolled closes its open list, and a browser that is driven scrolls as it clicks: here none must."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Three patients on PostgreSQL: one in much pain; Anna bent sideways some days ago."""
    folder = tmp_path_factory.mktemp("ten")
    with postgres_server.running() as server, pytest.MonkeyPatch.context() as patch:
        url = postgres_server.new_database(server)
        patch.setenv("BACKCHECK_DATABASE", url)
        with Seeded(folder) as seeded:
            anna = seeded.somebody("Anna")
            Weeks(seeded.somebody("Ben")).check_in("daily", pain=8)
            seeded.somebody("Dayo")
            days_ago = datetime.now(UTC) - timedelta(days=4)
            before = analysis_of(SAMPLES / f"{BEND}.mp4", "standing_side_bend")
            Weeks(anna, now=lambda: days_ago).begin(find_exercise("standing_side_bend"), "upload").end(before)
        process, running = begin_app(folder, free_port(), env={"BACKCHECK_DATABASE": url})
        try:
            wait_until_up(running, process)
            yield running
        finally:
            process.terminate()
            process.wait(30)


@dataclass
class Waiting:
    """How long the physio waited for machines."""

    for_s: float = 0.0
    begun_s: float = field(default=0.0)

    def __enter__(self) -> None:
        self.begun_s = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self.for_s += time.monotonic() - self.begun_s


@pytest.fixture
def page(profiles: Profiles, app: App) -> Iterator[Page]:
    errors: list[str] = []
    with profiles.visitor() as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{app.url}/tray")
        page.get_by_role("heading", level=1, name="Several videos").wait_for()
        yield page
    assert errors == []


def test_a_physios_ten_minutes(page: Page, tmp_path: Path) -> None:
    waiting = Waiting()
    bring_in(page, waiting)
    who_needs_me_first(page)
    doubt_and_correct(page)
    compare_with_last_time(page)
    page.go_back()
    page.get_by_role("tab", name="Repetitions").wait_for()
    set_a_limit_and_write(page)
    page.go_back()
    page.get_by_role("tab", name="Repetitions").wait_for()
    leave_with_reports(page, waiting, tmp_path)
    print(f"waited for machines: {waiting.for_s:.0f} s")


def pick(row: Locator, label: str, option: str) -> None:
    """Choose from a list of a row, where it does not stand there already."""
    box = row.get_by_role("combobox", name=label)
    if box.input_value() != option:
        choose_from(row, label, option, exact=True)
        expect(box).to_have_value(option)


def bring_in(page: Page, waiting: Waiting) -> None:
    """Five videos at once: each movement is guessed or chosen, each is given to a patient and measured."""
    page.locator("input[type=file]").set_input_files([SAMPLES / f"{name}.mp4" for name in FILMS])
    page.get_by_role("button", name="Look at them").click()
    rows = page.locator("[class*='st-key-tray-row-']")
    page.set_viewport_size(TALL)
    with waiting:
        expect(rows.get_by_role("combobox", name="Movement")).to_have_count(len(FILMS), timeout=len(FILMS) * RESULT_MS)
        settled(page)
    expect(rows.get_by_text("It looks like").first).to_be_visible()
    for name, movement in FILMS.items():
        row = rows.filter(has_text=name)
        pick(row, "Movement", movement)
        pick(row, "Whose", name.rsplit("__", 1)[1].title())
    page.get_by_role("button", name="Measure them").click()
    page.set_viewport_size(LAPTOP)
    with waiting:
        expect(rows.get_by_text("Kept among the sessions.")).to_have_count(len(FILMS), timeout=len(FILMS) * RESULT_MS)


def who_needs_me_first(page: Page) -> None:
    page.get_by_role("link", name="Upload and review").click()
    page.get_by_role("link", name="the desk").click()
    page.get_by_role("heading", level=1, name="Desk").wait_for()
    first = page.locator(".bc-desk-line").first
    expect(first.get_by_role("heading", name="Ben")).to_be_visible()
    expect(first).to_contain_text("Pain 8 of 10")


def doubt_and_correct(page: Page) -> None:
    """Of Anna's bend of today the worst repetition, the number that is doubted, and what follows from a correction."""
    page.get_by_role("link", name="Upload and review").click()
    page.get_by_role("link", name="Several videos at once").click()
    row = page.locator("[class*='st-key-tray-row-']").filter(has_text=BEND)
    row.get_by_role("button", name="See the result").click()
    page.get_by_role("link", name="Review and correct").click()
    page.locator(".bcp[data-drawn=yes]").wait_for()
    page.get_by_label("Your name").fill("Pat Physio")
    page.get_by_label("Your name").press("Enter")
    settled(page)
    worst = page.locator(".st-key-rv-list button").first
    worst.click()
    expect(page.locator(".bcp-time")).not_to_have_text("0.00 s")

    number = page.get_by_role("button", name="Side bend, left:")
    before = number.inner_text()
    number.click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_have_count(2)
    expect(page.get_by_role("dialog")).to_contain_text("The median over")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")

    page.locator(".st-key-rv-list button", has_text="Left").first.click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Corrected by Pat Physio on")).to_be_visible()
    expect(page.get_by_text("the machine:").first).to_be_visible()
    assert before


def compare_with_last_time(page: Page) -> None:
    page.get_by_role("link", name="Compare with another").click()
    page.get_by_role("heading", level=1, name="Compare").wait_for()
    page.locator(".bcm[data-drawn]").wait_for()
    settled(page)
    expect(page.locator(".bc-compared")).to_contain_text("cannot be told from chance")
    expect(page.get_by_test_id("stMain")).to_contain_text("orrected by Pat Physio")


def set_a_limit_and_write(page: Page) -> None:
    page.get_by_role("link", name="For this patient").click()
    page.get_by_role("heading", level=1, name="For this patient").wait_for()
    choose(page, "What?", "A limit")
    choose(page, "Which movement?", "Standing side bend")
    page.get_by_role("spinbutton", name="Limit, left").fill("30")
    page.get_by_role("textbox", name="Why? The patient may read it.").fill("The disc is sore.")
    page.get_by_role("button", name="Set it for this patient").click()
    card = page.locator("[class*=st-key-set-]").filter(has_text="Standing side bend: no further than 30° left")
    expect(card).to_contain_text("Pat Physio")
    page.get_by_role("textbox", name="It stands on their page Today.").fill("Well done, Anna.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("b", has_text="A message, until it is read")).to_be_visible()


def leave_with_reports(page: Page, waiting: Waiting, folder: Path) -> None:
    """What is taken along says what was corrected, by whom, and what the machine had found."""
    page.get_by_role("tab", name="Recording").click()
    files = {}
    for kind, name in (("PDF", "report.pdf"), ("FHIR bundle, with what was corrected", "fhir.json")):
        choose(page, "Report, as corrected", kind)
        settled(page)
        page.get_by_role("button", name="Make it").click()
        with waiting:
            page.get_by_role("button", name="Save it").wait_for()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save it").click()
        files[name] = folder / name
        saved.value.save_as(files[name])
    text = " ".join(p.extract_text() for p in PdfReader(files["report.pdf"]).pages)
    assert "Corrected by Pat Physio" in " ".join(text.split())
    bundle = read_bundle(files["fhir.json"])
    assert assessment_of(bundle).exercise.id == "standing_side_bend"
    names = [e["resource"]["name"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Practitioner"]
    assert names == [[{"text": "Pat Physio"}]]
