"""A stick person of whom every angle is known, seen by a camera without perspective.

Person frame: X to the person's left, Y up, Z forward; metres, the floor at Y = 0 and the ankles
above X = +-0.12, Z = 0. The picture: pixels, x right, y down. World landmarks as the model gives
them: metres, from the middle of the hips, x to the image's right, y down, z away from the camera.

`body_track` stands on its feet and `posed_track` takes up any position, each limb by its own joint
angles; both take the movement as arrays over time, one a joint, and give the track. `out_and_back`
makes such arrays; the functions at the end spoil a track the way videos do. The nose stands a tenth
of a torso length before the ears, so that the cues of `shoulder_rotation` and of `forward_lean`,
which are weighted for what the model sees of a person, add up to the truth here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from hypothesis import settings

from checker.signals import CATALOGUE, Signal
from checker.skeleton import N_LANDMARKS, N_OUTLINE, OUTLINE_STATIONS, Array, Landmark
from checker.track import NOBODY, STILL_CAMERA, UNKNOWN_CLOTHES, Pose, PoseTrack

# How long one example takes says nothing on a machine that is busy with other things.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

TORSO_M: Final = 0.5
THIGH_M: Final = 0.43
SHANK_M: Final = 0.42
LEG_M: Final = THIGH_M + SHANK_M
ARM_M: Final = 0.55
ANKLE_M: Final = 0.08
FOOT_M: Final = 0.37 * TORSO_M
SHOULDER_HALF_M: Final = 0.18
HIP_HALF_M: Final = 0.12
FRONT_WIDTH_T: Final = 0.33
BACK_DEPTH_T: Final = 0.2
PELVIS_DEPTH_RATIO: Final = 0.7

FACE: Final = {
    "NOSE": (0.0, 0.22, 0.06),
    "LEFT_EYE": (0.03, 0.25, 0.05),
    "LEFT_EYE_INNER": (0.02, 0.25, 0.05),
    "LEFT_EYE_OUTER": (0.04, 0.25, 0.045),
    "LEFT_EAR": (0.07, 0.23, 0.01),
    "MOUTH_LEFT": (0.02, 0.19, 0.05),
}
"""The head's points from the middle of the shoulders, upright; the right ones mirror the left."""


@dataclass(frozen=True)
class Camera:
    """How the person is filmed.

    `yaw_deg`: 0 from the front, +90 their left side to the camera; `down_deg`: looking down on them.
    """

    yaw_deg: float = 0.0
    down_deg: float = 0.0
    px_per_m: float = 180.0
    width: int = 480
    height: int = 640
    centre_x_px: float = 240.0
    floor_y_px: float = 600.0


FRONT: Final = Camera()
FACING_RIGHT: Final = Camera(yaw_deg=-90.0)
FACING_LEFT: Final = Camera(yaw_deg=90.0)


@dataclass(frozen=True)
class Motion:
    """Every joint over time: a number, or an array of one value a frame. Zero is upright and still.

    Attributes:
        trunk_flexion_deg: hips to shoulders, forward +.
        lateral_deg: side bend, to the left +.
        shoulder_yaw_deg, pelvis_yaw_deg: turn about the trunk's axis, to the left +.
        thigh_deg: knee to hip from the vertical, forward +; -90 sitting.
        knee_deg: flexion of both knees.
        spine_deg: bend of the back's outline, rounded +.
        head_turn_deg, head_pitch_deg: against the trunk; left +, chin to chest +.
        hip_shift_t: hips sideways over the feet on straight legs, torso lengths, left +.
        left_lift_t, right_lift_t: a foot off the floor, torso lengths.
        feet_aside_t: both feet, and the person with them, to the left, torso lengths.
        pelvis_tilt_deg: of the hip line, the left hip higher +.
        shrug_t: shoulders and head up, torso lengths.
        knees_out_t: each knee away from the other, torso lengths.
        place_m: the whole person along the image, right +.
        hands: 0 hanging, 1 crossed on the chest.
        hand_along: place of both wrists on the line hip to knee, NaN for `hands`.
        hand_off_t: their distance from that line, torso lengths.
    """

    trunk_flexion_deg: float | Array = 0.0
    lateral_deg: float | Array = 0.0
    shoulder_yaw_deg: float | Array = 0.0
    pelvis_yaw_deg: float | Array = 0.0
    thigh_deg: float | Array = 0.0
    knee_deg: float | Array = 0.0
    spine_deg: float | Array = 0.0
    head_turn_deg: float | Array = 0.0
    head_pitch_deg: float | Array = 0.0
    hip_shift_t: float | Array = 0.0
    left_lift_t: float | Array = 0.0
    right_lift_t: float | Array = 0.0
    feet_aside_t: float | Array = 0.0
    pelvis_tilt_deg: float | Array = 0.0
    shrug_t: float | Array = 0.0
    knees_out_t: float | Array = 0.0
    place_m: float | Array = 0.0
    hands: float | Array = 0.0
    hand_along: float | Array = np.nan
    hand_off_t: float | Array = 0.0


