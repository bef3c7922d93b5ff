"""The outline of the back over a clip, and where it was at the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checker.judging.analysis import Analysis
from checker.skeleton import OUTLINE_STATIONS, Array, Landmark


@dataclass(frozen=True, slots=True)
class Back:
    """Curves along the back; NaN where it was not found.

    Attributes:
        now: (T, N_OUTLINE, 2) pixels.
        rest: (T, N_OUTLINE, 2) pixels: the curve of the start posture, laid on the trunk of each frame.
    """

    now: Array
    rest: Array


def find_back(analysis: Analysis, points: Array, scale: float) -> Back | None:
    """Return the back's outline; None where no outline was taken or nobody started.

    Args:
        analysis: what was found; its start postures show where the belly is, and how the back was at rest.
        points: (T, 33, 2) pixels of the frames to draw on.
        scale: of these frames against the analysed ones.
    """
    outline, starts = analysis.track.outline * scale, analysis.starts
    if starts is None or not np.isfinite(outline).any():
        return None
    hip, trunk = _trunk(points)
    length = np.linalg.norm(trunk, axis=1, keepdims=True)
    length = np.where(length > 0, length, np.nan)
    facing = analysis.facing
    clockwise = np.column_stack([-trunk[:, 1], trunk[:, 0]]) / length
    normal = -facing[:, None] * clockwise
    stations = hip[:, None] + OUTLINE_STATIONS[None, :, None] * trunk[:, None]
    rows = np.arange(len(outline)), np.where(facing > 0, 1, 0)
    at_start = starts.outline[rows] / np.linalg.norm(_trunk(starts.image.astype(np.float64))[1], axis=1, keepdims=True)

    def curve(away: Array) -> Array:
        return np.asarray(stations + away[:, :, None] * normal[:, None])

    return Back(curve(outline[rows].astype(np.float64)), curve(length * at_start))


def _trunk(points: Array) -> tuple[Array, Array]:
    """(T, 2) the middle of the hips, and the way from there to the middle of the shoulders; pixels."""
    hip = (points[:, Landmark.LEFT_HIP] + points[:, Landmark.RIGHT_HIP]) / 2
    return hip, (points[:, Landmark.LEFT_SHOULDER] + points[:, Landmark.RIGHT_SHOULDER]) / 2 - hip


def finite_runs(curve: Array) -> list[Array]:
    """Return the unbroken pieces of a curve, each two points or longer."""
    known = np.isfinite(curve).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [curve[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]
