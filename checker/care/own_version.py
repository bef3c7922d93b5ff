"""A movement as it is asked of one person and judged for them: with the dose, target, limit and numbers of a physio.

It is a movement like any other, so all that measures, leads, plans and reports obeys it. The file stays as it is, and
nobody else's movement changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from checker.care.followed import main_followed
from checker.care.overrides import Overrides, overrides
from checker.care.records import Amount, Event, History, Session
from checker.care.settable import can_be_limited, can_have_target
from checker.dose import Dose
from checker.exercise import Exercise
from checker.fault_rules import OWN_LIMIT, PastFault
from checker.library.numbers import SET_BY_PHYSIO, changeable_numbers, find_section, set_note, set_number
from checker.rules import Target
from checker.signals import CATALOGUE
from checker.words.rules import amount

LIMIT_S: Final = 0.2
"""Beyond a limit for so long is beyond it (chosen: shorter is a landmark that jumps)."""


def own_versions(exercises: Mapping[str, Exercise], found: Overrides) -> dict[str, Exercise]:
    """The movements by their ids, those of which something was set as they are for this person."""
    touched = found.amounts.keys() | found.targets.keys() | found.limits.keys() | found.numbers.keys()
    return {name: own_version(of, found) if name in touched else of for name, of in exercises.items()}


def own_version(exercise: Exercise, found: Overrides) -> Exercise:
    """The movement as it is for somebody; as it is where nothing was set, or where that does not fit it.

    Args:
        exercise: as its file has it.
        found: what holds for the person.
    """
    own = with_numbers(exercise, found)
    own = _with_dose(own, found)
    own = _with_target(own, found)
    return _with_limit(own, found)


def limits_of_person(exercise: Exercise) -> dict[str, float]:
    """The limit of each side of somebody's own version; empty where none was set."""
    conditions = [c for f in exercise.faults if f.id == OWN_LIMIT and isinstance(f, PastFault) for c in f.conditions]
    rule = exercise.repetition
    names = rule.names if rule is not None and len(exercise.sides) > 1 else ("both", "both")
    return {names[c.direction == "below"]: abs(c.threshold) for c in conditions}


def version_then(session: Session, exercise: Exercise, history: History, today: date) -> Exercise:
    """The movement of a session as it was for the person then.

    Where that is not what the session was measured by, because the file has changed since: as it is for them today.

    Args:
        session: of the history.
        exercise: its movement, as its file is today.
        history: of the person.
        today: the local day.
    """
    then = own_version(exercise, overrides(history.until(session.at), session.day))
    now = own_version(exercise, overrides(history, today))
    return next((of for of in (then, now, exercise) if session.exercise_sha256 in _fingerprints(of)), now)


def _fingerprints(exercise: Exercise) -> set[str]:
    """What a session of a movement may name, whatever its dose."""
    return {of.sha256 for of in (exercise, *map(exercise.for_dose, exercise.doses))}


def compares_as(file: Exercise, own: Exercise, dose: Dose | None) -> str:
    """The fingerprint of the file, where what was set for somebody changes no value; empty where the own one holds.

    Args:
        file: the movement as its file has it.
        own: as it is for the person.
        dose: that was asked for.
    """
    is_own = file.sha256 != own.sha256
    return file.for_dose(dose).sha256 if is_own and compares_with(file, own) else ""


def compares_with(exercise: Exercise, own: Exercise) -> bool:
    """Whether what is measured of somebody's own version compares with what the movement measures as it is.

    A limit changes no value. Neither does the threshold of another fault, but where a time held is reported: its clock
    stops for bad form.
    """
    times = any(m.of == "hold_time" for m in exercise.measures)

    def judged(of: Exercise) -> str:
        faults = [f for f in of.faults if times and f.stops_the_clock]
        return of.model_copy(update={"faults": faults}).sha256

    return judged(exercise) == judged(own)


# --- the parts ------------------------------------------------------------------------------------