@dataclass(frozen=True)
class Joints:
    """Every joint of somebody in any position: a number, or an array of one value a frame. Degrees.

    All zero is standing with the arms hanging. Face down on hands and knees is `ON_HANDS_AND_KNEES`.

    Attributes:
        trunk: hips to shoulders from the vertical, forward +: 90 face down, -90 on the back.
        left_hip, right_hip: thigh against trunk, flexion +.
        left_knee, right_knee: flexion +.
        left_ankle, right_ankle: toes towards the shin +, pointed -.
        left_arm, right_arm: at the shoulder, 0 along the trunk, 90 forward, 180 overhead.
        left_elbow, right_elbow: flexion +.
        neck: chin to chest +.
        spine: bend of the back's outline, rounded +.
        belly: how far the belly's outline stands out beyond the groin's, torso lengths.
        shoulders_turn, pelvis_turn: about the trunk's axis, to the left +.
        knees_aside: both knees swung over the feet, to the left +.
    """

    trunk: float | Array = 0.0
    left_hip: float | Array = 0.0
    right_hip: float | Array = 0.0
    left_knee: float | Array = 0.0
    right_knee: float | Array = 0.0
    left_ankle: float | Array = 0.0
    right_ankle: float | Array = 0.0
    left_arm: float | Array = 0.0
    right_arm: float | Array = 0.0
    left_elbow: float | Array = 0.0
    right_elbow: float | Array = 0.0
    neck: float | Array = 0.0
    spine: float | Array = 0.0
    belly: float | Array = 0.0
    shoulders_turn: float | Array = 0.0
    pelvis_turn: float | Array = 0.0
    knees_aside: float | Array = 0.0


def both(**joints: float | Array) -> dict[str, float | Array]:
    """The same angle for the left and the right: `both(hip=90)`."""
    return {f"{side}_{name}": value for name, value in joints.items() for side in ("left", "right")}


ON_THE_BACK: Final = {"trunk": -90.0}
KNEES_BENT_ON_THE_BACK: Final = {"trunk": -90.0} | both(hip=55.0, knee=100.0, ankle=-45.0)
ON_THE_FRONT: Final = {"trunk": 90.0} | both(ankle=-70.0)
ON_HANDS_AND_KNEES: Final = {"trunk": 90.0} | both(hip=90.0, knee=90.0, ankle=-60.0, arm=90.0)
KNEELING: Final = both(knee=90.0, ankle=-60.0)
SITTING: Final = both(hip=90.0, knee=90.0)


# --- movements over time -----------------------------------------------------------------------


def times(duration_s: float, fps: float = 30.0, jitter: float = 0.0, seed: int = 0) -> Array:
    """Frame times from 0; `jitter` 0.4 makes each step between 0.6 and 1.4 of the usual one."""
    n = round(duration_s * fps) + 1
    steps = 1.0 + jitter * np.random.default_rng(seed).uniform(-1.0, 1.0, n - 1)
    return np.concatenate([[0.0], np.cumsum(steps)]) / fps


def min_jerk(share: Array) -> Array:
    """The way done at a share of a smooth movement's time (Flash and Hogan 1985)."""
    s = np.clip(share, 0.0, 1.0)
    return s**3 * (10.0 - 15.0 * s + 6.0 * s**2)


def out_and_back(
    t_s: Array, size: float, start_s: float, out_s: float = 1.5, hold_s: float = 0.5, back_s: float = 1.5
) -> Array:
    """0, smoothly to `size`, held, and back to 0; the movement begins at `start_s`."""
    turn_s = start_s + out_s + hold_s
    return size * (min_jerk((t_s - start_s) / out_s) - min_jerk((t_s - turn_s) / back_s))


def repeated(t_s: Array, sizes: Iterable[float], first_s: float = 1.5, every_s: float = 4.5, **tempo: float) -> Array:
    """One `out_and_back` a size, the next beginning `every_s` after the one before."""
    return np.sum([out_and_back(t_s, x, first_s + i * every_s, **tempo) for i, x in enumerate(sizes)], axis=0)


