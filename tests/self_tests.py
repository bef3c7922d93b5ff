"""The four self-tests as a body of which every angle is known does them, well."""

from __future__ import annotations

from typing import Any

import numpy as np
from analytic_body import FACING_LEFT, FACING_RIGHT, FRONT

SIDE_BEND, ROTATION = "standing_side_bend", "standing_trunk_rotation"
HINGE, LEAN = "standing_hip_hinge", "seated_forward_lean"
FOUR = [SIDE_BEND, ROTATION, HINGE, LEAN]
CAMERAS = {SIDE_BEND: FRONT, ROTATION: FRONT, HINGE: FACING_RIGHT, LEAN: FACING_LEFT}
SITTING = {"thigh_deg": -90.0, "knee_deg": 90.0}


def movement(exercise_id: str, x: np.ndarray) -> dict[str, Any]:
    """The joints of a movement done well, its size over time in degrees."""
    if exercise_id == SIDE_BEND:
        return {"lateral_deg": x}
    if exercise_id == ROTATION:
        return {"shoulder_yaw_deg": x, "pelvis_yaw_deg": 0.07 * x, "hands": 1.0}
    if exercise_id == HINGE:
        return {"trunk_flexion_deg": x, "thigh_deg": -0.2 * x, "knee_deg": 0.1 * x, "spine_deg": 0.1 * x}
    return {"trunk_flexion_deg": x, **SITTING, "hand_along": 0.3 + 0.01 * x}
