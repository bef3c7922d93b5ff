"""What was done: bouts, each one repetition or one hold, and those that did not count with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from checker.reasons import Reason


@dataclass(frozen=True, slots=True)
class Bout:
    """One repetition, out from the start posture and back, or one hold.

    Attributes:
        side: one of the rule's names ("left" where the signal rose, "right" where it fell), or "both".
        start, peak, end: frame indices of the excursion's core; `start_s`, `peak_s`, `end_s` are
            finer than frames.
        excursion: size at the peak, positive, in the signal's unit.
        hold_s: time near the peak.
        reached_s, left_s: when the peak was reached and left.
        negative: whether the signal fell on the way out of a movement with sides: its ranges are
            reported as positive sizes all the same.
        cut_off: whether its first or last bit was not seen, though most of it was.
        way_back_seen: False for one that counts because it was up when the time of its task was over.
    """

    side: str
    start: int
    peak: int
    end: int
    start_s: float
    peak_s: float
    end_s: float
    reached_s: float
    left_s: float
    excursion: float
    hold_s: float
    negative: bool = False
    cut_off: bool = False
    way_back_seen: bool = True

    def later(self, frames: int) -> Bout:
        """The same, in a series that begins so many frames earlier; its times stay."""
        return replace(self, start=self.start + frames, peak=self.peak + frames, end=self.end + frames)


@dataclass(frozen=True, slots=True)
class PartialBout:
    """A bout that did not count, and why."""

    bout: Bout
    reason: Reason


@dataclass(frozen=True, slots=True)
class Bouts:
    """What was found. `armed` is the frame at which the person was ready, None if never."""

    armed: int | None
    counted: list[Bout] = field(default_factory=list)
    partial: list[PartialBout] = field(default_factory=list)

    def without(self, refused: Callable[[Bout], bool], reason: Reason) -> Bouts:
        """The same, with the repetitions that `refused` says yes to made partial for a reason."""
        kept = [m for m in self.counted if not refused(m)]
        dropped = [PartialBout(m, reason) for m in self.counted if refused(m)]
        return Bouts(self.armed, kept, sorted([*self.partial, *dropped], key=lambda p: p.bout.start_s))

    def because(self, frames: npt.NDArray[np.bool_], reason: Reason) -> Bouts:
        """The same, with what does not count and touches those frames (T,) given their reason.

        Whatever else is wrong with it may be so for want of them.
        """

        def touches(p: PartialBout) -> bool:
            return bool(frames[max(p.bout.start - 1, 0) : p.bout.end + 2].any())

        partial = [replace(p, reason=reason) if touches(p) else p for p in self.partial]
        return Bouts(self.armed, self.counted, partial)

    def later(self, frames: int) -> Bouts:
        """The same, in a series that begins so many frames earlier; the times stay."""
        if self.armed is None or not frames:
            return self
        partial = [replace(p, bout=p.bout.later(frames)) for p in self.partial]
        return Bouts(self.armed + frames, [m.later(frames) for m in self.counted], partial)

    @staticmethod
    def joined(segments: Sequence[Bouts]) -> Bouts:
        """Several stretches of one series, in order of time, as one."""
        armed = next((p.armed for p in segments if p.armed is not None), None)
        return Bouts(armed, [m for p in segments for m in p.counted], [x for p in segments for x in p.partial])
