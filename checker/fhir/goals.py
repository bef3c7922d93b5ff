"""The targets that a physio has set for a person: a Goal each. They are made from the events, which carry them back."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from checker.care.followed import main_followed
from checker.care.overrides import by_side, last_day, taken_back
from checker.care.records import Event, History
from checker.exercise import Exercise
from checker.fhir import codes
from checker.fhir.clinicians import Clinicians
from checker.fhir.movements import Movements
from checker.fhir.parts import Resource, concept, derived, quantity, reference, resource, text

UNKNOWN: Final = ("main measure", "")


def goals(history: History, movements: Movements, clinicians: Clinicians) -> list[Resource]:
    """Return a Goal for each target that a physio has set; who set it is told to `clinicians`.

    One that was taken back, or set anew for all of its sides, is cancelled.
    """
    back = taken_back(history, date.max)
    of = {e.id: targets for e in history.events if (targets := _targets(e))}
    newest = {(e.data["exercise"], side): e.id for e in history.events if e.id not in back for side in of.get(e.id, ())}
    holding = set(newest.values())
    return [_goal(e, of[e.id], e.id in holding, movements, clinicians) for e in history.events if e.id in of]


def _targets(event: Event) -> dict[str, float]:
    """What an event asks for, by the side; empty where it sets no target."""
    exercise = event.data.get("exercise")
    if event.kind != "target_set" or event.who != "physio" or not isinstance(exercise, str) or not text(exercise):
        return {}
    return {side: value for side, value in by_side(event.data.get("target")).items() if math.isfinite(value)}


def _goal(
    event: Event, targets: dict[str, float], is_holding: bool, movements: Movements, clinicians: Clinicians
) -> Resource:
    exercise = str(event.data["exercise"])
    key, unit = _measure_of(movements.find(exercise))
    called = movements.measure(exercise, key)
    asked = ", ".join(_asked(value, unit, side) for side, value in targets.items())
    words = f"{movements.name(exercise)}: at least {asked}"
    until = last_day(event)
    due = {} if until is None else {"dueDate": until.isoformat()}
    return resource(
        "Goal",
        derived(event.id, "goal"),
        f"{words} ({event.reason})",
        lifecycleStatus="active" if is_holding else "cancelled",
        description=concept(words=words),
        subject=reference(event.person_id),
        startDate=event.day.isoformat(),
        target=[
            {"measure": _measure(key, side, called), "detailRange": {"low": quantity(value, unit)}} | due
            for side, value in targets.items()
        ],
        expressedBy=clinicians.refer_to(event.name, event.id),
        note=[{"text": text(event.reason)}] if text(event.reason) else [],
    )


def _asked(value: float, unit: str, side: str) -> str:
    """A size in words: "30° left"."""
    written = codes.UNITS[unit][1] if unit in codes.UNITS else unit
    size = f"{value:g}{written}" if written.startswith("°") else f"{value:g} {written}".strip()
    return size if side == "both" else f"{size} {side}"


def _measure(key: str, side: str, called: str) -> Resource:
    """The measure that a target is of, by the code that the values of a session have."""
    if side == "both":
        return concept((codes.MEASURE, key, None), words=called)
    return concept((codes.MEASURE, f"{key}/{side}", None), words=f"{called}, {side}")


def _measure_of(of: Exercise | None) -> tuple[str, str]:
    """The main measure of a movement, and its unit; of a movement that is not here nothing is known."""
    if of is None or not of.is_measured:
        return UNKNOWN
    followed = main_followed(of, of.sides[0])
    return followed.measure.id, followed.unit
