"""Each criterion of a phase at its edge: met with just enough, unmet with just too little."""

from __future__ import annotations

from typing import Any

import pytest
from care_people import Diary, library, rules, try_out, value

from checker.care import phase_rules as p
from checker.care.criteria import Finding, Scene, day_kind, judge
from checker.care.facts import session_days
from checker.care.records import Amount, SideRange

SOURCED = {"source": "a test", "status": "clinical judgement"}
HINGE = "standing_hip_hinge"
TESTS = ["seated_forward_lean", "standing_side_bend", "standing_trunk_rotation", HINGE]


def look(criterion: Any, diary: Diary, day: int = 10, since: int = 0, **more: Any) -> Finding:
    """What a criterion says on a day, and that it says it in words."""
    scene = Scene(diary.history, diary.at(day).date(), diary.at(since).date(), rules(), **more)
    found = judge(criterion, scene)
    assert found.text
    assert not found.text.endswith(".")
    return found


def test_safety_clear() -> None:
    rule = p.SafetyClear(rule="safety_clear", **SOURCED)
    diary = Diary()
    assert look(rule, diary).want == 24
    diary.all_clear()
    assert look(rule, diary).met
    diary.answer("fever", "yes", 1)
    assert not look(rule, diary).met
    diary.release("fever", 2)
    assert look(rule, diary).met


@pytest.mark.parametrize(
    ("pains", "met"),
    [
        ([5, 5], True),
        ([6, 5], False),
        ([7, 5], True),  # down by two
        ([6, 6, 5, 5], True),
        ([5], False),
        ([5, 6], False),
        ([4, 5, 6], False),
        ([8, 7], False),
        ([8, 6], True),
        ([], False),
    ],
)
def test_pain_at_rest_twice_on_different_days_or_down_by_two(pains: list[int], met: bool) -> None:
    rule = p.PainAtRest(rule="nrs_at_rest", at_most=5, times=2, or_down_by=2, **SOURCED)
    diary = Diary()
    for day, pain in enumerate(pains):
        diary.check_in(pain, day)
    assert look(rule, diary).met is met


def test_pain_at_rest_on_one_day_or_under_a_painkiller_is_not_enough() -> None:
    rule = p.PainAtRest(rule="nrs_at_rest", at_most=5, times=2, or_down_by=2, **SOURCED)
    diary = Diary()
    diary.check_in(5, 0, 8.0)
    diary.check_in(5, 0, 20.0)
    diary.check_in(2, 1, painkiller=True)
    assert not look(rule, diary).met
    diary.check_in(5, 2)
    assert look(rule, diary).met


@pytest.mark.parametrize(("seconds", "met"), [(299, False), (300, True)])
def test_walked(seconds: float, met: bool) -> None:
    rule = p.Walked(rule="walked", exercise="walking", duration_s=300, **SOURCED)
    diary = Diary()
    diary.session("walking", 1, amount=Amount(duration_s=seconds), how="timer", measured=False)
    assert look(rule, diary).met is met
    assert not look(rule, diary, day=1).met, "what was done today counts tomorrow"
    assert not look(rule, diary, since=2).met


def test_walked_by_the_clock_where_no_amount_was_kept() -> None:
    rule = p.Walked(rule="walked", exercise="walking", duration_s=300, **SOURCED)
    diary = Diary()
    diary.session("walking", 1, 10.0, ended_at=None)
    assert not look(rule, diary).met, "broken off without a word"
    diary.session("walking", 2, 10.0, ended_at=diary.at(2, 10.0 + 300 / 3600))
    assert look(rule, diary).met


@pytest.mark.parametrize(("day", "met"), [(0, False), (1, True)])
def test_days_since_onset(day: int, met: bool) -> None:
    rule = p.DaysSinceOnset(rule="days_since_onset", days=1, **SOURCED)
    diary = Diary()
    assert look(rule, diary, day=day).met is met, "without an onset from the beginning of the phase"
    diary.episode(onset=0)
    assert look(rule, diary, day=day).met is met


# --- good days ------------------------------------------------------------------------------------

OK = p.OkSessions(rule="ok_sessions", count=3, **SOURCED)


