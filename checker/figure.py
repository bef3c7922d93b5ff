"""A figure posed by joint angles: what a movement looks like, as numbers.

The same numbers make the drawing of a movement (`picture.py`) and a person of whom every angle is
known, on whom a movement's rules are tried (`self_check.py`).

Room frame: metres, X to the person's left when they stand facing forward, Y up, Z forward, the
floor at Y = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from checker.skeleton import N_LANDMARKS, N_OUTLINE, OUTLINE_STATIONS, Array, Landmark
from checker.track import NOBODY, STILL_CAMERA, UNKNOWN_CLOTHES, PoseTrack

Angle = Annotated[float, Field(ge=-200, le=200)]
LeftRight = Angle | tuple[Angle, Angle]
"""One value for both sides, or [left, right]."""

Prop = Literal["chair", "wall", "bed", "box", "ball", "small_ball", "roller", "ice", "pillow"]


class Stance(BaseModel):
    """One posture by its joint angles, degrees; everything left out is 0: standing, arms hanging.

    Attributes:
        trunk: inclination of the line hips to shoulders from the vertical, forward +: 0 upright,
            90 face down, -90 on the back.
        lean: side bend, to the person's left +.
        turn: of the shoulders about the trunk's axis, to the left +; the pelvis keeps still.
        rounding: bend of the back, rounded +, hollow -.
        neck: chin to chest +, looking up -.
        hips: thigh against trunk, flexion +, extension -.
        knees: flexion +.
        knees_aside: both thighs turned about the trunk's axis at the hips, to the left +.
        ankles: toes towards the shin +, pointed -; left out, the sole lies flat on the floor where
            the shank lets it, and the foot hangs loose where not.
        arms: at the shoulder: 0 along the trunk, 90 forward, 180 overhead.
        arms_out: at the shoulder, sideways away from the trunk.
        elbows: flexion +.
        arms_crossed: hands on the opposite shoulders, whatever the three above say.
        shrug: shoulders drawn up, in torso lengths.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    trunk: Angle = 0.0
    lean: Angle = 0.0
    turn: Angle = 0.0
    rounding: Angle = 0.0
    neck: Angle = 0.0
    hips: LeftRight = 0.0
    knees: LeftRight = 0.0
    knees_aside: Angle = 0.0
    ankles: LeftRight | None = None
    arms: LeftRight = 0.0
    arms_out: LeftRight = 0.0
    elbows: LeftRight = 0.0
    arms_crossed: bool = False
    shrug: Annotated[float, Field(ge=0, le=0.5)] = 0.0


# --- postures between postures -----------------------------------------------------------------

ONE_VALUE: Final = ("trunk", "lean", "turn", "rounding", "neck", "knees_aside", "shrug")
PAIRS: Final = ("hips", "knees", "ankles", "arms", "arms_out", "elbows")
TO_ONE_SIDE: Final = ("lean", "turn", "knees_aside")


def both(value: LeftRight) -> tuple[float, float]:
    """(left, right)."""
    return value if isinstance(value, tuple) else (value, value)


def mirrored(stance: Stance) -> Stance:
    """The same to the other side."""
    turned = {name: -getattr(stance, name) for name in TO_ONE_SIDE}
    swapped = {n: value[::-1] for n in PAIRS if isinstance(value := getattr(stance, n), tuple)}
    return stance.model_copy(update=turned | swapped)


def blend(start: Stance, end: Stance, share: float) -> Stance:
    """The stance at a share of the way, every angle in a straight line; beyond 0 and 1 too."""

    def between(a: float, b: float) -> float:
        return a + share * (b - a)

    angles: dict[str, Any] = {n: between(getattr(start, n), getattr(end, n)) for n in ONE_VALUE}
    for name in PAIRS:
        if getattr(start, name) is not None or getattr(end, name) is not None:
            angles[name] = tuple(map(between, _pair(start, name), _pair(end, name)))
    return Stance.model_construct(None, **angles, arms_crossed=(end if share > 0.5 else start).arms_crossed)


def _pair(stance: Stance, name: str) -> tuple[float, float]:
    """(left, right) of a joint; the ankles too where they are left out."""
    value = getattr(stance, name)
    if value is not None:
        return both(value)
    hips, knees = both(stance.hips), both(stance.knees)
    left, right = (_loose_ankle(stance.trunk - h + k) for h, k in zip(hips, knees, strict=True))
    return left, right


SHANK_TILT_DEG: Final = (-180.0, -100.0, -60.0, 0.0, 40.0, 70.0, 180.0)
LOOSE_ANKLE_DEG: Final = (-25.0, -25.0, -60.0, 0.0, 40.0, -70.0, -70.0)
"""The ankle by the tilt of the shank from the vertical, knee forward +: the sole flat on the floor
in the middle, the toes pointed where the shank lies."""


