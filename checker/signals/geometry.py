"""Lengths, angles and points that several signals share."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from checker.posture import BELLY, EARS, HIPS, KNEES, SHOULDERS, StartPosture
from checker.skeleton import OUTLINE_STATIONS, Array, Landmark
from checker.track import PoseTrack


def length(v: Array) -> Array:
    """(...,) lengths of vectors (..., K)."""
    return np.asarray(np.linalg.norm(v, axis=-1), np.float64)


def pair(track: PoseTrack, of: tuple[Landmark, Landmark]) -> Array:
    """(T, 2) pixels, from the right landmark of a pair to the left one."""
    return track.point(of[0]) - track.point(of[1])


def wrap(angle_deg: Array) -> Array:
    """Angles brought into [-180, 180)."""
    return np.asarray((angle_deg + 180.0) % 360.0 - 180.0)


def stations_within(span: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Which of the outline's stations lie within a span along the trunk."""
    low, high = span
    stations = OUTLINE_STATIONS
    return np.asarray((stations >= low) & (stations <= high))


def inclination(low: Array, high: Array, facing: float) -> Array:
    """Angle of the line from `low` up to `high` against the vertical, in the image plane.

    Args:
        low: (T, 2) pixels, y down.
        high: (T, 2) pixels.
        facing: +1 or -1, the image direction in x that counts as positive.

    Returns:
        (T,) degrees in (-180, 180], 0 upright, positive towards `facing`.
    """
    v = high - low
    return np.degrees(np.arctan2(v[:, 0] * facing, -v[:, 1]))


HIP_AHEAD_T: Final = 0.05
"""How far the model's hip lies before the joint, towards the belly, in T: 0.02 to 0.08 by movement
(`python benchmarks/floor.py`)."""


def hip_joint(track: PoseTrack, start: StartPosture) -> Array:
    """(T, 2) pixels: the middle of the hip joints in a side view.

    When a standing person bends, the model's hip landmark slips forward into the fold of the groin
    and down the thigh: on the truth clips by a tenth of a torso length, which alone reads a hinge
    2 to 5 degrees low. A thigh does not shorten in the plane it moves in, so where the landmark
    comes nearer to the knee than at rest it is pushed out along the thigh to the rest length.
    A seated person's thigh lies still; there the landmark is better left as it is (truth clips:
    mean error of the trunk 2.7 degrees against 3.5).

    On the floor, where the thigh goes from straight to far beyond a right angle, it is the
    landmark's place before the joint that tells: a hip that flexes from 70 to 130 degrees reads 4
    too many. There it is taken back by `HIP_AHEAD_T`.
    """
    hip, knee = track.point(*HIPS), track.point(*KNEES)
    if start.position in BELLY:
        return hip - HIP_AHEAD_T * start.torso_px * belly_way(track, start)
    if start.seated or start.position != "standing":
        return hip
    thigh = hip - knee
    seen_px = length(thigh)[:, None]
    return np.asarray(knee + thigh / seen_px * np.maximum(seen_px, start.thigh_px))


def belly_way(track: PoseTrack, start: StartPosture) -> Array:
    """(T, 2) unit vectors across the line hips to shoulders, towards the belly; seen from the side."""
    trunk = track.point(*SHOULDERS) - track.point(*HIPS)
    across = np.stack([-trunk[:, 1], trunk[:, 0]], axis=1) * start.facing
    return np.asarray(across / length(across)[:, None])


def nose_over_ears(track: PoseTrack, start: StartPosture, along: bool = False) -> Array:
    """(T,) the nose from the middle of the ears, in T: across the trunk to the left, or up along it."""
    trunk = track.point(*SHOULDERS) - track.point(*HIPS)
    up = trunk / length(trunk)[:, None]
    way = up if along else np.stack([-up[:, 1], up[:, 0]], axis=1)
    nose = track.point(Landmark.NOSE) - track.point(*EARS)
    return np.asarray(np.sum(nose * way, axis=1) / start.torso_px)
