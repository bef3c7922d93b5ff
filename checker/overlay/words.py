"""The words on a frame: how many repetitions so far, and how far now."""

from __future__ import annotations

from typing import Final

from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.signals import CATALOGUE
from checker.words.values import COARSE_DEG, number, side_label

WHOLE: Final = COARSE_DEG
"""A number that changes from frame to frame is read without decimals."""


def count_words(analysis: Analysis, exercise: Exercise, time_s: float) -> str:
    """Return the repetitions finished by a time: "Repetitions 2", "Left 1  ·  Right 0"; nothing for a single hold."""
    if exercise.repetition is None:
        return ""
    done = [r.side for r in analysis.assessment.reps if r.end_s <= time_s]
    sides = [s for s in exercise.sides if s is not None]
    if not sides:
        return f"Repetitions {len(done)}"
    shown = sorted(sides, key=lambda s: s == "right")  # left before right, whichever is positive
    return "  ·  ".join(f"{side_label(s)} {done.count(s)}" for s in shown)


def value_words(analysis: Analysis, exercise: Exercise, value: float) -> str:
    """Return a value of the drawn signal: "28° left"; with its name before it where several are measured."""
    drawn, rule = analysis.drawn, exercise.repetition
    unit = analysis.signals[drawn].unit
    sides = [s for s in exercise.sides if s is not None]
    sided = bool(sides) and rule is not None and (drawn == rule.signal or CATALOGUE[drawn].sided)
    if rule is not None and rule.direction == "fall" and drawn == rule.signal:
        value = -value  # as the report says it: how far it went
    text = number(abs(value) if sided else value, unit, WHOLE)
    if sided and text != number(0.0, unit, WHOLE):
        text += f" {side_label(sides[0] if value > 0 else sides[1]).lower()}"
    return f"{_name(analysis, exercise)}{text}"


def _name(analysis: Analysis, exercise: Exercise) -> str:
    """Return the measure's name where a bare number is not clear: one of several, or no angle drawn."""
    main, trace = exercise.main_measure, analysis.signals[analysis.drawn]
    if trace.unit != "deg":
        return f"{trace.name} "
    several = len({m.on for m in exercise.measures}) > 1
    return f"{main.name} " if several and main.on == analysis.drawn else ""
