"""Which numbers of a movement were set for a patient: what it has otherwise than the shipped one, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from checker.assessment import Override
from checker.exercise import Exercise
from checker.judging.measures import unit_of
from checker.library.files import EXERCISES_DIR, ExerciseError, find_exercise
from checker.library.numbers import Number, changeable_numbers
from checker.words.rules import amount

_SET_BY: Final = re.compile(r"Set on (\d{4}-\d{2}-\d{2}) by ([^:]+?)(?:, was [^:]*)?: ")
"""How the source begins of what was set: see `checker.library.numbers.set_note`."""


def differences(shipped: Exercise, own: Exercise) -> list[tuple[Number, float | None]]:
    """The numbers of the user's own file that the shipped one has otherwise, with the shipped value."""
    before = {n.key: n.value for n in changeable_numbers(shipped)}
    return [(n, before.get(n.key)) for n in changeable_numbers(own) if n.value != before.get(n.key)]


def overrides_of(exercise: Exercise, *, shipped: Path = EXERCISES_DIR) -> list[Override]:
    """The numbers of a movement that were set for a patient: those that differ from the shipped one, and the targets.

    Of a movement that is not shipped, those whose source says that somebody set them.
    """
    try:
        original = find_exercise(exercise.id, shipped=shipped)
        found = [_override(number, was) for number, was in differences(original, exercise)]
    except ExerciseError:
        found = [_override(n, None) for n in changeable_numbers(exercise) if _SET_BY.match(n.source)]
    return [*found, *_targets(exercise)]


def override_lines(overrides: Iterable[Override], exercise: Exercise | None = None) -> list[str]:
    """Each in words: "Knees bending: knee flexion, ...: 20 degrees instead of 15 degrees; Phil, 27 November 2026".

    Args:
        overrides: of a result.
        exercise: the movement that it was judged by; without it, numbers are named by their keys.
    """
    if exercise is None:
        return [_line(one, one.key) for one in overrides]
    names = {n.key: n.words for n in changeable_numbers(exercise)}
    names |= {_target_key(m.id, s): f"{m.name}: target{_of(s)}" for m in exercise.measures for s in _sides(exercise)}
    return [_line(one, names.get(one.key, one.key)) for one in overrides]


def _line(one: Override, name: str) -> str:
    instead = "" if one.shipped is None else f" instead of {amount(one.shipped, one.unit)}"
    by = ", ".join(filter(None, [one.who, f"{one.when.day} {one.when:%B %Y}" if one.when is not None else None]))
    return f"{name}: {amount(one.value, one.unit)}{instead}{f'; {by}' if by else ''}"


def _override(number: Number, was: float | None) -> Override:
    who, when = _said(number.source)
    return Override(key=number.key, value=number.value, shipped=was, unit=number.unit, who=who, when=when)


def _targets(exercise: Exercise) -> Iterator[Override]:
    for measure in exercise.measures:
        if measure.target is not None:
            who, when = _said(measure.target.source)
            for side, value in measure.target.by_side.items():
                key = _target_key(measure.id, side)
                yield Override(key=key, value=value, shipped=None, unit=unit_of(measure), who=who, when=when)


def _target_key(measure_id: str, side: str) -> str:
    return f"measures.{measure_id}.target.{side}"


def _sides(exercise: Exercise) -> list[str]:
    return [side or "both" for side in exercise.sides]


def _of(side: str) -> str:
    return "" if side == "both" else f", {side}"


def _said(source: str) -> tuple[str | None, date | None]:
    """Who set something, and on which day, as its source says; None where it does not."""
    found = _SET_BY.match(source)
    return (None, None) if found is None else (found[2], _day(found[1]))


def _day(text: str) -> date | None:
    """A day as the source has it; None where somebody wrote one that there is not."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
