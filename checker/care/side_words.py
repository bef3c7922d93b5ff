"""What is said of left against right, and of a start posture that leans."""

from __future__ import annotations

from math import ceil
from typing import Final

from checker.care.change_words import OPEN, Told, chance_words, count_words, value_words

NOT_TOLD: Final = "Left and right are not compared here: each side is followed by itself."
LEANS: Final = "Left and right cannot be compared now: the start was not upright. See where each side ended instead."


def too_few_sides_sentence(n: int) -> str:
    """Return that the sides are not compared yet."""
    return f"Left and right are compared after {count_words(n)} sessions in which both were measured."


def differ_sentence(left: str, right: str, difference: float, n: int) -> str:
    """Return that the sides differ, in degrees; a ratio of small angles would say too much."""
    return (
        f"Left and right differ by {value_words(difference, 'deg')}, in {count_words(n)} sessions: {left} to the left, "
        f"{right} to the right. That is more than measuring explains."
    )


def alike_sentence(limit: float) -> str:
    """Return that no difference is told."""
    return (
        f"No clear difference between left and right: under {value_words(ceil(round(limit, 6)), 'deg')} can be chance."
    )


def both_sides_words(name: str, left: str, right: str) -> str:
    """Return both sides of one session: "Side bend: 31° to the left, 19° to the right"."""
    return f"{name}: {left} to the left, {right} to the right"


def two_sides_sentence(values: str, verdict: Told, delta: float, limit: float, sessions: int) -> str:
    """Return whether the sides of one session differ by more than measuring explains.

    Args:
        values: both, in words.
        verdict: what comes of them.
        delta: the right one less the left one, degrees.
        limit: the smallest difference that is told.
        sessions: so many must show it.
    """
    size = value_words(abs(delta), "deg")
    if verdict == "open":
        return f"{values}. {OPEN}"
    if verdict == "chance":
        return f"{values}. The difference of {size} {chance_words(limit, 'deg')}"
    further = "right" if verdict == "more" else "left"
    return (
        f"{values}: {size} further to the {further}. That is more than measuring explains. It counts as a difference "
        f"once {count_words(sessions)} sessions show it."
    )


def lean_sentence(angle: float, direction: str, n: int) -> str:
    """Return how somebody starts, for the physio."""
    return f"Starts leaning {direction} by {value_words(abs(angle), 'deg')}, in {count_words(n)} sessions."
