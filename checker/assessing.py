"""Poses in, an analysis out: four stages, each of which takes and gives a value that does not change.

    poses -> segments      `judging/scene.py`      who was there, when, and how it was filmed
    segments -> signals    `judging/series.py`     every signal, as far as it was seen
    signals -> bouts       here                    repetitions and holds, and what did not count
    bouts -> judgement     `judging/judgement.py`  faults, times held, measures

Whoever corrects a repetition goes in again after the third. Pure: no clock, no files, no drawing; so a track of poses
that was kept can be judged again by changed rules, without the video.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from checker.assessment import AppInfo, Assessment, ExerciseRef
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging import results
from checker.judging.analysis import Analysis
from checker.judging.bouts import Bouts
from checker.judging.faults import Verdict
from checker.judging.first_pain import Protocol, has_range, ranges
from checker.judging.frame_rate import why_too_few
from checker.judging.holds import find_holds, posture_kept
from checker.judging.judgement import Judgement, judge_bouts
from checker.judging.remarks import remarks
from checker.judging.repetitions import stepped
from checker.judging.scene import Scene, look
from checker.judging.segments import Segment
from checker.judging.series import Series, is_known, read_signals
from checker.judging.small import find_to_first_pain, smallest_to_first_pain
from checker.judging.source import UNNAMED, Circumstances, without_times
from checker.pose.model_errors import is_borrowed
from checker.reasons import (
    CAMERA_MOVED,
    COVERED,
    LEFT_PICTURE,
    LEFT_PLACE,
    LOST,
    OTHERS_ERRORS,
    SOURCE,
    STEPPED,
    Reason,
    from_file,
)
from checker.setup.readiness import left_picture
from checker.signals import CATALOGUE
from checker.skeleton import Array
from checker.track import PoseTrack
from checker.version import __version__
from checker.visibility import body_part

__all__ = ["UNNAMED", "Circumstances", "Found", "assess", "conclude", "find", "find_bouts", "must_be_measured"]


@dataclass(frozen=True)
class Found:
    """What the first three stages gave.

    Attributes:
        exercise: the movement, for the dose that was asked for.
        scene: what was before the camera.
        series: its signals.
        bouts: what counts, and what does not.
        dose: how much was asked for.
        known: what is known of the recording besides.
    """

    exercise: Exercise
    scene: Scene
    series: Series
    bouts: Bouts
    dose: Dose | None
    known: Circumstances


def assess(
    exercise: Exercise, track: PoseTrack, dose: Dose | None = None, known: Circumstances | None = None
) -> Analysis:
    """Judge a whole recording.

    Args:
        exercise: what was to be done; a movement that is measured.
        track: the poses as the camera gave them.
        dose: how much of it was asked for; the movement's first one unless given.
        known: what is known of the recording besides.

    Raises:
        ValueError: nothing is measured in this movement.
    """
    found = find(exercise, track, dose, known)
    analysis = conclude(found)
    other = replace(found.known, mirrored=not found.known.mirrored)
    return replace(analysis, poses=track, swapped=partial(assess, exercise, track, dose, other))


def find(exercise: Exercise, track: PoseTrack, dose: Dose | None = None, known: Circumstances | None = None) -> Found:
    """Go through the first three stages; the arguments and the error are those of `assess`."""
    must_be_measured(exercise)
    dose = dose or exercise.first_dose
    exercise = exercise.for_dose(dose)
    known = known or Circumstances()
    scene = look(exercise, track, bool(known.mirrored), known.restarts, known.ready)
    series = read_signals(exercise, scene, known.model.name)
    firsts = known.to_first_pain
    bouts = find_bouts(exercise, scene, series, firsts) if scene.why is None else Bouts(None)
    return Found(exercise, scene, series, bouts, dose, known)


def must_be_measured(exercise: Exercise) -> None:
    """Refuse a movement in which nothing is measured.

    Raises:
        ValueError: it is one.
    """
    if not exercise.is_measured:
        raise ValueError(f"{exercise.name}: expected a movement that is measured; this one is {exercise.kind}")


# --- the third stage ----------------------------------------------------------------------------


def find_bouts(exercise: Exercise, scene: Scene, series: Series, to_first_pain: int = 0) -> Bouts:
    """Repetitions or holds, and what did not count, each with the reason that lies deepest."""
    found = [_bouts_of(exercise, scene, series, segment, to_first_pain) for segment in scene.measured]
    bouts = _of_all(exercise, found)
    bouts = bouts.because(scene.camera_moves, CAMERA_MOVED).because(scene.covered, COVERED)
    bouts = bouts.because(scene.away, LEFT_PLACE)
    for joint, outside in left_picture(exercise, scene.track).items():
        bouts = bouts.because(outside, LEFT_PICTURE.of(part=body_part(joint)))
    return bouts


def _bouts_of(exercise: Exercise, scene: Scene, series: Series, segment: Segment, to_first_pain: int) -> Bouts:
    """Those of one segment; repetitions without those during which the person stepped."""
    rule = exercise.repetition
    if segment.start is None or segment.armed is None:
        return Bouts(None)
    t_s, armed = series.t_s[segment.frames], segment.armed - segment.first
    if exercise.hold is not None:
        bouts = find_holds(t_s, posture_kept(exercise.hold, series)[segment.frames], exercise.hold, armed)
    elif rule is not None:
        change = series.change(rule.signal)[segment.frames]
        least = smallest_to_first_pain(exercise) if to_first_pain and has_range(exercise) else rule.min_excursion
        bouts = find_to_first_pain(t_s, change, rule, armed, least, to_first_pain)
        if exercise.position == "standing" and not rule.feet_may_move:
            known = is_known(exercise, scene, "feet_travel", segment)
            travel = CATALOGUE["feet_travel"].compute(scene.smoothed.slice(segment.frames), segment.start)
            travel = np.where(known, travel, np.nan)
            bouts = bouts.without(lambda m: stepped(travel, m), STEPPED)
    else:
        bouts = Bouts(armed)
    return bouts.later(segment.first)


def _of_all(exercise: Exercise, of_segments: Sequence[Bouts]) -> Bouts:
    """What was done in all segments; of a task against time, the better attempt."""
    if exercise.repetition is not None and exercise.repetition.within_s is not None:
        return max(of_segments, key=lambda bouts: len(bouts.counted))
    return Bouts.joined(of_segments)


# --- the fourth stage, and the results ----------------------------------------------------------


def conclude(found: Found, verdicts: Mapping[str, Verdict] | None = None) -> Analysis:
    """Judge bouts, as they were found or as somebody corrected them, and write down what is said of them.

    Args:
        found: what the first three stages gave.
        verdicts: by id, what somebody who looked says of a fault.
    """
    exercise, scene, series, bouts, known = found.exercise, found.scene, found.series, found.bouts, found.known
    lost = _why_lost(bouts, series.t_s, known.slow)
    why = scene.why or (lost if not bouts.counted else None)
    judgement = judge_bouts(exercise, series, bouts.counted, scene.view, why, verdicts)
    series = judgement.series
    warnings = [
        *(from_file(SOURCE, text) for text in known.warnings),
        *([OTHERS_ERRORS.of(model=known.model.name)] if is_borrowed(known.model.name) else []),
        *([lost] if lost and bouts.counted else []),
        *remarks(scene, series.bouts, series.what),
        *([why] if why else []),
    ]
    assessment = _results(exercise, scene, judgement, bouts, warnings, found.dose, known)
    counted = replace(bouts, counted=series.bouts)
    before_pain = ranges(exercise, series, counted, scene.view, _protocol(known), why)
    assessment = assessment.model_copy(update={"ranges": before_pain})
    if not (known.source.times_known and scene.track.times_known):
        assessment = without_times(assessment, exercise)
    return Analysis(
        assessment=assessment,
        t_s=series.t_s,
        signals=results.traces(series, exercise),
        track=scene.drawn,
        drawn=exercise.main_measure.on or next(iter(exercise.signals), ""),
        segments=scene.measured,
        bouts=series.bouts,
        held=judgement.held,
        dose=found.dose,
        known=known,
    )


def _results(
    exercise: Exercise,
    scene: Scene,
    judgement: Judgement,
    bouts: Bouts,
    warnings: Sequence[Reason],
    dose: Dose | None,
    known: Circumstances,
) -> Assessment:
    """What was found, as it is handed out."""
    protocol, sided = _protocol(known), any(exercise.sides)
    series, target_s = judgement.series, dose.hold_target_s if dose is not None else None
    return Assessment(
        schema=1,
        app=AppInfo(version=__version__),
        recorded_at=known.recorded_at,
        analysed_at=known.analysed_at,
        exercise=ExerciseRef(
            id=exercise.id, name=exercise.name, sha256=exercise.sha256, overrides=list(known.overrides)
        ),
        dose=results.dose(dose, exercise),
        video=results.video_info(scene.track, known.source.turned_deg, scene.turn_deg, known.mirrored),
        model=known.model,
        view=scene.view,
        coverage=round(scene.coverage, 3),
        reps=[
            results.repetition(
                i,
                m,
                exercise,
                series,
                judgement.measures,
                judgement.faults,
                target_s,
                protocol.has(m, replace(bouts, counted=series.bouts), sided),
            )
            for i, m in enumerate(series.bouts, 1)
        ],
        partial_reps=[results.partial(p.bout, p.reason, exercise) for p in bouts.partial],
        measures=judgement.measures,
        faults=judgement.faults,
        warnings=[w.text for w in warnings],
        warning_codes=[w.code for w in warnings],
        start_posture=results.start_posture(series),
        setup=results.setup(scene),
        pain_before=known.pain_before,
        pain=[results.pain(t_s, exercise, series, bouts) for t_s in sorted(known.pain_s)],
    )


def _protocol(known: Circumstances) -> Protocol:
    return Protocol(known.to_first_pain, dict(known.led_on))


def _why_lost(bouts: Bouts, t_s: Array, slow: str) -> Reason | None:
    """Why repetitions were lost because too few pictures came; None where none was."""
    found = [why_too_few(t_s, p.bout.start_s, p.bout.end_s) for p in bouts.partial]
    lost = [why for why in found if why]
    if not lost:
        return None
    what = "Nothing" if not bouts.counted else f"{len(lost)} of the repetitions"
    return LOST.of(what=what, why=lost[0], advice=f" {slow}" if slow else "")
