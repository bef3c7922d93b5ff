"""A small curve for a line of a list: one value a day, without axes; its words say what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

WIDTH: Final = 132
HEIGHT: Final = 36
EDGE: Final = 4.0
"""Pixels that stay free around the curve, for the dot at its end."""

LINES: Final = ("a", "b")
"""Classes of the first line and of the second one, which is dashed."""

STYLE: Final = (
    "path{fill:none;stroke-width:2;stroke-linejoin:round}.f{stroke:#b9c9cc;stroke-width:1}"
    "path.a{stroke:#0b5c6b}circle.a{fill:#0b5c6b}path.b{stroke:#b45f06;stroke-dasharray:4 3}circle.b{fill:#b45f06}"
    "@media(prefers-color-scheme:dark){.f{stroke:#44575c}path.a{stroke:#63c3d5}circle.a{fill:#63c3d5}"
    "path.b{stroke:#f0b978}circle.b{fill:#f0b978}}"
)
"""The page's colours, light and dark: a picture of its own does not see those of the page."""


def sparkline(
    lines: Sequence[Sequence[tuple[date, float]]], first: date, last: date, highest: float, label: str
) -> str:
    """Return an SVG of one or two lines over days, each with a dot at its newest value.

    Args:
        lines: of each, day and value, in order.
        first: the day at the left edge.
        last: the day at the right edge.
        highest: the value at the upper edge; the lower one is 0.
        label: what it shows, in words, for who cannot see it.
    """
    floor = f'<path class="f" d="M0 {HEIGHT - 1}H{WIDTH}"/>'
    drawn = "".join(_line(line, style, first, last, highest) for line, style in zip(lines, LINES, strict=False))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(label)}"><style>{STYLE}</style>{floor}{drawn}</svg>'
    )


def _line(points: Sequence[tuple[date, float]], style: str, first: date, last: date, highest: float) -> str:
    if not points:
        return ""
    places = [_place(day, value, first, last, highest) for day, value in points]
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    x, y = places[-1]
    return f'<path class="{style}" d="M{way}"/><circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def _place(day: date, value: float, first: date, last: date, highest: float) -> tuple[float, float]:
    along = (day - first).days / max((last - first).days, 1)
    up = min(max(value / highest, 0.0), 1.0) if highest > 0 else 0.0
    return EDGE + along * (WIDTH - 2 * EDGE), HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE)
