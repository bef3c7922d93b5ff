"""One person followed from their start posture on, frame by frame."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.assessment import FaultResult
from checker.exercise import Exercise
from checker.fault_rules import PastFault
from checker.judging.bouts import Bout, Bouts
from checker.judging.faults import judge
from checker.judging.first_pain import has_range
from checker.judging.frame_rate import Pace
from checker.judging.holds import HoldClock
from checker.judging.proportions import keep_their_length
from checker.judging.repetitions import stepped
from checker.judging.series import Series
from checker.judging.small import find_to_first_pain, smallest_to_first_pain
from checker.live.counter import Counted, LiveCounter
from checker.live.feedback import Feedback, SeenFault
from checker.live.watch import Watch, with_care
from checker.posture import StartPosture
from checker.reasons import LEFT_PLACE, NOT_CLEAR_ENOUGH, STEPPED, TOO_SMALL, Reason
from checker.setup.place import in_place
from checker.setup.readiness import sees
from checker.signals import catalogue_of
from checker.skeleton import Array
from checker.smoothing import CausalSmoother, smooth
from checker.track import Pose, PoseTrack

FEET: Final = "feet_travel"
"""The signal that tells a step."""

LOOK_BACK_S: Final = 90.0
"""A repetition is judged as a whole within this long; what is older is forgotten."""

SETTLE_S: Final = 0.7
"""A repetition is judged as a whole this long after it was counted: its last bit is still to come."""

TRIM_AT: Final = 300
"""Old frames are forgotten so many at a time."""


class Follower:
    """One person from their start posture on."""

    def __init__(self, exercise: Exercise, start: StartPosture, model: str = "", to_first_pain: int = 0) -> None:
        """Follow from a start posture on.

        Args:
            exercise: what is done.
            start: the posture that every change is measured from.
            model: name of the pose model that sees it.
            to_first_pain: how many of the first repetitions to each side go to the first pain only; 0: none.
        """
        self._to_first_pain = to_first_pain if has_range(exercise) else 0
        self._exercise, self.start = exercise, start
        self._catalogue = catalogue_of(model)
        wanted = [self._catalogue[name] for name in exercise.signals]
        self._known = {s.id for s in wanted if sees(exercise, start.pose, s.id).all()}  # others compare with a guess
        self._baseline = {
            s.id: float(s.compute(start.pose, start)[0]) if s.id in self._known else float("nan") for s in wanted
        }
        self._units = {s.id: s.unit for s in wanted}
        self._smoothers = {s.id: CausalSmoother() for s in wanted}
        self._t_s: list[float] = []
        self._values: dict[str, list[float]] = {s.id: [] for s in wanted}
        self._counted: list[float] = []  # the counted signal as it was read
        self._travel: list[float] = []  # of the feet
        self._hidden_by: list[Reason | None] = []
        rule = exercise.repetition
        self._feet_must_stay = exercise.position == "standing" and rule is not None and not rule.feet_may_move
        if sees(exercise, start.pose, FEET).all():
            self._known.add(FEET)
        self._least = smallest_to_first_pain(exercise) if self._to_first_pain else None
        finer = {} if self._least is None else {"min_excursion": self._least}
        self._counter = LiveCounter(rule.model_copy(update=finer)) if rule is not None else None
        self._clock = HoldClock(exercise, self._baseline, self._units)
        of_moments = [f for f in exercise.faults if isinstance(f, PastFault) and not f.out_of_reach]
        self._watches = [Watch(f, self._baseline, self._units, self._catalogue) for f in of_moments]
        of_wholes = [f for f in exercise.faults if f.rule != "side_difference"]
        self._of_wholes = [with_care(f, self._units, self._catalogue) for f in of_wholes]
        self._told: set[str] = set()  # in the repetition under way
        self._counts = {side or "both": 0 for side in exercise.sides}
        self._pending: list[Counted] = []  # over, and not judged as a whole yet
        self._sure: set[Counted] = set()  # of those, the ones that are counted
        self._open: set[str] = set()  # faults that others stand back for and that were not clear in some repetition

    @property
    def counts(self) -> dict[str, int]:
        """Repetitions or holds so far, by side."""
        return dict(self._counts) if self._counter else {"both": self._clock.holds}

    def end(self) -> dict[str, int]:
        """Repetitions or holds in all, with the hold that was under way."""
        self._clock.end()
        return self.counts

    def feed(self, pose: Pose, track: PoseTrack, hint: str | None, pace: Pace, hidden_by: Reason | None) -> Feedback:
        """The frame's pose, alone and as a track with NaN for what was not seen, and what was found about the frame."""
        now = self._read(pose.t_s, track, hidden_by)
        counter = self._counter
        change = now[counter.signal] - self._baseline[counter.signal] if counter else float("nan")
        refused = self._count(pose.t_s, change)
        if counter:
            self._clock.feed_repetition(pose.t_s, counter.value, counter.top)
        else:
            self._clock.feed_posture(pose.t_s, now, seen=bool(np.isfinite(track.image).any()))
        moving = counter.moving if counter else ("both" if self._clock.running else None)
        faults = self._watch(pose.t_s, now, moving is not None, pace)
        active = frozenset(w.rule.id for w in self._watches if w.lasts and not w.rule.unless and pace != "none")
        if moving is None:
            self._told.clear()
        if self._pending and pose.t_s >= self._pending[0].ended_s + SETTLE_S:
            whole, taken_back = self._settle(self._pending.pop(0))
            faults, refused = [*faults, *whole], taken_back or refused
        self._forget()
        return Feedback(
            t_s=pose.t_s,
            ready=True,
            excursion=change,
            repetitions=self.counts,
            hint=hint,
            moving=moving,
            hold_s=self._clock.held_s,
            faults=faults,
            active=active,
            blind=self._blind(now, pace),
            settled=not self._pending,
            refused=refused,
            pace=pace,
        )

    def _read(self, t_s: float, track: PoseTrack, hidden_by: Reason | None) -> dict[str, float]:
        """Every signal now, and kept for later.

        NaN where one of its landmarks is not seen, or was not at the start, and away from the movement's place.
        """

        def value(name: str) -> float:
            if name not in self._known or not sees(self._exercise, track, name).all():
                return float("nan")
            needs = self._catalogue[name].needs
            if self._exercise.view == "side" and not keep_their_length(track, self.start, needs).all():
                return float("nan")
            return float(self._catalogue[name].compute(track, self.start)[0])

        there = bool(in_place(self._exercise, track, self.start)[0])
        read = {name: value(name) if there else float("nan") for name in self._values}
        now = {name: self._smoothers[name].feed(t_s, x) for name, x in read.items()}
        self._t_s.append(t_s)
        for name, x in now.items():
            self._values[name].append(x)
        away = not there and bool(np.isfinite(track.image).any())
        self._hidden_by.append(hidden_by or (LEFT_PLACE if away else None))
        if self._counter is not None:
            self._counted.append(read[self._counter.signal])
            self._travel.append(value(FEET) if self._feet_must_stay else float("nan"))
        return now

    def _count(self, t_s: float, change: float) -> Reason | None:
        """Count what the result will count; why a movement that has just ended does not, where pictures were few."""
        if self._counter is None:
            return None
        self._counter.feed(t_s, change)
        done = self._counter.last
        if done is not None and done.ended_s == t_s:
            self._pending.append(done)
            self._confirm(self._counter, done)
        return self._counter.refused

    def _confirm(self, counter: LiveCounter, done: Counted) -> tuple[Bout | None, Reason | None]:
        """Count a movement that is over if the rules for a whole clip do: which it is, or why it does not count."""
        bouts = self._bouts(counter)

        def is_it(m: Bout) -> bool:
            return m.side == done.side and m.start_s < done.ended_s and m.end_s > done.began_s

        own = [m for m in bouts.counted if is_it(m)]
        if own and done not in self._sure:
            self._sure.add(done)
            self._counts[done.side] += 1
        reasons = [p.reason for p in bouts.partial if is_it(p.bout)]
        return (own[-1], None) if own else (None, next(iter(reasons), NOT_CLEAR_ENOUGH))

    def _watch(self, t_s: float, now: dict[str, float], moving: bool, pace: Pace) -> list[SeenFault]:
        """Faults of a moment that have now lasted long enough."""
        out = []
        for watch in self._watches:
            inside = moving and (watch.rule.during == "movement" or self._clock.running)
            became_certain = watch.feed(t_s, now, inside)
            if pace == "none":
                continue
            if watch.lasts and watch.rule.stops_the_clock and not self._is_imitated(watch.rule):
                self._clock.mark_bad_form(watch.past_since_s)
            if became_certain and not watch.rule.unless and watch.rule.id not in self._told:
                out.append(SeenFault(watch.rule.id, watch.rule.cue, t_s))
                self._told.add(watch.rule.id)
        return out

    def _is_imitated(self, rule: PastFault) -> bool:
        """Whether a fault that looks the same may be there: then the rule stands back, in the end too."""
        near = {watch.rule.id for watch in self._watches if watch.may_be}
        return not near.union(self._open).isdisjoint(rule.imitated_by)

    def _blind(self, now: dict[str, float], pace: Pace) -> frozenset[str]:
        """Ids of the faults that cannot be told from what is seen at the moment."""
        out = set()
        for fault in self._exercise.faults:
            names = fault.signals
            unseen = [bool(np.isnan(now[name])) for name in names]
            too_few = pace == "none" or (pace == "untimed" and fault.timed)
            if fault.out_of_reach or too_few or (names and (all(unseen) if fault.one_signal_will_do else any(unseen))):
                out.add(fault.id)
        return frozenset(out)

    def _settle(self, done: Counted) -> tuple[list[SeenFault], Reason | None]:
        """A movement as a whole, by the same rules as at the end: its faults, or why it does not count."""
        if self._counter is None:
            return [], None
        movement, reason = self._confirm(self._counter, done)
        counted = done in self._sure
        self._sure.discard(done)
        is_told = not counted and not (self._to_first_pain and reason is not None and reason.code == TOO_SMALL.code)
        return self._whole_repetition(movement) if movement else [], reason if is_told else None

    def _bouts(self, counter: LiveCounter) -> Bouts:
        """What the last moments hold, smoothed without delay, as the whole is at the end."""
        rule, t_s = self._exercise.repetition or counter.rule, np.asarray(self._t_s)
        change = smooth(t_s, np.asarray(self._counted) - self._baseline[rule.signal], rule.min_excursion)
        bouts = find_to_first_pain(t_s, change, rule, 0, self._least or rule.min_excursion, self._to_first_pain)
        travel: Array = np.asarray(self._travel)
        bouts = bouts.without(lambda m: stepped(travel, m), STEPPED)
        for reason in dict.fromkeys(why for why in self._hidden_by if why is not None):
            bouts = bouts.because(np.array([why == reason for why in self._hidden_by]), reason)
        return bouts

    def _whole_repetition(self, movement: Bout) -> list[SeenFault]:
        """Faults of a repetition that has just settled, by the same rules as at the end of a session."""
        rule = self._exercise.repetition
        t_s = np.asarray(self._t_s)
        values = {name: np.asarray(v) for name, v in self._values.items()}
        falling = frozenset([rule.signal] if rule is not None and rule.direction == "fall" else [])
        baseline = {name: np.full(len(t_s), zero) for name, zero in self._baseline.items()}
        series = Series(
            t_s, values, baseline, self._units, bouts=[movement], falling=falling, catalogue=self._catalogue
        )
        return [SeenFault(f.id, f.cue, float(t_s[-1])) for f in self._certain(series)]

    def _certain(self, series: Series) -> list[FaultResult]:
        """What is certain of a whole repetition: its own faults, and those that stand back for others.

        The latter wait for the whole, and for every one before: where a fault that looks the same may have been
        there, `Engine.finish` does not tell them either.
        """
        faults = self._of_wholes
        standing_back = {f.id: set(f.unless) for f in faults if isinstance(f, PastFault) and f.unless}
        others = set().union(*standing_back.values())
        whole = {f.id for f in faults if f.rule != "past"}
        wanted = whole | others | set(standing_back)
        found = judge([f for f in faults if f.id in wanted], series)
        self._open |= {f.id for f in found if f.id in others and f.status != "clear"}
        told = whole | {i for i, unless in standing_back.items() if not unless & self._open}
        return [f for f in found if f.status == "flagged" and f.id in told]

    def _forget(self) -> None:
        """Drop what no repetition to come can need."""
        gone = next(i for i, t in enumerate(self._t_s) if t >= self._t_s[-1] - LOOK_BACK_S)
        if gone > TRIM_AT:
            for values in (self._t_s, self._counted, self._travel, *self._values.values()):
                del values[:gone]
            del self._hidden_by[:gone]
