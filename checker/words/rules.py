"""The rules of an exercise file in plain words: what counts, what is measured, what is flagged.

The same sentences stand in the command line, the report and the library page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

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
from checker.judging.measures import unit_of
from checker.rules import Condition, HoldRule, MeasureRule, PaceRule, RepetitionRule, Sourced, Status
from checker.safety import PHASES
from checker.signals import CATALOGUE
from checker.words.values import duration

UNITS: Final = {s.id: s.unit for s in CATALOGUE.values()}
"""The units of all signals."""

UNIT_WORDS: Final = {"deg": "degrees", "s": "seconds", "count": "times", "T": "torso lengths", "leg": "leg lengths"}
"""Units as they are spoken; a torso length is the person's own, hips to shoulders, about half a metre."""


def amount(value: float, unit: str) -> str:
    """Return a number with its unit in words: "30 degrees", "90 degrees a second"; a ratio has none."""
    words = UNIT_WORDS.get(unit.removesuffix("/s"), "")
    if value == 1:
        words = words.removesuffix("s")
    a_second = " a second" if unit.endswith("/s") else ""
    return f"{value:g} {words}".strip().replace("-", "−") + a_second


def span(value: float | tuple[float, float]) -> str:
    """Return a number or a range: "5", "8 to 10"."""
    return f"{value[0]:g} to {value[1]:g}" if isinstance(value, tuple) else f"{value:g}"


STATUS_WORDS: Final[dict[Status, str]] = {
    "published": "published",
    "clinical judgement": "clinical judgement",
    "set by physio": "set by a physio",
}


def source_words(rule: Sourced) -> str:
    """Return where a number comes from: "clinical judgement: starting value"."""
    return f"{STATUS_WORDS[rule.status]}: {rule.source}"


# --- what counts --------------------------------------------------------------------------------


def repetition_words(exercise: Exercise) -> str:
    """Return in one or two sentences what counts: a repetition, a hold, or nothing."""
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
    """Return when the clock of a hold runs, and when the hold ends."""
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
    """Return the rhythm to follow: "Breathe in 5 s, pause 1 s, breathe out 3 s; 10 times"."""
    steps = ", ".join(f"{s.name[0].lower()}{s.name[1:]} {s.seconds:g} s" for s in rule.steps)
    total_s = rule.cycles * sum(s.seconds for s in rule.steps)
    return f"{steps[0].upper()}{steps[1:]}; {rule.cycles} times, {total_s:g} seconds in all."


# --- what is reported ---------------------------------------------------------------------------


def measure_words(rule: MeasureRule, held: bool = False) -> str:
    """Return what a value is, what is expected of it, and how it is put into classes.

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
            text += f" Reported in classes: {_classes(rule.bands, signal.unit)}."
    text = f"{text} Expected: {rule.expected}." if rule.expected else text
    return f"{text} Target: {target_words(rule)}." if rule.target is not None else text


def target_words(rule: MeasureRule) -> str:
    """Return the target of a measure by side: "40 degrees left, 35 degrees right"; empty where there is none."""
    if rule.target is None:
        return ""
    sides = rule.target.by_side.items()
    return ", ".join(f"{amount(value, unit_of(rule))}{'' if side == 'both' else f' {side}'}" for side, value in sides)


def _classes(limits: list[float], unit: str) -> str:
    between = [f"{a:g} to {b:g}" for a, b in pairwise(limits)]
    return ", ".join([f"under {limits[0]:g}", *between, f"over {amount(limits[-1], unit)}"])


# --- what is flagged ----------------------------------------------------------------------------


def condition_words(condition: Condition) -> str:
    """Return the words of a signal past its threshold: "the knees bend by more than 30 degrees from the start"."""
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
    """Return the unit of a threshold: that of its signal, "s", "ratio", "count" or a unit a second."""
    if isinstance(rule, Condition):
        return CATALOGUE[rule.signal].unit
    counted = exercise.repetition.signal if exercise.repetition else ""
    return rule.threshold_unit(UNITS, counted)


def fault_words(fault: FaultRule, exercise: Exercise) -> str:
    """Return when a fault is flagged, in sentences.

    Args:
        fault: one of the exercise's faults.
        exercise: the movement; some thresholds are in the unit of the signal that it is counted on.
    """
    said = FAULT_WORDS[type(fault)]
    about = _About(exercise, threshold_unit(fault, exercise))
    text = f"{'Noted' if fault.severity == 'info' else 'Flagged'} when {said.when(fault, about)}."
    near = said.near(fault, about)
    return " ".join([text, *([f"Not certain {near}."] if near else []), *said.besides(fault, about)])


@dataclass(frozen=True, slots=True)
class _About:
    """What the words of a rule need of the movement: itself, and the unit of the rule's threshold."""

    exercise: Exercise
    unit: str

    @property
    def counted(self) -> str:
        """Id of the signal that repetitions are counted on; "" where there is none."""
        return self.exercise.repetition.signal if self.exercise.repetition else ""

    @property
    def counted_unit(self) -> str:
        """The unit of that signal."""
        return UNITS.get(self.counted, "")

    def within(self, *errors: str) -> str:
        """Return how near to a threshold nothing is certain; empty where no error is known."""
        return f"within {' or '.join(dict.fromkeys(errors))} of that" if errors else ""

    def of(self, error: float) -> str:
        """Return the same of one error in the unit of the threshold; 0 where none is known."""
        return self.within(amount(error, self.unit)) if error else ""


