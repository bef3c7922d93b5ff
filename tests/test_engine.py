"""Whole runs on a body of which everything is known: poses in, an assessment out."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
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
    jumped,
    lost,
    min_jerk,
    mirrored,
    noisy,
    out_and_back,
    posed_track,
    poses_of,
    repeated,
    times,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from synthetic_analysis import make_exercise

from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.repetitions import WAY_OUT_UNSEEN
from checker.library import find_exercise
from checker.live.feedback import Feedback
from checker.signals.front import HIPS_FOLLOW
from checker.signals.side import SEATED_SHARE
from checker.skeleton import Landmark
from checker.track import PoseTrack, concatenated, missing_pose

MODEL = ModelInfo(name="pose_landmarker_full", sha256="0" * 64)
SIDE_BEND, ROTATION = "standing_side_bend", "standing_trunk_rotation"
HINGE, LEAN = "standing_hip_hinge", "seated_forward_lean"
FOUR = [SIDE_BEND, ROTATION, HINGE, LEAN]
RANGE_DEG = 2.0
BOUNDARY_S = 0.2

Motion = dict[str, Any]


def assess(exercise: str | Exercise, track: PoseTrack) -> Analysis:
    """Every frame recorded, then the verdict."""
    asked = find_exercise(exercise) if isinstance(exercise, str) else exercise
    engine = Engine(asked, track.width, track.height)
    for pose in poses_of(track):
        engine.record(pose)
    return engine.finish(MODEL)


def live(exercise: str | Exercise, track: PoseTrack) -> list[Feedback]:
    asked = find_exercise(exercise) if isinstance(exercise, str) else exercise
    engine = Engine(asked, track.width, track.height)
    return [engine.feed(pose) for pose in poses_of(track)]


def joined(*tracks: PoseTrack) -> PoseTrack:
    """One after the other; their times must already follow."""
    return concatenated(tracks)


# --- the four movements, done well -------------------------------------------------------------

SITTING = {"thigh_deg": -90.0, "knee_deg": 90.0}
SIZES = {SIDE_BEND: [25.0, -20.0, 28.0, -22.0], ROTATION: [35.0, -30.0, 39.0, -34.0], HINGE: [55.0, 60.0, 64.0]}
SIZES[LEAN] = [38.0, 42.0, 45.0]
CAMERAS = {SIDE_BEND: FRONT, ROTATION: FRONT, HINGE: FACING_RIGHT, LEAN: FACING_LEFT}
FIRST_S, EVERY_S, LASTS_S = 1.5, 4.5, 3.5


def movement(exercise_id: str, x: np.ndarray) -> Motion:
    """The joints of a movement done well, its size over time in degrees."""
    if exercise_id == SIDE_BEND:
        return {"lateral_deg": x}
    if exercise_id == ROTATION:
        return {"shoulder_yaw_deg": x, "pelvis_yaw_deg": 0.07 * x, "hands": 1.0}
    if exercise_id == HINGE:
        return {"trunk_flexion_deg": x, "thigh_deg": -0.2 * x, "knee_deg": 0.1 * x, "spine_deg": 0.1 * x}
    return {"trunk_flexion_deg": x, **SITTING, "hand_along": 0.3 + 0.01 * x}


def well_done(exercise_id: str, fps: float = 15.0, camera: Camera | None = None, **extra: Any) -> PoseTrack:
    sizes = SIZES[exercise_id]
    t_s = times(FIRST_S + EVERY_S * len(sizes), fps, jitter=0.3)
    motion = movement(exercise_id, repeated(t_s, sizes, FIRST_S, EVERY_S)) | extra
    return noisy(body_track(t_s, camera or CAMERAS[exercise_id], **motion), 0.4, seed=1)


@cache
def good(exercise_id: str) -> Analysis:
    return assess(exercise_id, well_done(exercise_id))


EACH = pytest.mark.parametrize("exercise_id", FOUR)


@EACH
def test_repetitions_and_their_sides_are_counted(exercise_id: str) -> None:
    out, sizes = good(exercise_id).assessment, SIZES[exercise_id]
    signed = exercise_id in {SIDE_BEND, ROTATION}
    expected = [("left" if s > 0 else "right") if signed else "both" for s in sizes]
    assert [r.side for r in out.reps] == expected
    assert [r.index for r in out.reps] == list(range(1, len(sizes) + 1))
    assert out.partial_reps == []


@EACH
def test_start_and_end_are_right(exercise_id: str) -> None:
    for i, rep in enumerate(good(exercise_id).assessment.reps):
        start_s = FIRST_S + i * EVERY_S
        assert rep.start_s == pytest.approx(start_s, abs=BOUNDARY_S)
        assert rep.end_s == pytest.approx(start_s + LASTS_S, abs=BOUNDARY_S)
        assert rep.peak_s == pytest.approx(start_s + LASTS_S / 2, abs=BOUNDARY_S)
        assert 0.5 <= rep.hold_s <= 1.5


RANGES = [
    (SIDE_BEND, "trunk_lateral_flexion", "left", 26.5),
    (SIDE_BEND, "trunk_lateral_flexion", "right", 21.0),
    (ROTATION, "trunk_rotation", "left", 0.93 * 37.0),
    (ROTATION, "trunk_rotation", "right", 0.93 * 32.0),
    (HINGE, "trunk_flexion", None, 60.0),
    (HINGE, "hip_flexion", None, 72.0),
    (HINGE, "spine_flexion", None, 6.0),
    (LEAN, "trunk_flexion", None, 42.0 * SEATED_SHARE),
    (LEAN, "hip_flexion", None, 42.0),
]


@pytest.mark.parametrize(("exercise_id", "measure_id", "side", "truth"), RANGES)
def test_ranges_are_within_two_degrees(exercise_id: str, measure_id: str, side: str | None, truth: float) -> None:
    (measure,) = [m for m in good(exercise_id).assessment.measures if (m.id, m.side) == (measure_id, side)]
    assert measure.status == "measured"
    assert measure.value == pytest.approx(truth, abs=RANGE_DEG)
    assert measure.uncertainty > 0
    assert abs(measure.value - truth) <= measure.uncertainty
    assert measure.best >= measure.value
    assert measure.repetitions == sum(r.side == (side or "both") for r in good(exercise_id).assessment.reps)


@EACH
def test_done_well_nothing_is_flagged_and_nothing_is_left_out(exercise_id: str) -> None:
    out = good(exercise_id).assessment
    assert {f.id: f.status for f in out.faults} == {f.id: "clear" for f in find_exercise(exercise_id).faults}
    assert out.view.ok
    assert abs(out.view.yaw_deg) < 7.0  # of somebody who sits the model shows the hips turned by 12 degrees
    assert out.coverage == 1.0
    assert out.warnings == []


@EACH
def test_each_repetition_has_its_own_range(exercise_id: str) -> None:
    share = {ROTATION: 0.93, LEAN: SEATED_SHARE, SIDE_BEND: HIPS_FOLLOW}.get(exercise_id, 1.0)
    for rep, size in zip(good(exercise_id).assessment.reps, SIZES[exercise_id], strict=True):
        assert rep.rom.value == pytest.approx(share * abs(size), abs=RANGE_DEG)
        assert rep.rom.unit == "deg"
        assert rep.rom.uncertainty > 0
        assert rep.faults == []


def test_a_coarse_class_stands_beside_a_coarse_measure() -> None:
    bands = {m.side: m.band for m in good(ROTATION).assessment.measures}
    assert bands == {"left": "20 to 40°", "right": "20 to 40°"}


@EACH
def test_the_signals_are_told_over_time(exercise_id: str) -> None:
    out, track = good(exercise_id), well_done(exercise_id)
    np.testing.assert_array_equal(out.t_s, track.t_s)
    assert list(out.signals) == find_exercise(exercise_id).signals
    assert all(trace.values.shape == track.t_s.shape for trace in out.signals.values())
    first = next(iter(out.signals.values())).values
    assert abs(np.nanmedian(first[track.t_s < 1.0])) < 1.0, "an excursion from the start posture"
    assert out.drawn == find_exercise(exercise_id).main_measure.on


@EACH
def test_the_video_is_described_as_it_came(exercise_id: str) -> None:
    video = good(exercise_id).assessment.video
    track = well_done(exercise_id)
    assert (video.frames, video.width, video.height) == (len(track), 480, 640)
    assert video.duration_s == pytest.approx(track.t_s[-1], abs=0.2)
    assert video.fps == pytest.approx(15.0, abs=1.5)


@pytest.mark.parametrize("fps", [10.0, 24.0, 60.0])
def test_the_frame_rate_does_not_matter(fps: float) -> None:
    out = assess(SIDE_BEND, well_done(SIDE_BEND, fps)).assessment
    assert [r.side for r in out.reps] == ["left", "right"] * 2
    assert [m.value for m in out.measures] == pytest.approx([26.5, 21.0], abs=RANGE_DEG)


@settings(max_examples=12)
@given(
    sizes=st.lists(st.floats(14, 40) | st.floats(-40, -14), min_size=1, max_size=3),
    out_s=st.floats(0.9, 2.2),
    hold_s=st.floats(0.4, 1.5),
    yaw=st.floats(-15, 15),
    px_per_m=st.floats(110, 240),
    seed=st.integers(0, 999),
)
def test_any_side_bends_are_measured(
    sizes: list[float], out_s: float, hold_s: float, yaw: float, px_per_m: float, seed: int
) -> None:
    every_s = 2 * out_s + hold_s + 0.8
    t_s = times(1.5 + every_s * len(sizes), 15.0, 0.4, seed)
    x = repeated(t_s, sizes, 1.5, every_s, out_s=out_s, hold_s=hold_s, back_s=out_s)
    camera = Camera(yaw_deg=yaw, px_per_m=px_per_m)
    out = assess(SIDE_BEND, noisy(body_track(t_s, camera, lateral_deg=x), 0.3, seed)).assessment
    assert [r.side for r in out.reps] == ["left" if s > 0 else "right" for s in sizes]
    for rep, size in zip(out.reps, sizes, strict=True):
        turned = abs(size) * (1 - np.cos(np.radians(yaw)))
        assert rep.rom.value == pytest.approx(HIPS_FOLLOW * abs(size), abs=RANGE_DEG + turned)


# --- mirrored ----------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise_id", [SIDE_BEND, ROTATION])
def test_a_mirrored_track_gives_mirrored_sides(exercise_id: str) -> None:
    swap = {"left": "right", "right": "left"}
    there, mirror = good(exercise_id).assessment, assess(exercise_id, mirrored(well_done(exercise_id))).assessment
    assert [swap[r.side] for r in there.reps] == [r.side for r in mirror.reps]
    assert [r.rom.value for r in there.reps] == pytest.approx([r.rom.value for r in mirror.reps], abs=0.2)
    values = {m.side: m.value for m in mirror.measures}
    assert {m.side: values[swap[m.side]] for m in there.measures} == pytest.approx(
        {m.side: m.value for m in there.measures}, abs=0.2
    )


@pytest.mark.parametrize("exercise_id", [HINGE, LEAN])
def test_facing_the_other_way_changes_nothing(exercise_id: str) -> None:
    there, mirror = good(exercise_id).assessment, assess(exercise_id, mirrored(well_done(exercise_id))).assessment
    assert [m.value for m in there.measures] == pytest.approx([m.value for m in mirror.measures], abs=0.2)
    assert {there.view.measured, mirror.view.measured} == {"left_side", "right_side"}


@pytest.mark.parametrize("exercise_id", FOUR)
def test_told_that_the_picture_is_mirrored_it_finds_what_was_before_the_mirror(exercise_id: str) -> None:
    there, track = good(exercise_id), mirrored(well_done(exercise_id))
    asked = find_exercise(exercise_id)
    engine = Engine(asked, track.width, track.height, mirrored=True)
    counts: dict[str, int] = {}
    for pose in poses_of(track):
        counts = engine.feed(pose).repetitions
    found = engine.finish(MODEL)
    assert found.assessment.video.mirrored is True
    assert there.assessment.video.mirrored is None
    same = found.assessment.model_copy(update={"video": there.assessment.video})
    assert same == there.assessment
    np.testing.assert_allclose(found.track.image, there.track.image, atol=1e-3)
    for name, trace in there.signals.items():
        np.testing.assert_allclose(found.signals[name].values, trace.values, atol=0.01, err_msg=name)
    assert sum(counts.values()) == len(there.assessment.reps), "counted live by the same sides"
    assert {r.side for r in there.assessment.reps} >= {side for side, n in counts.items() if n}


def test_swapped_it_is_judged_as_if_it_had_been_told_and_back_again() -> None:
    track = well_done(SIDE_BEND)
    engine = Engine(find_exercise(SIDE_BEND), track.width, track.height)
    for pose in poses_of(track):
        engine.record(pose)
    first = engine.finish(MODEL, ["The file breaks off."], [3.0])
    assert first.swapped is not None
    second = first.swapped()
    assert second.swapped is not None
    assert second.assessment.video.mirrored is True
    assert second.assessment.warnings == first.assessment.warnings
    swap = {"left": "right", "right": "left"}
    assert [r.side for r in second.assessment.reps] == [swap[r.side] for r in first.assessment.reps]
    assert [p.side for p in second.assessment.pain] == [swap.get(p.side or "", p.side) for p in first.assessment.pain]
    third = second.swapped()
    assert third.assessment.video.mirrored is False
    again = third.assessment.model_copy(update={"video": first.assessment.video})
    assert again == first.assessment
    assert first.swapped().assessment == second.assessment, "whatever was swapped in the meantime"


def test_sides_are_told_only_where_there_are_any() -> None:
    assert good(SIDE_BEND).assessment.tells_sides
    assert not good(HINGE).assessment.tells_sides


# --- compensations -----------------------------------------------------------------------------


def during(exercise_id: str, share_of: float, **at_peak: float) -> Motion:
    """Joints that go to a value while the movement goes to `share_of` degrees, either way."""
    sizes = SIZES[exercise_id]
    t_s = times(FIRST_S + EVERY_S * len(sizes), 15.0, jitter=0.3)
    share = np.abs(repeated(t_s, sizes, FIRST_S, EVERY_S)) / share_of
    return {name: value * share for name, value in at_peak.items()}


COMPENSATIONS: dict[str, tuple[str, Motion]] = {
    "knee_bend": (SIDE_BEND, during(SIDE_BEND, 25.0, thigh_deg=-25.0, knee_deg=50.0)),
    "hip_shift": (SIDE_BEND, during(SIDE_BEND, 25.0, hip_shift_t=0.25)),
    "forward_lean": (SIDE_BEND, during(SIDE_BEND, 25.0, trunk_flexion_deg=32.0)),
    "pelvis_turning": (ROTATION, {"pelvis_yaw_deg": 0.8 * repeated(well_done(ROTATION).t_s, SIZES[ROTATION])}),
    "feet_move": (ROTATION, during(ROTATION, 35.0, feet_aside_t=0.25)),
    "side_lean": (ROTATION, during(ROTATION, 35.0, lateral_deg=22.0)),
    "rounded_back": (HINGE, during(HINGE, 60.0, spine_deg=35.0)),
    "knees_bending": (HINGE, during(HINGE, 60.0, knee_deg=42.0, thigh_deg=-36.0)),
    "neck_extended": (HINGE, during(HINGE, 60.0, head_pitch_deg=-40.0)),
    "hips_not_back": (HINGE, {"thigh_deg": 0.0}),
    "hand_support": (LEAN, {"hand_along": 0.4}),
}


@pytest.mark.parametrize("fault_id", COMPENSATIONS)
def test_a_compensation_is_flagged_and_no_other(fault_id: str) -> None:
    exercise_id, motion = COMPENSATIONS[fault_id]
    out = assess(exercise_id, well_done(exercise_id, **motion)).assessment
    assert [f.id for f in out.flagged] == [fault_id]
    (fault,) = out.flagged
    assert fault.cue == next(f.cue for f in find_exercise(exercise_id).faults if f.id == fault_id)
    assert all(fault_id in r.faults for r in out.reps)
    for from_s, to_s in fault.intervals:
        assert any(r.start_s <= from_s <= to_s <= r.end_s for r in out.reps)
    left_out = {f.id for f in out.faults if f.status == "not_measured"}
    assert left_out <= ({"knee_bend"} if fault_id == "forward_lean" else set())


@pytest.mark.parametrize(("foot", "side"), [("right", "left"), ("left", "right")])
def test_a_foot_that_lifts_is_flagged_in_the_repetitions_to_the_other_side(foot: str, side: str) -> None:
    x = repeated(well_done(SIDE_BEND).t_s, SIZES[SIDE_BEND])
    away = np.clip(x / 25.0 if side == "left" else -x / 20.0, 0.0, None)
    out = assess(SIDE_BEND, well_done(SIDE_BEND, **{f"{foot}_lift_t": 0.08 * away})).assessment
    assert [f.id for f in out.flagged] == ["foot_lift"]
    assert [r.side for r in out.reps if "foot_lift" in r.faults] == [side, side]


def test_sides_that_differ_are_told() -> None:
    t_s = times(10.5, 15.0)
    out = assess(SIDE_BEND, body_track(t_s, FRONT, lateral_deg=repeated(t_s, [32.0, -17.0]))).assessment
    (fault,) = out.flagged
    assert (fault.id, fault.side) == ("side_difference", "right")
    assert fault.peak == pytest.approx(15.0, abs=1.0)


def test_one_bad_repetition_of_three_is_the_only_one_marked() -> None:
    track = well_done(HINGE)
    second = (track.t_s > FIRST_S + EVERY_S) & (track.t_s < FIRST_S + 2 * EVERY_S)
    share = repeated(track.t_s, SIZES[HINGE]) / 60.0
    out = assess(HINGE, well_done(HINGE, spine_deg=np.where(second, 40.0, 5.0) * share)).assessment
    assert [r.faults for r in out.reps] == [[], ["rounded_back"], []]
    assert len(out.flagged[0].intervals) == 1


def test_a_slow_way_back_and_a_catch() -> None:
    t_s = times(12.0, 15.0)
    slow = body_track(t_s, FACING_LEFT, **movement(LEAN, out_and_back(t_s, 45.0, 1.5, 1.2, 0.5, 5.0)))
    assert [f.id for f in assess(LEAN, slow).assessment.flagged] == ["slow_return"]
    x = 45.0 * (min_jerk((t_s - 1.5) / 4.0) - min_jerk((t_s - 6.5) / 4.0))
    caught = x - out_and_back(t_s, 20.0, 3.6, 0.6, 0.0, 0.6)
    track = body_track(t_s, FACING_LEFT, **movement(LEAN, caught))
    assert [f.id for f in assess(LEAN, track).assessment.flagged] == ["catch"]


# --- the wrong side ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exercise_id", "camera"),
    [
        (SIDE_BEND, FACING_LEFT),
        (SIDE_BEND, Camera(yaw_deg=35.0)),
        (SIDE_BEND, Camera(yaw_deg=180.0)),
        (ROTATION, FACING_RIGHT),
        (HINGE, FRONT),
        (HINGE, Camera(yaw_deg=-50.0)),
        (LEAN, FRONT),
    ],
)
def test_from_the_wrong_side_nothing_is_measured(exercise_id: str, camera: Camera) -> None:
    out = assess(exercise_id, well_done(exercise_id, camera=camera)).assessment
    assert not out.view.ok
    assert "Turn" in out.view.advice
    assert out.reps == []
    assert out.partial_reps == []
    assert_nothing_measured(out)
    assert any(out.view.advice in w for w in out.warnings)


def assert_nothing_measured(out: Assessment) -> None:
    """No number anywhere, and a reason everywhere."""
    assert out.reps == []
    assert {m.status for m in out.measures} == {"not_measured"}
    assert {f.status for f in out.faults} <= {"not_measured"}
    assert all(m.value is None and m.uncertainty is None and m.reason for m in out.measures)
    assert all(f.peak is None and not f.intervals and f.reason for f in out.faults)


# --- getting ready -----------------------------------------------------------------------------


@EACH
def test_somebody_who_keeps_still_does_nothing(exercise_id: str) -> None:
    t_s = times(8.0, 15.0)
    track = noisy(body_track(t_s, CAMERAS[exercise_id], **movement(exercise_id, np.zeros(len(t_s)))), 0.4)
    out = assess(exercise_id, track).assessment
    assert_nothing_measured(out)
    assert out.view.ok
    assert out.partial_reps == []
    assert {f.reason for f in out.faults} == {"no repetition was counted"}


@EACH
def test_trembling_never_counts(exercise_id: str) -> None:
    t_s = times(8.0, 15.0)
    still = body_track(t_s, CAMERAS[exercise_id], **movement(exercise_id, np.zeros(len(t_s))))
    assert_nothing_measured(assess(exercise_id, noisy(still, 1.5)).assessment)


def test_trembling_is_not_told_as_turns_that_were_too_small() -> None:
    t_s = times(8.0, 15.0)
    still = body_track(t_s, FRONT, **movement(ROTATION, np.zeros(len(t_s))))
    assert assess(ROTATION, noisy(still, 1.0)).assessment.partial_reps == []


def test_swaying_is_no_repetition() -> None:
    t_s = times(15.0, 15.0)
    track = noisy(body_track(t_s, FRONT, lateral_deg=2.5 * np.sin(2 * np.pi * 0.3 * t_s)), 1.0)
    assert assess(SIDE_BEND, track).assessment.reps == []


def walking(t_s: np.ndarray, from_m: float, to_m: float, from_s: float, to_s: float) -> Motion:
    """Along the picture with lifting feet and a swinging trunk."""
    on_the_way = (t_s > from_s) & (t_s < to_s)
    step = np.where(on_the_way, np.sin(2 * np.pi * 1.0 * (t_s - from_s)), 0.0)
    return {
        "place_m": from_m + (to_m - from_m) * np.clip((t_s - from_s) / (to_s - from_s), 0.0, 1.0),
        "left_lift_t": 0.2 * np.clip(step, 0.0, None),
        "right_lift_t": 0.2 * np.clip(-step, 0.0, None),
    }


def test_walking_into_place_does_not_count_and_what_follows_does() -> None:
    t_s = times(14.0, 15.0)
    way = walking(t_s, -0.8, 0.1, 0.0, 3.0)
    bends = repeated(t_s, [25.0, -25.0], 5.0, 4.5) + np.where(t_s < 3.0, 12.0 * np.sin(2 * np.pi * t_s), 0.0)
    out = assess(SIDE_BEND, noisy(body_track(t_s, FRONT, lateral_deg=bends, **way), 0.4)).assessment
    assert [r.side for r in out.reps] == ["left", "right"]
    assert out.reps[0].start_s == pytest.approx(5.0, abs=BOUNDARY_S)
    assert [m.value for m in out.measures] == pytest.approx([25.0, 25.0], abs=RANGE_DEG)
    assert out.flagged == []


@pytest.mark.parametrize("hold_s", [0.8, 1.5, 2.5])
def test_a_clip_cut_to_the_bends_alone_is_not_measured_from_one_that_is_held(hold_s: float) -> None:
    t_s = times(16.0, 15.0)
    bends = repeated(t_s, [30.0, -28.0] * 4, first_s=-1.0, every_s=2.5 + hold_s, out_s=1.2, hold_s=hold_s, back_s=1.2)
    out = assess(SIDE_BEND, noisy(body_track(t_s, FRONT, lateral_deg=bends), 0.4)).assessment
    assert {m.side: m.value for m in out.measures} == {
        "left": pytest.approx(30.0, abs=RANGE_DEG),
        "right": pytest.approx(28.0, abs=RANGE_DEG),
    }
    assert out.partial_reps[0].reason == WAY_OUT_UNSEEN.text
    assert out.partial_reps[0].reason_code == WAY_OUT_UNSEEN.code


def test_walking_only_is_no_still_start() -> None:
    t_s = times(10.0, 15.0)
    way = {"place_m": 0.8 * np.sin(2 * np.pi * 0.25 * t_s), "lateral_deg": 10.0 * np.sin(2 * np.pi * t_s)}
    out = assess(SIDE_BEND, noisy(body_track(t_s, FRONT, **way), 0.4)).assessment
    assert_nothing_measured(out)


def test_bends_before_the_first_still_moment_count_too() -> None:
    t_s = times(16.0, 15.0)
    restless = repeated(t_s, [25.0, -25.0, 25.0, -25.0], 0.0, 1.6, out_s=0.8, hold_s=0.0, back_s=0.8)
    x = restless + repeated(t_s, [25.0, -25.0], 8.0, 4.0)
    out = assess(SIDE_BEND, body_track(t_s, FRONT, lateral_deg=x)).assessment
    assert [r.side for r in out.reps] == ["left", "right"] * 3
    assert [r.rom.value for r in out.reps] == pytest.approx([25.0] * 6, abs=RANGE_DEG)


@pytest.mark.parametrize(("camera", "waits_s"), [(FRONT, 2.0), (FRONT, 20.0), (FACING_RIGHT, 2.0)])
def test_standing_still_elsewhere_before_the_movement(camera: Camera, waits_s: float) -> None:
    t_s = times(waits_s + 13.0, 15.0)
    switched_on = body_track(t_s[t_s < waits_s], camera, place_m=-0.3)
    later = t_s[t_s > waits_s + 1.0]
    hinges = movement(HINGE, repeated(later, [60.0, 60.0], waits_s + 3.0))
    out = assess(HINGE, joined(switched_on, body_track(later, FACING_RIGHT, place_m=0.4, **hinges))).assessment
    assert out.view.ok
    assert len(out.reps) == 2
    assert out.reps[0].start_s == pytest.approx(waits_s + 3.0, abs=BOUNDARY_S)
    assert out.measures[1].value == pytest.approx(60.0, abs=RANGE_DEG)


def test_a_step_aside_is_no_side_bend() -> None:
    t_s = times(12.0, 15.0)
    x = repeated(t_s, [20.0, 20.0])
    stepping = np.where(t_s > 5.5, x / 20.0, 0.0)
    out = assess(SIDE_BEND, body_track(t_s, FRONT, lateral_deg=x, feet_aside_t=0.9 * stepping)).assessment
    assert len(out.reps) == 1
    assert [p.reason for p in out.partial_reps] == ["you left your place while moving"]


def test_what_did_not_count_is_told_with_the_reason() -> None:
    t_s = times(12.0, 15.0)
    x = repeated(t_s, [25.0, 6.0]) + out_and_back(t_s, -25.0, 10.0)  # the last one is cut off
    out = assess(SIDE_BEND, body_track(t_s, FRONT, lateral_deg=x)).assessment
    assert [r.side for r in out.reps] == ["left"]
    assert [p.side for p in out.partial_reps] == ["left", "right"]
    small, cut = (p.reason for p in out.partial_reps)
    assert small.startswith("too small to count")
    assert cut == "the way back was not seen to its end"
    (right,) = [m for m in out.measures if m.side == "right"]
    assert right.reason == "no repetition to the right was counted"


# --- in every position -------------------------------------------------------------------------

WHY = {"source": "of the test", "status": "clinical judgement"}
FLOOR_CAMERAS = pytest.mark.parametrize("camera", [FACING_RIGHT, FACING_LEFT], ids=["head left", "head right"])


def small(
    position: str,
    counts: dict | None,
    *measures: dict,
    view: str = "side",
    faults: tuple[dict, ...] = (),
    hold: dict | None = None,
) -> Exercise:
    """A movement with what the test is about and no more."""
    return make_exercise(
        position=position,
        view=view,
        repetition=None if counts is None else {"sides": "both", "min_excursion": 8.0, **WHY} | counts,
        hold=None if hold is None else WHY | hold,
        measures=[{"name": m["id"], **WHY} | m for m in measures],
        faults=[
            {"id": f["rule"], "name": "Fault", "cue": "Do it well."} | (WHY if "conditions" not in f else {}) | f
            for f in faults
        ],
    )


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


# --- postures that are kept --------------------------------------------------------------------

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


# --- what could not be seen --------------------------------------------------------------------


def test_no_frame_at_all() -> None:
    out = Engine(find_exercise(HINGE), 480, 640).finish(MODEL)
    assert_nothing_measured(out.assessment)
    assert out.assessment.video.frames == 0
    assert out.assessment.video.fps == 0.0
    assert out.assessment.coverage == 0.0
    assert out.t_s.shape == (0,)
    json.loads(out.assessment.to_json())


@EACH
@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_few_frames(exercise_id: str, n: int) -> None:
    out = assess(exercise_id, well_done(exercise_id).slice(slice(0, n))).assessment
    assert_nothing_measured(out)
    assert out.video.frames == n


@EACH
def test_nobody_in_the_picture(exercise_id: str) -> None:
    out = assess(exercise_id, lost(well_done(exercise_id))).assessment
    assert_nothing_measured(out)
    assert out.coverage == 0.0
    assert {m.reason for m in out.measures} == {"Nobody was found in the picture."}


def test_frames_without_anybody_straight_from_the_model() -> None:
    engine = Engine(find_exercise(LEAN), 480, 640)
    hints = {engine.feed(missing_pose(i / 15.0)).hint for i in range(40)}
    assert hints == {"Step into the picture."}
    assert_nothing_measured(engine.finish(MODEL).assessment)


@pytest.mark.parametrize("exercise_id", [SIDE_BEND, ROTATION])
def test_a_hidden_hip_is_named(exercise_id: str) -> None:
    out = assess(exercise_id, hidden(well_done(exercise_id), Landmark.LEFT_HIP)).assessment
    assert_nothing_measured(out)
    assert all("left hip" in m.reason for m in out.measures)
    assert out.coverage == 0.0


@pytest.mark.parametrize("exercise_id", [HINGE, LEAN])
def test_from_the_side_the_far_hip_may_be_hidden(exercise_id: str) -> None:
    out = assess(exercise_id, hidden(well_done(exercise_id), Landmark.LEFT_HIP)).assessment
    assert [m.value for m in out.measures] == [m.value for m in good(exercise_id).assessment.measures]
    both = hidden(well_done(exercise_id), Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    assert_nothing_measured(assess(exercise_id, both).assessment)


@pytest.mark.parametrize(
    ("exercise_id", "joints", "left_out"),
    [
        (HINGE, (Landmark.NOSE,), {"neck_extended"}),
        (HINGE, (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE), {"knees_bending", "hips_not_back"}),
        (SIDE_BEND, (Landmark.LEFT_KNEE,), {"knee_bend"}),
        (SIDE_BEND, (Landmark.RIGHT_ANKLE,), {"knee_bend", "hip_shift", "foot_lift"}),
        (ROTATION, (Landmark.RIGHT_ANKLE,), {"feet_move"}),
        (LEAN, (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST), {"hand_support"}),
    ],
)
def test_a_joint_that_only_a_fault_needs_costs_only_that_fault(
    exercise_id: str, joints: tuple[Landmark, ...], left_out: set[str]
) -> None:
    out = assess(exercise_id, hidden(well_done(exercise_id), *joints)).assessment
    status = {f.id: f.status for f in out.faults}
    assert {i for i, s in status.items() if s == "not_measured"} == left_out
    assert all("was hidden" in f.reason for f in out.faults if f.id in left_out)
    assert [m.value for m in out.measures] == [m.value for m in good(exercise_id).assessment.measures]
    assert len(out.reps) == len(SIZES[exercise_id])


def test_an_arm_behind_the_back_costs_the_rounding_alone() -> None:
    track = well_done(HINGE)
    track.outline[:, 1, 12:17] += np.float32(30.0) * (repeated(track.t_s, SIZES[HINGE]) > 5.0)[:, None]
    out = assess(HINGE, track).assessment
    status = {m.id: m.status for m in out.measures}
    assert status == {"hip_flexion": "measured", "trunk_flexion": "measured", "spine_flexion": "not_measured"}
    assert {f.id for f in out.faults if f.status == "not_measured"} == {"rounded_back"}


def test_a_gap_in_one_repetition_costs_only_that_one() -> None:
    out = assess(SIDE_BEND, lost(well_done(SIDE_BEND), FIRST_S + 1.3, FIRST_S + 2.3)).assessment
    assert [r.side for r in out.reps] == ["right", "left", "right"]
    assert [p.reason for p in out.partial_reps] == ["part of it could not be seen"]
    assert 0.9 < out.coverage < 1.0


def test_short_gaps_and_jumps_of_the_model_cost_nothing() -> None:
    track = well_done(SIDE_BEND)
    for i, at_s in enumerate(np.arange(2.0, 18.0, 1.7)):
        track = lost(track, at_s, at_s + 0.14)
        track = jumped(track, Landmark(11 + i % 2), at_s + 0.7, (60.0, -30.0))
    out = assess(SIDE_BEND, track).assessment
    assert [r.side for r in out.reps] == [r.side for r in good(SIDE_BEND).assessment.reps]
    assert [m.value for m in out.measures] == pytest.approx([26.5, 21.0], abs=RANGE_DEG)


def test_a_second_person_and_the_dark_are_told() -> None:
    track = well_done(SIDE_BEND)
    two = replace(track, people=np.where(track.t_s > 6.0, 2, 1).astype(np.int16))
    out = assess(SIDE_BEND, two).assessment
    assert any("second person" in w and "6 s" in w for w in out.warnings)
    dark = replace(track, brightness=np.full(len(track), 10.0, np.float32))
    assert any("dark" in w for w in assess(SIDE_BEND, dark).assessment.warnings)


def test_what_the_source_has_to_say_comes_first() -> None:
    engine = Engine(find_exercise(SIDE_BEND), 480, 640)
    out = engine.finish(MODEL, ["The file is damaged."])
    assert out.assessment.warnings[0] == "The file is damaged."
    assert out.assessment.model == MODEL


# --- live --------------------------------------------------------------------------------------


@EACH
def test_the_live_count_agrees_with_the_last_word(exercise_id: str) -> None:
    feedback = live(exercise_id, well_done(exercise_id))
    final = [r.side for r in good(exercise_id).assessment.reps]
    assert feedback[-1].repetitions == {side: final.count(side) for side in feedback[-1].repetitions}
    assert sum(feedback[-1].repetitions.values()) == len(final)
    totals = [sum(f.repetitions.values()) for f in feedback]
    assert totals == sorted(totals)


@EACH
def test_live_it_is_ready_once_the_person_was_still(exercise_id: str) -> None:
    feedback = live(exercise_id, well_done(exercise_id))
    ready_s = next(f.t_s for f in feedback if f.ready)
    assert 0.6 <= ready_s <= 1.2
    waiting = {f.hint for f in feedback if not f.ready}
    assert waiting == {"Sit still for a moment." if exercise_id == LEAN else "Stand still for a moment."}
    assert {f.hint for f in feedback if f.ready} == {None}
    assert all(np.isnan(f.excursion) for f in feedback if not f.ready)


def test_live_the_excursion_follows_the_movement() -> None:
    track = well_done(SIDE_BEND)
    x = repeated(track.t_s, SIZES[SIDE_BEND])
    shown = np.array([f.excursion for f in live(SIDE_BEND, track)])
    assert np.nanmax(np.abs(shown - x)) < 8.0  # it lags a little behind a quick movement
    held = np.abs(track.t_s - (FIRST_S + 1.9)) < 0.1
    np.testing.assert_allclose(shown[held], x[held], atol=RANGE_DEG)


def test_live_never_looks_ahead() -> None:
    track = well_done(SIDE_BEND)
    whole, part = live(SIDE_BEND, track), live(SIDE_BEND, track.slice(slice(0, 120)))
    assert [repr(f) for f in whole[:120]] == [repr(f) for f in part]


def test_live_from_the_wrong_side_says_how_to_turn_and_counts_nothing() -> None:
    feedback = live(SIDE_BEND, well_done(SIDE_BEND, camera=FACING_LEFT))
    assert not any(f.ready for f in feedback)
    assert feedback[-1].hint == "Turn to your left by about 90 degrees, so that you face the camera."
    assert sum(feedback[-1].repetitions.values()) == 0


def test_live_a_second_person_is_told() -> None:
    track = well_done(SIDE_BEND)
    feedback = live(SIDE_BEND, replace(track, people=np.full(len(track), 2, np.int16)))
    assert {f.hint for f in feedback} == {"Only one person should be in the picture."}


# --- the contract ------------------------------------------------------------------------------

CONTRACT = {
    "": ["schema", "exercise", "video", "model", "view", "coverage", "reps", "measures", "faults", "warnings"],
    "exercise": ["id", "name"],
    "video": ["duration_s", "width", "height", "frames", "fps"],
    "model": ["name", "sha256"],
    "view": ["expected", "measured", "yaw_deg", "ok"],
    "reps": ["index", "side", "start_s", "peak_s", "end_s", "rom", "hold_s", "faults"],
    "rom": ["value", "unit", "uncertainty"],
    "measures": ["id", "side", "value", "unit", "uncertainty", "status", "reason"],
    "faults": ["id", "status", "reason", "side", "intervals", "peak", "threshold", "unit", "cue"],
}
ADDED = {
    "": ["partial_reps", "pain", "dose", "warning_codes"],
    "dose": ["phases", "repetitions", "most", "hold_s", "duration_s", "reach", "reach_unit"],
    "video": ["mirrored", "turned_deg", "needs_turn_deg"],
    "view": ["advice"],
    "reps": ["hold_target_s"],
    "measures": ["name", "best", "band", "expected", "repetitions", "reason_code"],
    "faults": ["name", "peak_s", "severity", "error", "reason_code"],
}
"""What stands beside the contract's keys. Other programs read them too: add here, never take away."""


