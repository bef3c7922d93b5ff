"""How the pages say things."""

from __future__ import annotations

from collections.abc import Iterable

from checker.report.words import COARSE_DEG, number


def time_left(seconds: float) -> str:
    """A rough remaining time, as one says it."""
    if seconds < 4:
        return "almost done"
    if seconds < 60:
        return f"about {5 * max(1, round(seconds / 5))} seconds left"
    return f"about {counted(max(1, round(seconds / 60)), 'minute')} left"


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 repetition, 3 repetitions."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(parts: Iterable[str]) -> str:
    """Parts as one says them: a, b and c."""
    parts = list(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def size(value: float, unit: str) -> str | None:
    """How large a finding was, without the unit's jargon; None where a number would say nothing."""
    body_part = {"T": "your torso length", "leg": "your leg length"}.get(unit)
    if body_part:
        return f"{100 * value:.0f} % of {body_part}"
    return number(value, unit, COARSE_DEG) if unit in {"deg", "deg/s"} else None


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "!", "?")) else ".")
