"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ReportError(OSError):
    """A report cannot be written; one line with the file, what went wrong and what to do."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A temporary file beside `target` that takes its place when the block ends well.

    When the block raises, the temporary file is removed and what `target` held before stays.

    Raises:
        ReportError: when the folder or the file cannot be written.
    """
    draft: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        draft = Path(name)
        yield draft
        draft.chmod(0o666 & ~_umask())  # mkstemp's 600 would lock out the physio's own account
        os.replace(draft, target)
    except ReportError:
        raise
    except OSError as error:
        raise ReportError(
            f"{target} cannot be written ({error.strerror or error}): "
            "expected a folder with room that you may write to. Choose another one."
        ) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _umask() -> int:
    """The process' file mode mask; the system offers no way to read it without setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
