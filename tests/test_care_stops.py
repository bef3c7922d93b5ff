"""Stop rules that are told by one press: what is kept, and what it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from care_people import Diary as Days
from care_people import rules

from checker.care.questions import open_questions
from checker.care.records import Person, Session, StopReason
from checker.care.stops import PASSED, STOPPED, calms_while_dizzy, is_dizzy, stop_records, stop_text
from checker.library import find_exercise, list_exercises
from checker.pose.bundle import ModelFile
from checker.service.diary import Diary
from checker.service.live.protocol import MessageError, Stopped, UnfitError, read_text
from checker.service.live.session import LiveSession
from checker.store import Store, open_store

SIDE_BEND = find_exercise("standing_side_bend")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHO = Person(id=uuid4(), name="Anna", created_at=NOON)


def test_each_has_a_label_and_says_what_to_do() -> None:
    said = rules().pain.moving.said
    assert set(said) == {"leg", "dizzy"}
    assert "stop" in stop_text("leg", rules()).lower()
    assert stop_text("dizzy", rules()) == rules().pain.moving.dizzy


def test_the_leg_opens_a_question_that_pauses_the_exercises() -> None:
    days = Days()
    days.begin({3: 5}, 3)
    assert days.decide(0).blocks == "nothing"
    event, check_in = stop_records("leg", days.person.id, days.at(0, 11), "UTC", rules())
    days.add("events", event)
    days.add("check_ins", check_in)
    decision = days.decide(0)
    assert decision.blocks == "exercises"
    assert [o.question for o in open_questions(days.history, rules())] == ["new_leg_symptoms"]
    assert (event.kind, event.data["why"]) == (STOPPED, "leg")
    days.release("new_leg_symptoms", 1)
    assert days.decide(1).blocks == "nothing"


def test_the_leg_is_no_answer_to_how_the_back_is_today() -> None:
    _, check_in = stop_records("leg", WHO.id, NOON, "UTC", rules())
    assert (check_in.kind, check_in.pain) == ("before", None)


def test_dizziness_stands_until_it_has_passed_and_not_the_next_day() -> None:
    days = Days()
    assert not is_dizzy(days.history, days.at(0).date())
    days.add("events", stop_records("dizzy", days.person.id, days.at(0, 9), "UTC", rules())[0])
    assert is_dizzy(days.history, days.at(0).date())
    assert not is_dizzy(days.history, days.at(1).date())
    days.event(PASSED, 0, 10, who="person")
    assert not is_dizzy(days.history, days.at(0).date())
    days.add("events", stop_records("leg", days.person.id, days.at(0, 11), "UTC", rules())[0])
    assert not is_dizzy(days.history, days.at(0).date())


# --- while moving -------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'people.db'}") as opened:
        opened.add_person(WHO)
        yield opened


@pytest.mark.parametrize(("why", "check_ins"), [("leg", 1), ("dizzy", 0)])
def test_a_press_during_a_session_is_kept_at_once_and_ends_it(store: Store, why: StopReason, check_ins: int) -> None:
    session = LiveSession("owner", SIDE_BEND, ModelFile("none", Path("none"), "", "cache"))  # never opened
    kept = Session(id=uuid4(), person_id=WHO.id, at=NOON, exercise=SIDE_BEND.id, how="live")
    session.diary = Diary(store, kept, SIDE_BEND, "sha256:0", lambda: NOON + timedelta(minutes=1))
    for _ in range(2):  # told again over a new connection
        assert session.tell_stop(why) == {"type": "stopped", "why": why}
    history = store.history(WHO.id)
    assert [e.data for e in history.events] == [{"why": why, "session_id": str(kept.id)}]
    assert [(c.new_leg_symptoms, c.session_id) for c in history.check_ins] == [(True, kept.id)] * check_ins
    finished = session.finish()
    assert finished.stopped == session.why_stopped == stop_text(why, rules())
    with pytest.raises(UnfitError):
        session.tell_stop(why)
    session.close()


def test_the_page_tells_it_by_a_message() -> None:
    assert read_text('{"type": "stopped", "why": "dizzy"}') == Stopped(type="stopped", why="dizzy")
    with pytest.raises(MessageError):
        read_text('{"type": "stopped", "why": "bored"}')


def test_who_is_dizzy_does_nothing_standing_and_no_paced_breathing() -> None:
    found = {e.id for e in list_exercises() if calms_while_dizzy(e)}
    assert found == {"ice_heat", "self_massage"}
    assert {e.id for e in list_exercises() if e.load == "calm"} - found == {
        "breathing",  # dizziness leaves it out
        "walking",
        "tennis_ball_release",
    }
