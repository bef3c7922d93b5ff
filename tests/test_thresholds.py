"""Thresholds whose change once failed no test: what follows from each, on either side of it and for its reason.

No test here compares a constant with a number; half and double each value, or empty the function, and one fails.
"""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from analytic_body import (
    FACING_RIGHT,
    FRONT,
    body_track,
    both,
    lost,
    out_and_back,
    posed_track,
    poses_of,
    repeated,
    times,
)
from coached import SQUAT, Led
from conftest import SAMPLES
from test_measures import HOLD, T_S, exercise, held, one
from test_people import _Finds, body, strays

from checker.assessing import Circumstances, assess
from checker.judging.analysis import Analysis
from checker.judging.frame_rate import why_too_few
from checker.library import find_exercise
from checker.live.feedback import Feedback
from checker.live.judge import LiveJudge
from checker.pose.people import PeopleCount
from checker.posture import StartPosture
from checker.setup.place import same_place
from checker.signals.rotation import against_pelvis
from checker.track import PoseTrack

FPS = 15.0


# --- the result --------------------------------------------------------------------------------------


def test_the_spread_leaves_a_twentieth_out_at_either_end() -> None:
    """A posture that drifts evenly by 100 degrees spends 90 % of the time within 90 of them."""
    drifting = np.interp(T_S, HOLD, (-40.0, 60.0))
    assert one(exercise("spread", hold=True), drifting, [held()]).value == pytest.approx(90.0, abs=1.5)


@pytest.mark.parametrize(("after_s", "known"), [(0.3, True), (0.4, True), (0.7, False), (0.9, False)])
def test_where_it_hurt_is_known_half_a_second_beyond_what_was_seen(after_s: float, known: bool) -> None:
    """In half a second a slow movement goes on by little; in more, somebody may be anywhere."""
    t_s = times(12.0, FPS)
    unseen_s = 9.0
    track = lost(body_track(t_s, FRONT, lateral_deg=repeated(t_s, [25.0])), unseen_s, 12.1)
    seen_last_s = float(t_s[t_s < unseen_s][-1])
    pain = Circumstances(pain_s=(seen_last_s + after_s,))
    [mark] = assess(find_exercise("standing_side_bend"), track, known=pain).assessment.pain
    assert (mark.excursion is not None) == known


def test_a_pelvis_that_cannot_be_seen_is_taken_to_follow_as_far_as_it_does() -> None:
    """The rendered people keep their pelvis as still as people do: what it takes of the turn is in their truth."""
    with gzip.open(SAMPLES / "trunk_rotation__good__ben.truth.json.gz", "rt", encoding="utf-8") as file:
        frames = json.load(file)["per_frame"]
    shoulders, trunk = (
        np.array([frame["angles"][name] - frames[0]["angles"][name] for frame in frames])
        for name in ("shoulder_line_rotation", "axial_rotation_pelvis_to_shoulders")
    )
    told = against_pelvis(shoulders, np.full(len(frames), np.nan), seated=False)
    far = np.abs(shoulders) > 35.0
    assert far.any()
    np.testing.assert_allclose(told[far], trunk[far], atol=1.0)


@pytest.mark.parametrize(("gap_s", "counts"), [(0.3, True), (0.45, True), (0.6, False), (0.9, False)])
def test_a_peak_may_pass_unseen_in_more_than_half_a_second(gap_s: float, counts: bool) -> None:
    t_s = np.arange(0.0, 10.0, 0.01)
    seen = t_s[(t_s <= 4.0) | (t_s >= 4.0 + gap_s)]
    assert (why_too_few(seen, 3.0, 6.0) is None) == counts


def stood_elsewhere(aside_t: float) -> tuple[StartPosture, StartPosture]:
    """Standing, and standing again with both feet somewhere else."""
    here, there = (StartPosture(body_track([0.0], FRONT, feet_aside_t=x)) for x in (0.0, aside_t))
    return here, there


@pytest.mark.parametrize(("aside_t", "same"), [(0.1, True), (0.2, True), (0.32, False), (0.45, False)])
def test_a_stance_is_new_where_both_feet_have_moved_by_more_than_a_feet_unrest(aside_t: float, same: bool) -> None:
    """The model's own unrest is up to 0.1 of a torso length, half a foot's length 0.2; a step is 0.6 and more."""
    assert same_place(find_exercise("standing_side_bend"), *stood_elsewhere(aside_t)) == same


