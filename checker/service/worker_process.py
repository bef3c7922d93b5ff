"""The process in which a video is decoded and the pose model looks: `python -m checker.service.worker_process`.

It does one piece of work and ends, so that whatever a file has done to it ends with it: nothing of one person's
picture is in the memory that the next one's is read into. It ends at once when its server does.
"""

from __future__ import annotations

import importlib
import logging
import os
import queue
import sys
import threading
from typing import Any, Final

from checker.pose.native_logs import quiet_native_logs
from checker.service.channel import Channel

HEAVY: Final = ("checker.service.work", "checker.service.live.eyes", "checker.pose.mediapipe", "av", "cv2")
"""What every piece of work needs; loaded before there is one, so that nobody waits for it."""

MOST_MEMORY_BYTES: Final = 6 * 1024**3
"""Address space beyond what the libraries take: five times what a short clip takes, in 4K as in 640 x 480 (1.25 GB by
VmPeak, Linux)."""

MOST_FILE_BYTES: Final = 8 * 1024**3
"""Of one file that is written: four times the largest video that is taken (chosen)."""

MOST_FILES: Final = 256
"""Open at once: far more than a clip, its drafts and the model need, and what macOS gives anyway (chosen)."""

_log = logging.getLogger(__name__)


def main() -> None:
    """Load what is needed, wait for a piece of work, do it, and end."""
    channel = Channel.of_this_process()
    quiet_native_logs()
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, inbox), daemon=True).start()
    for name in HEAVY:
        importlib.import_module(name)
    limit()
    channel.send("ready")
    work, arguments = inbox.get()
    try:
        work(Desk(channel, inbox), *arguments)
    finally:
        sys.stderr.flush()
        os._exit(0)  # a library that hangs at its end must not keep the process


def _listen(channel: Channel, inbox: queue.SimpleQueue[Any]) -> None:
    """Take what the server sends; when it is gone, nobody wants the work any more."""
    try:
        while True:
            inbox.put(channel.receive())
    except EOFError:
        os._exit(1)
    except Exception:  # noqa: BLE001  what cannot be understood is no work; the server hears that the process ended
        _log.exception("a piece of work could not be understood")
        os._exit(1)


class Desk:
    """What a piece of work has of its server."""

    def __init__(self, channel: Channel, inbox: queue.SimpleQueue[Any]) -> None:
        """For a process that has taken its work."""
        self.send = channel.send
        self.receive = inbox.get


def limit() -> None:
    """Bound what this process may take of the computer, where its system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    bounds = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: MOST_FILES, resource.RLIMIT_FSIZE: MOST_FILE_BYTES}
    if sys.platform == "linux":  # elsewhere it is not kept, or breaks what is loaded already
        bounds[resource.RLIMIT_AS] = _address_space_bytes() + MOST_MEMORY_BYTES
    for what, most in bounds.items():
        _, hard = resource.getrlimit(what)
        now = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (now, now))


def _address_space_bytes() -> int:
    """What this process has mapped so far."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
