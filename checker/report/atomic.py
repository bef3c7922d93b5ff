"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final


class ReportError(OSError):
    """A report cannot be written; one line with the file, what went wrong and what to do."""


CANNOT_BE_WRITTEN: Final = (
    "{target} cannot be written ({why}): expected a folder with room that you may write to. Choose another one."
)


def check_folder(folder: Path) -> None:
    """Look whether a folder can be written, or made, before an hour of work goes into what is to lie there.

    Raises:
        ReportError: it cannot.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise ReportError(CANNOT_BE_WRITTEN.format(target=folder, why=f"{there} is a file"))
    if not os.access(there, os.W_OK | os.X_OK):
        raise ReportError(CANNOT_BE_WRITTEN.format(target=folder, why=f"{there} is read-only"))


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a path beside `target` to write to; it replaces `target` when the block ends without an error.

    When the block raises, what it wrote is removed and what `target` held before stays.

    Raises:
        ReportError: when the folder or the file cannot be written.
    """
    # not `tempfile`: its files are closed to everyone else, and these are to be handed on
    draft = target.with_name(f".{target.stem}-{secrets.token_hex(4)}{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(target)
    except ReportError:
        raise
    except OSError as error:
        raise ReportError(CANNOT_BE_WRITTEN.format(target=target, why=error.strerror or error)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
