"""Leads a test to the first pain: first to where pain or tension begins, with a stop there, then as far as one wants.

One side after the other, because somebody who has found the place once finds it again. The protocol is clinical
judgement (`checker.judging.first_pain` measures it).
"""

from __future__ import annotations

from typing import Final

from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.first_pain import has_range

SLOWLY: Final = "Go slowly until you first feel pain or tension. Stop there for a second. Come back."
FURTHEST: Final = "Now as far as you want."
TOO_LITTLE: Final = "Nothing could be measured there, and that is all right."
"""Said where it is led on."""

SHOWN: Final = {SLOWLY: "Slowly, until you first feel pain or tension", FURTHEST: "As far as you want"}
"""The same while nothing is said."""


def in_short(exercise: Exercise, furthest: bool = True) -> str:
    """Return the whole protocol in a sentence, for who is not led through it."""
    to_whom = "To each side, one after the other: twice" if any(exercise.sides) else "Twice"
    then = ", then once as far as you want" if furthest else ""
    return f"{to_whom} slowly until you first feel pain or tension, with a stop of a second there{then}."


class ToFirstPain:
    """What is asked in which repetition to a side.

    Attributes:
        dose: so many repetitions to each side.
        led_on_s: by side, when it was led on from the first ones, because nothing could be measured of them.
    """

    def __init__(self, exercise: Exercise, times: int, furthest: bool = True) -> None:
        """Lead so many repetitions to the first pain.

        Args:
            exercise: the test.
            times: how many of the first repetitions to each side; at least one.
            furthest: whether one more follows, as far as they want; not in the first days, nor while it hurts.

        Raises:
            ValueError: it has no range before pain, or nothing is asked for.
        """
        if not has_range(exercise):
            raise ValueError(f"expected a test that measures how far somebody moves, got {exercise.id}")
        if times < 1:
            raise ValueError(f"expected at least one repetition to the first pain, got {times}")
        self._times = times
        self.led_on_s: dict[str, float] = {}
        self.dose = Dose(
            repetitions=times + furthest,
            source="The range before pain: to the first pain, then as far as one wants; chosen",
            status="clinical judgement",
        )

    @property
    def times(self) -> int:
        """How many of the first repetitions to each side go to the first pain."""
        return self._times

    def words(self, done: int) -> str:
        """What to say before the next repetition to a side of which so many were done."""
        return SLOWLY if done < self._times else FURTHEST

    def shown(self, done: int) -> str:
        """What to show of it."""
        return SHOWN[self.words(done)]
