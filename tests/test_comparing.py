"""Two repetitions laid over one another: what was shifted, scaled, stretched or mirrored comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from analytic_body import FACING_LEFT, FACING_RIGHT, FRONT, Camera, body_track, out_and_back, repeated, times
from hypothesis import given
from hypothesis import strategies as st
from moving_figure import filmed

from checker.assessing import Circumstances, assess
from checker.assessment import View
from checker.care.change_rules import load_change_rules
from checker.comparing.axis import PHASE_OF, Moments, Way, by_phase, by_time, lay
from checker.comparing.curves import PLACES, fold, sampled
from checker.comparing.ghost import find_ghost
from checker.comparing.stage import MOST_FRAMES, set_stage, shown_frames, ways
from checker.comparing.take import Take, shown_signals, takes_of, typical
from checker.comparing.words import (
    GHOST_FROM_FEET,
    GHOST_OTHER_WAY,
    GHOST_START_UNSEEN,
    GHOST_TURNED,
    GHOST_VIEW_UNSURE,
    NOT_WHOLE,
    TIMES_UNKNOWN,
)
from checker.judging.analysis import Analysis, SignalTrace
from checker.judging.bouts import Bout
from checker.judging.source import Source
from checker.library import find_exercise
from checker.skeleton import PARTNERS, Array, Landmark

RULES = load_change_rules()
BEND = find_exercise("standing_side_bend")
SIGNAL = "trunk_lateral_flexion"
BODY = [Landmark[f"{side}_{part}"] for part in ("SHOULDER", "HIP", "KNEE", "ANKLE") for side in ("LEFT", "RIGHT")]


# --- the axis -------------------------------------------------------------------------------------


def test_the_events_of_both_lie_in_the_same_place_of_a_phase() -> None:
    quick, slow = Moments(1.0, 2.0, 2.5, 4.0, 2.25), Moments(10.0, 14.0, 15.0, 21.0, 14.5)
    for moments, axis in zip((quick, slow), lay(quick, slow, "phase"), strict=True):
        events = np.array([moments.start_s, moments.reached_s, moments.left_s, moments.end_s])
        assert axis.place(events) == pytest.approx(PHASE_OF)
        assert axis.time_s(np.array(PHASE_OF)) == pytest.approx(events)
    half_out = by_phase(slow).time_s(np.array([20.0]))
    assert half_out == pytest.approx([12.0]), "the way out is stretched by itself"


def test_seconds_have_their_zero_at_the_furthest_point_and_reach_as_far_as_the_longer_one() -> None:
    quick, slow = Moments(1.0, 2.0, 2.5, 4.0, 2.25), Moments(10.0, 14.0, 15.0, 21.0, 14.5)
    one, other = lay(quick, slow, "time")
    assert one.at == other.at == (-4.5, 6.5)
    assert one.time_s(np.array([0.0, 1.0])) == pytest.approx([2.25, 3.25])
    assert other.time_s(np.array([0.0, 1.0])) == pytest.approx([14.5, 15.5])
    assert one == by_time(quick, 4.5, 6.5)


def test_the_ends_of_an_axis_lie_on_it_however_they_are_rounded() -> None:
    moments = Moments(7.1, 8.3, 8.4, 13.3, 8.36)
    axis = by_time(moments, moments.origin_s - moments.start_s, moments.end_s - moments.origin_s)
    assert np.isfinite(axis.place(np.array([moments.start_s, moments.end_s]))).all()
    assert np.isfinite(axis.time_s(np.array([axis.at[0] - 1e-9, axis.at[-1] + 1e-9]))).all()


def test_beyond_the_axis_there_is_nothing() -> None:
    axis = by_phase(Moments(1.0, 2.0, 2.5, 4.0, 2.25))
    assert np.isnan(axis.place(np.array([0.99, 4.01, np.nan]))).all()
    assert np.isnan(axis.time_s(np.array([-0.1, 100.1]))).all()


def test_a_hold_has_no_way_out_and_back() -> None:
    hold = Moments(2.0, 2.0, 12.0, 12.0, 2.0, is_hold=True)
    assert by_phase(hold).time_s(np.array([0.0, 25.0, 100.0])) == pytest.approx([2.0, 4.5, 12.0])
    assert lay(hold, replace(hold, end_s=7.0), "time")[1].at == (0.0, 10.0)


@given(st.lists(st.floats(0.1, 20.0), min_size=4, max_size=4), st.floats(0.0, 100.0))
def test_there_and_back_is_the_same_place(steps: list[float], at: float) -> None:
    events = np.cumsum(steps)
    axis = by_phase(Moments(*events, origin_s=events[1]))
    assert axis.place(axis.time_s(np.array([at]))) == pytest.approx([at], abs=1e-6)


# --- between the frames ---------------------------------------------------------------------------


def test_between_two_frames_it_is_straight_and_on_a_frame_it_is_the_frame() -> None:
    t_s, x = np.array([0.0, 0.2, 0.3]), np.array([0.0, 2.0, np.nan])
    assert sampled(t_s, x, np.array([0.0, 0.05, 0.2])) == pytest.approx([0.0, 0.5, 2.0])
    assert np.isnan(sampled(t_s, x, np.array([0.25, 0.3, -0.01, 0.31, np.nan]))).all()


def test_a_gap_is_not_bridged() -> None:
    t_s, x = np.array([0.0, 0.1, 0.7, 0.8]), np.array([0.0, 1.0, 7.0, 8.0])
    found = sampled(t_s, x, np.array([0.05, 0.1, 0.4, 0.7, 0.75]))
    assert found[[0, 1, 3, 4]] == pytest.approx([0.5, 1.0, 7.0, 7.5])
    assert np.isnan(found[2])


def test_whole_bodies_are_sampled_as_single_values_are() -> None:
    t_s = np.array([0.0, 0.1])
    bodies = np.stack([np.zeros((33, 2)), np.ones((33, 2))])
    bodies[1, 3] = np.nan
    found = sampled(t_s, bodies, np.array([0.05, 5.0]))
    assert found[0, 4] == pytest.approx([0.5, 0.5])
    assert np.isnan(found[0, 3]).all()
    assert np.isnan(found[1]).all()
    assert np.isnan(sampled(t_s[:1], bodies[:1], np.array([0.0]))).all()


# --- the curves -----------------------------------------------------------------------------------


def shape(at: Array) -> Array:
    """A curve over the phase, straight between the events and their middles."""
    return np.interp(at, [0, 20, 40, 50, 60, 80, 100], [0.0, 8.0, 25.0, 28.0, 26.0, 7.0, 1.0])


def take(moments: Moments, *, side: str = "left", scale: float = 1.0) -> Take:
    """A repetition whose signal is `shape` over its phase, at a thousand frames a second."""
    t_s = np.arange(0.0, moments.end_s + 1.0, 0.001)
    x = np.nan_to_num(shape(np.nan_to_num(by_phase(moments).place(t_s))))
    bout = Bout(
        side, 0, 0, 0, moments.start_s, moments.origin_s, moments.end_s, moments.reached_s, moments.left_s,
        28.0, 1.0, negative=side == "right",
    )  # fmt: skip
    values = scale * (-x if side == "right" else x)
    found = machine()
    rep = found.assessment.reps[0].model_copy(update={"side": side})
    trace = SignalTrace(SIGNAL, "Side bend", "deg", values)
    return Take(
        BEND,
        replace(
            found,
            assessment=found.assessment.model_copy(update={"reps": [rep]}),
            t_s=t_s,
            signals={SIGNAL: trace},
            bouts=[bout],
        ),
        0,
    )


QUICK = Moments(1.0, 2.0, 2.5, 4.0, 2.25)
SLOW = Moments(3.0, 6.5, 7.1, 12.0, 6.8)


def test_a_known_stretch_of_time_is_taken_out_by_phase() -> None:
    folded = fold(take(QUICK), take(SLOW), "phase", SIGNAL)
    assert folded.then == pytest.approx(shape(folded.at), abs=0.03)
    assert folded.now == pytest.approx(folded.then, abs=0.03)
    assert len(folded.at) == PLACES


def test_a_known_shift_of_time_is_taken_out_at_the_furthest_point() -> None:
    later = Moments(*(getattr(QUICK, n) + 5.0 for n in ("start_s", "reached_s", "left_s", "end_s", "origin_s")))
    folded = fold(take(QUICK), take(later), "time", SIGNAL)
    assert folded.now == pytest.approx(folded.then, abs=1e-6)
    assert folded.at[0] == pytest.approx(-1.25)
    slow = fold(take(QUICK), take(SLOW), "time", SIGNAL)
    assert np.nanmax(np.abs(slow.now - slow.then)) > 5.0, "how long it took is seen"


def test_a_known_scale_stays_and_the_right_side_lies_over_the_left_one() -> None:
    folded = fold(take(QUICK), take(SLOW, side="right", scale=0.5), "phase", SIGNAL)
    assert folded.now == pytest.approx(0.5 * folded.then, abs=0.03)
    assert folded.now.max() == pytest.approx(14.0, abs=0.05)


def test_what_was_not_seen_is_a_gap_in_the_curve() -> None:
    hidden = take(QUICK)
    signal = hidden.analysis.signals[SIGNAL]
    unseen = (hidden.analysis.t_s > 1.4) & (hidden.analysis.t_s < 1.6)
    values = np.where(unseen, np.nan, signal.values)
    hidden = replace(hidden, analysis=replace(hidden.analysis, signals={SIGNAL: replace(signal, values=values)}))
    folded = fold(hidden, take(SLOW), "phase", SIGNAL)
    gap = (folded.at > 16.5) & (folded.at < 23.5)
    assert np.isnan(folded.then[gap]).all()
    assert np.isfinite(folded.then[~gap & (folded.at < 15.5)]).all()
    assert np.isfinite(folded.now).all()


@cache
def machine() -> Analysis:
    return bends()


@cache
def bends(camera: Camera = FRONT, slower: float = 1.0) -> Analysis:
    """Left 20, right 24, left 30, right 26 degrees."""
    t_s = times(20.0 * slower, fps=30.0)
    tempo = {"out_s": 1.5 * slower, "hold_s": 0.6 * slower, "back_s": 1.5 * slower}
    lateral = repeated(t_s, (20.0, -24.0, 30.0, -26.0), first_s=1.5 * slower, every_s=4.5 * slower, **tempo)
    return assess(BEND, body_track(t_s, camera, lateral_deg=lateral))


def test_the_other_repetitions_of_the_side_lie_beside_the_two() -> None:
    left = takes_of(BEND, machine(), "left")
    assert [t.index for t in left] == [0, 2]
    folded = fold(left[0], left[1], "phase", SIGNAL)
    assert folded.beside.shape == (2, PLACES)
    assert np.nanmax(folded.then) == pytest.approx(20.0, abs=2.0)
    assert np.nanmax(folded.now) == pytest.approx(30.0, abs=2.0)
    assert np.nanmax(folded.beside[0]) == np.nanmax(folded.now), "of the first, the third"


def test_the_usual_repetition_is_the_one_nearest_to_what_is_reported() -> None:
    found = machine()
    measure = next(m for m in found.assessment.measures if m.side == "left")
    nearer = found.assessment.model_copy(
        update={"measures": [measure.model_copy(update={"value": 28.0}), *found.assessment.measures[1:]]}
    )
    usual = typical(takes_of(BEND, replace(found, assessment=nearer), "left"))
    assert usual is not None
    assert usual.index == 2
    assert typical([]) is None


def test_of_holds_it_is_the_longest_one_where_another_thing_is_reported() -> None:
    found = machine()
    reps = [
        r.model_copy(update={"hold_s": held, "rom": r.rom.model_copy(update={"unit": "s"})})
        for r, held in zip(found.assessment.reps, (2.0, 1.0, 9.0, 3.0), strict=True)
    ]
    held = replace(found, assessment=found.assessment.model_copy(update={"reps": reps}))
    usual = typical(takes_of(BEND, held, "left"))
    assert usual is not None
    assert usual.index == 2


def test_the_counted_signal_is_shown_first_and_each_measured_one_once() -> None:
    exercise, track = filmed("standing_hip_hinge")
    shown = shown_signals(exercise, assess(exercise, track))
    assert exercise.repetition is not None
    assert shown[0] == exercise.repetition.signal
    assert set(shown) == {m.on for m in exercise.measures if m.on} | {shown[0]}


# --- the ghost ------------------------------------------------------------------------------------


def off_px(then: Take, now: Take, way: Way = "phase") -> float:
    """How far the ghost lies from the body at most, while the repetition lasts."""
    ghost = find_ghost(then, now, way, RULES)
    assert ghost.why_not == ""
    t_s, moments = now.analysis.t_s, now.moments
    inside = (t_s >= moments.start_s) & (t_s <= moments.end_s)
    way_px = np.linalg.norm(ghost.points[inside][:, BODY, :2] - now.analysis.track.image[inside][:, BODY], axis=-1)
    assert np.isfinite(way_px).all()
    return float(way_px.max())


@pytest.mark.parametrize("way", ["time", "phase"])
def test_the_same_body_elsewhere_and_larger_lies_exactly_under_its_ghost(way: Way) -> None:
    nearer = Camera(px_per_m=240.0, centre_x_px=300.0, floor_y_px=630.0)
    then, now = Take(BEND, bends(), 0), Take(BEND, bends(nearer), 0)
    assert off_px(then, now, way) < 0.1
    assert off_px(now, then, way) < 0.1


def test_by_phase_a_slower_repetition_lies_under_it_and_by_seconds_it_does_not() -> None:
    then, now = Take(BEND, bends(), 2), Take(BEND, bends(slower=1.5), 2)
    assert off_px(then, now) < 2.0
    ghost = find_ghost(then, now, "time", RULES).points[..., :2]
    t_s = now.analysis.t_s
    inside = (t_s >= now.moments.start_s) & (t_s <= now.moments.end_s)
    away = np.linalg.norm(ghost[inside][:, BODY] - now.analysis.track.image[inside][:, BODY], axis=-1)
    assert np.nanmax(away) > 8.0


def test_a_bend_to_the_other_side_is_its_mirror_image() -> None:
    t_s = times(12.0, fps=30.0)
    even = assess(BEND, body_track(t_s, FRONT, lateral_deg=repeated(t_s, (24.0, -24.0))))
    then, now = Take(BEND, even, 0), Take(BEND, even, 1)
    assert find_ghost(then, now, "phase", RULES).mirrored
    assert off_px(then, now) < 1.0
    assert not find_ghost(then, then, "phase", RULES).mirrored


def test_a_larger_bend_is_seen_as_such() -> None:
    then, now = Take(BEND, bends(), 0), Take(BEND, bends(), 2)
    ghost, track = find_ghost(then, now, "phase", RULES), now.analysis.track
    frame = now.analysis.at(now.bout.peak_s)
    off = ghost.points[frame, :, :2] - track.image[frame]
    assert np.linalg.norm(off[Landmark.LEFT_ANKLE]) < 0.1, "the feet are where they stand"
    assert off[Landmark.NOSE, 0] == pytest.approx(-np.sign(off[Landmark.NOSE, 0]) * -15.0, abs=12.0)
    assert abs(off[Landmark.NOSE, 0]) > 8.0


def test_seen_from_the_side_a_mirror_moves_nothing_and_swaps_the_sides() -> None:
    exercise, track = filmed("bird_dog")
    found = assess(exercise, track)
    reps = found.assessment.reps
    one = next(i for i, r in enumerate(reps) if r.side == "left")
    other = next(i for i, r in enumerate(reps) if r.side == "right")
    then, now = Take(exercise, found, one), Take(exercise, found, other)
    ghost = find_ghost(then, now, "phase", RULES)
    assert ghost.mirrored
    at, frame = then.analysis.at(then.bout.peak_s), now.analysis.at(now.bout.peak_s)
    swapped = then.analysis.track.image[at][list(PARTNERS)]
    assert ghost.points[frame, BODY, 0] == pytest.approx(swapped[BODY, 0], abs=3.0)


def test_there_is_no_ghost_before_the_start_and_after_the_end_of_a_phase() -> None:
    then = Take(BEND, bends(), 0)
    ghost, t_s = find_ghost(then, then, "phase", RULES).points, then.analysis.t_s
    outside = (t_s < then.moments.start_s) | (t_s > then.moments.end_s)
    assert np.isnan(ghost[outside]).all()
    assert np.isfinite(ghost[~outside][:, BODY]).all()


def seen_from(view: View, yaw_deg: float = 0.0, *, ok: bool = True) -> Take:
    found = machine()
    seen = found.assessment.view.model_copy(update={"measured": view, "yaw_deg": yaw_deg, "ok": ok})
    return Take(BEND, replace(found, assessment=found.assessment.model_copy(update={"view": seen})), 0)


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        (("front", 0.0), ("front", 16.0), GHOST_TURNED),
        (("left_side", 0.0), ("front", 0.0), "one was filmed from the left, the other from the front."),
        (("left_side", 0.0), ("right_side", 0.0), "one was filmed from the left, the other from the right."),
    ],
)
def test_from_another_side_there_is_no_ghost(then: tuple[View, float], now: tuple[View, float], why: str) -> None:
    ghost = find_ghost(seen_from(*then), seen_from(*now), "phase", RULES)
    assert ghost.why_not.endswith(why)
    assert np.isnan(ghost.points).all()


def test_of_a_view_that_was_not_good_enough_there_is_no_ghost() -> None:
    assert find_ghost(seen_from("front"), seen_from("front", ok=False), "time", RULES).why_not == GHOST_VIEW_UNSURE


def test_who_faces_the_other_way_is_no_ghost() -> None:
    squat = find_exercise("squat")
    t_s = times(8.0, fps=30.0)
    down = out_and_back(t_s, 60.0, 2.0)
    motion = {"thigh_deg": -down, "knee_deg": 1.5 * down, "trunk_flexion_deg": 0.5 * down}
    right, left = (assess(squat, body_track(t_s, camera, **motion)) for camera in (FACING_RIGHT, FACING_LEFT))
    same = find_ghost(Take(squat, right, 0), Take(squat, right, 0), "phase", RULES)
    assert same.why_not == ""
    assert find_ghost(Take(squat, left, 0), Take(squat, right, 0), "phase", RULES).why_not.startswith("No ghost")
    view = left.assessment.view.model_copy(update={"measured": right.assessment.view.measured})
    said = replace(left, assessment=left.assessment.model_copy(update={"view": view}))
    assert find_ghost(Take(squat, said, 0), Take(squat, right, 0), "phase", RULES).why_not == GHOST_OTHER_WAY


def test_from_the_feet_the_size_of_a_body_is_not_known() -> None:
    lying = BEND.model_copy(update={"position": "lying_on_back"})
    then = Take(lying, machine(), 0)
    assert find_ghost(then, then, "phase", RULES).why_not == GHOST_FROM_FEET


def test_a_start_that_was_not_seen_gives_no_ghost() -> None:
    found = machine()
    image = found.track.image.copy()
    image[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]] = np.nan
    footless = Take(BEND, replace(found, track=replace(found.track, image=image)), 0)
    assert find_ghost(footless, Take(BEND, found, 0), "phase", RULES).why_not == GHOST_START_UNSEEN
    nowhere = Take(BEND, replace(found, segments=[]), 0)
    assert find_ghost(nowhere, Take(BEND, found, 0), "phase", RULES).why_not == GHOST_START_UNSEEN


# --- what is shown --------------------------------------------------------------------------------


def test_a_repetition_that_was_not_seen_whole_has_no_phases() -> None:
    found = machine()
    cut = replace(found, bouts=[replace(found.bouts[0], cut_off=True), *found.bouts[1:]])
    assert ways(Take(BEND, cut, 0), Take(BEND, found, 2)) == {"time": "", "phase": NOT_WHOLE}
    assert ways(Take(BEND, found, 0), Take(BEND, found, 2)) == {"time": "", "phase": ""}


def test_seconds_of_a_film_that_may_be_slowed_down_are_not_laid_together() -> None:
    slowed = replace(machine(), known=Circumstances(source=Source(times_known=False)))
    assert ways(Take(BEND, machine(), 0), Take(BEND, slowed, 0)) == {"time": TIMES_UNKNOWN, "phase": ""}


@pytest.mark.parametrize("way", ["time", "phase"])
def test_every_measured_movement_can_be_set_beside_itself(way: Way) -> None:
    for name in ("squat", "plank", "cat_cow", "single_leg_stance", "breathing", "seated_twist", "bridge"):
        exercise, track = filmed(name)
        found = assess(exercise, track)
        takes = takes_of(exercise, found, None)
        if not takes or ways(takes[0], takes[0])[way]:
            continue
        stage = set_stage(takes[0], takes[0], way, shown_signals(exercise, found)[0], RULES)
        assert stage.folded.now == pytest.approx(stage.folded.then, nan_ok=True)
        assert 0 < len(stage.frames[0]) <= MOST_FRAMES
        at_s = found.t_s[stage.frames[1]]
        assert at_s[0] >= stage.axes[1].t_s[0] - 0.1
        assert at_s[-1] <= stage.axes[1].t_s[-1] + 0.1


def test_a_long_hold_is_stepped_through_in_fewer_frames() -> None:
    found = machine()
    t_s = np.arange(0.0, 100.0, 1 / 30)
    long = replace(found, t_s=t_s, bouts=[replace(found.bouts[0], start_s=0.0, end_s=99.0)])
    frames = shown_frames(Take(BEND, long, 0), by_phase(Take(BEND, long, 0).moments))
    assert 0.4 * MOST_FRAMES < len(frames) <= MOST_FRAMES
    assert len(set(np.diff(frames))) == 1
