"""Processes for what may crash: decoding what a file or a browser sends, and the pose model.

A native library that aborts takes its process with it. So each video and each live session has one of its own, and the
server, with everybody else's work in it, goes on. One is always kept ready, because the libraries take seconds to load.
"""

from __future__ import annotations

import atexit
import functools
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

from checker.service.channel import Channel

DIED: Final = (
    "The part of BackCheck that reads pictures stopped, and only that: this recording may be damaged. "
    "Try it once more, or try another one."
)
HUNG: Final = (
    "The part of BackCheck that reads pictures came no further, and was stopped: this recording may be damaged. "
    "Try another one."
)

START_S: Final = 60.0
"""The libraries have been loaded by then, also from a slow disk for the first time."""

SILENT_S: Final = 300.0
"""A worker that says nothing for so long hangs: between two frames it takes less than a second, and to judge an hour of
poses less than a minute."""

_log = logging.getLogger(__name__)


NONE_BEGUN: Final = "No further process could be begun ({why}): close other programs, and try again."


class WorkerDiedError(RuntimeError):
    """A process ended before its work was done, or could not be begun; the text is meant for the user."""


class Worker:
    """A process that does one piece of work. Use as a context manager: at the end of it the process is gone.

    One thread uses it; `end` may come from any.
    """

    def __init__(self) -> None:
        """Begin the process; it loads its libraries beside whatever is done here."""
        self._process = subprocess.Popen(
            # -P: no module of the folder that one happens to be in
            [sys.executable, "-P", "-m", "checker.service.worker_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._channel = Channel(self._process.stdout, self._process.stdin)  # type: ignore[arg-type]
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._listen, name="worker", daemon=True)
        self._reader.start()

    def __enter__(self) -> Worker:
        """Ready to begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, whatever it is doing."""
        self.end()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def begin(self, work: Callable[..., None], *arguments: Any) -> None:
        """Have `work(desk, *arguments)` done; what it sends is received here.

        Raises:
            WorkerDiedError: the process could not load what it needs.
        """
        try:
            self.receive(START_S)  # "ready"
        except queue.Empty:
            raise WorkerDiedError(HUNG) from None
        self.send((work, arguments))

    def send(self, message: Any) -> None:
        """Send something to the work.

        Raises:
            WorkerDiedError: the process is gone.
        """
        try:
            self._channel.send(message)
        except (OSError, ValueError):
            raise WorkerDiedError(DIED) from None

    def receive(self, within_s: float) -> Any:
        """Wait for what the work sends next.

        Raises:
            WorkerDiedError: the process is gone.
            queue.Empty: nothing came in that time.
        """
        message = self._inbox.get(timeout=within_s)
        if message is _GONE:
            self._inbox.put(_GONE)  # it stays gone
            raise WorkerDiedError(DIED)
        return message

    def end(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was still to be sent
                    continue

    def _listen(self) -> None:
        try:
            while True:
                self._inbox.put(self._channel.receive())
        except EOFError:
            self._inbox.put(_GONE)


_GONE: Final = object()


class Workers:
    """Hands out workers, and keeps one ready. Safe to use from any thread."""

    def __init__(self) -> None:
        """Start without one; see `prepare`."""
        self._lock = threading.Lock()
        self._ready: Worker | None = None
        self._closed = False
        atexit.register(self.close)

    def prepare(self) -> None:
        """Begin the one that is kept ready, where there is none; who needs one later may wait for it."""
        with self._lock:
            if self._closed or (self._ready is not None and self._ready.alive):
                return
            dead, self._ready = self._ready, None
            try:
                self._ready = Worker()
            except OSError:
                _log.warning("no process could be begun to be kept ready", exc_info=True)
        if dead is not None:
            dead.end()

    def take(self) -> Worker:
        """The one that is ready, or a new one; another one is begun in its place.

        Raises:
            WorkerDiedError: the system begins no further process.
        """
        with self._lock:
            worker, self._ready = self._ready, None
        if worker is not None and not worker.alive:
            worker.end()
            worker = None
        try:
            worker = worker or Worker()
        except OSError as error:
            raise WorkerDiedError(NONE_BEGUN.format(why=error.strerror)) from error
        self.prepare()
        return worker

    def close(self) -> None:
        """End the one that is ready; those that were taken end with their work."""
        with self._lock:
            self._closed = True
            worker, self._ready = self._ready, None
        if worker is not None:
            worker.end()
        atexit.unregister(self.close)


@functools.cache
def workers() -> Workers:
    """Those of this server."""
    return Workers()
