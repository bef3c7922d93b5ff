"""How far somebody is turned out of the view that their movement is filmed from.

Many signs show a turn, and none alone can be relied on: the far shoulder is guessed, a head looks aside, an arm
lies elsewhere than its fellow. Each sign is turned into degrees by what it shows on rendered people whose
turn is known, and the signs are joined by how far each of them strays there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from checker.posture import (
    ELBOWS,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
    WRISTS,
    Position,
    StartPosture,
)
from checker.skeleton import Array, Landmark, Mask

View = Literal["front", "side"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a turn.

    Attributes:
        kind: "across", how far the first lies to the right of the second in the picture, in T; "depth", the
            direction from the second to the first in the model's 3-D, seen from above, in degrees.
        of, to: landmarks, the middle of each.
        shows: T at a quarter turn ("across"), or degrees for each degree of turn ("depth").
        astray_deg: what is read of somebody who is not turned at all: from the side towards turned away +, from the
            front towards their left side +.
        scatter_deg: how far it strays from the truth.
    """

    kind: Literal["across", "depth"]
    of: tuple[Landmark, ...]
    to: tuple[Landmark, ...]
    shows: float
    astray_deg: float
    scatter_deg: float

    def __str__(self) -> str:
        """The kind, and the landmarks from which to which."""
        names = ["+".join(n.name.lower() for n in of) for of in (self.of, self.to)]
        return f"{self.kind} {' to '.join(names)}"


def _across(pair: tuple[Landmark, Landmark], *measured: float) -> Sign:
    return Sign("across", pair[:1], pair[1:], *measured)


def _depth(pair: tuple[Landmark, Landmark], *measured: float) -> Sign:
    return Sign("depth", pair[:1], pair[1:], *measured)


SIGNS: Final[dict[str, tuple[Sign, ...]]] = {
    "standing front": (
        Sign("across", HEELS, TOES, 0.38, 0.0, 3.1),
        _depth(HIPS, 0.74, -4.4, 5.9),
        _depth(SHOULDERS, 0.85, -4.1, 6.6),
    ),
    "seated front": (
        Sign("across", HIPS, KNEES, 0.83, 0.0, 2.3),
        Sign("across", HEELS, TOES, 0.61, 0.0, 3.2),
        _depth(HIPS, 0.87, -1.8, 3.7),
    ),
    "standing side": (
        _across(HIPS, 0.47, -1.3, 4.4),
        _across(SHOULDERS, 0.70, 0.2, 6.6),
        _across(ELBOWS, 0.75, -1.6, 6.6),
        _across(KNEES, 0.49, -2.4, 5.4),
    ),
    "seated side": (
        _across(HIPS, 0.44, -11.1, 6.8),
        _across(SHOULDERS, 0.75, -7.2, 6.4),
        _across(ELBOWS, 0.80, -3.7, 8.6),
        _across(KNEES, 0.56, -0.9, 8.6),
    ),
    "hands_and_knees side": (
        _across(HIPS, 0.46, -4.7, 5.1),
        _across(SHOULDERS, 0.65, 1.9, 6.1),
        _across(ELBOWS, 0.89, 3.3, 3.8),
        _across(KNEES, 0.53, 2.1, 8.9),
        _across(WRISTS, 0.87, 5.4, 3.2),
    ),
    "lying_on_back side": (
        _across(HIPS, 0.39, 0.3, 7.9),
        _across(SHOULDERS, 0.59, -5.6, 7.5),
        _across(ELBOWS, 0.81, -2.7, 9.0),
        _across(KNEES, 0.66, 3.9, 12.1),
        _depth(HIPS, 0.77, 0.8, 6.2),
        _depth(SHOULDERS, 0.73, 2.1, 6.5),
    ),
    "lying_on_front side": (
        _across(HIPS, 0.27, 0.0, 15.8),
        _across(SHOULDERS, 0.41, 0.0, 13.1),
        _across(ELBOWS, 0.64, 0.0, 11.8),
        _across(KNEES, 0.36, 0.0, 16.4),
        _across(WRISTS, 0.39, 0.0, 14.3),
    ),
}
"""What each sign shows: least squares on 395 start postures of 60 rendered people in plain and lived-in rooms, filmed
from up to 45 degrees to either side of the view; the scatter is what is left (`benchmarks/turned.py` prints both for
other clips). Face down nothing is taken to be astray: 710 frames of real planks from the side show nothing.
"""


