"""Somebody is led round until the camera sees them from the right side: one command, "More.", "Good."."""

from __future__ import annotations

import numpy as np
import pytest
from coached import BEND, Led
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.live.turning import GOOD_S, MORE_EVERY_S, PROGRESS_DEG, WELL_WITHIN_DEG, Turning
from checker.setup.checks import NAMES, SetupCheck, Tick

LIMIT_DEG = 20.0
LEFT = "Turn to your left until you face the camera."
RIGHT = "Turn to your right until you face the camera."


def said(turning: Turning, *steps: tuple[float, float]) -> list[list[str]]:
    """What each step of (time, how far to turn) says."""
    return [[u.text for u in turning.feed(t_s, deg)] for t_s, deg in steps]


def test_one_command_then_more_then_good() -> None:
    turning = Turning("front", LIMIT_DEG)
    assert said(turning, (0.0, 90.0), (1.0, 75.0), (2.0, 60.0), (3.0, 50.0), (4.0, 35.0)) == [
        [LEFT],
        [LEFT],  # two seconds first
        ["More."],
        [LEFT],
        ["More."],
    ]
    assert turning.shown(4.0) == "More."
    assert turning.shown(4.0 + GOOD_S) == LEFT
    assert said(turning, (6.5, 10.0), (6.6, 10.0)) == [["Good."], []]
    assert turning.shown(6.6) == "Good."
    assert turning.shown(6.5 + GOOD_S) is None


def test_more_is_for_who_turns() -> None:
    turning = Turning("front", LIMIT_DEG)
    steps = [(float(t_s), 90.0 - PROGRESS_DEG / 2) for t_s in np.arange(0.5, 10.0, 0.5)]
    assert {text for words in said(turning, (0.0, 90.0), *steps) for text in words} == {LEFT}


def test_an_angle_that_trembles_at_the_limit_asks_once() -> None:
    turning = Turning("front", LIMIT_DEG)
    trembling = [(t_s, LIMIT_DEG + 2.0 * (-1) ** i) for i, t_s in enumerate(np.arange(0.0, 5.0, 0.2))]
    assert {tuple(words) for words in said(turning, *trembling)} == {(LEFT,)}
    inside = LIMIT_DEG - WELL_WITHIN_DEG
    again = [(10.0 + t_s, inside + 2.0 * (-1) ** i) for i, t_s in enumerate(np.arange(0.0, 5.0, 0.2))]
    assert [words for words in said(turning, *again) if words] == [[LEFT], ["Good."]]


def test_who_stands_well_enough_is_not_asked() -> None:
    assert said(Turning("front", LIMIT_DEG), (0.0, LIMIT_DEG), (1.0, -LIMIT_DEG)) == [[], []]


def test_who_turns_too_far_is_led_back() -> None:
    turning = Turning("front", LIMIT_DEG)
    assert said(turning, (0.0, 60.0), (3.0, -40.0)) == [[LEFT], [RIGHT]]


def test_with_the_back_to_the_camera_the_way_stays() -> None:
    turning = Turning("front", LIMIT_DEG)
    assert said(turning, (0.0, 178.0), (0.2, -178.0), (0.4, 179.0), (0.6, -170.0)) == [[LEFT]] * 4


def test_side_on_either_way_is_kept() -> None:
    turning = Turning("side", LIMIT_DEG)
    words = "Turn to your right until one side of your body points at the camera."
    assert said(turning, (0.0, -88.0), (0.2, 88.0), (0.4, -86.0)) == [[words]] * 3


@given(st.lists(st.floats(-180, 180), max_size=60), st.sampled_from(["front", "side"]))
@settings(max_examples=50)
def test_never_degrees_and_never_a_number(turns: list[float], view: str) -> None:
    turning = Turning(view, LIMIT_DEG)  # type: ignore[arg-type]
    texts = [text for words in said(turning, *((0.2 * i, deg) for i, deg in enumerate(turns))) for text in words]
    assert not any(character.isdigit() or character == "," for text in texts for character in text)
    assert texts.count("More.") <= 0.2 * len(turns) / MORE_EVERY_S + 1


# --- as the coach leads -------------------------------------------------------------------------


def setup(to_turn_deg: float | None, advice: str | None) -> SetupCheck:
    return SetupCheck([Tick("view", NAMES["view"], advice is None, advice)], None, to_turn_deg=to_turn_deg)


def test_the_coach_says_the_command_and_not_the_degrees() -> None:
    led = Led(BEND)
    for deg in (90, 85, 80, 70, 55, 30, 12):
        advice = f"Turn to your left by about {deg} degrees, so that you face the camera." if deg > 20 else "Still."
        guidance = led.frames(1.0, ready=False, hint=advice, setup=setup(float(deg), advice))
        assert guidance.hint in {LEFT, "More.", "Good."}
    assert led.said[0] == LEFT
    assert "More." in led.said
    assert led.said[-1] == "Good."
    led.frame()
    assert led.said[-1] == "Get ready.", "good was said already"


def test_what_stands_before_the_turn_is_told_first() -> None:
    led = Led(BEND)
    advice = "Turn to your left by about 90 degrees, so that you face the camera."
    assert led.frame(ready=False, hint="Step into the picture.", setup=setup(90.0, advice)).hint == (
        "Step into the picture."
    )
    assert led.frame(ready=False, hint=advice, setup=setup(90.0, advice)).hint == LEFT
    near = "Your head is outside the picture: step back half a metre."  # also to who is just turning
    assert led.frame(ready=False, hint=near, setup=setup(None, near)).hint == near
    on_the_floor = "Turn your mat, or move the camera, so that your feet point at it."
    assert led.frame(ready=False, hint=on_the_floor, setup=setup(None, on_the_floor)).hint == on_the_floor


@pytest.mark.parametrize(
    ("exercise_id", "words"),
    [
        (BEND, "Take your time. When you are ready, to the left."),
        ("squat", "Take your time. When you are ready, go on."),
        ("cat_cow", "Take your time. When you are ready, cat."),
    ],
)
def test_who_stands_still_is_given_time_once(exercise_id: str, words: str) -> None:
    led = Led(exercise_id).begin()
    led.frames(5.0)
    assert led.said == []
    led.frames(30.0)
    assert led.said == [words]
    led.frames(1.0, moving="left", excursion=20.0)
    led.frames(7.0)
    assert led.said == [words] * 2


@pytest.mark.parametrize("exercise_id", ["plank", "breathing", "sit_to_stand"])
def test_what_is_held_or_against_time_waits_for_nobody(exercise_id: str) -> None:
    led = Led(exercise_id).begin()
    led.frames(15.0)
    assert not any(text.startswith("Take your time") for text in led.said)


def test_who_is_out_of_sight_or_resting_is_not_spoken_to() -> None:
    led = Led(BEND).begin()
    led.frames(15.0, excursion=float("nan"))
    led.frames(15.0, moving="left", excursion=20.0)
    assert led.said == []
