"""The physio's desk: each rule at its threshold and below it, the order of the lines, and what was seen."""

from __future__ import annotations

import string
from datetime import timedelta
from typing import Any

import pytest
from care_people import DAY0, Diary, library, rules, try_out

from checker.care.change_rules import load_change_rules
from checker.care.decision import Decision
from checker.care.records import Amount, History, PainMark, PlanItem, Session
from checker.care.worklist import FIND, Attention, attention, ranked
from checker.care.worklist_case import Basis, Case, Reason
from checker.care.worklist_curves import pain_curve, range_curves
from checker.care.worklist_rules import WorklistRules, load_worklist_rules
from checker.care.worklist_seen import SEEN, UNSEEN, covers
from checker.fault_rules import OWN_LIMIT

RULES = load_worklist_rules()
BASIS = Basis(RULES, rules(), load_change_rules(), library())
BEND = "standing_side_bend"


def looked(of: Diary | History, day: int) -> Attention:
    history = of.history if isinstance(of, Diary) else of
    return attention(history, DAY0 + timedelta(days=day), BASIS)


def found(of: Diary, day: int, rule: str) -> Reason | None:
    """What one rule finds, by its own function."""
    case = Case(of.history, DAY0 + timedelta(days=day), BASIS)
    reasons = list(FIND[rule](case))
    assert len(reasons) <= 1
    assert all(reason.rule == rule for reason in reasons)
    return reasons[0] if reasons else None


def words(of: Diary, day: int, rule: str) -> str:
    reason = found(of, day, rule)
    return "" if reason is None else reason.words


def decided(diary: Diary, day: int, visible: int | None = 3, **more: Any) -> Decision:
    """A kept decision as the programme would make it."""
    phase = {"mobility": visible, "control": None, "strength": None}
    known = {"state": "ACTIVE", "phase": phase, "reason": "A reason.", "rule": "r", "rules_version": "v"} | more
    decision = Decision.model_validate({"date": DAY0 + timedelta(days=day), "visible": visible, **known})
    return diary.keep(decision)


# --- the file -------------------------------------------------------------------------------------


def test_every_rule_of_the_file_is_looked_for_and_the_other_way_round() -> None:
    assert set(FIND) == set(WorklistRules.model_fields)
    for rule in FIND:
        about = RULES.of(rule)
        assert about.tier in range(5)
        assert len(about.source) > 3
        assert about.status == "clinical judgement"
        assert list(string.Formatter().parse(about.text))
    with pytest.raises(KeyError, match="worklist"):
        RULES.of("score")


def test_a_wrong_file_is_told(tmp_path: Any) -> None:
    path = tmp_path / "worklist.toml"
    path.write_text("[review]\ntier = 9\n", encoding="utf-8")
    with pytest.raises(ValueError, match="review"):
        load_worklist_rules(path)


def test_of_somebody_who_was_only_added_there_is_nothing() -> None:
    nothing = looked(Diary(), 30)
    assert (nothing.tier, nothing.reasons, nothing.phase, nothing.since) == (5, (), None, None)


# --- 0: now ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("question", "answer", "is_open"), [
    ("bladder", "yes", True), ("bladder", "unsure", True), ("bladder", "no", False),
    ("fever", "yes", True), ("fever", "unsure", False), ("no_such", "yes", True),
])  # fmt: skip
def test_an_open_answer_of_the_groups_that_stop_something(question: str, answer: str, is_open: bool) -> None:
    diary = Diary()
    diary.answer(question, answer, 1)
    reason = found(diary, 3, "open_question")
    assert (reason is not None) == is_open
    if reason is not None:
        assert (reason.tier, reason.since, reason.about) == (0, DAY0 + timedelta(days=1), question)
        assert "2 December" in reason.words
        diary.release(question, 2)
        assert found(diary, 3, "open_question") is None


def test_a_group_that_is_only_mentioned_is_not_listed() -> None:
    group = next(q for q in rules().safety.questions if q.group == "mention")
    diary = Diary()
    diary.answer(group.id, "yes", 1)
    assert found(diary, 1, "open_question") is None


def test_new_symptoms_in_the_leg_until_they_are_answered() -> None:
    diary = Diary()
    diary.check_in(3, 1, new_leg_symptoms=True)
    assert words(diary, 4, "new_leg_symptom") == "New symptoms in the leg, told on 2 December"
    assert found(diary, 4, "open_question") is None  # told once
    diary.release("new_leg_symptoms", 5)
    assert found(diary, 5, "new_leg_symptom") is None


