"""Where the panels that stay go: on the edges of the frame that the face keeps away from.

Chosen once a clip, so that nothing jumps about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from checker.overlay.panels import Box
from checker.skeleton import Array, Landmark

EDGE: Final = 0.17
"""Height of a banner, as a share of the frame's."""

CORNER: Final = 0.45
"""Width of a corner panel, as a share of the frame's."""

FACE_GROWS: Final = 1.6
"""The head against its landmarks, which end at the ears, the eyes and the mouth."""

MATTERS: Final = 0.02
"""Share of the frames in which the face must be in the way before the usual place is left."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Places for one clip.

    Attributes:
        faces: (T, 4) left, top, right, bottom of the face, pixels; NaN where it was not seen.
        banner_below: whether banners lie along the bottom instead of the top; everything else that
            stays lies along the other edge.
        words_right: whether the count and the clock are on the right; the gauge is on the other side.
    """

    faces: Array
    banner_below: bool
    words_right: bool

    def face(self, index: int) -> Box:
        """Return the face at a row of the analysis."""
        return Box(*self.faces[index])


def find_layout(points: Array, during: npt.NDArray[np.bool_], width: int, height: int) -> Layout:
    """Return the places that leave the face free for most of a clip.

    Args:
        points: (T, 33, 2) pixels.
        during: (T,) when there is a banner.
        width: of the frames, pixels.
        height: of the frames, pixels.
    """
    faces = _faces(points)
    edge = EDGE * height

    def covered(box: Box, when: npt.NDArray[np.bool_]) -> float:
        return float(np.mean([box.overlap(Box(*f)) > 0 for f in faces[when]])) if when.any() else 0.0

    top, bottom = Box(0, 0, width, edge), Box(0, height - edge, width, height)
    below = covered(top, during) > covered(bottom, during) + MATTERS
    line = top if below else bottom
    left = Box(0, line.top, CORNER * width, line.bottom)
    right = Box((1 - CORNER) * width, line.top, width, line.bottom)
    always = np.ones(len(faces), bool)
    return Layout(faces, below, covered(left, always) > covered(right, always) + MATTERS)


def _faces(points: Array) -> Array:
    """(T, 4) boxes around the landmarks of the face, grown to the head."""
    face = points[:, : Landmark.MOUTH_RIGHT + 1]
    low, high = face.min(axis=1), face.max(axis=1)  # NaN where one is missing
    centre = (low + high) / 2
    half = np.repeat(FACE_GROWS * (high - low).max(axis=1, keepdims=True) / 2, 2, axis=1)
    return np.concatenate([centre - half, centre + half], axis=1)
