"""How much a posture looks like the start of a movement's own picture.

Real people hold still at the end of a movement as much as at its beginning, so stillness alone does
not tell where it starts; the picture does. Compared are the directions of the trunk, the thighs and the
shanks in the image, where the view shows them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from checker.exercise import Exercise
from checker.figure import Stance, camera_for, mirrored, recording
from checker.posture import HIPS, SHOULDERS, Position, StartPosture
from checker.reasons import IS_OTHERWISE, STARTS_AS_PICTURE, Reason
from checker.setup.view import POSITION_WORDS, check_position
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

Segment = tuple[tuple[Landmark, ...], tuple[Landmark, ...]]
"""From the middle of some landmarks to that of others."""

TRUNK: Final[Segment] = (HIPS, SHOULDERS)
THIGHS: Final[tuple[Segment, ...]] = (
    ((Landmark.LEFT_HIP,), (Landmark.LEFT_KNEE,)),
    ((Landmark.RIGHT_HIP,), (Landmark.RIGHT_KNEE,)),
)
SHANKS: Final[tuple[Segment, ...]] = (
    ((Landmark.LEFT_KNEE,), (Landmark.LEFT_ANKLE,)),
    ((Landmark.RIGHT_KNEE,), (Landmark.RIGHT_ANKLE,)),
)

TRUNK_DEG: Final = {"side": 30.0, "front": 15.0}
"""How far the trunk of a start may lean from the picture's: a back in spasm may hold its owner aslant by 10
to 20 degrees; more is a movement under way or a held end (clinical judgement). From the front a lean
to the side of 15 is as much as a camera that stands askew and a list to one side make together."""

LEGS_DEG: Final = 38.0
"""The same for the thighs and shanks, the mean over them: sitting is 90 away from standing, kneeling upright
90 from hands and knees. 18 recorded real videos start within 14, clips within 20."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far postures are from the picture's start, each (T,) degrees.

    Attributes:
        trunk: the direction of the trunk.
        legs: the mean over thighs and shanks; 0 where the view does not show them.
    """

    trunk: Array
    legs: Array

    @property
    def apart(self) -> Array:
        """(T,) one number to compare postures by."""
        return np.asarray((self.trunk + self.legs) / 2.0)

    def close(self, view: Literal["front", "side"]) -> Array:
        """(T,) bool: whether somebody could begin from there."""
        return np.asarray((self.trunk <= TRUNK_DEG[view]) & (self.legs <= LEGS_DEG))


def likeness(exercise: Exercise, track: PoseTrack) -> Likeness:
    """Compare postures with the picture's start, whichever way the person faces.

    Args:
        exercise: its picture and its view.
        track: positions NaN where hidden; there the result is NaN.
    """
    seen = _directions(track)
    best = Likeness(np.full(len(track), np.nan), np.full(len(track), np.nan))
    for wanted in _wanted(exercise.picture.start, exercise.view):
        apart = np.abs((seen - wanted + 180.0) % 360.0 - 180.0)
        legs = np.zeros(len(track)) if exercise.view == "front" else apart[:, 1:].mean(axis=1)
        one = Likeness(apart[:, 0], legs)
        closer = ~(one.apart >= best.apart)
        best = Likeness(np.where(closer, one.trunk, best.trunk), np.where(closer, one.legs, best.legs))
    if exercise.view == "front" and exercise.picture.start.trunk < -45.0:  # seen from the feet a trunk has no direction
        return Likeness(np.where(np.isfinite(best.trunk), 0.0, np.nan), best.legs)
    return best


def end_likeness(exercise: Exercise, pose: PoseTrack) -> float:
    """How far one posture is from the picture's end, degrees: the mean over trunk, thighs and shanks, either side."""
    end = exercise.picture.end
    if end is None:
        return float("nan")
    seen = _directions(pose)[0]
    ends = [wanted for stance in (end, mirrored(end)) for wanted in _wanted(stance, exercise.view)]
    return min(float(np.abs((seen - wanted + 180.0) % 360.0 - 180.0).mean()) for wanted in ends)


@functools.lru_cache(maxsize=128)
def _wanted(start: Stance, view: Literal["front", "side"]) -> tuple[Array, ...]:
    """The picture's directions, facing either way, either leg in front."""
    out = []
    for mirror in (False, True) if view == "side" else (False,):
        filmed = _directions(recording([start], np.zeros(1), camera_for(view, start, mirror)))[0]
        out += [filmed, filmed[[0, 2, 1, 4, 3]]]
    return tuple(out)


def _directions(track: PoseTrack) -> Array:
    """(T, 5) degrees from upwards: trunk, thighs, shanks."""
    ways = [track.point(*to) - track.point(*of) for of, to in (TRUNK, *THIGHS, *SHANKS)]
    return np.stack([np.degrees(np.arctan2(v[:, 0], -v[:, 1])) for v in ways], axis=1)


def check_start(exercise: Exercise, start: StartPosture) -> Reason | None:
    """Whether the person starts as the picture does; what is wrong, or None."""
    if wrong := check_position(start, exercise.view):
        return wrong
    words = POSITION_WORDS[start.position]
    is_now = upright_position(start, exercise.view) if start.position in {"standing", "seated"} else None
    if is_now is not None and is_now != start.position:
        return IS_OTHERWISE.of(does=DOES[is_now], position=words)
    if not likeness(exercise, start.pose).close(exercise.view)[0]:
        return STARTS_AS_PICTURE.of(position=words)
    return None


DOES: Final = {"standing": "stand", "seated": "sit"}


# --- sitting or standing ------------------------------------------------------------------------

STANDING_DEG: Final = 35.0
SITTING_DEG: Final = 55.0
"""From the side the thigh of somebody who stands leans by less than the first, that of somebody who sits by
more than the second; between them nobody can tell: a bar stool, a half squat (clinical judgement)."""

SHORT_THIGH: Final = 0.45
LONG_THIGH: Final = 0.62
"""From the front the thigh of somebody who sits points at the camera: it is short against the trunk.
Standing it is 0.8 of it, sitting 0.1 to 0.4, and a camera that looks down makes it longer."""


def upright_position(start: StartPosture, view: Literal["front", "side"]) -> Position | None:
    """Whether somebody upright stands or sits; None where it cannot be told."""
    thigh = (start.pose.point(*HIPS) - start.pose.point(Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE))[0]
    if view == "side":
        lean = float(np.degrees(np.arctan2(abs(thigh[0]), -thigh[1])))
        return "standing" if lean < STANDING_DEG else "seated" if lean > SITTING_DEG else None
    share = -float(thigh[1]) / start.torso_px
    return "standing" if share > LONG_THIGH else "seated" if share < SHORT_THIGH else None