@pytest.mark.parametrize(("pain", "day", "later", "listed"), [
    (8, 1, None, True), (7, 1, None, False), (8, 9, None, True),  # the newest word, however old
    (8, 2, 3, True), (8, 3, 3, False),  # eased since: for two days
])  # fmt: skip
def test_much_pain(pain: int, day: int, later: int | None, listed: bool) -> None:
    diary = Diary()
    diary.check_in(pain, 1)
    if later is not None:
        diary.check_in(later, 2)
    assert (found(diary, day, "pain_high") is not None) == listed


def test_much_pain_is_as_old_as_its_run_and_as_much_as_its_worst() -> None:
    diary = Diary()
    for day, pain in ((0, 8), (1, 3), (2, 8), (3, 9)):
        diary.check_in(pain, day)
    reason = found(diary, 3, "pain_high")
    assert reason is not None
    assert (reason.since, reason.grade) == (DAY0 + timedelta(days=2), 9.0)
    assert reason.words == "Pain 9 of 10, told on 4 December"


# --- 1: today -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "later", "listed"), [
    (2, None, False), (3, None, False), (3, 22.1, False), (3, 22.2, True), (4, None, True),
])  # fmt: skip
def test_a_flare_up_of_72_hours_by_the_clock(day: int, later: float | None, listed: bool) -> None:
    diary = Diary()
    diary.event("flare_began", 0, 22.2, who="person")
    flare = {"began": DAY0, "usual": 3.0, "visible": 3, "rule": "flare/told"}
    decided(diary, 1, state="FLARE", flare=flare)
    if later is not None:
        diary.check_in(6, day, later)
    assert (found(diary, day, "flare_long") is not None) == listed
    decided(diary, 2)
    assert found(diary, 9, "flare_long") is None  # the newest decision knows of none


def test_a_long_flare_up_says_how_the_pain_has_gone() -> None:
    diary = Diary()
    diary.event("flare_began", 0, 7.0, who="person")
    diary.check_in(6, 0, 8.0)
    decided(diary, 0, state="FLARE", flare={"began": DAY0, "usual": 3.0, "visible": 3, "rule": "flare/told"})
    diary.check_in(4, 3, 8.0)
    assert words(diary, 3, "flare_long") == (
        "A flare-up since 1 December, 73 hours and more, limit 72: pain 6 → 4 of 10"
    )


@pytest.mark.parametrize(("day", "listed"), [(1, True), (7, True), (8, False)])
def test_a_step_back_for_a_week(day: int, listed: bool) -> None:
    diary = Diary()
    decided(diary, 1, 2, moved="back", reason="Twice 6 of 10.")
    decided(diary, 2, 2)
    told = words(diary, day, "back_step")
    assert told == ("Back to phase 2, pain-free range, on 2 December: Twice 6 of 10." if listed else "")


def bends(*values: float | None, exercise: str = BEND) -> Diary:
    """One side bend to first pain a day."""
    diary = Diary()
    for day, degrees in enumerate(values):
        more = {} if degrees is None else try_out(library()[exercise], degrees)
        diary.session(exercise, day, **more)
    return diary


def test_a_confirmed_loss_of_range_with_its_figures() -> None:
    before = (31, 31, 31, 31)  # of whom less is known, a limit is wider
    assert found(bends(*before, 19), 4, "range_lost") is None  # once is none
    assert found(bends(*before, 22, 22), 5, "range_lost") is None  # less than the limit
    case = Case(bends(*before, 19, 19).history, DAY0 + timedelta(days=5), BASIS)
    left, right = FIND["range_lost"](case)
    assert left.words == "Comfortable side bend to the left: 31° → 19°, in 2 sessions in a row, limit 10°"
    assert (left.since, left.about, right.about) == (DAY0 + timedelta(days=5), f"{BEND}/left", f"{BEND}/right")
    gained = Case(bends(*before, 19, 19, *before).history, DAY0 + timedelta(days=9), BASIS)
    assert not list(FIND["range_lost"](gained))


@pytest.mark.parametrize(("before", "now", "listed"), [
    (3, 5, True), (3, 4, False),  # by 2
    (7, 9, False), (6, 8, True),  # and by 30 per cent
])  # fmt: skip
def test_pain_that_went_up_over_a_week(before: int, now: int, listed: bool) -> None:
    diary = Diary()
    for day in range(10):
        diary.check_in(before if day < 7 else now, day)
    told = words(diary, 9, "pain_up")
    assert told == (
        f"Pain {before} → {now} of 10: the middle of the last 3 days against the 7 days before" if listed else ""
    )


