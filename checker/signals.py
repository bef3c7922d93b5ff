"""From poses to named signals: the catalogue.

Every signal is a pure function of a track and the person's own start posture. Signs are
anatomical: flexion forward +, lateral flexion to the person's left +, rotation to the left +.
Angles are degrees; lengths are in torso lengths (T: middle of the hips to middle of the shoulders,
at rest) or leg lengths, so that they need no calibration. NaN where a needed point was not seen.

Image-plane positions are used for what happens in the plane of the picture, the model's 3-D
landmarks only for turns and leans out of it. In a side bend the two did about equally well (mean
errors 1.4 and 1.1 degrees in a first try); the image plane was kept because it can be drawn on the
picture and checked by eye.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from checker.posture import ANKLES, HIPS, KNEES, SHOULDERS, StartPosture
from checker.skeleton import OUTLINE_STATIONS, Array, Landmark, PoseTrack

EARS: Final = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
EYES: Final = (Landmark.LEFT_EYE, Landmark.RIGHT_EYE)


SignalFunction = Callable[[PoseTrack, StartPosture], Array]


@dataclass(frozen=True)
class Signal:
    """One entry of the catalogue.

    Attributes:
        id: as exercise files name it.
        name: in plain words.
        unit: "deg", "T" (torso lengths), "leg" (leg lengths) or "ratio".
        needs: landmarks without which there is no value. In a side view the nearer one of each
            left-right pair is enough.
        compute: (track, start posture) -> (T,) values.
        needs_outline: whether it is read from the outline of the body.
        unseen: why it may have no value although its landmarks were seen, and what to do.
        error_90: half-width within which 90 % of its errors lie, in its unit, None where it is
            never reported as a measure. Up to an eighth above what the truth clips show
            (`python benchmarks/accuracy.py --calibrate`): other bodies err more than these four.
        error_90_share: the same as a share of the value, for what grows with it.
        view: the view in which it is defined.
    """

    id: str
    name: str
    unit: str
    view: Literal["front", "side", "any"]
    needs: tuple[Landmark, ...]
    compute: SignalFunction
    needs_outline: bool = False
    unseen: str = "the joints it needs were hidden"
    error_90: float | None = None
    error_90_share: float = 0.0


# --- geometry ---------------------------------------------------------------------------------


def _length(v: Array) -> Array:
    return np.asarray(np.linalg.norm(v, axis=-1), np.float64)


def _pair(track: PoseTrack, pair: tuple[Landmark, Landmark]) -> Array:
    """(T, 2) pixels, from the right landmark of a pair to the left one."""
    return track.point(pair[0]) - track.point(pair[1])


def _wrap(angle_deg: Array) -> Array:
    """Angles brought into [-180, 180)."""
    return np.asarray((angle_deg + 180.0) % 360.0 - 180.0)


def _stations_within(span: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Which of the outline's stations lie within a span along the trunk."""
    low, high = span
    stations = OUTLINE_STATIONS
    return np.asarray((stations >= low) & (stations <= high))


def inclination(low: Array, high: Array, facing: float) -> Array:
    """Angle of the line from `low` up to `high` against the vertical, in the image plane.

    Args:
        low: (T, 2) pixels, y down.
        high: (T, 2) pixels.
        facing: +1 or -1, the image direction in x that counts as positive.

    Returns:
        (T,) degrees in (-180, 180], 0 upright, positive towards `facing`.
    """
    v = high - low
    return np.degrees(np.arctan2(v[:, 0] * facing, -v[:, 1]))


def hip_joint(track: PoseTrack, start: StartPosture) -> Array:
    """(T, 2) pixels: the middle of the hips in a side view, held to the thigh's own length.

    When a standing person bends, the model's hip landmark slips forward into the fold of the groin
    and down the thigh: on the truth clips by a tenth of a torso length, which alone reads a hinge
    2 to 5 degrees low. A thigh does not shorten in the plane it moves in, so where the landmark
    comes nearer to the knee than at rest it is pushed out along the thigh to the rest length.
    A seated person's thigh lies still; there the landmark is better left as it is (truth clips:
    mean error of the trunk 2.7 degrees against 3.5).
    """
    hip, knee = track.point(*HIPS), track.point(*KNEES)
    if start.seated:
        return hip
    thigh = hip - knee
    length = _length(thigh)[:, None]
    return np.asarray(knee + thigh / length * np.maximum(length, start.thigh_px))


