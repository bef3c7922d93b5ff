"""The one engine: poses in, an assessment out. Files and the camera run the same rules.

`feed` takes one pose and answers at once from the past alone (`record` only takes it); `finish`
looks at the whole, without delay, and its word is final. Pure: no clock, no files, no drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from checker import contract
from checker.assessment import Analysis, Assessment, ExerciseRef, FaultResult, ModelInfo, ViewResult
from checker.exercise import Exercise, HoldRule, PastFault
from checker.faults import Mask, Signals, judge, met, not_measured
from checker.live import Feedback, LiveJudge, Verdict
from checker.measures import measure
from checker.parts import Part, find_absences, find_parts
from checker.phases import STEPPED, Phases, find_holds, find_repetitions, hold_time_s, stepped, time_within
from checker.pictures import why_too_few
from checker.posture import HIPS, StartPosture
from checker.readiness import hidden_signals, hide_unseen, needed_landmarks, sees_from, view_of, why_nothing
from checker.signals import CATALOGUE
from checker.skeleton import Array, Pose, PoseTrack, TrackRecorder
from checker.smoothing import smooth_track
from checker.view import check_framing, visible

UNNAMED: Final = ModelInfo(name="", sha256="")
"""Of a judgement that is not handed out."""


class Engine:
    """Measures one person doing one exercise."""

    def __init__(self, exercise: Exercise, width: int, height: int) -> None:
        """Start.

        Args:
            exercise: the movement; one in which something is measured.
            width: of the frames, pixels.
            height: of the frames, pixels.

        Raises:
            ValueError: nothing is measured in this exercise.
        """
        if not exercise.is_measured:
            raise ValueError(f"{exercise.name}: expected a movement that is measured; this one is {exercise.kind}")
        self._exercise = exercise
        self._size = (width, height)
        self._recorder = TrackRecorder()
        self._anew: list[int] = []
        self._live = LiveJudge(exercise, width, height)

    def record(self, pose: Pose) -> None:
        """Take the next pose, in order of time, when nobody waits for an answer."""
        self._recorder.append(pose)

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time, and say what can be said from the past alone."""
        self.record(pose)
        return self._live.feed(pose)

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
        track = self._recorder.track(*self._size)
        exercise = self._exercise
        smoothed = smooth_track(hide_unseen(exercise, track))
        absences = find_absences(track)
        parts = find_parts(exercise, smoothed, absences, self._anew)
        view = _least_exact(view_of(exercise, part.start) for part in parts)
        done = track.slice(_in_place(exercise, parts, absences, len(track)))
        needs, side_view = needed_landmarks(exercise), exercise.view == "side"
        coverage = float(visible(done, needs, side_view).mean()) if len(done) else 0.0
        framing = check_framing(done, needs, coverage, side_view)
        reason = why_nothing(exercise, framing, parts[0].start, view)
        signals = _signals(exercise, smoothed, parts, hidden_signals(exercise, done))
        phases = Phases(None)
        if reason is None:
            phases = _of_all(exercise, [_phases(exercise, smoothed, signals, part) for part in parts])
            lost = _lost(phases, track, slow)
            reason = lost if not phases.repetitions else None
            warnings = [*warnings, lost] if lost and phases.repetitions else warnings
        signals.movements = phases.repetitions
        faults = _judged(exercise, smoothed, signals, view, reason)
        measures = measure(exercise, signals, view, reason)
        assessment = Assessment(
            schema=1,
            exercise=ExerciseRef(id=exercise.id, name=exercise.name),
            video=contract.video_info(track),
            model=model,
            view=view,
            coverage=round(coverage, 3),
            reps=[
                contract.repetition(i, m, exercise, signals, measures, faults)
                for i, m in enumerate(signals.movements, 1)
            ],
            partial_reps=[contract.partial(p.movement, p.reason, exercise) for p in phases.partial],
            measures=measures,
            faults=faults,
            warnings=[*warnings, *framing.warnings, *_absent(track, absences), *([reason] if reason else [])],
            pain=[contract.pain(t_s, exercise, signals, phases) for t_s in sorted(pain_s)],
        )
        drawn = exercise.main_measure.on or next(iter(exercise.signals), "")
        return Analysis(assessment, smoothed.t_s, contract.traces(signals, exercise), smoothed, drawn, signals.baseline)


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


def _absent(track: PoseTrack, absences: list[tuple[int, int]]) -> list[str]:
    """A warning about the times at which nobody was there."""
    ends = [f" to {track.t_s[back]:.0f} s" if back < len(track) else " s on" for _, back in absences]
    times = [f"{track.t_s[gone]:.0f}{end}" for (gone, _), end in zip(absences, ends, strict=True)]
    return [f"Nobody was seen from {', '.join(times)}: nothing was measured then."] if times else []


def _signals(exercise: Exercise, track: PoseTrack, parts: list[Part], hidden: dict[str, str]) -> Signals:
    """Every signal of the exercise; NaN where there is no start posture to judge it from."""
    wanted = [CATALOGUE[name] for name in exercise.signals]
    values = {s.id: np.full(len(track), np.nan) for s in wanted}
    baseline = {s.id: np.full(len(track), np.nan) for s in wanted}
    for part in parts:
        if part.start is None:
            continue
        seen = track.slice(part.frames)
        for signal in wanted:
            known = sees_from(exercise, seen, signal.id, part.start)
            values[signal.id][part.frames] = np.where(known, signal.compute(seen, part.start), np.nan)
            baseline[signal.id][part.frames] = signal.compute(part.start.pose, part.start)[0]
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
    )


def _phases(exercise: Exercise, track: PoseTrack, signals: Signals, part: Part) -> Phases:
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
            seen = track.slice(part.frames)
            known = sees_from(exercise, seen, "feet_travel", part.start)
            travel = np.where(known, CATALOGUE["feet_travel"].compute(seen, part.start), np.nan)
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
    for first_s, last_s in (i for f in faults if f.id in of_moments for i in f.intervals):
        out |= (t_s >= first_s) & (t_s <= last_s)
    return out
