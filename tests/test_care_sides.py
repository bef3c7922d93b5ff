"""Left against right: in two sessions, never of a turn, and not from a crooked start."""

from __future__ import annotations

import pytest
from weeks import (
    RULES,
    SIDE_BEND,
    SIDE_BEND_RIGHT,
    bend_session,
    check_in,
    degrees,
    followed,
    history,
    measured_session,
    series,
)

from checker.care.lean import start_lean
from checker.care.records import History, Session
from checker.care.series import series_of
from checker.care.sides import Sides, compare_sides


def sides(*sessions: Session, **more: object) -> Sides:
    return _compared(history(sessions, **more))


def _compared(of: History) -> Sides:
    return compare_sides(series_of(of, SIDE_BEND, RULES), series_of(of, SIDE_BEND_RIGHT, RULES), RULES)


def test_a_difference_in_two_sessions_is_told_in_degrees_with_both_values() -> None:
    found = sides(bend_session(0, 31, 20), bend_session(1, 31, 19))
    assert found.state == "differ"
    assert found.sentence == (
        "Left and right differ by 12°, in two sessions: 31° to the left, 19° to the right. "
        "That is more than measuring explains."
    )
    assert [(p.difference, p.total, p.further) for p in found.pairs] == [(11, 51, "left"), (12, 50, "left")]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([(31, 20)], "too_few"),
        ([(31, 20), (None, 20)], "too_few"),
        ([(31, 20), (29.9, 20)], "no_clear_difference"),
        ([(31, 20), (20, 31)], "no_clear_difference"),
        ([(31, 20), (25, 25), (31, 20)], "no_clear_difference"),
        ([(25, 25), (20, 30), (20, 30)], "differ"),
    ],
)
def test_it_takes_two_sessions_to_the_same_side(rows: list[tuple[float | None, float]], state: str) -> None:
    assert sides(*(bend_session(d, left, right) for d, (left, right) in enumerate(rows))).state == state


def test_two_sessions_of_one_day_are_one() -> None:
    assert sides(bend_session(0, 31, 20), bend_session(0, 31, 20, hour=9)).state == "too_few"


def test_a_painkiller_is_the_same_for_both_sides() -> None:
    taken = tuple(check_in(d, 7.9, painkiller=True) for d in (0, 1))
    assert sides(bend_session(0, 31, 20), bend_session(1, 31, 20), check_ins=taken).state == "differ"


def test_less_certain_values_need_a_larger_difference() -> None:
    vague = [bend_session(d, degrees(32, u90=10), degrees(20, u90=10)) for d in (0, 1)]
    found = sides(*vague)
    assert found.state == "no_clear_difference"
    assert found.sentence == "No clear difference between left and right: under 15° can be chance."


@pytest.mark.parametrize(("start", "state"), [(4.9, "differ"), (5.1, "leans"), (-5.1, "leans"), (None, "differ")])
def test_sides_are_not_compared_from_a_crooked_start(start: float | None, state: str) -> None:
    assert sides(*(bend_session(d, 31, 20, start=start) for d in (0, 1))).state == state


def test_more_than_counts_only_for_the_further_side() -> None:
    open_left = [bend_session(d, degrees(31, above=True), 20) for d in (0, 1)]
    open_right = [bend_session(d, 31, degrees(20, above=True)) for d in (0, 1)]
    assert sides(*open_left).state == "differ"
    assert "more than 31° to the left" in sides(*open_left).sentence
    assert sides(*open_right).state == "no_clear_difference"


@pytest.mark.parametrize("values", [(60, 10), (10, 60)])
def test_of_a_turn_nothing_is_told(values: tuple[float, float]) -> None:
    turns = history([bend_session(d, *values, exercise="standing_trunk_rotation") for d in range(6)])
    left, right = (
        series_of(turns, followed("standing_trunk_rotation", "trunk_rotation", side), RULES)
        for side in ("left", "right")
    )
    assert len(left.usable) == len(right.usable) == 6
    found = compare_sides(left, right, RULES)
    assert (found.state, found.pairs) == ("not_told", ())


def test_an_unchecked_signal_tells_no_difference() -> None:
    lifts = history(
        [
            measured_session(d, "bird_dog", hip_extension__left=degrees(60), hip_extension__right=degrees(10))
            for d in range(3)
        ]
    )
    left, right = (
        series_of(lifts, followed("bird_dog", "hip_extension", side), RULES, "measure") for side in ("left", "right")
    )
    assert compare_sides(left, right, RULES).state == "not_told"


def test_two_left_sides_are_refused() -> None:
    with pytest.raises(ValueError, match="expected the left and the right side of one measure"):
        compare_sides(series([20]), series([20]), RULES)


@pytest.mark.parametrize(
    ("starts", "sentence"),
    [
        ([-6, -7], "Starts leaning to the right by 7°, in two sessions."),
        ([6, 8], "Starts leaning to the left by 8°, in two sessions."),
        ([6, -8], None),
        ([7], None),
        ([7, 4], None),
        ([7, None], None),
        ([], None),
    ],
)
def test_a_start_that_leans_is_told_to_the_physio(starts: list[float | None], sentence: str | None) -> None:
    sessions = [bend_session(d, 20, start=s) for d, s in enumerate(starts)]
    found = start_lean(series_of(history(sessions), SIDE_BEND, RULES), RULES)
    assert (found.sentence if found else None) == sentence
