"""Signals and repetitions -> the values that are reported, each with its uncertainty or its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np

from checker.assessment import UNIT_LABELS, Measure, Side, UncertaintyParts, ViewResult
from checker.exercise import Exercise
from checker.judging.bouts import Bout
from checker.judging.series import Series
from checker.judging.uncertainty import WAVER_SHARE, Parts, uncertainty_parts
from checker.reasons import NO_RHYTHM, NONE_COUNTED, NONE_COUNTED_OF, NONE_COUNTED_TO, UNSEEN, Reason, from_file
from checker.rules import MeasureOf, MeasureRule
from checker.signals import CATALOGUE
from checker.skeleton import Array

Kind = Literal["excursion", "position", "spread", "time", "count", "rate"]

HOLD_ERROR_S: Final = 0.4
"""Error of a time held: both ends of a repetition together (`python benchmarks/accuracy.py`)."""

POSTURE_ERROR_S: Final = 1.2
"""The same of a posture that is kept: getting into it and out of it takes about as long at either end, and nobody can
say from which moment on it is the posture."""

CYCLES_HZ: Final = (0.05, 0.75)
"""Ups and downs that are reported as a rate: 3 to 45 a minute."""

CLEAR_SHARE: Final = 0.5
"""Share of all ups and downs that must lie at one rate for it to be reported."""

MIN_CYCLES: Final = 3

MAX_GAP_IN_RATE_S: Final = 3.0
"""A longer stretch unseen may hide a whole cycle."""


def measure(exercise: Exercise, signals: Series, view: ViewResult, reason: Reason | None = None) -> list[Measure]:
    """Every measure of an exercise, one a side where repetitions have sides.

    Args:
        exercise: what is to be measured.
        signals: of the clip, with the repetitions or holds that counted.
        view: how far the person is turned out of it costs accuracy.
        reason: why nothing can be measured in this clip at all, None where it can.
    """
    return [_measure(rule, side, signals, view, reason) for rule in exercise.measures for side in exercise.sides]


def _measure(rule: MeasureRule, side: Side | None, signals: Series, view: ViewResult, reason: Reason | None) -> Measure:
    """The median over the repetitions of a side, with its uncertainty."""
    own = [m for m in signals.bouts if side is None or m.side == side]
    values = [] if reason else [v for v in _values(rule, signals, own) if np.isfinite(v)]
    if not values or _is_too_vague(rule, signals, own):
        return _unmeasured(rule, side, reason or _why_none(rule, side, signals, own))
    value = float(values[0] if rule.of == "count" else np.median(values))
    unit = unit_of(rule)
    digits = 1 if unit in {"deg", "s", "1/min"} else 2
    return Measure(
        id=rule.id,
        name=rule.name,
        side=side,
        value=round(value, digits),
        unit=unit,
        uncertainty=round(_uncertainty(rule, value, values, view, signals, own), digits),
        uncertainty_parts=_parts_told(rule, value, values, view, signals, own),
        status="measured",
        best=round(max(values), digits),
        band=_band(value, rule.bands, unit),
        expected=rule.expected,
        target=_target(rule, side),
        repetitions=len(own),
        kind=_KINDS[rule.of],
        start=_median_of(_start_of(rule, signals, own), digits),
        end=_median_of(_end_of(rule, signals, own), digits),
        spread=round(max(values) - min(values), digits) if len(values) > 1 else None,
        checked=signals.catalogue[str(rule.on)].errors.checked if rule.on else None,
    )


_KINDS: Final[dict[MeasureOf, Kind]] = {
    "change": "excursion",
    "largest": "excursion",
    "value": "position",
    "spread": "spread",
    "rate": "rate",
    "hold_time": "time",
    "count": "count",
}


def _start_of(rule: MeasureRule, signals: Series, own: list[Bout]) -> list[float]:
    """Of an excursion, the signal's value in the start posture of each bout, with its sign; else nothing.

    Nothing of a signal that is itself a change since the start posture: a turn, the rounding of a back. Nothing of
    bouts that go opposite ways, where a reviewer says that they went to one side: their middle is no posture of theirs.
    """
    if rule.of not in {"change", "largest"} or CATALOGUE[str(rule.on)].since_start:
        return []
    if len({_is_other_way(str(rule.on), signals, m) for m in own}) > 1:
        return []
    return [float(signals.baseline[str(rule.on)][m.peak]) for m in own]


def _end_of(rule: MeasureRule, signals: Series, own: list[Bout]) -> list[float]:
    """The same at the furthest point of each, where the start posture has a value."""
    has_own = rule.of == "change" and _start_of(rule, signals, own)
    return [value_at_peak(str(rule.on), signals, m) for m in own] if has_own else []


def _median_of(values: list[float], digits: int) -> float | None:
    known = [v for v in values if np.isfinite(v)]
    return round(float(np.median(known)), digits) if known else None


def unit_of(rule: MeasureRule) -> str:
    """The unit in which a measure is reported."""
    plain = {"hold_time": "s", "count": "count", "rate": "1/min"}
    return plain.get(rule.of) or CATALOGUE[str(rule.on)].unit


def _values(rule: MeasureRule, signals: Series, own: list[Bout]) -> list[float]:
    """One value a repetition, or a single one for a count."""
    if rule.of == "count":
        return [float(len(own))]
    if rule.of == "hold_time":
        return [m.hold_s for m in own]
    name = str(rule.on)
    return [_TAKE[rule.of](name, signals, m) for m in own]


def _is_too_vague(rule: MeasureRule, signals: Series, own: list[Bout]) -> bool:
    """Whether the clip's own evidence gives the signal an error beyond which it is not worth telling."""
    error = own_error(rule, signals, own)
    return error is not None and error > signals.catalogue[str(rule.on)].errors.error_most


