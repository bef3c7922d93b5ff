"""Small curves for a line of the desk: pain at rest by day, and the range of one test by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from checker.care import facts
from checker.care.worklist_case import Case, Measured, Reason

CURVE_DAYS = 28
"""So many days are drawn."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One value a day.

    Attributes:
        name: what it is of: "Pain", "Comfortable side bend to the left".
        unit: as of a measure; "" for pain, which goes from 0 to 10.
        points: day and value, in order.
    """

    name: str
    unit: str
    points: tuple[tuple[date, float], ...]


def pain_curve(case: Case) -> Curve:
    """The pain at rest that was told last on each day: only numbers that somebody has told."""
    by_day: dict[date, float] = {}
    for check_in in facts.at_rest(case.history):
        if check_in.pain is not None and _is_drawn(check_in.day, case):
            by_day[check_in.day] = float(check_in.pain)
    return Curve("Pain", "", tuple(sorted(by_day.items())))


def range_curves(case: Case, reasons: tuple[Reason, ...] = ()) -> tuple[Curve, ...]:
    """The sides of one self-test: of the one that a reason names, or else of the one that was measured most.

    Empty where none was measured in the days that are drawn.
    """
    tests = {n: test for n, test in case.tests.items() if case.basis.exercises[n].kind == "self_test"}
    named = [r.about.split("/")[0] for r in reasons if r.rule == "range_lost"]
    chosen = next((tests[n] for n in named if n in tests), None)
    if chosen is None:
        chosen = max(tests.values(), key=lambda test: sum(len(c.points) for c in _curves(test, case)), default=None)
    curves = _curves(chosen, case) if chosen is not None else ()
    return curves if any(c.points for c in curves) else ()


def _curves(test: tuple[Measured, ...], case: Case) -> tuple[Curve, ...]:
    return tuple(
        Curve(m.name, m.followed.unit, tuple({d: v for d, v in m.values if _is_drawn(d, case)}.items())) for m in test
    )


def _is_drawn(day: date, case: Case) -> bool:
    return case.today - timedelta(days=CURVE_DAYS) < day <= case.today
