"""The schema of an exercise file (TOML) and its loader.

A movement is data: what is measured, what counts as a repetition, what is a compensation, and the
words for the patient. Adding one needs no Python. `exercises/README.md` shows how.
"""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from checker.signals import CATALOGUE

EXERCISES_DIR: Final = Path(__file__).resolve().parent.parent / "exercises"

Status = Literal["published", "clinical judgement", "set by physio"]
Text = Annotated[str, Field(min_length=3)]
SignalId = Annotated[str, Field(min_length=1)]


class ExerciseError(ValueError):
    """An exercise file is missing or wrong; the message names file, key and what was expected."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Sourced(_Section):
    """A number that says where it comes from."""

    source: Text
    status: Status


class _OnSignal(_Section):
    signal: SignalId

    @field_validator("signal")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CATALOGUE:
            raise ValueError(f"expected one of {', '.join(sorted(CATALOGUE))}")
        return value


class RepetitionRule(_OnSignal, _Sourced):
    """How repetitions are found on one signal.

    `sides` "signed": positive excursions are to the left, negative to the right; "both": one
    direction only, the positive. `min_excursion` is the smallest movement that counts, in the
    signal's unit, from the start posture.
    """

    sides: Literal["signed", "both"]
    min_excursion: float = Field(gt=0)
    min_duration_s: float = Field(default=1.0, gt=0)
    max_duration_s: float = Field(default=60.0, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> RepetitionRule:
        if self.min_duration_s >= self.max_duration_s:
            raise ValueError(
                f"expected min_duration_s below max_duration_s, got {self.min_duration_s:g} and {self.max_duration_s:g}"
            )
        return self


class MeasureRule(_Sourced):
    """One value to report: the excursion of a signal from start posture to peak.

    `bands` are class limits in the signal's unit, where degrees alone would promise too much.
    """

    id: SignalId
    name: Text
    expected: Text | None = None
    bands: list[float] = Field(default_factory=list)

    @field_validator("bands")
    @classmethod
    def _rising(cls, value: list[float]) -> list[float]:
        if any(b <= a for a, b in pairwise(value)):
            raise ValueError("expected rising limits")
        return value

    @field_validator("id")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CATALOGUE:
            raise ValueError(f"expected one of {', '.join(sorted(CATALOGUE))}")
        if CATALOGUE[value].error_90 is None:
            known = ", ".join(sorted(s.id for s in CATALOGUE.values() if s.error_90 is not None))
            raise ValueError(f"its error is not known from truth, so it cannot be a measure; these can: {known}")
        return value


class Condition(_OnSignal, _Sourced):
    """A signal past a threshold.

    `compare` "start": the change from the person's own start posture; "absolute": as it is.
    `direction` "either" takes the size of it, whatever its sign.
    """

    direction: Literal["above", "below", "either"] = "above"
    compare: Literal["start", "absolute"] = "start"
    threshold: float


class _Fault(_Section):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    cue: Text
    severity: Literal["fault", "info"] = "fault"


class PastFault(_Fault):
    """Flagged when its conditions hold for `min_duration_s` during a repetition.

    `when` "any": one condition is enough; "all": every one at the same time. The first condition
    is the one whose peak and threshold are reported. `unless`: ids of faults that would imitate
    this one; where one of them is flagged, this one is reported as not measured.
    """

    rule: Literal["past"]
    conditions: list[Condition] = Field(min_length=1)
    when: Literal["any", "all"] = "any"
    min_duration_s: float = Field(default=0.4, gt=0)
    unless: list[str] = Field(default_factory=list)


class NotReachedFault(_Fault, _OnSignal, _Sourced):
    """Flagged when a repetition's largest excursion of the signal stays below the threshold."""

    rule: Literal["not_reached"]
    threshold: float = Field(gt=0)


class SlowReturnFault(_Fault, _Sourced):
    """Flagged when the way back takes over `threshold` times the way out."""

    rule: Literal["slow_return"]
    threshold: float = Field(gt=1)


class ReversalsFault(_Fault, _Sourced):
    """Flagged when the movement turns back and on again `threshold` times or more by `size`."""

    rule: Literal["reversals"]
    threshold: float = Field(ge=1)
    size: float = Field(gt=0)


class SideDifferenceFault(_Fault, _Sourced):
    """Flagged when the two sides' ranges differ by more than the threshold."""

    rule: Literal["side_difference"]
    threshold: float = Field(gt=0)


FaultRule = Annotated[
    PastFault | NotReachedFault | SlowReturnFault | ReversalsFault | SideDifferenceFault,
    Field(discriminator="rule"),
]


class Dose(_Sourced):
    """How much of it to do."""

    repetitions: Text
    tempo: Text | None = None


