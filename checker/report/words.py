"""How values are written in a report: as many digits as the uncertainty allows."""

from __future__ import annotations

from typing import Final

from checker.assessment import UNIT_LABELS, Measure, Quantity

COARSE_DEG: Final = 2.0
"""From this uncertainty on, decimals of a degree would promise what was not measured."""


def number(value: float, unit: str, uncertainty: float | None = None) -> str:
    """A value with its unit, e.g. "28°" or "0.15 T"; a true minus sign, and never "-0"."""
    return f"{_digits(value, unit, uncertainty)}{UNIT_LABELS.get(unit, f' {unit}')}"


def plus_minus(measured: Quantity | Measure) -> str:
    """The uncertainty of a measured value, e.g. "±3°"; empty where there is none."""
    if measured.uncertainty is None:
        return ""
    return f"±{number(measured.uncertainty, measured.unit, measured.uncertainty)}"


def quantity(measured: Quantity | Measure) -> str:
    """A measured value with its unit, to the digits that its uncertainty leaves."""
    if measured.value is None:
        return "–"
    return number(measured.value, measured.unit, measured.uncertainty)


def seconds(time_s: float) -> str:
    """A moment of the clip, e.g. "6.0 s" or "1:05.2"."""
    tenths = round(time_s * 10)
    if tenths < 600:
        return f"{tenths / 10:.1f} s"
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def span(start_s: float, end_s: float) -> str:
    """A stretch of the clip, e.g. "5.4–6.6 s"."""
    return f"{seconds(start_s).removesuffix(' s')}–{seconds(end_s)}"


def _digits(value: float, unit: str, uncertainty: float | None) -> str:
    if unit in {"deg", "deg/s"}:
        whole = uncertainty is not None and uncertainty >= COARSE_DEG
        text = f"{value:.0f}" if whole else f"{value:.1f}"
    elif unit == "count":
        text = f"{value:.0f}"
    else:
        text = f"{value:.2f}"
    if "." in text and uncertainty is None:  # a threshold of 15.0 is one of 15
        text = text.rstrip("0").rstrip(".")
    return (text if float(text) else text.lstrip("-")).replace("-", "−")
