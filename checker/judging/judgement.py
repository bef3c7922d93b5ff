"""The fourth stage, bouts -> judgement: faults, times held and measures, each once and in that order.

Faults of a moment stop a hold's clock; measures are taken of what was held; and only the fault that compares two
sides needs measures. So nothing is judged twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checker.assessment import FaultResult, Measure, ViewResult
from checker.exercise import Exercise
from checker.judging.bouts import Bout
from checker.judging.faults import Verdict, as_told, judge, not_measured
from checker.judging.holds import in_bad_form, time_held
from checker.judging.measures import measure
from checker.judging.series import Series
from checker.reasons import Reason
from checker.skeleton import Mask


@dataclass(frozen=True)
class Judgement:
    """What is said of the bouts.

    Attributes:
        series: the signals, with the bouts and the time each was held.
        faults: one result a rule, in the order of the file.
        measures: one a rule and side.
        held: (T,) whether the clock of a hold runs.
    """

    series: Series
    faults: list[FaultResult]
    measures: list[Measure]
    held: Mask


def judge_bouts(
    exercise: Exercise,
    series: Series,
    bouts: Sequence[Bout],
    view: ViewResult,
    why: Reason | None = None,
    verdicts: Mapping[str, Verdict] | None = None,
) -> Judgement:
    """Judge the bouts that counted, as they were found or as somebody corrected them.

    Args:
        exercise: the movement.
        series: its signals.
        bouts: those that counted.
        view: how far the person is turned out of it costs accuracy.
        why: why nothing is measured in this recording; None where it is.
        verdicts: by id, what somebody who looked says of a fault; it stands in place of what was found.
    """
    series, told = replace(series, bouts=list(bouts)), verdicts or {}
    if why is not None:
        unknown = [not_measured(rule, why, series.units, series.counted) for rule in exercise.faults]
        faults = [as_told(fault, told.get(fault.id)) for fault in unknown]
        nothing = np.zeros(len(series.t_s), bool)
        return Judgement(series, faults, measure(exercise, series, view, why), nothing)
    of_bouts = judge([rule for rule in exercise.faults if not rule.of_sides], series, verdicts=told)
    held, timed = time_held(exercise, series, in_bad_form(exercise, of_bouts, series.t_s))
    series = replace(series, bouts=timed)
    measures = measure(exercise, series, view)
    of_sides = judge([rule for rule in exercise.faults if rule.of_sides], series, measures, told)
    results = {fault.id: fault for fault in [*of_bouts, *of_sides]}
    return Judgement(series, [results[rule.id] for rule in exercise.faults], measures, held)
