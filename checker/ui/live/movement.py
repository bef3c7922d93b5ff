"""What the camera page has to know of a movement before it begins: words, drawing, sides and numbers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from checker.care.own_version import limits_of_person
from checker.care.rules import load_rules
from checker.care.stops import stop_text
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.measures import unit_of
from checker.picture import picture
from checker.signals import CATALOGUE
from checker.words.camera_place import IN_SHORT
from checker.words.values import BODY_LENGTHS, listed, number


def movement_words(exercise: Exercise, dose: Dose | None) -> dict[str, Any]:
    """Return what `browser/panel.js` shows of a movement and a dose, ready for JSON."""
    svg, rules = picture(exercise), load_rules()
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
        **_aims(exercise),
        "tempo": dose.tempo if dose is not None else None,
        "pace": [{"name": s.name, "seconds": s.seconds} for s in pace.steps] if pace is not None else None,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}",
        "asksHand": "left" in exercise.sides,
        "room": IN_SHORT,
        "stops": [
            {"why": why, "label": label, "text": stop_text(why, rules)} for why, label in rules.pain.moving.said.items()
        ],
        "pictureWords": ElementTree.fromstring(svg).attrib["aria-label"],
    }


def _aims(exercise: Exercise) -> dict[str, Any]:
    """Target and limit of each side, as a physio has set them, in words and for the dial.

    The dial shows how far the counted signal goes: they are marks on it where they are told in the same.
    """
    rule, main = exercise.repetition, exercise.main_measure
    targets = main.target.by_side if main.target is not None else {}
    limits = limits_of_person(exercise)
    on_dial = rule is not None and main.of == "change" and main.on == rule.signal
    unit = unit_of(main)
    told = [("Your target", targets), ("Your limit", limits)]
    return {
        "aims": ". ".join(f"{name}: {_sides(sides, unit)}" for name, sides in told if sides) or None,
        "targets": targets if on_dial else {},
        "limits": limits if on_dial else {},
    }


def _sides(sides: Mapping[str, float], unit: str) -> str:
    return listed(f"{number(v, unit)}{'' if side == 'both' else f' {side}'}" for side, v in sides.items())


def _sets(dose: Dose | None) -> str | None:
    """The sets in words; None where there is only one, or none are counted."""
    if dose is None or dose.per_set is None or dose.sets == 1:
        return None
    return f"{dose.sets} sets of {dose.per_set[0]}"
