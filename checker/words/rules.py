"""The rules of an exercise file in plain words: what counts, what is measured, what is flagged.

The same sentences stand in the command line, the report and the library page.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from checker.dose import Dose
from checker.exercise import Exercise
from checker.fault_rules import (
    AtPeakFault,
    DropInHoldFault,
    FaultRule,
    NotReachedFault,
    PastFault,
    ReversalsFault,
    SideDifferenceFault,
    SlowReturnFault,
    SpeedFault,
    TooFastFault,
)
from checker.judging.limits import WAY_ERROR_S, drop_error, signal_error, speed_error, waver_error
from checker.rules import Condition, HoldRule, MeasureRule, PaceRule, RepetitionRule
from checker.safety import PHASES
from checker.signals import CATALOGUE

UNIT_WORDS: Final = {"deg": "degrees", "s": "seconds", "count": "times", "T": "torso lengths", "leg": "leg lengths"}
"""Units as they are spoken; a torso length is the person's own, hips to shoulders, about half a metre."""


def amount(value: float, unit: str) -> str:
    """A number with its unit in words: "30 degrees", "90 degrees a second"; a ratio has none."""
    words = UNIT_WORDS.get(unit.removesuffix("/s"), "")
    if value == 1:
        words = words.removesuffix("s")
    a_second = " a second" if unit.endswith("/s") else ""
    return f"{value:g} {words}".strip().replace("-", "−") + a_second


def span(value: float | tuple[float, float]) -> str:
    """A number or a range: "5", "8 to 10"."""
    return f"{value[0]:g} to {value[1]:g}" if isinstance(value, tuple) else f"{value:g}"


def source_words(rule: Condition | FaultRule | RepetitionRule | HoldRule | PaceRule | MeasureRule | Dose) -> str:
    """Where a number comes from: "clinical judgement: starting value"; empty for a rule without one."""
    if isinstance(rule, PastFault):
        return ""
    status = "set by a physio" if rule.status == "set by physio" else rule.status
    return f"{status}: {rule.source}"


# --- what counts --------------------------------------------------------------------------------


def repetition_words(exercise: Exercise) -> str:
    """What counts, in one or two sentences: a repetition, a hold, or nothing."""
    if exercise.hold is not None:
        return hold_words(exercise.hold)
    rule = exercise.repetition
    if rule is None:
        return "Nothing is measured or counted here."
    least = amount(rule.min_excursion, CATALOGUE[rule.signal].unit)
    words = CATALOGUE[rule.signal].words
    if rule.sides == "signed":
        way = f"{words.rises}, or {words.falls}, by {least} or more from the start"
    else:
        way = f"{words.rises if rule.direction == 'rise' else words.falls} by {least} or more from the start"
    lasts = f"within {rule.min_duration_s:g} to {rule.max_duration_s:g} seconds"
    text = f"A repetition counts when {way}, and back, {lasts}."
    if rule.sides == "signed":
        text += f" {_side(rule.names[0])} and {_side(rule.names[1]).lower()} are counted apart."
    if rule.hold_from is not None:
        text += f" It is held while it is {amount(rule.hold_from, CATALOGUE[rule.signal].unit)} or more."
    if rule.within_s is not None:
        text += f" What is fully done within {rule.within_s:g} seconds of the first one's start counts,"
        text += " and what is more than half done when they end."
    return text


def _side(name: str) -> str:
    return name.replace("_", " ").capitalize()


def hold_words(rule: HoldRule) -> str:
    """When the clock of a hold runs, and when the hold ends."""
    if rule.conditions:
        while_ = (
            f"The clock runs while {' and '.join(condition_words(c) for c in rule.conditions)}, and pauses otherwise."
        )
    else:
        while_ = "The clock runs from the start posture to the end."
    return (
        f"{while_} A hold counts from {rule.min_duration_s:g} seconds on;"
        f" a pause of more than {rule.max_pause_s:g} seconds ends it."
    )


