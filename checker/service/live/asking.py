"""Asking for the left hand before somebody is led: what the page shows meanwhile. Nothing counts yet."""

from __future__ import annotations

from checker.live.feedback import Feedback
from checker.live.guidance import Guidance, Stage, Utterance
from checker.setup.checks import NAMES, Tick
from checker.setup.hand import HandQuestion
from checker.track import Pose


class HandAsking:
    """A question for the left hand, as it is shown and said."""

    def __init__(self) -> None:
        """Ask from the next frame on."""
        self.question = HandQuestion()
        self._said: str | None = None

    def feed(self, pose: Pose) -> tuple[Feedback, Guidance] | None:
        """Take the next pose, as the camera gives it: what to show; None once it is settled or given up."""
        self.question.feed(pose)
        if not self.question.is_open:
            return None
        words = self.question.words
        say = [Utterance(words, "stage")] if words != self._said else []
        self._said = words
        ticks = [Tick(i, name, None) for i, name in NAMES.items()]
        return Feedback(pose.t_s, False, float("nan"), {}, words), Guidance(Stage.SETUP, ticks, words, say=say)
