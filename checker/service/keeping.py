"""Keeping a job's files where they stay, for whoever wants to have them later."""

from __future__ import annotations

import datetime
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from checker.service.jobs import Job
from checker.service.work import DRAFT, PLAIN, Outcome

HALF: Final = ".half"
"""Of the name of a folder while it is being filled."""

_LOCK: Final = ".keeping.lock"
LOCK_TIMEOUT_S: Final = 60.0


def keep(job: Job, outcome: Outcome, parent: Path) -> Path:
    """Copy a job's files to a place where they stay, all of them or none.

    One at a time for each place, so that what is half there when it begins was left behind by a kill or a power cut.

    Args:
        job: whose files they are.
        outcome: what came of it.
        parent: the folder of all that was kept, made where it is missing.

    Returns:
        The new folder, named after the day, the time and the movement.

    Raises:
        OSError: the files cannot be copied.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(parent / _LOCK, timeout=LOCK_TIMEOUT_S, mode=0o600):
            for left in parent.glob(f".*{HALF}"):
                shutil.rmtree(left, ignore_errors=True)
            return _copy(job.folder, parent, outcome.exercise.id)
    except Timeout as error:
        raise OSError("other results are being kept there") from error


def _copy(folder: Path, parent: Path, exercise_id: str) -> Path:
    half = parent / f".{secrets.token_hex(8)}{HALF}"
    try:
        shutil.copytree(folder, half, ignore=shutil.ignore_patterns("still-*", f"{PLAIN}*", DRAFT))
        _store(half)
        target = _free_name(parent, exercise_id)
        half.rename(target)
    except shutil.Error as error:  # of several files, each with its reason
        raise OSError(error.args[0][0][2]) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target


def _free_name(parent: Path, exercise_id: str) -> Path:
    """A name that is not there yet: two may be kept in one second, and a clock may be set back."""
    stamp = datetime.datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    names = (f"{stamp} {exercise_id}{f' ({n})' if n > 1 else ''}" for n in range(1, 1000))
    return next(parent / name for name in names if not (parent / name).exists())


def _store(folder: Path) -> None:
    """Have every file on the disk itself, before the folder gets the name under which it counts as whole."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