def sections(data: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        "": [data],
        **{name: [data[name]] for name in ("exercise", "dose", "video", "model", "view")},
        **{name: data[name] for name in ("reps", "measures", "faults")},
        "rom": [rep["rom"] for rep in data["reps"]],
    }


@EACH
def test_the_json_has_the_contracts_keys_and_no_others(exercise_id: str) -> None:
    data = json.loads(good(exercise_id).assessment.to_json())
    assert data["schema"] == 1
    for name, found in sections(data).items():
        assert found
        for section in found:
            assert set(section) == {*CONTRACT.get(name, []), *ADDED.get(name, [])}, name
    # where a key stands is part of what people read
    assert [k for k in data if k in CONTRACT[""]] == CONTRACT[""]


def some_results() -> list[Analysis]:
    track = well_done(SIDE_BEND)
    bad = assess(SIDE_BEND, well_done(SIDE_BEND, camera=FACING_LEFT))
    flagged = assess(HINGE, well_done(HINGE, **COMPENSATIONS["rounded_back"][1]))
    return [*(good(i) for i in FOUR), bad, flagged, assess(SIDE_BEND, lost(track)), assess(LEAN, track)]


def test_every_result_survives_a_round_trip() -> None:
    for analysis in some_results():
        text = analysis.assessment.to_json()
        assert Assessment.model_validate_json(text) == analysis.assessment
        assert Assessment.model_validate_json(text).to_json() == text
        assert "NaN" not in text
        assert "Infinity" not in text


