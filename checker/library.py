"""Where movements come from: exercise files, read and checked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from checker.exercise import Exercise

EXERCISES_DIR: Final = Path(__file__).resolve().parent.parent / "exercises"


class ExerciseError(ValueError):
    """An exercise file is missing or wrong; the message names file, key and what was expected."""


def read_exercise(path: Path) -> Exercise:
    """Read and check one exercise file.

    Raises:
        ExerciseError: with every mistake of the file at once: its name, the key, what was
            expected and what came.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExerciseError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    except (ValueError, RecursionError) as error:  # the TOML reader passes on Python's own limits
        raise ExerciseError(f"{path}: not valid TOML: {error}") from error
    try:
        exercise = Exercise.model_validate(data)
    except ValidationError as error:
        lines = [f"{path}: {_key(e['loc'])}: {_explain(e)}" for e in error.errors()]
        raise ExerciseError("\n".join(lines)) from error
    if exercise.id != path.stem:
        raise ExerciseError(f'{path}: id: expected "{path.stem}", as the file is named, got "{exercise.id}"')
    return exercise


def list_exercises(folder: Path = EXERCISES_DIR) -> list[Exercise]:
    """All movements of a folder, in the order of their file names.

    Raises:
        ExerciseError: when any file is wrong.
    """
    return [read_exercise(p) for p in sorted(folder.glob("*.toml"))]


def find_exercise(exercise_id: str, folder: Path = EXERCISES_DIR) -> Exercise:
    """The movement with this id.

    Raises:
        ExerciseError: when there is none, naming those there are.
    """
    known = sorted(p.stem for p in folder.glob("*.toml"))
    if exercise_id not in known:  # also keeps "../" out of the path below
        raise ExerciseError(f'no exercise "{exercise_id}": expected one of {", ".join(known)}')
    return read_exercise(folder / f"{exercise_id}.toml")


def _key(loc: tuple[int | str, ...]) -> str:
    """A pydantic location as a TOML reader would write it: faults[2].threshold."""
    out = ""
    for i, part in enumerate(loc):
        is_rule_tag = i == 2 and loc[0] == "faults"  # pydantic names the branch of the union there
        if isinstance(part, int):
            out += f"[{part + 1}]"
        elif not is_rule_tag:
            out += f".{part}" if out else part
    return out or "file"


def _explain(error: Any) -> str:
    """One mistake in words: what was expected, what came."""
    if error["type"] == "missing":
        return "expected, but missing"
    if error["type"] == "extra_forbidden":
        return "not a key of this section; check its spelling"
    message = error["msg"].removeprefix("Value error, ")
    came = error["input"]
    return message if isinstance(came, dict) else f"{message}, got {came!r}"
