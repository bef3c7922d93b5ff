"""Marks of pain: when and how far out it hurt, and when to ask whether they want to stop."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.live.feedback import Feedback

ENOUGH_PAIN_MARKS: Final = 3
"""So many marks of pain in one session offer to end it."""

AT_ONCE_S: Final = 1.0
"""A mark that comes later than this (the connection was lost) says nothing of where somebody is now."""


class PainMarks:
    """The marks of one session.

    Attributes:
        times_s: of the marks, seconds as the frames have it, in the order in which they came.
    """

    def __init__(self) -> None:
        """It did not hurt yet."""
        self.times_s: list[float] = []
        self._hurt: dict[str, float] = {}
        self._answered = 0  # marks when they were asked last and went on
        self._told = False

    def mark(self, t_s: float, now: Feedback | None) -> None:
        """It hurt at that time.

        Where it happened is found in the end, when the whole is seen; here it bounds what is shown as the goal.

        Args:
            t_s: seconds as the frames have it.
            now: the last frame; None before the first.
        """
        self.times_s.append(round(max(t_s, 0.0), 2))
        if now is None or now.moving is None or not abs(now.t_s - t_s) <= AT_ONCE_S:
            return
        if np.isfinite(now.excursion):
            self._hurt[now.moving] = min(float(abs(now.excursion)), self._hurt.get(now.moving, np.inf))

    def least(self, side: str) -> float | None:
        """The smallest excursion at which it hurt, of a side; None where it did not."""
        return self._hurt.get(side)

    def go_on(self) -> None:
        """They were asked whether to stop, and go on."""
        self._answered, self._told = len(self.times_s), False

    @property
    def offers_end(self) -> bool:
        """Whether it has hurt often enough to ask if they want to stop, and more often than when they were asked."""
        return len(self.times_s) >= ENOUGH_PAIN_MARKS and len(self.times_s) > self._answered

    def offer_is_new(self) -> bool:
        """Whether to ask now: once for each offer, and it is taken as asked."""
        new = self.offers_end and not self._told
        self._told |= new
        return new