# --- the body ----------------------------------------------------------------------------------


def body_track(t_s: Array, camera: Camera = FRONT, **motion: float | Array) -> PoseTrack:
    """The person at each time, seen without error."""
    t_s = np.atleast_1d(np.asarray(t_s, float))
    m = _over(Motion(**motion), len(t_s))
    floor_m = TORSO_M * np.stack([m.left_lift_t, m.right_lift_t], axis=1)
    points = _skeleton(m) + _stack(m.place_m * _right_of(camera)[0], 0.0, m.place_m * _right_of(camera)[1])[:, None]
    return _seen(t_s, points, floor_m, _outline(m.spine_deg, np.zeros(len(t_s)), m.pelvis_yaw_deg, camera), camera)


def posed_track(t_s: Array, camera: Camera, keep: str = "HIP", **joints: float | Array) -> PoseTrack:
    """The person in any position at each time, seen without error; filmed from the side or the front.

    `keep` names the pair of joints whose middle stays in its place. At first the lowest point
    touches the floor, and the body lies in the middle of the picture.
    """
    t_s = np.atleast_1d(np.asarray(t_s, float))
    j = _over(Joints(**joints), len(t_s))
    points = _limbs(j)
    points -= _middle(points - points[:1], keep)[:, None]
    low, high = points[0].min(axis=0), points[0].max(axis=0)
    points -= [0.0, low[1], (low[2] + high[2]) / 2]
    feet_m = np.stack([points[:, [Landmark[f"{side}_HEEL"], Landmark[f"{side}_FOOT_INDEX"]], 1].min(axis=1)
                       for side in ("LEFT", "RIGHT")], axis=1)  # fmt: skip
    shape = _outline(j.spine, j.belly, j.pelvis_turn, camera)
    return _seen(t_s, points, feet_m, shape, camera)


def _over(joints: Any, n: int) -> Any:
    """The same with every joint as an array of n values."""
    values = {f.name: np.broadcast_to(np.asarray(getattr(joints, f.name), float), (n,)) for f in fields(joints)}
    return type(joints)(**values)


def _seen(t_s: Array, points: Array, feet_m: Array, outline_t: Array, camera: Camera) -> PoseTrack:
    """A track of (T, 33, 3) metres in the person frame, the height of the feet's undersides, and the outline."""
    image, world = _projected(points, camera)
    trunk_px = np.linalg.norm(_middle(image, "SHOULDER") - _middle(image, "HIP"), axis=1)
    return PoseTrack(
        t_s=t_s,
        image=image.astype(np.float32),
        world=world.astype(np.float32),
        visibility=np.full((len(t_s), N_LANDMARKS), 0.99, np.float32),
        outline=(outline_t * trunk_px[:, None, None]).astype(np.float32),
        feet=(camera.floor_y_px - camera.px_per_m * feet_m).astype(np.float32),
        people=np.ones(len(t_s), np.int16),
        brightness=np.full(len(t_s), 128.0, np.float32),
        camera=np.tile(STILL_CAMERA, (len(t_s), 1)),
        other=np.tile(NOBODY, (len(t_s), 1)),
        body_brightness=np.full(len(t_s), 128.0, np.float32),
        clothes=np.tile(UNKNOWN_CLOTHES, (len(t_s), 1)),
        cut=np.zeros(len(t_s), bool),
        width=camera.width,
        height=camera.height,
    )


def _skeleton(m: Motion) -> Array:
    """(T, 33, 3) metres in the person frame."""
    points = np.zeros((len(m.knee_deg), N_LANDMARKS, 3))
    mid_hip = _legs(points, m)
    trunk = _about_x(m.trunk_flexion_deg) @ _about_z(-m.lateral_deg)
    shoulders = trunk @ _about_y(m.shoulder_yaw_deg)
    pelvis = _about_y(m.pelvis_yaw_deg) @ _about_z(m.pelvis_tilt_deg)
    mid_shoulder = mid_hip + _turned(trunk, 0.0, TORSO_M, 0.0) + _stack(0.0, m.shrug_t * TORSO_M, 0.0)
    for sign, side in ((1.0, "LEFT"), (-1.0, "RIGHT")):
        hip = mid_hip + _turned(pelvis, sign * HIP_HALF_M, 0.0, 0.0)
        shoulder = mid_shoulder + _turned(shoulders, sign * SHOULDER_HALF_M, 0.0, 0.0)
        points[:, Landmark[f"{side}_HIP"]] = hip
        points[:, Landmark[f"{side}_SHOULDER"]] = shoulder
        wrist = _wrist(m, sign, shoulder, hip, points[:, Landmark[f"{side}_KNEE"]], mid_shoulder, shoulders)
        points[:, Landmark[f"{side}_ELBOW"]] = (shoulder + wrist) / 2
        for part in ("WRIST", "PINKY", "INDEX", "THUMB"):
            points[:, Landmark[f"{side}_{part}"]] = wrist
    _head(points, mid_shoulder, shoulders @ _about_y(m.head_turn_deg) @ _about_x(m.head_pitch_deg))
    return points


