"""Random people: what must never be decided for them is not, and the count would see it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from care_people import Diary, library, rules

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import histories

from checker.care import programme


def test_nothing_of_it_happens_in_random_histories() -> None:
    wrong, seen = histories.count(300, 20_261_127, rules(), library())
    assert not wrong
    assert seen["days"] > 2000
    assert {"NEW", "SCREENED", "ACTIVE", "FLARE", "PAUSED", "BLOCKED"} <= seen.keys()
    assert {f"phase {n}" for n in (1, 2, 3, 4, 8, 9)} <= seen.keys()


def test_the_same_seed_gives_the_same_people() -> None:
    first = [decision for _, decision in histories.days_of(5, rules(), library())]
    assert first == [decision for _, decision in histories.days_of(5, rules(), library())]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": ""}, "a decision without reason or rule"),
        ({"rule": ""}, "a decision without reason or rule"),
        ({"visible": 9}, "phase 9 or 10 without a physio"),
        ({"reason": "You are healed."}, "says 'healed'"),
        ({"state": "BLOCKED"}, "blocked without an open question, or the other way round"),
        ({"at_hand": ["full_sit_up"]}, "a movement to be avoided is planned"),
        ({"at_hand": ["foam_roller"]}, "a movement barred by the profile is planned"),
    ],
)
def test_a_wrong_decision_is_counted(change: dict[str, Any], told: str) -> None:
    diary = Diary()
    diary.begin({7: 5}, 2, onset=-10, conditions={"osteoporosis"})
    right = programme.decide(diary.history, diary.at(0).date(), rules(), library())
    assert histories.wrongs(diary.history, right, rules(), library()) == []
    wrong = right.model_copy(update=change)
    found = histories.wrongs(diary.history, wrong, rules(), library())
    assert told in found
    assert "not the same twice" in found


def test_an_exception_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(histories, "decide", fails)
    assert dict(histories.count(3, 1, rules(), library())[0]) == {"an exception: ZeroDivisionError": 3}