def _loose_ankle(shank_tilt_deg: float) -> float:
    return float(np.interp((shank_tilt_deg + 180.0) % 360.0 - 180.0, SHANK_TILT_DEG, LOOSE_ANKLE_DEG))


# --- the body ----------------------------------------------------------------------------------

TORSO_M: Final = 0.5
THIGH_M: Final = 0.43
SHANK_M: Final = 0.42
UPPER_ARM_M: Final = 0.28
FOREARM_M: Final = 0.25
FOOT_M: Final = 0.37 * TORSO_M
SHOULDER_HALF_M: Final = 0.18
HIP_HALF_M: Final = 0.12
NECK_M: Final = 0.06
TRUNK_HALF_M: Final = 0.1
HEAD_M: Final = 0.1

FACE: Final = {
    "NOSE": (0.0, 0.16, 0.06),
    "LEFT_EYE": (0.03, 0.19, 0.05),
    "LEFT_EYE_INNER": (0.02, 0.19, 0.05),
    "LEFT_EYE_OUTER": (0.04, 0.19, 0.045),
    "LEFT_EAR": (0.07, 0.17, 0.01),
    "MOUTH_LEFT": (0.02, 0.13, 0.05),
}
"""The head's points from the base of the neck, upright; the right ones mirror the left. The nose
stands a tenth of a torso length before the ears, so that the cues of `shoulder_rotation`, which are
weighted for what the model sees of a person, add up to the truth here too."""

FLESH_M: Final = {
    "SHOULDER": TRUNK_HALF_M,
    "HIP": TRUNK_HALF_M,
    "EAR": HEAD_M,
    "ELBOW": 0.04,
    "WRIST": 0.03,
    "KNEE": 0.05,
    "HEEL": 0.03,
    "FOOT_INDEX": 0.03,
}
"""How far the body reaches around the landmarks on which it can rest."""

SUPPORTS: Final = tuple(Landmark[f"{side}_{part}"] for part in FLESH_M for side in ("LEFT", "RIGHT"))
_FLESH: Final = np.array([FLESH_M[s.name.split("_", 1)[1]] for s in SUPPORTS])


def body(stance: Stance) -> Array:
    """(33, 3) metres in the room, standing or lying on the floor, the pelvis above X = Z = 0."""
    return _on_floor(_skeletons([stance]))[0]


SETTLES_M: Final = 0.02
"""A point that is higher than this over the floor hardly carries the body any more."""


def bodies(stances: Sequence[Stance]) -> Array:
    """(N, 33, 3) metres: the stances one after another, on the floor where the first one stands.

    What carries the body at the start and still does keeps its place: the feet of somebody who
    squats, the back of somebody who draws up a knee. No stance has to say which.
    """
    points = _on_floor(_skeletons(stances))
    supports = points[:, SUPPORTS]
    weight = np.exp(-np.maximum(supports[..., 1] - _FLESH, 0.0) / SETTLES_M)
    weight = weight * weight[:1] + 1e-300
    slid = np.sum(weight[..., None] * (supports - supports[:1]), axis=1) / weight.sum(axis=1)[:, None]
    slid[:, 1] = 0.0
    return np.asarray(points - slid[:, None])


def _on_floor(points: Array) -> Array:
    """Raised or lowered until the lowest part of the body touches Y = 0."""
    lowest = np.min(points[:, SUPPORTS, 1] - _FLESH, axis=1)
    out = points.copy()
    out[..., 1] -= lowest[:, None]
    return out


def _skeletons(stances: Sequence[Stance]) -> Array:
    """(N, 33, 3) metres, the middle of the hips at the origin."""
    angle = {n: np.array([getattr(s, n) for s in stances], float) for n in ONE_VALUE}
    pair = {n: np.array([_pair(s, n) for s in stances], float).T for n in PAIRS}
    crossed = np.array([s.arms_crossed for s in stances])
    points = np.zeros((len(stances), N_LANDMARKS, 3))
    pelvis = _about_x(angle["trunk"])
    trunk = pelvis @ _about_z(-angle["lean"])
    chest = trunk @ _about_y(angle["turn"])
    neck = _turned(trunk, 0.0, TORSO_M + NECK_M, 0.0)
    shoulders = trunk[:, :, 1] * (TORSO_M * (1.0 + angle["shrug"]))[:, None]
    for side, sign in enumerate((1.0, -1.0)):
        _leg(points, side, sign, pelvis, pelvis @ _about_y(angle["knees_aside"]), {n: pair[n][side] for n in PAIRS})
        _arm(points, side, sign, shoulders, chest, crossed, {n: pair[n][side] for n in PAIRS})
    head = chest @ _about_x(angle["neck"])
    for name, (x, y, z) in FACE.items():
        points[:, Landmark[name]] = neck + _turned(head, x, y, z)
        if "LEFT" in name:
            points[:, Landmark[name.replace("LEFT", "RIGHT")]] = neck + _turned(head, -x, y, z)
    return points


