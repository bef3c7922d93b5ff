"""A fault over time: past a threshold, hysteresis, directions, any and all, unless; and what was hidden."""

from __future__ import annotations

import numpy as np
import pytest
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
    within,
)
from hypothesis import given
from hypothesis import strategies as st

from checker import reasons
from checker.fault_rules import FaultRule
from checker.judging.faults import judge
from checker.signals import CATALOGUE

KNEE_HIDDEN, HIP_HIDDEN = (reasons.JOINT_HIDDEN.of(part=part) for part in ("left knee", "left hip"))


# --- past a threshold -----------------------------------------------------------------------------


def test_past_the_threshold_is_flagged_with_interval_and_peak() -> None:
    x = block(25.0, 3.0, 5.0)
    x[90] = 31.0  # at 4.5 s
    result = judged(past(), seen({"knee_flexion": x}))
    assert result.status == "flagged"
    assert result.intervals == [(3.0, 5.0)]
    assert (result.peak, result.peak_s) == (31.0, 4.5)
    assert (result.threshold, result.unit) == (20.0, "deg")
    assert (result.cue, result.name, result.severity) == ("Keep it straight.", "Bending", "fault")


def test_below_the_threshold_is_clear_and_says_how_far_it_went() -> None:
    x = block(12.0, 3.0, 5.0)
    x[70] = 19.5
    result = judged(past(), seen({"knee_flexion": x}))
    assert result.status == "clear"
    assert (result.peak, result.peak_s) == (19.5, 3.5)


def test_outside_the_repetitions_nothing_is_judged() -> None:
    assert judged(past(), seen({"knee_flexion": block(60.0, 8.5, 9.9)})).status == "clear"
    assert judged(past(), seen({"knee_flexion": block(60.0, 0.0, 1.5)})).status == "clear"


def test_an_interval_is_cut_to_its_repetition() -> None:
    assert judged(past(), seen({"knee_flexion": block(30.0, 6.0, 9.9)})).intervals == [(6.0, 8.0)]


def test_two_repetitions_give_two_intervals_and_the_worse_peak() -> None:
    x = block(25.0, 2.0, 3.0) + block(40.0, 7.0, 8.0)
    result = judged(past(), seen({"knee_flexion": x}, [movement(*m) for m in TWO]))
    assert result.intervals == [(2.0, 3.0), (7.0, 8.0)]
    assert (result.peak, result.peak_s) == (40.0, 7.0)


def test_no_repetition_is_not_measured() -> None:
    result = judged(past(), seen({"knee_flexion": block(60.0, 3.0, 5.0)}, []))
    assert (result.status, result.reason) == ("not_measured", "no repetition was counted")


def test_a_hidden_signal_is_not_measured_with_its_reason() -> None:
    hidden = {"knee_flexion": KNEE_HIDDEN}
    result = judged(past(), seen({"knee_flexion": block(60.0, 3.0, 5.0)}, hidden=hidden))
    assert (result.status, result.reason, result.reason_code) == (
        "not_measured",
        "your left knee was hidden",
        "joint_hidden",
    )
    assert result.peak is None
    assert result.threshold == 20.0


@pytest.mark.parametrize(("unseen_s", "status"), [(2.5, "clear"), (3.5, "not_measured")])
def test_unseen_for_most_of_the_repetitions_is_not_measured(unseen_s: float, status: str) -> None:
    x = block(np.nan, 2.0, 2.0 + unseen_s)
    assert judged(past(), seen({"knee_flexion": x})).status == status


# --- hysteresis and minimum duration --------------------------------------------------------------


def test_a_fault_lasts_until_the_signal_is_well_back_inside() -> None:
    x = block(22.0, 3.0, 4.0) + block(16.0, 4.05, 5.0) + block(22.0, 5.05, 6.0)  # never below 20 - 5
    assert judged(past(), seen({"knee_flexion": x})).intervals == [(3.0, 6.0)]
    x = block(22.0, 3.0, 4.0) + block(14.5, 4.05, 5.0) + block(22.0, 5.05, 6.0)
    assert judged(past(), seen({"knee_flexion": x})).intervals == [(3.0, 4.0), (5.05, 6.0)]


