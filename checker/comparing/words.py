"""What is said of two repetitions that are laid over one another."""

from __future__ import annotations

from typing import Final

from checker.assessment import View
from checker.comparing.axis import PHASE_OF, Moments, Way

WAYS: Final[dict[Way, str]] = {"time": "Seconds from the furthest point", "phase": "By phase, in per cent"}
WAYS_OF_HOLD: Final[dict[Way, str]] = {"time": "Seconds from the beginning", "phase": "By the share of the hold"}

NOT_WHOLE: Final = "One of the two was not seen from its beginning to its end, so it has no phases."
TIMES_UNKNOWN: Final = "One of the films may be slowed down, so their seconds are not laid over one another."

GHOST: Final = "No ghost is drawn"
GHOST_VIEW_UNSURE: Final = f"{GHOST}: one of the two was not filmed from where it can be measured."
GHOST_OTHER_WAY: Final = f"{GHOST}: the two face different ways, so it would show the other side of the body."
GHOST_TURNED: Final = f"{GHOST}: the body was turned to the camera by too much more in one of the two."
GHOST_FROM_FEET: Final = f"{GHOST}: seen from the feet, the size of the body is not known."
GHOST_START_UNSEEN: Final = f"{GHOST}: the start of one of the two was not seen, by which they would be laid together."

VIEWS: Final[dict[View, str]] = {
    "front": "from the front",
    "side": "from the side",
    "left_side": "from the left",
    "right_side": "from the right",
    "back": "from the back",
    "oblique": "aslant",
    "unknown": "from nobody knows where",
}


def ghost_views(then: View, now: View) -> str:
    """Return that two were filmed from different sides."""
    return f"{GHOST}: one was filmed {VIEWS[then]}, the other {VIEWS[now]}."


def why_not(way: Way, then: Moments, now: Moments, *, times_known: bool) -> str:
    """Return why two cannot share an axis of that kind; empty where they can.

    Args:
        way: of laying them over one another.
        then: the events of the one.
        now: the events of the other.
        times_known: whether a second of both recordings is a second of the movement.
    """
    if way == "phase":
        return "" if then.whole and now.whole else NOT_WHOLE
    return "" if times_known else TIMES_UNKNOWN


def parts(moments: Moments, way: Way) -> list[tuple[float, str]]:
    """Return the parts of the axis, each with the place at which it begins, in order."""
    if way == "time":
        return []
    if moments.is_hold:
        return [(0.0, "Held")]
    out, there, back, _ = PHASE_OF
    return [(out, "Way out"), (there, "Furthest"), (back, "Way back")]
