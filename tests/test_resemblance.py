"""What was done under another movement's name is named."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import FACING_RIGHT, Array, both, noisy, posed_track, repeated, times
from engine_tracks import assess

from checker import reasons
from checker.judging.resemblance import other_movement
from checker.library import find_exercise, list_exercises

MEASURED = [e for e in list_exercises() if e.is_measured]
T_S = times(14.0, 15.0)
SHARE = repeated(T_S, [1.0, 1.0], every_s=5.5)


def standing(trunk: Array, hip: Array, knee: Array) -> dict:
    return {"trunk": trunk} | both(hip=hip, knee=knee, ankle=knee - hip + trunk)


SQUAT = standing(40.0 * SHARE, 100.0 * SHARE, 95.0 * SHARE)
HINGE = standing(58.0 * SHARE, 72.0 * SHARE, 10.0 * SHARE)


@pytest.mark.parametrize(
    ("chosen", "joints", "named"),
    [
        ("standing_hip_hinge", SQUAT, "Squat"),
        ("safe_lifting", HINGE, "Standing hip hinge"),
        ("squat", SQUAT, None),
        ("standing_hip_hinge", HINGE, None),
    ],
)
def test_a_movement_is_told_by_its_furthest_moment(chosen: str, joints: dict, named: str | None) -> None:
    analysis = assess(chosen, noisy(posed_track(T_S, FACING_RIGHT, "ANKLE", **joints), 0.3))
    told = other_movement(find_exercise(chosen), analysis, MEASURED)
    if named is None:
        assert told is None
    else:
        assert told == reasons.OTHER_MOVEMENT.of(name=named)


def test_nothing_is_named_where_nothing_was_counted() -> None:
    analysis = assess(
        "standing_hip_hinge", posed_track(T_S, FACING_RIGHT, "ANKLE", **standing(*np.zeros((3, len(T_S)))))
    )
    assert other_movement(find_exercise("standing_hip_hinge"), analysis, MEASURED) is None
