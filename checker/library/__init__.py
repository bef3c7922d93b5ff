"""Where movements come from: the shipped exercise files, and a folder of the user's own beside them."""

from checker.library.files import (
    EXERCISES_DIR,
    OWN_DIR,
    Entry,
    ExerciseError,
    all_files,
    find_exercise,
    find_file,
    list_entries,
    list_exercises,
    own_folder,
    read_exercise,
)
from checker.library.numbers import Number, changeable_numbers, reset_numbers, save_numbers, write_whole

__all__ = [
    "EXERCISES_DIR",
    "OWN_DIR",
    "Entry",
    "ExerciseError",
    "Number",
    "all_files",
    "changeable_numbers",
    "find_exercise",
    "find_file",
    "list_entries",
    "list_exercises",
    "own_folder",
    "read_exercise",
    "reset_numbers",
    "save_numbers",
    "write_whole",
]
