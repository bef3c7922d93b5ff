"""Every signal by its id."""

from __future__ import annotations

from typing import Final

from checker.posture import ANKLES
from checker.signals import front
from checker.signals.from_front import FROM_FRONT
from checker.signals.from_side import FROM_SIDE
from checker.signals.signal import Signal, SignalWords

FROM_ANYWHERE: Final = (
    Signal(
        "feet_travel",
        "Feet moving",
        "T",
        "any",
        ANKLES,
        front.feet_travel,
        SignalWords("the way of the feet", "the feet move", "the feet come back"),
    ),
)

CATALOGUE: Final[dict[str, Signal]] = {s.id: s for s in (*FROM_SIDE, *FROM_FRONT, *FROM_ANYWHERE)}
"""Every signal by its id."""
