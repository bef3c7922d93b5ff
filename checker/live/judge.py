"""What can be said at once about each frame, from the past alone.

The camera page shows this while the person moves. It counts and judges with the same rules as
`engine`, whose `finish` has the last word.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from checker.assessment import FaultResult
from checker.exercise import Exercise, PastFault
from checker.judging.faults import is_timed, judge, signals_of
from checker.judging.frame_rate import Pace, PictureRate
from checker.judging.hold_clock import HoldClock
from checker.judging.limits import Hysteresis, signal_error, slack_of
from checker.judging.proportions import keep_their_length
from checker.judging.repetitions import (
    CAMERA_MOVED,
    COVERED,
    LEFT_PLACE,
    STEPPED,
    Movement,
    Phases,
    find_repetitions,
    left_the_picture,
    stepped,
)
from checker.judging.segments import AWAY_S
from checker.judging.series import Signals
from checker.live.counter import Counted, LiveCounter
from checker.live.surroundings import Surroundings
from checker.pose.steady import steadied
from checker.posture import StartPosture
from checker.setup.checks import Placement, check_placement
from checker.setup.place import in_place
from checker.setup.readiness import hide_unseen, left_picture, needed_landmarks, sees, without
from checker.setup.view import why_hidden
from checker.signals import CATALOGUE
from checker.skeleton import Array, Pose, PoseTrack
from checker.smoothing import CausalSmoother, smooth, smooth_track
from checker.visibility import body_part

STILL_WINDOW_S: Final = 1.2
LOOK_EVERY_S: Final = 0.2
"""Before the start, the last moments are looked at this often."""

HIDDEN_S: Final = 1.5
"""Joints out of sight for this long are told: shorter ones come back by themselves."""

AS_SEEN_AFTER_S: Final = 15.0
"""Whoever was asked for so long to show the joints that only the faults need, and shows what is measured,
has no room for more: it goes on without those faults, and nobody has to walk to the computer (chosen)."""

FEET: Final = "feet_travel"
"""The signal that tells a step."""

LOOK_BACK_S: Final = 90.0
"""A repetition is judged as a whole within this long; what is older is forgotten."""

SETTLE_S: Final = 0.7
"""A repetition is judged as a whole this long after it was counted: its last bit is still to come."""

LIVE_CARE: Final = 0.4
"""By this share of the hysteresis (2 degrees, 6 % of a length) a cue waits for more than is certain in the end:
smoothed from the past alone, a signal reaches up to 1.9 degrees or 0.002 torso lengths further than as a whole
(on noisy analytic bodies)."""

SWAYS_AFTER_S: Final = 4.0
SWAY_SLACK: Final = 2.0
"""Somebody in whom all is right but that they sway is asked for so long to keep still; then twice the sway will do:
nobody waits for a stillness that pain does not allow (clinical judgement)."""

TRIM_AT: Final = 300
"""Old frames are forgotten so many at a time."""


@dataclass(frozen=True, slots=True)
class SeenFault:
    """A fault at the moment at which it was told."""

    id: str
    cue: str
    t_s: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """What can be said at once about one frame.

    Attributes:
        t_s: the frame's time.
        ready: whether the start posture has been found, so that movements count.
        excursion: of the counted signal from the start posture, its sign as the signal's; NaN
            where unknown.
        repetitions: counted so far, by side.
        hint: what the person should do about what is missing, one short sentence, or None.
        placement: what was found about camera and place; None once ready.
        moving: the side being done at the moment, None at rest.
        hold_s: held in the repetition or hold under way.
        faults: those that became certain with this frame.
        active: ids of the faults that last at the moment.
        blind: ids of the faults that cannot be told at the moment: a joint is out of sight, or
            pictures are too few.
        settled: whether the last repetition has been judged as a whole.
        refused: why a movement that has just ended does not count, although it looked as if it would.
        pace: what the rate of the pictures is enough for.
    """

    t_s: float
    ready: bool
    excursion: float
    repetitions: dict[str, int]
    hint: str | None
    placement: Placement | None = None
    moving: str | None = None
    hold_s: float = 0.0
    faults: list[SeenFault] = field(default_factory=list)
    active: frozenset[str] = frozenset()
    blind: frozenset[str] = frozenset()
    settled: bool = True
    refused: str | None = None
    pace: Pace = "all"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the result would say of all that was fed so far.

    Attributes:
        counts: repetitions or holds, by side.
        measured: whether any measure has a value.
        reason: why nothing was measured, or why the last movement did not count; None where neither is so.
    """

    counts: dict[str, int]
    measured: bool
    reason: str | None


