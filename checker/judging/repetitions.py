"""A signal over time -> repetitions, and what did not count.

Nothing counts before the person has come to their place. The start posture settles what zero is;
`excursions.py` follows a signal away from it and back.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from checker.assessment import UNIT_LABELS
from checker.judging.bouts import Bout, Bouts, PartialBout
from checker.judging.excursions import ENTER, HALF_UP, LEAVE, LEAVE_OF_PEAK, ExcursionTracker
from checker.judging.frame_rate import why_too_few
from checker.judging.holds import HOLD
from checker.judging.moments import ROUNDING_S
from checker.posture import STEP_T
from checker.reasons import (
    AFTER_TIME,
    HIDDEN_PART,
    TOO_LONG,
    TOO_QUICK,
    TOO_SMALL,
    WAY_BACK_UNSEEN,
    WAY_OUT_UNSEEN,
    Reason,
)
from checker.rules import RepetitionRule
from checker.signals import CATALOGUE
from checker.skeleton import Array

PLATEAU_S: Final = 0.4
"""The peak value is the median over this long around the largest excursion: one frame is noise."""

MAX_GAP_IN_REP_S: Final = 0.5
"""Longest stretch of a repetition that may be unseen."""

OFF_PEAK: Final = 0.85
GAP_ON_WAY: Final = 0.6
"""On the way, below that share of the peak, a gap may last so much of the shortest repetition: there is no time in it
for another one."""

CUT_OFF: Final = 0.4
"""A repetition whose first or last bit is cut off counts, with a remark, where what is missing is at most this
share of its way: most of it was seen, and its peak (clinical judgement)."""


def find_repetitions(t_s: Array, excursion: Array, rule: RepetitionRule, armed: int) -> Bouts:
    """Repetitions and partial ones of one signal.

    Args:
        t_s: (T,) seconds.
        excursion: (T,) change of the signal from the start posture, smoothed without delay; NaN
            where unknown.
        rule: of the exercise.
        armed: frame from which on movements count.

    Returns:
        Repetitions in order, and what did not count with the reason.
    """
    reps: list[Bout] = []
    partial: list[PartialBout] = []
    for side, sign in rule.directions:
        x = excursion * sign
        stretches = _excursions(x, rule.min_excursion, armed)
        valleys = [0, *_valleys(x, stretches), len(x) - 1]
        for stretch, free in zip(stretches, pairwise(valleys), strict=False):
            missing = _missing(x, stretch, armed, rule)
            movement = replace(
                _describe(t_s, x, stretch, free, side),
                negative=rule.sides == "signed" and sign < 0,
                cut_off=max(missing) > 0,
            )
            rise = movement.excursion - max(0.0, _low_before(x, stretch, free, armed))
            reason = _why_not(t_s, x, movement, rule, rise, missing)
            if reason is None:
                reps.append(movement)
            elif not _is_noise(movement, rule):
                partial.append(PartialBout(movement, reason))
    reps.sort(key=lambda m: m.start_s)
    partial.sort(key=lambda p: p.bout.start_s)
    bouts = Bouts(armed, _without_overlap(reps), partial)
    if rule.within_s is None or not reps:
        return bouts
    return _in_time(bouts, t_s, excursion, rule, reps[0].start_s + rule.within_s)


def _in_time(bouts: Bouts, t_s: Array, excursion: Array, rule: RepetitionRule, until_s: float) -> Bouts:
    """What counts of a task against time: what is fully out in time, and what is more than half out when it ends.

    Whether it comes back, and how soon, does not matter then. How far fully out is, is told by the others where its
    own way was not seen to the end.
    """
    usual = float(np.median([m.excursion for m in bouts.counted]))
    signs = dict(rule.directions)

    def counts(m: Bout, full: float) -> bool:
        inside = np.flatnonzero(np.isfinite(excursion[: m.end + 1]))
        inside = inside[inside >= m.start]
        at_s, x = t_s[inside], excursion[inside] * signs[m.side]
        if (x[at_s <= until_s] >= HOLD * full).any():
            return True
        return m.start_s < until_s <= at_s[-1] and float(np.interp(until_s, at_s, x)) > HALF_UP * full

    open_end = [p for p in bouts.partial if p.reason.code in {WAY_BACK_UNSEEN.code, TOO_LONG.code}]
    cut = [p for p in open_end if counts(p.bout, usual)]
    bouts = bouts.without(lambda m: not counts(m, m.excursion), AFTER_TIME.of(within_s=rule.within_s))
    reps = [*bouts.counted, *(replace(p.bout, way_back_seen=False) for p in cut)]
    reps = _without_overlap(sorted(reps, key=lambda m: m.start_s))
    return Bouts(bouts.armed, reps, [p for p in bouts.partial if p not in cut])


def repetition_between(
    t_s: Array, x: Array, rule: RepetitionRule, bounds_s: tuple[float, float], furthest_s: float | None, like: Bout
) -> Bout | None:
    """A repetition whose beginning and end somebody gives; all else is read from the signal as for every other.

    Args:
        t_s: (T,) seconds.
        x: (T,) excursion, positive in its direction; NaN where unknown.
        rule: of the exercise.
        bounds_s: its beginning and its end, to a hundredth of a second.
        furthest_s: when it is furthest; None: where the signal is.
        like: one of that side and direction.

    Returns:
        None where nothing was seen of it, or it does not go that way.
    """
    start_s, end_s = bounds_s
    inside = np.flatnonzero((t_s >= start_s - ROUNDING_S) & (t_s <= end_s + ROUNDING_S) & np.isfinite(x))
    if not len(inside):
        return None
    first, last = int(inside[0]), int(inside[-1])
    if furthest_s is None:
        top = first + int(np.nanargmax(x[first : last + 1]))
        near = (first, last)
    else:
        top = int(inside[np.argmin(np.abs(t_s[inside] - furthest_s))])
        near = _around(x, first, last, top)
    if x[top] <= 0:
        return None
    excursion, reached, left = _furthest(t_s, x, *near, top)
    began, ended = _core(x, first, last, top, rule.min_excursion)
    return replace(
        like, start=began, peak=top, end=ended, start_s=start_s, end_s=end_s, excursion=excursion,
        peak_s=float((t_s[reached] + t_s[left]) / 2), reached_s=float(t_s[reached]), left_s=float(t_s[left]),
        hold_s=float(t_s[left] - t_s[reached]), cut_off=False, way_back_seen=True,
    )  # fmt: skip


def _around(x: Array, first: int, last: int, top: int) -> tuple[int, int]:
    """The frames about `top`, between two others, in which a movement stays as far out as there, to a tenth."""
    out = first + np.flatnonzero(~(np.abs(x[first : last + 1] - x[top]) <= (1.0 - HOLD) * abs(x[top])))
    return int(max(out[out < top] + 1, default=first)), int(min(out[out > top] - 1, default=last))


def _core(x: Array, first: int, last: int, top: int, smallest: float) -> tuple[int, int]:
    """The frames between which a movement is away from rest, by the limits that all are found by."""
    away = first + np.flatnonzero(x[first : top + 1] > ENTER * smallest)
    began = _back_to(x, int(away[0]) if len(away) else top, first, LEAVE * smallest)
    back = top + np.flatnonzero(x[top : last + 1] <= max(LEAVE * smallest, LEAVE_OF_PEAK * x[top]))
    return began, int(back[0]) - 1 if len(back) else last


def stepped(travel: Array, m: Bout) -> bool:
    """Whether the feet left their place during a movement; not where they were not seen.

    Args:
        travel: (T,) how far the feet are from their place, in T; NaN where they were not seen.
        m: the movement.
    """
    inside = travel[m.start : m.end + 1]
    return bool(np.isfinite(inside).any() and np.nanmedian(inside) > STEP_T)


def _excursions(x: Array, smallest: float, armed: int) -> list[tuple[int, int]]:
    """Stretches (first, last) above the limits, each reaching back to where it left zero."""
    tracker = ExcursionTracker(smallest)
    out = []
    first: int | None = None
    free = armed  # the first frame that belongs to no earlier excursion
    for i in range(armed, len(x)):
        change = tracker.feed(x[i])
        if change == "began":
            first = _back_to(x, i, free, LEAVE * smallest)
        elif change == "ended" and first is not None:
            out.append((first, i - 1))
            first, free = None, i
    if first is not None:
        out.append((first, len(x) - 1))
    return out


def _valleys(x: Array, stretches: list[tuple[int, int]]) -> list[int]:
    """The lowest frame between each stretch and the peak of the next."""
    out = []
    for (_, last), (first, end) in pairwise(stretches):
        peak = first + int(np.nanargmax(x[first : end + 1]))
        out.append(last + int(np.nanargmin(x[last : peak + 1])))
    return out


def _back_to(x: Array, first: int, free: int, level: float) -> int:
    """The frame at which x last rose above `level` before `first`, not before `free`."""
    while first > free and x[first - 1] > level:
        first -= 1
    return first


def _describe(t_s: Array, x: Array, stretch: tuple[int, int], free: tuple[int, int], side: str) -> Bout:
    """Peak, hold, and the moments at which the movement began and ended.

    `stretch` is its first and last frame; `free` the valleys before and after it, between which it
    must begin and end.
    """
    first, last = max(stretch[0], free[0]), stretch[1]
    top = first + int(np.nanargmax(x[first : last + 1]))
    excursion, reached, left = _furthest(t_s, x, first, last, top)
    before, after = slice(free[0], top + 1), slice(top, free[1] + 1)
    start_s = _extrapolated(t_s[before][::-1], x[before][::-1], excursion, top - reached)
    end_s = _extrapolated(t_s[after], x[after], excursion, left - top)
    return Bout(
        side=side,
        start=first,
        peak=top,
        end=last,
        start_s=max(start_s, float(t_s[0])),
        peak_s=float((t_s[reached] + t_s[left]) / 2),
        end_s=min(end_s, float(t_s[-1])),
        reached_s=float(t_s[reached]),
        left_s=float(t_s[left]),
        excursion=excursion,
        hold_s=float(t_s[left] - t_s[reached]),
    )


def _furthest(t_s: Array, x: Array, first: int, last: int, top: int) -> tuple[float, int, int]:
    """How far a movement goes about the frame `top`, and its first and last frame near that."""
    inside = x[first : last + 1]
    around = np.abs(t_s[first : last + 1] - t_s[top]) <= PLATEAU_S / 2
    excursion = float(np.nanmedian(inside[around]))
    held = np.flatnonzero(inside >= HOLD * excursion)
    return excursion, first + int(held[0]), first + int(held[-1])


MIN_JERK_10: Final = 0.2466
MIN_JERK_80: Final = 0.6733
MIN_JERK_90: Final = 0.7534
"""Shares of a movement's duration at which 10 %, 80 % and 90 % of its way are done, when it is as smooth
as people move: x(s) = 10 s^3 - 15 s^4 + 6 s^5 (Flash and Hogan, J Neurosci 1985)."""


def _extrapolated(t_s: Array, x: Array, peak: float, plateau: int) -> float:
    """The moment at which a movement away from its peak is over.

    A smooth movement spends a fifth of its time on the last twentieth of its way, which drowns
    in noise. So the times at 10 % and 80 % are read off, and the rest is taken from the shape of
    smooth movements.

    Args:
        t_s: (N,) seconds from the peak on; running backwards for the beginning of a movement.
        x: (N,) excursion.
        peak: the excursion at the peak.
        plateau: index of the last frame near the peak.

    Returns:
        Seconds. Where the movement was cut off, the last moment at which it was seen.
    """
    high = _crossing(t_s, x, plateau, 0.8 * peak)
    low = _crossing(t_s, x, plateau, 0.1 * peak)
    if high is None or low is None:
        seen = np.flatnonzero(np.isfinite(x))
        return float(t_s[seen[-1]])
    rest_s = (low - high) / (MIN_JERK_80 - MIN_JERK_10) * MIN_JERK_10
    return low + rest_s


def _crossing(t_s: Array, x: Array, start: int, level: float) -> float | None:
    """When x first falls to `level` after frame `start`; between frames."""
    seen = start + np.flatnonzero(np.isfinite(x[start:]))
    below = np.flatnonzero(x[seen] <= level)
    if len(below) == 0:
        return None
    if below[0] == 0:
        return float(t_s[seen[0]])
    i, j = seen[below[0] - 1], seen[below[0]]
    return float(t_s[i] + (x[i] - level) / (x[i] - x[j]) * (t_s[j] - t_s[i]))


def _missing(x: Array, stretch: tuple[int, int], armed: int, rule: RepetitionRule) -> tuple[float, float]:
    """Which shares of a movement's way were not seen, at its beginning and at its end; 0 where it was whole."""
    first, last = stretch
    inside = x[first : last + 1]
    seen = first + np.flatnonzero(np.isfinite(inside))
    top = float(np.nanmax(inside))
    rest = max(LEAVE * rule.min_excursion, LEAVE_OF_PEAK * top)
    before = x[armed:first]
    begins = not np.isfinite(before).any() and x[seen[0]] > rest
    after = x[seen[-1] + 1 : last + 2]
    ends = not np.isfinite(after).any() and x[seen[-1]] > rest
    return float(x[seen[0]] / top) if begins else 0.0, float(x[seen[-1]] / top) if ends else 0.0


