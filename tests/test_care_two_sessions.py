"""Two sessions, or two sides of one: when they compare, and when they differ by more than chance."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from weeks import (
    OTHER_FILE,
    OTHER_MODEL,
    RULES,
    bend_session,
    check_in,
    degrees,
    episode,
    history,
    measured_session,
)

from checker.assessment import DoseRef
from checker.care.change_words import ESTIMATE, NO_RULE, OPEN
from checker.care.records import History, Session, Setting, Value
from checker.care.sem import Evidence, chosen_sem, smallest_change, technical_sem
from checker.care.side_words import LEANS, NOT_TOLD
from checker.care.two_sessions import WORDS, Difference, Unlike, two_sessions, two_sides, unlike
from checker.library import find_exercise

BEND = find_exercise("standing_side_bend")
THRICE = DoseRef(phases=[2], repetitions=3, most=None, hold_s=None, duration_s=None)


def apart(now: Session, then: Session | None = None, **more: Any) -> tuple[Unlike, ...]:
    then = then or bend_session(0, 20)
    return unlike(history([then, now], **more), then, now, RULES)


def left(then: Session, now: Session, *others: Session, why: tuple[Unlike, ...] = ()) -> Difference:
    return two_sessions(history([*others, then, now]), BEND, then, now, RULES, why)[0]


# --- whether they compare ---------------------------------------------------------------------------


def test_alike_sessions_compare() -> None:
    assert apart(bend_session(3, 24)) == ()


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (bend_session(3, 24, model_sha256=OTHER_MODEL), Unlike.MODEL),
        (bend_session(3, 24, exercise_sha256=OTHER_FILE), Unlike.RULES),
        (bend_session(3, 24, hour=11.5), Unlike.TIME),
        (bend_session(3, 24, setting=Setting(view="left_side")), Unlike.VIEW),
        (bend_session(3, 24, setting=Setting(view="front", device="another camera")), None),
        (bend_session(3, 24, to_first_pain=False), Unlike.PROTOCOL),
    ],
)
def test_what_differs_is_told(now: Session, why: Unlike | None) -> None:
    assert apart(now) == (() if why is None else (why,))


def test_a_camera_that_stood_elsewhere_is_told() -> None:
    then = bend_session(0, 20, setting=Setting(view="front", yaw_deg=0.0, distance_t=4.0))
    for setting in (
        Setting(view="front", yaw_deg=16.0, distance_t=4.0),
        Setting(view="front", yaw_deg=0.0, distance_t=5.5),
    ):
        assert apart(bend_session(3, 24, setting=setting), then) == (Unlike.CAMERA,)


def test_one_painkiller_day_differs_and_two_are_alike() -> None:
    then, now = bend_session(0, 20), bend_session(3, 24)
    one = check_in(3, 7.5, painkiller=True)
    assert apart(now, then, check_ins=(one,)) == (Unlike.PAINKILLER,)
    assert apart(now, then, check_ins=(check_in(0, 7.5, painkiller=True), one)) == ()


def test_a_new_episode_lies_between() -> None:
    found = apart(bend_session(3, 24), episodes=(episode(date(2026, 10, 30)), episode(date(2026, 11, 4))))
    assert found == (Unlike.EPISODE,)


def test_another_dose_is_told_whatever_its_phase_and_an_unknown_one_is_not() -> None:
    then, now = bend_session(0, 20), bend_session(3, 24)
    of = history([then, now])
    for other, why in (
        (THRICE.model_copy(update={"repetitions": 8}), (Unlike.DOSE,)),
        (THRICE.model_copy(update={"hold_s": 5.0}), (Unlike.DOSE,)),
        (THRICE.model_copy(update={"phases": [3]}), ()),
        (None, ()),
    ):
        assert unlike(of, then, now, RULES, (THRICE, other)) == why


def test_all_that_differs_is_told_together() -> None:
    now = bend_session(3, 24, hour=18, model_sha256=OTHER_MODEL)
    found = apart(now)
    assert found == (Unlike.MODEL, Unlike.TIME)
    assert left(bend_session(0, 20), now, why=found).sentence == (
        "Comfortable side bend to the left: 20° on 2 November, 24° on 5 November. Nothing is told of the difference: "
        "the pose models were not the same and they were at different times of day."
    )
    assert set(WORDS) == set(Unlike)


# --- whether they differ ----------------------------------------------------------------------------


def test_more_than_chance_is_told_with_what_it_still_takes() -> None:
    found = left(bend_session(0, 20), bend_session(3, 35))
    assert (found.verdict, found.delta, found.limit) == ("more", 15.0, pytest.approx(10.0))
    assert found.sentence == (
        "Comfortable side bend to the left: 20° on 2 November, 35° on 5 November: 15° more. That is more than "
        "measuring and good and bad days explain. It counts as a change once two sessions in a row show it."
    )
    assert left(bend_session(0, 35), bend_session(3, 20)).verdict == "less"


def test_less_cannot_be_told_from_chance() -> None:
    found = left(bend_session(0, 20), bend_session(3, 24))
    assert found.verdict == "chance"
    assert found.sentence.endswith("The difference of 4° cannot be told from chance: it would have to be 10° or more.")


def test_the_limit_is_that_of_change_by_what_was_known_before() -> None:
    sessions = [bend_session(n, value) for n, value in enumerate((30, 18, 31, 19, 44))]
    found = two_sessions(history(sessions), BEND, sessions[0], sessions[-1], RULES, ())[0]
    known = chosen_sem(technical_sem([3.2]), 10.0, Evidence(values=(30.0, 18.0, 31.0, 19.0)), RULES)
    assert found.limit == pytest.approx(smallest_change(known.value))
    assert found.verdict == "chance", "of somebody who scatters so much"
    assert left(bend_session(0, 30), bend_session(9, 44)).verdict == "more"


def test_a_difference_is_no_part_of_the_chance_that_it_is_held_against() -> None:
    limits = [left(bend_session(0, 20), bend_session(3, x)).limit for x in (21, 40, 80)]
    assert limits == pytest.approx([10.0] * 3)


def test_a_later_session_says_nothing_of_an_earlier_pair() -> None:
    then, now = bend_session(0, 20), bend_session(1, 31)
    wild = [bend_session(n, value) for n, value in enumerate((60, 5, 60), 5)]
    assert left(then, now, *wild) == left(then, now)


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        (degrees(20), degrees(35, above=True), "more"),
        (degrees(35, above=True), degrees(20), "less"),
        (degrees(20, above=True), degrees(35), "open"),
        (degrees(35), degrees(20, above=True), "open"),
        (degrees(20), degrees(22, above=True), "open"),
    ],
)
def test_of_more_than_only_what_is_certain_is_told(then: Value, now: Value, verdict: str) -> None:
    found = left(bend_session(0, then), bend_session(3, now))
    assert found.verdict == verdict
    assert (OPEN in found.sentence) == (verdict == "open")
    assert "more than" in found.sentence


def test_one_that_was_not_measured_has_no_difference() -> None:
    found = left(bend_session(0, None), bend_session(3, 24))
    assert (found.verdict, found.delta) == ("not_measured", None)
    assert found.sentence == "Comfortable side bend to the left: not measured on 2 November, 24° on 5 November."


def test_two_of_one_day_are_told_by_their_hour_and_two_of_different_years_by_their_year() -> None:
    assert "20° at 08:00, 21° at 09:00" in left(bend_session(0, 20), bend_session(0, 21, hour=9.0)).sentence
    unknown = bend_session(0, 21, hour=9.0, hour_known=False)
    assert "20° at 08:00, 21° at an hour that is not known" in left(bend_session(0, 20), unknown).sentence
    assert "20° on 2 November 2026, 21° on 1 January 2027" in left(bend_session(0, 20), bend_session(60, 21)).sentence


def test_of_an_estimate_and_of_what_has_no_rule_nothing_is_told() -> None:
    seated, hinge = find_exercise("breathing"), find_exercise("standing_hip_hinge")
    for exercise in (seated, hinge):
        keys = {f"{m.id}": Value(value=10.0, unit="deg", uncertainty=2.0) for m in exercise.measures}
        then, now = (
            measured_session(day, exercise.id, **keys).model_copy(update={"to_first_pain": False}) for day in (0, 3)
        )
        for found in two_sessions(history([then, now]), exercise, then, now, RULES, ()):
            if found.verdict == "not_told":
                assert found.sentence.endswith((ESTIMATE, NO_RULE))
            else:
                assert found.verdict == "chance"


def test_the_main_measure_is_first_and_each_side_by_itself() -> None:
    then, now = bend_session(0, 20, 22, furthest=30), bend_session(3, 35, 24, furthest=31)
    found = two_sessions(history([then, now]), BEND, then, now, RULES, ())
    assert [(d.name, d.side, d.verdict) for d in found] == [
        ("comfortable side bend to the left", "left", "more"),
        ("comfortable side bend to the right", "right", "chance"),
        ("furthest side bend to the left", "left", "chance"),
        ("furthest side bend to the right", "right", "chance"),
    ]


# --- the two sides ----------------------------------------------------------------------------------


def sides(session: Session, of: History | None = None) -> Difference:
    [found] = two_sides(of or history([session]), find_exercise(session.exercise), session, RULES)
    return found


def test_sides_that_differ_by_more_than_measuring_explains() -> None:
    found = sides(bend_session(0, 31, 19))
    assert (found.verdict, found.delta) == ("less", -12.0)
    assert found.sentence == (
        "Comfortable side bend: 31° to the left, 19° to the right: 12° further to the left. That is more than "
        "measuring explains. It counts as a difference once two sessions show it."
    )
    assert sides(bend_session(0, 19, 31)).verdict == "more"


def test_sides_that_do_not() -> None:
    found = sides(bend_session(0, 25, 19))
    assert found.verdict == "chance"
    assert "6° cannot be told from chance" in found.sentence
    assert sides(bend_session(0, degrees(25, above=True), 19)).verdict == "open"
    assert sides(bend_session(0, degrees(35, above=True), 19)).verdict == "less"


def test_sides_are_not_told_from_a_crooked_start_of_a_turn_and_of_what_was_not_measured() -> None:
    assert sides(bend_session(0, 31, 19, start=7.0)).sentence.endswith(LEANS)
    turn = sides(bend_session(0, 40, 60, exercise="standing_trunk_rotation"))
    assert turn.sentence.endswith(f"40° to the left, 60° to the right. {NOT_TOLD}")
    assert sides(bend_session(0, 31, None)).sentence == "Comfortable side bend: the right was not measured."


def test_a_movement_without_such_sides_has_none() -> None:
    session = bend_session(0, exercise="cat_cow")
    assert two_sides(history([session]), find_exercise("cat_cow"), session, RULES) == []
