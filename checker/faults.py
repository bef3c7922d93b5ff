"""Signals over time -> compensations: which, when, how far past which threshold.

Judging only: counting repetitions has its own rules and shares no threshold with this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from checker.assessment import FaultResult, Measure, Side
from checker.exercise import (
    AtPeakFault,
    Condition,
    DropInHoldFault,
    FaultRule,
    NotReachedFault,
    PastFault,
    ReversalsFault,
    SideDifferenceFault,
    SlowReturnFault,
    SpeedFault,
    TooFastFault,
)
from checker.phases import MIN_JERK_90, PLATEAU_S, Movement
from checker.pictures import LEAST_HZ, TIMED_HZ, why_too_slow
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
        baseline: signal id -> (T,) its value in the start posture that holds at the time.
        units: signal id -> unit.
        hidden: signal id -> reason in words, for signals that could not be measured at all.
        movements: the repetitions that counted.
        counted: id of the signal that repetitions are counted on; the first one unless given.
        what: what the movements are.
        falling: ids of signals whose fall is what is measured, told as a positive size.
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
        self.counted = counted or next(iter(values), "")

    def change(self, name: str) -> Array:
        """(T,) how far a signal is from its value in the start posture."""
        return self.values[name] - self.baseline[name]


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


def signals_of(rule: FaultRule) -> list[str]:
    """Ids of the signals that a rule names; none where it looks at the counted one."""
    if isinstance(rule, PastFault):
        return [c.signal for c in rule.conditions]
    return [rule.signal] if isinstance(rule, NotReachedFault | AtPeakFault | SpeedFault) else []


def is_timed(rule: FaultRule) -> bool:
    """Whether a rule asks how quick or how even a movement is."""
    return isinstance(rule, SlowReturnFault | TooFastFault | SpeedFault | ReversalsFault)


def _judge_one(rule: FaultRule, signals: Signals, measures: list[Measure]) -> FaultResult:
    if not signals.movements:
        return not_measured(rule, f"no {signals.what} was counted", signals.units)
    least_hz = TIMED_HZ if is_timed(rule) else LEAST_HZ
    slow = [why_too_slow(signals.t_s, m.start_s, m.end_s, least_hz) for m in signals.movements]
    if all(slow) and not signals.hidden.keys() & set(signals_of(rule)):  # what is out of sight is told first
        return not_measured(rule, str(slow[0]), signals.units)
    if isinstance(rule, NotReachedFault | AtPeakFault | SpeedFault) and rule.signal in signals.hidden:
        return not_measured(rule, signals.hidden[rule.signal], signals.units)
    if isinstance(rule, PastFault):
        return _judge_past(rule, signals)
    if isinstance(rule, SideDifferenceFault):
        return _judge_side_difference(rule, signals, measures)
    return _judge_each(rule, signals)


def _threshold(rule: FaultRule, units: dict[str, str]) -> tuple[float, str]:
    """The threshold that is reported for a rule, with its unit."""
    if isinstance(rule, PastFault):
        first = rule.conditions[0]
        return first.threshold, units.get(first.signal, "")
    if isinstance(rule, SpeedFault):
        return rule.threshold, f"{units.get(rule.signal, '')}/s"
    if isinstance(rule, NotReachedFault | AtPeakFault):
        return rule.threshold, units.get(rule.signal, "")
    if isinstance(rule, DropInHoldFault):
        return rule.threshold, next(iter(units.values()), "")
    plain = {"slow_return": "ratio", "too_fast": "s", "reversals": "count", "side_difference": "deg"}
    return rule.threshold, plain[rule.rule]


def _result(
    rule: FaultRule,
    signals: Signals,
    intervals: list[tuple[float, float]],
    peak: float | None,
    peak_s: float | None,
    side: Side | None = None,
) -> FaultResult:
    """A judged rule: flagged when there is any interval."""
    threshold, unit = _threshold(rule, signals.units)
    digits = 1 if unit == "deg" else 2
    return FaultResult(
        id=rule.id,
        name=rule.name,
        status="flagged" if intervals else "clear",
        side=side,
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
    inside = _within(signals.t_s, signals.movements, rule.during == "hold")
    usable = [c for c in rule.conditions if c.signal not in signals.hidden]
    sizes = [_size_past(c, signals) for c in usable]
    for condition, size in zip(usable, sizes, strict=True):
        if np.isnan(size[inside]).mean() > MAX_UNSEEN:
            return not_measured(rule, CATALOGUE[condition.signal].unseen, signals.units)
    past = [met(c, signals) for c in usable]
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
    start = condition.compare == "start"
    return _turned(signals.change(condition.signal) if start else signals.values[condition.signal], condition)


def _turned(x: Any, condition: Condition) -> Any:
    """A value or an array of them, turned so that larger is worse, the threshold staying where it is."""
    if condition.direction == "either":
        return abs(x)
    return x if condition.direction == "above" else 2.0 * condition.threshold - x


def _as_reported(condition: Condition, signals: Signals, index: int) -> float:
    """The value of a condition at a frame, as its rule measures it."""
    size = float(_size_past(condition, signals)[index])
    return size if condition.direction != "below" else 2.0 * condition.threshold - size


def _worst(size: Array, inside: Mask) -> int | None:
    """Frame of the largest value within the repetitions."""
    candidates = np.where(inside, size, np.nan)
    return int(np.nanargmax(candidates)) if np.isfinite(candidates).any() else None


class Hysteresis:
    """Follows one condition value by value: met past its threshold, until it is well back inside."""

    def __init__(self, condition: Condition, unit: str) -> None:
        """Start outside; the unit is that of the condition's signal."""
        self._condition = condition
        away = abs(1.0 - condition.threshold) if unit == "ratio" else abs(condition.threshold)  # a ratio's zero is 1
        self._slack = HYSTERESIS_DEG if unit == "deg" else HYSTERESIS_SHARE * away
        self.on = False

    def feed(self, value: float, baseline: float) -> bool:
        """Take the signal's next value, and that of the start posture; NaN is never past a threshold."""
        size = _turned(value - baseline if self._condition.compare == "start" else value, self._condition)
        limit = self._condition.threshold
        self.on = bool(size > limit - self._slack if self.on else size > limit)
        return self.on