def pace_words(rule: PaceRule) -> str:
    """The rhythm to follow: "Breathe in 5 s, pause 1 s, breathe out 3 s; 10 times"."""
    steps = ", ".join(f"{s.name[0].lower()}{s.name[1:]} {s.seconds:g} s" for s in rule.steps)
    total_s = rule.cycles * sum(s.seconds for s in rule.steps)
    return f"{steps[0].upper()}{steps[1:]}; {rule.cycles} times, {total_s:g} seconds in all."


# --- what is reported ---------------------------------------------------------------------------


def measure_words(rule: MeasureRule, held: bool = False) -> str:
    """What a value is, what is expected of it, and how it is put into classes.

    Args:
        rule: one of an exercise's measures.
        held: whether the exercise is a hold, which has no furthest point.
    """
    if rule.of == "hold_time":
        text = "How long it is held, in seconds."
    elif rule.of == "count":
        text = "How many repetitions counted."
    else:
        signal = CATALOGUE[rule.on or rule.id]
        what = signal.words.what
        text = {
            "change": f"{what}, from the start to the furthest point",
            "value": f"{what} {'while it is held' if held else 'at the furthest point'}",
            "largest": f"{what}, from the start to the furthest it gets on the way",
            "spread": f"how far {what} wavers: the range it keeps to for 90 % of the time",
            "rate": f"the ups and downs of {what} a minute",
        }[rule.of]
        text = f"{text[0].upper()}{text[1:]}."
        if rule.bands:
            text += f" Told in classes: {_classes(rule.bands, signal.unit)}."
    return f"{text} Expected: {rule.expected}." if rule.expected else text


def _classes(limits: list[float], unit: str) -> str:
    between = [f"{a:g} to {b:g}" for a, b in pairwise(limits)]
    return ", ".join([f"under {limits[0]:g}", *between, f"over {amount(limits[-1], unit)}"])


# --- what is flagged ----------------------------------------------------------------------------


def condition_words(condition: Condition) -> str:
    """A signal past its threshold: "the knees bend by more than 30 degrees from the start"."""
    unit, limit = CATALOGUE[condition.signal].unit, condition.threshold
    words = CATALOGUE[condition.signal].words
    if condition.compare == "absolute":
        past = {"above": "above", "below": "below", "either": "beyond"}[condition.direction]
        either = ", either way" if condition.direction == "either" else ""
        return f"{words.what} is {past} {amount(limit, unit)}{either}"
    if condition.direction == "either":
        return f"{words.what} changes by more than {amount(limit, unit)} from the start, either way"
    way = words.rises if limit > 0 or (limit == 0 and condition.direction == "above") else words.falls
    far = (condition.direction == "above") == (way == words.rises)
    return f"{way} by {'more' if far else 'less'} than {amount(abs(limit), unit)} from the start"


def threshold_unit(rule: Condition | FaultRule, exercise: Exercise) -> str:
    """The unit of a rule's threshold: that of its signal, "s", "ratio", "count" or a unit a second."""
    if isinstance(rule, PastFault):
        return CATALOGUE[rule.conditions[0].signal].unit
    if isinstance(rule, SpeedFault):
        return f"{CATALOGUE[rule.signal].unit}/s"
    if isinstance(rule, Condition | NotReachedFault):
        return CATALOGUE[rule.signal].unit
    if isinstance(rule, SlowReturnFault | TooFastFault | ReversalsFault):
        return {"slow_return": "ratio", "too_fast": "s", "reversals": "count"}[rule.rule]
    return _counted_unit(exercise)


def _counted_unit(exercise: Exercise) -> str:
    """The unit of the signal that repetitions are counted on."""
    return CATALOGUE[exercise.repetition.signal].unit if exercise.repetition else ""


