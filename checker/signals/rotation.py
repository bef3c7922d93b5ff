"""Turns about the vertical, seen from the front: the hardest to see for one camera."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.posture import HIPS, SHOULDERS, StartPosture
from checker.signals.body_yaw import body_yaw_deg
from checker.signals.geometry import length, nose_over_ears, pair, stations_within, wrap
from checker.signals.rotation_fit import cues, fitted
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

PELVIS_DEPTH_RATIO: Final = 0.7
"""Depth of the pelvis over its width: assumed, not taken from a table. With it, pelves that turned by
29 to 33 degrees on the truth clips mostly read 22 to 34."""

PELVIS_SPAN: Final = (-0.12, 0.22)
"""Where the pelvis shows in the outline: from a little below the hips to the waistband."""

OUTLINE_NOISE: Final = 0.012
"""Share by which the width wavers while the pelvis keeps still: 1 to 2 % on the truth clips."""


def pelvis_rotation(track: PoseTrack, start: StartPosture) -> Array:
    """Turn of the pelvis about the vertical since the start, from its outline; degrees, left +.

    A pelvis is an ellipse seen from above: turned by p it shows sqrt(cos^2 p + k^2 sin^2 p) of its
    width (k: `PELVIS_DEPTH_RATIO`). The model's hip landmarks follow the shoulders instead, and
    give only the direction. NaN where a hand hides the edge: the outline is then wider than its
    owner can be.
    """
    ratio = _pelvis_width(track) / _pelvis_width(start.pose)[0]
    k2 = PELVIS_DEPTH_RATIO**2
    sin2 = (1.0 - np.minimum(ratio + OUTLINE_NOISE, 1.0) ** 2) / (1.0 - k2)
    turn = np.degrees(np.arcsin(np.sqrt(np.clip(sin2, 0.0, 1.0))))
    turn = np.where(_hands_low(start) | (ratio > 1.08), np.nan, turn)
    return np.asarray(turn * np.sign(_yaw_change(track, start, SHOULDERS)))


def _pelvis_width(track: PoseTrack) -> Array:
    """(T,) width of the outline at the pelvis, in pixels; NaN where half of it was not found."""
    inside = stations_within(PELVIS_SPAN)
    widths = track.outline[:, :, inside].sum(axis=1).astype(np.float64)
    enough = np.isfinite(widths).mean(axis=1) > 0.5
    out = np.full(len(track), np.nan)
    out[enough] = np.nanmedian(widths[enough], axis=1)
    return out


def _hands_low(start: StartPosture) -> bool:
    """Whether the arms hang at the start, so that the hands are part of the pelvis' outline."""
    wrists = start.pose.point(Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)[0, 1]
    hips = start.pose.point(*HIPS)[0, 1]
    return bool(hips - wrists < 0.35 * start.torso_px)


def _yaw_change(track: PoseTrack, start: StartPosture, pair: tuple[Landmark, Landmark]) -> Array:
    """Turn of a left-right pair about the vertical since the start, 3-D landmarks; degrees, left +."""

    def yaw(poses: PoseTrack) -> Array:
        v = poses.world_point(pair[0]) - poses.world_point(pair[1])
        return np.degrees(np.arctan2(v[:, 2], v[:, 0]))

    return wrap(yaw(track) - yaw(start.pose)[0])


SHOULDER_DEPTH_WEIGHT: Final = 0.56
SHOULDER_WIDTH_WEIGHT: Final = 0.20
HEAD_WEIGHT_DEG: Final = 129.0
"""Weights of the three cues in `shoulder_rotation`, least squares over all frames of the rotation
clips; left out one person at a time, the mean error at the peak is 4.0 degrees, against 5.4 for the
best single cue (`python benchmarks/rotation_weights.py`)."""

HEAD_LIMIT: Final = 2.0
"""The head may add at most this times what the shoulders show."""


def shoulder_rotation(track: PoseTrack, start: StartPosture) -> Array:
    """Turn of the shoulder line about the vertical since the start; degrees, left +.

    Three cues, each weak alone: the 3-D landmarks' yaw (reads two thirds), the width between the
    shoulders over that at the start (blind below 20 degrees), and how far the nose has moved
    over the ears. A head can turn alone: where the shoulders show nothing, it counts nothing.
    """
    shoulders = _shoulders_alone(track, start)
    head = HEAD_WEIGHT_DEG * (nose_over_ears(track, start) - nose_over_ears(start.pose, start)[0])
    limit = HEAD_LIMIT * np.abs(shoulders)
    return np.asarray(shoulders + np.clip(head, -limit, limit))


