"""The range before pain: how far a test goes to the first pain or tension, and how far the person chose to go.

The first repetitions to each side go slowly to where pain or tension begins, stop there for a second, and come back;
those after them go as far as one wants (the protocol is clinical judgement). Nobody needs to press a key, which comes
half a second late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from checker.assessment import UNIT_LABELS, PainFreeRange, Quantity, Side, ViewResult
from checker.exercise import Exercise
from checker.judging.bouts import Bout, Bouts
from checker.judging.measures import excursion_at_peak, own_error, value_at_peak
from checker.judging.series import Series
from checker.judging.small import smallest_to_first_pain, stops, was_too_small
from checker.judging.uncertainty import measure_uncertainty
from checker.reasons import BELOW_SMALLEST, NO_STOP, NONE_COUNTED, NONE_COUNTED_TO, Reason, from_file
from checker.reasons import UNSEEN as UNSEEN_CODE
from checker.signals import CATALOGUE

TIMES: Final = 2
"""So many repetitions to each side go to the first pain: the second shows how sure the first was (clinical
judgement)."""

STOP_S: Final = 1.0
"""For so long one is asked to stop where pain begins (clinical judgement)."""


def has_range(exercise: Exercise) -> bool:
    """Whether a movement has a range: its main measure is how far it goes from the start posture."""
    rule = exercise.main_measure
    return rule.of == "change" and rule.on is not None and exercise.repetition is not None


@dataclass(frozen=True, slots=True)
class Protocol:
    """What was asked of somebody, to each side.

    Attributes:
        times: how many of the first repetitions go to the first pain; 0: none did.
        led_on_s: by side ("both" where there are none), from when on it was led on to the furthest, because nothing
            could be measured: what begins later is none of the first.
    """

    times: int
    led_on_s: Mapping[str, float] = field(default_factory=dict)

    def firsts(self, side: str | None, bouts: Bouts) -> list[Bout]:
        """The repetitions to a side that went to the first pain, of all that counted.

        Who tried first and was too small to be measured has done the first ones so: what counted is the furthest.
        """
        own = [m for m in bouts.counted if side is None or m.side == side]
        until_s = self.led_on_s.get(side or "both", np.inf)
        firsts = [m for m in own[: self.times] if m.start_s < until_s]
        began_s = own[0].start_s if own else np.inf
        return [] if len(own) < self.times and was_too_small(bouts.partial, side, began_s) else firsts

    def has(self, bout: Bout, bouts: Bouts, sided: bool) -> bool:
        """Whether a bout went to the first pain."""
        return bout in self.firsts(bout.side if sided else None, bouts)


def ranges(
    exercise: Exercise, series: Series, bouts: Bouts, view: ViewResult, protocol: Protocol, why: Reason | None = None
) -> list[PainFreeRange]:
    """The range before pain of each side.

    Args:
        exercise: a movement whose main measure is a change from the start posture.
        series: its signals.
        bouts: what counted, and what did not.
        view: how far the person is turned out of it costs accuracy.
        protocol: what was asked of them.
        why: why nothing is measured in this recording; None where it is.
    """
    if not protocol.times or not has_range(exercise):
        return []
    return [_range(exercise, side, series, bouts, view, protocol, why) for side in exercise.sides]


def _range(
    exercise: Exercise,
    side: Side | None,
    series: Series,
    bouts: Bouts,
    view: ViewResult,
    protocol: Protocol,
    why: Reason | None,
) -> PainFreeRange:
    own = [m for m in bouts.counted if side is None or m.side == side] if why is None else []
    firsts = protocol.firsts(side, bouts) if own else []
    others = [m for m in own if m not in firsts]
    stopped = _alike(exercise, [m for m in firsts if stops(m)])
    first = _quantity(exercise, series, view, stopped)
    reason = None if first else why or _why_none(exercise, side, series, bouts, firsts, stopped, protocol)
    furthest = max(others, key=lambda m: m.excursion, default=None)
    return PainFreeRange(
        side=side,
        first=first,
        first_repetitions=len(stopped) if first else 0,
        reason=reason.text if reason else None,
        reason_code=reason.code if reason else None,
        furthest=_quantity(exercise, series, view, [furthest]) if furthest else None,
        start=_position(exercise, series, view, own, at_start=True),
        end=_position(exercise, series, view, [furthest] if furthest else stopped, at_start=False),
    )


def _alike(exercise: Exercise, firsts: list[Bout]) -> list[Bout]:
    """Those that tell one range: a small one beside one that is far larger was no more than a shift of the weight."""
    rule = exercise.repetition
    sizes = [m.excursion for m in firsts]
    if rule is None or not sizes or max(sizes) - min(sizes) <= rule.min_excursion:
        return firsts
    return [m for m in firsts if m.excursion >= rule.min_excursion]


def _why_none(
    exercise: Exercise,
    side: Side | None,
    series: Series,
    bouts: Bouts,
    firsts: Sequence[Bout],
    stopped: Sequence[Bout],
    protocol: Protocol,
) -> Reason:
    signal = str(exercise.main_measure.on)
    if signal in series.hidden:
        return series.hidden[signal]
    if not firsts:
        if (side or "both") in protocol.led_on_s or was_too_small(bouts.partial, side, np.inf):
            unit = UNIT_LABELS[CATALOGUE[signal].unit]
            return BELOW_SMALLEST.of(least=f"{smallest_to_first_pain(exercise):g}{unit}")
        return NONE_COUNTED.of(what=series.what) if side is None else NONE_COUNTED_TO.of(what=series.what, side=side)
    if not stopped:
        return NO_STOP
    return from_file(UNSEEN_CODE, CATALOGUE[signal].unseen)


def _quantity(exercise: Exercise, series: Series, view: ViewResult, bouts: Sequence[Bout]) -> Quantity | None:
    """The median excursion of the main measure; None where none was seen."""
    name = str(exercise.main_measure.on)
    values = [v for m in bouts if np.isfinite(v := excursion_at_peak(name, series, m))]
    if not values:
        return None
    return _rounded(exercise, series, view, float(np.median(values)), values, bouts)


def _position(
    exercise: Exercise, series: Series, view: ViewResult, bouts: Sequence[Bout], at_start: bool
) -> Quantity | None:
    """The signal's own value, with its sign: in the start posture, or at the furthest point.

    None of a signal that is read as a change since the start posture: a turn, the rounding of a back.
    """
    name = str(exercise.main_measure.on)
    if CATALOGUE[name].since_start:
        return None
    baseline = series.baseline[name]
    values = [float(baseline[m.peak]) if at_start else value_at_peak(name, series, m) for m in bouts]
    values = [v for v in values if np.isfinite(v)]
    if not values:
        return None
    return _rounded(exercise, series, view, float(np.median(values)), values, bouts)


def _rounded(
    exercise: Exercise, series: Series, view: ViewResult, value: float, values: list[float], bouts: Sequence[Bout]
) -> Quantity:
    rule = exercise.main_measure
    signal = series.catalogue[str(rule.on)]
    digits = 1 if signal.unit == "deg" else 2
    half = measure_uncertainty(signal, value, values, view.yaw_deg, own_error(rule, series, list(bouts)))
    return Quantity(value=round(value, digits), unit=signal.unit, uncertainty=round(half, digits))
