"""A live session and who is connected to it: one state, and every way in which it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol

from checker.service.live.protocol import CONCLUDED, NO_SUCH_SESSION, TAKEN_OVER
from checker.service.live.session import LiveSession

GONE_AFTER_S: Final = 30.0
"""Somebody whose connection was lost may come back within this long; the page tries for less."""

LEFT_AFTER_S: Final = 5.0
"""The same for a page that said goodbye: its tab was closed."""

IDLE_AFTER_S: Final = 600.0
"""A session in which no picture arrives for this long is over, connected or not: a permission that
nobody gave, a screen that went to sleep. Signs of life do not count: they cost nothing to send."""

OLD_AFTER_S: Final = 2 * 3600.0
"""Nobody is before the camera for so long; the coach ends a session after an hour of pictures."""


class State(StrEnum):
    """Where a session is; `Seat` tells how it goes from one to the next."""

    WAITING = "waiting"
    CONNECTED = "connected"
    LOST = "lost"
    LEFT = "left"
    CONCLUDING = "concluding"
    CONCLUDED = "concluded"
    ENDED = "ended"


FOLLOWED: Final = frozenset({State.CONNECTED, State.LOST, State.LEFT})
"""A socket has come, and nothing is worked out yet."""

OPEN: Final = FOLLOWED | {State.WAITING}


class Connection(Protocol):
    """A socket as a seat sees it."""

    def end(self, code: int) -> None:
        """Close it, from any thread, with a code of `protocol`."""


class Seat:
    """A session, who is connected to it, and what became of it. Safe to use from any thread.

    Times are monotonic seconds. The states, and what leads from one to another:

    | from                  | by                                 | to                                     |
    |-----------------------|------------------------------------|----------------------------------------|
    | (new)                 |                                    | WAITING: no socket has come yet        |
    | WAITING, LOST, LEFT   | connect                            | CONNECTED                              |
    | CONNECTED             | connect: another one takes over    | CONNECTED; the earlier socket is ended |
    | CONNECTED             | disconnect                         | LOST: it may come back                 |
    | CONNECTED             | disconnect with a goodbye          | LEFT: it may come back, but for less   |
    | WAITING to LEFT       | conclude; expire, what was lost    | CONCLUDING                             |
    | WAITING to LEFT       | expire, what nobody lost           | ENDED                                  |
    | CONCLUDING            | conclude: it has a job             | CONCLUDED                              |
    | CONCLUDING            | conclude: it fails                 | CONNECTED with a socket, else LOST     |
    | any                   | end                                | ENDED                                  |

    In CONCLUDING and CONCLUDED sockets come and go without a change of state: a page may not know yet. A socket
    that is not the present one changes nothing when it goes. ENDED stays.

    Attributes:
        session: the session.
    """

    def __init__(self, session: LiveSession) -> None:
        """For a session that has just begun."""
        self.session = session
        self._lock = threading.RLock()
        self._state = State.WAITING
        self._connection: Connection | None = None
        self._since_s: float | None = session.began_s  # since when no socket is there; None while one is
        self._owner_left = False
        self._followed = False
        self._job_id: str | None = None

    @property
    def state(self) -> State:
        """Where it is."""
        with self._lock:
            return self._state

    @property
    def connection(self) -> Connection | None:
        """The socket that is open; None while there is none."""
        with self._lock:
            return self._connection

    @property
    def job_id(self) -> str | None:
        """Of the work on its results; None until it is concluded."""
        with self._lock:
            return self._job_id

    @property
    def is_taken(self) -> bool:
        """Whether somebody is being followed, or may come back to be: a socket alone takes no place."""
        with self._lock:
            return self._state is State.CONCLUDING or (self._followed and self._state in FOLLOWED)

    def follow(self) -> None:
        """A picture is looked at: from here on it takes a place."""
        with self._lock:
            self._followed = True

    # --- sockets ---------------------------------------------------------------------------------

    def connect(self, connection: Connection) -> bool:
        """A socket has come; one that was there gives way. False where the session has ended."""
        with self._lock:
            if self._state is State.ENDED:
                return False
            earlier, self._connection, self._since_s = self._connection, connection, None
            if self._state in OPEN:
                self._state = State.CONNECTED
        if earlier is not None:
            earlier.end(TAKEN_OVER)
        return True

    def disconnect(self, connection: Connection, goodbye: bool, now_s: float) -> None:
        """A socket has gone; the session waits a while for the next one.

        Args:
            connection: which; another one may have taken over before.
            goodbye: whether its page said so, and was not cut off.
            now_s: the time.
        """
        with self._lock:
            if self._connection is not connection:
                return
            self._connection, self._since_s = None, now_s
            if self._state is State.CONNECTED:
                self._state = State.LEFT if goodbye else State.LOST

    # --- the owner -------------------------------------------------------------------------------

    def hold(self) -> None:
        """The browser session is there (again)."""
        with self._lock:
            self._owner_left = False

    def release(self) -> None:
        """The browser session has ended: nobody will ask for results."""
        with self._lock:
            self._owner_left = True

    @property
    def owner_left(self) -> bool:
        """Whether the browser session has ended, and has not come back."""
        with self._lock:
            return self._owner_left

    # --- the end ---------------------------------------------------------------------------------

    def conclude(self, work: Callable[[], str]) -> str | None:
        """Have its results worked out, once; on the session's thread, so that no two do it.

        Args:
            work: starts it, and gives the id of its job; what it raises is passed on, and the session may be
                concluded again.

        Returns:
            The id of the job, also where it was started before; None where the session has ended.
        """
        with self._lock:
            if self._job_id is not None or self._state is State.ENDED:
                return self._job_id
            self._state = State.CONCLUDING
        try:
            job_id = work()
        except BaseException:
            self._go_back()
            raise
        with self._lock:
            self._job_id = job_id
            if self._state is State.CONCLUDING:
                self._state = State.CONCLUDED
        return job_id

    def _go_back(self) -> None:
        """It could not be concluded."""
        with self._lock:
            if self._state is not State.CONCLUDING:
                return
            self._state = State.LOST if self._connection is None else State.CONNECTED
            if self._connection is None and self._since_s is None:
                self._since_s = self.session.last_used_s

    def expire(self, now_s: float) -> State | None:
        """Look whether nobody will come back; what somebody lost by mishap is to be concluded.

        Returns:
            CONCLUDING where that is to be done now, ENDED where the session ends, None where it stays as it is.
        """
        with self._lock:
            if self._state not in OPEN or not self._is_over(now_s):
                return None
            if self._is_worth_a_result:
                self._state = State.CONCLUDING
            else:
                self.end()
            return self._state

    def tell_concluded(self) -> None:
        """Send the page that is still connected to its results."""
        with self._lock:
            connection = self._connection if self._state is State.CONCLUDED else None
        if connection is not None:
            connection.end(CONCLUDED)

    def end(self) -> None:
        """End the session, whatever it is doing; its page is told."""
        with self._lock:
            if self._state is State.ENDED:
                return
            self._state = State.ENDED
            connection, self._connection = self._connection, None
        self.session.close()
        if connection is not None:
            connection.end(NO_SUCH_SESSION)

    def _is_over(self, now_s: float) -> bool:
        """Whether nobody will come back to it."""
        idle = now_s - self.session.last_used_s > IDLE_AFTER_S or now_s - self.session.began_s > OLD_AFTER_S
        if idle or self._since_s is None:
            return idle
        grace_s = LEFT_AFTER_S if self._state is State.LEFT else GONE_AFTER_S
        return now_s - max(self._since_s, self.session.last_used_s) > grace_s  # a recording may arrive without a socket

    @property
    def _is_worth_a_result(self) -> bool:
        """Whether what was seen is judged although nobody finished it: they did not mean to leave.

        A browser that crashed has left, too; what it lost is judged where it is written down.
        """
        for_nobody = self._owner_left and self.session.diary is None
        left = self._state is State.LEFT or for_nobody
        return self.session.has_frames and not self.session.over and not left
