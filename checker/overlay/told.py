"""What a frame says in words: how many so far, and how far now."""

from __future__ import annotations

from checker.assessment import UNIT_LABELS
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.signals import CATALOGUE


def count_words(analysis: Analysis, exercise: Exercise, time_s: float) -> str:
    """The repetitions finished by a time: "Repetitions 2", "Left 1  ·  Right 0"; nothing for a single hold."""
    if exercise.repetition is None:
        return ""
    done = [r.side for r in analysis.assessment.reps if r.end_s <= time_s]
    sides = [s for s in exercise.sides if s is not None]
    if not sides:
        return f"Repetitions {len(done)}"
    shown = sorted(sides, key=lambda s: s == "right")  # left before right, whichever is positive
    return "  ·  ".join(f"{_plain(s).capitalize()} {done.count(s)}" for s in shown)


def value_words(analysis: Analysis, exercise: Exercise, value: float) -> str:
    """A value of the drawn signal: "28° left"; with its name before it where several are measured."""
    drawn, rule = analysis.drawn, exercise.repetition
    unit = analysis.signals[drawn].unit
    sides = [s for s in exercise.sides if s is not None]
    sided = bool(sides) and rule is not None and (drawn == rule.signal or CATALOGUE[drawn].sided)
    if rule is not None and rule.direction == "fall" and drawn == rule.signal:
        value = -value  # told as the report tells it: how far it went
    number = _number(abs(value) if sided else value, unit)
    if sided and number != _number(0.0, unit):
        number += f" {_plain(sides[0] if value > 0 else sides[1])}"
    return f"{_name(analysis, exercise)}{number}"


def _name(analysis: Analysis, exercise: Exercise) -> str:
    """The measure's name where a bare number would leave open what it is: of several, or no angle drawn."""
    main, trace = exercise.main_measure, analysis.signals[analysis.drawn]
    if trace.unit != "deg":
        return f"{trace.name} "
    several = len({m.on for m in exercise.measures}) > 1
    return f"{main.name} " if several and main.on == analysis.drawn else ""


def _number(value: float, unit: str) -> str:
    if unit == "deg":
        return f"{round(value)}°".replace("-", "−")
    number = f"{value:.2f}"
    return f"{number if float(number) else '0.00'}{UNIT_LABELS.get(unit, ' ' + unit)}".replace("-", "−")


def _plain(side: str) -> str:
    return side.replace("_", " ")
