"""Who was turned away at a door is told in the log: once a minute for each kind and host, so that nobody can fill it.

A line has neither the address that was asked for nor anything else that came with the request: a key or a token may
stand there, or words that are to look like another line.
"""

from __future__ import annotations

import datetime
import ipaddress
import logging
import time
from collections.abc import Callable
from typing import Final

from starlette.types import Scope

EVERY_S: Final = 60.0
MOST_KINDS: Final = 200
"""Kinds and hosts that are told apart; what comes beyond them counts as one host."""

OTHERS: Final = "other hosts"
UNKNOWN: Final = "an unknown host"

_log = logging.getLogger(__name__)


class Refusals:
    """Tells of refusals; used on the server's event loop alone.

    Args:
        now_s: monotonic time, seconds.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        """Nobody was refused yet; see the class."""
        self._now_s = now_s
        self._told: dict[tuple[str, str], tuple[float, int]] = {}  # when it was told last, and how many came since

    def note(self, kind: str, host: str) -> None:
        """Somebody was refused.

        Args:
            kind: why, in words of ours.
            host: from where.
        """
        now_s = self._now_s()
        if (kind, host) not in self._told and len(self._told) >= MOST_KINDS:
            self._told = {key: told for key, told in self._told.items() if now_s - told[0] < EVERY_S}
            host = host if len(self._told) < MOST_KINDS else OTHERS
        told_s, untold = self._told.get((kind, host), (-EVERY_S, 0))
        if now_s - told_s < EVERY_S:
            self._told[kind, host] = told_s, untold + 1
            return
        self._told[kind, host] = now_s, 0
        more = f" ({untold} more since the last such line)" if untold else ""
        _log.warning("%s refused %s: %s%s", datetime.datetime.now().isoformat(" ", "seconds"), host, kind, more)


def host_of(scope: Scope) -> str:
    """From where a request comes; what is no address is not repeated."""
    client = scope.get("client")
    try:  # without the zone, which may be any text
        return str(ipaddress.ip_address(client[0].partition("%")[0])) if client else UNKNOWN
    except ValueError:
        return UNKNOWN


REFUSALS: Final = Refusals()
"""Those of this server."""
