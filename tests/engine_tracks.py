"""The four movements by a body of which everything is known, done well and with compensations, and judged."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from analytic_body import (
    Camera,
    body_track,
    noisy,
    poses_of,
    repeated,
    times,
)
from self_tests import CAMERAS, FOUR, HINGE, LEAN, ROTATION, SIDE_BEND, movement
from synthetic_analysis import make_exercise

from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.library import find_exercise
from checker.live.feedback import Feedback
from checker.track import PoseTrack, concatenated

MODEL = ModelInfo(name="pose_landmarker_full", sha256="0" * 64)


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


SIZES = {SIDE_BEND: [25.0, -20.0, 28.0, -22.0], ROTATION: [35.0, -30.0, 39.0, -34.0], HINGE: [55.0, 60.0, 64.0]}


SIZES[LEAN] = [38.0, 42.0, 45.0]


FIRST_S, EVERY_S, LASTS_S = 1.5, 4.5, 3.5


def well_done(exercise_id: str, fps: float = 15.0, camera: Camera | None = None, **extra: Any) -> PoseTrack:
    sizes = SIZES[exercise_id]
    t_s = times(FIRST_S + EVERY_S * len(sizes), fps, jitter=0.3)
    motion = movement(exercise_id, repeated(t_s, sizes, FIRST_S, EVERY_S)) | extra
    return noisy(body_track(t_s, camera or CAMERAS[exercise_id], **motion), 0.4, seed=1)


@cache
def good(exercise_id: str) -> Analysis:
    return assess(exercise_id, well_done(exercise_id))


EACH = pytest.mark.parametrize("exercise_id", FOUR)


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


def assert_nothing_measured(out: Assessment) -> None:
    """No number anywhere, and a reason everywhere."""
    assert out.reps == []
    assert {m.status for m in out.measures} == {"not_measured"}
    assert {f.status for f in out.faults} <= {"not_measured"}
    assert all(m.value is None and m.uncertainty is None and m.reason for m in out.measures)
    assert all(f.peak is None and not f.intervals and f.reason for f in out.faults)


WHY = {"source": "of the test", "status": "clinical judgement"}


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
