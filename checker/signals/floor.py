"""Signals of somebody who lies, kneels or is on hands and knees, seen from the side."""

from __future__ import annotations

import numpy as np

from checker.posture import ANKLES, ELBOWS, HEELS, HIPS, KNEES, SHOULDERS, TOES, WRISTS, StartPosture
from checker.signals.geometry import inclination, length, wrap
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack


def trunk_rise(track: PoseTrack, start: StartPosture) -> Array:
    """The trunk line above the horizontal, whether on the back or on the front; degrees."""
    v = track.point(*SHOULDERS) - track.point(*HIPS)
    return np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))


def hip_above_line(track: PoseTrack, start: StartPosture) -> Array:
    """How far the hips stand out, on the belly's side, of the straight line knees to shoulders, in T."""
    knee = track.point(*KNEES)
    line = track.point(*SHOULDERS) - knee
    line = line / length(line)[:, None]
    out = np.stack([-line[:, 1], line[:, 0]], axis=1) * start.facing
    return np.asarray(np.sum((track.point(*HIPS) - knee) * out, axis=1) / start.torso_px)


def body_line(track: PoseTrack, start: StartPosture) -> Array:
    """The trunk against the line hips to ankles: folded at the hips +, sagging -; degrees."""
    hip = track.point(*HIPS)
    trunk = inclination(hip, track.point(*SHOULDERS), start.facing)
    return wrap(trunk - inclination(track.point(*ANKLES), hip, start.facing))


def hip_heel(track: PoseTrack, start: StartPosture) -> Array:
    """Distance from the hips to the heels, in T."""
    return length(track.point(*HIPS) - track.point(*HEELS)) / start.torso_px


def hips_off_floor(track: PoseTrack, start: StartPosture) -> Array:
    """How high the hips are above the lowest of elbows, wrists, knees and toes, in T."""
    lowest = np.max([track.point(*pair)[:, 1] for pair in (ELBOWS, WRISTS, KNEES, TOES)], axis=0)
    return np.asarray((lowest - track.point(*HIPS)[:, 1]) / start.torso_px)


def feet_rise(track: PoseTrack, start: StartPosture) -> Array:
    """How far the ankles have risen since the start, in T."""
    return (start.pose.point(*ANKLES)[0, 1] - track.point(*ANKLES)[:, 1]) / start.torso_px


def trunk_twist(track: PoseTrack, start: StartPosture) -> Array:
    """Turn of the shoulders against the hips about the trunk since the start; degrees, unsigned.

    From the 3-D landmarks, whose depth is coarse: good for telling a clear twist, no more.
    """
    return np.abs(wrap(_roll(track, SHOULDERS) - _roll(track, HIPS) - _twist_at(start)))


def pelvis_roll(track: PoseTrack, start: StartPosture) -> Array:
    """Roll of the pelvis about the trunk since the start; degrees, unsigned. Coarse, as `trunk_twist`."""
    return np.abs(wrap(_roll(track, HIPS) - _roll(start.pose, HIPS)[0]))


def _twist_at(start: StartPosture) -> float:
    return float((_roll(start.pose, SHOULDERS) - _roll(start.pose, HIPS))[0])


def _roll(track: PoseTrack, pair: tuple[Landmark, Landmark]) -> Array:
    """(T,) direction of a left-right pair about the trunk's axis, from the camera's axis; degrees."""
    axis = track.world_point(*SHOULDERS) - track.world_point(*HIPS)
    axis = axis / length(axis)[:, None]
    across = track.world_point(pair[0]) - track.world_point(pair[1])
    to_camera = np.array([0.0, 0.0, 1.0]) - axis * axis[:, 2:]
    up = np.cross(axis, to_camera)
    return np.degrees(np.arctan2(np.sum(across * up, axis=1), np.sum(across * to_camera, axis=1)))
