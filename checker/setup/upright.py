"""Whether the picture itself stands on its head or lies on its side, with no mark in the file that says so.

Found from where the body points over the whole clip. In an upright movement the trunk may bend, but
the legs still stand on the ground; where head, trunk and legs all run across or down the picture, it is
the picture that is turned. For somebody who lies, only what no one can do is told: hands and
knees that hang above the trunk.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from checker.assessment import TURNS, Turn
from checker.posture import ANKLES, EARS, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS, Position
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

MOST: Final = 0.8
"""Share of the frames with a person in which the legs must agree: people move, a picture stays as it is."""

SOME: Final = 0.2
"""Share in which head and trunk must agree with them: those at rest, between forward bends."""

WITHIN_DEG: Final = 50.0
HEAD_WITHIN_DEG: Final = 70.0
"""How far trunk and limbs, and the head, may point from the common direction (judgement: the next one is 90
degrees away, and a head is carried forward)."""

SHORTEST_T: Final = 0.4
"""On hands and knees the trunk is this far (trunk lengths) from hands and knees, or nothing is told."""

Bone = tuple[tuple[Landmark, ...], tuple[Landmark, ...]]

GROUNDED: Final[dict[Position, Bone]] = {
    "standing": (ANKLES, HIPS),
    "seated": (ANKLES, KNEES),
    "kneeling": (KNEES, HIPS),
}
"""What stands on the ground all the time in an upright position, from below to above."""

AT_REST: Final[dict[Position, Bone]] = {
    "standing": (KNEES, HIPS),
    "seated": (ELBOWS, SHOULDERS),
    "kneeling": (KNEES, HIPS),
}
"""What else is upright at rest, and at right angles to the trunk in somebody on hands and knees."""


def turn_needed(position: Position, track: PoseTrack) -> Turn:
    """By how much the picture must be turned clockwise to stand upright, degrees; 0 where it does, or nothing tells.

    Args:
        position: in which the movement is done.
        track: as recorded; NaN where nobody was found.
    """
    seen = track.slice(np.isfinite(track.image[:, HIPS[0], 0]))
    if len(seen) == 0:
        return 0
    if position == "hands_and_knees":
        return 180 if _share_hanging(seen) >= MOST else 0
    if position not in GROUNDED:
        return 0
    bones = [GROUNDED[position], AT_REST[position], (HIPS, SHOULDERS)]
    ways = [seen.point(*high) - seen.point(*low) for low, high in bones]
    head = seen.point(Landmark.NOSE, *EARS) - seen.point(*SHOULDERS)
    for turn_deg in TURNS:
        agree = [_points(way, turn_deg, WITHIN_DEG) for way in ways]
        at_rest = np.all([*agree, _points(head, turn_deg, HEAD_WITHIN_DEG)], axis=0)
        if agree[0].mean() >= MOST and at_rest.mean() >= SOME:
            return turn_deg
    return 0


def _points(ways: Array, turn_deg: Turn, within_deg: float) -> npt.NDArray[np.bool_]:
    """(T,) whether vectors (T, 2), y down, would point up after the picture is turned clockwise."""
    # what points to the left comes to point up by a quarter turn clockwise
    needed = np.arctan2(-ways[:, 0], -ways[:, 1])
    return np.asarray(np.cos(needed - np.radians(turn_deg)) >= np.cos(np.radians(within_deg)))


def _share_hanging(seen: PoseTrack) -> float:
    """The share of frames in which hands and knees are well above the trunk."""
    trunk = (seen.point(*HIPS) + seen.point(*SHOULDERS)) / 2
    length = np.linalg.norm(seen.point(*SHOULDERS) - seen.point(*HIPS), axis=1)
    above = trunk[:, 1] - np.maximum(seen.point(*KNEES)[:, 1], seen.point(*WRISTS)[:, 1])
    return float((above > SHORTEST_T * length).mean())
