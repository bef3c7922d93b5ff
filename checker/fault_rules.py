"""What is flagged: the fault rules of an exercise file. Each is past its threshold by more than its error.

A rule is a class: its parameters stand here, with what others must know of it. How it is judged stands in
`judging/faults.py`, how it is said in the table of `words/rules.py`. A new rule touches these three files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal, Self, get_args

from pydantic import Field

from checker.rules import FaultCondition, Id, Judged, OnSignal, Positive, Section, Sourced, Text

OWN_LIMIT: Final = "own_limit"
"""Id of the fault that a limit is, which a physio has set for one person (`care/own_version.py`)."""


class _Fault(Section):
    """`out_of_reach`: why no camera can tell this one; it is named for people to watch, and never judged.

    Attributes:
        timed: whether it asks how quick or how even a movement is.
        of_repetition: whether it needs a way out and back.
        of_sides: whether it compares the sides, and so needs what was measured of each.
        unit: of its threshold; "" where that is the unit of a signal.
    """

    timed: ClassVar[bool] = False
    of_repetition: ClassVar[bool] = True
    of_sides: ClassVar[bool] = False
    unit: ClassVar[str] = ""

    id: Id
    name: Text
    cue: Text
    severity: Literal["fault", "info"] = "fault"
    out_of_reach: Text | None = None

    @property
    def signals(self) -> list[str]:
        """Ids of the signals that it names; none where it looks at the counted one."""
        return [self.signal] if isinstance(self, OnSignal) else []

    @property
    def one_signal_will_do(self) -> bool:
        """Whether it can be judged while one of its signals is seen; else it needs them all."""
        return False

    @property
    def stops_the_clock(self) -> bool:
        """Whether a hold does not count while it is seen: it is bad form, and can be told at a moment."""
        return False

    @property
    def imitated_by(self) -> list[str]:
        """Ids of the faults that look the same."""
        return []

    def for_dose(self, reach: float) -> Self:
        """The same, where the movement is to go so far."""
        return self

    def threshold_unit(self, units: Mapping[str, str], counted: str) -> str:
        """The unit of its threshold.

        Args:
            units: of the signals, by id.
            counted: id of the signal that repetitions are counted on; "" where there is none.
        """
        return self.unit or units.get(next(iter(self.signals), counted), "")


class PastFault(_Fault):
    """Flagged when its conditions hold for `min_duration_s` during a repetition or hold.

    `when` "any": one condition is enough; "all": every one at the same time. Peak and threshold of the first are
    reported. `during` "hold": only while the peak is held. `unless`: ids of faults that would imitate this one; where
    one of them is flagged, this one is not measured, and where one is not known to be clear, unsure.
    """

    of_repetition: ClassVar[bool] = False

    rule: Literal["past"]
    conditions: list[FaultCondition] = Field(min_length=1)
    when: Literal["any", "all"] = "any"
    during: Literal["movement", "hold"] = "movement"
    min_duration_s: float = Field(default=0.4, gt=0)
    unless: list[str] = Field(default_factory=list)

    @property
    def signals(self) -> list[str]:
        """Ids of the signals of its conditions."""
        return [c.signal for c in self.conditions]

    @property
    def threshold(self) -> float:
        """That of the first condition."""
        return self.conditions[0].threshold

    @property
    def one_signal_will_do(self) -> bool:
        """Whether one condition is enough."""
        return self.when == "any"

    @property
    def stops_the_clock(self) -> bool:
        """Whether it is bad form: what is only told stops nothing, nor does a limit."""
        return self.severity == "fault" and self.id != OWN_LIMIT

    @property
    def imitated_by(self) -> list[str]:
        """Ids of the faults that look the same."""
        return self.unless


class NotReachedFault(_Fault, OnSignal, Judged):
    """Flagged when a repetition's largest excursion of the signal stays below the threshold."""

    rule: Literal["not_reached"]
    threshold: float = Field(gt=0)


class AtPeakFault(_Fault, FaultCondition):
    """Flagged when the signal is past the threshold at a repetition's peak.

    `short_of_reach`: where the dose says how far the movement is to go, the threshold is so much short of that,
    unless a physio has set it.
    """

    rule: Literal["at_peak"]
    short_of_reach: Positive | None = None

    @property
    def moves_with_dose(self) -> bool:
        """Whether its threshold goes with the dose that was asked for."""
        return self.short_of_reach is not None and self.status != "set by physio"

    def for_dose(self, reach: float) -> Self:
        """The same, where the movement is to go so far."""
        if not self.moves_with_dose or self.short_of_reach is None:
            return self
        return self.model_copy(update={"threshold": reach - self.short_of_reach})


class SlowReturnFault(_Fault, Sourced):
    """Flagged when the way back takes over `threshold` times the way out."""

    timed: ClassVar[bool] = True
    unit: ClassVar[str] = "ratio"

    rule: Literal["slow_return"]
    threshold: float = Field(gt=1)


class TooFastFault(_Fault, Sourced):
    """Flagged when the way out or back takes less than `threshold` seconds."""

    timed: ClassVar[bool] = True
    unit: ClassVar[str] = "s"

    rule: Literal["too_fast"]
    way: Literal["out", "back", "either"] = "either"
    threshold: float = Field(gt=0)


class SpeedFault(_Fault, OnSignal, Judged):
    """Flagged when the signal changes faster than `threshold` units a second."""

    timed: ClassVar[bool] = True
    of_repetition: ClassVar[bool] = False

    rule: Literal["speed"]
    threshold: float = Field(gt=0)

    def threshold_unit(self, units: Mapping[str, str], counted: str) -> str:
        """Its signal's unit a second."""
        return f"{units.get(self.signal, '')}/s"


class DropInHoldFault(_Fault, Judged):
    """Flagged when the counted signal sinks by more than `threshold` before the way back."""

    rule: Literal["drop_in_hold"]
    threshold: float = Field(gt=0)


class ReversalsFault(_Fault, Sourced):
    """Flagged when the movement turns back and on again `threshold` times or more by `size`."""

    timed: ClassVar[bool] = True
    unit: ClassVar[str] = "count"

    rule: Literal["reversals"]
    threshold: float = Field(ge=1)
    size: float = Field(gt=0)


class SideDifferenceFault(_Fault, Judged):
    """Flagged when the two sides' ranges differ by more than the threshold."""

    of_repetition: ClassVar[bool] = False
    of_sides: ClassVar[bool] = True

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

FAULT_CLASSES: Final[dict[str, type[FaultRule]]] = {
    get_args(rule.model_fields["rule"].annotation)[0]: rule for rule in get_args(get_args(FaultRule)[0])
}
"""The class of each rule, by the name that exercise files give it."""

Limit = (
    FaultCondition
    | NotReachedFault
    | SlowReturnFault
    | TooFastFault
    | SpeedFault
    | DropInHoldFault
    | ReversalsFault
    | SideDifferenceFault
)
"""What has a threshold with its source: a rule itself, or one of the conditions of a rule."""


def limits_of(rule: FaultRule) -> list[Limit]:
    """Return the thresholds of a rule: those of its conditions, or its own."""
    return list(rule.conditions) if isinstance(rule, PastFault) else [rule]