def met(condition: Condition, signals: Signals) -> Mask:
    """(T,) True from where the signal passes the condition's threshold until it is well back inside."""
    name = condition.signal
    state = Hysteresis(condition, signals.units[name])
    moments = zip(signals.values[name].tolist(), signals.baseline[name].tolist(), strict=True)
    return np.array([state.feed(value, baseline) for value, baseline in moments], bool)


def _within(t_s: Array, movements: list[Movement], held: bool = False) -> Mask:
    """(T,) whether a frame lies within a repetition, or `held`: within its hold."""
    out = np.zeros(len(t_s), bool)
    for m in movements:
        first_s, last_s = (m.reached_s, m.left_s) if held else (m.start_s, m.end_s)
        out |= (t_s >= first_s) & (t_s <= last_s)
    return out


def _runs(mask: Mask) -> list[tuple[int, int]]:
    """(first, last) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


# --- rules on whole repetitions ----------------------------------------------------------------


EachRule = (
    NotReachedFault | AtPeakFault | SlowReturnFault | TooFastFault | SpeedFault | DropInHoldFault | ReversalsFault
)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a rule found in one repetition.

    Attributes:
        value: as it is reported.
        past: how far it is past the threshold, above 0 where it is a fault; larger is worse.
        interval: [start_s, end_s] that is marked where it is one.
        at_s: the moment that shows it.
    """

    value: float
    past: float
    interval: tuple[float, float]
    at_s: float


def _judge_each(rule: EachRule, signals: Signals) -> FaultResult:
    """Rules that look at each repetition as a whole; the worst one is reported."""
    look = _LOOK[rule.rule]
    findings = [look(rule, signals, m) for m in signals.movements]
    seen = [f for f in findings if f is not None and np.isfinite(f.value)]
    if len(seen) <= MAX_UNSEEN * len(findings):
        signal = rule.signal if isinstance(rule, NotReachedFault | AtPeakFault | SpeedFault) else signals.counted
        return not_measured(rule, CATALOGUE[signal].unseen, signals.units)
    worst = max(seen, key=lambda f: f.past)
    return _result(rule, signals, [f.interval for f in seen if f.past > 0], worst.value, worst.at_s)


def _not_reached(rule: NotReachedFault, signals: Signals, m: Movement) -> _Finding | None:
    """A signal that never gets as far as it should."""
    inside = signals.change(rule.signal)[m.start : m.end + 1]
    if not np.isfinite(inside).any():
        return None
    top = float(np.nanmax(inside))
    return _Finding(top, rule.threshold - top, (m.start_s, m.end_s), float(signals.t_s[m.peak]))


def _at_peak(rule: AtPeakFault, signals: Signals, m: Movement) -> _Finding | None:
    """A signal past a threshold while the peak is held."""
    at_peak = (signals.t_s >= m.reached_s) & (signals.t_s <= m.left_s)
    size = _size_past(rule, signals)[at_peak]
    if not np.isfinite(size).any():
        return None
    typical = float(np.nanmedian(size))
    value = typical if rule.direction != "below" else 2.0 * rule.threshold - typical
    return _Finding(value, typical - rule.threshold, (m.reached_s, m.left_s), m.peak_s)


def _slow_return(rule: SlowReturnFault, signals: Signals, m: Movement) -> _Finding:
    """A way back that takes much longer than the way out."""
    ratio = (m.end_s - m.left_s) / max(m.reached_s - m.start_s, 0.1)
    return _Finding(ratio, ratio - rule.threshold, (m.left_s, m.end_s), m.left_s)


