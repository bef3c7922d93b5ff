"""Work of a job, done in a process of its own: what it tells comes here, and it ends where nobody wants it any more."""

from __future__ import annotations

import logging
import os
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from checker.pose.bundle import ModelError
from checker.report.atomic import ReportError
from checker.service.jobs import OnStage
from checker.service.workers import HUNG, SILENT_S, WorkerDiedError, workers
from checker.video.reader import VideoError

if TYPE_CHECKING:
    from checker.service.worker_process import Desk

EXPECTED: Final = (VideoError, ModelError, ReportError)
"""Errors whose text is meant for the user."""

ASK_EVERY_S: Final = 0.2
"""So soon is it noticed that somebody has pressed Cancel."""

TELL_EVERY_S: Final = 0.1

NICENESS: Final = 10
"""Somebody before the camera goes first: an upload takes what they leave of the processor."""

NO_MEMORY: Final = "This video needs more memory than BackCheck may take. Film it in Full HD, or make it shorter."

T = TypeVar("T")

_log = logging.getLogger(__name__)


class UnexpectedError(Exception):
    """A fault of our own in the other process, whose log has the cause."""


@dataclass(frozen=True, slots=True)
class _Told:
    fraction: float
    stage: str | None


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception | None


def unseen(fraction: float, stage: str | None = None) -> None:
    """Progress that nobody asks for: of work that is soon over."""


def apart(progress: OnStage, work: Callable[..., T], *arguments: Any) -> T:
    """Have `work(*arguments, progress)` done in a process of its own, and wait for it.

    Args:
        progress: told how far it is; what it raises ends the process and is passed on.
        work: a function of a module.
        *arguments: its own; they and it are sent to the other process.

    Raises:
        WorkerDiedError: the process ended before the work did, or came no further.
        UnexpectedError: a fault of our own.
        VideoError, ModelError, ReportError: whatever the work raises of these.
    """
    with workers().take() as worker:
        worker.begin(_work_on, work, arguments)
        heard_s = time.monotonic()
        while True:
            try:
                said = worker.receive(ASK_EVERY_S)
            except queue.Empty:
                progress(0.0)  # it only rises; this asks whether it is still wanted
                if time.monotonic() - heard_s > SILENT_S:
                    raise WorkerDiedError(HUNG) from None
                continue
            heard_s = time.monotonic()
            if isinstance(said, _Done):
                result: T = said.result
                return result
            if isinstance(said, _Failed):
                raise said.error or UnexpectedError("see the log of the process above")
            progress(said.fraction, said.stage)


# --- in the process ---------------------------------------------------------------------------------


def _work_on(desk: Desk, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Do the work, and tell how it went."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        result = work(*arguments, _Teller(desk))
    except EXPECTED as error:
        desk.send(_Failed(error))
    except MemoryError:
        desk.send(_Failed(VideoError(NO_MEMORY)))
    except Exception:  # noqa: BLE001  the user gets a sentence, the log gets the cause
        _log.exception("a piece of work failed")
        desk.send(_Failed(None))
    else:
        desk.send(_Done(result))


class _Teller:
    """Tells the server how far the work is, now and then."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stage: str | None = None
        self._told_s = 0.0

    def __call__(self, fraction: float, stage: str | None = None) -> None:
        now_s = time.monotonic()
        if stage != self._stage or now_s - self._told_s >= TELL_EVERY_S:
            self._desk.send(_Told(fraction, stage))
            self._stage, self._told_s = stage, now_s
