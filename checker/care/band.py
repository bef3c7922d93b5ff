"""The band around a series in the chart: a filter that follows a level, for looking at. News come from `change.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from checker.care.change_rules import ChangeRules
from checker.care.records import Value
from checker.care.sem import NO_PAIRS, Z_90, Evidence, chosen_sem, technical_sem
from checker.care.series import Point, Series

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Step:
    """One value of a series as the filter takes it.

    Attributes:
        days: since any moment.
        value: in the measure's unit.
        sem: its scatter between sessions, in the same.
        drift: what the body changes by in a day, in the same.
    """

    days: float
    value: float
    sem: float
    drift: float


@dataclass(frozen=True, slots=True)
class Level:
    """Where the level lies after a step: nine of ten within `half` of `middle`. `anew`: the band begins here."""

    middle: float
    half: float
    anew: bool


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The band at one session. `open_above`: nothing was felt, the true first pain lies beyond."""

    at: datetime
    middle: float
    half: float
    anew: bool
    open_above: bool


def local_level(steps: Sequence[Step], gap_days: float) -> Iterator[Level]:
    """Follow a level that drifts as a random walk (the local level model: Harvey 1989; a Kalman filter of one state).

    P += drift^2 * days; K = P / (P + SEM^2); m += K * (x - m); P *= 1 - K; half = 1.645 * sqrt(P).

    Args:
        steps: in order of time.
        gap_days: after a longer time it starts anew.
    """
    middle = variance = 0.0
    last: Step | None = None
    for step in steps:
        anew = last is None or step.days - last.days > gap_days
        if last is None or anew:
            middle, variance = step.value, step.sem**2
        else:
            variance += step.drift**2 * (step.days - last.days)
            gain = variance / (variance + step.sem**2)
            middle += gain * (step.value - middle)
            variance *= 1.0 - gain
        yield Level(middle, Z_90 * sqrt(variance), anew)
        last = step


def band_of(series: Series, rules: ChangeRules, evidence: Evidence = NO_PAIRS) -> list[BandPoint]:
    """The band of a series of angles, by its usable points; it starts anew with each stretch.

    Where nothing was felt, it is led by the furthest excursion, and open above. Empty for what is no angle, and for a
    signal that was never checked: there a band would claim to know how far the values scatter.
    """
    if series.followed.kind != "angle":
        return []
    band: list[BandPoint] = []
    for stretch in sorted({p.stretch for p in series.points}):
        points = [p for p in series.points if p.stretch == stretch and p.usable]
        steps = [_step(p, taken_value(p), series, rules, evidence) for p in points]
        levels = local_level(steps, rules.band.gap_days.value)
        band += [
            BandPoint(p.at, level.middle, level.half, level.anew, _is_open(p))
            for p, level in zip(points, levels, strict=True)
        ]
    return band


def taken_value(point: Point) -> Value:
    """What stands for a session: its value, or the furthest excursion where nothing was felt before it.

    Raises:
        ValueError: it has no value.
    """
    if point.value is None:
        raise ValueError(f"expected a session with a value, got {point.session_id} without")
    return point.furthest if _is_open(point) and point.furthest is not None else point.value


def _is_open(point: Point) -> bool:
    return point.value is not None and point.value.censored == "above"


def _step(point: Point, value: Value, series: Series, rules: ChangeRules, evidence: Evidence) -> Step:
    floor = rules.floor(str(series.followed.signal))
    sem = chosen_sem(technical_sem([value.uncertainty]), floor, evidence, rules, limit=False)
    return Step(point.at.timestamp() / DAY_S, value.value, sem.value, rules.drift(point.phase))
