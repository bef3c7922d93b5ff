"""What can be said at once about one frame, and what the result would say by now."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.judging.frame_rate import Pace
from checker.reasons import Reason
from checker.setup.checks import SetupCheck


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
        setup: what was found about camera and place; None once ready.
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
    setup: SetupCheck | None = None
    moving: str | None = None
    hold_s: float = 0.0
    faults: list[SeenFault] = field(default_factory=list)
    active: frozenset[str] = frozenset()
    blind: frozenset[str] = frozenset()
    settled: bool = True
    refused: Reason | None = None
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
    reason: Reason | None
