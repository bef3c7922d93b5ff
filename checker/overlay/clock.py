"""The time that a clip shows: held so far, or gone by of a minute's task.

The assessment says how long each hold was; here the clock runs up to that while it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from checker.assessment import Analysis, Repetition
from checker.exercise import Condition, Exercise, PastFault, RepetitionRule
from checker.judging.faults import met
from checker.judging.holds import HOLD
from checker.judging.series import Signals
from checker.posture import HIPS
from checker.skeleton import Array

LINGER_S: Final = 1.5
"""A finished hold is still shown for so long."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock shows.

    Attributes:
        word: what the time is: "Held" or "Time".
        shown_s: (T,) seconds; NaN while there is nothing to show.
        target_s: the time asked for, None where none is.
    """

    word: str
    shown_s: Array
    target_s: float | None

    def words(self, index: int) -> tuple[str, str]:
        """What it reads at a row of the analysis, large and small: ("Held 3 s", "of 10 s"); empty where nothing."""
        if not np.isfinite(self.shown_s[index]):
            return "", ""
        of = f"of {clock_time(self.target_s)}" if self.target_s is not None else ""
        return f"{self.word} {clock_time(float(self.shown_s[index]))}", of


def clock_time(seconds: float) -> str:
    """Whole seconds that have gone by: "24 s", from two minutes on "20:00"."""
    whole = int(seconds + 1e-6)
    return f"{whole} s" if whole < 120 else f"{whole // 60}:{whole % 60:02d}"


def find_clock(analysis: Analysis, exercise: Exercise) -> Clock | None:
    """The clock of a movement that is held, paced or done against time; None for all others."""
    rule, reps = exercise.repetition, analysis.assessment.reps
    target_s = exercise.hold_target_s or _duration_s(exercise)
    broken = _broken(analysis, exercise)
    if exercise.hold is not None:
        kept = _kept(analysis, exercise.hold.conditions, exercise.told_as_change) & ~broken
        runs = [_running_s(analysis.t_s, kept, rep) for rep in reps]
        return Clock("Held" if exercise.hold.conditions else "Time", _shown(analysis.t_s, reps, runs, np.inf), target_s)
    if rule is None:
        return None
    if rule.within_s is not None:
        shown = np.full(len(analysis.t_s), np.nan)
        if reps:
            shown = np.clip(analysis.t_s - reps[0].start_s, 0.0, rule.within_s)
        return Clock("Time", shown, rule.within_s)
    if exercise.hold_target_s is None and exercise.main_measure.of != "hold_time":
        return None
    runs = [_running_s(analysis.t_s, _far_enough(analysis, rule, rep) & ~broken, rep) for rep in reps]
    return Clock("Held", _shown(analysis.t_s, reps, runs, LINGER_S), target_s)


def _duration_s(exercise: Exercise) -> float | None:
    """How long a movement that is done by time is asked for, at least."""
    if exercise.pace is not None:
        return exercise.pace.cycles * sum(step.seconds for step in exercise.pace.steps)
    lasting = [d.duration_s for d in exercise.doses if d.duration_s is not None]
    if not lasting:
        return None
    return lasting[0][0] if isinstance(lasting[0], tuple) else lasting[0]


def _shown(t_s: Array, reps: list[Repetition], runs: list[Array], linger_s: float) -> Array:
    """(T,) the clock of the repetition that lasts or has just ended."""
    shown = np.full(len(t_s), np.nan)
    for rep, run in zip(reps, runs, strict=True):
        now = (t_s >= rep.start_s) & (t_s <= rep.end_s + linger_s)
        shown[now] = run[now]
    return shown


def _running_s(t_s: Array, held: Mask, rep: Repetition) -> Array:
    """(T,) seconds held so far in a repetition, up to the time that the assessment gives it."""
    steps = np.diff(t_s, prepend=t_s[:1])
    inside = held & (t_s >= rep.start_s) & (t_s <= rep.end_s)
    steps[~inside | ~np.roll(inside, 1)] = 0.0
    return np.minimum(np.cumsum(steps), rep.hold_s)


def _far_enough(analysis: Analysis, rule: RepetitionRule, rep: Repetition) -> Mask:
    """(T,) whether the counted signal is where the hold's clock runs."""
    trace = analysis.signals.get(rule.signal)
    if trace is None:
        return np.zeros(len(analysis.t_s), bool)
    size = trace.values * dict(rule.directions).get(rep.side, 1.0)
    top = size[analysis.at(rep.peak_s)] if len(size) else np.nan
    return np.asarray(size >= (HOLD * top if rule.hold_from is None else rule.hold_from))


def _broken(analysis: Analysis, exercise: Exercise) -> Mask:
    """(T,) whether a fault of form was there, which stops the clock."""
    form = {f.id for f in exercise.faults if isinstance(f, PastFault) and f.severity == "fault"}
    out = np.zeros(len(analysis.t_s), bool)
    for first_s, last_s in (i for f in analysis.assessment.flagged if f.id in form for i in f.intervals):
        out |= (analysis.t_s >= first_s) & (analysis.t_s <= last_s)
    return out


def _kept(analysis: Analysis, conditions: list[Condition], as_change: frozenset[str]) -> Mask:
    """(T,) whether the person is seen and every condition of a hold is met."""
    traces, zero = analysis.signals, np.zeros(len(analysis.t_s))
    start = {i: analysis.start_posture.get(i, zero) for i in traces}
    judged = Signals(
        t_s=analysis.t_s,
        values={i: s.values + start[i] * (i in as_change) for i, s in traces.items()},
        baseline=start,
        units={i: s.unit for i, s in traces.items()},
        hidden={},
        movements=[],
    )
    kept = np.isfinite(analysis.track.point(*HIPS)[:, 0])
    for condition in conditions:
        if condition.signal in traces:
            kept &= met(condition, judged)
    return np.asarray(kept)
