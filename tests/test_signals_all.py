"""What holds for every signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    FRONT,
    Camera,
    lost,
    mirrored,
    posed_track,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from seen_signals import (
    CROSSED,
    DEG,
    close,
    moved,
    posed,
)

from checker.posture import StartPosture
from checker.signals import CATALOGUE, front
from checker.signals.side import LEANS_BACK_DEG
from checker.skeleton import Landmark
from checker.track import PoseTrack

ALL = pytest.mark.parametrize("name", CATALOGUE)


MOVING = {
    "trunk_flexion_deg": np.array([0.0, 25.0, 40.0]),
    "lateral_deg": np.array([0.0, 10.0, -15.0]),
    "shoulder_yaw_deg": np.array([0.0, 20.0, -30.0]),
    "pelvis_yaw_deg": np.array([0.0, 22.0, -30.0]),
    "thigh_deg": np.array([0.0, -8.0, -12.0]),
    "knee_deg": np.array([0.0, 15.0, 30.0]),
    "spine_deg": np.array([0.0, 20.0, 30.0]),
    "head_pitch_deg": np.array([0.0, 12.0, -20.0]),
    "hip_shift_t": np.array([0.0, 0.1, -0.1]),
    "left_lift_t": np.array([0.0, 0.05, 0.1]),
    "pelvis_tilt_deg": np.array([0.0, 6.0, -8.0]),
    "shrug_t": np.array([0.0, 0.05, 0.1]),
    "knees_out_t": np.array([0.0, 0.1, 0.2]),
    "hands": 1.0,
}


LIMBS_MOVING = {
    "trunk": np.array([0.0, 25.0, 40.0]),
    "left_hip": np.array([0.0, 50.0, 20.0]),
    "right_hip": np.array([0.0, 10.0, -30.0]),
    "left_knee": np.array([0.0, 15.0, 40.0]),
    "right_knee": np.array([0.0, 8.0, 12.0]),
    "left_ankle": np.array([0.0, -10.0, 5.0]),
    "left_arm": np.array([0.0, 20.0, 70.0]),
    "right_arm": np.array([0.0, 30.0, 60.0]),
    "neck": np.array([0.0, 12.0, -20.0]),
    "spine": np.array([0.0, 20.0, 30.0]),
    "belly": np.array([0.0, 0.05, 0.1]),
    "shoulders_turn": np.array([0.0, 20.0, -30.0]),
    "pelvis_turn": np.array([0.0, 10.0, -8.0]),
}


STANDING_ONLY = {"wrist_thigh", "hand_slide"}
"""Side signals whose movement needs the hands where only the standing body puts them."""


ROTATION = {"shoulder_rotation", "pelvis_rotation", "trunk_rotation"}


def some_movement(name: str, camera: Camera | None = None) -> tuple[PoseTrack, StartPosture]:
    """A movement of everything at once, seen as the signal is meant to be seen."""
    if CATALOGUE[name].view != "side" or name in STANDING_ONLY:
        return moved(camera or usual_camera(name), start=CROSSED, **MOVING)
    track = posed_track(np.arange(3) / 30.0, camera or usual_camera(name), **LIMBS_MOVING)
    return track, StartPosture(track.slice(slice(0, 1)))


def usual_camera(name: str) -> Camera:
    return FACING_RIGHT if CATALOGUE[name].view == "side" else FRONT


@ALL
def test_a_signal_does_something_and_is_one_value_a_frame(name: str) -> None:
    out = CATALOGUE[name].compute(*some_movement(name))
    assert out.shape == (3,)
    assert out.dtype == np.float64
    assert np.isfinite(out).all()
    assert np.ptp(out) > 0.01


@ALL
def test_the_start_posture_itself_is_the_baseline(name: str) -> None:
    track, start = some_movement(name)
    first = CATALOGUE[name].compute(track, start)[0]
    np.testing.assert_allclose(CATALOGUE[name].compute(start.pose, start)[0], first, atol=DEG)


@ALL
def test_what_is_a_change_since_the_start_has_no_value_there(name: str) -> None:
    track, start = some_movement(name)
    starts = [StartPosture(track.slice(slice(i, i + 1)), start.position) for i in range(len(track))]
    values = np.array([CATALOGUE[name].compute(s.pose, s)[0] for s in starts])
    assert (np.ptp(values) < DEG) == CATALOGUE[name].since_start


def similar(name: str, a: Callable[[], np.ndarray], b: Callable[[], np.ndarray]) -> None:
    # float32 pixels far from the origin are rounded to 1e-4; the arc cosine of a width near 1, and
    # the square root of a widening near 0, make the most of it
    np.testing.assert_allclose(a(), b(), rtol=1e-3, atol=0.15 if name in ROTATION else 0.02)


@ALL
@settings(max_examples=15)
@given(px_per_m=st.floats(160, 400))  # of somebody smaller, a lifted foot is not read at all
def test_a_larger_picture_changes_nothing(name: str, px_per_m: float) -> None:
    compute = CATALOGUE[name].compute
    near = some_movement(name, replace(usual_camera(name), px_per_m=px_per_m))
    similar(name, lambda: compute(*near), lambda: compute(*some_movement(name)))


@ALL
@settings(max_examples=15)
@given(x=st.floats(-500, 3000), y=st.floats(-500, 3000))
def test_another_place_in_the_picture_changes_nothing(name: str, x: float, y: float) -> None:
    track, start = some_movement(name)
    shift = np.float32([x, y])

    def put(t: PoseTrack) -> PoseTrack:
        return replace(t, image=t.image + shift, feet=t.feet + shift[1])

    compute = CATALOGUE[name].compute
    similar(name, lambda: compute(put(track), StartPosture(put(start.pose))), lambda: compute(track, start))


@pytest.mark.parametrize("name", [n for n, s in CATALOGUE.items() if s.view == "side"])
def test_facing_left_and_right_read_the_same(name: str) -> None:
    compute = CATALOGUE[name].compute
    in_plane = {k: v for k, v in MOVING.items() if not k.startswith(("lateral", "shoulder", "pelvis"))}
    if name in STANDING_ONLY:
        left, right = (moved(camera, start=CROSSED, **in_plane) for camera in (FACING_LEFT, FACING_RIGHT))
    else:
        left, right = (some_movement(name, camera) for camera in (FACING_LEFT, FACING_RIGHT))
    similar(name, lambda: compute(*left), lambda: compute(*right))


SIGNED = {"trunk_lateral_flexion", "hip_shift", "pelvis_tilt", "shoulder_tilt", "knee_fall", "ankle_lift", "sway"}


SIGNED |= {"leg_flexion", "leg_extension", "opposite_arm_raise", *ROTATION}
"""Signals of which one side is positive and the other negative."""


@pytest.mark.parametrize("name", [n for n, s in CATALOGUE.items() if s.view != "side" or n in SIGNED])
def test_the_mirror_image_reads_the_other_side(name: str) -> None:
    track, start = some_movement(name)
    compute, sign = CATALOGUE[name].compute, -1.0 if name in SIGNED else 1.0
    similar(
        name,
        lambda: compute(mirrored(track), StartPosture(mirrored(start.pose))),
        lambda: sign * compute(track, start),
    )


@ALL
def test_nothing_seen_is_nothing_measured(name: str) -> None:
    track, start = some_movement(name)
    gone = lost(track, from_s=1 / 30 - 1e-6, to_s=2 / 30 - 1e-6)
    out, all_seen = CATALOGUE[name].compute(gone, start), CATALOGUE[name].compute(track, start)
    assert np.isnan(out[1])
    np.testing.assert_array_equal(out[[0, 2]], all_seen[[0, 2]])


USED = [
    ("trunk_flexion", Landmark.LEFT_SHOULDER),
    ("trunk_flexion", Landmark.RIGHT_HIP),
    ("hip_flexion", Landmark.LEFT_KNEE),
    ("knee_flexion", Landmark.RIGHT_ANKLE),
    ("neck_flexion", Landmark.NOSE),
    ("hip_travel", Landmark.LEFT_ANKLE),
    ("spine_flexion", Landmark.LEFT_HIP),
    ("wrist_thigh", Landmark.RIGHT_WRIST),
    ("hand_slide", Landmark.RIGHT_KNEE),
    ("trunk_lateral_flexion", Landmark.RIGHT_SHOULDER),
    ("forward_lean", Landmark.LEFT_SHOULDER),
    ("torso_ratio", Landmark.LEFT_HIP),
    ("hip_shift", Landmark.RIGHT_HIP),
    ("height_loss", Landmark.LEFT_ANKLE),
    ("opposite_foot_lift", Landmark.LEFT_SHOULDER),
    ("feet_travel", Landmark.LEFT_ANKLE),
    ("pelvis_rotation", Landmark.LEFT_SHOULDER),
    ("shoulder_rotation", Landmark.NOSE),
    ("trunk_rotation", Landmark.RIGHT_SHOULDER),
    ("leg_flexion", Landmark.RIGHT_KNEE),
    ("leg_extension", Landmark.LEFT_KNEE),
    ("resting_leg", Landmark.LEFT_SHOULDER),
    ("straight_knee", Landmark.LEFT_ANKLE),
    ("opposite_arm_raise", Landmark.LEFT_ELBOW),
    ("trunk_rise", Landmark.LEFT_SHOULDER),
    ("hip_above_line", Landmark.RIGHT_KNEE),
    ("belly_arch", Landmark.RIGHT_SHOULDER),
    ("body_line", Landmark.RIGHT_ANKLE),
    ("hip_heel", Landmark.LEFT_HEEL),
    ("feet_rise", Landmark.LEFT_ANKLE),
    ("hips_off_floor", Landmark.LEFT_FOOT_INDEX),
    ("trunk_twist", Landmark.RIGHT_HIP),
    ("pelvis_roll", Landmark.LEFT_HIP),
    ("shank_inclination", Landmark.LEFT_KNEE),
    ("knee_past_toe", Landmark.RIGHT_FOOT_INDEX),
    ("heel_lift", Landmark.LEFT_HEEL),
    ("load_reach", Landmark.LEFT_WRIST),
    ("hip_knee_ratio", Landmark.LEFT_KNEE),
    ("pelvis_tilt", Landmark.LEFT_HIP),
    ("shoulder_tilt", Landmark.RIGHT_SHOULDER),
    ("shoulder_rise", Landmark.LEFT_HIP),
    ("knee_fall", Landmark.LEFT_KNEE),
    ("knees_apart", Landmark.RIGHT_KNEE),
    ("ankle_lift", Landmark.RIGHT_ANKLE),
    ("sway", Landmark.RIGHT_HIP),
]


@pytest.mark.parametrize(
    ("name", "landmark"),
    [
        ("leg_flexion", Landmark.LEFT_KNEE),
        ("leg_extension", Landmark.LEFT_KNEE),
        ("resting_leg", Landmark.RIGHT_KNEE),
        ("opposite_arm_raise", Landmark.RIGHT_ELBOW),
    ],
)
def test_the_limb_that_is_seen_does_not_stand_in_for_the_one_that_is_not(name: str, landmark: Landmark) -> None:
    track, start = posed(FACING_RIGHT, "lying_on_back", left_hip=70.0, right_hip=60.0, left_arm=20.0, right_arm=10.0)
    track.image[0, landmark] = np.nan
    assert np.isnan(CATALOGUE[name].compute(track, start)).all()


def test_every_signal_is_tried_with_a_joint_missing() -> None:
    assert {name for name, _ in USED} == set(CATALOGUE)


@pytest.mark.parametrize(("name", "landmark"), USED)
def test_one_needed_joint_missing_is_nothing_measured(name: str, landmark: Landmark) -> None:
    track, start = some_movement(name)
    track.image[1, landmark] = np.nan
    track.world[1, landmark] = np.nan
    out = CATALOGUE[name].compute(track, start)
    assert np.isnan(out[1])
    assert np.isfinite(out[[0, 2]]).all()


def test_every_signal_has_its_own_entry() -> None:
    for name, signal in CATALOGUE.items():
        assert signal.id == name
        assert signal.name
        assert signal.needs
        assert signal.unit in {"deg", "T", "leg", "ratio"}
        assert "\n" not in signal.name


@given(
    trunk=st.floats(-20, 80), thigh=st.floats(-95, 20), shank=st.floats(-20, 40), facing=st.sampled_from([-90.0, 90.0])
)
def test_any_posture_in_the_plane_is_read_exactly(trunk: float, thigh: float, shank: float, facing: float) -> None:
    knee = shank - thigh
    seen = moved(Camera(yaw_deg=facing), trunk_flexion_deg=np.array([trunk]), thigh_deg=thigh, knee_deg=knee)
    close("trunk_flexion", seen, trunk + LEANS_BACK_DEG["standing"], DEG)
    close("hip_flexion", seen, trunk - thigh, DEG)
    close("knee_flexion", seen, knee, DEG)


@given(yaw=st.floats(-20, 20), bend=st.floats(-40, 40))
def test_a_turned_body_costs_a_side_bend_no_more_than_the_cosine(yaw: float, bend: float) -> None:
    out = front.trunk_lateral_flexion(*moved(Camera(yaw_deg=yaw), lateral_deg=np.array([bend])))[0]
    true = np.degrees(np.arctan(np.tan(np.radians(bend)) * np.cos(np.radians(yaw))))
    assert out == pytest.approx(front.HIPS_FOLLOW * true, abs=DEG)
