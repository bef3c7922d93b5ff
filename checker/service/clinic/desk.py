"""The desk of a clinic: lets somebody in after their login, and writes down who looked at what."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from checker.service.clinic.belongings import Belongings, Owner
from checker.service.clinic.logins import Login, Logins
from checker.service.clinic.settings import ClinicSettings, verified_email
from checker.service.weeks import store
from checker.store.accounts import Account
from checker.store.audit import Action, Entry

LONGEST_SUBJECT: Final = 255
"""OpenID Connect Core 1.0, section 2: `sub` has at most so many letters."""


MOST_NOTED: Final = 100_000
"""Of what is noted once a login, so many things are remembered."""


class NotLetInError(Exception):
    """Somebody was signed in elsewhere and is not let in here; the text is meant for them."""


class Desk:
    """One for a server.

    Attributes:
        settings: of the clinic.
        logins: who is signed in.
        belongings: whose is what.
    """

    def __init__(self, settings: ClinicSettings, logins: Logins | None = None) -> None:
        """Nobody is signed in yet."""
        self.settings = settings
        self.logins = logins or Logins(settings.idle_minutes * 60.0)
        self.belongings = Belongings()
        self._noted: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._lock = threading.Lock()

    def let_in(self, claims: Mapping[str, Any]) -> tuple[str, Login]:
        """Sign somebody in: what their browser carries from now on, and the login.

        Args:
            claims: what the provider says of them, already checked: its signature, audience, nonce and time.

        Raises:
            NotLetInError: they are neither patient nor physio here.
            checker.store.StoreError: it cannot be written down.
        """
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not isinstance(issuer, str) or issuer.rstrip("/") != self.settings.issuer:
            raise NotLetInError("The login came from another provider than this clinic's. Please sign in again.")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise NotLetInError("The provider did not say who you are. Please sign in again.")
        role = self.settings.roles.of(claims)
        if role is None:
            raise NotLetInError(
                "You are signed in with your provider, and this clinic does not know you yet. Ask your physio."
            )
        name = claims.get("name")
        account = store().sign_in(
            self.settings.issuer, subject, role, name=name if isinstance(name, str) else "",
            email=verified_email(claims), at=datetime.now(UTC),
        )  # fmt: skip
        carried, login = self.logins.begin(account)
        self.note(account, "signed in", "", account.person_id)
        return carried, login

    def leave(self, carried: str) -> None:
        """A browser signs out."""
        login = self.logins.end(carried)
        if login is not None:
            self.note(login.account, "signed out", "")

    def note(self, account: Account, action: Action, what: str, person_id: UUID | None = None) -> None:
        """Write down who did what.

        Raises:
            checker.store.StoreError: it cannot be written: then it must not be done.
        """
        store().add_to_audit(Entry(datetime.now(UTC), account.id, account.role, action, what, person_id))

    def note_some(self, login: Login, action: Action, what: str, person_id: UUID | None, *, most: int = 1) -> None:
        """Write something down that a browser may do again and again: so many times for each login.

        Raises:
            checker.store.StoreError: it cannot be written: then it must not be done.
        """
        with self._lock:
            times = self._noted.pop((login.handle, what), 0)
            self._noted[login.handle, what] = min(times + 1, most)
            if len(self._noted) > MOST_NOTED:
                self._noted.popitem(last=False)
        if times < most:
            self.note(login.account, action, what, person_id)

    def owner(self, names: Iterable[str], login: Login) -> Owner | None:
        """The owner of one of these names, where it is the login's own account; None where none is."""
        return self.belongings.of_account(names, login.account.id)


_open: Final[list[Desk]] = []


def open_desk(desk: Desk | None) -> None:
    """Say which desk this server has; None: it is no clinic's."""
    _open[:] = [] if desk is None else [desk]


def desk() -> Desk | None:
    """The one of this server; None where it is no clinic's."""
    return _open[0] if _open else None
