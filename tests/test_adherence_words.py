"""What was planned and done, in words, tables and the physio's report; and what is switched on for a computer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from test_care_adherence import RULES, did, item, planned
from weeks import FIRST_DAY

from checker.care.adherence import days_done
from checker.care.adherence_words import HEAD, amount_words, done_words, in_short, share_words, table
from checker.care.records import Amount, History
from checker.care.rules import load_rules
from checker.library import list_exercises
from checker.service import adherence, everybody, switches
from checker.service import weeks as service
from checker.service.clinic.settings import ClinicSettings
from checker.service.for_patient import take_back
from checker.service.weeks import Weeks
from checker.ui import dots

DAY = FIRST_DAY.date()
EXERCISES = {e.id: e for e in list_exercises()}


def days(of: History, until: int = 0) -> list[Any]:
    return days_done(of, DAY + timedelta(days=until), 28, RULES)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(repetitions=8), "8 times"),
        (Amount(repetitions=8, sets=2), "2 sets of 8 times"),
        (Amount(repetitions=5, hold_s=20), "5 times, 20 s"),
        (Amount(duration_s=300, times_a_day=3), "5 min, 3 times a day"),
        (Amount(), "as long as it feels good"),
    ],
)
def test_what_was_planned_in_words(amount: Amount, words: str) -> None:
    assert amount_words(amount) == words


@pytest.mark.parametrize(
    ("done", "words", "share"),
    [
        ([{"repetitions": 6}], "6 times", "75 %"),
        ([{"repetitions": 6}, {"repetitions": 8}], "14 times", "100 %"),
        ([{"repetitions": 8, "hold_s": 12.4}], "8 times, held 12 s", "100 %"),
        ([{"duration_s": 90.0}], "1.5 min", "not counted"),
        ([{}], "done, not counted", "not counted"),
        ([], "–", ""),
    ],
)
def test_what_was_done_in_words(done: list[dict[str, float]], words: str, share: str) -> None:
    sessions = tuple(did(0, hour=8 + i, **d) for i, d in enumerate(done))
    [one] = days(planned(item(0), sessions=sessions))[0].planned
    assert (done_words(one), share_words(one)) == (words, share)


def test_each_day_has_its_rows_and_today_is_not_over() -> None:
    sessions = (did(0, repetitions=8), did(1, repetitions=2), did(1, "walking", 9.0, duration_s=300))
    of = planned(item(0), item(1), item(3), sessions=sessions)
    rows = table(days(of, 3), EXERCISES, DAY + timedelta(days=3))
    assert [(r[0], r[1], r[3], r[5]) for r in rows] == [
        ("Thu 5 Nov 2026", "Bridge", "–", "not yet"),
        ("Wed 4 Nov 2026", "", "–", "no plan"),
        ("Tue 3 Nov 2026", "Bridge", "2 times", "partly"),
        ("Tue 3 Nov 2026", "Walking", "5 min", "without a plan"),
        ("Mon 2 Nov 2026", "Bridge", "8 times", "done"),
    ]
    assert all(len(row) == len(HEAD) for row in rows)


def test_the_sentence_counts_planned_days_and_scolds_for_nothing() -> None:
    sessions = (did(0, repetitions=8), did(1, repetitions=2), did(4, "walking", duration_s=300))
    of = planned(item(0), item(1), item(2), item(5), sessions=sessions)
    told = in_short(days(of, 5), DAY + timedelta(days=5))
    assert told == (
        "Something was done on 2 of 3 planned days: all of the plan on 1 and some on 1. Without a plan: 2 days, with "
        "something done on 1."
    )
    assert in_short([], DAY) == "Nothing was planned in these days."
    assert not any(word in told.lower() for word in ("missed", "failed", "only", "streak"))


def test_who_does_something_else_on_a_planned_day_has_done_something() -> None:
    walks = tuple(did(n, "walking", duration_s=300) for n in range(4))
    of = days(planned(*(item(n) for n in range(5)), sessions=(*walks, did(0, repetitions=8))), 5)
    assert in_short(of, DAY + timedelta(days=5)) == (
        "Something was done on 4 of 5 planned days: all of the plan on 1 and something else on 3. "
        "Without a plan: 1 day."
    )
    assert dots.days_words(of) == "You did something on 4 days, all of the plan on 1. Days without a plan: 1."
    assert "3 November: something else than the plan" in dots.row(of, DAY + timedelta(days=5))


def test_a_day_of_which_one_movement_was_done_in_part_does_not_say_that_none_was() -> None:
    names = ("bridge", "squat", "plank")
    of = days(planned(*(item(0, n) for n in names), sessions=(did(0, repetitions=2),)))
    assert "2 November: some of the plan, 0 of 3 done, 1 partly" in dots.calendar(of, DAY)
    of = days(planned(*(item(0, n) for n in names), sessions=(did(0, repetitions=8),)))
    assert "2 November: some of the plan, 1 of 3 done<" in dots.calendar(of, DAY)


def test_days_on_which_no_plan_was_ever_made_are_no_rest_days() -> None:
    of = days(planned(), 6)
    told = dots.calendar(of, DAY + timedelta(days=6)) + dots.row(of, DAY)
    assert "2 November: no plan" in told
    assert "rest" not in told


def test_the_dots_of_a_line_are_told_in_words() -> None:
    today = DAY + timedelta(days=2)
    shown = dots.row(days(planned(item(0), item(2), sessions=(did(0, repetitions=8),)), 2), today)
    told = "2 November: all of the plan, 3 November: no plan, 4 November: nothing of the plan yet"
    assert f'aria-label="{told}"' in shown
    assert shown.count("<i ") == 3
    assert dots.row([], today) == ""


# --- the service ----------------------------------------------------------------------------------


class Moments:
    """A clock of one second a call."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 27, 8, 0, 0, 123, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Weeks]:
    """Somebody whose name needs care in any format."""
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
    service.store.cache_clear()
    one = Weeks(everybody.add_person('Ann <b>#"*').id, now=Moments())
    one.answer_questions({q.id: "no" for q in load_rules().safety.questions if q.asked}, "first")
    one.tell_profile(floor="yes")
    one.tell_episode(onset=one.today - timedelta(days=20))
    one.rate_ladder({rung: 6 if rung == 7 else 0 for rung in range(1, 10)})
    one.check_in("daily", pain=2)
    assert one.decision.plan
    yield one
    service.store().close()
    service.store.cache_clear()


