"""Why this number: its formula in words, what its ± is made of, and how much of it was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checker.assessment import Measure
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.words.cards import noun
from checker.words.rules import measure_words
from checker.words.values import ESTIMATE, counted, number, plus_minus, side_label


@dataclass(frozen=True, slots=True)
class Why:
    """What stands behind one number.

    Attributes:
        formula: what it is, and what it was taken from.
        parts: what its ± is made of: (what, how much).
        uncertainty: what the ± says of it; empty where there is none.
        seen: how many of the pictures it could be read in.
    """

    formula: str
    parts: list[tuple[str, str]]
    uncertainty: str
    seen: str


def why(measure: Measure, exercise: Exercise, analysis: Analysis) -> Why:
    """Say what stands behind a measure.

    Args:
        measure: one of the analysis that has a value.
        exercise: its movement.
        analysis: what it was found in.
    """
    rule = next(m for m in exercise.measures if m.id == measure.id)
    what = counted(measure.repetitions, noun(exercise))
    taken = f"The median over {what}" if measure.repetitions > 1 else f"Taken from {what}"
    side = f", {side_label(measure.side).lower()}" if side_label(measure.side) else ""
    formula = f"{measure_words(rule, exercise.hold is not None)} {taken}{side}."
    return Why(formula, _parts(measure), _uncertainty(measure), _seen(measure, rule.on, analysis))


def _parts(measure: Measure) -> list[tuple[str, str]]:
    parts = measure.uncertainty_parts
    if parts is None:
        return []
    own = "how exactly it is read from the pictures" + ("" if measure.checked else f" ({ESTIMATE})")
    named = [
        (own, parts.own),
        ("how far the repetitions differ", parts.scatter),
        ("a body turned out of the view", parts.turned),
    ]
    return [(what, f"±{number(value, measure.unit, 0.1)}") for what, value in named]


def _uncertainty(measure: Measure) -> str:
    if not plus_minus(measure):
        return ""
    whole = f"{plus_minus(measure)}: about nine of ten true values lie within it."
    return f"{whole} The parts are added as squares." if measure.uncertainty_parts else whole


def _seen(measure: Measure, signal: str | None, analysis: Analysis) -> str:
    """The share of the pictures of these repetitions, and of all, in which it could be read."""
    whole = f"{analysis.assessment.coverage:.0%} of all pictures show the joints that are needed"
    trace = analysis.signals.get(signal or "")
    during = np.zeros(len(analysis.t_s), bool)
    for rep in analysis.assessment.reps:
        if measure.side is None or rep.side == measure.side:
            during |= (analysis.t_s >= rep.start_s) & (analysis.t_s <= rep.end_s)
    if trace is None or not during.any():
        return f"{whole}."
    share = float(np.isfinite(trace.values[during]).mean())
    return f"It was read in {share:.0%} of the pictures of these repetitions; {whole}."
