"""Every signal on a body of which the truth is known.

Angles are held to 0.01 degrees and lengths to 0.0005: pixels are stored as float32, and 90 of them
make a torso.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    ARM_M,
    FACING_LEFT,
    FACING_RIGHT,
    FOOT_M,
    FRONT,
    HIP_HALF_M,
    KNEELING,
    KNEES_BENT_ON_THE_BACK,
    LEG_M,
    ON_HANDS_AND_KNEES,
    ON_THE_BACK,
    ON_THE_FRONT,
    SHANK_M,
    SITTING,
    THIGH_M,
    TORSO_M,
    Camera,
    body_track,
    both,
    lost,
    mirrored,
    posed_track,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.posture import HIPS, SHOULDERS, Position, StartPosture
from checker.signals import CATALOGUE, back, front, geometry, hands, rotation, side
from checker.skeleton import OUTLINE_STATIONS, Landmark
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


# --- side view ---------------------------------------------------------------------------------


@SIDES
def test_trunk_flexion(camera: Camera) -> None:
    close("trunk_flexion", moved(camera, trunk_flexion_deg=ANGLES), ANGLES, DEG)


@SIDES
def test_trunk_flexion_past_level(camera: Camera) -> None:
    close("trunk_flexion", moved(camera, trunk_flexion_deg=np.array([95.0, 130.0])), [95.0, 130.0], DEG)


@SIDES
@pytest.mark.parametrize("thigh_deg", [-90.0, -20.0, 0.0, 15.0])
def test_hip_flexion_is_the_trunk_against_the_thigh(camera: Camera, thigh_deg: float) -> None:
    seen = moved(camera, trunk_flexion_deg=ANGLES, thigh_deg=thigh_deg)
    close("hip_flexion", seen, ANGLES - thigh_deg, DEG)


def test_hip_flexion_goes_on_past_a_half_turn() -> None:
    low_chair = {"thigh_deg": -100.0, "knee_deg": 100.0}
    seen = moved(FACING_RIGHT, start=low_chair, trunk_flexion_deg=np.array([70.0, 85.0]))
    close("hip_flexion", seen, [170.0, 185.0], DEG)


@SIDES
def test_extension_of_the_hip_is_negative(camera: Camera) -> None:
    close("hip_flexion", moved(camera, thigh_deg=np.array([4.0, 10.0])), [-4.0, -10.0], DEG)


@SIDES
@pytest.mark.parametrize("thigh_deg", [-45.0, 0.0, 20.0])
def test_knee_flexion(camera: Camera, thigh_deg: float) -> None:
    flexion = np.array([-5.0, 0.0, 15.0, 60.0, 110.0])
    close("knee_flexion", moved(camera, thigh_deg=thigh_deg, knee_deg=flexion), flexion, DEG)


@SIDES
def test_neck_flexion_changes_by_the_pitch_of_the_head_and_not_by_the_trunk(camera: Camera) -> None:
    pitch = np.array([-30.0, -10.0, 0.0, 25.0])
    track, start = moved(camera, head_pitch_deg=pitch, trunk_flexion_deg=np.array([0.0, 60.0, 30.0, 60.0]))
    rest = side.neck_flexion(start.pose, start)[0]
    np.testing.assert_allclose(side.neck_flexion(track, start) - rest, pitch, atol=DEG)


@SIDES
def test_hips_that_move_back_travel_forwards_in_sign(camera: Camera) -> None:
    lean = np.array([-20.0, -8.0, 0.0, 10.0])
    close("hip_travel", moved(camera, thigh_deg=lean), -np.sin(np.radians(lean)), LENGTH)


@SIDES
@pytest.mark.parametrize("trunk_deg", [0.0, 45.0, 80.0])
def test_spine_flexion_is_the_bend_of_the_outline(camera: Camera, trunk_deg: float) -> None:
    bend = np.array([-15.0, 0.0, 8.0, 30.0, 60.0])
    close("spine_flexion", moved(camera, spine_deg=bend, trunk_flexion_deg=trunk_deg), bend, DEG)


def test_spine_flexion_starts_from_the_persons_own_back() -> None:
    track, start = moved(FACING_RIGHT, start={"spine_deg": 20.0}, spine_deg=np.array([20.0]))
    np.testing.assert_allclose(back.spine_flexion(track, start), [0.0], atol=DEG)


@SIDES
def test_hand_to_thigh_and_its_slide(camera: Camera) -> None:
    along, off = np.array([0.4, 0.4, 0.7, 0.2]), np.array([0.0, 0.3, 0.1, -0.15])
    seen = moved(camera, start={"hand_along": 0.4}, hand_along=along, hand_off_t=off)
    close("wrist_thigh", seen, np.abs(off), LENGTH)
    close("hand_slide", seen, np.abs(along - 0.4) * THIGH_M / TORSO_M, LENGTH)


@SIDES
def test_only_the_hand_towards_the_camera_counts(camera: Camera) -> None:
    track, start = moved(camera, start={"hand_along": 0.4}, hand_along=np.array([0.4, 0.4]))
    far = Landmark.RIGHT_WRIST if camera.yaw_deg > 0 else Landmark.LEFT_WRIST
    track.image[1, far] += 60.0
    np.testing.assert_allclose(hands.wrist_thigh(track, start), 0.0, atol=LENGTH)


def test_a_hand_above_the_hip_is_measured_to_the_thighs_end() -> None:
    track, start = moved(FACING_RIGHT, start={"hand_along": 0.4}, hand_along=np.array([-0.5]))
    np.testing.assert_allclose(hands.wrist_thigh(track, start), 0.5 * THIGH_M / TORSO_M, atol=LENGTH)


# --- the hip that slips ------------------------------------------------------------------------


def slipped(track: PoseTrack, share: float, forward_px: float = 0.0) -> PoseTrack:
    """Both hips slid down the thigh by a share of it, and forward."""
    image = track.image.copy()
    for which in ("LEFT", "RIGHT"):
        hip, knee = Landmark[f"{which}_HIP"], Landmark[f"{which}_KNEE"]
        image[:, hip] += share * (image[:, knee] - image[:, hip]) + np.float32([forward_px, 0.0])
    return replace(track, image=image)


@SIDES
@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_a_hip_that_slips_down_the_thigh_is_put_back(camera: Camera, share: float) -> None:
    track, start = moved(camera, trunk_flexion_deg=np.array([20.0, 60.0]), thigh_deg=-10.0)
    out = side.trunk_flexion(slipped(track, share), start)
    np.testing.assert_allclose(out, [20.0, 60.0], atol=DEG)
    np.testing.assert_allclose(side.hip_flexion(slipped(track, share), start), [30.0, 70.0], atol=DEG)


@SIDES
def test_a_hip_that_slips_into_the_groin_reads_closer_to_the_truth_than_without(camera: Camera) -> None:
    track, start = moved(camera, trunk_flexion_deg=np.array([60.0]), thigh_deg=-10.0)
    bad = slipped(track, 0.12, forward_px=4.0 * start.facing)
    naive = geometry.inclination(bad.point(*HIPS), bad.point(*SHOULDERS), start.facing)
    assert abs(side.trunk_flexion(bad, start)[0] - 60.0) < 0.6 * abs(naive[0] - 60.0)


def test_a_longer_thigh_is_left_as_it_is() -> None:
    track, start = moved(FACING_RIGHT, trunk_flexion_deg=np.array([30.0]))
    longer = slipped(track, -0.1)
    np.testing.assert_allclose(geometry.hip_joint(longer, start), longer.point(*HIPS), atol=1e-3)


def test_the_hip_of_somebody_seated_is_left_as_it_is() -> None:
    sitting = {"thigh_deg": -90.0, "knee_deg": 90.0}
    track, start = moved(FACING_RIGHT, start=sitting, trunk_flexion_deg=np.array([30.0]))
    assert start.seated
    low = slipped(track, 0.1)
    np.testing.assert_array_equal(geometry.hip_joint(low, start), low.point(*HIPS))


# --- the outline that cannot be trusted --------------------------------------------------------


def with_back(track: PoseTrack, start: StartPosture, added_t: np.ndarray) -> PoseTrack:
    """Something behind the back, as far as `added_t` at each station."""
    outline = track.outline.copy()
    outline[:, 1 if start.facing > 0 else 0] += (added_t * start.torso_px).astype(np.float32)
    return replace(track, outline=outline)


@SIDES
@pytest.mark.parametrize("where", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("bend", [0.0, 30.0])
def test_an_arm_behind_the_back_is_not_measured(camera: Camera, where: float, bend: float) -> None:
    track, start = moved(camera, spine_deg=np.array([bend]))
    arm = np.where(np.abs(OUTLINE_STATIONS - where) < 0.1, 0.2, 0.0)
    assert np.isnan(back.spine_flexion(with_back(track, start, arm), start)).all()


@SIDES
def test_something_before_the_belly_does_not_matter(camera: Camera) -> None:
    track, start = moved(camera, spine_deg=np.array([25.0]))
    outline = track.outline.copy()
    outline[:, 0 if start.facing > 0 else 1, 10:20] += 40.0
    np.testing.assert_allclose(back.spine_flexion(replace(track, outline=outline), start), 25.0, atol=DEG)


def test_clothes_thicker_all_over_do_not_bend_the_back() -> None:
    track, start = moved(FACING_RIGHT, spine_deg=np.array([25.0]))
    thicker = with_back(track, start, np.full(OUTLINE_STATIONS.shape, 0.05))
    np.testing.assert_allclose(back.spine_flexion(thicker, start), 25.0, atol=DEG)


def flapping(trunk_deg: float) -> tuple[PoseTrack, StartPosture]:
    """Six frames at rest and six with the trunk inclined so far; the shirt stands off differently in each."""
    at = np.repeat([0.0, trunk_deg], 6)
    track, start = moved(FACING_RIGHT, spine_deg=0.0 * at, trunk_flexion_deg=at)
    bulge = 0.25 * (OUTLINE_STATIONS - OUTLINE_STATIONS**2)[None, :] * np.tile([1.0, -1.0], 6)[:, None]
    return with_back(track, start, bulge), start


def test_a_back_that_reads_bent_while_nothing_bends_has_that_error() -> None:
    track, start = flapping(50.0)
    read = back.spine_flexion(track, start)[:6]
    strays = back.WITHIN_90 * np.sqrt(np.mean(read**2))
    assert strays > 1.5 * back.SPINE_ERROR_DEG, "otherwise this says nothing"
    np.testing.assert_allclose(back.spine_error(track, start), strays, rtol=0.05)


def test_a_back_that_reads_straight_at_rest_has_the_usual_error() -> None:
    track, start = moved(FACING_RIGHT, spine_deg=np.repeat([0.0, 40.0], 6), trunk_flexion_deg=np.repeat([0.0, 50.0], 6))
    np.testing.assert_allclose(back.spine_error(track, start), back.SPINE_ERROR_DEG, rtol=0.1)


@pytest.mark.parametrize("elsewhere", ["walks off", "sits"])
def test_only_standing_in_ones_place_is_rest(elsewhere: str) -> None:
    track, start = flapping(50.0)
    if elsewhere == "sits":
        start = StartPosture(start.pose, "seated")
    else:
        image = track.image.copy()
        image[:6, :, 0] += 0.5 * start.torso_px
        track = replace(track, image=image)
    np.testing.assert_allclose(back.spine_error(track, start), back.SPINE_ERROR_DEG, rtol=0.1)


@pytest.mark.parametrize(("missing", "measured"), [(1, True), (4, True), (8, False), (20, False)])
def test_an_outline_with_holes_is_measured_only_where_enough_is_left(missing: int, measured: bool) -> None:
    track, start = moved(FACING_RIGHT, spine_deg=np.array([25.0]))
    inside = np.flatnonzero((OUTLINE_STATIONS >= 0) & (OUTLINE_STATIONS <= 1))
    assert (1 - missing / len(inside) >= back.SPINE_MIN_SHARE) == measured
    track.outline[:, :, inside[3 : 3 + missing]] = np.nan
    out = back.spine_flexion(track, start)
    assert np.isfinite(out).all() == measured
    if measured:
        np.testing.assert_allclose(out, 25.0, atol=DEG)


# --- lying, kneeling, on hands and knees -------------------------------------------------------

POSTURES: dict[Position, dict] = {
    "standing": {},
    "seated": SITTING,
    "kneeling": KNEELING,
    "hands_and_knees": ON_HANDS_AND_KNEES,
    "lying_on_back": KNEES_BENT_ON_THE_BACK,
    "lying_on_front": ON_THE_FRONT,
}
ON_THE_FLOOR = ["hands_and_knees", "lying_on_back", "lying_on_front"]
POSITIONS = pytest.mark.parametrize("position", POSTURES)


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


FLOOR_DEG = 0.4
"""A hip put back across the trunk line, which itself starts from the displaced hip, is off by this."""


def tolerance(position: Position) -> float:
    return FLOOR_DEG if position in ON_THE_FLOOR else DEG


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


# --- one limb against the other ----------------------------------------------------------------

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


# --- squatting and lifting ---------------------------------------------------------------------


def squat(knee: np.ndarray, shank: np.ndarray, lean: np.ndarray) -> dict:
    """Joints of a squat with flat feet: knees bent, shanks and trunk leaning forwards."""
    return {"trunk": lean, **both(knee=knee, hip=lean + knee - shank, ankle=shank)}


KNEE, SHANK, LEAN = (
    np.array([0.0, 30.0, 70.0, 100.0]),
    np.array([0.0, 12.0, 25.0, 40.0]),
    np.array([0.0, 20.0, 35.0, 45.0]),
)


@SIDES
def test_a_squat(camera: Camera) -> None:
    seen = posed(camera, "standing", keep="ANKLE", **squat(KNEE, SHANK, LEAN))
    close("shank_inclination", seen, SHANK, DEG)
    close("knee_past_toe", seen, ((SHANK_M + 0.05) * np.sin(np.radians(SHANK)) - (FOOT_M - 0.05)) / TORSO_M, LENGTH)
    close("heel_lift", seen, 0.0, LENGTH)
    close("knee_flexion", seen, KNEE, 0.05)
    close("hip_flexion", seen, LEAN + KNEE - SHANK, DEG)
    behind = SHANK_M * np.sin(np.radians(SHANK)) - THIGH_M * np.sin(np.radians(KNEE - SHANK))
    close("hip_travel", seen, -behind / LEG_M, LENGTH)


@SIDES
def test_heels_that_lift(camera: Camera) -> None:
    on_toes = np.array([0.0, 10.0, 30.0])
    lift = FOOT_M * np.sin(np.radians(on_toes)) / TORSO_M
    close("heel_lift", posed(camera, "standing", keep="FOOT_INDEX", **both(ankle=-on_toes)), lift, LENGTH)


@SIDES
def test_a_load_far_from_the_feet(camera: Camera) -> None:
    arm = np.array([0.0, 30.0, 90.0])
    ahead = ARM_M * np.sin(np.radians(arm)) - (FOOT_M / 2 - 0.05)
    close("load_reach", posed(camera, "standing", **both(arm=arm)), ahead / TORSO_M, LENGTH)


@SIDES
def test_stiff_knees_in_a_lift(camera: Camera) -> None:
    knee, hip = np.array([20.0, 40.0, 10.0]), np.array([80.0, 60.0, 70.0])
    seen = posed(camera, "standing", keep="ANKLE", trunk=hip - 10.0, **both(hip=hip, knee=knee))
    close("hip_knee_ratio", seen, [4.0, 1.5, 7.0], 0.01)


def test_a_knee_that_hardly_bends_gives_no_endless_ratio() -> None:
    seen = posed(FACING_RIGHT, "standing", keep="ANKLE", trunk=np.array([0.0, 40.0]), **both(hip=np.array([0.0, 40.0])))
    close("hip_knee_ratio", seen, [0.0, 8.0], 0.01)


# --- front view --------------------------------------------------------------------------------


def test_a_side_bend_to_the_left_is_positive() -> None:
    close("trunk_lateral_flexion", moved(FRONT, lateral_deg=ANGLES), front.HIPS_FOLLOW * ANGLES, DEG)


def test_forward_lean_and_the_apparent_length_of_the_torso() -> None:
    lean = np.array([0.0, 8.0, 15.0, 25.0, 40.0])
    seen = moved(FRONT, trunk_flexion_deg=lean)
    # three cues, of which one reads over and one under on this body: within 5 % of the truth
    np.testing.assert_allclose(front.forward_lean(*seen), lean, rtol=0.05, atol=DEG)
    close("torso_ratio", seen, np.cos(np.radians(lean)), LENGTH)


def test_a_lean_backwards_is_no_forward_lean() -> None:
    assert (front.forward_lean(*moved(FRONT, trunk_flexion_deg=np.array([-5.0, -15.0]))) < 0.0).all()


def test_a_nod_is_a_third_of_a_lean_at_most() -> None:
    assert front.forward_lean(*moved(FRONT, head_pitch_deg=np.array([20.0])))[0] < 20.0 / 3


def test_a_side_bend_is_no_forward_lean() -> None:
    seen = moved(FRONT, lateral_deg=np.array([-30.0, 30.0]))
    close("forward_lean", seen, 0.0, DEG)
    close("torso_ratio", seen, 1.0, LENGTH)


def test_hips_to_the_left_are_positive_and_no_loss_of_height() -> None:
    shift = np.array([-0.3, -0.1, 0.0, 0.2])
    seen = moved(FRONT, hip_shift_t=shift)
    close("hip_shift", seen, shift, LENGTH)
    close("height_loss", seen, 0.0, LENGTH)


def test_hips_that_come_along_with_a_step_have_not_shifted() -> None:
    close("hip_shift", moved(FRONT, feet_aside_t=np.array([0.4])), 0.0, LENGTH)


def test_bending_knees_lower_the_body() -> None:
    knee = np.array([0.0, 20.0, 30.0, 60.0])
    sunk = LEG_M / TORSO_M - _height_t(knee)
    close("height_loss", moved(FRONT, thigh_deg=-knee / 2, knee_deg=knee), sunk, LENGTH)
    assert sunk[2] == pytest.approx(0.058, abs=0.002)  # what the threshold of the side bend is read from


def _height_t(knee_deg: np.ndarray) -> np.ndarray:
    return LEG_M / TORSO_M * np.cos(np.radians(knee_deg / 2))


def test_a_side_bend_alone_is_no_loss_of_height() -> None:
    close("height_loss", moved(FRONT, lateral_deg=np.array([-35.0, -10.0, 25.0])), 0.0, LENGTH)


def test_bend_shift_and_knees_together_leave_what_the_knees_give() -> None:
    knee = 40.0
    seen = moved(FRONT, lateral_deg=np.array([25.0]), hip_shift_t=0.1, thigh_deg=-knee / 2, knee_deg=knee)
    # hips that swing on bent, so shorter, legs come down a little further than on straight ones
    close("height_loss", seen, LEG_M / TORSO_M - _height_t(np.array([knee])), 3e-3)


def test_a_lifted_foot() -> None:
    lift = np.array([0.0, 0.05, 0.2])
    track, start = moved(FRONT, left_lift_t=lift)
    np.testing.assert_allclose(front.foot_lift(track, start), lift, atol=LENGTH)
    track, start = moved(FRONT, right_lift_t=lift)
    np.testing.assert_allclose(front.foot_lift(track, start), -lift, atol=LENGTH)


@pytest.mark.parametrize(("bend", "foot"), [(20.0, "right"), (-20.0, "left")])
def test_the_foot_opposite_to_the_bend_counts_as_lifted(bend: float, foot: str) -> None:
    close("opposite_foot_lift", moved(FRONT, lateral_deg=np.array([bend]), **{f"{foot}_lift_t": 0.1}), 0.1, LENGTH)
    other = "left" if foot == "right" else "right"
    close("opposite_foot_lift", moved(FRONT, lateral_deg=np.array([bend]), **{f"{other}_lift_t": 0.1}), -0.1, LENGTH)


def test_feet_that_move() -> None:
    close("feet_travel", moved(FRONT, feet_aside_t=np.array([-0.3, 0.0, 0.5])), [0.3, 0.0, 0.5], LENGTH)
    close("feet_travel", moved(FRONT, left_lift_t=np.array([0.2])), 0.2, LENGTH)


TILTS = np.array([-20.0, -6.0, 0.0, 8.0, 25.0])


def test_a_pelvis_with_its_left_side_higher_is_positive() -> None:
    seen = moved(FRONT, pelvis_tilt_deg=TILTS)
    close("pelvis_tilt", seen, TILTS, DEG)
    close("shoulder_tilt", seen, 0.0, DEG)


def test_shoulders_go_down_on_the_side_of_the_bend() -> None:
    seen = moved(FRONT, lateral_deg=TILTS)
    close("shoulder_tilt", seen, -TILTS, DEG)
    close("pelvis_tilt", seen, 0.0, DEG)


def test_shoulders_that_are_drawn_up() -> None:
    shrug = np.array([0.0, 0.03, 0.12])
    close("shoulder_rise", moved(FRONT, shrug_t=shrug), shrug, LENGTH)
    close("shoulder_rise", moved(FRONT, thigh_deg=-30.0, knee_deg=np.array([60.0])), 0.0, LENGTH)


def test_knees_that_fall_to_the_left_are_positive() -> None:
    fall = np.array([-75.0, -30.0, 0.0, 20.0, 60.0])
    close("knee_fall", posed(FRONT, "lying_on_back", knees_aside=fall), fall, DEG)


def test_knees_apart() -> None:
    out = np.array([0.0, 0.1, 0.25])
    close("knees_apart", moved(FRONT, knees_out_t=out), 2 * HIP_HALF_M / TORSO_M + 2 * out, LENGTH)


def test_the_foot_that_is_lifted_is_told_by_its_sign() -> None:
    lift = np.array([0.0, 0.05, 0.4])
    close("ankle_lift", moved(FRONT, left_lift_t=lift), lift, LENGTH)
    close("ankle_lift", moved(FRONT, right_lift_t=lift), -lift, LENGTH)


def test_sway_is_where_the_hips_are_and_not_how_they_stand_over_the_feet() -> None:
    way = np.array([-0.2, 0.0, 0.1])
    close("sway", moved(FRONT, hip_shift_t=way), way, LENGTH)
    close("sway", moved(FRONT, feet_aside_t=way), way, LENGTH)


# --- rotation ----------------------------------------------------------------------------------

CROSSED = {"hands": 1.0}
TURNS = np.array([-45.0, -30.0, -10.0, 0.0, 10.0, 30.0, 45.0])


def test_a_turn_to_the_left_is_positive() -> None:
    # three cues that only together make up the turn: within 4 % and 0.3 degrees of it on this body
    close("shoulder_rotation", moved(FRONT, start=CROSSED, shoulder_yaw_deg=TURNS), TURNS, 0.3 + 0.04 * 45)


def test_a_turn_of_the_trunk_is_the_shoulders_against_the_pelvis() -> None:
    seen = moved(FRONT, start=CROSSED, shoulder_yaw_deg=TURNS, pelvis_yaw_deg=0.07 * TURNS)
    close("trunk_rotation", seen, 0.93 * TURNS, 0.3 + 0.04 * 45)


def test_a_pelvis_that_turns_along_is_taken_off() -> None:
    seen = moved(FRONT, start=CROSSED, shoulder_yaw_deg=np.array([-50.0, 50.0]), pelvis_yaw_deg=np.array([-40.0, 40.0]))
    read = rotation.against_pelvis(rotation.shoulder_rotation(*seen), rotation.pelvis_rotation(*seen), seated=False)
    assert np.abs(read).max() < 16.0
    trunk = rotation.trunk_rotation(*seen)
    assert np.abs(trunk).max() < 20.0  # nobody whose pelvis turned by 40 was in the fit
    assert (np.sign(trunk) == [-1, 1]).all()


@pytest.mark.parametrize("turn", [20.0, 30.0, 45.0, 60.0])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_the_pelvis_is_read_from_its_outline(turn: float, sign: float) -> None:
    both = np.array([sign * turn])
    out = rotation.pelvis_rotation(*moved(FRONT, start=CROSSED, shoulder_yaw_deg=both, pelvis_yaw_deg=both))
    # the share by which a width wavers is always taken off, and costs most where the ellipse is blunt
    shown = np.sqrt(np.cos(np.radians(turn)) ** 2 + (rotation.PELVIS_DEPTH_RATIO * np.sin(np.radians(turn))) ** 2)
    lost_deg = turn - np.degrees(np.arcsin(np.sqrt((1 - (shown + rotation.OUTLINE_NOISE) ** 2) / 0.51)))
    np.testing.assert_allclose(out, sign * (turn - lost_deg), atol=0.05)
    assert 0.0 < lost_deg < 6.0


def test_a_pelvis_that_keeps_still_is_zero() -> None:
    close("pelvis_rotation", moved(FRONT, start=CROSSED, shoulder_yaw_deg=TURNS), 0.0, DEG)


def test_hanging_hands_hide_the_pelvis() -> None:
    seen = moved(FRONT, shoulder_yaw_deg=TURNS, pelvis_yaw_deg=TURNS)
    assert np.isnan(rotation.pelvis_rotation(*seen)).all()


def test_where_the_pelvis_is_hidden_it_is_taken_to_follow_by_its_usual_share() -> None:
    track, start = moved(FRONT, shoulder_yaw_deg=TURNS)
    expected = (1 - rotation.PELVIS_FOLLOWS) * rotation.shoulder_rotation(track, start)
    read = rotation.against_pelvis(
        rotation.shoulder_rotation(track, start), rotation.pelvis_rotation(track, start), seated=False
    )
    np.testing.assert_allclose(read, expected, atol=DEG)
    np.testing.assert_allclose(rotation.trunk_rotation(track, start), expected, atol=2.0)


def test_an_outline_wider_than_its_owner_is_not_measured() -> None:
    track, start = moved(FRONT, start=CROSSED, shoulder_yaw_deg=np.array([30.0]))
    assert np.isnan(rotation.pelvis_rotation(replace(track, outline=track.outline * np.float32(1.12)), start)).all()


@pytest.mark.parametrize("head", [-70.0, -30.0, 30.0, 70.0])
def test_a_head_that_turns_alone_adds_nothing(head: float) -> None:
    close("shoulder_rotation", moved(FRONT, start=CROSSED, head_turn_deg=np.array([head])), 0.0, DEG)


@pytest.mark.parametrize("head", [-70.0, 70.0])
@pytest.mark.parametrize("turn", [-1.5, 1.5])
def test_a_head_that_turns_while_the_shoulders_sway_stays_below_what_counts(head: float, turn: float) -> None:
    out = rotation.shoulder_rotation(
        *moved(FRONT, start=CROSSED, head_turn_deg=head, shoulder_yaw_deg=np.array([turn]))
    )
    assert abs(out[0]) <= 3 * abs(turn)


# --- what holds for all of them ----------------------------------------------------------------

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
    close("trunk_flexion", seen, trunk, DEG)
    close("hip_flexion", seen, trunk - thigh, DEG)
    close("knee_flexion", seen, knee, DEG)


@given(yaw=st.floats(-20, 20), bend=st.floats(-40, 40))
def test_a_turned_body_costs_a_side_bend_no_more_than_the_cosine(yaw: float, bend: float) -> None:
    out = front.trunk_lateral_flexion(*moved(Camera(yaw_deg=yaw), lateral_deg=np.array([bend])))[0]
    true = np.degrees(np.arctan(np.tan(np.radians(bend)) * np.cos(np.radians(yaw))))
    assert out == pytest.approx(front.HIPS_FOLLOW * true, abs=DEG)