@dataclass(frozen=True, slots=True)
class FaultWords:
    """The words of one kind of fault rule. The functions take the rule and what is known about the movement.

    Attributes:
        when: the condition, behind "flagged when".
        near: how near to the threshold it is not certain, behind "not certain"; empty where no error is known.
        besides: further sentences.
        number: the name of the threshold in a form; empty where it is named after its signal.
        asked: what is wrong, where somebody is asked for a rule; empty where this one is not asked for.
        question: how its threshold is asked for.
    """

    when: Callable[[Any, _About], str]
    near: Callable[[Any, _About], str]
    besides: Callable[[Any, _About], list[str]] = lambda *_: []
    number: str = ""
    asked: str = ""
    question: str = "By how much at most, from the start; falling is negative"


def _past(fault: PastFault, _: _About) -> str:
    joint = " or " if fault.when == "any" else " and at the same time "
    held = " while the end position is held" if fault.during == "hold" else ""
    past = joint.join(condition_words(c) for c in fault.conditions)
    return f"{past}{held}, for {fault.min_duration_s:g} s or longer"


def _past_near(fault: PastFault, about: _About) -> str:
    return about.within(*(amount(e, UNITS[c.signal]) for c in fault.conditions if (e := signal_error(c))))


def _unless(fault: PastFault, about: _About) -> list[str]:
    """Return which other faults look the same to the camera."""
    if not fault.unless:
        return []
    names = {f.id: f.name for f in about.exercise.faults}
    others = " or ".join(f"“{names[i]}”" for i in fault.unless)
    same = f"Not judged where {others} is flagged, which looks the same to the camera;"
    return [f"{same} not certain where that is not clear."]


def _not_reached(fault: NotReachedFault, about: _About) -> str:
    way = CATALOGUE[fault.signal].words.rises
    return f"{way} by less than {amount(fault.threshold, about.unit)} from the start in a repetition"


def _too_fast(fault: TooFastFault, _: _About) -> str:
    way = {"out": "the way out", "back": "the way back", "either": "the way out or back"}[fault.way]
    return f"{way} takes less than {amount(fault.threshold, 's')}"


def _reversals(fault: ReversalsFault, about: _About) -> str:
    size, often = amount(fault.size, about.counted_unit), amount(fault.threshold, about.unit)
    return f"the movement turns back and on again, by {size} or more, {often} or more in a repetition"


def _reversals_near(_: ReversalsFault, about: _About) -> str:
    size = waver_error(about.counted)
    return f"where {amount(size, about.counted_unit)} would change that" if size else ""


def _short_of_reach(fault: AtPeakFault, _: _About) -> list[str]:
    if not fault.moves_with_dose:
        return []
    short = amount(fault.short_of_reach or 0.0, UNITS[fault.signal])
    return [f"The limit goes with the dose: {short} short of what is asked for."]


def _sides_near(fault: SideDifferenceFault, about: _About) -> str:
    if fault.error is None:
        return "where the uncertainties of both sides together would change that"
    return about.of(fault.error)


