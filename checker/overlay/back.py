"""The outline of the back over a clip, and where it was at the start."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from checker.assessment import Analysis
from checker.overlay.angle import AT_REST
from checker.posture import Position, StartPosture
from checker.skeleton import OUTLINE_STATIONS, Array, Landmark


@dataclass(frozen=True, slots=True)
class Back:
    """Curves along the back; NaN where it was not found.

    Attributes:
        now: (T, N_OUTLINE, 2) pixels.
        rest: (T, N_OUTLINE, 2) pixels: the curve of the start, laid on the trunk of each frame.
    """

    now: Array
    rest: Array


def find_back(analysis: Analysis, position: Position, points: Array, scale: float) -> Back | None:
    """The back's outline, or None when no outline was taken or it cannot be told from the belly's.

    Args:
        analysis: what was found.
        position: how the person starts: it tells where the belly is.
        points: (T, 33, 2) pixels of the frames to draw on.
        scale: of these frames against the analysed ones.
    """
    outline = analysis.track.outline * scale
    facing = _facing(analysis, position)
    if facing is None or not np.isfinite(outline).any():
        return None
    hip = (points[:, Landmark.LEFT_HIP] + points[:, Landmark.RIGHT_HIP]) / 2
    trunk = (points[:, Landmark.LEFT_SHOULDER] + points[:, Landmark.RIGHT_SHOULDER]) / 2 - hip
    length = np.linalg.norm(trunk, axis=1, keepdims=True)
    length = np.where(length > 0, length, np.nan)
    clockwise = np.column_stack([-trunk[:, 1], trunk[:, 0]]) / length
    normal, row = (-clockwise, 1) if facing > 0 else (clockwise, 0)
    stations = hip[:, None] + OUTLINE_STATIONS[None, :, None] * trunk[:, None]
    rest = length * _at_rest(analysis, outline[:, row] / length)

    def curve(away: Array) -> Array:
        return np.asarray(stations + away[:, :, None] * normal[:, None])

    return Back(curve(outline[:, row].astype(np.float64)), curve(rest))


def _facing(analysis: Analysis, position: Position) -> float | None:
    """+1 or -1 as `StartPosture.facing`, from the middle of all frames: a single one may lose the feet."""
    image = analysis.track.image
    seen = np.isfinite(image).all(axis=(1, 2))
    if not seen.any():
        return None
    middle = np.median(image[seen], axis=0)[None].astype(np.float32)
    pose = replace(analysis.track.slice(slice(0, 1)), image=middle)
    return StartPosture(pose, position).facing


def _at_rest(analysis: Analysis, away: Array) -> Array:
    """(N_OUTLINE,) the outline while the back is least bent."""
    bend = np.abs(analysis.signals["spine_flexion"].values)
    known = np.isfinite(bend)
    if not known.any():
        return np.full(away.shape[1], np.nan)
    quiet = away[known & (bend <= np.quantile(bend[known], AT_REST))]
    rest = np.full(away.shape[1], np.nan)
    found = np.isfinite(quiet).any(axis=0)
    rest[found] = np.nanmedian(quiet[:, found], axis=0)
    return rest


def finite_runs(curve: Array) -> list[Array]:
    """The unbroken pieces of a curve, each two points or longer."""
    known = np.isfinite(curve).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [curve[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]
