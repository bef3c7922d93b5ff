"""What a physio has set for a patient, in a line that both of them understand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from checker.safety import phase_label
from checker.words.rules import amount
from checker.words.values import counted, listed


def set_words(kind: str, data: Mapping[str, Any], until: date | None, name: str, unit: str, number: str = "") -> str:
    """Return it in a line: "Bridge: target 30° left, until 3 March 2027".

    Args:
        kind: of the event.
        data: that belongs to it.
        until: its last day.
        name: of the movement; its id where it is not here any more; empty where it is of none, or stands beside it.
        unit: of the movement's main measure as it is written; of a number, as its rule names it.
        number: which number of the movement, in words.
    """
    end = "" if until is None else f", until {until.day} {until:%B %Y}"
    what = _what(kind, data, unit, number)
    return f"{name}: {what}{end}" if name else f"{what[:1].upper()}{what[1:]}{end}"


def _what(kind: str, data: Mapping[str, Any], unit: str, number: str) -> str:
    if kind == "phase_set":
        phase = data.get("phase")
        return f"Phase {phase_label(phase)}" if isinstance(phase, int) else "A phase"
    if kind == "locked":
        return "Stays in this phase"
    if kind == "back_after_set":
        return f"A step back after {counted(int(data.get('back_after') or 0), 'hard day')}"
    if kind == "exercise_barred":
        return "left out"
    if kind == "exercise_added":
        return f"added: {_amount(data['amount'])}" if isinstance(data.get("amount"), Mapping) else "added"
    if kind == "dose_set":
        return _amount(data.get("amount"))
    if kind == "number_set":
        return f"{number[:1].lower()}{number[1:]}: {amount(float(data.get('value') or 0.0), unit)}"
    what, words = ("target", "target") if kind == "target_set" else ("limit", "no further than")
    sides = data.get(what)
    values = [f"{v:g}{unit}{'' if s == 'both' else f' {s}'}" for s, v in (sides or {}).items()]
    return f"{words} {listed(values)}"


def _amount(asked: Any) -> str:
    if not isinstance(asked, Mapping):
        return "as it is"
    parts = []
    if asked.get("repetitions"):
        parts.append(counted(asked["repetitions"], "time"))
    parts += [f"{asked[key]:g} s" for key in ("hold_s", "duration_s") if asked.get(key)]
    sets, times = asked.get("sets") or 1, asked.get("times_a_day") or 1
    text = ", ".join(parts) or "as it is"
    text = f"{counted(sets, 'set')} of {text}" if sets > 1 else text
    return f"{text}, {times} times a day" if times > 1 else text
