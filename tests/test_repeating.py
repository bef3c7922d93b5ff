"""The second measure of a pair: it is the next measured session, in time, done in the same way, and no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from seeded_people import Seeded
from weeks import bend_session

from checker.care.records import Session
from checker.service.weeks import Weeks, store
from checker.ui import repeating

BEND = "standing_side_bend"


def kept(weeks: Weeks, minutes_ago: float, **more: Any) -> Session:
    """A session that ended so long ago."""
    ended = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    made = bend_session(0, 20, 22, **more)
    ours = {"person_id": weeks.person.id, "at": ended - timedelta(minutes=2), "ended_at": ended}
    session = made.model_copy(update=ours)
    store().write_session(session)
    return session


def test_the_mark_stays_until_something_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating.st, "session_state", {})
    with Seeded(tmp_path) as people:
        who = people.somebody("Anna")
        first = kept(Weeks(who), 7)
        assert repeating.repeats(Weeks(who), BEND, to_first_pain=True) is None, "nobody has asked for it"
        repeating.ask(first.id)
        for _ in range(2):  # a camera that was not found is no second measure
            assert repeating.repeats(Weeks(who), BEND, to_first_pain=True) == first.id
        assert repeating.repeats(Weeks(who), BEND, to_first_pain=False) is None, "another way of doing it"
        assert repeating.repeats(Weeks(who), "sit_to_stand", to_first_pain=True) is None
        kept(Weeks(who), 0, hour=9.0, repeat_of=first.id)
        assert repeating.repeats(Weeks(who), BEND, to_first_pain=True) is None, "it is measured"


def test_what_comes_too_late_is_a_session_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating.st, "session_state", {})
    with Seeded(tmp_path) as people:
        who = people.somebody("Anna")
        repeating.ask(kept(Weeks(who), 25).id)
        assert repeating.repeats(Weeks(who), BEND, to_first_pain=True) is None
