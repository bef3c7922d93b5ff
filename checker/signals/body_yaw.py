"""Roughly which way a body is turned, from its feet, shoulders and ears."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.posture import EARS, HEELS, SHOULDERS, TOES, StartPosture
from checker.skeleton import Landmark
from checker.visibility import inside

FOOT_LENGTH_T: Final = 0.37
"""Heel to toe from the side, in torso lengths (standing truth clips: 0.32 to 0.39)."""


def body_yaw_deg(start: StartPosture) -> float:
    """Roughly how far the person is turned from facing the camera, their left side towards it +; degrees.

    0 facing the camera, +90 left side to the camera, -90 right side, all the way round: how long the feet look, of
    somebody who stands and faces the camera; otherwise the middle one of that, of the yaw of the shoulders and of that
    of the ears. How far off a view they are, `turn.py` knows better.
    """
    pose = start.pose

    def yaw(pair: tuple[Landmark, Landmark]) -> float:
        v = (pose.world_point(pair[0]) - pose.world_point(pair[1]))[0]
        return float(np.degrees(np.arctan2(-v[2], v[0])))

    shoulders, ears = yaw(SHOULDERS), yaw(EARS)
    foot = (pose.point(*HEELS) - pose.point(*TOES))[0, 0] / start.torso_px / FOOT_LENGTH_T
    feet = float(np.degrees(np.arcsin(np.clip(foot, -1.0, 1.0))))
    if not np.isfinite(feet) or abs(shoulders) > 60.0:  # the sine is blind near 90
        feet = ears
    elif start.position == "standing" and bool(inside(pose)[0, [*HEELS, *TOES]].all()):
        return feet
    return float(np.nanmedian([shoulders, ears, feet]))
