"""Keeping a job's files where they stay, for whoever wants to have them later."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from checker.service.jobs import Job
from checker.service.work import DRAFT, Outcome


def keep(job: Job, outcome: Outcome, parent: Path) -> Path:
    """Copy a job's files to a place where they stay, all of them or none.

    Args:
        job: whose files they are.
        outcome: what came of it.
        parent: the folder of all that was kept, made where it is missing.

    Returns:
        The new folder, named after the day, the time and the movement.

    Raises:
        OSError: the files cannot be copied.
    """
    stamp = datetime.datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    target = parent / f"{stamp} {outcome.exercise.id}"
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = parent / f".{target.name}.half"
    try:
        shutil.copytree(job.folder, half, ignore=shutil.ignore_patterns("still-*", DRAFT))
        half.rename(target)
    except shutil.Error as error:  # of several files, each with its reason
        raise OSError(error.args[0][0][2]) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target
