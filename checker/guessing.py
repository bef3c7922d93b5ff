"""Which movement a recording most likely shows: by its likeness to the movements' own pictures, and by what they count.

Each movement's drawn figure goes its way, from the start of its picture to the end, filmed from the side that the
movement asks for. The joints of the person are laid over those of the figure: everything that the person did should
be on the figure's way, and all of that way should have been gone. Of the few that fit best it is looked whether the
movement could begin from the person's start, and whether anything counts. Pure: no files, no clock, nothing trained.
The numbers here were chosen on clips that were looked at; `benchmarks/guess.py` prints how often the first guess is
right on those, and on people who were kept out.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.assessing import find_bouts
from checker.exercise import Exercise
from checker.figure import Stance, blend, camera_for, mirrored, recording
from checker.judging.scene import look
from checker.judging.series import read_signals
from checker.posture import HIPS, SHOULDERS
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

MOST_FRAMES: Final = 150
"""So many frames, evenly spread, are enough to see what was done."""

STEPS: Final = 9
"""Postures of the figure from the start of its way to the end."""

TRIMMED: Final = 0.8
"""The share of the frames that must lie on the way: people walk in, turn round and walk off."""

WEIGHTS: Final = {
    **dict.fromkeys(("SHOULDER", "HIP", "KNEE", "ANKLE"), 1.0),
    **dict.fromkeys(("ELBOW", "WRIST"), 0.3),
    "EAR": 0.5,
}
"""How much each joint says, left and right: arms are held in many ways."""

NOT_READY_T: Final = 0.15
NOTHING_COUNTS_T: Final = 0.15
"""What it costs, in torso lengths, where the movement could not begin from there, and where nothing counts."""

ALIKE_T: Final = 0.05
"""Movements that differ by less cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a recording looks like a movement.

    Attributes:
        off_t: how far the joints are off the movement's picture on average, in torso lengths, with what its own rules
            say against it.
    """

    exercise: Exercise
    off_t: float


def guess(track: PoseTrack, exercises: Iterable[Exercise]) -> list[Likeness]:
    """Rank movements by how much a recording looks like them, the likest first.

    Args:
        track: as the camera gave it, with the outline of the body where there is one.
        exercises: those that it may show; what is not measured is left out.
    """
    measured = [e for e in exercises if e.is_measured]
    seen = _joints(track)
    if not len(seen):
        return []
    by_picture = sorted((Likeness(e, _off(e, seen)) for e in measured), key=lambda one: one.off_t)
    found: list[Likeness] = []
    for one in by_picture:
        nearest = min((other.off_t for other in found), default=np.inf)
        may_win = one.off_t < nearest + ALIKE_T  # its own rules only speak against it
        found.append(_by_rules(one, track) if may_win else one)
    return sorted(found, key=lambda one: one.off_t)


def alike(ranking: Sequence[Likeness]) -> list[Likeness]:
    """The likest one, and those that cannot be told from it."""
    return [one for one in ranking if one.off_t - ranking[0].off_t < ALIKE_T]


# --- the picture ----------------------------------------------------------------------------------


_NAMES: Final = [Landmark[f"{side}_{part}"] for part in WEIGHTS for side in ("LEFT", "RIGHT")]
_WEIGHT: Final = np.array([w for w in WEIGHTS.values() for _ in range(2)])


def _joints(track: PoseTrack) -> Array:
    """(N, J, 2) joints of frames in which somebody is seen, from the middle of the hips, in torso lengths."""
    found = np.flatnonzero(np.isfinite(track.image).all(axis=(1, 2)))
    if len(found) > MOST_FRAMES:
        found = found[np.linspace(0, len(found) - 1, MOST_FRAMES).round().astype(int)]
    chosen = np.zeros(len(track), bool)
    chosen[found] = True
    seen = track.slice(chosen)
    hips = seen.point(*HIPS)
    torso = np.linalg.norm(seen.point(*SHOULDERS) - hips, axis=1)
    if not len(torso):
        return np.empty((0, len(_NAMES), 2))
    return np.asarray((seen.image[:, _NAMES] - hips[:, None]) / np.quantile(torso, 0.8))


def _off(exercise: Exercise, seen: Array) -> float:
    """How far joints are off a movement's picture, whichever way the person faces."""
    return min(_apart(seen, ways) for ways in _ways(exercise))


def _apart(seen: Array, ways: tuple[Array, ...]) -> float:
    """What was done off the ways, and the best gone of the ways off what was done; torso lengths."""
    costs = [_distances(seen, way) for way in ways]
    off_way = np.sort(np.concatenate(costs, axis=1).min(axis=1))
    not_gone = min(float(cost.min(axis=0).mean()) for cost in costs)
    return (float(off_way[: max(1, int(TRIMMED * len(off_way)))].mean()) + not_gone) / 2.0


def _distances(seen: Array, way: Array) -> Array:
    """(N, P) weighted mean distance of the joints of each frame from each posture."""
    apart = np.linalg.norm(seen[:, None] - way[None], axis=3)
    return np.asarray(apart @ _WEIGHT / _WEIGHT.sum())


@functools.lru_cache(maxsize=256)
def _drawn(start: Stance, ends: tuple[Stance, ...], view: str) -> tuple[tuple[Array, ...], ...]:
    out = []
    for mirror in (False, True) if view == "side" else (False,):
        for flip in (False, True):
            turn = mirrored if flip else (lambda stance: stance)
            camera = camera_for("side" if view == "side" else "front", start, mirror)
            ways = []
            for end in ends:
                stances = [turn(blend(start, end, share)) for share in np.linspace(0.0, 1.0, STEPS)]
                ways.append(_joints(recording(stances, np.arange(STEPS) / STEPS, camera)))
            out.append(tuple(ways))
    return tuple(out)


def _ways(exercise: Exercise) -> tuple[tuple[Array, ...], ...]:
    """For each way that the person may face: the figure's way to each end, (STEPS, J, 2)."""
    picture, rule = exercise.picture, exercise.repetition
    end = picture.end if picture.end is not None and rule is not None else picture.start
    ends = (end, mirrored(end)) if rule is not None and rule.sides == "signed" else (end,)
    return _drawn(picture.start, ends, exercise.view)


# --- its own rules --------------------------------------------------------------------------------


def _by_rules(one: Likeness, track: PoseTrack) -> Likeness:
    """The same with what the movement's own rules say against it."""
    scene = look(one.exercise, track)
    bouts = find_bouts(one.exercise, scene, read_signals(one.exercise, scene)) if scene.why is None else None
    against = NOT_READY_T if scene.why is not None else 0.0
    against += 0.0 if bouts is not None and bouts.counted else NOTHING_COUNTS_T
    return Likeness(one.exercise, one.off_t + against)
