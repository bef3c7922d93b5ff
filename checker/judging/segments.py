"""The parts of a session, each judged from a start posture of its own.

Whoever sets up again, or leaves and comes back to another place, begins anew: what they do then has
nothing to do with where they stood before. So does a film after a cut, and a camera that was knocked over.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.pose.clothes import are_other, worn
from checker.posture import ANKLES, KNEES, STANCE_T, STEP_T, StartPosture
from checker.setup.readiness import view_of, why_not_ready
from checker.setup.start import find_start
from checker.skeleton import PoseTrack

AWAY_S: Final = 3.0
"""Somebody unseen for this long has left: live, they begin anew."""

SOMEBODY_ELSE: Final = "Somebody else is seen there, by the clothes. Film one person at a time."


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a session.

    Attributes:
        first, last: its frames, the last one exclusive.
        start: the start posture; None where none was found in the whole session.
        armed: the frame at which the person was ready; None likewise.
        why: why nothing of it is measured, where another part is; None where it is measured.
    """

    first: int
    last: int
    start: StartPosture | None
    armed: int | None
    why: str | None = None

    @property
    def frames(self) -> slice:
        """Its frames."""
        return slice(self.first, self.last)

    def why_not_ready(self, exercise: Exercise) -> str | None:
        """Why the movement could not begin from its start posture; None where it could."""
        return why_not_ready(exercise, self.start, view_of(exercise, self.start))

    def is_ready(self, exercise: Exercise) -> bool:
        """Whether the movement could begin from its start posture."""
        return self.why_not_ready(exercise) is None


def find_absences(track: PoseTrack) -> list[tuple[int, int]]:
    """When nobody was there for longer than `AWAY_S` after somebody was.

    Args:
        track: as recorded.

    Returns:
        (last frame with somebody, frame of the return) of each absence; the number of frames where
        nobody came back. Where no pictures came, there is no frame between the two.
    """
    found = np.flatnonzero(np.isfinite(track.image).any(axis=(1, 2)))
    out = [(int(a), int(b)) for a, b in pairwise(found) if track.t_s[b] - track.t_s[a] > AWAY_S]
    if len(found) and track.t_s[-1] - track.t_s[found[-1]] > AWAY_S:
        out.append((int(found[-1]), len(track)))
    return out


def find_parts(
    exercise: Exercise,
    track: PoseTrack,
    absences: Sequence[tuple[int, int]],
    anew: Sequence[int],
    ready: Sequence[int] | None = None,
) -> list[Part]:
    """The parts that a session falls into; nearly always one.

    Nothing is measured of a part in which the person never got ready, or in which somebody in other clothes is
    seen than in the longest one. Who comes back to the same place is taken to go on from where they were:
    nearly always it was the model that lost them.

    Args:
        exercise: the movement.
        track: smoothed; positions NaN where hidden.
        absences: as `find_absences` tells them.
        anew: frames at which the person asked to be set up again.
        ready: frames at which somebody before the camera was told that it counts from now on; None for a file,
            in which it counts from when they had come to their place.

    Returns:
        In order of time, at least one of them measured as far as it goes.
    """
    begin = {*anew, *np.flatnonzero(track.cut).tolist()}
    edges = sorted({0, len(track), *begin, *(back for _, back in absences)})
    if len(edges) < 3:  # also where there is no frame at all
        return [_part(exercise, track, 0, len(track), ready)]
    parts: list[Part] = []
    for first, last in pairwise(edges):
        part = _part(exercise, track, first, last, ready)
        before = parts[-1] if parts and parts[-1].why is None and first not in begin else None
        if before is not None and _goes_on(exercise, track, part, before):
            parts[-1] = replace(before, last=last)
        else:
            parts.append(replace(part, why=part.why_not_ready(exercise)))
    if all(part.why for part in parts):
        first, last = max(pairwise(sorted({0, len(track), *begin})), key=lambda edge: edge[1] - edge[0])
        return [_part(exercise, track, first, last, ready)]
    return _of_one_person(track, parts)


def _of_one_person(track: PoseTrack, parts: list[Part]) -> list[Part]:
    """The same parts; those in which somebody in other clothes is seen than in the longest one are not measured."""
    measured = [part for part in parts if part.why is None]
    colours = worn(track.slice(max(measured, key=lambda part: part.last - part.first).frames))
    return [
        replace(part, why=part.why or (SOMEBODY_ELSE if are_other(worn(track.slice(part.frames)), colours) else None))
        for part in parts
    ]


LOOK_BEFORE_S: Final = 1.2
"""Before the camera, what came longer before somebody was told that it counts is no rest of the movement."""


def _part(exercise: Exercise, track: PoseTrack, first: int, last: int, ready: Sequence[int] | None) -> Part:
    if ready is None:
        start, armed = find_start(exercise, track.slice(slice(first, last)))
        return Part(first, last, start, None if armed is None else first + armed)
    told = next((frame for frame in ready if first <= frame < last), None)
    if told is None:
        return Part(first, last, None, None)
    begin = max(first, int(np.searchsorted(track.t_s, track.t_s[told] - LOOK_BEFORE_S)))
    start, _ = find_start(exercise, track.slice(slice(begin, last)))
    return Part(first, last, start, told if start is not None else None)


def _goes_on(exercise: Exercise, track: PoseTrack, part: Part, before: Part) -> bool:
    """Whether the same person is where they were: by the leg that moved less, its foot or its knee."""
    if before.start is None or are_other(worn(track.slice(part.frames)), worn(track.slice(before.frames))):
        return False
    joints = ANKLES if exercise.position == "standing" else KNEES
    way = track.image[part.frames][:, list(joints)] - before.start.pose.image[0, list(joints)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a leg that is never seen
        far = np.nanmedian(np.linalg.norm(way, axis=2), axis=0) / before.start.torso_px
    return bool(np.nanmin(far, initial=np.inf) <= (STANCE_T if part.is_ready(exercise) else STEP_T))
