"""Joints that somebody set by hand in a picture, put into the poses before anything is judged."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from checker.posture import HIPS
from checker.review.corrections import JointSet
from checker.review.made import CorrectionError
from checker.skeleton import Array, Landmark, Mask
from checker.track import PoseTrack

AS_SET_S: Final = 0.25
"""So long before and after the picture a joint is moved as far as in it: what is read at the furthest point is the
median over 0.4 s, and smoothing drops what stands in one picture alone (ours)."""

FADES_S: Final = 0.35
"""So long it takes the shift to fade: no joint jumps (ours)."""


def with_joints_set(track: PoseTrack, joints: Sequence[JointSet], mirrored: bool | None) -> PoseTrack:
    """The poses with joints where somebody set them.

    A camera sees no depth: in space a joint moves along with the picture, and stays as far away as it was.

    Args:
        track: as the camera gave them.
        joints: by hand; sides are the person's own, places those of the picture as it is shown.
        mirrored: whether the picture is a mirror image; it is shown the right way round then.

    Raises:
        CorrectionError: the moment or the place lies outside of the recording.
    """
    if not joints:
        return track
    if mirrored:
        return with_joints_set(track.mirrored(), joints, None).mirrored()
    image, world = track.image.astype(np.float64), track.world.astype(np.float64)
    visibility = track.visibility.copy()
    for landmark in dict.fromkeys(joint.landmark for joint in joints):
        own = [joint for joint in joints if joint.landmark == landmark]
        for joint in own:
            _check(track, joint)
        before = image[:, landmark].copy()
        image[:, landmark], weight = _moved(track.t_s, before, own)
        shift_m = (image[:, landmark] - before) / _px_a_metre(track)[:, None]
        world[:, landmark, :2] += np.where(np.isfinite(shift_m), shift_m, 0.0)
        visibility[weight >= 1.0, landmark] = 1.0
    middle = world[:, list(HIPS)].mean(axis=1, keepdims=True)
    moved = [joint for joint in joints if joint.landmark in HIPS]
    world = world - np.where(np.isfinite(middle), middle, 0.0) if moved else world
    return replace(track, image=image.astype(np.float32), world=world.astype(np.float32), visibility=visibility)


def set_within(
    joints: Sequence[JointSet], landmarks: Container[Landmark], from_s: float, to_s: float
) -> list[JointSet]:
    """Those of some landmarks that move what is read between two moments."""
    reach_s = AS_SET_S + FADES_S
    return [j for j in joints if j.landmark in landmarks and from_s - reach_s < j.t_s < to_s + reach_s]


def _check(track: PoseTrack, joint: JointSet) -> None:
    if not len(track) or not track.t_s[0] - AS_SET_S <= joint.t_s <= track.t_s[-1] + AS_SET_S:
        raise CorrectionError(f"there is no picture at {joint.t_s:.2f} s: expected a moment of the recording")
    if joint.x_px > track.width or joint.y_px > track.height:
        raise CorrectionError(
            f"({joint.x_px:.0f}, {joint.y_px:.0f}) lies outside of the picture: expected at most {track.width} across "
            f"and {track.height} down"
        )


def _moved(t_s: Array, before: Array, joints: Sequence[JointSet]) -> tuple[Array, Array]:
    """(T, 2) where a joint is then, and (T,) how much of that is by hand; where it was unseen, as set or not at all."""
    seen = np.asarray(np.isfinite(before).all(axis=1))
    shifts, weights = np.zeros_like(before), np.zeros(len(t_s))
    after, newest = before.copy(), {joint.t_s: joint for joint in joints}
    for joint in newest.values():
        away_s = np.abs(t_s - joint.t_s)
        frame, place = int(np.argmin(away_s)), np.array([joint.x_px, joint.y_px])
        weight = np.clip((AS_SET_S + FADES_S - away_s) / FADES_S, 0.0, 1.0)
        shift = place - before[frame]
        shifts += weight[:, None] * (shift if np.isfinite(shift).all() else 0.0)
        weights += weight if np.isfinite(shift).all() else 0.0
        after[(away_s <= AS_SET_S) & ~seen] = place
    after[seen] += (shifts / np.maximum(weights, 1.0)[:, None])[seen]
    return after, np.where(seen, weights, np.asarray(np.isfinite(after).all(axis=1), float))


def _px_a_metre(track: PoseTrack) -> Array:
    """(T,) pixels a metre, by how wide the body's landmarks lie in the picture and in space."""
    both: Mask = np.asarray(np.isfinite(track.image).all(axis=2) & np.isfinite(track.world).all(axis=2), np.bool_)
    wide = [np.where(both[..., None], points[..., :2], np.nan) for points in (track.image, track.world)]
    seen = both.sum(axis=1) >= 2
    out = np.full(len(track), np.nan)
    in_picture, in_space = (np.nanstd(points[seen], axis=1).mean(axis=1) for points in wide)
    out[seen] = np.where(in_space > 0, in_picture / np.maximum(in_space, 1e-9), np.nan)
    return np.where(out > 0, out, np.nan)
