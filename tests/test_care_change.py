"""When a value has changed: the baseline, the limit, two sessions in a row, and what is said."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weeks import (
    FIRST_DAY,
    OTHER_MODEL,
    RULES,
    SIDE_BEND,
    bend_session,
    check_in,
    degrees,
    followed,
    history,
    measured_session,
    series,
)

from checker.care.change import Change, change_of
from checker.care.change_rules import ChangeRules
from checker.care.records import ActivityAnswer, History, Value
from checker.care.sem import Evidence, chosen_sem, smallest_change, technical_sem
from checker.care.series import series_of
from checker.care.steadiness import Steadiness
from checker.care.told import activities_change, activity_changes, pain_change, pain_verdict


def pairs(n: int, sem: float) -> Steadiness:
    return Steadiness(n, sem, sem, sem, 0.0, 1.0, n >= 10)


STEADY = Evidence(own=pairs(20, 2.0))
"""Somebody who is known to be so steady that the smallest difference that is ever told is the limit."""


def change(*values: float | Value | None, days: list[float] | None = None, evidence: Evidence = STEADY) -> Change:
    return change_of(series(values, days), RULES, evidence)


OF_SIX, OF_SIXTY = math.sqrt(6 / 3.070), math.sqrt(60 / 50.64)
"""Of so many pairs the scatter is taken at its upper limit: the 20 % points of chi-square, from a table."""


# --- the limit -----------------------------------------------------------------------------------


def test_the_smallest_change_is_the_one_nine_of_ten_unchanged_people_stay_under() -> None:
    assert smallest_change(1.7) == pytest.approx(3.95, abs=0.01)
    assert smallest_change(6.4) == pytest.approx(14.9, abs=0.02)


def test_the_technical_scatter_is_the_root_mean_square_of_the_stated_uncertainties() -> None:
    assert technical_sem([1.645, 1.645 * 7]) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("technical", "own", "clinic", "value", "by"),
    [
        (2.0, None, None, 4.299, "table"),
        (6.0, None, None, 6.0, "instrument"),
        (2.0, pairs(5, 2.0), None, 4.299, "table"),
        (2.0, pairs(5, 3.0), None, math.sqrt((2 * 4.299**2 + 5 * 9) / 7) * math.sqrt(7 / 3.822), "sessions"),
        (2.0, pairs(6, 3.0), pairs(30, 9.0), 3.0 * OF_SIX, "own"),
        (4.5, pairs(6, 3.0), None, 4.5, "instrument"),
        (2.0, pairs(60, 3.0), None, 3.0 * OF_SIXTY, "own"),
        (2.0, pairs(5, 1.0), pairs(20, 7.0), 7.0, "clinic"),
        (2.0, None, pairs(19, 7.0), 4.299, "table"),
    ],
)
def test_the_scatter_is_by_the_best_knowledge_and_never_below_the_instruments(
    technical: float, own: Steadiness | None, clinic: Steadiness | None, value: float, by: str
) -> None:
    found = chosen_sem(technical, 10.0, Evidence(own, clinic), RULES)
    assert (found.value, found.by) == (pytest.approx(value, abs=0.001), by)


def test_the_limit_is_the_floor_where_the_scatter_is_small_and_the_smallest_change_where_it_is_large() -> None:
    small = change(20, 20, 22, evidence=Evidence(own=pairs(8, 2.0))).latest
    large = change(20, 20, 22, evidence=Evidence(own=pairs(8, 6.0))).latest
    assert small is not None
    assert large is not None
    assert small.limit == 10.0
    known = chosen_sem(0.5, 10.0, Evidence(pairs(8, 6.0), values=(20.0, 20.0, 22.0)), RULES)
    assert large.limit == smallest_change(known.value) > 15.0


def test_who_scatters_more_from_session_to_session_is_not_told_of_it_as_news() -> None:
    wild = change(30, 18, 31, 19, 36, 38, evidence=Evidence())
    assert wild.state == "no_clear_change"
    assert wild.latest is not None
    assert wild.latest.sem is not None
    assert wild.latest.sem.by == "sessions"
    assert change(25, 24, 25, 24, 36, 38).state == "grew"


def sem_by(*values: float) -> float:
    return chosen_sem(0.5, 10.0, Evidence(values=values), RULES).value


def test_the_steps_between_sessions_are_weighed_with_the_table() -> None:
    assert sem_by() == sem_by(20.0) == pytest.approx(4.299, abs=0.001)
    two = math.sqrt((2 * 4.299**2 + 2 / 3 * 72) / (8 / 3)) * math.sqrt(8 / 3 / 0.795)  # one step of 12
    assert sem_by(20.0, 32.0) == pytest.approx(two, rel=0.02)


def test_the_largest_step_may_be_the_change_itself() -> None:
    assert sem_by(*[20.0] * 6) == sem_by(20.0, 20.0, 20.0, 40.0, 40.0, 40.0)


def test_of_somebody_unknown_a_change_is_found_a_little_later() -> None:
    values = (20, 20, 40, 40, 40, 40)
    first = {n: next((k for k in range(2, 7) if change(*values[:k], evidence=n).news), 0) for n in (STEADY, Evidence())}
    assert list(first.values()) == [4, 5]
    slow = change(20, 20, 25, 30, 35, 40, 40, 40, evidence=Evidence())
    assert [n.direction for n in slow.news][:1] == ["grew"]


def test_the_band_is_by_the_estimate() -> None:
    found = chosen_sem(1.0, 10.0, Evidence(own=pairs(8, 4.3)), RULES, limit=False)
    assert (found.value, found.by) == (pytest.approx(4.3), "own")


def test_both_sessions_errors_weigh_alike_in_the_limit() -> None:
    found = change(degrees(20, 8.225), degrees(20, 8.225), degrees(20, 1.645 * 7)).latest  # SEM 5, 5 and 7
    assert found is not None
    assert found.sem is not None
    assert found.sem.value == pytest.approx(math.sqrt((25 + 49) / 2))


# --- two in a row --------------------------------------------------------------------------------


def test_a_growth_that_two_sessions_confirm_is_told() -> None:
    found = change(17, 19, 28, 30)
    assert found.state == "grew"
    assert found.sentence == (
        "Your comfortable side bend to the left grew from 18° to 29°. "
        "That is more than measuring and good and bad days explain."
    )
    assert [(n.direction, n.before.value, n.after.value) for n in found.news] == [("grew", 18.0, 29.0)]
    assert [c.delta for c in found.news[0].by] == [10.0, 12.0]


def test_a_loss_that_two_sessions_confirm_is_told() -> None:
    found = change(30, 32, 20, 18)
    assert found.state == "fell"
    assert found.sentence.startswith("Your comfortable side bend to the left became smaller: from 31° to 19°.")


@pytest.mark.parametrize(
    "values",
    [(18, 18, 28), (18, 18, 28, 20), (18, 18, 28, 27.9), (18, 18, 28, 20, 28), (28, 28, 38, 18), (18, 18, 28, None)],
)
def test_nothing_is_told_unless_two_in_a_row_lie_beyond_to_the_same_side(values: tuple[float | None, ...]) -> None:
    found = change(*values)
    assert found.state == "no_clear_change"
    assert found.sentence == "No clear change yet: differences under 10° can be chance."


def test_a_session_that_was_not_measured_does_not_break_the_row() -> None:
    assert change(18, 18, 28, None, 28).state == "grew"


def test_exactly_the_limit_is_enough_whatever_the_machine_rounds() -> None:
    assert change(18.1, 18.1, 28.1, 28.1).state == "grew"


@pytest.mark.parametrize(("hours", "state"), [(19.9, "no_clear_change"), (20.0, "grew")])
def test_the_two_sessions_lie_a_night_apart(hours: float, state: str) -> None:
    # With times of day that are all alike it takes a wide window to see it.
    wide = RULES.same.model_copy(update={"hours": RULES.same.hours.model_copy(update={"value": 12.0})})
    rules = RULES.model_copy(update={"same": wide})
    found = change_of(series([18, 18, 30, 30], [0, 1, 2, 2 + hours / 24], rules=rules), rules, STEADY)
    assert found.state == state


def test_another_session_of_the_same_day_neither_confirms_nor_breaks() -> None:
    assert change(18, 18, 30, 30, days=[0, 1, 2, 2.05]).state == "no_clear_change"
    assert change(18, 18, 30, 30, 30, days=[0, 1, 2, 2.05, 3]).state == "grew"
    assert change(18, 18, 30, 19, 30, days=[0, 1, 2, 2.05, 3]).state == "no_clear_change"


def test_one_day_gives_one_session_to_the_baseline() -> None:
    found = change(18, 40, 20, days=[0, 0.05, 1])
    assert found.baseline is not None
    assert found.baseline.value == 19.0


def test_the_baseline_takes_two_sessions() -> None:
    assert change().state == change(18).state == "too_few"
    assert change(18).sentence.startswith("No comparison yet: it begins with two sessions on different days")
    assert change(18, 20).sentence == "No clear change yet: differences under 10° can be chance."


def test_after_news_the_baseline_starts_anew() -> None:
    found = change(18, 18, 28, 30, 31, 20)
    assert found.state == "no_clear_change"
    assert found.baseline is not None
    assert found.baseline.value == 29.0
    assert found.sentence == (
        "Your comfortable side bend to the left grew from 18° to 29° by 5 November. "
        "No clear change since: differences under 10° can be chance."
    )
    again = change(18, 18, 28, 30, 31, 40, 40)
    assert [n.after.value for n in again.news] == [29.0, 40.0]
    assert again.state == "grew"


def test_nothing_is_told_across_another_model() -> None:
    sessions = [bend_session(d, 18) for d in range(2)]
    sessions += [bend_session(d, 40, model_sha256=OTHER_MODEL) for d in range(2, 6)]
    found = change_of(series_of(history(sessions), SIDE_BEND, RULES), RULES)
    assert (found.state, found.news) == ("no_clear_change", ())
    assert found.baseline is not None
    assert found.baseline.value == 40.0


def with_painkillers(values: tuple[float, ...], on: set[int]) -> Change:
    sessions = [bend_session(d, value) for d, value in enumerate(values)]
    taken = tuple(check_in(d, 7.9, painkiller=True) for d in sorted(on))
    return change_of(series_of(history(sessions, check_ins=taken), SIDE_BEND, RULES), RULES, STEADY)


def test_days_with_a_painkiller_are_not_held_against_days_without() -> None:
    assert with_painkillers((18, 18, 30, 30), on={2, 3}).state == "no_clear_change"
    assert with_painkillers((30, 30, 18, 18), on={0, 1}).state == "no_clear_change"


def test_who_takes_one_every_day_hears_of_a_change() -> None:
    assert with_painkillers((18, 18, 30, 30), on={0, 1, 2, 3}).state == "grew"
    assert with_painkillers((18, 18, 50, 30, 50, 30), on={0, 1, 3, 5}).state == "grew"


def test_who_stops_taking_them_begins_anew() -> None:
    values = (18, 18, 18, 30, 30, 30)
    found = with_painkillers(values, on={0, 1, 2})
    assert found.state == "no_clear_change"
    assert found.baseline is not None
    assert found.baseline.value == 30.0
    back = with_painkillers((*values, 30, 31, 32), on={0, 1, 2, 6, 7, 8})
    assert [(n.before.value, n.after.value) for n in back.news] == [(18.0, 30.5)]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ((18, 18, (30, True), (30, True)), "grew"),
        (((18, True), 18, 30, 30), "no_clear_change"),
        ((30, 30, (18, True), (18, True)), "no_clear_change"),
        (((30, True), 30, 18, 18), "fell"),
    ],
)
def test_more_than_is_used_only_where_it_is_certain(values: tuple[object, ...], state: str) -> None:
    read = [degrees(v[0], above=v[1]) if isinstance(v, tuple) else v for v in values]
    assert change(*read).state == state  # type: ignore[arg-type]


def test_more_than_is_written_so() -> None:
    found = change(18, 18, degrees(30, above=True), degrees(30, above=True))
    assert "from 18° to more than 30°" in found.sentence


@settings(max_examples=60)
@given(
    st.lists(st.integers(5, 60), min_size=4, max_size=14),
    st.lists(st.floats(0.05, 4.0), min_size=14, max_size=14),
)
def test_what_was_told_once_stays_told(values: list[int], gaps: list[float]) -> None:
    """A later session never takes news back, as long as conditions are alike; and one that is too few never tells."""
    days = [sum(gaps[:i]) // 1 for i in range(len(values))]  # whole days, some of them twice
    whole = [n.by[-1].point.session_id for n in change(*values, days=_spread(days)).news]
    for n in range(len(values)):
        part = [x.by[-1].point.session_id for x in change(*values[:n], days=_spread(days)[:n]).news]
        assert part == whole[: len(part)]
        assert not part or n >= 4


def _spread(days: list[float]) -> list[float]:
    """The same with sessions of one day a few minutes apart."""
    return [day + 0.005 * i for i, day in enumerate(days)]


# --- counts, times, and what has no rule ---------------------------------------------------------


def counted(*stands: int) -> Change:
    what = followed("sit_to_stand", "repetitions")
    sessions = [
        measured_session(d, "sit_to_stand", repetitions=Value(value=n, unit="count", uncertainty=0))
        for d, n in enumerate(stands)
    ]
    return change_of(series_of(history(sessions), what, RULES, "measure"), RULES)


def held(*seconds: float) -> Change:
    what = next(f for f in _holds() if f.kind == "time")
    key = what.key.replace("/", "__")
    sessions = [
        measured_session(d, what.exercise, **{key: Value(value=s, unit="s", uncertainty=0.4)})
        for d, s in enumerate(seconds)
    ]
    return change_of(series_of(history(sessions), what, RULES, "measure"), RULES)


def _holds() -> list[object]:
    from checker.care.followed import all_followed
    from checker.library import find_exercise

    return list(all_followed(find_exercise("plank")))


def test_three_more_stands_twice_are_a_change() -> None:
    assert counted(9, 9, 12, 12).state == "grew"
    assert counted(9, 9, 12, 12).sentence.startswith("Your times in 30 seconds grew from 9 to 12.")
    assert counted(9, 9, 11, 11).sentence == "No clear change yet: differences under 3 can be chance."
    assert counted(9, 9, 12, 11).state == "no_clear_change"


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        ((10, 10, 15, 15), "grew"),
        ((10, 10, 14.9, 14.9), "no_clear_change"),
        ((40, 40, 50, 50), "grew"),
        ((40, 40, 49, 49), "no_clear_change"),
        ((40, 40, 30, 30), "fell"),
    ],
)
def test_a_time_held_changes_by_five_seconds_and_a_quarter(seconds: tuple[float, ...], state: str) -> None:
    assert held(*seconds).state == state


def test_an_estimate_is_never_news() -> None:
    what = followed("bird_dog", "hip_extension", "left")
    sessions = [
        measured_session(d, "bird_dog", hip_extension__left=degrees(v)) for d, v in enumerate((5, 5, 80, 80, 80))
    ]
    found = change_of(series_of(history(sessions), what, RULES, "measure"), RULES)
    assert (found.state, found.news) == ("estimate", ())
    assert "estimate" in found.sentence


def test_wavering_has_no_rule() -> None:
    what = followed("wall_sit", "steadiness")
    sessions = [measured_session(d, "wall_sit", steadiness=degrees(v)) for d, v in enumerate((5, 5, 80, 80, 80))]
    assert change_of(series_of(history(sessions), what, RULES, "measure"), RULES).state == "no_rule"


# --- what the person says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (5, 3, "better"),
        (5, 3.5, "no_clear_change"),
        (8, 6, "no_clear_change"),  # two points, but a quarter
        (8, 5.6, "better"),
        (0, 2, "worse"),
        (3, 5, "worse"),
        (8, 10, "no_clear_change"),
    ],
)
def test_pain_changes_by_two_points_and_thirty_per_cent(before: float, now: float, verdict: str) -> None:
    assert pain_verdict(before, now, RULES) == verdict


def test_pain_is_compared_by_medians_of_days_that_do_not_overlap() -> None:
    pains = [6, 9, 6, 6, 2, 6, 6, 6, 3, 3, 9, 3]  # one bad and one good day among them change nothing
    answers = tuple(check_in(d, kind="daily", pain=p) for d, p in enumerate(pains))
    after = check_in(11, 9, kind="after", pain=10)
    found = pain_change(history(check_ins=(*answers, after)), FIRST_DAY.date() + timedelta(days=11), RULES)
    assert found is not None
    assert (found.before, found.now, found.verdict) == (6.0, 3.0, "better")
    assert found.sentence.startswith("Your pain went down from 6 to 3 of 10.")
    assert pain_change(history(check_ins=answers[:7]), FIRST_DAY.date() + timedelta(days=6), RULES) is None
    assert pain_change(history(), FIRST_DAY.date(), RULES) is None


def rated(*answers: tuple[float, str, int]) -> History:
    from uuid import uuid5

    from weeks import WHO, moment

    return history(
        activities=tuple(
            ActivityAnswer(id=uuid5(WHO, f"{a}"), person_id=WHO, at=moment(a[0]), activity=a[1], difficulty=a[2])
            for a in answers
        )
    )


def test_an_activity_changes_by_three_and_their_mean_by_two() -> None:
    of = rated((0, "socks", 8), (0, "stairs", 6), (0, "sleep", 5), (7, "socks", 5), (7, "stairs", 4), (7, "sleep", 4))
    single, mean = activity_changes(of, RULES), activities_change(of, RULES)
    assert {name: told.verdict for name, told in single.items()} == {
        "socks": "better",
        "stairs": "no_clear_change",
        "sleep": "no_clear_change",
    }
    assert mean is not None
    assert (mean.before, mean.now, mean.verdict) == (pytest.approx(19 / 3), pytest.approx(13 / 3), "better")


def test_an_activity_rated_once_is_not_compared() -> None:
    assert activities_change(rated((0, "socks", 8), (0.1, "socks", 2)), RULES) is None
    assert activities_change(rated(), RULES) is None


def test_the_rules_can_ask_for_three_in_a_row() -> None:
    stricter = RULES.change.model_copy(update={"confirm": RULES.change.confirm.model_copy(update={"value": 3})})
    rules: ChangeRules = RULES.model_copy(update={"change": stricter})
    assert change_of(series([18, 18, 30, 30]), rules, STEADY).state == "no_clear_change"
    assert change_of(series([18, 18, 30, 30, 30]), rules, STEADY).state == "grew"
