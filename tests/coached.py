"""Somebody who is led by the coach, step by step, and what is said to them."""

from __future__ import annotations

from typing import Any

from checker.dose import Dose
from checker.library import find_exercise
from checker.live.coach import COUNTDOWN_S, Coach
from checker.live.feedback import Feedback
from checker.live.guidance import Guidance

STEP_S = 0.1


WHY = {"source": "of the test", "status": "clinical judgement"}


TWICE = Dose(repetitions=2, **WHY)


TWO_OR_THREE = Dose(repetitions=(2, 3), **WHY)


ENOUGH = "That is enough. Rest to finish, or go on up to 3."


BEND = "standing_side_bend"  # left and right


SQUAT = "squat"  # no sides


PLANK = "plank"  # a hold


BREATHING = "breathing"  # a hold, done by time


class Led:
    """A session, and everything that was said in it."""

    def __init__(self, exercise_id: str, dose: Dose | None = None) -> None:
        self.exercise = find_exercise(exercise_id)
        self.coach = Coach(self.exercise, dose)
        self.t_s = 0.0
        self.counts = {side or "both": 0 for side in self.exercise.sides}
        self.said: list[str] = []
        self.seen: list[tuple[float, Guidance]] = []

    def frame(self, after_s: float = STEP_S, ready: bool = True, **now: Any) -> Guidance:
        self.t_s += after_s
        about = {"excursion": 0.0 if ready else float("nan"), "hint": None, "repetitions": dict(self.counts)} | now
        guidance = self.coach.feed(Feedback(t_s=self.t_s, ready=ready, **about))
        self.said += [u.text for u in guidance.say]
        self.seen.append((self.t_s, guidance))
        return guidance

    def frames(self, lasts_s: float, **now: Any) -> Guidance:
        for _ in range(round(lasts_s / STEP_S)):
            guidance = self.frame(**now)
        return guidance

    def begin(self) -> Led:
        """Until it counts; what was said so far is forgotten."""
        self.frames(COUNTDOWN_S + 0.5)
        self.said.clear()
        return self

    def count(self, side: str = "both", after_s: float = 3.0, **now: Any) -> Guidance:
        self.counts[side] += 1
        return self.frame(after_s, **now)

    def times_of(self, kind: str) -> list[tuple[float, str]]:
        return [(t_s, u.text) for t_s, guidance in self.seen for u in guidance.say if u.kind == kind]
