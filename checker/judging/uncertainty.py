"""How sure a measure is: the half-width within which about 90 % of truths lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.signals import Signal

WAVER_SHARE: Final = 0.3
"""Share of a signal's error that is left in how much it wavers: most of it is an offset (assumed)."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an uncertainty is made of, each a half-width in the signal's unit.

    Attributes:
        own: the signal's own error.
        scatter: of this person's repetitions.
        turned: what a body turned out of the plane hides.
    """

    own: float
    scatter: float
    turned: float

    @property
    def whole(self) -> float:
        """All of them together, added as squares."""
        return float(np.sqrt(self.own**2 + self.scatter**2 + self.turned**2))


def measure_uncertainty(
    signal: Signal, value: float, repetitions: list[float], yaw_deg: float | None, own_error: float | None = None
) -> float:
    """Uncertainty of the median over repetitions; see `uncertainty_parts`."""
    return uncertainty_parts(signal, value, repetitions, yaw_deg, own_error).whole


def uncertainty_parts(
    signal: Signal, value: float, repetitions: list[float], yaw_deg: float | None, own_error: float | None = None
) -> Parts:
    """What the uncertainty of the median over repetitions is made of.

    Three parts, added as squares: the signal's own error on the truth clips; the scatter of this
    person's repetitions (Student's t, for they are few; no more than the first, for two repetitions
    that differ tell little of how they scatter, and what is reported is the median of these very ones);
    and what a body turned out of the plane hides (its cosine).

    Args:
        signal: the catalogue's entry.
        value: the measure.
        repetitions: the values it is the median of.
        yaw_deg: how far the person was turned out of the view, None where unknown.
        own_error: the signal's error by the evidence in this clip, where that is known better than the catalogue's.

    """
    errors = signal.errors
    own = ((errors.error_90 or 0.0) if own_error is None else own_error) + errors.error_90_share * abs(value)
    scatter = min(own, scatter_90(repetitions))
    return Parts(own, scatter, float(abs(value) * (1.0 - np.cos(np.radians(yaw_deg or 0.0)))))


def scatter_90(values: list[float]) -> float:
    """Half-width within which 90 % of means lie, by the scatter of a few values around theirs (Student, 1908)."""
    from scipy.special import stdtrit

    n = len(values)
    return float(stdtrit(n - 1, 0.95) * np.std(values, ddof=1) / np.sqrt(n)) if n > 1 else 0.0
