"""How long a connection may keep the server waiting; uvicorn itself waits for ever.

Whoever opens a connection and sends no request, or sends its headers byte by byte, holds one of the files that this
process may open, and there are only so many. The same holds for one that takes nothing of what it is sent.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass
from typing import Any, Final

FILES: Final = 4096
"""A connection is an open file: the usual bounds, 256 on macOS and 1024 on Linux, are soon reached."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited.

    Attributes:
        look_every_s: between two looks at a connection; one from which no whole request came in between is ended.
        stalled_s: one that took nothing for so long of what it is sent is ended.
    """

    look_every_s: float = 10.0
    stalled_s: float = 60.0


def watch(protocol: type[Any], patience: Patience | None = None) -> None:
    """Watch every connection that a protocol of uvicorn's serves from now on, also once it has become a socket.

    Args:
        protocol: uvicorn's class for HTTP; Streamlit leaves no other way to it.
        patience: how long is waited.
    """
    began = protocol.connection_made

    @functools.wraps(began)
    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        began(self, transport)
        _Watch(self, transport, patience or Patience()).begin()

    protocol.connection_made = connection_made


class _Watch:
    """Looks at one connection now and then, until it is gone."""

    def __init__(self, http: Any, transport: asyncio.Transport, patience: Patience) -> None:
        self._http: Any = http
        self._transport = transport
        self._patience = patience
        self._seen: object = None  # the request before, at the last look; what is no request at all where one was
        self._unsent_bytes = 0
        self._stalled_s = 0.0

    def begin(self) -> None:
        self._seen = self._before()
        self._later()

    def _later(self) -> None:
        asyncio.get_running_loop().call_later(self._patience.look_every_s, self._look)

    def _look(self) -> None:
        unsent_bytes = self._count_unsent()
        if self._transport.is_closing() and not unsent_bytes:
            return  # it is gone
        before = self._before()
        waits = before is not _BUSY and before is self._seen
        stalls = 0 < self._unsent_bytes <= unsent_bytes
        self._stalled_s = self._stalled_s + self._patience.look_every_s if stalls else 0.0
        self._seen, self._unsent_bytes = before, unsent_bytes
        if (waits and not unsent_bytes) or self._stalled_s >= self._patience.stalled_s:
            self._transport.abort()  # to close it would wait until it takes what it is sent
        else:
            self._later()

    def _count_unsent(self) -> int:
        try:
            return self._transport.get_write_buffer_size()
        except AttributeError:  # one over TLS that was closed twice: Python has let go of what it would ask
            return 0

    def _before(self) -> object:
        """The request that was answered last, None before the first one; `_BUSY` while there is one, or a socket."""
        is_socket = self._transport.get_protocol() is not self._http
        if is_socket:
            return _BUSY
        cycle: Any = self._http.cycle
        return cycle if cycle is None or cycle.response_complete else _BUSY


_BUSY: Final = object()


def raise_file_limit(most: int = FILES) -> None:
    """Let this process open as many files as its user may, up to `most`, where its system has such a bound."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
