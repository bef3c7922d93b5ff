"""The rules of change, read from `rules/change.toml`: which sessions compare, and which difference is told."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, field_validator, model_validator

from checker.care.rules_file import read_rules_file
from checker.rules import Positive, Section, SignalId, Sourced
from checker.signals import CATALOGUE

FILE: Final = Path(__file__).with_name("rules") / "change.toml"


class Number(Sourced):
    """A positive number, in the unit that its name or its source says."""

    value: Positive


class Share(Sourced):
    """A share, above 0 and up to 1."""

    value: Annotated[float, Field(gt=0, le=1)]


class Count(Sourced):
    """So many sessions, pairs, days or a phase."""

    value: Annotated[int, Field(ge=1, le=365)]


class OfSignals(Sourced):
    """Something that holds for some signals of the catalogue."""

    signals: list[SignalId]

    @field_validator("signals")
    @classmethod
    def _known(cls, signals: list[str]) -> list[str]:
        if unknown := [s for s in signals if s not in CATALOGUE]:
            raise ValueError(f"expected signals of the catalogue, got {', '.join(unknown)}")
        return signals


class Floor(OfSignals):
    """The smallest difference that is ever told, degrees; without signals, of every angle that is not named."""

    value: Positive


class Same(Section):
    """Which sessions compare with one another.

    Attributes:
        hours: how far the time of day may be from the baseline's.
        painkiller_h: for how long a session counts as one after a painkiller.
        yaw_deg: how much further a person may be turned than in the baseline.
        distance_share: by which share the camera may stand nearer or further away.
        moved_after: sessions in a row that are unlike the baseline and alike one another begin a new one.
    """

    hours: Number
    painkiller_h: Number
    yaw_deg: Number
    distance_share: Share
    moved_after: Count


class ChangeLimits(Section):
    """The rule of change (`change.py`).

    Attributes:
        baseline_sessions: of which the baseline is the mean.
        confirm: sessions in a row beyond the limit, to the same side.
        apart_h: hours between two that count.
        count: how many repetitions a count must differ by.
        hold_s, hold_share: seconds, and share of the baseline, that a time held must differ by.
    """

    baseline_sessions: Count
    confirm: Count
    apart_h: Number
    count: Number
    hold_s: Number
    hold_share: Share


class SteadinessRules(Section):
    """How many repeat pairs it takes: the person's own, the clinic's, and to tell anything at all.

    Attributes:
        sure: the scatter is taken at the limit that it stays under with this certainty.
        table_pairs: for so many pairs the table counts beside the person's own.
        again_from_min, again_until_min: how long after the end of the first test the second one begins.
    """

    own_pairs: Count
    sure: Share
    table_pairs: Count
    clinic_pairs: Count
    tell_pairs: Count
    again_from_min: Number
    again_until_min: Number


class BandRules(Section):
    """The band of the chart: drift in degrees a day, and the gap after which it starts anew."""

    drift_early: Number
    drift_late: Number
    early_until_phase: Count
    gap_days: Number


class SideRules(Section):
    """Left against right: in how many sessions, up to which lean of the start posture, and of what never."""

    sessions: Count
    lean_deg: Number
    not_told: OfSignals


class ToldRules(Section):
    """What the person says: points of pain (0-10), of difficulty (0-10) and steps of 3 overall that are a change."""

    pain: Number
    pain_share: Share
    pain_days: Count
    activities: Number
    activity: Number
    overall: Number


class ChangeRules(Section):
    """Everything of `rules/change.toml`."""

    same: Same
    change: ChangeLimits
    floors: Annotated[list[Floor], Field(min_length=1)]
    steadiness: SteadinessRules
    band: BandRules
    sides: SideRules
    told: ToldRules

    @model_validator(mode="after")
    def _each_signal_once(self) -> ChangeRules:
        named = [s for floor in self.floors for s in floor.signals]
        if twice := sorted({s for s in named if named.count(s) > 1}):
            raise ValueError(f"floors: expected each signal once, got {', '.join(twice)} twice")
        if sum(not floor.signals for floor in self.floors) != 1:
            raise ValueError("floors: expected exactly one without signals, for every other angle")
        return self

    def floor(self, signal: str) -> float:
        """The smallest difference of a signal that is ever told, degrees."""
        named = next((f for f in self.floors if signal in f.signals), None)
        return (named or next(f for f in self.floors if not f.signals)).value

    def drift(self, phase: int | None) -> float:
        """What a body changes by in a day, degrees; in an unknown phase as in the early ones, which claims less."""
        early = phase is None or phase <= self.band.early_until_phase.value
        return (self.band.drift_early if early else self.band.drift_late).value


@functools.cache
def load_change_rules(path: Path = FILE) -> ChangeRules:
    """Read the rules of change.

    Raises:
        ValueError: the file is wrong: every problem of it in a line of its own.
    """
    return read_rules_file(ChangeRules, path)
