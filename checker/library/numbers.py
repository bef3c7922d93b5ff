"""Numbers changed for a patient: a copy of a movement's file with that number changed, in the user's own folder."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import tomlkit

from checker.exercise import Exercise
from checker.fault_rules import FaultRule, Limit, limits_of
from checker.library.files import EXERCISES_DIR, ExerciseError, all_in, read_exercise, read_text
from checker.library.mistakes import MistakesError, parse_exercise
from checker.rules import LONGEST_TEXT, Condition, HoldRule, PaceRule, RepetitionRule, Status
from checker.words.rules import number_words


@dataclass(frozen=True)
class Number:
    """A number of a movement that can be changed.

    Attributes:
        key: as `save_numbers` takes it: "faults.knee_bend.conditions[1].threshold".
        words: what it is: "Knees bending: knee flexion, change from the start, above".
        unit: "deg", "T" (torso lengths), "leg", "ratio", "s", "count" or one of them a second.
        source: where it comes from.
    """

    key: str
    words: str
    value: float
    unit: str
    source: str
    status: Status


LONGEST_WHO: Final = 100
"""Characters of a name."""

SET_BY_PHYSIO: Final[Status] = "set by physio"

MEASURED: Final = frozenset({"error", "short_of_reach"})
"""Numbers that say how exactly is measured: not for anybody to set for a patient."""

Section = RepetitionRule | HoldRule | PaceRule | Condition | Limit


def changeable_numbers(exercise: Exercise) -> list[Number]:
    """The numbers by which a movement is counted and judged, in the order of its file."""
    out = []
    for key, section, fault in _sections(exercise):
        for name in type(section).model_fields:
            value = getattr(section, name)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and name not in MEASURED:
                words, unit = number_words(name, section, exercise)
                words = f"{fault.name}: {words}" if fault else f"{words[0].upper()}{words[1:]}"
                out.append(Number(f"{key}.{name}", words, value, unit, section.source, section.status))
    return out


def _sections(exercise: Exercise) -> Iterator[tuple[str, Section, FaultRule | None]]:
    """Every section with a number and a source: its key, itself, and the fault that it belongs to."""
    if exercise.repetition is not None:
        yield "repetition", exercise.repetition, None
    if exercise.hold is not None:
        yield "hold", exercise.hold, None
        for i, condition in enumerate(exercise.hold.conditions, 1):
            yield f"hold.conditions[{i}]", condition, None
    if exercise.pace is not None:
        yield "pace", exercise.pace, None
    for fault in exercise.faults:
        for i, limit in enumerate(limits_of(fault), 1):
            yield f"faults.{fault.id}" if limit is fault else f"faults.{fault.id}.conditions[{i}]", limit, fault


def save_numbers(exercise_path: Path, changes: dict[str, float], own: Path, who: str) -> Path:
    """Write a copy of a movement's file into the user's own folder with some numbers changed.

    Each changed section says who set it, when, and what stood there before; comments and layout stay.
    The file in the user's own folder, if there is one, is replaced at once or not at all.

    Args:
        exercise_path: the file that the numbers are changed from; `Entry.path`, so that what was
            changed earlier is kept.
        changes: new values by the keys of `changeable_numbers`.
        own: folder of the user's own files; made if it is missing.
        who: the name of the person who sets them.

    Returns:
        The written file.

    Raises:
        ExerciseError: in one line, when a key or a value is wrong or the file cannot be written.
    """
    text = read_text(exercise_path)
    numbers = {n.key: n for n in changeable_numbers(read_exercise(exercise_path))}
    for key in changes:
        if key not in numbers:
            raise ExerciseError(f'{exercise_path.stem} has no number "{key}": expected one of {", ".join(numbers)}')
    changed = {key: value for key, value in changes.items() if value != numbers[key].value}
    if not changed:
        raise ExerciseError(f"nothing to save: the numbers of {exercise_path.stem} are as they were")
    new_text = _with_numbers(text, changed, numbers, who)
    try:
        parse_exercise(new_text, exercise_path.stem)
    except MistakesError as error:
        raise ExerciseError(f"not saved: {error.mistakes[0]}") from error
    return write_whole(own / exercise_path.name, new_text)


def reset_numbers(exercise_id: str, own: Path, *, shipped: Path = EXERCISES_DIR) -> None:
    """Go back to the shipped file of a movement: delete the one that takes its place.

    Raises:
        ExerciseError: when the user's own folder has none that takes a shipped one's place.
    """
    path = all_in(own).get(exercise_id)
    if path is None or exercise_id not in all_in(shipped):
        raise ExerciseError(f'"{exercise_id}" has no shipped file to go back to, or is not changed in {own}')
    try:
        path.unlink()
    except OSError as error:
        raise ExerciseError(f"{path}: cannot be deleted ({error})") from error


def write_whole(path: Path, text: str, *, new: bool = False) -> Path:
    """Write a file so that it is either there whole or as it was before.

    Args:
        path: of the file.
        text: of it.
        new: it must not be there yet; one that somebody else has written meanwhile stays.

    Raises:
        ExerciseError: when it cannot be written.
    """
    draft = path.with_name(f".{path.stem}-{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="\n")
        _put_new(draft, path) if new else draft.replace(path)
    except OSError as error:
        raise ExerciseError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return path


def set_note(who: str, when: date, said: str, was: Iterable[float] = ()) -> str:
    """The source of what somebody has set: "Set on 2026-11-27 by Phil, was 15: The knee is sore.".

    Args:
        who: their name.
        when: the day.
        said: why, or where the number came from before.
        was: the numbers that stood there.
    """
    name = " ".join(who.replace(":", " ").split())[:LONGEST_WHO] or "a physio"
    before = " and ".join(f"{value:g}" for value in was)
    return _shortened(f"Set on {when.isoformat()} by {name}{f', was {before}' if before else ''}: {said}")


def _put_new(draft: Path, path: Path) -> None:
    """Give a file its name, unless there is one of that name: a rename would replace it."""
    taken = ExerciseError(f"{path} is there already: choose another name")
    try:
        os.link(draft, path)
    except FileExistsError:
        raise taken from None
    except OSError:  # a disk without links
        if path.exists():
            raise taken from None
        draft.replace(path)


def _with_numbers(text: str, changed: dict[str, float], numbers: dict[str, Number], who: str) -> str:
    """The text with numbers changed, and each one's section saying so."""
    document = tomlkit.parse(text)
    before: dict[str, list[float]] = {}  # of each section, what stood there
    for key, value in changed.items():
        set_number(document, key, value)
        before.setdefault(key.rpartition(".")[0], []).append(numbers[key].value)
    for section_key, values in before.items():
        section = find_section(document, section_key)
        section["source"] = set_note(who, date.today(), section["source"], values)
        section["status"] = SET_BY_PHYSIO
    return tomlkit.dumps(document)


def set_number(document: Any, key: str, value: float) -> None:
    """Set a number of a movement's document by its key; a whole one stays whole where it can."""
    section_key, _, name = key.rpartition(".")
    section = find_section(document, section_key)
    was_whole = isinstance(section.get(name), int) and float(value).is_integer()
    section[name] = int(value) if was_whole else float(value)


def _shortened(source: str) -> str:
    """A source as long as one may be: what was set last, and where the number came from at first."""
    half = LONGEST_TEXT // 2 - 2
    return source if len(source) <= LONGEST_TEXT else f"{source[:half]} … {source[-half:]}"


def find_section(document: Any, key: str) -> Any:
    """The section of a key like "faults.knee_bend.conditions[1]"; faults are named by their ids."""
    node = document
    for part in key.split("."):
        entry = re.fullmatch(r"(\w+)\[(\d+)\]", part)
        if entry is not None:
            node = node[entry[1]][int(entry[2]) - 1]
        elif isinstance(node, list):
            node = next(item for item in node if item["id"] == part)
        else:
            node = node[part]
    return node