def _head(points: Array, mid_shoulder: Array, turn: Array) -> None:
    """Fill in the face; (T, 3, 3) how the head is turned."""
    for name, (x, y, z) in FACE.items():
        points[:, Landmark[name]] = mid_shoulder + _turned(turn, x, y, z)
        mirror = name.replace("LEFT", "RIGHT")
        if mirror != name:
            points[:, Landmark[mirror]] = mid_shoulder + _turned(turn, -x, y, z)


def _limbs(j: Joints) -> Array:
    """(T, 33, 3) metres, the middle of the hips at the origin: each bone points where its joints say."""
    points = np.zeros((len(j.trunk), N_LANDMARKS, 3))
    trunk = _about_x(j.trunk)
    mid_shoulder = TORSO_M * _towards(j.trunk)
    for sign, side in ((1.0, "LEFT"), (-1.0, "RIGHT")):
        own = {part: getattr(j, f"{side.lower()}_{part}") for part in ("hip", "knee", "ankle", "arm", "elbow")}
        thigh = j.trunk + 180.0 - own["hip"]  # hanging down; flexion brings the knee forward
        shank = thigh + own["knee"]  # and a bent knee the foot backward
        foot = _towards(shank - 90.0 - own["ankle"])
        upper_arm = j.trunk + 180.0 - own["arm"]
        hip = _turned(trunk @ _about_y(j.pelvis_turn), sign * HIP_HALF_M, 0.0, 0.0)
        knee = hip + THIGH_M * _towards(thigh)
        ankle = knee + SHANK_M * _towards(shank)
        sole = ankle + 0.05 * _towards(shank)
        shoulder = mid_shoulder + _turned(trunk @ _about_y(j.shoulders_turn), sign * SHOULDER_HALF_M, 0.0, 0.0)
        elbow = shoulder + ARM_M / 2 * _towards(upper_arm)
        wrist = elbow + ARM_M / 2 * _towards(upper_arm - own["elbow"])
        knee = ankle + (_about_z(-j.knees_aside) @ (knee - ankle)[:, :, None])[:, :, 0]
        places = {"HIP": hip, "KNEE": knee, "ANKLE": ankle, "SHOULDER": shoulder, "ELBOW": elbow}
        places |= {"HEEL": sole - 0.05 * foot, "FOOT_INDEX": sole + (FOOT_M - 0.05) * foot}
        places |= dict.fromkeys(("WRIST", "PINKY", "INDEX", "THUMB"), wrist)
        for part, place in places.items():
            points[:, Landmark[f"{side}_{part}"]] = place
    _head(points, mid_shoulder, _about_x(j.trunk + j.neck))
    return points


def _towards(angle_deg: Array) -> Array:
    """(T, 3): up at 0, forward at 90, down at 180."""
    a = np.radians(angle_deg)
    return _stack(0.0, np.cos(a), np.sin(a))