def test_close_below_the_threshold_never_begins() -> None:
    assert judged(past(), seen({"knee_flexion": block(19.9, 3.0, 6.0)})).status == "clear"


def test_lengths_have_a_share_of_the_threshold_as_slack() -> None:
    fault = past(condition("hip_travel", 0.2))
    x = block(0.22, 3.0, 4.0) + block(0.18, 4.05, 5.0)  # 0.2 less 15 %: 0.17
    assert judged(fault, seen({"hip_travel": x})).intervals == [(3.0, 5.0)]
    x = block(0.22, 3.0, 4.0) + block(0.16, 4.05, 5.0)
    assert judged(fault, seen({"hip_travel": x})).intervals == [(3.0, 4.0)]


@pytest.mark.parametrize(("lasts_s", "status"), [(0.3, "clear"), (0.5, "flagged")])
def test_a_moment_past_the_threshold_is_no_fault(lasts_s: float, status: str) -> None:
    assert judged(past(), seen({"knee_flexion": block(40.0, 4.0, 4.0 + lasts_s)})).status == status


def test_the_minimum_duration_is_the_rules_own() -> None:
    signals = seen({"knee_flexion": block(40.0, 4.0, 5.0)})
    assert judged(past(min_duration_s=1.5), signals).status == "clear"
    assert judged(past(min_duration_s=0.9), signals).status == "flagged"


def test_a_gap_ends_an_interval() -> None:
    x = block(30.0, 3.0, 6.0)
    x[90:94] = np.nan
    assert judged(past(), seen({"knee_flexion": x})).intervals == [(3.0, 4.45), (4.7, 6.0)]


# --- directions and comparison --------------------------------------------------------------------


def test_compared_with_the_start_the_persons_own_posture_is_zero() -> None:
    x = block(35.0, 3.0, 5.0, rest=18.0)
    result = judged(past(), seen({"knee_flexion": x}, baseline={"knee_flexion": 18.0}))
    assert (result.status, result.peak) == ("clear", 17.0)
    result = judged(past(condition(compare="absolute")), seen({"knee_flexion": x}, baseline={"knee_flexion": 18.0}))
    assert (result.status, result.peak) == ("flagged", 35.0)


def test_below_flags_what_falls_short_and_reports_it_as_it_is() -> None:
    fault = past(condition("wrist_thigh", 0.2, compare="absolute", direction="below"))
    x = block(0.1, 3.0, 5.0, rest=0.6)
    x[70] = 0.04
    result = judged(fault, seen({"wrist_thigh": x}))
    assert (result.status, result.peak, result.peak_s) == ("flagged", 0.04, 3.5)
    assert result.intervals == [(3.0, 5.0)]
    assert judged(fault, seen({"wrist_thigh": block(0.21, 3.0, 5.0, rest=0.6)})).status == "clear"


def test_a_ratio_that_is_back_at_one_is_no_longer_a_fault() -> None:
    fault = past(condition("torso_ratio", 0.92, compare="absolute", direction="below"))
    assert judged(fault, seen({"torso_ratio": block(0.8, 3.0, 5.0, rest=1.0)})).intervals == [(3.0, 5.0)]


def test_below_a_negative_threshold() -> None:
    fault = past(condition("spine_flexion", -25.0, direction="below"))
    assert judged(fault, seen({"spine_flexion": block(-30.0, 3.0, 5.0)})).peak == -30.0
    assert judged(fault, seen({"spine_flexion": block(-24.0, 3.0, 5.0)})).status == "clear"
    assert judged(fault, seen({"spine_flexion": block(40.0, 3.0, 5.0)})).status == "clear"


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_either_takes_the_size(sign: float) -> None:
    fault = past(condition(direction="either"))
    result = judged(fault, seen({"knee_flexion": sign * block(26.0, 3.0, 5.0)}))
    assert (result.status, result.peak) == ("flagged", 26.0)
    assert judged(past(), seen({"knee_flexion": -block(26.0, 3.0, 5.0)})).status == "clear"


