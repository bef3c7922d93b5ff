"""The schema of an exercise file (TOML).

A movement is data: what is measured, what counts, what is a compensation, how it looks, and the words for the
patient. Adding one needs no Python. `exercises/README.md` shows how; `library.py` reads the files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from checker.dose import Dose
from checker.fault_rules import AtPeakFault, FaultRule
from checker.figure import Prop, Stance
from checker.posture import Position
from checker.rules import HoldRule, Id, MeasureRule, PaceRule, Phase, RepetitionRule, Section, Sourced, Text
from checker.safety import STOP_RISE, STOP_RULES
from checker.signals import CATALOGUE

Kind = Literal["self_test", "exercise", "guided", "avoid"]
Load = Literal["calm", "gentle", "load"]
"""How much it asks of the back: what pain allows goes by it."""

Direction = Literal["flexion", "extension", "rotation", "side", "none"]
"""Where it bends the low back to."""

Surface = Literal["floor", "bed", "chair", "standing"]
"""Where it is done; "bed": lying, and a bed is good enough."""

Condition = Literal[
    "osteoporosis",
    "hip_replacement",
    "knee_disease",
    "knee_replacement",
    "high_blood_pressure",
    "spinal_stenosis",
    "spondylolisthesis",
    "pregnancy",
    "anticoagulants",
    "recent_surgery",
    "balance_or_falls",
    "wrist_pain",
    "shoulder_pain",
    "dizziness",
    "poor_skin_sensation",
    "bending_forward_hurts",
    "bending_back_hurts",
    "leg_pain_moves_down",
]
"""What a precaution is for; `hip_replacement` of either side. The last three show themselves as somebody moves."""

Action = Literal["leave_out", "smaller", "ask_first", "have_company"]

CALM_STOP_RULES: Final = (f"Stop when pain rises by {STOP_RISE} from where it was when you began.", *STOP_RULES[1:])
"""What a calm movement stops for: it is done with much pain as well, so only a rise of it counts."""


class Precaution(Sourced):
    """What is different in this movement for somebody with a condition; `text` says it to them."""

    condition: Condition
    action: Action
    text: Text


class Picture(Section):
    """The drawing: a figure at the start and at the end of the movement.

    `marked` is the joint at which the measured angle is drawn; `props` what stands around;
    `caption` what the end shows. `end` is not there where nothing moves.
    """

    start: Stance
    end: Stance | None = None
    marked: Literal["trunk", "hip", "knee", "back", "turn", "leg", "arm"] | None = None
    props: list[Prop] = Field(default_factory=list)
    caption: Text | None = None


class Exercise(Section):
    """One movement, as its file describes it."""

    id: Id
    name: Text
    kind: Kind
    position: Position
    view: Literal["front", "side"] = "side"
    max_yaw_deg: float = Field(default=20.0, gt=0, le=45)
    phases: list[Phase]
    load: Load = "load"
    direction: Direction = "none"
    surface: Surface | None = None
    summary: Text
    why: Text
    steps: list[Text] = Field(min_length=1)
    camera: list[Text] = Field(default_factory=list)
    equipment: list[Text] = Field(default_factory=list)
    cautions: list[Text] = Field(min_length=1)
    stop: list[Text] = Field(default=list(STOP_RULES), min_length=1)
    instead: list[Id] = Field(default_factory=list)
    sources: list[Text] = Field(min_length=1)
    doses: list[Dose] = Field(default_factory=list)
    precautions: list[Precaution] = Field(default_factory=list)
    picture: Picture
    repetition: RepetitionRule | None = None
    hold: HoldRule | None = None
    pace: PaceRule | None = None
    measures: list[MeasureRule] = Field(default_factory=list)
    faults: list[FaultRule] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _calm_stop(cls, data: Any) -> Any:
        """A calm movement whose file does not say when to stop has rules of its own."""
        is_calm = isinstance(data, dict) and data.get("load") == "calm"
        return {"stop": list(CALM_STOP_RULES), **data} if is_calm else data

    @model_validator(mode="after")
    def _consistent(self) -> Exercise:
        """Tell everything that does not fit together at once."""
        problems = [*self._kind_problems(), *self._fault_problems()]
        problems += [f"expected each measure once, {i} stands twice" for i in _twice(m.id for m in self.measures)]
        wrong_view = [s for s in self.signals if CATALOGUE[s].view not in {self.view, "any"}]
        problems += [f"{s} is read from the {CATALOGUE[s].view}, but view is {self.view!r}" for s in wrong_view]
        twice = _twice(p.condition for p in self.precautions)
        problems += [f"expected each condition once, {c} stands twice" for c in twice]
        problems += self._target_problems()
        strange = sorted({p for d in self.doses for p in d.phases} - set(self.phases))
        problems += [f"doses: phase {p} is not among the movement's phases {self.phases}" for p in strange]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _kind_problems(self) -> list[str]:
        """What must and must not be there for a kind."""
        out = []
        if self.kind != "avoid" and not (self.phases and self.doses):
            out.append(f'a movement of kind "{self.kind}" needs phases and at least one [[doses]]')
        if not self.is_measured:
            extra = [k for k in ("repetition", "hold", "measures", "faults") if getattr(self, k)]
            return out + [f'kind "{self.kind}" measures nothing, so {k} does not belong here' for k in extra]
        if (self.repetition is None) == (self.hold is None):
            out.append("expected either [repetition] or [hold]")
        if not self.measures:
            out.append("expected at least one [[measures]]")
        if not self.camera:
            out.append("camera: expected at least one sentence on how to film it")
        return out

    def _fault_problems(self) -> list[str]:
        """What does not fit between the faults and the rest."""
        ids = [f.id for f in self.faults]
        out = [f"expected each fault id once, {i} stands twice" for i in _twice(ids)]
        unless = {u for f in self.faults for u in f.imitated_by}
        out += [f"unless: expected ids of this file's faults, got {u}" for u in sorted(unless - set(ids))]
        signed = self.repetition is not None and self.repetition.sides == "signed"
        compared = {f.id for f in self.faults if f.of_sides}
        if compared and not signed:
            out.append('a side_difference fault needs repetition.sides = "signed"')
        out += [f"unless: {u} compares whole sides and imitates nothing" for u in sorted(unless & compared)]
        out += [
            f"{f.id}: short_of_reach needs a reach in every dose, and direction below"
            for f in self.faults
            if isinstance(f, AtPeakFault)
            and f.short_of_reach is not None
            and (f.direction != "below" or not self.doses or any(d.reach is None for d in self.doses))
        ]
        if self.repetition is None:
            needs_ways = {f.rule for f in self.faults if f.of_repetition}
            out += [f"a {rule} fault needs a [repetition]" for rule in sorted(needs_ways)]
        return out

    def _target_problems(self) -> list[str]:
        """Targets of sides that the movement does not have."""
        sides = [side or "both" for side in self.sides]
        wrong = [s for m in self.measures if m.target is not None for s in m.target.by_side if s not in sides]
        return [f"target: expected its sides among {', '.join(sides)}, got {side}" for side in wrong]

    @property
    def done_on(self) -> Surface:
        """Where it is done: as its file says, or else by its start position."""
        if self.surface is not None:
            return self.surface
        return "standing" if self.position == "standing" else "chair" if self.position == "seated" else "floor"

    @property
    def is_measured(self) -> bool:
        """Whether anything is measured; otherwise it is guided or advised against."""
        return self.kind in {"self_test", "exercise"}

    @property
    def sides(self) -> list[str | None]:
        """The sides that are counted and measured apart, positive first; [None] where there are none."""
        rule = self.repetition
        return list(rule.names) if rule is not None and rule.sides == "signed" else [None]

    @property
    def signals(self) -> list[str]:
        """Every signal that this movement needs, the counted one first, each once."""
        wanted = [self.repetition.signal] if self.repetition else []
        wanted += [m.on for m in self.measures if m.on is not None]
        if self.hold:
            wanted += [c.signal for c in self.hold.conditions]
        wanted += [signal for fault in self.faults for signal in fault.signals]
        return list(dict.fromkeys(wanted))

    def way(self, signal: str) -> float:
        """-1 for a signal whose fall is what is counted: it is drawn rising, as its range is reported; else 1."""
        rule = self.repetition
        return -1.0 if rule is not None and rule.direction == "fall" and rule.signal == signal else 1.0

    @property
    def reported_as_change(self) -> frozenset[str]:
        """The signals that are reported as a change from the start posture; the others are reported as they are."""
        counted = [self.repetition.signal] if self.repetition else []
        return frozenset([*(m.on for m in self.measures if m.of == "change" and m.on), *counted])

    @property
    def main_measure(self) -> MeasureRule:
        """The measure of the counted signal, or the first one: what a repetition's range is reported in."""
        counted = self.repetition.signal if self.repetition else None
        return next((m for m in self.measures if m.on == counted and m.of == "change"), self.measures[0])

    @property
    def first_dose(self) -> Dose | None:
        """The dose that is meant where nobody chose one; None where the movement has none."""
        return self.doses[0] if self.doses else None

    def dose_in(self, phase: int) -> Dose:
        """The dose of a phase of the programme.

        Raises:
            ValueError: the movement is not done in that phase.
        """
        for dose in self.doses:
            if phase in (dose.phases or self.phases):
                return dose
        known = ", ".join(map(str, self.phases)) or "none"
        raise ValueError(f"{self.name} is not done in phase {phase}: expected one of {known}")

    def for_dose(self, dose: Dose | None) -> Exercise:
        """The movement as it is judged where this dose was asked for: limits that go with its reach are set."""
        if dose is None or dose.reach is None:
            return self
        return self.model_copy(update={"faults": [f.for_dose(dose.reach) for f in self.faults]})

    def goal_s(self, dose: Dose | None) -> float | None:
        """How long it is to be done in all, where it is done by time: against the clock, by its dose or by its pace."""
        if self.repetition is not None and self.repetition.within_s is not None:
            return self.repetition.within_s
        if dose is not None and dose.duration_target_s is not None:
            return dose.duration_target_s
        return self.pace.cycles * sum(step.seconds for step in self.pace.steps) if self.pace is not None else None

    @property
    def sha256(self) -> str:
        """Fingerprint of what is measured and what counts, as it is in force: words and sources leave it as it is.

        Two results of one movement compare only where it is the same.
        """
        judged = self.model_dump(mode="json", include=set(_JUDGED))
        return hashlib.sha256(json.dumps(_numbers(judged), sort_keys=True).encode()).hexdigest()

    @property
    def needs_outline(self) -> bool:
        """Whether any signal is read from the outline of the body."""
        return any(CATALOGUE[s].needs_outline for s in self.signals)


_JUDGED: Final = ("view", "position", "max_yaw_deg", "repetition", "hold", "pace", "measures", "faults")
_WORDS: Final = frozenset(["name", "cue", "source", "status", "expected", "target"])
"""What is only said, or aimed at: it changes no value."""


def _numbers(judged: Any) -> Any:
    """The same without what is only said."""
    if isinstance(judged, dict):
        return {key: _numbers(value) for key, value in judged.items() if key not in _WORDS}
    return [_numbers(value) for value in judged] if isinstance(judged, list) else judged


def _twice(ids: Iterable[str]) -> list[str]:
    ids = list(ids)
    return sorted({i for i in ids if ids.count(i) > 1})
