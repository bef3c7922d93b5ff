"""Angles and lengths in the plane of one picture, from points that somebody placed by hand. Pure.

The uncertainty of each is that of the clicks alone. With errors of the clicks that are small, alike in all directions
and independent of one another, a value f of points P1, P2, ... errs by

    ± = CLICK_PX * sqrt(|grad f at P1|^2 + |grad f at P2|^2 + ...),

and as many truths lie within it as clicks lie within `CLICK_PX` across, and down: about nine of ten (propagation of
errors of the first order, JCGM 100:2008, 5.1.2). Perspective, the lens, and where a joint lies under the skin are not
in it: the plane of the picture is taken for that of the movement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from checker.review.made import CorrectionError

Point = tuple[float, float]
"""Pixels: x to the right, y down."""

To = Literal["vertical", "horizontal"]
"""A direction of the picture that a line is held against; the camera's own tilt is in it."""

CLICK_PX: Final = 2.0
"""Nine of ten points are placed within this, across and down (ours: what the magnifier and single steps allow)."""

SHORTEST_PX: Final = 5 * CLICK_PX
"""A shorter line says nothing: the formula of the ± holds for errors that are small beside it (ours)."""


@dataclass(frozen=True, slots=True)
class Read:
    """A value with the uncertainty of the clicks.

    Attributes:
        value: degrees, pixels, centimetres or seconds.
        uncertainty: half-width, in the same unit.
    """

    value: float
    uncertainty: float


def angle(first: Point, corner: Point, last: Point) -> Read:
    """The angle at a corner, 0 to 180 degrees; 180 where the three lie in one line with the corner in the middle.

    Of arms of a and c pixels whose ends are b apart, a click at an end turns the angle by 1/a or 1/c radian a pixel,
    and one at the corner by b / (a c).

    Raises:
        CorrectionError: an arm is shorter than `SHORTEST_PX`.
    """
    a, c = _line(corner, first), _line(corner, last)
    one, other = _away(corner, first), _away(corner, last)
    turned = math.atan2(one[0] * other[1] - one[1] * other[0], one[0] * other[0] + one[1] * other[1])
    spread = math.sqrt(1 / a**2 + 1 / c**2 + (math.dist(first, last) / (a * c)) ** 2)
    return Read(math.degrees(abs(turned)), math.degrees(CLICK_PX * spread))


def lean(one: Point, other: Point, to: To) -> Read:
    """The angle of a line to the vertical or the horizontal of the picture, 0 to 90 degrees.

    A click at either end of a line of n pixels turns it by 1/n radian a pixel.

    Raises:
        CorrectionError: the line is shorter than `SHORTEST_PX`.
    """
    n = _line(one, other)
    across, down = (abs(v) for v in _away(one, other))
    turned = math.atan2(across, down) if to == "vertical" else math.atan2(down, across)
    return Read(math.degrees(turned), math.degrees(CLICK_PX * math.sqrt(2) / n))


def length(one: Point, other: Point) -> Read:
    """The length of a line, pixels: a click at either end changes it by as much as it misses along the line.

    Raises:
        CorrectionError: it is shorter than `SHORTEST_PX`.
    """
    return Read(_line(one, other), CLICK_PX * math.sqrt(2))


def in_cm(line: Read, known: Read, known_cm: float) -> Read:
    """A length in centimetres, by a line of the same plane whose length is known; both were clicked.

    Args:
        line: pixels.
        known: pixels of the line whose length is known.
        known_cm: its length, taken as exact.
    """
    value = line.value * known_cm / known.value
    share = math.hypot(line.uncertainty / line.value, known.uncertainty / known.value)
    return Read(value, value * share)


def between(from_s: float, to_s: float, pictures_s: tuple[float, float]) -> Read:
    """The time between two pictures, seconds.

    What a picture shows happened at most half a picture before or after it: that much at each end, added, because both
    are limits.

    Args:
        from_s: the time of the first picture.
        to_s: that of the second, which comes later.
        pictures_s: how long each of the two pictures stands.

    Raises:
        CorrectionError: the second does not come later.
    """
    if to_s <= from_s:
        raise CorrectionError(
            f"a time runs from one picture to a later one: expected an end after {from_s:.2f} s, got {to_s:.2f} s"
        )
    return Read(to_s - from_s, sum(pictures_s) / 2)


def _away(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _line(one: Point, other: Point) -> float:
    """The length of a line that is long enough to measure with."""
    found = math.dist(one, other)
    if not found >= SHORTEST_PX:
        raise CorrectionError(
            f"two points lie {found:.0f} px apart: place them at least {SHORTEST_PX:.0f} px apart, for nearer ones a "
            "missed pixel decides the value"
        )
    return found
