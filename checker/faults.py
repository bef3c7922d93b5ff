"""Signals over time -> compensations: which, when, how far past which threshold.

Judging only: counting repetitions has its own rules and shares no threshold with this.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from checker.assessment import FaultResult, Measure
from checker.exercise import (
    Condition,
    FaultRule,
    NotReachedFault,
    PastFault,
    ReversalsFault,
    SideDifferenceFault,
    SlowReturnFault,
)
from checker.phases import Movement
from checker.signals import CATALOGUE
from checker.skeleton import Array

HYSTERESIS_DEG: Final = 5.0
HYSTERESIS_SHARE: Final = 0.15
"""A fault that has begun lasts until the signal is this far back inside the threshold: 5 degrees
for angles, 15 % of the threshold for everything else (of its distance from 1 for a ratio)."""

MAX_UNSEEN: Final = 0.5
"""Share of the repetitions' frames that may be hidden before a fault is not measured at all."""

Mask = npt.NDArray[np.bool_]


class Signals:
    """What a judgement may look at: the signals and the repetitions they are judged in.

    Attributes:
        t_s: (T,) seconds.
        values: signal id -> (T,) values.
        baseline: signal id -> its value in the start posture.
        units: signal id -> unit.
        hidden: signal id -> reason in words, for signals that could not be measured at all.
        movements: the repetitions that counted.
    """

    def __init__(
        self,
        t_s: Array,
        values: dict[str, Array],
        baseline: dict[str, float],
        units: dict[str, str],
        hidden: dict[str, str],
        movements: list[Movement],
    ) -> None:
        """Hold on to what was measured."""
        self.t_s = t_s
        self.values = values
        self.baseline = baseline
        self.units = units
        self.hidden = hidden
        self.movements = movements


def judge(rules: list[FaultRule], signals: Signals, measures: list[Measure]) -> list[FaultResult]:
    """Judge every rule of an exercise.

    Args:
        rules: of the exercise file.
        signals: of the clip.
        measures: needed where two sides are compared.

    Returns:
        One result a rule, in the same order.
    """
    results = {rule.id: _judge_one(rule, signals, measures) for rule in rules}
    flagged = {i for i, r in results.items() if r.status == "flagged"}
    for rule in rules:
        imitators = flagged.intersection(rule.unless) if isinstance(rule, PastFault) else set()
        if imitators and results[rule.id].status == "flagged":
            name = next(r.name for r in rules if r.id in imitators)
            results[rule.id] = not_measured(rule, f'"{name}" looks the same from here and was seen', signals.units)
    return [results[rule.id] for rule in rules]


def not_measured(rule: FaultRule, reason: str, units: dict[str, str]) -> FaultResult:
    """A rule that could not be judged."""
    threshold, unit = _threshold(rule, units)
    return FaultResult(
        id=rule.id,
        name=rule.name,
        status="not_measured",
        reason=reason,
        threshold=threshold,
        unit=unit,
        cue=rule.cue,
        severity=rule.severity,
    )


def _judge_one(rule: FaultRule, signals: Signals, measures: list[Measure]) -> FaultResult:
    if not signals.movements:
        return not_measured(rule, "no repetition was counted", signals.units)
    if isinstance(rule, PastFault):
        return _judge_past(rule, signals)
    if isinstance(rule, NotReachedFault):
        return _judge_not_reached(rule, signals)
    if isinstance(rule, SlowReturnFault):
        return _judge_slow_return(rule, signals)
    if isinstance(rule, ReversalsFault):
        return _judge_reversals(rule, signals)
    return _judge_side_difference(rule, signals, measures)


def _threshold(rule: FaultRule, units: dict[str, str]) -> tuple[float, str]:
    """The threshold that is reported for a rule, with its unit."""
    if isinstance(rule, PastFault):
        first = rule.conditions[0]
        return first.threshold, units.get(first.signal, "")
    if isinstance(rule, NotReachedFault):
        return rule.threshold, units.get(rule.signal, "")
    if isinstance(rule, SlowReturnFault):
        return rule.threshold, "ratio"
    if isinstance(rule, ReversalsFault):
        return rule.threshold, "count"
    return rule.threshold, "deg"