def test_what_no_camera_can_tell_is_never_judged() -> None:
    rule = past(condition(), out_of_reach="it hides behind the leg")
    bent = seen({"knee_flexion": block(60.0, 3.0, 5.0)})
    assert judged(past(condition()), bent).status == "flagged"
    result = judged(rule, bent)
    assert (result.status, result.reason) == ("not_measured", "it hides behind the leg")


# --- any and all ----------------------------------------------------------------------------------

KNEE, SPINE = condition(), condition("spine_flexion", 10.0)


@pytest.mark.parametrize(
    ("knee", "spine", "any_status", "all_status"),
    [
        (30.0, 20.0, "flagged", "flagged"),
        (30.0, 0.0, "flagged", "clear"),
        (0.0, 20.0, "flagged", "clear"),
        (0.0, 0.0, "clear", "clear"),
    ],
)
def test_one_is_enough_or_all_are_needed(knee: float, spine: float, any_status: str, all_status: str) -> None:
    signals = seen({"knee_flexion": block(knee, 3.0, 5.0), "spine_flexion": block(spine, 3.0, 5.0)})
    assert judged(past(KNEE, SPINE, when="any"), signals).status == any_status
    assert judged(past(KNEE, SPINE, when="all"), signals).status == all_status


def test_all_means_at_the_same_time() -> None:
    signals = seen({"knee_flexion": block(30.0, 3.0, 5.0), "spine_flexion": block(20.0, 4.0, 7.0)})
    assert judged(past(KNEE, SPINE, when="all"), signals).intervals == [(4.0, 5.0)]
    assert judged(past(KNEE, SPINE, when="any"), signals).intervals == [(3.0, 7.0)]
    signals = seen({"knee_flexion": block(30.0, 3.0, 4.0), "spine_flexion": block(20.0, 5.0, 7.0)})
    assert judged(past(KNEE, SPINE, when="all"), signals).status == "clear"


def test_peak_and_threshold_are_those_of_the_first_condition() -> None:
    signals = seen({"knee_flexion": block(30.0, 3.0, 5.0), "spine_flexion": block(99.0, 3.0, 5.0)})
    result = judged(past(KNEE, SPINE, when="all"), signals)
    assert (result.peak, result.threshold) == (30.0, 20.0)


def test_one_hidden_condition_of_several() -> None:
    values = {"knee_flexion": block(30.0, 3.0, 5.0), "spine_flexion": block(20.0, 3.0, 5.0)}
    signals = seen(values, hidden={"spine_flexion": HIP_HIDDEN})
    assert judged(past(KNEE, SPINE, when="all"), signals).reason == HIP_HIDDEN.text
    assert judged(past(KNEE, SPINE, when="any"), signals).status == "flagged"
    both = seen(values, hidden=dict.fromkeys(values, HIP_HIDDEN))
    assert judged(past(KNEE, SPINE, when="any"), both).status == "not_measured"


def test_flagged_by_the_second_condition_while_the_first_is_unseen() -> None:
    signals = seen({"knee_flexion": block(np.nan, 3.0, 5.0), "spine_flexion": block(20.0, 3.5, 4.5)})
    assert judged(past(KNEE, SPINE, when="any"), signals).intervals == [(3.5, 4.5)]


def test_peak_and_threshold_belong_together_when_the_first_condition_is_hidden() -> None:
    values = {"knee_flexion": block(30.0, 3.0, 5.0), "hip_travel": block(0.4, 3.0, 5.0)}
    signals = seen(values, hidden={"knee_flexion": KNEE_HIDDEN})
    result = judged(past(KNEE, condition("hip_travel", 0.1), when="any"), signals)
    assert (result.peak, result.threshold, result.unit) == (0.4, 0.1, "leg")


