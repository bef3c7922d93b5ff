"""How much of a movement to do: the least, the most, and the times that are asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from checker.rules import Phase, Positive, Sourced, Text

Count = Annotated[int, Field(ge=1)]

Range = tuple[Positive, Positive]
"""From and to."""


class Dose(Sourced):
    """How much of it to do; `phases` empty: in every phase of the movement.

    `sets` are done one after the other, `times_a_day` apart. A pair of numbers is a range: [8, 10].
    `repetitions` are to each side where there are sides. `reach` is how far the movement is to go: the value of the
    counted signal at the peak, in its unit.
    """

    phases: list[Phase] = Field(default_factory=list)
    times_a_day: int = Field(default=1, ge=1)
    sets: int = Field(default=1, ge=1)
    repetitions: Count | tuple[Count, Count] | None = None
    hold_s: Positive | Range | None = None
    duration_s: Positive | Range | None = None
    reach: Positive | None = None
    tempo: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Dose:
        if self.repetitions is None and self.hold_s is None and self.duration_s is None:
            raise ValueError("expected repetitions, hold_s or duration_s")
        for name in ("repetitions", "hold_s", "duration_s"):
            value = getattr(self, name)
            if isinstance(value, tuple) and value[0] >= value[1]:
                raise ValueError(f"{name}: expected a range from low to high, got {list(value)}")
        return self

    @property
    def per_set(self) -> tuple[int, int] | None:
        """The least and the most repetitions or holds of a set, to each side; None where it is done by time."""
        if self.repetitions is None and self.hold_s is None:
            return None
        wanted = self.repetitions if self.repetitions is not None else 1
        return wanted if isinstance(wanted, tuple) else (wanted, wanted)

    @property
    def least(self) -> int | None:
        """How many repetitions or holds are asked for in all sets, to each side, at least."""
        return self.per_set[0] * self.sets if self.per_set else None

    @property
    def most(self) -> int | None:
        """The upper end of that."""
        return self.per_set[1] * self.sets if self.per_set else None

    @property
    def hold_target_s(self) -> float | None:
        """How long a hold is asked for: the lower end."""
        return _lower_end(self.hold_s)

    @property
    def duration_target_s(self) -> float | None:
        """How long it is to be done, where it is done by time: the lower end."""
        return _lower_end(self.duration_s)


def _lower_end(wanted: float | Range | None) -> float | None:
    return wanted[0] if isinstance(wanted, tuple) else wanted
