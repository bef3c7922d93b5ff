"""A patient's days in a real browser: the first one, the next ones, and when something is not as it should be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from app_server import App, free_port, running_app
from camera_page import followed
from conftest import until
from playwright.sync_api import Page, expect
from profiles import Profiles
from waiting import RECORD, RESULT_MS

from benchmarks.fake_camera import ALLOWED, REMEMBER_CAMERA, camera_flags
from checker.care.records import History
from checker.care.rules import load_rules
from checker.service import everybody
from checker.service import weeks as service
from checker.service.weeks import Weeks
from checker.store import open_store

pytest_plugins = ["camera_page"]
pytestmark = pytest.mark.browser

QUESTIONS = load_rules().safety.questions


class Clicks:
    """Counts what a person clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.n = page, 0

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.n += 1

    def choice(self, name: str, within: str = ".stApp") -> None:
        self.page.locator(within).get_by_role("button", name=name, exact=True).or_(
            self.page.locator(within).get_by_role("radio", name=name, exact=True)
        ).first.click()
        self.n += 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[App]:
    with running_app(tmp_path, free_port()) as app:
        yield app


@contextmanager
def in_store(app: App) -> Iterator[None]:
    """What is kept by that server, for this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", str(app.folders / "people"))
        service.store.cache_clear()
        yield
        service.store().close()
        service.store.cache_clear()


def history_of(app: App, name: str = "Anna") -> History:
    with in_store(app):
        person = next(p for p in everybody.people() if p.name == name)
        return service.store().history(person.id)


@pytest.fixture
def opened(browsers: Callable[..., Profiles], a_place_before_the_camera: None) -> Iterator[Callable[..., Page]]:
    stack = ExitStack()
    errors: list[str] = []

    def open_app(app: App, path: str = "", film: Path | None = None) -> Page:
        profiles = browsers(ALLOWED, *([] if film is None else camera_flags(film)))
        page = stack.enter_context(profiles.visitor())
        page.add_init_script(RECORD)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{app.url}/{path}")
        page.get_by_role("heading", level=1).first.wait_for()
        return page

    with stack:
        yield open_app
    assert errors == []


def named(page: Page, name: str = "Anna") -> Clicks:
    clicks = Clicks(page)
    page.get_by_role("textbox").fill(name)
    clicks.button("Begin")
    page.get_by_role("heading", name="Does any of this fit you now?").wait_for()
    return clicks


def begin_programme(clicks: Clicks) -> None:
    """The first screen of somebody whom sitting hurts since this week, with pain of 2."""
    page = clicks.page
    page.get_by_role("heading", name="Where you are today").wait_for()
    clicks.choice("Sitting")
    clicks.choice("This week")
    clicks.choice("Yes", ".st-key-begin-floor")
    clicks.choice("2", ".st-key-pain-begin")
    clicks.button("That is all")
    page.get_by_role("button", name="Begin", exact=True).wait_for()


def test_the_first_day_leads_to_a_measured_self_test(
    server: App, opened: Callable[..., Page], film: Callable[[str], Path]
) -> None:
    page = opened(server, film=film("seated_forward_lean__good"))
    page.evaluate(REMEMBER_CAMERA, "no")
    clicks = named(page)
    clicks.button("None of these")
    begin_programme(clicks)
    expect(page.get_by_role("button", name="Begin", exact=True)).to_be_in_viewport()
    clicks.button("Begin")
    followed(page)
    page.wait_for_function("() => globalThis.camera?.()?.dataset.stage === 'moving'", timeout=RESULT_MS)
    assert clicks.n <= 10
    until(lambda: any(s.amount.repetitions for s in history_of(server).sessions))  # written as it goes
    page.wait_for_function("() => globalThis.camera?.()?.dataset.stage === 'done'", timeout=RESULT_MS)
    page.get_by_text("This is your first value").wait_for(timeout=RESULT_MS)
    page.locator("[class*=st-key-pain-live-after]").get_by_text("3", exact=True).click()
    page.get_by_role("link", name="On with today").click()
    page.get_by_text("Done today:").wait_for()
    found = history_of(server)
    (session,) = found.sessions
    assert session.measured
    assert session.ended_at is not None
    assert session.assessment_id is not None
    assert session.plan_item_id in {p.id for p in found.plan}
    assert [c.pain for c in found.check_ins] == [2, 3]
    with in_store(server):
        assert service.store().assessment(session.assessment_id) is not None
        assert service.store().track(session.id) is not None


def test_nobodys_data_shows_under_another_name(server: App, opened: Callable[..., Page]) -> None:
    page = opened(server)
    clicks = named(page, "Anna")
    clicks.button("None of these")
    begin_programme(clicks)
    page.get_by_role("button", name="Somebody else").click()
    page.get_by_role("heading", name="Who is here?").wait_for()
    page.get_by_label("Somebody new").fill("Ben")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Does any of this fit you now?").wait_for()
    expect(page.get_by_text("Anna")).to_have_count(0)
    assert history_of(server, "Ben").check_ins == ()
    other = opened(server)  # of two, nobody is chosen by itself
    other.get_by_role("heading", name="Who is here?").wait_for()


def test_on_the_next_day_three_clicks_lead_to_the_camera(
    tmp_path: Path, opened: Callable[..., Page], film: Callable[[str], Path]
) -> None:
    with running_app(tmp_path, free_port()) as app:
        with in_store(app):
            seed(everybody.add_person("Anna").id, days_ago=1)
        page = opened(app, film=film("seated_forward_lean__good"))
        page.evaluate(REMEMBER_CAMERA, "no")
        clicks = Clicks(page)
        page.get_by_role("heading", name="How is your back?").wait_for()
        clicks.choice("2", ".st-key-pain-day")
        clicks.button("Begin")
        page.wait_for_function("() => globalThis.camera?.()?.dataset.stage === 'setup'", timeout=RESULT_MS)
        assert clicks.n <= 3


def test_with_the_timer_nothing_is_written_before_it_is_done(tmp_path: Path, opened: Callable[..., Page]) -> None:
    with running_app(tmp_path, free_port()) as app:
        with in_store(app):
            seed(everybody.add_person("Anna").id, days_ago=0)
        page = opened(app, "timer?movement=walking")
        page.get_by_role("heading", name="2. Do it").wait_for()
        assert history_of(app).sessions == ()
        page.locator("[class*=st-key-pain-after]").get_by_text("1", exact=True).click()
        page.get_by_role("button", name="On with today").wait_for()
        found = history_of(app)
        (session,) = found.sessions
        assert (session.how, session.measured, found.check_ins[-1].pain) == ("timer", False, 1)
        assert session.ended_at is not None
        assert session.amount.duration_s is not None
        assert 0 < session.amount.duration_s <= (session.ended_at - session.at).total_seconds()


def seed(person_id: UUID, days_ago: int) -> None:
    """A first day, so many days ago."""
    weeks = Weeks(person_id, now=lambda: datetime.now(UTC) - timedelta(days=days_ago))
    weeks.answer_questions({q.id: "no" for q in QUESTIONS if q.asked}, "first")
    weeks.tell_profile(floor="yes")
    weeks.tell_episode(onset=weeks.today - timedelta(days=5))
    weeks.rate_ladder({rung: 6 if rung == 3 else 0 for rung in range(1, 10)})
    weeks.check_in("daily", pain=2)
    assert weeks.decision.state == "ACTIVE"


def test_a_store_that_cannot_be_opened_is_one_line_and_the_app_goes_on(
    tmp_path: Path, opened: Callable[..., Page]
) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "backcheck.db").write_bytes(os.urandom(4096))
    with running_app(tmp_path, free_port()) as app:
        page = opened(app, "movements")
        page.get_by_role("heading", name="Movements").wait_for()
        page.get_by_role("alert").first.wait_for()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
        with pytest.raises(Exception, match="backcheck"):
            open_store()
