"""The files of the movements: the shipped ones, and a folder of the user's own.

A file of the user's own folder takes the place of the shipped one with the same id.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checker.exercise import Exercise
from checker.folders import own_exercises, shipped
from checker.library.mistakes import MistakesError, parse_exercise

EXERCISES_DIR: Final = shipped("exercises")
"""The shipped files."""

EARLIER_OWN_DIR: Final = EXERCISES_DIR.with_name("my_exercises")
"""Where the user's own files lay before there was a package; still read where it is there."""

OWN_DIR_SETTING: Final = "BACKCHECK_EXERCISES"
"""The environment variable that names another folder for them."""


MOST_FILE_BYTES: Final = 64_000
MOST_FILES: Final = 1_000
"""What is larger, or more, is no folder of exercises: each page reads all of it."""

LONGEST_ID: Final = 64


class ExerciseError(ValueError):
    """An exercise file or folder is missing or wrong; a line for each mistake says where and what was expected."""

    def __init__(self, message: str) -> None:
        """With a text that can be shown anywhere, whatever bytes a file is named by."""
        super().__init__(message.encode("utf-8", errors="replace").decode("utf-8"))


@dataclass(frozen=True)
class Entry:
    """One movement of the library.

    Attributes:
        path: its file.
        own: whether the file is from the user's own folder.
        overrides: whether it takes the place of a shipped one.
    """

    exercise: Exercise
    path: Path
    own: bool
    overrides: bool


def own_folder() -> Path | None:
    """The folder of the user's own exercises.

    Returns:
        What the environment variable BACKCHECK_EXERCISES names, whether or not it is there; without it
        the folder `my_exercises` of earlier, or the one of the user's data; None where neither exists.
    """
    named = os.environ.get(OWN_DIR_SETTING)
    if named:
        return Path(named).expanduser()
    return next((folder for folder in (EARLIER_OWN_DIR, own_exercises()) if folder.is_dir()), None)


def writing_folder() -> Path:
    """The folder in which the user's own exercises are written; made at the first one."""
    return own_folder() or own_exercises()


def earlier_folder_note() -> str | None:
    """What to tell somebody whose own exercises still lie beside the program; None where they do not."""
    usual = own_exercises()
    if own_folder() != EARLIER_OWN_DIR:
        return None
    hidden = f", and those in {usual} are not" if usual.is_dir() else ""
    return (
        f"Your own exercises in {EARLIER_OWN_DIR}, beside the program, are read{hidden}. "
        f"Move its files to {usual} and delete the folder."
    )


# --- reading ------------------------------------------------------------------------------------


def read_exercise(path: Path) -> Exercise:
    """Read and check one exercise file.

    Raises:
        ExerciseError: with every mistake of the file at once, a line each: file, line, key, what
            was expected and what came.
    """
    try:
        return parse_exercise(read_text(path), path.stem)
    except MistakesError as error:
        raise ExerciseError("\n".join(f"{path}:{m.line}: {m}" for m in error.mistakes)) from error


def list_entries(own: Path | None = None, *, shipped: Path = EXERCISES_DIR) -> tuple[list[Entry], list[str]]:
    """All movements, in the order of their ids, and what is wrong with the files that cannot be read.

    A broken file of the user's own does not bring the shipped one back: a movement judged by other
    numbers than those that were set would be worse than none.

    Args:
        own: folder of the user's own files, usually `own_folder()`; None: the shipped ones alone.
        shipped: folder of the shipped files.

    Returns:
        The movements, and a line for each mistake in any other file.

    Raises:
        ExerciseError: when a folder is missing.
    """
    entries, problems = [], []
    shipped_ids = set(all_in(shipped))
    for exercise_id, path in all_files(own, shipped=shipped).items():
        is_own = path.parent == own
        try:
            entries.append(Entry(read_exercise(path), path, is_own, is_own and exercise_id in shipped_ids))
        except ExerciseError as error:
            problems += str(error).splitlines()
    return entries, problems


def list_exercises(own: Path | None = None, *, shipped: Path = EXERCISES_DIR) -> list[Exercise]:
    """All movements, in the order of their ids; see `list_entries`.

    Raises:
        ExerciseError: when a folder is missing or any file is wrong.
    """
    entries, problems = list_entries(own, shipped=shipped)
    if problems:
        raise ExerciseError("\n".join(problems))
    return [entry.exercise for entry in entries]


def find_exercise(exercise_id: str, own: Path | None = None, *, shipped: Path = EXERCISES_DIR) -> Exercise:
    """The movement with this id; no other file is read. For its file, see `find_file`.

    Raises:
        ExerciseError: when there is none, naming those there are, or when its file is wrong.
    """
    return read_exercise(find_file(exercise_id, own, shipped=shipped))


def find_file(exercise_id: str, own: Path | None = None, *, shipped: Path = EXERCISES_DIR) -> Path:
    """The file that a movement with this id is read from, the user's own first.

    Raises:
        ExerciseError: when there is none, naming those there are.
    """
    files = all_files(own, shipped=shipped)
    if exercise_id not in files:  # also keeps "../" out of every path
        known = ", ".join(files) or "none: the folder is empty"
        raise ExerciseError(f'no exercise "{exercise_id[:LONGEST_ID]}": expected one of {known}')
    return files[exercise_id]


def all_files(own: Path | None = None, *, shipped: Path = EXERCISES_DIR) -> dict[str, Path]:
    """The file of each id, the user's own before the shipped one, unread.

    Raises:
        ExerciseError: when a folder is missing.
    """
    files = {**all_in(shipped), **(all_in(own) if own is not None else {})}
    return dict(sorted(files.items()))


def all_in(folder: Path) -> dict[str, Path]:
    """The exercise files of a folder, by id."""
    if not folder.is_dir():
        raise ExerciseError(f"{folder}: no such folder of exercises; make it, or name another")
    files = {path.stem: path for path in folder.glob("*.toml")}
    if len(files) > MOST_FILES:
        raise ExerciseError(f"{folder}: expected at most {MOST_FILES} exercise files, got {len(files)}")
    return files


def read_text(path: Path) -> str:
    """The text of an exercise file.

    Raises:
        ExerciseError: it is not there, is no ordinary file, is too large, or is no UTF-8 text.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would never end, nor would a device
            raise ExerciseError(f"{path}: cannot be read: expected an ordinary file")
        with path.open("rb") as file:
            data = file.read(MOST_FILE_BYTES + 1)
        if len(data) > MOST_FILE_BYTES:
            raise ExerciseError(
                f"{path}: expected at most {MOST_FILE_BYTES // 1000} kB; the longest shipped file has 5"
            )
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise ExerciseError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path}: cannot be read as UTF-8 text ({error})") from error
