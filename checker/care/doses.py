"""How much of a movement is planned: the dose of its file in numbers, less of it where something asks for less."""

from __future__ import annotations

import math

from checker.care.decision import Share
from checker.care.records import Amount
from checker.dose import Dose
from checker.exercise import Exercise


def dose_for(exercise: Exercise, phase: int) -> Dose | None:
    """The dose of a phase; where the movement has none in it, of the nearest lower phase, or else its first one."""
    for number in range(phase, 0, -1):
        try:
            return exercise.dose_in(number)
        except ValueError:
            continue
    return exercise.first_dose


def amounts(dose: Dose | None, share: Share) -> tuple[Amount, Amount | None]:
    """What is asked for, and the upper end; None where there is none, or where nothing more is to be done."""
    if dose is None:
        return Amount(), None
    low = _end(dose, 0)
    if share == "half":
        return half(low), None
    high = _end(dose, 1)
    return low, high if share == "full" and high != low else None


def _end(dose: Dose, which: int) -> Amount:
    """One end of a dose: 0 the lower, 1 the upper."""

    def end(value: float | tuple[float, float] | None) -> float | None:
        return value[which] if isinstance(value, tuple) else value

    repetitions = end(dose.repetitions)
    return Amount(
        repetitions=None if repetitions is None else int(repetitions),
        sets=dose.sets,
        hold_s=end(dose.hold_s),
        duration_s=end(dose.duration_s),
        times_a_day=dose.times_a_day,
    )


def half(amount: Amount) -> Amount:
    """Half of it: half the sets or, of one set, half the repetitions or the time; at least one."""
    if amount.sets > 1:
        return amount.model_copy(update={"sets": math.ceil(amount.sets / 2)})
    if amount.repetitions is not None and amount.repetitions > 1:
        return amount.model_copy(update={"repetitions": math.ceil(amount.repetitions / 2)})
    if amount.duration_s is not None:
        return amount.model_copy(update={"duration_s": amount.duration_s / 2})
    return amount if amount.hold_s is None else amount.model_copy(update={"hold_s": amount.hold_s / 2})
