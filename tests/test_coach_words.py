"""What the coach says and when: by time, cues, whoever leaves, pain, and whatever happens."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from coached import BEND, BREATHING, ENOUGH, PLANK, SQUAT, TWICE, TWO_OR_THREE, WHY, Led
from hypothesis import given
from hypothesis import strategies as st

from checker.dose import Dose
from checker.live.coach import COUNTDOWN_S
from checker.live.dose_progress import SETS_REST_ENDS_S
from checker.live.feedback import SeenFault
from checker.live.pain import ENOUGH_PAIN_MARKS
from checker.live.voice import CUE_EVERY_S, HINT_EVERY_S, SAME_CUE_EVERY_S, SAME_HINT_EVERY_S

OFFER = "It has hurt several times. Would you like to stop here for today?"


STANDING_UP = "sit_to_stand"  # as often as possible in 30 s


def fault(cue: str) -> list[SeenFault]:
    return [SeenFault("fault", cue, 0.0)]


# --- by time --------------------------------------------------------------------------------------


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


# --- cues -----------------------------------------------------------------------------------------


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


# --- leaving --------------------------------------------------------------------------------------


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


# --- pain -----------------------------------------------------------------------------------------


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


# --- time -----------------------------------------------------------------------------------------


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
    assert "That is enough. Press Stop, or go on up to 6." in led.said
    assert led.frames(90.0).stage == "moving"
    assert led.frames(SETS_REST_ENDS_S).stage == "done"


# --- whatever happens -----------------------------------------------------------------------------

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
