"""What the camera page has to know of a movement before it begins: words, drawing, sides and numbers."""

from __future__ import annotations

import base64
from typing import Any
from xml.etree import ElementTree

from checker.dose import Dose
from checker.exercise import Exercise
from checker.live.coach import Coach
from checker.picture import picture
from checker.signals import CATALOGUE
from checker.words.values import BODY_LENGTHS


def movement_words(exercise: Exercise, dose: Dose | None) -> dict[str, Any]:
    """What `browser/panel.js` shows of a movement and a dose, ready for JSON."""
    svg = picture(exercise)
    rule, pace = exercise.repetition, exercise.pace
    unit = CATALOGUE[rule.signal].unit if rule is not None else None
    coach = Coach(exercise, dose)
    return {
        "name": exercise.name,
        "noun": "Holds" if rule is None else "Repetitions",
        "counted": coach.clock_target_s is None or rule is not None,
        "sets": f"{dose.sets} sets of {coach.per_set}" if dose is not None and dose.sets > 1 else None,
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