def _legs(points: Array, m: Motion) -> Array:
    """Fill in hips' way down to the toes; (T, 3) the middle of the hips."""
    thigh, shank = np.radians(m.thigh_deg), np.radians(m.thigh_deg + m.knee_deg)
    aside = m.feet_aside_t * TORSO_M
    knee = _stack(0.0, SHANK_M * np.cos(shank), SHANK_M * np.sin(shank))
    hip = knee + _stack(0.0, THIGH_M * np.cos(thigh), THIGH_M * np.sin(thigh))
    shift = m.hip_shift_t * TORSO_M
    upright = np.sqrt(hip[:, 1] ** 2 - shift**2) / hip[:, 1]  # hips that swing aside on the legs come down
    knee, hip = (_stack(shift * p[:, 1] / hip[:, 1] + aside, p[:, 1] * upright, p[:, 2]) for p in (knee, hip))
    for sign, side, lift in ((1.0, "LEFT", m.left_lift_t), (-1.0, "RIGHT", m.right_lift_t)):
        ankle = _stack(sign * HIP_HALF_M + aside, ANKLE_M + lift * TORSO_M, 0.0)
        points[:, Landmark[f"{side}_ANKLE"]] = ankle
        points[:, Landmark[f"{side}_HEEL"]] = ankle + np.array([0.0, -0.05, -0.05])
        points[:, Landmark[f"{side}_FOOT_INDEX"]] = ankle + np.array([0.0, -0.05, FOOT_M - 0.05])
        out = m.knees_out_t * TORSO_M
        points[:, Landmark[f"{side}_KNEE"]] = knee + _stack(sign * (HIP_HALF_M + out), ANKLE_M, 0.0)
    return hip + np.array([0.0, ANKLE_M, 0.0])


def _wrist(m: Motion, sign: float, shoulder: Array, hip: Array, knee: Array, mid_shoulder: Array, turn: Array) -> Array:
    """(T, 3): hanging, crossed on the chest, or at a place on the thigh."""
    hanging = shoulder - np.array([0.0, ARM_M, 0.0])
    crossed = mid_shoulder + _turned(turn, -0.6 * sign * SHOULDER_HALF_M, -0.25 * TORSO_M, 0.12)
    free = hanging + m.hands[:, None] * (crossed - hanging)
    thigh = knee - hip
    across = np.cross(thigh, [1.0, 0.0, 0.0]) / np.linalg.norm(thigh, axis=1)[:, None]
    placed = hip + m.hand_along[:, None] * thigh + (m.hand_off_t * TORSO_M)[:, None] * across
    return np.where(np.isfinite(m.hand_along)[:, None], placed, free)


def _right_of(camera: Camera) -> tuple[float, float]:
    """How much of the person frame's X and Z points to the right of the picture."""
    return float(np.cos(np.radians(camera.yaw_deg))), -float(np.sin(np.radians(camera.yaw_deg)))


def _projected(points: Array, camera: Camera) -> tuple[Array, Array]:
    """(T, 33, 2) pixels and (T, 33, 3) metres as the model gives them."""
    cos, sin = np.cos(np.radians(camera.yaw_deg)), np.sin(np.radians(camera.yaw_deg))
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    level = np.stack([x * cos - z * sin, -y, -x * sin - z * cos], axis=-1)
    seen = level @ _about_x(np.array([camera.down_deg]))[0].T
    image = camera.px_per_m * seen[..., :2]
    hips = (seen[:, Landmark.LEFT_HIP] + seen[:, Landmark.RIGHT_HIP]) / 2
    return image + np.array([camera.centre_x_px, camera.floor_y_px]), seen - hips[:, None]


def _outline(spine_deg: Array, belly_t: Array, pelvis_deg: Array, camera: Camera) -> Array:
    """(T, 2, 33) lengths of the trunk line: a parabola behind and a step before, or a pelvis from the front."""
    s = OUTLINE_STATIONS
    if abs(np.sin(np.radians(camera.yaw_deg))) < 0.7:
        yaw = np.radians(pelvis_deg)
        half = FRONT_WIDTH_T * np.sqrt(np.cos(yaw) ** 2 + (PELVIS_DEPTH_RATIO * np.sin(yaw)) ** 2)
        return np.broadcast_to(half[:, None, None], (len(half), 2, N_OUTLINE)).copy()
    back = BACK_DEPTH_T + np.tan(np.radians(spine_deg) / 2)[:, None] * (s * (1 - s))[None]
    belly = BACK_DEPTH_T + belly_t[:, None] * (s > 0.1)[None]
    rows = [belly, back] if camera.yaw_deg < 0 else [back, belly]  # row 0: right of hips to shoulders
    return np.stack(rows, axis=1)


def _middle(image: Array, part: str) -> Array:
    return (image[:, Landmark[f"LEFT_{part}"]] + image[:, Landmark[f"RIGHT_{part}"]]) / 2


def _stack(*parts: float | Array) -> Array:
    """(T, K) from K arrays or numbers."""
    return np.stack(np.broadcast_arrays(*parts), axis=-1).astype(float)


def _turned(rotation: Array, x: float, y: float, z: float) -> Array:
    """(T, 3): one vector under each rotation."""
    return rotation @ np.array([x, y, z])


