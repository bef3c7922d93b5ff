"""An analysis of every movement: the figure of its picture does it, and the real engine judges that.

Still for 1.5 s, two seconds out, four seconds there (a hold: four longer than it must be), two back;
then the other side where there is one.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from analytic_body import min_jerk, poses_of

from checker.assessment import ModelInfo
from checker.engine import Engine
from checker.exercise import Exercise
from checker.figure import Stance, blend, camera_for, mirrored, recording
from checker.judging.analysis import Analysis
from checker.library import list_exercises
from checker.track import PoseTrack

STILL_S, WAY_S, THERE_S = 1.5, 2.0, 4.0
FPS = 15.0
MOST_FRAMES = 400

MEASURED = [e for e in list_exercises() if e.is_measured]


@cache
def moving(exercise_id: str, mirror: bool = False) -> Analysis:
    """The figure of an exercise, filmed from its own side or from the other one (`mirror`)."""
    exercise, track = filmed(exercise_id, mirror)
    engine = Engine(exercise, track.width, track.height)
    for pose in poses_of(track):
        engine.record(pose)
    return engine.finish(ModelInfo(name="figure", sha256="0" * 64))


def filmed(exercise_id: str, mirror: bool = False) -> tuple[Exercise, PoseTrack]:
    """An exercise, and the poses of its figure."""
    exercise = next(e for e in MEASURED if e.id == exercise_id)
    start, ends = exercise.picture.start, _ends(exercise)
    there_s = THERE_S + (exercise.hold.min_duration_s if exercise.hold else 0.0)
    every_s = STILL_S + 2 * WAY_S + there_s
    lasts_s = STILL_S + every_s * len(ends)
    t_s = np.arange(0.0, lasts_s, max(1 / FPS, lasts_s / MOST_FRAMES))
    begins_s = [STILL_S + k * every_s for k in range(len(ends))]
    outs = [min_jerk((t_s - b) / WAY_S) - min_jerk((t_s - b - WAY_S - there_s) / WAY_S) for b in begins_s]
    which = np.argmax(outs, axis=0)
    stances = [blend(start, ends[k], float(outs[k][i])) for i, k in enumerate(which)]
    return exercise, recording(stances, t_s, camera_for(exercise.view, start, mirror))


def _ends(exercise: Exercise) -> list[Stance]:
    """The end of the picture, and the other side's."""
    scene = exercise.picture
    end = scene.end or scene.start
    if exercise.sides == [None]:
        return [end]
    return [end, mirrored(end) if mirrored(end) != end else blend(scene.start, end, -1.0)]
