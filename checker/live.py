"""What can be said at once about each frame, from the past alone.

The camera page shows this while the person moves. It counts with the same rules as `engine`, whose
`finish` has the last word.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from checker.exercise import Exercise
from checker.phases import LiveCounter
from checker.posture import StartPosture
from checker.readiness import KEEP_STILL, find_start, hide_unseen, view_of, why_not_ready
from checker.signals import CATALOGUE
from checker.skeleton import Pose, PoseTrack
from checker.smoothing import CausalSmoother

STILL_WINDOW_S: Final = 1.2
LOOK_EVERY_S: Final = 0.2
"""The last moments are looked at for a still start this often."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What can be said at once about one frame.

    Attributes:
        t_s: the frame's time.
        ready: whether the start posture has been found, so that movements count.
        excursion: of the counted signal from the start posture; NaN where unknown.
        repetitions: counted so far, by side.
        hint: what the person should do about what is missing, one short sentence, or None.
    """

    t_s: float
    ready: bool
    excursion: float
    repetitions: dict[str, int]
    hint: str | None


class LiveJudge:
    """Follows one person through one exercise, frame by frame."""

    def __init__(self, exercise: Exercise, width: int, height: int) -> None:
        """Start, for frames of that size in pixels."""
        self._exercise = exercise
        self._size = (width, height)
        self._recent: deque[Pose] = deque()
        self._next_look_s = 0.0
        self._start: StartPosture | None = None
        self._zero = 0.0
        self._wrong: str | None = None
        self._counter = LiveCounter(exercise.repetition) if exercise.repetition else None
        self._smoother = CausalSmoother()

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time."""
        if self._start is None:
            self._look_for_start(pose)
        excursion = float("nan")
        if self._start is not None and self._counter is not None:
            value = float(CATALOGUE[self._counter.signal].compute(self._seen(pose), self._start)[0])
            excursion = self._smoother.feed(pose.t_s, value - self._zero)
            self._counter.feed(pose.t_s, excursion)
        counts = dict(self._counter.counts) if self._counter else {}
        return Feedback(pose.t_s, self._start is not None, excursion, counts, self._hint(pose))

    def _seen(self, *poses: Pose) -> PoseTrack:
        return hide_unseen(self._exercise, PoseTrack.stack(poses, *self._size))

    def _look_for_start(self, pose: Pose) -> None:
        """See, a few times a second, whether the person has been still for the last moments."""
        self._recent.append(pose)
        while pose.t_s - self._recent[0].t_s > STILL_WINDOW_S:
            self._recent.popleft()
        if pose.t_s < self._next_look_s:
            return
        self._next_look_s = pose.t_s + LOOK_EVERY_S
        start, _ = find_start(self._exercise, self._seen(*self._recent))
        if start is None:
            return
        self._wrong = why_not_ready(self._exercise, start, view_of(self._exercise, start))
        if self._wrong is None:
            self._start = start
            if self._counter is not None:
                self._zero = float(CATALOGUE[self._counter.signal].compute(start.pose, start)[0])

    def _hint(self, pose: Pose) -> str | None:
        """What is missing, most important first."""
        if not pose.found:
            return "Step into the picture."
        if pose.people > 1:
            return "Only one person should be in the picture."
        if self._start is not None:
            return None
        return self._wrong or KEEP_STILL[self._exercise.position]