def test_every_result_keeps_its_own_promises() -> None:
    for analysis in some_results():
        out = analysis.assessment
        assert len(out.warning_codes) == len(out.warnings)
        assert all(out.warning_codes)
        assert all(p.reason and p.reason_code for p in out.partial_reps)
        for m in out.measures:
            assert (m.value is None) == (m.reason is not None) == (m.status == "not_measured")
            assert (m.reason is None) == (m.reason_code is None)
        for f in out.faults:
            assert (f.reason is not None) == (f.status in {"unsure", "not_measured"})
            assert (f.reason is None) == (f.reason_code is None)
            assert bool(f.intervals) == (f.status in {"unsure", "flagged"})
        for rep in out.reps:
            assert rep.start_s < rep.peak_s < rep.end_s
            assert set(rep.faults) <= {f.id for f in out.flagged}
        assert out.measured == [m for m in out.measures if m.value is not None]


def test_getting_in_place_is_no_part_of_the_movement() -> None:
    poses = poses_of(well_done(SIDE_BEND))
    step_s = poses[1].t_s - poses[0].t_s
    hidden = np.full(33, 0.1, np.float32)
    walk = [np.array([60.0 * np.sin(i / 3), 0.0], np.float32) for i in range(3 * len(poses))]
    before = [
        replace(poses[0], t_s=i * step_s, image=poses[0].image + w, visibility=hidden) for i, w in enumerate(walk)
    ]
    engine = Engine(find_exercise(SIDE_BEND), 480, 640)
    for pose in before:
        engine.record(pose)
    for pose in poses:
        engine.record(replace(pose, t_s=pose.t_s + len(before) * step_s))
    found = engine.finish(MODEL).assessment
    assert len(found.reps) == len(good(SIDE_BEND).assessment.reps)
    assert [m.value for m in found.measured] == pytest.approx(
        [m.value for m in good(SIDE_BEND).assessment.measured], abs=1
    )
    assert found.coverage > 0.9


