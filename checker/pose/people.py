"""Who is followed, and who else is in the picture.

Now and then the whole frame is searched for other people.
The search costs as much as two frames' poses, so it runs on a thread of its own beside them. It is made
more often while somebody is near the person, and at once when the person seems to have changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from checker.pose.estimator import Body, BodyFinder
from checker.skeleton import Array, Array32, Landmark, Rgb
from checker.track import NOBODY

EVERY_S: Final = 1.5
NEAR_EVERY_S: Final = 0.5
"""How often the frame is searched, alone and with somebody else in it."""

ANSWER_AFTER: Final = 6
"""The answer is taken up this many frames later, done by then or waited for: so the same clip always
gives the same result."""

APART_T: Final = 0.35
ALIKE: Final = 1.25
"""Two finds whose trunks lie closer than this (in trunk lengths), and differ in size by less, are the same person
(found twice on truth clips: up to 0.27 and 1.05), unless somebody else was close to them just before: the model
then mixes the two."""

ONE_BOX: Final = 0.5
"""Share of both boxes together that two finds of somebody who lies have in common from which they are one person,
whatever the model makes of the trunk: it finds them at times once more the wrong way round."""

CLOSE_T: Final = 2.0
"""Somebody whose trunk is closer than this to the person's may be about to step before them."""

SEEN: Final = 0.5
"""Visibility of the trunk's corners from which a find is a person."""

_TRUNK: Final = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)


@dataclass(frozen=True, slots=True)
class Count:
    """What the last search found.

    Attributes:
        people: the tracked person included.
        other: (4,) of the other one that covers most of the person, or is closest: x, y of the trunk's middle
            and its length, pixels, and the share of the person's box that lies behind theirs; NaN for nobody.
    """

    people: int = 1
    other: Array32 = field(default_factory=lambda: NOBODY)


class PeopleCount:
    """Counts the people in the picture."""

    def __init__(self, make_finder: Callable[[], BodyFinder]) -> None:
        """Start the thread.

        Args:
            make_finder: makes a finder for single images and several people; called, as
                everything else of it, on a thread of its own.
        """
        self._thread = ThreadPoolExecutor(1, "people")
        self._finder = self._thread.submit(make_finder)
        self._answer: Future[list[Body]] | None = None
        self._wait = 0
        self._person: Array32 = np.zeros((0, 2), np.float32)
        self._next_s = 0.0
        self._last = Count()

    def look(self, rgb: Rgb, t_s: float, person: Array32, at_once: bool = False) -> Count:
        """How many people are in the picture, the tracked one included, as last counted.

        Args:
            rgb: (H, W, 3) the frame; not written to afterwards.
            t_s: its time.
            person: (33, 2) pixels of the tracked one.
            at_once: whether there is a reason to search now.
        """
        if self._answer is None and (at_once or t_s >= self._next_s):
            self._answer = self._thread.submit(self._search, rgb)
            self._wait, self._person = ANSWER_AFTER, person
            self._next_s = t_s + EVERY_S
        elif self._answer is not None:
            self._wait -= 1
            if self._wait == 0:
                self._last = self._count(self._answer.result())
                self._answer = None
        if self._last.people > 1:
            self._next_s = min(self._next_s, t_s + NEAR_EVERY_S)
        return self._last

    def _search(self, rgb: Rgb) -> list[Body]:
        """On that thread."""
        return self._finder.result().find(rgb)

    def _count(self, bodies: list[Body]) -> Count:
        people = [b for b in bodies if b.visibility[list(_TRUNK)].min() > SEEN]
        if not people:
            return Count()
        mine = min(people, key=lambda b: trunks_apart(b.pixels, self._person))
        others = [b for b in people if b is not mine and self._is_other(b)]
        if not others:
            return Count()
        closest = max(others, key=lambda b: (covered(self._person, b.pixels), -trunks_apart(b.pixels, self._person)))
        trunk = trunk_centre_and_length(closest.pixels)
        other = np.array([*trunk, covered(self._person, closest.pixels)], np.float32)
        return Count(1 + len(others), other)

    def _is_other(self, body: Body) -> bool:
        """Whether a second find is somebody else, and not the tracked person once more."""
        lies = np.ptp(self._person[:, 0]) > np.ptp(self._person[:, 1])
        if lies and overlap(body.pixels, self._person) > ONE_BOX and self._last.people < 2:
            return False
        size = trunk_centre_and_length(body.pixels)[2] / max(trunk_centre_and_length(self._person)[2], 1.0)
        if trunks_apart(body.pixels, self._person) > APART_T or not 1 / ALIKE < size < ALIKE:
            return True
        if self._last.people < 2:
            return False
        x, y, length = trunk_centre_and_length(self._person)
        away = np.hypot(self._last.other[0] - x, self._last.other[1] - y) / max(length, 1.0)
        return bool(away < CLOSE_T)

    def close(self) -> None:
        """End the thread and free its model."""
        self._thread.submit(lambda: self._finder.result().close())
        self._thread.shutdown(wait=True)


