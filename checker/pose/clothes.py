"""The colours of somebody's clothes: who comes back in other colours is taken for somebody else.

Shares of red, green and blue, not how bright they are: a cloud before the sun changes no clothes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.skeleton import Array, Array32, Landmark, Rgb
from checker.track import UNKNOWN_CLOTHES, PoseTrack

_ACROSS, _DOWN = np.meshgrid(np.linspace(0.1, 0.9, 8), np.linspace(0.1, 0.9, 8))

DARK: Final = 30.0
"""Added to the sum of the three colours, grey levels: what is black has no colour, only noise (chosen)."""

OTHER: Final = 0.1
"""Colours further apart than this are other clothes: the two halves of a film differ by 0.05 at most in 95 % of
123 rendered films, two people by more than 0.1 in 70 % of all pairs; near-alike clothes are taken for the same."""

_TRUNK: Final = (Landmark.RIGHT_SHOULDER, Landmark.LEFT_SHOULDER, Landmark.RIGHT_HIP, Landmark.LEFT_HIP)
_THIGHS: Final = (Landmark.RIGHT_HIP, Landmark.LEFT_HIP, Landmark.RIGHT_KNEE, Landmark.LEFT_KNEE)


def clothes_and_grey(rgb: Rgb, pixels: Array32) -> tuple[Array32, float]:
    """What the person wears in a frame, and how bright it is.

    Returns:
        (4,) shares of red and of green in the colour of the trunk, then of the thighs, and the mean grey level of the
        trunk, 0 to 255; NaN outside the picture.
    """
    trunk, thighs = (_colour(rgb, pixels, of) for of in (_TRUNK, _THIGHS))
    shares = [colour[:2] / (colour.sum() + DARK) for colour in (trunk, thighs)]
    return np.concatenate(shares).astype(np.float32), float(trunk.mean())


def worn(track: PoseTrack) -> Array:
    """(4,) the colours over a track: medians; NaN where they were never seen."""
    seen = track.clothes[np.isfinite(track.clothes).all(axis=1)].astype(np.float64)
    return np.median(seen, axis=0) if len(seen) else UNKNOWN_CLOTHES.astype(np.float64)


def are_other(one: Array, another: Array) -> bool:
    """Whether two sets of colours (4,) are those of different clothes; False where either is not known."""
    return bool(np.abs(one - another).max() > OTHER)


def _colour(rgb: Rgb, pixels: Array32, corners: tuple[Landmark, ...]) -> Array:
    """(3,) the mean colour between four landmarks: two above, two below."""
    above_a, above_b, below_a, below_b = pixels[list(corners)]
    top = above_a + _ACROSS[..., None] * (above_b - above_a)
    bottom = below_a + _ACROSS[..., None] * (below_b - below_a)
    points = (top + _DOWN[..., None] * (bottom - top)).reshape(-1, 2).astype(int)
    inside = ((points >= 0) & (points < rgb.shape[1::-1])).all(axis=1)
    if not inside.any():
        return np.full(3, np.nan)
    return rgb[points[inside, 1], points[inside, 0]].astype(np.float64).mean(axis=0)
