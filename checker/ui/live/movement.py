"""What the camera page has to know of a movement before it begins: words, drawing, sides and numbers."""

from __future__ import annotations

import base64
from typing import Any
from xml.etree import ElementTree

from checker.dose import Dose
from checker.exercise import Exercise
from checker.picture import picture
from checker.signals import CATALOGUE
from checker.words.values import BODY_LENGTHS


def movement_words(exercise: Exercise, dose: Dose | None) -> dict[str, Any]:
    """Return what `browser/panel.js` shows of a movement and a dose, ready for JSON."""
    svg = picture(exercise)
    rule, pace = exercise.repetition, exercise.pace
    unit = CATALOGUE[rule.signal].unit if rule is not None else None
    goal_s = exercise.goal_s(dose or exercise.first_dose)
    return {
        "name": exercise.name,
        "noun": "Holds" if rule is None else "Repetitions",
        "counted": goal_s is None or rule is not None,
        "sets": _sets(dose),
        "sides": [side for side in exercise.sides if side is not None],
        "unit": unit,
        "of": f"of {BODY_LENGTHS[unit]}" if unit in BODY_LENGTHS else None,
        "smallest": rule.min_excursion if rule is not None else None,
        "tempo": dose.tempo if dose is not None else None,
        "pace": [{"name": s.name, "seconds": s.seconds} for s in pace.steps] if pace is not None else None,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}",
        "asksHand": "left" in exercise.sides,
        "pictureWords": ElementTree.fromstring(svg).attrib["aria-label"],
    }


def _sets(dose: Dose | None) -> str | None:
    """The sets in words; None where there is only one, or none are counted."""
    if dose is None or dose.per_set is None or dose.sets == 1:
        return None
    return f"{dose.sets} sets of {dose.per_set[0]}"