def own_error(rule: MeasureRule, signals: Series, own: list[Bout]) -> float | None:
    """The signal's error by the evidence in the clip, the median over the peaks; None where it tells none."""
    errors = signals.errors.get(str(rule.on))
    if errors is None:
        return None
    at_peaks = [np.median(e) for m in own if len(e := _inside(errors, signals, m.reached_s, m.left_s))]
    return float(np.median(at_peaks)) if at_peaks else None


def _uncertainty(
    rule: MeasureRule, value: float, values: list[float], view: ViewResult, signals: Series, own: list[Bout]
) -> float:
    if rule.of == "count":
        return 0.0
    if rule.of == "hold_time":
        return HOLD_ERROR_S if signals.what == "repetition" else POSTURE_ERROR_S
    if rule.of == "rate":
        return max(1.0, 0.1 * value)
    return _share(rule) * _parts(rule, value, values, view, signals, own).whole


def _share(rule: MeasureRule) -> float:
    return WAVER_SHARE if rule.of == "spread" else 1.0


def _parts(
    rule: MeasureRule, value: float, values: list[float], view: ViewResult, signals: Series, own: list[Bout]
) -> Parts:
    signal = signals.catalogue[str(rule.on)]
    return uncertainty_parts(signal, value, values, view.yaw_deg, own_error(rule, signals, own))


def _parts_told(
    rule: MeasureRule, value: float, values: list[float], view: ViewResult, signals: Series, own: list[Bout]
) -> UncertaintyParts | None:
    """What an uncertainty is made of, as it is told; None of a count, a time or a rate."""
    if rule.of in {"count", "hold_time", "rate"}:
        return None
    parts, share = _parts(rule, value, values, view, signals, own), _share(rule)
    told = {name: round(share * getattr(parts, name), 2) for name in ("own", "scatter", "turned")}
    return UncertaintyParts(**told)


def _unmeasured(rule: MeasureRule, side: Side | None, reason: Reason) -> Measure:
    return Measure(
        id=rule.id,
        name=rule.name,
        side=side,
        value=None,
        unit=unit_of(rule),
        uncertainty=None,
        status="not_measured",
        reason=reason.text,
        reason_code=reason.code,
        expected=rule.expected,
        target=_target(rule, side),
    )


def _target(rule: MeasureRule, side: Side | None) -> float | None:
    return None if rule.target is None else rule.target.by_side.get(side or "both")


