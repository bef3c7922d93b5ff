"""The desk's list: what the store gives of everybody, what is worked out once, and what is marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.somebody import Somebody
from checker.care.change_rules import load_change_rules
from checker.care.records import History
from checker.care.rules import load_rules
from checker.care.worklist import attention
from checker.care.worklist_case import Basis, day_words
from checker.care.worklist_rules import load_worklist_rules
from checker.picture.sparkline import HEIGHT, WIDTH, sparkline
from checker.service import desk, remembering
from checker.service import weeks as service
from checker.service.weeks import Weeks
from checker.ui.desk_page import line_html

TODAY = date(2026, 11, 20)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[History]]:
    """Somebody with weeks behind them, somebody who has just come, and nobody's earlier lists."""
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    service.store.cache_clear()
    remembering.forget()
    store = service.store()
    yield [
        Somebody(40, TODAY, name="Ana").keep(store),
        Somebody(8, TODAY, name="<b>Ben</b>", decided=False).keep(store),
    ]
    store.close()
    service.store.cache_clear()
    remembering.forget()


def test_what_is_left_out_changes_nothing_of_what_is_found(people: list[History]) -> None:
    basis = Basis(load_worklist_rules(), load_rules(), load_change_rules(), remembering.movements()[1])
    for days in (0, 3, 9, 40):
        today = TODAY + timedelta(days=days)
        listed = {line.person.name: line.attention for line in desk.lines(today)}
        assert listed == {h.person.name: attention(h, today, basis) for h in people}


def test_the_store_gives_the_newest_decision_and_leaves_earlier_plans_out(people: list[History]) -> None:
    late = {one.person.name: one.history() for one in service.store().lately(TODAY + timedelta(days=1))}
    ana, full = late["Ana"], people[0]
    assert not ana.plan
    assert [e.id for e in ana.events if e.kind == "decision"] == [full.events[-1].id]
    assert (ana.sessions, ana.check_ins, ana.ladder) == (full.sessions, full.check_ins, full.ladder)
    assert full.answers
    assert not ana.answers  # no to everything
    service.store().add(full.answers[-1].model_copy(update={"id": full.person.id, "answer": "yes"}))
    late = {one.person.name: one.history() for one in service.store().lately(TODAY)}
    assert len(late["Ana"].answers) == len(full.answers) + 1


def test_nobody_is_worked_out_twice_and_only_whose_records_changed_anew(people: list[History]) -> None:
    desk.lines(TODAY)
    worked_out = remembering.desk_line.cache_info().misses
    assert worked_out == len(people)
    desk.lines(TODAY)
    assert remembering.desk_line.cache_info().misses == worked_out
    Weeks(people[1].person.id).check_in("daily", pain=9)
    desk.lines(TODAY)
    assert remembering.desk_line.cache_info().misses == worked_out + 1
    remembering.forget()
    assert remembering.desk_line.cache_info().currsize == 0


def test_much_pain_comes_first_is_marked_and_comes_back(people: list[History]) -> None:
    ben = people[1].person.id
    Weeks(ben).check_in("daily", pain=8)
    first = desk.lines()[0]
    assert (first.person.id, first.attention.tier, first.attention.reasons[0].rule) == (ben, 0, "pain_high")
    mark = desk.mark_seen(ben, first.attention.reasons, "Called.")
    seen = next(line for line in desk.lines() if line.person.id == ben)
    assert (seen.attention.tier, seen.attention.last_seen) == (5, service.today_here())
    assert f"Note of {day_words(service.today_here())}: Called." in line_html(seen, service.today_here())
    desk.take_back(ben, mark)
    assert desk.lines()[0] == first
    event = next(e for e in service.store().history(ben).events if e.id == mark)
    assert (event.kind, event.who, event.reason) == ("seen", "physio", "Called.")


def test_a_line_says_why_and_is_safe_for_a_page(people: list[History]) -> None:
    Weeks(people[1].person.id).check_in("daily", pain=8)
    written = line_html(desk.lines()[0], service.today_here())
    assert "&lt;b&gt;Ben&lt;/b&gt;" in written
    assert "<b>" not in written
    assert "Pain 8 of 10, told on" in written
    assert "pain_high" in written
    assert "nobody has looked yet" in written
    assert "review" not in written  # nothing routine where there is more


def test_under_the_curve_of_pain_stands_what_was_told_last(people: list[History]) -> None:
    for pain in (8, 5):
        Weeks(people[1].person.id).check_in("daily", pain=pain)
    written = line_html(desk.lines()[0], service.today_here())
    assert "<p>Pain at rest 5 of 10, told last on " in written
    assert "days: 5 of 10, told last on " in written  # the hidden words of the picture
    assert "6.5" not in written


def test_a_small_curve_lies_within_its_picture_and_ends_with_a_dot() -> None:
    days = [TODAY + timedelta(days=n) for n in range(3)]
    svg = sparkline([list(zip(days, (0.0, 10.0, 5.0), strict=True)), []], days[0], days[-1], 10.0, "Pain & more")
    tree = ElementTree.fromstring(svg)
    assert tree.attrib["aria-label"] == "Pain & more"
    (dot,) = tree.iter("{http://www.w3.org/2000/svg}circle")
    assert float(dot.attrib["cx"]) == pytest.approx(WIDTH - 4)
    assert float(dot.attrib["cy"]) == pytest.approx(HEIGHT / 2)
    way = [p.attrib["d"] for p in tree.iter("{http://www.w3.org/2000/svg}path")][1]
    places = [tuple(map(float, place.split())) for place in way[1:].split("L")]
    assert [y for _, y in places] == [HEIGHT - 4, 4, HEIGHT / 2]
