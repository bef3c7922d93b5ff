"""What a physio sets for one patient and writes to them: it holds for nobody else, with reason, name and time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_tracks import assess, well_done

from checker.analyze import Recording, judge_recording
from checker.care.overrides import Overrides
from checker.care.own_version import limits_of_person
from checker.care.records import Amount
from checker.care.rules import load_rules
from checker.care.settable import why_not
from checker.care.when import when_of
from checker.fault_rules import OWN_LIMIT
from checker.judging.source import Circumstances
from checker.library import find_exercise
from checker.service import everybody, for_patient, tray
from checker.service import weeks as service
from checker.service.comparing import Beside
from checker.service.for_patient import SETTINGS, Setting, holding, record, set_for, take_back, write_to, written_to
from checker.service.reviewing import review_of_session
from checker.service.tray import Looked
from checker.service.weeks import Weeks
from checker.ui.live.movement import movement_words
from checker.words.set_by_physio import set_words

WHY = "The knee is sore."


class Moments:
    """A clock of one minute a call."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 27, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Weeks, Weeks]]:
    """Two people in the middle of the programme."""
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    service.store.cache_clear()
    people = tuple(Weeks(everybody.add_person(name).id, now=Moments()) for name in ("Anna", "Ben"))
    for weeks in people:
        weeks.answer_questions({q.id: "no" for q in load_rules().safety.questions if q.asked}, "first")
        weeks.tell_profile(floor="yes")
        weeks.tell_episode(onset=weeks.today - timedelta(days=20))
        weeks.rate_ladder({rung: 6 if rung == 7 else 0 for rung in range(1, 10)})
        weeks.check_in("daily", pain=2)
        set_for(weeks, "phase_set", "Phil", "Ready.", phase=4)
    yield people[0], people[1]
    service.store().close()
    service.store.cache_clear()


def planned(weeks: Weeks) -> list[str]:
    return [p.exercise for p in weeks.decision.plan]


def newest(weeks: Weeks, kind: str) -> Any:
    return next(h for h in holding(weeks) if h.event.kind == kind)


def test_what_is_set_holds_for_this_patient_alone_and_says_why_who_and_when(two: tuple[Weeks, Weeks]) -> None:
    anna, ben = two
    before = planned(ben)
    assert anna.decision.visible == 4
    left_out = planned(anna)[0]
    set_for(anna, "exercise_barred", " Phil  Physio ", WHY, exercise=left_out)
    assert left_out not in planned(anna)
    event = newest(anna, "exercise_barred").event
    assert (event.name, event.reason, event.who) == ("Phil Physio", WHY, "physio")
    assert event.at <= anna.now
    kept = next(x for x in anna.decision.left_out if x.exercise == left_out)
    assert kept.rule == "physio/barred"
    assert planned(ben) == before
    assert [h.event.kind for h in holding(ben)] == ["phase_set"]


