"""An angle as an arc: how far it went today, with a mark where it was last time."""

from __future__ import annotations

import math
from html import escape
from typing import Final

WIDTH, HEIGHT = 220, 138
RADIUS: Final = 92
STROKE: Final = 20
STEPS: Final = (30.0, 45.0, 60.0, 90.0, 120.0, 180.0)
"""The arc is one of these wide: the first that holds what is shown."""

STYLE: Final = (
    "path{fill:none;stroke-width:20;stroke-linecap:round}text{font-family:sans-serif;text-anchor:middle;fill:#16262b}"
    ".bc-arc-whole{stroke:#d5dee0}.bc-arc-today{stroke:#0b5c6b}.bc-arc-last{stroke:#b45f06;stroke-width:5}"
    ".bc-arc-number{font-size:42px;font-weight:700}.bc-arc-label{font-size:18px}"
    "@media(prefers-color-scheme:dark){text{fill:#e6eef0}.bc-arc-whole{stroke:#44575c}.bc-arc-today{stroke:#63c3d5}"
    ".bc-arc-last{stroke:#f0b978}}"
)
"""The page's colours, light and dark: a picture of its own does not see those of the page."""


def gauge(value: float, label: str, text: str, last: float | None = None, beside: float = 0.0) -> str:
    """Return an SVG of a half circle that is filled as far as a value goes.

    Args:
        value: today, degrees or another unit; never negative.
        label: what stands below, such as "Left".
        text: the value as it is written, such as "24°".
        last: where it was last time; None where there was none.
        beside: the largest value of the arcs that stand beside it: they are of one scale.
    """
    most = max(value, last or 0.0, beside)
    whole = next((step for step in STEPS if most <= step), max(most, STEPS[-1]))
    words = f"{label}: {text}" if label else text
    if last is not None:
        words += ", last time it was " + ("the same" if math.isclose(last, value) else f"{last:g}")
    mark = "" if last is None else _mark(last / whole)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(words)}" ><style>{STYLE}</style>'
        f'<path class="bc-arc-whole" d="{_arc(1.0)}"/><path class="bc-arc-today" d="{_arc(max(value, 0.0) / whole)}"/>'
        f'{mark}<text class="bc-arc-number" x="{WIDTH / 2}" y="98">{escape(text)}</text>'
        f'<text class="bc-arc-label" x="{WIDTH / 2}" y="128">{escape(label)}</text></svg>'
    )


def _arc(share: float) -> str:
    """From the left end over the top."""
    x, y = _at(min(share, 1.0), RADIUS)
    start_x, start_y = _at(0.0, RADIUS)
    return f"M{start_x:.1f} {start_y:.1f}A{RADIUS} {RADIUS} 0 0 1 {x:.1f} {y:.1f}"


def _mark(share: float) -> str:
    inner, outer = _at(share, RADIUS - STROKE / 2 - 5), _at(share, RADIUS + STROKE / 2 + 5)
    return f'<path class="bc-arc-last" d="M{inner[0]:.1f} {inner[1]:.1f}L{outer[0]:.1f} {outer[1]:.1f}"/>'


def _at(share: float, radius: float) -> tuple[float, float]:
    turn = math.pi * (1.0 - share)
    return WIDTH / 2 + radius * math.cos(turn), 108 - radius * math.sin(turn)
