"""Which hand is lifted: whether the camera's picture is a mirror image.

The pose model names sides by how a body looks, and in a mirror the left hand looks like a right one. Somebody
who is asked to lift their left hand, and is seen to lift the right one, stands before a camera that mirrors.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.skeleton import Landmark
from checker.track import Pose
from checker.visibility import SEEN

ASK: Final = "Face the camera and lift your left hand to your shoulder."
ASK_AGAIN: Final = "Once more, to be sure: lower your hands, then lift your left hand."

LOWERED_S: Final = 0.3
"""Both hands must be down for this long first: a hand that is up when the question comes answers nothing."""

LIFTED_S: Final = 0.7
"""One hand alone must be up for this long: scratching and waving somebody away are shorter (chosen)."""

PATIENCE_S: Final = 15.0
"""Who is there and has not answered for so long does not want to, or cannot: it goes on without (chosen)."""

UP: Final = 0.2
"""A hand counts as up from this much below its shoulder on, and as down from twice as much on; in widths
between the shoulders. Crossed arms and hands on the hips are lower (chosen)."""


class HandQuestion:
    """Asks for the left hand until it was lifted, nobody wants to, or time is up.

    One lift settles that a picture is not mirrored. That it is takes two: nearly all cameras do not mirror,
    so that somebody who mixed up their hands is the likelier reason.

    Attributes:
        words: what to ask now.
        is_open: whether it is still to be answered.
        mirrored: the answer; None where there is none.
    """

    def __init__(self) -> None:
        """Ask."""
        self.words = ASK
        self.is_open = True
        self.mirrored: bool | None = None
        self._seen_s: float | None = None  # since somebody is there
        self._lowered = False
        self._up: str | None = None
        self._since_s = 0.0

    def feed(self, pose: Pose) -> None:
        """Take the next pose, in order of time, as the camera gives it."""
        if not self.is_open or not pose.found:
            return
        self._seen_s = pose.t_s if self._seen_s is None else self._seen_s
        if pose.t_s - self._seen_s > PATIENCE_S:
            self.is_open = False
            return
        up = lifted(pose)
        if up != self._up:
            self._up, self._since_s = up, pose.t_s
        lasts_s = pose.t_s - self._since_s
        if up == "none" and lasts_s >= LOWERED_S:
            self._lowered = True
        elif up in {"left", "right"} and self._lowered and lasts_s >= LIFTED_S:
            self._take(is_left=up == "left", t_s=pose.t_s)

    def leave(self) -> None:
        """It is not to be answered."""
        self.is_open = False

    def _take(self, *, is_left: bool, t_s: float) -> None:
        """A lift: the first one of a right hand is asked for again, and who then lifts the left one is not sure."""
        first = self.words == ASK
        if first and not is_left:
            self.words, self._lowered, self._seen_s = ASK_AGAIN, False, t_s
            return
        self.mirrored = not is_left if first or not is_left else None
        self.is_open = False


def lifted(pose: Pose) -> str | None:
    """Which hand is up, as the picture has it: "left", "right" or "none"; None where that cannot be told.

    It can of somebody upright who faces the camera, within 45 degrees. A hand that is not seen is not up:
    near a laptop, hands that hang down are below the picture.
    """
    left, right = Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER
    across, slant, turn = pose.world[left] - pose.world[right]
    shown = bool((pose.visibility[[left, right]] >= SEEN).all())
    if not (shown and across > abs(slant) and across > abs(turn)):
        return None
    width = float(np.linalg.norm(pose.image[left] - pose.image[right]))
    heights = {side: _below_shoulder(pose, side) / width for side in ("LEFT", "RIGHT")}
    up = [side for side, below in heights.items() if below <= UP]
    down = [side for side, below in heights.items() if below >= 2 * UP]
    if len(down) == len(heights):
        return "none"
    return up[0].lower() if len(up) == len(down) == 1 else None


def _below_shoulder(pose: Pose, side: str) -> float:
    """How far a hand is below its shoulder, pixels; infinite where it is not seen."""
    wrist, shoulder = Landmark[f"{side}_WRIST"], Landmark[f"{side}_SHOULDER"]
    if not pose.visibility[wrist] >= SEEN:  # also NaN
        return float("inf")
    return float(pose.image[wrist, 1] - pose.image[shoulder, 1])
