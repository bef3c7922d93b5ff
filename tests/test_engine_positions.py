"""Lying, kneeling, standing on one leg: the whole way in every position, and postures that are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    FRONT,
    KNEES_BENT_ON_THE_BACK,
    ON_HANDS_AND_KNEES,
    ON_THE_BACK,
    ON_THE_FRONT,
    Camera,
    between,
    body_track,
    both,
    hidden,
    lost,
    min_jerk,
    noisy,
    out_and_back,
    posed_track,
    repeated,
    times,
)
from engine_tracks import (
    BOUNDARY_S,
    RANGE_DEG,
    WHY,
    assert_nothing_measured,
    assess,
    joined,
    live,
    small,
)
from self_tests import SITTING

from checker.assessment import Assessment
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.skeleton import Landmark
from checker.track import PoseTrack

# --- in every position ----------------------------------------------------------------------------

FLOOR_CAMERAS = pytest.mark.parametrize("camera", [FACING_RIGHT, FACING_LEFT], ids=["head left", "head right"])


def of_each(out: Analysis, measure_id: str) -> dict[str | None, float | None]:
    return {m.side: m.value for m in out.assessment.measures if m.id == measure_id}


def hip_before_joint(track: PoseTrack, camera: Camera) -> PoseTrack:
    """The hips where the model puts them on the floor: 0.05 T before the joint."""
    hips, shoulders = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    image = track.image.copy()
    trunk = image[:, shoulders].mean(axis=1) - image[:, hips].mean(axis=1)
    way = np.stack([-trunk[:, 1], trunk[:, 0]], axis=1) * np.float32(0.05 if camera is FACING_RIGHT else -0.05)
    image[:, hips] += way[:, None]
    return replace(track, image=image)


LEG_RAISE = small(
    "lying_on_back",
    {"signal": "leg_flexion", "sides": "signed", "hold_from": 30.0},
    {"id": "leg_flexion"},
    {"id": "held", "of": "hold_time"},
    {"id": "done", "of": "count"},
    faults=({"rule": "speed", "signal": "leg_flexion", "threshold": 90.0},),
)


def leg_raise(camera: Camera, position: dict = ON_THE_BACK) -> PoseTrack:
    """Left, right, left: 60, 50 and 66 degrees, 2 s out, 1 s held, 2 s back."""
    t_s = times(23.0, 15.0)
    x = repeated(t_s, [60.0, -50.0, 66.0], 1.5, 7.0, out_s=2.0, hold_s=1.0, back_s=2.0)
    track = posed_track(t_s, camera, **position, left_hip=np.clip(x, 0, None), right_hip=np.clip(-x, 0, None))
    return noisy(hip_before_joint(track, camera), 0.3)


@FLOOR_CAMERAS
def test_one_leg_after_the_other_lying_on_the_back(camera: Camera) -> None:
    out = assess(LEG_RAISE, leg_raise(camera))
    assert [r.side for r in out.assessment.reps] == ["left", "right", "left"]
    assert of_each(out, "leg_flexion") == pytest.approx({"left": 63.0, "right": 50.0}, abs=RANGE_DEG)
    # 30 of 50 degrees and more: a smooth way is that far at 0.57 of its time, and 30 of 63 at 0.49
    assert of_each(out, "held") == pytest.approx(
        {"left": 1.0 + 2 * 2.0 * 0.51, "right": 1.0 + 2 * 2.0 * 0.43}, abs=0.25
    )
    assert of_each(out, "done") == {"left": 2.0, "right": 1.0}
    assert out.assessment.flagged == []
    assert out.assessment.warnings == []


def test_standing_up_is_no_lying_down() -> None:
    t_s = times(8.0, 15.0)
    track = posed_track(t_s, FACING_RIGHT, left_hip=out_and_back(t_s, 60.0, 1.5))
    out = assess(LEG_RAISE, track).assessment
    assert_nothing_measured(out)
    assert {m.reason for m in out.measures} == {"This movement starts lying on the back. Begin from there."}
    assert live(LEG_RAISE, track)[-1].hint == "This movement starts lying on the back. Begin from there."


@FLOOR_CAMERAS
def test_lying_the_wrong_way_round_is_told_and_nothing_is_measured(camera: Camera) -> None:
    out = assess(LEG_RAISE, leg_raise(camera, ON_THE_FRONT)).assessment
    assert_nothing_measured(out)
    assert all("you lie the other way round" in m.reason for m in out.measures)


def test_a_mat_that_points_at_the_camera_is_told() -> None:
    out = assess(LEG_RAISE, leg_raise(Camera(yaw_deg=-40.0))).assessment
    assert_nothing_measured(out)
    assert all("Turn your mat" in m.reason for m in out.measures)


def test_getting_down_onto_the_mat_counts_for_nothing() -> None:
    t_s = times(18.0, 15.0)
    down, raised = min_jerk((t_s - 2.0) / 3.0), out_and_back(t_s, 40.0, 10.0, hold_s=0.5)
    joints = {"trunk": -90.0 * down, **both(knee=100.0 * down, ankle=-45.0 * down)}
    joints |= {"left_hip": 55.0 * down + raised, "right_hip": 55.0 * down}
    before_s = t_s < 9.0
    lying = posed_track(t_s[~before_s], FACING_LEFT, **{k: v[~before_s] for k, v in joints.items()})
    lying_down = posed_track(t_s[before_s], FACING_LEFT, "ANKLE", **{k: v[before_s] for k, v in joints.items()})
    lying = replace(lying, image=lying.image + (lying_down.image[-1] - lying.image[0])[Landmark.LEFT_HIP])
    out = assess(LEG_RAISE, joined(lying_down, lying)).assessment
    assert [r.side for r in out.reps] == ["left"]
    assert out.reps[0].start_s == pytest.approx(10.0, abs=BOUNDARY_S)


BRIDGE = small(
    "lying_on_back",
    {"signal": "hip_flexion", "direction": "fall", "min_excursion": 20.0},
    {"id": "lifted", "signal": "hip_flexion", "of": "change"},
    {"id": "at_the_top", "signal": "hip_flexion", "of": "value"},
    faults=({"rule": "at_peak", "signal": "hip_flexion", "compare": "absolute", "threshold": 20.0},),
)


@FLOOR_CAMERAS
@pytest.mark.parametrize(("left_over", "status"), [(0.0, "clear"), (14.0, "clear"), (27.0, "flagged")])
def test_a_bridge_is_a_hip_flexion_that_falls(camera: Camera, left_over: float, status: str) -> None:
    t_s = times(13.0, 15.0)
    share = repeated(t_s, [1.0, 1.0], every_s=5.0)
    hip = 55.0 - (55.0 - left_over) * share
    joints = KNEES_BENT_ON_THE_BACK | both(hip=hip) | {"trunk": -90.0 - 20.0 * share}
    track = hip_before_joint(posed_track(t_s, camera, "ANKLE", **joints), camera)
    out = assess(BRIDGE, track)
    assert [(r.side, r.rom.value) for r in out.assessment.reps] == [
        ("both", pytest.approx(55.0 - left_over, abs=2.0))
    ] * 2
    assert of_each(out, "lifted") == pytest.approx({None: 55.0 - left_over}, abs=RANGE_DEG)
    assert of_each(out, "at_the_top") == pytest.approx({None: left_over}, abs=RANGE_DEG)
    (fault,) = out.assessment.faults
    assert fault.status == status
    assert fault.peak == pytest.approx(left_over, abs=RANGE_DEG)


@FLOOR_CAMERAS
def test_cat_and_cow_are_sides_by_name(camera: Camera) -> None:
    counts = {"signal": "spine_flexion", "sides": "signed", "names": ["cat", "cow"], "min_excursion": 10.0}
    asked = small("hands_and_knees", counts, {"id": "spine_flexion"})
    t_s = times(20.0, 15.0)
    spine = repeated(t_s, [30.0, -20.0, 34.0, -24.0])
    out = assess(asked, noisy(posed_track(t_s, camera, **ON_HANDS_AND_KNEES, spine=spine), 0.2))
    assert [r.side for r in out.assessment.reps] == ["cat", "cow", "cat", "cow"]
    assert of_each(out, "spine_flexion") == pytest.approx({"cat": 32.0, "cow": 22.0}, abs=RANGE_DEG)
    assert set(live(asked, posed_track(t_s, camera, **ON_HANDS_AND_KNEES, spine=spine))[-1].repetitions) == {
        "cat",
        "cow",
    }


def test_a_chest_that_lifts_off_the_floor() -> None:
    asked = small("lying_on_front", {"signal": "trunk_rise"}, {"id": "trunk_rise"})
    t_s = times(11.0, 15.0)
    rise = repeated(t_s, [20.0, 26.0])
    out = assess(
        asked, noisy(posed_track(t_s, FACING_LEFT, **ON_THE_FRONT | {"trunk": 90.0 - rise} | both(hip=-rise)), 0.3)
    )
    assert of_each(out, "trunk_rise") == pytest.approx({None: 23.0}, abs=RANGE_DEG)


def test_lying_with_the_feet_to_a_raised_camera_the_knees_fall_to_the_sides() -> None:
    asked = small(
        "lying_on_back",
        {"signal": "knee_fall", "sides": "signed", "min_excursion": 15.0},
        {"id": "knee_fall"},
        view="front",
    )
    t_s = times(12.0, 15.0)
    fall = repeated(t_s, [50.0, -40.0])
    track = posed_track(t_s, Camera(down_deg=20.0), "ANKLE", **KNEES_BENT_ON_THE_BACK, knees_aside=fall)
    out = assess(asked, track)
    assert [r.side for r in out.assessment.reps] == ["left", "right"]
    for measure in out.assessment.measures:  # seen from above, the tilt looks a little steeper than it is
        assert measure.value == pytest.approx(50.0 if measure.side == "left" else 40.0, abs=measure.uncertainty)


STANCE = {"signal": "ankle_lift", "sides": "signed", "min_excursion": 0.1, "hold_from": 0.15, "feet_may_move": True}


def on_one_leg(**more: Any) -> PoseTrack:
    """The left foot off the floor for 6 s, then the right one for 4."""
    t_s = times(18.0, 15.0)
    left, right = out_and_back(t_s, 0.3, 1.5, 0.5, 6.0, 0.5), out_and_back(t_s, 0.3, 10.5, 0.5, 4.0, 0.5)
    return noisy(body_track(t_s, FRONT, left_lift_t=left, right_lift_t=right, **more), 0.3)


def test_standing_on_one_leg_is_timed_on_each_side() -> None:
    asked = small("standing", STANCE, {"id": "held", "of": "hold_time"}, view="front")
    out = assess(asked, on_one_leg())
    assert of_each(out, "held") == pytest.approx({"left": 6.5, "right": 4.5}, abs=0.25)
    assert [r.hold_s for r in out.assessment.reps] == pytest.approx([6.5, 4.5], abs=0.25)
    # how high the foot was has no known error: told is the time, never "0.12 ±0"
    assert {(r.rom.unit, r.rom.uncertainty) for r in out.assessment.reps} == {("s", 0.4)}


@pytest.mark.parametrize(("severity", "held_s"), [("fault", 4.5), ("info", 6.5)])
def test_the_holds_clock_stops_while_a_fault_of_form_is_flagged(severity: str, held_s: float) -> None:
    drop = {"rule": "past", "severity": severity, "conditions": [{"signal": "pelvis_tilt", "threshold": 10.0, **WHY}]}
    asked = small("standing", STANCE, {"id": "held", "of": "hold_time"}, view="front", faults=(drop,))
    tilt = 18.0 * between(on_one_leg(), 4.0, 6.0)
    out = assess(asked, on_one_leg(pelvis_tilt_deg=tilt))
    assert [f.status for f in out.assessment.faults] == ["flagged"]
    assert of_each(out, "held") == pytest.approx({"left": held_s, "right": 4.5}, abs=0.35)


def test_a_foot_that_may_not_move_makes_a_step_of_it() -> None:
    asked = small("standing", {**STANCE, "feet_may_move": False}, {"id": "held", "of": "hold_time"}, view="front")
    t_s = times(10.0, 15.0)
    out = assess(asked, body_track(t_s, FRONT, left_lift_t=out_and_back(t_s, 0.7, 2.0, hold_s=3.0))).assessment
    assert out.reps == []
    assert [p.reason for p in out.partial_reps] == ["you stepped while moving"]
    free = small("standing", STANCE, {"id": "held", "of": "hold_time"}, view="front")
    assert (
        len(assess(free, body_track(t_s, FRONT, left_lift_t=out_and_back(t_s, 0.7, 2.0, hold_s=3.0))).assessment.reps)
        == 1
    )


SQUAT = small(
    "standing",
    {"signal": "knee_flexion", "min_excursion": 25.0},
    {"id": "knee_flexion"},
    faults=(
        {"rule": "too_fast", "way": "back", "threshold": 1.0},
        {"rule": "speed", "signal": "trunk_flexion", "threshold": 120.0},
    ),
)


@pytest.mark.parametrize(("back_s", "flagged"), [(1.5, []), (0.7, ["too_fast"])])
def test_a_squat(back_s: float, flagged: list[str]) -> None:
    t_s = times(12.0, 30.0)
    share = repeated(t_s, [1.0, 1.0], back_s=back_s)
    knee, shank, lean = 80.0 * share, 30.0 * share, 35.0 * share
    joints = {"trunk": lean} | both(knee=knee, hip=lean + knee - shank, ankle=shank)
    out = assess(SQUAT, noisy(posed_track(t_s, FACING_RIGHT, "ANKLE", **joints), 0.3))
    assert of_each(out, "knee_flexion") == pytest.approx({None: 80.0}, abs=RANGE_DEG)
    assert [f.id for f in out.assessment.flagged] == flagged


# --- postures that are kept -----------------------------------------------------------------------

STRAIGHT = {"signal": "body_line", "compare": "absolute", "direction": "either", "threshold": 12.0, **WHY}


UP = {"trunk": 75.0, **both(hip=0.0, ankle=0.0, arm=75.0)}


def plank(fold: np.ndarray, camera: Camera = FACING_RIGHT) -> PoseTrack:
    t_s = np.arange(len(fold)) / 15.0
    return noisy(posed_track(t_s, camera, "ANKLE", **UP | both(hip=fold)), 0.2)


def kept_while(*conditions: dict, faults: tuple[dict, ...] = ()) -> Exercise:
    return small(
        "lying_on_front",
        None,
        {"id": "held", "of": "hold_time"},
        {"id": "line", "signal": "body_line", "of": "value"},
        {"id": "steady", "signal": "body_line", "of": "spread"},
        hold={"conditions": list(conditions)},
        faults=faults,
    )


NOT_STRAIGHT = {**STRAIGHT, "direction": "below", "threshold": 12.0}


@FLOOR_CAMERAS
def test_a_posture_is_held_from_the_start_to_the_end(camera: Camera) -> None:
    out = assess(kept_while(), plank(np.full(300, 4.0), camera))
    assert of_each(out, "held") == pytest.approx({None: 19.9}, abs=0.2)
    assert of_each(out, "line") == pytest.approx({None: 4.0}, abs=1.0)
    assert of_each(out, "steady")[None] < 2.0
    assert [r.side for r in out.assessment.reps] == ["both"]


def test_hips_that_sag_for_a_while_stop_the_clock() -> None:
    fold = np.full(450, 2.0)
    fold[150:180] = 25.0  # two seconds
    out = assess(kept_while(NOT_STRAIGHT), plank(fold))
    (rep,) = out.assessment.reps
    assert rep.hold_s == pytest.approx(29.9 - 2.0, abs=0.8)
    assert rep.end_s - rep.start_s == pytest.approx(29.9, abs=0.2)


def test_hips_that_sag_for_too_long_end_the_hold() -> None:
    fold = np.full(450, 2.0)
    fold[150:240] = 25.0  # six seconds
    out = assess(kept_while(NOT_STRAIGHT), plank(fold)).assessment
    assert [r.hold_s for r in out.reps] == pytest.approx([10.0, 14.0], abs=0.5)
    (held,) = [m for m in out.measures if m.id == "held"]
    assert held.best == pytest.approx(14.0, abs=0.5)


def test_somebody_out_of_sight_is_not_holding_on() -> None:
    out = assess(kept_while(), lost(plank(np.full(450, 2.0)), 10.0, 12.0)).assessment
    assert out.reps[0].hold_s == pytest.approx(29.9 - 2.0, abs=0.4)


def test_somebody_who_gets_up_no_longer_holds() -> None:
    fold = np.concatenate([np.full(225, 2.0), np.full(75, 80.0)])
    out = assess(kept_while(NOT_STRAIGHT), plank(fold)).assessment
    assert [r.hold_s for r in out.reps] == [pytest.approx(15.0, abs=0.5)]


def test_too_short_a_hold_is_told() -> None:
    fold = np.concatenate([np.full(25, 2.0), np.full(125, 60.0)])
    out = assess(kept_while(NOT_STRAIGHT), plank(fold)).assessment
    assert out.reps == []
    assert [p.unit for p in out.partial_reps] == ["s"]
    assert out.partial_reps[0].reason.startswith("too short: held for 1.")


def test_a_fault_during_a_hold() -> None:
    low = {**STRAIGHT, "direction": "below", "threshold": -10.0}
    asked = kept_while(faults=({"rule": "past", "min_duration_s": 1.0, "conditions": [low]},))
    fold = np.full(450, 0.0)
    fold[150:210] = -18.0
    (fault,) = assess(asked, plank(fold)).assessment.faults
    assert fault.status == "flagged"
    assert fault.intervals == [pytest.approx((10.0, 14.0), abs=0.4)]
    assert assess(asked, plank(np.full(300, 0.0))).assessment.faults[0].status == "clear"


def test_breathing_has_a_rate() -> None:
    asked = small("seated", None, {"id": "rate", "signal": "shoulder_rise", "of": "rate"}, view="front", hold={})
    t_s = times(45.0, 15.0)
    breath = 0.04 * (1 - np.cos(2 * np.pi * t_s * 9.0 / 60.0)) * (t_s > 2.0)
    out = assess(asked, noisy(body_track(t_s, FRONT, **SITTING, shrug_t=breath), 0.2))
    (measure,) = out.assessment.measures
    assert measure.value == pytest.approx(9.0, abs=1.0)
    quiet = assess(asked, noisy(body_track(t_s, FRONT, **SITTING), 0.3)).assessment
    assert quiet.measures[0].reason == "no clear rhythm was seen"


def test_a_hold_of_which_nothing_but_the_time_is_told() -> None:
    timed = small("lying_on_front", None, {"id": "held", "of": "hold_time"}, hold={})
    assert of_each(assess(timed, plank(np.full(150, 2.0))), "held") == pytest.approx({None: 9.9}, abs=0.2)


TIMED = small("lying_on_front", None, {"id": "held", "of": "hold_time"}, hold={"conditions": [NOT_STRAIGHT]})


def test_who_is_seen_for_two_fifths_of_the_time_is_covered_by_as_much() -> None:
    hips = Landmark.LEFT_HIP, Landmark.RIGHT_HIP
    out = assess(TIMED, hidden(plank(np.full(300, 2.0)), *hips, from_s=8.0)).assessment
    assert out.coverage == pytest.approx(0.4, abs=0.01)


def test_a_posture_of_hidden_joints_is_not_held() -> None:
    joints = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    assert_nothing_measured(assess(TIMED, hidden(plank(np.full(300, 2.0)), *joints)).assessment)


@pytest.mark.parametrize("clear_frames", [0, 30])
def test_a_hold_of_which_the_outline_was_not_clear_has_a_sound_result(clear_frames: int) -> None:
    asked = small("hands_and_knees", None, {"id": "back", "signal": "spine_flexion", "of": "value"}, hold={})
    track = posed_track(times(8.0, 15.0), FACING_RIGHT, **ON_HANDS_AND_KNEES)
    track.outline[clear_frames:] = np.nan
    out = assess(asked, track).assessment
    text = out.to_json()
    assert "NaN" not in text
    assert Assessment.model_validate_json(text) == out
