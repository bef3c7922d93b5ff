"""Who else is in the picture: now and then, the whole frame is searched for other people.

The search costs as much as two frames' poses, so it runs on a thread of its own beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import numpy as np

from checker.landmarker import Body, Frame, Landmarker
from checker.skeleton import Array, Array32, Landmark

EVERY_S: Final = 3.0
"""How often the frame is searched."""

ANSWER_AFTER: Final = 6
"""The answer is taken up this many frames later, done by then or waited for: so the same clip always
gives the same result."""

APART_T: Final = 0.75
"""Two finds whose trunks lie closer than this (in trunk lengths) are the same person."""

SEEN: Final = 0.5
"""Visibility of the trunk's corners from which a find is a person."""

_TRUNK: Final = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)


class Census:
    """Counts the people in the picture."""

    def __init__(self, make_landmarker: Callable[[], Landmarker]) -> None:
        """Start the thread.

        Args:
            make_landmarker: makes a landmarker for single images and several people; called, as
                everything else of it, on the census' own thread.
        """
        self._thread = ThreadPoolExecutor(1, "census")
        self._landmarker = self._thread.submit(make_landmarker)
        self._answer: Future[list[Body]] | None = None
        self._wait = 0
        self._trunk: Array = np.zeros(3)
        self._next_s = 0.0
        self._people = 1

    def people(self, rgb: Frame, t_s: float, trunk: Array) -> int:
        """How many people are in the picture, the tracked one included, as last counted.

        Args:
            rgb: (H, W, 3) the frame; not written to afterwards.
            t_s: its time.
            trunk: (3,) x, y of the tracked person's trunk and its length, pixels.
        """
        if self._answer is None and t_s >= self._next_s:
            self._next_s = t_s + EVERY_S
            self._answer = self._thread.submit(self._search, rgb)
            self._wait, self._trunk = ANSWER_AFTER, trunk
        elif self._answer is not None:
            self._wait -= 1
            if self._wait == 0:
                self._people = 1 + sum(self._is_other(body) for body in self._answer.result())
                self._answer = None
        return self._people

    def _search(self, rgb: Frame) -> list[Body]:
        """On the census' thread."""
        return self._landmarker.result().find(rgb)

    def _is_other(self, body: Body) -> bool:
        """Whether a find is a person, and not the one who is tracked."""
        x, y, length = trunk_centre_and_length(body.pixels)
        apart = float(np.hypot(x - self._trunk[0], y - self._trunk[1])) / max(self._trunk[2], length, 1.0)
        return bool(apart > APART_T and body.visibility[list(_TRUNK)].min() > SEEN)

    def close(self) -> None:
        """End the thread and free its model."""
        self._thread.submit(lambda: self._landmarker.result().close())
        self._thread.shutdown(wait=True)


def trunk_centre_and_length(pixels: Array32) -> Array:
    """(3,) x, y of the trunk's centre and its length, in pixels, from (33, 2) landmarks."""
    shoulders = pixels[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=0)
    hips = pixels[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    return np.array([*(shoulders + hips) / 2.0, np.linalg.norm(shoulders - hips)], np.float64)
