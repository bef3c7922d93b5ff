"""People who are in the store of a server before it runs, each at a step of their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import pytest

from checker.care.records import Answer
from checker.care.rules import load_rules
from checker.service import everybody, remembering
from checker.service import weeks as service
from checker.service.weeks import Weeks


class Seeded:
    """Writes people into the store of a server that does not run yet; a context manager."""

    def __init__(self, folder: Path) -> None:
        """In the folder of a server (`app_server`)."""
        self._patch = pytest.MonkeyPatch()
        self._patch.setenv("BACKCHECK_PEOPLE", str(folder / "people"))

    def __enter__(self) -> Self:
        service.store.cache_clear()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        service.store().close()
        service.store.cache_clear()
        remembering.forget()
        self._patch.undo()

    def somebody(
        self, name: str, days_ago: int = 0, told: dict[str, Answer] | None = None, *, asked: bool = True,
        begun: bool = True,
    ) -> UUID:  # fmt: skip
        """Somebody whom sitting hurts, with pain of 2.

        Args:
            name: by which they are chosen.
            days_ago: when all of it was told.
            told: answers to safety questions; the others do not fit.
            asked: whether they have answered the questions at all.
            begun: whether they have said where they stand.
        """
        weeks = Weeks(everybody.add_person(name).id, now=lambda: datetime.now(UTC) - timedelta(days=days_ago))
        if asked:
            of_list = {q.id: "no" for q in load_rules().safety.questions if q.asked}
            weeks.answer_questions(of_list | (told or {}), "first")
        if begun:
            weeks.tell_profile(floor="yes")
            weeks.tell_episode(onset=weeks.today - timedelta(days=5))
            weeks.rate_ladder({rung: 6 if rung == 3 else 0 for rung in range(1, 10)})
            weeks.check_in("daily", pain=2)
        assert weeks.decision
        return weeks.person.id

    def released(self, person_id: UUID, question: str) -> None:
        """A clinician has answered a question of theirs."""
        weeks = Weeks(person_id)
        weeks.release(question, "Dr. Lee", weeks.today)
        assert weeks.decision