def fault_words(fault: FaultRule, exercise: Exercise) -> str:
    """When a fault is flagged, in one sentence.

    Args:
        fault: one of the exercise's faults.
        exercise: the movement; some thresholds are in the unit of the signal that it is counted on.
    """
    text = f"{'Noted' if fault.severity == 'info' else 'Flagged'} when {_when(fault, exercise)}."
    text += _close(fault, exercise)
    if isinstance(fault, PastFault) and fault.unless:
        names = {f.id: f.name for f in exercise.faults}
        others = " or ".join(f"“{names[i]}”" for i in fault.unless)
        text += f" Not judged where {others} is flagged, which looks the same to the camera;"
        text += " not certain where that is not clear."
    return text


def _close(fault: FaultRule, exercise: Exercise) -> str:
    """How near to its threshold a fault is not certain, as a further sentence; empty where no error is known."""
    if isinstance(fault, SlowReturnFault):
        return f" Not certain where {amount(WAY_ERROR_S, 's')} more or less on each way would change that."
    if isinstance(fault, SideDifferenceFault) and fault.error is None:
        return " Not certain where the uncertainties of both sides together would change that."
    counted = exercise.repetition.signal if exercise.repetition else ""
    if isinstance(fault, ReversalsFault):
        size = waver_error(counted)
        return f" Not certain where {amount(size, _counted_unit(exercise))} would change that." if size else ""
    if isinstance(fault, PastFault):
        near = [amount(e, CATALOGUE[c.signal].unit) for c in fault.conditions if (e := signal_error(c))]
    else:
        near = [amount(e, threshold_unit(fault, exercise))] if (e := _error(fault, counted)) else []
    return f" Not certain within {' or '.join(dict.fromkeys(near))} of that." if near else ""


def _error(
    fault: AtPeakFault | NotReachedFault | TooFastFault | SpeedFault | DropInHoldFault | SideDifferenceFault,
    counted: str,
) -> float:
    """The error of a rule that has one, in the unit of its threshold."""
    if isinstance(fault, TooFastFault):
        return WAY_ERROR_S
    if isinstance(fault, SideDifferenceFault):
        return fault.error or 0.0
    if isinstance(fault, SpeedFault):
        return speed_error(fault)
    return drop_error(fault, counted) if isinstance(fault, DropInHoldFault) else signal_error(fault)


def _when(fault: FaultRule, exercise: Exercise) -> str:
    """The condition of a fault, to stand behind "flagged when"."""
    unit = threshold_unit(fault, exercise)
    if isinstance(fault, PastFault):
        joint = " or " if fault.when == "any" else " and at the same time "
        held = " while the end position is held" if fault.during == "hold" else ""
        past = joint.join(condition_words(c) for c in fault.conditions)
        return f"{past}{held}, for {fault.min_duration_s:g} s or longer"
    if isinstance(fault, AtPeakFault):
        return f"{condition_words(fault)}, at the furthest point of a repetition"
    if isinstance(fault, NotReachedFault):
        way = CATALOGUE[fault.signal].words.rises
        return f"{way} by less than {amount(fault.threshold, unit)} from the start in a repetition"
    if isinstance(fault, SpeedFault):
        return f"{CATALOGUE[fault.signal].words.what} changes faster than {amount(fault.threshold, unit)}"
    return _when_of_repetition(fault, exercise)


def _when_of_repetition(
    fault: SlowReturnFault | TooFastFault | DropInHoldFault | ReversalsFault | SideDifferenceFault, exercise: Exercise
) -> str:
    """The same for the rules that look at a repetition as a whole."""
    unit, counted = threshold_unit(fault, exercise), _counted_unit(exercise)
    if isinstance(fault, SlowReturnFault):
        return f"the way back takes more than {fault.threshold:g} times as long as the way out"
    if isinstance(fault, TooFastFault):
        way = {"out": "the way out", "back": "the way back", "either": "the way out or back"}[fault.way]
        return f"{way} takes less than {amount(fault.threshold, 's')}"
    if isinstance(fault, DropInHoldFault):
        return f"the position sinks by more than {amount(fault.threshold, unit)} before the way back begins"
    if isinstance(fault, ReversalsFault):
        size, often = amount(fault.size, counted), amount(fault.threshold, unit)
        return f"the movement turns back and on again, by {size} or more, {often} or more in a repetition"
    return f"the two sides differ by more than {amount(fault.threshold, unit)}"


