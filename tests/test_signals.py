"""Signals seen from the side, on a body of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    ARM_M,
    FACING_RIGHT,
    FOOT_M,
    LEG_M,
    SHANK_M,
    THIGH_M,
    TORSO_M,
    Camera,
    both,
)
from seen_signals import (
    ANGLES,
    DEG,
    LENGTH,
    SIDES,
    close,
    moved,
    posed,
)

from checker.posture import HIPS, SHOULDERS, StartPosture
from checker.signals import back, geometry, hands, side
from checker.signals.side import LEANS_BACK_DEG
from checker.skeleton import OUTLINE_STATIONS, Landmark
from checker.track import PoseTrack

# --- side view ------------------------------------------------------------------------------------


@SIDES
def test_trunk_flexion(camera: Camera) -> None:
    close("trunk_flexion", moved(camera, trunk_flexion_deg=ANGLES), ANGLES + LEANS_BACK_DEG["standing"], DEG)


@SIDES
def test_trunk_flexion_past_level(camera: Camera) -> None:
    truth = np.array([95.0, 130.0])
    close("trunk_flexion", moved(camera, trunk_flexion_deg=truth), truth + LEANS_BACK_DEG["standing"], DEG)


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


# --- the hip that slips ---------------------------------------------------------------------------


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
    np.testing.assert_allclose(out, np.array([20.0, 60.0]) + LEANS_BACK_DEG["standing"], atol=DEG)
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


# --- the outline that cannot be trusted -----------------------------------------------------------


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


def test_a_back_that_bends_while_the_body_keeps_still_is_no_error_where_that_is_what_is_counted() -> None:
    track, start = moved(FACING_RIGHT, spine_deg=np.tile([0.0, 17.0], 6))
    assert back.spine_error(track, start)[0] > back.SPINE_ERROR_DEG
    np.testing.assert_allclose(back.spine_error(track, start, True), back.SPINE_ERROR_DEG, rtol=0.1)


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


# --- squatting and lifting ------------------------------------------------------------------------


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
