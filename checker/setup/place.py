"""Whether somebody is in the place where they do a movement: what keeps its place in the picture, does.

Walking up, sitting down, standing up and walking off bend the trunk and the knees too, and are no part of
the movement.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.figure import TORSO_M, Stance, bodies, mirrored
from checker.posture import ANKLES, BELLY, HIPS, KNEES, SHOULDERS, STANCE_T, STEP_T, StartPosture
from checker.signals import CATALOGUE
from checker.skeleton import Landmark, Mask
from checker.track import PoseTrack
from checker.visibility import SEEN, inside

Pair = tuple[Landmark, Landmark]

KEEPS_T: Final = 0.15
"""Joints that the picture's figure moves by less (T) keep their place in the movement."""

ARRIVED_T: Final = 0.3
"""Somebody who has come to their place has both feet this close (T) to where they start: the model's own
unrest there is up to 0.1, a step 0.6 and more (truth clips)."""


@functools.lru_cache(maxsize=128)
def _anchors(start: Stance, end: Stance | None) -> tuple[Pair, ...]:
    """The pairs of joints that keep their place from the picture's start to its end, from the hips down, then up."""
    stances = [start] if end is None else [start, end, mirrored(end)]
    points = bodies(stances)
    kept = []
    for pair in (HIPS, KNEES, ANKLES, SHOULDERS):
        way = np.linalg.norm(points[1:, list(pair)] - points[:1, list(pair)], axis=2)
        # one leg may be the one that moves
        if len(stances) == 1 or float(way.min(axis=1).max()) < KEEPS_T * TORSO_M:
            kept.append(pair)
    return tuple(kept) or (HIPS,)


def in_place(exercise: Exercise, track: PoseTrack, start: StartPosture) -> Mask:
    """(T,) whether a joint that should keep its place is there; NaN is not.

    Standing it is the feet. Where they are out of the picture, and on the floor, any part of the lower body will do:
    hips that sag are still on the mat.
    """
    return np.asarray(np.any([_kept(track, start, pair, STEP_T) for pair in _asked(exercise, start)], axis=0))


def _asked(exercise: Exercise, start: StartPosture) -> tuple[Pair, ...]:
    anchors = _anchors(exercise.picture.start, exercise.picture.end)
    if exercise.position == "standing":
        return (ANKLES,) if _feet_seen(start) else (HIPS, KNEES, ANKLES)
    return anchors if exercise.position in BELLY else anchors[:1]


def _feet_seen(start: StartPosture) -> bool:
    """Whether the feet are in the picture: outside it the model invents where they are."""
    feet = list(ANKLES)
    return bool((inside(start.pose) & (start.pose.visibility >= SEEN))[0, feet].all())


def _kept(track: PoseTrack, start: StartPosture, pair: Pair, limit_t: float) -> Mask:
    """(T,) whether the one of a pair that moved less is where it was."""
    ways = [np.linalg.norm(track.point(joint) - start.pose.point(joint)[0], axis=1) for joint in pair]
    return np.asarray(np.minimum(*ways) / start.torso_px <= limit_t)


def same_place(exercise: Exercise, one: StartPosture, other: StartPosture) -> bool:
    """Whether somebody is where they were: standing by the foot that moved less, else by what should keep its place.

    One foot alone may be lifted and held.
    """
    return bool(np.any([_kept(one.pose, other, pair, STANCE_T)[0] for pair in _asked(exercise, other)]))


def find_arrival(exercise: Exercise, track: PoseTrack, start: StartPosture, first: int) -> int:
    """The frame from which on, up to the start posture at frame `first`, the person is in its place.

    Standing, the feet must be where they stay: somebody who turns round on the spot has not arrived.
    """
    there = _kept(track, start, _anchors(exercise.picture.start, exercise.picture.end)[0], ARRIVED_T)
    if exercise.position == "standing" and _feet_seen(start):
        there &= CATALOGUE["feet_travel"].compute(track, start) <= ARRIVED_T
    away = np.flatnonzero(~there[:first])
    return int(away[-1]) + 1 if len(away) else 0
