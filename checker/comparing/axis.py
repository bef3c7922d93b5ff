"""The axis that two repetitions share: seconds around the furthest point, or the phase of the movement.

By phase, each repetition is cut at its own events (start, furthest point reached, left again, end), and each part is
stretched to the same length: piecewise linear alignment, which keeps the events of both together where one stretch of
the whole would not (Helwig and others, J Biomech 2011;44:561). What is compared so tells nothing of how long it took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from checker.judging.bouts import Bout
from checker.skeleton import Array

Way = Literal["time", "phase"]
"""Seconds around the furthest point; per cent of the movement."""

PHASE_OF: Final = (0.0, 40.0, 60.0, 100.0)
"""Where start, furthest point reached, left and end lie, per cent: the way out and the way back are alike long, and
the stay between them half as long (chosen; it only shares out the axis)."""


@dataclass(frozen=True, slots=True)
class Moments:
    """The events of a repetition or of a hold, seconds of its recording, in order.

    Attributes:
        origin_s: where the axis of seconds has its zero: the furthest point; of a hold, its beginning.
        whole: whether it was seen from its beginning to its end.
        is_hold: whether a posture is kept, which has no way out and back.
    """

    start_s: float
    reached_s: float
    left_s: float
    end_s: float
    origin_s: float
    whole: bool = True
    is_hold: bool = False


def moments_of(bout: Bout, *, is_hold: bool) -> Moments:
    """The events of a bout; `is_hold`: its movement keeps a posture."""
    return Moments(
        start_s=bout.start_s,
        reached_s=bout.reached_s,
        left_s=bout.left_s,
        end_s=bout.end_s,
        origin_s=bout.start_s if is_hold else bout.peak_s,
        whole=bout.way_back_seen and not bout.cut_off,
        is_hold=is_hold,
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the moments of one recording lie on the shared axis: straight between its knots.

    Attributes:
        at: (K,) places on the axis, rising; per cent or seconds.
        t_s: (K,) seconds of the recording there, never falling.
    """

    at: tuple[float, ...]
    t_s: tuple[float, ...]

    def time_s(self, at: Array) -> Array:
        """Seconds of the recording at places of the axis; NaN outside of it."""
        return _straight(at, self.at, self.t_s)

    def place(self, t_s: Array) -> Array:
        """Places on the axis of seconds of the recording; NaN outside of it."""
        return _straight(t_s, self.t_s, self.at)


ROUNDING: Final = 1e-6
"""By so much an end of an axis may lie beyond itself, once it was worked out in two ways."""


def _straight(x: Array, knots: tuple[float, ...], values: tuple[float, ...]) -> Array:
    """Straight between knots; NaN beyond them."""
    x = np.asarray(x, np.float64)
    inside = (x >= knots[0] - ROUNDING) & (x <= knots[-1] + ROUNDING)
    return np.where(inside, np.interp(x, knots, values), np.nan)


def lay(then: Moments, now: Moments, way: Way) -> tuple[Axis, Axis]:
    """The axis of each of two, so that both are in the same place at the same part of the movement.

    Args:
        then: of the one.
        now: of the other; both keep a posture, or neither does.
        way: seconds reach as far as the longer of the two on either side.
    """
    if way == "phase":
        return by_phase(then), by_phase(now)
    before_s = max(m.origin_s - m.start_s for m in (then, now))
    after_s = max(m.end_s - m.origin_s for m in (then, now))
    return by_time(then, before_s, after_s), by_time(now, before_s, after_s)


def by_phase(moments: Moments) -> Axis:
    """Per cent of the movement: 0 at its start, 100 at its end; of a hold, per cent of the time held."""
    if moments.is_hold:
        return Axis((0.0, 100.0), (moments.start_s, moments.end_s))
    return Axis(PHASE_OF, (moments.start_s, moments.reached_s, moments.left_s, moments.end_s))


def by_time(moments: Moments, before_s: float, after_s: float) -> Axis:
    """Seconds before (-) and after (+) the furthest point, or from the beginning of a hold on."""
    return Axis((-before_s, after_s), (moments.origin_s - before_s, moments.origin_s + after_s))
