"""Days with data and minutes of review, as remote monitoring counts them: recorded, never guessed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from weeks import FIRST_DAY, WHO, bend_session, history, moment

from checker.care.monitoring import (
    SET_UP,
    TIME,
    Corrected,
    Spent,
    days_with_data,
    months,
    noted_time,
    periods,
    set_up_on,
    time_of_corrections,
)
from checker.care.monitoring_rules import FILE, load_monitoring_rules
from checker.care.overrides import TAKEN_BACK
from checker.care.records import CheckIn, Event, Session

RULES = load_monitoring_rules()
DAY = FIRST_DAY.date()  # 2 November 2026


def on(day: int) -> date:
    return DAY + timedelta(days=day)


def event(kind: str, day: float = 0.0, who: Any = "physio", **data: Any) -> Event:
    own = {"id": uuid4(), "person_id": WHO, "at": moment(day), "name": "Phil"}
    return Event(kind=kind, who=who, reason="Shown.", data=data, **own)


def set_up(day: int = 0) -> Event:
    return event(SET_UP, day, on=on(day).isoformat())


def time(minutes: Any, day: int = 0, what: str = "review", how: str = "typed", **more: Any) -> Event:
    return event(TIME, day, **{"on": on(day).isoformat(), "what": what, "minutes": minutes, "how": how, **more})


def did(*days: int) -> tuple[Session, ...]:
    return tuple(bend_session(d, left=20.0, ended_at=moment(d, 8.1), measured=True) for d in days)


def told(*days: int) -> tuple[CheckIn, ...]:
    return tuple(CheckIn(id=uuid4(), person_id=WHO, at=moment(d, 7), kind="daily", pain=2) for d in days)


# --- days with data -------------------------------------------------------------------------------


def test_a_day_counts_once_and_says_what_there_was() -> None:
    timer = {"measured": False, "ranges": []}
    later = [bend_session(day, hour=9, ended_at=moment(day, 9.1), **timer) for day in (0, 3)]
    sessions = (*did(0), *later)
    found = days_with_data(history(sessions, check_ins=told(0, 1)), on(0), on(9))
    assert [(d.day, d.measured, d.done, d.told) for d in found] == [
        (on(0), True, True, True),
        (on(1), False, False, True),
        (on(3), False, True, False),
    ]


def test_what_was_begun_and_left_or_lies_outside_is_no_data() -> None:
    left = bend_session(1, left=20.0, ended_at=None)
    assert days_with_data(history((left, *did(5, 9))), on(0), on(5)) == days_with_data(history(did(5)), on(0), on(5))
    assert days_with_data(history(), on(0), on(30)) == []


@pytest.mark.parametrize(
    ("count", "code"), [(0, None), (1, None), (2, "98985"), (15, "98985"), (16, "98977"), (30, "98977")]
)
def test_the_code_of_a_period_goes_by_its_days(count: int, code: str | None) -> None:
    [period] = periods(history(did(*range(count)), events=(set_up(),)), on(29), RULES)
    assert (len(period.days), period.code, period.is_over) == (count, code, False)
    assert (period.first, period.last) == (on(0), on(29))


def test_periods_follow_one_another_from_the_set_up_on() -> None:
    of = history(did(0, 2, 31, 61), events=(set_up(1),))
    found = periods(of, on(70), RULES)
    assert [(p.first, p.last, len(p.days), p.is_over) for p in found] == [
        (on(1), on(30), 1, True),
        (on(31), on(60), 1, True),
        (on(61), on(90), 1, False),
    ]


def test_without_a_set_up_there_is_no_period() -> None:
    assert periods(history(did(0, 1, 2)), on(9), RULES) == []
    assert set_up_on(history(), on(9)) is None
    gone = set_up()
    back = event(TAKEN_BACK, 1, event=str(gone.id))
    assert periods(history(did(0), events=(gone, back)), on(9), RULES) == []


@pytest.mark.parametrize("data", [{}, {"on": 3}, {"on": "soon"}, {"on": "2027-01-01"}])
def test_a_set_up_that_does_not_fit_is_none(data: dict[str, Any]) -> None:
    assert set_up_on(history(events=(event(SET_UP, **data),)), on(9)) is None
    assert set_up_on(history(events=(event(SET_UP, who="person", on=DAY.isoformat()),)), on(9)) is None


# --- minutes --------------------------------------------------------------------------------------


def of_month(*spent: tuple[float, str]) -> tuple[tuple[tuple[str, int], ...], str]:
    own = [Spent(on(i), what, minutes, "typed", "Phil") for i, (minutes, what) in enumerate(spent)]  # type: ignore[arg-type]
    [month] = months(own, on(20), RULES)
    return month.codes, month.why_none


@pytest.mark.parametrize(
    ("minutes", "codes"),
    [
        (9.99, ()),
        (10.0, (("98979", 1),)),
        (19.9, (("98979", 1),)),
        (20.0, (("98980", 1),)),
        (39.9, (("98980", 1),)),
        (40.0, (("98980", 1), ("98981", 1))),
        (61.0, (("98980", 1), ("98981", 2))),
    ],
)
def test_the_codes_of_a_month_go_by_whole_minutes(minutes: float, codes: tuple[tuple[str, int], ...]) -> None:
    assert of_month((minutes - 5.0, "review"), (5.0, "contact"))[0] == codes


def test_without_a_real_time_contact_there_is_none_and_it_says_so() -> None:
    assert of_month((45.0, "review")) == ((), "no real-time contact was noted")
    assert of_month((3.0, "contact")) == ((), "less than 10 minutes")


def test_each_calendar_month_counts_for_itself() -> None:
    spent = [Spent(d, "contact", 12.0, "typed", "Phil") for d in (date(2026, 11, 30), date(2026, 12, 1))]
    found = months(spent, date(2026, 12, 5), RULES)
    assert [(m.month, m.minutes, m.is_over, m.codes) for m in found] == [
        (11, 12.0, True, (("98979", 1),)),
        (12, 12.0, False, (("98979", 1),)),
    ]


def test_what_was_noted_is_read_and_what_was_taken_back_is_not() -> None:
    kept, gone = time(12, 1, "contact", "clock"), time(30, 2)
    of = history(events=(kept, gone, event(TAKEN_BACK, 3, event=str(gone.id))))
    [one] = noted_time(of, on(9))
    assert (one.day, one.what, one.minutes, one.how, one.who) == (on(1), "contact", 12.0, "clock", "Phil")


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0}, {"minutes": -5}, {"minutes": "12"}, {"minutes": True}, {"minutes": 1441}, {"what": "billing"},
        {"on": "soon"}, {"on": None}, {"on": "2027-01-01"},
    ],
)  # fmt: skip
def test_time_that_does_not_fit_is_left_alone(wrong: dict[str, Any]) -> None:
    assert noted_time(history(events=(time(12, **wrong) if "minutes" not in wrong else time(**wrong),)), on(9)) == []


# --- what is known from the corrections -----------------------------------------------------------


def corrected(day: float, seconds: float | None, who: str = "Phil") -> Corrected:
    return Corrected(moment(day), on(int(day)), seconds, who)


def test_the_time_of_corrections_is_counted_by_day_and_reviewer() -> None:
    made = [corrected(0, 60.0), corrected(0.01, 30.0), corrected(0.02, 45.0, "Sue"), corrected(1, 120.0)]
    spent, left_out = time_of_corrections(made, [], RULES)
    assert [(s.day, s.who, s.minutes, s.how) for s in spent] == [
        (on(0), "Phil", 1.5, "corrections"),
        (on(0), "Sue", 0.75, "corrections"),
        (on(1), "Phil", 2.0, "corrections"),
    ]
    assert left_out == 0


def test_what_is_not_known_is_not_counted() -> None:
    made = [corrected(0, None), corrected(0.1, RULES.known.longest_s + 1.0), corrected(0.2, RULES.known.longest_s)]
    spent, left_out = time_of_corrections(made, [], RULES)
    assert ([s.minutes for s in spent], left_out) == ([10.0], 2)


def test_corrections_made_at_once_share_one_time() -> None:
    made = [corrected(0, 300.0)] * 4  # twenty minutes in all, shared by four
    assert time_of_corrections(made, [], RULES) == ([], 4)


def test_what_was_corrected_while_a_clock_ran_is_counted_once() -> None:
    clock = time(10, 0, how="clock")  # from ten minutes before eight to eight
    noted = noted_time(history(events=(clock,)), on(9))
    inside, outside = corrected(-5 / 24 / 60, 60.0), corrected(0.5, 60.0)
    others = corrected(-5 / 24 / 60, 60.0, "Sue")
    spent, _ = time_of_corrections([inside, outside, others], noted, RULES)
    assert [(s.who, s.minutes) for s in spent] == [("Phil", 1.0), ("Sue", 1.0)]


# --- the rules ------------------------------------------------------------------------------------


def test_a_file_whose_codes_overlap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "monitoring.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace("to = 15", "to = 16"), encoding="utf-8")
    with pytest.raises(ValueError, match="98985 to end before 98977"):
        load_monitoring_rules(path)
