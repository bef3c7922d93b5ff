"""What can be set for one person: which movement has a target or a limit, and why something does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from checker.care.followed import main_followed
from checker.care.overrides import Overrides
from checker.exercise import Exercise
from checker.library.mistakes import check_document
from checker.library.numbers import changeable_numbers, set_number
from checker.words.rules import amount

TARGETED: Final = frozenset({"change", "value", "hold_time", "count"})
"""Ways of taking the main measure that a target can be set for."""


def can_have_target(exercise: Exercise) -> bool:
    """Whether a target can be set: of how far, how long or how often."""
    return exercise.is_measured and exercise.main_measure.of in TARGETED


def can_be_limited(exercise: Exercise) -> bool:
    """Whether a limit can be set: a signal tells at every moment how far it goes, or where a posture is."""
    if not exercise.is_measured:
        return False
    of = exercise.main_measure.of
    return of == "change" or (of == "value" and exercise.repetition is None)


def why_not(kind: str, data: Mapping[str, Any], exercise: Exercise | None, found: Overrides) -> str | None:
    """Why something cannot be set for somebody, in one line; None where it can.

    Args:
        kind: of the event that would set it.
        data: that belongs to it.
        exercise: its movement as its file has it; None where it is of none, or is not here.
        found: what holds for the person now.
    """
    if kind in {"dose_set", "number_set", "target_set", "limit_set", "exercise_barred", "exercise_added"}:
        if exercise is None:
            return "Choose a movement: there is none like this here."
        looks = {"dose_set": _why_no_dose, "number_set": _why_no_number}
        if kind in looks:
            return looks[kind](data, exercise)
        if kind in {"target_set", "limit_set"}:
            return _why_no_size(kind, data, exercise, found)
    return None


def _why_no_dose(data: Mapping[str, Any], exercise: Exercise) -> str | None:
    asked = data.get("amount")
    wanted = asked if isinstance(asked, Mapping) else {}
    if not exercise.doses:
        return f"{exercise.name} has no dose: it is not to be done."
    if not any(wanted.get(key) for key in ("repetitions", "hold_s", "duration_s")):
        return "Fill in how many times, how long it is held, or how long it is done."
    return None


def _why_no_number(data: Mapping[str, Any], exercise: Exercise) -> str | None:
    key, value = str(data.get("key")), data.get("value")
    known = {n.key: n for n in changeable_numbers(exercise)}
    if key not in known or not isinstance(value, int | float):
        return "Choose one of the numbers that this movement is judged by."
    if value == known[key].value:
        return f"Nothing to set: it is {amount(known[key].value, known[key].unit)} already."
    document = exercise.model_dump(mode="json")
    set_number(document, key, value)
    _, mistakes = check_document(document)
    return f"{known[key].words}: {mistakes[0][1]}." if mistakes else None


def _why_no_size(kind: str, data: Mapping[str, Any], exercise: Exercise, found: Overrides) -> str | None:
    """Why no such target or limit: there can be none, it is too small, or one lies beyond the other."""
    is_limit, rule = kind == "limit_set", exercise.repetition
    what = "limit" if is_limit else "target"
    if not (can_be_limited(exercise) if is_limit else can_have_target(exercise)):
        return f"{exercise.name} has no {what}: nothing of it is measured that one could be set for."
    sizes = data.get(what)
    if not isinstance(sizes, Mapping) or not sizes:
        return "Fill in a value."
    least = rule.min_excursion if rule is not None and rule.signal == exercise.main_measure.on else 0.0
    unit = main_followed(exercise, exercise.sides[0]).unit
    if any(size <= least for size in sizes.values()):
        more = amount(least, unit) if least else "0"
        return f"Expected more than {more}: smaller movements of {exercise.name} are not counted."
    others = (found.targets if is_limit else found.limits).get(exercise.id, {})
    beyond = [s for s, size in sizes.items() if s in others and (size < others[s] if is_limit else size > others[s])]
    if beyond:
        there = amount(others[beyond[0]], unit)
        if is_limit:
            return f"The limit would lie below the target ({there}): change the target first."
        return f"The target would lie beyond the limit ({there}): change the limit first."
    return None