SIDES: Final = ("LEFT", "RIGHT")


def _leg(points: Array, side: int, sign: float, pelvis: Array, socket: Array, angle: dict[str, Array]) -> None:
    """Fill in one leg from the hip down."""
    name = SIDES[side]
    thigh = socket @ _about_x(-angle["hips"])
    shank = thigh @ _about_x(angle["knees"])
    foot = shank @ _about_x(-angle["ankles"])
    hip = _turned(pelvis, sign * HIP_HALF_M, 0.0, 0.0)
    knee = hip + _turned(thigh, 0.0, -THIGH_M, 0.0)
    ankle = knee + _turned(shank, 0.0, -SHANK_M, 0.0)
    points[:, Landmark[f"{name}_HIP"]] = hip
    points[:, Landmark[f"{name}_KNEE"]] = knee
    points[:, Landmark[f"{name}_ANKLE"]] = ankle
    points[:, Landmark[f"{name}_HEEL"]] = ankle + _turned(foot, 0.0, -0.05, -0.05)
    points[:, Landmark[f"{name}_FOOT_INDEX"]] = ankle + _turned(foot, 0.0, -0.05, FOOT_M - 0.05)


def _arm(
    points: Array, side: int, sign: float, middle: Array, chest: Array, crossed: Array, angle: dict[str, Array]
) -> None:
    """Fill in one arm from the shoulder down."""
    name = SIDES[side]
    shoulder = middle + _turned(chest, sign * SHOULDER_HALF_M, 0.0, 0.0)
    upper = chest @ _about_x(-angle["arms"]) @ _about_z(sign * angle["arms_out"])
    fore = upper @ _about_x(-angle["elbows"])
    elbow = shoulder + _turned(upper, 0.0, -UPPER_ARM_M, 0.0)
    wrist = elbow + _turned(fore, 0.0, -FOREARM_M, 0.0)
    folded = shoulder + _turned(chest, 0.04 * sign, -0.24, 0.1)
    on_chest = middle + _turned(chest, -0.6 * sign * SHOULDER_HALF_M, -0.25 * TORSO_M, 0.12)
    points[:, Landmark[f"{name}_SHOULDER"]] = shoulder
    points[:, Landmark[f"{name}_ELBOW"]] = np.where(crossed[:, None], folded, elbow)
    for part in ("WRIST", "PINKY", "INDEX", "THUMB"):
        points[:, Landmark[f"{name}_{part}"]] = np.where(crossed[:, None], on_chest, wrist)


# --- the camera --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera without perspective.

    Attributes:
        yaw_deg: 0 sees an upright person from the front, +90 from their left, -90 from their right:
            then they face the picture's right.
        elevation_deg: how far it is raised and looks down.
    """

    yaw_deg: float = 0.0
    elevation_deg: float = 0.0

    def sees(self, points: Array) -> Array:
        """(..., 3) metres in the room as x to the picture's right, y down, z away from the camera."""
        cos, sin = np.cos(np.radians(self.yaw_deg)), np.sin(np.radians(self.yaw_deg))
        up, down = np.cos(np.radians(self.elevation_deg)), np.sin(np.radians(self.elevation_deg))
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        towards = x * sin + z * cos
        return np.stack([x * cos - z * sin, -y * up + towards * down, -towards * up - y * down], axis=-1)


FROM_THE_FEET_DEG: Final = 35.0
"""How far a camera that films somebody who lies from the feet is raised."""


def camera_for(view: Literal["front", "side"], start: Stance, mirror: bool = False) -> Camera:
    """The camera that films a movement from that stance; `mirror`: facing left, or the head to the other side."""
    if view == "side":
        return Camera(yaw_deg=90.0 if mirror else -90.0)
    return Camera(elevation_deg=FROM_THE_FEET_DEG if start.trunk < -45.0 else 0.0)


FRAME_PX: Final = 640
FILLS: Final = 0.8
"""Size of the square frame, and the share of it that the movement fills."""

FRONT_WIDTH_M: Final = 0.165