FAULT_WORDS: Final[dict[type[FaultRule], FaultWords]] = {
    PastFault: FaultWords(
        when=_past,
        near=_past_near,
        besides=_unless,
        asked="something goes too far, or moves that should not",
    ),
    NotReachedFault: FaultWords(
        when=_not_reached,
        near=lambda fault, about: about.of(signal_error(fault)),
        asked="something does not go far enough",
        question="How far it should go at least, from the start",
    ),
    AtPeakFault: FaultWords(
        when=lambda fault, _: f"{condition_words(fault)}, at the furthest point of a repetition",
        besides=_short_of_reach,
        near=lambda fault, about: about.of(signal_error(fault)),
        asked="something is too far at the furthest point",
    ),
    TooFastFault: FaultWords(
        when=_too_fast,
        near=lambda _, about: about.of(WAY_ERROR_S),
        number="shortest way out or back",
        asked="the way out or back is too quick",
        question="Shortest time for the way out or back, seconds",
    ),
    SlowReturnFault: FaultWords(
        when=lambda fault, _: f"the way back takes more than {fault.threshold:g} times as long as the way out",
        near=lambda *_: f"where {amount(WAY_ERROR_S, 's')} more or less on each way would change that",
        number="longest way back, times the way out",
        asked="the way back takes much longer than the way out",
        question="How many times as long as the way out, above 1",
    ),
    SpeedFault: FaultWords(
        when=lambda f, about: f"{CATALOGUE[f.signal].words.what} changes faster than {amount(f.threshold, about.unit)}",
        near=lambda fault, about: about.of(speed_error(fault)),
        number="fastest change a second",
        asked="something moves too fast",
        question="Fastest change a second",
    ),
    DropInHoldFault: FaultWords(
        when=lambda f, about: (
            f"the position sinks by more than {amount(f.threshold, about.unit)} before the way back begins"
        ),
        near=lambda fault, about: about.of(drop_error(fault, about.counted)),
        number="largest sinking before the way back",
        asked="the position sinks before the way back",
        question="By how much it may sink",
    ),
    ReversalsFault: FaultWords(when=_reversals, near=_reversals_near, number="turns back"),
    SideDifferenceFault: FaultWords(
        when=lambda fault, about: f"the two sides differ by more than {amount(fault.threshold, about.unit)}",
        near=_sides_near,
        number="largest difference between the sides",
        asked="the two sides differ",
        question="Largest difference between the sides",
    ),
}
"""The words of each kind of fault rule, in the order in which somebody is asked for them."""


# --- how much -----------------------------------------------------------------------------------


def dose_words(dose: Dose) -> str:
    """Return how much to do: "2 sets of 8 to 10, each held for 5 seconds"."""
    parts = []
    if dose.repetitions is not None:
        times = "" if dose.sets > 1 else " time" if dose.repetitions == 1 else " times"
        parts.append(f"{span(dose.repetitions)}{times}")
    if dose.hold_s is not None:
        parts.append(f"{'each ' if parts else ''}held for {span(dose.hold_s)} seconds")
    if dose.duration_s is not None:
        ends_s = dose.duration_s if isinstance(dose.duration_s, tuple) else (dose.duration_s,)
        parts.append(f"for {duration(*ends_s)}")
    text = ", ".join(parts)
    if dose.sets > 1:
        text = f"{dose.sets} {'times' if dose.repetitions is None else 'sets of'} {text}"
    text = f"{text[0].upper()}{text[1:]}"
    if dose.times_a_day > 1:
        text += f", {dose.times_a_day} times a day"
    text += f", {dose.tempo}." if dose.tempo else "."
    return f"{text} {dose.note}" if dose.note else text


def phases_words(phases: list[int]) -> str:
    """Return the phases of the programme: "phase 2 (pain-free range), phase 3 (healing)"."""
    return ", ".join(f"phase {p} ({PHASES[p]})" for p in phases)


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


def number_words(
    name: str, section: RepetitionRule | HoldRule | PaceRule | Condition | FaultRule, exercise: Exercise
) -> tuple[str, str]:
    """Return what one number of a movement is, for a form, and its unit.

    Args:
        name: its key within the section.
        section: where it stands.
        exercise: the movement that the section belongs to.

    Returns:
        Words ("knee flexion, change from the start, above") and the unit.
    """
    if name == "threshold" and not isinstance(section, RepetitionRule | HoldRule | PaceRule):
        said = FAULT_WORDS.get(type(section))  # type: ignore[arg-type]  # a condition has none
        return (said and said.number) or _threshold_words(section), threshold_unit(section, exercise)
    if name.endswith("_s"):
        return NUMBER_NAMES[name], "s"
    if name == "cycles" or exercise.repetition is None:
        return NUMBER_NAMES[name], "count"
    return NUMBER_NAMES[name], CATALOGUE[exercise.repetition.signal].unit


def _threshold_words(rule: Condition | FaultRule) -> str:
    """Return a threshold on a signal without its number, literally, so that the number keeps its sign."""
    signal = CATALOGUE[rule.signals[0] if not isinstance(rule, Condition) else rule.signal].name
    what = f"{signal[0].lower()}{signal[1:]}"
    if not isinstance(rule, Condition):
        return f"{what}, change from the start, at least"
    compared = "as it is" if rule.compare == "absolute" else "change from the start"
    past = {"above": "above", "below": "below", "either": "either way beyond"}[rule.direction]
    return f"{what}, {compared}, {past}"
