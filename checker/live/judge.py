"""What can be said at once about each frame, from the past alone.

The camera page shows this while the person moves. It counts and judges with the same rules as
`engine`, whose `finish` has the last word.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import replace
from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.judging.frame_rate import PictureRate
from checker.judging.segments import AWAY_S
from checker.live.feedback import Feedback
from checker.live.follower import Follower
from checker.live.surroundings import Surroundings
from checker.pose.steady import steadied
from checker.posture import StartPosture
from checker.reasons import CAMERA_MOVED, COVERED, LEFT_PICTURE, Reason
from checker.setup.checks import SetupCheck, check_setup
from checker.setup.readiness import hide_unseen, left_picture, needed_landmarks, without
from checker.setup.view import why_hidden
from checker.smoothing import smooth_track
from checker.track import Pose, PoseTrack
from checker.visibility import body_part

STILL_WINDOW_S: Final = 1.2
LOOK_EVERY_S: Final = 0.2
"""Before the start, the last moments are looked at this often."""

HIDDEN_S: Final = 1.5
"""Joints out of sight for this long are told: shorter ones come back by themselves."""

AS_SEEN_AFTER_S: Final = 15.0
"""Whoever was asked for so long to show the joints that only the faults need, and shows what is measured,
has no room for more: it goes on without those faults, and nobody has to walk to the computer (chosen)."""


SWAYS_AFTER_S: Final = 4.0
SWAY_SLACK: Final = 2.0
"""Somebody in whom all is right but that they sway is asked for so long to keep still; then twice the sway will do:
nobody waits for a stillness that pain does not allow (clinical judgement)."""


class LiveJudge:
    """Follows one person through one exercise, frame by frame."""

    def __init__(self, exercise: Exercise, width: int, height: int, model: str = "", to_first_pain: int = 0) -> None:
        """Start, for frames of that size in pixels, seen by the pose model of that name.

        Of `to_first_pain` see `checker.assessing.Circumstances`.
        """
        self._to_first_pain = to_first_pain
        self._model = model
        self._exercise = exercise
        self._size = (width, height)
        self._recent: deque[Pose] = deque()
        self._next_look_s = 0.0
        self._person_s = 0.0
        self._joints_s = 0.0
        self._setup: SetupCheck | None = None
        self._following: Follower | None = None
        self._earlier: Counter[str] = Counter({side or "both": 0 for side in exercise.sides})
        self._rate = PictureRate()
        self._around = Surroundings(width, height)
        self._swaying_since_s: float | None = None
        self._as_seen = False
        self._asked_for_all_s: float | None = None  # since when, without a break

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time."""
        self._rate.feed(pose.t_s)
        pose = self._around.feed(pose)
        gone = self._following is not None and pose.t_s - self._person_s > AWAY_S  # nobody, or no picture
        if gone or pose.cut:
            self.restart()
        if pose.found:
            self._person_s = pose.t_s
        if self._following is None:
            self._look(pose)
        seen = steadied(hide_unseen(self._exercise, PoseTrack.single(pose, *self._size)))
        if self._around.camera_moves or self._around.covered:
            seen = without(seen, np.ones(1, bool))
        if self._following is None or np.isfinite(seen.image).any():
            self._joints_s = pose.t_s
        hint = self._hint(pose)
        if self._following is None:
            counts = dict(self._earlier)
            return Feedback(pose.t_s, False, float("nan"), counts, hint, self._setup, pace=self._rate.pace)
        feedback = self._following.feed(pose, seen, hint, self._rate.pace, self._hidden_by(pose))
        counts = {side: n + self._earlier[side] for side, n in feedback.repetitions.items()}
        return replace(feedback, repetitions=counts)

    def _hidden_by(self, pose: Pose) -> Reason | None:
        """What hides the person in this frame; None for nothing that is known."""
        if self._around.camera_moves:
            return CAMERA_MOVED
        if self._around.covered:
            return COVERED
        outside = left_picture(self._exercise, PoseTrack.single(pose, *self._size))
        return next((LEFT_PICTURE.of(part=body_part(joint)) for joint in outside), None)

    @property
    def start(self) -> StartPosture | None:
        """The start posture, once it was found."""
        return self._following.start if self._following is not None else None

    def go_on_as_seen(self) -> None:
        """Do not ask for joints that only the faults need: there is no room for more."""
        self._as_seen = True

    def correct(self, counts: dict[str, int]) -> None:
        """Bring what was counted in line with what the judgement of the whole says."""
        own = self._following.counts if self._following is not None and not self._is_against_time else {}
        for side in self._earlier:
            self._earlier[side] = counts.get(side, 0) - own.get(side, 0)

    @property
    def _is_against_time(self) -> bool:
        rule = self._exercise.repetition
        return rule is not None and rule.within_s is not None

    def restart(self) -> None:
        """Look for the start posture again; what was counted so far stays."""
        if self._following is not None and not self._is_against_time:  # each attempt for itself
            self._earlier.update(self._following.end())
        self._following, self._setup = None, None
        self._recent.clear()

    def _look(self, pose: Pose) -> None:
        """See, a few times a second, whether the person is in place and has been still."""
        self._recent.append(pose)
        while pose.t_s - self._recent[0].t_s > STILL_WINDOW_S:
            self._recent.popleft()
        if pose.t_s < self._next_look_s:
            return
        self._next_look_s = pose.t_s + LOOK_EVERY_S
        recent = smooth_track(steadied(PoseTrack.stack(self._recent, *self._size)))
        waits_s = 0.0 if self._swaying_since_s is None else pose.t_s - self._swaying_since_s
        slack = 1.0 if waits_s < SWAYS_AFTER_S else SWAY_SLACK
        self._setup = check_setup(self._exercise, recent, self._as_seen, slack)
        if not self._setup.only_sways:
            self._swaying_since_s = None
        elif self._swaying_since_s is None:
            self._swaying_since_s = pose.t_s
        if not self._setup.can_go_on:
            self._asked_for_all_s = None
        elif self._asked_for_all_s is None:
            self._asked_for_all_s = pose.t_s
        self._as_seen |= self._asked_for_all_s is not None and pose.t_s - self._asked_for_all_s >= AS_SEEN_AFTER_S
        if self._setup.start is not None:
            self._following = Follower(self._exercise, self._setup.start, self._model, self._to_first_pain)

    def _hint(self, pose: Pose) -> str | None:
        """What is missing, most important first."""
        if not pose.found:
            return "Step into the picture."
        if pose.people > 1:
            return "Only one person should be in the picture."
        if self._following is None and self._setup is not None:
            return self._setup.advice
        if self._around.camera_moves:
            return "The camera moves: what you do now is not measured. Prop it up."
        if pose.t_s - self._joints_s > HIDDEN_S:
            alone = PoseTrack.single(pose, *self._size)
            return why_hidden(alone, needed_landmarks(self._exercise), self._exercise.view == "side").text
        return None
