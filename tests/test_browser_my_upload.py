"""A video of oneself, handed in under a name: what becomes of it in a person's weeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import App, free_port, running_app
from conftest import find_case, until
from lists import choose_from
from mirrored_sides import drawn, swap
from page_quality import must_be_open_to_all
from playwright.sync_api import Page, expect
from profiles import Profiles
from runs import settled
from seeded_people import Seeded

from checker.care.records import History
from checker.store import open_store
from checker.ui.first_pain import FIRST_PAIN

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with Seeded(tmp_path) as people:
        people.somebody("Ana")
    with running_app(tmp_path, free_port()) as running:
        yield running


@pytest.fixture
def page(profiles: Profiles, app: App) -> Iterator[Page]:
    with profiles.visitor() as page:
        page.goto(f"{app.url}/review")
        page.get_by_role("heading", level=1).wait_for()
        yield page


def history(app: App) -> History:
    with open_store(f"sqlite:///{app.folders / 'people' / 'backcheck.db'}") as store:
        (person,) = store.people()
        return store.history(person.id)


def hand_in(page: Page, video: Path) -> None:
    """Choose the side bend to the first pain and a video, and have it measured."""
    choose_from(page, "Movement", "Standing side bend")
    page.get_by_alt_text("Standing side bend: start and end position").wait_for()
    page.get_by_text(FIRST_PAIN, exact=True).click()
    page.get_by_text("with a stop of a second there, then once as far as you want").wait_for()
    page.locator("input[type=file]").set_input_files(video)
    expect(page.get_by_role("checkbox", name="This is me: keep the result among my sessions")).to_be_checked()
    page.get_by_role("button", name="Measure this video").click()


def test_a_video_that_cannot_be_measured_is_no_session(page: Page, app: App, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all" * 1000)
    hand_in(page, broken)
    page.get_by_role("alert").first.wait_for()
    assert history(app).sessions == ()


def firsts(app: App) -> dict[str, tuple[float | None, str | None]]:
    """By side, the range before pain and what stopped it, of the one session."""
    (session,) = history(app).sessions
    return {r.side: (r.first.value if r.first else None, r.limited_by) for r in session.ranges}


def test_it_is_among_the_sessions_with_its_own_sides(page: Page, app: App) -> None:
    hand_in(page, find_case("mirrored.mp4"))
    drawn(page)
    page.get_by_text("This is among your sessions now.").wait_for()
    (session,) = history(app).sessions
    assert (session.how, session.to_first_pain, session.measured) == ("upload", True, True)
    before = {side: first for side, (first, _) in firsts(app).items()}
    assert set(before) == {"left", "right"}
    must_be_open_to_all(page)

    swap(page)
    after = {side: first for side, (first, _) in firsts(app).items()}
    assert after == {"left": before["right"], "right": before["left"]}

    measured = "left" if after["left"] is not None else "right"
    page.get_by_role("radiogroup", name=f"What stopped you to the {measured}?").or_(
        page.locator(f"[class*=st-key-stopped-{measured}]")
    ).first.get_by_text("Pain", exact=True).click()
    until(lambda: firsts(app)[measured] == (after[measured], "pain"))
    settled(page)
    page.get_by_role("link", name="My progress").last.click()
    page.get_by_role("heading", name="Standing side bend").wait_for()
