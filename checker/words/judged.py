"""How a movement is judged: every rule in plain words, with where its numbers come from.

The page and the printed report lay out these rules, and say nothing of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from checker.exercise import Exercise
from checker.fault_rules import limits_of
from checker.rules import Sourced, Status
from checker.words.rules import STATUS_WORDS, fault_words, measure_words, pace_words, repetition_words

Group = Literal["counted", "measured", "looked for"]

HEADINGS: Final[dict[Group, str]] = {
    "counted": "What counts",
    "measured": "What is measured",
    "looked for": "What is looked out for",
}
"""The heading of each group of rules."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from.

    Attributes:
        status: of the number.
        text: names the source.
    """

    status: Status
    text: str

    @property
    def label(self) -> str:
        """The status, to stand before the text: "Clinical judgement"."""
        return STATUS_WORDS[self.status].capitalize()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an exercise file.

    Attributes:
        group: what it is for.
        subject: what it is about.
        words: the rule in sentences.
        sources: where its numbers come from, each source once.
        cue: the advice to the person where the rule flags something; None for other rules.
    """

    group: Group
    subject: str
    words: str
    sources: list[Source]
    cue: str | None = None


def list_rules(exercise: Exercise) -> Iterator[Rule]:
    """Yield everything that an exercise is judged by, in the order of its file."""
    counted = exercise.hold or exercise.repetition
    if counted is not None:
        subject = "A hold" if exercise.hold else "A repetition"
        conditions = exercise.hold.conditions if exercise.hold else []
        yield Rule("counted", subject, repetition_words(exercise), sources_of([counted, *conditions]))
    if exercise.pace is not None:
        yield Rule("counted", "The rhythm", pace_words(exercise.pace), sources_of([exercise.pace]))
    for measure in exercise.measures:
        words = measure_words(measure, exercise.hold is not None)
        yield Rule("measured", measure.name, words, sources_of(filter(None, [measure, measure.target])))
    for fault in exercise.faults:
        yield Rule("looked for", fault.name, fault_words(fault, exercise), sources_of(limits_of(fault)), fault.cue)


def sources_of(numbers: Iterable[Sourced]) -> list[Source]:
    """Return the sources of some numbers, each once."""
    return list(dict.fromkeys(Source(n.status, n.source) for n in numbers))
