"""Looking back without a browser: what is remembered and what is worked out anew, what is kept, the days as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from weeks import RULES, bend_session, history, moment

from benchmarks.somebody import Somebody
from checker.care import weekly
from checker.care.adherence import DayDone, DayState
from checker.care.rules import load_rules
from checker.care.steadiness import repeat_from, waits_for_repeat
from checker.library.files import EXERCISES_DIR
from checker.service import everybody, remembering
from checker.service import weeks as service
from checker.service.weeks import WeeklyTold, Weeks
from checker.store import StoreError, open_store
from checker.ui import dots
from checker.words.countries import COUNTRIES

TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def ana(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Weeks]:
    """Somebody with eight days behind them, whose weekly look is due."""
    monkeypatch.setattr(service, "local_zone", lambda: "UTC")
    with open_store(f"sqlite:///{tmp_path / 'people.db'}") as store:
        for asking in (service, everybody):
            monkeypatch.setattr(asking, "store", lambda: store)
        somebody = Somebody(24, TODAY, asked_days_ago=7)
        somebody.keep(store)
        remembering.forget()
        yield Weeks(somebody.person.id, lambda: NOW)


# --- what is remembered ---------------------------------------------------------------------------


def test_what_holds_is_worked_out_once_until_something_is_written(ana: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    decide = remembering.decide
    monkeypatch.setattr(remembering, "decide", lambda *a: asked.append(a) or decide(*a))
    first = ana.decision
    again = Weeks(ana.person.id, lambda: NOW)
    assert again.decision == first  # what was kept of it is in the history now: once more, and never again
    count = len(asked)
    for _ in range(3):
        assert Weeks(ana.person.id, lambda: NOW).decision == first
    assert len(asked) == count
    again.check_in("daily", pain=9)
    assert again.decision != first
    assert len(asked) > count


def test_another_day_is_another_decision(ana: Weeks) -> None:
    assert ana.decision.date == TODAY
    assert Weeks(ana.person.id, lambda: NOW + timedelta(days=1)).decision.date == TODAY + timedelta(days=1)


def test_a_changed_file_of_a_movement_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKCHECK_EXERCISES", str(tmp_path))
    fingerprint, shipped = remembering.movements()
    assert remembering.movements() == (fingerprint, shipped)
    text = (EXERCISES_DIR / "walking.toml").read_text(encoding="utf-8")
    name = shipped["walking"].name
    (tmp_path / "walking.toml").write_text(text.replace(f'name = "{name}"', 'name = "A stroll"'), encoding="utf-8")
    changed, now = remembering.movements()
    assert now["walking"].name == "A stroll"
    assert changed != fingerprint


def test_the_progress_of_a_test_is_the_same_object_while_nothing_changes(ana: Weeks) -> None:
    assert ana.measured[0] in ana.exercises
    found = ana.progress(ana.measured[0])
    assert Weeks(ana.person.id, lambda: NOW).progress(ana.measured[0]) is found
    with pytest.raises(KeyError):
        ana.progress("nothing_of_the_kind")


# --- what is kept ---------------------------------------------------------------------------------


def test_a_weekly_look_is_kept_whole(ana: Weeks) -> None:
    before = len(ana.history.ladder)
    assert weekly.is_due(ana.history, TODAY, load_rules())
    ana.keep_weekly(WeeklyTold({1: 0, 2: 5, 3: None}, {"digging": 4}, overall=-1, pain=3))
    told = ana.history
    assert [a.difficulty for a in told.ladder[before:]] == [0, 5, None]
    assert told.activities[-1].difficulty == 4
    assert (told.outcomes[-1].instrument, told.outcomes[-1].score) == (weekly.OVERALL, -1.0)
    assert told.check_ins[-1].pain == 3
    assert weekly.last_done(told) == TODAY
    assert not weekly.is_due(told, TODAY, load_rules())


def test_a_wrong_answer_keeps_nothing_of_it(ana: Weeks) -> None:
    before = ana.history
    with pytest.raises(ValueError, match="difficulty"):
        ana.keep_weekly(WeeklyTold({1: 11}, {"digging": 4}, overall=0, pain=None))
    assert Weeks(ana.person.id, lambda: NOW).history == before


def test_everything_goes_out_is_deleted_and_comes_back(ana: Weeks, tmp_path: Path) -> None:
    was = ana.history
    ana.export(tmp_path / "ana.zip")
    with pytest.raises(StoreError, match="there already"):
        ana.export(tmp_path / "ana.zip")
    assert ana.delete() == []
    assert everybody.people() == ()
    assert everybody.bring_in(tmp_path / "ana.zip", "ana.zip") == was.person
    assert Weeks(was.person.id, lambda: NOW).history == was


def test_a_name_is_taken_once(ana: Weeks) -> None:
    assert everybody.check_name("Bo") == "Bo"
    for wrong in ("ANA", "", "x" * (everybody.LONGEST_NAME + 1)):
        with pytest.raises(ValueError, match=r"name|here already"):
            everybody.check_name(wrong)


# --- twice ----------------------------------------------------------------------------------------


def test_a_second_measure_has_its_time() -> None:
    first = bend_session(0, 20, 30, ended_at=moment(0, 8.05))
    ended = moment(0, 8.05)
    of = history([first])
    assert waits_for_repeat(of, "standing_side_bend", ended + timedelta(minutes=20), RULES) == first
    assert waits_for_repeat(of, "standing_side_bend", ended + timedelta(minutes=21), RULES) is None
    assert waits_for_repeat(of, "standing_hip_hinge", ended, RULES) is None
    assert repeat_from(first, RULES) == ended + timedelta(minutes=5)
    again = bend_session(0, 21, 30, hour=8.2, ended_at=moment(0, 8.25), repeat_of=first.id)
    assert waits_for_repeat(history([first, again]), "standing_side_bend", moment(0, 8.3), RULES) is None
    with pytest.raises(ValueError, match="has ended"):
        repeat_from(bend_session(0, 20), RULES)


# --- words and dots -------------------------------------------------------------------------------


def days(*states: DayState) -> list[DayDone]:
    """From Wednesday, 4 November 2026 on."""
    return [DayDone(date(2026, 11, 4) + timedelta(days=n), state, ()) for n, state in enumerate(states)]


def test_the_days_are_a_table_of_weeks_that_says_everything_in_words() -> None:
    table = dots.calendar(days("done", "partly", "none", "open", "free", "done"), date(2026, 11, 9))
    assert table.count("<tr>") == 1 + 2  # the head, and two weeks
    assert '<th scope="row">2 Nov</th><td></td><td></td><td title="4 November: all of the plan">' in table
    assert "6 November: no plan" in table
    assert table.count("<td") == 14
    assert dots.calendar([], date(2026, 11, 9)) == ""


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("done", "partly", "none"), "You did something on 2 days, all of the plan on 1. Days without a plan: 1."),
        (("free",), "You did something on 1 day. Days without a plan: 1."),
        (("open", "none"), "It begins with your next movement."),
    ],
)
def test_the_days_in_a_sentence_scold_nobody(states: tuple[DayState, ...], words: str) -> None:
    assert dots.days_words(days(*states)) == words


def test_each_country_with_a_number_has_a_name() -> None:
    assert set(COUNTRIES) == set(load_rules().safety.emergency.numbers)
    assert list(COUNTRIES.values()) == sorted(COUNTRIES.values())
