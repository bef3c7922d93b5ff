"""Signals of somebody who lies, kneels, or is on hands and knees, and of one limb against the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    LEG_M,
    ON_THE_BACK,
    SHANK_M,
    SITTING,
    THIGH_M,
    TORSO_M,
    Camera,
    both,
)
from hypothesis import given
from hypothesis import strategies as st
from seen_signals import (
    DEG,
    FLOOR_DEG,
    LENGTH,
    ON_THE_FLOOR,
    POSTURES,
    SIDES,
    close,
    posed,
    tolerance,
)

from checker.posture import HIPS, SHOULDERS, Position, StartPosture
from checker.signals import CATALOGUE, back, geometry, side
from checker.skeleton import OUTLINE_STATIONS
from checker.track import PoseTrack

# --- lying, kneeling, on hands and knees ----------------------------------------------------------

POSITIONS = pytest.mark.parametrize("position", POSTURES)


def as_the_model_sees(seen: tuple[PoseTrack, StartPosture], camera: Camera) -> tuple[PoseTrack, StartPosture]:
    """The same with the hips where the model puts them: on the floor, before the joint by 0.05 T."""
    track, start = seen
    if start.position not in ON_THE_FLOOR:
        return seen
    to_the_belly = -0.05 if camera is FACING_LEFT else 0.05

    def forward(t: PoseTrack) -> PoseTrack:
        image = t.image.copy()
        trunk = (t.point(*SHOULDERS) - t.point(*HIPS)).astype(np.float32)
        image[:, HIPS] += to_the_belly * np.stack([-trunk[:, 1], trunk[:, 0]], axis=1)[:, None]
        return replace(t, image=image)

    return forward(track), StartPosture(forward(start.pose), start.position)


@SIDES
@POSITIONS
def test_hips_and_knees_read_the_same_in_every_position(camera: Camera, position: Position) -> None:
    hip, knee = np.array([-10.0, 0.0, 35.0, 90.0, 125.0]), np.array([0.0, 10.0, 45.0, 90.0, 140.0])
    seen = posed(camera, position, **both(hip=hip, knee=knee))
    close("knee_flexion", seen, knee, 0.05)
    close("hip_flexion", as_the_model_sees(seen, camera), hip, tolerance(position))


@SIDES
@POSITIONS
@pytest.mark.parametrize("bend", [-20.0, 0.0, 35.0])
def test_the_back_rounds_the_same_in_every_position(camera: Camera, position: Position, bend: float) -> None:
    close("spine_flexion", posed(camera, position, spine=bend), bend, DEG)


@SIDES
@POSITIONS
def test_a_belly_that_stands_out(camera: Camera, position: Position) -> None:
    out = np.array([-0.05, 0.0, 0.12])
    close("belly_arch", posed(camera, position, belly=out), out, LENGTH)


def test_a_belly_of_which_half_is_hidden_is_not_measured() -> None:
    track, start = posed(FACING_RIGHT, "lying_on_back", belly=0.1)
    track.outline[:, :, (OUTLINE_STATIONS > 0.15) & (OUTLINE_STATIONS < 0.45)] = np.nan
    assert np.isnan(back.belly_arch(track, start)).all()


@SIDES
@POSITIONS
def test_the_neck_reads_the_same_in_every_position(camera: Camera, position: Position) -> None:
    bow = np.array([-30.0, 0.0, 25.0])
    track, start = as_the_model_sees(posed(camera, position, neck=bow), camera)
    rest = side.neck_flexion(start.pose, start)[0]
    np.testing.assert_allclose(geometry.wrap(side.neck_flexion(track, start) - rest), bow, atol=DEG)


@SIDES
@pytest.mark.parametrize(("position", "face_down"), [("lying_on_back", -1.0), ("lying_on_front", 1.0)])
def test_a_trunk_that_rises_from_the_floor(camera: Camera, position: Position, face_down: float) -> None:
    rise = np.array([-5.0, 0.0, 12.0, 30.0, 60.0])
    seen = posed(camera, position, trunk=face_down * (90.0 - rise))
    close("trunk_rise", seen, rise, DEG)
    close("trunk_flexion", as_the_model_sees(seen, camera), face_down * (90.0 - rise), FLOOR_DEG)


@SIDES
@POSITIONS
def test_hips_that_stand_out_of_the_line_from_knees_to_shoulders(camera: Camera, position: Position) -> None:
    hip = np.array([-25.0, -8.0, 0.0, 20.0, 70.0])
    straight_line = np.hypot(TORSO_M + THIGH_M * np.cos(np.radians(hip)), THIGH_M * np.sin(np.radians(hip)))
    out = -THIGH_M * np.sin(np.radians(hip)) / straight_line  # an area, by the two sides and by base and height
    close("hip_above_line", posed(camera, position, **both(hip=hip)), out, LENGTH)


@given(
    position=st.sampled_from(ON_THE_FLOOR),
    camera=st.sampled_from([FACING_LEFT, FACING_RIGHT]),
    tipped=st.floats(-40, 40),
    hip=st.floats(-30, 130),
    knee=st.floats(0, 150),
)
def test_any_posture_on_the_floor_is_read_whichever_way_it_is_tipped(
    position: Position, camera: Camera, tipped: float, hip: float, knee: float
) -> None:
    seen = posed(camera, position, trunk=POSTURES[position]["trunk"] + tipped, **both(hip=hip, knee=knee))
    close("knee_flexion", seen, knee, 0.05)
    close("hip_flexion", as_the_model_sees(seen, camera), hip, FLOOR_DEG)
    apart = np.sqrt(TORSO_M**2 + THIGH_M**2 + 2 * TORSO_M * THIGH_M * np.cos(np.radians(hip)))
    close("hip_above_line", seen, -THIGH_M * np.sin(np.radians(hip)) / apart, LENGTH)


@SIDES
@pytest.mark.parametrize("position", ["hands_and_knees", "lying_on_front"])
def test_a_plank_that_sags_or_folds(camera: Camera, position: Position) -> None:
    fold = np.array([-25.0, -5.0, 0.0, 10.0, 40.0])
    close("body_line", posed(camera, position, **both(hip=fold, knee=0.0)), fold, DEG)


@SIDES
def test_sitting_back_on_the_heels(camera: Camera) -> None:
    bend = np.radians(np.array([90.0, 130.0, 160.0]))
    # pointed all the way, the foot lies along the shank, whose end is then as far as the heel
    way = np.sqrt(THIGH_M**2 + SHANK_M**2 + 2 * THIGH_M * SHANK_M * np.cos(bend))
    seen = posed(camera, "hands_and_knees", start=both(ankle=-90.0), keep="KNEE", **both(knee=np.degrees(bend)))
    close("hip_heel", seen, way / TORSO_M, LENGTH)


@SIDES
def test_legs_that_lift_from_the_floor(camera: Camera) -> None:
    lift = np.array([0.0, 5.0, 20.0])
    close(
        "feet_rise",
        posed(camera, "lying_on_front", **both(hip=-lift)),
        LEG_M * np.sin(np.radians(lift)) / TORSO_M,
        LENGTH,
    )


@SIDES
def test_hips_off_the_floor(camera: Camera) -> None:
    low = posed(camera, "lying_on_front", **both(hip=np.zeros(1)))
    high = posed(camera, "hands_and_knees", **both(hip=np.zeros(1)))
    near_floor = CATALOGUE["hips_off_floor"].compute(*low)[0]
    assert near_floor < 0.25
    assert CATALOGUE["hips_off_floor"].compute(*high)[0] > near_floor + 0.5


@SIDES
@POSITIONS
def test_shoulders_and_pelvis_turned_about_the_trunk(camera: Camera, position: Position) -> None:
    turn = np.array([-50.0, -15.0, 0.0, 15.0, 50.0])
    seen = posed(camera, position, shoulders_turn=turn, pelvis_turn=0.4 * turn)
    close("trunk_twist", seen, np.abs(0.6 * turn), DEG)
    close("pelvis_roll", seen, np.abs(0.4 * turn), DEG)


@SIDES
def test_a_body_that_rolls_as_one_has_not_twisted(camera: Camera) -> None:
    seen = posed(camera, "hands_and_knees", shoulders_turn=30.0, pelvis_turn=30.0)
    close("trunk_twist", seen, 0.0, DEG)
    close("pelvis_roll", seen, 30.0, DEG)


# --- one limb against the other -------------------------------------------------------------------

LEGS = pytest.mark.parametrize(("leg", "sign"), [("left", 1.0), ("right", -1.0)])


@SIDES
@POSITIONS
@LEGS
def test_the_leg_that_bends_at_the_hip_is_told_by_its_sign(
    camera: Camera, position: Position, leg: str, sign: float
) -> None:
    begin = float(np.atleast_1d(POSTURES[position].get(f"{leg}_hip", 0.0))[0])
    change = np.array([3.0, 20.0, 60.0]) if position != "standing" else np.array([3.0, 20.0])
    seen = as_the_model_sees(posed(camera, position, **{f"{leg}_hip": begin + change}), camera)
    close("leg_flexion", seen, sign * change, FLOOR_DEG)
    close("leg_extension", seen, 0.0, FLOOR_DEG)
    close("resting_leg", seen, 0.0, FLOOR_DEG)


@SIDES
@POSITIONS
@LEGS
def test_the_leg_that_stretches_back_is_told_by_its_sign(
    camera: Camera, position: Position, leg: str, sign: float
) -> None:
    begin = float(np.atleast_1d(POSTURES[position].get(f"{leg}_hip", 0.0))[0])
    change = np.array([3.0, 20.0, 60.0]) if position != "standing" else np.array([3.0, 20.0])
    seen = as_the_model_sees(posed(camera, position, **{f"{leg}_hip": begin - change}), camera)
    close("leg_extension", seen, sign * change, FLOOR_DEG)
    close("leg_flexion", seen, 0.0, FLOOR_DEG)


def test_a_leg_that_is_raised_far_while_standing_leaves_the_other_at_rest() -> None:
    close("resting_leg", posed(FACING_RIGHT, "standing", left_hip=np.array([60.0, 90.0])), 0.0, 3.0)


@SIDES
@LEGS
def test_both_legs_moving_the_larger_one_counts_and_the_other_is_the_resting_one(
    camera: Camera, leg: str, sign: float
) -> None:
    other = "right" if leg == "left" else "left"
    rest = np.array([12.0, -12.0])
    flat = ON_THE_BACK | both(hip=0.0, knee=0.0)
    seen = posed(camera, "lying_on_back", start=flat, **{f"{leg}_hip": 70.0, f"{other}_hip": rest})
    close("leg_flexion", as_the_model_sees(seen, camera), sign * 70.0, FLOOR_DEG)
    close("resting_leg", as_the_model_sees(seen, camera), rest, FLOOR_DEG)


@SIDES
def test_a_trunk_that_moves_changes_both_hips(camera: Camera) -> None:
    seen = posed(camera, "lying_on_back", trunk=-70.0, **both(hip=55.0 + 20.0))  # the legs stay where they were
    close("resting_leg", as_the_model_sees(seen, camera), 20.0, FLOOR_DEG)


@SIDES
@LEGS
def test_the_knee_that_was_straight_at_the_start_is_the_one_that_counts(camera: Camera, leg: str, sign: float) -> None:
    other = "right" if leg == "left" else "left"
    begin = SITTING | {f"{leg}_knee": 5.0}
    bend = np.array([0.0, 12.0, 30.0])
    seen = posed(camera, "seated", start=begin, **{f"{leg}_knee": bend, f"{other}_knee": 40.0})
    close("straight_knee", seen, bend, DEG)


@SIDES
@POSITIONS
@pytest.mark.parametrize(("arm", "sign"), [("right", 1.0), ("left", -1.0)])
def test_the_arm_that_rises_is_told_by_its_sign(camera: Camera, position: Position, arm: str, sign: float) -> None:
    begin = float(np.atleast_1d(POSTURES[position].get(f"{arm}_arm", 0.0))[0])
    change = np.array([0.0, 15.0, 60.0, 85.0])
    close("opposite_arm_raise", posed(camera, position, **{f"{arm}_arm": begin + change}), sign * change, DEG)
    close("opposite_arm_raise", posed(camera, position, **{f"{arm}_arm": begin - change / 2}), 0.0, DEG)


@SIDES
def test_bird_dog_left_leg_and_right_arm_have_the_same_sign(camera: Camera) -> None:
    seen = posed(camera, "hands_and_knees", left_hip=10.0, left_knee=0.0, right_arm=165.0)
    close("leg_extension", as_the_model_sees(seen, camera), 80.0, FLOOR_DEG)
    close("opposite_arm_raise", seen, 75.0, DEG)
