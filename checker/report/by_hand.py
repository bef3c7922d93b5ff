"""What reviewers measured by hand, as the reports list it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from checker.assessment import Assessment
from checker.review.plane import CLICK_PX
from checker.words.by_hand import also, click_words, hand_value, hand_when

TITLE: Final = "Measured by hand"
HEAD: Final = ("When", "What", "Value", "Also", "Note", "By")


def listed_by_hand(assessment: Assessment) -> dict[str, Any]:
    """Return the table of a report: its head, its rows of words, and what the ± is of; without rows, none is shown."""
    rows = [
        [hand_when(m), m.name, hand_value(m), "; ".join(also(m)), m.note, f"{m.who}, {m.at:%d %b %Y}"]
        for m in assessment.by_hand
    ]
    return {"title": TITLE, "head": list(HEAD), "rows": rows, "empty": "", "about": click_words(CLICK_PX)}


def sheet_by_hand(assessment: Assessment) -> Iterable[Sequence[str | float | None]]:
    """Return the sheet of a workbook: numbers are numbers, each unit has its own columns."""
    yield [
        *(
            "What",
            "Time (s)",
            "Until (s)",
            "Angle (deg)",
            "± of the clicks (deg)",
            "Length (px)",
            "± of the clicks (px)",
        ),
        *("Length (torso lengths)", "Length (cm, in the plane of the known length only)", "± of the clicks (cm)"),
        *("Duration (s)", "± of the pictures (s)", "The machine's own points (deg)"),
        *("Points (px)", "Note", "By", "At (UTC)", "To be known"),
    ]
    for m in assessment.by_hand:
        values = [
            cell for unit in ("deg", "px") for cell in (_in(unit, m.unit, m.value), _in(unit, m.unit, m.uncertainty))
        ]
        points = "; ".join(f"{x:g}, {y:g}" for x, y in m.points)
        yield [
            *(m.name, m.t_s, m.until_s, *values, m.torso_lengths, m.cm, m.cm_uncertainty),
            *(_in("s", m.unit, m.value), _in("s", m.unit, m.uncertainty), m.machine),
            *(points, m.note, m.who, str(m.at), click_words(CLICK_PX)),
        ]


def _in(unit: str, of: str, value: float | None) -> float | None:
    return value if unit == of else None
