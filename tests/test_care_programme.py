"""Every transition of the programme, what a physio sets, and people who live through six weeks of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from care_people import DAY0, Diary, library, performed, rules, try_out

from checker.care.change_rules import load_change_rules
from checker.care.decision import Decision
from checker.care.losses import confirmed_losses
from checker.care.programme import decide

TESTS = ("seated_forward_lean", "standing_side_bend", "standing_trunk_rotation", "standing_hip_hinge")


def in_phase(phase: int, day: int = 0) -> Diary:
    """Somebody whom a physio has put into a phase on the first day."""
    diary = Diary()
    diary.begin({7: 5}, 2, onset=-20)
    diary.event("phase_set", day, 7.8, name="Kim", data={"phase": phase})
    diary.today(day)
    return diary


def phases(decision: Decision) -> tuple[int | None, int | None, int | None]:
    return decision.phase["mobility"], decision.phase["control"], decision.phase["strength"]


# --- before the programme -------------------------------------------------------------------------


def test_the_safety_questions_come_first_and_then_the_ladder() -> None:
    diary = Diary()
    diary.profile()
    decision = diary.decide(0)
    assert (decision.state, decision.visible, decision.plan) == ("NEW", None, [])
    assert [d.because for d in decision.questions_due] == ["first"]
    diary.all_clear()
    decision = diary.decide(0)
    assert (decision.state, decision.visible) == ("SCREENED", None)
    assert {library()[p.exercise].load for p in decision.plan} == {"calm"}
    diary.ladder({2: 8})
    assert diary.decide(0).state == "SCREENED", "pain at rest is still to be told"
    diary.check_in(5)
    decision = diary.decide(0)
    assert (decision.state, decision.visible, decision.moved) == ("ACTIVE", 1, "start")
    assert phases(decision) == (1, None, None)


def test_an_answer_that_blocks_at_the_start_and_its_release() -> None:
    diary = Diary()
    diary.begin({7: 5}, 2, onset=-10)
    diary.answer("fever", "yes", 0, 7.9)
    blocked = diary.today(0)
    assert (blocked.state, blocked.visible, blocked.blocks) == ("BLOCKED", None, "exercises")
    diary.release("fever", 1, 7.0)
    assert (diary.decide(1).state, diary.decide(1).visible) == ("ACTIVE", 3), "there was no phase to be lower than"


# --- blocked, released ----------------------------------------------------------------------------


@pytest.mark.parametrize(("phase", "after"), [(1, 1), (2, 1), (4, 3), (6, 5), (8, 7), (9, 8), (10, 8)])
def test_after_a_clinicians_answer_one_phase_lower(phase: int, after: int) -> None:
    diary = in_phase(phase)
    diary.answer("fever", "yes", 1)
    blocked = diary.today(1)
    assert (blocked.state, blocked.visible, blocked.moved) == ("BLOCKED", phase, "blocked")
    assert diary.today(2).moved is None
    diary.release("fever", 3, 7.0)
    released = diary.today(3)
    assert (released.state, released.visible, released.moved) == ("SCREENED", after, "released")
    assert any(i.startswith("release/") for i in released.inputs)
    assert (diary.decide(4).state, diary.decide(4).visible) == ("ACTIVE", after)


def test_blocked_and_released_on_one_day_is_one_lower_too() -> None:
    diary = in_phase(4)
    diary.answer("fever", "yes", 1, 9.0)
    diary.release("fever", 1, 15.0)
    assert (diary.decide(1).state, diary.decide(1).visible) == ("SCREENED", 3)


def test_a_release_of_what_was_not_open_changes_nothing() -> None:
    diary = in_phase(4)
    diary.answer("fever", "unsure", 1, 7.0)
    diary.release("fever", 1, 15.0)
    diary.release("bladder", 1, 15.0)
    assert (diary.decide(1).state, diary.decide(1).visible) == ("ACTIVE", 4)


def test_what_was_finished_is_finished_again_by_good_sessions_alone() -> None:
    diary = in_phase(4)
    diary.answer("fever", "yes", 1)
    diary.today(1)
    diary.release("fever", 2, 7.0)
    assert diary.today(2).visible == 3
    for day in (2, 3, 4):
        diary.done("cat_cow", day, 1, 1, "not_raised")
        assert diary.today(day).visible == 3 if day > 2 else True
    diary.check_in(1, 5)
    assert diary.decide(5).visible == 4


# --- back, and one bad evening --------------------------------------------------------------------


def test_one_bad_evening_halves_the_next_session_and_throws_nobody_back() -> None:
    diary = in_phase(4)
    diary.check_in(2, 1)
    diary.today(1)
    diary.done("bridge", 1, 2, 7)
    diary.check_in(2, 2)
    assert [q.because for q in diary.decide(2).questions_due] == ["pain_jump"], "7 is a jump: the questions come first"
    diary.all_clear(2, 7.8, "pain_jump")
    decision = diary.today(2)
    assert (decision.visible, decision.rule) == (4, "stay/half_dose")
    assert decision.half_dose
    moving = [p for p in decision.plan if library()[p.exercise].load != "calm"]
    assert moving
    assert {p.share for p in moving} == {"half"}
    diary.done("bridge", 2, 2, 2, "not_raised")
    assert diary.decide(3).half_dose is None
    assert diary.decide(3).visible == 4


@pytest.mark.parametrize(
    ("afters", "back"),
    [
        ([7, 7], True),
        ([7, 2, 7], True),
        ([7, 2, 2, 7], False),
        ([5, 5], True),  # up by three
        ([4, 4], False),
        ([7], False),
    ],
)
def test_two_of_the_last_three_hard_sessions_lead_one_phase_back(afters: list[int], back: bool) -> None:
    diary = in_phase(4)
    moved = []
    for day, after in enumerate(afters, 1):
        diary.check_in(2, day)
        moved.append(diary.today(day).moved)
        diary.done("bridge", day, 2, after)
    diary.check_in(2, len(afters) + 1)
    decision = diary.decide(len(afters) + 1)
    assert moved == [None] * len(afters)
    assert (decision.visible, decision.moved) == ((3, "back") if back else (4, None))
    if back:
        assert str(afters[-1]) in decision.reason
        assert decision.rule == "back/hard"
        assert any(i.startswith("session/") for i in decision.inputs)


def test_the_same_hard_days_lead_back_only_once() -> None:
    diary = in_phase(4)
    for day in (1, 2):
        diary.done("bridge", day, 2, 7)
    assert diary.today(3).visible == 3
    for day in (4, 5, 6):
        diary.check_in(1, day)
        assert diary.today(day).visible == 3


def test_a_track_goes_back_by_itself() -> None:
    diary = in_phase(6)  # mobility is at 5 and done, control at 7, strength at 6
    before = diary.decide(1)
    assert phases(before) == (5, 7, 6)
    for day in (1, 2):
        diary.done("bird_dog", day, 2, 7)
    after = diary.decide(3)
    assert after.visible == 4
    assert after.phase["control"] == 4
    assert 5 in after.finished, "mobility stays where it was"


def test_two_nights_that_did_not_settle_lead_back() -> None:
    diary = in_phase(4)
    diary.done("bridge", 1, 2, 3, "longer")
    assert diary.decide(2).visible == 4
    diary.done("bridge", 2, 2, 3, "longer")
    decision = diary.decide(3)
    assert (decision.visible, decision.rule) == (3, "back/settle")


def test_nobody_goes_below_the_first_phase() -> None:
    diary = in_phase(1)
    for day in (1, 2):
        diary.done("knee_to_chest", day, 2, 7)
    decision = diary.decide(3)
    assert (decision.visible, decision.moved) == (1, "back")
    assert decision.half_dose


def test_a_confirmed_loss_of_range_leads_back() -> None:
    diary = in_phase(3)
    for day, degrees in enumerate([40, 40, 20, 20], 1):
        diary.done("standing_hip_hinge", day, 1, 1, **try_out(library()["standing_hip_hinge"], degrees))
    assert diary.decide(5).visible == 3, "once is not twice"
    diary.done("standing_hip_hinge", 5, 1, 1, **try_out(library()["standing_hip_hinge"], 21))
    decision = diary.today(6)
    assert (decision.visible, decision.rule) == (2, "back/loss")
    assert "advice/range_lost" in {a.rule for a in decision.advice}
    assert diary.decide(7).visible == 2, "the same loss leads back once"


@pytest.mark.parametrize(
    ("degrees", "on", "is_lost"),
    [
        ([40, 40, 20, 21, 20], (), True),
        ([40, 40, 20, 21, 20], (1, 2), False),  # the first two after a painkiller, which hides pain
        ([40, 40, 20, 21, 20], (1, 2, 3, 4, 5), True),
        ([40, 28, 41, 27, 28, 27], (), False),  # somebody whose values scatter so much
        ([40, 40, 20, 21, 20, 41, 42, 41], (), False),  # made good since
    ],
)
def test_a_loss_is_what_the_statistics_confirm(degrees: list[float], on: tuple[int, ...], is_lost: bool) -> None:
    diary = in_phase(3)
    for day, reached in enumerate(degrees, 1):
        diary.check_in(1, day, 9.5, painkiller=day in on)
        diary.session("standing_hip_hinge", day, 10, **try_out(library()["standing_hip_hinge"], reached))
    today = diary.at(len(degrees) + 1).date()
    found = confirmed_losses(diary.history, library(), load_change_rules())
    assert list(found) == (["standing_hip_hinge"] if is_lost else [])
    decision = decide(diary.history, today, rules(), library())
    assert (decision.rule == "back/loss") is is_lost


def test_a_loss_that_others_have_confirmed_is_taken_as_it_is() -> None:
    diary = in_phase(3)
    history, today = diary.history, diary.at(2).date()
    lost = decide(history, today, rules(), library(), lost={"standing_side_bend": today})
    assert (lost.visible, lost.rule) == (2, "back/loss")
    assert decide(history, today, rules(), library(), lost={}).visible == 3


# --- on -------------------------------------------------------------------------------------------


def test_moving_on_happens_the_next_day_with_the_sentence_why() -> None:
    diary = Diary()
    diary.begin({2: 8}, 5)
    diary.today(0)
    diary.done("walking", 0, 5, 5, how="timer", measured=False, amount={"duration_s": 300})
    assert diary.decide(0).visible == 1, "not on the same day"
    diary.check_in(4, 1)
    decision = diary.today(1)
    assert (decision.visible, decision.moved, decision.rule) == (2, "on", "phase-1/on")
    assert "pain at rest was 5 and 4 on different days" in decision.reason
    assert "you walked for 5 minutes" in decision.reason
    assert {i.split("/")[0] for i in decision.inputs} == {"session", "checkin"}


def test_what_is_still_to_come_is_told_with_figures() -> None:
    decision = in_phase(4).decide(1)
    bridge = next(u for u in decision.unmet if u.exercise == "bridge")
    assert (bridge.rule, bridge.phase, bridge.have, bridge.want) == ("done_at_least", 4, 0, 8)
    assert bridge.text in " ".join(u.text for u in decision.unmet)
    assert decision.reason.startswith("You are in phase 4: stability")


def test_strength_waits_for_the_eighth_day() -> None:
    for days, begun in ((7, None), (8, 6)):
        diary = Diary()
        diary.begin({7: 5}, 2, onset=-days)
        diary.event("phase_set", 0, 7.8, data={"phase": 5})
        assert diary.decide(0).phase["strength"] == begun


def test_a_criterion_about_what_is_left_out_is_not_asked() -> None:
    diary = Diary()
    diary.begin({7: 5}, 2, onset=-20, conditions={"pregnancy"})
    diary.event("phase_set", 0, 7.8, data={"phase": 6})
    decision = diary.today(0)
    assert {(n.exercise, n.rule) for n in decision.not_asked} >= {
        ("back_extension", "phase-6/done_at_least"),
        ("plank", "phase-6/done_at_least"),
    }
    assert not {"back_extension", "plank"} & {u.exercise for u in decision.unmet}
    assert {"wall_sit", "squat"} <= {u.exercise for u in decision.unmet}


# --- pause ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "phase"), [(7, 4), (14, 4), (15, 3), (40, 3)])
def test_a_pause_and_the_return_from_it(gap: int, phase: int) -> None:
    diary = in_phase(4)
    diary.done("bridge", 0, 1, 1)
    assert diary.today(6).state == "ACTIVE"
    if gap > 7:
        paused = diary.today(7)
        assert (paused.state, paused.moved) == ("PAUSED", "pause")
        assert {library()[p.exercise].load for p in paused.plan} <= {"calm"}
        assert diary.today(gap - 1).state == "PAUSED" if gap > 8 else True
    diary.check_in(1, gap)
    waiting = diary.decide(gap)
    assert waiting.state == "PAUSED", "the safety questions come first"
    assert waiting.questions_due
    diary.all_clear(gap, 7.9, "after_pause")
    back = diary.today(gap)
    assert (back.state, back.moved, back.visible) == ("ACTIVE", "resume", phase)
    assert diary.decide(gap + 1).state == "ACTIVE"


# --- a physio -------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", range(1, 11))
def test_a_physio_sets_the_phase_and_it_stays(phase: int) -> None:
    diary = Diary()
    diary.begin({2: 9}, 3)
    diary.event("phase_set", 0, 7.8, name="Kim", reason="seen today", data={"phase": phase})
    decision = diary.today(0)
    assert (decision.visible, decision.rule, decision.moved) == (phase, "physio/phase_set", "physio")
    assert "Kim" in decision.reason
    assert "seen today" in decision.reason
    assert diary.decide(1).visible == phase
    assert diary.decide(1).moved is None


@pytest.mark.parametrize(
    ("who", "phase"), [("person", 9), ("rule", 10), ("physio", 11), ("physio", "9"), ("physio", True)]
)
def test_nobody_else_does(who: str, phase: Any) -> None:
    diary = Diary()
    diary.begin({2: 9}, 3)
    diary.event("phase_set", 0, 7.8, who=who, data={"phase": phase})
    assert diary.decide(0).visible == 1


def test_a_kept_decision_that_claims_a_physios_phase_is_not_believed() -> None:
    diary = in_phase(8)
    decision = diary.decide(1)
    diary.keep(decision.model_copy(update={"visible": 9}), 8.0)
    assert diary.decide(2).visible == 8


def test_what_cannot_be_read_is_passed_over() -> None:
    diary = in_phase(4)
    diary.event("decision", 1, who="rule", data={"visible": "far"})
    assert diary.decide(2).visible == 4


def test_a_lock_keeps_the_phase_until_its_day_but_never_over_a_safety_question() -> None:
    diary = in_phase(4)
    until = diary.at(5).date().isoformat()
    diary.event("locked", 1, 6.0, name="Kim", data={"until": until})
    for day in (1, 2):
        diary.done("bridge", day, 2, 7)
    decision = diary.today(3)
    assert (decision.visible, decision.rule) == (4, "physio/locked")
    assert decision.half_dose, "the next session is smaller all the same"
    diary.answer("fever", "yes", 4)
    assert diary.decide(4).state == "BLOCKED"
    assert diary.decide(6).state == "BLOCKED"


def test_back_after_one_hard_session_where_a_physio_says_so() -> None:
    diary = in_phase(4)
    diary.event("back_after_set", 1, 6.0, data={"back_after": 1})
    diary.done("bridge", 1, 2, 7)
    assert (diary.decide(2).visible, diary.decide(2).moved) == (3, "back")


def test_phase_eight_ends_with_an_offer_and_ten_with_a_summary() -> None:
    diary = in_phase(10)
    diary.event("summary_taken", 1, who="person")
    assert diary.today(2).state == "DONE"
    assert diary.today(3).state == "DONE"
    asked_on = [day for day in (29, 30) if "Has it come back?" in {a.text for a in diary.decide(day).advice}]
    assert asked_on == [30], "four weeks after the end"
    diary.episode(onset=40, day=40)
    assert (diary.decide(40).state, diary.decide(40).moved) == ("ACTIVE", "start")


# --- nothing is worked out again ------------------------------------------------------------------


def test_the_same_history_gives_the_same_decision_and_the_future_is_not_known() -> None:
    diary = in_phase(4)
    diary.done("bridge", 1, 1, 1)
    before = diary.decide(2)
    for day in range(3, 6):
        diary.done("bridge", day, 1, 9)
        diary.answer("bladder", "yes", day)
    assert diary.decide(2) == before
    assert Decision.model_validate_json(before.model_dump_json()) == before


def test_a_day_that_is_decided_again_is_decided_from_the_day_before() -> None:
    diary = Diary()
    diary.begin({2: 8}, 5)
    diary.today(0)
    diary.done("walking", 0, 5, 5, how="timer", measured=False, amount={"duration_s": 300})
    diary.check_in(4, 1)
    first = diary.today(1, 8.0)
    assert (first.visible, first.moved) == (2, "on")
    assert diary.today(1, 9.0) == first, "not one more phase, and not without its sentence"
    diary.answer("fever", "yes", 1, 10.0)
    assert diary.today(1, 10.1).state == "BLOCKED"
    assert diary.decide(1).visible == 1, "it does not move on while a question is open"


def test_the_phases_so_far_come_from_what_was_decided() -> None:
    diary = in_phase(4)
    stored = diary.decide(1)
    diary.keep(stored.model_copy(update={"finished": [1, 2, 3, 4], "visible": 5}), 8.0)
    assert diary.decide(2).visible == 5
    assert stored.rules_version == rules().version


# --- people ---------------------------------------------------------------------------------------


def live(pain: Callable[[int], int], hard: Callable[[int], dict[int, int]], days: int) -> list[Decision]:
    """Somebody who does what is planned, in good form, with this pain and these activities on each day."""
    diary = Diary()
    diary.begin(hard(0), pain(0))
    out = []
    for day in range(days):
        now = pain(day)
        if day:
            diary.check_in(now, day, worst=min(10, now + 1))
        if day and day % 7 == 0:
            diary.all_clear(day)
            diary.ladder(hard(day), day)
        decision = diary.today(day)
        if decision.questions_due:
            diary.all_clear(day, 8.5, decision.questions_due[0].because)
            decision = diary.today(day, 9.0)
        out.append(decision)
        for item in decision.plan:
            exercise = library()[item.exercise]
            more = try_out(exercise, min(60, 25 + day * 1.2)) if item.is_test else performed(item, exercise)
            diary.done(item.exercise, day, now, now, "not_raised", **more)
    return out


LADDER = {2: 8, 3: 6, 5: 5, 7: 8, 9: 10}


def test_somebody_who_gets_better_goes_from_phase_1_to_8_in_about_six_weeks() -> None:
    lived = live(
        lambda day: round(6 * math.exp(-day / 8)), lambda day: {k: max(0, v - day // 4) for k, v in LADDER.items()}, 60
    )
    first = {n: next((i for i, d in enumerate(lived) if d.visible == n), None) for n in range(1, 9)}
    reached = [d.visible for d in lived]
    assert reached == sorted(reached), "never back"
    assert first[1] == 0
    assert 1 <= (first[2] or 0) <= 5
    assert 5 <= (first[3] or 0) <= 14
    assert 8 <= (first[4] or 0) <= 21
    assert 30 <= (first[8] or 0) <= 48
    assert lived[-1].visible == 8, "9 is a physio's"
    assert [o.kind for o in lived[-1].offers] == ["enter_phase_9"]
    assert "advice/keep_up" in {a.rule for a in lived[-1].advice}
    moved = [d for d in lived if d.moved == "on"]
    assert all(d.reason.startswith("Phase ") and d.inputs for d in moved)
    for decision in lived:
        assert sum(not p.is_test for p in decision.plan) <= 5
        assert sum(p.is_new for p in decision.plan) <= 1
    for start in range(53):
        new = {p.exercise for d in lived[start : start + 7] for p in d.plan if p.is_new}
        assert len(new) <= 2, "two new ones a week"


def test_somebody_who_does_not_get_better_stays_and_is_told_to_have_it_looked_at() -> None:
    lived = live(lambda day: 5 + day % 2, lambda day: LADDER, 45)
    assert {d.visible for d in lived} <= {1, 2}
    said = [{a.rule for a in d.advice} for d in lived]
    assert "advice/no_drop_72h" in said[4]
    assert "advice/no_drop_72h" not in said[1]
    assert "advice/no_gain_2w" in said[15]
    assert "advice/still_6w" in said[43]
    assert all("walking" in {p.exercise for p in d.plan} | set(d.at_hand) for d in lived), "calm is never refused"


def test_one_bad_evening_on_the_way_costs_no_phase() -> None:
    def bad(day: int) -> int:
        return 6 if day == 12 else round(6 * math.exp(-day / 8))

    lived = live(bad, lambda day: {k: max(0, v - day // 4) for k, v in LADDER.items()}, 20)
    reached = [d.visible for d in lived]
    assert reached == sorted(reached)
    assert (reached[-1] or 0) >= 4
    assert lived[0].date == DAY0
