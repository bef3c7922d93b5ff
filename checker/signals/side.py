"""Signals of the trunk, the hips, the knees and the neck, seen from the side."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.posture import ANKLES, EARS, EYES, HIPS, KNEES, SHOULDERS, Position, StartPosture
from checker.signals.geometry import hip_joint, inclination, length, wrap
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

SEATED_SHARE: Final = 0.93
"""Sitting, the model's hip point goes back with the fold of the lap as the trunk comes down, so a lean reads 5 to 10 %
large (leans of 17 to 54 degrees of 16 rendered people)."""

LEANS_BACK_DEG: Final[dict[Position, float]] = {"standing": 3.7, "seated": 4.7}
"""So far back the trunk of somebody upright is seen to lean, because the model's hip lies before the joint: medians
over twice 12 rendered people (`python benchmarks/upright.py`; 3 and 4 others: 3.2 and 4.3)."""


def trunk_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Inclination of the line hip-mid to shoulder-mid from the vertical, forward +; degrees.

    One rigid segment: says nothing about the lumbar spine. What the hip point takes from the lean of somebody upright
    is given back, and what it adds to a lean of somebody who sits is taken off.
    """
    seen = _trunk(track, start) + LEANS_BACK_DEG.get(start.position, 0.0)
    if start.position != "seated":
        return seen
    rest = float(_trunk(start.pose, start)[0]) + LEANS_BACK_DEG["seated"]
    return rest + SEATED_SHARE * (seen - rest)


def _trunk(track: PoseTrack, start: StartPosture) -> Array:
    return inclination(hip_joint(track, start), track.point(*SHOULDERS), start.facing)


def hip_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """180 minus the angle between trunk and thigh, signed: flexion +, extension -; degrees.

    Signed, because a standing person's landmarks start a few degrees in extension; the unsigned
    angle reads that as flexion and loses twice as much of the range.
    """
    hip = hip_joint(track, start)
    trunk = inclination(hip, track.point(*SHOULDERS), start.facing)
    thigh = inclination(track.point(*KNEES), hip, start.facing)
    return wrap(trunk - thigh - 60.0) + 60.0  # from -120 to 240: a hip flexes far beyond what it extends


KNEE_BLEND_DEG: Final = (20.0, 60.0)
"""Below the first the knee's own landmark gives its angle, above the second the bones' lengths do."""


def knee_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """180 minus the angle hip-knee-ankle, in the image plane; flexion +; degrees.

    In a deep squat the model's knee landmark slides up the thigh, which then looks shorter than it
    is and the knee straighter. Bones keep their lengths, so for somebody who began standing a well
    bent knee is put where thigh and shank are as long as at the start. A nearly straight knee is
    left as it is: there a hair's breadth of length is many degrees.
    """
    thigh = inclination(track.point(*KNEES), track.point(*HIPS), start.facing)
    shank = inclination(track.point(*ANKLES), track.point(*KNEES), start.facing)
    seen = wrap(shank - thigh)
    if start.position != "standing" or start.seated:
        return seen
    low, high = KNEE_BLEND_DEG
    share = np.clip((seen - low) / (high - low), 0.0, 1.0)
    return np.asarray((1.0 - share) * seen + share * _knee_by_lengths(track, start))


def _knee_by_lengths(track: PoseTrack, start: StartPosture) -> Array:
    """Knee flexion from the distance hip to ankle and the lengths of the bones at the start."""
    thigh, shank = start.thigh_px, start.leg_px - start.thigh_px
    apart = length(track.point(*HIPS) - track.point(*ANKLES))
    cosine = (thigh**2 + shank**2 - apart**2) / (2.0 * thigh * shank)
    return 180.0 - np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


NECK_MOST_DEG: Final = 75.0
"""No neck turns the face further up or down from where it is at rest; the model does where it does not see the face."""


def neck_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """How far the face is bowed against the trunk: chin to chest +, looking up -; degrees.

    From the line ear to eyes and ear to nose against the trunk line. The line shoulder to ear,
    which is often used, sees half of it: the neck turns above the shoulders.
    """
    bowed = _bowed(track, start)
    turned = wrap(bowed - _bowed(start.pose, start)[0])
    return np.where(np.abs(turned) <= NECK_MOST_DEG, bowed, np.nan)


def _bowed(track: PoseTrack, start: StartPosture) -> Array:
    ear = track.point(*EARS)
    trunk = inclination(hip_joint(track, start), track.point(*SHOULDERS), start.facing)
    eyes = inclination(ear, track.point(*EYES), start.facing)
    nose = inclination(ear, track.point(Landmark.NOSE), start.facing)
    face = np.radians(np.stack([eyes, nose]))
    mean = np.degrees(np.arctan2(np.sin(face).mean(axis=0), np.cos(face).mean(axis=0)))
    return wrap(mean - trunk)


def hip_travel(track: PoseTrack, start: StartPosture) -> Array:
    """How far the hips have moved back over the ankles since the start, in leg lengths, back +."""

    def ahead(poses: PoseTrack) -> Array:
        return (poses.point(*HIPS) - poses.point(*ANKLES))[:, 0] * start.facing

    return np.asarray((ahead(start.pose)[0] - ahead(track)) / start.leg_px)
