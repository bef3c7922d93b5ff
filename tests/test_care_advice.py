"""When to say what: each line of advice at its edge, with the rule that says it."""

from __future__ import annotations

import pytest
from care_people import Diary, library, rules, try_out
from conftest import ROOT

TURN = "standing_trunk_rotation"


def said(diary: Diary, day: int) -> set[str]:
    return {a.rule.removeprefix("advice/") for a in diary.decide(day).advice}


def person(pain: int = 6, onset: int = 0, hard: dict[int, int] | None = None, **episode: object) -> Diary:
    diary = Diary()
    diary.profile()
    diary.episode(onset, **episode)
    diary.all_clear()
    diary.ladder(hard or {2: 8})
    diary.check_in(pain, 0, 8.0)
    return diary


@pytest.mark.parametrize(
    ("first", "now", "hours", "tells"),
    [
        (6, 6, 72, True),
        (6, 6, 71, False),
        (6, 5, 72, True),
        (6, 4, 72, False),  # down by two
        (10, 8, 72, False),
        (4, 4, 72, True),
        (3, 3, 72, False),  # nothing that hurts much
        (6, 9, 72, True),
    ],
)
def test_72_hours(first: int, now: int, hours: float, tells: bool) -> None:
    diary = person(first)
    diary.check_in(now, 0, 8.0 + hours)
    assert ("no_drop_72h" in said(diary, 3)) is tells
    if tells:
        text = next(a.text for a in diary.decide(3).advice if a.rule == "advice/no_drop_72h")
        assert f"from {first} to {now}" in text


@pytest.mark.parametrize(("day", "tells"), [(13, False), (14, True)])
def test_two_weeks_without_a_gain(day: int, tells: bool) -> None:
    diary = person(5)
    diary.check_in(5, day)
    assert ("no_gain_2w" in said(diary, day)) is tells
    assert ("no_drop_72h" in said(diary, day)) is not tells, "then the other one is said no more"


def test_any_gain_is_one() -> None:
    pain = person(6)
    pain.check_in(4, 14)
    assert "no_gain_2w" not in said(pain, 14)
    small = person(10)
    small.check_in(8, 14)
    assert "no_gain_2w" in said(small, 14), "2 of 10 is not 30 percent"
    ladder = person(5)
    ladder.ladder({4: 5}, 13)
    ladder.check_in(5, 14)
    assert "no_gain_2w" not in said(ladder, 14)
    reach = person(5)
    for day, degrees in enumerate([20, 20, 35, 35]):
        reach.session(TURN, day, **try_out(library()[TURN], degrees))
    reach.check_in(5, 14)
    assert "no_gain_2w" not in said(reach, 14)
    chance = person(5)
    for day, degrees in enumerate([20, 20, 35, 20, 35, 34]):
        chance.session(TURN, day, **try_out(library()[TURN], degrees))
    chance.check_in(5, 14)
    assert "no_gain_2w" in said(chance, 14), "twice in a row, by 15"


@pytest.mark.parametrize(
    ("day", "pain", "hard", "tells"),
    [
        (42, 4, {9: 9}, False),
        (43, 4, {9: 9}, True),
        (43, 3, {6: 9}, False),
        (43, 3, {5: 9}, True),
    ],
)
def test_six_weeks(day: int, pain: int, hard: dict[int, int], tells: bool) -> None:
    diary = person(pain, hard=hard)
    diary.today(0)
    diary.check_in(pain, day)
    assert ("still_6w" in said(diary, day)) is tells


def test_who_begins_after_six_weeks_is_told_once() -> None:
    diary = person(1, onset=-43, hard={9: 1})
    assert "late_start" in said(diary, 0)
    diary.today(0)
    assert "late_start" not in said(diary, 1)
    assert "late_start" not in said(person(1, onset=-42, hard={9: 1}), 0)


def test_after_a_fall_until_somebody_has_looked() -> None:
    diary = person(trigger="fall")
    assert "after_fall" in said(diary, 0)
    diary.release("minor_fall", 1)
    assert "after_fall" not in said(diary, 1)
    assert "after_fall" not in said(person(trigger="lifting"), 0)


@pytest.mark.parametrize(("days", "tells"), [(10, False), (11, True)])
def test_painkillers_on_many_days_in_a_row(days: int, tells: bool) -> None:
    diary = person()
    for day in range(1, days + 1):
        diary.check_in(3, day, painkiller=True)
    assert ("painkillers" in said(diary, days)) is tells
    assert ("painkillers" in said(diary, days + 1)) is tells, "today is not over"
    assert "painkillers" not in said(diary, days + 2)


@pytest.mark.parametrize(("day", "tells"), [(6, False), (7, True)])
def test_the_weekly_look(day: int, tells: bool) -> None:
    assert ("weekly_due" in said(person(), day)) is tells


def test_the_weekly_look_is_said_only_when_it_is_time() -> None:
    done = person()
    done.event("weekly_done", 7)
    assert "weekly_due" not in said(done, 8), "though the ladder was not rated again"
    late = person()
    late.event("weekly_put_off", 7)
    assert "weekly_due" not in said(late, 7)
    assert "weekly_due" in said(late, 8)
    flared = person()
    flared.event("phase_set", 0, 7.8, data={"phase": 3})
    flared.today(0)
    flared.session("walking", 6)
    flared.event("flare_began", 7, 7.0, who="person")
    assert flared.decide(7).state == "FLARE"
    assert "weekly_due" not in said(flared, 7), "on its first day"
    flared.all_clear(7, 7.5, "flare")
    flared.today(7)
    flared.check_in(6, 8)
    flared.today(8)
    assert "weekly_due" not in said(flared, 8)


def test_every_piece_of_advice_has_a_home_and_can_be_filled() -> None:
    gaps = {"first": 1, "now": 1, "days": 1, "flares": 3}
    for advice in rules().advice.advice:
        assert "{" not in advice.text.format(**gaps)
        assert rules().advice.of(advice.id) == advice
    source = " ".join(p.read_text(encoding="utf-8") for p in (ROOT / "checker" / "care").glob("*.py"))
    assert all(f'"{advice.id}"' in source for advice in rules().advice.advice), "each is said somewhere"
    with pytest.raises(KeyError, match="no_such"):
        rules().advice.of("no_such")
