"""Signals over time -> compensations: which, when, how far past which threshold.

Flagged is what is past its threshold by more than its error, clear what falls short of it by more, and
unsure what is between. Judging only: counting repetitions has its own rules and shares no threshold with this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from checker.assessment import FaultResult, Measure
from checker.fault_rules import (
    AtPeakFault,
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
from checker.judging.bouts import Bout
from checker.judging.frame_rate import LEAST_HZ, TIMED_HZ, why_too_slow
from checker.judging.limits import (
    SPEED_OVER_S,
    WAY_ERROR_S,
    drop_error,
    met,
    sides_error,
    signal_error,
    speed_error,
    times_error,
    turned,
    waver_error,
)
from checker.judging.repetitions import MIN_JERK_90, PLATEAU_S
from checker.judging.series import Series
from checker.reasons import (
    CLOSE,
    LOOKS_THE_SAME,
    MAY_LOOK_THE_SAME,
    NONE_COUNTED,
    ONE_SIDE_ONLY,
    OUT_OF_REACH,
    UNSEEN,
    Reason,
    from_file,
)
from checker.rules import Condition, FaultCondition
from checker.signals import CATALOGUE
from checker.skeleton import Array

MAX_UNSEEN: Final = 0.5
"""Share of the repetitions' frames that may be hidden before a fault is not measured at all."""

Status = Literal["clear", "unsure", "flagged"]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody who looked says of a fault.

    Attributes:
        present: whether it was there.
        intervals: when, seconds; empty: where it was found, or in all of the clip.
    """

    present: bool
    intervals: tuple[tuple[float, float], ...] = ()


def judge(
    rules: Sequence[FaultRule],
    series: Series,
    measures: Sequence[Measure] = (),
    verdicts: Mapping[str, Verdict] | None = None,
) -> list[FaultResult]:
    """Judge rules of an exercise.

    Args:
        rules: of the exercise file.
        series: of the clip, with the bouts that counted.
        measures: needed where two sides are compared.
        verdicts: by id, what somebody who looked says; what only looks like such a fault is judged beside that.

    Returns:
        One result a rule, in the same order.
    """
    told = verdicts or {}
    results = {rule.id: as_told(_judge_one(rule, series, measures), told.get(rule.id)) for rule in rules}
    return [results[rule.id] if rule.id in told else _beside_others(rule, results, series) for rule in rules]


def as_told(found: FaultResult, verdict: Verdict | None) -> FaultResult:
    """A result as somebody who looked says it is: what was read stays beside it. None: as it was found."""
    if verdict is None:
        return found
    intervals = list(verdict.intervals) or found.intervals if verdict.present else []
    update = {"status": "flagged" if verdict.present else "clear", "reason": None, "reason_code": None}
    return found.model_copy(update={**update, "intervals": intervals})


def _beside_others(rule: FaultRule, results: dict[str, FaultResult], series: Series) -> FaultResult:
    """A rule's result, taken back where another fault that looks the same was seen, or may have been."""
    own = results[rule.id]
    if not rule.imitated_by or own.status not in {"flagged", "unsure"}:
        return own
    others = [results[i] for i in rule.imitated_by if i in results]
    seen = next((r for r in others if r.status == "flagged"), None)
    if seen is not None:
        return not_measured(rule, LOOKS_THE_SAME.of(name=seen.name), series.units, series.counted)
    doubtful = next((r for r in others if r.status != "clear"), None)
    if doubtful is None or own.status == "unsure":
        return own
    why = CLOSE.text if doubtful.status == "unsure" else f"not measured: {doubtful.reason}"
    reason = MAY_LOOK_THE_SAME.of(name=doubtful.name, why=why)
    return own.model_copy(update={"status": "unsure", "reason": reason.text, "reason_code": reason.code})


