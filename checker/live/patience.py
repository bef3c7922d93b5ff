"""Waits for somebody who stands still between two repetitions: a kind word, once, and no hurry."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.live.feedback import Feedback

WAITS_S: Final = 6.0
"""Whoever stands still for so long is told to take their time (clinical judgement)."""

LONGEST_GAP_S: Final = 2.0
"""What they did while no picture came for longer than this is not known (chosen)."""


class Patience:
    """How long somebody has been at rest while something is asked of them."""

    def __init__(self, exercise: Exercise) -> None:
        """For a movement; one that is held as a whole, or done against time, is not waited for."""
        rule = exercise.repetition
        self._waits = rule is not None and rule.within_s is None
        self._still_since_s: float | None = None
        self._fed_s = 0.0
        self._told = False  # in this rest

    def begin(self) -> None:
        """They have just done something: the next rest is another one."""
        self._still_since_s, self._told = None, False

    def rests(self) -> None:
        """They were told to rest: nothing is said in this one."""
        self._told = True

    def feed(self, now: Feedback) -> bool:
        """Take the next frame: whether they have just been at rest for long enough, in sight, once a rest."""
        if now.moving is not None:
            self.begin()
        gap, self._fed_s = now.t_s - self._fed_s > LONGEST_GAP_S, now.t_s
        if gap or now.moving is not None or not np.isfinite(now.excursion):
            self._still_since_s = None
            return False
        self._still_since_s = now.t_s if self._still_since_s is None else self._still_since_s
        if not self._waits or self._told or now.t_s - self._still_since_s < WAITS_S:
            return False
        self._told = True
        return True
