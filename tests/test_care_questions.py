"""The safety questions: what a yes opens and blocks, what is said, what closes it, when they are asked."""

from __future__ import annotations

import pytest
from care_people import DAY0, Diary, library, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.care.decision import Decision
from checker.care.question_rules import Question
from checker.care.questions import asked, blocked, emergency_number, open_questions, questions_due, told
from checker.care.records import History

QUESTIONS = rules().safety.questions
BLOCKS = {"now": "everything", "first": "exercises", "mention": "nothing"}


def ids(group: str) -> list[str]:
    return [q.id for q in QUESTIONS if q.group == group]


def begun() -> Diary:
    """Somebody in phase 3, screened and active."""
    diary = Diary()
    diary.begin({7: 5}, 2, onset=-10)
    diary.today(0)
    return diary


def test_there_are_those_of_the_lists() -> None:
    assert len(ids("now")) == 8
    assert len(ids("first")) == 15, "fourteen that are asked, and the one that a check-in opens"
    assert len(ids("mention")) == 2
    assert len(asked(rules())) == 24


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_a_yes_blocks_what_it_should_and_says_its_three_lines(question: Question) -> None:
    diary = begun()
    diary.answer(question.id, "yes", 1)
    history = History.model_validate_json(diary.history.model_dump_json())  # as after a restart
    found = open_questions(history, rules())
    assert [(o.question, o.group, o.unsure) for o in found] == [(question.id, question.group, False)]
    assert blocked(found, rules()) == BLOCKS[question.group]
    lines = told(question.id, rules(), "GB").lines
    assert len(lines) == 3
    assert all(line.endswith((".", "!")) and "{" not in line for line in lines)
    diary.check_in(1, 1)
    decision = diary.decide(1)
    loads = {library()[p.exercise].load for p in decision.plan}
    said = next(a for a in decision.advice if a.rule == f"safety/{question.id}")
    assert said.text == " ".join(lines)
    if question.group == "now":
        assert "999" in lines[0]
        assert (decision.state, decision.plan, decision.at_hand) == ("BLOCKED", [], [])
        assert said.level == "emergency"
    elif question.group == "first":
        assert decision.state == "BLOCKED"
        assert loads == {"calm"}
        assert "walking" in {p.exercise for p in decision.plan}
        assert said.level == "clinician"
    else:
        assert decision.state == "ACTIVE"
        assert loads - {"calm"}
        assert said.level == "note"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_it_stays_open_until_a_clinicians_answer_is_recorded_after_it(question: Question) -> None:
    diary = begun()
    diary.release(question.id, 1, 7.5)  # of the same moment: it does not answer what is only now told
    diary.answer(question.id, "yes", 1)
    diary.answer(question.id, "no", 2)  # a later no does not take it back
    assert [o.question for o in open_questions(diary.history, rules())] == [question.id]
    diary.release(question.id, 3)
    assert open_questions(diary.history, rules()) == []
    diary.answer(question.id, "yes", 4)
    assert [o.question for o in open_questions(diary.history, rules())] == [question.id]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_not_sure_is_a_yes_where_help_may_be_needed_now_and_else_to_be_asked(question: Question) -> None:
    diary = begun()
    diary.answer(question.id, "unsure", 1)
    found = open_questions(diary.history, rules())
    assert [(o.question, o.unsure) for o in found] == [(question.id, question.group != "now")]
    assert blocked(found, rules()) == ("everything" if question.group == "now" else "nothing")
    if question.group == "now":
        diary.answer(question.id, "no", 2)
        assert open_questions(diary.history, rules()), "it counts as yes: a later no does not close it"
        assert told(question.id, rules(), unsure=True) == told(question.id, rules())
    else:
        assert told(question.id, rules(), unsure=True).do.startswith("Ask about this")
        diary.answer(question.id, "no", 2)
        assert open_questions(diary.history, rules()) == []


def test_the_most_urgent_comes_first() -> None:
    diary = begun()
    for hour, question in enumerate(["morning_stiffness", "fever", "bladder", "lump"]):
        diary.answer(question, "yes", 1, 8.0 + hour)
    found = [o.question for o in open_questions(diary.history, rules())]
    assert found == ["bladder", "fever", "lump", "morning_stiffness"]


def test_what_is_to_be_seen_today_goes_before_what_has_time() -> None:
    diary = begun()
    for question in ["blood_thinners", "pregnant", "fever"]:
        diary.answer(question, "yes", 1)
    found = [o.question for o in open_questions(diary.history, rules())]
    assert found[0] == "fever"
    assert "today" in told(found[0], rules()).where
    assert {q.id for q in QUESTIONS if q.today} == {"fever", "night_pain", "pulsating_belly"}


def test_new_leg_symptoms_of_a_check_in_are_open_until_somebody_has_looked() -> None:
    diary = begun()
    diary.check_in(2, 1, new_leg_symptoms=True)
    assert diary.decide(1).state == "BLOCKED"
    diary.check_in(2, 2, new_leg_symptoms=False)
    assert diary.decide(2).state == "BLOCKED"
    assert "today if the leg is weak" in diary.decide(2).advice[0].text
    diary.release("new_leg_symptoms", 3, 7.0)
    assert diary.decide(3).state == "SCREENED"


def test_a_question_that_the_rules_no_longer_have_blocks_all_the_same() -> None:
    diary = begun()
    diary.answer("question_of_long_ago", "yes", 1)
    assert blocked(open_questions(diary.history, rules()), rules()) == "exercises"
    assert told("question_of_long_ago", rules()).title == "See somebody first"


