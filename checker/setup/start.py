"""Where a movement starts from: found over a whole clip, or in the last moments before the camera.

Everything that a movement changes is measured from its start posture. People hold still at the end of a
movement as much as at its beginning, and some hardly at all at the beginning; so what counts is first
whether a posture looks like the movement's picture, then on which side of the counted signal it
lies, and only then how still it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from checker.exercise import Exercise
from checker.posture import (
    ANKLES,
    HIPS,
    SHOULDERS,
    STEP_T,
    STILL_T,
    StartPosture,
    find_still,
    median_pose,
    still_points,
)
from checker.rules import RepetitionRule
from checker.setup.likeness import check_start, likeness
from checker.setup.place import find_arrival, same_place
from checker.setup.view import check_view
from checker.signals import CATALOGUE
from checker.skeleton import Array, Mask
from checker.track import PoseTrack, concatenated

MOMENT_S: Final = 0.3
"""A quiet moment lasts this long: people who begin at once hardly keep still for longer."""

QUIET_T: Final = 0.15
"""How far a joint may go during one, in torso lengths: half a torso length a second, the slow end of a
movement, where somebody turns round (starting value)."""

SAME_LEVEL: Final = 0.5
"""Two postures are the same rest where the counted signal differs by less than this share of the smallest
excursion that counts."""

LOOKS_WORSE_DEG: Final = 10.0
"""A posture that looks this much less like the picture than the best one is no rest (starting value)."""

MOST_WEIGHT_S: Final = 1.0
"""A longer rest is no better: the ends of stretches are held for longer than any rest."""

WAY_OUT: Final = 1.5
"""A signal goes out from a level where it goes further than this, in smallest excursions that count."""

BEGINS: Final = 2.0
ENDS: Final = 1.0
BETWEEN: Final = 2.0
"""What speaks for a rest beside the time spent there, in seconds of it: the clip begins there, or ends there,
and the signal goes out to both sides from there (clinical judgement)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quiet moment.

    Attributes:
        first, last: its frames, the last one exclusive.
        posture: its median.
        still: whether it is as still and as long as people who wait to begin.
        lasts_s: how long it is.
        apart_deg: how far it is from the picture's start; infinite where too little is seen to tell.
        fits: 0 it does not look like it; 1 it does, but turned away; 2 well.
    """

    first: int
    last: int
    posture: StartPosture
    still: bool
    lasts_s: float
    apart_deg: float
    fits: int


def find_start(exercise: Exercise, track: PoseTrack) -> tuple[StartPosture | None, int | None]:
    """The posture that the movements of a clip start from, and the frame from which on they count.

    A person may stand in front of the camera, walk to their place, turn, and stand again. Of all
    stances (places of the feet), one from which the movement can begin is preferred, then the one in
    which most of the clip is spent, then the earliest. They count from when the person had come
    to that place, however short the rest there was.

    Args:
        exercise: the movement.
        track: smoothed; positions NaN where hidden.

    Returns:
        The posture and the frame, or (None, None) where nobody was ever quiet.
    """
    found = list(_candidates(exercise, track))
    if not found:
        return None, None
    stances: list[list[Candidate]] = []
    for candidate in found:
        own = (s for s in stances if _same_stance(exercise, s[0], candidate))
        (next(own, None) or _added(stances)).append(candidate)
    rests = [_rest(exercise, track, stance) for stance in stances]
    rest = max(rests, key=lambda r: (r[0].fits, round(_share_in_place(track, r[0].posture), 1), r[0].still))
    posture = _posture(exercise, track, rest)
    return posture, find_arrival(exercise, track, posture, rest[0].first)


def find_still_start(exercise: Exercise, recent: PoseTrack, slack: float = 1.0) -> StartPosture | None:
    """The posture of somebody who keeps still before the camera now, None where they do not.

    Args:
        exercise: what they are about to do.
        recent: the last moments; positions NaN where hidden.
        slack: how much more than usual they may sway; pain does not let everybody keep still.
    """
    stretch = find_still(recent.t_s, still_points(recent, exercise.position), slack * _limit_px(recent))
    if stretch is None:
        return None
    return StartPosture(median_pose(recent.slice(slice(*stretch))), exercise.position)


# --- candidates ---------------------------------------------------------------------------------


def _candidates(exercise: Exercise, track: PoseTrack) -> Iterator[Candidate]:
    """Still stretches and, where there are none, quiet moments, in order of time."""
    if len(track) < 2:
        return
    points = still_points(track, exercise.position)
    seen = np.isfinite(points).all(axis=1)
    if not seen.any():
        return
    points = np.concatenate([points, _outline_points(exercise, track, int(np.argmax(seen)))], axis=1)
    stretches = _stretches(track, points)
    moments = [m for m in _moments(track, points) if all(m[1] <= a or m[0] >= b for a, b in stretches)]
    for first, last in sorted([*stretches, *moments]):
        posture = StartPosture(median_pose(track.slice(slice(first, last))), exercise.position)
        apart = likeness(exercise, posture.pose)
        fits = 0
        if check_start(exercise, posture) is None:
            fits = 2 if check_view(posture, exercise.view, exercise.max_yaw_deg).ok else 1
        yield Candidate(
            first=first,
            last=last,
            posture=posture,
            still=(first, last) in stretches,
            lasts_s=float(track.t_s[last - 1] - track.t_s[first]),
            apart_deg=float(np.nan_to_num(apart.apart[0], nan=np.inf)),
            fits=fits,
        )


def _outline_points(exercise: Exercise, track: PoseTrack, first: int) -> Array:
    """(T, 0 or 1) pixels that move as the counted signal does, where that is read from the outline.

    Joints may rest while a back rounds. A change that makes another level moves them by as much as a joint may
    that is still.
    """
    rule = exercise.repetition
    if rule is None or not CATALOGUE[rule.signal].needs_outline:
        return np.empty((len(track), 0))
    from_here = StartPosture(median_pose(track.slice(slice(first, first + 5))), exercise.position)
    change = CATALOGUE[rule.signal].compute(track, from_here)
    known = np.isfinite(change)
    if not known.any():
        return np.empty((len(track), 0))
    bridged = np.interp(track.t_s, track.t_s[known], change[known])
    return np.asarray(bridged * _limit_px(track) / (SAME_LEVEL * rule.min_excursion))[:, None]


def _limit_px(track: PoseTrack) -> float:
    """How far a joint may move while somebody is still."""
    torso = np.linalg.norm(track.point(*SHOULDERS) - track.point(*HIPS), axis=1)
    return STILL_T * float(np.nanmedian(torso)) if np.isfinite(torso).any() else 0.0


def _stretches(track: PoseTrack, points: Array) -> list[tuple[int, int]]:
    """(first, last + 1) of each stretch in which every joint keeps its place for `STILL_S` or longer."""
    out: list[tuple[int, int]] = []
    start = 0
    while (still := find_still(track.t_s, points, _limit_px(track), start)) is not None:
        out.append(still)
        start = still[1]
    return out


def _moments(track: PoseTrack, points: Array) -> list[tuple[int, int]]:
    """(first, last + 1) of moments that are quieter than those around them, and of the first and the last one."""
    torso = float(np.nanmedian(np.linalg.norm(track.point(*SHOULDERS) - track.point(*HIPS), axis=1)))
    ends = np.searchsorted(track.t_s, track.t_s + MOMENT_S, side="right")
    whole = np.flatnonzero((track.t_s + MOMENT_S <= track.t_s[-1] + 1e-6) & (ends - np.arange(len(track)) >= 3))
    unrest = np.full(len(track), np.inf)
    for i in whole:
        reach = np.ptp(points[i : ends[i]], axis=0).max()  # NaN where something was hidden
        unrest[i] = reach / torso if np.isfinite(reach) else np.inf
    seen = whole[np.isfinite(unrest[whole])]
    if len(seen) == 0:
        return []
    chosen = {int(seen[0]), int(seen[-1])}
    for i in sorted(seen, key=lambda k: unrest[k]):
        if unrest[i] <= QUIET_T and all(ends[i] <= j or ends[j] <= i for j in chosen):
            chosen.add(int(i))
    return [(i, int(ends[i])) for i in sorted(chosen)]


# --- which of them ------------------------------------------------------------------------------


def _same_stance(exercise: Exercise, one: Candidate, other: Candidate) -> bool:
    """Whether somebody is in the same place, in the same kind of posture.

    They may stand first, and then lie down with the feet where they stood.
    """
    return (one.fits > 0) == (other.fits > 0) and same_place(exercise, one.posture, other.posture)


def _added(stances: list[list[Candidate]]) -> list[Candidate]:
    stances.append([])
    return stances[-1]


def _posture(exercise: Exercise, track: PoseTrack, rest: list[Candidate]) -> StartPosture:
    """The first still stretch of a rest; where there is none, the median of all its moments."""
    if rest[0].still:
        return rest[0].posture
    frames = np.zeros(len(track), bool)
    for moment in rest:
        frames[moment.first : moment.last] = True
    return StartPosture(median_pose(track.slice(frames)), exercise.position)


def _rest(exercise: Exercise, track: PoseTrack, stance: list[Candidate]) -> list[Candidate]:
    """The quiet moments in one stance that the movements go out from, the best one first."""
    rule = exercise.repetition
    fits = max(c.fits for c in stance)
    # the end of a turn may face the camera better than its rest does: there the votes decide
    turns = rule is not None and rule.sides == "signed"
    asked = [c for c in stance if c.fits == fits or (turns and c.fits > 0)]
    like_deg = min(c.apart_deg for c in asked) + LOOKS_WORSE_DEG
    alike = [c for c in asked if c.apart_deg <= like_deg]
    level = _levels(rule, alike) if rule is not None else np.full(len(alike), np.nan)
    if rule is None or not np.isfinite(level).any():
        return sorted(alike, key=lambda c: (not c.still, c.first))
    kept = _lowest(level, rule) if rule.sides == "both" else _between(rule, track, alike, level)
    rests = [(c, float(x)) for c, x, k in zip(alike, level, kept, strict=True) if k and np.isfinite(x)]
    middle = _weighted_median([x for _, x in rests], [_weight(c) for c, _ in rests])
    grain = 0.1 * rule.min_excursion  # rests closer than this are alike: then the first one
    rests.sort(key=lambda r: (not r[0].still, round(abs(r[1] - middle) / grain), r[0].first))
    return [c for c, _ in rests]


def _weight(c: Candidate) -> float:
    return min(c.lasts_s, MOST_WEIGHT_S)


def _weighted_median(values: list[float], weights: list[float]) -> float:
    order = np.argsort(values)
    share = np.cumsum(np.asarray(weights)[order]) / np.sum(weights)
    return float(np.asarray(values)[order][int(np.searchsorted(share, 0.5))])


def _levels(rule: RepetitionRule, alike: list[Candidate]) -> Array:
    """The counted signal in each posture, turned so that a movement of one direction rises."""
    poses = concatenated([c.posture.pose for c in alike])
    sign = -1.0 if rule.direction == "fall" else 1.0
    return np.asarray(sign * CATALOGUE[rule.signal].compute(poses, _from_here(alike).posture))


def _from_here(alike: list[Candidate]) -> Candidate:
    """The posture from which the others are compared."""
    return min(alike, key=lambda c: (not c.still, c.apart_deg))


def _lowest(level: Array, rule: RepetitionRule) -> Mask:
    """Of a movement that goes one way, rest lies on the other side."""
    return np.asarray(level <= np.nanmin(level) + SAME_LEVEL * rule.min_excursion)


def _between(rule: RepetitionRule, track: PoseTrack, alike: list[Candidate], level: Array) -> Mask:
    """Of a movement to both sides, rest is where people mostly are when they are quiet.

    More so where a clip begins and ends, and where the signal goes out to both sides from.
    """
    signal = CATALOGUE[rule.signal].compute(track, _from_here(alike).posture)
    low, high = np.nanquantile(signal, (0.02, 0.98)) if np.isfinite(signal).any() else (np.nan, np.nan)
    near = np.abs(level[:, None] - level[None, :]) <= SAME_LEVEL * rule.min_excursion
    votes = near @ np.array([_weight(c) for c in alike])
    least = WAY_OUT * rule.min_excursion
    both_sides = (level > low + least) & (level < high - least)
    quiet = np.array([c.still for c in alike])
    quiet[[0, -1]] = True
    votes = votes + BEGINS * near[0] + ENDS * near[-1] + BETWEEN * (both_sides & quiet)
    return np.asarray(near[int(np.argmax(np.where(np.isfinite(level), votes, -1.0)))])


def _share_in_place(track: PoseTrack, posture: StartPosture) -> float:
    """Share of the clip during which the feet are where they are in that posture."""
    way = np.linalg.norm(track.point(*ANKLES) - posture.pose.point(*ANKLES), axis=1)
    return float(np.mean(way <= STEP_T * posture.torso_px))  # NaN is not in place