def _too_fast(rule: TooFastFault, signals: Signals, m: Movement) -> _Finding:
    """A way out or back that takes too little time."""
    ways = {"out": (m.start_s, m.reached_s), "back": (m.left_s, m.end_s)}
    asked = ways.values() if rule.way == "either" else [ways[rule.way]]
    first_s, last_s = min(asked, key=lambda way: way[1] - way[0])
    took_s = (last_s - first_s) / MIN_JERK_90  # seen are nine tenths of the way
    return _Finding(took_s, rule.threshold - took_s, (first_s, last_s), first_s)


SPEED_OVER_S: Final = 0.2
"""Speeds are taken over this long: a single step between two frames is noise."""


def _speed(rule: SpeedFault, signals: Signals, m: Movement) -> _Finding | None:
    """A signal that changes too fast."""
    t_s, x = signals.t_s, signals.values[rule.signal]
    inside = np.flatnonzero((t_s >= m.start_s) & (t_s <= m.end_s) & np.isfinite(x))
    if len(inside) < 2:
        return None
    later_s = np.minimum(t_s[inside] + SPEED_OVER_S, t_s[inside[-1]])
    way = np.abs(np.interp(later_s, t_s[inside], x[inside]) - x[inside])
    speeds = way / SPEED_OVER_S
    k = int(np.argmax(speeds))
    at_s = float(t_s[inside[k]])
    return _Finding(float(speeds[k]), float(speeds[k]) - rule.threshold, (at_s, at_s + SPEED_OVER_S), at_s)


REACHED: Final = 0.98
"""Share of the peak from which its top counts as reached."""


def _drop_in_hold(rule: DropInHoldFault, signals: Signals, m: Movement) -> _Finding | None:
    """How far the counted signal sinks between reaching its peak and the way back."""
    size = np.abs(signals.change(signals.counted))
    inside = (signals.t_s >= m.start_s) & (signals.t_s <= m.end_s) & np.isfinite(size)
    t_s, size = signals.t_s[inside], size[inside]
    reached = np.flatnonzero(size >= REACHED * m.excursion)
    if len(reached) == 0:
        return None
    first_s, last_s = float(t_s[reached[0]]), _way_back_begins_s(t_s, size, m)
    held = np.flatnonzero((t_s >= first_s) & (t_s <= max(last_s, first_s)))
    low = held[int(np.argmin(size[held]))]
    drop = m.excursion - float(size[low])
    return _Finding(drop, drop - rule.threshold, (first_s, max(last_s, first_s)), float(t_s[low]))


def _way_back_begins_s(t_s: Array, size: Array, m: Movement) -> float:
    """When the way back begins: as long before half of it as its end is after (a smooth way is even).

    Half of what: of the level that is left just before, which is looked up twice.
    """
    level, begins_s = m.excursion, m.left_s
    for _ in range(2):
        half_s = float(t_s[np.flatnonzero(size >= level / 2)[-1]])
        begins_s = 2.0 * half_s - m.end_s
        before = size[(t_s >= begins_s - PLATEAU_S) & (t_s <= begins_s)]
        level = float(np.median(before)) if len(before) else level
    return begins_s


def _reversals(rule: ReversalsFault, signals: Signals, m: Movement) -> _Finding:
    """A movement that turns back and on again on its way out, at the peak or on its way back."""
    turns = _turns(signals.values[signals.counted][m.start : m.end + 1], rule.size)
    extra = max(0, len(turns) - 1)  # one turn, at the peak, is the movement itself
    at_s = float(signals.t_s[m.start + turns[0]]) if turns else m.peak_s
    return _Finding(float(extra), extra - rule.threshold + 0.5, (m.start_s, m.end_s), at_s)


_LOOK: Final[dict[str, Callable[[Any, Signals, Movement], _Finding | None]]] = {
    "not_reached": _not_reached,
    "at_peak": _at_peak,
    "slow_return": _slow_return,
    "too_fast": _too_fast,
    "speed": _speed,
    "drop_in_hold": _drop_in_hold,
    "reversals": _reversals,
}


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
    """The two sides' ranges of the first measure compared."""
    first = measures[0].id
    ranges = {m.side: m.value for m in measures if m.id == first and m.value is not None}
    if len(ranges) < 2:
        return not_measured(rule, "it takes a repetition on each side", signals.units)
    (one, value), (other, other_value) = ranges.items()
    difference = abs(value - other_value)
    smaller = one if value < other_value else other
    own = [m for m in signals.movements if m.side == smaller]
    intervals = [(m.start_s, m.end_s) for m in own] if difference > rule.threshold else []
    return _result(rule, signals, intervals, difference, own[0].peak_s if own else None, smaller if intervals else None)
