"""A movement that a physio begins in the app: what was typed becomes an exercise file, once nothing is wrong with it.

Pages ask and show; here stands what follows from it. Nothing is written before `save`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from checker.exercise import Exercise, Picture
from checker.figure import ONE_VALUE, PAIRS
from checker.library import EXERCISES_DIR, ExerciseError, write_whole, writing_folder
from checker.library.draft import (
    MEASURED,
    STARTING,
    Answers,
    fault,
    hold,
    id_of,
    names_signal,
    repetition,
    sourced,
)
from checker.library.files import all_in
from checker.library.mistakes import MistakesError, check_document, parse_exercise
from checker.library.posing import picture_of
from checker.library.toml_lines import Key
from checker.library.writing import as_toml
from checker.self_check import check_itself
from checker.signals import CATALOGUE
from checker.words.values import sentence

Told = Mapping[str, Any]
"""What was typed and chosen, by the names of the fields; None, "" and [] where nothing was."""

FILL_IN: Final = "Fill this in."
ONE_LINE: Final = "Fill this in: one sentence a line."

JOINTS: Final = tuple(name for name in (*ONE_VALUE, *PAIRS) if name not in {"shrug", "ankles"})
"""Of the figure, what a form asks for."""

_PLAIN: Final[tuple[tuple[str, Key | None, str], ...]] = (
    ("expected repetitions, hold_s or duration_s", ("doses", 0), "Fill in how many times, or how long."),
    ("expected at least one [[measures]]", ("measures",), "Choose at least one."),
    ("needs phases and at least one [[doses]]", ("phases",), "Choose at least one."),
    ("expected at least one sentence on how to film it", ("camera",), ONE_LINE),
    ("expected each condition once", None, "This one stands here already."),
    ("expected 1 or more in the list, got []", None, ONE_LINE),
    ('got ""', None, FILL_IN),
    ("expected, but missing", None, FILL_IN),
)
"""What the library says of a file, as it is said beside a field: the beginning or end of it, where, and the words."""


@dataclass(frozen=True)
class Draft:
    """What was typed so far.

    Attributes:
        answers: as the sections of a file.
        exercise: the movement; None as long as something is missing or wrong.
        problems: one line for each key that is wrong.
        picture: the drawing, also of a movement that is not finished; None where the figure cannot stand so.
    """

    answers: Answers
    exercise: Exercise | None
    problems: Mapping[Key, str]
    picture: Picture | None

    @property
    def id(self) -> str:
        """Of the movement, and of its file."""
        return str(self.answers["id"])


def look(told: Told) -> Draft:
    """Look at what was typed."""
    answers = answers_of(told)
    exercise, mistakes = check_document(answers)
    problems: dict[Key, str] = {}
    for key, text in mistakes:
        where, words = _said(key, text)
        problems.setdefault(where, words)
    if not _text(told, "source"):  # it stands in many places of the file, and in one field
        problems = {key: text for key, text in problems.items() if key[-1] != "source"}
    if not answers["id"]:
        problems.pop(("id",))
        if answers["name"]:
            problems["id",] = "The name has no letter that an id could be made from: type one."
    for name in ("phases", "measures"):  # the library says so once all else is right
        if not answers.get(name, True):
            problems.setdefault((name,), "Choose at least one.")
    return Draft(answers, exercise, problems, _picture(answers))


def _picture(answers: Answers) -> Picture | None:
    try:
        return Picture.model_validate(answers["picture"])
    except ValueError:
        return None


def _said(key: Key, text: str) -> tuple[Key, str]:
    for part, where, words in _PLAIN:
        if part in text:
            return where or key, words
    return key, sentence(text)


# --- what was typed, as the sections of a file ------------------------------------------------------


def answers_of(told: Told) -> Answers:
    """Return what was typed with the keys of an exercise file; what was left empty is empty there, too."""
    name, source = _text(told, "name"), _text(told, "source")
    kind = told.get("kind") or "exercise"
    a: Answers = {"id": _text(told, "id") or id_of(name), "name": name, "kind": kind}
    a["position"] = told.get("position") or "standing"
    if kind in MEASURED:
        a["view"] = told.get("view") or "side"
    a["phases"] = sorted(told.get("phases") or [])
    a |= {"load": told.get("load") or "load", "direction": told.get("direction") or "none"}
    a |= {key: _text(told, key) for key in ("summary", "why")}
    a["steps"] = _lines(told, "steps")
    if kind in MEASURED:
        a["camera"] = _lines(told, "camera")
    a |= {"cautions": _lines(told, "cautions"), "sources": [source]}
    a["doses"] = [_dose(told, source)]
    if precautions := [_precaution(row, source) for row in told.get("precautions") or []]:
        a["precautions"] = precautions
    if kind in MEASURED:
        a |= _rules(told, source)
    a["picture"] = _drawn(told) if told.get("drawn") else picture_of(a)
    return a


def _text(told: Told, key: str) -> str:
    return " ".join(str(told.get(key) or "").split())


def _lines(told: Told, key: str) -> list[str]:
    return [line for text in str(told.get(key) or "").splitlines() if (line := " ".join(text.split()))]


def _dose(told: Told, source: str) -> Answers:
    dose: Answers = {}
    for key in ("repetitions", "hold_s", "duration_s"):
        low, high = told.get(f"{key}-from"), told.get(f"{key}-to")
        if low is not None:
            dose[key] = [low, high] if high is not None and high != low else low
    return sourced(dose | {key: told.get(key) or 1 for key in ("sets", "times_a_day")}, source)


def _precaution(row: Told, source: str) -> Answers:
    told = {"condition": row.get("condition") or "", "action": row.get("action") or "leave_out"}
    return sourced(told | {"text": _text(row, "text")}, source)


def _rules(told: Told, source: str) -> Answers:
    """What counts, what is measured, what is flagged."""
    is_counted, way = told.get("counted", True), told.get("way") or "rise"
    a: Answers = {}
    if is_counted:
        numbers = _text(told, "least-source") or f"{STARTING}; {source}"
        a["repetition"] = repetition(told.get("signal") or "", way, told.get("least"), numbers, **_more(told, way))
        measures = list(_measures(told, "change", source))
    else:
        a["hold"], held = hold(told.get("held_s"), source)
        measures = [held, *_measures(told, "value", source)]
    a["measures"] = measures
    _aim(a, told, source)
    a["faults"] = list(_faults(told))
    return a


def _more(told: Told, way: str) -> Answers:
    more: Answers = {}
    names = [id_of(_text(told, f"name-of-{which}")) for which in ("rise", "fall")]
    if way == "signed" and any(names):
        more["names"] = names
    if told.get("position", "standing") == "standing" and told.get("feet"):
        more["feet_may_move"] = True
    return more


def _measures(told: Told, of: str, source: str) -> Iterator[Answers]:
    for signal in told.get("measured") or []:
        measure: Answers = {"id": signal, "name": CATALOGUE[signal].name}
        if of != "change":
            measure["of"] = of
        yield sourced(measure, source)


def _aim(a: Answers, told: Told, source: str) -> None:
    """The target of the main measure: of the counted signal, or else the first one."""
    names = a.get("repetition", {}).get("names") or ["left", "right"]
    signed = a.get("repetition", {}).get("sides") == "signed"
    sides = {names[0]: "target-rise", names[1]: "target-fall"} if signed else {"both": "target-rise"}
    wanted = {side: value for side, field in sides.items() if (value := told.get(field)) is not None}
    signal = a.get("repetition", {}).get("signal")
    main = next((m for m in a["measures"] if m["id"] == signal), next(iter(a["measures"]), None))
    if wanted and main is not None:
        main["target"] = sourced({"by_side": wanted}, source)


def _faults(told: Told) -> Iterator[Answers]:
    taken: set[str] = set()
    for number, row in enumerate(told.get("faults") or [], 1):
        name, rule = _text(row, "name"), row.get("rule") or "past"
        own = id_of(name) or f"fault_{number}"
        own = own if own not in taken else f"{own}_{number}"
        taken.add(own)
        signal = (row.get("signal") or "") if names_signal(rule) else None
        head = {"id": own, "name": name, "cue": _text(row, "cue"), "rule": rule}
        yield fault(head, signal, row.get("threshold"), _text(row, "source") or STARTING)


# --- the drawing ------------------------------------------------------------------------------------


def _drawn(told: Told) -> Answers:
    """The drawing with the joint angles that were typed."""
    picture: Answers = {"start": _stance(told, "start")}
    end = _stance(told, "end")
    if end != picture["start"]:
        picture["end"] = end
    if told.get("position") == "seated":
        picture["props"] = ["chair"]
    return picture


def _stance(told: Told, which: str) -> Answers:
    stance: Answers = {}
    for joint in JOINTS:
        if joint in PAIRS:
            left, right = (told.get(f"{which}-{joint}-{side}") or 0 for side in ("left", "right"))
            if left or right:
                stance[joint] = left if left == right else [left, right]
        elif value := told.get(f"{which}-{joint}"):
            stance[joint] = value
    return stance


def joints_of(picture: Picture) -> dict[str, float]:
    """Return the joint angles of a drawing by the names of the fields that ask for them."""
    out: dict[str, float] = {}
    for which, stance in (("start", picture.start), ("end", picture.end or picture.start)):
        for joint in JOINTS:
            value = getattr(stance, joint)
            if joint in PAIRS:
                pair = value if isinstance(value, tuple) else (value, value)
                out |= {f"{which}-{joint}-{side}": v for side, v in zip(("left", "right"), pair, strict=True)}
            else:
                out[f"{which}-{joint}"] = value
    return out


# --- trying and keeping -----------------------------------------------------------------------------


@functools.lru_cache(maxsize=32)
def _checked(document: str) -> tuple[str, ...]:
    return tuple(check_itself(Exercise.model_validate_json(document)))


def self_check(exercise: Exercise) -> tuple[str, ...]:
    """Return what does not fit where the figure of the drawing does the movement; nothing where all is well."""
    return _checked(exercise.model_dump_json())


def taken_by(exercise_id: str) -> str:
    """Return whose movement has this id already: "yours", "shipped", or "" where it is free."""
    folder = writing_folder()
    if folder.is_dir() and exercise_id in all_in(folder):
        return "yours"
    return "shipped" if exercise_id in all_in(EXERCISES_DIR) else ""


def save(draft: Draft, *, replaces: bool = False) -> Path:
    """Write the movement into the user's own folder, whole or not at all.

    Args:
        draft: of which nothing is wrong.
        replaces: whether it may take the place of one that is there; it was asked.

    Raises:
        ExerciseError: in one line, where it cannot be written, or would take another's place unasked.
    """
    taken = taken_by(draft.id)
    if taken and not replaces:
        whose = "yours" if taken == "yours" else "shipped with BackCheck"
        raise ExerciseError(f"There is a movement {draft.id} already, {whose}: choose another name, or replace it.")
    text = as_toml(draft.answers)
    try:
        parse_exercise(text, draft.id)
    except MistakesError as error:
        raise ExerciseError(f"Not saved: {error.mistakes[0]}.") from error
    return write_whole(writing_folder() / f"{draft.id}.toml", text, new=taken != "yours")
