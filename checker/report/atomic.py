"""Files that are there whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class ReportError(OSError):
    """A report cannot be written; one line with the file, what went wrong and what to do."""


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
        raise ReportError(
            f"{target} cannot be written ({error.strerror or error}): "
            "expected a folder with room that you may write to. Choose another one."
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
