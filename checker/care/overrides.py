"""What a physio has set: phase, lock, movements, doses, targets, limits, numbers (events of `who = "physio"`).

Kinds and their data; all but "phase_set" may have "until": their last day, such as "2026-12-31".

- "phase_set": {"phase": 1 to 10}
- "locked": {}, "unlocked": {}
- "exercise_barred", "exercise_allowed", "exercise_added": {"exercise": id}
- "dose_set": {"exercise": id, "amount": {"repetitions": 8, ...}}
- "target_set", "limit_set": {"exercise": id, "target": {side: value}, "limit": {side: value}}
- "number_set": {"exercise": id, "key": of a number as `checker.library.changeable_numbers` names it, "value": number}
- "back_after_set": {"back_after": 1 to 10}
- "asked_first": {"exercise": id}; the person may record it too: a clinician was asked about this movement
- "taken_back": {"event": id of one of these}: from then on it counts as never set; a phase that was set is not taken
  back, another one is set

Data that does not fit is left alone: nothing is guessed from it. What is over counts as never set, so what was set
before it holds again. None of it goes before an open safety question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from checker.care.records import Amount, Event, History

TAKEN_BACK: Final = "taken_back"


@dataclass(slots=True)
class Overrides:
    """What holds on a day.

    Attributes:
        locked: the event of the lock that holds.
        barred, added: by movement, the event that did it.
        asked_first: movements that a clinician was asked about.
        back_after: hard days that lead back; None: as the rules say.
        numbers: by movement, what was set of the numbers that it is judged by, by their keys.
        said: the event of each dose ("dose", movement), target and limit ("target", movement, side) and number
            ("number", movement, key).
    """

    locked: Event | None = None
    barred: dict[str, Event] = field(default_factory=dict)
    added: dict[str, Event] = field(default_factory=dict)
    amounts: dict[str, Amount] = field(default_factory=dict)
    targets: dict[str, dict[str, float]] = field(default_factory=dict)
    limits: dict[str, dict[str, float]] = field(default_factory=dict)
    asked_first: set[str] = field(default_factory=set)
    back_after: int | None = None
    numbers: dict[str, dict[str, float]] = field(default_factory=dict)
    said: dict[tuple[str, ...], Event] = field(default_factory=dict)


def overrides(history: History, today: date) -> Overrides:
    """What a physio's events say of a day, the newest of each kind."""
    out = Overrides()
    back = taken_back(history, today)
    for event in history.events:
        if event.day > today or event.id in back or is_over(event, today):
            continue
        if event.kind == "asked_first" and (exercise := _exercise(event)):
            out.asked_first.add(exercise)
        elif event.who == "physio":
            _apply(event, out)
    return out


def taken_back(history: History, today: date) -> frozenset[UUID]:
    """Ids of the events that a physio has taken back by a day."""
    by_physio = [e for e in history.events if e.who == "physio"]
    names = {str(e.id): e.id for e in by_physio}
    told = (e.data.get("event") for e in by_physio if e.kind == TAKEN_BACK and e.day <= today)
    return frozenset(names[name] for name in told if isinstance(name, str) and name in names)


def _apply(event: Event, out: Overrides) -> None:
    exercise = _exercise(event)
    if event.kind in {"locked", "unlocked"}:
        out.locked = event if event.kind == "locked" else None
    elif event.kind == "back_after_set":
        wanted = event.data.get("back_after")
        out.back_after = wanted if isinstance(wanted, int) and not isinstance(wanted, bool) and wanted >= 1 else None
    elif exercise is not None:
        _apply_to(exercise, event, out)


def _apply_to(exercise: str, event: Event, out: Overrides) -> None:
    """What an event says of one movement."""
    if event.kind == "exercise_barred":
        out.added.pop(exercise, None)
        out.barred[exercise] = event
    elif event.kind in {"exercise_allowed", "exercise_added"}:
        out.barred.pop(exercise, None)
        if event.kind == "exercise_added":
            out.added[exercise] = event
            _set_amount(event, exercise, out)
    elif event.kind == "dose_set":
        _set_amount(event, exercise, out)
    elif event.kind == "number_set":
        _set_number(event, exercise, out)
    elif event.kind in {"target_set", "limit_set"}:
        for what, of in (("target", out.targets), ("limit", out.limits)):
            found = by_side(event.data.get(what))
            of.setdefault(exercise, {}).update(found)
            out.said.update({(what, exercise, side): event for side in found})


def phase_set(event: Event) -> int | None:
    """The phase that a physio's event sets; None where it sets none."""
    phase = event.data.get("phase")
    is_phase = isinstance(phase, int) and not isinstance(phase, bool) and 1 <= phase <= 10
    return phase if event.kind == "phase_set" and event.who == "physio" and is_phase else None  # type: ignore[return-value]


def _exercise(event: Event) -> str | None:
    name = event.data.get("exercise")
    return name if isinstance(name, str) and name else None


def last_day(event: Event) -> date | None:
    """The last day on which an event holds; None: until it is taken back."""
    until = event.data.get("until")
    try:
        return date.fromisoformat(until) if isinstance(until, str) else None
    except ValueError:
        return None


def is_over(event: Event, today: date) -> bool:
    """Whether the last day of an event has passed; a phase that was set has none."""
    last = None if event.kind == "phase_set" else last_day(event)
    return last is not None and last < today


def _set_amount(event: Event, exercise: str, out: Overrides) -> None:
    wanted = event.data.get("amount")
    if isinstance(wanted, dict):
        try:
            out.amounts[exercise] = Amount.model_validate(wanted)
        except ValidationError:
            return
        out.said["dose", exercise] = event


def _set_number(event: Event, exercise: str, out: Overrides) -> None:
    key, value = event.data.get("key"), event.data.get("value")
    if isinstance(key, str) and isinstance(value, int | float) and not isinstance(value, bool):
        out.numbers.setdefault(exercise, {})[key] = float(value)
        out.said["number", exercise, key] = event


def by_side(values: Any) -> dict[str, float]:
    """The values of a target or a limit by their sides; what is no number is left out."""
    if not isinstance(values, dict):
        return {}
    return {k: float(v) for k, v in values.items() if isinstance(v, int | float) and not isinstance(v, bool)}