class LiveJudge:
    """Follows one person through one exercise, frame by frame."""

    def __init__(self, exercise: Exercise, width: int, height: int) -> None:
        """Start, for frames of that size in pixels."""
        self._exercise = exercise
        self._size = (width, height)
        self._recent: deque[Pose] = deque()
        self._next_look_s = 0.0
        self._person_s = 0.0
        self._joints_s = 0.0
        self._placement: Placement | None = None
        self._following: _Following | None = None
        self._earlier: Counter[str] = Counter({side or "both": 0 for side in exercise.sides})
        self._rate = PictureRate()
        self._around = Surroundings(width, height)
        self._swaying_since_s: float | None = None
        self._as_seen = False
        self._asked_for_all_s: float | None = None  # since when, without a break

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time."""
        self._rate.feed(pose.t_s)
        pose = self._around.feed(pose)
        gone = self._following is not None and pose.t_s - self._person_s > AWAY_S  # nobody, or no picture
        if gone or pose.cut:
            self.begin_anew()
        if pose.found:
            self._person_s = pose.t_s
        if self._following is None:
            self._look(pose)
        seen = steadied(hide_unseen(self._exercise, PoseTrack.single(pose, *self._size)))
        if self._around.camera_moves or self._around.covered:
            seen = without(seen, np.ones(1, bool))
        if self._following is None or np.isfinite(seen.image).any():
            self._joints_s = pose.t_s
        hint = self._hint(pose)
        if self._following is None:
            counts = dict(self._earlier)
            return Feedback(pose.t_s, False, float("nan"), counts, hint, self._placement, pace=self._rate.pace)
        feedback = self._following.feed(pose, seen, hint, self._rate.pace, self._hidden_by(pose))
        counts = {side: n + self._earlier[side] for side, n in feedback.repetitions.items()}
        return replace(feedback, repetitions=counts)

    def _hidden_by(self, pose: Pose) -> str:
        """What hides the person in this frame, in the words of the result; "" for nothing that is known."""
        if self._around.camera_moves:
            return CAMERA_MOVED
        if self._around.covered:
            return COVERED
        outside = left_picture(self._exercise, PoseTrack.single(pose, *self._size))
        return next((left_the_picture(body_part(joint)) for joint in outside), "")

    @property
    def start(self) -> StartPosture | None:
        """The start posture, once it was found."""
        return self._following.start if self._following is not None else None

    def go_on_as_seen(self) -> None:
        """Do not ask for joints that only the faults need: there is no room for more."""
        self._as_seen = True

    def correct(self, counts: dict[str, int]) -> None:
        """Bring what was counted in line with what the judgement of the whole says."""
        own = self._following.counts if self._following is not None and not self._is_against_time else {}
        for side in self._earlier:
            self._earlier[side] = counts.get(side, 0) - own.get(side, 0)

    @property
    def _is_against_time(self) -> bool:
        rule = self._exercise.repetition
        return rule is not None and rule.within_s is not None

    def begin_anew(self) -> None:
        """Look for the start posture again; what was counted so far stays."""
        if self._following is not None and not self._is_against_time:  # each attempt for itself
            self._earlier.update(self._following.end())
        self._following, self._placement = None, None
        self._recent.clear()

    def _look(self, pose: Pose) -> None:
        """See, a few times a second, whether the person is in place and has been still."""
        self._recent.append(pose)
        while pose.t_s - self._recent[0].t_s > STILL_WINDOW_S:
            self._recent.popleft()
        if pose.t_s < self._next_look_s:
            return
        self._next_look_s = pose.t_s + LOOK_EVERY_S
        recent = smooth_track(steadied(PoseTrack.stack(self._recent, *self._size)))
        waits_s = 0.0 if self._swaying_since_s is None else pose.t_s - self._swaying_since_s
        slack = 1.0 if waits_s < SWAYS_AFTER_S else SWAY_SLACK
        self._placement = check_placement(self._exercise, recent, self._as_seen, slack)
        if not self._placement.only_sways:
            self._swaying_since_s = None
        elif self._swaying_since_s is None:
            self._swaying_since_s = pose.t_s
        if not self._placement.can_go_on:
            self._asked_for_all_s = None
        elif self._asked_for_all_s is None:
            self._asked_for_all_s = pose.t_s
        self._as_seen |= self._asked_for_all_s is not None and pose.t_s - self._asked_for_all_s >= AS_SEEN_AFTER_S
        if self._placement.start is not None:
            self._following = _Following(self._exercise, self._placement.start)

    def _hint(self, pose: Pose) -> str | None:
        """What is missing, most important first."""
        if not pose.found:
            return "Step into the picture."
        if pose.people > 1:
            return "Only one person should be in the picture."
        if self._following is None and self._placement is not None:
            return self._placement.advice
        if self._around.camera_moves:
            return "The camera moves: what you do now is not measured. Prop it up."
        if pose.t_s - self._joints_s > HIDDEN_S:
            alone = PoseTrack.single(pose, *self._size)
            return why_hidden(alone, needed_landmarks(self._exercise), self._exercise.view == "side")
        return None


class _Following:
    """One person from their start posture on."""

    def __init__(self, exercise: Exercise, start: StartPosture) -> None:
        self._exercise, self.start = exercise, start
        wanted = [CATALOGUE[name] for name in exercise.signals]
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
        self._hidden_by: list[str] = []
        rule = exercise.repetition
        self._feet_must_stay = exercise.position == "standing" and rule is not None and not rule.feet_may_move
        if sees(exercise, start.pose, FEET).all():
            self._known.add(FEET)
        self._counter = LiveCounter(exercise.repetition) if exercise.repetition else None
        self._clock = HoldClock(exercise, self._baseline, self._units)
        of_moments = [f for f in exercise.faults if isinstance(f, PastFault) and not f.unless and not f.out_of_reach]
        self._watches = [_Watch(f, self._baseline, self._units) for f in of_moments]
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

    def feed(self, pose: Pose, track: PoseTrack, hint: str | None, pace: Pace, hidden_by: str) -> Feedback:
        """The frame's pose, alone and as a track with NaN for what was not seen, and what was found about the frame."""
        now = self._read(pose.t_s, track, hidden_by)
        counter = self._counter
        change = now[counter.signal] - self._baseline[counter.signal] if counter else float("nan")
        refused = self._count(pose.t_s, change)
        active = frozenset(w.rule.id for w in self._watches if w.lasts and pace != "none")
        self._clock.feed(pose.t_s, now, counter, broken=bool(active), seen=bool(np.isfinite(track.image).any()))
        moving = counter.moving if counter else ("both" if self._clock.running else None)
        faults = self._watch(pose.t_s, now, moving is not None, pace)
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

    def _read(self, t_s: float, track: PoseTrack, hidden_by: str) -> dict[str, float]:
        """Every signal now, and kept for later.

        NaN where one of its landmarks is not seen, or was not at the start, and away from the movement's place.
        """

        def value(name: str) -> float:
            if name not in self._known or not sees(self._exercise, track, name).all():
                return float("nan")
            needs = CATALOGUE[name].needs
            if self._exercise.view == "side" and not keep_their_length(track, self.start, needs).all():
                return float("nan")
            return float(CATALOGUE[name].compute(track, self.start)[0])

        there = bool(in_place(self._exercise, track, self.start)[0])
        read = {name: value(name) if there else float("nan") for name in self._values}
        now = {name: self._smoothers[name].feed(t_s, x) for name, x in read.items()}
        self._t_s.append(t_s)
        for name, x in now.items():
            self._values[name].append(x)
        away = not there and bool(np.isfinite(track.image).any())
        self._hidden_by.append(hidden_by or (LEFT_PLACE if away else ""))
        if self._counter is not None:
            self._counted.append(read[self._counter.signal])
            self._travel.append(value(FEET) if self._feet_must_stay else float("nan"))
        return now

    def _count(self, t_s: float, change: float) -> str | None:
        """Count what the result will count; why a movement that has just ended does not, where pictures were few."""
        if self._counter is None:
            return None
        self._counter.feed(t_s, change)
        done = self._counter.last
        if done is not None and done.ended_s == t_s:
            self._pending.append(done)
            self._confirm(self._counter, done)
        return self._counter.refused

    def _confirm(self, counter: LiveCounter, done: Counted) -> tuple[Movement | None, str | None]:
        """Count a movement that is over if the rules for a whole clip do: which it is, or why it does not count."""
        phases = self._phases(counter)

        def is_it(m: Movement) -> bool:
            return m.side == done.side and m.start_s < done.ended_s and m.end_s > done.began_s

        own = [m for m in phases.repetitions if is_it(m)]
        if own and done not in self._sure:
            self._sure.add(done)
            self._counts[done.side] += 1
        reasons = [p.reason for p in phases.partial if is_it(p.movement)]
        return (own[-1], None) if own else (None, next(iter(reasons), "it was not clear enough"))

    def _watch(self, t_s: float, now: dict[str, float], moving: bool, pace: Pace) -> list[SeenFault]:
        """Faults of a moment that have now lasted long enough."""
        out = []
        for watch in self._watches:
            inside = moving and (watch.rule.during == "movement" or self._clock.running)
            if watch.feed(t_s, now, inside) and pace != "none" and watch.rule.id not in self._told:
                out.append(SeenFault(watch.rule.id, watch.rule.cue, t_s))
                self._told.add(watch.rule.id)
        return out

    def _blind(self, now: dict[str, float], pace: Pace) -> frozenset[str]:
        """Ids of the faults that cannot be told from what is seen at the moment."""
        out = set()
        for fault in self._exercise.faults:
            names = signals_of(fault)
            unseen = [bool(np.isnan(now[name])) for name in names]
            some_will_do = isinstance(fault, PastFault) and fault.when == "any"
            too_few = pace == "none" or (pace == "untimed" and is_timed(fault))
            if fault.out_of_reach or too_few or (names and (all(unseen) if some_will_do else any(unseen))):
                out.add(fault.id)
        return frozenset(out)

    def _settle(self, done: Counted) -> tuple[list[SeenFault], str | None]:
        """A movement as a whole, by the same rules as at the end: its faults, or why it does not count."""
        if self._counter is None:
            return [], None
        movement, reason = self._confirm(self._counter, done)
        counted = done in self._sure
        self._sure.discard(done)
        return self._whole_repetition(movement) if movement else [], None if counted else reason

    def _phases(self, counter: LiveCounter) -> Phases:
        """What the last moments hold, smoothed without delay, as the whole is at the end."""
        rule, t_s = counter.rule, np.asarray(self._t_s)
        change = np.asarray(self._counted) - self._baseline[rule.signal]
        phases = find_repetitions(t_s, smooth(t_s, change, rule.min_excursion), rule, 0)
        travel: Array = np.asarray(self._travel)
        phases = phases.without(lambda m: stepped(travel, m), STEPPED)
        for reason in sorted(set(self._hidden_by) - {""}):
            phases = phases.because(np.array([why == reason for why in self._hidden_by]), reason)
        return phases

    def _whole_repetition(self, movement: Movement) -> list[SeenFault]:
        """Faults of a repetition that has just settled, by the same rules as at the end of a session."""
        rule = self._exercise.repetition
        t_s = np.asarray(self._t_s)
        values = {name: np.asarray(v) for name, v in self._values.items()}
        falling = frozenset([rule.signal] if rule is not None and rule.direction == "fall" else [])
        baseline = {name: np.full(len(t_s), zero) for name, zero in self._baseline.items()}
        signals = Signals(t_s, values, baseline, self._units, {}, [movement], falling)
        return [SeenFault(f.id, f.cue, float(t_s[-1])) for f in self._certain(signals)]

    def _certain(self, signals: Signals) -> list[FaultResult]:
        """What is certain of a whole repetition: its own faults, and those that stand back for others.

        The latter wait for the whole, and for every one before: where a fault that looks the same may have been
        there, `Engine.finish` does not tell them either.
        """
        faults = [f for f in self._exercise.faults if f.rule != "side_difference"]
        standing_back = {f.id: set(f.unless) for f in faults if isinstance(f, PastFault) and f.unless}
        others = set().union(*standing_back.values())
        whole = {f.id for f in faults if f.rule != "past"}
        wanted = whole | others | set(standing_back)
        found = judge([f for f in faults if f.id in wanted], signals, [])
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


