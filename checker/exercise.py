"""The schema of an exercise file (TOML).

A movement is data: what is measured, what counts, what is a compensation, how it looks, and the words for the
patient. Adding one needs no Python. `exercises/README.md` shows how; `library.py` reads the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from checker.figure import Prop, Stance
from checker.posture import Position
from checker.signals import CATALOGUE

Status = Literal["published", "clinical judgement", "set by physio"]
Kind = Literal["self_test", "exercise", "guided", "avoid"]
Text = Annotated[str, Field(min_length=3)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SignalId = Annotated[str, Field(min_length=1)]
Phase = Annotated[int, Field(ge=1, le=10)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]

PHASES: Final = {
    1: "protect",
    2: "pain-free range",
    3: "healing",
    4: "stability",
    5: "full range",
    6: "strength",
    7: "control",
    8: "endurance",
    9: "power",
    10: "clearance",
}
"""The programme's phases by number."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Sourced(_Section):
    """A number that says where it comes from."""

    source: Text
    status: Status


def _known_signal(value: str) -> str:
    if value not in CATALOGUE:
        raise ValueError(f"expected one of {', '.join(sorted(CATALOGUE))}")
    return value


class _OnSignal(_Section):
    signal: SignalId

    @field_validator("signal")
    @classmethod
    def _known(cls, value: str) -> str:
        return _known_signal(value)


# --- what counts --------------------------------------------------------------------------------


class RepetitionRule(_OnSignal, _Sourced):
    """How repetitions are found on one signal: out from the start posture and back.

    Attributes:
        sides: "signed": positive excursions are one side, negative ones the other; "both": one
            direction only.
        names: of the two sides, positive first.
        direction: of a "both" movement: whether the signal rises or falls on the way out.
        min_excursion: the smallest movement that counts, in the signal's unit, from the start.
        hold_from: excursion from which the hold's clock runs; `None`: nine tenths of the
            repetition's own peak.
        within_s: only repetitions within this long of the first one's start count.
        feet_may_move: whether a foot leaves its place in this movement; otherwise, standing, a
            repetition with a step in it does not count.
    """

    sides: Literal["signed", "both"]
    names: tuple[Id, Id] = ("left", "right")
    direction: Literal["rise", "fall"] = "rise"
    min_excursion: float = Field(gt=0)
    min_duration_s: float = Field(default=1.0, gt=0)
    max_duration_s: float = Field(default=60.0, gt=0)
    hold_from: Positive | None = None
    within_s: Positive | None = None
    feet_may_move: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> RepetitionRule:
        if self.min_duration_s >= self.max_duration_s:
            raise ValueError(
                f"expected min_duration_s below max_duration_s, got {self.min_duration_s:g} and {self.max_duration_s:g}"
            )
        if self.sides == "signed" and self.direction != "rise":
            raise ValueError('direction belongs to sides = "both"; a signed movement goes both ways')
        if self.names[0] == self.names[1]:
            raise ValueError(f"expected two different names, got {self.names[0]!r} twice")
        return self

    @property
    def directions(self) -> list[tuple[str, float]]:
        """Each side with the sign of its excursions."""
        if self.sides == "signed":
            return [(self.names[0], 1.0), (self.names[1], -1.0)]
        return [("both", 1.0 if self.direction == "rise" else -1.0)]


class _Judged(_Sourced):
    """The threshold of a fault.

    `error`: half-width of 90 % of the errors of what is compared with it, where measured for this movement.
    """

    error: NotNegative | None = None


class Condition(_OnSignal, _Sourced):
    """A signal past a threshold.

    `compare` "start": the change from the person's own start posture; "absolute": as it is.
    `direction` "either" takes the size of it, whatever its sign.
    """

    direction: Literal["above", "below", "either"] = "above"
    compare: Literal["start", "absolute"] = "start"
    threshold: float


class FaultCondition(Condition, _Judged):
    """A condition by which a fault is judged."""


class HoldRule(_Sourced):
    """A posture that is kept from the start on: no way out and back.

    The clock runs while every condition is met (without any: from the start posture to the end)
    and pauses while one is not; a pause longer than `max_pause_s` ends the hold.
    """

    min_duration_s: float = Field(default=3.0, gt=0)
    max_pause_s: float = Field(default=3.0, gt=0)
    conditions: list[Condition] = Field(default_factory=list)


class PaceStep(_Section):
    """One part of a paced cycle."""

    name: Text
    seconds: float = Field(gt=0)


class PaceRule(_Sourced):
    """A rhythm to follow, shown by the app: in for five seconds, rest for one, out for three."""

    steps: list[PaceStep] = Field(min_length=2)
    cycles: int = Field(ge=1)


# --- what is reported ---------------------------------------------------------------------------

MeasureOf = Literal["change", "value", "largest", "spread", "rate", "hold_time", "count"]


