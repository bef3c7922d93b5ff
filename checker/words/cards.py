"""The measured values of a clip as cards: what stands large on the page and in the printed report."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.assessment import Assessment, Measure
from checker.exercise import Exercise
from checker.rules import MeasureOf, MeasureRule
from checker.words import values as words


@dataclass(frozen=True, slots=True)
class Card:
    """One value of one side, or why there is none.

    Attributes:
        measure: id of the measure; cards of one measure stand one after the other.
        name: what is measured.
        side: as the result names it; None where there are no sides.
        colour: "one", "other" or "".
        value: with its unit; None where it was not measured.
        beside: its uncertainty, or the target of a hold.
        reason: why there is no value.
        band: the class that it lies in, where there are classes.
        notes: what the value was taken from.
        about: what is to be known of the measure, the same for both sides.
    """

    measure: str
    name: str
    side: str | None
    colour: str
    value: str | None
    beside: str = ""
    reason: str = ""
    band: str = ""
    notes: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The side as a heading; empty where there are none."""
        return words.side_label(self.side)

    @property
    def title(self) -> str:
        """What it is, with its side."""
        return f"{self.name} · {self.label}" if self.label else self.name


def noun(exercise: Exercise) -> str:
    """Return what is counted: "hold" or "repetition"."""
    return "hold" if exercise.hold is not None else "repetition"


def make_cards(assessment: Assessment, exercise: Exercise) -> list[Card]:
    """Return a card for each measure; for repetitions that are held, one for the time too."""
    ids = [m.id for m in assessment.measures]
    measures = sorted(assessment.measures, key=lambda m: ids.index(m.id))
    cards = [_card(m, exercise, assessment.hold_target_s) for m in measures]
    longest_s = max((r.hold_s for r in assessment.reps), default=0.0)
    timed = any(m.of == "hold_time" for m in exercise.measures)
    target_s = assessment.hold_target_s
    if target_s is not None and longest_s > 0 and not timed:
        n, one = len(assessment.reps), noun(exercise)
        notes = ["in good form", f"longest of {words.counted(n, one)}" if n > 1 else f"of one {one}"]
        of = f"of {words.number(target_s, 's')}"
        cards.append(Card("held", "Held", None, "", words.held(longest_s, None), of, notes=notes))
    return cards


def _card(measure: Measure, exercise: Exercise, hold_target_s: float | None) -> Card:
    rule = next((r for r in exercise.measures if r.id == measure.id), None)
    colour = words.side_class(measure.side, exercise.sides)
    if measure.value is None:
        return Card(measure.id, measure.name, measure.side, colour, None, reason=measure.reason or "")
    of: MeasureOf = rule.of if rule is not None else "change"
    beside = words.plus_minus(measure)
    if of == "hold_time" and hold_target_s is not None:
        beside = f"of {words.number(hold_target_s, 's')} {beside}"
    return Card(
        measure=measure.id,
        name=measure.name,
        side=measure.side,
        colour=colour,
        value=words.quantity(measure),
        beside=beside,
        band=measure.band or "",
        notes=[*filter(None, [words.target_words(measure)]), *_notes(measure, of, noun(exercise))],
        about=_about(measure, rule),
    )


def _notes(measure: Measure, of: MeasureOf, one: str) -> list[str]:
    """Return what a value was taken from."""
    notes = ["in good form"] if of == "hold_time" else []
    if of == "count" or not measure.repetitions:
        return notes
    if measure.repetitions == 1:
        return [*notes, f"from one {one}"]
    notes.append(f"middle value of {words.counted(measure.repetitions, one)}")
    if measure.best is not None and of in {"change", "hold_time"}:  # the largest is no better otherwise
        best = words.number(measure.best, measure.unit, measure.uncertainty)
        notes.append(f"{'longest' if of == 'hold_time' else 'largest'} {best}")
    return notes


def _about(measure: Measure, rule: MeasureRule | None) -> list[str]:
    """Return what is to be known of a measure."""
    about = [f"of {words.BODY_LENGTHS[measure.unit]}"] if measure.unit in words.BODY_LENGTHS else []
    about += [f"often seen: {measure.expected}"] if measure.expected else []
    return about + ([words.ESTIMATE] if rule is not None and words.is_estimate(rule) else [])