# --- unless ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spine", "status"), [(30.0, "not_measured"), (0.0, "flagged")])
def test_a_fault_that_another_imitates_is_not_measured(spine: float, status: str) -> None:
    imitator = past(SPINE, id="rounding", name="Back rounding")
    fault = past(unless=["rounding"])
    signals = seen({"knee_flexion": block(30.0, 3.0, 5.0), "spine_flexion": block(spine, 3.0, 5.0)})
    for rules in ([fault, imitator], [imitator, fault]):
        results = {r.id: r for r in judge(rules, signals, [])}
        assert [r.id for r in judge(rules, signals, [])] == [r.id for r in rules]
        assert results["bending"].status == status
        if status == "not_measured":
            assert "Back rounding" in results["bending"].reason
            assert results["bending"].intervals == []
            assert results["rounding"].status == "flagged"


def test_an_imitator_does_not_touch_what_is_clear() -> None:
    signals = seen({"knee_flexion": block(5.0, 3.0, 5.0), "spine_flexion": block(30.0, 3.0, 5.0)})
    results = judge([past(unless=["rounding"]), past(SPINE, id="rounding", name="Rounding")], signals, [])
    assert [r.status for r in results] == ["clear", "flagged"]


# --- hidden or nothing to look at -----------------------------------------------------------------

WHOLE = [at_peak(), speed(), rule("not_reached", **condition("hip_travel", 0.1))]


WHOLE += [rule("too_fast", threshold=2.0, **WHY), rule("drop_in_hold", threshold=10.0, **WHY)]


WHOLE += [rule("slow_return", threshold=2.0, **WHY), rule("reversals", threshold=2, size=5.0, **WHY)]


@pytest.mark.parametrize("fault", WHOLE, ids=[f.rule for f in WHOLE])
def test_no_repetition_leaves_nothing_to_judge(fault: FaultRule) -> None:
    values = {name: np.zeros(len(T_S)) for name in ("knee_flexion", "hip_flexion", "hip_travel")}
    result = judged(fault, seen(values, []))
    assert (result.status, result.reason, result.peak) == ("not_measured", "no repetition was counted", None)
    assert result.threshold == fault.threshold


@pytest.mark.parametrize("fault", WHOLE[:3], ids=[f.rule for f in WHOLE[:3]])
def test_a_rule_on_a_hidden_signal_says_what_was_hidden(fault: FaultRule) -> None:
    signals = seen({fault.signal: np.full(len(T_S), 99.0)}, hidden={fault.signal: KNEE_HIDDEN})
    assert (judged(fault, signals).status, judged(fault, signals).reason) == (
        "not_measured",
        KNEE_HIDDEN.text,
    )


@pytest.mark.parametrize("fault", WHOLE[:2], ids=[f.rule for f in WHOLE[:2]])
def test_a_rule_on_a_signal_without_values_is_not_measured(fault: FaultRule) -> None:
    result = judged(fault, seen({fault.signal: np.full(len(T_S), np.nan)}))
    assert (result.status, result.reason) == ("not_measured", CATALOGUE[fault.signal].unseen)


# --- whatever comes -------------------------------------------------------------------------------


@given(
    levels=st.lists(st.floats(-80, 80) | st.just(float("nan")), min_size=1, max_size=20),
    threshold=st.floats(-50, 50).map(lambda x: round(x, 6)),  # what a file may hold
    direction=st.sampled_from(["above", "below", "either"]),
    baseline=st.floats(-20, 20),
)
def test_what_is_flagged_was_past_the_threshold(
    levels: list[float], threshold: float, direction: str, baseline: float
) -> None:
    x = np.repeat(levels, -(-len(T_S) // len(levels)))[: len(T_S)]
    signals = seen({"knee_flexion": x}, baseline={"knee_flexion": baseline})
    result = judged(past(condition(threshold=threshold, direction=direction)), signals)
    change = x - baseline
    size = {"above": change, "below": -change, "either": np.abs(change)}[direction]
    limit = -threshold if direction == "below" else threshold
    for from_s, to_s in result.intervals:
        inside = within(from_s, to_s)
        assert to_s - from_s >= 0.4 - 1e-9
        assert from_s >= 2.0
        assert to_s <= 8.0
        assert np.isfinite(size[inside]).all()
        assert (size[inside] > limit - 5.0).all()
    if result.status == "clear":
        assert not (size[within(2.0, 8.0)] > limit).all()
