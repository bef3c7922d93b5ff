"""What the mirror image of a picture makes of each thing that was seen in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from checker.skeleton import PARTNERS, Array32


def _same(values: Any, width: int) -> Any:
    """What a mirror does not change."""
    return values


def _mirrored_image(points: Array32, width: int) -> Array32:
    """(..., 33, 2) pixels."""
    swapped = points[..., PARTNERS, :]
    swapped[..., 0] = width - swapped[..., 0]
    return swapped


def _mirrored_world(points: Array32, width: int) -> Array32:
    """(..., 33, 3) metres."""
    return points[..., PARTNERS, :] * np.array([-1, 1, 1], np.float32)


def _mirrored_camera(moved: Array32, width: int) -> Array32:
    """(..., 4) a, b, x, y: what lay at (u, v) lies at (width - u, v), in this frame and in the first one."""
    a, b, x, y = np.moveaxis(moved, -1, 0)
    return np.stack([a, -b, width - a * width - x, y + b * width], axis=-1).astype(np.float32)


def _mirrored_other(person: Array32, width: int) -> Array32:
    """(..., 4) x, y, length and share."""
    turned = person.copy()
    turned[..., 0] = width - turned[..., 0]
    return turned


MIRROR: Final[dict[str, Callable[[Any, int], Any]]] = {
    "t_s": _same,
    "image": _mirrored_image,
    "world": _mirrored_world,
    "visibility": lambda seen, _: seen[..., PARTNERS],
    "outline": lambda away, _: away[..., ::-1, :],  # clockwise becomes counter-clockwise
    "feet": lambda y, _: y[..., ::-1],
    "people": _same,
    "brightness": _same,
    "camera": _mirrored_camera,
    "other": _mirrored_other,
    "body_brightness": _same,
    "clothes": _same,
    "cut": _same,
}
"""What becomes of each field of a `Pose` or a `PoseTrack`, given the frame's width in pixels. Every field
stands here, also one that stays as it is: a new one that is missing is an error, and no silence."""
