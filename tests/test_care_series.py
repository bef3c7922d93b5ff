"""Which sessions of a person compare: the time of day, painkillers, the camera, another model or movement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from weeks import (
    FIRST_DAY,
    OTHER_FILE,
    OTHER_MODEL,
    RULES,
    SIDE_BEND,
    SIDE_BEND_RIGHT,
    bend_session,
    check_in,
    degrees,
    episode,
    followed,
    history,
    measured_session,
    series,
)

from checker.care.change_rules import load_change_rules
from checker.care.conditions import hours_between
from checker.care.followed import main_followed
from checker.care.records import Session, Setting
from checker.care.series import Series, WhyNot, series_of
from checker.library import find_exercise


def of(sessions: list[Session], **more: object) -> Series:
    return series_of(history(sessions, **more), SIDE_BEND, RULES)


def whys(sessions: list[Session], **more: object) -> list[WhyNot | None]:
    return [p.why_not for p in of(sessions, **more).points]


def test_each_side_has_its_own_values_in_order_of_time() -> None:
    sessions = [bend_session(1, 21, 31), bend_session(0, 20, 30)]
    both = history(sessions)
    assert [p.value.value for p in series_of(both, SIDE_BEND, RULES).points if p.value] == [20, 21]
    assert [p.value.value for p in series_of(both, SIDE_BEND_RIGHT, RULES).points if p.value] == [30, 31]


def test_a_side_that_was_not_measured_is_a_point_without_value() -> None:
    found = of([bend_session(0, 20), bend_session(1, None, 30), bend_session(2, 22)])
    assert [p.why_not for p in found.points] == [None, WhyNot.NOT_MEASURED, None]
    assert not found.points[1].usable
    assert not found.points[1].hollow


def test_the_newest_record_of_a_session_holds() -> None:
    first = bend_session(0, 20)
    assert [p.value.value for p in of([first, bend_session(0, 25)]).points if p.value] == [25]


@pytest.mark.parametrize(("hour", "alike"), [(11.0, True), (5.0, True), (11.2, False), (4.8, False), (20.0, False)])
def test_a_session_at_another_time_of_day_is_hollow(hour: float, alike: bool) -> None:
    found = of([bend_session(0, 20), bend_session(1, 21), bend_session(2, 22, hour=hour)]).points[-1]
    assert (found.usable, found.hollow) == (alike, not alike)
    assert found.why_not is (None if alike else WhyNot.OTHER_TIME)


@pytest.mark.parametrize("unknown", [0, 1, 2])
def test_an_hour_that_is_not_known_is_no_other_time_of_day(unknown: int) -> None:
    sessions = [bend_session(0, 20), bend_session(1, 21), bend_session(2, 22)]
    sessions[unknown] = bend_session(unknown, 20, hour=20, hour_known=False)
    assert whys(sessions) == [None] * 3
    assert whys([*sessions, bend_session(3, 22, hour=20)])[-1] is WhyNot.OTHER_TIME


def test_of_days_that_have_no_hour_alone_nothing_is_at_another_time() -> None:
    sessions = [bend_session(day, 20, hour_known=False) for day in range(3)]
    assert whys([*sessions, bend_session(3, 22, hour=20)]) == [None] * 4


def test_the_hour_is_the_middle_of_the_baseline_so_that_neither_of_its_sessions_is_left_out() -> None:
    sessions = [bend_session(0, 20, hour=8), bend_session(1, 20, hour=10.8)]  # the middle is 9.4
    assert whys([*sessions, bend_session(2, 20, hour=12.3)])[-1] is None
    assert whys([*sessions, bend_session(2, 20, hour=12.5)])[-1] is WhyNot.OTHER_TIME


def test_a_first_try_at_an_odd_hour_does_not_set_the_hour() -> None:
    sessions = [bend_session(0, 20, hour=21), *(bend_session(day, 20) for day in (1, 2, 3))]
    assert whys(sessions) == [WhyNot.OTHER_TIME, None, None, None]


def test_midnight_is_no_wall() -> None:
    assert hours_between(0.5, 23.5) == pytest.approx(1.0)
    assert whys([bend_session(0, 20, hour=23.5), bend_session(2, 20, hour=0.5), bend_session(3, 20, hour=23)]) == [
        None,
        None,
        None,
    ]


def test_hours_are_those_of_the_person_not_of_utc() -> None:
    abroad = bend_session(0, 20, zone="Europe/Berlin", hour=6)
    assert of([abroad]).points[0].hour == pytest.approx(7.0)  # November: one hour ahead


def test_a_new_habit_begins_a_new_baseline() -> None:
    mornings = [bend_session(day, 20) for day in range(3)]
    evenings = [bend_session(day, 20, hour=20) for day in range(3, 6)]
    assert whys([*mornings, *evenings[:2]])[-2:] == [WhyNot.OTHER_TIME] * 2
    found = of([*mornings, *evenings]).points
    assert [p.stretch for p in found] == [0, 0, 0, 1, 1, 1]
    assert all(p.usable for p in found)
    assert found[3].marks == ("time",)


@pytest.mark.parametrize(
    ("check_ins", "hollow"),
    [
        ([check_in(2, hour=7.9, painkiller=True)], True),
        ([check_in(2, hour=7.9, painkiller=False)], False),
        ([check_in(2, hour=3.9, painkiller=True)], False),
        ([check_in(2, hour=8.5, painkiller=True, kind="after")], False),
        ([check_in(2, hour=7.9, painkiller=None)], False),
        ([check_in(2, hour=5, painkiller=True, kind="daily")], True),
    ],
)
def test_a_session_after_a_painkiller_is_hollow(check_ins: list[object], hollow: bool) -> None:
    found = of([bend_session(day, 20) for day in range(3)], check_ins=tuple(check_ins)).points[-1]
    assert found.hollow == hollow
    assert (found.why_not is WhyNot.PAINKILLER) == hollow


def test_the_habit_decides_which_days_are_left_out() -> None:
    sessions = [bend_session(day, 20) for day in range(4)]
    most = tuple(check_in(day, 7.9, painkiller=True) for day in (0, 1, 3))
    assert whys(sessions, check_ins=most) == [None, None, WhyNot.NO_PAINKILLER, None]
    assert whys(sessions[:2], check_ins=most[:1]) == [None, None]  # there is no habit yet


def test_what_is_said_right_before_a_session_holds_for_it() -> None:
    sessions = [bend_session(day, 20) for day in range(3)]
    earlier = check_in(2, hour=5, painkiller=True, kind="daily")
    own = check_in(2, hour=7.9, painkiller=False, session_id=sessions[-1].id)
    assert not of(sessions, check_ins=(earlier, own)).points[-1].hollow


@pytest.mark.parametrize(
    ("changed", "mark"), [({"model_sha256": OTHER_MODEL}, "model"), ({"exercise_sha256": OTHER_FILE}, "rules")]
)
def test_another_model_or_movement_begins_a_new_stretch(changed: dict[str, str], mark: str) -> None:
    sessions = [bend_session(day, 20) for day in range(2)]
    found = of([*sessions, *(bend_session(day, 20, **changed) for day in (2, 3))])
    assert [p.stretch for p in found.points] == [0, 0, 1, 1]
    assert [p.marks for p in found.points] == [(), (), (mark,), ()]
    assert [p.day.day for p in found.usable] == [4, 5]


def test_a_session_without_a_value_changes_nothing() -> None:
    timer = bend_session(1, None, None, model_sha256="", measured=False)
    found = of([bend_session(0, 20), timer, bend_session(2, 21)])
    assert [p.stretch for p in found.points] == [0, 0, 0]
    assert [p.marks for p in found.points] == [(), (), ()]


def test_a_new_episode_begins_a_new_stretch() -> None:
    sessions = [bend_session(day, 20) for day in (0, 1, 40, 41)]
    onset = FIRST_DAY.date() + timedelta(days=38)
    found = of(sessions, episodes=(episode(date(2026, 10, 30)), episode(onset)))
    assert [p.stretch for p in found.points] == [0, 0, 1, 1]
    assert found.points[2].marks == ("episode",)


@pytest.mark.parametrize(
    ("setting", "alike"),
    [
        (Setting(view="front", distance_t=4.0, yaw_deg=0.0, device="inner"), True),
        (Setting(view="front", distance_t=5.2, yaw_deg=14.0), True),
        (Setting(view="front", distance_t=5.5), False),
        (Setting(view="front", distance_t=2.9), False),
        (Setting(view="front", yaw_deg=-16.0), False),
        (Setting(view="left_side"), False),
        (Setting(view="front", device="other"), False),
        (Setting(), True),
    ],
)
def test_a_camera_that_stands_elsewhere_is_marked_and_not_compared(setting: Setting, alike: bool) -> None:
    usual = Setting(view="front", distance_t=4.0, yaw_deg=0.0, device="inner")
    sessions = [bend_session(day, 20, setting=usual) for day in range(3)]
    found = of([*sessions, bend_session(3, 20, setting=setting)]).points[-1]
    assert found.usable == alike
    assert found.why_not is (None if alike else WhyNot.CAMERA)
    assert found.marks == (() if alike else ("camera",))


def test_a_repeat_of_the_same_morning_is_no_session_of_its_own() -> None:
    first = bend_session(0, 20)
    assert whys([first, bend_session(0, 22, hour=8.2, repeat_of=first.id)]) == [None, WhyNot.REPEAT]


def test_an_unchecked_signal_is_drawn_and_never_used() -> None:
    lift = followed("bird_dog", "hip_extension", "left")
    assert not lift.checked
    lifted = measured_session(0, "bird_dog", hip_extension__left=degrees(15))
    found = series_of(history([lifted]), lift, RULES, "measure").points[0]
    assert (found.usable, found.hollow, found.why_not) == (False, False, WhyNot.UNCHECKED)


def test_what_is_followed_of_a_session_is_the_first_pain_the_furthest_or_a_measure() -> None:
    session = bend_session(0, 20, furthest=33, measures={"trunk_lateral_flexion/left": degrees(31)})
    found = {
        what: series_of(history([session]), SIDE_BEND, RULES, what).points[0]
        for what in ("first", "furthest", "measure")
    }
    assert {what: p.value.value for what, p in found.items() if p.value} == {
        "first": 20,
        "furthest": 33,
        "measure": 31,
    }
    assert found["first"].furthest == degrees(33)


def test_a_side_that_a_movement_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected a side of it \(left, right\), got up"):
        main_followed(find_exercise("standing_side_bend"), "up")


def test_nobody_has_an_empty_series() -> None:
    empty = series([])
    assert (empty.points, empty.stretch, empty.usable) == ((), (), ())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("value = 3.0\nsource", "value = 0.0\nsource", "same.hours.value"),
        ('"trunk_rotation", "shoulder', '"trunk_twirl", "shoulder', "expected signals of the catalogue"),
        ("signals = []", 'signals = ["trunk_rotation"]', "each signal once"),
        ('status = "published"', 'status = "sure"', "told.pain.status"),
    ],
)
def test_a_wrong_file_of_rules_is_refused_in_words(tmp_path, old: str, new: str, problem: str) -> None:  # type: ignore[no-untyped-def]
    from checker.care.change_rules import FILE

    wrong = tmp_path / "change.toml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        load_change_rules(wrong)
