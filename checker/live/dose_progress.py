"""What was done of what is asked for: repetitions or holds against the dose, sets, and the side that comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from checker.dose import Dose
from checker.exercise import Exercise
from checker.live.feedback import Feedback

REST_ENDS_S: Final = 8.0
"""Who has done enough and rests for this long has finished: nobody has to walk to the computer."""

SETS_REST_ENDS_S: Final = 180.0
"""The same where there are sets, between which one rests (both chosen, not sourced)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One more was counted.

    Attributes:
        side: of which side; "both" where there are no sides.
        number: how many there are now.
        change_to: the side to do next, where that is to be said with the count; else None.
    """

    side: str
    number: int
    change_to: str | None


class Enough(Enum):
    """In which way the dose is done."""

    LEAST = "the lower end has just been reached, to each side"
    RESTED = "that, and a rest since"
    MOST = "the upper end has been reached, to each side"


class DoseProgress:
    """The counts of one session against its dose.

    Attributes:
        counts: repetitions or holds so far, by side.
        least: how many are asked for in all sets, to each side; None where the dose counts none.
        most: the upper end of that.
        hold_target_s: how long a hold is asked for; None where that is not said.
        in_sets: whether there is more than one set.
    """

    def __init__(self, exercise: Exercise, dose: Dose | None, one_side_first: bool = False) -> None:
        """Begin with nothing done.

        Args:
            exercise: the movement.
            dose: how much of it is asked for; None: as much as they like.
            one_side_first: whether all of one side is asked for before the other; else they take turns.
        """
        self._one_side_first = one_side_first
        self.counts: dict[str, int] = {}
        self.least = dose.least if dose is not None else None
        self.most = dose.most if dose is not None else None
        self.hold_target_s = dose.hold_target_s if dose is not None else None
        self.in_sets = dose is not None and dose.sets > 1
        self._per_set = dose.per_set[0] if dose is not None and dose.per_set else None
        self._sets = dose.sets if dose is not None else 1
        self._sides = exercise.sides
        self._skipped: dict[str, int] = {}  # of each side, how many are no longer asked for
        self._sets_told = 0
        self._hold_told = False
        self._rest_from_s: float | None = None  # since enough was done

    def asked(self, counts: dict[str, int] | None = None) -> str | None:
        """The side to do next; None where there are no sides.

        It is the side that was done less often, and the first one of two alike; or all of one first.

        Args:
            counts: as if these were done; those so far unless given.
        """
        sides = [s for s in self._sides if s is not None]
        counts = self._with_skipped(self.counts if counts is None else counts)
        if self._one_side_first and self.least is not None:
            left_over = [s for s in sides if counts.get(s, 0) < self.least]
            if left_over:
                return left_over[0]
        return min(sides, key=lambda s: counts.get(s, 0)) if sides else None

    def is_complete(self, counts: dict[str, int] | None = None) -> bool:
        """Whether as much was done as is asked for at least, to each side."""
        return self._has(self.counts if counts is None else counts, self.least)

    def skip(self, side: str, n: int) -> None:
        """So many to a side ("both" where there are none) are no longer asked for: they cannot be measured."""
        self._skipped[side] = self._skipped.get(side, 0) + n

    def done(self, side: str) -> int:
        """How many of a side are no longer asked for: counted, or skipped."""
        return self._with_skipped(self.counts).get(side, 0)

    def _with_skipped(self, counts: dict[str, int]) -> dict[str, int]:
        return {s: counts.get(s, 0) + self._skipped.get(s, 0) for s in (side or "both" for side in self._sides)}

    def take(self, counts: dict[str, int]) -> list[Counted]:
        """Take the counts of the next frame: what was counted since those before."""
        new = [Counted(side, n, self._change(n, counts)) for side, n in counts.items() if n > self.counts.get(side, 0)]
        self.counts = counts
        return new

    def _change(self, n: int, counts: dict[str, int]) -> str | None:
        """The side to do next, where that is another one or this one is done."""
        before, asked = self.asked(), self.asked(counts)
        this_side_is_done = self.least is not None and n >= self.least
        if self.is_complete(counts) or (asked == before and not this_side_is_done):
            return None
        return asked

    def hold_reached(self, now: Feedback) -> bool:
        """Whether the hold under way has just lasted as long as it was asked for: once a hold."""
        reached = self.hold_target_s is not None and now.hold_s >= self.hold_target_s
        new, self._hold_told = reached and not self._hold_told, reached
        return new

    def set_done(self) -> int | None:
        """The number of a set that has just been done, to each side, where another one follows; else None."""
        if self._per_set is None:
            return None
        done = min(self.counts.get(s or "both", 0) for s in self._sides) // self._per_set
        done = min(done, self._sets - 1)  # the last one is told as the end
        new, self._sets_told = done > self._sets_told, max(done, self._sets_told)
        return done if new else None

    def enough(self, now: Feedback) -> Enough | None:
        """Whether and how the dose is done by now, where that is news; None while the last one is still judged."""
        if not self.is_complete():
            self._rest_from_s = None
            return None
        if not now.settled:
            return None
        first = self._rest_from_s is None
        if self._rest_from_s is None or now.moving is not None:
            self._rest_from_s = now.t_s
        if self._has(self.counts, self.most):
            return Enough.MOST
        if now.t_s - self._rest_from_s >= (SETS_REST_ENDS_S if self.in_sets else REST_ENDS_S):
            return Enough.RESTED
        return Enough.LEAST if first else None

    def _has(self, counts: dict[str, int], wanted: int | None) -> bool:
        return wanted is not None and all(n >= wanted for n in self._with_skipped(counts).values())
