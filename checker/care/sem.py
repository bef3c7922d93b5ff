"""How much a value scatters while the person stays the same, and the smallest difference that this leaves.

SEM: standard error of measurement, the standard deviation of one session's value. MDC90, the smallest detectable
change: nine of ten unchanged people stay under it between two sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import Final, Literal

from checker.care.change_rules import ChangeRules
from checker.care.steadiness import Steadiness

Z_90: Final = 1.645
"""90 % of a normal distribution lie within so many standard deviations."""

SLACK: Final = 1e-9
"""What rounding in the machine may add to a difference that is exactly the limit."""

WORTH_OF_STEPS: Final = 2.0 / 3.0
"""What a step from one session to the next tells of the scatter, in pairs: each session is in two steps (von Neumann
and others, Ann Math Stat 1941;12:153)."""

STEPS_TO_TRIM: Final = 3
"""From so many steps on the largest is left out: it may be the change itself."""

SemFrom = Literal["instrument", "own", "clinic", "table", "sessions"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells how steady a measure is.

    Attributes:
        own, clinic: repeat pairs of the person, and of everybody in the clinic.
        values: of the person's own sessions so far, in order of time, under the same conditions.
    """

    own: Steadiness | None = None
    clinic: Steadiness | None = None
    values: tuple[float, ...] = ()


NO_PAIRS: Final = Evidence()


@dataclass(frozen=True, slots=True)
class Sem:
    """A standard error of measurement, and which knowledge it is by."""

    value: float
    by: SemFrom


def smallest_change(sem: float) -> float:
    """MDC90 = 1.645 * sqrt(2) * SEM; also against a mean of two sessions, or false news doubles (simulated)."""
    return Z_90 * sqrt(2.0) * sem


def technical_sem(uncertainties: Sequence[float]) -> float:
    """The root mean square of stated uncertainties (half-widths of 90 %), as a standard deviation."""
    return sqrt(sum((u / Z_90) ** 2 for u in uncertainties) / len(uncertainties))


def chosen_sem(technical: float, floor: float, evidence: Evidence, rules: ChangeRules, *, limit: bool = True) -> Sem:
    """The scatter between sessions by the best knowledge of it, never below the instrument's own.

    All that is known of the person is taken together: their repeat pairs, the steps between their sessions, and beside
    them the table or the clinic for a few pairs, which it is no less than as long as there are few own ones. Little is
    known so, and it is no estimate but an upper limit: who scatters more than they happen to show would hear of changes
    that are none.

    Args:
        technical: SEM of the instrument in the sessions that are compared.
        floor: the signal's smallest difference: where nothing is known, the scatter that makes it the MDC90.
        evidence: repeat pairs, and the sessions so far.
        rules: of change.
        limit: the upper limit; else the estimate, for what is only looked at.
    """
    usual = _usual(floor, evidence, rules)
    own = _own(usual.value, evidence, rules, limit=limit)
    known = usual if own is None or (own.by != "own" and own.value <= usual.value) else own
    return known if known.value >= technical else Sem(technical, "instrument")


def _usual(floor: float, evidence: Evidence, rules: ChangeRules) -> Sem:
    """What is known of others."""
    clinic = evidence.clinic
    if clinic is not None and clinic.pairs >= rules.steadiness.clinic_pairs.value:
        return Sem(clinic.sem, "clinic")
    return Sem(floor / smallest_change(1.0), "table")


def _own(usual: float, evidence: Evidence, rules: ChangeRules, *, limit: bool) -> Sem | None:
    """What the person's own pairs and sessions say beside the usual; None where there are none.

    SEM^2 = sum of half the squared differences, over their number; a step counts for less than a pair, because each
    session is in two steps. A slow change leaves the steps small, and the largest may be the change itself.
    """
    steps = sorted((b - a) ** 2 / 2.0 for a, b in pairwise(evidence.values))
    steps = steps[:-1] if len(steps) >= STEPS_TO_TRIM else steps
    own_pairs, own_sem = (0, 0.0) if evidence.own is None else (evidence.own.pairs, evidence.own.sem)
    if not steps and not own_pairs:
        return None
    enough = own_pairs >= rules.steadiness.own_pairs.value
    table = 0 if enough else rules.steadiness.table_pairs.value
    pairs = table + own_pairs + WORTH_OF_STEPS * len(steps)
    square = (table * usual**2 + own_pairs * own_sem**2 + WORTH_OF_STEPS * sum(steps)) / pairs
    factor = _limit_factor(pairs, rules.steadiness.sure.value) if limit else 1.0
    return Sem(sqrt(square) * factor, "own" if enough else "sessions")


@lru_cache(maxsize=1_000)
def _limit_factor(pairs: float, sure: float) -> float:
    """By what an estimate from so many pairs is multiplied for the limit that the truth is under, so surely."""
    from scipy.special import chdtri  # quantiles of chi-square (of its upper tail); light to import

    return float(sqrt(pairs / chdtri(pairs, sure)))
