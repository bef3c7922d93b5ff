"""The parts of the coach, each alone: the counts against the dose, the clock, the pain, the reach, the cue shown."""

from __future__ import annotations

from typing import Any

import pytest

from checker.dose import Dose
from checker.library import find_exercise
from checker.live.clock import Clock
from checker.live.dose_progress import REST_ENDS_S, SETS_REST_ENDS_S, Counted, DoseProgress, Enough
from checker.live.feedback import Feedback, SeenFault
from checker.live.pain import AT_ONCE_S, ENOUGH_PAIN_MARKS, PainMarks
from checker.live.reach import Reach
from checker.live.voice import CUE_EVERY_S, ShownCue

WHY = {"source": "of the test", "status": "clinical judgement"}
BEND = find_exercise("standing_side_bend")  # left and right
SQUAT = find_exercise("squat")  # no sides
PLANK = find_exercise("plank")  # a hold
BREATHING = find_exercise("breathing")  # by its pace
STANDING_UP = find_exercise("sit_to_stand")  # against time
TWO_OR_THREE = Dose(repetitions=(2, 3), **WHY)


def frame(t_s: float = 0.0, **about: Any) -> Feedback:
    return Feedback(t_s=t_s, **{"ready": True, "excursion": 0.0, "repetitions": {}, "hint": None} | about)


# --- the dose -----------------------------------------------------------------------------------


def test_what_is_asked_for_is_what_the_dose_says() -> None:
    dose = Dose(repetitions=(2, 3), sets=4, hold_s=(5, 9), **WHY)
    progress = DoseProgress(SQUAT, dose)
    assert (progress.least, progress.most, progress.hold_target_s) == (dose.least, dose.most, dose.hold_target_s)
    assert progress.in_sets


def test_without_a_dose_nothing_is_ever_enough() -> None:
    progress = DoseProgress(SQUAT, None)
    progress.take({"both": 1000})
    assert not progress.is_complete()
    assert progress.enough(frame()) is None
    assert progress.set_done() is None
    assert not progress.hold_reached(frame(hold_s=1000.0))


def test_each_count_is_new_once_and_tells_the_side_that_comes_next() -> None:
    progress = DoseProgress(BEND, TWO_OR_THREE)
    assert progress.asked() == "left"
    assert progress.take({"left": 1, "right": 0}) == [Counted("left", 1, "right")]
    assert progress.take({"left": 1, "right": 0}) == []
    assert progress.take({"left": 1, "right": 1}) == [Counted("right", 1, "left")]
    assert progress.take({"left": 1, "right": 2}) == [Counted("right", 2, "left")], "this side is done"
    assert progress.take({"left": 2, "right": 2}) == [Counted("left", 2, None)], "all is done"


def test_a_count_that_was_taken_back_is_new_when_it_comes_again() -> None:
    progress = DoseProgress(SQUAT, TWO_OR_THREE)
    progress.take({"both": 2})
    assert progress.take({"both": 1}) == []
    assert progress.take({"both": 2}) == [Counted("both", 2, None)]


def test_enough_is_told_once_then_after_a_rest_then_at_the_upper_end() -> None:
    progress = DoseProgress(SQUAT, TWO_OR_THREE)
    progress.take({"both": 2})
    assert progress.enough(frame(1.0, settled=False)) is None, "the last one is still judged"
    assert progress.enough(frame(2.0)) is Enough.LEAST
    assert progress.enough(frame(2.0 + REST_ENDS_S - 0.1)) is None
    assert progress.enough(frame(2.0 + REST_ENDS_S - 0.1, moving="both")) is None, "they go on"
    assert progress.enough(frame(2.0 + REST_ENDS_S)) is None
    assert progress.enough(frame(2.0 + 2 * REST_ENDS_S)) is Enough.RESTED
    progress.take({"both": 3})
    assert progress.enough(frame(2.0 + 2 * REST_ENDS_S)) is Enough.MOST


def test_one_taken_back_is_not_enough_any_more() -> None:
    progress = DoseProgress(SQUAT, TWO_OR_THREE)
    progress.take({"both": 2})
    assert progress.enough(frame(0.0)) is Enough.LEAST
    progress.counts = {"both": 1}
    assert progress.enough(frame(2 * REST_ENDS_S)) is None
    progress.take({"both": 2})
    assert progress.enough(frame(3 * REST_ENDS_S)) is Enough.LEAST


def test_a_rest_between_sets_is_longer() -> None:
    progress = DoseProgress(SQUAT, Dose(repetitions=(1, 2), sets=2, **WHY))
    progress.take({"both": 2})
    assert progress.enough(frame(0.0)) is Enough.LEAST
    assert progress.enough(frame(SETS_REST_ENDS_S - 0.1)) is None
    assert progress.enough(frame(SETS_REST_ENDS_S)) is Enough.RESTED


def test_every_set_but_the_last_is_told_once_when_both_sides_have_it() -> None:
    progress = DoseProgress(BEND, Dose(repetitions=2, sets=3, **WHY))
    told = []
    for left, right in [(2, 0), (2, 1), (2, 2), (2, 2), (5, 4), (6, 6)]:
        progress.take({"left": left, "right": right})
        told.append(progress.set_done())
    assert told == [None, None, 1, None, 2, None]


