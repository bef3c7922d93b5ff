"""How long a repetition is held, and a posture that is kept."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from analytic_body import out_and_back, repeated, times
from curves import found, rule, sides_of
from hypothesis import given
from hypothesis import strategies as st
from synthetic_analysis import make_exercise

from checker import reasons
from checker.judging.bouts import Bouts
from checker.judging.holds import find_holds, time_held, time_within
from checker.judging.series import Series
from checker.rules import HoldRule

# --- holds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hold_s", [0.5, 2.0, 5.0])
def test_a_hold_lasts_as_long_as_it_did(hold_s: float) -> None:
    t_s = times(12.0)
    (m,) = found(t_s, out_and_back(t_s, 30.0, 1.0, 1.5, hold_s, 1.5)).counted
    # the last and the first tenth of the ways count as held: a quarter of each way's time
    assert hold_s <= m.hold_s <= hold_s + 2 * 0.27 * 1.5
    assert m.peak_s == pytest.approx(2.5 + hold_s / 2, abs=0.1)


def test_one_wild_frame_does_not_set_the_range() -> None:
    t_s = times(8.0)
    x = out_and_back(t_s, 20.0, 1.0, 1.5, 1.5, 1.5)
    x[np.searchsorted(t_s, 3.2)] = 55.0
    (m,) = found(t_s, x).counted
    assert m.excursion == pytest.approx(20.0, abs=0.5)


def test_refused_movements_become_partial_with_their_reason() -> None:
    t_s = times(20.0)
    phases = found(t_s, repeated(t_s, [20.0, 5.0, -20.0, 20.0]))
    out = phases.without(lambda m: m.side == "right", reasons.STEPPED)
    assert sides_of(out) == ["left", "left"]
    assert reasons.STEPPED in [p.reason for p in out.partial]
    starts_s = [p.bout.start_s for p in out.partial]
    assert len(starts_s) == 2
    assert starts_s == sorted(starts_s)


# --- how long a repetition is held ----------------------------------------------------------------

NEVER = np.zeros(301, bool)


TEN_S = times(10.0)


def held(x: np.ndarray, broken: np.ndarray = NEVER, sides: str = "both", **changes: object) -> float:
    """The time that the clock of the one repetition in a signal ran."""
    counted = found(TEN_S, x, sides, **changes).counted
    series = Series(
        t_s=TEN_S,
        values={"trunk_lateral_flexion": x},
        baseline={"trunk_lateral_flexion": np.zeros(len(TEN_S))},
        units={"trunk_lateral_flexion": "deg"},
        hidden={},
        bouts=counted,
    )
    asked = make_exercise(repetition=rule(sides, **changes).model_dump(), faults=[])
    running, (m,) = time_held(asked, series, broken)
    assert time_within(TEN_S, running, m.start_s, m.end_s) == m.hold_s
    assert not running[broken].any()
    return m.hold_s


def ramp(size: float, up_s: float, down_s: float, way_s: float = 1.0) -> np.ndarray:
    """0, straight up to `size` from `up_s` on, and straight back to 0 from `down_s` on."""
    return size * (np.clip((TEN_S - up_s) / way_s, 0, 1) - np.clip((TEN_S - down_s) / way_s, 0, 1))


@pytest.mark.parametrize(("hold_from", "truth_s"), [(None, 4.2), (10.0, 5.0), (18.0, 4.2), (15.0, 4.5)])
def test_the_holds_clock_runs_while_the_signal_is_far_enough_out(hold_from: float | None, truth_s: float) -> None:
    # up to 20 between 2 and 3 s, down between 7 and 8 s: above h for 4 s and twice 1 - h / 20
    assert held(ramp(20.0, 2.0, 7.0), hold_from=hold_from) == pytest.approx(truth_s, abs=0.08)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_to_either_side_the_clock_runs_the_same(sign: float) -> None:
    x = sign * ramp(20.0, 2.0, 7.0)
    assert held(x, sides="signed", hold_from=10.0) == pytest.approx(5.0, abs=0.08)


def test_a_signal_that_falls_is_held_too() -> None:
    assert held(-ramp(20.0, 2.0, 7.0), direction="fall", hold_from=10.0) == pytest.approx(5.0, abs=0.08)


def test_never_far_enough_out_is_never_held() -> None:
    assert held(ramp(20.0, 2.0, 7.0), hold_from=25.0) == 0.0


def test_the_clock_stops_while_the_signal_sinks_and_goes_on_after() -> None:
    x = ramp(20.0, 2.0, 8.0) - np.where((TEN_S >= 4.0) & (TEN_S < 5.5), 8.0, 0.0)
    assert held(x, hold_from=15.0) == pytest.approx(5.5 - 1.5, abs=0.12)


def test_the_clock_stops_while_a_fault_is_there() -> None:
    broken = (TEN_S >= 4.0) & (TEN_S < 5.0)
    assert held(ramp(20.0, 2.0, 7.0), broken, hold_from=15.0) == pytest.approx(4.5 - 1.0, abs=0.12)
    assert held(ramp(20.0, 2.0, 7.0), ~NEVER, hold_from=15.0) == 0.0


def test_what_was_unseen_was_not_held() -> None:
    x = np.where((TEN_S > 4.0) & (TEN_S < 4.45), np.nan, ramp(20.0, 2.0, 7.0))
    assert held(x, hold_from=15.0) == pytest.approx(4.5 - 0.45, abs=0.12)


@given(fps=st.floats(8, 60), jitter=st.floats(0, 0.4), from_s=st.floats(0, 9), lasts_s=st.floats(0, 9))
def test_time_within_is_time_whatever_the_frame_rate(fps: float, jitter: float, from_s: float, lasts_s: float) -> None:
    t_s = times(10.0, fps, jitter)
    inside = (t_s >= 2.0) & (t_s <= 7.0)
    truth_s = max(0.0, min(from_s + lasts_s, 7.0) - max(from_s, 2.0))
    assert time_within(t_s, inside, from_s, from_s + lasts_s) == pytest.approx(truth_s, abs=2 * 1.4 / fps + 1e-6)
    assert time_within(t_s, ~inside & inside, 0.0, 10.0) == 0.0


# --- a posture that is kept -----------------------------------------------------------------------


def hold_rule(**changes: object) -> HoldRule:
    return HoldRule(**changes, source="of the test", status="clinical judgement")


def kept(*stretches: tuple[float, float]) -> np.ndarray:
    """True from one time to another, twenty frames a second for half a minute."""
    t_s = HALF_MINUTE
    return np.any([np.zeros(len(t_s), bool), *((t_s >= a) & (t_s <= b) for a, b in stretches)], axis=0)


HALF_MINUTE = np.arange(601) / 20.0


def holds(*stretches: tuple[float, float], armed: int = 0, **changes: object) -> Bouts:
    return find_holds(HALF_MINUTE, kept(*stretches), hold_rule(**changes), armed)


def test_a_hold_is_as_long_as_the_posture_was_kept() -> None:
    phases = holds((2.0, 14.5))
    (m,) = phases.counted
    assert (m.start_s, m.end_s, m.hold_s) == pytest.approx((2.0, 14.5, 12.5))
    assert (m.reached_s, m.left_s, m.peak_s) == pytest.approx((2.0, 14.5, 8.25))
    assert (m.side, m.negative) == ("both", False)
    assert phases.partial == []


def test_a_pause_stops_the_clock_and_does_not_end_the_hold() -> None:
    (m,) = holds((2.0, 6.0), (8.0, 13.0)).counted
    assert (m.start_s, m.end_s) == pytest.approx((2.0, 13.0))
    assert m.hold_s == pytest.approx(9.0)


@pytest.mark.parametrize(("pause_s", "n"), [(2.9, 1), (3.2, 2)])
def test_too_long_a_pause_ends_it(pause_s: float, n: int) -> None:
    found_holds = holds((2.0, 7.0), (7.0 + pause_s, 15.0)).counted
    assert len(found_holds) == n
    assert sum(m.hold_s for m in found_holds) == pytest.approx(13.0 - pause_s)
    assert [m.start_s for m in found_holds] == pytest.approx([2.0, 7.0 + pause_s][:n])


def test_how_long_a_pause_may_be_is_the_rules_own() -> None:
    assert len(holds((2.0, 7.0), (8.0, 15.0), max_pause_s=0.5).counted) == 2
    assert len(holds((2.0, 7.0), (15.0, 20.0), max_pause_s=10.0).counted) == 1


def test_many_short_pauses_add_up_to_no_end() -> None:
    (m,) = holds(*((a, a + 1.0) for a in range(0, 30, 2))).counted
    assert m.hold_s == pytest.approx(15.0)


def test_too_short_a_hold_is_told_with_the_reason() -> None:
    phases = holds((2.0, 4.0), (10.0, 10.5), (20.0, 25.0))
    assert [m.hold_s for m in phases.counted] == pytest.approx([5.0])
    assert [p.reason for p in phases.partial] == [reasons.HELD_TOO_SHORT.of(held_s=2.0, least_s=3)]
    assert phases.partial[0].bout.start_s == pytest.approx(2.0)


def test_the_pauses_do_not_count_towards_the_least_time() -> None:
    assert holds((2.0, 3.0), (5.0, 6.0), (8.0, 8.5)).counted == []


def test_before_the_person_is_ready_nothing_is_held() -> None:
    (m,) = holds((0.0, 10.0), armed=100).counted
    assert (m.start_s, m.hold_s) == pytest.approx((5.0, 5.0))


def test_a_posture_that_is_never_kept_is_no_hold() -> None:
    assert holds() == Bouts(0)
    assert find_holds(np.zeros(0), np.zeros(0, bool), hold_rule(), 0) == Bouts(0)


@given(mask=st.lists(st.booleans(), max_size=200), armed=st.integers(0, 5), pause_s=st.floats(0.1, 3.0))
def test_no_hold_is_longer_than_its_time_and_none_overlap(mask: list[bool], armed: int, pause_s: float) -> None:
    t_s = np.arange(len(mask)) / 5.0
    phases = find_holds(t_s, np.array(mask, bool), hold_rule(min_duration_s=1.0, max_pause_s=pause_s), armed)
    for m in phases.counted:
        assert 1.0 <= m.hold_s <= m.end_s - m.start_s + 1e-9
        assert mask[m.start]
        assert mask[m.end]
        assert m.start >= armed
    for a, b in pairwise(phases.counted):
        assert b.start_s - a.end_s > pause_s
