"""Round numbers for an axis."""

from __future__ import annotations

import math
from typing import Final

STEPS: Final = (1.0, 2.0, 5.0)


def round_ticks(low: float, high: float, about: int) -> list[float]:
    """Return round values inside a range, about as many as asked for."""
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((s * power for s in STEPS if s * power >= rough), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 9) for k in range(first, last + 1)]
