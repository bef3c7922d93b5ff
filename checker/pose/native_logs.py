"""MediaPipe's own log lines, which no setting switches off, kept away from the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def quiet_native_logs() -> None:
    """Let what native code writes to standard error go nowhere; Python's own standard error stays.

    It is written to file descriptor 2: Python's is moved to a copy of that first. BACKCHECK_NATIVE_LOGS=1 keeps them.
    """
    if os.environ.get("BACKCHECK_NATIVE_LOGS"):
        return
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
