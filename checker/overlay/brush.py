"""Lines, dots and arcs on a frame, in widths that suit its size.

Colours are of the Okabe-Ito palette, which stays apart for every kind of colour vision.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from checker.skeleton import Array, Rgb

Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
GREY: Final[Colour] = (170, 170, 170)
INK: Final[Colour] = (22, 26, 34)
SKY: Final[Colour] = (86, 180, 233)
YELLOW: Final[Colour] = (240, 228, 66)
VERMILLION: Final[Colour] = (213, 94, 0)
BLUE: Final[Colour] = (0, 114, 178)

SHIFT: Final = 4
"""OpenCV draws at 1/16 pixel, which keeps slow movements from trembling."""

_FAR_PX: Final = 1 << 14  # a landmark guessed far outside would overflow OpenCV's fixed point


class Brush:
    """Draws on frames of one size; a point that is NaN, and the line it belongs to, is left out.

    Attributes:
        unit: pixels of this frame to one of a frame of 480: weights and radii are given for that.
    """

    def __init__(self, width: int, height: int) -> None:
        """For frames of that size, pixels."""
        self.unit = min(width, height) / 480

    def lines(self, rgb: Rgb, lines: Array, colour: Colour, weight: float) -> None:
        """Lines of equally many points each, (n, points, 2) pixels."""
        known = lines[np.isfinite(lines).all(axis=(1, 2))] if len(lines) else lines
        if len(known):
            fixed = np.round(np.clip(known, -_FAR_PX, _FAR_PX) * (1 << SHIFT)).astype(np.int32)
            width = max(1, round(weight * self.unit))
            cv2.polylines(rgb, list(fixed), False, colour, width, cv2.LINE_AA, SHIFT)

    def line(self, rgb: Rgb, a: Array, b: Array, colour: Colour, weight: float) -> None:
        """One straight line."""
        self.lines(rgb, np.array([[a, b]]), colour, weight)

    def dashes(self, rgb: Rgb, points: Array, colour: Colour, weight: float) -> None:
        """Every other piece of a curve, (n, 2) pixels."""
        pieces = np.stack([points[:-1], points[1:]], axis=1)
        self.lines(rgb, pieces[::2], colour, weight)

    def dot(self, rgb: Rgb, centre: Array, colour: Colour, radius: float) -> None:
        """A disc."""
        if np.isfinite(centre).all():
            x, y = (round(float(v) * (1 << SHIFT)) for v in np.clip(centre, -_FAR_PX, _FAR_PX))
            size = round(radius * self.unit * (1 << SHIFT))
            cv2.circle(rgb, (x, y), size, colour, cv2.FILLED, cv2.LINE_AA, SHIFT)
