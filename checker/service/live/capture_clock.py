"""The browser's clock against the server's: when a picture was taken, seconds since the first one.

The times of a session are those of the browser's camera, because the way to here takes now more, now less. But a clock
that jumps, or a time that makes no sense, must not spoil what comes after it: the server's own clock shows which.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import Final

from checker.service.live.protocol import UnfitError

SLACK_S: Final = 5.0
"""Pictures may lie for so long on their way, and be as much later or earlier than the server's clock makes them."""

AGREE: Final = 3
"""So many pictures that agree with each other, and not with those before, show that the clock was set anew."""


class CaptureClock:
    """Makes times that only rise from those that a browser tells."""

    def __init__(self, longest_s: float) -> None:
        """Begin with the first picture; `longest_s`: no session is longer."""
        self._longest_s = longest_s
        self._zero_s: float | None = None  # of the browser's clock
        self._last_s = -1.0  # time of the last picture
        self._arrived_s = 0.0  # the server's clock at it
        self._odd: deque[tuple[float, float]] = deque(maxlen=AGREE)  # captures that do not fit, with their arrivals

    @property
    def last_s(self) -> float:
        """Of the last picture that was taken; -1 before the first."""
        return self._last_s

    @property
    def begun(self) -> bool:
        """Whether there was a picture."""
        return self._zero_s is not None

    def since_start_s(self, capture_s: float) -> float:
        """A moment of the browser's clock, seconds since the first picture."""
        return capture_s - (capture_s if self._zero_s is None else self._zero_s)

    def look(self, capture_s: float, now_s: float) -> float:
        """The time of a picture that has arrived; nothing is remembered of it but that it may not fit.

        Args:
            capture_s: when it was taken, by the browser's clock.
            now_s: monotonic time at which it arrived.

        Raises:
            UnfitError: it is not later than the last one, or much later than it can be.
        """
        if self._zero_s is None:
            return 0.0
        t_s = capture_s - self._zero_s
        latest_s = min(self._last_s + (now_s - self._arrived_s) + SLACK_S, self._longest_s)
        if self._last_s < t_s <= latest_s:
            self._odd.clear()
            return t_s
        self._odd.append((capture_s, now_s))
        if self._is_set_anew():
            t_s = max(self._last_s + (now_s - self._arrived_s), self._last_s + 1e-3)
            if t_s <= self._longest_s:
                self._zero_s = capture_s - t_s
                self._odd.clear()
                return t_s
        raise UnfitError(
            f"expected a picture later than {self._last_s:.3f} s and no later than {latest_s:.3f} s, got {t_s:.3f} s"
        )

    def take(self, capture_s: float, t_s: float, now_s: float) -> None:
        """A picture was looked at: the next one is later."""
        if self._zero_s is None:
            self._zero_s = capture_s
        self._last_s, self._arrived_s = t_s, now_s

    def _is_set_anew(self) -> bool:
        """Whether the last ones that did not fit go on from each other as the server's clock does."""
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(self._odd)]
        return len(steps) == AGREE - 1 and all(0 < step_s <= took_s + SLACK_S for step_s, took_s in steps)
