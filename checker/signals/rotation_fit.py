"""A small learned regression: how far the trunk is turned, from what a camera in front sees.

The cues of `checker.signals.rotation` are weak, and each is wrong in its own way: the 3-D landmarks are blind to the
first 10 degrees away from the camera, so that somebody who stands a little turned reads too little on one side and too
much on the other, and what they miss depends on how wide the shoulders look. This corrects the hand-made
reading by what it got wrong in postures that looked alike, of rendered people in many rooms: a sum of bells, one around
each of those postures (kernel ridge regression, fitted in one step by `benchmarks/rotation_fit.py`). Far from
all of them every bell is flat and the hand-made reading stands.

It is odd by its form: in the mirror image it is the same with the other sign. The arms are no part of it: on
rendered people they tell much, but real ones hold them as they like.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from checker.posture import EARS, HIPS, SHOULDERS, StartPosture
from checker.signals.body_yaw import body_yaw_deg
from checker.signals.geometry import length, pair, wrap
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

WEIGHTS: Final = Path(__file__).with_name("rotation_fit.npz")
"""Fitted on 1652 postures: of 68 rendered people (700 to 767) in 170 rooms, 107 of them lived-in, and of the four in
the rotation clips. 104 of the rooms were rendered by an earlier form of `benchmarks/rotation_stills.py`, with fewer
heads that turn alone. On 39 people who were no part of it (780 to 819) the mean error of a turn falls from 7.4 to 5.5
degrees in lived-in rooms and from 3.6 to 3.2 in plain ones; on the twists of ../shared/real/tracks from 8.0 to 6.7."""

CHEST_STATIONS: Final = (16, 20, 24)
"""Stations of the outline whose width is read: 0.45, 0.63 and 0.8 of the way from the hips to the shoulders."""

SURE_DEG: Final = 15.0
"""From about this turn on it counts in full how far the person stood turned away at the start."""

LARGEST: Final = 4.0
"""A cue counts at most so many times its usual size: what lies beyond was never seen in fitting."""

CHUNK: Final = 512
"""Frames at once: a distance to every posture is kept for each."""


def cues(track: PoseTrack, start: StartPosture, shoulders: Array, pelvis: Array) -> tuple[Array, Array]:
    """What the turn is read from.

    Args:
        track: the poses.
        start: the start posture.
        shoulders: (T,) turn of the shoulders as the hand-made cues read it, degrees.
        pelvis: (T,) that of the pelvis; NaN where its outline is hidden, which counts as none.

    Returns:
        (T, 13) cues that change their sign in a mirror, and (T, 9) that do not. Left +.
    """
    was, now = _odd(start.pose, start), _odd(track, start)
    turned = body_yaw_deg(start) * np.tanh(np.abs(shoulders) / SURE_DEG)
    change = now - was
    change[:, 0] = wrap(change[:, 0])
    odd = np.column_stack([change, shoulders, np.broadcast_to(was, now.shape), turned, np.nan_to_num(pelvis)])
    wide, widths = _widths(start.pose, start), _widths(track, start)
    even = np.column_stack([widths - wide, np.broadcast_to(wide[:, :3], (len(track), 3))])
    return odd, even


def _odd(track: PoseTrack, start: StartPosture) -> Array:
    """(T, 5): yaw of the shoulders (degrees), the nose across and one shoulder above the other (T), depths (m)."""
    trunk = track.point(*SHOULDERS) - track.point(*HIPS)
    up = trunk / length(trunk)[:, None]
    across = np.stack([-up[:, 1], up[:, 0]], axis=1)
    nose = track.point(Landmark.NOSE) - track.point(*SHOULDERS)
    line = track.world_point(SHOULDERS[0]) - track.world_point(SHOULDERS[1])
    hips = track.world_point(HIPS[0]) - track.world_point(HIPS[1])
    return np.column_stack(
        [
            np.degrees(np.arctan2(line[:, 2], line[:, 0])),
            np.sum(nose * across, axis=1) / start.torso_px,
            np.sum(pair(track, SHOULDERS) * up, axis=1) / start.torso_px,
            hips[:, 2],
            line[:, 2],
        ]
    )


def _widths(track: PoseTrack, start: StartPosture) -> Array:
    """(T, 6) between shoulders, ears and hips, and of the outline at the chest; in T."""
    pairs = [length(pair(track, of)) for of in (SHOULDERS, EARS, HIPS)]
    chest = track.outline[:, :, list(CHEST_STATIONS)].astype(np.float64).sum(axis=1)
    return np.asarray(np.column_stack([*pairs, chest]) / start.torso_px)


CHANGES: Final = 6
BESIDE: Final = 0.1
WIDTH_TO: Final = 25.0
"""How many odd cues, the first ones, tell the turn itself; how much the others and the widths count beside them, in
squared distance; and the width of a bell, in the same. On people left out 15 to 40 differ by 0.1 degrees; real
people, who look like nobody in the fit, want wide ones (the twists of ../shared/real/tracks)."""


@dataclass(frozen=True)
class Scales:
    """The usual size of each cue: (13,) root mean square of the odd ones, (9,) mean and spread of the even ones."""

    odd: Array
    even_mean: Array
    even: Array

    def scaled(self, odd: Array, even: Array) -> tuple[Array, Array]:
        """Both over their usual size, as much as they count; the outline is as usual where it was not found."""
        ways = np.clip(odd / self.odd, -LARGEST, LARGEST)
        ways[:, CHANGES:] *= np.sqrt(BESIDE)
        widths = np.clip(np.nan_to_num((even - self.even_mean) / self.even), -LARGEST, LARGEST)
        return ways, np.asarray(widths * np.sqrt(BESIDE))


def alike(a: tuple[Array, Array], b: tuple[Array, Array]) -> Array:
    """(A, B) how alike scaled postures are, less how alike the first is to the second's mirror image; in [-1, 1]."""
    even = _squared(a[1], b[1])
    same = np.exp(-(_squared(a[0], b[0]) + even) / WIDTH_TO)
    return np.asarray(same - np.exp(-(_squared(a[0], -b[0]) + even) / WIDTH_TO))


def _squared(a: Array, b: Array) -> Array:
    """(A, B) squared distances."""
    return np.asarray((a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * a @ b.T)


@dataclass(frozen=True)
class Postures:
    """What the fit found: scaled cues (N, 13) and (N, 9) of the postures it was made on, and (N,) their weights."""

    scales: Scales
    odd: Array
    even: Array
    weight_deg: Array

    def correction(self, odd: Array, even: Array) -> Array:
        """(T,) degrees to add to the hand-made reading; NaN where a joint was not seen."""
        scaled = self.scales.scaled(odd, even)
        out = np.full(len(odd), np.nan)
        for first in range(0, len(odd), CHUNK):
            part = slice(first, first + CHUNK)
            out[part] = alike((scaled[0][part], scaled[1][part]), (self.odd, self.even)) @ self.weight_deg
        return out


@cache
def fitted() -> Postures:
    """The fit that comes with the package."""
    with np.load(WEIGHTS) as kept:
        names = ("odd_scale", "even_mean", "even_scale", "odd", "even", "weight_deg")
        arrays = [np.asarray(kept[name], np.float64) for name in names]
    return Postures(Scales(*arrays[:3]), *arrays[3:])
