"""What a session is remembered by, when its pain settled, and what was told no more exactly than it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from care_people import Diary, library, rules, value
from weeks import bend_session, degrees, history

from checker.care.records import SideRange
from checker.care.remembered import followed_over_time, remembered
from checker.care.settling import waits_for_settling
from checker.care.severity import began_words, chosen_difficulty, first_phase, severity
from checker.service import everybody
from checker.service import weeks as service
from checker.service.weeks import Weeks
from checker.ui.today.beginning import SINCE
from checker.ui.today.plan import last_time

SIDE_BEND = library()["standing_side_bend"]
MEASURES = {"trunk_lateral_flexion/left": degrees(31.0), "trunk_lateral_flexion/right": degrees(33.0)}


def test_a_test_to_the_first_pain_is_remembered_by_that_and_by_nothing_else() -> None:
    session = bend_session(0, 20, None, furthest=33, measures=MEASURES)
    assert remembered(session, SIDE_BEND, "left") == degrees(20)
    assert remembered(session, SIDE_BEND, "right") is None
    assert last_time(session, SIDE_BEND) == "Last time: left 20°"


def test_another_session_is_remembered_by_its_main_measure() -> None:
    session = bend_session(0, measures=MEASURES, ranges=[])
    assert remembered(session, SIDE_BEND, "right") == degrees(33)
    assert last_time(session, SIDE_BEND) == "Last time: left 31°, right 33°"
    assert last_time(None, SIDE_BEND) == ""


def test_the_first_pain_is_followed_once_it_was_measured() -> None:
    plain, missed = bend_session(0, measures=MEASURES, ranges=[]), bend_session(1, None, None)
    assert followed_over_time(history([plain, missed]), SIDE_BEND.id) == "measure"
    assert followed_over_time(history([plain, bend_session(1, 20)]), SIDE_BEND.id) == "first"


# --- settling -------------------------------------------------------------------------------------


def test_only_pain_that_rose_is_asked_about_the_next_day() -> None:
    days = Diary()
    days.check_in(3, 0, 8)
    session = days.session("bridge", 0, 9)
    days.check_in(3, 0, 9.5, "after", session_id=session.id)
    today, tomorrow = days.at(0).date(), days.at(1).date()
    assert waits_for_settling(days.history, tomorrow) is None
    days.check_in(5, 0, 10, "after", session_id=session.id)
    assert waits_for_settling(days.history, today) is None
    assert waits_for_settling(days.history, tomorrow) == session
    days.check_in(3, 1, 8, "next_day", session_id=session.id, settled="same_day")
    assert waits_for_settling(days.history, tomorrow) is None


# --- as it was told -------------------------------------------------------------------------------


def test_what_was_chosen_as_hard_is_counted_with_the_middle_and_no_figure_is_told() -> None:
    assert chosen_difficulty(rules(), is_hard=True) == 7  # of 4 to 10
    assert chosen_difficulty(rules(), is_hard=False) == 1  # of 0 to 3
    days = Diary()
    days.begin({}, 3)
    chosen = days.records["ladder"][1].model_copy(update={"difficulty": 7, "told": "hard"})
    days.records["ladder"][1] = chosen
    found = severity(days.history, days.at(0).date(), rules())
    assert found.limit_rung == 2
    assert found.difficulty is None
    assert found.reason == "dressing is hard"


def test_when_it_began_is_said_as_it_was_told() -> None:
    days = Diary()
    days.begin({3: 5}, 3, onset=-4)
    assert began_words(days.history, days.at(0).date()) == "began 4 days ago"
    told = days.records["episodes"][0].model_copy(update={"onset_told": "this week"})
    days.records["episodes"][0] = told
    _, reason = first_phase(days.history, days.at(0).date(), rules())
    assert "and it began this week." in reason
    assert began_words(days.history, days.at(3).date()) == "began about 7 days ago"
    assert began_words(Diary().history, days.at(0).date()) == ""


@pytest.mark.parametrize(
    ("choice", "middle"), [("Today or yesterday", 0), ("This week", 4), ("This month", 18), ("Longer", 62)]
)
def test_a_time_is_counted_with_its_middle(choice: str, middle: int) -> None:
    since = SINCE[choice]
    assert since is not None
    assert since.middle_days == middle


@pytest.fixture
def anna(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Weeks]:
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    service.store.cache_clear()
    yield Weeks(everybody.add_person("Anna").id)
    service.store().close()
    service.store.cache_clear()


def test_it_is_kept_as_it_was_told(anna: Weeks) -> None:
    anna.choose_hard({3})
    assert [(a.rung, a.difficulty, a.told) for a in anna.history.ladder if a.difficulty is not None] == [(3, 7, "hard")]
    anna.choose_hard(set())
    assert {(a.difficulty, a.told) for a in anna.history.ladder[-9:]} == {(1, "not_hard")}
    since = anna.today - timedelta(days=6)
    anna.tell_episode(onset=anna.today - timedelta(days=4), onset_from=since, onset_told="this week")
    episode = anna.history.episode
    assert episode is not None
    assert (episode.onset_from, episode.onset_told) == (since, "this week")


def test_a_range_without_a_first_value_says_so() -> None:
    session = bend_session(0, ranges=[SideRange(side="left", furthest=value(12.0))], measures=MEASURES)
    assert remembered(session, SIDE_BEND, "left") is None
