"""Corrections: what depends on them changes, by the same engine; what the machine found does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from analytic_body import FRONT, body_track, hidden, lost, repeated, times
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moving_figure import MEASURED, filmed

from checker.assessing import Circumstances, assess
from checker.assessment import Assessment, Measure, Repetition
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.library import find_exercise
from checker.review.corrected import corrected
from checker.review.corrections import (
    CORRECTION,
    Add,
    Agree,
    Bounds,
    ChangeSide,
    ConfirmFault,
    Correction,
    Delete,
    DismissFault,
    Join,
    JointSet,
    Reading,
    Split,
    Undo,
    Unusable,
    in_force,
)
from checker.review.made import CorrectionError
from checker.skeleton import Landmark
from checker.track import PoseTrack

BEND = find_exercise("standing_side_bend")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SIZES = (20.0, -24.0, 30.0, -26.0)


def made(n: int = 1) -> dict[str, Any]:
    """What every correction says; the id and the moment are told by a number."""
    return {"id": UUID(int=n), "who": "P. T.", "at": NOON + timedelta(seconds=n)}


@cache
def track() -> PoseTrack:
    """Left 20, right 24, left 30, right 26 degrees."""
    t_s = times(20.0, fps=15.0)
    return body_track(t_s, FRONT, lateral_deg=repeated(t_s, SIZES, out_s=1.5, hold_s=0.6, back_s=1.5))


@cache
def machine() -> Analysis:
    return assess(BEND, track())


def with_(*corrections: Correction, poses: PoseTrack | None = None, known: Circumstances | None = None) -> Assessment:
    return corrected(BEND, track() if poses is None else poses, None, known, corrections).assessment


def rep(n: int) -> Repetition:
    return machine().assessment.reps[n]


def value(result: Assessment, side: str) -> Measure:
    return next(m for m in result.measures if m.id == "trunk_lateral_flexion" and m.side == side)


def without_remark(result: Assessment) -> Assessment:
    """The same without what says that it was corrected."""
    keep = [i for i, code in enumerate(result.warning_codes) if code != "corrected"]
    update = {key: [getattr(result, key)[i] for i in keep] for key in ("warnings", "warning_codes")}
    return result.model_copy(update=update)


# --- what follows from a correction ---------------------------------------------------------------


def test_a_deleted_repetition_changes_every_number_that_depends_on_it() -> None:
    before = machine().assessment.to_json()
    result = with_(Delete(at_s=rep(2).peak_s, **made()))
    assert [r.side for r in result.reps] == ["left", "right", "right"]
    assert [r.index for r in result.reps] == [1, 2, 3]
    left = value(result, "left")
    assert (left.repetitions, left.spread) == (1, None)
    assert left.value == pytest.approx(rep(0).rom.value, abs=0.2)
    assert left.best == left.value
    assert value(result, "right") == value(machine().assessment, "right")
    assert [p.reason_code for p in result.partial_reps] == ["taken_out"]
    assert result.warnings[-1] == "Corrected by P. T. on 2026-11-27: 1 correction."
    assert machine().assessment.to_json() == before


@pytest.mark.parametrize("n", range(4))
def test_what_is_deleted_and_added_again_is_as_the_machine_found_it(n: int) -> None:
    gone = Delete(at_s=rep(n).peak_s, **made(1))
    again = Add(start_s=rep(n).start_s, end_s=rep(n).end_s, side=rep(n).side, **made(2))
    assert without_remark(with_(gone, again)) == machine().assessment


@pytest.mark.parametrize("exercise", [e.id for e in MEASURED])
def test_so_it_is_in_every_movement(exercise: str) -> None:
    movement, poses = filmed(exercise)
    found = assess(movement, poses).assessment
    if not found.reps:
        pytest.skip("nothing is counted in it")
    last = found.reps[-1]
    gone = Delete(at_s=last.peak_s, **made(1))
    again = Add(start_s=last.start_s, end_s=last.end_s, side=last.side, **made(2))
    result = without_remark(corrected(movement, poses, None, None, [gone, again]).assessment)
    assert result.reps == found.reps
    assert result.measures == found.measures
    said = [[(f.id, f.status, f.intervals) for f in r.faults] for r in (result, found)]
    assert said[0] == said[1], "which of two equal moments is the worst may turn with a hundredth of a second"


def test_other_bounds_are_measured_from_the_signal() -> None:
    whole = rep(2)
    early = with_(Bounds(at_s=whole.peak_s, start_s=whole.start_s, end_s=whole.peak_s - 1.0, **made()))
    assert early.reps[2].end_s == pytest.approx(whole.peak_s - 1.0)
    assert early.reps[2].rom.value < whole.rom.value - 2.0
    both = [early.reps[0].rom.value, early.reps[2].rom.value]
    assert value(early, "left").value == pytest.approx(np.median(both), abs=0.2)


def test_another_furthest_point_is_where_the_value_is_taken() -> None:
    whole = rep(2)
    moment = whole.start_s + 0.7
    result = with_(Bounds(at_s=whole.peak_s, start_s=whole.start_s, furthest_s=moment, end_s=whole.end_s, **made()))
    there = float(np.interp(moment, machine().t_s, machine().signals["trunk_lateral_flexion"].values))
    assert result.reps[2].rom.value == pytest.approx(there, abs=2.0)
    assert result.reps[2].peak_s == pytest.approx(moment, abs=0.15)


def test_two_are_joined_and_one_is_split() -> None:
    t_s = times(12.0, fps=15.0)
    poses = body_track(t_s, FRONT, lateral_deg=repeated(t_s, (22.0, 30.0), out_s=1.5, hold_s=0.6, back_s=1.5))
    first, second = assess(BEND, poses).assessment.reps
    joined = with_(Join(first_s=first.peak_s, second_s=second.peak_s, **made()), poses=poses)
    [one] = joined.reps
    assert (one.start_s, one.end_s) == (first.start_s, second.end_s)
    assert one.rom.value == pytest.approx(second.rom.value, abs=0.2)
    between = (first.end_s + second.start_s) / 2
    apart = with_(
        Join(first_s=first.peak_s, second_s=second.peak_s, **made(1)), Split(at_s=between, **made(2)), poses=poses
    )
    assert [r.rom.value for r in apart.reps] == [r.rom.value for r in (first, second)]
    assert [(r.start_s, r.end_s) for r in apart.reps] == [
        (first.start_s, pytest.approx(between, abs=0.01)), (pytest.approx(between, abs=0.01), second.end_s)
    ]  # fmt: skip


def test_a_side_is_changed_with_all_that_is_told_of_it() -> None:
    result = with_(ChangeSide(at_s=rep(0).peak_s, side="right", **made()))
    assert [r.side for r in result.reps] == ["right", "right", "left", "right"]
    assert result.reps[0].rom.value == rep(0).rom.value
    assert result.reps[0].hold_s == rep(0).hold_s > 0
    assert value(result, "left").repetitions == 1
    assert value(result, "right").repetitions == 3


def test_between_two_that_went_opposite_ways_lies_no_posture() -> None:
    mixed = with_(ChangeSide(at_s=rep(1).peak_s, side="left", **made()))
    left, right = value(mixed, "left"), value(mixed, "right")
    assert (left.repetitions, left.start, left.end) == (3, None, None)
    assert left.value == pytest.approx(np.median([r.rom.value for r in mixed.reps if r.side == "left"]), abs=0.2)
    assert right.end == pytest.approx(-rep(3).rom.value, abs=1.0), "those of one way have theirs"


def test_a_dismissed_fault_lets_the_clock_run() -> None:
    t_s = times(10.0, fps=15.0)
    out = repeated(t_s, (25.0,), out_s=1.5, hold_s=2.0, back_s=1.5)
    poses = body_track(t_s, FRONT, lateral_deg=out, hip_shift_t=-0.35 * out / 25.0)
    found = assess(BEND, poses).assessment
    flagged = [f.id for f in found.flagged if f.severity == "fault"]
    assert flagged, "this person does something wrong"
    dismissed = with_(*(DismissFault(fault=f, **made(i)) for i, f in enumerate(flagged, 1)), poses=poses)
    assert [f.id for f in dismissed.flagged if f.severity == "fault"] == []
    assert dismissed.reps[0].faults == [f for f in found.reps[0].faults if f not in flagged]
    assert dismissed.reps[0].hold_s > found.reps[0].hold_s


def test_a_confirmed_fault_is_told_where_the_reviewer_saw_it() -> None:
    fault = next(f for f in machine().assessment.faults if f.status == "clear" and f.severity == "fault")
    when = (rep(1).start_s, rep(1).end_s)
    result = with_(ConfirmFault(fault=fault.id, intervals=(when,), **made()))
    [told] = [f for f in result.faults if f.id == fault.id]
    assert (told.status, told.intervals, told.peak) == ("flagged", [when], fault.peak)
    assert [fault.id in r.faults for r in result.reps] == [False, True, False, False]


def test_what_cannot_be_used_has_no_number() -> None:
    result = with_(Unusable(why="not_this_patient", **made()))
    assert (result.reps, result.measured) == ([], [])
    assert {m.reason_code for m in result.measures} == {"not_this_patient"}
    one = with_(Unusable(why="camera_moved", at_s=rep(0).peak_s, **made()))
    assert len(one.reps) == 3
    assert [p.reason_code for p in one.partial_reps] == ["camera_was_moved"]


def test_a_told_moment_is_of_the_picture_that_it_was_rounded_from() -> None:
    found, frames = machine(), range(len(machine().t_s))
    assert [found.at(round(float(t_s), 2)) for t_s in found.t_s] == list(frames)
    assert [found.at(float(t_s)) for t_s in found.t_s] == list(frames)
    assert found.at(float(found.t_s[3]) - 0.02) == 2, "else it is the one that is shown then"
    quick = replace(found, t_s=np.arange(len(frames)) / 240.0)
    assert [quick.at(float(t_s)) for t_s in quick.t_s] == list(frames)
    assert quick.at(-1.0) == 0
    assert quick.at(99.0) == frames[-1]


# --- a joint by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_joint_set_by_hand_moves_the_value_of_that_repetition_alone(mirrored: bool) -> None:
    poses = track().mirrored() if mirrored else track()
    known = Circumstances(mirrored=mirrored)
    before = assess(BEND, poses, known=known).assessment
    frame = int(np.argmin(np.abs(track().t_s - before.reps[2].peak_s)))
    by_hand = []
    for n, joint in enumerate(("left_shoulder", "right_shoulder"), 1):
        x, y = track().image[frame, Landmark[joint.upper()]]
        place = {"joint": joint, "x_px": float(x) + 15.0, "y_px": float(y)}
        by_hand.append(JointSet.model_validate({"t_s": before.reps[2].peak_s, **place, **made(n)}))
    after = with_(*by_hand, poses=poses, known=known)
    assert after.reps[2].rom.value > before.reps[2].rom.value + 5.0
    assert [after.reps[n].rom.value for n in (0, 1, 3)] == pytest.approx(
        [before.reps[n].rom.value for n in (0, 1, 3)], abs=0.3
    )


def test_a_joint_that_was_not_seen_is_seen_where_it_was_set() -> None:
    poses = hidden(track(), Landmark.LEFT_WRIST, from_s=rep(2).start_s, to_s=rep(2).end_s)
    seen = corrected(
        BEND, poses, None, None, [JointSet(t_s=rep(2).peak_s, joint="left_wrist", x_px=100.0, y_px=200.0, **made())]
    )
    frame = seen.at(rep(2).peak_s)
    assert seen.track.image[frame, Landmark.LEFT_WRIST] == pytest.approx((100.0, 200.0), abs=3.0)
    assert seen.poses is poses, "what the camera gave stays"


# --- order, undo, and what cannot be ----------------------------------------------------------------


def test_what_is_taken_back_never_was() -> None:
    gone, back = Delete(at_s=rep(0).peak_s, **made(1)), Undo(of=UUID(int=1), **made(2))
    other = Delete(at_s=rep(1).peak_s, **made(3))
    assert with_(gone, back) == machine().assessment
    assert with_(gone, back, other) == with_(other)
    assert in_force([gone, other, back]) == [other]


def test_the_newest_of_two_holds() -> None:
    fault = machine().assessment.faults[0].id
    yes, no = ConfirmFault(fault=fault, **made(1)), DismissFault(fault=fault, **made(2))
    assert next(f for f in with_(yes, no).faults if f.id == fault).status == "clear"
    assert next(f for f in with_(no, yes).faults if f.id == fault).status == "flagged"


def test_a_reading_changes_nothing() -> None:
    read = Reading(measure="trunk_lateral_flexion", side="left", value=24.0, unit="deg", **made(1))
    assert with_(read, Agree(**made(2))) == machine().assessment


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([Delete(at_s=19.9, **made())], "no repetition counts at 19.90 s"),
        ([Add(start_s=0.1, end_s=4.0, side="left", **made())], "overlaps that from"),
        ([Add(start_s=19.0, end_s=19.9, side="up", **made())], 'no side "up": expected left or right'),
        ([Add(start_s=100.0, end_s=101.0, side="left", **made())], "no repetition of that side could be read"),
        ([ConfirmFault(fault="slouching", **made())], 'no fault "slouching"'),
        ([Undo(of=UUID(int=7), **made())], "to take back"),
        ([Agree(**made()), Agree(**made())], "two corrections have the id"),
        ([JointSet(t_s=99.0, joint="left_hip", x_px=1.0, y_px=1.0, **made())], "no picture at 99.00 s"),
        ([JointSet(t_s=1.0, joint="left_hip", x_px=999.0, y_px=1.0, **made())], "lies outside of the picture"),
    ],
)
def test_what_cannot_be_made_is_told_in_one_line(wrong: list[Correction], says: str) -> None:
    with pytest.raises(CorrectionError, match=says) as refused:
        with_(*wrong)
    assert "\n" not in str(refused.value)


def test_neighbours_of_one_side_are_joined_and_others_are_not() -> None:
    with pytest.raises(CorrectionError, match="of one side to join"):
        with_(Join(first_s=rep(0).peak_s, second_s=rep(1).peak_s, **made()))
    with pytest.raises(CorrectionError, match="another repetition lies between"):
        with_(Join(first_s=rep(0).peak_s, second_s=rep(2).peak_s, **made()))


def test_in_a_recording_without_a_measurement_nothing_can_be_corrected() -> None:
    nobody = lost(track())
    with pytest.raises(CorrectionError, match="nothing is measured in this recording"):
        with_(Delete(at_s=1.0, **made()), poses=nobody)
    assert not with_(Unusable(why="unusable", **made()), poses=nobody).measured


MOMENTS = st.floats(0.0, 21.0) | st.sampled_from([2.0, 6.5, 11.0, 15.5])
SIDES = st.sampled_from(["left", "right", "both"])
FAULTS = st.sampled_from([*(rule.id for rule in BEND.faults), "none"])


KINDS = (
    *("delete", "add", "bounds", "join", "split", "side"),
    *("confirm_fault", "dismiss_fault", "unusable", "joint", "undo", "agree"),
)


@st.composite
def correction(draw: st.DrawFn, n: int) -> Correction:
    """Any correction, also of what is not there."""
    kind = draw(st.sampled_from(KINDS))
    one, two, three = sorted(draw(MOMENTS) for _ in range(3))
    bounds: dict[str, Any] = {"start_s": one, "end_s": three + 0.1}
    more: dict[str, Any] = {
        "add": {**bounds, "furthest_s": draw(st.none() | st.just(two)), "side": draw(SIDES)},
        "bounds": {**bounds, "at_s": draw(MOMENTS)},
        "join": {"first_s": one, "second_s": two},
        "side": {"at_s": one, "side": draw(SIDES)},
        "confirm_fault": {"fault": draw(FAULTS), "intervals": draw(st.sampled_from([(), ((one, two),)]))},
        "dismiss_fault": {"fault": draw(FAULTS)},
        "unusable": {"why": "unusable", "at_s": draw(st.none() | MOMENTS)},
        "joint": {"t_s": one, "joint": draw(st.sampled_from(["left_hip", "right_knee"])), "x_px": 240.0, "y_px": 300.0},
        "undo": {"of": UUID(int=draw(st.integers(1, 6)))},
        "agree": {},
    }.get(kind, {"at_s": one})  # fmt: skip
    return CORRECTION.validate_python({"kind": kind, **made(n), **more})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_any_list_ends_in_a_result_or_in_one_clear_line(data: st.DataObject) -> None:
    many = [data.draw(correction(n)) for n in range(1, data.draw(st.integers(1, 6)) + 1)]
    before = machine().assessment.to_json()
    try:
        result = corrected(BEND, track(), None, None, many)
    except CorrectionError as refused:
        told = str(refused)
        assert told.count("\n") == 0 < len(told)
        return
    reps = result.assessment.reps
    assert all(a.end_s <= b.start_s + 0.03 for a, b in pairwise(reps))
    assert all(np.isfinite(r.rom.value) and r.start_s <= r.end_s for r in reps)
    assert Assessment.model_validate_json(result.assessment.to_json()) == result.assessment
    assert machine().assessment.to_json() == before
    assert CORRECTION.validate_json(CORRECTION.dump_json(many[0])) == many[0]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_taking_back_the_last_one_is_as_if_it_was_not_made(data: st.DataObject) -> None:
    many = [data.draw(correction(n)) for n in range(1, 4)]
    try:
        one_less = corrected(BEND, track(), None, None, many[:-1]).assessment
        last = many[-1]
        back = [] if isinstance(last, Undo) else [last, Undo(of=last.id, **made(9))]
        assert corrected(BEND, track(), None, None, [*many[:-1], *back]).assessment == one_less
    except CorrectionError:
        return


def test_sides_can_be_swapped_after_a_correction() -> None:
    gone = Delete(at_s=rep(0).peak_s, **made())
    analysis = corrected(BEND, track(), None, None, [gone])
    assert analysis.swapped is not None
    swapped = analysis.swapped().assessment
    assert [r.side for r in swapped.reps] == ["left", "right", "left"]
    assert swapped.video.mirrored is True


def test_holds_are_corrected_too() -> None:
    plank: Exercise = find_exercise("plank")
    _, poses = filmed("plank")
    found = assess(plank, poses).assessment
    [hold] = found.reps
    middle = (hold.start_s + hold.end_s) / 2
    result = corrected(plank, poses, None, None, [Split(at_s=middle, **made())]).assessment
    assert [r.hold_s for r in result.reps] == pytest.approx([hold.hold_s / 2] * 2, abs=0.5)
    with pytest.raises(CorrectionError, match="no hold of that side could be read"):
        corrected(plank, poses, None, None, [Add(start_s=0.0, end_s=0.02, side="both", **made())])


def test_known_is_carried_with_the_poses() -> None:
    known = Circumstances(to_first_pain=1)
    analysis = assess(BEND, track(), known=known)
    assert analysis.poses is track()
    assert analysis.known == known
    assert replace(analysis.known, to_first_pain=0) == Circumstances()
