"""Which movements of the library are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from checker.exercise import Exercise, Kind
from checker.library import Entry

KIND_HEADINGS: Final[dict[Kind, str]] = {
    "self_test": "Self-tests",
    "exercise": "Exercises",
    "guided": "Guided, without a camera",
    "avoid": "Not while it hurts",
}
"""In the order in which they are shown."""

NOTHING: Final = "nothing"
"""Stands among the things one may have."""

THINGS: Final = ("chair", "bed", "mat", "wall", "table", "exercise ball", "tennis ball", "foam roller", "box")
"""What is known by one word; files say more: "a chair without armrests", "a bed, a bench or a chair"."""

OPTIONAL: Final = ("if you like", "or nothing")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; what is empty asks for nothing.

    Attributes:
        text: words that must all occur somewhere in a movement's texts.
        have: what is at hand: only movements that need no more than this.
        kinds: those to show.
    """

    text: str = ""
    position: str | None = None
    phase: int | None = None
    have: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()

    def suits(self, exercise: Exercise) -> bool:
        """Return whether a movement is among those asked for."""
        return (
            self.position in {None, exercise.position}
            and (self.phase is None or self.phase in exercise.phases)
            and (not self.have or all(self.have & either for either in needs(exercise)))
            and (not self.kinds or exercise.kind in self.kinds)
            and all(word in _text(exercise) for word in self.text.casefold().split())
        )


def grouped(entries: Iterable[Entry], filters: Filters) -> list[tuple[Kind, list[Entry]]]:
    """Return the movements asked for by kind, each kind in the order of names; kinds without any are left out."""
    chosen = sorted((e for e in entries if filters.suits(e.exercise)), key=lambda e: e.exercise.name)
    groups = [(kind, [e for e in chosen if e.exercise.kind == kind]) for kind in KIND_HEADINGS]
    return [(kind, group) for kind, group in groups if group]


def needs(exercise: Exercise) -> list[set[str]]:
    """Return what a movement cannot be done without, each with its alternatives.

    Of the things known by one word any one that is named will do; anything else is a thing of its own.
    """
    asked = [line for line in exercise.equipment if not any(words in line for words in OPTIONAL)]
    return [{t for t in THINGS if re.search(rf"\b{t}s?\b", line)} or {line} for line in asked]


def equipment(entries: Iterable[Entry]) -> list[str]:
    """Return everything that some movement needs, what is known by one word first."""
    things = {thing for e in entries for either in needs(e.exercise) for thing in either}
    return sorted(things, key=lambda t: (t not in THINGS, t))


def _text(exercise: Exercise) -> str:
    parts = [exercise.name, exercise.id.replace("_", " "), exercise.summary, exercise.why, *exercise.steps]
    return " ".join([*parts, *exercise.equipment, exercise.position.replace("_", " ")]).casefold()
