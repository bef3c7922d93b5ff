"""What is switched on for a computer, or for a clinic: nothing is, unless somebody does it.

On one's own computer it is a small file beside what is kept of people; in a clinic its own file says so.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from checker.folders import kept_people
from checker.library import write_whole
from checker.service.clinic.desk import desk

MONITORING: Final = "remote_monitoring"
"""The day counts that codes of remote monitoring ask for."""

FILE: Final = "settings.toml"


def monitoring_is_on() -> bool:
    """Return whether it was switched on; a file that cannot be read has switched nothing on."""
    clinic = desk()
    if clinic is not None:
        return clinic.settings.remote_monitoring
    try:
        return tomllib.loads(_file().read_text(encoding="utf-8")).get(MONITORING) is True
    except (OSError, ValueError):
        return False


def switch_monitoring(on: bool) -> None:
    """Switch it on or off for this computer.

    Raises:
        checker.library.ExerciseError: it cannot be written; one line.
        ValueError: it is a clinic's, whose file says it.
    """
    if desk() is not None:
        raise ValueError(f"In a clinic the clinic's file says {MONITORING} = true.")
    write_whole(_file(), f"{MONITORING} = {str(on).lower()}\n")


def _file() -> Path:
    return kept_people() / FILE
