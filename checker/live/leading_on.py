"""Leads on where nothing can be measured: nobody waits for ever for a movement that pain keeps too small."""

from __future__ import annotations

from typing import Final

from checker.judging.small import STOPPED_S
from checker.live.feedback import Feedback

ATTEMPTS: Final = 2
"""So many movements that were too small to be counted lead on, as many as are asked for (clinical judgement)."""

WAIT_S: Final = 40.0
"""Whoever is asked for a movement for so long, in sight and at rest, is led on (clinical judgement): long enough to
rest from the one before, which `patience` allows for with a word after six seconds."""

SETTLE_S: Final = 1.0
"""A movement that is over is counted, or refused with a reason, within this time."""


class LeadingOn:
    """What was tried since the last repetition that counted."""

    def __init__(self) -> None:
        """Nothing was tried yet."""
        self._attempts = 0
        self._since_s: float | None = None  # asked for, in sight
        self._began_s: float | None = None  # the movement under way
        self._ended_s: float | None = None  # one that may still be counted

    def begin(self) -> None:
        """Something was counted, or something else is asked for."""
        self._attempts = 0
        self._since_s = self._began_s = self._ended_s = None

    def feed(self, now: Feedback) -> bool:
        """Take the next frame in which nothing was counted: whether to lead on."""
        if now.hint or now.pace == "none" or now.refused:  # that is told in its own words
            self._since_s = self._ended_s = None
            return False
        self._since_s = now.t_s if self._since_s is None else self._since_s
        if now.moving is not None:
            self._began_s = now.t_s if self._began_s is None else self._began_s
        elif self._began_s is not None:
            if now.t_s - self._began_s >= STOPPED_S:
                self._ended_s = now.t_s
            self._began_s = None
        if self._ended_s is not None and now.t_s - self._ended_s >= SETTLE_S:
            self._attempts, self._ended_s = self._attempts + 1, None
        waited = now.moving is None and now.t_s - self._since_s >= WAIT_S
        return waited or self._attempts >= ATTEMPTS
