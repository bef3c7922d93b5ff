"""A threshold and how surely it is passed: hysteresis over time, and the error that each kind of rule is read with.

Nothing that is read is exact. A rule's quantity is past its threshold for certain where it is past it by
more than its error, certainly inside where it falls short by more, and close to the limit between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from checker.assessment import Measure
from checker.fault_rules import DropInHoldFault, NotReachedFault, SideDifferenceFault, SlowReturnFault, SpeedFault
from checker.judging.series import Series
from checker.judging.uncertainty import WAVER_SHARE
from checker.rules import Condition, FaultCondition
from checker.signals import CATALOGUE, Signal
from checker.skeleton import Mask

HYSTERESIS_DEG: Final = 5.0
HYSTERESIS_SHARE: Final = 0.15
"""A fault that has begun lasts until the signal is this far back inside the threshold: 5 degrees
for angles, 15 % of the threshold for everything else (of its distance from 1 for a ratio)."""

WAY_ERROR_S: Final = 0.23
"""Half-width within which 90 % of the errors of a way's duration lie. Each of its two ends is 0.08 s off on
average (`python benchmarks/accuracy.py`): this for independent errors of a normal distribution. On the truth
clips it was 0.26 s on 135 ways out, 0.21 s on the ways back."""

SPEED_OVER_S: Final = 0.2
"""Speeds are taken over this long: a single step between two frames is noise."""


# --- thresholds over time ----------------------------------------------------------------------


def turned(x: Any, condition: Condition) -> Any:
    """A value or an array of them, turned so that larger is worse, the threshold staying where it is."""
    if condition.direction == "either":
        return abs(x)
    return x if condition.direction == "above" else 2.0 * condition.threshold - x


def slack_of(condition: Condition, unit: str) -> float:
    """How far back inside its threshold a condition is met still, in the unit of its signal."""
    away = abs(1.0 - condition.threshold) if unit == "ratio" else abs(condition.threshold)  # a ratio's zero is 1
    return HYSTERESIS_DEG if unit == "deg" else HYSTERESIS_SHARE * away


class Hysteresis:
    """Follows one condition value by value: met past its threshold, until it is well back inside."""

    def __init__(self, condition: Condition, unit: str, beyond: float = 0.0) -> None:
        """Start outside.

        Args:
            condition: with its threshold.
            unit: of the condition's signal.
            beyond: how far past the threshold it must be, in that unit; negative: how far short of it is enough.
        """
        self._condition = condition
        self._slack = slack_of(condition, unit)
        self._limit = condition.threshold + beyond
        self.on = False

    def feed(self, value: float, baseline: float) -> bool:
        """Take the signal's next value, and that of the start posture; NaN is never past a threshold."""
        size = turned(value - baseline if self._condition.compare == "start" else value, self._condition)
        self.on = bool(size > self._limit - self._slack if self.on else size > self._limit)
        return self.on


def met(condition: Condition, signals: Series, beyond: float = 0.0) -> Mask:
    """(T,) True from where the signal passes the condition's threshold until it is well back inside.

    `beyond` moves the threshold outwards, in the signal's unit.
    """
    name = condition.signal
    state = Hysteresis(condition, signals.units[name], beyond)
    moments = zip(signals.values[name].tolist(), signals.baseline[name].tolist(), strict=True)
    return np.array([state.feed(value, baseline) for value, baseline in moments], bool)


# --- errors ------------------------------------------------------------------------------------

Catalogue = Mapping[str, Signal]
"""Signals with the errors of the model that saw the poses; the usual model's where nobody says which it was."""


def signal_error(rule: FaultCondition | NotReachedFault, catalogue: Catalogue = CATALOGUE) -> float:
    """Error of a signal against a threshold, in its unit: the file's own, or the catalogue's; 0 where none is known."""
    own = rule.error
    return own if own is not None else catalogue[rule.signal].errors.fault_error or 0.0


def waver_error(signal: str, catalogue: Catalogue = CATALOGUE) -> float:
    """Error of how far a signal moves within moments, in its unit.

    Most of a signal's error stays the same from one moment to the next, and a difference does not have it.
    """
    return WAVER_SHARE * (catalogue[signal].errors.fault_error or 0.0)


def speed_error(rule: SpeedFault, catalogue: Catalogue = CATALOGUE) -> float:
    """Error of a signal's speed, in its unit a second."""
    return rule.error if rule.error is not None else waver_error(rule.signal, catalogue) / SPEED_OVER_S


def drop_error(rule: DropInHoldFault, counted: str, catalogue: Catalogue = CATALOGUE) -> float:
    """Error of how far the counted signal sinks, in its unit: its two values are moments apart, in one posture."""
    return rule.error if rule.error is not None else waver_error(counted, catalogue)


def times_error(rule: SlowReturnFault, out_s: float) -> float:
    """Error of the way back over the way out, near the threshold: of what decides, back less threshold times out."""
    return WAY_ERROR_S * float(np.hypot(1.0, rule.threshold)) / out_s


def sides_error(rule: SideDifferenceFault, one: Measure, other: Measure) -> float:
    """Error of the difference between two sides: the file's own, or what is stated with each, as independent."""
    if rule.error is not None:
        return rule.error
    return float(np.hypot(one.uncertainty or 0.0, other.uncertainty or 0.0))
