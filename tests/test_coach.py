"""The coach from the start to the end of a set: getting ready, counting, enough, and what the result says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from coached import BEND, BREATHING, ENOUGH, PLANK, SQUAT, STEP_S, TWICE, TWO_OR_THREE, WHY, Led

from checker import reasons
from checker.dose import Dose
from checker.library import find_exercise
from checker.live.coach import AS_SEEN, COUNTDOWN_S, EAGER, LONGEST_S, TOO_FEW, Coach
from checker.live.dose_progress import REST_ENDS_S
from checker.live.feedback import SeenFault, Verdict
from checker.live.guidance import Utterance
from checker.live.voice import CUE_EVERY_S, HINT_EVERY_S, SAME_CUE_EVERY_S, SAME_HINT_EVERY_S, Voice
from checker.setup.checks import NAMES, SetupCheck, Tick

# --- the voice ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "any_s", "same_s"), [("cue", CUE_EVERY_S, SAME_CUE_EVERY_S), ("hint", HINT_EVERY_S, SAME_HINT_EVERY_S)]
)
def test_the_voice_pauses(kind: Any, any_s: float, same_s: float) -> None:
    voice = Voice()
    one, other = Utterance("One.", kind), Utterance("Other.", kind)
    assert voice.may_say(one, 0.0)
    assert not voice.may_say(other, any_s - 0.1)
    assert voice.may_say(other, any_s)
    assert not voice.may_say(one, same_s - 0.1)
    assert voice.may_say(one, same_s)


def test_what_was_not_said_does_not_make_the_pause_longer() -> None:
    voice = Voice()
    times = [t_s for t_s in np.arange(0.0, 30.0, 0.5) if voice.may_say(Utterance("Step back.", "hint"), float(t_s))]
    assert times == [0.0, SAME_HINT_EVERY_S, 2 * SAME_HINT_EVERY_S]


def test_counts_and_words_on_what_comes_next_do_not_wait() -> None:
    voice = Voice()
    for kind in ("count", "stage", "end"):
        assert voice.may_say(Utterance("One.", kind), 1.0)
        assert voice.may_say(Utterance("One.", kind), 1.0)


# --- before the start -----------------------------------------------------------------------------


def test_set_up_shows_what_is_missing_and_says_it_now_and_then() -> None:
    led = Led(BEND)
    setup = SetupCheck([Tick("light", NAMES["light"], False, "Switch on a light.")], None)
    for _ in range(130):
        guidance = led.frame(ready=False, hint="Switch on a light.", setup=setup)
        assert (guidance.stage, guidance.hint, guidance.ticks) == ("setup", "Switch on a light.", setup.ticks)
    assert led.said == ["Switch on a light."] * 2
    assert np.diff([t_s for t_s, _ in led.times_of("hint")]) == pytest.approx([SAME_HINT_EVERY_S], abs=STEP_S)


def test_another_hint_waits_a_little() -> None:
    led = Led(BEND)
    led.frame(ready=False, hint="Step into the picture.")
    led.frames(HINT_EVERY_S - 0.5, ready=False, hint="Come closer.")
    assert led.said == ["Step into the picture."]
    led.frames(1.0, ready=False, hint="Come closer.")
    assert led.said == ["Step into the picture.", "Come closer."]


@pytest.mark.parametrize(("exercise_id", "begin"), [(BEND, "Begin, left side."), (SQUAT, "Begin.")])
def test_the_still_start_leads_to_the_countdown_and_that_to_the_start(exercise_id: str, begin: str) -> None:
    led = Led(exercise_id)
    guidance = led.frame()
    assert (guidance.stage, guidance.countdown_s) == ("countdown", COUNTDOWN_S)
    assert [(t.id, t.ok) for t in guidance.ticks] == [(name, True) for name in NAMES]
    guidance = led.frame(COUNTDOWN_S - 0.5)
    assert (guidance.stage, guidance.countdown_s) == ("countdown", pytest.approx(0.5))
    assert led.said == ["Good. Get ready."]
    guidance = led.frame(0.6)
    assert (guidance.stage, guidance.countdown_s) == ("moving", None)
    assert led.said == ["Good. Get ready.", begin]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_who_is_eager_begins_at_once(sign: float) -> None:
    led = Led(BEND)
    enough = EAGER * led.exercise.repetition.min_excursion
    led.frame()
    assert led.frame(excursion=sign * (enough - 0.1)).stage == "countdown"
    assert led.frame(excursion=sign * (enough + 0.1)).stage == "moving"
    assert led.said[-1] == "Begin, left side."


def test_a_hold_has_no_eager_start() -> None:
    led = Led(PLANK)
    led.frame()
    assert led.frame(excursion=float("nan"), hold_s=1.0).stage == "countdown"


def test_who_leaves_during_the_countdown_gets_a_whole_one_again() -> None:
    led = Led(BEND)
    led.frames(2.0)
    assert led.frame(ready=False).stage == "setup"
    assert led.frame().countdown_s == pytest.approx(COUNTDOWN_S)


# --- counting -------------------------------------------------------------------------------------


def test_counts_are_said_to_the_end_which_is_said_once() -> None:
    led = Led(SQUAT, TWICE).begin()
    assert led.count().counts == {"both": 1}
    assert led.count().stage == "done"
    assert led.count().stage == "done"
    led.frames(20.0)
    assert led.said == ["1", "2", "Well done. That is all."]


def test_sides_in_turn() -> None:
    led = Led(BEND, TWICE).begin()
    assert led.frame().asked == "left"
    assert [led.count(side).asked for side in ("left", "right", "left")] == ["right", "left", "right"]
    assert led.count("right").stage == "done"
    in_turn = ["1. Now right side.", "1. Now left side.", "2. Now right side.", "2"]
    assert led.said == [*in_turn, "Well done. That is all."]


def test_one_side_after_the_other() -> None:
    led = Led(BEND, TWICE).begin()
    assert [led.count("left").asked for _ in range(3)] == ["right"] * 3
    assert [led.count("right").stage for _ in range(2)] == ["moving", "done"]
    change = [f"{n}. Now right side." for n in (1, 2, 3)]
    assert led.said == [*change, "1", "2", "Well done. That is all."]


def test_the_side_that_was_done_less_often_is_asked_for() -> None:
    led = Led(BEND, Dose(repetitions=5, **WHY)).begin()
    for side in ("right", "right"):
        assert led.count(side).asked == "left"
    for asked in ("left", "left", "right"):
        assert led.count("left").asked == asked


def test_sides_have_the_names_of_their_movement() -> None:
    led = Led("cat_cow", TWICE)
    led.frames(COUNTDOWN_S + 0.5)
    for side in ("cat", "cat", "cow", "cow"):
        led.count(side)
    assert led.said[1:] == ["Begin, cat.", "1. Now cow.", "2. Now cow.", "1", "2", "Well done. That is all."]


def test_both_sides_done_with_the_same_frame_end_it_once() -> None:
    led = Led(BEND, TWICE).begin()
    led.counts = {"left": 2, "right": 2}
    assert led.frame().stage == "done"
    assert led.said == ["2", "2", "Well done. That is all."]


def test_the_last_one_and_the_end_of_time_are_one_end() -> None:
    led = Led(SQUAT, Dose(repetitions=1, duration_s=10, **WHY)).begin()
    led.frame(moving="both")
    assert led.count(after_s=12.0).stage == "done"
    assert led.said == ["1", "Well done. That is all."]


@pytest.mark.parametrize("exercise_id", [BEND, SQUAT, PLANK])
def test_without_a_dose_it_goes_on(exercise_id: str) -> None:
    led = Led(exercise_id)
    led.coach = Coach(led.exercise.model_copy(update={"doses": []}))
    led.begin()
    sides = list(led.counts)
    for _ in range(30):
        guidance = [led.count(side) for side in sides][-1]
    assert guidance.stage == "moving"
    assert (guidance.target, guidance.most, guidance.hold_target_s) == (None,) * 3
    assert (guidance.clock_s, guidance.clock_target_s) == (None,) * 2
    assert [text.partition(".")[0] for text in led.said] == [str(n) for n in range(1, 31) for _ in sides]


def test_the_first_dose_unless_another_is_given() -> None:
    first = find_exercise(BEND).doses[0].repetitions
    assert first is not None
    guidance = Led(BEND).frame()
    assert (guidance.target, guidance.most) == (min(np.atleast_1d(first)), max(np.atleast_1d(first)))
    guidance = Led(BEND, Dose(repetitions=7, **WHY)).frame()
    assert (guidance.target, guidance.most) == (7, 7)


@pytest.mark.parametrize(
    ("dose", "target", "most"),
    [
        (Dose(repetitions=(2, 3), sets=4, **WHY), 8, 12),
        (Dose(hold_s=(10, 20), sets=3, **WHY), 3, 3),
        (Dose(duration_s=(20, 30), **WHY), None, None),
    ],
)
def test_a_dose_asks_for_at_least_so_many_and_at_most_so_many(dose: Dose, target: int | None, most: int | None) -> None:
    guidance = Led(PLANK, dose).frame()
    assert (guidance.target, guidance.most) == (target, most)


@pytest.mark.parametrize(("hold_s", "target_s"), [(12.0, 12.0), ((10.0, 20.0), 10.0), (None, None)])
def test_hold_targets(hold_s: Any, target_s: float | None) -> None:
    led = Led(PLANK, Dose(repetitions=2, hold_s=hold_s, **WHY)).begin()
    guidance = led.frame(excursion=float("nan"), moving="both", hold_s=4.5)
    assert (guidance.hold_s, guidance.hold_target_s) == (4.5, target_s)
    assert (guidance.asked, guidance.reach, guidance.best) == (None, None, 0.0)
    assert [led.count().stage for _ in range(2)] == ["moving", "done"]


def test_reach_is_a_size_and_the_best_is_of_the_side_that_is_done() -> None:
    led = Led(BEND).begin()
    led.frame(excursion=20.0, moving="left")
    led.count("left")
    led.frame(excursion=-12.0, moving="right")
    led.count("right")
    guidance = led.frame(excursion=-10.0, moving="right")
    assert (guidance.reach, guidance.best) == (10.0, 12.0)
    assert led.frame(excursion=5.0, moving="left").best == 20.0
    assert led.frame().best == 20.0, "at rest: of the side that is asked for"


def test_the_best_comes_from_what_was_counted() -> None:
    led = Led(SQUAT, Dose(repetitions=5, **WHY)).begin()
    for excursion in (30.0, 50.0, 40.0):
        assert led.frame(excursion=excursion, moving="both").best == 0.0
    assert led.count().best == 50.0
    led.frame(excursion=80.0, moving="both")  # as somebody does who stumbles
    assert led.frame().best == 50.0
    led.frame(excursion=45.0, moving="both")
    assert led.count().best == 50.0, "nothing is left of what did not count"
    led.frame(excursion=60.0, moving="both")
    assert led.count().best == 60.0


# --- enough, and the end --------------------------------------------------------------------------


def enough(exercise_id: str = SQUAT, dose: Dose = TWO_OR_THREE) -> Led:
    """A session in which the lower end of the dose has just been reached."""
    led = Led(exercise_id, dose).begin()
    while not led.said or not led.said[-1].startswith("That is enough."):
        for side in led.counts:
            led.count(side)
    return led


def test_enough_is_said_once_and_a_rest_ends_it() -> None:
    led = enough()
    assert led.counts == {"both": 2}
    assert led.frames(REST_ENDS_S - 0.5).stage == "moving"
    assert led.frames(1.0).stage == "done"
    led.frames(20.0)
    assert led.said == ["1", "2", ENOUGH, "Well done."]


def test_the_upper_end_ends_it_at_once() -> None:
    led = enough()
    assert led.count().stage == "done"
    led.frames(20.0)
    assert led.said == ["1", "2", ENOUGH, "3", "Well done. That is all."]


def test_who_goes_on_does_not_rest() -> None:
    led = enough()
    for _ in range(3):
        led.frames(REST_ENDS_S - 1.0)
        assert led.frames(REST_ENDS_S + 1.0, moving="both").stage == "moving"
    assert led.frames(REST_ENDS_S + 0.5).stage == "done"
    assert led.said == ["1", "2", ENOUGH, "Well done."]


def test_enough_and_the_upper_end_are_of_each_side() -> None:
    led = enough(BEND)
    assert led.counts == {"left": 2, "right": 2}
    assert led.count("left").stage == "moving"
    assert led.count("right").stage == "done"
    in_turn = ["1. Now right side.", "1. Now left side.", "2. Now right side.", "2"]
    assert led.said == [*in_turn, ENOUGH, "3", "3", "Well done. That is all."]


def test_both_ends_of_a_dose_are_of_all_sets() -> None:
    led = enough(dose=Dose(repetitions=(2, 3), sets=2, **WHY))
    set_1 = ["1", "2", "Set 1 is done. Rest, then go on.", "3", "4"]
    assert led.said == [*set_1, "That is enough. Press Stop, or go on up to 6."]
    assert [led.count().stage for _ in range(2)] == ["moving", "done"]
    assert led.said[-3:] == ["5", "6", "Well done. That is all."]


def test_a_rest_between_two_sets_ends_nothing() -> None:
    led = Led(SQUAT, Dose(repetitions=(2, 3), sets=2, **WHY)).begin()
    led.count()
    led.count()
    assert led.frames(10 * REST_ENDS_S).stage == "moving"


def test_who_has_done_enough_and_leaves_has_finished() -> None:
    led = enough()
    assert led.frames(REST_ENDS_S - 0.5, ready=False).stage == "setup"
    assert led.frames(1.0, ready=False).stage == "done"
    assert led.said == ["1", "2", ENOUGH, "Well done."]


def test_who_has_done_enough_may_come_back_for_more() -> None:
    led = enough()
    led.frames(2.0, ready=False)
    led.frames(COUNTDOWN_S + 0.5)
    assert led.count(after_s=STEP_S).stage == "done"
    assert led.said == ["1", "2", ENOUGH, "Good. Get ready.", "Begin.", "3", "Well done. That is all."]


@pytest.mark.parametrize("now", [{}, {"ready": False}, {"moving": "both", "excursion": 50.0}])
def test_a_session_ends_after_an_hour_whatever_is_going_on(now: dict[str, Any]) -> None:
    led = Led(SQUAT).begin()
    led.t_s = LONGEST_S - 1.0
    assert led.frame(**now).stage != "done"
    assert led.frame(1.0, **now).stage == "done"
    led.frames(5.0, **now)
    assert led.said == ["That was an hour: a session is no longer. Well done."]


# --- what the result says -------------------------------------------------------------------------


def led_by(dose: Dose, *verdicts: Verdict) -> Led:
    """A session that asks what the result would say, and is told one verdict after the other."""
    led, answers = Led(SQUAT, dose), iter(verdicts)
    led.coach = Coach(led.exercise, dose, lambda: next(answers))
    return led.begin()


def test_well_done_is_said_of_what_the_result_has() -> None:
    led = led_by(TWICE, Verdict({"both": 2}, True, None))
    led.count()
    guidance = led.count()
    assert (guidance.stage, guidance.well_done) == ("done", True)
    assert led.said[-1] == "Well done. That is all."


def test_what_the_result_would_lack_is_told_and_it_goes_on() -> None:
    led = led_by(TWICE, Verdict({"both": 1}, True, reasons.HIDDEN_PART), Verdict({"both": 2}, True, None))
    led.count()
    guidance = led.count()
    assert (guidance.stage, guidance.counts) == ("moving", {"both": 1})
    assert led.said[-1] == f"Not all of it could be measured: {reasons.HIDDEN_PART}."
    led.counts = {"both": 1}  # as the feedback is brought in line
    assert led.frame().stage == "moving"
    assert led.count().stage == "done"
    assert led.said[-2:] == ["2", "Well done. That is all."]


def test_without_a_measure_there_is_no_praise() -> None:
    led = led_by(TWICE, Verdict({"both": 2}, False, reasons.FEET_OUTSIDE))
    led.count()
    guidance = led.count()
    assert (guidance.stage, guidance.well_done) == ("done", False)
    assert led.said[-1] == f"Nothing could be measured: {reasons.FEET_OUTSIDE}"


def test_time_that_is_up_praises_nothing_that_was_not_measured() -> None:
    dose = Dose(duration_s=20, **WHY)
    why = reasons.TOO_FEW_PICTURES.of(rate_hz=2.0, least_hz=3.5)
    led = Led(BREATHING, dose)
    led.coach = Coach(led.exercise, dose, lambda: Verdict({"both": 0}, False, why))
    led.begin()
    assert not led.frames(25.0).well_done
    assert led.said == [f"Time is up. Nothing could be measured: {why}."]


def test_a_repetition_that_is_still_judged_ends_nothing() -> None:
    led = Led(SQUAT, TWICE).begin()
    led.count()
    assert led.count(settled=False).stage == "moving"
    assert led.frame(settled=False).stage == "moving"
    assert led.frame().stage == "done"


def test_what_does_not_count_is_told_with_its_reason() -> None:
    led = Led(SQUAT, TWICE).begin()
    led.frame(refused="too few pictures came: 3.0 a second of at least 3.5")
    assert led.said == ["That one does not count: too few pictures came: 3.0 a second of at least 3.5."]


def test_too_few_pictures_are_said_and_hide_nothing() -> None:
    led = Led(SQUAT).begin()
    assert led.frame(pace="none").hint is None
    assert led.said == [TOO_FEW]


def test_a_cue_goes_when_its_joints_are_out_of_sight() -> None:
    led = Led(SQUAT).begin()
    assert led.frame(faults=[SeenFault("heels_lift", "Heels down.", 0.0)]).cue == "Heels down."
    assert led.frame(blind=frozenset({"rounded_back"})).cue == "Heels down."
    assert led.frame(blind=frozenset({"heels_lift"})).cue is None
    assert led.frame().cue is None


def test_going_on_with_what_is_seen_is_said_once() -> None:
    led = Led(BEND)
    setup = SetupCheck([Tick("still", NAMES["still"], False, "Stand still.")], None, as_seen=True)
    for _ in range(100):
        led.frame(ready=False, hint="Stand still.", setup=setup)
    assert led.said.count(AS_SEEN) == 1
    assert led.said[0] == AS_SEEN
