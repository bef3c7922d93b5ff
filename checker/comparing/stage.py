"""Everything that is shown of two repetitions beside one another, worked out before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from checker.care.change_rules import ChangeRules
from checker.comparing.axis import Axis, Way, lay
from checker.comparing.curves import Folded, fold
from checker.comparing.ghost import Ghost, find_ghost
from checker.comparing.take import Take
from checker.comparing.words import parts, why_not

MOST_FRAMES: Final = 1500
"""So many frames of a recording can be stepped through, 50 s at 30 a second; of a longer one every second, or so."""

BEYOND_S: Final = 0.02
"""The frame in which a repetition begins may lie so much before its start, which is finer than frames."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Two repetitions, side by side.

    Attributes:
        then, now: the two.
        axes: of each, on the axis that they share.
        frames: of each, the indices of the frames that are shown.
        folded: one signal of both.
        ghost: the one in the picture of the other.
        parts: of the axis, with the places at which they begin.
    """

    then: Take
    now: Take
    way: Way
    axes: tuple[Axis, Axis]
    frames: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
    folded: Folded
    ghost: Ghost
    parts: list[tuple[float, str]]


def ways(then: Take, now: Take) -> dict[Way, str]:
    """Each way of laying two repetitions together, with why it is not open to these; empty where it is."""
    known = then.times_known and now.times_known
    every: tuple[Way, ...] = ("time", "phase")
    return {way: why_not(way, then.moments, now.moments, times_known=known) for way in every}


def set_stage(then: Take, now: Take, way: Way, signal: str, rules: ChangeRules) -> Stage:
    """Lay two repetitions of one movement beside one another.

    Args:
        then: the one; shown first.
        now: the other, in whose picture the ghost is.
        way: of sharing an axis, one that is open to them.
        signal: whose curves are laid over one another.
        rules: of change.
    """
    axes = lay(then.moments, now.moments, way)
    return Stage(
        then=then,
        now=now,
        way=way,
        axes=axes,
        frames=(shown_frames(then, axes[0]), shown_frames(now, axes[1])),
        folded=fold(then, now, way, signal),
        ghost=find_ghost(then, now, way, rules),
        parts=parts(now.moments, way),
    )


def shown_frames(take: Take, axis: Axis) -> npt.NDArray[np.intp]:
    """The frames between the ends of an axis, at most `MOST_FRAMES`, evenly."""
    t_s = take.analysis.t_s
    inside = np.flatnonzero((t_s >= axis.t_s[0] - BEYOND_S) & (t_s <= axis.t_s[-1] + BEYOND_S))
    return inside[:: max(1, -(-len(inside) // MOST_FRAMES))]