def _low_before(x: Array, stretch: tuple[int, int], free: tuple[int, int], armed: int) -> float:
    """The valley that a movement rose from; 0 where it is the first one."""
    before = x[max(free[0], armed) : stretch[0] + 1]
    return float(np.nanmin(before)) if free[0] > 0 and np.isfinite(before).any() else 0.0


def _why_not(
    t_s: Array, x: Array, m: Bout, rule: RepetitionRule, rise: float, missing: tuple[float, float]
) -> Reason | None:
    """Why a movement does not count; None when it does. `rise`: its size from the valley before it."""
    if rise < rule.min_excursion:
        unit = UNIT_LABELS[CATALOGUE[rule.signal].unit]
        return TOO_SMALL.of(size=f"{rise:.1f}{unit}", least=f"{rule.min_excursion:g}{unit}")
    if too_few := why_too_few(t_s, m.start_s, m.end_s):
        return too_few
    if _hides_something(t_s, x, m, rule):
        return HIDDEN_PART
    if missing[0] > CUT_OFF:
        return WAY_OUT_UNSEEN
    if missing[1] > CUT_OFF:
        return WAY_BACK_UNSEEN
    duration_s = m.end_s - m.start_s
    if duration_s < rule.min_duration_s:
        return TOO_QUICK.of(took_s=duration_s, least_s=rule.min_duration_s)
    if duration_s > rule.max_duration_s:
        return TOO_LONG.of(took_s=duration_s, most_s=rule.max_duration_s)
    return None


