"""The start posture: how somebody lies in it, which way they face, and what stillness is."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    FRONT,
    KNEELING,
    KNEES_BENT_ON_THE_BACK,
    LEG_M,
    ON_HANDS_AND_KNEES,
    ON_THE_BACK,
    ON_THE_FRONT,
    SHOULDER_HALF_M,
    SITTING,
    THIGH_M,
    TORSO_M,
    Camera,
    body_track,
    both,
    noisy,
    out_and_back,
    posed_track,
    times,
)
from hypothesis import given
from hypothesis import strategies as st

from checker.posture import STILL_S, Position, StartPosture, find_still

POSTURES: list[tuple[Position, dict]] = [
    ("standing", {}),
    ("seated", SITTING),
    ("kneeling", KNEELING),
    ("kneeling", both(knee=150.0, hip=60.0, ankle=-60.0)),
    ("hands_and_knees", ON_HANDS_AND_KNEES),
    ("lying_on_back", ON_THE_BACK),
    ("lying_on_back", KNEES_BENT_ON_THE_BACK),
    ("lying_on_front", ON_THE_FRONT),
    ("lying_on_front", {"trunk": 65.0} | both(ankle=-70.0, hip=-25.0, arm=120.0, elbow=90.0)),
]
EACH = pytest.mark.parametrize(("position", "joints"), POSTURES)
CAMERAS = pytest.mark.parametrize("camera", [FACING_RIGHT, FACING_LEFT], ids=["one side", "other side"])


# --- facing ------------------------------------------------------------------------------------


@EACH
@CAMERAS
@pytest.mark.parametrize("sigma_px", [0.0, 2.0])
def test_the_belly_is_found_whichever_way_the_head_points(
    position: Position, joints: dict, camera: Camera, sigma_px: float
) -> None:
    start = StartPosture(noisy(posed_track([0.0], camera, **joints), sigma_px), position)
    # standing upright and lying, the body is the same one turned in the picture: so is its belly's side
    assert start.facing == (1.0 if camera is FACING_RIGHT else -1.0)


@given(trunk=st.floats(-25, 25), yaw=st.floats(-20, 20), right=st.booleans(), position=st.sampled_from(POSTURES))
def test_a_crooked_start_faces_the_same_way(
    trunk: float, yaw: float, right: bool, position: tuple[Position, dict]
) -> None:
    name, joints = position
    camera = Camera(yaw_deg=(-90.0 if right else 90.0) + yaw)
    crooked = posed_track([0.0], camera, **joints | {"trunk": joints.get("trunk", 0.0) + trunk})
    assert StartPosture(crooked, name).facing == (1.0 if right else -1.0)


# --- sizes -------------------------------------------------------------------------------------


@EACH
def test_the_bodys_own_lengths(position: Position, joints: dict) -> None:
    start = StartPosture(posed_track([0.0], FACING_RIGHT, **joints), position)
    assert start.torso_px == pytest.approx(180.0 * TORSO_M, abs=0.01)
    assert start.thigh_px == pytest.approx(180.0 * THIGH_M, abs=0.01)
    assert start.leg_px == pytest.approx(180.0 * LEG_M, abs=0.01)


def test_the_width_of_the_shoulders() -> None:
    assert StartPosture(body_track([0.0], FRONT)).shoulder_px == pytest.approx(360.0 * SHOULDER_HALF_M, abs=0.01)


@pytest.mark.parametrize(("hip", "seated"), [(0.0, False), (40.0, False), (50.0, True), (90.0, True)])
def test_seated_is_told_by_the_thighs(hip: float, seated: bool) -> None:
    assert StartPosture(posed_track([0.0], FACING_LEFT, **both(hip=hip, knee=hip))).seated == seated


# --- stillness ---------------------------------------------------------------------------------


def test_the_still_stretch_is_found_and_made_as_long_as_it_goes() -> None:
    t_s = times(8.0)
    x = np.where(t_s < 2.0, 30.0 * np.sin(3.0 * t_s), 0.0) + out_and_back(t_s, 40.0, 5.0, 1.0, 0.0, 1.0)
    first, stop = find_still(t_s, x, limit=1.0)
    assert t_s[first] == pytest.approx(2.0, abs=0.05)
    assert t_s[stop - 1] == pytest.approx(5.2, abs=0.15)
    assert np.ptp(x[first:stop]) <= 1.0


def test_a_moment_of_rest_is_too_short() -> None:
    t_s = times(4.0)
    x = 30.0 * np.sin(3.0 * t_s)
    assert find_still(t_s, x, limit=1.0) is None
    x[(t_s > 1.0) & (t_s < 1.0 + STILL_S - 0.1)] = 0.0
    assert find_still(t_s, x, limit=1.0) is None


def test_every_column_must_be_still() -> None:
    t_s = times(4.0)
    both = np.stack([np.zeros(len(t_s)), 30.0 * np.sin(3.0 * t_s)], axis=1)
    assert find_still(t_s, both, limit=1.0) is None
    assert find_still(t_s, both[:, :1], limit=1.0) == (0, len(t_s))


def test_what_is_unseen_is_not_still() -> None:
    t_s = times(2.0)
    x = np.zeros(len(t_s))
    x[10] = np.nan
    assert find_still(t_s, x, limit=1.0) == (11, len(t_s))
    assert find_still(t_s, np.full(len(t_s), np.nan), limit=1.0) is None


def test_slow_drift_is_not_still() -> None:
    t_s = times(4.0)
    assert find_still(t_s, 5.0 * t_s, limit=1.0) is None


def test_nothing_at_all_is_not_still() -> None:
    assert find_still(np.zeros(0), np.zeros(0), limit=1.0) is None


@given(
    n=st.integers(1, 60),
    fps=st.floats(5, 60),
    limit=st.floats(0.1, 5),
    start=st.integers(0, 70),
    seed=st.integers(0, 999),
)
def test_a_still_stretch_is_always_long_and_quiet(n: int, fps: float, limit: float, start: int, seed: int) -> None:
    t_s = np.arange(n) / fps
    x = np.cumsum(np.random.default_rng(seed).normal(0, 0.3, n))
    still = find_still(t_s, x, limit, start)
    if still is not None:
        first, stop = still
        assert first >= start
        assert t_s[stop - 1] - t_s[first] >= STILL_S
        assert np.ptp(x[first:stop]) <= limit
        assert stop == n or np.ptp(x[first : stop + 1]) > limit