class MeasureRule(_Sourced):
    """One value to report.

    Attributes:
        id: of the measure; also the signal it is taken from, unless `signal` names another.
        of: "change": from the start posture to the peak; "value": as it is at the peak; "largest": the furthest it
            gets from the start anywhere in the repetition; "spread": the range within which it stays for 90 % of the
            time; "rate": its ups and downs a minute; "hold_time": seconds held, and "count": repetitions, for
            which the signal does not matter.
        bands: class limits in the signal's unit, where degrees alone would promise too much.
    """

    id: Id
    name: Text
    signal: SignalId | None = None
    of: MeasureOf = "change"
    expected: Text | None = None
    bands: list[float] = Field(default_factory=list)

    @field_validator("bands")
    @classmethod
    def _rising(cls, value: list[float]) -> list[float]:
        if any(b <= a for a, b in pairwise(value)):
            raise ValueError("expected rising limits")
        return value

    @model_validator(mode="after")
    def _measurable(self) -> MeasureRule:
        if self.of in {"hold_time", "count"}:
            return self
        signal = _known_signal(self.signal or self.id)
        if CATALOGUE[signal].error_90 is None:
            known = ", ".join(sorted(s.id for s in CATALOGUE.values() if s.error_90 is not None))
            raise ValueError(f"{signal}: its error is not known, so it cannot be a measure; these can: {known}")
        return self

    @property
    def on(self) -> str | None:
        """The signal it is taken from; None where it comes from the repetitions themselves."""
        return None if self.of in {"hold_time", "count"} else self.signal or self.id


# --- what is flagged: past its threshold by more than the error with which it is read -----------


class _Fault(_Section):
    """`out_of_reach`: why no camera can tell this one; it is named for people to watch, and never judged."""

    id: Id
    name: Text
    cue: Text
    severity: Literal["fault", "info"] = "fault"
    out_of_reach: Text | None = None


class PastFault(_Fault):
    """Flagged when its conditions hold for `min_duration_s` during a repetition or hold.

    `when` "any": one condition is enough; "all": every one at the same time. Peak and threshold of the first are
    reported. `during` "hold": only while the peak is held. `unless`: ids of faults that would imitate this one; where
    one of them is flagged, this one is not measured, and where one is not known to be clear, unsure.
    """

    rule: Literal["past"]
    conditions: list[FaultCondition] = Field(min_length=1)
    when: Literal["any", "all"] = "any"
    during: Literal["movement", "hold"] = "movement"
    min_duration_s: float = Field(default=0.4, gt=0)
    unless: list[str] = Field(default_factory=list)


class NotReachedFault(_Fault, _OnSignal, _Judged):
    """Flagged when a repetition's largest excursion of the signal stays below the threshold."""

    rule: Literal["not_reached"]
    threshold: float = Field(gt=0)


class AtPeakFault(_Fault, FaultCondition):
    """Flagged when the signal is past the threshold at a repetition's peak."""

    rule: Literal["at_peak"]


class SlowReturnFault(_Fault, _Sourced):
    """Flagged when the way back takes over `threshold` times the way out."""

    rule: Literal["slow_return"]
    threshold: float = Field(gt=1)


class TooFastFault(_Fault, _Sourced):
    """Flagged when the way out or back takes less than `threshold` seconds."""

    rule: Literal["too_fast"]
    way: Literal["out", "back", "either"] = "either"
    threshold: float = Field(gt=0)


class SpeedFault(_Fault, _OnSignal, _Judged):
    """Flagged when the signal changes faster than `threshold` units a second."""

    rule: Literal["speed"]
    threshold: float = Field(gt=0)


class DropInHoldFault(_Fault, _Judged):
    """Flagged when the counted signal sinks by more than `threshold` before the way back."""

    rule: Literal["drop_in_hold"]
    threshold: float = Field(gt=0)


class ReversalsFault(_Fault, _Sourced):
    """Flagged when the movement turns back and on again `threshold` times or more by `size`."""

    rule: Literal["reversals"]
    threshold: float = Field(ge=1)
    size: float = Field(gt=0)


class SideDifferenceFault(_Fault, _Judged):
    """Flagged when the two sides' ranges differ by more than the threshold."""

    rule: Literal["side_difference"]
    threshold: float = Field(gt=0)


FaultRule = Annotated[
    PastFault
    | NotReachedFault
    | AtPeakFault
    | SlowReturnFault
    | TooFastFault
    | SpeedFault
    | DropInHoldFault
    | ReversalsFault
    | SideDifferenceFault,
    Field(discriminator="rule"),
]


# --- how much, and how it looks -----------------------------------------------------------------

Range = tuple[Positive, Positive]
"""From and to."""


