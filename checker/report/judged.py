"""How a movement is judged: every rule in plain words, with where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.exercise import Exercise
from checker.fault_rules import FaultRule, PastFault
from checker.words.rules import fault_words, measure_words, pace_words, repetition_words, source_words


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the exercise file.

    Attributes:
        subject: what it is about.
        words: the rule in a sentence.
        sources: where its numbers come from, each with its status.
    """

    subject: str
    words: str
    sources: list[str]


def list_rules(exercise: Exercise) -> Iterator[Rule]:
    """Everything that an exercise is judged by, in the order of its file."""
    counted = exercise.hold or exercise.repetition
    if counted is not None:
        subject = "A hold" if exercise.hold else "A repetition"
        conditions = exercise.hold.conditions if exercise.hold else []
        sources = [source_words(r) for r in (counted, *conditions)]
        yield Rule(subject, repetition_words(exercise), list(dict.fromkeys(sources)))
    if exercise.pace is not None:
        yield Rule("The rhythm", pace_words(exercise.pace), [source_words(exercise.pace)])
    for measure in exercise.measures:
        yield Rule(measure.name, measure_words(measure, bool(exercise.hold)), [source_words(measure)])
    for fault in exercise.faults:
        yield Rule(fault.name, fault_words(fault, exercise), _sources(fault))


def _sources(fault: FaultRule) -> list[str]:
    """Each source of a fault's numbers once."""
    numbers = fault.conditions if isinstance(fault, PastFault) else [fault]
    return list(dict.fromkeys(source_words(n) for n in numbers))
