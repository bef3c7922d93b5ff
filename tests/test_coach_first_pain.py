"""A test to the first pain, led live: twice to where pain begins, then as far as one wants, then the other side."""

from __future__ import annotations

from pathlib import Path

import pytest
from analytic_body import poses_of
from coached import BEND, Led
from test_first_pain import bends

from checker.assessing import UNNAMED
from checker.engine import Engine
from checker.library import find_exercise
from checker.live.coach import COUNTDOWN_S, Coach
from checker.live.guidance import Stage
from checker.live.leading_on import SETTLE_S, WAIT_S
from checker.live.to_first_pain import FURTHEST, SLOWLY, TOO_LITTLE, ToFirstPain, in_short
from checker.pose.bundle import ModelFile
from checker.service.live.session import LiveSession

HINGE = "standing_hip_hinge"  # no sides


def led(exercise_id: str, times: int = 2, furthest: bool = True) -> Led:
    session = Led(exercise_id)
    session.coach = Coach(session.exercise, protocol=ToFirstPain(session.exercise, times, furthest))
    session.frames(COUNTDOWN_S + 0.5)
    return session


def test_the_whole_protocol_side_after_side() -> None:
    session = led(BEND)
    asked = []
    for side in ["left"] * 3 + ["right"] * 3:
        asked.append((session.frame().asked, session.frame().task))
        guidance = session.count(side)
    slowly, furthest = "Slowly, until you first feel pain or tension", "As far as you want"
    assert asked == [(side, task) for side in ("left", "right") for task in (slowly, slowly, furthest)]
    assert session.said == [
        "Good. Get ready.",
        f"Begin, left side. {SLOWLY}",
        f"1. {SLOWLY}",
        f"2. {FURTHEST}",
        f"3. Now right side. {SLOWLY}",
        f"1. {SLOWLY}",
        f"2. {FURTHEST}",
        "3",
        "Well done. That is all.",
    ]
    assert guidance.stage == "done"
    assert (guidance.target, guidance.most) == (3, 3)


def test_while_it_hurts_nobody_is_asked_for_the_furthest() -> None:
    session = led(BEND, furthest=False)
    for side in ("left", "left", "right", "right"):
        guidance = session.count(side)
    assert (guidance.stage, guidance.target) == ("done", 2)
    assert FURTHEST not in " ".join(session.said)
    assert f"2. Now right side. {SLOWLY}" in session.said


def test_without_sides_it_is_the_same() -> None:
    session = led(HINGE)
    for _ in range(3):
        session.count()
    begin = f"Begin. {SLOWLY}"
    assert session.said[1:] == [begin, f"1. {SLOWLY}", f"2. {FURTHEST}", "3", "Well done. That is all."]


def test_who_comes_back_hears_what_is_next() -> None:
    session = led(BEND)
    session.count("left")
    session.count("left")
    session.frames(2.0, ready=False)
    session.frames(COUNTDOWN_S + 0.5)
    assert session.said[-1] == f"Begin, left side. {FURTHEST}"


def test_pain_can_still_be_marked() -> None:
    session = led(BEND)
    session.frame(excursion=18.0, moving="left")
    session.coach.mark_pain(session.t_s)
    assert session.frame(excursion=18.0, moving="left").hurt == 18.0


def test_the_whole_of_it_is_told_where_nobody_leads() -> None:
    assert in_short(find_exercise(BEND)) == (
        "To each side, one after the other: twice slowly until you first feel pain or tension, with a stop of a second "
        "there, then once as far as you want."
    )
    assert in_short(find_exercise(HINGE), furthest=False) == (
        "Twice slowly until you first feel pain or tension, with a stop of a second there."
    )


def test_a_movement_without_a_range_is_refused() -> None:
    with pytest.raises(ValueError, match="measures how far somebody moves, got plank"):
        ToFirstPain(find_exercise("plank"), 2)
    with pytest.raises(ValueError, match="at least one repetition"):
        ToFirstPain(find_exercise(BEND), 0)


@pytest.mark.parametrize(("furthest", "each"), [(True, 3), (False, 2)])
def test_a_session_has_the_dose_of_the_protocol(furthest: bool, each: int) -> None:
    model = ModelFile("none", Path("none"), "", "cache")  # never opened
    session = LiveSession("owner", find_exercise(BEND), model, to_first_pain=2, furthest=furthest)
    assert session.dose is not None
    assert (session.dose.least, session.dose.most) == (each, each)
    assert session.to_first_pain == 2
    session.close()


# --- pain that begins too early to be measured ---------------------------------------------------


