"""What a report of remote monitoring counts, as data (`rules/monitoring.toml`)."""

from __future__ import annotations

import functools
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from checker.care.rules_file import read_rules_file
from checker.rules import Positive, Section, Sourced

FILE: Final = Path(__file__).with_name("rules") / "monitoring.toml"

Code = Annotated[str, Field(pattern=r"^\d{5}$")]
Count = Annotated[int, Field(ge=1, le=1_000)]


class Span(Section):
    """From how many days or minutes to how many a code is for; `to` is left out where there is no end."""

    code: Code
    first: Count = Field(alias="from")
    last: Count | None = Field(default=None, alias="to")

    def has(self, count: float) -> bool:
        """Whether so many whole ones lie within."""
        return self.first <= int(count) <= (self.last or int(count))


class SetUp(Sourced):
    """The code of the set-up and the teaching."""

    code: Code


class Period(Sourced):
    """How long a period of days is, and the codes by its days with data."""

    days: Count
    codes: list[Span] = Field(min_length=1)


class Month(Sourced):
    """The codes by the minutes of a calendar month, and that of each `further_min` minutes beyond the last of them."""

    needs_contact: bool
    codes: list[Span] = Field(min_length=1)
    further_code: Code
    further_min: Count


class Known(Sourced):
    """Up to how long the time between two corrections is counted."""

    longest_s: Positive


class MonitoringRules(Section):
    """All of it."""

    set_up: SetUp
    period: Period
    month: Month
    known: Known

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """No count has two codes."""
        for spans in (self.period.codes, self.month.codes):
            for one, after in pairwise(spans):
                if one.last is None or one.last >= after.first:
                    raise ValueError(f"expected {one.code} to end before {after.code} begins")
        return self


@functools.lru_cache(maxsize=4)
def load_monitoring_rules(path: Path = FILE) -> MonitoringRules:
    """Return the rules.

    Raises:
        ValueError: the file is wrong.
    """
    return read_rules_file(MonitoringRules, path)
