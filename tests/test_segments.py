"""Sessions in parts: set up again, or left and come back."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import (
    FACING_RIGHT,
    FRONT,
    body_track,
    both,
    lost,
    min_jerk,
    noisy,
    posed_track,
    poses_of,
    repeated,
    times,
)

from checker.assessment import ModelInfo
from checker.engine import Engine
from checker.judging.analysis import Analysis
from checker.judging.segments import find_absences
from checker.library import find_exercise
from checker.track import PoseTrack

MODEL = ModelInfo(name="pose_landmarker_full", sha256="0" * 64)
FPS = 15.0
HALF_S = 11.0
"""Two repetitions and some rest."""


def run(exercise: str, track: PoseTrack, anew_s: float | None = None) -> tuple[Analysis, dict[str, int]]:
    """The final word, and what was counted live; "Set up again" is pressed at a time."""
    engine = Engine(find_exercise(exercise), track.width, track.height)
    counted: dict[str, int] = {}
    for pose in poses_of(track):
        if anew_s is not None and pose.t_s >= anew_s:
            engine.restart()
            anew_s = None
        counted = engine.feed(pose).repetitions
    return engine.finish(MODEL), counted


def elsewhere(sizes: tuple[float, ...] = (25.0, -22.0)) -> PoseTrack:
    """Side bends, a walk of 0.8 torso lengths within 2 s, and the same side bends there."""
    t_s = times(2 * HALF_S + 2.0, FPS)
    bends = repeated(t_s, sizes) + repeated(t_s, sizes, first_s=HALF_S + 3.5)
    aside = 0.8 * min_jerk((t_s - HALF_S) / 2.0)
    return noisy(body_track(t_s, FRONT, lateral_deg=bends, feet_aside_t=aside), 0.4, seed=1)


def test_set_up_again_in_another_place_both_parts_count() -> None:
    out, live = run("standing_side_bend", elsewhere(), anew_s=HALF_S)
    assert [r.side for r in out.assessment.reps] == ["left", "right", "left", "right"]
    assert live == {"left": 2, "right": 2}
    assert [r.rom.value for r in out.assessment.reps] == pytest.approx([25.0, 22.0, 25.0, 22.0], abs=2.0)
    assert not out.assessment.flagged


def test_without_it_a_step_aside_is_told() -> None:
    out, _ = run("standing_side_bend", elsewhere())
    assert len(out.assessment.reps) == 2
    assert any("You were not in your place from" in w for w in out.assessment.warnings)


def test_who_leaves_and_comes_back_to_another_place_goes_on_there() -> None:
    track = elsewhere()
    out, live = run("standing_side_bend", lost(track, HALF_S, HALF_S + 3.2))
    assert [r.side for r in out.assessment.reps] == ["left", "right", "left", "right"][: len(out.assessment.reps)]
    assert sum(live.values()) == len(out.assessment.reps) >= 3
    assert any("Nobody was seen from 11 to 14 s" in w for w in out.assessment.warnings)
    assert out.assessment.coverage > 0.95  # time away is no time badly seen


def test_who_is_lost_by_the_model_while_holding_still_is_judged_from_the_first_start() -> None:
    t_s = times(26.0, FPS)
    bent = 50.0 * (min_jerk((t_s - 2.0) / 1.5) - min_jerk((t_s - 14.0) / 1.5))
    after = repeated(t_s, [60.0, 60.0], first_s=17.0)
    x = bent + after
    track = noisy(body_track(t_s, FACING_RIGHT, trunk_flexion_deg=x, thigh_deg=-0.2 * x, spine_deg=0.1 * x), 0.4)
    out, _ = run("standing_hip_hinge", lost(track, 5.0, 9.0))
    ranges = [r.rom.value for r in out.assessment.reps if r.start_s > 15.0]
    assert ranges == pytest.approx([60.0, 60.0], abs=2.0)


def test_each_part_has_a_zero_of_its_own() -> None:
    """Seated further forward after setting up again: the bend is told from there."""
    t_s = times(2 * HALF_S + 2.0, FPS)
    lean = repeated(t_s, [40.0, 40.0]) + 12.0 * min_jerk((t_s - HALF_S) / 1.5)
    lean = lean + repeated(t_s, [30.0, 30.0], first_s=HALF_S + 3.5)
    track = body_track(t_s, FACING_RIGHT, trunk_flexion_deg=lean, thigh_deg=-90.0, knee_deg=90.0,
                       hand_along=0.3 + 0.01 * lean)  # fmt: skip
    out, live = run("seated_forward_lean", noisy(track, 0.4), anew_s=HALF_S + 2.0)
    assert sum(live.values()) == len(out.assessment.reps) == 4
    assert [r.rom.value for r in out.assessment.reps] == pytest.approx([37.2, 37.2, 27.9, 27.9], abs=2.5)
    counted = out.signals["trunk_flexion"].values
    assert abs(np.median(counted[t_s > 2 * HALF_S + 1.0])) < 2.0


def test_set_up_again_without_getting_ready_nothing_more_counts() -> None:
    t_s = times(2 * HALF_S, FPS)
    swaying = np.where(t_s > HALF_S, 20.0 * np.sin(2.2 * (t_s - HALF_S)), 0.0)
    track = body_track(t_s, FRONT, lateral_deg=repeated(t_s, [25.0, -22.0]) + swaying)
    out, live = run("standing_side_bend", noisy(track, 0.4), anew_s=HALF_S)
    assert len(out.assessment.reps) == 2
    assert live == {"left": 1, "right": 1}


def test_no_pictures_for_a_while_are_an_absence_too() -> None:
    track = elsewhere()
    there = (track.t_s < HALF_S) | (track.t_s > HALF_S + 3.2)
    out, _ = run("standing_side_bend", track.slice(there))
    assert len(out.assessment.reps) >= 3
    assert any("Nobody was seen from 11 to 14 s" in w for w in out.assessment.warnings)


def test_a_bend_during_which_no_picture_came_does_not_count() -> None:
    """The connection was lost on the way out, and came back on the way back."""
    t_s = times(20.0, FPS)
    track = noisy(body_track(t_s, FRONT, lateral_deg=repeated(t_s, [25.0, -22.0, 24.0], every_s=6.0)), 0.4)
    out, _ = run("standing_side_bend", track.slice((t_s < 8.0) | (t_s > 10.0)))
    assert [r.side for r in out.assessment.reps] == ["left", "left"]


@pytest.mark.parametrize("back_s", [43.0, 60.0], ids=["comes back", "has gone"])
def test_who_leaves_for_long_is_not_badly_seen(back_s: float) -> None:
    t_s = times(50.0, FPS)
    bends = repeated(t_s, [25.0, -22.0, 24.0]) + repeated(t_s, [25.0], first_s=45.0)
    track = noisy(body_track(t_s, FRONT, lateral_deg=bends), 0.4, seed=1)
    out, _ = run("standing_side_bend", lost(track, 15.5, back_s))
    assert [r.side for r in out.assessment.reps][:3] == ["left", "right", "left"]
    assert len(out.assessment.reps) == (4 if back_s < 50.0 else 3)
    assert out.assessment.coverage > 0.95
    until = "15 to 43 s" if back_s < 50.0 else "15 s on"
    assert f"Nobody was seen from {until}: nothing was measured then." in out.assessment.warnings


def test_who_comes_back_and_walks_about_does_nothing_that_counts() -> None:
    """Seated at first; after a while away they walk through the room, and pick something up."""
    t_s = times(26.0, FPS)
    walks = t_s >= 16.0
    bend = repeated(t_s, [40.0, 40.0]) + repeated(t_s, [55.0], first_s=18.0)
    track = body_track(
        t_s,
        FACING_RIGHT,
        trunk_flexion_deg=bend,
        thigh_deg=np.where(walks, 0.0, -90.0),
        knee_deg=np.where(walks, 0.0, 90.0),
        place_m=np.where(walks, 0.4 + 0.08 * (t_s - 16.0), 0.0),
        hand_along=np.where(walks, np.nan, 0.3 + 0.01 * bend),
    )
    out, live = run("seated_forward_lean", lost(noisy(track, 0.4), 11.0, 16.0))
    assert [r.rom.value for r in out.assessment.reps] == pytest.approx([37.2, 37.2], abs=2.5)
    assert live == {"both": 2}


def test_live_begins_anew_after_a_while_without_pictures() -> None:
    """The connection was lost for 20 s; meanwhile the chair was moved, and they sit further forward."""
    t_s = times(50.0, FPS)
    later = t_s > 20.0
    lean = repeated(t_s, [40.0, 40.0]) + repeated(t_s, [30.0, 30.0], first_s=36.0) + 15.0 * later
    track = body_track(t_s, FACING_RIGHT, trunk_flexion_deg=lean, thigh_deg=-90.0, knee_deg=90.0,
                       place_m=0.4 * later, hand_along=0.3 + 0.01 * lean)  # fmt: skip
    out, live = run("seated_forward_lean", noisy(track, 0.4).slice((t_s < 11.0) | (t_s > 31.0)))
    assert live == {"both": 4}
    assert [r.rom.value for r in out.assessment.reps] == pytest.approx([37.2, 37.2, 27.9, 27.9], abs=2.5)


def test_of_a_task_against_time_the_better_attempt_counts() -> None:
    asked = find_exercise("sit_to_stand")
    t_s = times(60.0, FPS)
    rises = np.clip(repeated(t_s, [1.0], 1.5, every_s=4.0) + repeated(t_s, [1.0] * 4, 20.0, every_s=4.0), 0.0, 1.0)
    track = posed_track(t_s, FACING_RIGHT, "ANKLE", **both(hip=90.0 * (1 - rises), knee=90.0 * (1 - rises)))
    out, live = run(asked.id, track, anew_s=16.0)
    assert len(out.assessment.reps) == 4
    assert live == {"both": 4}


def test_absences_are_between_somebody_and_somebody() -> None:
    track = body_track(times(20.0, FPS), FRONT)
    track = lost(lost(lost(track, 0.0, 4.0), 8.0, 12.0), 14.0, 15.0)
    ((gone, back),) = find_absences(lost(track, 18.0, 21.0))
    assert track.t_s[gone] == pytest.approx(8.0, abs=0.1)  # the last frame before
    assert track.t_s[back] == pytest.approx(12.0, abs=0.1)
