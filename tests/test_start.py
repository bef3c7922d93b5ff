"""Where a movement starts from, in clips as people film them: likeness to the picture, rest, place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    FRONT,
    KNEES_BENT_ON_THE_BACK,
    ON_HANDS_AND_KNEES,
    SITTING,
    body_track,
    both,
    lost,
    min_jerk,
    noisy,
    out_and_back,
    posed_track,
    repeated,
    times,
)

from checker import reasons
from checker.library import find_exercise, list_exercises
from checker.posture import StartPosture
from checker.setup.likeness import check_start, likeness, upright_position
from checker.setup.place import find_arrival, in_place, same_place
from checker.setup.start import find_start, find_still_start
from checker.skeleton import Array
from checker.track import PoseTrack, concatenated

HINGE, LEAN, BEND = (find_exercise(i) for i in ("standing_hip_hinge", "seated_forward_lean", "standing_side_bend"))
ROTATION, SQUAT, CAT = (find_exercise(i) for i in ("standing_trunk_rotation", "squat", "cat_cow"))


def hinge(t_s: Array, x: Array, **more: Any) -> PoseTrack:
    motion = {"trunk_flexion_deg": x, "thigh_deg": -0.2 * x, "knee_deg": 0.1 * x} | more
    return noisy(body_track(t_s, FACING_RIGHT, **motion), 0.3)


def trunk_deg(start: StartPosture) -> float:
    v = (start.pose.point(11, 12) - start.pose.point(23, 24))[0]
    return float(np.degrees(np.arctan2(abs(v[0]), -v[1])))


# --- likeness ----------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", [e for e in list_exercises() if e.is_measured], ids=lambda e: e.id)
def test_every_picture_looks_like_itself_and_its_end_less(exercise: Any) -> None:
    from checker.figure import camera_for, recording

    picture = exercise.picture
    for mirror in (False, True) if exercise.view == "side" else (False,):
        track = recording([picture.start], np.zeros(1), camera_for(exercise.view, picture.start, mirror))
        same = likeness(exercise, track)
        assert same.apart[0] == pytest.approx(0.0, abs=0.1)
        assert check_start(exercise, StartPosture(track, exercise.position)) is None


@pytest.mark.parametrize("trunk", [0.0, 15.0, -15.0])
def test_who_stands_a_little_bent_may_begin_and_who_is_halfway_down_may_not(trunk: float) -> None:
    assert check_start(HINGE, StartPosture(hinge(np.zeros(1), np.array([trunk])))) is None
    for far in (40.0, 60.0):
        wrong = check_start(HINGE, StartPosture(hinge(np.zeros(1), np.array([far]))))
        assert wrong is not None
        assert "starts standing" in wrong.text


def test_sitting_and_standing_are_told_apart_and_between_them_nothing_is_said() -> None:
    def thighs(angle: float) -> StartPosture:
        return StartPosture(posed_track([0.0], FACING_LEFT, **both(hip=angle, knee=angle)), "seated")

    assert upright_position(thighs(0.0), "side") == "standing"
    assert upright_position(thighs(90.0), "side") == "seated"
    assert upright_position(thighs(45.0), "side") is None
    standing = StartPosture(body_track([0.0], FRONT))
    seated = StartPosture(body_track([0.0], FRONT, thigh_deg=-90.0, knee_deg=90.0))
    assert upright_position(standing, "front") == "standing"
    assert upright_position(seated, "front") == "seated"


def test_what_is_wrong_is_said_the_right_way_round() -> None:
    sitting = StartPosture(posed_track([0.0], FACING_LEFT, **SITTING), "standing")
    assert check_start(HINGE, sitting) == reasons.IS_OTHERWISE.of(does="sit", position="standing")
    standing = StartPosture(posed_track([0.0], FACING_LEFT), "seated")
    assert check_start(LEAN, standing) == reasons.IS_OTHERWISE.of(does="stand", position="sitting")


# --- rest --------------------------------------------------------------------------------------


def test_somebody_who_holds_still_only_at_the_end_of_the_movement_starts_from_the_beginning_of_it() -> None:
    t_s = times(14.0, 15.0)
    x = repeated(t_s, [55.0, 60.0], first_s=0.2, every_s=6.5, out_s=1.2, hold_s=3.0, back_s=1.2)
    start, armed = find_start(HINGE, hinge(t_s, x))
    assert start is not None
    assert trunk_deg(start) < 8.0
    assert armed == 0


def test_a_head_that_is_scratched_in_a_held_lean_arms_nothing() -> None:
    t_s = times(12.0, 15.0)
    x = out_and_back(t_s, 40.0, 1.0, 1.2, 5.0, 1.2)
    lean = body_track(t_s, FACING_LEFT, trunk_flexion_deg=x, thigh_deg=-90.0, knee_deg=90.0)
    start, _ = find_start(LEAN, lean)
    assert start is not None
    assert trunk_deg(start) < 5.0
    held = lean.slice((t_s > 3.0) & (t_s < 5.0))
    posture = find_still_start(LEAN, held)
    assert posture is not None
    assert check_start(LEAN, posture) is not None, "still, but not as in the picture"


@pytest.mark.parametrize("hold_s", [1.0, 4.0])
def test_rest_lies_between_the_two_sides(hold_s: float) -> None:
    t_s = times(4.0 + 4 * (2.4 + hold_s), 15.0)
    x = repeated(t_s, [40.0, -35.0] * 2, first_s=0.3, every_s=2.6 + hold_s, out_s=1.2, hold_s=hold_s, back_s=1.2)
    start, _ = find_start(ROTATION, body_track(t_s, FRONT, shoulder_yaw_deg=x, hands=1.0))
    assert start is not None
    v = (start.pose.world_point(11) - start.pose.world_point(12))[0]
    assert abs(float(np.degrees(np.arctan2(v[2], v[0])))) < 8.0


def test_cat_and_cow_begin_in_neutral_though_nobody_keeps_still_there() -> None:
    t_s = times(14.0, 15.0)
    x = repeated(t_s, [45.0, -25.0, 45.0, -25.0], first_s=0.0, every_s=3.2, out_s=1.0, hold_s=1.2, back_s=1.0)
    start, _ = find_start(CAT, posed_track(t_s, FACING_RIGHT, "KNEE", **ON_HANDS_AND_KNEES | {"spine": x}))
    assert start is not None
    neutral = posed_track([0.0], FACING_RIGHT, "KNEE", **ON_HANDS_AND_KNEES).outline[0]
    seen = start.pose.outline[0]
    assert np.nanmax(np.abs(seen - neutral)) < 6.0


def test_a_rest_that_was_taken_while_still_settling_is_not_the_typical_one() -> None:
    t_s = times(20.0, 15.0)
    settling = 5.0 * (1.0 - min_jerk((t_s - 1.5) / 1.0))
    x = settling + repeated(t_s, [50.0, 50.0, 50.0], first_s=3.0, every_s=5.0)
    start, _ = find_start(HINGE, hinge(t_s, x))
    assert start is not None
    assert trunk_deg(start) < 3.0


@pytest.mark.parametrize("what", ["nobody", "no frame", "one frame"])
def test_nobody_is_nowhere(what: str) -> None:
    track = body_track(times(2.0), FRONT)
    track = {"nobody": lost(track), "no frame": track.slice(slice(0, 0)), "one frame": track.slice(slice(0, 1))}[what]
    assert find_start(BEND, track) == (None, None)


# --- place -------------------------------------------------------------------------------------


def test_walking_up_is_not_yet_in_place_and_walking_off_no_longer() -> None:
    t_s = times(12.0, 15.0)
    way = -1.2 * (1.0 - min_jerk(t_s / 2.0)) + 1.2 * min_jerk((t_s - 10.0) / 2.0)
    track = hinge(t_s, out_and_back(t_s, 55.0, 4.0), place_m=way)
    start, armed = find_start(HINGE, track)
    assert start is not None
    assert armed is not None
    assert 1.2 < t_s[armed] < 2.2
    there = in_place(HINGE, track, start)
    assert there[(t_s > 3.0) & (t_s < 9.5)].all()
    assert not there[t_s < 1.0].any()
    assert not there[t_s > 11.5].any()


def test_of_two_places_the_one_with_most_of_the_clip_counts() -> None:
    t_s = times(12.0)
    here, there = body_track(t_s[t_s < 3.0], FACING_RIGHT, place_m=-0.5), body_track(t_s[t_s > 5.0], FACING_RIGHT)
    start, first = find_start(HINGE, concatenated([here, there]))
    assert start is not None
    assert first is not None
    np.testing.assert_allclose(start.pose.image, there.image[:1], atol=0.01)
    assert first >= len(here)


def test_standing_up_from_the_chair_leaves_the_place_of_a_seated_movement() -> None:
    t_s = times(8.0, 15.0)
    up = min_jerk((t_s - 5.0) / 1.5)
    seated = posed_track(t_s, FACING_LEFT, "ANKLE", **both(hip=90.0 * (1 - up), knee=90.0 * (1 - up)))
    start, _ = find_start(LEAN, seated)
    assert start is not None
    there = in_place(LEAN, seated, start)
    assert there[t_s < 5.0].all()
    assert not there[t_s > 6.2].any()


def test_a_lifted_leg_a_bridge_and_sagging_hips_are_still_in_place() -> None:
    t_s = times(8.0, 15.0)
    share = out_and_back(t_s, 1.0, 2.0, hold_s=2.0)
    bent = KNEES_BENT_ON_THE_BACK
    bridge = posed_track(
        t_s, FACING_LEFT, "ANKLE", **bent | {"trunk": -90.0 - 30.0 * share} | both(hip=55.0 - 55.0 * share)
    )
    start = StartPosture(bridge.slice(slice(0, 1)), "lying_on_back")
    assert in_place(find_exercise("bridge"), bridge, start).all()
    one_leg = posed_track(t_s, FACING_LEFT, **bent | {"left_hip": 55.0 + 60.0 * share})
    start = StartPosture(one_leg.slice(slice(0, 1)), "lying_on_back")
    assert in_place(find_exercise("knee_to_chest"), one_leg, start).all()


def test_a_step_to_the_side_is_another_place_and_one_lifted_foot_is_not() -> None:
    here = StartPosture(body_track([0.0], FRONT))
    assert same_place(BEND, here, StartPosture(body_track([0.0], FRONT, left_lift_t=0.6)))
    assert not same_place(BEND, here, StartPosture(body_track([0.0], FRONT, feet_aside_t=0.5)))


def test_somebody_who_turns_round_on_the_spot_has_not_arrived() -> None:
    t_s = times(6.0, 15.0)
    stepping = np.where(t_s < 2.0, 0.45 * np.abs(np.sin(4.0 * t_s)), 0.0)
    track = body_track(t_s, FRONT, left_lift_t=stepping)
    start = StartPosture(body_track([0.0], FRONT))
    assert 1.0 < t_s[find_arrival(BEND, track, start, len(t_s) - 1)] < 2.2