def trunk_centre_and_length(pixels: Array32) -> Array:
    """(3,) x, y of the trunk's centre and its length, in pixels, from (33, 2) landmarks."""
    shoulders = pixels[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=0)
    hips = pixels[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    return np.array([*(shoulders + hips) / 2.0, np.linalg.norm(shoulders - hips)], np.float64)


def trunks_apart(one: Array32, other: Array32) -> float:
    """How far two trunks are from each other, in lengths of the longer one."""
    (x, y, length), (u, v, size) = trunk_centre_and_length(one), trunk_centre_and_length(other)
    return float(np.hypot(x - u, y - v)) / max(length, size, 1.0)


def overlap(one: Array32, other: Array32) -> float:
    """What the boxes around two persons' landmarks have in common, as a share of what they cover together."""
    shared = covered(one, other) * float(np.prod(np.ptp(one, axis=0)))
    whole = float(np.prod(np.ptp(one, axis=0)) + np.prod(np.ptp(other, axis=0))) - shared
    return shared / max(whole, 1.0)


def covered(person: Array32, other: Array32) -> float:
    """Share of the person's box, around their landmarks, that lies within another one's."""
    low = np.maximum(person.min(axis=0), other.min(axis=0))
    high = np.minimum(person.max(axis=0), other.max(axis=0))
    area = float(np.prod(np.maximum(high - low, 0.0)))
    return area / max(float(np.prod(np.ptp(person, axis=0))), 1.0)


# --- who is followed ----------------------------------------------------------------------------

MAX_JUMP_T: Final = 1.2
"""A person does not move their trunk further than this between two frames of a self-test; a find
that did is somebody else."""

MAX_GROWTH: Final = 1.28
"""Nor does their body grow in the picture by more than this within `LATELY_S`: the model has gone over to somebody
who stands before them, or mixes the two. Standing up before the camera stays below (1.22)."""

LATELY_S: Final = 0.35

TRUST_AFTER_S: Final = 1.0
"""Somebody followed for less long is not yet known: the model's first finds are at times of half a body."""

FORGET_AFTER_S: Final = 2.0
"""After this long unseen, whoever is found next is taken for the person."""


class FollowedPerson:
    """Tells whether the model has gone over to somebody else, by the place and the size of what it finds."""

    def __init__(self) -> None:
        """Follow whoever is found first."""
        self.forget()

    def forget(self) -> None:
        """Take whoever is found next for the person."""
        self._trunks: deque[tuple[float, Array]] = deque()  # place and size of the last moments
        self._since_s = 0.0

    def has_strayed(self, t_s: float, pixels: Array32) -> bool:
        """Whether the find is not the person who was followed, by its place and its size."""
        now = np.array([*trunk_centre_and_length(pixels), body_size(pixels)])
        while len(self._trunks) > 1 and t_s - self._trunks[1][0] > LATELY_S:
            self._trunks.popleft()
        if self._trunks and t_s - self._trunks[-1][0] <= FORGET_AFTER_S:
            x, y, length, _ = self._trunks[-1][1]
            jump = float(np.hypot(now[0] - x, now[1] - y)) / max(length, 1.0)
            growth = max(now[3] / max(was[3], 1.0) for _, was in self._trunks)
            if jump <= MAX_JUMP_T and growth <= MAX_GROWTH:
                self._trunks.append((t_s, now))
                return False
            if self._trunks[-1][0] - self._since_s >= TRUST_AFTER_S:
                return True
        self._since_s = t_s
        self._trunks.clear()
        self._trunks.append((t_s, now))
        return False


_LIMBS: Final = (
    *((hip, hip + 2) for hip in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)),
    *((knee, knee + 2) for knee in (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)),
)


def body_size(pixels: Array32) -> float:
    """How large a body is in the picture, pixels: trunk, thighs and shanks together, whichever point at the camera."""
    lengths = [trunk_centre_and_length(pixels)[2], *(np.linalg.norm(pixels[a] - pixels[b]) for a, b in _LIMBS)]
    return float(np.linalg.norm(lengths))
