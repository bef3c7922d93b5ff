"""Every signal by its id, with the errors of the model that saw the poses."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from checker.pose.model_errors import USUAL, SignalErrors, model_errors
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
        since_start=True,
    ),
)


@functools.cache
def catalogue_of(model: str) -> Mapping[str, Signal]:
    """Every signal by its id, with its errors as read from the poses of a model.

    Args:
        model: its name; of one that was not calibrated, the usual one's errors.
    """
    errors = model_errors(model)
    return CATALOGUE if errors is model_errors(USUAL) else _read_with(errors)


def _read_with(errors: Mapping[str, SignalErrors]) -> dict[str, Signal]:
    signals = (*FROM_SIDE, *FROM_FRONT, *FROM_ANYWHERE)
    return {s.id: replace(s, errors=errors.get(s.id, SignalErrors())) for s in signals}


CATALOGUE: Final = _read_with(model_errors(USUAL))
"""Every signal by its id, with the errors of the usual model."""