@pytest.mark.parametrize(
    ("country", "number"), [("GB", "999 or 112"), ("US", "911"), ("DE", "112"), ("XX", None), (None, None), ("", None)]
)
def test_the_emergency_number_is_of_the_country_or_says_what_to_do(country: str | None, number: str | None) -> None:
    fallback = "your local emergency number"
    assert emergency_number(country, rules()) == (number or fallback)
    assert (number or fallback) in told("bladder", rules(), country).do


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["yes", "no", "unsure", "release"]), st.integers(0, 400)), max_size=12))
def test_nothing_but_a_release_forgets_a_yes(steps: list[tuple[str, int]]) -> None:
    diary = Diary()
    yes: int | None = None
    for i, (what, _) in enumerate(steps):
        if what == "release":
            diary.release("fever", i)
            yes = None
        else:
            diary.answer("fever", what, i)
            yes = i if what == "yes" and yes is None else yes
    found = [o for o in open_questions(diary.history, rules()) if not o.unsure]
    assert [o.since.date() for o in found] == ([] if yes is None else [diary.at(yes).date()])


# --- when they are asked --------------------------------------------------------------------------


def due(diary: Diary, day: int) -> dict[str, int]:
    """Why questions are due, and how many."""
    found = questions_due(diary.history, diary.at(day).date(), rules())
    return {d.because: len(d.questions) for d in found}


def test_first_and_then_weekly() -> None:
    diary = Diary()
    assert due(diary, 0) == {"first": 24}
    diary.all_clear(0, because="first")
    assert due(diary, 0) == {}
    assert due(diary, 6) == {}
    assert due(diary, 7) == {"weekly": 24}
    diary.all_clear(7)
    assert due(diary, 13) == {}
    assert due(diary, 14) == {"weekly": 24}


def test_one_that_is_open_is_not_asked_again() -> None:
    diary = Diary()
    diary.all_clear(0)
    diary.answer("fever", "yes", 0, 7.9)
    assert due(diary, 7) == {"weekly": 23}


@pytest.mark.parametrize(("pain", "asks"), [(4, False), (5, True), (6, True)])
def test_a_jump_of_three_over_the_usual_of_seven_days(pain: int, asks: bool) -> None:
    diary = Diary()
    diary.all_clear(0)
    for day, usual in enumerate([1, 2, 2, 3]):  # median 2
        diary.check_in(usual, day)
    diary.check_in(pain, 4)
    assert due(diary, 4) == ({"pain_jump": 24} if asks else {})
    diary.all_clear(4, 9.0, "pain_jump")
    assert due(diary, 4) == {}


def test_an_answer_before_the_jump_does_not_count() -> None:
    diary = Diary()
    diary.check_in(1, 0, 6.0)
    diary.all_clear(0, 7.0)
    diary.check_in(5, 0, 8.0)
    assert due(diary, 0) == {"pain_jump": 24}


def test_a_jump_that_lasts_is_asked_about_once_and_again_where_it_goes_higher() -> None:
    diary = Diary()
    diary.all_clear(0)
    for day in range(3):
        diary.check_in(1, day)
    diary.check_in(5, 3)
    assert due(diary, 3) == {"pain_jump": 24}
    diary.all_clear(3, 9.0, "pain_jump")
    diary.check_in(5, 4)
    assert due(diary, 4) == {}
    diary.check_in(6, 4, 20.0)
    assert due(diary, 4) == {"pain_jump": 24}


def test_pain_of_eight_asks_once_a_day() -> None:
    diary = Diary()
    diary.all_clear(0)
    diary.check_in(7, 1)
    assert due(diary, 1) == {}
    diary.check_in(8, 2)
    assert due(diary, 2) == {"pain_jump": 24}
    diary.all_clear(2, 8.0)
    diary.check_in(8, 2, 20.0)
    assert due(diary, 2) == {}


def test_at_a_flare_up_and_after_a_pause() -> None:
    diary = Diary()
    diary.all_clear(0)
    diary.event("flare_began", 2, who="person")
    assert due(diary, 2) == {"flare": 24}
    diary.all_clear(2, 13.0)
    assert due(diary, 3) == {}
    diary.event("flare_ended", 4)
    diary.session("walking", 4)
    assert due(diary, 8) == {}
    assert due(diary, 11) == {"after_pause": 24}
    diary.all_clear(11)
    assert due(diary, 12) == {}


def test_the_plan_waits_for_questions_that_are_due() -> None:
    diary = begun()
    diary.done("walking", 0, 1, 1)
    for day in range(1, 8):
        diary.check_in(1, day)
        diary.done("walking", day, 1, 1)
    before = diary.decide(6)
    decision: Decision = diary.decide(7)
    assert {library()[p.exercise].load for p in before.plan} > {"calm"}
    assert {library()[p.exercise].load for p in decision.plan} == {"calm"}
    assert [d.because for d in decision.questions_due] == ["weekly"]
    assert decision.state == "ACTIVE"
    assert decision.rule == "safety/due"


def test_the_text_as_shown_has_its_own_id() -> None:
    first, second = QUESTIONS[:2]
    assert first.text_id.startswith(f"{first.id}/")
    assert first.text_id != second.text_id
    assert first.model_copy(update={"text": "Another text?"}).text_id != first.text_id
    assert DAY0.year == 2026
