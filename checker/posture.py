"""The start posture: the person standing or sitting still before they move.

Everything that a movement changes is measured from it, and nothing counts before it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np

from checker.skeleton import Array, Landmark, PoseTrack

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


def find_start_posture(
    track: PoseTrack, position: Position, suits: Callable[[StartPosture], int]
) -> tuple[StartPosture | None, int | None]:
    """The still stretch that the movements start from.

    A person may stand still in front of the camera, walk to their place, turn, and stand still
    again. Of each stance (a place of the feet) the first still stretch counts: later ones may be
    holds. Of all stances, one that suits (the right view) is preferred, then the one in which most
    of the clip is spent, then the earliest.

    Args:
        track: smoothed; positions NaN where hidden.
        position: which joints must keep their place: standing, the feet too; on the floor, the knees.
        suits: how well the exercise can start from a posture: 0 not at all, since it is another
            position; 1 in the right position, but turned away; 2 well.

    Returns:
        The posture and the frame at which its stretch begins, or (None, None).
    """
    stances: list[tuple[StartPosture, int, int]] = []
    for first, last in _still_stretches(track, position):
        posture = StartPosture(median_pose(track.slice(slice(first, last))), position)
        fits = suits(posture)
        # somebody may stand first, and then lie down with the feet where they stood
        alike = [earlier for earlier, _, fitted in stances if (fitted > 0) == (fits > 0)]
        if all(feet_apart(posture, earlier) > STANCE_T for earlier in alike):
            stances.append((posture, first, fits))
    if not stances:
        return None, None
    posture, first, _ = max(stances, key=lambda s: (s[2], round(_share_in_place(track, s[0]), 1)))
    return posture, first


def feet_apart(posture: StartPosture, other: StartPosture) -> float:
    """How far the foot that moved less lies from where it is in another posture, in T.

    0 for somebody on the floor whose feet are both up in the air: that is a hold, no place to lie.
    """
    ways, rises = [], []
    for foot in zip(ANKLES, TOES, strict=True):
        way = posture.pose.image[0, list(foot)] - other.pose.image[0, list(foot)]
        ways.append(float(np.max(np.linalg.norm(way, axis=1))))
        rises.append(-float(way[0, 1]))
    if posture.position in BELLY and min(rises) > STANCE_T * other.torso_px:
        return 0.0
    return min(ways) / other.torso_px


def _still_stretches(track: PoseTrack, position: Position) -> Iterator[tuple[int, int]]:
    """(first, last + 1) of each stretch in which every joint keeps its place.

    Shoulders are looked at one by one: their middle stays where it is while somebody turns.
    """
    if len(track) < 2:
        return
    legs = [ANKLES] if position == "standing" else [KNEES] if position in BELLY else []
    joints = [*((s,) for s in SHOULDERS), (Landmark.NOSE,), HIPS, *legs]
    points = np.concatenate([track.point(*joint) for joint in joints], axis=1)
    torso = np.linalg.norm(track.point(*SHOULDERS) - track.point(*HIPS), axis=1)
    if not np.isfinite(torso).any():
        return
    limit_px = STILL_T * float(np.nanmedian(torso))
    start = 0
    while (still := find_still(track.t_s, points, limit_px, start)) is not None:
        yield still
        start = still[1]


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


def _share_in_place(track: PoseTrack, posture: StartPosture) -> float:
    """Share of the clip during which the feet are where they are in that posture."""
    way = np.linalg.norm(track.point(*ANKLES) - posture.pose.point(*ANKLES), axis=1)
    return float(np.mean(way <= STEP_T * posture.torso_px))  # NaN is not in place


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
    """Median over the first axis; NaN, without a warning, where there is nothing."""
    flat = x.reshape(len(x), -1).astype(np.float64)
    some = np.isfinite(flat).any(axis=0)
    out = np.full(flat.shape[1], np.nan)
    out[some] = np.nanmedian(flat[:, some], axis=0)
    return out.reshape(x.shape[1:])
