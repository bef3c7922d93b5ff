"""How sure a measure is: the half-width within which about 90 % of truths lie."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.signals import Signal

WAVER_SHARE: Final = 0.3
"""Share of a signal's error that is left in how much it wavers: most of it is an offset (assumed)."""


def measure_uncertainty(
    signal: Signal, value: float, repetitions: list[float], yaw_deg: float | None, own_error: float | None = None
) -> float:
    """Uncertainty of the median over repetitions.

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

    Returns:
        Half-width in the signal's unit.
    """
    errors = signal.errors
    own = ((errors.error_90 or 0.0) if own_error is None else own_error) + errors.error_90_share * abs(value)
    scatter = min(own, scatter_90(repetitions))
    turned = abs(value) * (1.0 - np.cos(np.radians(yaw_deg or 0.0)))
    return float(np.sqrt(own**2 + scatter**2 + turned**2))


def scatter_90(values: list[float]) -> float:
    """Half-width within which 90 % of means lie, by the scatter of a few values around theirs (Student, 1908)."""
    from scipy.special import stdtrit

    n = len(values)
    return float(stdtrit(n - 1, 0.95) * np.std(values, ddof=1) / np.sqrt(n)) if n > 1 else 0.0
