"""Safety: the phases of recovery, the limits of pain, when to stop, and what is advised by the pain that was told.

Nothing here is a judgement of the person: it is information, and every text is made from the same limits. The limits
are clinical judgement; the phases and their usual times are the programme's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PHASES: Final = {
    1: "protect",
    2: "pain-free range",
    3: "healing",
    4: "stability",
    5: "full range",
    6: "strength",
    7: "control",
    8: "endurance",
    9: "power",
    10: "clearance",
}
"""The programme's phases by number."""

PHASE_WINDOWS: Final = {
    1: "days 1 to 3",
    2: "days 4 to 7",
    3: "days 7 to 14",
    4: "weeks 2 to 3",
    5: "weeks 2 to 4",
    6: "weeks 2 to 4",
    7: "weeks 4 to 6",
    8: "week 6",
    9: "afterwards",
    10: "last",
}
"""When each phase usually is; moving on goes by how it feels and what is measured, not by the day."""


def phase_label(phase: int) -> str:
    """Return a phase with its name and usual time: "2: pain-free range (days 4 to 7)"."""
    return f"{phase}: {PHASES[phase]} ({PHASE_WINDOWS[phase]})"


# --- pain, from 0 to 10 -------------------------------------------------------------------------

STOP_AT: Final = 6
"""Pain at which one stops."""

STOP_RISE: Final = 3
"""Rise of pain, over where it was at the beginning, at which one stops."""

GO_EASY_AT: Final = 4
"""Pain from which on one does less than usual."""

STOP_RULES: Final = (
    f"Stop when pain reaches {STOP_AT} of 10, or rises by {STOP_RISE} from where it was when you began.",
    "Stop and ask a clinician about new leg pain, tingling, numbness or weakness.",
    "Stop when you feel dizzy.",
)
"""What every movement stops for; a file may state its own."""

CLINICIAN: Final = (
    "Ask a clinician when you notice new leg pain, tingling, numbness or weakness, or when the pain "
    "does not ease within 72 hours, comes back often, or followed a fall."
)


@dataclass(frozen=True, slots=True)
class PainAdvice:
    """What is advised by the pain that a person told.

    Attributes:
        heading: the pain in a few words.
        lines: sentences.
        stop: whether to stop, or not to begin.
    """

    heading: str
    lines: tuple[str, ...]
    stop: bool


def advice_after(before: int | None, after: int) -> PainAdvice:
    """Return the advice at the end of a movement.

    Args:
        before: pain at the beginning, 0 to 10; None where it was not told.
        after: pain at the end, 0 to 10.
    """
    rise = 0 if before is None else after - before
    heading = f"Pain {after} after" if before is None else f"Pain {before} before, {after} after"
    if after >= STOP_AT or rise >= STOP_RISE:
        why = f"Pain rose by {rise}." if rise >= STOP_RISE else f"Pain is at {after} of 10."
        less = "Next time, do less, or something gentler."
        return PainAdvice(heading, (f"{why} Stop here for today.", less, CLINICIAN), stop=True)
    if rise > 0:
        line = "A little more than before. It should settle within a day; do a bit less next time."
    elif rise < 0:
        line = f"{-rise} less than before. Good to know."
    else:
        line = "The same as before." if before is not None else "Thank you."
    return PainAdvice(heading, (line,), stop=False)
