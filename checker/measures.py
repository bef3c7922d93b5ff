"""Signals and repetitions -> the values that are reported, each with its uncertainty or its reason."""

from __future__ import annotations

import numpy as np

from checker.assessment import UNIT_LABELS, Measure, Side, ViewResult
from checker.exercise import Exercise, MeasureRule
from checker.faults import Signals
from checker.phases import Movement
from checker.signals import CATALOGUE
from checker.uncertainty import measure_uncertainty


def measure(exercise: Exercise, signals: Signals, view: ViewResult, reason: str | None) -> list[Measure]:
    """Every measure of an exercise, one a side where repetitions have sides.

    Args:
        exercise: what is to be measured.
        signals: of the clip, with the repetitions that counted.
        view: how far the person is turned out of it costs accuracy.
        reason: why nothing can be measured in this clip at all, None where it can.
    """
    sides: list[Side | None] = ["left", "right"] if exercise.repetition.sides == "signed" else [None]
    return [_measure(rule, side, signals, view, reason) for rule in exercise.measures for side in sides]


def _measure(rule: MeasureRule, side: Side | None, signals: Signals, view: ViewResult, reason: str | None) -> Measure:
    """The median excursion over the repetitions of a side, with its uncertainty."""
    signal = CATALOGUE[rule.id]
    own = [m for m in signals.movements if side is None or m.side == side]
    values = [v for v in (excursion_at_peak(rule.id, signals, m) for m in own) if np.isfinite(v)]
    if not values:
        reason = reason or signals.hidden.get(rule.id) or (signal.unseen if own else _none_counted(side))
        return Measure(
            id=rule.id,
            name=rule.name,
            side=side,
            value=None,
            unit=signal.unit,
            uncertainty=None,
            status="not_measured",
            reason=reason,
            expected=rule.expected,
        )
    value = float(np.median(values))
    return Measure(
        id=rule.id,
        name=rule.name,
        side=side,
        value=round(value, 1),
        unit=signal.unit,
        uncertainty=round(measure_uncertainty(signal, value, values, view.yaw_deg), 1),
        status="measured",
        best=round(max(values), 1),
        band=_band(value, rule.bands, signal.unit),
        expected=rule.expected,
        repetitions=len(values),
    )


def _none_counted(side: Side | None) -> str:
    return f"no repetition to the {side} was counted" if side else "no repetition was counted"


def excursion_at_peak(name: str, signals: Signals, m: Movement) -> float:
    """A signal's change from the start posture while the repetition is at its peak."""
    at_peak = (signals.t_s >= m.reached_s) & (signals.t_s <= m.left_s)
    change = signals.values[name][at_peak] - signals.baseline[name]
    if not np.isfinite(change).any():
        return float("nan")
    value = float(np.nanmedian(change))
    return -value if m.side == "right" else value


def _band(value: float, bands: list[float], unit: str) -> str | None:
    """The class a value falls in: "under 20°", "20 to 40°"."""
    if not bands:
        return None
    k = int(np.searchsorted(bands, value))
    label = UNIT_LABELS.get(unit, f" {unit}")
    if k == 0:
        return f"under {bands[0]:g}{label}"
    if k == len(bands):
        return f"over {bands[-1]:g}{label}"
    return f"{bands[k - 1]:g} to {bands[k]:g}{label}"
