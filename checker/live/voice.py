"""How often something is said: a voice that never stops is switched off."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.live.feedback import Feedback, SeenFault
from checker.live.guidance import Utterance

CUE_EVERY_S: Final = 6.0
SAME_CUE_EVERY_S: Final = 15.0
HINT_EVERY_S: Final = 5.0
SAME_HINT_EVERY_S: Final = 12.0
"""Nothing is said more often than this (chosen, not sourced)."""

PAUSES_S: Final = {"cue": (CUE_EVERY_S, SAME_CUE_EVERY_S), "hint": (HINT_EVERY_S, SAME_HINT_EVERY_S)}
"""By kind: between any two, and between two alike. The other kinds do not wait."""


class Voice:
    """One thing at a time, and never more often than it helps."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._last_s: dict[str, float] = {}

    def may_say(self, utterance: Utterance, t_s: float) -> bool:
        """Whether it is time for it; if so, it is taken as said."""
        any_s, same_s = PAUSES_S.get(utterance.kind, (0.0, 0.0))
        kind, text = f"kind {utterance.kind}", f"text {utterance.text}"
        if t_s - self._last_s.get(kind, -np.inf) < any_s or t_s - self._last_s.get(text, -np.inf) < same_s:
            return False
        self._last_s[kind] = self._last_s[text] = t_s
        return True


class ShownCue:
    """The cue of the last fault, shown while it is recent and its joints are in sight."""

    def __init__(self) -> None:
        """No fault was seen yet."""
        self._last: tuple[float, SeenFault] | None = None

    def feed(self, now: Feedback) -> str | None:
        """Take the next frame, while they move: the cue of a fault that has become certain with it, or None."""
        if self._last is not None and self._last[1].id in now.blind:  # nothing is shown of a joint out of sight
            self._last = None
        if not now.faults:
            return None
        self._last = (now.t_s, now.faults[-1])
        return now.faults[-1].cue

    def at(self, t_s: float) -> str | None:
        """What is shown at a time, seconds of the frames; None where nothing is recent."""
        if self._last is None or t_s - self._last[0] >= CUE_EVERY_S:
            return None
        return self._last[1].cue
