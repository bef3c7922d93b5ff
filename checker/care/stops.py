"""What somebody told by one press to stop at once: how it is kept, and what it leads to (`pain.toml`, moving).

New pain, numbness or weakness of a leg opens a safety question, so the exercises pause until somebody has looked at it.
Dizziness pauses them until the person says that it has passed, on the same day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from checker.care.pain import while_moving
from checker.care.records import CheckIn, Event, History, Record, StopReason
from checker.care.rules import Rules
from checker.exercise import Exercise

STOPPED: Final = "stopped"
"""The kind of event; its data says why, and during which session."""

PASSED: Final = "dizziness_passed"


def stop_text(why: StopReason, rules: Rules) -> str:
    """What is said to somebody who told it."""
    found = while_moving("gentle", None, None, rules, leg=why == "leg", dizzy=why == "dizzy")
    assert found is not None
    return found.text


def stop_records(
    why: StopReason, person_id: UUID, at: datetime, zone: str, rules: Rules, session_id: UUID | None = None
) -> list[Record]:
    """What is kept of a press.

    Args:
        why: what was pressed.
        person_id: whose it is.
        at: when, UTC.
        zone: of the computer.
        rules: with the texts.
        session_id: during which session; None: before one.
    """
    session = None if session_id is None else str(session_id)
    event = Event(
        id=uuid4(),
        person_id=person_id,
        at=at,
        zone=zone,
        kind=STOPPED,
        who="person",
        reason=stop_text(why, rules),
        rules_version=rules.version,
        data={"why": why, "session_id": session},
    )
    if why == "dizzy":
        return [event]
    check_in = CheckIn(
        id=uuid4(),
        person_id=person_id,
        at=at,
        zone=zone,
        kind="before" if session_id is None else "after",
        session_id=session_id,
        new_leg_symptoms=True,
    )
    return [event, check_in]


def is_dizzy(history: History, today: date) -> bool:
    """Whether somebody was dizzy today, and has not said that it has passed."""
    told = [e for e in history.events if e.day == today and (e.kind == PASSED or _is_dizziness(e))]
    return bool(told) and told[-1].kind == STOPPED


def calms_while_dizzy(exercise: Exercise) -> bool:
    """Whether a movement may be done by somebody who is dizzy: it calms, not standing, and nothing bars it."""
    is_barred = any(p.condition == "dizziness" and p.action == "leave_out" for p in exercise.precautions)
    return exercise.load == "calm" and exercise.position != "standing" and not is_barred


def _is_dizziness(event: Event) -> bool:
    return event.kind == STOPPED and event.data.get("why") == "dizzy"
