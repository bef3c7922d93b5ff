"""The physio's desk: everybody on this computer, who needs a look first, and what was seen.

What was worked out for a person is found again while nothing of that person has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from checker.care.records import Event
from checker.care.worklist import ranked
from checker.care.worklist_case import Reason
from checker.care.worklist_findings import LOOK_BACK_DAYS
from checker.care.worklist_rules import load_worklist_rules
from checker.care.worklist_seen import SEEN, UNSEEN, covers
from checker.service import remembering
from checker.service.remembering import DeskLine, KnownLately
from checker.service.weeks import local_zone, moment, store, today_here
from checker.store import StoreError

SPARE_DAYS: Final = 2
"""Days of other time zones, on top of those that the rules look back."""


def lines(today: date | None = None) -> list[DeskLine]:
    """Everybody, who needs a look first: by the tier, then by how long it has held, then by name.

    Args:
        today: the local day; this computer's unless given.

    Raises:
        checker.store.StoreError: the store cannot be read.
    """
    today = today or today_here()
    of_movements, exercises = remembering.movements()
    back = LOOK_BACK_DAYS + load_worklist_rules().few_days.days + SPARE_DAYS
    found = []
    for lately in store().lately(today - timedelta(days=back)):
        of = KnownLately(lately.fingerprint, of_movements, today, lately, exercises)
        found.append(remembering.desk_line(of))
    found.sort(key=lambda line: line.person.name.casefold())
    return [line for line, _ in ranked((line, line.attention) for line in found)]


def prepare() -> None:
    """Have the list worked out, at the end of a page that is read before."""
    with suppress(StoreError):  # the desk says so
        lines()


def mark_seen(person_id: UUID, reasons: Iterable[Reason], note: str = "") -> UUID:
    """Keep that somebody has looked at a person, and what there was to be seen; return the id of the mark.

    Raises:
        checker.store.StoreError: nobody has this id, or it cannot be written.
    """
    return _keep(Event(**_head(person_id), kind=SEEN, who="physio", reason=note, data=covers(reasons)))


def take_back(person_id: UUID, mark: UUID) -> None:
    """Keep that a mark does not hold: the line is as it was before.

    Raises:
        checker.store.StoreError: nobody has this id, or it cannot be written.
    """
    _keep(Event(**_head(person_id), kind=UNSEEN, who="physio", data={"of": str(mark)}))


def _head(person_id: UUID) -> dict[str, Any]:
    return {"id": uuid4(), "person_id": person_id, "at": moment(), "zone": local_zone()}


def _keep(event: Event) -> UUID:
    store().add(event)
    return event.id
