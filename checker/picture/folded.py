"""Two curves on one axis, with other repetitions thin behind them; the first is dashed, whatever its colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np

from checker.picture.ticks import round_ticks
from checker.skeleton import Array

WIDTH, HEIGHT = 480, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 34, 38
"""Pixels around the plot: they stay, so that a place on the picture is a place of the axis."""

TICKS: Final = 5

STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#47595e}.k{fill:#16262b;font-weight:600}"
    "path{fill:none;stroke-linejoin:round}.g{stroke:#d5dfe1}.z{stroke:#7d9095}.o{stroke:#9fb0b4;stroke-width:1}"
    ".then{stroke:#7a3f91;stroke-width:3;stroke-dasharray:8 5}.now{stroke:#0b5c6b;stroke-width:3}"
    "@media(prefers-color-scheme:dark){text{fill:#a9b8bc}.k{fill:#e6eef0}.g{stroke:#2c3b3f}.o{stroke:#5a6d72}"
    ".then{stroke:#d9a6ea}.now{stroke:#63c3d5}}"
)
"""The page's colours, light and dark: a picture of its own does not see those of the page."""


def folded_curves(
    at: Array, then: Array, now: Array, beside: Array, *, names: tuple[str, str], unit: str, label: str,
    parts: Sequence[tuple[float, str]], ends: tuple[str, str],
) -> str:  # fmt: skip
    """Return an SVG of two curves.

    Args:
        at: (N,) places of the axis, rising.
        then: (N,) values of the one, drawn dashed; NaN leaves a gap.
        now: (N,) values of the other.
        beside: (K, N) of others, drawn thin.
        names: of the two.
        unit: written behind the values.
        label: what it shows, in words, for who cannot see it.
        parts: of the axis, each with the place at which it begins; empty: the axis has plain numbers.
        ends: what is written below the two ends of the axis, besides.
    """
    known = np.concatenate([then, now, beside.ravel()])
    known = known[np.isfinite(known)]
    low, high = (min(0.0, float(known.min())), max(0.0, float(known.max()))) if len(known) else (0.0, 1.0)
    high = high + 0.06 * ((high - low) or 1.0)
    frame = _Frame(float(at[0]), float(at[-1]), low, high or 1.0)
    curves = "".join(frame.line(at, row, "o") for row in beside)
    curves += frame.line(at, then, "then") + frame.line(at, now, "now")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(label)}"><style>{STYLE}</style>'
        f"{''.join(_values(frame, unit))}{''.join(_places(frame, parts, ends))}{curves}{_key(names)}</svg>"
    )


class _Frame:
    """Where places and values lie in the picture."""

    def __init__(self, first: float, last: float, low: float, high: float) -> None:
        self.first, self.last, self.low, self.high = first, last, low, high

    def x(self, at: float) -> float:
        return LEFT + (at - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)

    def line(self, at: Array, values: Array, kind: str) -> str:
        """A curve, broken where it was not seen."""
        way, pen = [], "M"
        for place, value in zip(at, values, strict=True):
            if not np.isfinite(value):
                pen = "M"
                continue
            way.append(f"{pen}{self.x(place):.1f} {self.y(value):.1f}")
            pen = "L"
        return f'<path class="{kind}" d="{"".join(way)}"/>' if way else ""


def _values(frame: _Frame, unit: str) -> Iterator[str]:
    for value in round_ticks(frame.low, frame.high, TICKS):
        kind = "z" if value == 0 else "g"
        yield f'<path class="{kind}" d="M{LEFT} {frame.y(value):.1f}H{WIDTH - RIGHT}"/>'
        text = f"{value:g}{unit}".replace("-", "−")
        yield f'<text x="{LEFT - 6}" y="{frame.y(value) + 4:.1f}" text-anchor="end">{escape(text)}</text>'


def _places(frame: _Frame, parts: Sequence[tuple[float, str]], ends: tuple[str, str]) -> Iterator[str]:
    floor = HEIGHT - BOTTOM
    edges = pairwise([*(place for place, _ in parts), frame.last])
    for (place, until), (_, name) in zip(edges, parts, strict=True):
        if place > frame.first:
            yield f'<path class="g" d="M{frame.x(place):.1f} {TOP}V{floor}"/>'
        yield _text(frame.x((place + until) / 2), floor + 16, name)
    if not parts:
        for place in round_ticks(frame.first, frame.last, TICKS):
            yield f'<path class="{"z" if place == 0 else "g"}" d="M{frame.x(place):.1f} {TOP}V{floor}"/>'
            yield _text(frame.x(place), floor + 16, f"{place:g} s".replace("-", "−"))
    yield f'<text x="{LEFT}" y="{HEIGHT - 6}">{escape(ends[0])}</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{escape(ends[1])}</text>'


def _key(names: tuple[str, str]) -> str:
    """Which line is which."""
    half = (WIDTH - LEFT) // 2
    return "".join(
        f'<path class="{kind}" d="M{x} 15h30"/><text class="k" x="{x + 36}" y="19">{escape(name)}</text>'
        for kind, name, x in (("then", names[0], LEFT), ("now", names[1], LEFT + half))
    )


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'