@settings(max_examples=25)
@given(
    exercise_id=st.sampled_from(FOUR),
    unseen=st.floats(0, 0.7),
    lone=st.floats(0, 0.3),
    wild_px=st.sampled_from([0.0, 2.0, 30.0]),
    yaw_off=st.floats(-25, 25),
    fps=st.sampled_from([5.0, 15.0]),
    seed=st.integers(0, 9999),
)
@example("standing_trunk_rotation", 0.0, 0.0, 2.0, 0.0, 5.0, 2848)
@example("standing_hip_hinge", 0.0, 0.25, 30.0, 0.0, 15.0, 692)  # likeness to the picture unknown
def test_whatever_is_seen_it_ends_in_a_sound_result(
    exercise_id: str, unseen: float, lone: float, wild_px: float, yaw_off: float, fps: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    camera = replace(CAMERAS[exercise_id], yaw_deg=CAMERAS[exercise_id].yaw_deg + yaw_off)
    track = noisy(well_done(exercise_id, fps, camera), wild_px, seed)
    for k in np.flatnonzero(rng.random(12) < unseen):
        track = lost(track, 1.5 * k, 1.5 * k + rng.uniform(0.1, 1.2))
    track.visibility[rng.random(track.visibility.shape) < lone * rng.random()] = 0.2
    track.outline[rng.random(track.outline.shape) < lone] = np.nan
    out = assess(exercise_id, track).assessment
    text = out.to_json()
    assert "NaN" not in text
    assert Assessment.model_validate_json(text) == out
    for rep in out.reps:
        assert 0.0 <= rep.start_s <= rep.peak_s <= rep.end_s <= track.t_s[-1] + 0.01
    if not out.view.ok:
        assert_nothing_measured(out)


def test_the_same_poses_give_the_same_words() -> None:
    assert assess(HINGE, well_done(HINGE)).assessment == good(HINGE).assessment


def test_the_frame_shown_at_a_time() -> None:
    analysis = good(SIDE_BEND)
    assert analysis.at(-1.0) == 0
    assert analysis.at(0.0) == 0
    assert analysis.at(1e9) == len(analysis.t_s) - 1
    assert analysis.at(float(analysis.t_s[40])) == 40
    assert analysis.at(float(analysis.t_s[40]) - 1e-6) == 39
