"""What every record of a review has: who made it, and when; and the moments and places that it names."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from checker.care.records import Part, Word, Words
from checker.rules import LONGEST_S

Moment = Annotated[float, Field(ge=0, le=LONGEST_S)]
"""Seconds of the recording's own time."""

Pixel = Annotated[float, Field(ge=0, le=100_000)]
"""Of the pictures as they were looked at: upright, the right way round; from the left edge, or from the upper one."""


class CorrectionError(ValueError):
    """A correction cannot be made; one line: what was expected, what came, what to do."""


class Made(Part):
    """What every correction says.

    Attributes:
        id: its own.
        who: the reviewer's name.
        at: when it was made, UTC.
        note: in the reviewer's words.
        blind: whether it was made before the reviewer saw the machine's result.
        seconds: how long the reviewer took for it; None where that was not measured.
    """

    id: UUID
    who: Word
    at: AwareDatetime
    note: Words = ""
    blind: bool = False
    seconds: Annotated[float, Field(ge=0, le=LONGEST_S)] | None = None
