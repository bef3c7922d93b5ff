"""One signal followed value by value: leaving rest, the top, and the way back; and repetitions counted as they come.

A repetition leaves rest, passes the smallest excursion that counts, and comes back; the limits for leaving and
for coming back differ, so that noise at a limit does not count twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checker.judging.excursions import HALF_UP, ExcursionTracker
from checker.judging.frame_rate import why_too_few
from checker.judging.holds import HOLD
from checker.reasons import Reason
from checker.rules import RepetitionRule


@dataclass(frozen=True, slots=True)
class Counted:
    """A repetition that was counted live: its side, and when it left zero and came back to it."""

    side: str
    began_s: float
    ended_s: float


class LiveCounter:
    """Counts repetitions as they come, from the past alone. `find_repetitions` has the last word.

    Attributes:
        rule: by which it counts.
        counts: repetitions so far, by side.
        last: the repetition that was counted last.
        refused: why the movement that ended with the last value does not count, where pictures were too few.
    """

    def __init__(self, rule: RepetitionRule) -> None:
        """Start with nothing counted."""
        self.rule = rule
        self.signal = rule.signal
        self._trackers = [(side, sign, ExcursionTracker(rule.min_excursion)) for side, sign in rule.directions]
        self._began_s = dict.fromkeys((side for side, _ in rule.directions), 0.0)
        self._tops = dict.fromkeys((side for side, _ in rule.directions), 0.0)
        self._until_s = float("inf")  # a task against time
        self._over = False
        self._sizes: list[float] = []  # of what counted
        self._last = float("nan")
        self._t_s: list[float] = []  # since the movement under way began, and the moment before
        self.counts: dict[str, int] = {side: 0 for side, _ in rule.directions}
        self.last: Counted | None = None
        self.refused: Reason | None = None

    def feed(self, t_s: float, excursion: float) -> None:
        """Take the next excursion from the start posture, smoothed causally; NaN where unknown."""
        self._last, self.refused = excursion, None
        self._t_s.append(t_s)
        if self.moving is None:
            del self._t_s[:-2]
        if t_s >= self._until_s and not self._over:
            self._time_is_over(t_s, excursion)
        for side, sign, tracker in self._trackers:
            change = tracker.feed(excursion * sign)
            if change == "began":
                self._began_s[side], self._tops[side] = t_s, 0.0
            elif change == "ended" and self._counts(self._began_s[side], t_s, self._tops[side] - tracker.risen_from):
                self._count(side, t_s)
            if tracker.top is not None:
                self._tops[side] = tracker.top

    @property
    def moving(self) -> str | None:
        """The side of the repetition under way."""
        return next((side for side, _, tracker in self._trackers if tracker.top is not None), None)

    @property
    def top(self) -> float | None:
        """The furthest that the repetition under way has got, as a positive size."""
        return next((tracker.top for _, _, tracker in self._trackers if tracker.top is not None), None)

    @property
    def value(self) -> float:
        """The excursion of the last frame, positive in the direction of the repetition under way."""
        sign = next((sign for _, sign, tracker in self._trackers if tracker.top is not None), 1.0)
        return sign * self._last

    def _counts(self, began_s: float, ended_s: float, size: float) -> bool:
        """Whether a movement that has just ended counts."""
        if size < self.rule.min_excursion or ended_s - began_s < self.rule.min_duration_s / 2:
            return False
        if self.rule.within_s is not None:
            self._until_s = min(self._until_s, began_s + self.rule.within_s)
        return not self._over

    def _count(self, side: str, ended_s: float) -> None:
        """Count the movement of a side that ended now, where pictures were enough."""
        self.refused = why_too_few(np.asarray(self._t_s), self._began_s[side], ended_s)
        if self.refused is None:
            self.counts[side] += 1
            self.last = Counted(side, self._began_s[side], ended_s)
            self._sizes.append(self._tops[side])

    def _time_is_over(self, t_s: float, excursion: float) -> None:
        """Count what is under way when the time ends, if it was fully out or is more than half out."""
        self._over = True
        full = float(np.median(self._sizes)) if self._sizes else float("inf")
        for side, sign, tracker in self._trackers:
            if tracker.top is not None and (tracker.top >= HOLD * full or excursion * sign > HALF_UP * full):
                self._count(side, t_s)
