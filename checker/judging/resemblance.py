"""Whether what was done looks like another movement than the one that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.posture import median_pose
from checker.reasons import OTHER_MOVEMENT, Reason
from checker.setup.likeness import end_likeness
from checker.track import concatenated

UNLIKE_DEG: Final = 20.0
LIKE_DEG: Final = 14.0
"""Trunk, thighs and shanks of the furthest moment are off the chosen movement's picture by more than the first, on
average, and off another's by less than the second: then that one is named. Done well, movements are off their own
pictures by up to 20 degrees, a lift in the manner of a squat the most (rendered people)."""


def other_movement(exercise: Exercise, analysis: Analysis, others: Sequence[Exercise]) -> Reason | None:
    """A warning that names the movement which this looks like, None where it looks like the chosen one.

    Args:
        exercise: the chosen movement.
        analysis: of the clip.
        others: movements that it may be, the chosen one among them or not.
    """
    if not analysis.assessment.reps or exercise.picture.end is None:
        return None
    frames = [analysis.at(rep.peak_s) for rep in analysis.assessment.reps]
    peak = median_pose(concatenated([analysis.track.slice(slice(i, i + 1)) for i in frames]))
    apart = {
        e.id: (float(end_likeness(e, peak)), e)
        for e in (exercise, *others)
        if e.view == exercise.view == "side" and e.position == exercise.position and e.picture.end is not None
    }
    if exercise.id not in apart:
        return None
    own_deg = apart[exercise.id][0]
    closest_deg, closest = min(apart.values(), key=lambda pair: np.nan_to_num(pair[0], nan=np.inf))
    if not own_deg > UNLIKE_DEG or not closest_deg < LIKE_DEG:
        return None
    return OTHER_MOVEMENT.of(name=closest.name)
