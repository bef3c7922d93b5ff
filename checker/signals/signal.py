"""What an entry of the catalogue is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from checker.posture import StartPosture
from checker.skeleton import Array, Landmark, PoseTrack

SignalFunction = Callable[[PoseTrack, StartPosture], Array]


@dataclass(frozen=True)
class SignalWords:
    """How people speak of a signal.

    Attributes:
        what: as a noun: "the bend of the knees".
        rises: as a sentence, to which "by 30 degrees" can be added: "the knees bend".
        falls: the same the other way round.
    """

    what: str
    rises: str
    falls: str


@dataclass(frozen=True)
class Signal:
    """One entry of the catalogue.

    Attributes:
        id: as exercise files name it.
        name: in plain words.
        unit: "deg", "T" (torso lengths), "leg" (leg lengths) or "ratio".
        view: the view in which it is defined.
        needs: landmarks without which there is no value. In a side view the nearer one of each
            left-right pair is enough.
        compute: (track, start posture) -> (T,) values.
        words: how people speak of it.
        each: landmarks of either side that must lie inside the picture, seen or guessed: of one limb against
            the other, neither stands for its partner, and outside the picture the model invents.
        needs_outline: whether it is read from the outline of the body.
        unseen: why it may have no value although its landmarks were seen, and what to do.
        error_90: half-width within which 90 % of its errors lie, in its unit, None where it is
            never reported as a measure. Up to an eighth above what the truth clips show
            (`python benchmarks/accuracy.py --calibrate`): other bodies err more than these four.
        error_90_share: the same as a share of the value, for what grows with it.
        fault_error: half-width within which 90 % of its errors lie where a fault's threshold is compared with it,
            in its unit; None where it was not measured: then a threshold is taken as it stands. Not the same as
            `error_90`, which is of a range's median: a fault may look at one moment, or at the value as it is.
        checked: whether its error was measured against truth; otherwise it is an estimate from
            the errors of signals like it.
        error_now: (track, start posture) -> (T,) the same by the evidence in the clip, where that tells more.
        error_most: an error above which the value is not told.
        sided: whether positive is one side of the body and negative the other.
    """

    id: str
    name: str
    unit: str
    view: Literal["front", "side", "any"]
    needs: tuple[Landmark, ...]
    compute: SignalFunction
    words: SignalWords
    each: tuple[Landmark, ...] = ()
    needs_outline: bool = False
    unseen: str = "the joints it needs were hidden"
    error_90: float | None = None
    error_90_share: float = 0.0
    fault_error: float | None = None
    checked: bool = True
    sided: bool = False
    error_now: SignalFunction | None = None
    error_most: float = float("inf")