class Exercise(_Section):
    """One movement, as its file describes it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    kind: Literal["self_test", "exercise"]
    position: Literal["standing", "seated"]
    view: Literal["front", "side"]
    max_yaw_deg: float = Field(default=20.0, gt=0, le=45)
    phases: list[Annotated[int, Field(ge=1, le=10)]] = Field(min_length=1)
    summary: Text
    steps: list[Text] = Field(min_length=1)
    camera: list[Text] = Field(min_length=1)
    why: Text
    equipment: list[Text] = Field(default_factory=list)
    cautions: list[Text] = Field(min_length=1)
    sources: list[Text] = Field(min_length=1)
    dose: Dose
    repetition: RepetitionRule
    measures: list[MeasureRule] = Field(min_length=1)
    faults: list[FaultRule]

    @model_validator(mode="after")
    def _consistent(self) -> Exercise:
        """Tell everything that does not fit together at once."""
        ids = [f.id for f in self.faults]
        problems = [f"expected each fault id once, {i} stands twice" for i in _twice(ids)]
        problems += [f"expected each measure once, {i} stands twice" for i in _twice([m.id for m in self.measures])]
        unless = {u for f in self.faults if isinstance(f, PastFault) for u in f.unless}
        problems += [f"unless: expected ids of this file's faults, got {u}" for u in sorted(unless - set(ids))]
        if self.repetition.sides == "both" and any(f.rule == "side_difference" for f in self.faults):
            problems.append('a side_difference fault needs repetition.sides = "signed"')
        wrong_view = [s for s in self.signals if CATALOGUE[s].view not in {self.view, "any"}]
        problems += [f"{s} is read from the {CATALOGUE[s].view}, but view is {self.view!r}" for s in wrong_view]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def signals(self) -> list[str]:
        """Every signal that this movement needs, the counted one first, each once."""
        wanted = [self.repetition.signal, *(m.id for m in self.measures)]
        for fault in self.faults:
            if isinstance(fault, PastFault):
                wanted += [c.signal for c in fault.conditions]
            elif isinstance(fault, NotReachedFault):
                wanted.append(fault.signal)
        return list(dict.fromkeys(wanted))

    @property
    def needs_outline(self) -> bool:
        """Whether any signal is read from the outline of the body."""
        return any(CATALOGUE[s].needs_outline for s in self.signals)


def read_exercise(path: Path) -> Exercise:
    """Read and check one exercise file.

    Raises:
        ExerciseError: with every mistake of the file at once: its name, the key, what was
            expected and what came.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExerciseError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    except (ValueError, RecursionError) as error:  # the TOML reader passes on Python's own limits
        raise ExerciseError(f"{path}: not valid TOML: {error}") from error
    try:
        exercise = Exercise.model_validate(data)
    except ValidationError as error:
        lines = [f"{path}: {_key(e['loc'])}: {_explain(e)}" for e in error.errors()]
        raise ExerciseError("\n".join(lines)) from error
    if exercise.id != path.stem:
        raise ExerciseError(f'{path}: id: expected "{path.stem}", as the file is named, got "{exercise.id}"')
    return exercise


def list_exercises(folder: Path = EXERCISES_DIR) -> list[Exercise]:
    """All movements of a folder, in the order of their file names.

    Raises:
        ExerciseError: when any file is wrong.
    """
    return [read_exercise(p) for p in sorted(folder.glob("*.toml"))]


def find_exercise(exercise_id: str, folder: Path = EXERCISES_DIR) -> Exercise:
    """The movement with this id.

    Raises:
        ExerciseError: when there is none, naming those there are.
    """
    known = sorted(p.stem for p in folder.glob("*.toml"))
    if exercise_id not in known:  # also keeps "../" out of the path below
        raise ExerciseError(f'no exercise "{exercise_id}": expected one of {", ".join(known)}')
    return read_exercise(folder / f"{exercise_id}.toml")


def _twice(ids: list[str]) -> list[str]:
    return sorted({i for i in ids if ids.count(i) > 1})


def _key(loc: tuple[int | str, ...]) -> str:
    """A pydantic location as a TOML reader would write it: faults[2].threshold."""
    out = ""
    for i, part in enumerate(loc):
        is_rule_tag = i == 2 and loc[0] == "faults"  # pydantic names the branch of the union there
        if isinstance(part, int):
            out += f"[{part + 1}]"
        elif not is_rule_tag:
            out += f".{part}" if out else part
    return out or "file"


def _explain(error: Any) -> str:
    """One mistake in words: what was expected, what came."""
    if error["type"] == "missing":
        return "expected, but missing"
    if error["type"] == "extra_forbidden":
        return "not a key of this section; check its spelling"
    message = error["msg"].removeprefix("Value error, ")
    came = error["input"]
    return message if isinstance(came, dict) else f"{message}, got {came!r}"
