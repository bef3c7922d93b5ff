"""Gaps, outliers and noise: the one place where a series of positions is cleaned.

Files are smoothed without delay (forwards and backwards); the live path only ever sees the past.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfiltfilt

from checker.skeleton import Array, PoseTrack

MAX_GAP_S: Final = 0.3
"""Longest gap that is bridged: about the time in which a slow movement stays close to a line."""

CUTOFF_HZ: Final = 3.0
"""Low-pass corner. Self-tests take seconds; by Winter, Biomechanics and Motor Control of Human
Movement (2009), gait itself holds 99 % of its power below 6 Hz, and these are far slower."""

OUTLIER_WINDOW: Final = 7
OUTLIER_SIGMAS: Final = 5.0
"""Hampel filter: a sample further than this from its neighbours' median, in robust standard
deviations (1.4826 MAD), is taken for a jump of the model and treated as missing."""

NOISE_SHARE: Final = 0.004
NOISE_M: Final = 0.01
"""The least standard deviation that is assumed: this share of the frame's longer side for pixels,
and this many metres. A joint at rest has next to no spread, and its trembling is no jump."""


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
        arrays[name] = _smooth_columns(track.t_s, arrays[name], noise)
    return PoseTrack(**arrays)


def _smooth_columns(t_s: Array, values: npt.NDArray[np.float32], noise: float) -> npt.NDArray[np.float32]:
    """Each column of (T, ...) through `smooth`, a column at a time so that memory stays flat."""
    out = np.empty_like(values)
    flat, target = values.reshape(len(t_s), -1), out.reshape(len(t_s), -1)
    for i in range(flat.shape[1]):
        target[:, i] = smooth(t_s, flat[:, i].astype(np.float64), noise)
    return out


def smooth(t_s: Array, x: Array, noise: float = 0.0, cutoff_hz: float = CUTOFF_HZ) -> Array:
    """One series, cleaned: outliers out, gaps of at most `MAX_GAP_S` bridged, zero-phase low-pass.

    Args:
        t_s: (T,) strictly increasing seconds, evenly spaced or not.
        x: (T,) any unit, NaN where missing.
        noise: least standard deviation to assume when looking for outliers, in the unit of x.
        cutoff_hz: corner of the second-order Butterworth filter (run both ways).

    Returns:
        (T,) NaN in gaps that were too long.
    """
    seen = np.isfinite(x)
    if seen.sum() < 4:
        return np.full_like(x, np.nan)
    x = _without_outliers(x, seen, noise)
    seen = np.isfinite(x)
    bridged = seen | (_gap_s(t_s, seen) <= MAX_GAP_S + 1e-6)
    step_s = float(np.median(np.diff(t_s)))
    if 2.0 * cutoff_hz * step_s >= 0.9:  # too few frames a second to filter
        filled = np.interp(t_s, t_s[seen], x[seen])
    else:
        even_t_s = np.arange(t_s[0], t_s[-1] + step_s, step_s)
        even = np.interp(even_t_s, t_s[seen], x[seen])
        even = sosfiltfilt(_low_pass(cutoff_hz, step_s), even, padlen=min(len(even) - 1, int(1.0 / step_s)))
        filled = np.interp(t_s, even_t_s, even)
    return np.where(bridged, filled, np.nan)


@functools.lru_cache(maxsize=64)
def _low_pass(cutoff_hz: float, step_s: float) -> Array:
    """The filter's sections; the same for every column of a clip."""
    return np.asarray(butter(2, cutoff_hz, fs=1.0 / step_s, output="sos"))


def _without_outliers(x: Array, seen: npt.NDArray[np.bool_], noise: float) -> Array:
    """The series with single jumps set to NaN (Hampel, 1974)."""
    values = x[seen]
    if len(values) < OUTLIER_WINDOW:
        return x
    middle = median_filter(values, OUTLIER_WINDOW, mode="nearest")
    away = np.abs(values - middle)
    spread = 1.4826 * median_filter(away, 3 * OUTLIER_WINDOW, mode="nearest")
    out = x.copy()
    out[seen] = np.where(away > OUTLIER_SIGMAS * np.maximum(spread, noise + 1e-6), np.nan, values)
    return out


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
