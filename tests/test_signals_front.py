"""Signals seen from the front, rotations among them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    FRONT,
    HIP_HALF_M,
    LEG_M,
    TORSO_M,
)
from seen_signals import (
    ANGLES,
    CROSSED,
    DEG,
    LENGTH,
    close,
    moved,
    posed,
)

from checker.signals import front, rotation

# --- front view -----------------------------------------------------------------------------------


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


# --- rotation -------------------------------------------------------------------------------------

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
