"""What drawings, curves and tables are made from: the results with what was decided on the way to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from checker.assessment import Assessment
from checker.dose import Dose
from checker.judging.bouts import Bout
from checker.judging.moments import tells_of_next
from checker.judging.segments import Segment
from checker.judging.source import Circumstances
from checker.posture import StartPosture
from checker.skeleton import Array, Mask
from checker.track import PoseTrack, concatenated


@dataclass(frozen=True, slots=True)
class SignalTrace:
    """One signal over a clip.

    Attributes:
        id: as in the catalogue, e.g. "trunk_flexion".
        name: in plain words.
        unit: "deg", "T" (torso lengths), "ratio", "leg" (leg lengths).
        values: (T,), NaN where it was not measured.
    """

    id: str
    name: str
    unit: str
    values: Array


@dataclass(frozen=True, slots=True)
class Analysis:
    """An assessment with what it was made from, for drawings, curves and tables.

    It carries what was decided, so that a drawing only draws.

    Attributes:
        assessment: the verdict.
        t_s: (T,) seconds.
        signals: by id, each (T,). The first is the one that repetitions were counted on, as
            excursion from the start posture.
        track: the smoothed poses where they lie in the pictures; of the mirror image of a picture that was mirrored.
        drawn: id of the signal whose angle the overlay draws.
        segments: those that are measured, each with its start posture.
        bouts: those that counted, one for each of the assessment's `reps`.
        held: (T,) whether the clock of a hold runs: far enough out, or the posture kept, and in good form.
        dose: how much was asked for; None where the movement has no dose.
        swapped: judges the same poses with left and right the other way round, as those of a mirrored
            picture or no longer so; None where the poses were not kept. Takes no second look at the picture.
        poses: as the camera gave them, by which somebody may judge again; None where they were not kept.
        known: what was known of the recording besides.
    """

    assessment: Assessment
    t_s: Array
    signals: dict[str, SignalTrace]
    track: PoseTrack
    drawn: str
    segments: list[Segment] = field(default_factory=list)
    bouts: list[Bout] = field(default_factory=list)
    held: Mask = field(default_factory=lambda: np.zeros(0, bool))
    dose: Dose | None = None
    swapped: Callable[[], Analysis] | None = None
    poses: PoseTrack | None = None
    known: Circumstances = field(default_factory=Circumstances)

    def at(self, time_s: float) -> int:
        """Index of the frame shown at a time; of a time that was rounded, that of the frame that it tells of."""
        shown = int(np.clip(np.searchsorted(self.t_s, time_s, side="right") - 1, 0, len(self.t_s) - 1))
        follows = shown + 1 < len(self.t_s)
        return shown + int(follows and tells_of_next(time_s, self.t_s[shown], self.t_s[shown + 1]))

    @property
    def starts(self) -> PoseTrack | None:
        """The start posture that each frame is judged from, (T,); None where there is none."""
        postures = self._postures
        if not postures or not len(self.t_s):
            return None
        return concatenated([posture.pose for posture in postures]).slice(self._which)

    @property
    def facing(self) -> Array:
        """(T,) `StartPosture.facing` of the one that each frame is judged from."""
        return np.array([posture.facing for posture in self._postures])[self._which]

    @property
    def _postures(self) -> list[StartPosture]:
        return [segment.start for segment in self.segments if segment.start is not None]

    @property
    def _which(self) -> npt.NDArray[np.intp]:
        """(T,) index of the start posture of each frame; the first one before it begins."""
        first = np.array([segment.first for segment in self.segments if segment.start is not None])
        return np.clip(np.searchsorted(first, np.arange(len(self.t_s)), side="right") - 1, 0, None)
