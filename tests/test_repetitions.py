"""Repetitions, holds, what did not count and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from analytic_body import min_jerk, out_and_back, repeated, times
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_analysis import make_exercise

from checker import reasons
from checker.judging.bouts import Bout, Bouts
from checker.judging.holds import find_holds, time_held, time_within
from checker.judging.repetitions import find_repetitions
from checker.judging.series import Series
from checker.live.counter import LiveCounter
from checker.rules import HoldRule, RepetitionRule
from checker.smoothing import CausalSmoother, smooth

SMALLEST = 8.0
BOUNDARY_S = 0.2
"""How far the start and the end of a movement may lie from the truth."""


def rule(sides: str = "signed", **changes: object) -> RepetitionRule:
    given_values = {"signal": "trunk_lateral_flexion", "sides": sides, "min_excursion": SMALLEST}
    return RepetitionRule(**given_values | changes, source="of the test", status="clinical judgement")


def found(t_s: np.ndarray, x: np.ndarray, sides: str = "signed", armed: int = 0, **changes: object) -> Bouts:
    return find_repetitions(t_s, x, rule(sides, **changes), armed)


def sides_of(phases: Bouts) -> list[str]:
    return [m.side for m in phases.counted]


# --- random clips ------------------------------------------------------------------------------


@dataclass
class Clip:
    """A signal as it comes out of smoothing, and what was done."""

    t_s: np.ndarray
    x: np.ndarray
    sizes: list[float]
    bounds_s: list[tuple[float, float]]


@st.composite
def clips(draw: st.DrawFn, smallest_size: float = 1.4, quickest_s: float = 0.8, noisiest: float = 0.02) -> Clip:
    """Movements of any size, side, tempo and rest, filmed at any rate, noise a share of the smallest."""
    n = draw(st.integers(0, 5))
    fps = draw(st.sampled_from([12.0, 15.0, 24.0, 30.0, 60.0]))
    turns_s = st.floats(quickest_s, 3.0)
    sizes, bounds_s, moves = [], [], []
    now_s = draw(st.floats(0.7, 2.0))
    for _ in range(n):
        size = SMALLEST * draw(st.floats(smallest_size, 6.0)) * draw(st.sampled_from([-1.0, 1.0]))
        out_s, hold_s, back_s = draw(turns_s), draw(st.floats(0.0, 2.0)), draw(turns_s)
        moves.append((size, now_s, out_s, hold_s, back_s))
        sizes.append(size)
        bounds_s.append((now_s, now_s + out_s + hold_s + back_s))
        now_s = bounds_s[-1][1] + draw(st.floats(0.3, 2.0))
    t_s = times(now_s + 0.7, fps, draw(st.floats(0.0, 0.4)), seed=draw(st.integers(0, 99)))
    x = np.sum([np.zeros_like(t_s), *(out_and_back(t_s, *move) for move in moves)], axis=0)
    sigma = draw(st.floats(0.0, noisiest)) * min((abs(s) for s in sizes), default=SMALLEST)
    noise = np.random.default_rng(draw(st.integers(0, 2**16))).normal(0.0, sigma, len(t_s))
    return Clip(t_s, smooth(t_s, x + noise, noise=2.0), sizes, bounds_s)


@settings(max_examples=300)
@given(clip=clips())
def test_every_repetition_is_counted_on_its_side(clip: Clip) -> None:
    phases = found(clip.t_s, clip.x)
    assert sides_of(phases) == ["left" if s > 0 else "right" for s in clip.sizes]
    assert phases.partial == []


@settings(max_examples=300)
@given(clip=clips())
def test_start_and_end_are_within_the_bar(clip: Clip) -> None:
    phases = found(clip.t_s, clip.x)
    for m, (start_s, end_s) in zip(phases.counted, clip.bounds_s, strict=True):
        assert m.start_s == pytest.approx(start_s, abs=BOUNDARY_S)
        assert m.end_s == pytest.approx(end_s, abs=BOUNDARY_S)


@given(clip=clips())
def test_the_range_is_the_one_that_was_done(clip: Clip) -> None:
    for m, size in zip(found(clip.t_s, clip.x).counted, clip.sizes, strict=True):
        # a turn without a hold is blunted by the median over its top and by the filter
        assert m.excursion == pytest.approx(abs(size), rel=0.15)


@given(clip=clips())
def test_a_movement_is_in_order_and_within_the_clip(clip: Clip) -> None:
    bouts = found(clip.t_s, clip.x).counted
    for m in bouts:
        assert clip.t_s[0] <= m.start_s < m.peak_s < m.end_s <= clip.t_s[-1]
        assert m.start_s <= m.reached_s <= m.peak_s <= m.left_s <= m.end_s
        assert 0 <= m.start <= m.peak <= m.end < len(clip.t_s)
        assert m.hold_s == pytest.approx(m.left_s - m.reached_s)
    for a, b in pairwise(bouts):
        assert a.end_s <= b.start_s


@given(clip=clips())
def test_the_mirrored_signal_gives_the_mirrored_sides(clip: Clip) -> None:
    swap = {"left": "right", "right": "left"}
    there, mirror = found(clip.t_s, clip.x), found(clip.t_s, -clip.x)
    assert [swap[s] for s in sides_of(there)] == sides_of(mirror)
    assert [m.start_s for m in there.counted] == [m.start_s for m in mirror.counted]


@given(clip=clips(), by_s=st.floats(-5, 500))
def test_a_clip_that_begins_at_another_time_is_the_same(clip: Clip, by_s: float) -> None:
    there, later = found(clip.t_s, clip.x), found(clip.t_s + by_s, clip.x)
    assert sides_of(there) == sides_of(later)
    for a, b in zip(there.counted, later.counted, strict=True):
        assert b.end_s - a.end_s == pytest.approx(by_s, abs=0.02)  # a frame at the very edge of the plateau


@given(clip=clips(), factor=st.floats(0.01, 50))
def test_the_unit_does_not_matter(clip: Clip, factor: float) -> None:
    scaled = find_repetitions(clip.t_s, factor * clip.x, rule(min_excursion=factor * SMALLEST), 0)
    assert sides_of(scaled) == sides_of(found(clip.t_s, clip.x))


@given(clip=clips())
def test_one_direction_only_counts_the_positive(clip: Clip) -> None:
    phases = found(clip.t_s, clip.x, sides="both")
    assert sides_of(phases) == ["both" for s in clip.sizes if s > 0]


# --- what does not count -----------------------------------------------------------------------


@given(
    size=st.floats(0.1, 0.92), out_s=st.floats(0.8, 3.0), side=st.sampled_from([-1.0, 1.0]), fps=st.floats(12.0, 60.0)
)
def test_below_the_smallest_excursion_nothing_counts(size: float, out_s: float, side: float, fps: float) -> None:
    t_s = times(10.0, fps)
    x = out_and_back(t_s, side * size * SMALLEST, 1.0, out_s, 0.5, out_s)
    phases = found(t_s, x)
    assert phases.counted == []
    if size > 0.6:
        (partial,) = phases.partial
        assert partial.reason.code == reasons.TOO_SMALL.code
        assert partial.reason.text.startswith("too small to count")
        assert "at least 8" in partial.reason.text
        assert partial.bout.side == ("left" if side > 0 else "right")
    if size < 0.45:
        assert phases.partial == []


@given(
    amplitude=st.floats(0.0, 0.45),
    hz=st.floats(0.05, 1.0),
    sigma=st.floats(0.0, 0.08),
    drift=st.floats(-0.04, 0.04),
    seed=st.integers(0, 2**16),
)
def test_sway_and_noise_never_count(amplitude: float, hz: float, sigma: float, drift: float, seed: int) -> None:
    t_s = times(20.0)
    noise = np.random.default_rng(seed).normal(0.0, sigma, len(t_s))
    x = SMALLEST * (amplitude * np.sin(2 * np.pi * hz * t_s) + noise + drift * np.sin(t_s / 7))
    assert found(t_s, smooth(t_s, x, noise=2.0)).counted == []


@pytest.mark.parametrize("level", [0.35, 0.5, 1.0])
def test_noise_at_a_limit_counts_no_repetition_twice(level: float) -> None:
    t_s = times(10.0)
    x = out_and_back(t_s, 20.0, 1.0, 1.0, 6.0, 1.0)
    x = np.where((t_s > 3.0) & (t_s < 7.0), level * SMALLEST, x)  # stays at the very limit for four seconds
    x += np.random.default_rng(5).normal(0.0, 0.1, len(t_s))
    assert len(found(t_s, x).counted) <= 2
    assert len(found(t_s, np.where(t_s > 2.9, 0.0, x)).counted) == 1


def test_a_spike_is_too_quick() -> None:
    t_s = times(6.0)
    phases = found(t_s, out_and_back(t_s, 20.0, 2.0, 0.15, 0.1, 0.15))
    assert phases.counted == []
    assert [p.reason.code for p in phases.partial] == [reasons.TOO_QUICK.code]


def test_somebody_who_stays_down_takes_too_long() -> None:
    t_s = times(20.0)
    phases = found(t_s, out_and_back(t_s, 20.0, 1.0, 1.0, 15.0, 1.0), max_duration_s=10.0)
    assert phases.counted == []
    assert [p.reason for p in phases.partial] == [reasons.TOO_LONG.of(took_s=17, most_s=10)]


def test_nothing_counts_before_the_person_is_ready() -> None:
    t_s = times(20.0)
    x = repeated(t_s, [20.0, -20.0, 20.0, -20.0], first_s=1.0, every_s=4.5)
    armed = int(np.searchsorted(t_s, 9.5))
    phases = found(t_s, x, armed=armed)
    assert sides_of(phases) == ["left", "right"]
    assert phases.partial == []
    assert all(m.start_s > 9.5 for m in phases.counted)
    assert phases.armed == armed


@pytest.mark.parametrize("cut_s", [2.6, 3.5, 4.2])
def test_an_unfinished_way_back_at_the_end_is_partial(cut_s: float) -> None:
    t_s = times(cut_s)
    phases = found(t_s, out_and_back(t_s, 30.0, 1.0, 1.5, 1.0, 1.5))  # back at 5 s
    assert phases.counted == []
    assert [p.reason for p in phases.partial] == [reasons.WAY_BACK_UNSEEN]


def test_a_way_back_that_is_as_good_as_done_counts() -> None:
    t_s = times(4.9)
    phases = found(t_s, out_and_back(t_s, 30.0, 1.0, 1.5, 1.0, 1.5))
    assert sides_of(phases) == ["left"]
    assert phases.counted[0].end_s == pytest.approx(5.0, abs=BOUNDARY_S)


def test_a_clip_that_begins_in_the_middle_has_no_time_before_it() -> None:
    t_s = times(6.0)
    x = out_and_back(t_s, 30.0, -1.0, 1.5, 1.0, 1.5)
    for m in found(t_s, x).counted:
        assert m.start_s >= 0.0


# --- gaps --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_s", "to_s"),
    [
        (1.6, 2.4),
        (2.6, 3.4),
        (3.0, 3.8),
        (3.7, 4.5),
        (1.1, 2.2),
        (4.2, 5.0),
        (3.8, 6.0),
    ],
)
def test_a_long_gap_in_a_repetition_makes_it_partial(from_s: float, to_s: float) -> None:
    t_s = times(8.0)
    x = out_and_back(t_s, 30.0, 1.0, 1.5, 1.0, 1.5)
    phases = found(t_s, np.where((t_s > from_s) & (t_s < to_s), np.nan, x))
    assert phases.counted == []
    assert [p.reason for p in phases.partial] == [reasons.HIDDEN_PART]


@pytest.mark.parametrize("from_s", [0.5, 1.6, 2.6, 3.0, 4.2])
def test_a_short_gap_in_a_repetition_does_not_matter(from_s: float) -> None:
    t_s = times(8.0)
    x = out_and_back(t_s, 30.0, 1.0, 1.5, 1.0, 1.5)
    phases = found(t_s, np.where((t_s > from_s) & (t_s < from_s + 0.4), np.nan, x))
    assert sides_of(phases) == ["left"]
    assert phases.partial == []


def test_a_gap_between_two_repetitions_costs_neither() -> None:
    t_s = times(14.0)
    x = repeated(t_s, [30.0, -30.0], first_s=1.0, every_s=6.0)
    phases = found(t_s, np.where((t_s > 4.7) & (t_s < 6.7), np.nan, x))
    assert sides_of(phases) == ["left", "right"]


def test_a_gap_that_swallows_the_way_back_makes_no_whole_repetition() -> None:
    t_s = times(14.0)
    x = repeated(t_s, [30.0, 30.0], first_s=1.0, every_s=5.0)
    phases = found(t_s, np.where((t_s > 3.2) & (t_s < 7.0), np.nan, x))
    assert phases.counted == []
    assert reasons.HIDDEN_PART in {p.reason for p in phases.partial}


def test_nothing_seen_is_nothing_found() -> None:
    t_s = times(5.0)
    phases = found(t_s, np.full(len(t_s), np.nan))
    assert (phases.counted, phases.partial) == ([], [])


def test_no_frames_are_no_repetitions() -> None:
    phases = found(np.zeros(0), np.zeros(0))
    assert (phases.counted, phases.partial) == ([], [])


@settings(max_examples=200)
@given(
    steps=st.lists(st.tuples(st.floats(0.005, 0.4), st.floats(-40, 40) | st.just(float("nan"))), max_size=120),
    armed=st.integers(0, 5),
)
def test_any_signal_at_all_ends_in_sound_movements(steps: list, armed: int) -> None:
    t_s = np.cumsum([s for s, _ in steps]) if steps else np.zeros(0)
    phases = found(t_s, np.array([x for _, x in steps], float), armed=armed)
    for m in phases.counted:
        assert m.excursion >= SMALLEST
        assert np.isfinite([m.start_s, m.peak_s, m.end_s, m.hold_s]).all()
    assert all(p.reason.text for p in phases.partial)


# --- two bumps ---------------------------------------------------------------------------------


def two_bumps(t_s: np.ndarray, valley: float) -> np.ndarray:
    """30, down to `valley` and up to 30 again, then back."""
    x = out_and_back(t_s, 30.0, 1.0, 1.5, 4.0, 1.5)
    return x - out_and_back(t_s, 30.0 - valley, 2.5, 1.5, 0.4, 1.5)


@pytest.mark.parametrize("valley", [24.0, 15.0, 12.0])
def test_two_bumps_without_a_full_return_are_one(valley: float) -> None:
    t_s = times(12.0)
    phases = found(t_s, two_bumps(t_s, valley))
    assert sides_of(phases) == ["left"]
    assert phases.counted[0].start_s == pytest.approx(1.0, abs=BOUNDARY_S)
    assert phases.counted[0].end_s == pytest.approx(8.0, abs=BOUNDARY_S)


@pytest.mark.parametrize("valley", [0.0, 1.0, 2.0])
def test_two_bumps_with_a_full_return_are_two(valley: float) -> None:
    t_s = times(12.0)
    phases = found(t_s, two_bumps(t_s, valley))
    assert sides_of(phases) == ["left", "left"]
    a, b = phases.counted
    assert a.end_s == pytest.approx(4.2, abs=0.4)  # the bottom of the valley lasts from 4.0 to 4.4 s
    assert a.end_s <= b.start_s


@pytest.mark.parametrize("valley", [3.0, 5.5, 9.0])
def test_the_second_of_two_bumps_begins_in_the_valley(valley: float) -> None:
    t_s = times(12.0)
    phases = found(t_s, two_bumps(t_s, valley))
    assert sides_of(phases) == ["left", "left"]
    assert phases.counted[0].end_s == pytest.approx(4.2, abs=0.4)
    assert t_s[phases.counted[1].start] >= 4.0
    assert phases.counted[1].peak_s > phases.counted[1].start_s


def test_swaying_after_an_incomplete_return_is_no_second_repetition() -> None:
    t_s = times(10.0)
    bend = 36.0 * min_jerk((t_s - 1.0) / 1.5) - 31.0 * min_jerk((t_s - 3.5) / 1.5)  # stops 5 degrees short
    assert sides_of(found(t_s, bend)) == ["left"]
    assert sides_of(found(t_s, bend + out_and_back(t_s, 5.0, 5.5, 0.6, 0.2, 0.6))) == ["left"]


def test_from_one_side_straight_to_the_other_is_two() -> None:
    t_s = times(8.0)
    x = out_and_back(t_s, 25.0, 1.0, 1.0, 0.5, 1.0) - out_and_back(t_s, 25.0, 3.3, 1.0, 0.5, 1.0)
    assert sides_of(found(t_s, x)) == ["left", "right"]


# --- holds -------------------------------------------------------------------------------------


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


# --- how long a repetition is held -------------------------------------------------------------

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


# --- a posture that is kept --------------------------------------------------------------------


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


# --- sides by name, falling signals, a time limit ----------------------------------------------


def test_sides_have_the_rules_own_names() -> None:
    t_s = times(12.0)
    phases = found(t_s, repeated(t_s, [20.0, -20.0]), names=("cow", "cat"))
    assert sides_of(phases) == ["cow", "cat"]
    assert [m.negative for m in phases.counted] == [False, True]


@given(clip=clips())
def test_a_signal_that_falls_counts_like_one_that_rises(clip: Clip) -> None:
    rising, falling = found(clip.t_s, clip.x, "both"), found(clip.t_s, -clip.x, "both", direction="fall")
    assert rising.counted == falling.counted
    assert all(m.excursion > 0 and m.side == "both" and not m.negative for m in falling.counted)


AGAINST_TIME = [(30.0, 4), (13.0, 3), (12.0, 3), (10.1, 3), (9.9, 3), (9.6, 2), (8.4, 2), (5.0, 1), (4.4, 1)]
"""Seconds, and how many of four count that take 3.5 s each, one every 4.5 s: half out after 0.75 s, fully after 1.5."""

LIVE_LATE_S = 0.5
"""So much later a movement is noticed live than it began, and its clock with it."""


@pytest.mark.parametrize(("within_s", "n"), AGAINST_TIME)
def test_against_time_counts_what_is_up_in_time_or_more_than_half_up_when_it_ends(within_s: float, n: int) -> None:
    t_s = times(20.0)
    x = repeated(t_s, [20.0] * 4)
    phases = found(t_s, x, "both", within_s=within_s)
    assert len(phases.counted) == n
    assert [p.reason for p in phases.partial] == [reasons.AFTER_TIME.of(within_s=within_s)] * (4 - n)
    assert n in {live_against_time(t_s, x, within_s), live_against_time(t_s, x, within_s - LIVE_LATE_S)}


@pytest.mark.parametrize(("within_s", "n"), AGAINST_TIME)
def test_a_film_that_ends_with_the_time_counts_the_same(within_s: float, n: int) -> None:
    t_s = times(20.0)
    t_s = t_s[t_s <= 1.5 + within_s + 0.1]  # it runs from the first one's start
    x = repeated(t_s, [20.0] * 4)
    phases = found(t_s, x, "both", within_s=within_s)
    assert len(phases.counted) == n
    assert all(m.way_back_seen or m.cut_off for m in phases.counted)


def test_a_film_that_ends_early_counts_the_one_that_is_fully_up_and_not_the_one_half_up() -> None:
    t_s = times(20.0)
    for seen_s, n in ((1.2, 2), (0.85, 1)):  # of the second one's way up of 1.5 s
        early = t_s[t_s <= 6.0 + seen_s]
        phases = found(early, repeated(early, [20.0] * 4), "both", within_s=30.0)
        assert [m.way_back_seen for m in phases.counted] == [True, False][:n]


def test_who_stays_up_after_the_time_was_up_in_time() -> None:
    t_s = times(40.0)
    x = repeated(t_s, [20.0] * 2) + out_and_back(t_s, 20.0, 10.5, 1.5, 20.0, 1.5)
    assert len(found(t_s, x, "both", within_s=11.0, max_duration_s=15.0).counted) == 3
    assert [p.reason.code for p in found(t_s, x, "both", max_duration_s=15.0).partial] == ["too_long"]


def live_against_time(t_s: np.ndarray, x: np.ndarray, within_s: float) -> int:
    counter = LiveCounter(rule("both", within_s=within_s))
    for t, value in zip(t_s, x, strict=True):
        counter.feed(float(t), float(value))
    return counter.counts["both"]


def test_no_repetition_has_no_time_limit() -> None:
    t_s = times(6.0)
    assert found(t_s, np.zeros(len(t_s)), "both", within_s=30.0).counted == []


# --- live --------------------------------------------------------------------------------------


def counted_live(t_s: np.ndarray, x: np.ndarray, sides: str = "signed") -> dict[str, int]:
    counter, smoother = LiveCounter(rule(sides)), CausalSmoother()
    for t, value in zip(t_s, x, strict=True):
        counter.feed(float(t), smoother.feed(float(t), float(value)))
    return counter.counts


@given(clip=clips(smallest_size=1.6))
def test_the_live_count_ends_where_the_whole_clip_does(clip: Clip) -> None:
    final = Counter(sides_of(found(clip.t_s, clip.x)))
    assert counted_live(clip.t_s, clip.x) == {"left": final["left"], "right": final["right"]}


def test_the_live_count_rises_when_the_person_is_back() -> None:
    t_s = times(8.0)
    x = out_and_back(t_s, 20.0, 1.0, 1.5, 0.5, 1.5)
    counter = LiveCounter(rule("both"))
    counts = []
    for t, value in zip(t_s, x, strict=True):
        counter.feed(float(t), float(value))
        counts.append(counter.counts["both"])
    assert counts[int(np.argmax(x))] == 0
    assert counts[-1] == 1
    assert t_s[counts.index(1)] < 4.5


def test_live_a_signal_that_falls_and_sides_by_name() -> None:
    t_s = times(12.0)
    x = repeated(t_s, [20.0, -20.0])
    for changes, counts in (
        ({"sides": "both", "direction": "fall"}, {"both": 1}),
        ({"sides": "signed", "names": ("cow", "cat")}, {"cow": 1, "cat": 1}),
    ):
        counter = LiveCounter(rule(**changes))
        for t, value in zip(t_s, x, strict=True):
            counter.feed(float(t), float(value))
        assert counter.counts == counts


def test_live_the_one_under_way_is_counted_when_the_time_ends_and_not_again_when_it_is_back() -> None:
    t_s = times(20.0)
    counter, counts = LiveCounter(rule("both", within_s=10.5)), []
    for t, value in zip(t_s, repeated(t_s, [20.0] * 4), strict=True):
        counter.feed(float(t), float(value))
        counts.append(counter.counts["both"])
    rose_s = [float(t_s[i]) for i in range(1, len(t_s)) if counts[i] > counts[i - 1]]
    assert counts[-1] == 3
    assert rose_s[-1] == pytest.approx(1.5 + 10.5, abs=0.6)


def test_too_little_or_too_quick_is_not_counted_live() -> None:
    t_s = times(8.0)
    assert counted_live(t_s, out_and_back(t_s, 6.0, 1.0)) == {"left": 0, "right": 0}
    assert counted_live(t_s, out_and_back(t_s, 30.0, 1.0, 0.1, 0.1, 0.1)) == {"left": 0, "right": 0}


def test_a_movement_is_a_value() -> None:
    t_s = times(8.0)
    (m,) = found(t_s, out_and_back(t_s, 20.0, 1.0)).counted
    assert isinstance(m, Bout)
    with pytest.raises(AttributeError):
        m.excursion = 99.0  # type: ignore[misc]
