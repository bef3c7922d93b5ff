"""The camera's own movement taken out of the poses, and told where it was more than a sway.

What a hand's tremor does to the picture is undone: every frame is laid over the first one. A camera that
slips, or that pans after its owner, changes what it sees, and what was done meanwhile is not measured.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from checker.skeleton import Array, Array32, Landmark, Mask
from checker.track import PoseTrack

STEADY: Final = 0.008
"""Share of the picture's width by which a camera at rest may seem to move (truth clips: up to 0.004, in a hand
0.02 and more): less is left as it is, so that nothing is added to what a tripod sees."""

MOVES_DEG: Final = 2.0
MOVES: Final = 0.03
"""A camera that turns by so many degrees, or shifts or zooms by this share of the picture, within `WITHIN_S`
is being moved; a hand's sway is up to 1.3 degrees and 0.02 (the renderer's hands; starting values)."""

WITHIN_S: Final = 1.0
SETTLES_S: Final = 0.3
"""A moving camera is unsettled for so long before and after."""

LEAST_KNOWN: Final = 0.5
"""Share of the frames in which the room must have been followed."""


def steadied(track: PoseTrack) -> PoseTrack:
    """The track as a camera at rest would have seen it; unchanged where the camera hardly moved, or nobody can tell."""
    camera = _known(track)
    if camera is None or float(np.quantile(_reach(camera, track), 0.95)) <= STEADY:
        return track
    a, b, x, y = camera.T
    size = np.hypot(a, b)

    def moved(points: Array32) -> Array32:
        u, v = points[..., 0], points[..., 1]
        extra = (slice(None),) + (None,) * (points.ndim - 2)
        out = np.stack(
            [a[extra] * u - b[extra] * v + x[extra], b[extra] * u + a[extra] * v + y[extra]],
            axis=-1,
        )
        return out.astype(np.float32)

    ankles = track.image[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 0]
    feet = moved(np.stack([ankles, track.feet], axis=-1))[..., 1]
    turn = np.stack([a / size, b / size], axis=-1)
    world = track.world.copy()
    world[..., 0] = turn[:, :1] * track.world[..., 0] - turn[:, 1:] * track.world[..., 1]
    world[..., 1] = turn[:, 1:] * track.world[..., 0] + turn[:, :1] * track.world[..., 1]
    outline = (track.outline * size[:, None, None]).astype(np.float32)
    return replace(track, image=moved(track.image), feet=feet.astype(np.float32), world=world, outline=outline)


def as_filmed(track: PoseTrack) -> PoseTrack:
    """A steadied track with its joints back where they were in the picture; unchanged where nobody can tell."""
    a, b, x, y = (column[:, None] for column in track.camera.astype(np.float64).T)
    u, v = track.image[..., 0] - x, track.image[..., 1] - y
    image = np.stack([a * u + b * v, a * v - b * u], axis=-1) / (a**2 + b**2)[..., None]
    known = np.asarray(np.isfinite(track.camera).all(axis=1))
    return replace(track, image=np.where(known[:, None, None], image, track.image).astype(np.float32))


def camera_moves(track: PoseTrack) -> Mask:
    """(T,) whether the camera is being moved by more than a hand's sway."""
    camera = _known(track)
    if camera is None or len(track) < 3:
        return np.zeros(len(track), bool)
    poses = np.stack(
        [np.degrees(np.arctan2(camera[:, 1], camera[:, 0])) / MOVES_DEG, *(_shifts(camera, track) / MOVES).T], axis=1
    )
    if np.ptp(poses, axis=0).max() <= 1.0:  # no two means lie further apart than what they are means of
        return np.zeros(len(track), bool)
    smooth = np.stack([_averaged(track.t_s, column, WITHIN_S / 2) for column in poses.T], axis=1)
    later = np.searchsorted(track.t_s, track.t_s + WITHIN_S / 2).clip(0, len(track) - 1)
    earlier = np.searchsorted(track.t_s, track.t_s - WITHIN_S / 2).clip(0, len(track) - 1)
    moving = np.abs(smooth[later] - smooth[earlier]).max(axis=1) > 1.0
    return widened(track.t_s, moving, SETTLES_S)


def _known(track: PoseTrack) -> Array | None:
    """(T, 4) the camera with gaps bridged, or None where too little is known."""
    camera = track.camera.astype(np.float64)
    known = np.isfinite(camera).all(axis=1)
    if not known.any() or known.mean() < LEAST_KNOWN:
        return None
    return np.stack([np.interp(track.t_s, track.t_s[known], column[known]) for column in camera.T], axis=1)


def _shifts(camera: Array, track: PoseTrack) -> Array:
    """(T, 3) how far the picture's middle has gone along x and y, and the zoom, in shares of the picture's width."""
    a, b, x, y = camera.T
    u, v = track.width / 2, track.height / 2
    ways = [a * u - b * v + x - u, b * u + a * v + y - v]
    return np.stack([ways[0] / track.width, ways[1] / track.width, np.log(np.hypot(a, b))], axis=1)


def _reach(camera: Array, track: PoseTrack) -> Array:
    """(T,) how far the corners of the picture have gone, as a share of its width."""
    a, b, x, y = (column[:, None] for column in camera.T)
    u = np.array([0.0, track.width, 0.0, track.width])
    v = np.array([0.0, 0.0, track.height, track.height])
    way = np.hypot(a * u - b * v + x - u, b * u + a * v + y - v)
    return np.asarray(way.max(axis=1) / track.width)


def _averaged(t_s: Array, x: Array, over_s: float) -> Array:
    """(T,) the mean over so long around each moment."""
    total = np.concatenate([[0.0], np.cumsum(x)])
    first = np.searchsorted(t_s, t_s - over_s / 2, side="left")
    last = np.searchsorted(t_s, t_s + over_s / 2, side="right")
    return np.asarray((total[last] - total[first]) / (last - first))


def widened(t_s: Array, mask: Mask, by_s: float) -> Mask:
    """(T,) the mask with everything set that lies within so many seconds of a set frame."""
    at_s = t_s[mask]
    if len(at_s) == 0:
        return mask
    nearest = np.searchsorted(at_s, t_s)
    before = np.abs(t_s - at_s[np.clip(nearest - 1, 0, len(at_s) - 1)])
    after = np.abs(t_s - at_s[np.clip(nearest, 0, len(at_s) - 1)])
    return np.asarray(np.minimum(before, after) <= by_s)
