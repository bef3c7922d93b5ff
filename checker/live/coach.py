"""Leads somebody through a movement: what is shown and what is said, and when.

Pure: it takes the feedback on each frame and keeps time by the frames. The camera page draws what
it says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.frame_rate import Pace
from checker.live.feedback import Feedback, SeenFault, Verdict
from checker.setup.checks import NAMES, Tick

Stage = Literal["setup", "countdown", "moving", "done"]

COUNTDOWN_S: Final = 3.0
EAGER: Final = 0.5
"""Whoever moves by this share of the smallest repetition before the countdown is over has begun."""

CUE_EVERY_S: Final = 6.0
SAME_CUE_EVERY_S: Final = 15.0
HINT_EVERY_S: Final = 5.0
SAME_HINT_EVERY_S: Final = 12.0
"""Nothing is said more often than this: a voice that never stops is switched off (chosen, not sourced)."""

ENOUGH_PAIN_MARKS: Final = 3
"""So many marks of pain in one session offer to end it."""

AT_ONCE_S: Final = 1.0
"""A mark that comes later than this (the connection was lost) says nothing of where somebody is now."""

REST_ENDS_S: Final = 8.0
"""Who has done enough and rests for this long has finished: nobody has to walk to the computer."""

SETS_REST_ENDS_S: Final = 180.0
"""The same where there are sets, between which one rests (both chosen, not sourced)."""

LONGEST_S: Final = 3600.0
"""A session ends after an hour: whatever is kept of it is bounded."""

TOO_FEW: Final = "Too few pictures come to follow you."
"""Said, not shown in place of what comes next: the page has a line of its own for it."""

AS_SEEN: Final = "It goes on with what it sees, and does not judge the rest."


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to say aloud and show: a hint, a count, a cue or a word on what comes next."""

    text: str
    kind: Literal["stage", "hint", "count", "cue", "end"]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the page shows for one frame.

    Attributes:
        stage: where the session is.
        ticks: of the set-up check, until it is over.
        hint: what to do about what is missing.
        countdown_s: seconds left, while it runs.
        asked: the side that is to be done next, None where there are no sides.
        counts: repetitions or holds so far, by side.
        target, most: how many are asked for, to each side, and up to how many; None where the
            dose does not say.
        hold_s, hold_target_s: of the hold under way.
        clock_s, clock_target_s: gone, and in all, of a movement that is done by time; else None.
        reach: size of the excursion at the moment; None where unknown.
        best: the largest counted one so far, of the side that is being done.
        hurt: the smallest one at which it hurt, of that side; None where it did not.
        cue: what to do about the last fault, while it is recent.
        say: what to say now.
        offer_end: whether to ask, kindly, if they want to stop, until `Coach.go_on`.
        can_go_on: whether to offer to go on without the joints that only the faults need.
        pace: what the rate of the pictures is enough for.
        well_done: whether it is over, and the result has what was done.
    """

    stage: Stage
    ticks: list[Tick]
    hint: str | None = None
    countdown_s: float | None = None
    asked: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    target: int | None = None
    most: int | None = None
    hold_s: float = 0.0
    hold_target_s: float | None = None
    clock_s: float | None = None
    clock_target_s: float | None = None
    reach: float | None = None
    best: float = 0.0
    hurt: float | None = None
    cue: str | None = None
    say: list[Utterance] = field(default_factory=list)
    offer_end: bool = False
    can_go_on: bool = False
    pace: Pace = "all"
    well_done: bool = False


class Voice:
    """One thing at a time, and never more often than it helps."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._last_s: dict[str, float] = {}

    def may_say(self, utterance: Utterance, t_s: float) -> bool:
        """Whether it is time for it; if so, it is taken as said."""
        pauses = {"cue": (CUE_EVERY_S, SAME_CUE_EVERY_S), "hint": (HINT_EVERY_S, SAME_HINT_EVERY_S)}
        any_s, same_s = pauses.get(utterance.kind, (0.0, 0.0))
        kind, text = f"kind {utterance.kind}", f"text {utterance.text}"
        if t_s - self._last_s.get(kind, -np.inf) < any_s or t_s - self._last_s.get(text, -np.inf) < same_s:
            return False
        self._last_s[kind] = self._last_s[text] = t_s
        return True


