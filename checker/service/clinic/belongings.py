"""Whose is what: page sessions, jobs, live sessions and files, each by a name that the server made.

A name that is not known here is nobody's, and nobody reaches it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

MOST: Final = 200_000
"""Names that are remembered, a few hundred bytes each; the oldest give way."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An account, and the person whose weeks it looked at."""

    account_id: UUID
    person_id: UUID | None


class Belongings:
    """Safe to use from any thread."""

    def __init__(self) -> None:
        """Nothing belongs to anybody yet."""
        self._owners: OrderedDict[str, dict[UUID, Owner]] = OrderedDict()
        self._lock = threading.Lock()

    def give(self, name: str, owner: Owner) -> bool:
        """Say whose something is; False where it is another account's already, and stays so."""
        with self._lock:
            if self._owners.get(name, {}).keys() - {owner.account_id}:
                return False
            self._keep(name, owner)
        return True

    def share(self, name: str, owner: Owner) -> None:
        """Say that something is also an account's: the same picture may stand on many pages."""
        with self._lock:
            self._keep(name, owner)

    def owners(self, name: str) -> tuple[Owner, ...]:
        """Whose it is; empty where it is nobody's."""
        with self._lock:
            return tuple(self._owners.get(name, {}).values())

    def of_account(self, names: Iterable[str], account_id: UUID) -> Owner | None:
        """The owner of one of these names that is of an account; None where none is."""
        found = (owner for name in names for owner in self.owners(name))
        return next((owner for owner in found if owner.account_id == account_id), None)

    def _keep(self, name: str, owner: Owner) -> None:
        self._owners.setdefault(name, {})[owner.account_id] = owner
        self._owners.move_to_end(name)
        if len(self._owners) > MOST:
            self._owners.popitem(last=False)
