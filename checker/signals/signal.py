"""What an entry of the catalogue is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from checker.pose.model_errors import SignalErrors
from checker.posture import StartPosture
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

SignalFunction = Callable[[PoseTrack, StartPosture], Array]
ErrorFunction = Callable[[PoseTrack, StartPosture, bool], Array]


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
        sided: whether positive is one side of the body and negative the other.
        since_start: whether it is read as a change since the start posture, which then has no value of its own.
        error_now: (track, start posture, whether it is the signal that repetitions are counted on) -> (T,) half-width
            of its error by the evidence in the clip, where that tells more than the model's calibration.
        errors: how exactly it is read from the poses of a model: `catalogue_of` fills them in.
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
    sided: bool = False
    since_start: bool = False
    error_now: ErrorFunction | None = None
    errors: SignalErrors = SignalErrors()  # noqa: RUF009  it does not change
