"""What counts and what is measured: the rules of an exercise file, each number with its source and status."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from checker.signals import CATALOGUE

Status = Literal["published", "clinical judgement", "set by physio"]
Text = Annotated[str, Field(min_length=3)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SignalId = Annotated[str, Field(min_length=1)]
Phase = Annotated[int, Field(ge=1, le=10)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]

LONGEST_TEXT: Final = 2_000
"""Characters; the longest shipped one has 233."""

LONGEST_LIST: Final = 100
LARGEST: Final = 10_000.0
"""No degree, share or count is larger."""

LONGEST_S: Final = 86_400.0
SMALLEST: Final = 1e-6
"""What is smaller and not 0 is a slip, and what is divided by it has no meaning."""


class Section(BaseModel):
    """A table of an exercise file: no other keys, nothing changes once it is read, and everything has its bounds."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse what is beyond all bounds."""
        name = info.field_name or ""
        _check_bounds(value, LONGEST_S if name.endswith("_s") or name == "seconds" else LARGEST)
        return value


def _check_bounds(value: Any, largest: float) -> None:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValueError(f"expected at most {LONGEST_TEXT} characters")
    if isinstance(value, int | float) and abs(value) > largest:
        raise ValueError(f"expected {-largest:g} to {largest:g}")
    if isinstance(value, int | float) and 0 < abs(value) < SMALLEST:
        raise ValueError(f"expected 0, or a number of at least {SMALLEST:g}")
    if isinstance(value, list | tuple):
        if len(value) > LONGEST_LIST:
            raise ValueError(f"expected at most {LONGEST_LIST} in the list")
        for one in value:
            _check_bounds(one, largest)


class Sourced(Section):
    """A number that says where it comes from."""

    source: Text
    status: Status


def _known_signal(value: str) -> str:
    if value not in CATALOGUE:
        raise ValueError(f"expected one of {', '.join(sorted(CATALOGUE))}")
    return value


class OnSignal(Section):
    """A rule on one signal of the catalogue."""

    signal: SignalId

    @field_validator("signal")
    @classmethod
    def _known(cls, value: str) -> str:
        return _known_signal(value)


class RepetitionRule(OnSignal, Sourced):
    """How repetitions are found on one signal: out from the start posture and back.

    Attributes:
        sides: "signed": positive excursions are one side, negative ones the other; "both": one
            direction only.
        names: of the two sides, positive first.
        direction: of a "both" movement: whether the signal rises or falls on the way out.
        min_excursion: the smallest movement that counts, in the signal's unit, from the start.
        hold_from: excursion from which the hold's clock runs; `None`: nine tenths of the
            repetition's own peak.
        within_s: only what is fully out within this long of the first one's start counts, or more than half out then.
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
        return [("both", self.sign_of(negative=False))]

    def sign_of(self, *, negative: bool) -> float:
        """1 where the signal rises on the way out of a movement, -1 where it falls; see `Bout.negative`."""
        return -1.0 if negative or (self.sides == "both" and self.direction == "fall") else 1.0


class Judged(Sourced):
    """The threshold of a fault.

    `error`: half-width of 90 % of the errors of what is compared with it, where measured for this movement.
    """

    error: NotNegative | None = None


class Condition(OnSignal, Sourced):
    """A signal past a threshold.

    `compare` "start": the change from the person's own start posture; "absolute": as it is.
    `direction` "either" takes the size of it, whatever its sign.
    """

    direction: Literal["above", "below", "either"] = "above"
    compare: Literal["start", "absolute"] = "start"
    threshold: float


class FaultCondition(Condition, Judged):
    """A condition by which a fault is judged."""


class HoldRule(Sourced):
    """A posture that is kept from the start on: no way out and back.

    The clock runs while every condition is met (without any: from the start posture to the end)
    and pauses while one is not; a pause longer than `max_pause_s` ends the hold.
    """

    min_duration_s: float = Field(default=3.0, gt=0)
    max_pause_s: float = Field(default=3.0, gt=0)
    conditions: list[Condition] = Field(default_factory=list)


class PaceStep(Section):
    """One part of a paced cycle."""

    name: Text
    seconds: float = Field(gt=0)


class PaceRule(Sourced):
    """A rhythm to follow, shown by the app: in for five seconds, rest for one, out for three."""

    steps: list[PaceStep] = Field(min_length=2)
    cycles: int = Field(ge=1)


class Target(Sourced):
    """How far somebody is to get, by side; "both" where the movement has none. It is aimed at, and judges nothing."""

    by_side: dict[Id, Annotated[float, Field(gt=0, le=LARGEST)]] = Field(min_length=1)


MeasureOf = Literal["change", "value", "largest", "spread", "rate", "hold_time", "count"]


class MeasureRule(Sourced):
    """One value to report.

    Attributes:
        id: of the measure; also the signal it is taken from, unless `signal` names another.
        of: "change": from the start posture to the peak; "value": as it is at the peak; "largest": the furthest it
            gets from the start anywhere in the repetition; "spread": the range within which it stays for 90 % of the
            time; "rate": its ups and downs a minute; "hold_time": seconds held, and "count": repetitions, for
            which the signal does not matter.
        bands: class limits in the signal's unit, where degrees alone would promise too much.
        target: what is aimed at, in the unit of the measure; usually set by a physio for one person.
    """

    id: Id
    name: Text
    signal: SignalId | None = None
    of: MeasureOf = "change"
    expected: Text | None = None
    bands: list[float] = Field(default_factory=list)
    target: Target | None = None

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
        if CATALOGUE[signal].errors.error_90 is None:
            known = ", ".join(sorted(s.id for s in CATALOGUE.values() if s.errors.error_90 is not None))
            raise ValueError(f"{signal}: its error is not known, so it cannot be a measure; these can: {known}")
        return self

    @property
    def on(self) -> str | None:
        """The signal it is taken from; None where it comes from the repetitions themselves."""
        return None if self.of in {"hold_time", "count"} else self.signal or self.id
