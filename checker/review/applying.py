"""Corrections of repetitions and holds, applied one after another to what the machine found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from checker.exercise import Exercise
from checker.judging.bouts import Bout, Bouts, PartialBout
from checker.judging.holds import hold_between, posture_kept
from checker.judging.moments import ROUNDING_S
from checker.judging.repetitions import repetition_between
from checker.judging.series import Series
from checker.reasons import TAKEN_OUT, Reason
from checker.review.corrections import (
    WHY_UNUSABLE,
    Add,
    Bounds,
    ChangeSide,
    Delete,
    Join,
    OfBouts,
    Split,
    Unusable,
)
from checker.review.made import CorrectionError

TOUCH_S: Final = 2 * ROUNDING_S
"""Two that overlap by no more only meet: each end is told to a hundredth of a second."""


def correct_bouts(exercise: Exercise, series: Series, bouts: Bouts, corrections: Sequence[OfBouts | Unusable]) -> Bouts:
    """What counts and what does not, as a reviewer says; sizes and times held are read from the signals.

    Args:
        exercise: the movement.
        series: its signals.
        bouts: as they were found.
        corrections: in the order in which they were made.

    Raises:
        CorrectionError: one of them cannot be made.
    """
    reader = _Reader(exercise, series)
    for correction in corrections:
        bouts = _DO[type(correction)](reader, bouts, correction)
    return bouts


class _Reader:
    """Reads a repetition or hold between two moments."""

    def __init__(self, exercise: Exercise, series: Series) -> None:
        self._exercise, self._series = exercise, series
        self.noun = "hold" if exercise.repetition is None else "repetition"

    @property
    def sides(self) -> list[str]:
        """The names of the sides that one may have."""
        return [side for side, _ in self._exercise.repetition.directions] if self._exercise.repetition else ["both"]

    def between(self, bounds_s: tuple[float, float], furthest_s: float | None, like: Bout) -> Bout:
        """One of the side and direction of another.

        Raises:
            CorrectionError: nothing of it was seen, or it does not go that way.
        """
        exercise, series = self._exercise, self._series
        found = None
        if exercise.repetition is not None:
            x = exercise.repetition.sign_of(negative=like.negative) * series.change(exercise.repetition.signal)
            found = repetition_between(series.t_s, x, exercise.repetition, bounds_s, furthest_s, like)
        elif exercise.hold is not None:
            found = hold_between(series.t_s, posture_kept(exercise.hold, series), *bounds_s)
        if found is None:
            raise CorrectionError(
                f"no {self.noun} of that side could be read from {bounds_s[0]:.2f} to {bounds_s[1]:.2f} s: expected a "
                "stretch in which the movement was seen to go that way"
            )
        return found

    def new(self, side: str) -> Bout:
        """An empty one of a side.

        Raises:
            CorrectionError: the movement has no such side.
        """
        if side not in self.sides:
            raise CorrectionError(f'this movement has no side "{side}": expected {" or ".join(self.sides)}')
        rule = self._exercise.repetition
        negative = rule is not None and rule.sides == "signed" and dict(rule.directions)[side] < 0
        return Bout(
            side=side, start=0, peak=0, end=0, start_s=0.0, peak_s=0.0, end_s=0.0, reached_s=0.0, left_s=0.0,
            excursion=0.0, hold_s=0.0, negative=negative,
        )  # fmt: skip

    def at(self, bouts: Bouts, at_s: float) -> Bout:
        """The one that counts at a moment; of two that meet there, the one whose furthest point is nearer.

        Raises:
            CorrectionError: there is none.
        """
        found = [m for m in bouts.counted if m.start_s - TOUCH_S <= at_s <= m.end_s + TOUCH_S]
        if not found:
            raise CorrectionError(f"no {self.noun} counts at {at_s:.2f} s: expected a moment within one that does")
        return min(found, key=lambda m: abs(m.peak_s - at_s))


def _without(bouts: Bouts, gone: Sequence[Bout], reason: Reason | None = None) -> Bouts:
    """The same without those; with a reason, they stay among what did not count."""
    kept = [m for m in bouts.counted if m not in gone]
    dropped = [PartialBout(m, reason) for m in gone] if reason else []
    return Bouts(bouts.armed, kept, sorted([*bouts.partial, *dropped], key=lambda p: p.bout.start_s))


def _with(reader: _Reader, bouts: Bouts, new: Sequence[Bout]) -> Bouts:
    """The same with new ones, which take the place of what did not count there.

    Raises:
        CorrectionError: one overlaps another that counts.
    """
    for bout in new:
        for other in bouts.counted:
            if bout.start_s < other.end_s - TOUCH_S and other.start_s < bout.end_s - TOUCH_S:
                raise CorrectionError(
                    f"the {reader.noun} from {bout.start_s:.2f} to {bout.end_s:.2f} s overlaps that from "
                    f"{other.start_s:.2f} to {other.end_s:.2f} s: move or delete one of the two"
                )
    partial = [p for p in bouts.partial if not any(m.start_s <= p.bout.peak_s <= m.end_s for m in new)]
    return Bouts(bouts.armed, sorted([*bouts.counted, *new], key=lambda m: m.start_s), partial)


def _delete(reader: _Reader, bouts: Bouts, made: Delete) -> Bouts:
    return _without(bouts, [reader.at(bouts, made.at_s)], TAKEN_OUT)


def _unusable(reader: _Reader, bouts: Bouts, made: Unusable) -> Bouts:
    at_s = 0.0 if made.at_s is None else made.at_s
    return _without(bouts, [reader.at(bouts, at_s)], WHY_UNUSABLE[made.why])


def _add(reader: _Reader, bouts: Bouts, made: Add) -> Bouts:
    new = reader.between((made.start_s, made.end_s), made.furthest_s, reader.new(made.side))
    return _with(reader, bouts, [new])


def _bounds(reader: _Reader, bouts: Bouts, made: Bounds) -> Bouts:
    old = reader.at(bouts, made.at_s)
    new = reader.between((made.start_s, made.end_s), made.furthest_s, old)
    return _with(reader, _without(bouts, [old]), [new])


def _join(reader: _Reader, bouts: Bouts, made: Join) -> Bouts:
    first, second = sorted((reader.at(bouts, at_s) for at_s in (made.first_s, made.second_s)), key=lambda m: m.start_s)
    if first is second or first.side != second.side or first.negative != second.negative:
        raise CorrectionError(f"expected two different {reader.noun}s of one side to join, got others")
    if abs(bouts.counted.index(first) - bouts.counted.index(second)) != 1:
        raise CorrectionError(f"another {reader.noun} lies between the two: expected neighbours to join")
    new = reader.between((first.start_s, second.end_s), None, first)
    return _with(reader, _without(bouts, [first, second]), [new])


def _split(reader: _Reader, bouts: Bouts, made: Split) -> Bouts:
    old = reader.at(bouts, made.at_s)
    if not old.start_s < made.at_s < old.end_s:
        raise CorrectionError(f"expected a moment within the {reader.noun} to split it at, got one of its ends")
    new = [reader.between(part, None, old) for part in ((old.start_s, made.at_s), (made.at_s, old.end_s))]
    return _with(reader, _without(bouts, [old]), new)


def _side(reader: _Reader, bouts: Bouts, made: ChangeSide) -> Bouts:
    old, side = reader.at(bouts, made.at_s), reader.new(made.side).side
    return Bouts(bouts.armed, [replace(m, side=side) if m is old else m for m in bouts.counted], bouts.partial)


_DO: Final[dict[type, Callable[[_Reader, Bouts, Any], Bouts]]] = {
    Delete: _delete,
    Unusable: _unusable,
    Add: _add,
    Bounds: _bounds,
    Join: _join,
    Split: _split,
    ChangeSide: _side,
}
