"""The start posture, and what stillness is; `start.py` finds where in a clip somebody starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np

from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

Position = Literal["standing", "seated", "kneeling", "hands_and_knees", "lying_on_back", "lying_on_front"]
"""How somebody starts a movement."""

BELLY: Final[dict[Position, Literal["up", "down"]]] = {
    "hands_and_knees": "down",
    "lying_on_back": "up",
    "lying_on_front": "down",
}
"""Where the belly is in the positions on the floor in which the trunk lies."""

SHOULDERS: Final = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
HIPS: Final = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
KNEES: Final = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
ANKLES: Final = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
HEELS: Final = (Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL)
TOES: Final = (Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX)
ELBOWS: Final = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)
WRISTS: Final = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
EARS: Final = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
EYES: Final = (Landmark.LEFT_EYE, Landmark.RIGHT_EYE)

STILL_S: Final = 0.6
"""How long somebody must be still to be taken as ready."""

STILL_T: Final = 0.06
"""How far a joint may move while somebody is still, in torso lengths: about 3 cm."""

STANCE_T: Final = 0.25
"""When both feet lie further than this (T) from where they were, it is a new stance; one foot alone
may be lifted and held."""

STEP_T: Final = 0.5
"""A person whose feet are further than this (T) from their start posture has left it."""


@dataclass(frozen=True)
class StartPosture:
    """The median of a still stretch.

    Attributes:
        pose: a track of one frame.
        position: what it was asked to be.
    """

    pose: PoseTrack
    position: Position = "standing"

    @cached_property
    def facing(self) -> float:
        """+1 when the belly lies clockwise (in the image) of the line hips to shoulders, -1 otherwise.

        Upright: +1 facing the image's right. Lying, whichever way the head points: the belly is up
        on the back, down on the front and on hands and knees. Kneeling, the knees are ahead of the
        feet; otherwise the toes are ahead of the heels.
        """
        if self.position in BELLY:
            to_the_right = (self.pose.point(*SHOULDERS) - self.pose.point(*HIPS))[0, 0] >= 0
            return 1.0 if to_the_right == (BELLY[self.position] == "down") else -1.0
        ends = (KNEES, ANKLES) if self.position == "kneeling" else (TOES, HEELS)
        ahead = (self.pose.point(*ends[0]) - self.pose.point(*ends[1]))[0, 0]
        return -1.0 if ahead < 0 else 1.0

    @cached_property
    def torso_px(self) -> float:
        """Middle of the hips to middle of the shoulders: the unit T."""
        return self._between(SHOULDERS, HIPS)

    @cached_property
    def thigh_px(self) -> float:
        """Middle of the hips to middle of the knees."""
        return self._between(HIPS, KNEES)

    @cached_property
    def leg_px(self) -> float:
        """Hips to ankles, along the thigh and the shank."""
        return self.thigh_px + self._between(KNEES, ANKLES)

    @cached_property
    def shoulder_px(self) -> float:
        """Width between the shoulders."""
        return self._between(SHOULDERS[:1], SHOULDERS[1:])

    @cached_property
    def seated(self) -> bool:
        """Whether the thighs lie flatter than halfway between upright and level."""
        thigh = (self.pose.point(*HIPS) - self.pose.point(*KNEES))[0]
        return bool(abs(thigh[0]) > abs(thigh[1]))

    def _between(self, a: tuple[Landmark, ...], b: tuple[Landmark, ...]) -> float:
        return float(np.linalg.norm(self.pose.point(*a) - self.pose.point(*b)))


def still_points(track: PoseTrack, position: Position) -> Array:
    """(T, K) pixels: the joints that keep their place while somebody is still.

    Shoulders are looked at one by one: their middle stays where it is while somebody turns.
    Standing, the feet must keep their place too; on the floor, the knees.
    """
    legs = [ANKLES] if position == "standing" else [KNEES] if position in BELLY else []
    joints = [*((s,) for s in SHOULDERS), (Landmark.NOSE,), HIPS, *legs]
    return np.concatenate([track.point(*joint) for joint in joints], axis=1)


def find_still(t_s: Array, x: Array, limit: float, start: int = 0) -> tuple[int, int] | None:
    """The first stretch of at least `STILL_S` in which x stays within `limit`, as long as it goes.

    Args:
        t_s: (T,) seconds.
        x: (T,) or (T, K), every column of which must be still; NaN is never still.
        limit: largest range within the stretch, in the unit of x.
        start: frame from which to look.

    Returns:
        (first, last + 1) frame indices, or None.
    """
    columns = x[:, None] if x.ndim == 1 else x
    for first in range(start, len(t_s)):
        if not np.isfinite(columns[first]).all():
            continue
        low = high = columns[first]
        last = first
        while last + 1 < len(t_s):
            low, high = np.minimum(low, columns[last + 1]), np.maximum(high, columns[last + 1])
            if not (high - low <= limit).all():  # also when there is a NaN
                break
            last += 1
        if t_s[last] - t_s[first] >= STILL_S:
            return first, last + 1
    return None


def median_pose(track: PoseTrack) -> PoseTrack:
    """A track of one frame: the median of all."""
    arrays: dict[str, Any] = {}
    for name in PoseTrack.__dataclass_fields__:
        value = getattr(track, name)
        if isinstance(value, np.ndarray):
            value = _nanmedian(value).astype(value.dtype)[None]
        arrays[name] = value
    return PoseTrack(**arrays)


def _nanmedian(x: Array) -> Array:
    """Median over the first axis; NaN, without a warning, where there is nothing.

    By sorting, which puts NaN last: NumPy's own goes by masked arrays, and takes ten times as long for so few frames.
    """
    if not len(x):
        return np.full(x.shape[1:], np.nan)
    ordered = np.sort(x.reshape(len(x), -1).astype(np.float64), axis=0)
    known = np.isfinite(ordered).sum(axis=0)
    column = np.arange(ordered.shape[1])
    low, high = ordered[(known - 1).clip(0) // 2, column], ordered[known // 2, column]
    return np.where(known > 0, (low + high) / 2.0, np.nan).reshape(x.shape[1:])
