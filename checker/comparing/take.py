"""One repetition or hold of a recording, as it is laid beside another one."""

from __future__ import annotations

from dataclasses import dataclass

from checker.assessment import Repetition
from checker.comparing.axis import Moments, moments_of
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.bouts import Bout
from checker.signals import CATALOGUE
from checker.skeleton import Array


@dataclass(frozen=True, slots=True)
class Take:
    """One of them.

    Attributes:
        exercise: the movement.
        analysis: of the recording, with corrections where there are some.
        index: of the repetition or hold among those that counted, from 0.
    """

    exercise: Exercise
    analysis: Analysis
    index: int

    @property
    def rep(self) -> Repetition:
        """What is reported of it."""
        return self.analysis.assessment.reps[self.index]

    @property
    def bout(self) -> Bout:
        """When it was, in full."""
        return self.analysis.bouts[self.index]

    @property
    def moments(self) -> Moments:
        """Its events."""
        return moments_of(self.bout, is_hold=self.exercise.hold is not None)

    @property
    def times_known(self) -> bool:
        """Whether a second of the recording is a second of the movement: the film may be slowed down."""
        return self.analysis.known.source.times_known and self.analysis.track.times_known

    @property
    def neighbours(self) -> list[Take]:
        """The others of the same side."""
        reps = self.analysis.assessment.reps
        same = [i for i, r in enumerate(reps) if i != self.index and r.side == self.rep.side]
        return [Take(self.exercise, self.analysis, i) for i in same]

    def size(self, signal: str) -> Array:
        """(T,) a signal as it is reported, in its unit: an excursion is positive to the side of this repetition.

        So the curve of a bend to the right lies over that of a bend to the left.
        """
        counted = next(iter(self.analysis.signals))
        sided = signal in self.exercise.reported_as_change and (CATALOGUE[signal].sided or signal == counted)
        sign = -1.0 if self.bout.negative and sided else self.exercise.way(signal)
        return sign * self.analysis.signals[signal].values


def takes_of(exercise: Exercise, analysis: Analysis, side: str | None) -> list[Take]:
    """All repetitions or holds of one side of a recording; of every side where that is None."""
    reps = analysis.assessment.reps
    return [Take(exercise, analysis, i) for i, r in enumerate(reps) if side is None or r.side == side]


def typical(takes: list[Take]) -> Take | None:
    """The one whose own value lies nearest to what is reported of its side, or else the longest; None of none."""
    if not takes:
        return None
    rep, of = takes[0].rep, takes[0].exercise.main_measure.id
    side = None if rep.side == "both" else rep.side
    measures = [m for m in takes[0].analysis.assessment.measures if (m.id, m.side, m.unit) == (of, side, rep.rom.unit)]
    value = measures[0].value if measures else None
    if value is None:
        return max(takes, key=lambda take: take.rep.hold_s)
    return min(takes, key=lambda take: abs(take.rep.rom.value - value))


def shown_signals(exercise: Exercise, analysis: Analysis) -> list[str]:
    """Ids of the signals whose curves are worth comparing: the counted one first, then the measured ones."""
    wanted = [next(iter(analysis.signals), ""), *(m.on for m in exercise.measures if m.on is not None)]
    return [name for name in dict.fromkeys(wanted) if name in analysis.signals]
