"""A flare-up: how it begins, what is done in it, when it is over, and when somebody should look."""

from __future__ import annotations

import pytest
from care_people import Diary, library, rules

from checker.care.decision import Decision


def usual(pain: int = 2, phase: int = 4, days: int = 3) -> Diary:
    """Some days in a phase with the same pain."""
    diary = Diary()
    diary.begin({7: 5}, pain, onset=-20)
    diary.event("phase_set", 0, 7.8, data={"phase": phase})
    diary.today(0)
    for day in range(1, days):
        diary.check_in(pain, day)
        diary.today(day)
    return diary


def flared(phase: int = 4, before: int = 2) -> Diary:
    """A flare-up on day 3, told by the person; the safety questions answered."""
    diary = usual(before, phase)
    diary.check_in(5, 3, 6.9)
    diary.event("flare_began", 3, 7.0, who="person")
    diary.all_clear(3, 7.5, "flare")
    diary.today(3)
    return diary


def test_the_person_says_so() -> None:
    diary = usual()
    diary.event("flare_began", 3, 7.0, who="person")
    decision = diary.decide(3)
    assert (decision.state, decision.moved, decision.rule) == ("FLARE", "flare", "flare/told")
    assert [q.because for q in decision.questions_due] == ["flare"]
    assert {library()[p.exercise].load for p in decision.plan} == {"calm"}, "the questions come first"
    assert decision.flare is not None
    assert (decision.flare.usual, decision.flare.visible) == (2.0, 4)
    assert "You keep what you have gained" in decision.reason


@pytest.mark.parametrize(
    ("first", "second", "hours", "keeps", "flare"),
    [
        (4, 4, 12, True, True),
        (4, 4, 11.9, True, False),
        (3, 4, 12, True, False),
        (4, 3, 12, True, False),
        (4, 4, 12, False, False),
        (4, 4, 12, None, False),
        (9, 5, 24, True, True),
    ],
)
def test_pain_two_over_the_usual_twice_twelve_hours_apart_that_keeps_from_something(
    first: int, second: int, hours: float, keeps: bool | None, flare: bool
) -> None:
    diary = usual(2)
    diary.check_in(first, 3, 8.0)
    diary.check_in(second, 3, 8.0 + hours, keeps_from_something=keeps)
    day = 3 if hours < 16 else 4
    assert (diary.decide(day).state == "FLARE") is flare
    if flare:
        assert f"Pain was {first} and {second}" in diary.decide(day).reason


def test_one_that_was_better_in_between_is_none() -> None:
    diary = usual(2)
    diary.check_in(5, 3, 8.0)
    diary.check_in(2, 3, 14.0)
    diary.check_in(5, 3, 21.0, keeps_from_something=True)
    assert diary.decide(3).state == "ACTIVE"


def test_the_plan_is_of_an_early_phase_at_half_and_without_tests_for_a_day() -> None:
    diary = flared()
    decision = diary.decide(3)
    names = [p.exercise for p in decision.plan]
    assert names[0] == "walking"
    assert set(names) <= set(rules().phase(2).exercises)
    assert not any(p.is_test for p in decision.plan)
    assert all(p.share == "half" for p in decision.plan if library()[p.exercise].load != "calm")
    assert next(p for p in decision.plan if p.exercise == "walking").share == "full"
    diary.check_in(5, 4)
    assert not any(p.is_test for p in diary.today(4).plan)
    diary.check_in(4, 5)
    assert any(p.is_test for p in diary.today(5).plan)
    assert diary.decide(5).visible == 4, "nothing gained is lost"


def test_a_severe_one_has_the_first_phase() -> None:
    diary = flared()
    diary.ladder({2: 8}, 3, 7.9)
    assert {p.exercise for p in diary.decide(3).plan} <= set(rules().phase(1).exercises)


def over(diary: Diary) -> Decision:
    diary.check_in(3, 4, 8.0)
    assert diary.today(4).state == "FLARE"
    diary.check_in(3, 5, 7.9)
    assert diary.today(5).state == "FLARE", "a day apart"
    diary.check_in(3, 5, 9.0)
    return diary.today(5, 9.1)


