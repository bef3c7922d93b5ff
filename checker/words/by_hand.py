"""What was measured by hand, in words: on the page of a review, and in the reports."""

from __future__ import annotations

from typing import Final, Literal

from checker.hand_measure import HandMeasure
from checker.words.values import COARSE_DEG, number, seconds

NOT_IN_IT: Final = (
    "Perspective and the lens are not corrected, and where a joint lies under the skin is not in it. The vertical is "
    "that of the picture: a camera that stood askew is not corrected either."
)
"""What no ± of a measurement by hand contains."""

NO_SINGLE_ERROR: Final = "no ± is known of a single picture"
"""Stands with the machine's angle beside one that was measured by hand."""

DIRECTIONS: Final = {"vertical": "to the vertical", "horizontal": "to the horizontal"}


def click_words(click_px: float) -> str:
    """Return what the ± of a measurement by hand is of, and what it is not of."""
    told = f"Each ± is of the clicks alone: nine of ten points lie within {click_px:.0f} px of where they belong."
    return f"{told} That of a time is half a picture at each end. {NOT_IN_IT}"


def hand_name(kind: str, of: str | None = None, to: Literal["vertical", "horizontal"] | None = None) -> str:
    """Return what was measured: "Left knee", "Trunk to the vertical", "Angle", "Line to the horizontal".

    Args:
        kind: of the measurement, see `HandMeasure`.
        of: the joint or the line of the body, as in `checker.review.by_hand`; None where none was named.
        to: the direction of the picture that a line was held against.
    """
    if kind != "angle":
        return kind.capitalize()
    what = body_words(of) if of is not None else "line" if to is not None else "angle"
    return f"{what} {DIRECTIONS[to]}".capitalize() if to is not None else what.capitalize()


def body_words(of: str) -> str:
    """Return a joint or a line of the body as one says it: "left lower leg", "line of the shoulders"."""
    lines = {"shoulders": "line of the shoulders", "hips": "line of the hips"}
    return lines.get(of, of.replace("shank", "lower leg").replace("_", " "))


def hand_value(m: HandMeasure) -> str:
    """Return the value with its ±: "34° ±2°", "142 px ±3 px", "1.53 s ±0.07 s"; of a grid how wide its squares are."""
    if m.kind == "grid":
        return f"squares of {m.value:.0f} px, perspective not corrected"
    error = m.uncertainty or 0.0
    return f"{_written(m.value, m.unit, error)} ±{_written(error, m.unit, error)}"


def also(m: HandMeasure) -> list[str]:
    """Return what else is told of it: torso lengths, centimetres, the machine's own angle."""
    out = []
    if m.torso_lengths is not None:
        error = m.torso_lengths * (m.uncertainty or 0.0) / m.value
        out.append(f"{number(m.torso_lengths, 'T', error)} ±{number(error, 'T', error)} of the torso length")
    if m.cm is not None and m.cm_uncertainty is None:
        out.append(f"known to be {m.cm:g} cm")
    elif m.cm is not None and m.cm_uncertainty is not None:
        out.append(f"{m.cm:.1f} cm ±{m.cm_uncertainty:.1f} cm, in the plane of the known length only")
    if m.machine is not None:
        out.append(f"by the machine's own points {number(m.machine, 'deg', COARSE_DEG)} ({NO_SINGLE_ERROR})")
    return out


def hand_when(m: HandMeasure) -> str:
    """Return the moment, or from when to when: "12.30 s", "1.20 to 2.73 s"; hundredths tell pictures apart."""
    if m.until_s is not None:
        return f"{_hundredths(m.t_s).removesuffix(' s')} to {_hundredths(m.until_s)}"
    return _hundredths(m.t_s)


def _hundredths(time_s: float) -> str:
    return f"{time_s:.2f} s" if time_s < 60 else seconds(time_s)


def _written(value: float, unit: str, error: float) -> str:
    if unit == "px":
        return f"{value:.0f} px"
    return f"{value:.2f} s" if unit == "s" else number(value, unit, error)
