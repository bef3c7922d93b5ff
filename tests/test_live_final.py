"""What is said while somebody moves is what the result says: for every exercise and every fault."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from analytic_body import poses_of
from scripted import act, scripted_signals

from checker.assessing import UNNAMED
from checker.assessment import Assessment
from checker.engine import Engine
from checker.exercise import Exercise
from checker.fault_rules import FaultRule, SideDifferenceFault
from checker.library import list_exercises

WITHIN_S = 0.5

TOO_QUICK_TO_BE_CERTAIN = {("sit_to_stand", "drops_down")}
"""A way of 0.6 s is read to 0.23 s, and smoothing lets none look shorter than 0.37: it is unsure at most."""

ACTS = [
    (exercise, fault)
    for exercise in list_exercises()
    if exercise.is_measured
    for fault in [None, *exercise.faults]
    if fault is None or not fault.out_of_reach
]


@dataclass
class Told:
    """What was said live.

    Attributes:
        faults: ids, each once.
        held_s: the time held of each repetition or hold, in order.
    """

    faults: set[str] = field(default_factory=set)
    held_s: list[float] = field(default_factory=list)


def done(exercise: Exercise, fault: FaultRule | None) -> tuple[Told, Assessment]:
    """An act, judged frame by frame and as a whole."""
    script = act(exercise, fault)
    told, last_s = Told(), 0.0
    with scripted_signals(exercise):
        engine = Engine(exercise, script.track.width, script.track.height)
        for pose in poses_of(script.track):
            feedback = engine.feed(pose)
            told.faults |= {seen.id for seen in feedback.faults}
            if last_s and feedback.moving is None and (exercise.repetition or not feedback.hold_s):
                told.held_s.append(last_s)
            last_s = feedback.hold_s if feedback.moving or exercise.hold else 0.0
        if last_s:
            told.held_s.append(last_s)
        return told, engine.finish(UNNAMED).assessment


@pytest.mark.parametrize(("exercise", "fault"), ACTS, ids=[f"{e.id}-{f.id if f else 'none'}" for e, f in ACTS])
def test_live_and_result_agree(exercise: Exercise, fault: FaultRule | None) -> None:
    told, result = done(exercise, fault)
    flagged = {f.id for f in result.flagged}
    if fault is not None and (exercise.id, fault.id) not in TOO_QUICK_TO_BE_CERTAIN:
        assert fault.id in flagged, "the act does not show its fault"
    compared = {f.id for f in exercise.faults if isinstance(f, SideDifferenceFault)}  # of the whole, not of a moment
    assert told.faults == flagged - compared
    assert result.reps
    for live_s, rep in zip(told.held_s, result.reps, strict=False):
        assert live_s == pytest.approx(rep.hold_s, abs=WITHIN_S)
