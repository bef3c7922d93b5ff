"""A ghost: the body of one repetition in the picture of another one, at the same part of the movement.

It is laid over the other body where both began: at the feet of who stands, at the hips of everybody else, and made as
large as the other body is in its picture. Nothing else is turned or shifted, so what differs is a difference. For the
other side it is the mirror image about the body's own middle. Where that would show something that nobody saw, there
is no ghost, and a sentence says why.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.care.change_rules import ChangeRules
from checker.care.conditions import turned_otherwise
from checker.comparing.axis import Way, lay
from checker.comparing.curves import sampled
from checker.comparing.take import Take
from checker.comparing.words import (
    GHOST_FROM_FEET,
    GHOST_OTHER_WAY,
    GHOST_START_UNSEEN,
    GHOST_TURNED,
    GHOST_VIEW_UNSURE,
    ghost_views,
)
from checker.posture import ANKLES, BELLY, HIPS, SHOULDERS, STANCE_T
from checker.skeleton import PARTNERS, Array

BEGINS_S: Final = 0.2
"""The place at which a repetition begins is the median of the frames so close to its start."""

SIDES: Final = frozenset([("left", "right"), ("right", "left")])
"""Sides that are mirror images of one another; what is named otherwise, as cat and cow, is not."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """The body of `then` in the picture of `now`.

    Attributes:
        points: (T, 33, 3) pixels, and visibility, for each frame of now; NaN where there is none.
        mirrored: whether it is a mirror image, because the two went to different sides.
        why_not: why there is none, in one sentence; empty where there is one.
    """

    points: Array
    mirrored: bool
    why_not: str = ""


def find_ghost(then: Take, now: Take, way: Way, rules: ChangeRules) -> Ghost:
    """Lay the body of one repetition into the picture of another.

    Args:
        then: whose body.
        now: whose picture.
        way: by which the same part of the movement is found.
        rules: of change: by how much two views may differ.
    """
    mirrored = (then.rep.side, now.rep.side) in SIDES
    nothing = np.full((len(now.analysis.t_s), *then.analysis.track.image.shape[1:-1], 3), np.nan)
    if why := _why_not(then, now, rules):
        return Ghost(nothing, mirrored, why)
    bodies = [_Body.at_start(take) for take in (then, now)]
    if not all(body.known for body in bodies):
        return Ghost(nothing, mirrored, GHOST_START_UNSEEN)
    axes = lay(then.moments, now.moments, way)
    at_s = axes[0].time_s(axes[1].place(now.analysis.t_s))
    track = then.analysis.track
    image = sampled(track.t_s, track.image.astype(np.float64), at_s)
    seen = sampled(track.t_s, track.visibility.astype(np.float64), at_s)
    placed = place(image, bodies[0], bodies[1], mirrored=mirrored, flipped=mirrored and now.exercise.view == "front")
    seen = seen[:, PARTNERS] if mirrored else seen
    return Ghost(np.concatenate([placed, seen[..., None]], axis=-1), mirrored)


def place(image: Array, body: _Body, other: _Body, *, mirrored: bool = False, flipped: bool = False) -> Array:
    """Lay points over another body.

    Args:
        image: (..., 33, 2) pixels.
        body: whose points they are.
        other: where they go.
        mirrored: whether left and right change places: the mirror image about the body's own middle.
        flipped: whether the picture is turned round with them: seen from the front, that is what a mirror does; seen
            from the side it moves nothing, because it lies along the line of sight.
    """
    away = (image - body.anchor) * (other.torso_px / body.torso_px)
    away = away[..., PARTNERS, :] if mirrored else away
    return np.asarray(away * [-1.0 if flipped else 1.0, 1.0] + other.anchor)


@dataclass(frozen=True, slots=True)
class _Body:
    """Where a body begins, and how large it is.

    Attributes:
        anchor: (2,) pixels: what stays in its place.
        torso_px: hips to shoulders, in the start posture.
    """

    anchor: Array
    torso_px: float

    @classmethod
    def at_start(cls, take: Take) -> _Body:
        """That of a repetition."""
        analysis, start_s = take.analysis, take.moments.start_s
        starts = analysis.starts
        frame = analysis.at(take.moments.origin_s)
        if starts is None:
            return cls(np.full(2, np.nan), float("nan"))
        trunk = starts.point(*SHOULDERS)[frame] - starts.point(*HIPS)[frame]
        near = np.abs(analysis.t_s - start_s) <= BEGINS_S
        near[analysis.at(start_s)] = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a joint that was never seen
            begins = np.nanmedian(analysis.track.image[near].astype(np.float64), axis=0)
        torso_px = float(np.linalg.norm(trunk))
        anchor = _feet(begins, torso_px) if take.exercise.position == "standing" else begins[list(HIPS)].mean(axis=0)
        return cls(anchor, torso_px)

    @property
    def known(self) -> bool:
        """Whether both were seen."""
        return bool(np.isfinite(self.anchor).all() and np.isfinite(self.torso_px) and self.torso_px > 0)


def _feet(points: Array, torso_px: float) -> Array:
    """(2,) the middle between the ankles; the lower one where the other foot is lifted."""
    ankles = points[list(ANKLES)]
    lifted = abs(ankles[0, 1] - ankles[1, 1]) > STANCE_T * torso_px
    return np.asarray(ankles[np.argmax(ankles[:, 1])] if lifted else ankles.mean(axis=0))


def _why_not(then: Take, now: Take, rules: ChangeRules) -> str:
    """Why one cannot be laid over the other; empty where it can."""
    views = [take.analysis.assessment.view for take in (then, now)]
    if not all(view.ok for view in views):
        return GHOST_VIEW_UNSURE
    if views[0].measured != views[1].measured:
        return ghost_views(views[0].measured, views[1].measured)
    if now.exercise.view == "front" and now.exercise.position in BELLY:
        return GHOST_FROM_FEET
    if now.exercise.view == "side" and _facing(then) != _facing(now):
        return GHOST_OTHER_WAY
    if turned_otherwise(views[0].yaw_deg, views[1].yaw_deg, rules):
        return GHOST_TURNED
    return ""


def _facing(take: Take) -> float:
    analysis = take.analysis
    return float(analysis.facing[analysis.at(take.moments.origin_s)]) if analysis.starts is not None else 0.0
