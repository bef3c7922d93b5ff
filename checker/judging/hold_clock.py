"""The time that a posture is held, while it is held."""

from __future__ import annotations

from checker.exercise import Exercise
from checker.judging.frame_rate import LONGEST_GAP_S
from checker.judging.holds import HOLD
from checker.judging.limits import Hysteresis
from checker.live.counter import LiveCounter


class HoldClock:
    """The time held, as it runs: far enough out, in good form; it pauses where it is not."""

    def __init__(self, exercise: Exercise, baseline: dict[str, float], units: dict[str, str]) -> None:
        """Stand at zero."""
        self._rule, self._repetition = exercise.hold, exercise.repetition
        conditions = exercise.hold.conditions if exercise.hold else []
        self._conditions = [(c.signal, baseline[c.signal], Hysteresis(c, units[c.signal])) for c in conditions]
        self._last_s: float | None = None
        self._paused_s = 0.0
        self._top = 0.0
        self.held_s = 0.0
        self.holds = 0
        self.running = False

    def feed(
        self, t_s: float, now: dict[str, float], counter: LiveCounter | None, broken: bool, seen: bool = True
    ) -> None:
        """Take the next moment: whether a fault was there, and whether the person was seen."""
        step_s = 0.0 if self._last_s is None else t_s - self._last_s
        self._last_s = t_s
        self.running = self._held_out(counter) if counter else seen and self._kept(now)
        if self.running and not broken and step_s <= LONGEST_GAP_S:
            self.held_s += step_s
            self._paused_s = 0.0
        elif self._rule is not None:
            self._pause(step_s)

    def _held_out(self, counter: LiveCounter) -> bool:
        """Whether a repetition is near its own furthest; the clock begins anew where it goes on further."""
        top, value = counter.top, counter.value
        if top is None:
            if self._top:
                self._top, self.held_s = 0.0, 0.0
            return False
        level = HOLD * top
        if self._repetition is not None and self._repetition.hold_from is not None:
            level = self._repetition.hold_from
        elif self._top < HOLD * top:
            self._top, self.held_s = top, 0.0
            return False
        self._top = max(self._top, level)
        return value >= level

    def _kept(self, now: dict[str, float]) -> bool:
        return all(h.feed(now[signal], zero) for signal, zero, h in self._conditions)

    def end(self) -> None:
        """Nothing comes any more: a hold under way counts where it was long enough."""
        if self._rule is not None:
            self.holds += self.held_s >= self._rule.min_duration_s
            self.held_s = self._paused_s = 0.0

    def _pause(self, step_s: float) -> None:
        """A pause that is too long ends the hold; it counts where it was long enough."""
        if self._rule is None or not self.held_s:
            return
        self._paused_s += step_s
        if self._paused_s > self._rule.max_pause_s:
            self.end()
