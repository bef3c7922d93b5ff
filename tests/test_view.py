"""Which way the person faces, what to do about it, and what is wrong with how a clip is filmed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    FRONT,
    KNEELING,
    KNEES_BENT_ON_THE_BACK,
    ON_HANDS_AND_KNEES,
    ON_THE_BACK,
    ON_THE_FRONT,
    SITTING,
    Camera,
    body_track,
    hidden,
    lost,
    noisy,
    posed_track,
    times,
)
from hypothesis import given
from hypothesis import strategies as st

from checker import reasons
from checker.posture import ANKLES, HIPS, KNEES, SHOULDERS, Position, StartPosture
from checker.reasons import Reason
from checker.setup.view import POSITION_WORDS, Framing, check_framing, check_position, check_view, measured_view
from checker.signals.body_yaw import body_yaw_deg
from checker.skeleton import Landmark
from checker.track import PoseTrack
from checker.visibility import body_part, visible

TRUNK_AND_LEGS = (*SHOULDERS, *HIPS, *KNEES, *ANKLES)


def standing(yaw_deg: float, **camera: float) -> StartPosture:
    return StartPosture(body_track([0.0], Camera(yaw_deg=yaw_deg, **camera)))


# --- yaw ---------------------------------------------------------------------------------------


@given(yaw=st.floats(-179, 179))
def test_the_yaw_is_read_all_the_way_round(yaw: float) -> None:
    assert body_yaw_deg(standing(yaw)) == pytest.approx(yaw, abs=0.05)


@given(yaw=st.floats(-179, 179), px_per_m=st.floats(60, 400))
def test_the_yaw_does_not_depend_on_distance(yaw: float, px_per_m: float) -> None:
    assert body_yaw_deg(standing(yaw, px_per_m=px_per_m)) == pytest.approx(yaw, abs=0.1)


@pytest.mark.parametrize("yaw", [-60.0, -20.0, 0.0, 20.0, 60.0])
@pytest.mark.parametrize("head", [-60.0, 60.0])
def test_a_head_turned_aside_is_outvoted(yaw: float, head: float) -> None:
    start = StartPosture(body_track([0.0], Camera(yaw_deg=yaw), head_turn_deg=head))
    assert body_yaw_deg(start) == pytest.approx(yaw, abs=0.05)


@pytest.mark.parametrize("yaw", [-20.0, 0.0, 20.0])
def test_shoulders_held_askew_are_outvoted(yaw: float) -> None:
    start = StartPosture(body_track([0.0], Camera(yaw_deg=yaw), shoulder_yaw_deg=30.0, head_turn_deg=-30.0))
    assert body_yaw_deg(start) == pytest.approx(yaw, abs=0.05)


@pytest.mark.parametrize("yaw", [-140.0, -90.0, 0.0, 45.0, 90.0, 180.0])
def test_feet_out_of_sight_leave_shoulders_and_ears(yaw: float) -> None:
    pose = body_track([0.0], Camera(yaw_deg=yaw))
    pose.image[0, Landmark.LEFT_HEEL :] = np.nan
    assert abs(body_yaw_deg(StartPosture(pose))) == pytest.approx(abs(yaw), abs=0.05)


@pytest.mark.parametrize(
    ("yaw", "view"),
    [
        (0, "front"),
        (24, "front"),
        (-24, "front"),
        (45, "oblique"),
        (-45, "oblique"),
        (66, "left_side"),
        (114, "left_side"),
        (-66, "right_side"),
        (-114, "right_side"),
        (135, "oblique"),
        (-135, "oblique"),
        (160, "back"),
        (-160, "back"),
        (180, "back"),
        (float("nan"), "unknown"),
    ],
)
def test_each_view_by_its_name(yaw: float, view: str) -> None:
    assert measured_view(yaw) == view


# --- is it the view asked for ------------------------------------------------------------------


STRAIGHT = pytest.mark.parametrize(("expected", "straight"), [("front", 0.0), ("side", 90.0), ("side", -90.0)])


@pytest.mark.parametrize("off", [-12.0, -5.0, 0.0, 5.0, 12.0])
@STRAIGHT
def test_within_twelve_degrees_it_is_measured(expected: str, straight: float, off: float) -> None:
    view = check_view(standing(straight + off), expected, 20.0)
    assert view.ok
    assert view.advice is None
    assert view.yaw_deg == pytest.approx(off, abs=3.0)  # the signs are taken as the model shows them, not as they are


@pytest.mark.parametrize("off", [-60.0, -45.0, -25.0, 25.0, 45.0, 60.0])
@STRAIGHT
def test_past_twenty_five_degrees_it_is_not(expected: str, straight: float, off: float) -> None:
    view = check_view(standing(straight + off), expected, 20.0)
    assert not view.ok
    assert view.advice
    assert view.yaw_deg == pytest.approx(off, abs=6.0)


def test_the_back_is_not_the_front() -> None:
    for yaw in (-180.0, -150.0, 165.0):
        view = check_view(standing(yaw), "front", 20.0)
        assert not view.ok
        assert view.measured in {"back", "oblique"}


def test_nobody_still_in_sight_is_no_view() -> None:
    view = check_view(None, "side", 20.0)
    assert (view.measured, view.yaw_deg, view.ok, view.advice) == ("unknown", None, False, None)


def turned_as_told(yaw_deg: float, advice: str) -> list[float]:
    """Where a person ends who does what the advice says; turning left brings their right side round."""
    angle = float(re.search(r"about (\d+) degrees", advice)[1])
    if "your left" in advice:
        return [yaw_deg - angle]
    if "your right" in advice:
        return [yaw_deg + angle]
    return [yaw_deg - angle, yaw_deg + angle]


ALL_ROUND = sorted({*range(-179, 180, 7), -91, -89, -46, -44, -1, 1, 44, 46, 89, 91, 180})


@pytest.mark.parametrize(
    ("expected", "yaw"),
    [
        *(("front", yaw) for yaw in ALL_ROUND),
        *(("side", yaw) for yaw in ALL_ROUND),
    ],
)
def test_who_turns_as_told_stands_right(expected: str, yaw: float) -> None:
    view = check_view(standing(yaw), expected, 20.0)
    if view.ok:
        return
    for after in turned_as_told(yaw, view.advice):
        assert check_view(standing(after), expected, 20.0).ok, (yaw, view.advice, after)


@given(yaw=st.floats(-180, 180), expected=st.sampled_from(["front", "side"]), limit=st.floats(5, 45))
def test_the_advice_never_asks_for_more_than_half_a_turn(yaw: float, expected: str, limit: float) -> None:
    view = check_view(standing(yaw), expected, limit)
    assert view.ok == (abs(view.yaw_deg) <= limit + 0.05) or abs(abs(view.yaw_deg) - limit) < 0.1
    if not view.ok:
        angle = int(re.search(r"about (\d+) degrees", view.advice)[1])
        assert 5 <= angle <= (180 if expected == "front" else 90)


def test_the_view_survives_noise() -> None:
    track = noisy(body_track(times(1.0), FACING_RIGHT), 2.0)
    for i in range(0, len(track), 5):
        assert check_view(StartPosture(track.slice(slice(i, i + 1))), "side", 20.0).ok


# --- on the floor ------------------------------------------------------------------------------

LYING: list[tuple[Position, dict]] = [
    ("lying_on_back", ON_THE_BACK),
    ("lying_on_back", KNEES_BENT_ON_THE_BACK),
    ("lying_on_front", ON_THE_FRONT),
    ("hands_and_knees", ON_HANDS_AND_KNEES),
]
ON_THE_FLOOR = pytest.mark.parametrize(("position", "joints"), LYING)


def on_floor(position: Position, joints: dict, yaw_deg: float) -> StartPosture:
    return StartPosture(posed_track([0.0], Camera(yaw_deg=yaw_deg), **joints), position)


SIDES_OF_A_MAT = pytest.mark.parametrize(("straight", "name"), [(90.0, "left_side"), (-90.0, "right_side")])


@ON_THE_FLOOR
@pytest.mark.parametrize("off", [-12.0, -5.0, 0.0, 5.0, 12.0])
@SIDES_OF_A_MAT
def test_a_mat_seen_from_either_side_is_measured(
    position: Position, joints: dict, straight: float, name: str, off: float
) -> None:
    view = check_view(on_floor(position, joints, straight + off), "side", 20.0)
    assert view.ok
    assert view.advice is None
    assert view.yaw_deg == pytest.approx(off, abs=8.0)
    assert view.measured == name


@ON_THE_FLOOR
@pytest.mark.parametrize("off", [-45.0, -28.0, 28.0, 45.0])
@SIDES_OF_A_MAT
def test_a_mat_that_lies_aslant_is_not(
    position: Position, joints: dict, straight: float, name: str, off: float
) -> None:
    view = check_view(on_floor(position, joints, straight + off), "side", 20.0)
    assert not view.ok
    assert view.advice.startswith("Turn your mat")
    if abs(off) < 45.0:
        assert np.sign(view.yaw_deg) == np.sign(off)


@ON_THE_FLOOR
@pytest.mark.parametrize("yaw", [0.0, 30.0, -50.0])
def test_a_mat_that_points_at_the_camera_is_not_seen_from_the_side(
    position: Position, joints: dict, yaw: float
) -> None:
    view = check_view(on_floor(position, joints, yaw), "side", 20.0)
    assert not view.ok
    assert view.advice.startswith("Turn your mat")
    assert "from the side" in view.advice


@pytest.mark.parametrize(
    ("yaw", "ok"),
    [(0.0, True), (-12.0, True), (12.0, True), (25.0, False), (-25.0, False), (50.0, False), (-90.0, False)],
)
def test_lying_with_the_feet_to_the_camera_is_the_front(yaw: float, ok: bool) -> None:
    view = check_view(on_floor("lying_on_back", KNEES_BENT_ON_THE_BACK, yaw), "front", 20.0)
    assert view.ok == ok
    assert ok or "your feet point at it" in view.advice


def test_lying_with_the_head_to_the_camera_is_not_the_front() -> None:
    assert not check_view(on_floor("lying_on_back", KNEES_BENT_ON_THE_BACK, 180.0), "front", 20.0).ok


# --- the right position ------------------------------------------------------------------------

UPRIGHT: list[tuple[Position, dict]] = [("standing", {}), ("seated", SITTING), ("kneeling", KNEELING)]
SIDES = pytest.mark.parametrize("camera", [FACING_RIGHT, FACING_LEFT], ids=["one side", "other side"])


def position_problem(asked: Position, camera: Camera, noise_px: float = 0.0, **joints: object) -> Reason | None:
    return check_position(StartPosture(noisy(posed_track([0.0], camera, **joints), noise_px), asked), "side")


@SIDES
@pytest.mark.parametrize(("position", "joints"), [*UPRIGHT, *LYING])
@pytest.mark.parametrize("noise_px", [0.0, 1.5])
def test_who_starts_as_asked_has_nothing_to_change(
    position: Position, joints: dict, camera: Camera, noise_px: float
) -> None:
    assert position_problem(position, camera, noise_px, **joints) is None


@SIDES
@pytest.mark.parametrize("asked", [p for p, _ in UPRIGHT])
@pytest.mark.parametrize("joints", [joints for _, joints in LYING])
def test_who_lies_is_told_to_get_up(asked: Position, joints: dict, camera: Camera) -> None:
    words = {"standing": "standing", "seated": "sitting", "kneeling": "kneeling"}[asked]
    assert position_problem(asked, camera, **joints) == reasons.STARTS_UPRIGHT.of(position=words)


@SIDES
@pytest.mark.parametrize("joints", [joints for _, joints in UPRIGHT])
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("lying_on_back", "lying on the back"),
        ("lying_on_front", "face down"),
        ("hands_and_knees", "on hands and knees"),
    ],
)
def test_who_is_upright_is_told_to_get_down(asked: Position, words: str, joints: dict, camera: Camera) -> None:
    assert position_problem(asked, camera, **joints) == reasons.STARTS.of(position=words)


@SIDES
@pytest.mark.parametrize(
    ("asked", "joints"),
    [
        ("lying_on_back", ON_THE_FRONT),
        ("lying_on_back", ON_HANDS_AND_KNEES),
        ("lying_on_front", ON_THE_BACK),
        ("lying_on_front", KNEES_BENT_ON_THE_BACK),
        ("hands_and_knees", KNEES_BENT_ON_THE_BACK),
    ],
)
def test_who_lies_the_other_way_round_is_told_to_turn_over(asked: Position, joints: dict, camera: Camera) -> None:
    told = position_problem(asked, camera, 0.5, **joints)
    assert told == reasons.LIES_THE_OTHER_WAY.of(position=POSITION_WORDS[asked])


@SIDES
@pytest.mark.parametrize(
    ("asked", "joints"),
    [
        ("standing", {"trunk": 40.0}),
        ("seated", SITTING | {"trunk": -30.0}),
        ("lying_on_back", ON_THE_BACK | {"trunk": -65.0}),  # propped up on pillows
        ("lying_on_front", ON_THE_FRONT | {"trunk": 60.0}),  # on the forearms
        ("hands_and_knees", ON_HANDS_AND_KNEES | {"trunk": 60.0}),
        ("hands_and_knees", ON_HANDS_AND_KNEES | {"trunk": 110.0}),
    ],
)
def test_the_limits_are_wide(asked: Position, joints: dict, camera: Camera) -> None:
    assert position_problem(asked, camera, **joints) is None


def test_seen_from_the_feet_a_trunk_has_no_direction() -> None:
    assert check_position(on_floor("lying_on_back", KNEES_BENT_ON_THE_BACK, 0.0), "front") is None


def test_a_face_turned_aside_does_not_turn_the_body_over() -> None:
    track = posed_track([0.0], FACING_RIGHT, **ON_THE_FRONT)
    track.image[:, Landmark.NOSE, 1] -= 25.0  # looking up past the ears
    assert check_position(StartPosture(track, "lying_on_front"), "side") is None


# --- what is visible ---------------------------------------------------------------------------


def test_from_the_front_both_of_a_pair_are_needed_and_from_the_side_one() -> None:
    track = hidden(body_track([0.0]), Landmark.LEFT_HIP)
    assert not visible(track, HIPS, side_view=False)[0]
    assert visible(track, HIPS, side_view=True)[0]
    both = hidden(track, Landmark.RIGHT_HIP)
    assert not visible(both, HIPS, side_view=True)[0]
    assert not visible(hidden(track, Landmark.NOSE), (Landmark.NOSE,), side_view=True)[0]


def test_a_joint_outside_the_frame_is_not_seen_however_sure_the_model_is() -> None:
    track = body_track([0.0], Camera(centre_x_px=-200.0))
    assert not visible(track, HIPS, side_view=False)[0]


def test_a_lost_person_is_not_visible() -> None:
    assert not visible(lost(body_track([0.0])), HIPS, side_view=False)[0]


# --- framing -----------------------------------------------------------------------------------


def framing(track: PoseTrack, side_view: bool = False) -> Framing:
    coverage = float(visible(track, TRUNK_AND_LEGS, side_view).mean())
    return check_framing(track, TRUNK_AND_LEGS, coverage, side_view)


T_S = times(1.0)


def test_a_well_filmed_clip_has_nothing_wrong() -> None:
    for camera in (FRONT, FACING_RIGHT):
        assert framing(body_track(T_S, camera), camera is FACING_RIGHT) == Framing([], [])


def cut(camera: Camera) -> Reason:
    """The one problem of a clip."""
    problems = framing(body_track(T_S, camera)).problems
    assert len(problems) == 1
    return problems[0]


FEET_OFF = Camera(floor_y_px=760.0)
HEAD_OFF = Camera(floor_y_px=235.0)
TOO_CLOSE = Camera(px_per_m=500.0, floor_y_px=780.0)
TOO_FAR = replace(FRONT, px_per_m=70.0, floor_y_px=500.0)


def test_feet_cut_off() -> None:
    assert cut(FEET_OFF) == reasons.FEET_OUTSIDE
    assert "tilt the camera down" in reasons.FEET_OUTSIDE.text


def test_head_cut_off() -> None:
    assert cut(HEAD_OFF) == reasons.HEAD_OUTSIDE
    assert "tilt the camera up" in reasons.HEAD_OUTSIDE.text


def test_too_close() -> None:
    assert cut(TOO_CLOSE) == reasons.TOO_CLOSE
    assert "Step back" in reasons.TOO_CLOSE.text


def test_far_away_is_a_warning_while_it_can_be_measured() -> None:
    out = framing(body_track(T_S, TOO_FAR))
    assert out.problems == []
    assert out.warnings == [reasons.FAR]


def test_too_far_to_be_seen() -> None:
    out = framing(hidden(body_track(T_S, TOO_FAR), *HIPS))
    assert out.problems == [reasons.TOO_FAR]
    assert "Step closer" in reasons.TOO_FAR.text


@pytest.mark.parametrize("joints", [joints for _, joints in LYING])
def test_who_lies_along_the_picture_is_not_far_away(joints: dict) -> None:
    assert framing(posed_track(T_S, FACING_RIGHT, **joints), side_view=True) == Framing([], [])


def test_dark_is_told_with_what_to_do() -> None:
    track = body_track(T_S)
    out = framing(replace(track, brightness=np.full(len(track), 12.0, np.float32)))
    assert out.problems == []
    assert out.warnings == [reasons.DARK]
    assert "light" in reasons.DARK.text


def test_nobody_and_nobody_in_the_dark() -> None:
    track = lost(body_track(T_S))
    assert framing(track).problems == [reasons.NOBODY]
    dark = framing(replace(track, brightness=np.full(len(track), 3.0, np.float32)))
    assert dark.problems == [reasons.NOBODY_IN_THE_DARK]


@pytest.mark.parametrize("landmark", [Landmark.LEFT_HIP, Landmark.RIGHT_KNEE, Landmark.LEFT_SHOULDER])
def test_a_hidden_joint_is_named(landmark: Landmark) -> None:
    out = framing(hidden(body_track(T_S), landmark))
    assert out.problems == [reasons.NOT_SEEN_WELL.of(part=body_part(landmark))]


def test_a_joint_hidden_for_a_moment_is_no_problem() -> None:
    assert framing(hidden(body_track(T_S), Landmark.LEFT_HIP, from_s=0.2, to_s=0.5)) == Framing([], [])


def test_a_second_person_is_noticed_with_the_time() -> None:
    track = body_track(times(6.0))
    track.people[track.t_s >= 4.0] = 2
    out = framing(track)
    assert out.problems == []
    assert out.warnings == [reasons.SECOND_PERSON.of(first_s=4.0)]
    assert "4 s" in out.warnings[0].text


def test_each_reason_has_its_own_words() -> None:
    told = {cut(FEET_OFF), cut(HEAD_OFF), cut(TOO_CLOSE)}
    told |= {framing(hidden(body_track(T_S, TOO_FAR), *HIPS)).problems[0]}
    told |= {framing(hidden(body_track(T_S), *HIPS)).problems[0], framing(lost(body_track(T_S))).problems[0]}
    assert len({reason.text for reason in told}) == 6
    assert len({reason.code for reason in told}) == 6


def test_no_frames_at_all_is_nobody_found() -> None:
    out = check_framing(body_track(T_S).slice(slice(0, 0)), HIPS, 0.0, False)
    assert out.problems == [reasons.NOBODY]


@pytest.mark.parametrize("landmark", list(Landmark))
def test_every_landmark_has_a_plain_name(landmark: Landmark) -> None:
    assert re.fullmatch(r"[a-z ]+", body_part(landmark))
