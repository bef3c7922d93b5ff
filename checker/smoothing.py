"""Gaps, outliers and noise: the one place where a series of positions is cleaned.

Files are smoothed without delay (forwards and backwards); the live path only ever sees the past.
"""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from checker.skeleton import PARTNERS, Array, Landmark, Mask
from checker.track import PoseTrack, concatenated

MAX_GAP_S: Final = 0.3
"""Longest gap that is bridged: about the time in which a slow movement stays close to a line."""

CUTOFF_HZ: Final = 3.0
"""Low-pass corner: chosen, half of the 6 Hz that are usual for gait, because self-tests take seconds."""

OUTLIER_WINDOW: Final = 7
OUTLIER_SIGMAS: Final = 5.0
"""Hampel filter: a sample further than this from its neighbours' median, in robust standard
deviations (1.4826 MAD), is taken for a jump of the model and treated as missing."""

OUTLIER_SPAN_S: Final = 0.5
"""Where so few pictures came that the neighbours span more than this, they differ because the person
moves, and no jump can be told: below 8 a second, stretches were lost as jumps (`benchmarks/live_rate.py`)."""

NOISE_SHARE: Final = 0.004
NOISE_M: Final = 0.01
"""The least standard deviation that is assumed: this share of the frame's longer side for pixels,
and this many metres. A joint at rest has next to no spread, and its trembling is no jump."""


STRAYS_T: Final = 0.06
"""A joint that strays further than this (T) from its own smoothed path is a guess of the model's and no sight: on
truth clips 0 to 5 % of the frames, of a dark person before a window 26 %."""


def usable(track: PoseTrack, smoothed: PoseTrack, needs: tuple[Landmark, ...], side_view: bool) -> Mask:
    """(T,) whether every needed landmark lies near its smoothed path; from the side, one of each pair."""
    near = {}
    strays_px = np.linalg.norm(track.image - smoothed.image, axis=2)
    limit_px = STRAYS_T * _torso_px(smoothed)
    for landmark in needs:
        pair = [landmark, *([PARTNERS[landmark]] if side_view else [])]
        near[landmark] = np.any([strays_px[:, joint] <= limit_px for joint in pair], axis=0)
    return np.all(list(near.values()), axis=0)


