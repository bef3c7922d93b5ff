"""How the pages say things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from checker.posture import Position
from checker.words.values import COARSE_DEG, number

POSITIONS: Final[dict[Position, str]] = {
    "standing": "Standing",
    "seated": "Sitting",
    "kneeling": "Kneeling",
    "hands_and_knees": "On hands and knees",
    "lying_on_back": "Lying on the back",
    "lying_on_front": "Lying on the front",
}

BODY_LENGTHS: Final = {"T": "your torso length", "leg": "your leg length"}
"""Units that are the person's own."""


def side_label(side: str | None) -> str:
    """A side as a heading: "Left", "Cat"; empty where there are none."""
    return "" if side in {None, "both"} else str(side).replace("_", " ").capitalize()


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


def bullets(lines: Iterable[str]) -> str:
    """Lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """Lines as a numbered Markdown list."""
    return "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1))


def listed(parts: Iterable[str]) -> str:
    """Parts as one says them: a, b and c."""
    parts = list(parts)
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def told(value: float, unit: str, uncertainty: float | None = None) -> str:
    """A value without its unit's jargon: lengths of the body as a share of it."""
    if unit in BODY_LENGTHS:
        return f"{100 * value:.0f} %".replace("-", "−")
    if unit == "s":
        return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"
    return number(round(value, 1) if unit == "1/min" else value, unit, uncertainty)


def size(value: float, unit: str) -> str | None:
    """How large a finding was; None where a number would say nothing."""
    if unit in BODY_LENGTHS:
        return f"{told(value, unit)} of {BODY_LENGTHS[unit]}"
    return told(value, unit, COARSE_DEG) if unit in {"deg", "deg/s", "s"} else None


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "!", "?")) else ".")
