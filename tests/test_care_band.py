"""The band around a series: against a vector worked out by hand, and what it must never do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weeks import OTHER_MODEL, RULES, SIDE_BEND, bend_session, degrees, followed, history, measured_session, series

from checker.care.band import Step, band_of, local_level
from checker.care.records import Value
from checker.care.sem import Evidence
from checker.care.series import series_of
from checker.care.steadiness import Steadiness

DAYS = (0, 1, 3, 5, 8, 10)
VALUES = (22, 24, 23, 28, 33, 34.5)
MIDDLES = (22.00, 23.06, 23.03, 25.04, 28.50, 30.93)
HALVES = (7.07, 5.14, 4.67, 4.50, 4.66, 4.50)


def test_the_vector_of_the_design() -> None:
    steps = [Step(day, value, 4.3, 1.5) for day, value in zip(DAYS, VALUES, strict=True)]
    found = list(local_level(steps, 14.0))
    assert [x.middle for x in found] == pytest.approx(MIDDLES, abs=0.006)
    assert [x.half for x in found] == pytest.approx(HALVES, abs=0.006)
    assert [x.anew for x in found] == [True, False, False, False, False, False]


def test_a_series_has_the_band_of_its_days() -> None:
    known = Evidence(own=Steadiness(8, 4.3, 3.0, 6.0, 0.0, 1.0, False))
    found = band_of(series(VALUES, DAYS), RULES, known)
    assert [x.middle for x in found] == pytest.approx(MIDDLES, abs=0.006)
    assert [x.half for x in found] == pytest.approx(HALVES, abs=0.006)


def test_it_starts_anew_after_a_long_gap() -> None:
    found = band_of(series([20, 20, 40, 40], [0, 14, 28.1, 30]), RULES)
    assert [x.anew for x in found] == [True, False, True, False]
    assert found[2].middle == 40.0


def test_it_starts_anew_with_another_model() -> None:
    sessions = [bend_session(0, 20), bend_session(1, 20), bend_session(2, 40, model_sha256=OTHER_MODEL)]
    found = band_of(series_of(history(sessions), SIDE_BEND, RULES), RULES)
    assert [(x.anew, x.middle) for x in found] == [(True, 20.0), (False, 20.0), (True, 40.0)]


def test_it_moves_less_in_later_phases() -> None:
    early, late = (
        band_of(
            series_of(history([bend_session(d, v, phase=p) for d, v in ((0, 20), (4, 30))]), SIDE_BEND, RULES), RULES
        )
        for p in (3, 4)
    )
    assert late[1].middle < early[1].middle
    assert late[1].half < early[1].half


def test_where_nothing_was_felt_the_furthest_leads_it_and_it_is_open_above() -> None:
    nothing_felt = bend_session(0, degrees(30, above=True), furthest=34)
    found = band_of(series_of(history([nothing_felt, bend_session(1, 30)]), SIDE_BEND, RULES), RULES)
    assert (found[0].middle, found[0].open_above) == (34.0, True)
    assert not found[1].open_above


def test_hollow_points_are_left_out() -> None:
    sessions = [bend_session(0, 20), bend_session(1, 20), bend_session(2, 60, hour=20)]
    assert [x.middle for x in band_of(series_of(history(sessions), SIDE_BEND, RULES), RULES)] == [20.0, 20.0]


def test_counts_and_estimates_have_none() -> None:
    stands = measured_session(0, "sit_to_stand", repetitions=Value(value=9, unit="count", uncertainty=0))
    counts = series_of(history([stands]), followed("sit_to_stand", "repetitions"), RULES, "measure")
    lifted = measured_session(0, "bird_dog", hip_extension__left=degrees(15))
    lifts = series_of(history([lifted]), followed("bird_dog", "hip_extension", "left"), RULES, "measure")
    assert band_of(counts, RULES) == band_of(lifts, RULES) == []


@settings(max_examples=100)
@given(st.lists(st.tuples(st.floats(0, 13), st.floats(0, 90), st.floats(0.5, 9)), min_size=1, max_size=20))
def test_it_stays_among_the_values_and_is_never_wider_than_one_session(rows: list[tuple[float, float, float]]) -> None:
    day, steps = 0.0, []
    for gap, value, sem in rows:
        day += gap
        steps.append(Step(day, value, sem, 1.5))
    for level, step in zip(local_level(steps, 14.0), steps, strict=True):
        assert min(s.value for s in steps) - 1e-9 <= level.middle <= max(s.value for s in steps) + 1e-9
        assert 0 < level.half <= 1.645 * step.sem + 1e-9
