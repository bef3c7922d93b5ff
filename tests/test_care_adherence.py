"""What was planned and what was done of it, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest
from weeks import FIRST_DAY, WHO, bend_session, history, moment

from checker.care.adherence import days_done, share_done
from checker.care.records import Amount, Event, History, PlanItem, Session
from checker.care.rules import load_rules

RULES = load_rules()
DAY = FIRST_DAY.date()
EIGHT = Amount(repetitions=8)


def item(day: int, exercise: str = "bridge", amount: Amount = EIGHT, hour: float = 7.0) -> PlanItem:
    own = uuid5(WHO, f"plan {day} {exercise} {hour}")
    for_day = DAY + timedelta(days=day)
    head: dict[str, Any] = {"id": own, "person_id": WHO, "at": moment(day, hour)}
    return PlanItem(**head, for_day=for_day, exercise=exercise, amount=amount, rule="r", reason="")


def did(day: float, exercise: str = "bridge", hour: float = 8.0, **amount: Any) -> Session:
    more: dict[str, Any] = {"ended_at": moment(day, hour + 0.1), "ranges": [], "amount": Amount(**amount)}
    return bend_session(day, exercise=exercise, hour=hour, **more)


def planned(*items: PlanItem, sessions: tuple[Session, ...] = (), events: tuple[Event, ...] = ()) -> History:
    return history(sessions, plan=items, events=events)


def states(of: History, until: int = 0, days: int = 28) -> list[str]:
    return [d.state for d in days_done(of, DAY + timedelta(days=until), days, RULES)]


@pytest.mark.parametrize(
    ("amount", "done", "share"),
    [
        (EIGHT, [{"repetitions": 8}], 1.0),
        (EIGHT, [{"repetitions": 6}], 0.75),
        (EIGHT, [{"repetitions": 3}, {"repetitions": 5}], 1.0),  # in two goes
        (Amount(repetitions=8, sets=2), [{"repetitions": 8}], 0.5),
        (Amount(duration_s=300, times_a_day=3), [{"duration_s": 300}, {"duration_s": 300}], 2 / 3),
        (Amount(repetitions=3, hold_s=20), [{"repetitions": 3, "hold_s": 15}], 0.75),
        (Amount(hold_s=20), [{"hold_s": 5}, {"hold_s": 18}], 0.9),
        (EIGHT, [{"duration_s": 120}], 1.0),  # with a timer: nobody counted
        (EIGHT, [{"repetitions": 0}], 0.0),
        (Amount(), [{}], 1.0),
    ],
)
def test_the_share_of_a_dose(amount: Amount, done: list[dict[str, float]], share: float) -> None:
    assert share_done(amount, [did(0, hour=8 + i, **d) for i, d in enumerate(done)]) == pytest.approx(share)


def test_what_has_no_end_is_not_done_and_what_was_broken_off_uncounted_is_partly() -> None:
    assert share_done(EIGHT, []) is None
    assert share_done(EIGHT, [did(0, repetitions=8).model_copy(update={"ended_at": None})]) is None
    assert share_done(EIGHT, [did(0).model_copy(update={"aborted": "dizzy"})]) == 0.0


@pytest.mark.parametrize(("repetitions", "state"), [(7, "done"), (6, "partly"), (1, "partly")])
def test_an_item_is_done_from_four_fifths_on(repetitions: int, state: str) -> None:
    of = planned(item(0), sessions=(did(0, repetitions=repetitions),))  # 7 of 8 is 0.875, 6 of 8 is 0.75
    assert days_done(of, DAY, 1, RULES)[0].items == {"bridge": state}
    assert states(of) == [state]


def test_each_day_has_a_state_and_one_without_a_plan_is_no_gap() -> None:
    sessions = (did(0, repetitions=8), did(1, repetitions=2), did(4, "walking", duration_s=300))
    of = planned(item(0), item(1), item(2), sessions=sessions)
    assert states(of, until=5) == ["done", "partly", "open", "none", "free", "none"]
    assert states(of, until=5, days=2) == ["free", "none"]


def test_what_was_not_of_the_plan_is_something_all_the_same() -> None:
    walk = did(0, "walking", 9.0, duration_s=300)
    assert states(planned(item(0), sessions=(walk,))) == ["other"]
    assert states(planned(item(0), sessions=(walk, did(0, repetitions=2)))) == ["partly"]
    left = walk.model_copy(update={"ended_at": None})
    assert states(planned(item(0), sessions=(left,))) == ["open"], "begun and left without a word"


def test_some_of_a_plan_is_partly() -> None:
    of = planned(item(0), item(0, "cat_cow"), sessions=(did(0, repetitions=8),))
    day = days_done(of, DAY, 1, RULES)[0]
    assert (day.state, day.items, day.done) == ("partly", {"bridge": "done", "cat_cow": "open"}, 1)


def test_the_last_plan_of_a_day_counts() -> None:
    head: dict[str, Any] = {"person_id": WHO, "kind": "decision", "who": "rule"}

    def decided(hour: float, *names: str) -> Event:
        data: dict[str, Any] = {"plan": [{"exercise": n} for n in names]}
        return Event(id=uuid5(WHO, f"{hour}"), at=moment(0, hour), data=data, **head)

    items = (item(0), item(0, "breathing", Amount(repetitions=4)), item(0, amount=Amount(repetitions=4), hour=9.0))
    events = (decided(7, "bridge", "breathing"), decided(9, "breathing"))
    of = planned(*items, sessions=(did(0, "breathing", repetitions=4),), events=events)
    assert days_done(of, DAY, 1, RULES)[0].items == {"breathing": "done"}
    of = planned(*items, sessions=(did(0, repetitions=4),))  # the newest item of a movement holds
    assert days_done(of, DAY, 1, RULES)[0].items == {"bridge": "done", "breathing": "open"}


def test_nothing_is_there_before_the_person_was() -> None:
    assert [d.day for d in days_done(history(), DAY + timedelta(days=1), 28, RULES)] == [DAY, DAY + timedelta(days=1)]
    assert isinstance(days_done(history(), date(2026, 12, 24), 7, RULES)[0].day, date)
