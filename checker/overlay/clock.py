"""The time that a clip shows: held so far, or gone by of a minute's task.

The analysis says when the clock of each hold ran, and how long it was; here that is counted up while it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from checker.assessment import Repetition
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
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
        """Return the texts at a row of the analysis, large and small: ("Held 3 s", "of 10 s"); empty where nothing."""
        if not np.isfinite(self.shown_s[index]):
            return "", ""
        of = f"of {clock_time(self.target_s)}" if self.target_s is not None else ""
        return f"{self.word} {clock_time(float(self.shown_s[index]))}", of


def clock_time(seconds: float) -> str:
    """Return the whole seconds that have passed: "24 s", from two minutes on "20:00"."""
    whole = int(seconds + 1e-6)
    return f"{whole} s" if whole < 120 else f"{whole // 60}:{whole % 60:02d}"


def find_clock(analysis: Analysis, exercise: Exercise) -> Clock | None:
    """Return the clock of a movement that is held, paced or done against time; None for all others."""
    rule, reps = exercise.repetition, analysis.assessment.reps
    hold_s = analysis.assessment.hold_target_s
    runs = [_running_s(analysis.t_s, analysis.held, rep) for rep in reps]
    if exercise.hold is not None:
        word = "Held" if exercise.hold.conditions else "Time"
        target_s = hold_s or exercise.goal_s(analysis.dose)
        return Clock(word, _shown(analysis.t_s, reps, runs, np.inf), target_s)
    if rule is None:
        return None
    if rule.within_s is not None:
        shown = np.full(len(analysis.t_s), np.nan)
        if reps:
            shown = np.clip(analysis.t_s - reps[0].start_s, 0.0, rule.within_s)
        return Clock("Time", shown, rule.within_s)
    if hold_s is None and exercise.main_measure.of != "hold_time":
        return None
    return Clock("Held", _shown(analysis.t_s, reps, runs, LINGER_S), hold_s or exercise.goal_s(analysis.dose))


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
