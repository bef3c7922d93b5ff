"""The live sessions of this server: begun, found by their token, and ended when nobody is there."""

from __future__ import annotations

import functools
import logging
import os
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from checker.dose import Dose
from checker.exercise import Exercise
from checker.pose.bundle import ModelFile
from checker.service.jobs import Jobs
from checker.service.live.conclude import conclude
from checker.service.live.protocol import CONCLUDED, NO_SUCH_SESSION, TAKEN_OVER
from checker.service.live.session import LiveSession
from checker.service.measuring import jobs

GONE_AFTER_S: Final = 30.0
"""Somebody whose connection was lost may come back within this long; the page tries for less."""

LEFT_AFTER_S: Final = 5.0
"""The same for a page that said goodbye: its tab was closed."""

IDLE_AFTER_S: Final = 600.0
"""A session in which nothing arrives for this long is over, connected or not: a permission that
nobody gave, a screen that went to sleep."""

NOT_JUDGED: Final = "What was seen could not be judged, because of a fault in BackCheck. Please try once more."

OLD_AFTER_S: Final = 2 * 3600.0
"""Nobody is before the camera for so long; the coach ends a session after an hour of pictures."""

_log = logging.getLogger(__name__)


class TooManySessionsError(RuntimeError):
    """This computer follows as many people as it can; the text is meant for the user."""


class NotJudgedError(Exception):
    """What was seen could not be judged; the text is meant for the user, the log has the cause."""


class Connection(Protocol):
    """A socket as the registry sees it."""

    def end(self, code: int) -> None:
        """Close it, from any thread, with a code of `protocol`."""