def tries(session: Led, side: str) -> None:
    """A movement that is too small to be counted, with a stop."""
    session.frames(2.0, excursion=3.0, moving=side)
    session.frames(SETTLE_S + 0.5)


def test_who_tried_twice_is_led_on() -> None:
    session = led(BEND)
    tries(session, "left")
    assert TOO_LITTLE not in " ".join(session.said)
    tries(session, "left")
    assert session.said[-1] == f"{TOO_LITTLE} {FURTHEST}"
    session.count("left")
    assert session.said[-1] == f"1. Now right side. {SLOWLY}"
    for _ in range(3):
        guidance = session.count("right")
    assert guidance.stage is Stage.DONE


def test_who_moves_too_little_to_be_seen_is_led_on_to_the_end() -> None:
    session = led(BEND)
    guidance = session.frames(4 * (WAIT_S + 2.0))
    assert guidance.stage is Stage.DONE
    assert [text for text in session.said if TOO_LITTLE in text] == [
        f"{TOO_LITTLE} {FURTHEST}",
        f"{TOO_LITTLE} Now right side. {SLOWLY}",
        f"{TOO_LITTLE} {FURTHEST}",
        TOO_LITTLE,
    ]


def test_one_that_counted_is_enough_to_go_on_from() -> None:
    session = led(HINGE)
    session.count()
    tries(session, "both")
    tries(session, "both")
    assert session.said[-1] == f"{TOO_LITTLE} {FURTHEST}"
    session.count()
    assert "Well done. That is all." in session.said


def test_nobody_is_led_on_while_they_cannot_be_seen_or_have_not_waited() -> None:
    session = led(BEND)
    session.frames(2 * WAIT_S, hint="Step back.")
    session.frames(WAIT_S - 1.0)
    assert TOO_LITTLE not in " ".join(session.said)


@pytest.mark.parametrize(
    ("first", "says", "is_measured"),
    [(5.0, [f"1. {SLOWLY}", f"2. {FURTHEST}"], True), (2.8, [f"{TOO_LITTLE} {FURTHEST}"], False)],
)
def test_pain_that_begins_early_is_led_from_real_poses(first: float, says: list[str], is_measured: bool) -> None:
    track = bends(first, first, 15, -20, -20, -25)
    exercise = find_exercise(BEND)
    engine = Engine(exercise, track.width, track.height, to_first_pain=2)
    protocol = ToFirstPain(exercise, 2)
    coach = Coach(exercise, settle=engine.settle, protocol=protocol)
    said = []
    for pose in poses_of(track):
        guidance = coach.feed(engine.feed(pose))
        said += [u.text for u in guidance.say if u.kind in {"stage", "end"}]
    assert guidance.stage is Stage.DONE
    assert [text for text in said if text in says][: len(says)] == says
    left, right = engine.finish(UNNAMED, led_on=protocol.led_on_s).assessment.ranges
    assert (left.first is not None) is is_measured
    assert left.reason_code == (None if is_measured else "below_smallest")
    assert left.furthest is not None
    assert left.furthest.value == pytest.approx(15, abs=2.0)
    assert right.first is not None
    assert right.first.value == pytest.approx(20, abs=2.0)


def test_what_was_led_is_what_is_measured() -> None:
    """Poses of somebody who follows: the counts of the coach, and the ranges of the result."""
    track = bends(14, 16, 25, -20, -22, -28)
    exercise = find_exercise(BEND)
    engine = Engine(exercise, track.width, track.height, to_first_pain=2)
    coach = Coach(exercise, settle=engine.settle, protocol=ToFirstPain(exercise, 2))
    said = []
    for pose in poses_of(track):
        guidance = coach.feed(engine.feed(pose))
        said += [u.text for u in guidance.say if u.kind in {"stage", "end"}]
    assert guidance.stage is Stage.DONE
    assert [text for text in said if SLOWLY in text or FURTHEST in text] == [
        f"Begin, left side. {SLOWLY}",
        f"1. {SLOWLY}",
        f"2. {FURTHEST}",
        f"3. Now right side. {SLOWLY}",
        f"1. {SLOWLY}",
        f"2. {FURTHEST}",
    ]
    by_side = {r.side: r for r in engine.finish(UNNAMED).assessment.ranges}
    for side, first, furthest in (("left", 15, 25), ("right", 21, 28)):
        one = by_side[side]
        assert one.first is not None
        assert one.furthest is not None
        assert one.first.value == pytest.approx(first, abs=2.0)
        assert one.furthest.value == pytest.approx(furthest, abs=2.0)