def _about_x(angle_deg: Array) -> Array:
    """(T, 3, 3) up towards forward."""
    return _rotation(angle_deg, 1, 2)


def _about_y(angle_deg: Array) -> Array:
    """(T, 3, 3) forward towards left."""
    return _rotation(angle_deg, 2, 0)


def _about_z(angle_deg: Array) -> Array:
    """(T, 3, 3) left towards up."""
    return _rotation(angle_deg, 0, 1)


def _rotation(angle_deg: Array, from_axis: int, to_axis: int) -> Array:
    a = np.radians(angle_deg)
    out = np.tile(np.eye(3), (len(a), 1, 1))
    out[:, from_axis, from_axis] = out[:, to_axis, to_axis] = np.cos(a)
    out[:, to_axis, from_axis] = np.sin(a)
    out[:, from_axis, to_axis] = -np.sin(a)
    return out


# --- what videos do to it ----------------------------------------------------------------------


def poses_of(track: PoseTrack) -> list[Pose]:
    """The frames one by one, as the engine is fed."""
    names = [f.name for f in fields(Pose)]
    out = []
    for i in range(len(track)):
        values = {n: getattr(track, n)[i] for n in names}
        out.append(
            Pose(
                **values
                | {
                    "t_s": float(values["t_s"]),
                    "people": int(values["people"]),
                    "brightness": float(values["brightness"]),
                    "body_brightness": float(values["body_brightness"]),
                    "cut": bool(values["cut"]),
                }
            )
        )
    return out


def between(track: PoseTrack, from_s: float, to_s: float) -> Array:
    """(T,) True from `from_s` up to, but not at, `to_s`."""
    return (track.t_s >= from_s) & (track.t_s < to_s)


def noisy(track: PoseTrack, sigma_px: float, seed: int = 0) -> PoseTrack:
    """Independent noise on every image point, and as much, in metres, on the world ones."""
    rng = np.random.default_rng(seed)
    torso_px = float(np.median(np.linalg.norm(_middle(track.image, "SHOULDER") - _middle(track.image, "HIP"), axis=1)))
    image = track.image + rng.normal(0.0, sigma_px, track.image.shape).astype(np.float32)
    sigma_m = sigma_px / torso_px * TORSO_M
    world = track.world + rng.normal(0.0, sigma_m, track.world.shape).astype(np.float32)
    return replace(track, image=image, world=world)


def lost(track: PoseTrack, from_s: float = -np.inf, to_s: float = np.inf) -> PoseTrack:
    """Nobody found in a stretch of time."""
    gone = between(track, from_s, to_s)
    arrays = {}
    for name in ("image", "world", "visibility", "outline", "feet"):
        arrays[name] = getattr(track, name).copy()
        arrays[name][gone] = np.nan
    return replace(track, people=np.where(gone, 0, track.people).astype(np.int16), **arrays)


def hidden(track: PoseTrack, *landmarks: Landmark, from_s: float = -np.inf, to_s: float = np.inf) -> PoseTrack:
    """Landmarks that the model still places, but says it does not see."""
    visibility = track.visibility.copy()
    visibility[np.ix_(between(track, from_s, to_s), landmarks)] = 0.1
    return replace(track, visibility=visibility)


def jumped(track: PoseTrack, landmark: Landmark, at_s: float, by_px: tuple[float, float]) -> PoseTrack:
    """One landmark elsewhere for one frame."""
    image = track.image.copy()
    image[int(np.searchsorted(track.t_s, at_s)), landmark] += np.asarray(by_px, np.float32)
    return replace(track, image=image)


def mirrored(track: PoseTrack) -> PoseTrack:
    """The track of the mirror image: the person's left becomes their right."""
    swap = [Landmark[_other_side(landmark.name)] for landmark in Landmark]
    image, world = track.image[:, swap].copy(), track.world[:, swap].copy()
    image[..., 0] = track.width - image[..., 0]
    world[..., 0] = -world[..., 0]
    visibility = track.visibility[:, swap]
    outline, feet = track.outline[:, ::-1], track.feet[:, ::-1]
    return replace(track, image=image, world=world, visibility=visibility, outline=outline, feet=feet)


def _other_side(name: str) -> str:
    return name.replace("LEFT", "#").replace("RIGHT", "LEFT").replace("#", "RIGHT")


def read_with(signal: str, **errors: float) -> Signal:
    """A signal of the catalogue, read with other errors."""
    known = CATALOGUE[signal]
    return replace(known, errors=known.errors.model_copy(update=errors))