class Dose(_Sourced):
    """How much of it to do; `phases` empty: in every phase of the movement.

    `sets` are done one after the other, `times_a_day` apart. A pair of numbers is a range: [8, 10].
    `repetitions` are to each side where there are sides.
    """

    phases: list[Phase] = Field(default_factory=list)
    times_a_day: int = Field(default=1, ge=1)
    sets: int = Field(default=1, ge=1)
    repetitions: int | tuple[int, int] | None = None
    hold_s: Positive | Range | None = None
    duration_s: Positive | Range | None = None
    tempo: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Dose:
        if self.repetitions is None and self.hold_s is None and self.duration_s is None:
            raise ValueError("expected repetitions, hold_s or duration_s")
        for name in ("repetitions", "hold_s", "duration_s"):
            value = getattr(self, name)
            if isinstance(value, tuple) and value[0] >= value[1]:
                raise ValueError(f"{name}: expected a range from low to high, got {list(value)}")
        return self


class Picture(_Section):
    """The drawing: a figure at the start and at the end of the movement.

    `marked` is the joint at which the measured angle is drawn; `props` what stands around;
    `caption` what the end shows. `end` is not there where nothing moves.
    """

    start: Stance
    end: Stance | None = None
    marked: Literal["trunk", "hip", "knee", "back", "turn", "leg", "arm"] | None = None
    props: list[Prop] = Field(default_factory=list)
    caption: Text | None = None


STOP_RULES: Final = (
    "Stop when pain reaches 6 of 10, or rises by 3 from where it was when you began.",
    "Stop and ask a clinician about new leg pain, tingling, numbness or weakness.",
    "Stop when you feel dizzy.",
)
"""What every movement stops for; a file may state its own."""


class Exercise(_Section):
    """One movement, as its file describes it."""

    id: Id
    name: Text
    kind: Kind
    position: Position
    view: Literal["front", "side"] = "side"
    max_yaw_deg: float = Field(default=20.0, gt=0, le=45)
    phases: list[Phase]
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
    picture: Picture
    repetition: RepetitionRule | None = None
    hold: HoldRule | None = None
    pace: PaceRule | None = None
    measures: list[MeasureRule] = Field(default_factory=list)
    faults: list[FaultRule] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> Exercise:
        """Tell everything that does not fit together at once."""
        problems = [*self._kind_problems(), *self._fault_problems()]
        problems += [f"expected each measure once, {i} stands twice" for i in _twice(m.id for m in self.measures)]
        wrong_view = [s for s in self.signals if CATALOGUE[s].view not in {self.view, "any"}]
        problems += [f"{s} is read from the {CATALOGUE[s].view}, but view is {self.view!r}" for s in wrong_view]
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
        unless = {u for f in self.faults if isinstance(f, PastFault) for u in f.unless}
        out += [f"unless: expected ids of this file's faults, got {u}" for u in sorted(unless - set(ids))]
        rules = {f.rule for f in self.faults}
        signed = self.repetition is not None and self.repetition.sides == "signed"
        if "side_difference" in rules and not signed:
            out.append('a side_difference fault needs repetition.sides = "signed"')
        needs_ways = rules & {"slow_return", "too_fast", "drop_in_hold", "reversals", "not_reached", "at_peak"}
        if self.repetition is None and needs_ways:
            out += [f"a {r} fault needs a [repetition]" for r in sorted(needs_ways)]
        return out

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
        for fault in self.faults:
            if isinstance(fault, PastFault):
                wanted += [c.signal for c in fault.conditions]
            elif isinstance(fault, NotReachedFault | AtPeakFault | SpeedFault):
                wanted.append(fault.signal)
        return list(dict.fromkeys(wanted))

    def way(self, signal: str) -> float:
        """-1 for a signal whose fall is what is counted: it is drawn rising, as its range is told; else 1."""
        rule = self.repetition
        return -1.0 if rule is not None and rule.direction == "fall" and rule.signal == signal else 1.0

    @property
    def told_as_change(self) -> frozenset[str]:
        """The signals that are told as a change from the start posture; the others are told as they are."""
        counted = [self.repetition.signal] if self.repetition else []
        return frozenset([*(m.on for m in self.measures if m.of == "change" and m.on), *counted])

    @property
    def main_measure(self) -> MeasureRule:
        """The measure of the counted signal, or the first one: what a repetition's range is told in."""
        counted = self.repetition.signal if self.repetition else None
        return next((m for m in self.measures if m.on == counted and m.of == "change"), self.measures[0])

    @property
    def hold_target_s(self) -> float | None:
        """How long a hold is asked for at least, in the first dose that asks for one."""
        holds = [d.hold_s for d in self.doses if d.hold_s is not None]
        if not holds:
            return None
        return holds[0][0] if isinstance(holds[0], tuple) else holds[0]

    @property
    def needs_outline(self) -> bool:
        """Whether any signal is read from the outline of the body."""
        return any(CATALOGUE[s].needs_outline for s in self.signals)


def _twice(ids: Iterable[str]) -> list[str]:
    ids = list(ids)
    return sorted({i for i in ids if ids.count(i) > 1})
