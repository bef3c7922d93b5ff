"""The segments of a recording, each judged from a start posture of its own.

If the person sets up again, or leaves and comes back to another place, a new segment begins: what they do then has
nothing to do with where they stood before. So it does after a cut in a film, and when the camera was knocked over.
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
from checker.reasons import SOMEBODY_ELSE, Reason
from checker.setup.readiness import view_of, why_not_ready
from checker.setup.start import find_start
from checker.track import PoseTrack

AWAY_S: Final = 3.0
"""Somebody unseen for this long has left: live, the set-up begins again."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a recording, judged from a start posture of its own.

    Attributes:
        first, last: its frames, the last one exclusive.
        start: the start posture; None where none was found in the whole session.
        armed: the frame at which the person was ready; None likewise.
        why: why nothing of it is measured, where another one is; None where it is measured.
    """

    first: int
    last: int
    start: StartPosture | None
    armed: int | None
    why: Reason | None = None

    @property
    def frames(self) -> slice:
        """Its frames."""
        return slice(self.first, self.last)

    def why_not_ready(self, exercise: Exercise) -> Reason | None:
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


def find_segments(
    exercise: Exercise,
    track: PoseTrack,
    absences: Sequence[tuple[int, int]],
    restarts: Sequence[int],
    ready: Sequence[int] | None = None,
) -> list[Segment]:
    """The segments that a recording falls into; nearly always one.

    Nothing is measured of a segment in which the person never got ready, or in which somebody in other clothes is
    seen than in the longest one. If the person returns to the same place, the segment
    before goes on: nearly always it was the model that lost them.

    Args:
        exercise: the movement.
        track: smoothed; positions NaN where hidden.
        absences: as `find_absences` gives them.
        restarts: frames at which the person asked to be set up again.
        ready: frames at which somebody before the camera was told that it counts from now on; None for a file,
            in which it counts from when they had come to their place.

    Returns:
        In order of time, at least one of them measured as far as it goes.
    """
    begin = {*restarts, *np.flatnonzero(track.cut).tolist()}
    edges = sorted({0, len(track), *begin, *(back for _, back in absences)})
    if len(edges) < 3:  # also where there is no frame at all
        return [_segment(exercise, track, 0, len(track), ready)]
    segments: list[Segment] = []
    for first, last in pairwise(edges):
        segment = _segment(exercise, track, first, last, ready)
        before = segments[-1] if segments and segments[-1].why is None and first not in begin else None
        if before is not None and _goes_on(exercise, track, segment, before):
            segments[-1] = replace(before, last=last)
        else:
            segments.append(replace(segment, why=segment.why_not_ready(exercise)))
    if all(segment.why for segment in segments):
        first, last = max(pairwise(sorted({0, len(track), *begin})), key=lambda edge: edge[1] - edge[0])
        return [_segment(exercise, track, first, last, ready)]
    return _of_one_person(track, segments)


def _of_one_person(track: PoseTrack, segments: list[Segment]) -> list[Segment]:
    """The same segments; those in which somebody in other clothes is seen than in the longest one are not measured."""
    measured = [segment for segment in segments if segment.why is None]
    colours = worn(track.slice(max(measured, key=lambda segment: segment.last - segment.first).frames))

    def is_other(segment: Segment) -> bool:
        return segment.why is None and are_other(worn(track.slice(segment.frames)), colours)

    return [replace(segment, why=SOMEBODY_ELSE) if is_other(segment) else segment for segment in segments]


LOOK_BEFORE_S: Final = 1.2
"""Before the camera, what came longer before somebody was told that it counts is no rest of the movement."""


def _segment(exercise: Exercise, track: PoseTrack, first: int, last: int, ready: Sequence[int] | None) -> Segment:
    if ready is None:
        start, armed = find_start(exercise, track.slice(slice(first, last)))
        return Segment(first, last, start, None if armed is None else first + armed)
    ready_at = next((frame for frame in ready if first <= frame < last), None)
    if ready_at is None:
        return Segment(first, last, None, None)
    begin = max(first, int(np.searchsorted(track.t_s, track.t_s[ready_at] - LOOK_BEFORE_S)))
    start, _ = find_start(exercise, track.slice(slice(begin, last)))
    return Segment(first, last, start, ready_at if start is not None else None)


def _goes_on(exercise: Exercise, track: PoseTrack, segment: Segment, before: Segment) -> bool:
    """Whether the same person is where they were: by the leg that moved less, its foot or its knee."""
    if before.start is None or are_other(worn(track.slice(segment.frames)), worn(track.slice(before.frames))):
        return False
    joints = ANKLES if exercise.position == "standing" else KNEES
    way = track.image[segment.frames][:, list(joints)] - before.start.pose.image[0, list(joints)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a leg that is never seen
        far = np.nanmedian(np.linalg.norm(way, axis=2), axis=0) / before.start.torso_px
    return bool(np.nanmin(far, initial=np.inf) <= (STANCE_T if segment.is_ready(exercise) else STEP_T))
