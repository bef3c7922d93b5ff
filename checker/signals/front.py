"""Signals of the trunk, the hips and the feet, seen from the front."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.posture import ANKLES, HIPS, KNEES, SHOULDERS, StartPosture
from checker.signals.geometry import inclination, length, nose_over_ears, pair
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

HIPS_FOLLOW: Final = 1.06
"""The model's hip points go along towards the side that the trunk bends to, so a bend reads 5 to 7 % low, on every body
(bends of 13 to 35 degrees of 20 rendered people)."""


def trunk_lateral_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Frontal inclination of the line hip-mid to shoulder-mid, to the person's left +; degrees.

    The person faces the camera: their left is the image's right. What the hip points lose of the bend is
    made good.
    """
    rest = float(_lean(start.pose)[0])
    return rest + HIPS_FOLLOW * (_lean(track) - rest)


def _lean(track: PoseTrack) -> Array:
    return inclination(track.point(*HIPS), track.point(*SHOULDERS), 1.0)


LEAN_DEPTH_SHARE: Final = 0.66
"""Share of a lean towards the camera that the model's depth shows (truth clips)."""

NOSE_REACH_T: Final = 0.22
"""How far the nose stands before the ears, in T: about 11 cm on a trunk of 50."""


def forward_lean(track: PoseTrack, start: StartPosture) -> Array:
    """Lean of the trunk towards the camera since the start; degrees. For flagging, not measuring.

    The mean of three cues, because each alone is weak and they fail for different reasons: the
    3-D landmarks' depth (over its known share), the shortening of the trunk (which a side bend
    brings too), and the nose sinking against the ears (which a nod brings too). A straight side
    bend reads up to 16.
    """

    def depth(poses: PoseTrack) -> Array:
        v = poses.world_point(*SHOULDERS) - poses.world_point(*HIPS)
        return np.degrees(np.arctan2(-v[:, 2], -v[:, 1]))

    sunk = nose_over_ears(start.pose, start, along=True)[0] - nose_over_ears(track, start, along=True)
    cues = (
        (depth(track) - depth(start.pose)[0]) / LEAN_DEPTH_SHARE,
        np.degrees(np.arccos(np.clip(torso_ratio(track, start), 0.0, 1.0))),
        np.degrees(np.arcsin(np.clip(sunk / NOSE_REACH_T, 0.0, 1.0))),
    )
    return np.asarray(np.mean(cues, axis=0))


def torso_ratio(track: PoseTrack, start: StartPosture) -> Array:
    """Apparent torso length over that of the start posture."""
    return length(track.point(*SHOULDERS) - track.point(*HIPS)) / start.torso_px


def hip_shift(track: PoseTrack, start: StartPosture) -> Array:
    """How far the hips have moved sideways over the ankles since the start, in T, left +."""

    def aside(poses: PoseTrack) -> Array:
        return (poses.point(*HIPS) - poses.point(*ANKLES))[:, 0]

    return (aside(track) - aside(start.pose)[0]) / start.torso_px


def height_loss(track: PoseTrack, start: StartPosture) -> Array:
    """How far the shoulders have sunk beyond what the bend and the hip shift explain, in T.

    From the front, bending knees hardly show as an angle (they come towards the camera), but the
    whole body sinks. A bend of b degrees lowers the shoulders by T(1 - cos b), and hips that
    swing sideways by d on legs of length L by L - sqrt(L^2 - d^2).
    """

    def height(poses: PoseTrack) -> Array:
        return (poses.point(*ANKLES) - poses.point(*SHOULDERS))[:, 1] / start.torso_px

    def cosine(poses: PoseTrack) -> Array:
        return np.cos(np.radians(_lean(poses)))

    leg = start.leg_px / start.torso_px
    swing = leg - np.sqrt(np.maximum(leg**2 - hip_shift(track, start) ** 2, 0.0))
    sunk = height(start.pose)[0] - height(track)
    return sunk - (cosine(start.pose)[0] - cosine(track)) - swing


def foot_lift(track: PoseTrack, start: StartPosture) -> Array:
    """How much higher one foot stands than the other since the start, in T; the left one higher +.

    From the lower edge of the body under each ankle: the ankle landmarks move with the trunk.
    """

    def apart(poses: PoseTrack) -> Array:
        return (poses.feet[:, 1] - poses.feet[:, 0]).astype(np.float64)

    return (apart(track) - apart(start.pose)[0]) / start.torso_px


FEET_SEEN_PX: Final = 75.0
"""Of a trunk of fewer pixels than this a lifted foot is two pixels of the outline, which wavers by as many."""


def opposite_foot_lift(track: PoseTrack, start: StartPosture) -> Array:
    """Lift of the foot on the side that the trunk bends away from, in T."""
    if start.torso_px < FEET_SEEN_PX:
        return np.full(len(track), np.nan)
    return -foot_lift(track, start) * np.sign(trunk_lateral_flexion(track, start))


SWAPPED_T: Final = 0.2
"""Each foot this close (T) to where the other one was: nobody steps like that, the model has swapped them."""


def feet_travel(track: PoseTrack, start: StartPosture) -> Array:
    """The larger way that either ankle has gone since the start, in T.

    Whichever foot is which: in bad light the model takes the left one for the right one and back.
    """

    def way(of: Landmark, to: Landmark) -> Array:
        return length(track.point(of) - start.pose.point(to)[0])

    left, right = ANKLES
    here = np.maximum(way(left, left), way(right, right))
    crossed = np.maximum(way(left, right), way(right, left))
    swapped = crossed < np.minimum(here, SWAPPED_T * start.torso_px)
    return np.asarray(np.where(swapped, crossed, here) / start.torso_px)


def pelvis_tilt(track: PoseTrack, start: StartPosture) -> Array:
    """The hip line against the horizontal, the left side higher +; degrees."""
    return _tilt(track, HIPS)


def shoulder_tilt(track: PoseTrack, start: StartPosture) -> Array:
    """The shoulder line against the horizontal, the left side higher +; degrees."""
    return _tilt(track, SHOULDERS)


def _tilt(track: PoseTrack, of: tuple[Landmark, Landmark]) -> Array:
    v = pair(track, of)
    return np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))


def shoulder_rise(track: PoseTrack, start: StartPosture) -> Array:
    """How far the shoulders have risen over the hips since the start, in T."""

    def over_hips(poses: PoseTrack) -> Array:
        return (poses.point(*HIPS) - poses.point(*SHOULDERS))[:, 1]

    return (over_hips(track) - over_hips(start.pose)[0]) / start.torso_px


def knee_fall(track: PoseTrack, start: StartPosture) -> Array:
    """Lying with the feet to the camera: tilt of the line ankles to knees, to the person's left +; degrees."""
    return inclination(track.point(*ANKLES), track.point(*KNEES), 1.0)


def knees_apart(track: PoseTrack, start: StartPosture) -> Array:
    """Distance between the knees, in T."""
    return length(pair(track, KNEES)) / start.torso_px


def ankle_lift(track: PoseTrack, start: StartPosture) -> Array:
    """How much higher the left ankle is than the right one, since the start, in T."""

    def apart(poses: PoseTrack) -> Array:
        return -pair(poses, ANKLES)[:, 1]

    return (apart(track) - apart(start.pose)[0]) / start.torso_px


def sway(track: PoseTrack, start: StartPosture) -> Array:
    """How far the hips have moved along the picture since the start, in T, to the person's left +."""
    return (track.point(*HIPS) - start.pose.point(*HIPS)[0])[:, 0] / start.torso_px
