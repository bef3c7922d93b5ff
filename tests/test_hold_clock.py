"""The clock of a hold, moment by moment."""

from __future__ import annotations

import numpy as np
import pytest

from checker.judging.holds import HoldClock
from checker.library import find_exercise

STEP_S = 0.1


def held_for(seconds: float, marks: dict[float, float]) -> float:
    """A plank that is kept for so long; at some times a fault is marked, since an earlier time."""
    exercise = find_exercise("plank")
    units = dict.fromkeys(exercise.signals, "deg")
    kept = {"body_line": 0.0, "trunk_rise": 10.0, "knee_flexion": 0.0, "hips_off_floor": 0.8}
    clock = HoldClock(exercise, dict.fromkeys(units, 0.0), units)
    for i in range(round(seconds / STEP_S) + 1):
        t_s = round(i * STEP_S, 3)
        clock.feed_posture(t_s, kept, seen=True)
        if t_s in marks:
            clock.mark_bad_form(marks[t_s])
    return clock.held_s


def test_in_good_form_all_of_it_counts() -> None:
    assert held_for(10.0, {}) == pytest.approx(10.0)


def test_a_fault_that_becomes_certain_takes_back_the_time_since_it_began() -> None:
    assert held_for(10.0, {6.0: 4.0}) == pytest.approx(10.0 - 2.2, abs=0.01)


def test_a_fault_reaches_back_behind_another_one_that_came_and_went() -> None:
    both = held_for(10.0, {5.0: 4.0, 7.0: 2.0})
    assert both == pytest.approx(held_for(10.0, {7.0: 2.0}))
    assert both == pytest.approx(10.0 - 5.2, abs=0.01)


def test_of_a_long_posture_no_second_is_lost_where_moments_are_forgotten() -> None:
    assert held_for(700.0, {}) == pytest.approx(700.0)
    assert np.isfinite(held_for(700.0, {650.0: 600.0}))
    assert held_for(700.0, {650.0: 640.0}) == pytest.approx(700.0 - 10.2, abs=0.01)
