"""How far somebody moves: the furthest of the movement under way, and the best of those that were counted."""

from __future__ import annotations

import numpy as np

from checker.live.feedback import Feedback


class Reach:
    """Sizes of excursions, by side, in the unit of the counted signal."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self._furthest: dict[str, float] = {}  # in the movement under way
        self._best: dict[str, float] = {}

    def feed(self, now: Feedback) -> None:
        """Take the next frame, before its counts."""
        if now.moving is not None and np.isfinite(now.excursion):
            self._furthest[now.moving] = max(self._furthest.get(now.moving, 0.0), abs(now.excursion))

    def counted(self, side: str) -> None:
        """The movement under way counts."""
        self._best[side] = max(self.best(side), self._furthest.get(side, 0.0))

    def rest(self) -> None:
        """No movement is under way: nothing is left of one that did not count."""
        self._furthest.clear()

    def best(self, side: str) -> float:
        """The largest one that was counted, of a side; 0 where there is none."""
        return self._best.get(side, 0.0)
