"""Leads somebody round to the side that a movement is seen from: one command, then "More." and "Good.".

Degrees are not told: they change with every look, and nobody can turn by twenty of them.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from checker.live.guidance import Utterance

WELL_WITHIN_DEG: Final = 5.0
"""Whoever was asked to turn has turned enough this far within the limit, so that a small sway asks nothing anew
(chosen)."""

PROGRESS_DEG: Final = 10.0
MORE_EVERY_S: Final = 2.0
""" "More." is said to who has turned by so much since something was said last, and no more often (chosen)."""

GOOD_S: Final = 1.5
"""So long "More." and "Good." stand in place of the command (chosen)."""

FAR_ROUND: Final = {"front": 140.0, "side": 55.0}
"""Somebody this far out of the view who goes on the way they were told is not told the other way: with the back to the
camera the shorter way is to the left now, and to the right in a moment (chosen)."""

GOALS: Final = {"front": "you face the camera", "side": "one side of your body points at the camera"}


class Turning:
    """The commands of one session."""

    def __init__(self, view: Literal["front", "side"], max_yaw_deg: float) -> None:
        """For a movement that is seen from there, and measured up to so far out of that view."""
        self._view: Literal["front", "side"] = view
        self._limit_deg = max_yaw_deg
        self._way: Literal["left", "right"] | None = None
        self._said_at: tuple[float, float] = (-np.inf, 0.0)  # when something was said last, and how far it still was
        self._short: tuple[float, str] | None = None  # "More." or "Good.", and when it was said

    def feed(self, t_s: float, to_turn_deg: float) -> list[Utterance]:
        """Take how far they have to turn now, to their left positive.

        Returns:
            What to say; the voice pauses between two commands.
        """
        far, way = abs(to_turn_deg), _way(to_turn_deg)
        if self._way is None:
            if far <= self._limit_deg:
                return []
            self._ask(t_s, far, way)
        elif far <= self._limit_deg - min(WELL_WITHIN_DEG, self._limit_deg / 2):
            self._way = None
            return [self._say(t_s, far, "Good.")]
        elif way != self._way and far < FAR_ROUND[self._view]:
            self._ask(t_s, far, way)  # they went too far
        elif self._said_at[1] - far >= PROGRESS_DEG and t_s - self._said_at[0] >= MORE_EVERY_S:
            return [self._say(t_s, far, "More.")]
        return [Utterance(self._command, "hint")]

    def shown(self, t_s: float) -> str | None:
        """What is shown at a time; None where there is nothing to turn."""
        if self._short is not None and t_s - self._short[0] < GOOD_S:
            return self._short[1]
        return self._command if self._way is not None else None

    def praised(self, t_s: float) -> bool:
        """Whether "Good." was just said."""
        return self._short is not None and self._short[1] == "Good." and t_s - self._short[0] < 2 * GOOD_S

    @property
    def _command(self) -> str:
        return f"Turn to your {self._way} until {GOALS[self._view]}."

    def _ask(self, t_s: float, far_deg: float, way: Literal["left", "right"]) -> None:
        self._way, self._said_at, self._short = way, (t_s, far_deg), None

    def _say(self, t_s: float, far_deg: float, text: str) -> Utterance:
        self._said_at, self._short = (t_s, far_deg), (t_s, text)
        return Utterance(text, "stage")


def _way(to_turn_deg: float) -> Literal["left", "right"]:
    return "left" if to_turn_deg > 0 else "right"
