"""The one engine: poses in, an assessment out. Files and the camera run the same rules.

`feed` takes one pose and answers at once from the past alone (`record` only takes it); `finish`
looks at the whole, without delay, and its word is final. Pure: no clock, no files, no drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from checker.assessment import Analysis, Assessment, ExerciseRef, FaultResult, ModelInfo, ViewResult
from checker.exercise import Exercise, HoldRule, PastFault
from checker.judging import remarks, results
from checker.judging.bouts import Phases
from checker.judging.faults import Mask, judge, met, not_measured
from checker.judging.frame_rate import why_too_few
from checker.judging.holds import find_holds, hold_time_s, time_within
from checker.judging.measures import measure
from checker.judging.proportions import keep_their_length
from checker.judging.repetitions import (
    CAMERA_MOVED,
    COVERED,
    LEFT_PLACE,
    STEPPED,
    find_repetitions,
    left_the_picture,
    stepped,
)
from checker.judging.segments import Part, find_absences, find_parts
from checker.judging.series import Signals
from checker.judging.source import Source, without_times
from checker.live.feedback import Feedback, Verdict
from checker.live.judge import LiveJudge
from checker.pose.others import stands_before, without_posters
from checker.pose.steady import as_filmed, camera_moves, steadied
from checker.posture import HIPS, StartPosture
from checker.setup.place import in_place
from checker.setup.readiness import (
    hidden_signals,
    hide_unseen,
    left_picture,
    needed_landmarks,
    sees_from,
    view_of,
    why_nothing,
    without,
)
from checker.setup.upright import turn_needed, why_turned
from checker.setup.view import check_framing
from checker.signals import CATALOGUE
from checker.skeleton import Array, Pose, PoseTrack, TrackRecorder
from checker.smoothing import smooth_takes, usable
from checker.visibility import body_part, visible

UNNAMED: Final = ModelInfo(name="", sha256="")
"""Of a judgement that is not handed out."""


class Engine:
    """Measures one person doing one exercise.

    Poses are taken as the camera gives them; they are turned round here where the picture is a mirror image.

    Attributes:
        source: what is known of where the poses come from; to be set before `finish`.
        mirrored: whether their picture is a mirror image; None where nobody said. To be set before the first
            pose that is fed.
    """

    def __init__(self, exercise: Exercise, width: int, height: int, mirrored: bool | None = None) -> None:
        """Start.

        Args:
            exercise: the movement; one in which something is measured.
            width: of the frames, pixels.
            height: of the frames, pixels.
            mirrored: whether their picture is a mirror image; None where nobody said.

        Raises:
            ValueError: nothing is measured in this exercise.
        """
        if not exercise.is_measured:
            raise ValueError(f"{exercise.name}: expected a movement that is measured; this one is {exercise.kind}")
        self._exercise = exercise
        self._size = (width, height)
        self._recorder = TrackRecorder()
        self._anew: list[int] = []
        self._ready: list[int] | None = None
        self._live = LiveJudge(exercise, width, height)
        self.source = Source()
        self.mirrored = mirrored

    def record(self, pose: Pose) -> None:
        """Take the next pose, in order of time, when nobody waits for an answer."""
        self._recorder.append(pose)

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time, and say what can be said from the past alone."""
        was_ready = self.start is not None
        self._ready = self._ready or []
        feedback = self._live.feed(self.own(pose))
        if feedback.ready and not was_ready:
            self._ready.append(len(self._recorder))
        self.record(pose)
        return feedback

    def own(self, pose: Pose) -> Pose:
        """A pose as the camera gives it, with left and right the person's own."""
        return pose.mirrored(self._size[0]) if self.mirrored else pose

    @property
    def start(self) -> StartPosture | None:
        """The start posture that the movement under way is judged from, while there is one."""
        return self._live.start

    def begin_anew(self) -> None:
        """Look for the start posture again; what comes is judged from that one."""
        self._anew.append(len(self._recorder))
        self._live.begin_anew()

    def go_on_as_seen(self) -> None:
        """Do not wait for joints that only the faults need."""
        self._live.go_on_as_seen()

    def settle(self) -> Verdict:
        """Judge all so far as `finish` would, and bring what is counted live in line with it."""
        found = self.finish(UNNAMED).assessment
        seen = Counter(r.side for r in found.reps)
        counts = {side or "both": seen[side or "both"] for side in self._exercise.sides}
        self._live.correct(counts)
        reasons = [m.reason for m in found.measures if m.reason and not found.measured]
        reasons += [p.reason for p in reversed(found.partial_reps)]
        return Verdict(counts, bool(found.measured), next(iter(reasons), None))

    def finish(
        self, model: ModelInfo, warnings: Sequence[str] = (), pain_s: Sequence[float] = (), slow: str = ""
    ) -> Analysis:
        """Judge everything that was fed.

        Args:
            model: which pose model saw it.
            warnings: what the source has to say besides, e.g. that the file is damaged.
            pain_s: the times at which the person said that it hurt, seconds.
            slow: a sentence on why few pictures came, if they did, and what to do.
        """
        track = without_posters(self._recorder.track(*self._size))
        exercise = self._exercise
        turn_deg = turn_needed(exercise.position, track)  # of the picture as it is: in a mirror, quarters swap
        track = track.mirrored() if self.mirrored else track
        moves, behind = camera_moves(track), stands_before(track)
        seen = without(steadied(hide_unseen(exercise, track)), moves | behind)
        smoothed = smooth_takes(seen)
        absences = find_absences(track)
        found = find_parts(exercise, smoothed, absences, self._anew, self._ready)
        parts = [part for part in found if part.why is None]
        view = _least_exact(view_of(exercise, None if turn_deg else part.start) for part in parts)
        during = _in_place(exercise, parts, absences, len(track))
        done, needs, side_view = track.slice(during), needed_landmarks(exercise), exercise.view == "side"
        clear = visible(track, needs, side_view) & (usable(seen, smoothed, needs, side_view) | moves | behind)
        coverage = float(clear[during].mean()) if len(done) else 0.0
        framing = check_framing(done, needs, coverage, side_view)
        reason = why_turned(turn_deg) if turn_deg else remarks.why_camera(moves)
        reason = reason or why_nothing(exercise, framing, parts[0].start, view)
        away = _away(exercise, smoothed, parts)
        signals = _signals(exercise, smoothed, track, parts, hidden_signals(exercise, done), away)
        phases, lost = Phases(None), None
        if reason is None:
            phases = _of_all(exercise, [_phases(exercise, smoothed, track, signals, part) for part in parts])
            phases = phases.because(moves, CAMERA_MOVED).because(behind, COVERED)
            phases = phases.because(away, LEFT_PLACE)
            for joint, outside in left_picture(exercise, track).items():
                phases = phases.because(outside, left_the_picture(body_part(joint)))
            lost = _lost(phases, track, slow)
            reason = lost if not phases.repetitions else None
        signals.movements = phases.repetitions
        faults = _judged(exercise, smoothed, signals, view, reason)
        measures = measure(exercise, signals, view, reason)
        assessment = Assessment(
            schema=1,
            exercise=ExerciseRef(id=exercise.id, name=exercise.name),
            video=results.video_info(track, self.source.turned_deg, turn_deg, self.mirrored),
            model=model,
            view=view,
            coverage=round(coverage, 3),
            reps=[
                results.repetition(i, m, exercise, signals, measures, faults)
                for i, m in enumerate(signals.movements, 1)
            ],
            partial_reps=[results.partial(p.movement, p.reason, exercise) for p in phases.partial],
            measures=measures,
            faults=faults,
            warnings=[
                *warnings,
                *([lost] if lost and phases.repetitions else []),
                *framing.warnings,
                *remarks.cuts(track.t_s, track.cut),
                *remarks.left_out(smoothed, found),
                *remarks.camera_moved(track.t_s, moves),
                *remarks.covered(track.t_s, behind),
                *remarks.elsewhere(track.t_s, away),
                *remarks.absent(track.t_s, absences),
                *remarks.cut_off(signals.movements, signals.what),
                *([reason] if reason else []),
            ],
            pain=[results.pain(t_s, exercise, signals, phases) for t_s in sorted(pain_s)],
        )
        if not self.source.times_known:
            assessment = without_times(assessment, exercise)
        drawn = exercise.main_measure.on or next(iter(exercise.signals), "")
        swapped = partial(self._finish_as, not self.mirrored, model, tuple(warnings), tuple(pain_s), slow)
        told = results.traces(signals, exercise)
        return Analysis(assessment, smoothed.t_s, told, smoothed, drawn, signals.baseline, swapped)

    def _finish_as(
        self, mirrored: bool, model: ModelInfo, warnings: Sequence[str], pain_s: Sequence[float], slow: str
    ) -> Analysis:
        """The same as `finish`, of a picture that is mirrored or is not."""
        self.mirrored = mirrored
        return self.finish(model, warnings, pain_s, slow)


