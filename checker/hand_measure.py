"""What somebody measured by hand, as a result tells it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from checker.result_part import Degrees, InUnit, ResultPart, Seconds


class HandMeasure(ResultPart):
    """Something that a reviewer measured by hand in a picture. It stands beside the numbers and changes none."""

    kind: Literal["angle", "line", "time", "grid"]
    """An angle; the length of a line; the time between two pictures; squares laid over the picture."""
    name: str
    """What was measured, in words: "Left knee", "Trunk to the vertical", "Line"."""
    t_s: Seconds
    """The picture that it was measured in."""
    until_s: Seconds | None = None
    """Of a time, the picture that ends it."""
    points: Annotated[list[tuple[float, float]], Field(json_schema_extra={"unit": "px"})] = Field(default_factory=list)
    """Where its points lie in the pictures as they were looked at, upright and the right way round; y is down."""
    value: InUnit
    """The value; of a grid, how wide its squares are."""
    unit: Literal["deg", "px", "s"]
    """Its unit."""
    uncertainty: InUnit | None = None
    """Of the clicks alone, nine in ten; of a time, half a picture at each end. None of a grid."""
    torso_lengths: Annotated[float, Field(json_schema_extra={"unit": "T"})] | None = None
    """Of a line, in torso lengths as in the start posture; None where the poses do not give them."""
    cm: Annotated[float, Field(json_schema_extra={"unit": "cm"})] | None = None
    """Of a line, true in the plane of the line of known length alone; None without one."""
    cm_uncertainty: Annotated[float, Field(json_schema_extra={"unit": "cm"})] | None = None
    """Of `cm`, of the clicks on both lines alone; None where the length was told."""
    machine: Degrees | None = None
    """The same angle by the machine's own points in that picture; None where no joints were named, or seen."""
    note: str = ""
    """In the reviewer's words."""
    who: str
    """Who measured it."""
    at: AwareDatetime
    """When, UTC."""
