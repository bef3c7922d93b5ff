"""What every part of a result is made of: its base, and numbers with their units."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(json_schema_extra={"unit": "s"})]
"""Of the clip's own time, from its first picture on."""
Pixels = Annotated[int, Field(json_schema_extra={"unit": "px"})]
Hertz = Annotated[float, Field(json_schema_extra={"unit": "1/s"})]
Degrees = Annotated[float, Field(json_schema_extra={"unit": "deg"})]
InUnit = Annotated[float, Field(json_schema_extra={"unit": "as `unit` says"})]
SignalValue = Annotated[float, Field(json_schema_extra={"unit": "that of the signal"})]


class ResultPart(BaseModel):
    """A part of the result. The text below each key is its description in the JSON schema and in docs/results.md."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