def kind(before: int | None, after: int | None, settled: str | None = "same_day", **more: Any) -> str:
    diary = Diary()
    if before is not None:
        diary.check_in(before, 1, 9.0, "before", painkiller=more.pop("painkiller", None))
    session = diary.session("bridge", 1, **more)
    if after is not None:
        diary.check_in(after, 1, 11.0, "after", session_id=session.id)
    if settled is not None:
        diary.check_in(1, 2, 7.0, "next_day", session_id=session.id, settled=settled)
    (day,) = session_days(diary.history, diary.at(0).date(), diary.at(5).date())
    return day_kind(day, rules())


@pytest.mark.parametrize(
    ("before", "after", "settled", "what"),
    [
        (2, 3, "by_morning", "good"),
        (3, 3, None, "good"),  # not raised: nothing to settle
        (2, 3, None, "unknown"),
        (2, 3, "longer", "not_good"),
        (3, 4, "same_day", "not_good"),
        (1, 3, "same_day", "not_good"),  # up by two
        (0, 3, "same_day", "hard"),
        (5, 6, "same_day", "hard"),
        (6, 6, "same_day", "not_good"),  # as high before
        (None, 6, "same_day", "hard"),
        (None, 2, "same_day", "unknown"),
        (2, None, "same_day", "unknown"),
    ],
)
def test_what_kind_of_a_day(before: int | None, after: int | None, settled: str | None, what: str) -> None:
    assert kind(before, after, settled) == what


def test_of_one_movement_the_last_word_on_pain_counts() -> None:
    diary = Diary()
    diary.check_in(2, 1, 9.0, "before")
    session, other = diary.session("bridge", 1), diary.session("squat", 1, 12.0)
    diary.check_in(8, 1, 11.0, "after", session_id=session.id)  # a slip
    diary.check_in(2, 1, 11.1, "after", session_id=session.id, effort="right")
    diary.check_in(3, 1, 12.5, "after", session_id=other.id)
    (day,) = session_days(diary.history, diary.at(0).date(), diary.at(5).date())
    assert (day.after, day.rise) == (3, 1)


def test_what_else_makes_a_day_no_good_one() -> None:
    assert kind(2, 2) == "good"
    assert kind(2, 2, measured=False) == "unknown", "not measured moves neither on nor back"
    assert kind(2, 6, measured=False) == "hard", "but pain is pain"
    assert kind(2, 2, painkiller=True) == "unknown"
    assert kind(2, 2, aborted="tired") == "not_good"


@pytest.mark.parametrize(
    ("days", "have"),
    [
        ("ggg", 3),
        ("gg", 2),
        ("ggng", 1),
        ("ghgg", 2),
        ("gugug", 3),
        ("ngggg", 3),
        ("", 0),
        ("gggn", 0),
    ],
)
def test_good_sessions_in_a_row(days: str, have: int) -> None:
    diary = Diary()
    for day, what in enumerate(days):
        after = {"g": 2, "n": 4, "h": 6, "u": 2}[what]
        diary.done("bridge", day, 2, after, measured=what != "u")
    found = look(OK, diary)
    assert (found.have, found.met) == (have, have == 3)
    if found.met:
        assert len([i for i in found.inputs if i.startswith("session/")]) == 3


def test_a_good_day_is_said_to_need_the_camera_and_sessions_with_a_timer_are_none() -> None:
    diary = Diary()
    for day in range(4):
        diary.done("walking", day, 1, 2, measured=False, how="timer")
    text = (
        "3 good days in a row (something measured with the camera, pain 3 or less and up by 1 at most, settled by the "
        "morning)"
    )
    assert look(OK, diary).text == f"{text}: 0 so far"
    for day in range(4, 7):
        diary.done("bridge", day, 1, 2)
    assert look(OK, diary).text == text


# --- measures -------------------------------------------------------------------------------------


