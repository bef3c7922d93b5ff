"""How numbers, times and lists are written on the pages."""

from __future__ import annotations

from collections.abc import Iterable

from checker.assessment import UNIT_LABELS


def quantity(value: float, unit: str) -> str:
    """A value with its unit: 28°, 0.15 T."""
    label = UNIT_LABELS.get(unit, f" {unit}")
    return f"{value:.0f}{label}" if unit in {"deg", "count", "deg/s"} else f"{value:.2f}{label}"


def moment(time_s: float) -> str:
    """A time in a clip: 4.2 s, or 1:04.2 past a minute."""
    minutes, seconds = divmod(round(time_s, 1), 60)
    return f"{int(minutes)}:{seconds:04.1f}" if minutes else f"{seconds:.1f} s"


def time_left(seconds: float) -> str:
    """A rough remaining time, as one says it."""
    if seconds < 4:
        return "almost done"
    if seconds < 60:
        return f"about {5 * max(1, round(seconds / 5))} seconds left"
    minutes = max(1, round(seconds / 60))
    return f"about {minutes} minute{'s' if minutes > 1 else ''} left"


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 repetition, 3 repetitions."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(parts: Iterable[str]) -> str:
    """Parts as one says them: a, b and c."""
    parts = list(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
