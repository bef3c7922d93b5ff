"""The curves of two repetitions on the axis that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.comparing.axis import Axis, Way, lay
from checker.comparing.take import Take
from checker.judging.frame_rate import LONGEST_GAP_S
from checker.skeleton import Array

PLACES: Final = 201
"""So many places of the axis are looked at: half a per cent of the movement."""

ON_FRAME: Final = 1e-9
"""A share of the step between two frames that is none."""


def sampled(t_s: Array, values: Array, at_s: Array) -> Array:
    """Values between the frames, straight from one to the next.

    Nothing is made up: NaN outside of the recording, beside a frame in which it was not seen, and between two frames
    that lie further apart than those of a movement may.

    Args:
        t_s: (T,) rising seconds.
        values: (T, ...) NaN where it was not seen.
        at_s: (N,) seconds; NaN stays NaN.

    Returns:
        (N, ...).
    """
    values = np.asarray(values, np.float64)
    if len(t_s) < 2:
        return np.full((len(at_s), *values.shape[1:]), np.nan)
    right = np.searchsorted(t_s, at_s).clip(1, len(t_s) - 1)
    step_s = t_s[right] - t_s[right - 1]
    share = (at_s - t_s[right - 1]) / step_s
    outside = ~((share >= -ON_FRAME) & (share <= 1.0 + ON_FRAME))  # also where it is NaN
    between = (share > ON_FRAME) & (share < 1.0 - ON_FRAME)
    unseen = outside | (between & (step_s > LONGEST_GAP_S))
    shape = (-1,) + (1,) * (values.ndim - 1)
    before, after, way = values[right - 1], values[right], np.where(outside, 0.0, share).reshape(shape)
    ends = np.where(way > 0.5, after, before)
    mixed = np.where(between.reshape(shape), before + way * (after - before), ends)
    return np.where(unseen.reshape(shape), np.nan, mixed)


@dataclass(frozen=True, slots=True)
class Folded:
    """One signal of two repetitions on the axis that they share.

    Attributes:
        signal: its id.
        unit: of the values.
        at: (N,) places of the axis.
        then, now: (N,) values, positive to the side of the repetition; NaN where it was not seen.
        beside: (K, N) the same of the other repetitions of the side, of both recordings, each on its own.
    """

    signal: str
    unit: str
    at: Array
    then: Array
    now: Array
    beside: Array


def fold(then: Take, now: Take, way: Way, signal: str) -> Folded:
    """Lay one signal of two repetitions over one another.

    Args:
        then: the one.
        now: the other.
        way: of sharing an axis.
        signal: id of one that both have.
    """
    axes = lay(then.moments, now.moments, way)
    at = np.linspace(axes[0].at[0], axes[0].at[-1], PLACES)
    whole = [t for t in (*then.neighbours, *now.neighbours) if way == "time" or t.moments.whole]
    beside = [_values(take, signal, _axis_like(axes[0], take, way), at) for take in whole]
    return Folded(
        signal=signal,
        unit=now.analysis.signals[signal].unit,
        at=at,
        then=_values(then, signal, axes[0], at),
        now=_values(now, signal, axes[1], at),
        beside=np.array(beside).reshape(-1, PLACES),
    )


def _axis_like(axis: Axis, take: Take, way: Way) -> Axis:
    """The axis of another repetition, of the same places."""
    moments = take.moments
    if way == "phase":
        return lay(moments, moments, way)[0]
    origin_s = moments.origin_s
    return Axis(axis.at, tuple(origin_s + at for at in axis.at))


def _values(take: Take, signal: str, axis: Axis, at: Array) -> Array:
    """(N,) within the repetition itself by phase; by time, as far as the recording goes."""
    return sampled(take.analysis.t_s, take.size(signal), axis.time_s(at))
