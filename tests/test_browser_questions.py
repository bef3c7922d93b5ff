"""Every safety question on every page, in a real browser and after a restart: what a yes blocks, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from app_server import App, free_port, running_app
from folds import unfold
from playwright.sync_api import Page, expect
from profiles import Profiles
from seeded_people import Seeded
from visitor import Seen, Visitor

from checker.care.question_rules import Question
from checker.care.questions import told
from checker.care.rules import load_rules
from checker.library import list_exercises

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

RULES: Final = load_rules()
QUESTIONS: Final = RULES.safety.questions
CLICKED: Final = ("bladder", "fever", "operation", "morning_stiffness", "new_leg_symptoms")
"""One of each group is answered by clicks: help now, see somebody, with a condition, mention, by a check-in."""

RELEASED: Final = "Released: "
UNSURE: Final = "Not sure: "

CALM: Final = "timer?movement=walking"
CALM_MEASURED: Final = "camera?movement=breathing"
MOVES: Final = ("camera?movement=standing_side_bend", "timer?movement=bridge")
MOVE: Final = "movement?movement=bridge"
OTHERS: Final = ("movements", "review", "progress", "weekly", "data", "learn")
EACH: Final = ("", *MOVES, CALM)
"""Where a question says something of its own; "" is Today."""

SAME: Final = (MOVE, CALM_MEASURED, *OTHERS)
"""The rest of what a patient can open: each question is tried on one of them, and those of `CLICKED` on all."""

TITLES: Final = {
    "movements": "Movements", "review": "Measure a movement", "progress": "My progress", "learn": "Learn",
    "weekly": "How far you have come", "data": "Your data",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server that has somebody for each question: who has said yes to it, and to no other."""
    folder = tmp_path_factory.mktemp("questions")
    with Seeded(folder) as people:
        for question in QUESTIONS:
            if question.id not in CLICKED:
                people.somebody(question.id, told={question.id: "yes"})
            elif question.asked:
                people.somebody(question.id, asked=False)
            else:
                people.somebody(question.id, days_ago=1)
        for question in QUESTIONS:
            if question.condition is not None:
                people.released(people.somebody(f"{RELEASED}{question.id}", told={question.id: "yes"}), question.id)
        for question in ("saddle", "fever", "morning_stiffness"):
            people.somebody(f"{UNSURE}{question}", told={question: "unsure"})
    return folder


@pytest.fixture(scope="module")
def answered(profiles: Profiles, folder: Path) -> App:
    """The server, after those who answer by clicks have done so; it has ended."""
    with running_app(folder, free_port()) as app, profiles.visitor() as page:
        visitor = Visitor(page, app.url)
        for question in CLICKED:
            visitor.be(question)
            answer(visitor.page, question)
        return app


def answer(page: Page, question: str) -> None:
    """Say yes to a question, as it is asked, and wait for what comes of it."""
    if question == "new_leg_symptoms":
        page.get_by_text("There is new pain, tingling, numbness or weakness in a leg").click()
        page.locator(".st-key-pain-day").get_by_text("2", exact=True).click()
    else:
        page.locator(f".st-key-question-{question}").get_by_text("Yes", exact=True).click()
        page.get_by_role("button", name="The others do not fit. Go on.").click()
    title = told(question, RULES).title
    if title != RULES.safety.groups["mention"].title:
        page.get_by_role("heading", name=title).wait_for()
    else:
        page.get_by_role("heading", name="Does any of this fit you now?").wait_for(state="detached")


@pytest.fixture(scope="module")
def visitor(profiles: Profiles, answered: App) -> Iterator[Visitor]:
    """Somebody at the same server, started anew."""
    folder = answered.folders
    errors: list[str] = []
    with running_app(folder, free_port()) as app, profiles.visitor() as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Visitor(page, app.url)
    assert errors == []


# --- what is to be seen ---------------------------------------------------------------------------


def must_call_for_help(seen: Seen, question: str) -> None:
    """The whole page is help: its lines, the number, what to show; nothing leads on."""
    found = told(question, RULES)
    assert seen.headings == [found.title]
    for line in (*found.lines, text_of(question), RULES.safety.emergency.otherwise):
        assert line in seen.text
    assert seen.enabled == ["Somebody else"]
    assert seen.disabled == []
    assert seen.links == ["Your data"]


def must_be_paused(path: str, seen: Seen, question: str) -> None:
    """No exercise goes on, and it says why and what to do; what calms can be done, and everything be read."""
    found = told(question, RULES)
    says = all(line in seen.text for line in (found.title, *found.lines, text_of(question)))
    if path in OTHERS:
        must_be_itself(path, seen)
    elif path == CALM:
        assert "2. Do it" in seen.headings
    elif path == CALM_MEASURED:
        assert "Open the camera" in seen.enabled
    elif path == "":
        assert says
        assert find_by_name(next(h for h in seen.headings if h != found.title)).load == "calm"
        assert "Begin" in seen.enabled, "of what calms"
        assert seen.text.count(found.do) == 1, "once is enough"
    else:
        assert says
        must_not_begin(seen)


