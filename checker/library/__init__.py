"""Where movements come from: the shipped exercise files, and a folder of the user's own."""

from checker.library.files import (
    EXERCISES_DIR,
    Entry,
    ExerciseError,
    all_files,
    earlier_folder_note,
    find_exercise,
    find_file,
    list_entries,
    list_exercises,
    own_folder,
    read_exercise,
    writing_folder,
)
from checker.library.numbers import Number, changeable_numbers, reset_numbers, save_numbers, write_whole
from checker.library.overrides import differences, override_lines, overrides_of

__all__ = [
    "EXERCISES_DIR",
    "Entry",
    "ExerciseError",
    "Number",
    "all_files",
    "changeable_numbers",
    "differences",
    "earlier_folder_note",
    "find_exercise",
    "find_file",
    "list_entries",
    "list_exercises",
    "override_lines",
    "overrides_of",
    "own_folder",
    "read_exercise",
    "reset_numbers",
    "save_numbers",
    "write_whole",
    "writing_folder",
]
