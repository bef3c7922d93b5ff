"""How far the machine and reviewers agree, by a labelled set: faults by kappa, values by ICC and bias."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.review.judgements import ABSENT, PRESENT, Judgement
from checker.skeleton import Array

LIMITS: Final = 1.96
"""Standard deviations within which 95 % of differences lie (Bland and Altman, Lancet 1986;327:307-310)."""


@dataclass(frozen=True, slots=True)
class OfFault:
    """Agreement on one fault, or on all of them.

    Attributes:
        rule: its id; "all faults".
        n: judgements in which both said present or absent.
        left_open: those in which the machine did not: it was unsure, or did not measure.
        both, machine_only, reviewer_only, neither: how often each found it.
        kappa: Cohen's; NaN where only one answer was ever given.
    """

    rule: str
    n: int
    left_open: int
    both: int
    machine_only: int
    reviewer_only: int
    neither: int
    kappa: float


@dataclass(frozen=True, slots=True)
class OfMeasure:
    """Agreement on one measure, both sides together.

    Attributes:
        rule: its id.
        unit: of bias and limits.
        n: pairs of values.
        left_open: those in which the machine did not measure.
        icc: ICC(2,1); NaN with fewer than two pairs, or where nothing differs.
        bias: mean of machine less reviewer.
        low, high: the 95 % limits of agreement; NaN with fewer than two pairs.
    """

    rule: str
    unit: str
    n: int
    left_open: int
    icc: float
    bias: float
    low: float
    high: float


def agreement_on_faults(rows: Iterable[Judgement]) -> list[OfFault]:
    """Agreement on each fault, and on all of them last where there are several."""
    faults = [row for row in rows if row.kind == "fault"]
    names = sorted({row.rule for row in faults})
    out = [_of_fault(name, [row for row in faults if row.rule == name]) for name in names]
    return [*out, _of_fault("all faults", faults)] if len(out) > 1 else out


def _of_fault(rule: str, rows: Sequence[Judgement]) -> OfFault:
    told = [row for row in rows if row.machine in {PRESENT, ABSENT}]
    counts = np.zeros((2, 2), int)
    for row in told:
        counts[int(row.machine == ABSENT), int(row.reviewer == ABSENT)] += 1
    (both, machine_only), (reviewer_only, neither) = counts.tolist()
    open_ = len(rows) - len(told)
    return OfFault(rule, len(told), open_, both, machine_only, reviewer_only, neither, kappa(counts.astype(float)))


def agreement_on_measures(rows: Iterable[Judgement]) -> list[OfMeasure]:
    """Agreement on each measure."""
    values: dict[tuple[str, str], list[Judgement]] = {}
    for row in rows:
        if row.kind == "measure":
            values.setdefault((row.rule.partition("/")[0], row.unit), []).append(row)
    return [_of_measure(rule, unit, values[rule, unit]) for rule, unit in sorted(values)]


def _of_measure(rule: str, unit: str, rows: Sequence[Judgement]) -> OfMeasure:
    numbers = [(_number(row.machine), _number(row.reviewer)) for row in rows]
    pairs = np.array([pair for pair in numbers if np.isfinite(pair).all()], float).reshape(-1, 2)
    away = pairs[:, 0] - pairs[:, 1]
    bias = float(away.mean()) if len(away) else float("nan")
    spread = LIMITS * float(away.std(ddof=1)) if len(away) > 1 else float("nan")
    return OfMeasure(rule, unit, len(pairs), len(rows) - len(pairs), icc_2_1(pairs), bias, bias - spread, bias + spread)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def kappa(counts: Array) -> float:
    """Cohen's kappa: agreement beyond what chance gives (Educ Psychol Meas 1960;20:37-46).

    Args:
        counts: (K, K) how often the first said the row's class and the second the column's.

    Returns:
        1: always the same; 0: as by chance. NaN where there is nothing, or only one class was ever given.
    """
    total = counts.sum()
    if not total:
        return float("nan")
    shares = counts / total
    by_chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return (float(np.trace(shares)) - by_chance) / (1.0 - by_chance) if by_chance < 1.0 else float("nan")


def icc_2_1(values: Array) -> float:
    """ICC(2,1): absolute agreement of single values, judges at random.

    Source: Shrout and Fleiss, Psychol Bull 1979;86:420-428.

    Args:
        values: (N, K) of N clips by K judges.

    Returns:
        1: always the same value. NaN with fewer than two clips, or where no value differs from another.
    """
    n, k = values.shape
    if n < 2 or k < 2:
        return float("nan")
    mean = values.mean()
    between = k * float(((values.mean(axis=1) - mean) ** 2).sum()) / (n - 1)
    judges = n * float(((values.mean(axis=0) - mean) ** 2).sum()) / (k - 1)
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + mean
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    whole = between + (k - 1) * error + k * (judges - error) / n
    return (between - error) / whole if whole > 0 else float("nan")