def _torso_px(track: PoseTrack) -> float:
    shoulders = track.point(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    lengths = np.linalg.norm(shoulders - track.point(Landmark.LEFT_HIP, Landmark.RIGHT_HIP), axis=1)
    return float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else 0.0


COLUMNS_AT_ONCE: Final = 32
"""Columns filtered together: enough to be quick, few enough that memory stays flat in long clips."""


def smooth_takes(track: PoseTrack) -> PoseTrack:
    """Like `smooth_track`, each take of a film that was cut for itself: no movement goes on over a cut."""
    edges = sorted({0, len(track), *np.flatnonzero(track.cut).tolist()})
    if len(edges) < 3:
        return smooth_track(track)
    return concatenated(smooth_track(track.slice(slice(first, last))) for first, last in pairwise(edges))


def smooth_track(track: PoseTrack) -> PoseTrack:
    """The track with outliers removed, short gaps bridged and noise filtered, without delay.

    Args:
        track: as recorded; NaN where a landmark was not seen.

    Returns:
        A new track, same times. Gaps longer than `MAX_GAP_S` stay NaN.
    """
    if len(track) < 4:
        return track
    arrays = {name: getattr(track, name) for name in PoseTrack.__dataclass_fields__}
    noise_px = NOISE_SHARE * max(track.width, track.height)
    for name, noise in (("image", noise_px), ("world", NOISE_M), ("outline", noise_px), ("feet", noise_px)):
        values = arrays[name].reshape(len(track), -1)
        out = np.empty_like(values)
        for i in range(0, values.shape[1], COLUMNS_AT_ONCE):
            columns = slice(i, i + COLUMNS_AT_ONCE)
            out[:, columns] = smooth(track.t_s, values[:, columns].astype(np.float64), noise)
        arrays[name] = out.reshape(arrays[name].shape)
    return PoseTrack(**arrays)


def smooth(t_s: Array, x: Array, noise: float = 0.0, cutoff_hz: float = CUTOFF_HZ) -> Array:
    """Series cleaned: outliers out, gaps of at most `MAX_GAP_S` bridged, zero-phase low-pass.

    Args:
        t_s: (T,) strictly increasing seconds, evenly spaced or not.
        x: (T,) or (T, K) any unit, NaN where missing.
        noise: least standard deviation to assume when looking for outliers, in the unit of x.
        cutoff_hz: corner of the second-order Butterworth filter (run both ways).

    Returns:
        The same shape; NaN in gaps that were too long, and throughout where fewer than four
        samples were seen.
    """
    if x.ndim == 1:
        return smooth(t_s, x[:, None], noise, cutoff_hz)[:, 0]
    if len(x) < 4:
        return np.full_like(x, np.nan)
    seen = np.isfinite(x)
    enough = seen.sum(axis=0) >= 4
    filled = _filled(t_s, np.where(enough, x, 0.0))
    close = (OUTLIER_WINDOW - 1) * float(np.median(np.diff(t_s))) <= OUTLIER_SPAN_S
    jumps = _jumps(filled, noise) & seen if close else np.zeros_like(seen)
    if jumps.any():
        seen = seen & ~jumps
        filled = _filled(t_s, np.where(jumps, np.nan, filled))
    bridged = seen | (_gaps_s(t_s, seen) <= MAX_GAP_S + 1e-6)
    return np.where(bridged & enough, _low_passed(t_s, filled, cutoff_hz), np.nan)


def _filled(t_s: Array, x: Array) -> Array:
    """(T, K) with missing samples interpolated, and held at the ends."""
    out = x.copy()
    for k in np.flatnonzero(~np.isfinite(x).all(axis=0)):
        seen = np.isfinite(x[:, k])
        out[:, k] = np.interp(t_s, t_s[seen], x[seen, k])
    return out


def _low_passed(t_s: Array, x: Array, cutoff_hz: float) -> Array:
    """(T, K) filtered forwards and backwards, on evenly spaced times."""
    from scipy.signal import sosfiltfilt  # here, since it takes as long to load as all else: a refusal needs none

    step_s = float(np.median(np.diff(t_s)))
    if 2.0 * cutoff_hz * step_s >= 0.9:  # too few frames a second to filter
        return x
    even_t_s = np.arange(t_s[0], t_s[-1] + step_s, step_s)
    even = np.stack([np.interp(even_t_s, t_s, column) for column in x.T], axis=1)
    padding = min(len(even) - 1, int(1.0 / step_s))
    even = sosfiltfilt(_low_pass(cutoff_hz, step_s), even, axis=0, padlen=padding)
    return np.stack([np.interp(t_s, even_t_s, column) for column in even.T], axis=1)


@functools.lru_cache(maxsize=64)
def _low_pass(cutoff_hz: float, step_s: float) -> Array:
    """The filter's sections; the same for every column of a clip."""
    from scipy.signal import butter

    return np.asarray(butter(2, cutoff_hz, fs=1.0 / step_s, output="sos"))


def _jumps(x: Array, noise: float) -> npt.NDArray[np.bool_]:
    """(T, K) which samples are single jumps (Hampel, 1974)."""
    from scipy.ndimage import median_filter

    if len(x) < OUTLIER_WINDOW:
        return np.zeros(x.shape, bool)
    away = np.abs(x - median_filter(x, (OUTLIER_WINDOW, 1), mode="nearest"))
    limit = OUTLIER_SIGMAS * (noise + 1e-6)
    suspects = (away > limit).any(axis=0)  # few columns have any: only these are looked at closely
    out = np.zeros(x.shape, bool)
    if suspects.any():
        spread = 1.4826 * median_filter(away[:, suspects], (3 * OUTLIER_WINDOW, 1), mode="nearest")
        out[:, suspects] = away[:, suspects] > np.maximum(OUTLIER_SIGMAS * spread, limit)
    return out


def _gaps_s(t_s: Array, seen: npt.NDArray[np.bool_]) -> Array:
    """(T, K) seconds between the seen samples on either side; 0 in columns without a gap."""
    out = np.zeros(seen.shape)
    for k in np.flatnonzero(~seen.all(axis=0)):
        out[:, k] = _gap_s(t_s, seen[:, k])
    return out


def bridged(t_s: Array, seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """(T,) what was seen, and the gaps in it that are short enough to bridge."""
    return seen | (_gap_s(t_s, seen) <= MAX_GAP_S + 1e-6)


def _gap_s(t_s: Array, seen: npt.NDArray[np.bool_]) -> Array:
    """(T,) seconds between the seen samples on either side; infinite at the open ends."""
    index = np.arange(len(t_s))
    before = np.maximum.accumulate(np.where(seen, index, -1))
    after = np.minimum.accumulate(np.where(seen, index, len(t_s))[::-1])[::-1]
    inside = (before >= 0) & (after < len(t_s))
    span = t_s[np.minimum(after, len(t_s) - 1)] - t_s[np.maximum(before, 0)]
    return np.where(inside, span, np.inf)


class CausalSmoother:
    """The live filter: sees only the past, with little delay when the movement is fast.

    One Euro filter (Casiez, Roussel and Vogel, CHI 2012): a first-order low-pass whose corner
    rises with speed. A gap longer than `MAX_GAP_S` starts it afresh; shorter ones stay NaN and
    the filter carries on behind them.
    """

    def __init__(self, min_cutoff_hz: float = 1.5, speed_gain: float = 0.02) -> None:
        """Settings: the corner at rest, and Hz gained per unit per second of speed."""
        self._min_cutoff_hz = min_cutoff_hz
        self._speed_gain = speed_gain
        self._t_s: float | None = None
        self._x = np.nan
        self._speed = 0.0

    def feed(self, t_s: float, x: float) -> float:
        """The filtered value at t_s; NaN where x is."""
        if not np.isfinite(x):
            return float("nan")
        if self._t_s is None or t_s - self._t_s > MAX_GAP_S:
            self._t_s, self._x, self._speed = t_s, x, 0.0
            return x
        dt = max(t_s - self._t_s, 1e-3)
        self._speed += _alpha(1.0, dt) * ((x - self._x) / dt - self._speed)
        cutoff_hz = self._min_cutoff_hz + self._speed_gain * abs(self._speed)
        self._x += _alpha(cutoff_hz, dt) * (x - self._x)
        self._t_s = t_s
        return self._x


def _alpha(cutoff_hz: float, dt_s: float) -> float:
    """Weight of a new sample in a first-order low-pass."""
    return 1.0 / (1.0 + 1.0 / (2.0 * np.pi * cutoff_hz * dt_s))