# --- side view --------------------------------------------------------------------------------


def trunk_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Inclination of the line hip-mid to shoulder-mid from the vertical, forward +; degrees.

    One rigid segment: says nothing about the lumbar spine.
    """
    return inclination(hip_joint(track, start), track.point(*SHOULDERS), start.facing)


def hip_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """180 minus the angle between trunk and thigh, signed: flexion +, extension -; degrees.

    Signed, because a standing person's landmarks start a few degrees in extension; the unsigned
    angle reads that as flexion and loses twice as much of the range.
    """
    hip = hip_joint(track, start)
    trunk = inclination(hip, track.point(*SHOULDERS), start.facing)
    thigh = inclination(track.point(*KNEES), hip, start.facing)
    return _wrap(trunk - thigh - 60.0) + 60.0  # from -120 to 240: a hip flexes far beyond what it extends


def knee_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """180 minus the angle hip-knee-ankle, in the image plane; flexion +; degrees."""
    thigh = inclination(track.point(*KNEES), track.point(*HIPS), start.facing)
    shank = inclination(track.point(*ANKLES), track.point(*KNEES), start.facing)
    return _wrap(shank - thigh)


def neck_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """How far the face is bowed against the trunk: chin to chest +, looking up -; degrees.

    From the line ear to eyes and ear to nose against the trunk line. The line shoulder to ear,
    which is often used, sees half of it: the neck turns above the shoulders.
    """
    ear = track.point(*EARS)
    trunk = inclination(hip_joint(track, start), track.point(*SHOULDERS), start.facing)
    eyes = inclination(ear, track.point(*EYES), start.facing)
    nose = inclination(ear, track.point(Landmark.NOSE), start.facing)
    face = np.radians(np.stack([eyes, nose]))
    mean = np.degrees(np.arctan2(np.sin(face).mean(axis=0), np.cos(face).mean(axis=0)))
    return _wrap(mean - trunk)


def hip_travel(track: PoseTrack, start: StartPosture) -> Array:
    """How far the hips have moved back over the ankles since the start, in leg lengths, back +."""

    def ahead(poses: PoseTrack) -> Array:
        return (poses.point(*HIPS) - poses.point(*ANKLES))[:, 0] * start.facing

    return np.asarray((ahead(start.pose)[0] - ahead(track)) / start.leg_px)


SPINE_SPAN: Final = (0.0, 1.0)
"""The back is read from hip level to shoulder level."""

SPINE_MAX_RESIDUAL: Final = 0.03
"""A bending back changes its outline smoothly. Where the change does not follow a parabola within
this (T, rms), something else is in the outline: an arm, hair, a flapping shirt. Clean outlines
leave up to 0.012, a shirt of the wall's colour up to 0.02 (truth clips)."""

SPINE_MIN_SHARE: Final = 0.8
"""Share of the stations at which an outline must have been found."""


