"""Rounding of the back, from the outline of the body."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.posture import HIPS, SHOULDERS, StartPosture
from checker.signals.geometry import inclination, length, stations_within
from checker.skeleton import OUTLINE_STATIONS, Array
from checker.track import PoseTrack

SPINE_SPAN: Final = (0.0, 1.0)
"""The back is read from hip level to shoulder level."""

SPINE_MAX_RESIDUAL: Final = 0.03
"""A bending back changes its outline smoothly. Where the change does not follow a parabola within
this (T, rms), something else is in the outline: an arm, hair, a flapping shirt. Clean outlines
leave up to 0.012, a shirt of the wall's colour up to 0.02 (truth clips)."""

SPINE_MIN_SHARE: Final = 0.8
"""Share of the stations at which an outline must have been found."""


SPINE_MOST_BENT_DEG: Final = 85.0
"""No spine bends further between hips and shoulders, round to hollow: the lumbar part flexes by 40 to 72 degrees and
extends by 6 to 29 (Troke, Clin Rehabil). Beyond is cloth."""


def spine_flexion(track: PoseTrack, start: StartPosture) -> Array:
    """Rounding of the back from the outline of the body, own start posture = 0, rounded +; degrees.

    At stations along the line hip-mid to shoulder-mid, the distance to the dorsal edge of the
    person is compared with the same person's at the start. A parabola is fitted to the change;
    the difference of its slopes at the two ends is the angle by which the back has bent over that
    span, as for a thin beam. No scale is fitted.
    NaN where the outline is not trustworthy (see the constants above).
    """
    return _bend(track, start)[0]


SPINE_ERROR_DEG: Final = 9.0
SPINE_ERROR_PER_T: Final = 800.0
SPINE_CLEAR_PX: Final = 100.0
OWN_SHAPE_T: Final = 0.00025
"""The error of the rounding by the evidence in the clip (half-width of 90 %): on a clear outline; for each torso
length (rms) by which the change of the outline strays from a parabola, less what for each degree of bend is the
back's own shape; it grows as the root of the trunk's length in the picture below so many pixels. From 78
repetitions of 30 rendered people, loose clothes and bad light among them."""


AT_REST_DEG: Final = 4.0
AT_REST_T: Final = 0.15
"""Standing with the trunk turned and the hips moved by no more than this since the start, the back is as it was: what
is read of it then is an error, and those of a bend are no smaller."""

WITHIN_90: Final = 1.645
"""So many standard deviations hold 90 %."""


def spine_error(track: PoseTrack, start: StartPosture, counted: bool = False) -> Array:
    """(T,) half-width within which 90 % of the errors of `spine_flexion` lie, degrees.

    Where repetitions are `counted` on it the back bends while the body keeps still, so rest says nothing of its error.
    """
    return _bend(track, start, at_rest=not counted)[1]


def _bend(track: PoseTrack, start: StartPosture, at_rest: bool = True) -> tuple[Array, Array]:
    """(T,) degrees by which the back's outline has bent, and (T,) the half-width of its error."""
    now, rest = _profile(track, start, dorsal=True), _profile(start.pose, start, dorsal=True)[0]
    inside = stations_within(SPINE_SPAN)
    s, change = OUTLINE_STATIONS[inside], (now - rest)[:, inside]
    seen = np.isfinite(change).mean(axis=1) >= SPINE_MIN_SHARE
    bend, error = np.full(len(track), np.nan), np.full(len(track), np.nan)
    slopes, away = _parabolas(s, change[seen])
    turned = slopes[:, 0] - slopes[:, 1]
    clean = (away <= SPINE_MAX_RESIDUAL) & (np.abs(turned) <= SPINE_MOST_BENT_DEG)
    more = np.maximum(0.0, away - OWN_SHAPE_T * np.abs(turned))
    bend[seen] = np.where(clean, turned, np.nan)
    error[seen] = np.where(clean, SPINE_ERROR_PER_T * more, np.nan)
    clear = SPINE_ERROR_DEG * np.sqrt(max(1.0, SPINE_CLEAR_PX / max(start.torso_px, 1.0)))
    strays = _strays_at_rest_deg(track, start, bend) if at_rest else 0.0
    return bend, np.hypot(max(clear, strays), error)