def _result(
    rule: FaultRule,
    signals: Signals,
    intervals: list[tuple[float, float]],
    peak: float | None,
    peak_s: float | None,
    side: str | None = None,
) -> FaultResult:
    """A judged rule: flagged when there is any interval."""
    threshold, unit = _threshold(rule, signals.units)
    digits = 1 if unit == "deg" else 2
    return FaultResult(
        id=rule.id,
        name=rule.name,
        status="flagged" if intervals else "clear",
        side=side,  # type: ignore[arg-type]
        intervals=[(round(a, 2), round(b, 2)) for a, b in intervals],
        peak=None if peak is None else round(peak, digits),
        peak_s=None if peak_s is None else round(peak_s, 2),
        threshold=threshold,
        unit=unit,
        cue=rule.cue,
        severity=rule.severity,
    )


# --- past a threshold --------------------------------------------------------------------------


def _judge_past(rule: PastFault, signals: Signals) -> FaultResult:
    """Conditions that hold for a while within a repetition."""
    hidden = [signals.hidden[c.signal] for c in rule.conditions if c.signal in signals.hidden]
    if hidden and (rule.when == "all" or len(hidden) == len(rule.conditions)):
        return not_measured(rule, hidden[0], signals.units)
    inside = _within(signals.t_s, signals.movements)
    usable = [c for c in rule.conditions if c.signal not in signals.hidden]
    sizes = [_size_past(c, signals) for c in usable]
    for condition, size in zip(usable, sizes, strict=True):
        if np.isnan(size[inside]).mean() > MAX_UNSEEN:
            return not_measured(rule, CATALOGUE[condition.signal].unseen, signals.units)
    past = [_with_hysteresis(s, c, signals.units[c.signal]) for s, c in zip(sizes, usable, strict=True)]
    together = np.any(past, axis=0) if rule.when == "any" else np.all(past, axis=0)
    runs = [
        (first, last)
        for first, last in _runs(together & inside)
        if signals.t_s[last] - signals.t_s[first] >= rule.min_duration_s
    ]
    told = _told_condition(rule, past, runs)
    where = np.zeros(len(inside), bool)
    for first, last in runs:
        where[first : last + 1] = True
    worst = _worst(sizes[told], where if runs else inside)  # clear: say how far it went all the same
    peak = None if worst is None else _as_reported(usable[told], signals, worst)
    peak_s = None if worst is None else float(signals.t_s[worst])
    intervals = [(float(signals.t_s[first]), float(signals.t_s[last])) for first, last in runs]
    result = _result(rule, signals, intervals, peak, peak_s)
    told_by = {"threshold": usable[told].threshold, "unit": signals.units[usable[told].signal]}
    return result.model_copy(update=told_by)


def _told_condition(rule: PastFault, past: list[Mask], runs: list[tuple[int, int]]) -> int:
    """Which condition's peak and threshold to report: the first, or where any will do, one that held."""
    if rule.when == "all" or not runs:
        return 0
    return next(k for k, held in enumerate(past) if any(held[first : last + 1].any() for first, last in runs))


def _size_past(condition: Condition, signals: Signals) -> Array:
    """(T,) the condition's signal turned so that larger is worse, with its threshold likewise."""
    x = signals.values[condition.signal]
    if condition.compare == "start":
        x = x - signals.baseline[condition.signal]
    if condition.direction == "either":
        x = np.abs(x)
    return x if condition.direction != "below" else 2.0 * condition.threshold - x


def _as_reported(condition: Condition, signals: Signals, index: int) -> float:
    """The value of a condition at a frame, as its rule measures it."""
    size = float(_size_past(condition, signals)[index])
    return size if condition.direction != "below" else 2.0 * condition.threshold - size


def _worst(size: Array, inside: Mask) -> int | None:
    """Frame of the largest value within the repetitions."""
    candidates = np.where(inside, size, np.nan)
    return int(np.nanargmax(candidates)) if np.isfinite(candidates).any() else None


def _with_hysteresis(x: Array, condition: Condition, unit: str) -> Mask:
    """(T,) True from where x exceeds the threshold until it is well back inside."""
    threshold = condition.threshold
    away = abs(1.0 - threshold) if unit == "ratio" else abs(threshold)  # a ratio's zero is 1
    slack = HYSTERESIS_DEG if unit == "deg" else HYSTERESIS_SHARE * away
    out = np.zeros(len(x), bool)
    on = False
    for i, value in enumerate(x):
        on = value > threshold - slack if on else value > threshold  # NaN ends it
        out[i] = on
    return out


