"""The one engine: poses in, an assessment out. Files and the camera run the same rules.

`feed` takes one pose and answers at once from the past alone (`record` only takes it); `finish`
looks at the whole, without delay, and its word is final. Pure: no clock, no files, no drawing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.assessment import (
    Analysis,
    Assessment,
    ExerciseRef,
    FaultResult,
    Measure,
    ModelInfo,
    PartialRepetition,
    Quantity,
    Repetition,
    SignalTrace,
    VideoInfo,
    ViewResult,
)
from checker.exercise import Exercise
from checker.faults import Signals, judge, not_measured
from checker.measures import excursion_at_peak, measure
from checker.phases import LiveCounter, Movement, Phases, find_repetitions
from checker.posture import STEP_T, StartPosture, find_start_posture
from checker.signals import CATALOGUE
from checker.skeleton import Array, Landmark, Pose, PoseTrack, TrackRecorder
from checker.smoothing import CausalSmoother, smooth_track
from checker.view import SEEN, Framing, body_part, check_framing, check_view, visible

STILL_WINDOW_S: Final = 1.2
LOOK_EVERY_S: Final = 0.2
"""Live, the last moments are looked at for a still start this often."""

MIN_SIGNAL_SHARE: Final = 0.5
"""Share of the repetitions' frames in which a signal must have a value."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What can be said at once about one frame.

    Attributes:
        t_s: the frame's time.
        ready: whether the start posture has been found, so that movements count.
        excursion: of the counted signal from the start posture; NaN where unknown.
        repetitions: counted so far, by side.
        hint: what the person should do about what is missing, one short sentence, or None.
    """

    t_s: float
    ready: bool
    excursion: float
    repetitions: dict[str, int]
    hint: str | None


class Engine:
    """Measures one person doing one exercise."""

    def __init__(self, exercise: Exercise, width: int, height: int) -> None:
        """Start.

        Args:
            exercise: the movement.
            width: of the frames, pixels.
            height: of the frames, pixels.
        """
        self._exercise = exercise
        self._size = (width, height)
        self._recorder = TrackRecorder()
        self._needs = _needs(exercise)
        self._recent: deque[Pose] = deque()
        self._next_look_s = 0.0
        self._start: StartPosture | None = None
        self._zero = 0.0
        self._view: ViewResult | None = None
        self._counter = LiveCounter(exercise.repetition)
        self._smoother = CausalSmoother()

    def record(self, pose: Pose) -> None:
        """Take the next pose, in order of time, when nobody waits for an answer."""
        self._recorder.append(pose)

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time, and say what can be said from the past alone."""
        self.record(pose)
        if self._start is None:
            self._look_for_start(pose)
        excursion = float("nan")
        if self._start is not None and self._view is not None and self._view.ok:
            signal = self._exercise.repetition.signal
            track = _hide_unseen(PoseTrack.single(pose, *self._size), self._needs, self._exercise.view == "side")
            value = float(CATALOGUE[signal].compute(track, self._start)[0])
            excursion = self._smoother.feed(pose.t_s, value - self._zero)
            self._counter.feed(pose.t_s, excursion)
        ready = self._start is not None and self._view is not None and self._view.ok
        return Feedback(pose.t_s, ready, excursion, dict(self._counter.counts), self._hint(pose))

    def _look_for_start(self, pose: Pose) -> None:
        """See, a few times a second, whether the person has been still for the last moments."""
        self._recent.append(pose)
        while pose.t_s - self._recent[0].t_s > STILL_WINDOW_S:
            self._recent.popleft()
        if pose.t_s < self._next_look_s:
            return
        self._next_look_s = pose.t_s + LOOK_EVERY_S
        track = PoseTrack.stack(self._recent, *self._size)
        start, _ = self._find_start(_hide_unseen(track, self._needs, self._exercise.view == "side"))
        if start is not None:
            self._view = self._view_of(start)
            if self._view.ok:
                self._start = start
                self._zero = _baseline(self._exercise.repetition.signal, start)

    def _hint(self, pose: Pose) -> str | None:
        """What is missing, most important first."""
        if not pose.found:
            return "Step into the picture."
        if pose.people > 1:
            return "Only one person should be in the picture."
        if self._start is not None:
            return None
        if self._view is not None and not self._view.ok:
            return self._view.advice
        return "Stand still for a moment." if self._exercise.position == "standing" else "Sit still for a moment."

    def finish(self, model: ModelInfo, warnings: Sequence[str] = ()) -> Analysis:
        """Judge everything that was fed.

        Args:
            model: which pose model saw it.
            warnings: what the source has to say besides, e.g. that the file is damaged.
        """
        track = self._recorder.track(*self._size)
        exercise = self._exercise
        side_view = exercise.view == "side"
        coverage = float(visible(track, self._needs, side_view).mean()) if len(track) else 0.0
        framing = check_framing(track, self._needs, coverage, side_view)
        hidden = _hidden_signals(exercise, track, side_view)
        seen = _hide_unseen(track, self._needs, side_view)
        smoothed = smooth_track(seen)
        start, armed = self._find_start(smoothed)
        view = self._view_of(start)
        reason = _why_nothing(framing, start, view)
        traces = {s: _trace(s, smoothed, start) for s in exercise.signals}
        if reason is None and start is not None and armed is not None:
            phases = self._phases(smoothed, traces, start, armed)
        else:
            phases = Phases(None)
        signals = _judged_signals(smoothed.t_s, traces, hidden, start, phases.repetitions)
        measures = measure(exercise, signals, view, reason)
        if reason is None:
            faults = judge(exercise.faults, signals, measures)
        else:
            faults = [not_measured(rule, reason, signals.units) for rule in exercise.faults]
        reps = [_repetition(i, m, exercise, signals, measures, faults) for i, m in enumerate(phases.repetitions, 1)]
        unit = CATALOGUE[exercise.repetition.signal].unit
        assessment = Assessment(
            schema=1,
            exercise=ExerciseRef(id=exercise.id, name=exercise.name),
            video=_video_info(track),
            model=model,
            view=view,
            coverage=round(coverage, 3),
            reps=reps,
            partial_reps=[_partial(p.movement, p.reason, unit) for p in phases.partial],
            measures=measures,
            faults=faults,
            warnings=[*warnings, *framing.warnings, *([reason] if reason else [])],
        )
        baseline = {name: float(value) for name, value in signals.baseline.items()}
        return Analysis(
            assessment=assessment,
            t_s=smoothed.t_s,
            signals=_excursions(traces, exercise, baseline),
            track=smoothed,
            drawn=exercise.measures[0].id,
            start_posture=baseline,
        )

    def _find_start(self, track: PoseTrack) -> tuple[StartPosture | None, int | None]:
        """The start posture, preferring one in the right view."""
        standing = self._exercise.position == "standing"
        return find_start_posture(track, standing, lambda posture: self._view_of(posture).ok)

    def _view_of(self, start: StartPosture | None) -> ViewResult:
        return check_view(start, self._exercise.view, self._exercise.max_yaw_deg)

    def _phases(self, track: PoseTrack, traces: dict[str, SignalTrace], start: StartPosture, armed: int) -> Phases:
        """Repetitions of the counted signal, without those during which the person stepped."""
        counted = traces[self._exercise.repetition.signal].values
        excursion = counted - _baseline(self._exercise.repetition.signal, start)
        phases = find_repetitions(track.t_s, excursion, self._exercise.repetition, armed)
        if self._exercise.position != "standing":
            return phases
        travel = CATALOGUE["feet_travel"].compute(track, start)
        return phases.without(lambda m: _stepped(travel, m), "you stepped while moving")


