"""A physio on a computer without logins sets something for one patient, from the desk and from a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from app_server import App, free_port, running_app
from folds import unfold
from page_quality import must_be_open_to_all
from playwright.sync_api import Page, expect
from profiles import Profiles
from runs import settled
from seeded_people import Seeded
from test_browser_clinic import choose
from test_review import BEND, machine
from visitor import GO

from checker.service.weeks import Weeks

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

DIAL = """
  async () => {
    const { Dial } = await import("/live/js/dial.js");
    const shown = (own) => {
      const { element, gauge } = new Dial("Left", { unit: "deg", smallest: 8, ...own });
      gauge.show(22, 26, null);
      return ["limit", "band-of-best"].map((name) => element.querySelector(`.bcl-${name}`));
    };
    const [[none, best], [limit, target]] = [shown({}), shown({ target: 20, limit: 30 })];
    return [limit.getAttribute("x1"), none.hasAttribute("hidden") && best.outerHTML !== target.outerHTML];
  }
"""
"""The dial of the camera page with and without what a physio has set."""

SIZES = ((1366, 768), (820, 1180), (390, 844))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Two patients at the same step; of Anna a session is kept."""
    folder = tmp_path_factory.mktemp("for_patient")
    with Seeded(folder) as seeded:
        anna = Weeks(seeded.somebody("Anna"))
        seeded.somebody("Ben")
        anna.begin(BEND, "upload").end(machine())
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture
def page(profiles: Profiles, app: App) -> Iterator[Page]:
    with profiles.visitor() as page:
        page.goto(f"{app.url}/desk")
        page.get_by_role("heading", level=1, name="Desk").wait_for()
        yield page


def be(page: Page, app: App, name: str) -> None:
    """Be somebody, on Today."""
    page.goto(app.url)
    page.get_by_role("button", name=name, exact=True).click()
    page.locator(".st-key-who").get_by_text(name, exact=True).wait_for()
    settled(page)


def go(page: Page, path: str) -> None:
    """Go to a page as the browser's own way back does: whoever was chosen stays chosen."""
    page.evaluate(GO, path)


def set_limit(page: Page, app: App) -> None:
    """From the desk: a limit of the side bend, which is first refused in a line beside the form."""
    page.get_by_text("with routine or nothing new").click()
    page.get_by_role("button", name="Set for Anna").click()
    page.get_by_role("heading", level=1, name="For this patient").wait_for()
    choose(page, "What?", "A limit")
    choose(page, "Which movement?", "Standing side bend")
    page.get_by_role("spinbutton", name="Limit, left").fill("5")
    page.get_by_role("textbox", name="Why? The patient may read it.").fill("The disc is sore.")
    page.get_by_role("button", name="Set it for this patient").click()
    expect(page.get_by_role("alert")).to_contain_text("Your name must stand beside it.")
    page.get_by_label("Your name").fill("Phil")
    page.get_by_label("Your name").press("Enter")
    settled(page)
    page.get_by_role("button", name="Set it for this patient").click()
    expect(page.get_by_role("alert")).to_contain_text("Expected more than 8 degrees")
    page.get_by_role("spinbutton", name="Limit, left").fill("30")
    page.get_by_role("button", name="Set it for this patient").click()
    card = page.locator("[class*=st-key-set-]").filter(has_text="Standing side bend: no further than 30° left")
    expect(card).to_contain_text("The disc is sore.")
    expect(card).to_contain_text("Phil")


def test_what_is_set_from_the_desk_is_read_by_this_patient_where_it_acts(page: Page, app: App) -> None:
    set_limit(page, app)
    page.get_by_role("textbox", name="It stands on their page Today.").fill("Well done, Anna.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("b", has_text="A message, until it is read")).to_be_visible()
    unfold(page, "The record (2)")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        must_be_open_to_all(page)
    page.set_viewport_size({"width": 1366, "height": 768})

    be(page, app, "Anna")
    expect(page.get_by_text("Well done, Anna.")).to_be_visible()
    page.get_by_text("Set for you by your physio (1)").click()
    expect(page.get_by_text("Standing side bend: no further than 30° left").last).to_be_visible()
    settled(page)
    must_be_open_to_all(page)
    for path, heading in (("movement", "Standing side bend"), ("camera", "Do it with the camera")):
        go(page, f"/{path}?movement=standing_side_bend")
        page.get_by_role("heading", level=1, name=heading).wait_for()
        expect(page.locator(".bc-set")).to_contain_text("No further than 30° left")
        expect(page.locator(".bc-set")).to_contain_text("Phil")
    settled(page)
    must_be_open_to_all(page)

    be(page, app, "Ben")
    go(page, "/movement?movement=standing_side_bend")
    page.get_by_role("heading", level=1, name="Standing side bend").wait_for()
    settled(page)
    assert "30°" not in page.locator("[data-testid=stMain]").inner_text()

    assert page.evaluate(DIAL) == ["81.3", True], "the limit is a mark on the dial, and the target moves its band"
    end_it(page, app)


def end_it(page: Page, app: App) -> None:
    """From a session the way leads to its patient, and what ends is another row of the record."""
    be(page, app, "Anna")
    go(page, "/session")
    page.get_by_role("button", name="Standing side bend").first.click()
    page.get_by_role("tab", name="Repetitions").wait_for()
    page.get_by_label("Your name").fill("Sue")
    page.get_by_label("Your name").press("Enter")
    settled(page)
    page.get_by_role("link", name="For this patient").click()
    page.get_by_role("heading", level=1, name="For this patient").wait_for()
    expect(page.locator(".st-key-who")).to_contain_text("Anna")
    expect(page.get_by_label("Your name")).to_have_value("Sue")
    card = page.locator("[class*=st-key-set-]").filter(has_text="no further than 30° left")
    card.get_by_role("button", name="End it").click()
    page.get_by_role("textbox", name="Why does it end?").fill("It is better.")
    page.locator("[data-testid=stPopoverBody]").get_by_role("button", name="End it").click()
    expect(card).to_have_count(0)
    unfold(page, "The record (3)")
    row = page.get_by_role("row").filter(has_text="Ended: Standing side bend: no further than 30° left")
    expect(row).to_contain_text("Sue")
    expect(row).to_contain_text("It is better.")
