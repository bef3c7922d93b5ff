"""What a judgement may look at: signals over time, and the repetitions or holds they are judged in."""

from __future__ import annotations

from typing import Literal

from checker.judging.bouts import Movement
from checker.skeleton import Array


class Signals:
    """What a judgement may look at: the signals and the repetitions they are judged in.

    Attributes:
        t_s: (T,) seconds.
        values: signal id -> (T,) values.
        baseline: signal id -> (T,) its value in the start posture that holds at the time.
        units: signal id -> unit.
        hidden: signal id -> reason in words, for signals that could not be measured at all.
        movements: the repetitions that counted.
        counted: id of the signal that repetitions are counted on; the first one unless given.
        what: what the movements are.
        falling: ids of signals whose fall is what is measured, told as a positive size.
        errors: signal id -> (T,) half-width of its error, for signals whose error is told by the clip itself.
    """

    def __init__(
        self,
        t_s: Array,
        values: dict[str, Array],
        baseline: dict[str, Array],
        units: dict[str, str],
        hidden: dict[str, str],
        movements: list[Movement],
        falling: frozenset[str] = frozenset(),
        counted: str | None = None,
        what: Literal["repetition", "hold"] = "repetition",
        errors: dict[str, Array] | None = None,
    ) -> None:
        """Hold on to what was measured."""
        self.t_s = t_s
        self.values = values
        self.baseline = baseline
        self.units = units
        self.hidden = hidden
        self.movements = movements
        self.falling = falling
        self.what = what
        self.errors = errors or {}
        self.counted = counted or next(iter(values), "")

    def change(self, name: str) -> Array:
        """(T,) how far a signal is from its value in the start posture."""
        return self.values[name] - self.baseline[name]