def not_measured(rule: FaultRule, reason: Reason, units: Mapping[str, str], counted: str) -> FaultResult:
    """A rule that could not be judged.

    Args:
        rule: of the exercise file.
        reason: why not.
        units: of the signals, by id.
        counted: id of the signal that repetitions are counted on.
    """
    return FaultResult(
        id=rule.id,
        name=rule.name,
        status="not_measured",
        reason=reason.text,
        reason_code=reason.code,
        threshold=rule.threshold,
        unit=rule.threshold_unit(units, counted),
        cue=rule.cue,
        severity=rule.severity,
    )


def _judge_one(rule: FaultRule, series: Series, measures: Sequence[Measure]) -> FaultResult:
    reason = _why_not(rule, series)
    if reason is not None:
        return not_measured(rule, reason, series.units, series.counted)
    if isinstance(rule, PastFault):
        return _judge_past(rule, series)
    if isinstance(rule, SideDifferenceFault):
        return _judge_side_difference(rule, series, measures)
    return _judge_each(rule, series)


def _why_not(rule: FaultRule, series: Series) -> Reason | None:
    """Why a rule cannot be judged at all; None where it can."""
    if rule.out_of_reach:
        return from_file(OUT_OF_REACH, rule.out_of_reach)
    if not series.bouts:
        return NONE_COUNTED.of(what=series.what)
    hidden = [series.hidden[signal] for signal in rule.signals if signal in series.hidden]
    least_hz = TIMED_HZ if rule.timed else LEAST_HZ
    slow = [why_too_slow(series.t_s, m.start_s, m.end_s, least_hz) for m in series.bouts]
    if all(slow) and not hidden:  # what is out of sight is told first
        return slow[0]
    return hidden[0] if hidden and (not rule.one_signal_will_do or len(hidden) == len(rule.signals)) else None


def _result(
    rule: FaultRule,
    signals: Series,
    status: Status,
    intervals: list[tuple[float, float]],
    peak: float | None,
    peak_s: float | None,
    error: float,
) -> FaultResult:
    """A judged rule: what was seen, and when; `error` in the unit of its threshold."""
    unit = rule.threshold_unit(signals.units, signals.counted)
    digits = 1 if unit == "deg" else 2
    return FaultResult(
        id=rule.id,
        name=rule.name,
        status=status,
        reason=CLOSE.text if status == "unsure" else None,
        reason_code=CLOSE.code if status == "unsure" else None,
        intervals=[(round(a, 2), round(b, 2)) for a, b in intervals],
        peak=None if peak is None else round(peak, digits),
        peak_s=None if peak_s is None else round(peak_s, 2),
        threshold=rule.threshold,
        error=round(error, 3),
        unit=unit,
        cue=rule.cue,
        severity=rule.severity,
    )


# --- past a threshold --------------------------------------------------------------------------


def _judge_past(rule: PastFault, signals: Series) -> FaultResult:
    """Conditions that hold for a while within a repetition."""
    inside = _within(signals.t_s, signals.bouts, rule.during == "hold")
    usable = [c for c in rule.conditions if c.signal not in signals.hidden]
    sizes = [_size_past(c, signals) for c in usable]
    for condition, size in zip(usable, sizes, strict=True):
        if np.isnan(size[inside]).mean() > MAX_UNSEEN:
            unseen = from_file(UNSEEN, CATALOGUE[condition.signal].unseen)
            return not_measured(rule, unseen, signals.units, signals.counted)
    status, runs, past = _runs_past(rule, usable, signals, inside)
    told = _told_condition(rule, past, runs)
    where = np.zeros(len(inside), bool)
    for first, last in runs:
        where[first : last + 1] = True
    worst = _worst(sizes[told], where if runs else inside)  # clear: say how far it went all the same
    peak = None if worst is None else _as_reported(usable[told], signals, worst)
    peak_s = None if worst is None else float(signals.t_s[worst])
    intervals = [(float(signals.t_s[first]), float(signals.t_s[last])) for first, last in runs]
    result = _result(rule, signals, status, intervals, peak, peak_s, signal_error(usable[told], signals.catalogue))
    told_by = {"threshold": usable[told].threshold, "unit": signals.units[usable[told].signal]}
    return result.model_copy(update=told_by)