_Conditions = list[tuple[str, float, Hysteresis]]
"""Each condition's signal, its value in the start posture, and what follows it."""


class _Watch:
    """One rule of a moment: how long its conditions have been met by more than their errors."""

    def __init__(self, rule: PastFault, baseline: dict[str, float], units: dict[str, str]) -> None:
        self.rule = rule
        self.lasts = False
        self._past: _Conditions = []
        self._certain: _Conditions = []
        for c in rule.conditions:
            unit, zero = units[c.signal], baseline[c.signal]
            beyond = signal_error(c) + LIVE_CARE * slack_of(c, unit)
            self._past.append((c.signal, zero, Hysteresis(c, unit)))
            self._certain.append((c.signal, zero, Hysteresis(c, unit, beyond)))
        self._since_s: float | None = None

    def feed(self, t_s: float, now: dict[str, float], inside: bool) -> bool:
        """Whether it became certain with this frame; it lasts until the thresholds themselves are passed no more."""
        past, certain = self._met(self._past, now), self._met(self._certain, now)
        self.lasts = self.lasts and inside and past
        if not (inside and certain):
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = t_s
        new = not self.lasts and t_s - self._since_s >= self.rule.min_duration_s
        self.lasts = self.lasts or new
        return new

    def _met(self, conditions: _Conditions, now: dict[str, float]) -> bool:
        met = [h.feed(now[signal], zero) for signal, zero, h in conditions]
        return all(met) if self.rule.when == "all" else any(met)
