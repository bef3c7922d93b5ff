"""What somebody is shown and told while they are led through a movement."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from checker.judging.frame_rate import Pace
from checker.setup.checks import Tick


class Stage(StrEnum):
    """Where a session is; the camera page knows the values."""

    SETUP = "setup"
    COUNTDOWN = "countdown"
    MOVING = "moving"
    DONE = "done"


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
        task: what is asked in the next repetition, where they are not alike; else None.
        side: the side that is done now, or that comes next; "both" where there are no sides.
        counts: repetitions or holds so far, by side.
        target, most: how many are asked for, to each side, and up to how many; None where the
            dose does not say.
        hold_s, hold_target_s: of the hold under way.
        clock_s, clock_target_s: gone, and in all, of a movement that is done by time; else None.
        reach: size of the excursion at the moment; None where unknown.
        best: the largest counted one so far, of `side`.
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
    task: str | None = None
    side: str = "both"
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