def _why_none(rule: MeasureRule, side: Side | None, signals: Series, own: list[Bout]) -> Reason:
    if rule.on in signals.hidden:
        return signals.hidden[rule.on]
    if not own:
        if side is None:
            return NONE_COUNTED.of(what=signals.what)
        return (NONE_COUNTED_TO if side in {"left", "right"} else NONE_COUNTED_OF).of(what=signals.what, side=side)
    if rule.of == "rate":
        return NO_RHYTHM
    return from_file(UNSEEN, CATALOGUE[str(rule.on)].unseen)


def excursion_at_peak(name: str, signals: Series, m: Bout) -> float:
    """A signal's change from the start posture while the repetition is at its peak.

    Positive in the direction of the movement, whatever the signal does.
    """
    inside = _inside(signals.change(name), signals, m.reached_s, m.left_s)
    change = float(np.median(inside)) if len(inside) else float("nan")
    return -change if _is_other_way(name, signals, m) or name in signals.falling else change


def _is_other_way(name: str, signals: Series, m: Bout) -> bool:
    """Whether a signal falls where it rises in the repetitions to the other side."""
    return m.negative and (CATALOGUE[name].sided or name == signals.counted)


def value_at_peak(name: str, signals: Series, m: Bout) -> float:
    """A signal's own value while the repetition is at its peak, or during a hold."""
    inside = _inside(signals.values[name], signals, m.reached_s, m.left_s)
    return float(np.median(inside)) if len(inside) else float("nan")


def _largest(name: str, signals: Series, m: Bout) -> float:
    """The largest change of a signal from the start posture anywhere in the repetition, either way."""
    change = _inside(signals.change(name), signals, m.start_s, m.end_s)
    return float(np.max(np.abs(change), initial=np.nan if len(change) == 0 else 0.0))


def _spread(name: str, signals: Series, m: Bout) -> float:
    """The range in which a signal stays for 90 % of the time that it is held."""
    inside = _inside(signals.values[name], signals, m.reached_s, m.left_s)
    return float(np.ptp(np.quantile(inside, (0.05, 0.95)))) if len(inside) else float("nan")


def _rate(name: str, signals: Series, m: Bout) -> float:
    """Ups and downs a minute; NaN where no one rate stands out, or too much was unseen to tell."""
    from scipy.signal import periodogram

    t_s = signals.t_s[(signals.t_s >= m.start_s) & (signals.t_s <= m.end_s)]
    x = signals.values[name][(signals.t_s >= m.start_s) & (signals.t_s <= m.end_s)]
    seen = np.isfinite(x)
    duration_s = m.end_s - m.start_s
    if seen.sum() < 2 or duration_s * CYCLES_HZ[1] < MIN_CYCLES:
        return float("nan")
    if np.max(np.diff(t_s[seen])) > MAX_GAP_IN_RATE_S:
        return float("nan")
    even_s = np.linspace(t_s[0], t_s[-1], len(t_s))
    hz, power = periodogram(
        np.interp(even_s, t_s[seen], x[seen]), len(even_s) / duration_s, detrend="linear", window="hann"
    )
    peak = int(np.argmax(power))
    lowest_hz = max(CYCLES_HZ[0], MIN_CYCLES / duration_s)
    share = float(power[max(0, peak - 1) : peak + 2].sum() / max(power.sum(), 1e-12))
    clear = lowest_hz <= hz[peak] <= CYCLES_HZ[1] and share >= CLEAR_SHARE
    return float(60.0 * hz[peak]) if clear else float("nan")


_TAKE: Final[dict[str, Callable[[str, Series, Bout], float]]] = {
    "change": excursion_at_peak,
    "value": value_at_peak,
    "largest": _largest,
    "spread": _spread,
    "rate": _rate,
}


def _inside(series: Array, signals: Series, from_s: float, to_s: float) -> Array:
    """The values that a series has between two moments, where it is known."""
    x = series[(signals.t_s >= from_s) & (signals.t_s <= to_s)]
    return x[np.isfinite(x)]


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
