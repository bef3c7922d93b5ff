"""The tower of blocks: what a back can take, as a picture. Whole on the left; on the right blocks are missing."""

from __future__ import annotations

from html import escape
from typing import Final

from checker.picture.drawing import ARROW, GAP, GROUND, HEIGHT, PANEL_W
from checker.picture.shapes import FLOOR, MARK, PANEL, WOOD, WOOD_EDGE, text

LABEL: Final = (
    "A tower of wooden blocks, whole on the left. On the right several blocks are missing, the tower leans, "
    "and a pen lies beside it."
)
BLOCK_W: Final = 30
BLOCK_H: Final = 20
ROWS: Final = 8
GONE: Final = frozenset([(0, 1), (2, 0), (2, 1), (4, 2), (6, 0)])
"""(row from below, place from the left) of what is missing on the right; every other row is one long block."""

LEANS_FROM: Final = 3
LEAN_DEG: Final = 7


def tower() -> str:
    """Return an SVG of the tower, in the style and size of the drawings of movements."""
    whole = _panel(frozenset(), 0, "All there: it takes a knock")
    some_gone = _panel(GONE, LEAN_DEG, "Some are gone: a pen is enough") + _pen()
    arrow = (
        f'<path d="M{PANEL_W + 6} {GROUND / 2 + 10:g}h20m-8 -7l8 7l-8 7" fill="none" stroke="{ARROW}" '
        f'stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    width = 2 * PANEL_W + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(LABEL)}">{whole}{arrow}'
        f'<g transform="translate({PANEL_W + GAP},0)">{some_gone}</g></svg>'
    )


def _panel(gone: frozenset[tuple[int, int]], lean_deg: float, words: str) -> str:
    """One tower on its floor, with words below; its upper part leans to the right."""
    low = "".join(_row(row, gone) for row in range(LEANS_FROM))
    high = "".join(_row(row, gone) for row in range(LEANS_FROM, ROWS))
    corner_x, corner_y = PANEL_W / 2 + 1.5 * BLOCK_W, GROUND - LEANS_FROM * BLOCK_H
    return (
        f'<rect x="1" y="1" width="{PANEL_W - 2}" height="{HEIGHT - 2}" rx="12" fill="{PANEL}" stroke="#c3d2d5"/>'
        f'<path d="M12 {GROUND}H{PANEL_W - 12}" stroke="{FLOOR}" stroke-width="2" stroke-linecap="round"/>'
        f'{low}<g transform="rotate({lean_deg:g} {corner_x:g} {corner_y:g})">{high}</g>' + _words(words)
    )


def _row(row: int, gone: frozenset[tuple[int, int]]) -> str:
    """Three blocks seen from their ends, or one along its side; what is missing is an empty dashed place."""
    left, top = PANEL_W / 2 - 1.5 * BLOCK_W, GROUND - (row + 1) * BLOCK_H
    if row % 2:
        return _block(left, top, 3 * BLOCK_W, False)
    return "".join(_block(left + place * BLOCK_W, top, BLOCK_W, (row, place) in gone) for place in range(3))


def _block(left: float, top: float, width: float, gone: bool) -> str:
    style = f'fill="none" stroke="{MARK}" stroke-dasharray="3 4"' if gone else f'fill="{WOOD}" stroke="{WOOD_EDGE}"'
    return (
        f'<rect x="{left + 1:g}" y="{top + 1:g}" width="{width - 2:g}" height="{BLOCK_H - 2}" rx="3" {style} '
        'stroke-width="1.5"/>'
    )


def _pen() -> str:
    x, y = PANEL_W - 62, GROUND - 5
    return f'<path d="M{x} {y}h34" stroke="{ARROW}" stroke-width="6"/><path d="M{x} {y - 3}l-9 3l9 3z" fill="{MARK}"/>'


def _words(words: str) -> str:
    head, _, tail = words.partition(": ")
    return text(PANEL_W / 2, HEIGHT - 28, f"{head}:") + text(PANEL_W / 2, HEIGHT - 11, tail)