def spine_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Rounding of the back from the outline of the body, own start posture = 0, rounded +; degrees.

    At stations along the line hip-mid to shoulder-mid, the distance to the dorsal edge of the
    person is compared with the same person's at the start. A parabola is fitted to the change;
    the difference of its slopes at the two ends is the angle by which the back has bent over that
    span, as for a thin beam. No scale is fitted.
    NaN where the outline is not trustworthy (see the constants above).
    """
    now, rest = _back_profile(track, start), _back_profile(start.pose, start)[0]
    inside = _stations_within(SPINE_SPAN)
    s, change = OUTLINE_STATIONS[inside], (now - rest)[:, inside]
    seen = np.isfinite(change)
    out = np.full(len(track), np.nan)
    for i in np.flatnonzero(seen.mean(axis=1) >= SPINE_MIN_SHARE):
        fit = np.polynomial.polynomial.Polynomial.fit(s[seen[i]], change[i, seen[i]], 2)
        if np.sqrt(np.mean((fit(s[seen[i]]) - change[i, seen[i]]) ** 2)) > SPINE_MAX_RESIDUAL:
            continue
        low, high = np.degrees(np.arctan(fit.deriv()(np.array(SPINE_SPAN))))
        out[i] = low - high
    return out


def _back_profile(track: PoseTrack, start: StartPosture) -> Array:
    """(T, N_OUTLINE) distance to the dorsal edge, in lengths of the trunk line of that frame."""
    trunk = _length(track.point(*SHOULDERS) - track.point(*HIPS))
    dorsal = 1 if start.facing > 0 else 0  # row 0 lies clockwise of hip-to-shoulder: image right
    return np.asarray(track.outline[:, dorsal].astype(np.float64) / trunk[:, None])


def wrist_thigh(track: PoseTrack, start: StartPosture) -> Array:
    """Distance of the nearer wrist to the thigh's line, in T."""
    return _near_hand(track, start)[0]


def hand_slide(track: PoseTrack, start: StartPosture) -> Array:
    """How far the nearer hand has slid along the thigh since the start posture, in T.

    A hand that carries weight stays where it is while the trunk comes down.
    """
    along = _near_hand(track, start)[1]
    return np.abs(along - _near_hand(start.pose, start)[1][0])


def _near_hand(track: PoseTrack, start: StartPosture) -> tuple[Array, Array]:
    """The camera-side wrist against its thigh: (T,) distance and (T,) place along it, in T."""
    left = start.facing < 0  # facing left in the image, the left side is towards the camera
    wrist = track.point(Landmark.LEFT_WRIST if left else Landmark.RIGHT_WRIST)
    hip = track.point(Landmark.LEFT_HIP if left else Landmark.RIGHT_HIP)
    thigh = track.point(Landmark.LEFT_KNEE if left else Landmark.RIGHT_KNEE) - hip
    share = np.sum((wrist - hip) * thigh, axis=1) / np.sum(thigh * thigh, axis=1)
    nearest = hip + np.clip(share, 0, 1)[:, None] * thigh
    return _length(wrist - nearest) / start.torso_px, share * _length(thigh) / start.torso_px


# --- front view -------------------------------------------------------------------------------


def trunk_lateral_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Frontal inclination of the line hip-mid to shoulder-mid, to the person's left +; degrees.

    The person faces the camera: their left is the image's right.
    """
    return inclination(track.point(*HIPS), track.point(*SHOULDERS), 1.0)


LEAN_DEPTH_SHARE: Final = 0.66
"""Share of a lean towards the camera that the model's depth shows (truth clips)."""

NOSE_REACH_T: Final = 0.22
"""How far the nose stands before the ears, in T: about 11 cm on a trunk of 50."""


def forward_lean(track: PoseTrack, start: StartPosture) -> Array:
    """Lean of the trunk towards the camera since the start; degrees. For flagging, not measuring.

    The mean of three cues, because each alone is weak and they fail for different reasons: the
    3-D landmarks' depth (over its known share), the shortening of the trunk (which a side bend
    brings too), and the nose sinking against the ears (which a nod brings too). A straight side
    bend reads up to 16.
    """

    def depth(poses: PoseTrack) -> Array:
        v = poses.world_point(*SHOULDERS) - poses.world_point(*HIPS)
        return np.degrees(np.arctan2(-v[:, 2], -v[:, 1]))

    sunk = _nose_over_ears(start.pose, start, along=True)[0] - _nose_over_ears(track, start, along=True)
    cues = (
        (depth(track) - depth(start.pose)[0]) / LEAN_DEPTH_SHARE,
        np.degrees(np.arccos(np.clip(torso_ratio(track, start), 0.0, 1.0))),
        np.degrees(np.arcsin(np.clip(sunk / NOSE_REACH_T, 0.0, 1.0))),
    )
    return np.asarray(np.mean(cues, axis=0))


