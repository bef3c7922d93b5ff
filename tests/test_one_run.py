"""One run of a page reads a person's history from the store once; the next run, and the next person, read their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from seeded_people import Seeded
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from checker.care.records import History
from checker.service.weeks import Weeks
from checker.store import Store
from checker.ui.app import PAGES

RUN_S = 60.0


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    with Seeded(tmp_path) as seeded:
        yield seeded


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Whose history was read, each time that one is."""
    whose: list[UUID] = []
    read = Store.history

    def history(store: Store, person_id: UUID) -> History:
        whose.append(person_id)
        return read(store, person_id)

    monkeypatch.setattr(Store, "history", history)
    return whose


def opened(path: str = "", movement: str = "") -> AppTest:
    """The app at one of its pages, run once."""
    at = AppTest.from_file(str(PAGES), default_timeout=RUN_S)
    at.query_params["movement"] = movement
    at._page_hash = calc_hash(path)  # it leads by itself only to pages that are files
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("path", "movement", "shown"),
    [
        *(("", "", "Begin"), ("timer", "walking", "1. Before"), ("camera", "", "1. Which movement?")),
        *(("review", "", "2. The video"), ("progress", "", "Your days"), ("data", "", "Delete everything of you")),
    ],
)
def test_a_run_reads_once_whatever_asks(
    seeded: Seeded, reads: list[UUID], path: str, movement: str, shown: str
) -> None:
    person = seeded.somebody("Planned")
    at = opened(path, movement)  # what was decided is written down
    assert shown in [button.label for button in at.button] + [heading.value for heading in at.header]
    for _ in range(2):
        reads.clear()
        at.run()
        assert reads == [person]


def test_the_next_run_sees_what_was_written_meanwhile(seeded: Seeded) -> None:
    person = seeded.somebody("Planned")
    at = opened()
    Weeks(person).change_person(name="Anna")
    at.run()
    assert any(text.value == "Anna" for text in at.markdown)


def test_another_person_is_read_anew(seeded: Seeded, reads: list[UUID]) -> None:
    one, other = seeded.somebody("One"), seeded.somebody("Other")
    reads.clear()
    at = opened()
    assert reads == []
    at.button(key=f"person-{one}").click().run()
    assert set(reads) == {one}
    reads.clear()
    next(b for b in at.button if b.label == "Somebody else").click().run()
    at.button(key=f"person-{other}").click().run()
    assert set(reads) == {other}
    assert any(text.value == "Other" for text in at.markdown)