# --- judging ----------------------------------------------------------------------------------


def _in_place(exercise: Exercise, parts: list[Part], absences: list[tuple[int, int]], frames: int) -> Mask:
    """(T,) from when the person was ready, while they were there.

    Getting in place is no part of the movement, however long it takes, and who has left is not badly seen.
    """
    out = np.zeros(frames, bool)
    for part in parts:
        first = part.armed if part.is_ready(exercise) else part.first
        out[first : part.last] = True
    for gone, back in absences:
        out[gone + 1 : back] = False
    return out


def _least_exact(views: Iterable[ViewResult]) -> ViewResult:
    """The view that is furthest from the one asked for: what it costs in accuracy holds for all."""
    return max(views, key=lambda view: abs(view.yaw_deg or 0.0))


def _away(exercise: Exercise, track: PoseTrack, parts: list[Part]) -> Mask:
    """(T,) whether the person is seen out of the place where they start from, once they had come there."""
    out = np.zeros(len(track), bool)
    for part in parts:
        if part.start is not None and part.armed is not None:
            frames = slice(part.armed, part.last)
            seen = np.isfinite(track.point(*HIPS)[frames, 0])
            out[frames] = seen & ~in_place(exercise, track.slice(frames), part.start)
    return out


def _signals(
    exercise: Exercise,
    track: PoseTrack,
    filmed: PoseTrack,
    parts: list[Part],
    hidden: dict[str, str],
    away: Mask,
) -> Signals:
    """Every signal of the exercise.

    NaN where there is no start posture to judge it from, away from its place, and where a landmark was not seen as
    it was `filmed`: what the picture cuts off is told before the camera's own movement is taken out.
    """
    wanted = [CATALOGUE[name] for name in exercise.signals]
    values = {s.id: np.full(len(track), np.nan) for s in wanted}
    baseline = {s.id: np.full(len(track), np.nan) for s in wanted}
    errors = {s.id: np.full(len(track), np.nan) for s in wanted if s.error_now is not None}
    for part in parts:
        if part.start is None:
            continue
        seen = track.slice(part.frames)
        for signal in wanted:
            known = _known(exercise, filmed, signal.id, part) & ~away[part.frames]
            if exercise.view == "side":
                known &= keep_their_length(seen, part.start, signal.needs)
            values[signal.id][part.frames] = np.where(known, signal.compute(seen, part.start), np.nan)
            baseline[signal.id][part.frames] = signal.compute(part.start.pose, part.start)[0]
            if signal.error_now is not None:
                errors[signal.id][part.frames] = signal.error_now(seen, part.start)
    rule = exercise.repetition
    return Signals(
        t_s=track.t_s,
        values=values,
        baseline=baseline,
        units={s.id: s.unit for s in wanted},
        hidden=hidden,
        movements=[],
        falling=frozenset([rule.signal] if rule and rule.direction == "fall" else []),
        counted=rule.signal if rule else None,
        what="repetition" if rule else "hold",
        errors=errors,
    )


