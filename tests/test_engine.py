"""The whole way from poses to results: movements done well, mirrored, and with compensations."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import (
    FACING_LEFT,
    FRONT,
    Camera,
    body_track,
    min_jerk,
    mirrored,
    noisy,
    out_and_back,
    poses_of,
    repeated,
    times,
)
from engine_tracks import (
    BOUNDARY_S,
    COMPENSATIONS,
    EACH,
    EVERY_S,
    FIRST_S,
    FOUR,
    HINGE,
    LASTS_S,
    LEAN,
    MODEL,
    RANGE_DEG,
    ROTATION,
    SIDE_BEND,
    SIZES,
    assess,
    good,
    movement,
    well_done,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.engine import Engine
from checker.library import find_exercise
from checker.signals import CATALOGUE
from checker.signals.front import HIPS_FOLLOW
from checker.signals.side import SEATED_SHARE

# --- the four movements, done well ----------------------------------------------------------------


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
def test_only_what_has_a_start_posture_of_its_own_tells_where_it_went_from(exercise_id: str) -> None:
    for m in good(exercise_id).assessment.measures:
        own = not CATALOGUE[m.id].since_start
        assert ((m.start is not None), (m.end is not None)) == (own, own), m.id


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


# --- mirrored -------------------------------------------------------------------------------------


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


# --- compensations --------------------------------------------------------------------------------


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
