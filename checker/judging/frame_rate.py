"""Whether pictures came quickly enough to judge a movement by them.

A slow computer, a dim room or a broken file leaves few pictures a second. What lies between two of
them was not seen, so below a rate nothing is counted and no cue is given, live and in the result alike.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal

import numpy as np

from checker.reasons import NO_PICTURE_FOR, TOO_FEW_PICTURES, Reason
from checker.skeleton import Array

LEAST_HZ: Final = 3.5
"""Pictures a second, on average over a movement, from which it is counted, measured and corrected. On
the truth clips, whose ways out take 1.4 s and more, 137 or 138 of 138 runs are counted right from 3 a
second on, live and in the result, without a wrong cue on a posture; at 2 it is 10 and 8
(`python benchmarks/live_rate.py`). A little more is asked for, because people may move more quickly."""

TIMED_HZ: Final = 5.5
"""The same for faults of time, how quick or how even a movement is: on the truth clips no such cue is
wrong at 6 a second and more, and at 5 one is (the same command)."""

Pace = Literal["all", "untimed", "none"]
"""What the rate of the moment is enough for: everything, all but faults of time, or nothing."""

LONGEST_GAP_S: Final = 0.5
"""Longest time between two pictures of a movement: a quick one passes its peak in less (chosen)."""

OVER_S: Final = 2.0
"""The rate of the moment is taken over this long: one late picture is no slowness (chosen)."""


def why_too_slow(t_s: Array, from_s: float, to_s: float, least_hz: float) -> Reason | None:
    """Why pictures came too slowly, on average, between two moments; None when they did not.

    Args:
        t_s: (T,) strictly increasing times of all pictures, seconds.
        from_s: first moment.
        to_s: last moment.
        least_hz: how many a second are needed.
    """
    times = _around(t_s, from_s, to_s)
    if len(times) < 2:
        return None
    rate_hz = (len(times) - 1) / float(times[-1] - times[0])
    return TOO_FEW_PICTURES.of(rate_hz=rate_hz, least_hz=least_hz) if rate_hz < least_hz else None


def why_too_few(t_s: Array, from_s: float, to_s: float) -> Reason | None:
    """Why pictures are too few to count what was done between two moments: too slow, or none for too long.

    Args:
        t_s: (T,) strictly increasing times of all pictures, seconds.
        from_s: when the movement began.
        to_s: when it ended.
    """
    if slow := why_too_slow(t_s, from_s, to_s, LEAST_HZ):
        return slow
    longest_s = float(np.max(np.diff(_around(t_s, from_s, to_s)), initial=0.0))
    return NO_PICTURE_FOR.of(longest_s=longest_s) if longest_s > LONGEST_GAP_S else None


def _around(t_s: Array, from_s: float, to_s: float) -> Array:
    """The times of the pictures of a stretch, with the one before it and the one after it."""
    first = max(0, int(np.searchsorted(t_s, from_s, side="right")) - 1)
    return t_s[first : int(np.searchsorted(t_s, to_s, side="left")) + 1]


class PictureRate:
    """The rate of the last moments, picture by picture."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._t_s: deque[float] = deque()

    def feed(self, t_s: float) -> None:
        """A picture came at that time, seconds."""
        self._t_s.append(t_s)
        while len(self._t_s) > 2 and t_s - self._t_s[1] >= OVER_S:
            self._t_s.popleft()

    @property
    def pace(self) -> Pace:
        """What the pictures of the last moments are enough for; "all" before `OVER_S` have gone."""
        lasts_s = self._t_s[-1] - self._t_s[0] if self._t_s else 0.0
        rate_hz = (len(self._t_s) - 1) / lasts_s if lasts_s >= OVER_S else TIMED_HZ
        return "all" if rate_hz >= TIMED_HZ else "untimed" if rate_hz >= LEAST_HZ else "none"
