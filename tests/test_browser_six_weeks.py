"""Six weeks of one patient, opened on six of their days in a real browser: what stands there is what was lived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pytest
from app_server import App, free_port, running_app
from folds import unfold
from lists import choose_from
from playwright.sync_api import Locator, Page, expect
from profiles import Profiles
from runs import settled
from self_tests import FOUR, SIDE_BEND
from six_weeks import FLARE, LAST, PAINKILLERS, Patient, keep, moved, pain, sessions_of, truth
from visitor import Visitor

from checker.care import weekly
from checker.care.decision import Decision
from checker.care.records import History
from checker.library import list_exercises
from checker.safety import phase_label
from checker.service import remembering
from checker.service import weeks as service
from checker.store import open_store

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

DAYS: Final = (1, 8, 15, FLARE + 1, 36, LAST)
NAMES: Final = {e.id: e.name for e in list_exercises()}
WITHIN_DEG: Final = 3.0
"""How far what is shown may be from what the body did: the engine's own error on a body that is seen exactly."""


@dataclass(frozen=True)
class Lived:
    """What was lived.

    Attributes:
        patient: with what the app decided on each day.
        mornings: by day, the history as that day begins, moved so that the day is today.
    """

    patient: Patient
    mornings: dict[int, History]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", str(tmp_path_factory.mktemp("lived")))
        service.store.cache_clear()
        patient = Patient(date.today() - timedelta(days=LAST - 1))
        history = patient.live(until=LAST)
        service.store().close()
        service.store.cache_clear()
        remembering.forget()
    mornings = {}
    for day in DAYS:
        today = patient.first + timedelta(days=day - 1)
        of_before = {
            k: tuple(r for r in getattr(history, k) if r.day < today) for k in History.model_fields if k != "person"
        }
        mornings[day] = moved(history.model_copy(update=of_before), f"Day {day}", LAST - day)
    return Lived(patient, mornings)


