"""Faults of whole repetitions: at the peak, too fast, sinking, while it is held, two sides."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import min_jerk, out_and_back
from fault_cases import (
    T_S,
    TWO,
    WHY,
    at_peak,
    block,
    condition,
    judged,
    movement,
    past,
    rule,
    seen,
    speed,
)
from hypothesis import given
from hypothesis import strategies as st

from checker import reasons
from checker.assessment import FaultResult, Measure
from checker.judging.bouts import Bout
from checker.judging.repetitions import find_repetitions
from checker.rules import RepetitionRule

# --- whole repetitions ----------------------------------------------------------------------------


def test_not_reached_names_the_repetitions_that_fell_short() -> None:
    fault = rule("not_reached", **condition("hip_travel", 0.1))
    x = 0.5 + out_and_back(T_S, 0.2, 1.0, 1.0, 1.0, 1.0) + out_and_back(T_S, 0.06, 6.0, 1.0, 1.0, 1.0)
    bouts = [movement(*m) for m in TWO]
    result = judged(fault, seen({"hip_travel": x}, bouts, baseline={"hip_travel": 0.5}))
    assert result.intervals == [(6.0, 9.0)]
    assert (result.peak, result.peak_s) == (0.06, 7.5)
    assert (result.threshold, result.unit) == (0.1, "leg")


def test_reached_in_every_repetition_is_clear() -> None:
    fault = rule("not_reached", **condition("hip_travel", 0.1))
    x = out_and_back(T_S, 0.2, 1.0, 1.0, 1.0, 1.0) + out_and_back(T_S, 0.3, 6.0, 1.0, 1.0, 1.0)
    result = judged(fault, seen({"hip_travel": x}, [movement(*m) for m in TWO]))
    assert (result.status, result.peak) == ("clear", 0.2)


def test_reached_or_not_cannot_be_told_of_what_was_unseen() -> None:
    fault = rule("not_reached", **condition("hip_travel", 0.1))
    x = np.where(T_S > 5.0, np.nan, 0.2)
    result = judged(fault, seen({"hip_travel": x}, [movement(*m) for m in TWO]))
    assert (result.status, result.reason) == ("not_measured", "the joints it needs were hidden")
    hidden = {"hip_travel": reasons.JOINT_HIDDEN.of(part="left ankle")}
    assert judged(fault, seen({"hip_travel": x}, hidden=hidden)).reason == "your left ankle was hidden"


@pytest.mark.parametrize(
    ("back_s", "status"), [(1.0, "clear"), (1.4, "clear"), (1.9, "unsure"), (2.1, "unsure"), (3.0, "flagged")]
)
def test_a_way_back_that_takes_much_longer_than_times_are_exact(back_s: float, status: str) -> None:
    fault = rule("slow_return", threshold=2.0, **WHY)
    result = judged(fault, seen({"knee_flexion": T_S}, [movement(2.0, 8.0, out_s=1.0, back_s=back_s)]))
    assert result.status == status
    assert result.peak == pytest.approx(back_s)
    assert (result.threshold, result.unit) == (2.0, "ratio")
    assert result.intervals == ([] if status == "clear" else [(8.0 - back_s, 8.0)])


def trembling(swing: float, n_dips: int) -> np.ndarray:
    """Out to 40 from 2 to 7 s with dips on the way, and back."""
    x = 40.0 * (min_jerk((T_S - 2.0) / 5.0) - min_jerk((T_S - 7.0) / 1.0))
    return x + sum(-out_and_back(T_S, swing, 3.6 + 0.9 * i, 0.3, 0.0, 0.3) for i in range(n_dips))


@pytest.mark.parametrize(
    ("swing", "n_dips", "status", "turns"),
    [(0.0, 0, "clear", 0), (4.0, 2, "clear", 0), (25.0, 1, "flagged", 2), (25.0, 2, "flagged", 4)],
)
def test_a_catch_turns_the_movement_back_and_on_again(swing: float, n_dips: int, status: str, turns: int) -> None:
    fault = rule("reversals", threshold=2, size=5.0, **WHY)
    result = judged(fault, seen({"knee_flexion": trembling(swing, n_dips)}))
    assert (result.status, result.peak, result.unit) == (status, turns, "count")
    if turns:
        assert result.intervals == [(2.0, 8.0)]
        assert 3.0 < result.peak_s < 4.2


def test_trembling_to_the_other_side_is_found_too() -> None:
    fault = rule("reversals", threshold=2, size=5.0, **WHY)
    assert judged(fault, seen({"knee_flexion": -trembling(25.0, 1)})).status == "flagged"


@given(seed=st.integers(0, 9999), sigma=st.floats(0.0, 0.6))
def test_noise_is_no_catch(seed: int, sigma: float) -> None:
    fault = rule("reversals", threshold=2, size=5.0, **WHY)
    x = trembling(0.0, 0) + np.random.default_rng(seed).normal(0.0, sigma, len(T_S))
    assert judged(fault, seen({"knee_flexion": x})).status == "clear"


# --- at the peak ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "status"), [(15.0, "clear"), (19.9, "clear"), (20.1, "flagged"), (40.0, "flagged")])
def test_at_the_peak_past_the_threshold(size: float, status: str) -> None:
    # before and after the peak, from 3 to 7 s, it is far past in any case
    result = judged(at_peak(), seen({"hip_flexion": block(size, 3.0, 7.0, rest=60.0)}))
    assert (result.status, result.peak) == (status, size)
    assert (result.threshold, result.unit) == (20.0, "deg")
    assert result.intervals == ([(3.0, 7.0)] if status == "flagged" else [])


def test_one_wild_frame_at_the_peak_is_no_fault() -> None:
    x = block(10.0, 3.0, 7.0)
    x[80:90] = 60.0
    assert judged(at_peak(), seen({"hip_flexion": x})).status == "clear"


@given(seed=st.integers(0, 9999), size=st.sampled_from([14.0, 26.0]))
def test_noise_at_the_peak_changes_nothing(seed: int, size: float) -> None:
    x = block(size, 3.0, 7.0) + np.random.default_rng(seed).normal(0.0, 4.0, len(T_S))
    assert judged(at_peak(), seen({"hip_flexion": x})).status == ("flagged" if size > 20.0 else "clear")


def test_at_the_peak_below_and_against_the_start() -> None:
    fault = rule("at_peak", **condition("knee_flexion", 60.0, direction="below"))
    signals = seen({"knee_flexion": block(70.0, 3.0, 7.0)}, baseline={"knee_flexion": 15.0})
    assert (judged(fault, signals).status, judged(fault, signals).peak) == ("flagged", 55.0)
    signals = seen({"knee_flexion": block(80.0, 3.0, 7.0)}, baseline={"knee_flexion": 15.0})
    assert (judged(fault, signals).status, judged(fault, signals).peak) == ("clear", 65.0)


@pytest.mark.parametrize("size", [-30.0, 30.0])
def test_at_the_peak_to_either_side(size: float) -> None:
    assert judged(at_peak(direction="either"), seen({"hip_flexion": block(size, 3.0, 7.0)})).peak == 30.0


def test_of_several_peaks_the_worst_is_told_and_each_bad_one_marked() -> None:
    x = block(30.0, 2.0, 3.0) + block(45.0, 7.0, 8.0)
    result = judged(at_peak(), seen({"hip_flexion": x}, [movement(*m) for m in TWO]))
    assert (result.peak, result.intervals) == (45.0, [(2.0, 3.0), (7.0, 8.0)])
    x = block(30.0, 2.0, 3.0) + block(5.0, 7.0, 8.0)
    result = judged(at_peak(), seen({"hip_flexion": x}, [movement(*m) for m in TWO]))
    assert (result.peak, result.intervals) == (30.0, [(2.0, 3.0)])


def test_a_gap_at_the_peak_leaves_what_is_seen_of_it() -> None:
    x = block(30.0, 3.0, 7.0)
    x[70:120] = np.nan
    assert judged(at_peak(), seen({"hip_flexion": x})).status == "flagged"


# --- too fast -------------------------------------------------------------------------------------


def done(x: np.ndarray) -> list[Bout]:
    """The repetitions of a signal as they are found."""
    about = {"signal": "knee_flexion", "sides": "both", "min_excursion": 10.0, "min_duration_s": 0.5}
    return find_repetitions(T_S, x, RepetitionRule(**about, **WHY), 0).counted


@pytest.mark.parametrize("way", ["out", "back", "either"])
@pytest.mark.parametrize(("out_s", "back_s"), [(2.5, 2.5), (1.5, 2.5), (2.5, 1.5), (1.5, 1.5)])
def test_a_way_that_takes_too_little_time(out_s: float, back_s: float, way: str) -> None:
    fault = rule("too_fast", way=way, threshold=2.0, **WHY)
    x = out_and_back(T_S, 50.0, 1.0, out_s, 1.0, back_s)
    result = judged(fault, seen({"knee_flexion": x}, done(x)))
    looked_at = {"out": [out_s], "back": [back_s], "either": [out_s, back_s]}[way]
    assert result.status == ("flagged" if min(looked_at) < 2.0 else "clear")
    assert result.peak == pytest.approx(min(looked_at), abs=0.2)
    assert (result.threshold, result.unit) == (2.0, "s")


def test_the_quick_way_is_the_one_that_is_marked() -> None:
    fault = rule("too_fast", threshold=2.0, **WHY)
    x = out_and_back(T_S, 50.0, 1.0, 3.0, 1.0, 1.0)
    ((from_s, to_s),) = judged(fault, seen({"knee_flexion": x}, done(x))).intervals
    assert 5.0 <= from_s <= 5.3
    assert to_s == pytest.approx(6.0, abs=0.15)


def test_each_quick_repetition_is_marked() -> None:
    fault = rule("too_fast", threshold=1.4, **WHY)
    x = out_and_back(T_S, 50.0, 0.5, 1.0, 0.3, 1.0) + out_and_back(T_S, 50.0, 4.5, 2.0, 0.3, 2.0)
    assert len(judged(fault, seen({"knee_flexion": x}, done(x))).intervals) == 1


# --- speed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deg_per_s", "status"), [(60.0, "clear"), (88.0, "clear"), (92.0, "flagged"), (200.0, "flagged")]
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_signal_that_changes_too_fast(deg_per_s: float, status: str, sign: float) -> None:
    x = sign * deg_per_s * np.clip(T_S - 4.0, 0.0, 0.5)
    result = judged(speed(), seen({"knee_flexion": x}))
    assert result.status == status
    assert result.peak == pytest.approx(deg_per_s, abs=0.1)
    assert (result.threshold, result.unit) == (90.0, "deg/s")
    for from_s, to_s in result.intervals:
        assert 3.9 <= from_s < to_s <= 4.6


def test_outside_the_repetition_it_may_be_as_fast_as_it_likes() -> None:
    x = 200.0 * np.clip(T_S - 8.2, 0.0, 0.5)
    assert judged(speed(), seen({"knee_flexion": x})).status == "clear"


@given(seed=st.integers(0, 9999))
def test_a_trembling_signal_is_not_fast(seed: int) -> None:
    x = 40.0 * np.clip(T_S - 4.0, 0.0, 1.0) + np.random.default_rng(seed).normal(0.0, 1.0, len(T_S))
    assert judged(speed(), seen({"knee_flexion": x})).status == "clear"


def test_a_gap_has_no_speed_but_its_own_mean() -> None:
    x = block(30.0, 4.0, 9.0)
    x[70:90] = np.nan  # from 3.5 to 4.5 s: somewhere in there it rose by 30, in a second
    assert judged(speed(), seen({"knee_flexion": x})).status == "clear"


def test_a_rise_in_torso_lengths_has_its_own_unit() -> None:
    fault = rule("speed", **condition("hip_travel", 0.5))
    assert judged(fault, seen({"hip_travel": 0.6 * np.clip(T_S - 4.0, 0.0, 1.0)})).unit == "leg/s"


# --- sinking from the peak ------------------------------------------------------------------------


def sinking(size: float, drop: float, sign: float = 1.0) -> np.ndarray:
    """Out to `size` between 1 and 2.5 s, sinking by `drop` until 7 s, and back."""
    return sign * (out_and_back(T_S, size, 1.0, 1.5, 4.5, 1.5) - drop * np.clip((T_S - 3.0) / 3.5, 0, 1) * (T_S < 8.5))


def drop_in_hold(size: float, drop: float, threshold: float = 10.0) -> FaultResult:
    x = sinking(size, drop)
    return judged(rule("drop_in_hold", threshold=threshold, error=0.0, **WHY), seen({"knee_flexion": x}, done(x)))


@pytest.mark.parametrize(
    ("drop", "status"),
    [
        (14.0, "flagged"),
        (25.0, "flagged"),
        (0.0, "clear"),
        (6.0, "clear"),
    ],
)
def test_a_signal_that_sinks_before_the_way_back(drop: float, status: str) -> None:
    assert drop_in_hold(60.0, drop).status == status


@pytest.mark.parametrize("size", [40.0, 70.0, 110.0])
def test_a_large_movement_held_perfectly_has_not_sunk(size: float) -> None:
    assert drop_in_hold(size, 0.0, threshold=5.0).status == "clear"


def test_a_dip_in_the_hold_is_found_however_the_signal_runs() -> None:
    dip = out_and_back(T_S, 25.0, 4.0, 0.5, 0.2, 0.5)
    x = out_and_back(T_S, 60.0, 1.0, 1.5, 4.5, 1.5) - dip
    for sign in (1.0, -1.0):
        fault = rule("drop_in_hold", threshold=10.0, error=0.0, **WHY)
        result = judged(fault, seen({"knee_flexion": sign * x}, done(x)))
        assert (result.status, result.peak_s) == ("flagged", pytest.approx(4.6, abs=0.15))
        assert result.peak == pytest.approx(25.0, abs=1.5)


# --- only while it is held ------------------------------------------------------------------------


def test_during_the_hold_the_way_there_does_not_count() -> None:
    fault = past(during="hold")
    assert judged(fault, seen({"knee_flexion": block(60.0, 2.0, 2.9)})).status == "clear"
    assert judged(fault, seen({"knee_flexion": block(60.0, 7.1, 8.0)})).status == "clear"
    assert judged(fault, seen({"knee_flexion": block(60.0, 2.0, 4.0)})).intervals == [(3.0, 4.0)]
    assert judged(past(), seen({"knee_flexion": block(60.0, 2.0, 2.9)})).status == "flagged"


# --- two sides ------------------------------------------------------------------------------------


def measure(side: str, value: float | None, uncertainty: float = 0.0) -> Measure:
    status = "not_measured" if value is None else "measured"
    about = {"id": "trunk_lateral_flexion", "name": "Side bend", "unit": "deg", "uncertainty": uncertainty}
    return Measure(**about, side=side, value=value, status=status)


SIDES = rule("side_difference", threshold=10.0, **WHY)


BOTH_SIDES = [movement(1.0, 4.0, "left"), movement(6.0, 9.0, "right")]


@pytest.mark.parametrize(
    ("left", "right", "status", "side", "interval"),
    [
        (30.0, 18.0, "flagged", "right", (6.0, 9.0)),
        (18.0, 30.0, "flagged", "left", (1.0, 4.0)),
        (30.0, 21.0, "clear", None, None),
    ],
)
def test_sides_that_differ(left: float, right: float, status: str, side: str | None, interval: tuple | None) -> None:
    signals = seen({"knee_flexion": T_S}, BOTH_SIDES)
    result = judged(SIDES, signals, [measure("left", left), measure("right", right)])
    assert (result.status, result.side) == (status, side)
    assert result.intervals == ([interval] if interval else [])
    assert result.peak == pytest.approx(abs(left - right))
    assert result.unit == "deg"


@pytest.mark.parametrize("missing", ["left", "right"])
def test_one_side_alone_cannot_be_compared(missing: str) -> None:
    measures = [measure(s, None if s == missing else 30.0) for s in ("left", "right")]
    result = judged(SIDES, seen({"knee_flexion": T_S}, BOTH_SIDES), measures)
    assert (result.status, result.reason) == ("not_measured", "it takes a repetition on each side")