def test_a_rise_of_pain_is_as_old_as_it_has_held_and_one_bad_evening_is_none() -> None:
    diary = Diary()
    for day in range(10):
        diary.check_in(5 if day == 9 else 3, day)
    assert found(diary, 9, "pain_up") is None
    diary.check_in(5, 10)
    diary.check_in(5, 11)
    reason = found(diary, 11, "pain_up")
    assert reason is not None
    assert reason.since == DAY0 + timedelta(days=10)
    assert found(diary, 30, "pain_up") is None  # nothing was told lately


# --- 2: this week ---------------------------------------------------------------------------------


def test_two_sessions_in_a_row_that_gave_no_value() -> None:
    diary = Diary()
    diary.session("bridge", 0)
    diary.session("bridge", 1, measured=False)
    assert found(diary, 1, "not_measured") is None
    diary.session("walking", 1, 11.0, how="timer", measured=False)
    diary.session("squat", 1, 12.0, measured=False, aborted="pain")
    diary.session("squat", 1, 13.0, measured=False, ended_at=None)
    assert found(diary, 1, "not_measured") is None  # nothing was to be measured, or it was broken off
    diary.session("squat", 2, measured=False)
    assert words(diary, 2, "not_measured") == (
        "2 sessions in a row were not measured (Bridge, Squat): help with the camera"
    )
    diary.session("squat", 3)
    assert found(diary, 3, "not_measured") is None


def planned(days_done: list[bool]) -> Diary:
    """A plan of one movement a day, done or not, from the first day on."""
    diary = Diary()
    for day, done in enumerate(days_done):
        item = PlanItem(
            **diary.head(day, 7.0), for_day=DAY0 + timedelta(days=day), exercise="bridge",
            amount=Amount(repetitions=8), rule="r", reason="",
        )  # fmt: skip
        diary.add("plan", item)
        if done:
            diary.session("bridge", day, amount=Amount(repetitions=8))
    return diary


@pytest.mark.parametrize(("done", "of", "listed"), [(3, 7, True), (3, 6, False), (2, 6, True), (0, 2, False)])
def test_less_than_half_of_the_planned_days(done: int, of: int, listed: bool) -> None:
    diary = planned([n < done for n in range(of)])
    told = words(diary, of, "few_days")
    assert told == (f"Something was done on {done} of {of} planned days of the last 7" if listed else "")


def test_other_movements_on_a_planned_day_count_for_the_desk() -> None:
    diary = planned([False] * 5)
    for day in range(4):
        diary.session("walking", day, how="timer", measured=False)
    assert found(diary, 5, "few_days") is None
    assert words(planned([False] * 5), 5, "few_days") == "Something was done on 0 of 5 planned days of the last 7"


def test_today_is_not_over_and_a_share_is_as_old_as_it_has_held() -> None:
    assert found(planned([True, True, True, False, False, False]), 5, "few_days") is None
    reason = found(planned([True] * 7 + [False] * 6), 13, "few_days")
    assert reason is not None
    assert reason.since == DAY0 + timedelta(days=11)  # from the day before it: 4 of 7 without


@pytest.mark.parametrize(("day", "listed", "grade"), [(5, False, 0), (6, True, 0), (12, True, 0), (13, True, 1)])
def test_five_days_without_a_session(day: int, listed: bool, grade: int) -> None:
    diary = Diary()
    diary.session("bridge", 1)
    assert found(diary, day, "no_session") is None  # the programme has not begun
    decided(diary, 1)
    reason = found(diary, day, "no_session")
    assert (reason is not None) == listed
    if reason is not None:
        assert (reason.since, reason.grade) == (DAY0 + timedelta(days=6), grade)
    decided(diary, 2, state="DONE")
    assert found(diary, day, "no_session") is None


def faulty(*days: int, fault: str = "knee_bend") -> Diary:
    diary = Diary()
    for day in days:
        diary.session(BEND, day, faults=frozenset([fault]))
    return diary


def test_a_new_fault_in_three_sessions() -> None:
    assert found(faulty(0, 1), 2, "new_fault") is None
    told = words(faulty(0, 1, 2), 2, "new_fault")
    assert told == "Standing side bend: “Knees bending” in 3 sessions, the first on 1 December"
    assert found(faulty(0, 1, 2), 13, "new_fault") is not None
    assert found(faulty(0, 1, 2), 14, "new_fault") is None  # not new any more
    assert found(faulty(0, 1, 2, fault="side_difference"), 2, "new_fault") is None  # no fault of form
    assert found(faulty(0, 1, 2, fault="no_such"), 2, "new_fault") is None