@pytest.mark.parametrize(("aside_t", "segments"), [(0.0, 1), (0.2, 1), (0.32, 2), (0.45, 2)])
def test_who_comes_back_to_another_stance_is_judged_from_that_one(aside_t: float, segments: int) -> None:
    analysis = came_back(aside_t)
    assert len(analysis.segments) == segments
    assert len(analysis.assessment.reps) == 2


def came_back(aside_t: float) -> Analysis:
    """A side bend, four seconds out of the picture, and one more a little aside."""
    t_s = times(20.0, FPS)
    bends = repeated(t_s, [25.0]) + out_and_back(t_s, 25.0, 14.5)
    track = body_track(t_s, FRONT, lateral_deg=bends, feet_aside_t=aside_t * (t_s > 8.0))
    return assess(find_exercise("standing_side_bend"), lost(track, 7.0, 11.0))


# --- live ------------------------------------------------------------------------------------------


def hinge(out_s: float = 1.5, back_s: float = 1.5, knees: float = 0.0) -> PoseTrack:
    """Two hinges, with the knees straight or bending."""
    t_s = times(12.0, FPS)
    way = repeated(t_s, [50.0, 50.0], out_s=out_s, back_s=back_s)
    return posed_track(t_s, FACING_RIGHT, "ANKLE", trunk=way, **both(hip=(1.0 - knees) * way, knee=knees * way))


def fed(exercise_id: str, track: PoseTrack) -> list[Feedback]:
    judge = LiveJudge(find_exercise(exercise_id), track.width, track.height)
    return [judge.feed(pose) for pose in poses_of(track)]


def test_a_fault_of_a_moment_is_told_while_it_lasts() -> None:
    track = hinge(knees=1.0)
    feedback = fed("standing_hip_hinge", track)
    told_s = [f.t_s for f in feedback if "knees_bending" in {seen.id for seen in f.faults}]
    assert told_s, "nothing was told"
    assert 1.5 < told_s[0] < 1.5 + 1.5 + 0.5, "on the first way out or at its end"
    assert all(f.moving for f in feedback if f.faults and f.t_s in told_s)


def test_a_repetition_is_judged_as_a_whole_once_its_last_bit_is_in_and_before_the_next_can_be_over() -> None:
    """The last bit comes about half a second after the count; a second later a voice speaks of the next repetition."""
    feedback = fed("standing_hip_hinge", hinge())
    counts = [f.repetitions["both"] for f in feedback]
    counted_s = [f.t_s for f, n, before in zip(feedback, counts, [0, *counts], strict=False) if n > before]
    settled_s = [f.t_s for f, before in zip(feedback[1:], feedback, strict=False) if f.settled and not before.settled]
    waits_s = [b - a for a, b in zip(counted_s, settled_s, strict=True)]
    assert len(waits_s) == 2
    assert all(0.5 <= wait_s <= 1.0 for wait_s in waits_s), waits_s


def test_a_session_goes_on_for_an_hour_and_no_longer() -> None:
    led = Led(SQUAT).begin()
    led.t_s = 60.0 * 59.0
    assert led.frame().stage != "done"
    led.t_s = 60.0 * 60.0 + 1.0
    assert led.frame().stage == "done"
    assert led.said == ["That was an hour: a session is no longer. Well done."]


# --- people ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("jump_t", "strayed"), [(0.7, False), (1.0, False), (1.5, True), (2.0, True)])
def test_nobody_moves_their_trunk_by_more_than_its_length_and_a_little_between_two_pictures(
    jump_t: float, strayed: bool
) -> None:
    """Sitting down quickly goes by a trunk's length in a slow camera's step; beyond it, it is somebody else."""
    person, next_one = body(200.0).pixels, body(200.0 + 100.0 * jump_t).pixels
    assert strays([*((i / 15, person) for i in range(30)), (2.0, next_one)])[-1] == strayed


@pytest.mark.parametrize(("apart_t", "people"), [(0.2, 1), (0.27, 1), (0.45, 2), (0.6, 2)])
def test_two_finds_are_one_person_as_far_apart_as_one_is_found_twice(apart_t: float, people: int) -> None:
    """One person is found twice up to 0.27 of a trunk's length apart; two who stand close, by half of it."""
    person, second = body(200.0), body(200.0 + 100.0 * apart_t)
    count = PeopleCount(lambda: _Finds([person, second]))  # type: ignore[arg-type,return-value]
    try:
        counts = [count.look(np.zeros((8, 8, 3), np.uint8), i / 10, person.pixels) for i in range(12)]
    finally:
        count.close()
    assert counts[-1].people == people
