"""What could not be seen costs what depends on it, and is told."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from analytic_body import (
    hidden,
    jumped,
    lost,
    repeated,
)
from engine_tracks import (
    EACH,
    FIRST_S,
    HINGE,
    LEAN,
    MODEL,
    RANGE_DEG,
    ROTATION,
    SIDE_BEND,
    SIZES,
    assert_nothing_measured,
    assess,
    good,
    well_done,
)

from checker.engine import Engine
from checker.library import find_exercise
from checker.skeleton import Landmark
from checker.track import missing_pose


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
