"""What is said at once, frame by frame, in every position and of postures that are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
    body_track,
    both,
    hidden,
    lost,
    min_jerk,
    posed_track,
    poses_of,
    repeated,
    times,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_analysis import make_exercise

from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.exercise import Exercise
from checker.library import find_exercise
from checker.live.feedback import Feedback
from checker.live.judge import AS_SEEN_AFTER_S, AWAY_S, HIDDEN_S, LiveJudge
from checker.reasons import CAMERA_MOVED, COVERED, LEFT_PLACE, NO_PICTURE_FOR, Reason
from checker.skeleton import Landmark
from checker.track import PoseTrack

WHY = {"source": "of the test", "status": "clinical judgement"}
POSITIONS = {
    "standing": ({}, "Stand still for a moment."),
    "seated": (SITTING, "Sit still for a moment."),
    "kneeling": (KNEELING, "Kneel still for a moment."),
    "hands_and_knees": (ON_HANDS_AND_KNEES, "Keep still on your hands and knees for a moment."),
    "lying_on_back": (KNEES_BENT_ON_THE_BACK, "Lie still on your back for a moment."),
    "lying_on_front": (ON_THE_FRONT, "Keep still on your front for a moment."),
}
EACH = pytest.mark.parametrize("position", POSITIONS)


def exercise(position: str, **counts: Any) -> Exercise:
    about = {"signal": "neck_flexion", "sides": "both", "min_excursion": 10.0, **WHY} | counts
    measures = [{"id": "trunk_flexion", "name": "Trunk", **WHY}]
    return make_exercise(position=position, view="side", repetition=about, measures=measures, faults=[])


def fed(asked: Exercise, track: PoseTrack) -> list[Feedback]:
    judge = LiveJudge(asked, track.width, track.height)
    return [judge.feed(pose) for pose in poses_of(track)]


@EACH
@pytest.mark.parametrize("camera", [FACING_RIGHT, FACING_LEFT], ids=["one side", "other side"])
def test_still_then_ready_then_counted(position: str, camera: Any) -> None:
    joints, keep_still = POSITIONS[position]
    t_s = times(11.0, 15.0)
    feedback = fed(exercise(position), posed_track(t_s, camera, **joints, neck=repeated(t_s, [25.0, 25.0])))
    ready_s = next(f.t_s for f in feedback if f.ready)
    assert 0.6 <= ready_s <= 1.2
    assert {f.hint for f in feedback if not f.ready} == {keep_still}
    assert {f.hint for f in feedback if f.ready} == {None}
    assert feedback[-1].repetitions == {"both": 2}


@EACH
def test_who_never_keeps_still_is_asked_to(position: str) -> None:
    joints, keep_still = POSITIONS[position]
    t_s = times(4.0, 15.0)
    swaying = joints.get("trunk", 0.0) + 15.0 * np.sin(2 * np.pi * 0.8 * t_s)
    feedback = fed(exercise(position), posed_track(t_s, FACING_RIGHT, **joints | {"trunk": swaying}))
    assert {f.hint for f in feedback} == {keep_still}
    assert not any(f.ready for f in feedback)


@pytest.mark.parametrize(
    ("asked", "joints", "words"),
    [
        ("lying_on_back", {}, "This movement starts lying on the back. Begin from there."),
        ("standing", ON_THE_BACK, "This movement starts standing, upright. Begin from there."),
        ("lying_on_front", ON_THE_BACK, "you lie the other way round"),
    ],
)
def test_who_starts_otherwise_is_told_at_once(asked: str, joints: dict, words: str) -> None:
    feedback = fed(exercise(asked), posed_track(times(3.0, 15.0), FACING_RIGHT, **joints))
    assert words in feedback[-1].hint
    assert not any(f.ready for f in feedback)


def test_getting_down_onto_the_mat_ends_in_being_ready() -> None:
    t_s = times(8.0, 15.0)
    down = min_jerk((t_s - 2.0) / 2.0)
    joints = {"trunk": -90.0 * down, **both(hip=55.0 * down, knee=100.0 * down, ankle=-45.0 * down)}
    feedback = fed(exercise("lying_on_back"), posed_track(t_s, FACING_LEFT, "ANKLE", **joints))
    ready_s = next(f.t_s for f in feedback if f.ready)
    assert 4.0 < ready_s < 5.5


def test_a_posture_that_is_kept_has_nothing_to_count() -> None:
    asked = make_exercise(
        position="lying_on_front",
        view="side",
        repetition=None,
        hold=WHY,
        measures=[{"id": "body_line", "name": "Line", "of": "value", **WHY}],
        faults=[],
    )
    feedback = fed(asked, posed_track(times(3.0, 15.0), FACING_RIGHT, **ON_THE_FRONT))
    assert feedback[-1].ready
    assert feedback[-1].repetitions == {"both": 0}
    assert feedback[-1].hold_s == pytest.approx(3.0 - 1.0, abs=0.5)
    assert np.isnan(feedback[-1].excursion)


@pytest.mark.parametrize("direction", ["rise", "fall"])
def test_the_excursion_has_the_sign_of_its_signal(direction: str) -> None:
    t_s = times(6.0, 15.0)
    sign = 1.0 if direction == "rise" else -1.0
    track = posed_track(t_s, FACING_LEFT, **ON_THE_BACK, neck=sign * repeated(t_s, [30.0], hold_s=1.0))
    feedback = fed(exercise("lying_on_back", direction=direction), track)
    assert feedback[-1].repetitions == {"both": 1}
    assert max((f.excursion for f in feedback if f.ready), key=abs) == pytest.approx(sign * 30.0, abs=2.0)


@settings(max_examples=25)
@given(
    position=st.sampled_from(list(POSITIONS)),
    gaps=st.lists(st.tuples(st.floats(0, 8), st.floats(0.05, 2.0)), max_size=4),
    seed=st.integers(0, 999),
)
def test_whatever_is_seen_there_is_an_answer_to_each_frame(position: str, gaps: list, seed: int) -> None:
    rng = np.random.default_rng(seed)
    t_s = times(8.0, 10.0, 0.4, seed)
    track = posed_track(t_s, FACING_RIGHT, **POSITIONS[position][0], neck=rng.normal(0.0, 20.0, len(t_s)))
    for from_s, lasts_s in gaps:
        track = lost(track, from_s, from_s + lasts_s)
    feedback = fed(exercise(position), track)
    assert [f.t_s for f in feedback] == list(t_s)
    counts = [f.repetitions["both"] for f in feedback]
    assert counts == sorted(counts)
    ready = [f.ready for f in feedback]
    seen_s = t_s[np.isfinite(track.image).any(axis=(1, 2))]
    assert ready == sorted(ready) or np.diff(seen_s, append=t_s[-1]).max(initial=0.0) >= AWAY_S - 0.5


def test_joints_that_stay_out_of_sight_are_told() -> None:
    t_s = times(12.0, 15.0)
    track = posed_track(t_s, FACING_RIGHT, **ON_THE_BACK, neck=repeated(t_s, [25.0]))
    track = hidden(track, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, from_s=6.0, to_s=9.0)
    feedback = fed(exercise("lying_on_back"), track)
    told = [f for f in feedback if f.ready and f.hint]
    assert {f.hint for f in told} == {
        "Your left shoulder could not be seen well enough. "
        "Check that nothing hides it, the light, and where the camera stands."
    }
    assert told[0].t_s == pytest.approx(6.0 + HIDDEN_S, abs=0.2)
    assert told[-1].t_s == pytest.approx(9.0, abs=0.2)
    assert feedback[-1].repetitions == {"both": 1}


# --- what is out of sight, and what comes too slowly --------------------------------------------

HINGE = "standing_hip_hinge"
MODEL = ModelInfo(name="figure", sha256="0" * 64)
ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
OF_THE_LEGS = {"knees_bending", "hips_not_back"}


def bent_knees(hz: float = 15.0, still_s: float = 1.0) -> PoseTrack:
    """Two hinges with knees that bend, after a stillness."""
    t_s = times(11.0 + still_s, hz)
    way = repeated(t_s - still_s + 1.0, [50.0, 50.0])
    return posed_track(t_s, FACING_RIGHT, "ANKLE", trunk=way, **both(hip=0.0 * way, knee=way))


def session(track: PoseTrack, press_at_s: float | None = None) -> tuple[list[Feedback], Assessment]:
    """A hinge live, and its result; `press_at_s`: when they press that there is no room."""
    engine = Engine(find_exercise(HINGE), track.width, track.height)
    feedback = []
    for pose in poses_of(track):
        if press_at_s is not None and pose.t_s >= press_at_s:
            engine.go_on_as_seen()
        feedback.append(engine.feed(pose))
    return feedback, engine.finish(MODEL).assessment


def told(feedback: list[Feedback]) -> set[str]:
    return {fault.id for f in feedback for fault in f.faults}


def counted(found: Assessment) -> dict[str, int]:
    return {"both": len(found.reps)}


def test_knees_that_bend_are_told_while_they_are_seen() -> None:
    feedback, found = session(bent_knees())
    assert "knees_bending" in told(feedback) & {f.id for f in found.flagged}
    assert feedback[-1].repetitions == counted(found) == {"both": 2}


def test_before_the_start_it_asks_for_what_the_faults_need() -> None:
    feedback, _ = session(hidden(bent_knees(still_s=5.0), *ANKLES, to_s=3.0))
    first = next(f.t_s for f in feedback if f.ready)
    assert 3.0 < first < 5.0
    asked = [f for f in feedback if f.t_s < 2.9 and f.setup]
    assert all(f.setup.can_go_on for f in asked if f.setup)
    assert {tick.id for f in asked for tick in f.setup.ticks if tick.ok is False} == {"whole_body"}  # type: ignore[union-attr]


@pytest.mark.parametrize("press_at_s", [2.0, None], ids=["pressed", "by itself"])
def test_who_cannot_step_back_goes_on_and_hears_nothing_of_what_is_not_seen(press_at_s: float | None) -> None:
    track = hidden(bent_knees(still_s=AS_SEEN_AFTER_S + 3.0), *ANKLES)
    feedback, found = session(track, press_at_s)
    ready_s = next(f.t_s for f in feedback if f.ready)
    assert ready_s == pytest.approx(press_at_s or AS_SEEN_AFTER_S, abs=1.0)
    assert not told(feedback) & OF_THE_LEGS
    assert all(f.blind >= OF_THE_LEGS for f in feedback if f.ready)
    assert feedback[-1].repetitions == counted(found) == {"both": 2}
    status = {f.id: (f.status, f.reason) for f in found.faults}
    for fault in OF_THE_LEGS:
        assert status[fault][0] == "not_measured"
        assert "ankle was hidden" in str(status[fault][1])
    assert any(m.value is not None for m in found.measures)


def test_what_the_start_did_not_show_is_not_compared_with_later() -> None:
    track = hidden(bent_knees(still_s=4.0), *ANKLES, to_s=4.5)  # seen only once they move
    feedback, found = session(track, press_at_s=0.5)
    assert next(f.t_s for f in feedback if f.ready) < 3.0
    assert not told(feedback) & OF_THE_LEGS
    assert {f.id for f in found.faults if f.status == "not_measured"} >= OF_THE_LEGS


@pytest.mark.parametrize("hz", [5.0, 10.0, 30.0])
def test_what_is_counted_live_is_what_the_result_says(hz: float) -> None:
    feedback, found = session(bent_knees(hz))
    assert feedback[-1].repetitions == counted(found) == {"both": 2}
    assert told(feedback) == {f.id for f in found.flagged}


def stood_up(to_s: float) -> PoseTrack:
    """Stands of 2.4 s each from a chair, one every 3 s from the second second on, until `to_s`."""
    t_s = times(to_s, 15.0)
    way = 1.0 - repeated(t_s, [1.0] * 12, first_s=2.0, every_s=3.0, out_s=1.0, hold_s=0.2, back_s=1.2)
    lean = repeated(t_s, [25.0] * 12, first_s=2.0, every_s=3.0, out_s=0.5, hold_s=0.0, back_s=0.5)
    return posed_track(t_s, FACING_RIGHT, "ANKLE", trunk=lean, **both(hip=90.0 * way, knee=90.0 * way))


@pytest.mark.parametrize(("more_s", "n"), [(0.2, 10), (0.4, 10), (0.6, 11), (0.8, 11), (1.1, 11), (2.3, 11)])
def test_standing_up_live_counts_what_the_result_does_when_the_time_is_over(more_s: float, n: int) -> None:
    """Ten stands in 29.4 s; the time ends `more_s` after the eleventh began, and the film a little later."""
    asked = find_exercise("sit_to_stand")
    assert asked.repetition is not None
    rule = asked.repetition.model_copy(update={"within_s": 30.0 + more_s})
    track = stood_up(32.5 + more_s)
    engine = Engine(asked.model_copy(update={"repetition": rule}), track.width, track.height)
    feedback = [engine.feed(pose) for pose in poses_of(track)]
    found = engine.finish(MODEL).assessment
    assert feedback[-1].repetitions == counted(found) == {"both": n}
    assert "drops_down" not in {f.id for f in found.flagged}, "a way down that nobody saw was not quick"


def test_too_few_pictures_count_nothing_and_are_the_reason() -> None:
    feedback, found = session(bent_knees(2.0, still_s=4.0))
    assert feedback[-1].repetitions == counted(found) == {"both": 0}
    assert told(feedback) == set()
    assert {f.pace for f in feedback if f.t_s > 3.0} == {"none"}
    assert {m.reason for m in found.measures if m.reason} == {
        "Nothing could be measured, because too few pictures came: 2.0 a second of at least 3.5."
    }


def test_a_movement_that_turns_out_not_to_count_says_why() -> None:
    track = bent_knees(30.0)
    gone = (track.t_s > 2.6) & (track.t_s < 3.4)  # no picture came near the first peak
    feedback, found = session(track.slice(~gone))
    assert feedback[-1].repetitions == counted(found) == {"both": 1}
    [why] = {f.refused for f in feedback if f.refused}
    assert why == NO_PICTURE_FOR.of(longest_s=0.8)
    assert [(p.reason, p.reason_code) for p in found.partial_reps] == [(why.text, why.code)]


def test_a_hip_that_drops_is_out_of_the_cameras_reach_and_that_is_said() -> None:
    t_s = times(11.0, 15.0)
    tilt = 18.0 * ((t_s > 4.0) & (t_s < 6.0))
    track = body_track(t_s, FRONT, left_lift_t=0.3 * ((t_s > 1.5) & (t_s < 8.5)), pelvis_tilt_deg=tilt)
    engine = Engine(find_exercise("single_leg_stance"), track.width, track.height)
    feedback = [engine.feed(pose) for pose in poses_of(track)]
    [drop] = [f for f in engine.finish(MODEL).assessment.faults if f.id == "pelvis_drop"]
    assert drop.status == "not_measured"
    assert "mirror" in str(drop.reason)
    assert "pelvis_drop" not in told(feedback)
    assert all("pelvis_drop" in f.blind for f in feedback if f.ready)


def lost_bend(what: Reason) -> PoseTrack:
    """Three side bends; during the second one something happens that hides its middle."""
    t_s = times(17.0, 15.0)
    bends = repeated(t_s, [25.0, -25.0, 25.0])
    during = np.abs(t_s - t_s[bends < -24.0].mean()) < 0.9
    track = body_track(t_s, FRONT, lateral_deg=bends, feet_aside_t=1.5 * during * (what == LEFT_PLACE))
    camera, other, image = track.camera.copy(), track.other.copy(), track.image.copy()
    if what == CAMERA_MOVED:
        way_px = 60.0 * np.cumsum(during) / during.sum()
        camera[:, 2], image[..., 0] = -way_px, image[..., 0] + way_px[:, None]
    if what == COVERED:
        other[during] = (200.0, 200.0, 100.0, 0.95)
    return replace(track, camera=camera, other=other, image=image)


@pytest.mark.parametrize("what", [CAMERA_MOVED, COVERED, LEFT_PLACE], ids=lambda what: what.code)
def test_what_hides_a_movement_is_told_at_once_as_in_the_end(what: Reason) -> None:
    track = lost_bend(what)
    engine = Engine(find_exercise("standing_side_bend"), track.width, track.height)
    feedback = [engine.feed(pose) for pose in poses_of(track)]
    found = engine.finish(MODEL).assessment
    assert [r.side for r in found.reps] == ["left", "left"]
    assert {(p.reason, p.reason_code) for p in found.partial_reps} <= {(what.text, what.code)}
    assert found.partial_reps or any(what.text in w.lower() for w in found.warnings), "hidden as a whole"
    assert {f.refused for f in feedback if f.refused} == {what}
    assert feedback[-1].repetitions == {"left": 2, "right": 0}


@pytest.mark.parametrize(("hz", "is_told"), [(5.0, False), (10.0, True)])
def test_how_quick_a_movement_is_takes_more_pictures(hz: float, is_told: bool) -> None:
    asked = find_exercise("standing_back_bend")
    t_s = times(10.0, hz)
    lean = repeated(t_s, [-25.0, -25.0], out_s=0.5, hold_s=1.0)
    track = posed_track(t_s, FACING_RIGHT, "ANKLE", trunk=lean)
    engine = Engine(asked, track.width, track.height)
    feedback = [engine.feed(pose) for pose in poses_of(track)]
    [quick] = [f for f in engine.finish(MODEL).assessment.faults if f.id == "too_fast"]
    assert ("too_fast" in told(feedback)) == is_told
    assert quick.status == ("flagged" if is_told else "not_measured")
    assert is_told or "too few pictures came: 5.0 a second of at least 5.5" in str(quick.reason)
