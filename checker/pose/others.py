"""Other people in a recorded clip: who stands before the person, and what is only a picture on the wall."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from checker.pose.steady import widened
from checker.skeleton import Array, Array32, Mask
from checker.track import NOBODY, PoseTrack

COVERS: Final = 0.12
"""Share of the person's box behind somebody else's from which the model may mix the two: less is a hand or a foot
(starting value; somebody who steps half before the patient takes 0.3 and more)."""

UNSETTLED_S: Final = 1.0
"""People are looked for every half second to second and a half: what covers somebody may have come so much earlier."""

POSTER_S: Final = 4.0
POSTER_T: Final = 0.05
"""Somebody seen for so long who moved by less than this share of their own trunk is a picture: people sway by more
(starting values)."""


def without_posters(track: PoseTrack) -> PoseTrack:
    """The track with a second person who never moves left out."""
    if not is_poster(track.t_s, track.other):
        return track
    other = np.tile(NOBODY, (len(track), 1))
    return replace(track, other=other, people=np.minimum(track.people, 1))


def is_poster(t_s: Array, other: Array32) -> bool:
    """Whether the other person is a picture on the wall: there for long, and never moving.

    Args:
        t_s: (T,) seconds.
        other: (T, 4) as `PoseTrack.other`.
    """
    seen = np.isfinite(other).all(axis=1)
    if not seen.any() or t_s[seen][-1] - t_s[seen][0] < POSTER_S:
        return False
    places = other[seen, :3].astype(np.float64)
    return bool(np.ptp(places, axis=0).max() <= POSTER_T * np.median(places[:, 2]))


def stands_before(track: PoseTrack) -> Mask:
    """(T,) whether somebody else is before the person, or so close that the model may mix them."""
    share: Array = np.nan_to_num(track.other[:, 3].astype(np.float64))
    return widened(track.t_s, share > COVERS, UNSETTLED_S)
