"""The weekly look: when it is due, what is told of each thing, and that the tests are planned with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from care_people import DAY0, Diary, library, rules, try_out
from weeks import RULES as CHANGE_RULES
from weeks import SIDE_BEND, bend_session, degrees, series
from weeks import history as weeks_of

from checker.care import weekly
from checker.care.change import change_of
from checker.care.programme import decide
from checker.care.progress import measured_movements, progress_of
from checker.care.records import ActivityAnswer, Outcome
from checker.care.sem import Evidence
from checker.care.steadiness import Steadiness


def someone(days: int = 0) -> Diary:
    """Somebody who began on day 0 with moderate pain, and did something on each day since."""
    diary = Diary()
    diary.begin({3: 6}, pain=4)
    for day in range(days):
        diary.session("walking", day)
    return diary


def due(diary: Diary, day: int) -> bool:
    return weekly.is_due(diary.history, DAY0 + timedelta(days=day), rules())


def outcome(diary: Diary, step: int, day: int) -> None:
    head = diary.head(day, 9.0)
    items = {"change": step}
    diary.add(
        "outcomes", Outcome(**head, instrument=weekly.OVERALL, version="1", language="en", items=items, score=step)
    )


def activity(diary: Diary, name: str, difficulty: int, day: int) -> None:
    diary.add("activities", ActivityAnswer(**diary.head(day, 9.0), activity=name, difficulty=difficulty))


def lines(diary: Diary, day: int, *tests: Any) -> dict[str, weekly.Line]:
    found = weekly.result(diary.history, DAY0 + timedelta(days=day), rules(), CHANGE_RULES, tests)
    return {line.what: line for line in found}


# --- when -----------------------------------------------------------------------------------------


def test_nobody_is_asked_before_the_programme_begins() -> None:
    assert not due(Diary(), 30)
    assert weekly.due_on(Diary().history, rules()) is None


@pytest.mark.parametrize(("day", "is_due"), [(1, False), (6, False), (7, True), (30, True)])
def test_it_is_due_on_every_seventh_day(day: int, is_due: bool) -> None:
    assert due(someone(), day) is is_due


def test_once_done_it_is_due_a_week_later() -> None:
    diary = someone()
    diary.event(weekly.DONE, 8, who="person")
    assert [due(diary, day) for day in (8, 14, 15)] == [False, False, True]
    assert weekly.last_done(diary.history) == DAY0 + timedelta(days=8)


def test_a_ladder_that_was_answered_halfway_through_leaves_it_due() -> None:
    diary = someone()
    diary.ladder({3: 5}, day=7)
    assert due(diary, 7)


def test_it_can_be_put_off_to_tomorrow_and_no_further() -> None:
    diary = someone()
    diary.event(weekly.PUT_OFF, 7, who="person")
    assert not due(diary, 7)
    assert due(diary, 8)


def test_it_is_not_in_the_way_in_a_flare() -> None:
    diary = someone(7)
    diary.today(0)
    diary.all_clear(7, because="weekly")
    assert due(diary, 7)
    diary.event("flare_began", 7, 8.0, who="person")
    diary.check_in(6, 7, 8.5)
    assert diary.today(7, 9.0).state == "FLARE"
    assert not due(diary, 7)


def test_an_open_safety_question_goes_before_it() -> None:
    diary = someone()
    diary.answer("fever", "yes", 7)
    assert not due(diary, 7)
    diary.release("fever", 7)
    assert due(diary, 7)


def test_after_it_the_criterion_of_a_step_holds() -> None:
    """What the phases from 4 on ask for is what the look asks."""
    days = {c.days for p in rules().phases for c in p.on if c.rule == "reevaluated"}
    assert days == {rules().advice.weekly.days}


def test_the_tests_are_planned_with_it_though_they_were_done_yesterday() -> None:
    diary = Diary()
    diary.begin({7: 5}, pain=4, onset=-5)  # begins in phase 2
    diary.today(0)
    for test in rules().phase(2).tests:
        diary.session(test, 0, **try_out(library()[test], 30))
    diary.check_in(3, 1)
    assert not [p for p in diary.decide(1).plan if p.is_test]
    diary.event(weekly.DONE, 1, 8.5, who="person")
    planned = [p for p in diary.decide(1).plan if p.is_test]
    assert {p.exercise for p in planned} == set(rules().phase(2).tests)
    assert all(p.to_first_pain and p.rule == "weekly/tests" for p in planned)
    diary.check_in(3, 2)
    assert not [p for p in diary.decide(2).plan if p.rule == "weekly/tests"]


# --- what is told ---------------------------------------------------------------------------------


def test_each_line_has_a_verdict_and_its_rule() -> None:
    diary = someone()
    diary.check_in(1, 8)
    activity(diary, "digging", 8, 0)
    activity(diary, "digging", 5, 8)
    diary.ladder({7: 5}, day=8)
    outcome(diary, 2, 8)
    found = lines(diary, 8)
    assert {what: line.verdict for what, line in found.items()} == {
        "Pain": "better",
        "Your activities": "better",
        "Digging": "better",
        "What is hard": "better",
        "Overall": "better",
    }
    assert found["What is hard"].sentence == "The lightest that is hard: sitting at first, bending and picking up now."
    assert found["Overall"].sentence == "Much better, you say."
    assert found["Overall"].rule == "By your own word, from “much better” or “much worse” on."
    assert "2 of 10 and 30%" in found["Pain"].rule
    assert "3 of 10" in found["Digging"].rule


@pytest.mark.parametrize(
    ("step", "verdict"), [(3, "better"), (1, "no_clear_change"), (-1, "no_clear_change"), (-2, "worse")]
)
def test_a_little_is_no_change_overall(step: int, verdict: str) -> None:
    diary = someone()
    outcome(diary, step, 8)
    assert lines(diary, 8)["Overall"].verdict == verdict


@pytest.mark.parametrize(("hard", "verdict"), [({2: 4}, "worse"), ({3: 4}, "no_clear_change"), ({}, "better")])
def test_the_ladder_by_its_lightest_hard_rung(hard: dict[int, int], verdict: str) -> None:
    diary = someone()
    diary.ladder(hard, day=8)
    assert lines(diary, 8)["What is hard"].verdict == verdict


def test_what_is_not_known_yet_has_no_verdict() -> None:
    diary = someone()
    activity(diary, "digging", 8, 0)
    found = lines(diary, 0)
    assert found["Pain"].verdict is None
    assert found["Your activities"].verdict is None
    assert "Overall" not in found


def test_the_activities_are_those_rated_last() -> None:
    diary = someone()
    assert weekly.activities_now(diary.history, rules()) == []
    for name in ("a", "b", "c"):
        activity(diary, name, 5, 0)
    for name in ("b", "d"):
        activity(diary, name, 5, 7)
    assert weekly.activities_now(diary.history, rules()) == ["b", "d"]


@pytest.mark.parametrize(
    ("values", "verdict", "news"),
    [
        ([20, 20], "no_clear_change", 0),
        ([20, 20, 32, 32], "better", 1),
        ([20, 20, 32, 32, 33], "better", 1),  # known since before, and no news now
        ([40, 40, 28, 28], "worse", 1),
        ([20, 20, 32, 32, 20, 20], "no_clear_change", 2),  # there and back
        ([20], None, 0),
    ],
)
def test_a_test_is_held_against_its_beginning(values: list[float], verdict: str | None, news: int) -> None:
    steady = Evidence(own=Steadiness(20, 2.0, 2.0, 2.0, 0.0, 1.0, True))
    change = change_of(series(values), CHANGE_RULES, steady)
    assert len(change.news) == news
    assert weekly.change_verdict(change) == verdict


def test_each_side_of_a_test_is_a_line_with_the_sentence_of_the_chart() -> None:
    of = weeks_of([bend_session(day, 20 + 4 * day, 30) for day in range(5)])
    today = date(2026, 11, 10)
    test = progress_of(of, library()["standing_side_bend"], today, CHANGE_RULES)
    found = [line for line in weekly.result(of, today, rules(), CHANGE_RULES, [test]) if "side bend" in line.what]
    assert [line.sentence for line in found] == [side.change.sentence for side in test.sides]
    assert found[0].what == "Standing side bend, left"
    assert "12° or more" in found[1].rule  # the table's 10, and what five sessions tell of it


# --- what has gone how ----------------------------------------------------------------------------


def test_tests_with_values_come_first_and_only_what_was_measured() -> None:
    diary = someone(3)
    for name in ("cat_cow", "standing_side_bend"):
        diary.session(name, 1, **try_out(library()[name], 30))
    diary.session("plank", 1, measured=True)  # no value in it
    assert measured_movements(diary.history, library()) == ["standing_side_bend", "cat_cow"]


def test_progress_of_a_test_has_both_sides_their_difference_and_a_target() -> None:
    of = weeks_of([bend_session(day, 20, degrees(35)) for day in range(3)])
    found = progress_of(of, library()["standing_side_bend"], date(2026, 11, 10), CHANGE_RULES)
    assert (found.what, found.sides[0].series.followed) == ("first", SIDE_BEND)
    assert found.against is not None
    assert found.against.state == "differ"
    assert found.targets == {"left": 35, "right": 35}
    assert found.sides[0].steady is None


def test_repeat_pairs_say_how_steady_it_is() -> None:
    first = bend_session(0, 20, 30)
    again = bend_session(0, 22, 30, hour=8.2, repeat_of=first.id)
    found = progress_of(weeks_of([first, again]), library()["standing_side_bend"], date(2026, 11, 10), CHANGE_RULES)
    steady = found.sides[0].steady
    assert steady is not None
    assert (steady.pairs, steady.mean_difference, steady.enough) == (1, 2, False)


def test_what_is_no_test_is_followed_by_its_measure() -> None:
    diary = someone()
    diary.session("standing_side_bend", 1, measures={"rom/left": degrees(20)})
    exercise = library()["standing_side_bend"]
    found = progress_of(diary.history, exercise, DAY0 + timedelta(days=2), CHANGE_RULES)
    assert found.what == "measure"
    assert decide(diary.history, DAY0 + timedelta(days=1), rules(), library()).state == "ACTIVE"