def _known(exercise: Exercise, filmed: PoseTrack, signal: str, part: Part) -> Mask:
    """(T of the part,) whether a signal's landmarks are seen, in pictures and start posture as they were filmed."""
    if part.start is None:
        return np.zeros(part.last - part.first, bool)
    return sees_from(exercise, filmed.slice(part.frames), signal, as_filmed(part.start.pose))


def _phases(exercise: Exercise, track: PoseTrack, filmed: PoseTrack, signals: Signals, part: Part) -> Phases:
    """Repetitions of the counted signal, without those during which the person stepped; or holds."""
    rule = exercise.repetition
    if part.start is None or part.armed is None:
        return Phases(None)
    t_s, armed = track.t_s[part.frames], part.armed - part.first
    if exercise.hold is not None:
        phases = find_holds(t_s, _kept(exercise.hold, track, signals)[part.frames], exercise.hold, armed)
    elif rule is not None:
        phases = find_repetitions(t_s, signals.change(rule.signal)[part.frames], rule, armed)
        if exercise.position == "standing" and not rule.feet_may_move:
            known = _known(exercise, filmed, "feet_travel", part)
            travel = CATALOGUE["feet_travel"].compute(track.slice(part.frames), part.start)
            travel = np.where(known, travel, np.nan)
            phases = phases.without(lambda m: stepped(travel, m), STEPPED)
    else:
        phases = Phases(armed)
    return phases.later(part.first)


