"""Signals of squatting and lifting, seen from the side."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.posture import ANKLES, HEELS, KNEES, TOES, WRISTS, StartPosture
from checker.signals.geometry import inclination
from checker.signals.side import hip_flexion, knee_flexion
from checker.skeleton import Array
from checker.track import PoseTrack

LEAST_KNEE_DEG: Final = 5.0
"""A knee that has bent by less is taken to have bent by this: a ratio to nothing says nothing."""


def shank_inclination(track: PoseTrack, start: StartPosture) -> Array:
    """Inclination of the line ankles to knees from the vertical, forward +; degrees."""
    return inclination(track.point(*ANKLES), track.point(*KNEES), start.facing)


def knee_past_toe(track: PoseTrack, start: StartPosture) -> Array:
    """How far the knees stand ahead of the toes, horizontally, in T."""
    return (track.point(*KNEES) - track.point(*TOES))[:, 0] * start.facing / start.torso_px


def heel_lift(track: PoseTrack, start: StartPosture) -> Array:
    """How far the heels have risen against the toes since the start, in T."""

    def above_toes(poses: PoseTrack) -> Array:
        return (poses.point(*TOES) - poses.point(*HEELS))[:, 1]

    return (above_toes(track) - above_toes(start.pose)[0]) / start.torso_px


def load_reach(track: PoseTrack, start: StartPosture) -> Array:
    """How far the wrists are ahead of the middle of the feet, horizontally, in T.

    Against the feet and not the hips: in a good lift the hips go back and the hands stay over the feet.
    """
    return (track.point(*WRISTS) - track.point(*HEELS, *TOES))[:, 0] * start.facing / start.torso_px


def hip_knee_ratio(track: PoseTrack, start: StartPosture) -> Array:
    """Change of hip flexion over change of knee flexion since the start."""
    hip = hip_flexion(track, start) - hip_flexion(start.pose, start)[0]
    knee = knee_flexion(track, start) - knee_flexion(start.pose, start)[0]
    return np.asarray(hip / np.maximum(knee, LEAST_KNEE_DEG))
