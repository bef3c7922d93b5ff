"""Words of the pages alone: positions, times left, and lists in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from checker.posture import Position
from checker.ui.plain import plain
from checker.words.values import counted

POSITIONS: Final[dict[Position, str]] = {
    "standing": "Standing",
    "seated": "Sitting",
    "kneeling": "Kneeling",
    "hands_and_knees": "On hands and knees",
    "lying_on_back": "Lying on the back",
    "lying_on_front": "Lying on the front",
}


def time_left(seconds: float) -> str:
    """Return a rough remaining time in words."""
    if seconds < 4:
        return "almost done"
    if seconds < 60:
        return f"about {5 * max(1, round(seconds / 5))} seconds left"
    return f"about {counted(max(1, round(seconds / 60)), 'minute')} left"


def bullets(lines: Iterable[str]) -> str:
    """Return lines of a file as a Markdown list."""
    return "\n".join(f"- {plain(line)}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """Return lines of a file as a numbered Markdown list."""
    return "\n".join(f"{i}. {plain(line)}" for i, line in enumerate(lines, 1))