def _is_noise(m: Bout, rule: RepetitionRule) -> bool:
    """Whether a movement is so small and so quick that nobody would call it an attempt."""
    return m.excursion < rule.min_excursion and m.end_s - m.start_s < rule.min_duration_s / 2


def _hides_something(t_s: Array, x: Array, m: Bout, rule: RepetitionRule) -> bool:
    """Whether a gap in a movement is long enough to hide its peak, or another repetition."""
    seen = np.flatnonzero(np.isfinite(x))
    before, after = seen[:-1], seen[1:]
    gap_s = t_s[after] - t_s[before]
    touches = (t_s[after] > m.start_s) & (t_s[before] < m.end_s)
    on_the_way = np.maximum(x[before], x[after]) < OFF_PEAK * m.excursion
    longest_s = np.where(on_the_way, max(MAX_GAP_IN_REP_S, GAP_ON_WAY * rule.min_duration_s), MAX_GAP_IN_REP_S)
    return bool((touches & (gap_s > longest_s)).any())


def _without_overlap(reps: list[Bout]) -> list[Bout]:
    """Boundaries made to meet where the extrapolated end of one lies behind the start of the next."""
    out = list(reps)
    for i in range(len(out) - 1):
        if out[i].end_s > out[i + 1].start_s:
            middle = (out[i].end_s + out[i + 1].start_s) / 2
            middle = min(max(middle, out[i].left_s), out[i + 1].reached_s)  # neither loses its furthest moments
            out[i] = _with_bounds(out[i], end_s=middle)
            out[i + 1] = _with_bounds(out[i + 1], start_s=middle)
    return out


def _with_bounds(m: Bout, start_s: float | None = None, end_s: float | None = None) -> Bout:
    return replace(m, start_s=m.start_s if start_s is None else start_s, end_s=m.end_s if end_s is None else end_s)