def _parabolas(s: Array, change: Array) -> tuple[Array, Array]:
    """The parabola through each row by least squares, without its NaN.

    Args:
        s: (S,) where along the trunk line.
        change: (T, S) of the outline there, at least three a row.

    Returns:
        (T, 2) its slope at both ends of `SPINE_SPAN`, degrees, and (T,) how far the row strays from it, rms.
    """
    powers = np.vander(s - np.mean(SPINE_SPAN), 3, increasing=True)
    weight = np.isfinite(change).astype(float)
    known = np.nan_to_num(change)
    normal = np.einsum("ts,si,sj->tij", weight, powers, powers)
    fit = np.linalg.solve(normal, (known @ powers)[:, :, None])[:, :, 0]
    away = np.sqrt((weight * (fit @ powers.T - known) ** 2).sum(axis=1) / weight.sum(axis=1))
    ends = np.array(SPINE_SPAN) - np.mean(SPINE_SPAN)
    return np.degrees(np.arctan(fit[:, 1:2] + 2.0 * fit[:, 2:3] * ends)), away


def _strays_at_rest_deg(track: PoseTrack, start: StartPosture, bend: Array) -> float:
    """How far the reading strays while nothing can have bent (half-width of 90 %); degrees, 0 where nobody can tell."""
    if start.position != "standing":  # elsewhere a back may round while its ends stay
        return 0.0

    def lean(poses: PoseTrack) -> Array:
        return inclination(poses.point(*HIPS), poses.point(*SHOULDERS), 1.0)

    hips_away_t = length(track.point(*HIPS) - start.pose.point(*HIPS)[0]) / start.torso_px
    at_rest = (np.abs(lean(track) - lean(start.pose)[0]) <= AT_REST_DEG) & (hips_away_t <= AT_REST_T)
    read = bend[at_rest & np.isfinite(bend)]
    return WITHIN_90 * float(np.sqrt(np.mean(read**2))) if len(read) else 0.0


def _profile(track: PoseTrack, start: StartPosture, dorsal: bool) -> Array:
    """(T, N_OUTLINE) distance to the dorsal or the ventral edge, in lengths of the trunk line of that frame."""
    trunk = length(track.point(*SHOULDERS) - track.point(*HIPS))
    row = 1 if (start.facing > 0) == dorsal else 0  # row 0 lies clockwise of hip-to-shoulder
    return np.asarray(track.outline[:, row].astype(np.float64) / trunk[:, None])


BELLY: Final = (0.2, 0.6)
GROIN: Final = (-0.25, 0.0)
"""Stretches of the trunk line, from the hips (0) to the shoulders (1), in which the outline is compared."""


def belly_arch(track: PoseTrack, start: StartPosture) -> Array:
    """How much further the belly's outline stands out than the groin's, in lengths of the trunk line.

    With hips lifted too far the low back hollows and the outline from the thighs to the belly bulges.
    The back itself cannot be read there: it comes off the floor, and the arms lie beside it.
    """
    front = _profile(track, start, dorsal=False)
    groin, belly = (_mean_within(front, span) for span in (GROIN, BELLY))
    return np.asarray(belly - groin)


def _mean_within(profile: Array, span: tuple[float, float]) -> Array:
    """(T,) mean of a profile over a span of stations; NaN where half of it was not found."""
    part = profile[:, stations_within(span)]
    seen = np.isfinite(part)
    total = np.where(seen, part, 0.0).sum(axis=1)
    return np.where(seen.mean(axis=1) > 0.5, total / np.maximum(seen.sum(axis=1), 1), np.nan)
