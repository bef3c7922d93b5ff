"""Owners who leave and may come back: a closed lid, a dropped connection."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Leaving:
    """Safe to use from any thread.

    Args:
        discard: called with an owner who has not come back; deletes what is theirs.
        grace_s: how long they may be away, seconds.
    """

    def __init__(self, discard: Callable[[str], None], grace_s: Callable[[], float]) -> None:
        """Nobody has left; see the class."""
        self._discard, self._grace_s = discard, grace_s
        self._timers: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()

    def hold(self, owner: str) -> None:
        """The owner is here (again): keep what is theirs."""
        with self._lock:
            timer = self._timers.pop(owner, None)
        if timer:
            timer.cancel()

    def release(self, owner: str) -> None:
        """The owner has left: discard what is theirs, unless `hold` comes within the grace time."""
        timer = threading.Timer(self._grace_s(), self._leave, [owner])
        timer.daemon = True
        with self._lock:
            earlier, self._timers[owner] = self._timers.get(owner), timer
        if earlier:
            earlier.cancel()
        timer.start()

    def _leave(self, owner: str) -> None:
        with self._lock:
            self._timers.pop(owner, None)
        self._discard(owner)
