"""Runs `backcheck` with a clock of its logins that a test moves on: `python moved_clock.py FILE app --clinic ...`.

The file says by how many seconds; all else goes by the computer's own clock.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.cli import main
from checker.service.clinic.logins import Logins

AHEAD = Path(sys.argv.pop(1))


def moved_s() -> float:
    """Monotonic time, and what the test has added."""
    return time.monotonic() + float(AHEAD.read_text(encoding="utf-8"))


Logins.__init__.__defaults__ = (moved_s,)  # type: ignore[misc]
if __name__ == "__main__":
    main()
