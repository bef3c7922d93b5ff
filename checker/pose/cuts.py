"""Whether a picture still shows the room that the picture before it showed.

A film is put together from several takes, and a camera that is knocked over looks elsewhere from one picture
to the next. Where that happens, nothing that was learnt about the place of the person holds any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from checker.skeleton import Array32

WIDTH_PX: Final = 64
"""Pictures are made this wide before: the room's large edges stay, and the noise of a dark room goes."""

REACH_PX: Final = 4
"""A camera that is only shaken moves by less between two pictures."""

SAME_ROOM: Final = 0.42
"""Two pictures agree by less than this where a cut lies between them (1 for the same picture). Pictures of one
film, a fifth of a second apart, agree by 0.48 or more in dark and moving rooms too; of 950 cuts between the rooms of
46 films 892 agree by less, of 2622 pictures that follow each other 2, somebody who steps before the camera
(`benchmarks/cuts.py`)."""

BARE: Final = 2.0
"""Below this mean square of its edges, grey levels, a picture shows too little of a room to be told from another
(chosen)."""

SHIFTS: Final = sorted(
    ((down, right) for down in range(-REACH_PX, REACH_PX + 1) for right in range(-REACH_PX, REACH_PX + 1)),
    key=lambda shift: abs(shift[0]) + abs(shift[1]),
)

BAR: Final = 1.5
"""Columns and rows at the picture's border that vary by less than this, grey levels, are bars and show no room:
a picture upright in a wide one has them, and they stay where they are through every cut
(chosen: of bars the coding leaves less, and a bare wall less hardly ever)."""

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and where it shows the room.

    Attributes:
        grey: (H, W), wider than `WIDTH_PX`.
        room: (H, W) 0 on the person.
    """

    grey: Grey
    room: Grey


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture shows of the room.

    Attributes:
        edges: (2, H, W) changes of grey along x and y.
        room: (H, W) 1 where the room is seen, 0 on the person.
    """

    edges: Array32
    room: Array32


def is_cut(before: Picture, now: Picture) -> bool:
    """Whether two pictures, one after the other, show different rooms, or one from different places.

    The person is left out, and so is a shift by `REACH_PX`. False where either shows too little of a room.
    """
    if before.grey.shape != now.grey.shape:
        return False
    rows, columns = (slice(*span) for span in _between_bars([before.grey, now.grey]))
    one, other = (look(Picture(p.grey[rows, columns], p.room[rows, columns])) for p in (before, now))
    if not (_tells(one) and _tells(other)):
        return False
    return all(agreement(one, other, *shift) < SAME_ROOM for shift in SHIFTS)


def look(picture: Picture) -> Look:
    """What a picture shows of the room."""
    size = (WIDTH_PX, max(16, round(picture.grey.shape[0] * WIDTH_PX / picture.grey.shape[1])))
    small = cv2.resize(picture.grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    edges = np.stack([cv2.Sobel(small, cv2.CV_32F, *along) / 8 for along in ((1, 0), (0, 1))]).astype(np.float32)
    seen = cv2.resize(picture.room, size, interpolation=cv2.INTER_NEAREST) > 0
    return Look(edges, seen.astype(np.float32))


def _between_bars(pictures: list[Grey]) -> list[tuple[int, int]]:
    """From and to which row, then column, one of the pictures shows more than a bar."""
    out = []
    for axis in (0, 1):
        spread = np.max([picture.std(axis=1 - axis) for picture in pictures], axis=0)
        shown = np.flatnonzero(spread > BAR)
        out.append((int(shown[0]), int(shown[-1]) + 1) if len(shown) else (0, len(spread)))
    return out


def agreement(before: Look, now: Look, down: int = 0, right: int = 0) -> float:
    """How well the edges of two pictures agree, the later one shifted, -1 to 1; the person is left out."""
    height, width = before.room.shape
    here = np.s_[:, REACH_PX : height - REACH_PX, REACH_PX : width - REACH_PX]
    there = np.s_[:, REACH_PX + down : height - REACH_PX + down, REACH_PX + right : width - REACH_PX + right]
    room = before.room[None][here] * now.room[None][there]
    one, other = before.edges[here] * room, now.edges[there] * room
    norm = float(np.sqrt(np.vdot(one, one) * np.vdot(other, other)))
    return float(np.vdot(one, other)) / norm if norm else -1.0


def _tells(picture: Look) -> bool:
    squares = (picture.edges**2).sum(axis=0) * picture.room
    return float(squares.sum()) / max(float(picture.room.sum()), 1.0) >= BARE