@pytest.mark.parametrize(("day", "listed"), [(1, True), (7, True), (8, False)])
def test_past_the_limit_of_a_physio(day: int, listed: bool) -> None:
    diary = faulty(1, fault=OWN_LIMIT)
    reason = found(diary, day, "past_limit")
    assert (reason is not None) == listed
    assert reason is None or reason.tier == 1
    assert words(diary, day, "past_limit") == (
        "Standing side bend: past the limit that is set, on 2 December" if listed else ""
    )
    assert found(faulty(1), day, "past_limit") is None


@pytest.mark.parametrize(("marks", "day", "listed"), [(2, 1, False), (3, 1, True), (3, 7, True), (3, 8, False)])
def test_three_marks_of_pain_in_a_session(marks: int, day: int, listed: bool) -> None:
    diary = Diary()
    session: Session = diary.session(BEND, 1)
    diary.session(BEND, 1, 11.0)
    for n in range(marks):
        diary.add("pain_marks", PainMark(**diary.head(1, 10.1), session_id=session.id, t_s=float(n)))
    told = words(diary, day, "pain_marks")
    assert told == ("3 marks of pain in one session of Standing side bend on 2 December" if listed else "")


# --- 3: decide ------------------------------------------------------------------------------------


def test_the_phase_of_the_targets_without_one() -> None:
    diary = Diary()
    decided(diary, 3, 3)
    assert found(diary, 4, "ready_for_5") is None
    decided(diary, 4, 4, phase={"mobility": 5, "control": 4, "strength": None}, since={"mobility": DAY0})
    reason = found(diary, 4, "ready_for_5")
    assert reason is not None
    assert reason.since == DAY0
    diary.event("target_set", 4, data={"exercise": BEND, "target": {"left": 30.0}})
    assert found(diary, 4, "ready_for_5") is None


def test_a_phase_that_is_offered() -> None:
    diary = Diary()
    decided(diary, 3, 8)
    assert found(diary, 3, "ready_for_9") is None
    offer = [{"kind": "enter_phase_9", "rule": "phase-8/on", "text": "It is."}]
    decided(diary, 4, 8, offers=offer)
    decided(diary, 6, 8, offers=offer)
    reason = found(diary, 7, "ready_for_9")
    assert reason is not None
    assert reason.since == DAY0 + timedelta(days=4)
    decided(diary, 7, 9)
    assert found(diary, 7, "ready_for_9") is None


@pytest.mark.parametrize(("day", "flared", "listed"), [(13, False, False), (14, False, True), (14, True, False)])
def test_two_weeks_in_phase_9(day: int, flared: bool, listed: bool) -> None:
    diary = Diary()
    diary.event("phase_set", 0, data={"phase": 9})
    if flared:
        flare = {"began": DAY0, "usual": 3.0, "visible": 9, "rule": "flare/told"}
        decided(diary, 2, 9, state="FLARE", flare=flare)
    decided(diary, 5, 9)
    assert (found(diary, day, "ready_for_10") is not None) == listed


def test_a_target_that_was_reached_twice() -> None:
    diary = bends(28, 31)
    assert found(diary, 2, "target_reached") is None  # none is set
    diary.event("target_set", 1, data={"exercise": BEND, "target": {"left": 30.0}})
    assert found(diary, 2, "target_reached") is None
    diary.session(BEND, 2, **try_out(library()[BEND], 30.0))
    assert words(diary, 2, "target_reached") == (
        "Comfortable side bend to the left: 31° and 30°, in 2 sessions, target 30°"
    )


@pytest.mark.parametrize(("day", "told"), [
    (6, ""), (7, "The lock ends on 10 December"), (9, "The lock ends on 10 December"),
    (10, "The lock ended on 10 December"), (16, "The lock ended on 10 December"), (17, ""),
])  # fmt: skip
def test_a_lock_that_ends(day: int, told: str) -> None:
    diary = Diary()
    diary.event("locked", 0, data={"until": "2026-12-10"})
    assert words(diary, day, "lock_ends") == told
    diary.event("unlocked", 1)
    assert words(diary, day, "lock_ends") == ""


# --- 4: routine -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "listed"), [(6, False), (7, True)])
def test_the_weekly_look(day: int, listed: bool) -> None:
    diary = Diary()
    diary.ladder({})
    assert (found(diary, day, "weekly_look") is not None) == listed


@pytest.mark.parametrize(("day", "seen", "listed"), [(6, None, False), (7, None, True), (9, 3, False), (10, 3, True)])
def test_a_week_in_which_nobody_looked(day: int, seen: int | None, listed: bool) -> None:
    diary = Diary()
    diary.check_in(2)
    if seen is not None:
        diary.event(SEEN, seen, data=covers([]))
    told = words(diary, day, "review")
    assert told == ("Nobody has looked for 7 days" if listed else "")