def _within(t_s: Array, movements: list[Movement]) -> Mask:
    """(T,) whether a frame lies within a repetition."""
    out = np.zeros(len(t_s), bool)
    for m in movements:
        out |= (t_s >= m.start_s) & (t_s <= m.end_s)
    return out


def _runs(mask: Mask) -> list[tuple[int, int]]:
    """(first, last) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


# --- rules on whole repetitions ----------------------------------------------------------------


def _judge_not_reached(rule: NotReachedFault, signals: Signals) -> FaultResult:
    """Repetitions in which a signal never gets as far as it should."""
    if rule.signal in signals.hidden:
        return not_measured(rule, signals.hidden[rule.signal], signals.units)
    x = signals.values[rule.signal] - signals.baseline[rule.signal]
    intervals, least, least_s = [], None, None
    for m in signals.movements:
        inside = x[m.start : m.end + 1]
        if not np.isfinite(inside).any():
            return not_measured(rule, CATALOGUE[rule.signal].unseen, signals.units)
        top = float(np.nanmax(inside))
        if least is None or top < least:
            least, least_s = top, float(signals.t_s[m.peak])
        if top < rule.threshold:
            intervals.append((m.start_s, m.end_s))
    return _result(rule, signals, intervals, least, least_s)


def _judge_slow_return(rule: SlowReturnFault, signals: Signals) -> FaultResult:
    """Repetitions whose way back takes much longer than the way out."""
    intervals, worst, worst_s = [], None, None
    for m in signals.movements:
        ratio = (m.end_s - m.left_s) / max(m.reached_s - m.start_s, 0.1)
        if worst is None or ratio > worst:
            worst, worst_s = ratio, m.left_s
        if ratio > rule.threshold:
            intervals.append((m.left_s, m.end_s))
    return _result(rule, signals, intervals, worst, worst_s)


def _judge_reversals(rule: ReversalsFault, signals: Signals) -> FaultResult:
    """Repetitions in which the movement turns back and on again on its way out or back."""
    counted = next(iter(signals.values))
    x = signals.values[counted]
    intervals, most, most_s = [], 0, None
    for m in signals.movements:
        turns = _turns(x[m.start : m.end + 1], rule.size)
        extra = max(0, len(turns) - 1)  # one turn, at the peak, is the movement itself
        if extra > most:
            most, most_s = extra, float(signals.t_s[m.start + turns[0]])
        if extra >= rule.threshold:
            intervals.append((m.start_s, m.end_s))
    return _result(rule, signals, intervals, float(most), most_s)


def _turns(x: Array, size: float) -> list[int]:
    """Indices at which x turns round, counting only swings of at least `size` either way."""
    values = np.abs(x - x[0]) if np.isfinite(x[:1]).all() else np.abs(x)
    turns: list[int] = []
    extreme, rising = 0, True
    for i, value in enumerate(values):
        if not np.isfinite(value):
            continue
        ahead = value - values[extreme] if rising else values[extreme] - value
        if ahead >= 0 or not np.isfinite(values[extreme]):
            extreme = i
        elif -ahead >= size:
            turns.append(extreme)
            extreme, rising = i, not rising
    return turns


def _judge_side_difference(rule: SideDifferenceFault, signals: Signals, measures: list[Measure]) -> FaultResult:
    """The two sides' ranges compared."""
    sides = {m.side: m for m in measures if m.status == "measured" and m.value is not None}
    left, right = sides.get("left"), sides.get("right")
    if left is None or right is None or left.value is None or right.value is None:
        return not_measured(rule, "it takes a repetition on each side", signals.units)
    difference = abs(left.value - right.value)
    smaller = "left" if left.value < right.value else "right"
    own = [m for m in signals.movements if m.side == smaller]
    intervals = [(m.start_s, m.end_s) for m in own] if difference > rule.threshold else []
    return _result(rule, signals, intervals, difference, own[0].peak_s if own else None, smaller if intervals else None)
