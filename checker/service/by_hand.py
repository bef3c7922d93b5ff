"""What the browser says of something measured by hand, looked through and made into a record of the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from checker.judging.analysis import Analysis
from checker.review.by_hand import HandLine, read_angle
from checker.review.corrections import Correction
from checker.review.hand_results import torso_px
from checker.review.made import CorrectionError, Moment, Pixel
from checker.review.plane import Read, To, between, length
from checker.service.reviewing import Review

Tool = Literal["angle", "vertical", "horizontal", "line", "time", "grid"]
"""What one measures with; "vertical" and "horizontal" are angles of a line to them."""

MOST_NOTE: Final = 500
"""Letters of a note: it stands in a table."""

DECIMALS_PX: Final = 1


class _Said(BaseModel):
    """As it comes from the browser."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    tool: Tool
    time_s: Moment
    until_s: Moment | None = None
    points: Annotated[tuple[tuple[Pixel, Pixel], ...], Field(max_length=3)] = ()
    of: Annotated[str, Field(max_length=40)] | None = None
    known_cm: float | None = None
    same_plane: bool = False
    spacing_px: float | None = None
    note: Annotated[str, Field(max_length=MOST_NOTE)] = ""


def told(review: Review, said: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What was measured, as `Review.make` takes it: the kind of record, and what belongs to it.

    Raises:
        checker.review.made.CorrectionError: it cannot be measured so; one line.
        pydantic.ValidationError: the browser said something else.
    """
    one = _Said.model_validate(said)
    points = [(round(x, DECIMALS_PX), round(y, DECIMALS_PX)) for x, y in one.points]
    t_s = _of_picture(review.result, one.time_s)
    told: dict[str, Any] = {"t_s": t_s, "note": one.note.strip()}
    if one.tool == "grid":
        return "hand_grid", {**told, "origin": _these(points, 1)[0], "spacing_px": one.spacing_px}
    if one.tool == "time":
        return "hand_time", {**told, **_time(review.result, t_s, one.until_s)}
    if one.tool == "line":
        return "hand_line", {**told, **_line(review, _these(points, 2), t_s, one)}
    to: To | None = None if one.tool == "angle" else one.tool
    return "hand_angle", {**told, "points": points, "to": to, "of": one.of, **_kept(read_angle(points, to))}


def known_line(made: list[Correction]) -> HandLine | None:
    """The newest line of known length that holds; None where there is none."""
    return next((c for c in reversed(made) if isinstance(c, HandLine) and c.known_cm is not None), None)


def _line(review: Review, points: list[tuple[float, float]], t_s: float, said: _Said) -> dict[str, Any]:
    known = known_line(review.in_force) if said.same_plane and said.known_cm is None else None
    return {
        "points": points,
        "torso_px": torso_px(review.result, t_s),
        "known_cm": said.known_cm,
        "plane_of": None if known is None else known.id,
        **_kept(length(points[0], points[1])),
    }


def _time(result: Analysis, from_s: float, until_s: float | None) -> dict[str, Any]:
    if until_s is None:
        raise CorrectionError("a time runs from one picture to a later one: set both")
    to_s = _of_picture(result, until_s)
    stands = (_stands_s(result, from_s), _stands_s(result, to_s))
    return {"until_s": to_s, "pictures_s": stands, **_kept(between(from_s, to_s, stands))}


def _of_picture(result: Analysis, time_s: float) -> float:
    """The time of the picture that is nearest: what a browser says is rounded."""
    if not len(result.t_s):
        raise CorrectionError("this recording has no pictures: nothing can be measured in it")
    return float(result.t_s[int(np.argmin(np.abs(result.t_s - time_s)))])


def _stands_s(result: Analysis, time_s: float) -> float:
    """How long a picture stands: the longer one of the steps to those before and after it."""
    frame = result.at(time_s)
    steps = np.diff(result.t_s[max(0, frame - 1) : frame + 2])
    return round(float(steps.max()), 4) if len(steps) else 0.0


def _these(points: list[tuple[float, float]], number: int) -> list[tuple[float, float]]:
    if len(points) != number:
        raise CorrectionError(
            f"expected {number} point{'s' if number > 1 else ''}, got {len(points)}: place all of them"
        )
    return points


def _kept(read: Read) -> dict[str, float]:
    return {"value": round(read.value, 3), "uncertainty": round(read.uncertainty, 3)}