def _runs_past(
    rule: PastFault, conditions: list[FaultCondition], signals: Series, inside: Mask
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
    errors: float, rule: PastFault, conditions: list[FaultCondition], signals: Series, inside: Mask
) -> tuple[list[tuple[int, int]], list[Mask]]:
    """When the conditions hold for long enough, past their thresholds by so many errors; and each one's own mask."""
    past = [met(c, signals, errors * signal_error(c, signals.catalogue)) for c in conditions]
    together = np.any(past, axis=0) if rule.when == "any" else np.all(past, axis=0)
    t_s, runs = signals.t_s, _runs(together & inside)
    return [(first, last) for first, last in runs if t_s[last] - t_s[first] >= rule.min_duration_s], past


def _told_condition(rule: PastFault, past: list[Mask], runs: list[tuple[int, int]]) -> int:
    """Which condition's peak and threshold to report: the first, or where any will do, one that held."""
    if rule.when == "all" or not runs:
        return 0
    return next(k for k, held in enumerate(past) if any(held[first : last + 1].any() for first, last in runs))


def _size_past(condition: Condition, signals: Series) -> Array:
    """(T,) the condition's signal turned so that larger is worse, with its threshold likewise."""
    start = condition.compare == "start"
    return turned(signals.change(condition.signal) if start else signals.values[condition.signal], condition)


def _as_reported(condition: Condition, signals: Series, index: int) -> float:
    """The value of a condition at a frame, as its rule measures it."""
    size = float(_size_past(condition, signals)[index])
    return size if condition.direction != "below" else 2.0 * condition.threshold - size


def _worst(size: Array, inside: Mask) -> int | None:
    """Frame of the largest value within the repetitions."""
    candidates = np.where(inside, size, np.nan)
    return int(np.nanargmax(candidates)) if np.isfinite(candidates).any() else None


def _within(t_s: Array, bouts: list[Bout], held: bool = False) -> Mask:
    """(T,) whether a frame lies within a repetition, or `held`: within its hold."""
    out = np.zeros(len(t_s), bool)
    for m in bouts:
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


def _judge_each(rule: EachRule, signals: Series) -> FaultResult:
    """Rules that look at each repetition as a whole; the worst one is reported."""
    look = _LOOK[rule.rule]
    findings = [look(rule, signals, m) for m in signals.bouts]
    seen = [f for f in findings if f is not None and np.isfinite(f.value)]
    if len(seen) <= MAX_UNSEEN * len(findings):
        unseen = from_file(UNSEEN, CATALOGUE[next(iter(rule.signals), signals.counted)].unseen)
        return not_measured(rule, unseen, signals.units, signals.counted)
    certain, possible = ([f for f in seen if f.past > sign * f.error] for sign in (1.0, -1.0))
    told = certain or possible
    worst = max(told or seen, key=lambda f: f.past)
    intervals = [f.interval for f in told]
    status = _status(bool(certain), bool(possible))
    return _result(rule, signals, status, intervals, worst.value, worst.at_s, worst.error)


def _status(certain: bool, possible: bool) -> Status:
    return "flagged" if certain else "unsure" if possible else "clear"


def _not_reached(rule: NotReachedFault, signals: Series, m: Bout) -> _Finding | None:
    """A signal that never gets as far as it should."""
    inside = signals.change(rule.signal)[m.start : m.end + 1]
    if not np.isfinite(inside).any():
        return None
    top = float(np.nanmax(inside))
    interval, at_s = (m.start_s, m.end_s), float(signals.t_s[m.peak])
    return _Finding(top, rule.threshold - top, signal_error(rule, signals.catalogue), interval, at_s)


def _at_peak(rule: AtPeakFault, signals: Series, m: Bout) -> _Finding | None:
    """A signal past a threshold while the peak is held."""
    at_peak = (signals.t_s >= m.reached_s) & (signals.t_s <= m.left_s)
    size = _size_past(rule, signals)[at_peak]
    if not np.isfinite(size).any():
        return None
    typical = float(np.nanmedian(size))
    value = typical if rule.direction != "below" else 2.0 * rule.threshold - typical
    error = signal_error(rule, signals.catalogue)
    return _Finding(value, typical - rule.threshold, error, (m.reached_s, m.left_s), m.peak_s)


