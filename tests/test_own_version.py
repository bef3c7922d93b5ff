"""A person's own version of a movement: what a physio has set acts live, in results and in the dose, for them alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from engine_tracks import FIRST_S, HINGE, SIDE_BEND, assess, live, well_done
from openpyxl import load_workbook
from pypdf import PdfReader
from weeks import FIRST_DAY, WHO, bend_session, history, moment

from checker.analyze import Recording, judge_recording
from checker.care.overrides import Overrides, overrides
from checker.care.own_version import (
    compares_as,
    compares_with,
    limits_of_person,
    own_version,
    own_versions,
    version_then,
)
from checker.care.records import Event
from checker.care.series import series_of
from checker.care.settable import can_be_limited, can_have_target, why_not
from checker.exercise import Exercise
from checker.fault_rules import OWN_LIMIT
from checker.judging.source import Circumstances
from checker.library import changeable_numbers, find_exercise, list_exercises, override_lines, overrides_of
from checker.report.paper import write_full
from checker.report.workbook import write_workbook
from checker.words.cards import make_cards
from checker.words.judged import list_rules

TODAY = FIRST_DAY.date()
BEND, BRIDGE, WALL_SIT, PLANK, CAT_COW = map(find_exercise, (SIDE_BEND, "bridge", "wall_sit", "plank", "cat_cow"))
LEAN_KEY = "faults.forward_lean.conditions[1].threshold"


def event(kind: str, day: float = 0.0, who: Any = "physio", until: date | None = None, **data: Any) -> Event:
    if until is not None:
        data["until"] = until.isoformat()
    head: dict[str, Any] = {"id": uuid4(), "person_id": WHO, "at": moment(day), "name": "Phil"}
    return Event(kind=kind, who=who, reason="The knee is sore.", data=data, **head)


def found(*events: Event, today: date = TODAY) -> Overrides:
    return overrides(history(events=events), today)


def own(exercise: Exercise, *events: Event, today: date = TODAY) -> Exercise:
    return own_version(exercise, found(*events, today=today))


def limit(exercise: str, **sides: float) -> Event:
    return event("limit_set", exercise=exercise, limit=sides)


def target(exercise: str, **sides: float) -> Event:
    return event("target_set", exercise=exercise, target=sides)


# --- whose it is, and how long --------------------------------------------------------------------


def test_what_is_set_of_one_movement_leaves_all_others_as_they_are() -> None:
    shipped = {e.id: e for e in list_exercises()}
    mine = own_versions(shipped, found(limit(SIDE_BEND, left=20.0)))
    assert [name for name in shipped if mine[name] != shipped[name]] == [SIDE_BEND]
    assert own_versions(shipped, found()) == shipped


def test_it_holds_until_its_last_day_and_what_was_set_before_holds_again() -> None:
    events = (
        event("dose_set", exercise="bridge", amount={"repetitions": 6}),
        event("dose_set", exercise="bridge", amount={"repetitions": 3}, until=date(2026, 11, 4)),
    )
    asked = [own(BRIDGE, *events, today=date(2026, 11, day)).doses[0].repetitions for day in (2, 4, 5)]
    assert asked == [3, 3, 6]


@pytest.mark.parametrize(
    ("kind", "data", "what"),
    [
        ("locked", {}, lambda o: o.locked),
        ("exercise_barred", {"exercise": "bridge"}, lambda o: o.barred),
        ("exercise_added", {"exercise": "bridge"}, lambda o: o.added),
        ("back_after_set", {"back_after": 3}, lambda o: o.back_after),
        ("target_set", {"exercise": "bridge", "target": {"both": 40}}, lambda o: o.targets),
        ("limit_set", {"exercise": "bridge", "limit": {"both": 40}}, lambda o: o.limits),
        ("number_set", {"exercise": "bridge", "key": "k", "value": 1}, lambda o: o.numbers),
    ],
)
def test_each_kind_ends_with_its_last_day(kind: str, data: dict[str, Any], what: Any) -> None:
    one = event(kind, until=date(2026, 11, 3), **data)
    assert [bool(what(found(one, today=date(2026, 11, day)))) for day in (2, 3, 4)] == [True, True, False]


def test_of_a_person_or_a_rule_nothing_is_taken() -> None:
    for who in ("person", "rule"):
        assert own(BEND, event("limit_set", who=who, exercise=SIDE_BEND, limit={"left": 20.0})) == BEND


@pytest.mark.parametrize(
    "data",
    [
        {"key": "faults.gone.threshold", "value": 3.0},
        {"key": LEAN_KEY, "value": "3"},
        {"key": LEAN_KEY, "value": True},
        {"key": LEAN_KEY, "value": 1e9},
        {"key": "repetition.min_excursion", "value": -1.0},
        {},
    ],
)
def test_a_number_that_does_not_fit_changes_nothing(data: dict[str, Any]) -> None:
    assert own(BEND, event("number_set", exercise=SIDE_BEND, **data)) == BEND


@pytest.mark.parametrize("amount", [{}, {"sets": 3}, {"repetitions": 0}, {"hold_s": -2}, {"reps": 4}, None, 3])
def test_a_dose_that_says_nothing_changes_nothing(amount: Any) -> None:
    assert own(BRIDGE, event("dose_set", exercise="bridge", amount=amount)) == BRIDGE


@pytest.mark.parametrize("sides", [{}, {"up": 20.0}, {"left": -3.0}, {"left": "x"}, {"left": True}, {"both": 20.0}])
def test_a_limit_of_no_side_of_it_changes_nothing(sides: Any) -> None:
    assert own(BEND, event("limit_set", exercise=SIDE_BEND, limit=sides)) == BEND
    assert own(BEND, event("target_set", exercise=SIDE_BEND, target=sides)) == BEND


# --- a limit --------------------------------------------------------------------------------------


def test_beyond_the_limit_is_flagged_of_that_side_alone_and_its_cue_says_how_far() -> None:
    track = well_done(SIDE_BEND)  # to the left 25 and 28 degrees, to the right 20 and 22
    mine = own(BEND, limit(SIDE_BEND, left=18.0, right=40.0))
    [fault] = [f for f in assess(mine, track).assessment.faults if f.id == OWN_LIMIT]
    assert (fault.status, fault.threshold, fault.unit) == ("flagged", 18.0, "deg")
    assert fault.cue == "Go no further than your limit: 18 degrees left and 40 degrees right."
    assert len(fault.intervals) == 2
    mine = own(BEND, limit(SIDE_BEND, left=45.0, right=12.0))
    [fault] = [f for f in assess(mine, track).assessment.faults if f.id == OWN_LIMIT]
    assert (fault.status, fault.threshold) == ("flagged", -12.0)


def test_within_the_limit_nothing_is_flagged_and_near_it_is_not_certain() -> None:
    track = well_done(SIDE_BEND)
    for size, status in ((45.0, "clear"), (28.0, "unsure")):
        faults = assess(own(BEND, limit(SIDE_BEND, left=size)), track).assessment.faults
        assert next(f.status for f in faults if f.id == OWN_LIMIT) == status


def test_live_the_limit_is_told_as_soon_as_it_is_read_and_nobody_elses_movement_tells_it() -> None:
    track = well_done(HINGE)  # 55, 60 and 64 degrees
    hinge = find_exercise(HINGE)
    told = [f for one in live(own(hinge, limit(HINGE, both=40.0)), track) for f in one.faults if f.id == OWN_LIMIT]
    assert len(told) == 3
    assert told[0].t_s < FIRST_S + 1.9, "before the furthest point of the first repetition"
    assert not [f for one in live(hinge, track) for f in one.faults if f.id == OWN_LIMIT]


def test_a_limit_changes_no_value() -> None:
    track = well_done(SIDE_BEND)
    mine = own(BEND, limit(SIDE_BEND, left=18.0))
    before, after = assess(BEND, track).assessment, assess(mine, track).assessment
    assert [(r.side, r.rom, r.hold_s) for r in before.reps] == [(r.side, r.rom, r.hold_s) for r in after.reps]
    assert [(m.id, m.value) for m in before.measures] == [(m.id, m.value) for m in after.measures]


def test_where_the_signal_falls_the_limit_lies_below() -> None:
    [fault] = [f for f in own(BRIDGE, limit("bridge", both=30.0)).faults if f.id == OWN_LIMIT]
    assert (fault.conditions[0].direction, fault.threshold) == ("below", -30.0)  # type: ignore[union-attr]


@pytest.mark.parametrize("exercise", [e for e in list_exercises() if can_be_limited(e)], ids=lambda e: e.id)
def test_the_limit_of_every_movement_is_read_back_as_it_was_set(exercise: Exercise) -> None:
    sizes = {side or "both": 30.0 + i for i, side in enumerate(exercise.sides)}
    mine = own(exercise, limit(exercise.id, **sizes))
    assert limits_of_person(mine) == sizes
    assert limits_of_person(exercise) == {}
    assert compares_with(exercise, mine)
    assert Exercise.model_validate(mine.model_dump(mode="json")) == mine


# --- a target -------------------------------------------------------------------------------------


def test_a_target_stands_beside_the_value_and_judges_nothing() -> None:
    track = well_done(SIDE_BEND)
    mine = own(BEND, target(SIDE_BEND, left=40.0))
    result = assess(mine, track).assessment
    assert {m.side: m.target for m in result.measures if m.id == "trunk_lateral_flexion"} == {
        "left": 40.0,
        "right": None,
    }
    cards = {c.side: c.notes for c in make_cards(result, mine) if c.measure == "trunk_lateral_flexion"}
    assert cards["left"][0] == "target 40°"
    assert not any("target" in note for note in cards["right"])
    assert mine.sha256 == BEND.sha256, "it changes nothing that is measured"
    rules = {rule.subject: rule for rule in list_rules(mine)}
    assert rules["Side bend"].words.endswith("Target: 40 degrees left.")
    assert any("Phil" in source.text for source in rules["Side bend"].sources)


# --- a threshold ----------------------------------------------------------------------------------


def test_a_threshold_judges_this_person_and_says_by_whom_and_why() -> None:
    mine = own(BEND, event("number_set", exercise=SIDE_BEND, key=LEAN_KEY, value=3.0))
    [number] = [n for n in changeable_numbers(mine) if n.key == LEAN_KEY]
    before = next(n for n in changeable_numbers(BEND) if n.key == LEAN_KEY)
    assert (number.value, number.status) == (3.0, "set by physio")
    assert number.source.startswith(f"Set on 2026-11-02 by Phil, was {before.value:g}: The knee is sore. Before: ")
    track = well_done(SIDE_BEND)
    thresholds = [
        next(f.threshold for f in assess(of, track).assessment.faults if f.id == "forward_lean") for of in (BEND, mine)
    ]
    assert thresholds == [before.value, 3.0]
    assert mine.sha256 != BEND.sha256


def test_a_result_says_what_was_set_by_whom_and_when() -> None:
    mine = own(
        BEND,
        event("number_set", exercise=SIDE_BEND, key=LEAN_KEY, value=3.0),
        limit(SIDE_BEND, left=30.0),
        target(SIDE_BEND, left=28.0, right=25.0),
    )
    told = {o.key: (o.value, o.who, o.when) for o in overrides_of(mine)}
    assert told == {
        LEAN_KEY: (3.0, "Phil", TODAY),
        "faults.own_limit.conditions[1].threshold": (30.0, "Phil", TODAY),
        "measures.trunk_lateral_flexion.target.left": (28.0, "Phil", TODAY),
        "measures.trunk_lateral_flexion.target.right": (25.0, "Phil", TODAY),
    }
    lines = override_lines(overrides_of(mine), mine)
    assert "Side bend: target, left: 28 degrees; Phil, 2 November 2026" in lines
    assert any(line.endswith("3 degrees instead of 20 degrees; Phil, 2 November 2026") for line in lines), lines


def test_the_reports_say_what_was_set_too(tmp_path: Path) -> None:
    mine = own(BEND, limit(SIDE_BEND, left=30.0), target(SIDE_BEND, left=28.0))
    analysis = judge_recording(mine, Recording(well_done(SIDE_BEND), Circumstances()))
    write_full(analysis, mine, None, tmp_path / "full.pdf")
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "full.pdf").pages)
    assert "Set for this patient" in text
    assert "target, left: 28 degrees; Phil, 2 November 2026" in text
    write_workbook(analysis, tmp_path / "results.xlsx")
    about = {tuple(row) for row in load_workbook(tmp_path / "results.xlsx")["About"].iter_rows(values_only=True)}
    assert (
        "Set for this patient",
        "faults.own_limit.conditions[1].threshold: 30 degrees; Phil, 2 November 2026",
    ) in about


# --- a dose ---------------------------------------------------------------------------------------


def test_a_dose_is_asked_for_in_every_phase_and_keeps_how_far() -> None:
    one = event("dose_set", exercise="wall_sit", amount={"hold_s": 12.0, "sets": 2})
    mine = own(WALL_SIT, one)
    assert [(d.hold_s, d.sets, d.reach, d.note) for d in mine.doses] == [(12.0, 2, r, None) for r in (45.0, 60.0, 75.0)]
    assert [d.phases for d in mine.doses] == [d.phases for d in WALL_SIT.doses]
    assert {d.source for d in mine.doses} == {"Set on 2026-11-02 by Phil: The knee is sore."}
    assert mine.sha256 == WALL_SIT.sha256
    [dose] = own(CAT_COW, event("dose_set", exercise="cat_cow", amount={"repetitions": 3})).doses
    assert (dose.repetitions, dose.phases, dose.status) == (3, [], "set by physio"), "alike in every phase, it is one"


def test_the_dose_is_what_a_result_is_held_against() -> None:
    mine = own(BEND, event("dose_set", exercise=SIDE_BEND, amount={"repetitions": 7, "sets": 2}))
    dose = assess(mine, well_done(SIDE_BEND)).assessment.dose
    assert dose is not None
    assert dose.repetitions == 14


# --- compared over the weeks ----------------------------------------------------------------------


def test_values_still_compare_when_only_faults_were_set() -> None:
    knees = own(BEND, event("number_set", exercise=SIDE_BEND, key=LEAN_KEY, value=3.0))
    assert compares_as(BEND, knees, None) == BEND.sha256
    assert compares_as(BEND, BEND, None) == ""
    smaller = own(BEND, event("number_set", exercise=SIDE_BEND, key="repetition.min_excursion", value=5.0))
    assert compares_as(BEND, smaller, None) == ""


def test_a_hold_whose_clock_stops_for_the_fault_does_not_compare() -> None:
    key = next(n.key for n in changeable_numbers(PLANK) if n.key.startswith("faults."))
    mine = own(PLANK, event("number_set", exercise="plank", key=key, value=29.0))
    assert mine != PLANK
    assert compares_as(PLANK, mine, None) == ""


def test_a_limit_begins_no_new_stretch_of_the_curve() -> None:
    from weeks import RULES
    from weeks import SIDE_BEND as FOLLOWED

    file, limited = BEND.sha256, own(BEND, limit(SIDE_BEND, left=30.0)).sha256
    model = {"model_sha256": "a" * 64}
    before = bend_session(0, left=20.0, exercise_sha256=file, **model)
    after = bend_session(1, left=21.0, exercise_sha256=limited, compares_as=file, **model)
    otherwise = bend_session(1, left=21.0, exercise_sha256=limited, **model)
    assert [p.stretch for p in series_of(history([before, after]), FOLLOWED, RULES).points] == [0, 0]
    assert [p.stretch for p in series_of(history([before, otherwise]), FOLLOWED, RULES).points] == [0, 1]


def test_a_session_is_judged_again_as_it_was_set_then() -> None:
    first = event("number_set", day=1, exercise=SIDE_BEND, key=LEAN_KEY, value=3.0)
    later = event("number_set", day=3, exercise=SIDE_BEND, key=LEAN_KEY, value=5.0)
    then = own(BEND, first, today=date(2026, 11, 4))
    whole = history([bend_session(2, exercise_sha256=then.sha256)], events=(first, later))
    assert version_then(whole.sessions[0], BEND, whole, date(2026, 11, 10)) == then
    plain = history([bend_session(0, exercise_sha256=BEND.sha256)], events=(first, later))
    assert version_then(plain.sessions[0], BEND, plain, date(2026, 11, 10)) == BEND
    unknown = history([bend_session(2, exercise_sha256="f" * 64)], events=(first, later))
    now = own(BEND, first, later, today=date(2026, 11, 10))
    assert version_then(unknown.sessions[0], BEND, unknown, date(2026, 11, 10)) == now


def test_a_session_of_a_dose_that_moves_a_threshold_is_known_again() -> None:
    done = WALL_SIT.for_dose(WALL_SIT.doses[1])
    assert done.sha256 != WALL_SIT.sha256
    session = bend_session(2, exercise="wall_sit", exercise_sha256=done.sha256)
    whole = history([session], events=(event("limit_set", day=3, exercise="wall_sit", limit={"both": 70.0}),))
    assert version_then(session, WALL_SIT, whole, date(2026, 11, 10)) == WALL_SIT, "there was no limit then"


# --- before it is set -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "data", "exercise", "why"),
    [
        ("dose_set", {"amount": {"repetitions": 3}}, BRIDGE, None),
        ("dose_set", {"amount": {"sets": 3}}, BRIDGE, "Fill in how many times"),
        ("dose_set", {"amount": {"repetitions": 3}}, find_exercise("full_sit_up"), "has no dose"),
        ("exercise_barred", {}, None, "Choose a movement"),
        ("exercise_barred", {}, BRIDGE, None),
        ("locked", {}, None, None),
        ("limit_set", {"limit": {"both": 40.0}}, PLANK, "Plank has no limit"),
        ("limit_set", {"limit": {}}, BRIDGE, "Fill in a value"),
        ("limit_set", {"limit": {"both": 15.0}}, BRIDGE, "Expected more than 15 degrees"),
        ("limit_set", {"limit": {"both": 16.0}}, BRIDGE, None),
        ("target_set", {"target": {"both": 0.0}}, PLANK, "Expected more than 0"),
        ("target_set", {"target": {"both": 30.0}}, PLANK, None),
        ("target_set", {"target": {"both": 30.0}}, find_exercise("breathing"), "has no target"),
        ("number_set", {"key": "x", "value": 3.0}, BEND, "Choose one of the numbers"),
        ("number_set", {"key": LEAN_KEY, "value": 20.0}, BEND, "it is 20 degrees already"),
        ("number_set", {"key": "repetition.min_excursion", "value": -1.0}, BEND, "expected a number above 0, got -1"),
        ("number_set", {"key": LEAN_KEY, "value": 12.0}, BEND, None),
    ],
)
def test_what_does_not_fit_is_told_in_a_line(
    kind: str, data: dict[str, Any], exercise: Exercise | None, why: str | None
) -> None:
    told = why_not(kind, data, exercise, Overrides())
    assert told is None if why is None else told is not None and why in told and "\n" not in told


def test_a_target_never_lies_beyond_the_limit() -> None:
    with_limit, with_target = found(limit(SIDE_BEND, left=30.0)), found(target(SIDE_BEND, left=30.0))
    assert why_not("target_set", {"target": {"left": 31.0}}, BEND, with_limit) is not None
    assert why_not("target_set", {"target": {"left": 30.0, "right": 60.0}}, BEND, with_limit) is None
    assert why_not("limit_set", {"limit": {"left": 29.0}}, BEND, with_target) is not None


def test_what_is_avoided_or_not_measured_has_neither_target_nor_limit() -> None:
    for name in ("full_sit_up", "walking"):
        assert not can_have_target(find_exercise(name))
        assert not can_be_limited(find_exercise(name))
