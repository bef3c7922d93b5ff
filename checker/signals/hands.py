"""Where the hands are, seen from the side."""

from __future__ import annotations

import numpy as np

from checker.posture import StartPosture
from checker.signals.geometry import length
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack


def wrist_thigh(track: PoseTrack, start: StartPosture) -> Array:
    """Distance of the nearer wrist to the thigh's line, in T."""
    return _near_hand(track, start)[0]


def hand_slide(track: PoseTrack, start: StartPosture) -> Array:
    """How far the nearer hand has slid along the thigh since the start posture, in T.

    A hand that carries weight stays where it is while the trunk comes down.
    """
    along = _near_hand(track, start)[1]
    return np.abs(along - _near_hand(start.pose, start)[1][0])


def _near_hand(track: PoseTrack, start: StartPosture) -> tuple[Array, Array]:
    """The camera-side wrist against its thigh: (T,) distance and (T,) place along it, in T."""
    left = start.facing < 0  # facing left in the image, the left side is towards the camera
    wrist = track.point(Landmark.LEFT_WRIST if left else Landmark.RIGHT_WRIST)
    hip = track.point(Landmark.LEFT_HIP if left else Landmark.RIGHT_HIP)
    thigh = track.point(Landmark.LEFT_KNEE if left else Landmark.RIGHT_KNEE) - hip
    share = np.sum((wrist - hip) * thigh, axis=1) / np.sum(thigh * thigh, axis=1)
    nearest = hip + np.clip(share, 0, 1)[:, None] * thigh
    return length(wrist - nearest) / start.torso_px, share * length(thigh) / start.torso_px
