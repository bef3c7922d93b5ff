"""What the player measures by hand with, and what it draws of it; the browser's part is measure.js."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something measured by hand, as it is drawn on its picture.

    Attributes:
        id: its own.
        kind: "angle", "line", "time" or "grid".
        time_s: of its picture.
        points: pixels.
        label: its value, in words.
        to: "vertical" or "horizontal", where a line was held against it.
        spacing_px: how wide the squares of a grid are.
    """

    id: str
    kind: str
    time_s: float
    points: tuple[tuple[float, float], ...]
    label: str
    to: str | None = None
    spacing_px: float | None = None


@dataclass(frozen=True, slots=True)
class Measuring:
    """How somebody measures by hand in the player.

    Attributes:
        width, height: of the pictures as they were looked at, pixels: points are told in these.
        click_px, shortest_px: as in `checker.review.plane`.
        spacings_px: the narrowest and the widest squares of a grid.
        most_note: letters of a note.
        joints: what an angle of three points may be named after: (name, words).
        lines: the same of an angle to the vertical or the horizontal.
        known: the length of the line of known length, in words; empty where there is none.
        times_known: whether a second of the film is one of the movement: else no time is measured.
        kept: what was measured.
        problem: why the last one could not be kept; empty where it could.
    """

    width: int
    height: int
    click_px: float
    shortest_px: float
    spacings_px: tuple[float, float]
    most_note: int
    joints: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    known: str
    times_known: bool
    kept: tuple[Drawn, ...]
    problem: str

    def as_data(self) -> dict[str, Any]:
        """As the browser takes it."""
        return asdict(self)