def test_the_report_and_the_table_say_the_same(weeks: Weeks, tmp_path: Path) -> None:
    found = adherence.days_of(weeks, 28)
    rows = list(csv.reader(io.StringIO(adherence.to_csv(weeks, found))))
    assert rows[0] == [head.lower() for head in HEAD]
    assert len(rows) == 1 + len(weeks.decision.plan)
    path = tmp_path / "report.pdf"
    path.write_bytes(adherence.to_pdf(weeks, found, None))
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    assert 'Planned and done: Ann <b>#"*' in text
    assert all(row[1] in text for row in rows[1:])
    assert "Remote monitoring" not in text, "it is off"


def test_remote_monitoring_is_off_until_somebody_switches_it_on(weeks: Weeks, tmp_path: Path) -> None:
    assert not switches.monitoring_is_on()
    switches.switch_monitoring(True)
    assert switches.monitoring_is_on()
    switches.switch_monitoring(False)
    assert not switches.monitoring_is_on()
    file = tmp_path / "people" / switches.FILE
    for wrong in ("no toml [", 'remote_monitoring = "true"', "remote_monitoring = 1", ""):
        file.write_text(wrong, encoding="utf-8")
        assert not switches.monitoring_is_on(), wrong


def test_a_clinic_says_it_in_its_file() -> None:
    told: dict[str, Any] = {
        "address": "https://a.example", "issuer": "https://b.example", "client_id": "x", "behind_proxy": True,
        "roles": {"claim": "roles"},
    }  # fmt: skip
    assert ClinicSettings.model_validate(told).remote_monitoring is False
    assert ClinicSettings.model_validate(told | {"remote_monitoring": True}).remote_monitoring is True


def test_what_is_noted_is_counted_and_stands_in_the_report(weeks: Weeks, tmp_path: Path) -> None:
    today = weeks.today
    adherence.note_set_up(weeks, "Phil", today, "Camera and laptop.")
    adherence.note_time(weeks, "Phil", today, "review", 12.0, "typed", "Looked at the week.")
    adherence.note_time(weeks, "Phil", today, "contact", 9.5, "clock", "A call.")
    found = adherence.monitoring_of(weeks)
    assert found.set_up is not None
    assert [(len(p.days), p.is_over, p.code) for p in found.periods] == [(1, False, None)]
    assert adherence.period_rows(found)[0][1:] == ("1 so far", "0", "none")
    assert adherence.month_rows(found) == [("November 2026", "21.5 so far", "1", "98980")]
    path = tmp_path / "report.pdf"
    path.write_bytes(adherence.to_pdf(weeks, adherence.days_of(weeks, 28), found))
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)
    for told in ("98975", "98980", "does not claim that BackCheck is a device", "Camera and laptop."):
        assert told in text
    contact = next(s.event for m in found.months for s in m.spent if s.what == "contact")
    assert contact is not None
    take_back(weeks, contact.id, "Phil", "It was not with her.")
    assert adherence.month_rows(adherence.monitoring_of(weeks))[0][3] == "none: no real-time contact was noted"


@pytest.mark.parametrize(
    ("days_on", "minutes", "name", "note"),
    [
        (1, 5.0, "Phil", "x y z"),
        (0, 0.0, "Phil", "x"),
        (0, 1441.0, "Phil", "x"),
        (0, 5.0, "", "x"),
        (0, 5.0, "Phil", ""),
    ],
)
def test_time_that_cannot_be_is_not_noted(weeks: Weeks, days_on: int, minutes: float, name: str, note: str) -> None:
    on = weeks.today + timedelta(days=days_on)
    with pytest.raises(ValueError, match=r"Expected|name must stand|Write a sentence"):
        adherence.note_time(weeks, name, on, "review", minutes, "typed", note)
    assert adherence.monitoring_of(weeks).months == ()
