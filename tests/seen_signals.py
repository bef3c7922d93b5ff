"""Postures, and how close a signal must come to their truth: 0.01 degrees, lengths 0.0005.

Pixels are stored as float32, and 90 of them make a torso.
"""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    KNEELING,
    KNEES_BENT_ON_THE_BACK,
    ON_HANDS_AND_KNEES,
    ON_THE_FRONT,
    SITTING,
    Camera,
    body_track,
    posed_track,
)

from checker.posture import Position, StartPosture
from checker.signals import CATALOGUE
from checker.track import PoseTrack

DEG, LENGTH = 0.01, 5e-4


ANGLES = np.array([-25.0, -5.0, 0.0, 1.0, 12.0, 40.0, 75.0])


SIDES = pytest.mark.parametrize("camera", [FACING_RIGHT, FACING_LEFT], ids=["facing right", "facing left"])


def moved(camera: Camera, start: dict | None = None, **motion: object) -> tuple[PoseTrack, StartPosture]:
    """A track of the movement, and the posture that it starts from."""
    n = max(np.size(v) for v in motion.values())
    begin = start or {}
    return body_track(np.arange(n) / 30.0, camera, **begin | motion), StartPosture(body_track([0.0], camera, **begin))


def close(name: str, seen: tuple[PoseTrack, StartPosture], truth: object, tolerance: float) -> None:
    np.testing.assert_allclose(CATALOGUE[name].compute(*seen), truth, atol=tolerance, err_msg=name)


POSTURES: dict[Position, dict] = {
    "standing": {},
    "seated": SITTING,
    "kneeling": KNEELING,
    "hands_and_knees": ON_HANDS_AND_KNEES,
    "lying_on_back": KNEES_BENT_ON_THE_BACK,
    "lying_on_front": ON_THE_FRONT,
}


ON_THE_FLOOR = ["hands_and_knees", "lying_on_back", "lying_on_front"]


def posed(
    camera: Camera, position: Position, start: dict | None = None, keep: str = "HIP", **joints: object
) -> tuple[PoseTrack, StartPosture]:
    """A track of a body in a position, whose joints move from there, and its start posture.

    A picture taken with the other side to the camera has the head at its other end.
    """
    begin = POSTURES[position] | (start or {})
    n = max(1, *(np.size(v) for v in joints.values()))
    moving = {name: np.concatenate([np.atleast_1d(begin.get(name, 0.0)), np.broadcast_to(v, n)])
              for name, v in joints.items()}  # fmt: skip
    whole = posed_track(np.arange(n + 1) / 30.0, camera, keep, **begin | moving)
    return whole.slice(slice(1, None)), StartPosture(whole.slice(slice(0, 1)), position)


FLOOR_DEG = 0.4
"""A hip put back across the trunk line, which itself starts from the displaced hip, is off by this."""


def tolerance(position: Position) -> float:
    return FLOOR_DEG if position in ON_THE_FLOOR else DEG


CROSSED = {"hands": 1.0}
