"""Leads somebody through a movement: what is shown and what is said, and when.

Pure: it takes the feedback on each frame and keeps time by the frames. The camera page draws what
it says. The coach holds the stage; the counts against the dose, the clock, the pain, the reach and
the voice keep their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from checker.dose import Dose
from checker.exercise import Exercise
from checker.live.clock import Clock
from checker.live.dose_progress import Counted, DoseProgress, Enough
from checker.live.feedback import Feedback, Verdict
from checker.live.guidance import Guidance, Stage, Utterance
from checker.live.leading_on import LeadingOn
from checker.live.pain import PainMarks
from checker.live.patience import Patience
from checker.live.reach import Reach
from checker.live.to_first_pain import TOO_LITTLE, ToFirstPain
from checker.live.turning import Turning
from checker.live.voice import ShownCue, Voice
from checker.setup.checks import NAMES, Tick

COUNTDOWN_S: Final = 3.0
EAGER: Final = 0.5
"""Whoever moves by this share of the smallest repetition before the countdown is over has begun."""

LONGEST_S: Final = 3600.0
"""A session ends after an hour: whatever is kept of it is bounded."""

TOO_FEW: Final = "Too few pictures come to follow you."
"""Said, not shown in place of what comes next: the page has a line of its own for it."""

AS_SEEN: Final = "It goes on with what it sees, and does not judge the rest."


class Coach:
    """One session of one movement."""

    def __init__(
        self,
        exercise: Exercise,
        dose: Dose | None = None,
        settle: Callable[[], Verdict] | None = None,
        protocol: ToFirstPain | None = None,
    ) -> None:
        """Start with the set-up check.

        Args:
            exercise: the movement.
            dose: how much of it; the movement's first one unless given.
            settle: asked before anything is told to be done, so that the result says the same: judges
                all so far, and brings the counts of the feedback to come in line with it.
            protocol: of a test to the first pain; it has its own dose.
        """
        dose = protocol.dose if protocol is not None else dose or exercise.first_dose
        self._protocol = protocol
        self._exercise = exercise
        self._settle = settle
        self._stage = Stage.SETUP
        self._go_s = 0.0
        self._progress = DoseProgress(exercise, dose, one_side_first=protocol is not None)
        self._clock = Clock(exercise, dose)
        self._pain = PainMarks()
        self._reach = Reach()
        self._turning = Turning(exercise.view, exercise.max_yaw_deg)
        self._patience = Patience(exercise)
        self._leading_on = LeadingOn()
        self._hint: str | None = None
        self._cue = ShownCue()
        self._voice = Voice()
        self._now: Feedback | None = None
        self._told_as_seen = False
        self._well_done = False

    @property
    def is_done(self) -> bool:
        """Whether it is over."""
        return self._stage is Stage.DONE

    @property
    def pain_s(self) -> list[float]:
        """The times at which it hurt, seconds as the frames have it."""
        return self._pain.times_s

    def mark_pain(self, t_s: float) -> None:
        """It hurt at that time, seconds as the frames have it."""
        self._pain.mark(t_s, self._now)
        self._patience.begin()

    def go_on(self) -> None:
        """They were asked whether to stop, and go on."""
        self._pain.go_on()

    def feed(self, feedback: Feedback) -> Guidance:
        """Take what is said about the next frame."""
        self._now, self._hint = feedback, feedback.hint
        say: list[Utterance] = []
        if not self.is_done and feedback.t_s >= LONGEST_S:
            say += self._end("That was an hour: a session is no longer.")
        elif not feedback.ready and not self.is_done:
            say += self._set_up(feedback) + self._completed(feedback)
        elif self._stage in {Stage.SETUP, Stage.COUNTDOWN}:
            say += self._count_down(feedback)
        if self._stage is Stage.MOVING:
            say += self._follow(feedback)
        if not self.is_done and self._pain.offer_is_new():
            say.append(Utterance("It has hurt several times. Would you like to stop here for today?", "end"))
        return self._guidance(feedback, [u for u in say if self._voice.may_say(u, feedback.t_s)])

    # --- stages ---------------------------------------------------------------------------------

    def _set_up(self, now: Feedback) -> list[Utterance]:
        self._stage = Stage.SETUP  # also when they left and come back; what was counted stays
        self._reach.rest()
        self._leading_on.begin()
        self._clock.stop()
        if now.setup is not None and now.setup.as_seen and not self._told_as_seen:
            self._told_as_seen = True
            return [Utterance(AS_SEEN, "stage")]
        turn = self._turn(now)
        self._hint = self._turning.shown(now.t_s) if turn is not None else now.hint
        if turn:
            return turn
        return [Utterance(self._hint, "hint")] if self._hint else []

    def _turn(self, now: Feedback) -> list[Utterance] | None:
        """Lead them round where that is what is missing; None where it is not."""
        setup = now.setup
        if setup is None or setup.to_turn_deg is None or now.hint != setup.advice:
            return None
        say = self._turning.feed(now.t_s, setup.to_turn_deg)
        return say if say or self._turning.shown(now.t_s) else None

    def _count_down(self, now: Feedback) -> list[Utterance]:
        if self._stage is Stage.SETUP:
            self._stage, self._go_s = Stage.COUNTDOWN, now.t_s + COUNTDOWN_S
            return [Utterance("Get ready." if self._turning.praised(now.t_s) else "Good. Get ready.", "stage")]
        rule = self._exercise.repetition
        eager = rule is not None and abs(now.excursion) > EAGER * rule.min_excursion
        if now.t_s < self._go_s and not eager:
            return []
        self._stage = Stage.MOVING
        asked = self._progress.asked()
        return [Utterance(self._with_task(f"Begin, {_side(asked)}." if asked else "Begin."), "stage")]

    def _follow(self, now: Feedback) -> list[Utterance]:
        say: list[Utterance] = []
        self._reach.feed(now)
        for counted in self._progress.take(now.repetitions):
            say.append(self._counted(counted))
            self._reach.counted(counted.side)
            self._patience.begin()
            self._leading_on.begin()
        if now.moving is None:
            self._reach.rest()
        cue = self._cue.feed(now)
        if cue is not None:
            say.append(Utterance(cue, "cue"))
        if now.refused:
            say.append(Utterance(f"That one does not count: {now.refused}.", "stage"))
        if now.hint or now.pace == "none":
            say.append(Utterance(now.hint or TOO_FEW, "hint"))
        say += self._led_on(now)
        say += self._held(now) + (self._completed(now) or self._set_done() or self._timed(now))
        return say or self._waited_for(now)

    def _counted(self, counted: Counted) -> Utterance:
        """The count, and in the same breath what comes next where that is something else."""
        if self._protocol is None or self._progress.is_complete():
            return Utterance(_count(counted), "count")
        return Utterance(self._with_task(f"{_count(counted).rstrip('.')}."), "stage")

    def _with_task(self, words: str) -> str:
        """Words, and what is asked in the next repetition where they are not alike."""
        return words if self._protocol is None else f"{words} {self._protocol.words(self._done_of_asked)}"

    @property
    def _done_of_asked(self) -> int:
        return self._progress.done(self._progress.asked() or "both")

    def _led_on(self, now: Feedback) -> list[Utterance]:
        """In a test to the first pain: what comes next, where what is asked for cannot be measured."""
        protocol, progress = self._protocol, self._progress
        if protocol is None or progress.is_complete() or self._pain.offers_end or not self._leading_on.feed(now):
            return []
        self._leading_on.begin()
        self._patience.begin()
        side, done = progress.asked() or "both", self._done_of_asked
        if done < protocol.times:
            protocol.led_on_s[side] = now.t_s
        progress.skip(side, max(protocol.times - done, 1))
        if progress.is_complete():
            return [Utterance(TOO_LITTLE, "stage")]
        asked = progress.asked() or "both"
        change = "" if asked == side else f" Now {_side(asked)}."
        return [Utterance(self._with_task(f"{TOO_LITTLE}{change}"), "stage")]

    def _waited_for(self, now: Feedback) -> list[Utterance]:
        """A kind word to who stands still, and is asked for more."""
        if self.is_done or self._progress.is_complete() or self._pain.offers_end or not self._patience.feed(now):
            return []
        asked = self._progress.asked()
        return [Utterance(f"Take your time. When you are ready, {_to(asked) if asked else 'go on'}.", "stage")]

    def _held(self, now: Feedback) -> list[Utterance]:
        """That a hold has lasted as long as it was asked for, once."""
        if not self._progress.hold_reached(now):
            return []
        return [Utterance(f"{self._progress.hold_target_s:g} seconds. Come back slowly.", "stage")]

    def _set_done(self) -> list[Utterance]:
        """That a set is done, to each side, and another one follows."""
        done = self._progress.set_done()
        if done is None:
            return []
        self._patience.rests()
        return [Utterance(f"Set {done} is done. Rest, then go on.", "stage")]

    def _timed(self, now: Feedback) -> list[Utterance]:
        """Let the clock run, and end with it."""
        self._clock.feed(now)
        return self._end("Time is up.") if self._clock.is_up else []

    def _completed(self, now: Feedback) -> list[Utterance]:
        """End when all that was asked for is done, to each side; from the lower end of a dose on, by a rest."""
        enough = self._progress.enough(now)
        if enough is None:
            return []
        verdict = self._verdict()
        self._progress.counts = verdict.counts
        if not self._progress.is_complete():
            return [Utterance(f"Not all of it could be measured: {_because(verdict)}.", "stage")]
        if enough is not Enough.LEAST:
            return self._end("", "That is all." if enough is Enough.MOST else "", verdict)
        if not verdict.measured:
            return [Utterance(f"Nothing could be measured so far: {_because(verdict)}.", "stage")]
        how = "Press Stop" if self._progress.in_sets else "Rest to finish"
        return [Utterance(f"That is enough. {how}, or go on up to {self._progress.most}.", "stage")]

    def _end(self, before: str, after: str = "", verdict: Verdict | None = None) -> list[Utterance]:
        """End, with praise for what the result has; where it has nothing, with the reason."""
        self._stage = Stage.DONE
        verdict = verdict or self._verdict()
        self._progress.counts, self._well_done = verdict.counts, verdict.measured
        praise = ["Well done.", after] if verdict.measured else [f"Nothing could be measured: {_because(verdict)}."]
        return [Utterance(" ".join(filter(None, [before, *praise])), "end")]

    def _verdict(self) -> Verdict:
        """What the result would say; what was counted where nobody can be asked."""
        return self._settle() if self._settle is not None else Verdict(self._progress.counts, True, None)

    # --- what is shown --------------------------------------------------------------------------

    def _guidance(self, now: Feedback, say: list[Utterance]) -> Guidance:
        progress = self._progress
        asked = progress.asked()
        moving = now.moving or asked or "both"
        return Guidance(
            stage=self._stage,
            ticks=now.setup.ticks if now.setup else [Tick(i, name, True) for i, name in NAMES.items()],
            hint=self._hint,
            countdown_s=max(0.0, self._go_s - now.t_s) if self._stage is Stage.COUNTDOWN else None,
            asked=asked,
            task=self._protocol.shown(self._done_of_asked) if self._protocol is not None else None,
            side=moving,
            counts=progress.counts,
            target=progress.least,
            most=progress.most,
            hold_s=now.hold_s,
            hold_target_s=progress.hold_target_s,
            clock_s=self._clock.gone_s,
            clock_target_s=self._clock.target_s,
            reach=float(abs(now.excursion)) if np.isfinite(now.excursion) else None,
            best=self._reach.best(moving),
            hurt=self._pain.least(moving),
            cue=self._cue.at(now.t_s),
            say=say,
            offer_end=not self.is_done and self._pain.offers_end,
            can_go_on=now.setup is not None and now.setup.can_go_on,
            pace=now.pace,
            well_done=self._well_done,
        )


def _count(counted: Counted) -> str:
    """The count, and in the same breath the side to do next where that is another one."""
    return f"{counted.number}. Now {_side(counted.change_to)}." if counted.change_to else str(counted.number)


def _because(verdict: Verdict) -> str:
    """Its reason, to be read within a sentence."""
    return (verdict.reason.text if verdict.reason else "it was not seen well enough").rstrip(".")


def _side(name: str) -> str:
    """A side as it is asked for: "left side", or the name that the exercise gives it."""
    return f"{name} side" if name in {"left", "right"} else name


def _to(name: str) -> str:
    """The same as where to go: "to the left"."""
    return f"to the {name}" if name in {"left", "right"} else name
