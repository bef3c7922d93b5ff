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
    BELLY,
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
from checker.skeleton import Array, Landmark

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
        Sign("across", HIPS, KNEES, 0.83, 0.0, 2.5),
        Sign("across", HEELS, TOES, 0.59, 0.0, 3.0),
        _depth(HIPS, 0.88, -1.6, 3.5),
    ),
    "standing side": (
        _across(HIPS, 0.47, -1.3, 4.4),
        _across(SHOULDERS, 0.70, 0.2, 6.6),
        _across(ELBOWS, 0.75, -1.6, 6.6),
        _across(KNEES, 0.49, -2.4, 5.4),
    ),
    "seated side": (
        _across(HIPS, 0.42, -11.7, 7.7),
        _across(SHOULDERS, 0.75, -6.8, 6.8),
        _across(ELBOWS, 0.82, -3.1, 7.9),
        _across(KNEES, 0.54, -1.7, 8.8),
    ),
    "hands_and_knees side": (
        _across(HIPS, 0.45, -5.2, 4.5),
        _across(SHOULDERS, 0.65, 1.9, 5.3),
        _across(ELBOWS, 0.89, 4.0, 3.1),
        _across(KNEES, 0.45, 0.8, 6.3),
        _across(WRISTS, 0.86, 5.7, 3.0),
    ),
    "lying_on_back side": (
        _across(HIPS, 0.42, -0.5, 8.4),
        _across(SHOULDERS, 0.61, -6.1, 7.8),
        _across(ELBOWS, 0.86, -4.0, 9.7),
        _across(KNEES, 0.68, 2.7, 10.9),
        _depth(HIPS, 0.79, 0.1, 6.5),
        _depth(SHOULDERS, 0.78, 0.7, 6.6),
    ),
    "lying_on_front side": (
        _across(HIPS, 0.27, 0.0, 15.7),
        _across(SHOULDERS, 0.49, 0.0, 13.4),
        _across(ELBOWS, 0.71, 0.0, 11.3),
        _across(KNEES, 0.35, 0.0, 16.4),
        _across(WRISTS, 0.42, 0.0, 13.4),
    ),
}


def turned_deg(start: StartPosture, expected: View) -> float | None:
    """How far the person is turned out of the view asked for; degrees, their left side towards the camera +.

    Good up to half a right angle, and no more than "far" beyond; from the front it cannot tell a face from a back.

    Returns:
        None where nothing is known about the position in that view: on the floor, seen from the feet.
    """
    signs = _signs(start.position, expected)
    if not signs:
        return None
    side = -start.facing if expected == "side" else 0.0
    read = np.array([_read(sign, start, side) for sign in signs])
    scatter = np.array([sign.scatter_deg for sign in signs])
    seen = np.isfinite(read)
    return joined(read[seen], scatter[seen]) if seen.any() else None


def _signs(position: Position, expected: View) -> tuple[Sign, ...]:
    if position in BELLY or position == "seated":
        return SIGNS.get(f"{position} {expected}", ())
    return SIGNS[f"standing {expected}"]


def _read(sign: Sign, start: StartPosture, side: float) -> float:
    """What one sign says, degrees; `side` +1 where the left side is asked to show, -1 the right, 0 the front."""
    pose = start.pose
    astray = (side or 1.0) * sign.astray_deg
    if sign.kind == "depth":
        v = (pose.world_point(*sign.of) - pose.world_point(*sign.to))[0]
        yaw = float(np.degrees(np.arctan2(-v[2], v[0])))
        return (wrapped(yaw - 90.0 * side)) / sign.shows - astray
    apart = float((pose.point(*sign.of) - pose.point(*sign.to))[0, 0]) / start.torso_px
    sine = (-side * apart if side else apart) / sign.shows
    return float(np.degrees(np.arcsin(np.clip(sine - np.sin(np.radians(astray)), -1.0, 1.0))))


LIKE_TO_STRAY: Final = 1.5
"""A sign that strays from the others by more than this many times its scatter counts less, in proportion (Huber, 1964)."""


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