def test_a_dose_target_and_limit_are_planned_and_go_when_taken_back(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    movement = planned(anna)[0]
    before = anna.decision.plan[0]
    set_for(anna, "dose_set", "Phil", WHY, exercise=movement, amount={"repetitions": 3, "sets": 1})
    set_for(anna, "target_set", "Phil", WHY, exercise=movement, target={"both": 40.0})
    set_for(anna, "limit_set", "Phil", WHY, exercise=movement, limit={"both": 50.0})
    item = next(p for p in anna.decision.plan if p.exercise == movement)
    assert item.amount == Amount(repetitions=3)
    assert (item.target, item.limit) == ({"both": 40.0}, {"both": 50.0})
    kinds: list[Setting] = ["dose_set", "target_set", "limit_set"]
    for kind in kinds:
        take_back(anna, newest(anna, kind).event.id, "Phil", "No longer.")
    item = next(p for p in anna.decision.plan if p.exercise == movement)
    assert (item.amount, item.target, item.limit) == (before.amount, before.target, before.limit)
    assert [h.event.kind for h in holding(anna)] == ["phase_set"]
    told = [e.reason for e in anna.history.events if e.kind == "taken_back"]
    assert told == ["No longer."] * 3, "what was set stays in the record, and why it went"


def test_the_newer_one_holds_and_what_came_before_it_comes_back(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    for value in (40.0, 45.0):
        set_for(anna, "target_set", "Phil", WHY, exercise="standing_side_bend", target={"left": value, "right": 30.0})
    [found] = [h for h in holding(anna) if h.event.kind == "target_set"]
    assert found.event.data["target"]["left"] == 45.0
    take_back(anna, found.event.id, "Phil", "Too far.")
    assert newest(anna, "target_set").event.data["target"]["left"] == 40.0


def test_a_movement_is_left_out_or_added_not_both(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    set_for(anna, "exercise_barred", "Phil", WHY, exercise="bridge")
    set_for(anna, "exercise_added", "Phil", "Better now.", exercise="bridge")
    assert [h.event.kind for h in holding(anna)] == ["exercise_added", "phase_set"]
    assert "bridge" in planned(anna)
    set_for(anna, "exercise_barred", "Phil", WHY, exercise="bridge", until=anna.today.isoformat())
    assert [h.event.kind for h in holding(anna)] == ["exercise_barred", "phase_set"]
    assert "bridge" not in planned(anna)
    tomorrow = Weeks(anna.person.id, now=lambda: anna.now + timedelta(days=1))
    assert [h.event.kind for h in holding(tomorrow)] == ["exercise_added", "phase_set"], "it was set before"


def test_nothing_is_set_without_a_name_and_a_reason(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    for name, reason in (("", WHY), ("  ", WHY), ("Phil", ""), ("Phil", " \n"), ("Phil", "x" * 501)):
        with pytest.raises(ValueError, match=r"name must stand|Write a sentence"):
            set_for(anna, "locked", name, reason)
        with pytest.raises(ValueError, match=r"name must stand|Write a sentence"):
            write_to(anna, "message", name, reason)
    assert [h.event.kind for h in holding(anna)] == ["phase_set"]


def test_what_a_person_or_a_rule_writes_sets_and_takes_back_nothing(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    set_for(anna, "exercise_barred", "Phil", WHY, exercise="bridge")
    barred = newest(anna, "exercise_barred").event
    anna.note("taken_back", event=str(barred.id))
    anna.note("exercise_allowed", exercise="bridge")
    anna.note("locked")
    assert [h.event.kind for h in holding(anna)] == ["exercise_barred", "phase_set"]
    assert "bridge" not in planned(anna)


def test_a_message_stays_until_it_is_read_and_a_note_until_it_is_taken_back(two: tuple[Weeks, Weeks]) -> None:
    anna, ben = two
    write_to(anna, "message", "Phil", "Well done.")
    write_to(anna, "note", "Phil", "Walk every day.")
    note, message = written_to(anna.history, anna.today)
    assert (note.reason, message.reason) == ("Walk every day.", "Well done.")
    assert written_to(ben.history, ben.today) == []
    for_patient.mark_read(anna, message)
    for_patient.mark_read(anna, note)
    assert written_to(anna.history, anna.today) == [note]
    take_back(anna, note.id, "Phil", "Not now.")
    assert written_to(anna.history, anna.today) == []


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("phase_set", {"phase": 4}, "Phase 4"),
        ("locked", {}, "Stays in this phase"),
        ("back_after_set", {"back_after": 1}, "A step back after 1 hard day"),
        ("exercise_barred", {"exercise": "gone"}, "gone: left out"),
        ("exercise_added", {"exercise": "x", "amount": {"repetitions": 8, "sets": 2}}, "x: added: 2 sets of 8 times"),
        ("dose_set", {"exercise": "x", "amount": {"hold_s": 20}}, "x: 20 s"),
        (
            "target_set",
            {"exercise": "x", "target": {"left": 40.0, "right": 41.5}},
            "x: target 40° left and 41.5° right",
        ),
        ("limit_set", {"exercise": "x", "limit": {"both": 50}}, "x: no further than 50°"),
        ("number_set", {"exercise": "x", "key": "k", "value": 20.0}, "x: knees bending, above: 20 degrees"),
        ("dose_set", {"exercise": "x", "amount": {"duration_s": 300, "times_a_day": 3}}, "x: 300 s, 3 times a day"),
    ],
)
def test_each_is_said_in_a_line(kind: str, data: dict[str, Any], words: str) -> None:
    assert kind in SETTINGS
    unit, number = ("deg", "Knees bending, above") if kind == "number_set" else ("°", "")
    told = set_words(kind, data, date(2027, 3, 3), str(data.get("exercise") or ""), unit, number)
    assert told.startswith(words)
    assert told.endswith(", until 3 March 2027")


# --- it acts, for this patient alone --------------------------------------------------------------

BEND = find_exercise("standing_side_bend")
LEAN = "faults.forward_lean.conditions[1].threshold"


def set_all(weeks: Weeks) -> None:
    """A target, a limit, a threshold and a dose of the side bend."""
    of = {"exercise": BEND.id}
    set_for(weeks, "limit_set", "Phil", WHY, limit={"left": 35.0}, **of)
    set_for(weeks, "target_set", "Phil", WHY, target={"left": 25.0}, **of)
    set_for(weeks, "number_set", "Phil", WHY, key=LEAN, value=9.0, **of)
    set_for(weeks, "dose_set", "Phil", WHY, amount={"repetitions": 4}, **of)


def test_a_patient_has_a_version_of_their_own_and_nobody_else(two: tuple[Weeks, Weeks]) -> None:
    anna, ben = two
    set_all(anna)
    mine = anna.exercises[BEND.id]
    assert limits_of_person(mine) == {"left": 35.0}
    assert mine.main_measure.target is not None
    assert [d.repetitions for d in mine.doses] == [4]
    assert next(f.threshold for f in mine.faults if f.id == "forward_lean") == 9.0
    assert ben.exercises[BEND.id] == BEND
    assert find_exercise(BEND.id) == BEND, "no file was changed"
    for found in reversed(holding(anna, BEND.id)):
        take_back(anna, found.event.id, "Phil", "Over.")
    assert anna.exercises[BEND.id] == BEND


def test_a_session_is_kept_and_judged_again_as_it_was_set_then(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    set_all(anna)
    mine = anna.exercises[BEND.id]
    track = well_done(BEND.id)
    diary = anna.begin(mine, "upload")
    diary.end(assess(mine, track), poses=track)
    weeks = Weeks(anna.person.id, now=lambda: anna.now)
    session = weeks.history.sessions[-1]
    assert (session.exercise_sha256, session.compares_as) == (mine.sha256, BEND.sha256)
    assert OWN_LIMIT in session.clear
    set_for(weeks, "number_set", "Phil", "Stricter.", exercise=BEND.id, key=LEAN, value=7.0)
    then = weeks.exercise_of(session)
    assert then is not None
    assert next(f.threshold for f in then.faults if f.id == "forward_lean") == 9.0
    beside = Beside(service.store(), weeks.exercises[BEND.id], (session, session), weeks.exercise_of)
    assert beside.is_as_then, "each of two that are compared is judged as it was set then, too"
    review = review_of_session(service.store(), session, then)
    assert review.is_as_then
    assert [o.who for o in review.stored.exercise.overrides] == []  # the track was judged without a file's door


def test_an_upload_is_measured_by_the_patients_own_version(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    set_all(anna)
    track = well_done(BEND.id)
    recording = Recording(track, Circumstances())
    result = judge_recording(anna.exercises[BEND.id], recording).assessment
    told = {o.key: (o.value, o.who) for o in result.exercise.overrides}
    assert told[LEAN] == (9.0, "Phil")
    assert {o.who for o in result.exercise.overrides} == {"Phil"}
    assert result.dose is not None
    assert result.dose.repetitions == 4
    looked = Looked(Path("clip.mp4"), recording, (), ())
    earlier = anna.today - timedelta(days=3)
    assert tray.for_person(anna.person.id, looked, BEND, anna.today + timedelta(days=1)) == anna.exercises[BEND.id]
    assert tray.for_person(anna.person.id, looked, BEND, earlier) == BEND, "nothing was set on that day"
    assert tray.for_person(None, looked, BEND, anna.today) == BEND


def test_the_reports_of_a_film_are_of_the_day_that_was_told(
    two: tuple[Weeks, Weeks], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made at once, and what is kept, say the same; an hour that nobody knows is not said."""
    anna, _ = two
    recording = Recording(well_done(BEND.id), Circumstances(analysed_at=datetime(2026, 11, 27, 22, 23, tzinfo=UTC)))
    looked = Looked(None, recording, (), ())  # type: ignore[arg-type]  # without pictures nothing is drawn
    monkeypatch.setattr(tray, "apart", lambda progress, work, *told: work(*told, progress))
    outcome = tray.measure(looked, BEND, tmp_path / "out", lambda *_: None, date(2026, 11, 10))
    page = outcome.files["html"].read_text(encoding="utf-8")
    assert "<dd>10 November 2026</dd>" in page
    bundle = json.loads(outcome.files["fhir"].read_text(encoding="utf-8"))
    (done,) = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Procedure"]
    assert done["performedPeriod"] == {"start": "2026-11-10", "end": "2026-11-10"}
    session = tray.keep(anna.person.id, looked, outcome, date(2026, 11, 10)).session
    assert outcome.when is not None
    assert when_of(session).words() == outcome.when.words() == "10 November 2026"
    assert outcome.analysis.assessment.recorded_at is None, "of the moment nothing is known"


def test_a_size_that_does_not_fit_names_the_other_one() -> None:
    of = {"exercise": BEND.id}
    target = Overrides(targets={BEND.id: {"left": 40.0}})
    limit = Overrides(limits={BEND.id: {"left": 40.0}})
    too_low = why_not("limit_set", of | {"limit": {"left": 30.0}}, BEND, target)
    assert too_low == "The limit would lie below the target (40 degrees): change the target first."
    too_high = why_not("target_set", of | {"target": {"left": 50.0}}, BEND, limit)
    assert too_high == "The target would lie beyond the limit (40 degrees): change the limit first."


def test_before_the_camera_the_patients_own_dose_target_and_limit_are_shown(two: tuple[Weeks, Weeks]) -> None:
    anna, ben = two
    set_all(anna)
    words = movement_words(anna.exercises[BEND.id], anna.exercises[BEND.id].first_dose)
    assert (words["targets"], words["limits"]) == ({"left": 25.0}, {"left": 35.0})
    assert words["aims"] == "Your target: 25° left. Your limit: 35° left"
    others = movement_words(ben.exercises[BEND.id], None)
    assert (others["targets"], others["limits"], others["aims"]) == ({}, {}, None)


def test_a_lock_keeps_the_phase_until_its_day(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    assert anna.decision.rule == "physio/phase_set"
    set_for(anna, "locked", "Phil", WHY, until=(anna.today + timedelta(days=1)).isoformat())

    def rule(days: int) -> str:
        return Weeks(anna.person.id, now=lambda: anna.now + timedelta(days=days), decides=False).decision.rule

    assert rule(1) == "physio/locked"
    assert rule(2) != "physio/locked"


def test_a_left_out_movement_is_left_out_for_this_patient_alone(two: tuple[Weeks, Weeks]) -> None:
    anna, ben = two
    set_for(anna, "exercise_barred", "Phil", WHY, exercise="squat")
    left_out = anna.left_out("squat")
    assert left_out is not None
    assert (left_out.rule, left_out.reason) == ("physio/barred", WHY)
    assert ben.left_out("squat") is None


def test_what_does_not_fit_is_not_set(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    for kind, data in (
        ("limit_set", {"exercise": "plank", "limit": {"both": 3.0}}),
        ("number_set", {"exercise": BEND.id, "key": LEAN, "value": float("nan")}),
        ("dose_set", {"exercise": "nothing", "amount": {"repetitions": 3}}),
    ):
        with pytest.raises(ValueError, match=r"no limit|expected a number|Choose a movement"):
            set_for(anna, kind, "Phil", WHY, **data)  # type: ignore[arg-type]
    assert [h.event.kind for h in holding(anna)] == ["phase_set"]


def test_the_record_has_a_row_for_each_and_another_for_its_end(two: tuple[Weeks, Weeks]) -> None:
    anna, _ = two
    set_for(anna, "limit_set", "Phil", WHY, exercise="bridge", limit={"both": 30.0})
    take_back(anna, newest(anna, "limit_set").event.id, "Sue", "Better.")
    write_to(anna, "note", "Phil", "Walk.")
    rows = [(row.words, row.event.name, row.event.reason) for row in record(anna)]
    assert rows == [
        ("A note on Today", "Phil", "Walk."),
        ("Ended: Bridge: no further than 30°", "Sue", "Better."),
        ("Bridge: no further than 30°", "Phil", WHY),
        ("Phase 4: stability (weeks 2 to 3)", "Phil", "Ready."),
    ]