def _lost(phases: Phases, track: PoseTrack, slow: str) -> str | None:
    """A sentence on the repetitions that were lost because too few pictures came; None where none was."""
    found = [why_too_few(track.t_s, p.movement.start_s, p.movement.end_s) for p in phases.partial]
    lost = [why for why in found if why]
    if not lost:
        return None
    what = "Nothing" if not phases.repetitions else f"{len(lost)} of the repetitions"
    return f"{what} could be measured, because {lost[0]}.{' ' if slow else ''}{slow}"


def _of_all(exercise: Exercise, parts: list[Phases]) -> Phases:
    """What was done in all parts; of a task against time, the better attempt."""
    if exercise.repetition is not None and exercise.repetition.within_s is not None:
        return max(parts, key=lambda phases: len(phases.repetitions))
    return Phases.joined(parts)


def _kept(rule: HoldRule, track: PoseTrack, signals: Signals) -> Mask:
    """(T,) whether somebody is seen and every condition of a hold is met."""
    out = np.isfinite(track.point(*HIPS)[:, 0])
    for condition in rule.conditions:
        out &= met(condition, signals)
    return out


def _judged(
    exercise: Exercise, track: PoseTrack, signals: Signals, view: ViewResult, reason: str | None
) -> list[FaultResult]:
    """The faults; the holds' clocks in `signals` are stopped where one was flagged."""
    if reason is not None:
        return [not_measured(rule, reason, signals.units) for rule in exercise.faults]
    faults = judge(exercise.faults, signals, measure(exercise, signals, view, None))
    broken = _broken(exercise, faults, signals.t_s)
    rule, hold = exercise.repetition, exercise.hold
    if rule is not None:
        change = signals.change(rule.signal)
        held = [hold_time_s(signals.t_s, change, m, rule, broken) for m in signals.movements]
    elif hold is not None:
        kept = _kept(hold, track, signals) & ~broken
        held = [time_within(signals.t_s, kept, m.start_s, m.end_s) for m in signals.movements]
    signals.movements = [replace(m, hold_s=h) for m, h in zip(signals.movements, held, strict=True)]
    return faults


def _broken(exercise: Exercise, faults: list[FaultResult], t_s: Array) -> Mask:
    """(T,) whether a fault of form was there at the time; faults of whole repetitions say nothing of a moment."""
    of_moments = {f.id for f in exercise.faults if isinstance(f, PastFault) and f.severity == "fault"}
    out = np.zeros(len(t_s), bool)
    seen = [f for f in faults if f.id in of_moments and f.status == "flagged"]
    for first_s, last_s in (i for f in seen for i in f.intervals):
        out |= (t_s >= first_s) & (t_s <= last_s)
    return out