def _shoulders_alone(track: PoseTrack, start: StartPosture) -> Array:
    """(T,) what the two cues of the shoulders show; degrees, left +, and less than the turn."""
    depth = _yaw_change(track, start, SHOULDERS)
    width = length(pair(track, SHOULDERS)) / start.shoulder_px
    narrowing = np.degrees(np.arccos(np.clip(width, -1.0, 1.0))) * np.sign(depth)
    return np.asarray(SHOULDER_DEPTH_WEIGHT * depth + SHOULDER_WIDTH_WEIGHT * narrowing)


PELVIS_FOLLOWS: Final = 0.07
"""Share of a turn that the pelvis takes even when it is kept still (truth clips)."""


TURN_LIMIT: Final = 4.0
"""The turn that is told is at most this times what the shoulders alone show: a head that turns alone is none."""


def trunk_rotation(track: PoseTrack, start: StartPosture) -> Array:
    """Turn of the shoulder line against the pelvis about the vertical; degrees, left +.

    Read from the hand-made cues and corrected by what they got wrong on rendered people
    (`checker.signals.rotation_fit`); never beyond what the shoulders can mean.
    """
    read, correction = _read_and_correction(track, start)
    limit = turn_limit(track, start)
    return np.asarray(np.clip(read + correction, np.minimum(limit, 0.0), np.maximum(limit, 0.0)))


def _read_and_correction(track: PoseTrack, start: StartPosture) -> tuple[Array, Array]:
    """(T,) the turn of the trunk by the hand-made cues alone, and what is to be added to it; degrees, left +."""
    shoulders = shoulder_rotation(track, start)
    seated = start.position == "seated"
    pelvis = np.zeros(len(track)) if seated else pelvis_rotation(track, start)
    correction = fitted().correction(*cues(track, start, shoulders, pelvis))
    return against_pelvis(shoulders, pelvis, seated), correction


def against_pelvis(shoulders: Array, pelvis: Array, seated: bool) -> Array:
    """(T,) the shoulders' turn without the pelvis'; degrees.

    Where the pelvis cannot be seen it is taken to follow by its usual small share. Sitting, the
    seat holds it, and the thighs are in its outline: there the shoulders alone are read.
    """
    if seated:
        return shoulders
    follows = PELVIS_FOLLOWS * shoulders
    larger = np.where(np.abs(np.nan_to_num(pelvis)) > np.abs(follows), pelvis, follows)
    return np.asarray(shoulders - np.where(np.isfinite(shoulders), larger, np.nan))


def turn_limit(track: PoseTrack, start: StartPosture) -> Array:
    """(T,) the furthest turn that is told; degrees, left +."""
    return TURN_LIMIT * _shoulders_alone(track, start)


ROTATION_ERROR_DEG: Final = 6.4
SMALL_ERROR_DEG_PX: Final = 425.0
TURNED_ERROR: Final = 0.6
CORRECTION_ERROR: Final = 0.6
HEAD_ERROR_DEG: Final = 12.0
HEAD_TOP_T: Final = 0.25
"""The error of a rotation by what is seen (half-width of 90 %): of somebody large who faces the camera; over the pixels
of the trunk; for each degree that they stood turned away at the start, and for each that was corrected; of a head whose
top, so far above the nose (T), is cut off, for then the model guesses where it looks. Set on the medians of whole
films: 50 of 52 lie within it, of rendered people of whom half were no part of the fit. A single picture strays further
(`python benchmarks/rotation_fit.py`)."""


def rotation_error(track: PoseTrack, start: StartPosture, _counted: bool = False) -> Array:
    """(T,) half-width within which 90 % of the errors of `trunk_rotation` lie; degrees."""
    return np.hypot(error_before(track, start), CORRECTION_ERROR * np.nan_to_num(_read_and_correction(track, start)[1]))


def error_before(track: PoseTrack, start: StartPosture) -> Array:
    """(T,) the part of `rotation_error` that does not grow with the correction; degrees."""
    turned = TURNED_ERROR * float(np.nan_to_num(body_yaw_deg(start)))
    still = np.sqrt(ROTATION_ERROR_DEG**2 + turned**2 + (SMALL_ERROR_DEG_PX / start.torso_px) ** 2)
    cut = track.point(Landmark.NOSE)[:, 1] < HEAD_TOP_T * start.torso_px
    return np.hypot(still, np.where(cut, HEAD_ERROR_DEG, 0.0))