def test_range_measured_twice_in_three_of_the_tests() -> None:
    rule = p.RangeMeasured(rule="range_measured", tests=TESTS, least_tests=3, times=2, **SOURCED)
    diary = Diary()
    for test in TESTS[:3]:
        diary.session(test, 1, **try_out(library()[test], 20))
    for test in TESTS[:2]:
        diary.session(test, 2, **try_out(library()[test], 20))
    assert (look(rule, diary).met, look(rule, diary).have) == (False, 2)
    diary.session(TESTS[2], 3, ranges=[SideRange(side="left", furthest=value(30))])
    assert not look(rule, diary).met, "the furthest is not the range before pain"
    diary.session(TESTS[2], 4, ranges=[SideRange(side="left", first=value(30, censored="above"))])
    assert look(rule, diary).met


@pytest.mark.parametrize(("last", "met"), [(20.0, True), (19.9, False)])
def test_no_loss_of_more_than_two_sessions_can_tell(last: float, met: bool) -> None:
    rule = p.NoLoss(rule="no_loss", most_lost_deg={HINGE: 10}, **SOURCED)
    diary = Diary()
    assert not look(rule, diary).met, "not measured is not the same as nothing lost"
    for day, degrees in enumerate([30.0, 45.0, last]):
        diary.session(HINGE, day, **try_out(library()[HINGE], degrees))
    assert look(rule, diary).met is met
    assert look(rule, diary, since=2).met, "the phase's first value counts"


@pytest.mark.parametrize(
    ("sessions", "clear", "met"),
    [
        ([[50.0, 50.0, 10.0], [50.0, 50.0, 49.9]], True, True),
        ([[50.0, 50.0, 10.0], [50.0, 49.9, 49.9]], True, False),
        ([[50.0, 50.0, 10.0]], True, False),
        ([[50.0, 50.0, 10.0], [50.0, 50.0, 10.0]], False, False),
        ([[80.0], [80.0]], True, False),  # one repetition is not two of three
        ([[80.0, 80.0], [80.0, 80.0]], True, True),
    ],
)
def test_a_measure_in_two_of_three_repetitions_in_two_sessions(
    sessions: list[list[float]], clear: bool, met: bool
) -> None:
    rule = next(c for c in rules().phase(4).on if isinstance(c, p.MeasureAtLeast))
    diary = Diary()
    for day, angles in enumerate(sessions):
        flags = frozenset({"rounded_back"} if clear else ())
        diary.session(HINGE, day, per_repetition={"hip_flexion": angles}, clear=flags)
    assert look(rule, diary).met is met


def test_the_median_speaks_where_no_single_values_were_kept() -> None:
    rule = next(c for c in rules().phase(4).on if isinstance(c, p.MeasureAtLeast))
    diary = Diary()
    for day, n in enumerate([3, 2, 3]):
        measures = {"hip_flexion": value(50.0, n=n)}
        diary.session(HINGE, day, measures=measures, clear=frozenset({"rounded_back"}))
        assert look(rule, diary).met is (day == 2)


def wall_sit(**more: Any) -> dict[str, Any]:
    return {"measures": {"knee_flexion": value(60.0)}, "amount": Amount(repetitions=3, hold_s=20)} | more


@pytest.mark.parametrize(
    ("sessions", "met"),
    [
        ([wall_sit()], True),
        ([wall_sit(measures={"knee_flexion": value(59.9)})], False),
        ([wall_sit(measures={})], False),
        ([wall_sit(amount=Amount(repetitions=3, hold_s=19.9))], False),
        ([wall_sit(amount=Amount(repetitions=1, sets=3, hold_s=20))], True),
        ([wall_sit(amount=Amount(repetitions=2, hold_s=20))], False),
        ([wall_sit(amount=Amount(repetitions=2, hold_s=20)), wall_sit(amount=Amount(repetitions=1, hold_s=25))], True),
        ([wall_sit(per_repetition={"hold_time": [20.0, 25.0, 19.0]})], False),
        ([wall_sit(per_repetition={"hold_time": [20.0, 25.0, 20.0]}, amount=Amount())], True),
        ([wall_sit(per_repetition={"hold_time/left": [20.0] * 3, "hold_time/right": [20.0] * 2})], False),
        ([wall_sit(amount=Amount())], False),
    ],
)
def test_holds_of_one_day(sessions: list[dict[str, Any]], met: bool) -> None:
    rule = next(c for c in rules().phase(6).on if isinstance(c, p.DoneAtLeast) and c.exercise == "wall_sit")
    diary = Diary()
    for i, more in enumerate(sessions):
        diary.session("wall_sit", 1, 10.0 + i, **more)
    assert look(rule, diary).met is met


