"""The outline of a body, read from the mask of its pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from checker.pose.people import trunk_centre_and_length
from checker.skeleton import (
    N_OUTLINE,
    OUTLINE_STATIONS,
    Array32,
    Landmark,
)

REACH_T: Final = 0.95
"""How far from the hip-shoulder line the outline is looked for, in trunk lengths."""


INSIDE: Final = 0.5
"""Mask value above which a pixel belongs to the person."""


_OUTLINE_STEPS: Final = 96


def body_outline(mask: Array32, pixels: Array32) -> Array32:
    """How far the body reaches to either side of the hip-shoulder line.

    Args:
        mask: (H, W) in [0, 1], 1 on the person.
        pixels: (33, 2) landmarks.

    Returns:
        (2, N_OUTLINE) pixels at `OUTLINE_STATIONS`: clockwise of the direction hip to shoulder (in
        the image), then counter-clockwise. NaN where the line itself lies outside the person, or
        no edge comes within `REACH_T`.
    """
    shoulder = pixels[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=0)
    hip = pixels[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    trunk = shoulder - hip
    length = float(np.linalg.norm(trunk))
    if not np.isfinite(length) or length < 8.0:
        return np.full((2, N_OUTLINE), np.nan, np.float32)
    across = np.array([-trunk[1], trunk[0]], np.float32) / length
    steps_px = np.linspace(0.0, REACH_T * length, _OUTLINE_STEPS, dtype=np.float32)
    centres = hip + trunk * OUTLINE_STATIONS[:, None].astype(np.float32)
    sides = np.stack([across, -across])
    points = centres[None, :, None] + sides[:, None, None] * steps_px[None, None, :, None]
    points = points.reshape(2 * N_OUTLINE, _OUTLINE_STEPS, 2).astype(np.float32)
    across_px, down_px = np.ascontiguousarray(points[..., 0]), np.ascontiguousarray(points[..., 1])
    values = cv2.remap(np.ascontiguousarray(mask), across_px, down_px, cv2.INTER_LINEAR, borderValue=0.0)
    return _first_edge(np.asarray(values, np.float32), steps_px).reshape(2, N_OUTLINE)


def _first_edge(values: npt.NDArray[np.float32], steps_px: Array32) -> Array32:
    """(R,) distance, between samples, at which each ray (R, S) of mask values first leaves the body."""
    outside = values <= INSIDE
    k = np.argmax(outside, axis=1)
    rays = np.arange(len(values))
    before, after = values[rays, np.maximum(k - 1, 0)], values[rays, k]
    share = (before - INSIDE) / np.maximum(before - after, 1e-6)
    edge = steps_px[np.maximum(k - 1, 0)] + share * (steps_px[1] - steps_px[0])
    return np.where((k > 0) & outside.any(axis=1), edge, np.nan).astype(np.float32)


def lowest_under_ankles(mask: Array32, pixels: Array32) -> Array32:
    """(2,) y in pixels of the lowest point of the body under the left and the right ankle.

    Looked for within 6 % of a trunk length to either side of the ankle. NaN where there is none.
    """
    reach = max(2, round(0.06 * trunk_centre_and_length(pixels)[2]))
    height, width = mask.shape
    out = np.full(2, np.nan, np.float32)
    for i, ankle in enumerate((Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)):
        x, y = pixels[ankle]
        left, right = max(0, int(x) - reach), min(width, int(x) + reach + 1)
        top = min(max(0, int(y) - reach), height)
        rows = np.flatnonzero((mask[top:, left:right] > INSIDE).any(axis=1))
        if len(rows):
            out[i] = top + rows[-1]
    return out
