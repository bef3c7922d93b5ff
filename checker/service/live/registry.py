"""The live sessions of this server: begun, found by their token, and ended when nobody is there."""

from __future__ import annotations

import functools
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from checker.dose import Dose
from checker.exercise import Exercise
from checker.pose.bundle import ModelFile
from checker.service.jobs import Job, Jobs
from checker.service.live.conclude import conclude, measure_recording
from checker.service.live.seat import OPEN, Connection, Seat, State
from checker.service.live.session import LiveSession
from checker.service.measuring import jobs

NOT_JUDGED: Final = "What was seen could not be judged, because of a fault in BackCheck. Please try once more."

MOST_SEATS: Final = 100
"""Sessions that are begun, most of them without a picture yet: each costs a few kilobytes."""

FULL: Final = "Too many camera pages are open on this computer. Close those that are not needed, and try again."

_log = logging.getLogger(__name__)


class TooManySessionsError(RuntimeError):
    """This computer follows as many people as it can; the text is meant for the user."""


class NotJudgedError(Exception):
    """What was seen could not be judged; the text is meant for the user, the log has the cause."""


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
        self,
        owner: str,
        exercise: Exercise,
        model: ModelFile,
        dose: Dose | None = None,
        keep_video: bool = False,
        to_first_pain: int = 0,
        furthest: bool = True,
    ) -> LiveSession:
        """Begin a session; an earlier one of the same owner ends.

        Args:
            owner: a browser session.
            exercise: the movement.
            model: the pose model.
            dose: how much of it.
            keep_video: whether the pictures are recorded, in a private folder.
            to_first_pain: how many of the first repetitions to each side go to the first pain only; 0: none.
            furthest: whether one more follows then, as far as they want.

        Raises:
            ValueError: the movement has no range before pain, and one was asked for.
            TooManySessionsError: as many as this computer can follow are under way.
        """
        self.sweep()
        with self._lock:
            for token in [t for t, s in self._seats.items() if s.session.owner == owner]:
                self._end(token)
            self._must_have_room()
            if len(self._seats) >= MOST_SEATS:
                raise TooManySessionsError(FULL)
            folder = self._private_folder() if keep_video else None
            session = LiveSession(owner, exercise, model, dose, folder, to_first_pain, furthest)
            self._seats[session.token] = Seat(session)
            return session

    def find(self, token: str | None) -> Seat | None:
        """The session with this token, None when there is none (any more)."""
        with self._lock:
            return self._seats.get(token) if token else None

    def connect(self, token: str, connection: Connection) -> LiveSession | None:
        """A socket has come; one that was there gives way. None when there is no such session.

        One that was finished is there until its results are fetched: its page may not know it yet.
        """
        seat = self.find(token)
        return seat.session if seat is not None and seat.connect(connection) else None

    def follow(self, token: str) -> None:
        """A picture has come: from the first one on, its session takes a place.

        Raises:
            TooManySessionsError: it is the first one, and others have come before.
        """
        with self._lock:
            seat = self._seats.get(token)
            if seat is not None and not seat.is_taken:
                self._must_have_room()
                seat.follow()

    def disconnect(self, token: str, connection: Connection, goodbye: bool) -> None:
        """A socket has gone; the session waits a while for the next one."""
        seat = self.find(token)
        if seat is not None:
            seat.disconnect(connection, goodbye, time.monotonic())

    def hold(self, owner: str) -> None:
        """The browser session is there (again)."""
        for seat in self._seats_of(owner):
            seat.hold()

    def release(self, owner: str) -> None:
        """The browser session has ended: what nobody is connected to ends soon, without results."""
        for seat in self._seats_of(owner):
            seat.release()

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
        return _on_its_thread(seat, lambda: self.conclude_here(token))

    def conclude_here(self, token: str) -> str | None:
        """The same, for who is on the session's thread."""
        seat = self.find(token)
        return None if seat is None else self._concluded(seat, lambda: conclude(seat.session, self._jobs))

    def conclude_recording(self, token: str, recording: Path, pain_s: Sequence[float]) -> str | None:
        """End a session with a recording of the browser's own in place of what was seen live, and wait for that.

        Args:
            token: of the session.
            recording: the file, which is moved.
            pain_s: the times at which it hurt, seconds since the recording began.

        Returns:
            The id of the work on it; None when the session takes none: it is over, or is being judged.

        Raises:
            NotJudgedError: a fault of our own.
        """
        seat = self.find(token)
        if seat is None:
            return None

        def conclude_it() -> str | None:
            if seat.session.over or seat.state not in OPEN:
                return None
            return self._concluded(seat, lambda: measure_recording(seat.session, recording, self._jobs, pain_s))

        return _on_its_thread(seat, conclude_it)

    def sweep(self) -> None:
        """End the sessions that nobody will come back to; what somebody lost by mishap is judged first."""
        now_s = time.monotonic()
        with self._lock:
            for token, seat in list(self._seats.items()):
                became = seat.expire(now_s)
                if became is State.CONCLUDING:
                    seat.session.thread.submit(self._conclude_and_tell, token)
                elif became is State.ENDED or self._is_fetched(seat):
                    self._end(token)

    def _is_fetched(self, seat: Seat) -> bool:
        """Whether its results were fetched and discarded, or their owner has gone."""
        return seat.job_id is not None and self._jobs.get(seat.job_id) is None

    def _conclude_and_tell(self, token: str) -> None:
        seat = self.find(token)
        try:
            self.conclude_here(token)
        except NotJudgedError:  # nobody waits for it
            self.end(token)
            return
        if seat is not None:
            seat.tell_concluded()

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
            seat.end()

    def _seats_of(self, owner: str) -> list[Seat]:
        with self._lock:
            return [seat for seat in self._seats.values() if seat.session.owner == owner]

    def _concluded(self, seat: Seat, start: Callable[[], Job]) -> str | None:
        """Conclude a seat by a job that is started; where its owner has left, the job waits for them no longer.

        Raises:
            NotJudgedError: it could not be started.
        """
        try:
            job_id = seat.conclude(lambda: start().id)
        except Exception as error:
            _log.exception("a session could not be judged")
            raise NotJudgedError(NOT_JUDGED) from error
        if seat.owner_left:  # what was theirs may have been discarded already, and this job came too late for it
            self._jobs.release(seat.session.owner)
            if not seat.owner_left:  # they came back at this very moment
                self._jobs.hold(seat.session.owner)
        return job_id

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


def _on_its_thread(seat: Seat, work: Callable[[], str | None]) -> str | None:
    """What the work gives on the session's thread; None where that has ended in the meantime."""
    try:
        return seat.session.thread.submit(work).result()
    except RuntimeError:
        return None


@functools.cache
def registry() -> Registry:
    """The one registry of this process."""
    return Registry(max(1, os.cpu_count() or 1), jobs())