def test_holds_of_two_days_are_not_added_up() -> None:
    rule = next(c for c in rules().phase(6).on if isinstance(c, p.DoneAtLeast) and c.exercise == "squat")
    diary = Diary()
    diary.session("squat", 1, amount=Amount(repetitions=8, sets=1))
    diary.session("squat", 2, amount=Amount(repetitions=8, sets=1))
    assert (look(rule, diary).met, look(rule, diary).have) == (False, 8)
    diary.session("squat", 2, 15.0, amount=Amount(repetitions=8, sets=1))
    assert look(rule, diary).met


def test_form_must_have_been_judged_and_found_clear() -> None:
    rule = next(c for c in rules().phase(7).on if isinstance(c, p.DoneAtLeast) and c.exercise == "bird_dog")
    diary = Diary()
    more: dict[str, Any] = {"amount": Amount(repetitions=5, hold_s=5)}
    diary.session("bird_dog", 1, **more)
    diary.session("bird_dog", 2, clear=frozenset({"back_sags"}), **more)
    assert not look(rule, diary).met
    diary.session("bird_dog", 3, clear=frozenset({"back_sags", "hips_drop_or_twist"}), **more)
    assert look(rule, diary).met


@pytest.mark.parametrize(("share", "met"), [(0.79, False), (0.8, True)])
def test_a_share_of_slow_repetitions(share: float, met: bool) -> None:
    rule = next(c for c in rules().phase(7).on if isinstance(c, p.ShareAtLeast))
    diary = Diary()
    diary.session("squat", 1)
    assert not look(rule, diary).met
    diary.session("squat", 2, shares={"lowering_3s": share})
    assert look(rule, diary).met is met


# --- the range of phase 5 -------------------------------------------------------------------------


def test_nine_tenths_of_the_own_best_or_of_a_physios_target_in_two_sessions() -> None:
    rule = p.ShareOfTarget(rule="share_of_target", tests=[HINGE], share=0.9, in_sessions=2, **SOURCED)
    diary = Diary()
    assert not look(rule, diary).met
    diary.session(HINGE, 1, **try_out(library()[HINGE], 60))
    assert not look(rule, diary).met, "one session"
    diary.session(HINGE, 2, **try_out(library()[HINGE], 53.9))
    assert not look(rule, diary).met
    diary.session(HINGE, 3, **try_out(library()[HINGE], 54))
    assert look(rule, diary).met
    assert not look(rule, diary, targets={HINGE: {"both": 70.0}}).met
    assert look(rule, diary, targets={HINGE: {"both": 59.0}}).met


def test_a_target_is_told_with_its_side_where_there_is_one_and_with_what_is_missing() -> None:
    lean = "seated_forward_lean"
    rule = p.ShareOfTarget(rule="share_of_target", tests=[lean], share=0.9, in_sessions=2, **SOURCED)
    diary = Diary()
    assert look(rule, diary).text == "seated forward lean to first pain, measured in 2 sessions: 0 so far"
    diary.session(lean, 1, **try_out(library()[lean], 35))
    assert look(rule, diary).text == (
        "seated forward lean to 32° without pain in 2 sessions: 1 so far; the last time it was 35°"
    )
    bend = "standing_side_bend"
    rule = p.ShareOfTarget(rule="share_of_target", tests=[bend], share=0.9, in_sessions=2, **SOURCED)
    diary.session(bend, 1, **try_out(library()[bend], 20))
    assert look(rule, diary).text.startswith("standing side bend left to 18° without pain in 2 sessions: 1 so far")


def test_a_loss_names_no_side_of_a_movement_without_sides() -> None:
    rule = p.NoLoss(rule="no_loss", most_lost_deg={HINGE: 10}, **SOURCED)
    diary = Diary()
    for day, degrees in enumerate([30.0, 15.0]):
        diary.session(HINGE, day, **try_out(library()[HINGE], degrees))
    assert look(rule, diary).text == "the range before pain of the standing hip hinge back near 30°: it is 15° now"