def torso_ratio(track: PoseTrack, start: StartPosture) -> Array:
    """Apparent torso length over that of the start posture."""
    return _length(track.point(*SHOULDERS) - track.point(*HIPS)) / start.torso_px


def hip_shift(track: PoseTrack, start: StartPosture) -> Array:
    """How far the hips have moved sideways over the ankles since the start, in T, left +."""

    def aside(poses: PoseTrack) -> Array:
        return (poses.point(*HIPS) - poses.point(*ANKLES))[:, 0]

    return (aside(track) - aside(start.pose)[0]) / start.torso_px


def height_loss(track: PoseTrack, start: StartPosture) -> Array:
    """How far the shoulders have sunk beyond what the bend and the hip shift explain, in T.

    From the front, bending knees hardly show as an angle (they come towards the camera), but the
    whole body sinks. A bend of b degrees lowers the shoulders by T(1 - cos b), and hips that
    swing sideways by d on legs of length L by L - sqrt(L^2 - d^2).
    """

    def height(poses: PoseTrack) -> Array:
        return (poses.point(*ANKLES) - poses.point(*SHOULDERS))[:, 1] / start.torso_px

    def cosine(poses: PoseTrack) -> Array:
        return np.cos(np.radians(trunk_lateral_flexion(poses, start)))

    leg = start.leg_px / start.torso_px
    swing = leg - np.sqrt(np.maximum(leg**2 - hip_shift(track, start) ** 2, 0.0))
    sunk = height(start.pose)[0] - height(track)
    return sunk - (cosine(start.pose)[0] - cosine(track)) - swing


def foot_lift(track: PoseTrack, start: StartPosture) -> Array:
    """How much higher one foot stands than the other since the start, in T; the left one higher +.

    From the lower edge of the body under each ankle: the ankle landmarks move with the trunk.
    """

    def apart(poses: PoseTrack) -> Array:
        return (poses.feet[:, 1] - poses.feet[:, 0]).astype(np.float64)

    return (apart(track) - apart(start.pose)[0]) / start.torso_px


def opposite_foot_lift(track: PoseTrack, start: StartPosture) -> Array:
    """Lift of the foot on the side that the trunk bends away from, in T."""
    return -foot_lift(track, start) * np.sign(trunk_lateral_flexion(track, start))


def feet_travel(track: PoseTrack, start: StartPosture) -> Array:
    """The larger way that either ankle has gone since the start, in T."""
    ways = [_length(track.point(a) - start.pose.point(a)[0]) for a in ANKLES]
    return np.asarray(np.maximum(*ways) / start.torso_px)


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
    inside = _stations_within(PELVIS_SPAN)
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

    return _wrap(yaw(track) - yaw(start.pose)[0])


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
    depth = _yaw_change(track, start, SHOULDERS)
    width = _length(_pair(track, SHOULDERS)) / start.shoulder_px
    narrowing = np.degrees(np.arccos(np.clip(width, -1.0, 1.0))) * np.sign(depth)
    shoulders = SHOULDER_DEPTH_WEIGHT * depth + SHOULDER_WIDTH_WEIGHT * narrowing
    head = HEAD_WEIGHT_DEG * (_nose_over_ears(track, start) - _nose_over_ears(start.pose, start)[0])
    limit = HEAD_LIMIT * np.abs(shoulders)
    return np.asarray(shoulders + np.clip(head, -limit, limit))


def _nose_over_ears(track: PoseTrack, start: StartPosture, along: bool = False) -> Array:
    """(T,) the nose from the middle of the ears, in T: across the trunk to the left, or up along it."""
    trunk = track.point(*SHOULDERS) - track.point(*HIPS)
    up = trunk / _length(trunk)[:, None]
    way = up if along else np.stack([-up[:, 1], up[:, 0]], axis=1)
    nose = track.point(Landmark.NOSE) - track.point(*EARS)
    return np.asarray(np.sum(nose * way, axis=1) / start.torso_px)


PELVIS_FOLLOWS: Final = 0.07
"""Share of a turn that the pelvis takes even when it is kept still (truth clips)."""