# --- getting ready ----------------------------------------------------------------------------


def _needs(exercise: Exercise) -> tuple[Landmark, ...]:
    """Landmarks without which the exercise's measures have no value."""
    wanted = [n for m in exercise.measures for n in CATALOGUE[m.id].needs]
    return tuple(dict.fromkeys(wanted))


def _hide_unseen(track: PoseTrack, needs: tuple[Landmark, ...], side_view: bool) -> PoseTrack:
    """The track with positions NaN in frames where a needed landmark was not seen."""
    unseen = ~visible(track, needs, side_view)
    arrays = {name: getattr(track, name) for name in PoseTrack.__dataclass_fields__}
    for name in ("image", "world", "outline", "feet"):
        arrays[name] = arrays[name].copy()
        arrays[name][unseen] = np.nan
    return PoseTrack(**arrays)


def _hidden_signals(exercise: Exercise, track: PoseTrack, side_view: bool) -> dict[str, str]:
    """Signals of which a landmark was hidden for most of the clip, with the reason in words."""
    out = {}
    for name in exercise.signals:
        needs = CATALOGUE[name].needs
        if len(track) and visible(track, needs, side_view).mean() >= MIN_SIGNAL_SHARE:
            continue
        shares = {n: float((track.visibility[:, n] >= SEEN).mean()) if len(track) else 0.0 for n in needs}
        out[name] = f"your {body_part(min(needs, key=lambda n: shares[n]))} was hidden"
    return out