def recording(stances: Sequence[Stance], t_s: Array, camera: Camera) -> PoseTrack:
    """The figure going through the stances, filmed without error.

    Args:
        stances: one a frame, T of them.
        t_s: (T,) seconds, strictly increasing.
        camera: where it is filmed from.
    """
    seen = camera.sees(_as_the_model(bodies(stances), stances))
    flat = seen[..., :2].reshape(-1, 2)
    low, high = flat.min(axis=0), flat.max(axis=0)
    px_per_m = FILLS * FRAME_PX / float(max(high - low))
    image = (seen[..., :2] - (low + high) / 2) * px_per_m + FRAME_PX / 2
    hips = seen[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    soles = [[Landmark[f"{s}_HEEL"], Landmark[f"{s}_FOOT_INDEX"]] for s in SIDES]
    feet = np.stack([image[:, sole, 1].max(axis=1) for sole in soles], axis=1) + FLESH_M["HEEL"] * px_per_m
    n = len(stances)
    return PoseTrack(
        t_s=np.asarray(t_s, np.float64),
        image=image.astype(np.float32),
        world=(seen - hips[:, None]).astype(np.float32),
        visibility=np.full((n, N_LANDMARKS), 0.99, np.float32),
        outline=_outline(stances, image, camera, px_per_m).astype(np.float32),
        feet=feet.astype(np.float32),
        people=np.ones(n, np.int16),
        brightness=np.full(n, 128.0, np.float32),
        camera=np.tile(STILL_CAMERA, (n, 1)),
        other=np.tile(NOBODY, (n, 1)),
        body_brightness=np.full(n, 128.0, np.float32),
        clothes=np.tile(UNKNOWN_CLOTHES, (n, 1)),
        cut=np.zeros(n, bool),
        width=FRAME_PX,
        height=FRAME_PX,
    )


MODEL_HIP_AHEAD_M: Final = 0.05 * TORSO_M
"""On the floor the model places the hips this far before the joints; `hip_joint` takes it back."""


def _as_the_model(points: Array, stances: Sequence[Stance]) -> Array:
    """The body as the pose model places its landmarks: somebody on the floor has their hips further forward."""
    if abs(stances[0].trunk) <= 45.0:
        return points
    ahead = _turned(_about_x(np.array([s.trunk for s in stances])), 0.0, 0.0, MODEL_HIP_AHEAD_M)
    out = points.copy()
    out[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] += ahead[:, None]
    return out


def back_curve(rounding_deg: Array, along: Array) -> Array:
    """How far a bent back lies dorsal of a straight one, in torso lengths; broadcast.

    A parabola from the hips (0) to the shoulders (1) whose slopes at its ends differ by the angle.
    """
    return np.asarray(np.tan(np.radians(rounding_deg) / 2) * along * (1.0 - along))


def _outline(stances: Sequence[Stance], image: Array, camera: Camera, px_per_m: float) -> Array:
    """(T, 2, N_OUTLINE) pixels: a bent back and a straight belly from the side, a straight pelvis from the front."""
    if abs(camera.yaw_deg) < 45.0:
        return np.full((len(stances), 2, N_OUTLINE), FRONT_WIDTH_M * px_per_m)
    shoulders = image[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    hips = image[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    trunk_px = np.linalg.norm(shoulders - hips, axis=1)
    rounding = np.array([s.rounding for s in stances])
    back = TRUNK_HALF_M / TORSO_M + back_curve(rounding[:, None], OUTLINE_STATIONS[None])
    belly = np.full_like(back, TRUNK_HALF_M / TORSO_M)
    rows = [belly, back] if camera.yaw_deg < 0 else [back, belly]  # row 0 lies clockwise of hips to shoulders
    return np.stack(rows, axis=1) * trunk_px[:, None, None]


# --- rotations ---------------------------------------------------------------------------------


def _turned(rotation: Array, x: float, y: float, z: float) -> Array:
    """(N, 3): one vector under each rotation."""
    return np.asarray(rotation @ np.array([x, y, z]))


def _about_x(angle_deg: Array) -> Array:
    """(N, 3, 3) up towards forward."""
    return _rotation(angle_deg, 1, 2)


def _about_y(angle_deg: Array) -> Array:
    """(N, 3, 3) forward towards left."""
    return _rotation(angle_deg, 2, 0)


def _about_z(angle_deg: Array) -> Array:
    """(N, 3, 3) left towards up."""
    return _rotation(angle_deg, 0, 1)


def _rotation(angle_deg: Array, from_axis: int, to_axis: int) -> Array:
    a = np.radians(angle_deg)
    out = np.tile(np.eye(3), (len(a), 1, 1))
    out[:, from_axis, from_axis] = out[:, to_axis, to_axis] = np.cos(a)
    out[:, to_axis, from_axis] = np.sin(a)
    out[:, from_axis, to_axis] = -np.sin(a)
    return out
