"""Each kind of rule: flagged, clear, not measured; when, how far, against which threshold.

Signals here are drawn by hand over ten seconds at 20 frames a second; one repetition lasts from 2
to 8 s, or two, from 1 to 4 s and from 6 to 9 s.
"""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import min_jerk, out_and_back
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from checker import reasons
from checker.assessment import FaultResult, Measure
from checker.fault_rules import FaultRule
from checker.judging.bouts import Bout
from checker.judging.faults import judge
from checker.judging.repetitions import find_repetitions
from checker.judging.series import Series
from checker.reasons import Reason
from checker.rules import RepetitionRule
from checker.signals import CATALOGUE

T_S = np.arange(200) / 20.0
WHY = {"source": "of the test", "status": "clinical judgement"}
UNITS = {name: signal.unit for name, signal in CATALOGUE.items()}
KNEE_HIDDEN, HIP_HIDDEN = (reasons.JOINT_HIDDEN.of(part=part) for part in ("left knee", "left hip"))
ONE = [(2.0, 8.0)]
TWO = [(1.0, 4.0), (6.0, 9.0)]


def rule(kind: str = "past", **values: object) -> FaultRule:
    about = {"id": "bending", "name": "Bending", "cue": "Keep it straight.", "rule": kind}
    return TypeAdapter(FaultRule).validate_python(about | values)


def condition(signal: str = "knee_flexion", threshold: float = 20.0, **values: object) -> dict[str, object]:
    """Read without any error unless one is given: what the catalogue states is measured anew now and then."""
    return {"signal": signal, "threshold": threshold, "error": 0.0, **WHY, **values}


def past(*conditions: dict[str, object], **values: object) -> FaultRule:
    return rule(conditions=list(conditions) or [condition()], **values)


def movement(start_s: float, end_s: float, side: str = "both", out_s: float = 1.0, back_s: float = 1.0) -> Bout:
    start, end = np.searchsorted(T_S, [start_s, end_s])
    return Bout(
        side=side,
        start=int(start),
        peak=int((start + end) // 2),
        end=int(end),
        start_s=start_s,
        peak_s=(start_s + end_s) / 2,
        end_s=end_s,
        reached_s=start_s + out_s,
        left_s=end_s - back_s,
        excursion=30.0,
        hold_s=end_s - start_s - out_s - back_s,
    )


def seen(
    values: dict[str, np.ndarray],
    bouts: list[Bout] | None = None,
    baseline: dict[str, float] | None = None,
    hidden: dict[str, Reason] | None = None,
) -> Series:
    return Series(
        t_s=T_S,
        values=values,
        baseline={name: np.full(len(T_S), (baseline or {}).get(name, 0.0)) for name in values},
        units=UNITS,
        hidden=hidden or {},
        bouts=[movement(*ONE[0])] if bouts is None else bouts,
    )


def block(size: float, from_s: float, to_s: float, rest: float = 0.0) -> np.ndarray:
    return np.where(within(from_s, to_s), size, rest)


def within(from_s: float, to_s: float) -> np.ndarray:
    return np.abs(T_S - (from_s + to_s) / 2) <= (to_s - from_s) / 2 + 1e-9


def judged(fault: FaultRule, signals: Series, measures: list[Measure] | None = None) -> FaultResult:
    (result,) = judge([fault], signals, measures or [])
    assert result.id == fault.id
    assert (result.reason is None) == (result.reason_code is None) == (result.status in {"clear", "flagged"})
    assert bool(result.intervals) == (result.status in {"unsure", "flagged"})
    return result


# --- past a threshold --------------------------------------------------------------------------


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


# --- hysteresis and minimum duration -----------------------------------------------------------


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


# --- directions and comparison -----------------------------------------------------------------


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


# --- any and all -------------------------------------------------------------------------------

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


# --- unless ------------------------------------------------------------------------------------


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


# --- whole repetitions -------------------------------------------------------------------------


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


# --- at the peak -------------------------------------------------------------------------------


def at_peak(threshold: float = 20.0, **values: object) -> FaultRule:
    about = condition("hip_flexion", threshold, compare="absolute") | values
    return rule("at_peak", **about)


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


# --- too fast ----------------------------------------------------------------------------------


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


# --- speed -------------------------------------------------------------------------------------


def speed(threshold: float = 90.0) -> FaultRule:
    return rule("speed", **condition(threshold=threshold))


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


# --- sinking from the peak ---------------------------------------------------------------------


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


# --- only while it is held ---------------------------------------------------------------------


def test_during_the_hold_the_way_there_does_not_count() -> None:
    fault = past(during="hold")
    assert judged(fault, seen({"knee_flexion": block(60.0, 2.0, 2.9)})).status == "clear"
    assert judged(fault, seen({"knee_flexion": block(60.0, 7.1, 8.0)})).status == "clear"
    assert judged(fault, seen({"knee_flexion": block(60.0, 2.0, 4.0)})).intervals == [(3.0, 4.0)]
    assert judged(past(), seen({"knee_flexion": block(60.0, 2.0, 2.9)})).status == "flagged"


# --- hidden or nothing to look at --------------------------------------------------------------

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


# --- two sides ---------------------------------------------------------------------------------


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


# --- whatever comes ----------------------------------------------------------------------------


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
