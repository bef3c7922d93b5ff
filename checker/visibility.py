"""Which landmarks are seen: inside the picture, and by the model's own word."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.skeleton import PARTNERS, Landmark, Mask
from checker.track import PoseTrack

SEEN: Final = 0.5
"""Visibility from which a landmark counts as seen (the model's own scale)."""


def visible(track: PoseTrack, needs: tuple[Landmark, ...], side_view: bool) -> np.ndarray:
    """(T,) whether every needed landmark is seen; of a left-right pair one will do from the side."""
    seen = track.visibility >= SEEN
    seen &= inside(track)
    if side_view:
        seen |= seen[:, PARTNERS]
    return np.asarray(seen[:, np.array(needs, int)].all(axis=1))


def inside(track: PoseTrack) -> Mask:
    """(T, 33) whether a landmark lies inside the frame, a hand's breadth aside."""
    slack = 0.02 * max(track.width, track.height)
    x, y = track.image[..., 0], track.image[..., 1]
    return np.asarray((x > -slack) & (x < track.width + slack) & (y > -slack) & (y < track.height + slack))


def body_part(landmark: Landmark) -> str:
    """A landmark in plain words: "left hip"."""
    return landmark.name.lower().replace("_index", "").replace("_", " ")
