"""Signals over time -> compensations: which, when, how far past which threshold.

Flagged is what is past its threshold by more than its error, clear what falls short of it by more, and
unsure what is between. Judging only: counting repetitions has its own rules and shares no threshold with this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from checker.assessment import FaultResult, Measure
from checker.exercise import (
    AtPeakFault,
    Condition,
    DropInHoldFault,
    FaultCondition,
    FaultRule,
    NotReachedFault,
    PastFault,
    ReversalsFault,
    SideDifferenceFault,
    SlowReturnFault,
    SpeedFault,
    TooFastFault,
)
from checker.judging.bouts import Movement
from checker.judging.frame_rate import LEAST_HZ, TIMED_HZ, why_too_slow
from checker.judging.limits import (
    SPEED_OVER_S,
    WAY_ERROR_S,
    Hysteresis,
    drop_error,
    sides_error,
    signal_error,
    speed_error,
    times_error,
    turned,
    waver_error,
)
from checker.judging.repetitions import MIN_JERK_90, PLATEAU_S
from checker.judging.series import Signals
from checker.signals import CATALOGUE
from checker.skeleton import Array

MAX_UNSEEN: Final = 0.5
"""Share of the repetitions' frames that may be hidden before a fault is not measured at all."""

CLOSE: Final = "close to the limit"
"""Why a fault is unsure whose value is nearer to its threshold than it is exact."""

Status = Literal["clear", "unsure", "flagged"]
Mask = npt.NDArray[np.bool_]


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
    return [_beside_others(rule, results, signals.units) for rule in rules]


