"""Signals drawn by hand for the tests of fault rules, over ten seconds at 20 frames a second.

One repetition lasts from 2 to 8 s, or two, from 1 to 4 s and from 6 to 9 s.
"""

from __future__ import annotations

import numpy as np
from pydantic import TypeAdapter

from checker.assessment import FaultResult, Measure
from checker.fault_rules import FaultRule
from checker.judging.bouts import Bout
from checker.judging.faults import judge
from checker.judging.series import Series
from checker.reasons import Reason
from checker.signals import CATALOGUE

T_S = np.arange(200) / 20.0


WHY = {"source": "of the test", "status": "clinical judgement"}


UNITS = {name: signal.unit for name, signal in CATALOGUE.items()}


ONE = [(2.0, 8.0)]


TWO = [(1.0, 4.0), (6.0, 9.0)]


def rule(kind: str = "past", **values: object) -> FaultRule:
    about = {"id": "bending", "name": "Bending", "cue": "Keep it straight.", "rule": kind}
    return TypeAdapter(FaultRule).validate_python(about | values)


def condition(signal: str = "knee_flexion", threshold: float = 20.0, **values: object) -> dict[str, object]:
    """Read without any error unless one is given: what the catalogue states is measured anew now and then."""
    return {"signal": signal, "threshold": threshold, "error": 0.0, **WHY, **values}


def past(*conditions: dict[str, object], **values: object) -> FaultRule:
    return rule(conditions=list(conditions) or [condition()], **values)


def movement(start_s: float, end_s: float, side: str = "both", out_s: float = 1.0, back_s: float = 1.0) -> Bout:
    start, end = np.searchsorted(T_S, [start_s, end_s])
    return Bout(
        side=side,
        start=int(start),
        peak=int((start + end) // 2),
        end=int(end),
        start_s=start_s,
        peak_s=(start_s + end_s) / 2,
        end_s=end_s,
        reached_s=start_s + out_s,
        left_s=end_s - back_s,
        excursion=30.0,
        hold_s=end_s - start_s - out_s - back_s,
    )


def seen(
    values: dict[str, np.ndarray],
    bouts: list[Bout] | None = None,
    baseline: dict[str, float] | None = None,
    hidden: dict[str, Reason] | None = None,
) -> Series:
    return Series(
        t_s=T_S,
        values=values,
        baseline={name: np.full(len(T_S), (baseline or {}).get(name, 0.0)) for name in values},
        units=UNITS,
        hidden=hidden or {},
        bouts=[movement(*ONE[0])] if bouts is None else bouts,
    )


def block(size: float, from_s: float, to_s: float, rest: float = 0.0) -> np.ndarray:
    return np.where(within(from_s, to_s), size, rest)


def within(from_s: float, to_s: float) -> np.ndarray:
    return np.abs(T_S - (from_s + to_s) / 2) <= (to_s - from_s) / 2 + 1e-9


def judged(fault: FaultRule, signals: Series, measures: list[Measure] | None = None) -> FaultResult:
    (result,) = judge([fault], signals, measures or [])
    assert result.id == fault.id
    assert (result.reason is None) == (result.reason_code is None) == (result.status in {"clear", "flagged"})
    assert bool(result.intervals) == (result.status in {"unsure", "flagged"})
    return result


def at_peak(threshold: float = 20.0, **values: object) -> FaultRule:
    about = condition("hip_flexion", threshold, compare="absolute") | values
    return rule("at_peak", **about)


def speed(threshold: float = 90.0) -> FaultRule:
    return rule("speed", **condition(threshold=threshold))
