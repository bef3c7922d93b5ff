"""What every movement stops for, and the phases of recovery."""

from __future__ import annotations

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


STOP_RULES: Final = (
    "Stop when pain reaches 6 of 10, or rises by 3 from where it was when you began.",
    "Stop and ask a clinician about new leg pain, tingling, numbness or weakness.",
    "Stop when you feel dizzy.",
)
"""What every movement stops for; a file may state its own."""