def _why_nothing(framing: Framing, start: StartPosture | None, view: ViewResult) -> str | None:
    """The reason why nothing is measured in this clip; None when it can be."""
    if framing.problems:
        return framing.problems[0]
    if start is None:
        return "No still start was found. Stand or sit still for a second before you begin."
    if not view.ok:
        return f"Filmed from the wrong side. {view.advice}"
    return None


# --- signals ----------------------------------------------------------------------------------


def _trace(name: str, track: PoseTrack, start: StartPosture | None) -> SignalTrace:
    signal = CATALOGUE[name]
    values = np.full(len(track), np.nan) if start is None else signal.compute(track, start)
    return SignalTrace(signal.id, signal.name, signal.unit, values)


def _baseline(name: str, start: StartPosture) -> float:
    """A signal's value in the start posture."""
    return float(CATALOGUE[name].compute(start.pose, start)[0])


def _judged_signals(
    t_s: Array,
    traces: dict[str, SignalTrace],
    hidden: dict[str, str],
    start: StartPosture | None,
    movements: list[Movement],
) -> Signals:
    return Signals(
        t_s=t_s,
        values={name: trace.values for name, trace in traces.items()},
        baseline={name: np.nan if start is None else _baseline(name, start) for name in traces},
        units={name: trace.unit for name, trace in traces.items()},
        hidden=hidden,
        movements=movements,
    )


def _excursions(
    traces: dict[str, SignalTrace], exercise: Exercise, baseline: dict[str, float]
) -> dict[str, SignalTrace]:
    """The traces with the measured signals as excursion from the start posture."""
    measured = {m.id for m in exercise.measures} | {exercise.repetition.signal}
    return {
        name: SignalTrace(t.id, t.name, t.unit, t.values - baseline[name]) if name in measured else t
        for name, t in traces.items()
    }


def _stepped(travel: Array, m: Movement) -> bool:
    inside = travel[m.start : m.end + 1]
    return bool(np.isfinite(inside).any() and np.nanmedian(inside) > STEP_T)


# --- results ----------------------------------------------------------------------------------


def _rom_signal(exercise: Exercise) -> str:
    """The signal whose excursion is a repetition's range: the counted one if it is measured."""
    measured = [m.id for m in exercise.measures]
    counted = exercise.repetition.signal
    return counted if counted in measured else measured[0]


def _repetition(
    index: int,
    m: Movement,
    exercise: Exercise,
    signals: Signals,
    measures: list[Measure],
    faults: list[FaultResult],
) -> Repetition:
    """One counted repetition as the contract wants it."""
    signal = CATALOGUE[_rom_signal(exercise)]
    side = m.side if m.side != "both" else None
    own = next((x.uncertainty for x in measures if x.id == signal.id and x.side == side), None)
    rom = excursion_at_peak(signal.id, signals, m)
    return Repetition(
        index=index,
        side=m.side,
        start_s=round(m.start_s, 2),
        peak_s=round(m.peak_s, 2),
        end_s=round(m.end_s, 2),
        rom=Quantity(
            value=round(rom if np.isfinite(rom) else m.excursion, 1),
            unit=signal.unit,
            uncertainty=own if own is not None else signal.error_90 or 0.0,
        ),
        hold_s=round(m.hold_s, 2),
        faults=[
            f.id
            for f in faults
            if f.status == "flagged" and any(a <= m.end_s and b >= m.start_s for a, b in f.intervals)
        ],
    )


def _partial(m: Movement, reason: str, unit: str) -> PartialRepetition:
    return PartialRepetition(
        side=m.side,
        start_s=round(m.start_s, 2),
        end_s=round(m.end_s, 2),
        excursion=round(m.excursion, 1),
        unit=unit,
        reason=reason,
    )


def _video_info(track: PoseTrack) -> VideoInfo:
    """The clip as it was read; the frame rate is the one that came, not the one that was promised."""
    n = len(track)
    step_s = float(np.median(np.diff(track.t_s))) if n > 1 else 0.0
    return VideoInfo(
        duration_s=round(float(track.t_s[-1] - track.t_s[0]) + step_s, 2) if n else 0.0,
        width=track.width,
        height=track.height,
        frames=n,
        fps=round(1.0 / step_s, 2) if step_s else 0.0,
    )
