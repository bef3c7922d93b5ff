"""Gaps, outliers and noise."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from analytic_body import FRONT, body_track, jumped, lost, noisy, out_and_back, times
from hypothesis import given
from hypothesis import strategies as st

from checker.skeleton import Landmark
from checker.smoothing import MAX_GAP_S, CausalSmoother, smooth_track
from checker.smoothing import smooth as smooth_from

FRAME_RATES = [10.0, 15.0, 24.0, 30.0, 60.0, 120.0]
NOISE = 2.5
"""What a pixel track of 640 rows is taken to tremble by."""


def smooth(t_s: np.ndarray, x: np.ndarray) -> np.ndarray:
    return smooth_from(t_s, x, NOISE)


def irregular_times(n: int, fps: float, jitter: float, seed: int) -> np.ndarray:
    return times((n - 1) / fps, fps, jitter, seed)


# --- without delay -----------------------------------------------------------------------------


@pytest.mark.parametrize("fps", FRAME_RATES)
@pytest.mark.parametrize("jitter", [0.0, 0.4])
def test_the_peak_stays_at_its_time(fps: float, jitter: float) -> None:
    t_s = times(8.0, fps, jitter)
    peak_s = 4.0
    x = out_and_back(t_s, 40.0, peak_s - 1.5, 1.5, 0.0, 1.5)
    found_s = t_s[np.argmax(smooth(t_s, x))]
    assert abs(found_s - peak_s) <= 1.5 / fps  # a peak between two frames belongs to either


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_a_slow_movement_comes_through_unchanged(fps: float) -> None:
    t_s = times(8.0, fps)
    x = out_and_back(t_s, 40.0, 2.0, 1.5, 0.5, 1.5)
    # its power lies below 1 Hz; the corner is 3 Hz, and the filter runs twice
    assert np.abs(smooth(t_s, x) - x).max() < 0.5


def test_the_filter_is_the_same_forwards_and_backwards() -> None:
    t_s = times(6.0)
    x = out_and_back(t_s, 30.0, 1.0) + np.random.default_rng(3).normal(0, 1, len(t_s))
    middle = (t_s > 1.0) & (t_s < 5.0)  # at the ends the filter has to guess what lies beyond
    np.testing.assert_allclose(smooth(t_s, x[::-1])[::-1][middle], smooth(t_s, x)[middle], atol=0.05)


@given(
    value=st.floats(-2000, 2000),
    n=st.integers(4, 200),
    fps=st.sampled_from(FRAME_RATES),
    jitter=st.floats(0, 0.8),
    seed=st.integers(0, 2**16),
)
def test_a_constant_stays_constant_on_irregular_times(
    value: float, n: int, fps: float, jitter: float, seed: int
) -> None:
    t_s = irregular_times(n, fps, jitter, seed)
    np.testing.assert_allclose(smooth(t_s, np.full(n, value)), value, rtol=1e-9, atol=1e-9)


@given(seed=st.integers(0, 2**16), fps=st.sampled_from([15.0, 30.0, 60.0]))
def test_noise_gets_smaller(seed: int, fps: float) -> None:
    t_s = times(6.0, fps)
    noise = np.random.default_rng(seed).normal(0.0, 2.0, len(t_s))
    out = smooth(t_s, noise)
    # white noise keeps about the share of its band below 3 Hz: 0.4 at 15 frames a second
    assert np.std(out) < 0.85 * np.std(noise)


@given(scale=st.floats(0.01, 100), offset=st.floats(-500, 500), seed=st.integers(0, 2**16))
def test_smoothing_does_not_depend_on_scale_or_origin(scale: float, offset: float, seed: int) -> None:
    t_s = times(4.0)
    x = out_and_back(t_s, 50.0, 0.5) + np.random.default_rng(seed).normal(0, 1, len(t_s))
    scaled = smooth_from(t_s, scale * x + offset, scale * NOISE)
    np.testing.assert_allclose(scaled, scale * smooth(t_s, x) + offset, rtol=1e-6, atol=1e-5 * scale + 1e-6)


# --- outliers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("at_s", [0.5, 2.2, 3.0, 4.0, 5.5])
@pytest.mark.parametrize("size", [-300.0, 40.0, 300.0])
def test_a_single_jump_goes(at_s: float, size: float) -> None:
    t_s = times(6.0)
    rng = np.random.default_rng(1)
    x = out_and_back(t_s, 40.0, 1.5) + rng.normal(0, 0.3, len(t_s))
    spoiled = x.copy()
    spoiled[np.searchsorted(t_s, at_s)] += size
    # what is left is the bridging of one frame of a moving signal, and its noise
    assert np.abs(smooth(t_s, spoiled) - smooth(t_s, x)).max() < 1.0


def test_two_frames_on_the_other_leg_go() -> None:
    t_s = times(6.0)
    x = 100.0 + np.random.default_rng(2).normal(0, 0.5, len(t_s))
    spoiled = x.copy()
    spoiled[90:92] = 160.0
    assert np.abs(smooth(t_s, spoiled) - 100.0).max() < 1.0


def test_a_quick_real_movement_is_no_outlier() -> None:
    t_s = times(4.0)
    x = out_and_back(t_s, 60.0, 1.5, 0.4, 0.2, 0.4)
    assert smooth(t_s, x).max() > 50.0


# --- gaps --------------------------------------------------------------------------------------


def with_gap(t_s: np.ndarray, x: np.ndarray, from_s: float, to_s: float) -> np.ndarray:
    """x unseen strictly between two of its frames."""
    return np.where((t_s > from_s + 1e-6) & (t_s < to_s - 1e-6), np.nan, x)


@pytest.mark.parametrize("fps", [10.0, 20.0, 30.0, 50.0, 100.0])
def test_a_gap_under_the_limit_is_bridged(fps: float) -> None:
    t_s = times(6.0, fps)
    x = out_and_back(t_s, 40.0, 1.5)
    seen_again_s = 2.0 + MAX_GAP_S - 0.5 / fps
    out = smooth(t_s, with_gap(t_s, x, 2.0, seen_again_s))
    assert np.isfinite(out).all()
    assert np.abs(out - x).max() < 2.0  # a line across 0.3 s of the steepest part


def test_a_gap_of_exactly_the_limit_is_bridged_wherever_it_is() -> None:
    t_s = times(6.0, 30.0)
    x = out_and_back(t_s, 40.0, 1.5)
    starts_s = (1.0, 1.7, 2.2, 2.3, 3.1, 4.4)
    bridged = {a: bool(np.isfinite(smooth(t_s, with_gap(t_s, x, a, a + MAX_GAP_S))).all()) for a in starts_s}
    assert bridged == dict.fromkeys(starts_s, True)


@pytest.mark.parametrize("fps", [10.0, 20.0, 30.0, 50.0, 100.0])
def test_a_gap_of_half_a_second_stays_open(fps: float) -> None:
    t_s = times(6.0, fps)
    x = with_gap(t_s, out_and_back(t_s, 40.0, 1.5), 2.0, 2.5)
    np.testing.assert_array_equal(np.isnan(smooth(t_s, x)), np.isnan(x))


def test_the_open_ends_stay_open() -> None:
    t_s = times(4.0)
    x = np.where((t_s < 0.1) | (t_s > 3.8), np.nan, 5.0)
    np.testing.assert_array_equal(np.isnan(smooth(t_s, x)), np.isnan(x))


@pytest.mark.parametrize("n_seen", [0, 1, 3])
def test_next_to_nothing_seen_is_nothing(n_seen: int) -> None:
    t_s = times(2.0)
    x = np.full(len(t_s), np.nan)
    x[5 : 5 + n_seen] = 1.0
    assert np.isnan(smooth(t_s, x)).all()


@given(
    n=st.integers(0, 80),
    fps=st.sampled_from(FRAME_RATES),
    jitter=st.floats(0, 0.9),
    unseen=st.floats(0, 1),
    seed=st.integers(0, 2**16),
)
def test_any_pattern_of_gaps_keeps_length_and_never_invents(
    n: int, fps: float, jitter: float, unseen: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    t_s = irregular_times(max(n, 1), fps, jitter, seed)
    x = np.where(rng.random(len(t_s)) < unseen, np.nan, rng.normal(0, 5, len(t_s)))
    out = smooth(t_s, x)
    assert out.shape == x.shape
    seen_s = t_s[np.isfinite(x)]
    for a, b in pairwise(seen_s):
        if b - a > 2 * MAX_GAP_S:
            assert np.isnan(out[(t_s > a) & (t_s < b)]).all()


# --- whole tracks ------------------------------------------------------------------------------


def test_a_track_is_cleaned_in_every_position_and_nothing_else() -> None:
    t_s = times(6.0)
    clean = body_track(t_s, FRONT, lateral_deg=out_and_back(t_s, 30.0, 2.0))
    track = jumped(noisy(clean, 1.5), Landmark.LEFT_SHOULDER, 3.0, (80.0, -50.0))
    out = smooth_track(track)
    for name in ("t_s", "visibility", "people", "brightness"):
        np.testing.assert_array_equal(getattr(out, name), getattr(track, name))
    assert (out.width, out.height) == (track.width, track.height)
    assert np.sqrt(np.mean((out.image - clean.image) ** 2)) < 1.0  # of 1.5
    assert np.abs(out.image[:, Landmark.LEFT_SHOULDER] - clean.image[:, Landmark.LEFT_SHOULDER]).max() < 5.0


def test_a_person_lost_for_a_moment_is_bridged_and_for_longer_is_not() -> None:
    track = body_track(times(6.0), FRONT)
    assert np.isfinite(smooth_track(lost(track, 2.0, 2.2)).image).all()
    out = smooth_track(lost(track, 2.0, 2.6))
    assert np.isnan(out.image[(track.t_s > 2.0) & (track.t_s < 2.59)]).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_a_few_frames_are_left_as_they_are(n: int) -> None:
    track = body_track(times(1.0), FRONT).slice(slice(0, n))
    np.testing.assert_array_equal(smooth_track(track).image, track.image)


# --- live --------------------------------------------------------------------------------------

samples = st.lists(
    st.tuples(st.floats(0.005, 0.5), st.floats(-1000, 1000) | st.just(float("nan"))), min_size=1, max_size=40
)


def run(steps: list[tuple[float, float]]) -> list[float]:
    smoother, t_s, out = CausalSmoother(), 0.0, []
    for step_s, x in steps:
        t_s += step_s
        out.append(smoother.feed(t_s, x))
    return out


@given(steps=samples, future=samples)
def test_the_live_filter_never_looks_ahead(steps: list, future: list) -> None:
    np.testing.assert_array_equal(run(steps + future)[: len(steps)], run(steps))


@given(steps=samples)
def test_the_live_filter_stays_between_what_it_saw(steps: list) -> None:
    seen = [x for _, x in steps if np.isfinite(x)]
    for out, (_, x) in zip(run(steps), steps, strict=True):
        assert np.isnan(out) == np.isnan(x)
        if not np.isnan(out):
            assert min(seen) - 1e-6 <= out <= max(seen) + 1e-6


def test_the_live_filter_starts_afresh_behind_a_long_gap() -> None:
    smoother = CausalSmoother()
    for i in range(30):
        smoother.feed(i / 30.0, 100.0)
    assert smoother.feed(1.0 + MAX_GAP_S + 0.1, 20.0) == 20.0


def test_the_live_filter_carries_on_behind_a_short_gap() -> None:
    smoother = CausalSmoother()
    for i in range(30):
        smoother.feed(i / 30.0, 100.0)
    assert np.isnan(smoother.feed(1.0, float("nan")))
    assert 20.0 < smoother.feed(1.1, 20.0) < 100.0


def test_the_live_filter_follows_a_movement_with_little_delay() -> None:
    t_s = times(5.0)
    x = out_and_back(t_s, 40.0, 1.0, 1.5, 1.0, 1.5)
    smoother = CausalSmoother()
    out = np.array([smoother.feed(float(t), float(v)) for t, v in zip(t_s, x, strict=True)])
    half_s = t_s[np.argmax(x > 20.0)]
    assert 0.0 <= t_s[np.argmax(out > 20.0)] - half_s <= 0.15
    assert out.max() == pytest.approx(40.0, abs=0.5)


def test_the_live_filter_quietens_a_person_at_rest() -> None:
    noise = np.random.default_rng(0).normal(0.0, 1.0, 300)
    smoother = CausalSmoother()
    out = np.array([smoother.feed(i / 30.0, float(x)) for i, x in enumerate(noise)])
    assert np.std(out) < 0.6 * np.std(noise)
