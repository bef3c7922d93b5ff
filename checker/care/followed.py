"""What is followed over the weeks: one measure of one movement, and one side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from checker.exercise import Exercise
from checker.judging.measures import unit_of
from checker.rules import MeasureRule
from checker.signals import CATALOGUE

Kind = Literal["angle", "count", "time"]
"""By which rule it is compared: an angle by its scatter, a count and a time held by fixed steps."""

ANGLES: Final = frozenset({"change", "value", "largest"})
"""Ways of taking a measure that give an angle; how much something wavers has no rule of change yet."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One measure, one side.

    Attributes:
        exercise: id of the movement.
        measure: the rule in its file.
        side: such as "left"; None where the movement has no sides.
    """

    exercise: str
    measure: MeasureRule
    side: str | None = None

    @property
    def key(self) -> str:
        """Under which a session keeps its value."""
        return self.measure.id if self.side is None else f"{self.measure.id}/{self.side}"

    @property
    def signal(self) -> str | None:
        """The signal that it is taken from; None for counts and times."""
        return self.measure.on

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return unit_of(self.measure)

    @property
    def kind(self) -> Kind | None:
        """By which rule it is compared; None where there is none."""
        if self.measure.of == "count":
            return "count"
        if self.measure.of == "hold_time":
            return "time"
        is_angle = self.measure.of in ANGLES and CATALOGUE[str(self.signal)].unit == "deg"
        return "angle" if is_angle else None

    @property
    def checked(self) -> bool:
        """Whether the error of its signal was measured against truth; of what has no signal nothing is estimated."""
        return self.signal is None or CATALOGUE[self.signal].errors.checked


def all_followed(exercise: Exercise) -> list[Followed]:
    """Every measure of a movement, one a side where it has sides, in the order of its file."""
    return [Followed(exercise.id, measure, side) for measure in exercise.measures for side in exercise.sides]


def main_followed(exercise: Exercise, side: str | None = None) -> Followed:
    """The main measure: what the range before pain is measured in.

    Raises:
        ValueError: the movement does not have that side.
    """
    if side not in exercise.sides:
        known = ", ".join(str(s) for s in exercise.sides)
        raise ValueError(f"{exercise.name}: expected a side of it ({known}), got {side}")
    return Followed(exercise.id, exercise.main_measure, side)
