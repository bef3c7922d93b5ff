"""Repetitions on random curves: what counts, gaps, two bumps, sides by name, falling signals."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from analytic_body import min_jerk, out_and_back, repeated, times
from curves import SMALLEST, Clip, clips, found, rule, sides_of
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import reasons
from checker.judging.repetitions import find_repetitions
from checker.live.counter import LiveCounter
from checker.smoothing import smooth

BOUNDARY_S = 0.2
"""How far the start and the end of a movement may lie from the truth."""


# --- random clips ---------------------------------------------------------------------------------


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


# --- what does not count --------------------------------------------------------------------------


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


# --- gaps -----------------------------------------------------------------------------------------


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


# --- two bumps ------------------------------------------------------------------------------------


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


# --- sides by name, falling signals, a time limit -------------------------------------------------


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
