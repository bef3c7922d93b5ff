"""Every result has the contract's keys and keeps its own promises."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    lost,
    noisy,
    poses_of,
)
from engine_tracks import (
    CAMERAS,
    COMPENSATIONS,
    EACH,
    FOUR,
    HINGE,
    LEAN,
    MODEL,
    SIDE_BEND,
    assert_nothing_measured,
    assess,
    good,
    well_done,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.assessment import Assessment
from checker.engine import Engine
from checker.judging.analysis import Analysis
from checker.library import find_exercise

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
    "": [
        *["partial_reps", "pain", "dose", "warning_codes", "app", "recorded_at", "analysed_at", "pain_before"],
        *["pain_after", "start_posture", "setup", "rules_version", "ranges", "by_hand"],
    ],
    "exercise": ["sha256", "overrides"],
    "dose": ["phases", "repetitions", "most", "hold_s", "duration_s", "reach", "reach_unit"],
    "video": ["mirrored", "turned_deg", "needs_turn_deg"],
    "view": ["advice"],
    "reps": ["hold_target_s", "start_value", "end_value", "to_first_pain", "limited_by", "nrs_at_limit"],
    "measures": [
        *["name", "best", "band", "expected", "repetitions", "reason_code", "kind", "start", "end"],
        *["uncertainty_level", "uncertainty_of", "spread", "checked", "uncertainty_parts", "target"],
    ],
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
    assert analysis.at(float(analysis.t_s[40]) - 0.006) == 39
    assert {analysis.at(round(float(t), 2)) - i for i, t in enumerate(analysis.t_s)} == {0}, "as times are told"
