"""What is around the person, followed frame by frame: a picture on the wall, somebody in front, a camera that moves."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

import numpy as np

from checker.pose.others import COVERS, POSTER_S, is_poster
from checker.pose.steady import SETTLES_S, WITHIN_S, camera_moves
from checker.track import NOBODY, Pose, PoseTrack

POSTERS_OVER_S: Final = POSTER_S + 2.0
CAMERA_OVER_S: Final = WITHIN_S + SETTLES_S


class Surroundings:
    """Tells at once what `checker.pose.others` and `checker.pose.steady` tell of a whole clip."""

    def __init__(self, width: int, height: int) -> None:
        """Begin, for frames of that size in pixels."""
        self._size = (width, height)
        self._others: deque[Pose] = deque()
        self._latest: deque[Pose] = deque()
        self.camera_moves = False
        self.covered = False

    def feed(self, pose: Pose) -> Pose:
        """Take the next pose; it comes back with a second person left out who is a picture."""
        self._others.append(pose)
        self._latest.append(pose)
        while pose.t_s - self._others[0].t_s > POSTERS_OVER_S:
            self._others.popleft()
        while pose.t_s - self._latest[0].t_s > CAMERA_OVER_S:
            self._latest.popleft()
        self.camera_moves = bool(camera_moves(PoseTrack.stack(self._latest, *self._size))[-1])
        if pose.people > 1 and self._is_poster():
            pose = replace(pose, people=1, other=NOBODY)
        self.covered = bool(pose.other[3] > COVERS)
        return pose

    def _is_poster(self) -> bool:
        times = np.array([p.t_s for p in self._others])
        return is_poster(times, np.stack([p.other for p in self._others]))
