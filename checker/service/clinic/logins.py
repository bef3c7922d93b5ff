"""Who is signed in: kept in the server's memory alone, so that a login can be ended at any time."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from checker.store.accounts import Account

LASTS_S: Final = 12 * 3600.0
"""However much is done, one signs in again after that (OWASP ASVS 4.0.3, 3.3.2)."""

MOST_LOGINS: Final = 2_000
"""At a time; the one that came first gives way."""


@dataclass(frozen=True, slots=True)
class Login:
    """One browser of somebody who has signed in.

    Attributes:
        handle: names the login within the server and to its own page; it opens nothing.
        account: whose.
    """

    handle: str
    account: Account


@dataclass(slots=True)
class _Kept:
    login: Login
    until_s: float
    idle_until_s: float


class Logins:
    """Safe to use from any thread.

    Args:
        idle_s: how long a login lasts in which nothing is done.
        now_s: monotonic time, seconds.
    """

    def __init__(self, idle_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        """Nobody is signed in; see the class."""
        self._idle_s, self._now_s = idle_s, now_s
        self._kept: OrderedDict[str, _Kept] = OrderedDict()  # by the fingerprint of what a browser carries
        self._lock = threading.Lock()

    def begin(self, account: Account) -> tuple[str, Login]:
        """Somebody has signed in: what their browser carries from now on, 256 random bits, and the login."""
        carried, login = secrets.token_urlsafe(32), Login(secrets.token_urlsafe(16), account)
        now_s = self._now_s()
        with self._lock:
            self._kept[_fingerprint(carried)] = _Kept(login, now_s + LASTS_S, now_s + self._idle_s)
            if len(self._kept) > MOST_LOGINS:
                self._kept.popitem(last=False)
        return carried, login

    def find(self, carried: str, *, active: bool = False) -> Login | None:
        """The login of a browser; None where there is none, or its time is over.

        Args:
            carried: what the browser has.
            active: whether the person has just done something, so that the idle time begins anew.
        """
        now_s, fingerprint = self._now_s(), _fingerprint(carried)
        with self._lock:
            kept = self._kept.get(fingerprint)
            if kept is None or now_s >= min(kept.until_s, kept.idle_until_s):
                self._kept.pop(fingerprint, None)
                return None
            if active:
                kept.idle_until_s = now_s + self._idle_s
            return kept.login

    def of(self, handle: str) -> Login | None:
        """The login that has this name; None where there is none, or its time is over."""
        now_s = self._now_s()
        with self._lock:
            alive = (k for k in self._kept.values() if now_s < min(k.until_s, k.idle_until_s))
            return next((k.login for k in alive if k.login.handle == handle), None)

    def end(self, carried: str) -> Login | None:
        """A browser is signed in no more; its login, where there was one."""
        with self._lock:
            kept = self._kept.pop(_fingerprint(carried), None)
        return None if kept is None else kept.login

    def end_all_of(self, person_id: UUID) -> None:
        """No browser of whoever has these weeks is signed in any more."""
        with self._lock:
            for fingerprint in [f for f, k in self._kept.items() if k.login.account.person_id == person_id]:
                del self._kept[fingerprint]


def _fingerprint(carried: str) -> str:
    return hashlib.sha256(carried.encode()).hexdigest()
