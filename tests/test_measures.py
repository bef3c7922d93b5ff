"""What is reported of the repetitions and holds: each kind of measure, and why there is none.

Signals are drawn by hand over a minute at 20 frames a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_analysis import make_exercise

from checker import reasons
from checker.assessment import Measure, ViewResult
from checker.exercise import Exercise
from checker.judging.bouts import Bout
from checker.judging.measures import HOLD_ERROR_S, measure
from checker.judging.series import Series
from checker.reasons import Reason
from checker.signals import CATALOGUE

T_S = np.arange(1200) / 20.0
WHY = {"source": "of the test", "status": "clinical judgement"}
STRAIGHT_ON = ViewResult(expected="side", measured="left_side", yaw_deg=0.0, ok=True)
HOLD = (5.0, 55.0)


def exercise(of: str, on: str = "trunk_flexion", sides: str = "both", hold: bool = False, **rule: Any) -> Exercise:
    """A movement of which one thing is reported."""
    measures = [{"id": "told", "name": "What is told", "signal": on, "of": of, **WHY, **rule}]
    if of in {"hold_time", "count"}:
        del measures[0]["signal"]
    counted = None if hold else {"signal": on, "sides": sides, "min_excursion": 1, **WHY}
    return make_exercise(
        view=CATALOGUE[on].view if CATALOGUE[on].view != "any" else "side",
        repetition=counted,
        hold=WHY if hold else None,
        measures=measures,
        faults=[],
    )


def movement(start_s: float, end_s: float, side: str = "both", hold_s: float = 1.0) -> Bout:
    """A second out and a second back."""
    start, end = np.searchsorted(T_S, [start_s, end_s])
    return Bout(
        side=side,
        start=int(start),
        peak=int((start + end) // 2),
        end=int(end),
        start_s=start_s,
        peak_s=(start_s + end_s) / 2,
        end_s=end_s,
        reached_s=start_s + 1.0,
        left_s=end_s - 1.0,
        excursion=30.0,
        hold_s=hold_s,
        negative=side in {"right", "cat"},
    )


def held(start_s: float = HOLD[0], end_s: float = HOLD[1]) -> Bout:
    start, end = np.searchsorted(T_S, [start_s, end_s])
    middle_s = (start_s + end_s) / 2
    places = {"side": "both", "start": int(start), "peak": int((start + end) // 2), "end": int(end)}
    moments = {"start_s": start_s, "peak_s": middle_s, "end_s": end_s, "reached_s": start_s, "left_s": end_s}
    return Bout(**places, **moments, excursion=float("nan"), hold_s=end_s - start_s)


def told(
    asked: Exercise,
    x: np.ndarray | None = None,
    bouts: list[Bout] | None = None,
    baseline: float = 0.0,
    reason: Reason | None = None,
    hidden: Reason | None = None,
    view: ViewResult = STRAIGHT_ON,
) -> list[Measure]:
    name = asked.measures[0].on or "trunk_flexion"
    rule = asked.repetition
    signals = Series(
        t_s=T_S,
        values={name: np.zeros(len(T_S)) if x is None else x},
        baseline={name: np.full(len(T_S), baseline)},
        units={name: CATALOGUE[name].unit},
        hidden={} if hidden is None else {name: hidden},
        bouts=bouts or [],
        falling=frozenset([rule.signal] if rule and rule.direction == "fall" else []),
        counted=rule.signal if rule else None,
    )
    out = measure(asked, signals, view, reason)
    for m in out:
        assert (m.value is None) == (m.uncertainty is None) == (m.reason is not None) == (m.status == "not_measured")
        assert (m.reason is None) == (m.reason_code is None)
    return out


def one(*args: Any, **kwargs: Any) -> Measure:
    (m,) = told(*args, **kwargs)
    return m


def levels(*values: float) -> np.ndarray:
    """Ten seconds at each value."""
    return np.repeat(values, 200).astype(float)


def at(*starts_s: float, side: str = "both") -> list[Bout]:
    """Repetitions of eight seconds whose peaks lie within one level."""
    return [movement(s, s + 8.0, side) for s in starts_s]


# --- change and value --------------------------------------------------------------------------


def test_a_change_is_the_median_over_the_repetitions_from_the_start_posture() -> None:
    m = one(exercise("change"), levels(30, 34, 60, 0, 0, 0), at(1.0, 11.0, 21.0), baseline=4.0)
    assert (m.value, m.best, m.unit, m.repetitions) == (30.0, 56.0, "deg", 3)
    assert m.uncertainty > CATALOGUE["trunk_flexion"].errors.error_90


def test_a_value_is_as_it_is_whatever_the_start() -> None:
    m = one(exercise("value"), levels(10, 14, 12, 0, 0, 0), at(1.0, 11.0, 21.0), baseline=50.0)
    assert (m.value, m.best) == (12.0, 14.0)


def test_only_the_peak_is_looked_at_and_not_the_way_there() -> None:
    x = np.where((T_S >= 2.0) & (T_S <= 8.0), 33.0, 99.0)
    assert one(exercise("value"), x, at(1.0)).value == 33.0


def test_a_signal_that_falls_is_told_as_a_positive_size() -> None:
    falls = {"signal": "trunk_flexion", "sides": "both", "direction": "fall", "min_excursion": 1, **WHY}
    asked = exercise("change").model_copy(update={"repetition": type(exercise("change").repetition)(**falls)})
    assert one(asked, levels(20, 0, 0, 0, 0, 0), at(1.0), baseline=60.0).value == 40.0


def test_each_side_has_its_own_positive_range() -> None:
    asked = exercise("change", "leg_flexion", "signed")
    x = levels(40, -70, 44, -74, 0, 0)
    bouts = [*at(1.0, 21.0, side="left"), *at(11.0, 31.0, side="right")]
    assert {m.side: m.value for m in told(asked, x, bouts)} == {"left": 42.0, "right": 72.0}


def test_one_side_alone_leaves_the_other_not_measured() -> None:
    left, right = told(exercise("change", "leg_flexion", "signed"), levels(40, 0, 0, 0, 0, 0), at(1.0, side="left"))
    assert left.value == 40.0
    assert right.reason == "no repetition to the right was counted"


def test_a_signal_without_sides_is_not_turned_round_on_the_right() -> None:
    asked = exercise("change", "straight_knee", "signed").model_copy(
        update={"repetition": exercise("change", "leg_flexion", "signed").repetition}
    )
    x = levels(12, 14, 0, 0, 0, 0)  # the knee bends by as much, whichever leg is raised
    bouts = [*at(1.0, side="left"), *at(11.0, side="right")]
    assert {m.side: m.value for m in told(asked, x, bouts)} == {"left": 12.0, "right": 14.0}


def test_a_length_is_told_finer_than_an_angle() -> None:
    m = one(exercise("change", "shoulder_rise"), levels(0.123, 0, 0, 0, 0, 0), at(1.0))
    assert (m.value, m.unit) == (0.12, "T")


@pytest.mark.parametrize(("value", "band"), [(10.0, "under 20°"), (30.0, "20 to 40°"), (50.0, "over 40°")])
def test_the_class_a_value_falls_in(value: float, band: str) -> None:
    asked = exercise("change", bands=[20, 40])
    assert one(asked, levels(value, 0, 0, 0, 0, 0), at(1.0)).band == band


def test_a_gap_at_one_peak_leaves_the_other_repetitions() -> None:
    x = levels(30, 40, 50, 0, 0, 0)
    x[200:400] = np.nan
    m = one(exercise("change"), x, at(1.0, 11.0, 21.0))
    assert m.value == 40.0
    assert m.best == 50.0


# --- spread ------------------------------------------------------------------------------------


def test_the_spread_is_where_it_stays_for_most_of_the_time() -> None:
    x = np.interp(T_S, HOLD, (0.0, 10.0))  # nine tenths of an even drift
    m = one(exercise("spread", hold=True), x, [held()])
    assert m.value == pytest.approx(9.0, abs=0.05)


def test_a_moment_of_a_wild_signal_does_not_widen_the_spread() -> None:
    x = np.where((T_S > 20.0) & (T_S < 21.5), 40.0, 3.0)
    assert one(exercise("spread", hold=True), x, [held()]).value == 0.0


def test_what_comes_before_and_after_is_not_in_the_spread() -> None:
    x = np.where(np.abs(T_S - 30.0) <= 25.0, 3.0, 80.0)
    assert one(exercise("spread", hold=True), x, [held()]).value == 0.0


# --- rate --------------------------------------------------------------------------------------


def breathing(per_minute: float, size: float = 0.05, t_s: np.ndarray = T_S) -> np.ndarray:
    return size * np.sin(2 * np.pi * per_minute / 60.0 * t_s)


RATE = exercise("rate", "shoulder_rise", hold=True)


@pytest.mark.parametrize("per_minute", [6.0, 7.0, 9.5, 12.0, 15.0, 20.0, 30.0])
@pytest.mark.parametrize("sigma", [0.0, 0.01])
def test_a_clear_rhythm_is_told(per_minute: float, sigma: float) -> None:
    x = breathing(per_minute) + np.random.default_rng(1).normal(0.0, sigma, len(T_S))
    m = one(RATE, x, [held()])
    assert m.unit == "1/min"
    assert m.value == pytest.approx(per_minute, abs=1.0)
    assert abs(m.value - per_minute) <= m.uncertainty


@given(per_minute=st.floats(5, 40), phase_s=st.floats(0, 10), drift=st.floats(-0.05, 0.05), seed=st.integers(0, 99))
def test_any_rhythm_on_a_drifting_body(per_minute: float, phase_s: float, drift: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0.0, 0.005, len(T_S))
    m = one(RATE, breathing(per_minute, t_s=T_S + phase_s) + drift * T_S / 60.0 + noise, [held()])
    assert abs(m.value - per_minute) <= m.uncertainty + 0.05


@pytest.mark.parametrize("seed", range(5))
def test_noise_has_no_rhythm(seed: int) -> None:
    m = one(RATE, np.random.default_rng(seed).normal(0.0, 0.02, len(T_S)), [held()])
    assert (m.status, m.reason) == ("not_measured", "no clear rhythm was seen")


def test_two_rhythms_at_once_are_none() -> None:
    assert one(RATE, breathing(8.0) + breathing(13.0) + breathing(23.0), [held()]).status == "not_measured"


def test_nothing_that_moves_is_no_rhythm() -> None:
    assert one(RATE, np.full(len(T_S), 0.1), [held()]).status == "not_measured"


def test_somebody_seen_for_a_breath_has_no_rate() -> None:
    assert one(RATE, breathing(12.0), [held(5.0, 11.0)]).status == "not_measured"


def test_two_breaths_are_too_few_for_a_rate() -> None:
    assert one(RATE, breathing(6.0), [held(5.0, 25.0)]).status == "not_measured"


def test_a_gap_does_not_quicken_the_rate() -> None:
    x = breathing(15.0)
    x[(T_S > 20.0) & (T_S < 35.0)] = np.nan
    m = one(RATE, x, [held()])
    assert m.status == "not_measured" or abs(m.value - 15.0) <= 1.0


# --- time and number ---------------------------------------------------------------------------


def test_the_time_held_of_each_side() -> None:
    asked = exercise("hold_time", "ankle_lift", "signed")
    left = [movement(1.0, 9.0, "left", 5.0), movement(21.0, 29.0, "left", 9.0)]
    right = [movement(11.0, 19.0, "right", 3.2)]
    out = {m.side: m for m in told(asked, bouts=[*left, *right])}
    assert (out["left"].value, out["left"].best, out["left"].unit) == (7.0, 9.0, "s")
    assert (out["right"].value, out["right"].best) == (3.2, 3.2)
    assert out["left"].uncertainty == HOLD_ERROR_S


def test_the_time_held_of_a_posture() -> None:
    m = one(exercise("hold_time", hold=True), bouts=[held()])
    assert (m.value, m.unit, m.repetitions) == (50.0, "s", 1)


def test_a_count_is_exact() -> None:
    m = one(exercise("count"), bouts=at(1.0, 11.0, 21.0, 31.0))
    assert (m.value, m.unit, m.uncertainty, m.best) == (4.0, "count", 0.0, 4.0)


def test_a_count_of_each_side() -> None:
    asked = exercise("count", "leg_flexion", "signed")
    out = told(asked, bouts=[*at(1.0, 21.0, side="left"), *at(11.0, side="right")])
    assert {m.side: m.value for m in out} == {"left": 2.0, "right": 1.0}


def test_sides_by_other_names() -> None:
    asked = exercise("change", "spine_flexion", "signed")
    rule = asked.repetition.model_copy(update={"names": ("cat_up", "cow")})
    asked = asked.model_copy(update={"repetition": rule})
    out = told(asked, levels(20, 0, 0, 0, 0, 0), at(1.0, side="cat_up"))
    assert [(m.side, m.value) for m in out] == [("cat_up", 20.0), ("cow", None)]
    assert out[1].reason == 'no repetition "cow" was counted'


def test_the_largest_is_looked_for_all_the_way_and_not_only_at_the_peak() -> None:
    rep = held(2.0, 8.0)
    x = np.where((T_S > 3.0) & (T_S < 3.5), -25.0, 4.0)
    assert one(exercise("largest"), x, [rep]).value == 25.0
    assert one(exercise("largest"), np.where(T_S > 9.0, 60.0, 4.0), [rep]).value == 4.0


# --- not measured ------------------------------------------------------------------------------

HIP_HIDDEN = reasons.JOINT_HIDDEN.of(part="left hip")
KINDS = [exercise("change"), exercise("value"), exercise("spread", hold=True), RATE, exercise("hold_time")]
KINDS += [exercise("count"), exercise("hold_time", hold=True)]
EACH = pytest.mark.parametrize("asked", KINDS, ids=lambda e: e.measures[0].of + ("" if e.repetition else " of a hold"))


@EACH
def test_a_clip_that_cannot_be_measured_says_why(asked: Exercise) -> None:
    m = one(asked, levels(1, 2, 3, 4, 5, 6), [held()], reason=reasons.FEET_OUTSIDE)
    assert (m.reason, m.reason_code) == (reasons.FEET_OUTSIDE.text, reasons.FEET_OUTSIDE.code)


@EACH
def test_no_repetition_is_not_measured(asked: Exercise) -> None:
    m = one(asked, levels(1, 2, 3, 4, 5, 6), [])
    if asked.measures[0].of == "count":
        assert m.value == 0.0
    else:
        assert m.reason == "no repetition was counted"


@pytest.mark.parametrize("asked", KINDS[:4], ids=lambda e: e.measures[0].of)
def test_a_hidden_signal_says_what_was_hidden(asked: Exercise) -> None:
    m = one(asked, np.full(len(T_S), np.nan), [held()], hidden=HIP_HIDDEN)
    assert (m.reason, m.reason_code) == (HIP_HIDDEN.text, HIP_HIDDEN.code)


@pytest.mark.parametrize("asked", KINDS[:3], ids=lambda e: e.measures[0].of)
def test_a_signal_without_values_says_why_it_may_have_none(asked: Exercise) -> None:
    m = one(asked, np.full(len(T_S), np.nan), [held()])
    assert (m.reason, m.reason_code) == (CATALOGUE[asked.measures[0].on].unseen, reasons.UNSEEN)


def test_what_is_expected_stands_beside_it_either_way() -> None:
    asked = exercise("change", expected="50 to 70 degrees")
    assert one(asked, levels(30, 0, 0, 0, 0, 0), at(1.0)).expected == "50 to 70 degrees"
    assert one(asked, bouts=[]).expected == "50 to 70 degrees"


@given(
    x=st.lists(st.floats(-90, 90) | st.just(float("nan")), min_size=6, max_size=6),
    of=st.sampled_from(["change", "value", "spread", "rate", "hold_time", "count"]),
    n=st.integers(0, 5),
)
def test_whatever_comes_it_is_a_number_or_a_reason(x: list[float], of: str, n: int) -> None:
    m = one(exercise(of), levels(*x), at(*(1.0 + 10.0 * i for i in range(n))))
    assert m.status == "not_measured" or np.isfinite([m.value, m.uncertainty, m.best]).all()
