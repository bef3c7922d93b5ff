"""What a correction says, in words, for the page that lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from checker.assessment import Assessment, FaultResult, Measure, Repetition
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.review.by_hand import HandAngle, HandGrid, HandLine, HandTime
from checker.review.corrections import (
    WHY_UNUSABLE,
    Add,
    Agree,
    Bounds,
    ChangeSide,
    ConfirmFault,
    Correction,
    Delete,
    DismissFault,
    Join,
    JointSet,
    Reading,
    Split,
    Undo,
    Unusable,
)
from checker.review.joints import set_within
from checker.review.judgements import REPETITIONS
from checker.signals import CATALOGUE
from checker.skeleton import Landmark
from checker.words.cards import noun
from checker.words.values import (
    COARSE_DEG,
    against_limit,
    listed,
    number,
    plus_minus,
    quantity,
    sentence,
    side_label,
    span,
)


def correction_words(made: Correction, exercise: Exercise) -> str:
    """One sentence of what was corrected."""
    return sentence(_WORDS[type(made)](made, exercise))


STATUS_WORDS: Final = {
    "flagged": "seen",
    "unsure": "not certain",
    "clear": "not there",
    "not_measured": "could not be judged",
}
"""What the machine says of a fault, the certain ones first."""


def machine_words(made: Correction, machine: Assessment, exercise: Exercise) -> str:
    """What the machine says of the same thing; empty where it says nothing of it."""
    if isinstance(made, ConfirmFault | DismissFault):
        return next((STATUS_WORDS[f.status] for f in machine.faults if f.id == made.fault), "")
    if isinstance(made, Reading):
        found = next((m for m in machine.measures if (m.id, m.side) == (made.measure, made.side)), None)
        if made.measure == REPETITIONS:
            return f"{sum(made.side is None or r.side == made.side for r in machine.reps)}"
        return "not measured" if found is None or found.value is None else f"{quantity(found)} {plus_minus(found)}"
    if isinstance(made, Add | Bounds):
        return found_between(machine, made.start_s, made.end_s, exercise)
    if isinstance(made, Join):
        return found_between(machine, made.first_s, made.second_s, exercise)
    at_s = getattr(made, "at_s", None)
    return "" if at_s is None else found_between(machine, at_s, at_s, exercise)


def fault_words(fault: FaultResult) -> str:
    """What a result says of a fault: "seen (read 21° ±3°, the limit is 20°)"."""
    words = STATUS_WORDS[fault.status]
    if fault.peak is None:
        return words
    read, limit = (number(v, fault.unit, COARSE_DEG) for v in (fault.peak, fault.threshold))
    error = number(fault.error, fault.unit, COARSE_DEG) if fault.error else ""
    return f"{words} ({against_limit(read, limit, error)})"


def now_and_then(now: FaultResult, machine: FaultResult | None, verdict: bool | None) -> str:
    """What is said of a fault now where that is another thing than the machine said, and what the machine said.

    Args:
        now: by the corrected result.
        machine: by the machine's own; None where it did not look for it.
        verdict: whether a reviewer says that it was there; None where nobody said anything.
    """
    own = STATUS_WORDS["not_measured"] if machine is None else fault_words(machine)
    told = fault_words(now) if verdict is None else STATUS_WORDS[now.status]
    same = told == own or (verdict is not None and machine is not None and machine.status == now.status)
    return f"the machine: {own}" if same else f"now: {told} · the machine: {own}"


def found_between(machine: Assessment, start_s: float, end_s: float, exercise: Exercise) -> str:
    """The repetitions or holds that the machine found between two moments: "left, 21° ±4°, 1.5 to 5.1 s"."""
    found = [r for r in machine.reps if r.start_s <= end_s and r.end_s >= start_s]
    if not found:
        return f"no {noun(exercise)} here"
    return "; ".join(_repetition(r) for r in found)


def _repetition(rep: Repetition) -> str:
    side = side_label(rep.side).lower()
    parts = [side, f"{quantity(rep.rom)} {plus_minus(rep.rom)}".strip(), span(rep.start_s, rep.end_s)]
    return ", ".join(p for p in parts if p)


def joint_words(joint: str) -> str:
    """A joint as one says it: "left foot" for the tip of the foot."""
    return joint.replace("_index", "").replace("_", " ")


def behind_words(
    measure: Measure, exercise: Exercise, result: Analysis, corrections: Sequence[Correction]
) -> list[str]:
    """Which joints behind a measure were set by hand, and what its ± says of that; nothing where none was.

    Args:
        measure: of the corrected result.
        exercise: its movement.
        result: the corrected one.
        corrections: those that were not taken back.
    """
    joints = [c for c in corrections if isinstance(c, JointSet)]
    rule = next(m for m in exercise.measures if m.id == measure.id)
    on = rule.on or (exercise.repetition.signal if exercise.repetition is not None else None)
    landmarks = set(Landmark) if on is None else {*CATALOGUE[on].needs, *CATALOGUE[on].each}
    reps = [r for r in result.assessment.reps if measure.side is None or r.side == measure.side]
    starts = [s.start.pose.t_s for s in result.segments if s.start is not None and len(s.start.pose)]
    within = [
        (f"these {noun(exercise)}s", [(r.start_s, r.end_s) for r in reps]),
        ("the start posture", [(float(t_s[0]), float(t_s[-1])) for t_s in starts]),
    ]
    out = []
    for where, stretches in within:
        found = {j.id: j for stretch in stretches for j in set_within(joints, landmarks, *stretch)}
        named = [f"the {joint_words(j.joint)} at {j.t_s:.2f} s" for j in found.values()]
        out += [sentence(f"set by hand in {where}: {listed(named)}")] if named else []
    return [*out, NOT_OF_HANDS] if out else []


NOT_OF_HANDS: Final = "How exactly a joint was set by hand is not in the ±."


def _from_to(made: Add | Bounds) -> str:
    furthest = "" if made.furthest_s is None else f", furthest at {made.furthest_s:.2f} s"
    return f"{made.start_s:.2f} to {made.end_s:.2f} s{furthest}"


def _side(side: str | None) -> str:
    label = side_label(side).lower()
    return f", {label}" if label else ""


def _fault(fault: str, exercise: Exercise) -> str:
    return next((f.name.lower() for f in exercise.faults if f.id == fault), fault)


def _unusable(made: Unusable, exercise: Exercise) -> str:
    where = "The recording" if made.at_s is None else f"The {noun(exercise)} at {made.at_s:.1f} s"
    return f"{where} left out: {WHY_UNUSABLE[made.why].text}"


def _reading(made: Reading, exercise: Exercise) -> str:
    name = next((m.name.lower() for m in exercise.measures if m.id == made.measure), made.measure)
    return f"Own reading of {name}{_side(made.side)}: {number(made.value, made.unit, 0.1)}"


_WORDS: Final[dict[type, Callable[[Any, Exercise], str]]] = {
    Delete: lambda c, e: f"The {noun(e)} at {c.at_s:.1f} s deleted",
    Add: lambda c, e: f"A {noun(e)} added{_side(c.side)}: {_from_to(c)}",
    Bounds: lambda c, e: f"The {noun(e)} at {c.at_s:.1f} s moved: {_from_to(c)}",
    Join: lambda c, e: f"The {noun(e)}s at {c.first_s:.1f} and {c.second_s:.1f} s joined",
    Split: lambda c, e: f"A {noun(e)} split at {c.at_s:.1f} s",
    ChangeSide: lambda c, e: f"The {noun(e)} at {c.at_s:.1f} s: side changed to {side_label(c.side).lower()}",
    ConfirmFault: lambda c, e: f"Seen: {_fault(c.fault, e)}",
    DismissFault: lambda c, e: f"Not there: {_fault(c.fault, e)}",
    Unusable: _unusable,
    JointSet: lambda c, _: f"The {joint_words(c.joint)} set by hand at {c.t_s:.2f} s",
    Reading: _reading,
    HandAngle: lambda c, _: f"Measured by hand at {c.t_s:.2f} s: an angle of {number(c.value, 'deg', c.uncertainty)}",
    HandLine: lambda c, _: f"Measured by hand at {c.t_s:.2f} s: a line of {c.value:.0f} px",
    HandTime: lambda c, _: f"Measured by hand at {c.t_s:.2f} s: {c.value:.2f} s",
    HandGrid: lambda c, _: f"A grid at {c.t_s:.2f} s: squares of {c.spacing_px:.0f} px",
    Agree: lambda _c, _e: "Everything else agreed with",
    Undo: lambda _c, _e: "A correction taken back",
}