def turned_deg(start: StartPosture, expected: View, seen_at: Mask) -> float | None:
    """How far the person is turned out of the view asked for; degrees, their left side towards the camera +.

    Good up to half a right angle, and no more than "far" beyond; from the front it cannot tell a face from a back.

    Args:
        start: the still start posture.
        expected: the view asked for; of the sides, the one that shows.
        seen_at: (33,) whether each landmark lies inside the picture; beyond its edge the model guesses.

    Returns:
        None where nothing is known about the position in that view: on the floor, seen from the feet.
    """
    signs = [s for s in _signs(start.position, expected) if seen_at[[*s.of, *s.to]].all()]
    read = np.array([_read(sign, start, expected) for sign in signs])
    scatter = np.array([sign.scatter_deg for sign in signs])
    seen = np.isfinite(read)
    if not seen.any():
        return None
    off = joined(read[seen], scatter[seen])
    if start.position == "lying_on_front" and expected == "side" and seen_at[[*TOES, *WRISTS]].all():
        off = max(off, _runs_away_deg(start), key=abs)
    return off


CLIMBS_DEG: Final = 10.0
"""Face down, toes and wrists lie on the floor, and the line between them climbs in the picture where the body runs
away from the camera: by 0 to 5 degrees, once 9, of people within 12 degrees of the side, by 7 to 21 of most who are
turned by 25 and more (90 rendered starts), by 3 at most in 710 frames of real planks. A phone askew adds 4."""

CLIMB_SHARE: Final = 0.25
"""How much it climbs for each degree of turn, from cameras at a height of 0.55 to 1.4 m. One that lies on the floor
sees it level, so a level line says nothing."""


def _runs_away_deg(start: StartPosture) -> float:
    """The turn that a steep line from toes to wrists tells even where the joints do not; degrees, 0 for a level one."""
    line = (start.pose.point(*WRISTS) - start.pose.point(*TOES))[0]
    climb = float(np.degrees(np.arctan2(-line[1], abs(line[0]))))
    # a head end on the left that climbs lies further away: the left side, which shows, has turned past the camera
    way = 1.0 if line[0] < 0 else -1.0
    return way * float(np.clip(climb / CLIMB_SHARE, -80.0, 80.0)) if abs(climb) > CLIMBS_DEG else 0.0


def read_signs(start: StartPosture, expected: View) -> dict[str, float]:
    """What each sign says by itself, degrees as in `turned_deg`."""
    return {str(sign): _read(sign, start, expected) for sign in _signs(start.position, expected)}


def _signs(position: Position, expected: View) -> tuple[Sign, ...]:
    """Whoever kneels upright is seen as somebody who stands."""
    seen_as = "standing" if position == "kneeling" else position
    return SIGNS.get(f"{seen_as} {expected}", ())


def _read(sign: Sign, start: StartPosture, expected: View) -> float:
    """What one sign says, degrees."""
    pose = start.pose
    side = -start.facing if expected == "side" else 0.0  # +1 where the left side shows
    astray = (side or 1.0) * sign.astray_deg
    if sign.kind == "depth":
        v = (pose.world_point(*sign.of) - pose.world_point(*sign.to))[0]
        yaw = float(np.degrees(np.arctan2(-v[2], v[0])))
        return wrapped(yaw - 90.0 * side) / sign.shows - astray
    apart = float((pose.point(*sign.of) - pose.point(*sign.to))[0, 0]) / max(start.torso_px, 1.0)
    sine = (-side or 1.0) * apart / sign.shows - np.sin(np.radians(astray))
    return float(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


LIKE_TO_STRAY: Final = 1.5
"""A sign further from the others than this many times its scatter counts less, in proportion (Huber, 1964)."""


def joined(read: Array, scatter: Array) -> float:
    """One number from several signs, each weighed by how far it strays; one that is far from all others hardly counts.

    Args:
        read: (N,) degrees, all finite.
        scatter: (N,) degrees.
    """
    weights = scatter**-2.0
    order = np.argsort(read)
    middle = int(np.searchsorted(np.cumsum(weights[order]), 0.5 * weights.sum()))
    out = float(read[order][middle])
    for _ in range(20):
        apart = np.abs(read - out) / scatter
        now = weights * np.minimum(1.0, LIKE_TO_STRAY / np.maximum(apart, 1e-9))
        out = float((now * read).sum() / now.sum())
    return out


def wrapped(angle_deg: float) -> float:
    """The same angle within -180 and 180 degrees."""
    return (angle_deg + 180.0) % 360.0 - 180.0
