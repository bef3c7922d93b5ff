"""What BackCheck needs of a computer, looked for before it is missed: the libraries only crash without it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

LEAST_MEMORY_BYTES: Final = 2 * 1024**3
"""Address space. With 2.0 GB a short clip is measured and drawn; with 1.5 GB the pose model crashes."""

NO_MEMORY: Final = (
    "BackCheck needs at least {least:.0f} GB of memory, and this program may take only {may:.1f} GB. "
    "Raise its limit (ulimit -v), and try again."
)
NO_FOLDER: Final = (
    "BackCheck needs a folder for temporary files, and none of the usual ones can be written. "
    "Name one that you may write to in the environment variable TMPDIR, and try again."
)
NO_HOME: Final = (
    "BackCheck keeps the pose model and your own exercises in your home folder, and this user has none. "
    "Name a folder that you may write to in the environment variable HOME, and try again."
)


def no_home() -> str | None:
    """A sentence where nobody knows where the user's own things are."""
    try:
        Path.home()
    except RuntimeError:
        return NO_HOME
    return None


def too_little_memory() -> str | None:
    """A sentence where this process may not take the memory that the pose model needs."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft >= LEAST_MEMORY_BYTES:
        return None
    return NO_MEMORY.format(least=LEAST_MEMORY_BYTES / 1024**3, may=soft / 1024**3)


def no_temporary_folder() -> str | None:
    """A sentence where no folder for temporary files can be written."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        return NO_FOLDER
    return None
