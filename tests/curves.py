"""Curves with repetitions of which everything is known, and what is found in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from analytic_body import out_and_back, times
from hypothesis import strategies as st

from checker.judging.bouts import Bouts
from checker.judging.repetitions import find_repetitions
from checker.rules import RepetitionRule
from checker.smoothing import smooth

SMALLEST = 8.0


def rule(sides: str = "signed", **changes: object) -> RepetitionRule:
    given_values = {"signal": "trunk_lateral_flexion", "sides": sides, "min_excursion": SMALLEST}
    return RepetitionRule(**given_values | changes, source="of the test", status="clinical judgement")


def found(t_s: np.ndarray, x: np.ndarray, sides: str = "signed", armed: int = 0, **changes: object) -> Bouts:
    return find_repetitions(t_s, x, rule(sides, **changes), armed)


def sides_of(phases: Bouts) -> list[str]:
    return [m.side for m in phases.counted]


@dataclass
class Clip:
    """A signal as it comes out of smoothing, and what was done."""

    t_s: np.ndarray
    x: np.ndarray
    sizes: list[float]
    bounds_s: list[tuple[float, float]]


@st.composite
def clips(draw: st.DrawFn, smallest_size: float = 1.4, quickest_s: float = 0.8, noisiest: float = 0.02) -> Clip:
    """Movements of any size, side, tempo and rest, filmed at any rate, noise a share of the smallest."""
    n = draw(st.integers(0, 5))
    fps = draw(st.sampled_from([12.0, 15.0, 24.0, 30.0, 60.0]))
    turns_s = st.floats(quickest_s, 3.0)
    sizes, bounds_s, moves = [], [], []
    now_s = draw(st.floats(0.7, 2.0))
    for _ in range(n):
        size = SMALLEST * draw(st.floats(smallest_size, 6.0)) * draw(st.sampled_from([-1.0, 1.0]))
        out_s, hold_s, back_s = draw(turns_s), draw(st.floats(0.0, 2.0)), draw(turns_s)
        moves.append((size, now_s, out_s, hold_s, back_s))
        sizes.append(size)
        bounds_s.append((now_s, now_s + out_s + hold_s + back_s))
        now_s = bounds_s[-1][1] + draw(st.floats(0.3, 2.0))
    t_s = times(now_s + 0.7, fps, draw(st.floats(0.0, 0.4)), seed=draw(st.integers(0, 99)))
    x = np.sum([np.zeros_like(t_s), *(out_and_back(t_s, *move) for move in moves)], axis=0)
    sigma = draw(st.floats(0.0, noisiest)) * min((abs(s) for s in sizes), default=SMALLEST)
    noise = np.random.default_rng(draw(st.integers(0, 2**16))).normal(0.0, sigma, len(t_s))
    return Clip(t_s, smooth(t_s, x + noise, noise=2.0), sizes, bounds_s)
