"""How sure a measure is: the half-width within which about 90 % of truths lie."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.signals import Signal

Z_90: Final = 1.645
"""Half-width of a normal distribution's central 90 %, in standard deviations."""

WAVER_SHARE: Final = 0.3
"""Share of a signal's error that is left in how much it wavers: most of it is an offset (assumed)."""


def measure_uncertainty(signal: Signal, value: float, repetitions: list[float], yaw_deg: float | None) -> float:
    """Uncertainty of the median over repetitions.

    Three parts, added as squares: the signal's own error on the truth clips, the scatter of this
    person's repetitions, and what a body turned out of the plane hides (its cosine).

    Args:
        signal: the catalogue's entry.
        value: the measure.
        repetitions: the values it is the median of.
        yaw_deg: how far the person was turned out of the view, None where unknown.

    Returns:
        Half-width in the signal's unit.
    """
    own = (signal.error_90 or 0.0) + signal.error_90_share * abs(value)
    scatter = 0.0
    if len(repetitions) > 1:
        scatter = Z_90 * float(np.std(repetitions, ddof=1)) / np.sqrt(len(repetitions))
    turned = abs(value) * (1.0 - np.cos(np.radians(yaw_deg or 0.0)))
    return float(np.sqrt(own**2 + scatter**2 + turned**2))
