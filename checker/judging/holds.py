"""What a hold is, and how long it lasts: the same rules for a whole recording and for the clock that runs live.

A repetition is held while it is far enough out, a posture while it is kept. The clock pauses while a fault of form is
there, and what is only worth knowing ("info") does not stop it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from checker.assessment import FaultResult
from checker.exercise import Exercise
from checker.judging.bouts import Bout, Bouts, PartialBout
from checker.judging.frame_rate import LONGEST_GAP_S
from checker.judging.limits import Hysteresis, met
from checker.judging.moments import ROUNDING_S
from checker.judging.series import Series
from checker.reasons import HELD_TOO_SHORT
from checker.rules import HoldRule, RepetitionRule
from checker.skeleton import Array, Mask

HOLD: Final = 0.9
"""A repetition is held while its excursion is above this share of its peak, where its file names no other limit."""

MOST_MOMENTS: Final = 3000
"""Pictures of a posture that are looked at again, 100 s at 30 a second: a fault reaches back no further (chosen, to
bound the work of a frame)."""


# --- a whole recording --------------------------------------------------------------------------


def far_enough(size: Array, peak: float, rule: RepetitionRule) -> Mask:
    """(T,) whether a repetition is held.

    Args:
        size: (T,) excursion from the start posture, positive in the direction of the repetition.
        peak: its size at the peak.
        rule: of the exercise; its `hold_from`, or nine tenths of the peak.
    """
    return np.asarray(size >= (HOLD * peak if rule.hold_from is None else rule.hold_from))


def posture_kept(rule: HoldRule, series: Series) -> Mask:
    """(T,) whether somebody is seen and every condition of a hold is met."""
    out = np.ones(len(series.t_s), bool) if series.seen is None else series.seen.copy()
    for condition in rule.conditions:
        out &= met(condition, series)
    return out


def in_bad_form(exercise: Exercise, faults: Iterable[FaultResult], t_s: Array) -> Mask:
    """(T,) whether a fault of form was there at the time."""
    of_form = {rule.id for rule in exercise.faults if rule.stops_the_clock}
    out = np.zeros(len(t_s), bool)
    for fault in faults:
        if fault.id in of_form and fault.status == "flagged":
            for first_s, last_s in fault.intervals:
                out |= (t_s >= first_s) & (t_s <= last_s)
    return out


def time_held(exercise: Exercise, series: Series, bad_form: Mask) -> tuple[Mask, list[Bout]]:
    """When the clock of each hold runs, and for how long.

    Args:
        exercise: the movement.
        series: with the bouts that counted.
        bad_form: (T,) whether a fault of form was there.

    Returns:
        (T,) whether the clock runs, and the bouts with their `hold_s`.
    """
    running, bouts = np.zeros(len(series.t_s), bool), []
    kept = posture_kept(exercise.hold, series) if exercise.hold is not None else None
    for bout in series.bouts:
        if kept is not None:
            held = kept
        elif exercise.repetition is not None:
            size = exercise.repetition.sign_of(negative=bout.negative) * series.change(exercise.repetition.signal)
            held = far_enough(size, bout.excursion, exercise.repetition)
        else:
            continue
        held = held & ~bad_form & (series.t_s >= bout.start_s) & (series.t_s <= bout.end_s)
        running |= held
        bouts.append(replace(bout, hold_s=time_within(series.t_s, held, bout.start_s, bout.end_s)))
    return running, bouts


def find_holds(t_s: Array, kept: Mask, rule: HoldRule, armed: int) -> Bouts:
    """Stretches in which a posture is kept.

    Args:
        t_s: (T,) seconds.
        kept: (T,) whether every condition is met.
        rule: of the exercise.
        armed: frame from which on it counts.

    Returns:
        One bout a hold; its `hold_s` is the time for which the conditions were met, without
        the pauses. Too short ones are partial.
    """
    on = np.flatnonzero(kept[armed:]) + armed
    if len(on) == 0:
        return Bouts(armed)
    apart = np.flatnonzero(np.diff(t_s[on]) > rule.max_pause_s) + 1
    holds = [_hold(t_s, kept, int(part[0]), int(part[-1])) for part in np.split(on, apart)]
    long = [h for h in holds if h.hold_s >= rule.min_duration_s]
    short = [h for h in holds if rule.min_duration_s > h.hold_s >= rule.min_duration_s / 3]
    why = [HELD_TOO_SHORT.of(held_s=h.hold_s, least_s=rule.min_duration_s) for h in short]
    return Bouts(armed, long, [PartialBout(h, reason) for h, reason in zip(short, why, strict=True)])


def hold_between(t_s: Array, kept: Mask, start_s: float, end_s: float) -> Bout | None:
    """A hold whose beginning and end somebody gives; None where the posture is not kept for a moment of it.

    Args:
        t_s: (T,) seconds.
        kept: (T,) whether every condition is met.
        start_s: when it began, to a hundredth of a second.
        end_s: when it ended.
    """
    inside = np.flatnonzero((t_s >= start_s - ROUNDING_S) & (t_s <= end_s + ROUNDING_S))
    if not len(inside):
        return None
    hold = _hold(t_s, kept, int(inside[0]), int(inside[-1]))
    return hold if hold.hold_s > 0 else None


def _hold(t_s: Array, kept: Mask, first: int, last: int) -> Bout:
    start_s, end_s = float(t_s[first]), float(t_s[last])
    return Bout(
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


def time_within(t_s: Array, mask: Mask, from_s: float, to_s: float) -> float:
    """Seconds between two moments during which the mask is true at both ends of a step.

    A step without a picture for longer than `LONGEST_GAP_S` is not counted: nobody saw what was done then.
    """
    inside = (t_s >= from_s) & (t_s <= to_s) & mask
    steps_s = np.diff(t_s)
    return float(np.sum(steps_s[inside[1:] & inside[:-1] & (steps_s <= LONGEST_GAP_S)]))


# --- the clock that runs live -------------------------------------------------------------------


class HoldClock:
    """The time held, as it runs.

    Attributes:
        held_s: of the hold under way, in good form; 0 where there is none.
        holds: postures that were kept for long enough, so far.
        running: whether it is held at the moment, in whatever form.
    """

    def __init__(self, exercise: Exercise, baseline: Mapping[str, float], units: Mapping[str, str]) -> None:
        """Stand at zero.

        Args:
            exercise: the movement.
            baseline: signal id -> its value in the start posture.
            units: signal id -> unit.
        """
        self._posture, self._repetition = exercise.hold, exercise.repetition
        conditions = exercise.hold.conditions if exercise.hold else []
        self._conditions = [(c.signal, baseline[c.signal], Hysteresis(c, units[c.signal])) for c in conditions]
        self.holds = 0
        self._begin()

    def _begin(self) -> None:
        self._t_s: list[float] = []  # of the hold under way, as far back as a fault may still reach
        self._size: list[float] = []  # of the repetition; of a posture 1 while it is kept, else 0
        self._bad_form: list[bool] = []
        self._held: Mask = np.zeros(0, bool)
        self._last_kept_s = -np.inf
        self._before_s = (0.0, 0.0)  # kept, and kept in good form, before the moments that are still there
        self.held_s, self.running = 0.0, False

    def feed_repetition(self, t_s: float, size: float, top: float | None) -> None:
        """Take the next moment of a repetition: its size, and the furthest it has got; None at rest."""
        if top is None or self._repetition is None:
            self._begin()
            return
        self._take(t_s, size)
        self._measure(far_enough(np.asarray(self._size), top, self._repetition))

    def feed_posture(self, t_s: float, now: Mapping[str, float], seen: bool) -> None:
        """Take the next moment of a posture: every signal now, and whether somebody is seen."""
        if self._posture is None:
            return
        met_all = [h.feed(now[signal], zero) for signal, zero, h in self._conditions]  # each of them must be fed
        kept = seen and all(met_all)
        if not kept and t_s - self._last_kept_s > self._posture.max_pause_s:
            self.end()
            return
        self._last_kept_s = t_s if kept else self._last_kept_s
        self._take(t_s, float(kept))
        self._measure(np.asarray(self._size) > 0)

    def mark_bad_form(self, from_s: float) -> None:
        """A fault of form is there, and has been since that time."""
        first = bisect_left(self._t_s, from_s)  # also behind another fault that has come and gone meanwhile
        self._bad_form[first:] = [True] * (len(self._t_s) - first)
        if self._t_s:
            self.held_s = self._lasts_s(self._held)[1]

    def end(self) -> None:
        """Nothing comes any more: a posture under way counts where it was kept for long enough."""
        if self._posture is not None and self._t_s:
            self.holds += self._lasts_s(np.asarray(self._size) > 0)[0] >= self._posture.min_duration_s
        self._begin()

    def _take(self, t_s: float, size: float) -> None:
        self._t_s.append(t_s)
        self._size.append(size)
        self._bad_form.append(False)

    def _measure(self, held: Mask) -> None:
        self._held, self.running = held, bool(held[-1])
        self.held_s = self._lasts_s(held)[1]
        if self._posture is not None and len(self._t_s) > MOST_MOMENTS:
            self._forget(held)

    def _lasts_s(self, held: Mask, until: int = -1) -> tuple[float, float]:
        """For how long it is held, and held in good form, up to one of the moments."""
        t_s, end_s = np.asarray(self._t_s), self._t_s[until]
        good = held & ~np.asarray(self._bad_form)
        whole_s, good_s = (time_within(t_s, mask, t_s[0], end_s) for mask in (held, good))
        return self._before_s[0] + whole_s, self._before_s[1] + good_s

    def _forget(self, held: Mask) -> None:
        """Drop the older half of the moments; what they were worth stays."""
        half = len(self._t_s) // 2
        self._before_s = self._lasts_s(held, half)
        self._held = held[half:]
        for moments in (self._t_s, self._size, self._bad_form):
            del moments[:half]
