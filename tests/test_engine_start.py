"""The wrong side, getting ready, and what does not count as the movement."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FACING_RIGHT,
    FRONT,
    Camera,
    body_track,
    noisy,
    out_and_back,
    repeated,
    times,
)
from engine_tracks import (
    BOUNDARY_S,
    CAMERAS,
    EACH,
    HINGE,
    LEAN,
    RANGE_DEG,
    ROTATION,
    SIDE_BEND,
    Motion,
    assert_nothing_measured,
    assess,
    joined,
    movement,
    well_done,
)

from checker.judging.repetitions import WAY_OUT_UNSEEN

# --- the wrong side -------------------------------------------------------------------------------


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


# --- getting ready --------------------------------------------------------------------------------


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
