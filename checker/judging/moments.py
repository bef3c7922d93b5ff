"""Moments as they are told, to a hundredth of a second, and the frames that they tell of."""

from __future__ import annotations

from typing import Final

ROUNDING_S: Final = 0.0051
"""Times are told to a hundredth of a second: a frame within half of one belongs to what is told."""


def tells_of_next(time_s: float, this_s: float, next_s: float) -> bool:
    """Return whether a told moment, at which one frame is still shown, was rounded down from the frame after it.

    Args:
        time_s: the moment, at `this_s` or later and before `next_s`.
        this_s: the time of the frame that is shown then.
        next_s: that of the next one.
    """
    return next_s - time_s <= ROUNDING_S and next_s - time_s < time_s - this_s
