"""What somebody is shown and told, and when: a session led by hand-made feedback."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import reasons
from checker.dose import Dose
from checker.library import find_exercise
from checker.live.coach import AS_SEEN, COUNTDOWN_S, EAGER, LONGEST_S, TOO_FEW, Coach
from checker.live.dose_progress import REST_ENDS_S, SETS_REST_ENDS_S
from checker.live.feedback import Feedback, SeenFault, Verdict
from checker.live.guidance import Guidance, Utterance
from checker.live.pain import ENOUGH_PAIN_MARKS
from checker.live.voice import CUE_EVERY_S, HINT_EVERY_S, SAME_CUE_EVERY_S, SAME_HINT_EVERY_S, Voice
from checker.setup.checks import NAMES, SetupCheck, Tick

STEP_S = 0.1
WHY = {"source": "of the test", "status": "clinical judgement"}
TWICE = Dose(repetitions=2, **WHY)
TWO_OR_THREE = Dose(repetitions=(2, 3), **WHY)
ENOUGH = "That is enough. Rest to finish, or go on up to 3."
OFFER = "It has hurt several times. Would you like to stop here for today?"

BEND = "standing_side_bend"  # left and right
SQUAT = "squat"  # no sides
PLANK = "plank"  # a hold
BREATHING = "breathing"  # a hold, done by time
STANDING_UP = "sit_to_stand"  # as often as possible in 30 s


class Led:
    """A session, and everything that was said in it."""

    def __init__(self, exercise_id: str, dose: Dose | None = None) -> None:
        self.exercise = find_exercise(exercise_id)
        self.coach = Coach(self.exercise, dose)
        self.t_s = 0.0
        self.counts = {side or "both": 0 for side in self.exercise.sides}
        self.said: list[str] = []
        self.seen: list[tuple[float, Guidance]] = []

    def frame(self, after_s: float = STEP_S, ready: bool = True, **now: Any) -> Guidance:
        self.t_s += after_s
        about = {"excursion": 0.0 if ready else float("nan"), "hint": None, "repetitions": dict(self.counts)} | now
        guidance = self.coach.feed(Feedback(t_s=self.t_s, ready=ready, **about))
        self.said += [u.text for u in guidance.say]
        self.seen.append((self.t_s, guidance))
        return guidance

    def frames(self, lasts_s: float, **now: Any) -> Guidance:
        for _ in range(round(lasts_s / STEP_S)):
            guidance = self.frame(**now)
        return guidance

    def begin(self) -> Led:
        """Until it counts; what was said so far is forgotten."""
        self.frames(COUNTDOWN_S + 0.5)
        self.said.clear()
        return self

    def count(self, side: str = "both", after_s: float = 3.0, **now: Any) -> Guidance:
        self.counts[side] += 1
        return self.frame(after_s, **now)

    def times_of(self, kind: str) -> list[tuple[float, str]]:
        return [(t_s, u.text) for t_s, guidance in self.seen for u in guidance.say if u.kind == kind]


def fault(cue: str) -> list[SeenFault]:
    return [SeenFault("fault", cue, 0.0)]


# --- the voice ----------------------------------------------------------------------------------


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


# --- before the start ---------------------------------------------------------------------------


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


# --- counting -----------------------------------------------------------------------------------


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


# --- enough, and the end ------------------------------------------------------------------------


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
    assert led.said == [*set_1, "That is enough. Press Finish, or go on up to 6."]
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


# --- what the result says -----------------------------------------------------------------------


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


# --- by time ------------------------------------------------------------------------------------


def test_what_is_done_by_time_ends_with_it() -> None:
    led = Led(BREATHING, Dose(duration_s=(20, 30), **WHY))
    assert (led.frame().clock_s, led.frame().clock_target_s) == (0.0, 20.0)
    led.begin()
    assert led.frames(10.0).clock_s == pytest.approx(10.0, abs=1.0)
    guidance = led.frames(15.0)
    assert (guidance.stage, guidance.clock_s) == ("done", 20.0)
    assert led.said == ["Time is up. Well done."]


def test_a_task_against_time_begins_with_the_first_movement() -> None:
    led = Led(STANDING_UP).begin()
    assert led.frames(10.0).clock_s == 0.0
    led.frame(moving="both")
    assert led.frames(29.0).clock_s == pytest.approx(29.0)
    assert led.frames(2.0).stage == "done"


# --- cues ---------------------------------------------------------------------------------------


def test_a_set_is_done_and_another_follows() -> None:
    led = Led(SQUAT, Dose(repetitions=2, sets=2, **WHY)).begin()
    led.count()
    led.count()
    assert led.said == ["1", "2", "Set 1 is done. Rest, then go on."]
    led.count()
    assert led.count().stage == "done"
    assert led.said[3:] == ["3", "4", "Well done. That is all."]


def test_a_hold_that_is_long_enough_is_told_once_and_counts_as_one_of_its_sets() -> None:
    led = Led(PLANK, Dose(hold_s=(10, 20), sets=2, **WHY)).begin()
    for held_s in (9.9, 10.0, 10.1, 15.0):
        led.frame(moving="both", hold_s=held_s)
    assert led.said == ["10 seconds. Come back slowly."]
    led.count()
    led.frame(moving="both", hold_s=1.0)
    led.frame(moving="both", hold_s=10.0)
    assert led.count().stage == "done"
    assert led.said.count("10 seconds. Come back slowly.") == 2


def test_a_cue_is_shown_while_it_is_recent() -> None:
    led = Led(BEND).begin()
    assert led.frame(faults=fault("Knees straight.")).cue == "Knees straight."
    assert led.frames(CUE_EVERY_S - 0.5).cue == "Knees straight."
    assert led.frames(1.0).cue is None


def test_cues_are_said_now_and_then_but_the_latest_is_shown() -> None:
    led = Led(BEND).begin()
    led.frame(faults=fault("Knees straight."))
    assert led.frame(2.0, faults=fault("Hips still.")).cue == "Hips still."
    led.frame(CUE_EVERY_S, faults=fault("Knees straight."))
    assert led.said == ["Knees straight."]
    led.frame(SAME_CUE_EVERY_S, faults=fault("Knees straight."))
    assert led.said == ["Knees straight."] * 2


def test_a_hint_is_said_during_the_movement_too() -> None:
    led = Led(BEND).begin()
    guidance = led.frames(2.0, hint="Only one person should be in the picture.")
    assert guidance.hint == led.said[0]
    assert len(led.said) == 1


# --- leaving ------------------------------------------------------------------------------------


def test_who_leaves_begins_anew_and_keeps_what_was_counted() -> None:
    led = Led(BEND, TWICE).begin()
    led.count("left")
    guidance = led.frame(ready=False, hint="Step into the picture.")
    assert (guidance.stage, guidance.counts) == ("setup", {"left": 1, "right": 0})
    led.frames(COUNTDOWN_S + 0.5)
    led.count("right")
    back = ["Step into the picture.", "Good. Get ready.", "Begin, right side."]
    assert led.said == ["1. Now right side.", *back, "1. Now left side."]


def test_who_leaves_at_the_end_has_ended() -> None:
    led = Led(SQUAT, TWICE).begin()
    led.count()
    led.count()
    assert led.frames(20.0, ready=False, hint="Step into the picture.").stage == "done"
    assert led.frames(10.0).stage == "done"
    assert led.count().stage == "done"
    assert led.said == ["1", "2", "Well done. That is all."]


# --- pain ---------------------------------------------------------------------------------------


def test_a_mark_is_kept_with_its_own_time() -> None:
    led = Led(BEND)
    led.coach.mark_pain(-0.2)  # just before the first frame
    led.frame(9.0)
    led.coach.mark_pain(4.567)  # told late
    assert led.coach.pain_s == [0.0, 4.57]


def test_where_it_hurt_is_the_least_of_the_side_that_is_done() -> None:
    led = Led(BEND).begin()
    for excursion, so_far in [(-25.0, None), (-17.0, 25.0), (-21.0, 17.0)]:
        assert led.frame(excursion=excursion, moving="right").hurt == so_far
        led.coach.mark_pain(led.t_s)
    assert led.frame(excursion=-5.0, moving="right").hurt == 17.0
    assert led.frame(excursion=5.0, moving="left").hurt is None
    assert led.frame().hurt is None, "at rest: of the side that is asked for"
    led.count("left")
    assert led.frame().hurt == 17.0


@pytest.mark.parametrize(
    "now", [None, {"excursion": 1.0}, {"ready": False}, {"moving": "left", "excursion": float("nan")}]
)
def test_where_it_hurt_is_unknown_at_rest_and_where_nothing_is_seen(now: dict[str, Any] | None) -> None:
    led = Led(BEND)
    if now is not None:
        led.begin()
        led.frame(**now)
    led.coach.mark_pain(led.t_s)
    assert [led.frame(moving=side).hurt for side in led.counts] == [None, None]
    assert len(led.coach.pain_s) == 1


def test_pain_again_and_again_offers_to_end_until_they_go_on() -> None:
    led = Led(BEND).begin()
    offers = []
    for _ in range(ENOUGH_PAIN_MARKS + 1):
        led.coach.mark_pain(led.t_s)
        offers.append(led.frame().offer_end)
    assert offers == [False] * (ENOUGH_PAIN_MARKS - 1) + [True] * 2
    assert led.frames(30.0).offer_end
    assert led.said == [OFFER]
    led.coach.go_on()
    assert not led.frame().offer_end
    assert not led.frames(30.0).offer_end


def test_who_goes_on_is_asked_again_when_it_hurts_again() -> None:
    led = Led(BEND).begin()
    for _ in range(ENOUGH_PAIN_MARKS):
        led.coach.mark_pain(led.t_s)
    for n in range(1, 4):
        assert led.frames(2.0).offer_end
        assert led.said == [OFFER] * n
        led.coach.go_on()
        assert not led.frame().offer_end
        led.coach.mark_pain(led.t_s)


def test_who_goes_on_unasked_is_asked_as_usual() -> None:
    led = Led(BEND).begin()
    led.coach.go_on()
    for _ in range(ENOUGH_PAIN_MARKS):
        assert not led.frame().offer_end
        led.coach.mark_pain(led.t_s)
    assert led.frame().offer_end


@pytest.mark.parametrize("ready", [True, False])
def test_the_offer_is_made_at_any_stage(ready: bool) -> None:
    led = Led(BEND)
    led.frame(ready=ready)
    for _ in range(ENOUGH_PAIN_MARKS):
        led.coach.mark_pain(led.t_s)
    assert led.frame(ready=ready).offer_end
    assert OFFER in led.said


def test_how_far_they_were_when_they_left_is_forgotten() -> None:
    led = Led(BEND).begin()
    led.frame(excursion=40.0, moving="left")
    led.frame(ready=False)  # out of the picture in the middle of it: it never counted
    led.frame()
    led.frame(excursion=20.0, moving="left")  # eager, so no rest comes between
    led.count("left")
    assert led.frame(excursion=5.0, moving="left").best == 20.0


def test_nobody_who_has_finished_is_asked_whether_to_stop() -> None:
    led = Led(SQUAT, Dose(repetitions=1, **WHY)).begin()
    led.count()
    for _ in range(ENOUGH_PAIN_MARKS):
        led.coach.mark_pain(led.t_s)
    guidance = led.frame()
    assert (guidance.stage, guidance.offer_end, led.said.count(OFFER)) == ("done", False, 0)


def test_a_mark_that_comes_late_says_nothing_of_where_they_are_now() -> None:
    led = Led(BEND).begin()
    led.frame(excursion=20.0, moving="left")
    led.coach.mark_pain(led.t_s - 5.0)
    assert led.frame(excursion=20.0, moving="left").hurt is None
    assert len(led.coach.pain_s) == 1


# --- time ---------------------------------------------------------------------------------------


def test_the_clock_waits_while_nobody_is_there() -> None:
    led = Led(BREATHING).begin()
    led.frames(15.0)
    gone_s = led.frame(ready=False, hint="Step into the picture.").clock_s
    led.frames(200.0, ready=False)
    led.frames(COUNTDOWN_S + 0.5)
    now = led.frames(2.0)
    assert now.stage == "moving"
    assert now.clock_s == pytest.approx(gone_s + 2.0, abs=0.7)


def test_each_attempt_against_time_has_its_whole_time() -> None:
    led = Led(STANDING_UP).begin()
    led.frames(20.0, moving="both", excursion=60.0)
    led.frames(20.0, ready=False)
    led.frames(COUNTDOWN_S + 0.5)
    now = led.frames(5.0, moving="both", excursion=60.0)
    assert now.stage == "moving"
    assert now.clock_s == pytest.approx(5.0, abs=0.3)


def test_a_rest_between_sets_ends_nothing_though_enough_was_done() -> None:
    led = Led(SQUAT, Dose(sets=2, repetitions=(1, 3), **WHY)).begin()
    for _ in range(3):
        led.count()
    assert "That is enough. Press Finish, or go on up to 6." in led.said
    assert led.frames(90.0).stage == "moving"
    assert led.frames(SETS_REST_ENDS_S).stage == "done"


# --- whatever happens ---------------------------------------------------------------------------

ALLOWED = {
    ("setup", "setup"),
    ("setup", "countdown"),
    ("setup", "done"),  # away after enough was done
    ("countdown", "countdown"),
    ("countdown", "setup"),
    ("countdown", "moving"),
    ("countdown", "done"),
    ("moving", "moving"),
    ("moving", "setup"),
    ("moving", "done"),
    ("done", "done"),
}

HAPPENS = st.fixed_dictionaries(
    {
        "after_s": st.floats(0.02, 8.0),
        "ready": st.integers(0, 5).map(bool),
        "excursion": st.floats(-200, 200) | st.just(float("nan")),
        "side": st.integers(0, 1),
        "more": st.sampled_from([0, 0, 1, 2]),
        "moving": st.booleans(),
        "hold_s": st.floats(0, 60),
        "hint": st.sampled_from([None, None, "Step back.", "Come closer."]),
        "cue": st.sampled_from([None, "Knees straight.", "Hips still."]),
        "pain": st.booleans(),
        "go_on": st.booleans(),
    }
)
DOSES = [
    None,
    TWICE,
    TWO_OR_THREE,
    Dose(duration_s=20, **WHY),
    Dose(repetitions=3, hold_s=(2, 4), duration_s=30, **WHY),
]


@given(
    exercise_id=st.sampled_from([BEND, SQUAT, PLANK, BREATHING, STANDING_UP, "cat_cow"]),
    dose=st.sampled_from(DOSES),
    happens=st.lists(HAPPENS, max_size=60),
)
def test_whatever_comes_they_are_led_in_order(exercise_id: str, dose: Dose | None, happens: list[dict]) -> None:
    led = Led(exercise_id, dose)
    sides = list(led.counts)
    for h in happens:
        side = sides[h["side"] % len(sides)]
        led.counts[side] += h["more"] if h["ready"] else 0
        if h["go_on"]:
            led.coach.go_on()
        now = {name: h[name] for name in ("after_s", "ready", "excursion", "hold_s", "hint")}
        led.frame(**now, faults=fault(h["cue"]) if h["cue"] else [], moving=side if h["moving"] else None)
        if h["pain"]:
            led.coach.mark_pain(led.t_s)
    shown = [guidance for _, guidance in led.seen]
    assert set(pairwise(["setup", *(guidance.stage for guidance in shown)])) <= ALLOWED
    for a, b in pairwise(shown):
        assert not Counter(a.counts) - Counter(b.counts)
    for kind, any_s, same_s in (
        ("cue", CUE_EVERY_S, SAME_CUE_EVERY_S),
        ("hint", HINT_EVERY_S, SAME_HINT_EVERY_S),
    ):
        said = led.times_of(kind)
        assert all(b - a >= any_s for (a, _), (b, _) in pairwise(said))
        for words in {text for _, text in said}:
            assert all(b - a >= same_s for a, b in pairwise(t_s for t_s, text in said if text == words))
    ends = [text for _, text in led.times_of("end")]
    offered = sum(b and not a for a, b in pairwise([False, *(guidance.offer_end for guidance in shown)]))
    assert ends.count(OFFER) == offered
    assert len(ends) - offered == any(guidance.stage == "done" for guidance in shown)
    assert led.said.count(ENOUGH) <= 1
    assert len(led.coach.pain_s) == sum(h["pain"] for h in happens)