def _slow_return(rule: SlowReturnFault, signals: Series, m: Bout) -> _Finding | None:
    """A way back that takes much longer than the way out."""
    if not m.way_back_seen:
        return None
    back_s, out_s = m.end_s - m.left_s, max(m.reached_s - m.start_s, 0.1)
    ratio = back_s / out_s
    return _Finding(ratio, ratio - rule.threshold, times_error(rule, out_s), (m.left_s, m.end_s), m.left_s)


def _too_fast(rule: TooFastFault, signals: Series, m: Bout) -> _Finding | None:
    """A way out or back that takes too little time."""
    ways = {"out": (m.start_s, m.reached_s)} | ({"back": (m.left_s, m.end_s)} if m.way_back_seen else {})
    asked = [way for name, way in ways.items() if rule.way in {name, "either"}]
    if not asked:
        return None
    first_s, last_s = min(asked, key=lambda way: way[1] - way[0])
    took_s = (last_s - first_s) / MIN_JERK_90  # seen are nine tenths of the way
    return _Finding(took_s, rule.threshold - took_s, WAY_ERROR_S, (first_s, last_s), first_s)


def _speed(rule: SpeedFault, signals: Series, m: Bout) -> _Finding | None:
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
    return _Finding(fastest, fastest - rule.threshold, speed_error(rule, signals.catalogue), interval, at_s)


REACHED: Final = 0.98
"""Share of the peak from which its top counts as reached."""


def _drop_in_hold(rule: DropInHoldFault, signals: Series, m: Bout) -> _Finding | None:
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
    error, interval = drop_error(rule, signals.counted, signals.catalogue), (first_s, max(last_s, first_s))
    return _Finding(drop, drop - rule.threshold, error, interval, float(t_s[low]))


def _way_back_begins_s(t_s: Array, size: Array, m: Bout) -> float:
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


def _reversals(rule: ReversalsFault, signals: Series, m: Bout) -> _Finding:
    """A movement that turns back and on again on its way out, at the peak or on its way back.

    The error is in the size of a swing: it lies between the number of those that are larger by more than
    their error and of those that may be large enough.
    """
    x, error = signals.values[signals.counted][m.start : m.end + 1], waver_error(signals.counted, signals.catalogue)
    sizes = (rule.size + error, rule.size, max(rule.size - error, 0.0))
    least, turns, most = (_turns(x, size) for size in sizes)
    # one turn, at the peak, is the movement itself
    surely, extra, perhaps = (max(0, len(found) - 1) for found in (least, turns, most))
    at_s = float(signals.t_s[m.start + turns[0]]) if turns else m.peak_s
    half = (perhaps - surely) / 2
    return _Finding(float(extra), surely + half - rule.threshold + 0.5, half, (m.start_s, m.end_s), at_s)


_LOOK: Final[dict[str, Callable[[Any, Series, Bout], _Finding | None]]] = {
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


def _judge_side_difference(rule: SideDifferenceFault, signals: Series, measures: Sequence[Measure]) -> FaultResult:
    """The two sides' ranges of the first measure compared."""
    own = [m for m in measures if m.id == measures[0].id and m.value is not None]
    if len(own) < 2:
        return not_measured(rule, ONE_SIDE_ONLY, signals.units, signals.counted)
    smaller, larger = sorted(own, key=lambda m: m.value or 0.0)
    difference, error = (larger.value or 0.0) - (smaller.value or 0.0), sides_error(rule, smaller, larger)
    status = _status(difference - rule.threshold > error, difference - rule.threshold > -error)
    less = [m for m in signals.bouts if m.side == smaller.side]
    intervals = [(m.start_s, m.end_s) for m in less] if status != "clear" else []
    result = _result(rule, signals, status, intervals, difference, less[0].peak_s if less else None, error)
    return result.model_copy(update={"side": smaller.side if status == "flagged" else None})
