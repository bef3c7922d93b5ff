"""Messages between the server and a process of its own, over the process's standard streams.

Each is a pickle, which tells by itself where it ends. Nobody but the server and the processes that it has begun ever
holds an end of one.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import Any, BinaryIO


class Channel:
    """One end of it. Safe to send from any thread; one thread receives."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        """Over two open files."""
        self._incoming, self._outgoing = incoming, outgoing
        self._lock = threading.Lock()

    @classmethod
    def of_this_process(cls) -> Channel:
        """The end of a process that was begun with its standard streams as the two files.

        What else is printed in the process goes to standard error from here on.
        """
        incoming, outgoing = os.dup(0), os.dup(1)
        os.dup2(2, 1)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123  open as long as the process lives
        return cls(os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb"))

    def send(self, message: Any) -> None:
        """Send something that can be pickled.

        Raises:
            OSError: the other end is gone.
        """
        packed = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._outgoing.write(packed)
            self._outgoing.flush()

    def receive(self) -> Any:
        """Wait for the next message.

        Raises:
            EOFError: the other end is gone.
        """
        try:
            return pickle.load(self._incoming)
        except (OSError, pickle.UnpicklingError, ValueError) as error:  # it went in the middle of a word
            raise EOFError from error
