"""The measured values of a clip, large enough to read at a glance."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.assessment import Assessment, Measure
from checker.exercise import Exercise
from checker.rules import MeasureRule
from checker.words import values as words


@dataclass(frozen=True, slots=True)
class Card:
    """One value.

    Attributes:
        title: what it is, with its side.
        side: "one", "other" or "": the colour.
        value: with its unit.
        beside: its uncertainty, or the target of a hold.
        notes: what it was taken from and what is often seen.
    """

    title: str
    side: str
    value: str
    beside: str
    notes: list[str] = field(default_factory=list)


def noun(exercise: Exercise) -> str:
    """What is counted: "hold" or "repetition"."""
    return "hold" if exercise.hold else "repetition"


def make_cards(assessment: Assessment, exercise: Exercise) -> list[Card]:
    """A card for each measure that has a value; for a movement that is held, one for the time too."""
    rules = {m.id: m for m in exercise.measures}
    cards = [_card(m, rules.get(m.id), exercise, assessment.hold_target_s) for m in assessment.measured]
    longest_s = max((r.hold_s for r in assessment.reps), default=0.0)
    timed = any(m.of == "hold_time" for m in exercise.measures)
    target_s = assessment.hold_target_s
    if target_s is not None and longest_s > 0 and not timed:
        value, _, target = words.held(longest_s, target_s).partition(" of ")
        n = len(assessment.reps)
        notes = ["in good form", f"longest of {n} {noun(exercise)}s" if n > 1 else f"of one {noun(exercise)}"]
        cards.append(Card("Held", "", value, f"of {target}", notes))
    return cards


def _card(measure: Measure, rule: MeasureRule | None, exercise: Exercise, hold_target_s: float | None) -> Card:
    side = words.side_label(measure.side)
    beside = words.plus_minus(measure)
    if rule is not None and rule.of == "hold_time" and hold_target_s is not None:
        beside = f"of {words.number(hold_target_s, 's')} {beside}"
    return Card(
        title=f"{measure.name} · {side}" if side else measure.name,
        side=words.side_class(measure.side, exercise.sides),
        value=words.quantity(measure),
        beside=beside,
        notes=_notes(measure, rule, noun(exercise)),
    )


def _notes(measure: Measure, rule: MeasureRule | None, one: str) -> list[str]:
    of = rule.of if rule is not None else "change"
    notes = ["in good form"] if of == "hold_time" else []
    if of != "count" and measure.repetitions == 1:
        notes.append(f"from one {one}")
    elif of != "count" and measure.repetitions:
        notes.append(f"middle value of {measure.repetitions} {one}s")
        if measure.best is not None and of in {"change", "hold_time"}:  # the largest is no better otherwise
            best = words.number(measure.best, measure.unit, measure.uncertainty)
            notes.append(f"{'longest' if of == 'hold_time' else 'largest'} {best}")
    notes += [f"band: {measure.band}"] if measure.band else []
    notes += [f"often seen: {measure.expected}"] if measure.expected else []
    return notes + ([words.ESTIMATE] if rule is not None and words.is_estimate(rule) else [])
