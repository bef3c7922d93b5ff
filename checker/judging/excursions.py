"""One signal followed value by value: leaving rest, the top, and the way back."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

ENTER: Final = 0.5
LEAVE: Final = 0.35
"""Hysteresis, as shares of the smallest excursion that counts: a movement begins above `ENTER`
and is over below `LEAVE`, or below `LEAVE_OF_PEAK` of its own peak, whichever is higher: people seldom
come back to where they began before they go again, and two thirds of the way back is a return
(clinical judgement)."""

LEAVE_OF_PEAK: Final = 0.35

HALF_UP: Final = 0.5
"""Of a task against time, what is beyond this share of its way when the time is over counts, as in the 30-second chair
stand test (CDC STEADI)."""


class ExcursionTracker:
    """Follows one direction of a signal frame by frame: leaving zero, the top, and the way back.

    Attributes:
        risen_from: the valley that the last excursion began in; 0 where it began at rest.
    """

    def __init__(self, smallest: float) -> None:
        """Start at rest.

        Args:
            smallest: excursion that counts, in the signal's unit; the limits are shares of it.
        """
        self._enter, self._leave = ENTER * smallest, LEAVE * smallest
        self._top: float | None = None  # None between excursions
        self._low = 0.0  # the lowest value since the last excursion
        self.risen_from = 0.0

    @property
    def top(self) -> float | None:
        """Highest value of the excursion under way, None between excursions."""
        return self._top

    def feed(self, value: float) -> Literal["began", "ended"] | None:
        """Take the next value (NaN is passed over); tell whether an excursion began or ended with it."""
        if not np.isfinite(value):
            return None
        if self._top is None:
            self._low = min(self._low, value)
            if value > max(self._enter, self._low + self._enter):
                self._top, self.risen_from = value, max(self._low, 0.0)
                return "began"
        elif value <= max(self._leave, LEAVE_OF_PEAK * self._top):
            self._top, self._low = None, value
            return "ended"
        else:
            self._top = max(self._top, value)
        return None
