"""The clock of a movement that is done by time: it runs only while somebody is there and ready."""

from __future__ import annotations

from checker.dose import Dose
from checker.exercise import Exercise
from checker.live.feedback import Feedback


class Clock:
    """Time gone, from "Begin" on; a task against time begins with the first movement.

    Attributes:
        target_s: how long it is to be done; None where it is not done by time: then the clock never runs.
    """

    def __init__(self, exercise: Exercise, dose: Dose | None) -> None:
        """For a movement and how much of it is asked for."""
        rule = exercise.repetition
        self.target_s = exercise.goal_s(dose)
        self._is_against_time = rule is not None and rule.within_s is not None
        self._waits_for_movement = rule is not None
        self._gone_s: float | None = None  # None until it runs
        self._fed_s: float | None = None  # None while it stands

    @property
    def gone_s(self) -> float | None:
        """Time gone, at most what is asked for; None where it is not done by time."""
        return None if self.target_s is None else min(self._gone_s or 0.0, self.target_s)

    @property
    def is_up(self) -> bool:
        """Whether all of the time is gone."""
        return self.target_s is not None and (self._gone_s or 0.0) >= self.target_s

    def feed(self, now: Feedback) -> None:
        """Take the next frame, while they move."""
        if self._gone_s is not None:
            self._gone_s += 0.0 if self._fed_s is None else now.t_s - self._fed_s
        elif now.moving is not None or not self._waits_for_movement:
            self._gone_s = 0.0
        self._fed_s = now.t_s

    def stop(self) -> None:
        """They are not there, or not ready: it stands. Each attempt against time has its whole time."""
        self._fed_s = None
        if self._is_against_time:
            self._gone_s = None
