"""The targets that a physio has set for a person: a Goal each. They are made from the events, which carry them back."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from checker.care.followed import main_followed
from checker.care.overrides import by_side, last_day, taken_back
from checker.care.records import Event, History
from checker.fhir import codes
from checker.fhir.parts import Resource, concept, derived, quantity, reference, resource, text
from checker.library import ExerciseError, find_exercise

UNKNOWN: Final = ("main measure", "")


def goals(history: History) -> list[Resource]:
    """Return a Goal for each target that a physio has set, and who set it.

    One that was taken back, or set anew for all of its sides, is cancelled.
    """
    back = taken_back(history, date.max)
    of = {e.id: targets for e in history.events if (targets := _targets(e))}
    newest = {(e.data["exercise"], side): e.id for e in history.events if e.id not in back for side in of.get(e.id, ())}
    holding = set(newest.values())
    return [r for e in history.events if e.id in of for r in _goal(e, of[e.id], e.id in holding)]


def _targets(event: Event) -> dict[str, float]:
    """What an event asks for, by the side; empty where it sets no target."""
    exercise = event.data.get("exercise")
    if event.kind != "target_set" or event.who != "physio" or not isinstance(exercise, str) or not text(exercise):
        return {}
    return {side: value for side, value in by_side(event.data.get("target")).items() if math.isfinite(value)}


def _goal(event: Event, targets: dict[str, float], is_holding: bool) -> list[Resource]:
    who, exercise = derived(event.id, "who"), str(event.data["exercise"])
    key, unit = _measure_of(exercise)
    written = codes.UNITS[unit][1] if unit in codes.UNITS else unit
    words = f"{exercise}: at least {', '.join(f'{value:g} {written} {side}' for side, value in targets.items())}"
    until = last_day(event)
    due = {} if until is None else {"dueDate": until.isoformat()}
    made = resource(
        "Goal",
        derived(event.id, "goal"),
        f"{words} ({event.reason})",
        lifecycleStatus="active" if is_holding else "cancelled",
        description=concept(words=words),
        subject=reference(event.person_id),
        startDate=event.day.isoformat(),
        target=[
            {"measure": _measure(key, side), "detailRange": {"low": quantity(value, unit)}} | due
            for side, value in targets.items()
        ],
        expressedBy=reference(who),
        note=[{"text": text(event.reason)}] if text(event.reason) else [],
    )
    name = [{"text": text(event.name)}] if text(event.name) else []
    return [resource("Practitioner", who, event.name, name=name), made]


def _measure(key: str, side: str) -> Resource:
    """The measure that a target is of, as the values of a session name it."""
    of_side = key if side == "both" else f"{key}/{side}"
    return concept((codes.MEASURE, of_side, None), words=of_side)


def _measure_of(exercise: str) -> tuple[str, str]:
    """The main measure of a movement, and its unit; of a movement that is not here nothing is known."""
    try:
        of = find_exercise(exercise)
    except ExerciseError:
        return UNKNOWN
    if not of.is_measured:
        return UNKNOWN
    followed = main_followed(of, of.sides[0])
    return followed.measure.id, followed.unit
