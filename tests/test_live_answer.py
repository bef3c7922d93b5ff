"""What the camera page is told about each frame, of every movement on the figure of its own picture."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from analytic_body import poses_of
from moving_figure import MEASURED, filmed

from checker.assessment import ModelInfo
from checker.engine import Engine
from checker.live.coach import Coach
from checker.overlay.angle import JOINTS, LEFT_IS, LINES
from checker.service.live.answer import SHOWS_ANGLE_DEG, AnswerWriter
from checker.signals import CATALOGUE
from checker.track import missing_pose
from checker.ui.live.movement import movement_words

EACH = pytest.mark.parametrize("exercise_id", [e.id for e in MEASURED])
AT_A_JOINT = [e.id for e in MEASURED if e.repetition is not None and e.repetition.signal in {*JOINTS, *LINES, *LEFT_IS}]

LARGEST_DEG = 6.0
"""The engine smooths and corrects what it measures; the lines are drawn where the landmarks are."""


@cache
def answers(exercise_id: str, mirror: bool = False) -> list[dict[str, Any]]:
    """The answers to every frame, as they come through the socket."""
    exercise, track = filmed(exercise_id, mirror)
    engine, coach = Engine(exercise, track.width, track.height), Coach(exercise)
    writer = AnswerWriter(exercise, track.width, track.height)
    out = []
    for pose in [*poses_of(track), missing_pose(float(track.t_s[-1]) + 0.1)]:
        feedback = engine.feed(pose)
        answer = writer.write(pose, engine.start, feedback, coach.feed(feedback))
        out.append(json.loads(json.dumps(answer, allow_nan=False)))
    return out


@EACH
def test_every_movement_is_led_to_its_beginning_and_told_what_it_is(exercise_id: str) -> None:
    exercise, _ = filmed(exercise_id)
    told = answers(exercise_id)
    assert [t["id"] for t in told[0]["ticks"]] == [t["id"] for t in told[-1]["ticks"]]
    assert "moving" in {a["stage"] for a in told}
    assert all(0 <= v <= 1 for a in told if a["landmarks"] for x, y, v in a["landmarks"])
    assert all(len(a["landmarks"]) == 33 for a in told[:-1])
    assert all(a["hurt"] is None and not a["offer_end"] for a in told)
    assert told[-1]["landmarks"] is None
    assert told[-1]["angle"] is None
    words = json.loads(json.dumps(movement_words(exercise, exercise.doses[0]), allow_nan=False))
    assert set(words["sides"] or ["both"]) == set(told[-1]["counts"])
    assert words["pictureWords"].startswith(exercise.name)
    if exercise.repetition is not None:
        assert words["unit"] == CATALOGUE[exercise.repetition.signal].unit


@pytest.mark.parametrize("mirror", [False, True], ids=["one side", "other side"])
@pytest.mark.parametrize("exercise_id", AT_A_JOINT)
def test_the_angle_is_drawn_as_wide_as_its_number_says(exercise_id: str, mirror: bool) -> None:
    drawn = [a["angle"] for a in answers(exercise_id, mirror) if a["angle"]]
    assert len(drawn) > 10
    told = np.array([float(angle["text"].removesuffix("°")) for angle in drawn])
    wide = np.array([abs(angle["to"] - angle["from"]) for angle in drawn])
    assert told.min() >= SHOWS_ANGLE_DEG - 0.5
    assert np.median(np.abs(told - wide)) < LARGEST_DEG
    assert all(0 <= share <= 1 for angle in drawn for share in angle["at"])


def test_the_back_is_drawn_where_it_is_what_counts() -> None:
    backs = [a["back"] for a in answers("cat_cow") if a["ready"] and a["landmarks"]]
    assert all(back and len(back) > 5 for back in backs)
    assert not any(a["back"] for a in answers("bridge"))
    hip = np.array(answers("cat_cow")[-2]["landmarks"])[[23, 24], :2].mean(axis=0)
    assert np.array(backs[-1])[:, 1].mean() < hip[1]  # on hands and knees, the back is above


def test_the_dose_is_told_from_its_least_to_its_most() -> None:
    for exercise in MEASURED:
        last = answers(exercise.id)[-1]
        wanted = exercise.doses[0].repetitions
        if wanted is not None:
            ends = [n * exercise.doses[0].sets for n in (min(np.atleast_1d(wanted)), max(np.atleast_1d(wanted)))]
            assert [last["target"], last["most"]] == ends, exercise.id
        else:
            assert last["target"] == last["most"], exercise.id


def test_the_best_is_shown_once_it_was_counted() -> None:
    told = answers("squat")
    before = [a for a in told if not any(a["counts"].values())]
    after = [a for a in told if any(a["counts"].values())]
    assert max(a["reach"] or 0.0 for a in before) > 60
    assert {a["best"] for a in before} == {0.0}
    [best] = {a["best"] for a in after}
    assert best == max(a["reach"] or 0.0 for a in told)


def test_where_it_hurt_is_told_from_then_on() -> None:
    exercise, track = filmed("squat")
    engine, coach = Engine(exercise, track.width, track.height), Coach(exercise)
    writer = AnswerWriter(exercise, track.width, track.height)
    hurt_at = []
    for pose in poses_of(track):
        feedback = engine.feed(pose)
        answer = writer.write(pose, engine.start, feedback, coach.feed(feedback))
        assert answer["hurt"] == (hurt_at[0]["reach"] if hurt_at else None)
        if not hurt_at and (answer["reach"] or 0.0) > 40:
            coach.mark_pain(pose.t_s)
            hurt_at.append(answer)
    [mark] = engine.finish(ModelInfo(name="figure", sha256="0" * 64), pain_s=coach.pain_s).assessment.pain
    assert mark.t_s == pytest.approx(hurt_at[0]["t"], abs=0.01)
    assert mark.excursion == pytest.approx(hurt_at[0]["reach"], abs=LARGEST_DEG)