def _beside_others(rule: FaultRule, results: dict[str, FaultResult], units: dict[str, str]) -> FaultResult:
    """A rule's result, taken back where another fault that looks the same was seen, or may have been."""
    own = results[rule.id]
    if not isinstance(rule, PastFault) or own.status not in {"flagged", "unsure"}:
        return own
    others = [results[i] for i in rule.unless if i in results]
    seen = next((r for r in others if r.status == "flagged"), None)
    if seen is not None:
        return not_measured(rule, f'"{seen.name}" looks the same from here and was seen', units)
    doubtful = next((r for r in others if r.status != "clear"), None)
    if doubtful is None or own.status == "unsure":
        return own
    why = CLOSE if doubtful.status == "unsure" else f"not measured: {doubtful.reason}"
    return own.model_copy(
        update={"status": "unsure", "reason": f'"{doubtful.name}" looks the same from here and was {why}'}
    )


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
    if rule.out_of_reach:
        return not_measured(rule, rule.out_of_reach, signals.units)
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
    status: Status,
    intervals: list[tuple[float, float]],
    peak: float | None,
    peak_s: float | None,
    error: float,
) -> FaultResult:
    """A judged rule: what was seen, and when; `error` in the unit of its threshold."""
    threshold, unit = _threshold(rule, signals.units)
    digits = 1 if unit == "deg" else 2
    return FaultResult(
        id=rule.id,
        name=rule.name,
        status=status,
        reason=CLOSE if status == "unsure" else None,
        intervals=[(round(a, 2), round(b, 2)) for a, b in intervals],
        peak=None if peak is None else round(peak, digits),
        peak_s=None if peak_s is None else round(peak_s, 2),
        threshold=threshold,
        error=round(error, 3),
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
    status, runs, past = _runs_past(rule, usable, signals, inside)
    told = _told_condition(rule, past, runs)
    where = np.zeros(len(inside), bool)
    for first, last in runs:
        where[first : last + 1] = True
    worst = _worst(sizes[told], where if runs else inside)  # clear: say how far it went all the same
    peak = None if worst is None else _as_reported(usable[told], signals, worst)
    peak_s = None if worst is None else float(signals.t_s[worst])
    intervals = [(float(signals.t_s[first]), float(signals.t_s[last])) for first, last in runs]
    result = _result(rule, signals, status, intervals, peak, peak_s, signal_error(usable[told]))
    told_by = {"threshold": usable[told].threshold, "unit": signals.units[usable[told].signal]}
    return result.model_copy(update=told_by)


def _runs_past(
    rule: PastFault, conditions: list[FaultCondition], signals: Signals, inside: Mask
) -> tuple[Status, list[tuple[int, int]], list[Mask]]:
    """Whether the conditions hold for long enough, for certain or possibly; when; and each condition's own mask.

    What is past the threshold by the error for long enough is flagged, from where it passed the
    threshold itself. What is so by less is unsure, from where it came as near as the error.
    """
    certain, past = _runs_at(1.0, rule, conditions, signals, inside)
    if certain:
        runs, _ = _runs_at(0.0, rule, conditions, signals, inside)
        return "flagged", [(a, b) for a, b in runs if any(a <= c and d <= b for c, d in certain)], past
    possible, past = _runs_at(-1.0, rule, conditions, signals, inside)
    return _status(False, bool(possible)), possible, past


def _runs_at(
    errors: float, rule: PastFault, conditions: list[FaultCondition], signals: Signals, inside: Mask
) -> tuple[list[tuple[int, int]], list[Mask]]:
    """When the conditions hold for long enough, past their thresholds by so many errors; and each one's own mask."""
    past = [met(c, signals, errors * signal_error(c)) for c in conditions]
    together = np.any(past, axis=0) if rule.when == "any" else np.all(past, axis=0)
    t_s, runs = signals.t_s, _runs(together & inside)
    return [(first, last) for first, last in runs if t_s[last] - t_s[first] >= rule.min_duration_s], past


def _told_condition(rule: PastFault, past: list[Mask], runs: list[tuple[int, int]]) -> int:
    """Which condition's peak and threshold to report: the first, or where any will do, one that held."""
    if rule.when == "all" or not runs:
        return 0
    return next(k for k, held in enumerate(past) if any(held[first : last + 1].any() for first, last in runs))


def _size_past(condition: Condition, signals: Signals) -> Array:
    """(T,) the condition's signal turned so that larger is worse, with its threshold likewise."""
    start = condition.compare == "start"
    return turned(signals.change(condition.signal) if start else signals.values[condition.signal], condition)


def _as_reported(condition: Condition, signals: Signals, index: int) -> float:
    """The value of a condition at a frame, as its rule measures it."""
    size = float(_size_past(condition, signals)[index])
    return size if condition.direction != "below" else 2.0 * condition.threshold - size


def _worst(size: Array, inside: Mask) -> int | None:
    """Frame of the largest value within the repetitions."""
    candidates = np.where(inside, size, np.nan)
    return int(np.nanargmax(candidates)) if np.isfinite(candidates).any() else None


def met(condition: Condition, signals: Signals, beyond: float = 0.0) -> Mask:
    """(T,) True from where the signal passes the condition's threshold until it is well back inside.

    `beyond` moves the threshold outwards, in the signal's unit.
    """
    name = condition.signal
    state = Hysteresis(condition, signals.units[name], beyond)
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
        error: half-width of both; past by more is certain, short by more is none.
        interval: [start_s, end_s] that is marked where it is one.
        at_s: the moment that shows it.
    """

    value: float
    past: float
    error: float
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
    certain, possible = ([f for f in seen if f.past > sign * f.error] for sign in (1.0, -1.0))
    told = certain or possible
    worst = max(told or seen, key=lambda f: f.past)
    intervals = [f.interval for f in told]
    status = _status(bool(certain), bool(possible))
    return _result(rule, signals, status, intervals, worst.value, worst.at_s, worst.error)


def _status(certain: bool, possible: bool) -> Status:
    return "flagged" if certain else "unsure" if possible else "clear"


def _not_reached(rule: NotReachedFault, signals: Signals, m: Movement) -> _Finding | None:
    """A signal that never gets as far as it should."""
    inside = signals.change(rule.signal)[m.start : m.end + 1]
    if not np.isfinite(inside).any():
        return None
    top = float(np.nanmax(inside))
    interval, at_s = (m.start_s, m.end_s), float(signals.t_s[m.peak])
    return _Finding(top, rule.threshold - top, signal_error(rule), interval, at_s)


def _at_peak(rule: AtPeakFault, signals: Signals, m: Movement) -> _Finding | None:
    """A signal past a threshold while the peak is held."""
    at_peak = (signals.t_s >= m.reached_s) & (signals.t_s <= m.left_s)
    size = _size_past(rule, signals)[at_peak]
    if not np.isfinite(size).any():
        return None
    typical = float(np.nanmedian(size))
    value = typical if rule.direction != "below" else 2.0 * rule.threshold - typical
    return _Finding(value, typical - rule.threshold, signal_error(rule), (m.reached_s, m.left_s), m.peak_s)


def _slow_return(rule: SlowReturnFault, signals: Signals, m: Movement) -> _Finding:
    """A way back that takes much longer than the way out."""
    back_s, out_s = m.end_s - m.left_s, max(m.reached_s - m.start_s, 0.1)
    ratio = back_s / out_s
    return _Finding(ratio, ratio - rule.threshold, times_error(rule, out_s), (m.left_s, m.end_s), m.left_s)


def _too_fast(rule: TooFastFault, signals: Signals, m: Movement) -> _Finding:
    """A way out or back that takes too little time."""
    ways = {"out": (m.start_s, m.reached_s), "back": (m.left_s, m.end_s)}
    asked = ways.values() if rule.way == "either" else [ways[rule.way]]
    first_s, last_s = min(asked, key=lambda way: way[1] - way[0])
    took_s = (last_s - first_s) / MIN_JERK_90  # seen are nine tenths of the way
    return _Finding(took_s, rule.threshold - took_s, WAY_ERROR_S, (first_s, last_s), first_s)


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
    fastest, interval = float(speeds[k]), (at_s, at_s + SPEED_OVER_S)
    return _Finding(fastest, fastest - rule.threshold, speed_error(rule), interval, at_s)


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
    error, interval = drop_error(rule, signals.counted), (first_s, max(last_s, first_s))
    return _Finding(drop, drop - rule.threshold, error, interval, float(t_s[low]))


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
    """A movement that turns back and on again on its way out, at the peak or on its way back.

    The error is in the size of a swing: it lies between the number of those that are larger by more than
    their error and of those that may be large enough.
    """
    x, error = signals.values[signals.counted][m.start : m.end + 1], waver_error(signals.counted)
    sizes = (rule.size + error, rule.size, max(rule.size - error, 0.0))
    least, turns, most = (_turns(x, size) for size in sizes)
    # one turn, at the peak, is the movement itself
    surely, extra, perhaps = (max(0, len(found) - 1) for found in (least, turns, most))
    at_s = float(signals.t_s[m.start + turns[0]]) if turns else m.peak_s
    half = (perhaps - surely) / 2
    return _Finding(float(extra), surely + half - rule.threshold + 0.5, half, (m.start_s, m.end_s), at_s)


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
    own = [m for m in measures if m.id == measures[0].id and m.value is not None]
    if len(own) < 2:
        return not_measured(rule, "it takes a repetition on each side", signals.units)
    smaller, larger = sorted(own, key=lambda m: m.value or 0.0)
    difference, error = (larger.value or 0.0) - (smaller.value or 0.0), sides_error(rule, smaller, larger)
    status = _status(difference - rule.threshold > error, difference - rule.threshold > -error)
    less = [m for m in signals.movements if m.side == smaller.side]
    intervals = [(m.start_s, m.end_s) for m in less] if status != "clear" else []
    result = _result(rule, signals, status, intervals, difference, less[0].peak_s if less else None, error)
    return result.model_copy(update={"side": smaller.side if status == "flagged" else None})