class Coach:
    """One session of one movement."""

    def __init__(
        self, exercise: Exercise, dose: Dose | None = None, settle: Callable[[], Verdict] | None = None
    ) -> None:
        """Start with the set-up check.

        Args:
            exercise: the movement.
            dose: how much of it; the movement's first one unless given.
            settle: asked before anything is told to be done, so that the result says the same: judges
                all so far, and brings the counts of the feedback to come in line with it.
        """
        self._exercise = exercise
        self._dose = dose or (exercise.doses[0] if exercise.doses else None)
        self._voice = Voice()
        self._stage: Stage = "setup"
        self._go_s = 0.0
        self._counts: dict[str, int] = {}
        self._furthest: dict[str, float] = {}  # in the movement under way
        self._best: dict[str, float] = {}
        self._hurt: dict[str, float] = {}
        self._settle = settle
        self._well_done = False
        self._told_as_seen = False
        self._cue: tuple[float, SeenFault] | None = None
        self._now: Feedback | None = None
        self._offered = 0
        self._told_offer = False
        self._sets = 0
        self._rest_from_s: float | None = None  # since enough was done
        self._hold_told = False
        self._clock_gone_s: float | None = None  # None until it runs
        self._clock_fed_s: float | None = None
        self.pain_s: list[float] = []

    @property
    def is_done(self) -> bool:
        """Whether it is over."""
        return self._stage == "done"

    @property
    def per_set(self) -> int | None:
        """How many repetitions or holds make a set, to each side: the lower end of the dose."""
        wanted = self._wanted
        return wanted[0] if wanted else None

    @property
    def target(self) -> int | None:
        """How many are asked for in all sets, to each side; None where the dose counts none."""
        return self._wanted[0] * self._dose.sets if self._dose and self._wanted else None

    @property
    def most(self) -> int | None:
        """The upper end of that."""
        return self._wanted[1] * self._dose.sets if self._dose and self._wanted else None

    @property
    def _wanted(self) -> tuple[int, int] | None:
        dose = self._dose
        if dose is None or (dose.repetitions is None and dose.hold_s is None):
            return None
        wanted = dose.repetitions if dose.repetitions is not None else 1
        return wanted if isinstance(wanted, tuple) else (wanted, wanted)

    @property
    def hold_target_s(self) -> float | None:
        """How long a hold is asked for: the lower end of the dose."""
        return _least(self._dose.hold_s) if self._dose else None

    @property
    def clock_target_s(self) -> float | None:
        """How long it is to be done, where it is done by time."""
        rule = self._exercise.repetition
        if rule is not None and rule.within_s is not None:
            return rule.within_s
        return _least(self._dose.duration_s) if self._dose else None

    def mark_pain(self, t_s: float) -> None:
        """It hurt at that time, seconds as the frames have it.

        Where it happened is found in the end, when the whole is seen; here it bounds what is shown as the goal.
        """
        self.pain_s.append(round(max(t_s, 0.0), 2))
        now = self._now
        if now is None or now.moving is None or not abs(now.t_s - t_s) <= AT_ONCE_S:
            return
        if np.isfinite(now.excursion):
            self._hurt[now.moving] = min(float(abs(now.excursion)), self._hurt.get(now.moving, np.inf))

    def go_on(self) -> None:
        """They were asked whether to stop, and go on."""
        self._offered, self._told_offer = len(self.pain_s), False

    def feed(self, feedback: Feedback) -> Guidance:
        """Take what is said about the next frame."""
        self._now = feedback
        say: list[Utterance] = []
        if self._stage != "done" and feedback.t_s >= LONGEST_S:
            say += self._end("That was an hour: a session is no longer.")
        elif not feedback.ready and self._stage != "done":
            say += self._set_up(feedback) + self._completed(feedback)
        elif self._stage in {"setup", "countdown"}:
            say += self._count_down(feedback)
        if self._stage == "moving":
            say += self._follow(feedback)
        if self._offers_end and not self._told_offer:
            self._told_offer = True
            say.append(Utterance("It has hurt several times. Would you like to stop here for today?", "end"))
        return self._guidance(feedback, [u for u in say if self._voice.may_say(u, feedback.t_s)])

    # --- stages ---------------------------------------------------------------------------------

    def _set_up(self, now: Feedback) -> list[Utterance]:
        self._stage = "setup"  # also when they left and come back; what was counted stays
        self._furthest.clear()
        self._clock_fed_s = None
        if self._is_against_time:  # each attempt has its whole time
            self._clock_gone_s = None
        if now.setup is not None and now.setup.as_seen and not self._told_as_seen:
            self._told_as_seen = True
            return [Utterance(AS_SEEN, "stage")]
        return [Utterance(now.hint, "hint")] if now.hint else []

    def _count_down(self, now: Feedback) -> list[Utterance]:
        if self._stage == "setup":
            self._stage, self._go_s = "countdown", now.t_s + COUNTDOWN_S
            return [Utterance("Good. Get ready.", "stage")]
        rule = self._exercise.repetition
        eager = rule is not None and abs(now.excursion) > EAGER * rule.min_excursion
        if now.t_s < self._go_s and not eager:
            return []
        self._stage = "moving"
        asked = self._asked()
        return [Utterance(f"Begin, {_side(asked)}." if asked else "Begin.", "stage")]

    def _follow(self, now: Feedback) -> list[Utterance]:
        say: list[Utterance] = []
        counts = now.repetitions
        if now.moving is not None and np.isfinite(now.excursion):
            self._furthest[now.moving] = max(self._furthest.get(now.moving, 0.0), abs(now.excursion))
        for side, n in counts.items():
            if n > self._counts.get(side, 0):
                say += self._counted(n, counts)
                self._best[side] = max(self._best.get(side, 0.0), self._furthest.get(side, 0.0))
        if now.moving is None:
            self._furthest.clear()
        self._counts = counts
        if self._cue is not None and self._cue[1].id in now.blind:  # nothing is shown of a joint out of sight
            self._cue = None
        if now.faults:
            self._cue = (now.t_s, now.faults[-1])
            say.append(Utterance(now.faults[-1].cue, "cue"))
        if now.refused:
            say.append(Utterance(f"That one does not count: {now.refused}.", "stage"))
        if now.hint or now.pace == "none":
            say.append(Utterance(now.hint or TOO_FEW, "hint"))
        return say + self._held(now) + (self._completed(now) or self._set_done() or self._timed(now))

    def _held(self, now: Feedback) -> list[Utterance]:
        """That a hold has lasted as long as it was asked for, once."""
        target_s = self.hold_target_s
        reached = target_s is not None and now.hold_s >= target_s
        new, self._hold_told = reached and not self._hold_told, reached
        return [Utterance(f"{target_s:g} seconds. Come back slowly.", "stage")] if new else []

    def _set_done(self) -> list[Utterance]:
        """That a set is done, to each side, and another one follows."""
        if self.per_set is None:
            return []
        done = min(self._counts.get(s or "both", 0) for s in self._exercise.sides) // self.per_set
        done = min(done, self._dose.sets - 1) if self._dose else done  # the last one is told as the end
        new, self._sets = done > self._sets, max(done, self._sets)
        return [Utterance(f"Set {done} is done. Rest, then go on.", "stage")] if new else []

    @property
    def _is_against_time(self) -> bool:
        rule = self._exercise.repetition
        return rule is not None and rule.within_s is not None

    def _clock_s(self) -> float | None:
        """Time gone while they were there, from "Begin" on; a task against time begins with the first movement."""
        if self.clock_target_s is None:
            return None
        return min(self._clock_gone_s or 0.0, self.clock_target_s)

    def _timed(self, now: Feedback) -> list[Utterance]:
        """Let the clock run, and end with it."""
        if self.clock_target_s is None:
            return []
        if self._clock_gone_s is not None:
            self._clock_gone_s += now.t_s - (now.t_s if self._clock_fed_s is None else self._clock_fed_s)
        elif now.moving is not None or self._exercise.repetition is None:
            self._clock_gone_s = 0.0
        self._clock_fed_s = now.t_s
        if (self._clock_s() or 0.0) < self.clock_target_s:
            return []
        return self._end("Time is up.")

    def _counted(self, n: int, counts: dict[str, int]) -> list[Utterance]:
        """The count, and in the same breath the side to do next where that is another one."""
        before, asked = self._asked(), self._asked(counts)
        this_side_is_done = self.target is not None and n >= self.target
        if asked is None or self._is_complete(counts) or (asked == before and not this_side_is_done):
            return [Utterance(str(n), "count")]
        return [Utterance(f"{n}. Now {_side(asked)}.", "count")]

    def _completed(self, now: Feedback) -> list[Utterance]:
        """End when all that was asked for is done, to each side; from the lower end of a dose on, by a rest."""
        if not self._is_complete(self._counts):
            self._rest_from_s = None
            return []
        if not now.settled:
            return []
        first = self._rest_from_s is None
        if self._rest_from_s is None or now.moving is not None:
            self._rest_from_s = now.t_s
        in_sets = self._dose is not None and self._dose.sets > 1
        rested = now.t_s - self._rest_from_s >= (SETS_REST_ENDS_S if in_sets else REST_ENDS_S)
        is_all = self._has(self._counts, self.most)
        if not (first or rested or is_all):
            return []
        verdict = self._verdict()
        self._counts = verdict.counts
        if not self._is_complete(verdict.counts):
            return [Utterance(f"Not all of it could be measured: {_because(verdict)}.", "stage")]
        if rested or is_all:
            return self._end("", "That is all." if is_all else "", verdict)
        if not verdict.measured:
            return [Utterance(f"Nothing could be measured so far: {_because(verdict)}.", "stage")]
        how = "Press Finish" if in_sets else "Rest to finish"
        return [Utterance(f"That is enough. {how}, or go on up to {self.most}.", "stage")]

    def _end(self, before: str, after: str = "", verdict: Verdict | None = None) -> list[Utterance]:
        """End, with praise for what the result has; where it has nothing, with the reason."""
        self._stage = "done"
        verdict = verdict or self._verdict()
        self._counts, self._well_done = verdict.counts, verdict.measured
        praise = ["Well done.", after] if verdict.measured else [f"Nothing could be measured: {_because(verdict)}."]
        return [Utterance(" ".join(filter(None, [before, *praise])), "end")]

    def _verdict(self) -> Verdict:
        """What the result would say; what was counted where nobody can be asked."""
        return self._settle() if self._settle is not None else Verdict(self._counts, True, None)

    def _is_complete(self, counts: dict[str, int]) -> bool:
        """Whether as much was done as is asked for at least."""
        return self._has(counts, self.target)

    def _has(self, counts: dict[str, int], wanted: int | None) -> bool:
        return wanted is not None and all(counts.get(s or "both", 0) >= wanted for s in self._exercise.sides)

    @property
    def _offers_end(self) -> bool:
        """Whether it has hurt often enough to ask if they want to stop, and more often than when they were asked."""
        return self._stage != "done" and len(self.pain_s) >= ENOUGH_PAIN_MARKS and len(self.pain_s) > self._offered

    def _asked(self, counts: dict[str, int] | None = None) -> str | None:
        """The side that was done less often; the first one of two alike."""
        sides = [s for s in self._exercise.sides if s is not None]
        counts = self._counts if counts is None else counts
        return min(sides, key=lambda s: counts.get(s, 0)) if sides else None

    # --- what is shown --------------------------------------------------------------------------

    def _guidance(self, now: Feedback, say: list[Utterance]) -> Guidance:
        moving = now.moving or self._asked() or "both"
        recent = self._cue is not None and now.t_s - self._cue[0] < CUE_EVERY_S
        return Guidance(
            stage=self._stage,
            ticks=now.setup.ticks if now.setup else [Tick(i, name, True) for i, name in NAMES.items()],
            hint=now.hint,
            countdown_s=max(0.0, self._go_s - now.t_s) if self._stage == "countdown" else None,
            asked=self._asked(),
            counts=self._counts,
            target=self.target,
            most=self.most,
            hold_s=now.hold_s,
            hold_target_s=self.hold_target_s,
            clock_s=self._clock_s(),
            clock_target_s=self.clock_target_s,
            reach=float(abs(now.excursion)) if np.isfinite(now.excursion) else None,
            best=self._best.get(moving, 0.0),
            hurt=self._hurt.get(moving),
            cue=self._cue[1].cue if recent and self._cue else None,
            say=say,
            offer_end=self._offers_end,
            can_go_on=now.setup is not None and now.setup.can_go_on,
            pace=now.pace,
            well_done=self._well_done,
        )


def _because(verdict: Verdict) -> str:
    """Its reason, to be read within a sentence."""
    return (verdict.reason.text if verdict.reason else "it was not seen well enough").rstrip(".")


def _least(wanted: float | tuple[float, float] | None) -> float | None:
    return wanted[0] if isinstance(wanted, tuple) else wanted


def _side(name: str) -> str:
    """A side as it is asked for: "left side", or the name that the exercise gives it."""
    return f"{name} side" if name in {"left", "right"} else name
