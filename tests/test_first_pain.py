"""The range before pain: two repetitions that stop where it begins, one as far as one wants, and the start posture."""

from __future__ import annotations

from pathlib import Path

import pytest
from analytic_body import FRONT, body_track, repeated, times

from checker.assessing import Circumstances, assess
from checker.assessment import Assessment, PainFreeRange
from checker.judging.small import smallest_to_first_pain
from checker.library import find_exercise
from checker.signals import CATALOGUE
from checker.track import PoseTrack

SIDE_BEND = find_exercise("standing_side_bend")
WITHIN_DEG = 2.0


def bends(*sizes: float, stop_s: float = 1.0, way_s: float = 2.0, leaning: float = 0.0) -> PoseTrack:
    """Side bends, to the left positive, each with a stop at its furthest, by somebody who leans already."""
    every_s = 2 * way_s + stop_s + 2.0
    t_s = times(3.0 + every_s * len(sizes), fps=20.0)
    x = repeated(t_s, sizes, first_s=2.5, every_s=every_s, out_s=way_s, hold_s=stop_s, back_s=way_s)
    return body_track(t_s, FRONT, lateral_deg=leaning + x)


def assessed(track: PoseTrack, to_first_pain: int = 2) -> Assessment:
    return assess(SIDE_BEND, track, known=Circumstances(to_first_pain=to_first_pain)).assessment


def by_side(assessment: Assessment) -> dict[str | None, PainFreeRange]:
    return {r.side: r for r in assessment.ranges}


def test_the_first_two_to_each_side_are_to_first_pain_and_the_third_is_the_furthest() -> None:
    found = assessed(bends(14, 16, 25, -20, -22, -28))
    left, right = by_side(found)["left"], by_side(found)["right"]
    for side, first, furthest in ((left, 15, 25), (right, 21, 28)):
        assert side.first is not None
        assert side.first.value == pytest.approx(first, abs=WITHIN_DEG)
        assert side.first_repetitions == 2
        assert side.furthest is not None
        assert side.furthest.value == pytest.approx(furthest, abs=WITHIN_DEG)
    assert [r.to_first_pain for r in found.reps] == [True, True, False, True, True, False]


def test_left_and_right_may_take_turns() -> None:
    found = by_side(assessed(bends(14, -20, 16, -22, 25)))
    assert found["left"].first is not None
    assert found["left"].first.value == pytest.approx(15, abs=WITHIN_DEG)
    assert found["left"].furthest is not None
    assert found["right"].furthest is None


def test_whoever_does_not_stop_has_gone_beyond_it() -> None:
    found = by_side(assessed(bends(18, 18, -18, -18, stop_s=0.0, way_s=0.9)))
    assert found["left"].first is None
    assert found["left"].reason_code == "no_stop"


def test_one_that_stopped_is_enough() -> None:
    """The other one only turns round; it is left out, and it is told that there was one."""
    track = bends(18, -18, -18)
    assert by_side(assessed(track))["left"].first_repetitions == 1


def test_a_side_that_was_not_done_says_so() -> None:
    found = by_side(assessed(bends(18, 18)))
    assert found["right"].first is None
    assert found["right"].reason_code == "none_counted_to"


@pytest.mark.parametrize("leaning", [-7.0, 0.0, 6.0])
def test_the_start_posture_is_kept_with_its_sign(leaning: float) -> None:
    found = assessed(bends(15, 15, -15, -15, leaning=leaning))
    for side, sign in (("left", 1), ("right", -1)):
        one = by_side(found)[side]
        assert one.start is not None
        assert one.end is not None
        assert one.start.value == pytest.approx(leaning, abs=WITHIN_DEG)
        assert one.end.value == pytest.approx(leaning + sign * 15, abs=WITHIN_DEG)
    assert found.reps[0].start_value == pytest.approx(leaning, abs=WITHIN_DEG)
    assert found.reps[0].end_value == pytest.approx(leaning + 15, abs=WITHIN_DEG)


def test_nothing_is_told_where_the_test_was_not_done_so() -> None:
    found = assessed(bends(15, -15), to_first_pain=0)
    assert found.ranges == []
    assert not any(r.to_first_pain for r in found.reps)


def test_what_is_no_range_has_none() -> None:
    plank = find_exercise("plank")
    assert assess(plank, bends(15), known=Circumstances(to_first_pain=2)).assessment.ranges == []


# --- pain that begins early ----------------------------------------------------------------------