# --- how much -----------------------------------------------------------------------------------


def dose_words(dose: Dose) -> str:
    """How much to do: "2 sets of 8 to 10, each held for 5 seconds"."""
    parts = []
    if dose.repetitions is not None:
        times = "" if dose.sets > 1 else " time" if dose.repetitions == 1 else " times"
        parts.append(f"{span(dose.repetitions)}{times}")
    if dose.hold_s is not None:
        parts.append(f"{'each ' if parts else ''}held for {span(dose.hold_s)} seconds")
    if dose.duration_s is not None:
        parts.append(f"for {_duration(dose.duration_s)}")
    text = ", ".join(parts)
    if dose.sets > 1:
        text = f"{dose.sets} {'times' if dose.repetitions is None else 'sets of'} {text}"
    text = f"{text[0].upper()}{text[1:]}"
    if dose.times_a_day > 1:
        text += f", {dose.times_a_day} times a day"
    text += f", {dose.tempo}." if dose.tempo else "."
    return f"{text} {dose.note}" if dose.note else text


def phases_words(phases: list[int]) -> str:
    """Phases of the programme: "phase 2 (pain-free range), phase 3 (healing)"."""
    return ", ".join(f"phase {p} ({PHASES[p]})" for p in phases)


def _duration(seconds: float | tuple[float, float]) -> str:
    """In minutes from two minutes on."""
    ends = seconds if isinstance(seconds, tuple) else (seconds,)
    if min(ends) < 120 or any(s % 60 for s in ends):
        return f"{span(seconds)} seconds"
    return f"{' to '.join(f'{s / 60:g}' for s in ends)} minutes"


# --- single numbers -----------------------------------------------------------------------------

NUMBER_NAMES: Final = {
    "min_excursion": "smallest movement that counts",
    "min_duration_s": "shortest time",
    "max_duration_s": "longest time",
    "hold_from": "held from",
    "within_s": "counted within",
    "max_pause_s": "longest pause",
    "cycles": "how often",
    "size": "size of a turn back",
}
"""Numbers by their keys; thresholds are described by their rules."""

THRESHOLD_NAMES: Final = {
    "slow_return": "longest way back, times the way out",
    "too_fast": "shortest way out or back",
    "speed": "fastest change a second",
    "drop_in_hold": "largest sinking before the way back",
    "reversals": "turns back",
    "side_difference": "largest difference between the sides",
}


def number_words(
    name: str, section: RepetitionRule | HoldRule | PaceRule | Condition | FaultRule, exercise: Exercise
) -> tuple[str, str]:
    """What one number of a movement is, for a form, and its unit.

    Args:
        name: its key within the section.
        section: where it stands.
        exercise: the movement that the section belongs to.

    Returns:
        Words ("knee flexion, change from the start, above") and the unit.
    """
    if name == "threshold" and isinstance(section, Condition | NotReachedFault):
        return _threshold_words(section), threshold_unit(section, exercise)
    if name == "threshold" and not isinstance(section, RepetitionRule | HoldRule | PaceRule | Condition):
        return THRESHOLD_NAMES[section.rule], threshold_unit(section, exercise)
    if name.endswith("_s"):
        return NUMBER_NAMES[name], "s"
    if name == "cycles" or exercise.repetition is None:
        return NUMBER_NAMES[name], "count"
    return NUMBER_NAMES[name], CATALOGUE[exercise.repetition.signal].unit


def _threshold_words(rule: Condition | NotReachedFault) -> str:
    """A threshold on a signal without its number, literally, so that the number keeps its sign."""
    signal = CATALOGUE[rule.signal].name
    what = f"{signal[0].lower()}{signal[1:]}"
    if isinstance(rule, NotReachedFault):
        return f"{what}, change from the start, at least"
    compared = "as it is" if rule.compare == "absolute" else "change from the start"
    past = {"above": "above", "below": "below", "either": "either way beyond"}[rule.direction]
    return f"{what}, {compared}, {past}"