# --- the order, and what was seen -----------------------------------------------------------------


def test_the_strictest_reason_gives_the_tier_and_the_oldest_comes_first() -> None:
    diary = Diary()
    diary.check_in(8, 4)
    diary.answer("bladder", "yes", 2)
    diary.ladder({}, 0)
    now = looked(diary, 8)
    assert now.tier == 0
    assert [r.rule for r in now.reasons][:2] == ["open_question", "pain_high"]
    assert now.since == DAY0 + timedelta(days=2)


def test_people_are_ranked_by_tier_and_then_by_age() -> None:
    def of(tier: Any, day: int) -> Attention:
        reason = Reason("r", tier, "", DAY0 + timedelta(days=day))
        return Attention(tier, (reason,), (), None, None)

    nothing = Attention(5, (), (), None, None)
    people = [("e", nothing), ("c", of(1, 0)), ("b", of(0, 5)), ("d", of(2, 1)), ("a", of(0, 2))]
    assert [name for name, _ in ranked(people)] == ["a", "b", "c", "d", "e"]


def see(diary: Diary, day: int, hour: float = 12.0) -> Any:
    return diary.event(SEEN, day, hour, data=covers(looked(diary, day).reasons))


def test_what_was_seen_comes_back_when_it_changes() -> None:
    diary = Diary()
    diary.check_in(8, 1)
    assert looked(diary, 1).tier == 0
    see(diary, 1)
    seen = looked(diary, 1)
    assert (seen.tier, [r.rule for r in seen.seen], seen.last_seen) == (5, ["pain_high"], DAY0 + timedelta(days=1))
    diary.check_in(8, 2)
    assert looked(diary, 2).tier == 5  # the same run, no more of it
    diary.check_in(9, 3)
    assert looked(diary, 3).tier == 0  # more
    see(diary, 3)
    diary.check_in(3, 4)
    diary.check_in(8, 5)
    assert looked(diary, 5).tier == 0  # another one


def test_another_question_brings_a_line_back() -> None:
    diary = Diary()
    diary.answer("fever", "yes", 1)
    see(diary, 1)
    diary.answer("bladder", "yes", 2)
    assert [r.about for r in looked(diary, 2).reasons] == ["bladder"]


def test_days_without_a_session_come_back_after_another_week() -> None:
    diary = Diary()
    diary.session("bridge", 1)
    decided(diary, 1)
    see(diary, 6)
    assert {r.rule for r in looked(diary, 12).reasons} == set()
    assert "no_session" in {r.rule for r in looked(diary, 13).reasons}


def test_a_mark_is_taken_back_and_wrong_data_marks_nothing() -> None:
    diary = Diary()
    diary.check_in(8, 1)
    mark = see(diary, 1)
    diary.event(UNSEEN, 1, 13.0, data={"of": str(mark.id)})
    assert (looked(diary, 1).tier, looked(diary, 1).last_seen) == (0, None)
    for data in ({"covers": 3}, {"covers": [3, {"rule": "pain_high"}]}, {}):
        diary.event(SEEN, 1, 14.0, data=data)
    assert looked(diary, 1).tier == 0


def test_what_comes_later_is_not_looked_at_and_the_order_of_records_does_not_matter() -> None:
    diary = Diary()
    diary.check_in(2, 0)
    before = looked(diary, 2)
    diary.check_in(9, 3)
    diary.answer("bladder", "yes", 3)
    assert looked(diary, 2) == before


# --- the curves -----------------------------------------------------------------------------------


def test_the_curves_are_of_the_last_days_and_of_the_test_that_is_named() -> None:
    diary = bends(31, 31, 19, 19)
    for day in range(4):
        diary.session("standing_hip_hinge", day, 12.0, **try_out(library()["standing_hip_hinge"], 50.0))
        diary.session("standing_hip_hinge", day, 13.0, **try_out(library()["standing_hip_hinge"], 50.0))
    diary.check_in(2, 1)
    diary.check_in(4, 1, 9.0)
    case = Case(diary.history, DAY0 + timedelta(days=3), BASIS)
    assert pain_curve(case).points == ((DAY0 + timedelta(days=1), 4.0),)  # as told last
    lost = tuple(FIND["range_lost"](case))
    left, right = range_curves(case, lost)
    assert (left.name, right.unit) == ("Comfortable side bend to the left", "deg")
    assert [v for _, v in left.points] == [31.0, 31.0, 19.0, 19.0]
    later = Case(diary.history, DAY0 + timedelta(days=60), BASIS)
    assert (pain_curve(later).points, range_curves(later)) == ((), ())
