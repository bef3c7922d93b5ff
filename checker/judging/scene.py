"""The first stage, poses -> segments: who was there, when, how it was filmed, and whether anything can be measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.assessment import Turn, ViewResult
from checker.exercise import Exercise
from checker.judging.segments import Segment, find_absences, find_segments
from checker.pose.others import stands_before, without_posters
from checker.pose.steady import as_filmed, camera_moves, steadied
from checker.posture import HIPS
from checker.reasons import CAMERA_NEVER_RESTS, PICTURE_TURNED, Reason
from checker.setup.place import in_place
from checker.setup.readiness import hidden_signals, hide_unseen, needed_landmarks, view_of, why_nothing, without
from checker.setup.upright import turn_needed
from checker.setup.view import Framing, check_framing
from checker.skeleton import Mask
from checker.smoothing import smooth_takes, usable
from checker.track import PoseTrack
from checker.visibility import visible

MOST_MOVING: Final = 0.8
"""Share of a clip in which the camera may be moved: beyond, what is left says nothing of the whole (chosen)."""


@dataclass(frozen=True)
class Scene:
    """What was before the camera.

    Attributes:
        track: the poses as recorded, left and right the person's own, pictures on the wall left out.
        smoothed: the same, smoothed and as a camera at rest would have seen them; positions NaN where hidden.
        drawn: the smoothed poses where they lie in the pictures themselves.
        segments: in order of time; those with a `why` are not measured.
        absences: (last frame with somebody, frame of the return) of each.
        turn_deg: by how much the picture must be turned to stand upright.
        camera_moves: (T,) whether the camera is being moved.
        covered: (T,) whether somebody else stands before the person.
        away: (T,) whether the person is out of their place.
        view: the least exact one of all segments.
        coverage: share of the frames in place with the joints that are needed.
        framing: what is wrong with how it is filmed.
        hidden: signals that could not be measured at all, with the reason.
        why: why nothing can be measured; None where it can.
    """

    track: PoseTrack
    smoothed: PoseTrack
    drawn: PoseTrack
    segments: list[Segment]
    absences: list[tuple[int, int]]
    turn_deg: Turn
    camera_moves: Mask
    covered: Mask
    away: Mask
    view: ViewResult
    coverage: float
    framing: Framing
    hidden: dict[str, Reason]
    why: Reason | None

    @property
    def measured(self) -> list[Segment]:
        """The segments that are measured."""
        return [segment for segment in self.segments if segment.why is None]


def look(
    exercise: Exercise,
    recorded: PoseTrack,
    mirrored: bool = False,
    restarts: Sequence[int] = (),
    ready: Sequence[int] | None = None,
) -> Scene:
    """Look at a whole recording.

    Args:
        exercise: what was to be done.
        recorded: the poses as the camera gave them.
        mirrored: whether their picture is a mirror image.
        restarts: frames at which the person asked to be set up again.
        ready: frames at which somebody before the camera was told that it counts from now on; None for a file.
    """
    track = without_posters(recorded)
    turn_deg = turn_needed(exercise.position, track)  # of the picture as it is: in a mirror, quarters swap
    track = track.mirrored() if mirrored else track
    moves, behind = camera_moves(track), stands_before(track)
    hidden = hide_unseen(exercise, track)
    steady = steadied(hidden)
    seen = without(steady, moves | behind)
    smoothed = smooth_takes(seen)
    absences = find_absences(track)
    segments = find_segments(exercise, smoothed, absences, restarts, ready)
    measured = [segment for segment in segments if segment.why is None]
    view = _least_exact(view_of(exercise, None if turn_deg else segment.start) for segment in measured)
    during = _in_place(exercise, measured, absences, len(track))
    done, needs, side_view = track.slice(during), needed_landmarks(exercise), exercise.view == "side"
    clear = visible(track, needs, side_view) & (usable(seen, smoothed, needs, side_view) | moves | behind)
    coverage = float(clear[during].mean()) if len(done) else 0.0
    framing = check_framing(done, needs, coverage, side_view)
    why = PICTURE_TURNED[turn_deg] if turn_deg else _why_camera(moves)
    return Scene(
        track=track,
        smoothed=smoothed,
        drawn=smoothed if steady is hidden else as_filmed(smoothed),
        segments=segments,
        absences=absences,
        turn_deg=turn_deg,
        camera_moves=moves,
        covered=behind,
        away=_away(exercise, smoothed, measured),
        view=view,
        coverage=coverage,
        framing=framing,
        hidden=hidden_signals(exercise, done),
        why=why or why_nothing(exercise, framing, measured[0].start, view),
    )


def _in_place(exercise: Exercise, segments: list[Segment], absences: list[tuple[int, int]], frames: int) -> Mask:
    """(T,) from when the person was ready, while they were there.

    Getting in place is no part of the movement, however long it takes, and who has left is not badly seen.
    """
    out = np.zeros(frames, bool)
    for segment in segments:
        first = segment.armed if segment.is_ready(exercise) else segment.first
        out[first : segment.last] = True
    for gone, back in absences:
        out[gone + 1 : back] = False
    return out


def _least_exact(views: Iterable[ViewResult]) -> ViewResult:
    """The view that is furthest from the one asked for: what it costs in accuracy holds for all."""
    return max(views, key=lambda view: abs(view.yaw_deg or 0.0))


def _away(exercise: Exercise, track: PoseTrack, segments: list[Segment]) -> Mask:
    """(T,) whether the person is seen out of the place where they start from, once they had come there."""
    out = np.zeros(len(track), bool)
    for segment in segments:
        if segment.start is not None and segment.armed is not None:
            frames = slice(segment.armed, segment.last)
            seen = np.isfinite(track.point(*HIPS)[frames, 0])
            out[frames] = seen & ~in_place(exercise, track.slice(frames), segment.start)
    return out


def _why_camera(moves: Mask) -> Reason | None:
    """Why nothing can be measured while the camera hardly ever rests; (T,) whether it moves."""
    return CAMERA_NEVER_RESTS if len(moves) and moves.mean() > MOST_MOVING else None
