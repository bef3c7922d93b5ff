"""One leg or arm against the other, seen from the side.

Signed signals tell which one moves: the left leg +, the right leg -. Both are taken by their own
landmarks, so the far one is as good as the model's guess of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from checker.posture import BELLY, HIPS, SHOULDERS, StartPosture
from checker.signals.geometry import hip_joint, inclination, wrap
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

LEFT_LEG = (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE)
RIGHT_LEG = (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE)
LEFT_ARM = (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW)
RIGHT_ARM = (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW)

Leg = tuple[Landmark, Landmark, Landmark]


def leg_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Hip flexion since the start of the leg that flexes more: the left one +, the right one -; degrees."""
    left, right = (np.maximum(_hip_change(track, start, leg), 0.0) for leg in (LEFT_LEG, RIGHT_LEG))
    return _of_one(left >= right, left, -right)


def leg_extension(track: PoseTrack, start: StartPosture) -> Array:
    """Hip extension since the start of the leg that extends more: the left one +, the right one -; degrees."""
    left, right = (np.maximum(-_hip_change(track, start, leg), 0.0) for leg in (LEFT_LEG, RIGHT_LEG))
    return _of_one(left >= right, left, -right)


def resting_leg(track: PoseTrack, start: StartPosture) -> Array:
    """Change of hip flexion since the start of the leg that moves less; degrees."""
    left, right = (_hip_change(track, start, leg) for leg in (LEFT_LEG, RIGHT_LEG))
    return _of_one(np.abs(left) >= np.abs(right), right, left)


def straight_knee(track: PoseTrack, start: StartPosture) -> Array:
    """Flexion of the knee that is the straighter one in the start posture; degrees."""
    left, right = (_knee(start.pose, start, leg)[0] for leg in (LEFT_LEG, RIGHT_LEG))
    return _knee(track, start, LEFT_LEG if left <= right else RIGHT_LEG)


def opposite_arm_raise(track: PoseTrack, start: StartPosture) -> Array:
    """Elevation since the start of the arm that rises more: the right one + (it goes with the left leg); degrees."""

    def rise(arm: tuple[Landmark, Landmark]) -> Array:
        change = wrap(_arm(track, start, arm) - _arm(start.pose, start, arm)[0])
        return np.maximum(change, 0.0)

    left, right = rise(LEFT_ARM), rise(RIGHT_ARM)
    return _of_one(right >= left, right, -left)


def _of_one(first: npt.NDArray[np.bool_], one: Array, other: Array) -> Array:
    """One limb's value or the other's; NaN where either is unknown, for then nobody knows which moves."""
    return np.where(np.isnan(one + other), np.nan, np.where(first, one, other))


def _hip_change(track: PoseTrack, start: StartPosture, leg: Leg) -> Array:
    """Flexion of one hip since the start; degrees."""

    def flexion(poses: PoseTrack) -> Array:
        middle = poses.point(*HIPS)
        # on the floor this hip is taken back like their middle; standing, that would follow both thighs
        back = hip_joint(poses, start) - middle if start.position in BELLY else 0.0
        hip, trunk_hip = poses.point(leg[0]) + back, middle + back
        trunk = inclination(trunk_hip, poses.point(*SHOULDERS), start.facing)
        return trunk - inclination(poses.point(leg[1]), hip, start.facing)

    return wrap(flexion(track) - flexion(start.pose)[0])


def _knee(track: PoseTrack, start: StartPosture, leg: Leg) -> Array:
    """Flexion of one knee; degrees."""
    hip, knee, ankle = (track.point(joint) for joint in leg)
    return wrap(inclination(ankle, knee, start.facing) - inclination(knee, hip, start.facing))


def _arm(track: PoseTrack, start: StartPosture, arm: tuple[Landmark, Landmark]) -> Array:
    """The upper arm against the trunk: 0 along it, forward and up +; degrees."""
    trunk = inclination(track.point(*HIPS), track.point(*SHOULDERS), start.facing)
    upper_arm = inclination(track.point(arm[1]), track.point(arm[0]), start.facing)
    return wrap(trunk - upper_arm)