def test_each_hold_is_long_enough_once() -> None:
    progress = DoseProgress(PLANK, Dose(hold_s=(10, 20), **WHY))
    held_s = [9.9, 10.0, 15.0, 0.0, 5.0, 10.1, 10.2]
    assert [progress.hold_reached(frame(hold_s=s)) for s in held_s] == [False, True, False, False, False, True, False]


# --- the clock ----------------------------------------------------------------------------------


def test_a_movement_that_is_not_done_by_time_has_no_clock() -> None:
    clock = Clock(SQUAT, TWO_OR_THREE)
    for t_s in (0.0, 10_000.0):
        clock.feed(frame(t_s, moving="both"))
    assert (clock.target_s, clock.gone_s, clock.is_up) == (None, None, False)


def test_the_clock_counts_from_its_first_frame_to_what_is_asked_for() -> None:
    clock = Clock(BREATHING, Dose(duration_s=(20, 30), **WHY))
    gone = []
    for t_s in (100.0, 110.0, 119.9, 120.0, 130.0):
        clock.feed(frame(t_s))
        gone.append((clock.gone_s, clock.is_up))
    assert [g for g, _ in gone] == pytest.approx([0.0, 10.0, 19.9, 20.0, 20.0])
    assert [up for _, up in gone] == [False, False, False, True, True]


def test_the_clock_stands_while_nobody_is_there() -> None:
    clock = Clock(BREATHING, Dose(duration_s=20, **WHY))
    for t_s in (0.0, 5.0):
        clock.feed(frame(t_s))
    clock.stop()
    for t_s in (500.0, 503.0):
        clock.feed(frame(t_s))
    assert clock.gone_s == pytest.approx(8.0)


def test_against_time_it_begins_with_a_movement_and_again_with_each_attempt() -> None:
    clock = Clock(STANDING_UP, None)
    clock.feed(frame(0.0))
    clock.feed(frame(9.0))
    assert clock.gone_s == 0.0
    clock.feed(frame(10.0, moving="both"))
    clock.feed(frame(30.0))
    assert clock.gone_s == pytest.approx(20.0)
    clock.stop()
    assert (clock.gone_s, clock.is_up) == (0.0, False)


def test_time_is_the_doses_where_it_says_one_else_the_paces() -> None:
    pace = BREATHING.pace
    assert pace is not None
    assert Clock(BREATHING, Dose(duration_s=(20, 30), **WHY)).target_s == 20.0
    assert Clock(BREATHING, None).target_s == pace.cycles * sum(step.seconds for step in pace.steps)
    rule = STANDING_UP.repetition
    assert rule is not None
    assert Clock(STANDING_UP, Dose(duration_s=7, **WHY)).target_s == rule.within_s


# --- pain ---------------------------------------------------------------------------------------


def test_a_mark_in_time_bounds_the_side_that_is_done() -> None:
    pain = PainMarks()
    pain.mark(10.0, frame(10.0, moving="left", excursion=-25.0))
    pain.mark(11.0, frame(11.0 + AT_ONCE_S, moving="left", excursion=17.0))
    pain.mark(12.0, frame(12.1 + AT_ONCE_S, moving="left", excursion=3.0))
    pain.mark(13.0, frame(13.0, moving="left", excursion=float("nan")))
    pain.mark(-0.5, None)
    assert pain.times_s == [10.0, 11.0, 12.0, 13.0, 0.0]
    assert (pain.least("left"), pain.least("right")) == (17.0, None)


def test_the_offer_is_new_once_until_they_go_on_and_it_hurts_again() -> None:
    pain = PainMarks()
    for n in range(1, ENOUGH_PAIN_MARKS + 1):
        pain.mark(float(n), None)
        assert pain.offers_end == (n == ENOUGH_PAIN_MARKS)
    assert [pain.offer_is_new() for _ in range(2)] == [True, False]
    assert pain.offers_end
    pain.go_on()
    assert (pain.offers_end, pain.offer_is_new()) == (False, False)
    pain.mark(9.0, None)
    assert [pain.offer_is_new() for _ in range(2)] == [True, False]


# --- the reach, and the cue that is shown -------------------------------------------------------


def test_the_best_is_the_furthest_of_what_counts() -> None:
    reach = Reach()
    for excursion in (30.0, -50.0, float("nan"), 40.0):
        reach.feed(frame(moving="left", excursion=excursion))
    reach.feed(frame(excursion=90.0))  # of no movement
    assert reach.best("left") == 0.0
    reach.counted("left")
    assert (reach.best("left"), reach.best("right")) == (50.0, 0.0)
    reach.rest()
    reach.feed(frame(moving="left", excursion=60.0))
    reach.rest()  # it did not count
    reach.counted("left")
    assert reach.best("left") == 50.0


def test_a_cue_is_shown_while_it_is_recent_and_its_joints_are_seen() -> None:
    cue = ShownCue()
    assert cue.at(0.0) is None
    seen = SeenFault("heels_lift", "Heels down.", 1.0)
    assert cue.feed(frame(1.0, faults=[SeenFault("sway", "Keep still.", 1.0), seen])) == "Heels down."
    assert cue.feed(frame(2.0)) is None
    assert cue.at(1.0 + CUE_EVERY_S - 0.1) == "Heels down."
    assert cue.at(1.0 + CUE_EVERY_S) is None
    cue.feed(frame(3.0, blind=frozenset({"sway"})))
    assert cue.at(3.0) == "Heels down."
    cue.feed(frame(4.0, blind=frozenset({"heels_lift"})))
    assert cue.at(4.0) is None
