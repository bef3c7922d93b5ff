"""Where things are: what BackCheck brings with it, and what belongs to its user.

What it brings lies at the top of a checkout, and in an installed package in a folder of the package that
holds the same names. What the user owns never lies beside either.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

_PACKAGE: Final = Path(__file__).resolve().parent
_SHIPPED: Final = _PACKAGE / "_shipped"
"""Made when the package is built: see pyproject.toml."""

RESULTS_SETTING: Final = "BACKCHECK_RESULTS"
"""The environment variable that names another folder for kept results."""


PEOPLE_SETTING: Final = "BACKCHECK_PEOPLE"
"""The environment variable that names another folder for what is kept about people."""


CLINIC_SETTING: Final = "BACKCHECK_CLINIC"
"""The environment variable that names the file of a clinic; without it the app is of one computer."""


def shipped(name: str) -> Path:
    """A file or folder that BackCheck brings with it: "exercises", "sample_videos" or "app.py"."""
    return (_SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent) / name


def own_exercises() -> Path:
    """Where the user's own exercise files are written, where no other folder was chosen."""
    return _user_data() / "exercises"


def kept_results() -> Path:
    """Where the app keeps results: what BACKCHECK_RESULTS names, or else a folder of the user's data.

    The folder of documents would be found more easily. Many systems copy it into a cloud.
    """
    named = os.environ.get(RESULTS_SETTING)
    return Path(named).expanduser() if named else _user_data() / "results"


def kept_people() -> Path:
    """Where the store of people lies: what BACKCHECK_PEOPLE names, or else a folder of the user's data."""
    named = os.environ.get(PEOPLE_SETTING)
    return Path(named).expanduser() if named else _user_data() / "people"


def _user_data() -> Path:
    return platformdirs.user_data_path("backcheck", appauthor=False)