def test_the_better_side_is_the_other_ones_target() -> None:
    rule = p.ShareOfTarget(rule="share_of_target", tests=["standing_side_bend"], share=0.9, in_sessions=2, **SOURCED)
    diary = Diary()
    for day, left in enumerate([20, 20, 27, 27]):
        ranges = [SideRange(side="left", first=value(left)), SideRange(side="right", first=value(30))]
        diary.session("standing_side_bend", day, ranges=ranges)
        assert look(rule, diary, day=day + 1).met is (day == 3)


@pytest.mark.parametrize(
    ("pairs", "met"),
    [
        ([(30, 21), (30, 21)], True),
        ([(30, 21), (30, 20)], False),
        ([(30, 21)], False),
        ([(30, 10), (30, 21), (21, 30)], True),
    ],
)
def test_sides_alike_in_the_last_two_sessions(pairs: list[tuple[float, float]], met: bool) -> None:
    rule = next(c for c in rules().phase(5).on if isinstance(c, p.SidesAlike))
    diary = Diary()
    for day, (left, right) in enumerate(pairs):
        ranges = [SideRange(side="left", first=value(left)), SideRange(side="right", first=value(right))]
        diary.session("standing_side_bend", day, ranges=ranges)
    assert look(rule, diary).met is met


def test_sides_that_are_alike_once_are_told_as_one_session_so_far() -> None:
    rule = next(c for c in rules().phase(5).on if isinstance(c, p.SidesAlike))
    diary = Diary()
    for day, (left, right, so_far) in enumerate([(20, 40, 0), (30, 31, 1), (20, 40, 0)]):
        ranges = [SideRange(side="left", first=value(left)), SideRange(side="right", first=value(right))]
        diary.session("standing_side_bend", day, ranges=ranges)
        assert look(rule, diary).text.endswith(f"in 2 sessions in a row: {so_far} so far")


def test_turns_are_not_compared_side_by_side() -> None:
    for phase in rules().phases:
        for rule in phase.on:
            assert not isinstance(rule, p.SidesAlike) or "standing_trunk_rotation" not in rule.tests


# --- time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [(13, False), (14, True)])
def test_days_without_a_flare_up(day: int, met: bool) -> None:
    rule = p.DaysWithoutFlare(rule="days_without_flare", days=14, **SOURCED)
    assert look(rule, Diary(), day=day).met is met
    diary = Diary()
    assert look(rule, diary, day=day + 5, flares=(diary.at(5).date(),)).met is met


@pytest.mark.parametrize(
    ("day", "met"),
    [
        ({"pain": 1, "worst": 3}, True),
        ({"pain": 1, "worst": 4}, False),
        ({"pain": 3}, True),
        ({"pain": 4}, False),
        ({"pain": None}, False),
        ({"pain": 1, "painkiller": True}, False),
        ({"pain": 1, "kind": "before"}, False),
    ],
)
def test_an_ordinary_day(day: dict[str, Any], met: bool) -> None:
    rule = p.DayAtMost(rule="day_at_most", pain=3, days=1, **SOURCED)
    diary = Diary()
    diary.check_in(day.pop("pain"), 2, **day)
    assert look(rule, diary).met is met


@pytest.mark.parametrize(("day", "met"), [(7, True), (8, False)])
def test_looked_at_again_within_a_week(day: int, met: bool) -> None:
    rule = p.Reevaluated(rule="reevaluated", days=7, **SOURCED)
    diary = Diary()
    diary.all_clear(0)
    assert not look(rule, diary, day=day).met, "the ladder too"
    diary.ladder({}, 0)
    assert look(rule, diary, day=day).met is met


def test_every_kind_of_criterion_is_used_and_known() -> None:
    used = {type(c) for phase in rules().phases for c in phase.on}
    assert len(used) == 15
    for phase in rules().phases:
        for criterion in phase.on:
            assert not look(criterion, Diary(), day=0).met, f"nobody begins with {criterion.rule} met"