def must_go_on(path: str, seen: Seen) -> None:
    """Nothing is paused."""
    if path in OTHERS:
        must_be_itself(path, seen)
    elif path == "":
        assert "Begin" in seen.enabled
    elif path.startswith("camera"):
        assert "Open the camera" in seen.enabled
    elif path.startswith("timer"):
        assert "2. Do it" in seen.headings
    else:
        assert "Do it with the camera" in seen.enabled
    assert not {group.title for group in RULES.safety.groups.values()} & set(seen.headings)


def must_not_begin(seen: Seen) -> None:
    assert not {"Begin", "Open the camera", "Continue", "Start", "Do it with the camera"} & set(seen.enabled)
    assert "2. Do it" not in seen.headings
    assert not {"Do it with a timer", "Start"} & set(seen.links)


def must_be_itself(path: str, seen: Seen) -> None:
    assert TITLES[path] in seen.headings
    assert not {group.title for group in RULES.safety.groups.values()} & set(seen.headings)


def text_of(question: str) -> str:
    return next(q.text for q in QUESTIONS if q.id == question)


def find_by_name(name: str) -> Any:
    return next(e for e in list_exercises() if e.name == name)


# --- the pages ------------------------------------------------------------------------------------


def pages_for(question: str) -> tuple[str, ...]:
    number = [q.id for q in QUESTIONS].index(question)
    return EACH + (SAME if question in CLICKED else (SAME[number % len(SAME)],))


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.group == "now"], ids=lambda q: q.id)
def test_help_now_comes_first_on_every_page(visitor: Visitor, question: Question) -> None:
    visitor.be(question.id)
    for path in EACH + SAME:  # all of them: each is quickly made
        must_call_for_help(visitor.open(path), question.id)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.group == "first"], ids=lambda q: q.id)
def test_what_is_to_be_seen_first_pauses_exercises_and_leaves_what_calms(visitor: Visitor, question: Question) -> None:
    visitor.be(question.id)
    for path in pages_for(question.id):
        must_be_paused(path, visitor.open(path), question.id)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.group == "mention"], ids=lambda q: q.id)
def test_what_is_to_be_mentioned_is_told_and_stops_nothing(visitor: Visitor, question: Question) -> None:
    visitor.be(question.id)
    for path in pages_for(question.id):
        seen = visitor.open(path)
        must_go_on(path, seen)
        assert path or all(line in seen.text for line in told(question.id, RULES).lines)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.condition is not None], ids=lambda q: q.id)
def test_a_condition_bars_its_movements_also_after_a_clinicians_answer(visitor: Visitor, question: Question) -> None:
    barred = {
        e.id: (e.is_measured, p.text)
        for e in list_exercises()
        for p in e.precautions
        if p.condition == question.condition and p.action in {"leave_out", "ask_first"} and e.kind != "avoid"
    }
    one_of_each = {is_measured: movement for movement, (is_measured, _) in barred.items()}
    assert one_of_each
    visitor.be(f"{RELEASED}{question.id}")
    for is_measured, movement in one_of_each.items():
        for place in ("movement", "camera" if is_measured else "timer"):
            seen = visitor.open(f"{place}?movement={movement}")
            assert barred[movement][1] in seen.text
            must_not_begin(seen)
    must_go_on(CALM, visitor.open(CALM))


@pytest.mark.parametrize("question", ["saddle", "fever", "morning_stiffness"])
def test_not_sure_is_a_yes_where_help_may_be_needed_now_and_else_to_be_asked(visitor: Visitor, question: str) -> None:
    visitor.be(f"{UNSURE}{question}")
    for path in EACH:
        seen = visitor.open(path)
        if question == "saddle":
            must_call_for_help(seen, question)
        else:
            must_go_on(path, seen)
            assert path or all(line in seen.text for line in told(question, RULES, unsure=True).lines)


def test_a_clinicians_answer_leads_on(visitor: Visitor) -> None:
    page = visitor.page
    visitor.be("chest_pain")
    visitor.open("camera")
    unfold(page, "I have talked to a doctor or a physio about this")
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("Say with whom you talked: a name, or where it was.").wait_for()
    page.get_by_label("With whom?").fill("Dr. Lee")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("button", name="Open the camera")).to_be_enabled()
    expect(page.get_by_role("heading", name="Get help now")).to_have_count(0)