def with_numbers(exercise: Exercise, found: Overrides) -> Exercise:
    """The movement with the numbers that were set for somebody; one that does not fit it is left as it was."""
    wanted = found.numbers.get(exercise.id, {})
    known = {n.key: n for n in changeable_numbers(exercise)} if wanted else {}
    for key, value in wanted.items():
        if key in known and value != known[key].value:
            event = found.said["number", exercise.id, key]
            document = exercise.model_dump(mode="json")
            set_number(document, key, value)
            section = find_section(document, key.rpartition(".")[0])
            said = f"{event.reason} Before: {section['source']}"
            section.update(source=set_note(event.name, event.day, said, [known[key].value]), status=SET_BY_PHYSIO)
            exercise = _checked(document) or exercise
    return exercise


def _checked(document: dict[str, Any]) -> Exercise | None:
    try:
        return Exercise.model_validate(document)
    except ValidationError:
        return None


def _with_dose(exercise: Exercise, found: Overrides) -> Exercise:
    """Every dose asks for what was set; where they differ in nothing else, it is one."""
    asked = found.amounts.get(exercise.id)
    if asked is None or not exercise.doses:
        return exercise
    try:
        doses = [_dose(dose, asked, found.said["dose", exercise.id]) for dose in exercise.doses]
    except ValidationError:  # nothing is asked for
        return exercise
    alike = {dose.model_copy(update={"phases": []}).model_dump_json() for dose in doses}
    if len(alike) == 1:
        doses = [doses[0].model_copy(update={"phases": []})]
    return exercise.model_copy(update={"doses": doses})


def _dose(dose: Dose, asked: Amount, said: Event) -> Dose:
    return Dose(
        phases=dose.phases,
        reach=dose.reach,
        tempo=dose.tempo,
        **asked.model_dump(),
        source=set_note(said.name, said.day, said.reason),
        status=SET_BY_PHYSIO,
    )


def _with_target(exercise: Exercise, found: Overrides) -> Exercise:
    """The main measure with the target of each side."""
    sides = {side or "both" for side in exercise.sides}
    wanted = {s: v for s, v in found.targets.get(exercise.id, {}).items() if s in sides and v > 0}
    if not wanted or not can_have_target(exercise):
        return exercise
    said = max((found.said["target", exercise.id, side] for side in wanted), key=lambda event: event.at)
    target = Target(by_side=wanted, source=set_note(said.name, said.day, said.reason), status=SET_BY_PHYSIO)
    main = exercise.main_measure
    measures = [m.model_copy(update={"target": target}) if m is main else m for m in exercise.measures]
    return exercise.model_copy(update={"measures": measures})


def _with_limit(exercise: Exercise, found: Overrides) -> Exercise:
    """The movement with a fault more: further than the limit of a side."""
    sides = {side or "both" for side in exercise.sides}
    wanted = {s: v for s, v in found.limits.get(exercise.id, {}).items() if s in sides and v > 0}
    if not wanted or not can_be_limited(exercise):
        return exercise
    unit = main_followed(exercise, exercise.sides[0]).unit
    told = " and ".join(f"{amount(v, unit)}{'' if s == 'both' else f' {s}'}" for s, v in wanted.items())
    fault = PastFault(
        id=OWN_LIMIT,
        name="Further than your limit",
        cue=f"Go no further than your limit: {told}.",
        rule="past",
        min_duration_s=LIMIT_S,
        conditions=[_condition(exercise, side, value, found) for side, value in wanted.items()],
    )
    others = [f for f in exercise.faults if f.id != OWN_LIMIT]
    return exercise.model_copy(update={"faults": [fault, *others]})  # of what is to be told, it is told first


def _condition(exercise: Exercise, side: str, value: float, found: Overrides) -> Any:
    """Beyond the limit of a side, on the signal of the main measure, which falls to the second side."""
    main, rule = exercise.main_measure, exercise.repetition
    signal = str(main.on)
    sided = rule is not None and (CATALOGUE[signal].sided or signal == rule.signal)
    falls = exercise.way(signal) < 0 or (sided and rule is not None and side == rule.names[1])
    said = found.said["limit", exercise.id, side]
    return {
        "signal": signal,
        "compare": "start" if main.of == "change" else "absolute",
        "direction": "below" if falls else "above",
        "threshold": -value if falls else value,
        "source": set_note(said.name, said.day, said.reason),
        "status": SET_BY_PHYSIO,
    }