def test_pain_that_begins_at_five_degrees_is_measured() -> None:
    found = assessed(bends(5, 5, 15, -5, -6, -15))
    for side in ("left", "right"):
        one = by_side(found)[side]
        assert one.first is not None
        assert one.furthest is not None
        assert one.first.value == pytest.approx(5.3, abs=WITHIN_DEG)
        assert one.first_repetitions == 2
        assert one.furthest.value == pytest.approx(15, abs=WITHIN_DEG)
    assert [r.to_first_pain for r in found.reps] == [True, True, False, True, True, False]


def test_the_furthest_may_be_small_too() -> None:
    left = by_side(assessed(bends(5, 5, 7, -5, -5, -7)))["left"]
    assert left.furthest is not None
    assert left.furthest.value == pytest.approx(7, abs=WITHIN_DEG)


def test_what_is_smaller_than_its_own_error_is_told_as_not_measured() -> None:
    """And the one that went further is not taken for the first pain."""
    left, right = assessed(bends(2.8, 2.8, 15, -20, -20, -25)).ranges
    assert left.first is None
    assert (left.reason_code, "4°" in str(left.reason)) == ("below_smallest", True)
    assert left.furthest is not None
    assert left.furthest.value == pytest.approx(15, abs=WITHIN_DEG)
    assert right.first is not None


def test_who_was_led_on_has_gone_to_the_furthest() -> None:
    """Nothing of the first ones was seen at all."""
    track = bends(15, -20, -20, -25)
    known = Circumstances(to_first_pain=2, led_on=(("left", 2.0),))
    left, right = assess(SIDE_BEND, track, known=known).assessment.ranges
    assert (left.first, left.reason_code) == (None, "below_smallest")
    assert left.furthest is not None
    assert right.first is not None


def test_without_the_protocol_small_movements_do_not_count() -> None:
    found = assessed(bends(5, 5, 15, -5, -6, -15), to_first_pain=0)
    assert [r.side for r in found.reps] == ["left", "right"]


def test_a_shift_of_the_weight_before_it_is_no_first_pain() -> None:
    left = by_side(assessed(bends(4.8, 20, 22, 28, -20, -20, -26)))["left"]
    assert left.first is not None
    assert left.first.value == pytest.approx(20, abs=WITHIN_DEG)
    assert left.first_repetitions == 1


def test_the_swing_back_from_one_side_is_no_bend_to_the_other() -> None:
    t_s = times(40.0, fps=20.0)
    bend = repeated(t_s, [20, 20, 26], first_s=2.5, every_s=10.0, out_s=2.0, hold_s=1.0, back_s=2.0)
    swing = repeated(t_s, [-5, -5, -5], first_s=7.3, every_s=10.0, out_s=0.7, hold_s=0.8, back_s=0.8)
    found = assessed(body_track(t_s, FRONT, lateral_deg=bend + swing))
    assert [r.side for r in found.reps] == ["left"] * 3
    assert by_side(found)["right"].first is None


def test_the_least_that_is_measured_is_never_less_than_its_error() -> None:
    for name in ("standing_side_bend", "standing_hip_hinge", "seated_forward_lean", "standing_trunk_rotation"):
        exercise = find_exercise(name)
        rule, measured = exercise.repetition, CATALOGUE[str(exercise.main_measure.on)]
        assert rule is not None
        least, error = smallest_to_first_pain(exercise), measured.errors.error_90
        assert error is not None
        assert min(error, rule.min_excursion) <= least <= rule.min_excursion
    assert smallest_to_first_pain(SIDE_BEND) == 4.0


RENDERED = Path(__file__).parent / "films" / "side_bend_first_pain.npz"
"""Poses of a rendered person (p700, a plain room, no part of the making of any rule) who does the protocol."""

TRUTH = {"left": (16.9, 25.6), "right": (20.5, 29.8)}
"""Median of the two stops, and the furthest one, over the standing posture, degrees: the renderer's own joints."""

MOST_DEG = 3.0
FURTHEST_DEG = 3.5


def test_a_rendered_person_is_measured_to_three_degrees() -> None:
    found = by_side(assessed(PoseTrack.load(RENDERED)))
    for side, (first, furthest) in TRUTH.items():
        one = found[side]
        assert one.first is not None
        assert one.furthest is not None
        assert one.start is not None
        assert one.first.value == pytest.approx(first, abs=MOST_DEG)
        assert one.furthest.value == pytest.approx(furthest, abs=FURTHEST_DEG)
        assert one.start.value == pytest.approx(0.3, abs=MOST_DEG)
