"""The measured values of a clip as cards, large enough to read at a glance."""

from __future__ import annotations

import html
from itertools import groupby

from checker.assessment import Measure
from checker.exercise import Exercise
from checker.rules import MeasureOf
from checker.ui.repetitions import noun
from checker.ui.words import BODY_LENGTHS, counted, sentence, side_label, told


def cards(measures: list[Measure], exercise: Exercise) -> str:
    """One card a measure, its sides beside each other, as HTML."""
    ordered = sorted(measures, key=lambda m: [x.id for x in measures].index(m.id))
    shown = [_card(list(group), exercise) for _, group in groupby(ordered, key=lambda m: m.id)]
    return f'<div class="bc-cards">{"".join(shown)}</div>'


def _card(group: list[Measure], exercise: Exercise) -> str:
    taken: MeasureOf = next((m.of for m in exercise.measures if m.id == group[0].id), "change")
    numbers = "".join(f"<div>{_number(m, taken, noun(exercise))}</div>" for m in group)
    feet = []
    if group[0].unit in BODY_LENGTHS and any(m.value is not None for m in group):
        feet.append(f"Of {BODY_LENGTHS[group[0].unit]}")
    expected = next((m.expected for m in group if m.expected and m.value is not None), None)
    if expected:
        feet.append(f"Often seen: {expected}")
    foot = "".join(f'<p class="bc-note">{html.escape(line)}</p>' for line in feet)
    return (
        f'<div class="bc-card" data-measure="{html.escape(group[0].id)}"><h3>{html.escape(group[0].name)}</h3>'
        f'<div class="bc-sides">{numbers}</div>{foot}</div>'
    )


def _number(measure: Measure, taken: MeasureOf, one: str) -> str:
    """A value with its uncertainty and what it was taken from; or why there is none."""
    side = side_label(measure.side)
    label = f'<div class="bc-side">{html.escape(side)}</div>' if side else ""
    if measure.value is None or measure.uncertainty is None:
        reason = html.escape(sentence(measure.reason or ""))
        return f'{label}<div class="bc-none">Not measured</div><p class="bc-reason">{reason}</p>'
    exact = f"±{told(measure.uncertainty, measure.unit, measure.uncertainty)}" if taken != "count" else ""
    band = f'<p class="bc-reason">{html.escape(measure.band)}</p>' if measure.band else ""
    return (
        f'{label}<div class="bc-number" data-side="{html.escape(measure.side or "")}">'
        f"{told(measure.value, measure.unit, measure.uncertainty)} <small>{exact}</small></div>"
        f'{band}<p class="bc-note">{html.escape(_taken_from(measure, taken, one))}</p>'
    )


def _taken_from(measure: Measure, taken: MeasureOf, one: str) -> str:
    if taken == "count" or measure.repetitions < 1:
        return ""
    if measure.repetitions == 1:
        return counted(1, one)
    notes = f"middle of {counted(measure.repetitions, one)}"
    if measure.best is None or taken not in {"change", "hold_time"}:  # the largest is no better otherwise
        return notes
    largest = "longest" if taken == "hold_time" else "largest"
    return f"{notes}, {largest} {told(measure.best, measure.unit, measure.uncertainty)}"
