"""TODO."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from checker.exercise import HoldRule, RepetitionRule
from checker.judging.bouts import Movement, Partial, Phases
from checker.judging.frame_rate import LONGEST_GAP_S
from checker.skeleton import Array

HOLD: Final = 0.9
"""A hold lasts while the excursion is above this share of the peak."""


def find_holds(t_s: Array, kept: npt.NDArray[np.bool_], rule: HoldRule, armed: int) -> Phases:
    """Stretches in which a posture is kept.

    Args:
        t_s: (T,) seconds.
        kept: (T,) whether every condition is met.
        rule: of the exercise.
        armed: frame from which on it counts.

    Returns:
        One movement a hold; its `hold_s` is the time for which the conditions were met, without
        the pauses. Too short ones are partial.
    """
    on = np.flatnonzero(kept[armed:]) + armed
    if len(on) == 0:
        return Phases(armed)
    apart = np.flatnonzero(np.diff(t_s[on]) > rule.max_pause_s) + 1
    holds = [_hold(t_s, kept, int(part[0]), int(part[-1])) for part in np.split(on, apart)]
    long = [h for h in holds if h.hold_s >= rule.min_duration_s]
    short = [Partial(h, _too_short(h.hold_s, rule)) for h in holds if h.hold_s < rule.min_duration_s]
    return Phases(armed, long, [p for p in short if p.movement.hold_s >= rule.min_duration_s / 3])


def _too_short(held_s: float, rule: HoldRule) -> str:
    return f"too short: held for {held_s:.1f} s of at least {rule.min_duration_s:g} s"


def _hold(t_s: Array, kept: npt.NDArray[np.bool_], first: int, last: int) -> Movement:
    start_s, end_s = float(t_s[first]), float(t_s[last])
    return Movement(
        side="both",
        start=first,
        peak=(first + last) // 2,
        end=last,
        start_s=start_s,
        peak_s=(start_s + end_s) / 2,
        end_s=end_s,
        reached_s=start_s,
        left_s=end_s,
        excursion=float("nan"),
        hold_s=time_within(t_s, kept, start_s, end_s),
    )


def hold_time_s(
    t_s: Array, excursion: Array, m: Movement, rule: RepetitionRule, broken: npt.NDArray[np.bool_]
) -> float:
    """Seconds for which a repetition was held: far enough out, and in good form.

    The clock pauses where it is not, and goes on after.

    Args:
        t_s: (T,) seconds.
        excursion: (T,) change of the signal from the start posture.
        m: the repetition.
        rule: of the exercise; its `hold_from`, or nine tenths of the peak.
        broken: (T,) whether a fault was flagged at the time.
    """
    sign = dict(rule.directions)[m.side]
    level = HOLD * m.excursion if rule.hold_from is None else rule.hold_from
    return time_within(t_s, (excursion * sign >= level) & ~broken, m.start_s, m.end_s)


def time_within(t_s: Array, mask: npt.NDArray[np.bool_], from_s: float, to_s: float) -> float:
    """Seconds between two moments during which the mask is true at both ends of a step.

    A step without a picture for longer than `LONGEST_GAP_S` is not counted: nobody saw what was done then.
    """
    inside = (t_s >= from_s) & (t_s <= to_s) & mask
    steps_s = np.diff(t_s)
    return float(np.sum(steps_s[inside[1:] & inside[:-1] & (steps_s <= LONGEST_GAP_S)]))