@pytest.fixture(scope="module")
def app(lived: Lived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("six-weeks")
    (folder / "people").mkdir()
    with open_store(f"sqlite:///{folder / 'people' / 'backcheck.db'}") as store:
        for history in lived.mornings.values():
            keep(history, store)
    with running_app(folder, free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def visitor(profiles: Profiles, app: App) -> Iterator[Visitor]:
    errors: list[str] = []
    with profiles.visitor((1366, 900)) as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Visitor(page, app.url)
    assert errors == []


def cell(place: Locator, name: str) -> Locator:
    return place.get_by_role("radio", name=name, exact=True).or_(place.get_by_role("button", name=name, exact=True))


def answer_what_is_asked(page: Page, day: int) -> None:
    """As the patient did on that day: nothing fits, and the pain."""
    none, asked = page.get_by_role("button", name="None of these"), page.locator(".st-key-pain-day")
    asked.or_(none).first.wait_for()
    if none.count():
        none.click()
    cell(asked, str(pain(day))).click()
    asked.wait_for(state="detached")
    settled(page)


def degrees(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"(\d+)°", text)]


# --- Today ----------------------------------------------------------------------------------------


def test_the_first_day_begins_with_the_questions_and_has_nothing_to_look_back_on(visitor: Visitor) -> None:
    visitor.be("Day 1")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Does any of this fit you now?")
    visitor.open("progress")
    expect(visitor.page.locator("body")).to_contain_text("Your first curve begins with your first test")
    visitor.open("data")
    expect(visitor.page.locator("body")).to_contain_text("0 sessions, 0 answers on how it is, 0 other answers")


PHASES: Final = {8: 2, 15: 4, FLARE + 1: 4, 36: 3, LAST: 5}
"""What the story comes to by CARE's criteria; on day 17 the flare-up keeps the phase it will return from."""


@pytest.mark.parametrize("day", DAYS[1:])
def test_today_says_what_was_decided_and_why(visitor: Visitor, lived: Lived, day: int) -> None:
    decision = lived.patient.seen[day]
    assert decision.visible == PHASES[day]
    visitor.be(f"Day {day}")
    answer_what_is_asked(visitor.page, day)
    main = visitor.page.get_by_test_id("stMain")
    plan = [item.exercise for item in decision.plan]
    expect(main.get_by_role("heading", level=1)).to_have_text(NAMES[plan[0]])
    then = main.locator("p", has_text="Then:").inner_text()
    for name in plan[1:]:
        if not is_upkeep(decision, name):  # which one it is goes by the calendar
            assert NAMES[name] in then
    comfort = main.get_by_text("Flare-ups are common on the way back")
    assert comfort.first.is_visible() == (decision.state == "FLARE")
    label = "A flare-up: less for now" if decision.state == "FLARE" else f"Phase {phase_label(PHASES[day])}"
    main.get_by_text(label, exact=True).click()
    main.get_by_text(decision.reason, exact=True).wait_for()
    for unmet in decision.unmet:
        main.get_by_text(unmet.text[:1].upper() + unmet.text[1:], exact=True).first.wait_for()
    must_tell_last_time(main, lived.mornings[day], day, plan[0])
    assert main.get_by_role("button", name="Look now").count() == (day in {8, 15})


def is_upkeep(decision: Decision, name: str) -> bool:
    return next(i for i in decision.plan if i.exercise == name).rule.endswith("/upkeep")


def must_tell_last_time(main: Locator, history: History, day: int, name: str) -> None:
    """What a test on the plan was the last time, as the body did it then."""
    done = list(sessions_of(history, name))
    said = main.locator("p", has_text="Last time:")
    if name not in FOUR:
        expect(said).to_have_count(int(any(s.exercise == name and s.measured for s in history.sessions)))
        return
    if not done:
        expect(said).to_have_count(0)
        return
    then = day - (date.today() - done[-1].day).days
    assert degrees(said.inner_text()) == [pytest.approx(t, abs=WITHIN_DEG) for t in truth(then, name).values()]


# --- looking back ---------------------------------------------------------------------------------


CHANGES: Final[dict[int, tuple[int, int] | None]] = {8: None, 15: None, FLARE + 1: None, 36: (6, 33), LAST: (6, 33)}
"""Between which days a side bend has grown by then; told once two days in a row say so: the 33rd and 35th."""


@pytest.mark.parametrize("day", DAYS[1:])
def test_progress_shows_what_the_body_did(visitor: Visitor, lived: Lived, day: int) -> None:
    visitor.be(f"Day {day}")
    visitor.open("progress")
    choose_from(visitor.page, "Which test?", NAMES[SIDE_BEND])
    visitor.page.get_by_role("heading", level=2, name=NAMES[SIDE_BEND]).wait_for()
    settled(visitor.page)
    said = visitor.page.locator(".bc-told").inner_text()
    change = CHANGES[day]
    if change is None:
        assert "No clear change yet" in said or "No comparison yet" in said
    else:
        for side in ("left", "right"):
            told = re.search(rf"side bend to the {side} grew from (\d+)° to (\d+)°", said)
            assert told is not None
            truths = [truth(d, SIDE_BEND)[side] for d in change]
            assert [int(n) for n in told.groups()] == [pytest.approx(t, abs=WITHIN_DEG) for t in truths]
    must_have_the_table(visitor.page, lived.mornings[day], day)


def must_have_the_table(page: Page, history: History, day: int) -> None:
    """A row for each session, the newest first, with what the body did; a painkiller is named."""
    unfold(page, "The same as a table")
    page.locator(".bc-values").wait_for()
    rows = [[c.strip() for c in row.split("\t")] for row in page.locator(".bc-values").inner_text().splitlines()[1:]]
    sessions = list(sessions_of(history, SIDE_BEND))[::-1]
    assert len(rows) == len(sessions)
    for row, session in zip(rows, sessions, strict=True):
        then = day - (date.today() - session.day).days
        assert row[0] == f"{session.day.day} {session.day:%B %Y}"
        left, left_furthest, right, right_furthest = (degrees(c)[0] if degrees(c) else None for c in row[1:5])
        truths = truth(then, SIDE_BEND)
        assert [left, right] == [pytest.approx(t, abs=WITHIN_DEG) for t in truths.values()]
        if left_furthest is not None:
            assert (left_furthest > left, right_furthest > right) == (True, True)
        assert ("soon after a painkiller" in row[-1]) == (then in PAINKILLERS)


WEEKLY: Final = {8: "How hard is it, these days?", 15: "How hard is it, these days?"}


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_weekly_look_is_asked_on_its_days_and_tells_the_weeks(
    visitor: Visitor, lived: Lived, app: App, day: int
) -> None:
    visitor.be(f"Day {day}")
    visitor.open("weekly")
    heading = visitor.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(WEEKLY.get(day, "How far you have come"))
    if day in WEEKLY:
        return
    lines = {
        s.locator("h2").inner_text(): s.locator("b").inner_text()
        for s in visitor.page.locator(".bc-lines-of-week section").all()
    }
    assert lines["Pain"] == ("Better" if day != FLARE + 1 else lines["Pain"])
    assert lines["Standing side bend, left"] == ("Better" if CHANGES[day] else "No clear change")
    assert lines["Overall"] == ("Better" if day > 15 else "No clear change")
    due = max(e.day for e in lived.mornings[day].events if e.kind == weekly.DONE) + timedelta(days=7)
    expect(visitor.page.locator("body")).to_contain_text(f"The next look is on {due.day} {due:%B}.")


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_data_page_counts_what_is_kept(visitor: Visitor, app: App, day: int) -> None:
    visitor.be(f"Day {day}")
    visitor.open("data")
    with open_store(f"sqlite:///{app.folders / 'people' / 'backcheck.db'}") as store:
        person = next(p for p in store.people() if p.name == f"Day {day}")
        kept = store.history(person.id)
    others = len(kept.answers) + len(kept.ladder) + len(kept.activities)
    told = f"{len(kept.sessions)} sessions, {len(kept.check_ins)} answers on how it is, {others} other answers"
    expect(visitor.page.locator("body")).to_contain_text(told)