@dataclass
class Seat:
    """A session and who is connected to it.

    Attributes:
        session: the session.
        connection: the socket that is open, None while there is none.
        left_s: monotonic time at which it was lost; None before the first and while it is open.
        came: whether a socket ever came: nobody is followed who has not allowed the camera yet.
        goodbye: whether its page said goodbye, so that the session waits only briefly for the next one.
        owner_left: whether the browser session has ended: nobody will ask for results.
        concluding: whether its results are being worked out.
        job_id: of the work on its results, once it was finished.
    """

    session: LiveSession
    connection: Connection | None = None
    left_s: float | None = None
    came: bool = False
    goodbye: bool = False
    owner_left: bool = False
    concluding: bool = False
    job_id: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether somebody is being followed, or may come back to be."""
        return self.came and self.job_id is None

    def is_over(self, now_s: float) -> bool:
        """Whether nobody will come back to it."""
        idle = now_s - self.session.last_used_s > IDLE_AFTER_S or now_s - self.session.began_s > OLD_AFTER_S
        gone = self.left_s is not None and now_s - self.left_s > (LEFT_AFTER_S if self.goodbye else GONE_AFTER_S)
        return (idle or gone) and self.job_id is None and not self.concluding

    @property
    def is_worth_a_result(self) -> bool:
        """Whether what was seen is judged although nobody finished it: they did not mean to leave."""
        left = self.owner_left or self.goodbye
        return self.session.has_frames and not self.session.over and not left


class Registry:
    """Safe to use from any thread.

    Args:
        most: sessions at once; each keeps about a core busy.
        jobs: where the private folders are.
    """

    def __init__(self, most: int, jobs: Jobs) -> None:
        """Start empty; see the class."""
        self._most = most
        self._jobs = jobs
        self._seats: dict[str, Seat] = {}
        self._lock = threading.RLock()

    def start(
        self, owner: str, exercise: Exercise, model: ModelFile, dose: Dose | None = None, keep_video: bool = False
    ) -> LiveSession:
        """Begin a session; an earlier one of the same owner ends.

        Args:
            owner: a browser session.
            exercise: the movement.
            model: the pose model.
            dose: how much of it.
            keep_video: whether the pictures are recorded, in a private folder.

        Raises:
            TooManySessionsError: as many as this computer can follow are under way.
        """
        self.sweep()
        with self._lock:
            for token in [t for t, s in self._seats.items() if s.session.owner == owner]:
                self._end(token)
            self._must_have_room()
            folder = self._private_folder() if keep_video else None
            session = LiveSession(owner, exercise, model, dose, folder)
            self._seats[session.token] = Seat(session)
            return session

    def find(self, token: str | None) -> Seat | None:
        """The session with this token, None when there is none (any more)."""
        with self._lock:
            return self._seats.get(token) if token else None

    def connect(self, token: str, connection: Connection) -> LiveSession | None:
        """A socket has come; one that was there gives way. None when there is no such session.

        One that was finished is there until its results are fetched: its page may not know it yet.

        Raises:
            TooManySessionsError: it is a new one, and others have come first.
        """
        with self._lock:
            seat = self._seats.get(token)
            if seat is None:
                return None
            if not seat.came:
                self._must_have_room()
            earlier = seat.connection
            seat.connection, seat.left_s, seat.came, seat.goodbye = connection, None, True, False
        if earlier is not None:
            earlier.end(TAKEN_OVER)
        return seat.session

    def disconnect(self, token: str, connection: Connection, goodbye: bool) -> None:
        """A socket has gone; the session waits a while for the next one."""
        with self._lock:
            seat = self._seats.get(token)
            if seat is not None and seat.connection is connection:
                seat.connection, seat.left_s, seat.goodbye = None, time.monotonic(), goodbye

    def hold(self, owner: str) -> None:
        """The browser session is there (again)."""
        with self._lock:
            for seat in self._seats.values():
                if seat.session.owner == owner:
                    seat.owner_left = False
                    seat.left_s = seat.left_s if seat.came else None

    def release(self, owner: str) -> None:
        """The browser session has ended: what nobody is connected to waits only a little longer."""
        with self._lock:
            for seat in self._seats.values():
                seat.owner_left = seat.owner_left or seat.session.owner == owner
                if seat.session.owner == owner and seat.connection is None and seat.left_s is None:
                    seat.left_s = time.monotonic()

    def end(self, token: str) -> None:
        """End a session, whatever it is doing."""
        with self._lock:
            self._end(token)

    def conclude(self, token: str) -> str | None:
        """Judge what a session saw, on its own thread, and wait for that: the id of the work on its results.

        None when there is no such session, or nothing was seen in it.

        Raises:
            NotJudgedError: a fault of our own.
        """
        seat = self.find(token)
        if seat is None or (seat.job_id is None and not seat.session.has_frames):
            return None
        try:
            return seat.session.thread.submit(self.conclude_here, token).result()
        except RuntimeError:  # its thread has ended in the meantime
            return None

    def conclude_here(self, token: str) -> str | None:
        """The same, for who is on the session's thread."""
        seat = self.find(token)
        if seat is None:
            return None
        if seat.job_id is None:
            try:
                seat.job_id = conclude(seat.session, self._jobs).id
            except Exception as error:
                _log.exception("a session could not be judged")
                raise NotJudgedError(NOT_JUDGED) from error
        return seat.job_id

    def sweep(self) -> None:
        """End the sessions that nobody will come back to; what somebody lost by mishap is judged first."""
        now_s = time.monotonic()
        with self._lock:
            over = [(token, seat) for token, seat in self._seats.items() if seat.is_over(now_s)]
            fetched = [t for t, s in self._seats.items() if s.job_id and self._jobs.get(s.job_id) is None]
            for token, seat in over:
                if seat.is_worth_a_result:
                    seat.concluding = True
                    seat.session.thread.submit(self._conclude_and_tell, token)
                else:
                    self._end(token)
            for token in fetched:  # or their owner has gone
                self._end(token)

    def _conclude_and_tell(self, token: str) -> None:
        try:
            self.conclude_here(token)
        except NotJudgedError:  # nobody waits for it
            self.end(token)
            return
        seat = self.find(token)
        if seat is not None and seat.connection is not None:
            seat.connection.end(CONCLUDED)

    def close(self) -> None:
        """End all of them, and wait for it: when the process ends, a model can no longer be freed."""
        with self._lock:
            sessions = [seat.session for seat in self._seats.values()]
            for token in list(self._seats):
                self._end(token)
        for session in sessions:
            session.thread.shutdown(wait=True)

    def __len__(self) -> int:
        """Sessions that there are."""
        with self._lock:
            return len(self._seats)

    def _end(self, token: str) -> None:
        seat = self._seats.pop(token, None)
        if seat is not None:
            seat.session.close()
            if seat.connection is not None:
                seat.connection.end(NO_SUCH_SESSION)

    def _must_have_room(self) -> None:
        if sum(s.is_taken for s in self._seats.values()) >= self._most:
            raise TooManySessionsError(
                f"This computer can follow {self._most} at a time, and that many are using the camera page "
                "now. Try again when one of them has finished."
            )

    def _private_folder(self) -> Path:
        folder = self._jobs.root / f"live-{secrets.token_hex(16)}"
        folder.mkdir(mode=0o700)
        return folder


@functools.cache
def registry() -> Registry:
    """The one registry of this process."""
    return Registry(max(1, os.cpu_count() or 1), jobs())