def trunk_rotation(track: PoseTrack, start: StartPosture) -> Array:
    """Turn of the shoulder line against the pelvis about the vertical; degrees, left +.

    Where the pelvis cannot be seen it is taken to follow by its usual small share.
    """
    shoulders = shoulder_rotation(track, start)
    follows = PELVIS_FOLLOWS * shoulders
    pelvis = pelvis_rotation(track, start)
    larger = np.where(np.abs(np.nan_to_num(pelvis)) > np.abs(follows), pelvis, follows)
    return np.asarray(shoulders - np.where(np.isfinite(shoulders), larger, np.nan))


# --- the catalogue ----------------------------------------------------------------------------

_TRUNK = (*SHOULDERS, *HIPS)
_LEGS = (*HIPS, *KNEES, *ANKLES)
_FACE = (Landmark.NOSE,)  # a far ear is guessed well enough where the nose is seen
_HANDS = (*HIPS, *KNEES, Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)

_BACK_UNSEEN = "the outline of your back was not clear: wear close-fitting clothes, keep arms and hair off your back"
_PELVIS_UNSEEN = "the edge of your hips was hidden: cross your arms on your chest"
_FEET_UNSEEN = "the outline of your feet was not clear"

_SIDE = (
    Signal("trunk_flexion", "Trunk flexion", "deg", "side", (*_TRUNK, *KNEES), trunk_flexion, error_90=5.2),
    Signal("hip_flexion", "Hip flexion", "deg", "side", (*_TRUNK, *KNEES), hip_flexion, error_90=7.0),
    Signal("knee_flexion", "Knee flexion", "deg", "side", _LEGS, knee_flexion),
    Signal("neck_flexion", "Neck flexion", "deg", "side", (*_TRUNK, *_FACE), neck_flexion),
    Signal("hip_travel", "Hips moving back", "leg", "side", _LEGS, hip_travel),
    Signal(
        "spine_flexion",
        "Rounding of the back",
        "deg",
        "side",
        _TRUNK,
        spine_flexion,
        needs_outline=True,
        unseen=_BACK_UNSEEN,
        error_90=10.5,
    ),
    Signal("wrist_thigh", "Hand to thigh", "T", "side", _HANDS, wrist_thigh),
    Signal("hand_slide", "Hand sliding on the thigh", "T", "side", _HANDS, hand_slide),
)

_FRONT = (
    Signal("trunk_lateral_flexion", "Side bend", "deg", "front", _TRUNK, trunk_lateral_flexion, error_90=2.8),
    Signal("forward_lean", "Lean towards the camera", "deg", "front", (*_TRUNK, *_FACE), forward_lean),
    Signal("torso_ratio", "Apparent torso length", "ratio", "front", _TRUNK, torso_ratio),
    Signal("hip_shift", "Hips moving sideways", "T", "front", (*HIPS, *ANKLES), hip_shift),
    Signal("height_loss", "Loss of height", "T", "front", (*_TRUNK, *_LEGS), height_loss),
    Signal(
        "opposite_foot_lift",
        "Lift of the opposite foot",
        "T",
        "front",
        (*_TRUNK, *ANKLES),
        opposite_foot_lift,
        needs_outline=True,
        unseen=_FEET_UNSEEN,
    ),
    Signal(
        "pelvis_rotation",
        "Turn of the pelvis",
        "deg",
        "front",
        _TRUNK,
        pelvis_rotation,
        needs_outline=True,
        unseen=_PELVIS_UNSEEN,
    ),
    Signal("shoulder_rotation", "Turn of the shoulders", "deg", "front", (*_TRUNK, *_FACE), shoulder_rotation),
    Signal(
        "trunk_rotation",
        "Trunk rotation",
        "deg",
        "front",
        (*_TRUNK, *_FACE),
        trunk_rotation,
        needs_outline=True,
        error_90=9.0,
    ),
)

_ANY = (Signal("feet_travel", "Feet moving", "T", "any", ANKLES, feet_travel),)

CATALOGUE: Final[dict[str, Signal]] = {s.id: s for s in (*_SIDE, *_FRONT, *_ANY)}
"""Every signal by its id."""