@pytest.mark.parametrize(("phase", "after"), [(1, 1), (4, 3), (6, 5), (8, 7), (9, 8)])
def test_it_is_over_near_the_usual_twice_a_day_apart_and_goes_on_one_lower(phase: int, after: int) -> None:
    diary = flared(phase)
    decision = over(diary)
    assert (decision.state, decision.moved, decision.visible) == ("ACTIVE", "flare_over", after)
    assert decision.flare is None
    if phase == 4:
        for day in (5, 6, 7):
            diary.done("cat_cow", day, 1, 1, "not_raised")
            diary.check_in(1, day + 1)
            decision = diary.today(day + 1)
        assert decision.visible == 4, "three good sessions"


def test_pain_above_does_not_end_it() -> None:
    diary = flared()
    for day in range(4, 9):
        diary.check_in(4, day)
        assert diary.today(day).state == "FLARE"


def test_a_physio_ends_it_and_a_lock_keeps_the_phase() -> None:
    diary = flared()
    diary.event("flare_ended", 4, 7.0, who="person")
    assert diary.decide(4).state == "FLARE"
    diary.event("locked", 4, 7.0)
    diary.event("flare_ended", 4, 7.1, name="Kim")
    decision = diary.decide(4)
    assert (decision.state, decision.visible) == ("ACTIVE", 4)
    assert "Kim" in decision.reason


def test_not_easing_in_72_hours() -> None:
    diary = flared()
    for day in (4, 5, 6):
        diary.check_in(5, day)
        said = {a.rule for a in diary.today(day).advice}
        assert ("advice/flare_not_easing" in said) is (day == 6)


@pytest.mark.parametrize(
    ("pains", "told"),
    [
        ((3, 3, 3, 3), False),  # from 5: down by two
        ((4, 4, 4, 4), True),  # down by one, a fifth
        ((7, 7, 5, 5), True),
        ((5, 5, 5, 3), False),  # eased late
        ((5,), False),  # nothing was told after 72 hours
    ],
)
def test_one_that_has_eased_is_not_said_to_be_not_easing(pains: tuple[int, ...], told: bool) -> None:
    diary = flared(before=1)
    for day, pain in enumerate(pains, start=4):
        diary.check_in(pain, day)
        diary.today(day)
    decision = diary.today(7, 9.0)
    assert decision.state == "FLARE", "it goes on"
    said = {a.rule for a in decision.advice}
    assert ("advice/flare_not_easing" in said) is told


@pytest.mark.parametrize(("hour", "told"), [(0.1, False), (22.1, False), (22.3, True)])
def test_72_hours_are_no_three_dates(hour: float, told: bool) -> None:
    diary = usual()
    diary.check_in(5, 3, 22.1)
    diary.event("flare_began", 3, 22.2, who="person")
    diary.all_clear(3, 22.3, "flare")
    diary.today(3, 22.4)
    diary.check_in(5, 6, hour)
    assert ("advice/flare_not_easing" in {a.rule for a in diary.decide(6).advice}) is told


def test_the_pain_of_the_morning_before_it_is_not_its_first() -> None:
    diary = usual()
    diary.check_in(2, 3, 7.0)
    diary.event("flare_began", 3, 15.0, who="person")
    diary.all_clear(3, 15.1, "flare")
    diary.today(3, 15.2)
    diary.check_in(7, 4)
    diary.check_in(5, 7)
    assert "advice/flare_not_easing" not in {a.rule for a in diary.decide(7).advice}, "eased from 7 to 5"


def test_the_third_in_28_days_is_for_a_physio() -> None:
    diary = usual()
    day = 3
    for number in range(1, 4):
        diary.check_in(5, day, 6.9)
        diary.event("flare_began", day, 7.0, who="person")
        diary.all_clear(day, 7.5, "flare")
        decision = diary.today(day)
        assert ("advice/flares_often" in {a.rule for a in decision.advice}) is (number == 3)
        for later in (1, 2):
            diary.check_in(2, day + later)
            diary.today(day + later)
        day += 5
        diary.done("walking", day - 2, 2, 2)
    assert diary.decide(day).state == "ACTIVE"


def test_a_pause_in_a_flare_up_goes_on_one_lower() -> None:
    diary = flared()
    diary.done("walking", 3, 5, 5)
    assert diary.today(9).state == "FLARE"
    paused = diary.today(11)
    assert (paused.state, paused.flare, paused.visible) == ("PAUSED", None, 3)


def test_a_safety_question_goes_before_it() -> None:
    diary = flared()
    diary.answer("bladder", "yes", 4)
    assert diary.decide(4).state == "BLOCKED"
    assert diary.decide(4).plan == []
