"""A result as a session keeps it, and the diary that writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from analytic_body import FRONT, body_track, repeated, times

from checker.assessing import Circumstances, assess
from checker.assessment import Assessment
from checker.care.measured import LOWERING, Answers, with_answers, with_result
from checker.care.records import Amount, Person, Session
from checker.care.remembered import remembered
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.library import find_exercise
from checker.service.diary import Diary, keeping
from checker.service.jobs import Job, OnStage
from checker.service.telling import tell
from checker.service.work import Outcome
from checker.store import Store, open_store
from checker.ui.today.plan import last_time
from checker.video.reader import VideoError

SIDE_BEND = find_exercise("standing_side_bend")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHO = Person(id=uuid4(), name="Anna", created_at=NOON)


def bends(*sizes: float, back_s: float = 2.0, known: Circumstances | None = None) -> Analysis:
    every_s = 3.0 + back_s + 2.0
    t_s = times(3.0 + every_s * len(sizes), fps=20.0)
    x = repeated(t_s, sizes, first_s=2.5, every_s=every_s, out_s=2.0, hold_s=1.0, back_s=back_s)
    return assess(SIDE_BEND, body_track(t_s, FRONT, lateral_deg=x), known=known or Circumstances(to_first_pain=2))


def session(exercise: Exercise = SIDE_BEND) -> Session:
    return Session(id=uuid4(), person_id=WHO.id, at=NOON, exercise=exercise.id, how="live", to_first_pain=True)


def test_what_was_measured_is_in_the_session() -> None:
    result = bends(15, 15, 22, -18, -18, -26).assessment
    kept = with_result(session(), result, None)
    assert kept.measured
    assert kept.amount.repetitions == 3
    assert set(kept.measures) == {"trunk_lateral_flexion/left", "trunk_lateral_flexion/right"}
    assert [len(v) for v in kept.per_repetition.values()] == [3, 3, 3, 3]
    left = next(r for r in kept.ranges if r.side == "left")
    assert left.first is not None
    assert left.first.n == 2
    assert left.furthest is not None
    assert left.first.value < left.furthest.value
    assert kept.exercise_sha256 == SIDE_BEND.sha256
    assert kept.setting.distance_t is not None
    assert kept.setting.distance_t > 1.0


def test_with_one_side_missing_nothing_was_done_to_both() -> None:
    assert with_result(session(), bends(15, 15).assessment, None).amount.repetitions == 0


def test_nothing_measured_is_no_value_and_still_a_session() -> None:
    kept = with_result(session(), bends(0.0).assessment, None)
    assert not kept.measured
    assert kept.measures == {}
    assert all(r.first is None for r in kept.ranges)


@pytest.mark.parametrize(("back_s", "share"), [(1.2, 0.0), (4.5, 1.0)])
def test_slow_lowering_is_a_share_of_the_repetitions(back_s: float, share: float) -> None:
    assert with_result(session(), bends(20, -20, back_s=back_s).assessment, None).shares == {LOWERING: share}


def test_what_it_is_remembered_by_is_never_the_furthest() -> None:
    kept = with_result(session(), bends(15, 15, 22, -18, -18).assessment, None)
    left, right = (remembered(kept, SIDE_BEND, side) for side in ("left", "right"))
    assert left is not None
    assert right is not None
    assert (left.value, right.value) == (pytest.approx(15, abs=2), pytest.approx(18, abs=2))
    no_stop = kept.model_copy(update={"ranges": [r.model_copy(update={"first": None}) for r in kept.ranges]})
    assert remembered(no_stop, SIDE_BEND, "left") is None
    comfortable = kept.model_copy(update={"to_first_pain": False})
    assert remembered(comfortable, SIDE_BEND, "left") == kept.measures["trunk_lateral_flexion/left"]


def test_last_time_is_told_of_what_was_done_in_the_same_way() -> None:
    result = with_answers(bends(15, 15, 22, -18, -18).assessment, Answers(limited_by={"right": "end"}))
    told = with_result(session(), result, None)
    assert re.fullmatch(r"Last time: left 1[456]°, right more than 1[789]°", last_time(told, SIDE_BEND))
    assert last_time(None, SIDE_BEND) == ""


SAID = Answers(pain_after=5, limited_by={"left": "end", "right": "pain"}, pain_at_limit={"right": 4})


def test_where_nothing_was_felt_the_first_pain_lies_beyond() -> None:
    told = with_answers(bends(15, 15, 22, -18, -18).assessment, SAID)
    left, right = with_result(session(), told, None).ranges
    assert left.first is not None
    assert left.furthest is not None
    assert (left.first.value, left.first.censored) == (left.furthest.value, "above")
    assert right.first is not None
    assert (right.first.censored, right.limited_by, right.pain_at_limit) == ("none", "pain", 4)


def test_what_the_person_says_stands_in_the_result() -> None:
    measured = bends(15, 15, 22, -18, -18, known=Circumstances(to_first_pain=2, pain_before=3)).assessment
    told = with_answers(measured, SAID)
    assert (measured.pain_before, measured.pain_after) == (3, None)
    assert (told.pain_before, told.pain_after) == (3, 5)
    assert [(r.side, r.limited_by, r.nrs_at_limit) for r in told.reps] == [
        *[("left", "end", None)] * 3,
        *[("right", "pain", 4)] * 2,
    ]
    assert [(r.side, r.censored, r.limited_by) for r in told.ranges] == [
        ("left", "above", "end"),
        ("right", "none", "pain"),
    ]
    assert Assessment.model_validate_json(told.to_json()) == told
    assert with_answers(measured, Answers()) == measured


# --- the diary ----------------------------------------------------------------------------------


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'people.db'}") as opened:
        opened.add_person(WHO)
        yield opened


def written(store: Store) -> Session:
    (found,) = store.history(WHO.id).sessions
    return found


def test_a_clock_that_is_set_back_stops_no_writing(store: Store) -> None:
    clock = Clock()
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", clock)
    clock.wait(-3600.0)
    diary.went_on({"left": 1, "right": 1}, 0.0)
    assert (written(store).amount.repetitions, written(store).amount.duration_s) == (1, 0.0)
    clock.wait(1.5)
    diary.went_on({"left": 2, "right": 2}, 0.0)
    assert written(store).amount.repetitions == 2


def test_a_session_is_written_as_it_goes(store: Store) -> None:
    clock = Clock()
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", clock)
    assert written(store).ended_at is None
    clock.wait(0.5)
    diary.went_on({"left": 1, "right": 1}, 0.0)
    assert written(store).amount == Amount()  # at most once a second
    clock.wait(0.6)
    diary.went_on({"left": 2, "right": 1}, 4.0)
    assert (written(store).amount.repetitions, written(store).amount.hold_s) == (1, 4.0)
    clock.wait(9.0)
    analysis = bends(15, 15, -15, -15, known=Circumstances(to_first_pain=2, pain_s=(4.0,)))
    diary.end(analysis, poses=analysis.track)
    kept = written(store)
    assert kept.ended_at == clock.at
    assert kept.measured
    assert kept.assessment_id is not None
    result = store.assessment(kept.assessment_id)
    assert result is not None
    assert '"rules_version": "sha256:0"' in result.text
    assert result.in_force.exercise_sha256 == SIDE_BEND.sha256
    assert store.track(kept.id) is not None
    (mark,) = store.history(WHO.id).pain_marks
    assert (mark.session_id, mark.t_s) == (kept.id, 4.0)


def sides_of(found: Session) -> dict[str, float]:
    return {r.side: round(r.first.value) for r in found.ranges if r.first is not None}


def test_where_the_sides_are_swapped_afterwards_the_session_has_them_swapped(store: Store) -> None:
    clock = Clock()
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", clock)
    analysis = bends(12, 12, -24, -24, known=Circumstances(to_first_pain=2, pain_s=(4.0,)))
    clock.wait(60.0)
    diary.found(analysis)
    first = written(store)
    left, right = sides_of(first)["left"], sides_of(first)["right"]
    assert left < right - 8
    (hurt,) = store.history(WHO.id).pain_marks
    assert hurt.side is not None
    clock.wait(600.0)
    assert analysis.swapped is not None
    diary.found(analysis.swapped())
    again = written(store)
    assert sides_of(again) == {"left": right, "right": left}
    assert again.ended_at == first.ended_at
    assert again.assessment_id not in {None, first.assessment_id}
    kept = [store.assessment(i) for i in (first.assessment_id, again.assessment_id) if i is not None]
    assert all(kept), "the result before it stays as it was"
    (mark,) = store.history(WHO.id).pain_marks
    assert (mark.side, mark.t_s) == ({"left": "right", "right": "left"}[hurt.side], hurt.t_s)


def test_of_a_recording_that_cannot_be_measured_nothing_is_written(store: Store, tmp_path: Path) -> None:
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", Clock(), at_once=False)

    def damaged(folder: Path, progress: OnStage) -> Outcome:
        raise VideoError("no video")

    with pytest.raises(VideoError):
        keeping(damaged, diary)(tmp_path, lambda fraction, stage=None: None)
    assert store.history(WHO.id).sessions == ()
    outcome = Outcome(SIDE_BEND, bends(15, 15, -15, -15), {}, {})
    kept = keeping(lambda folder, progress: outcome, diary)(tmp_path, lambda fraction, stage=None: None)
    assert written(store).measured
    assert (kept.analysis, kept.session_id) == (outcome.analysis, written(store).id)
    assert keeping(damaged, None) is damaged


def test_an_answer_may_be_taken_back(store: Store) -> None:
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", Clock())
    diary.found(bends(15, 15, 22, -18, -18))
    as_found = diary.session.ranges
    diary.told(Answers(limited_by={"left": "end"}))
    slip = diary.session.ranges
    diary.told(Answers(limited_by={"left": "pain"}))
    right = diary.session.ranges
    assert [r.first for r in right] == [r.first for r in as_found]
    assert right[0].first != slip[0].first
    assert right[0].limited_by == "pain"


def test_what_was_done_with_a_timer_has_its_time_and_no_value(store: Store) -> None:
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", Clock())
    diary.end(duration_s=120.0)
    assert (written(store).amount.duration_s, written(store).measured) == (120.0, False)


def test_what_cannot_be_written_is_told_and_stops_nothing(store: Store) -> None:
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", Clock())
    store.delete_person(WHO.id)
    diary.end(bends(15, -15))
    assert diary.problem
    assert "\n" not in diary.problem


def test_what_is_said_afterwards_is_a_new_result_and_can_be_put_right(store: Store) -> None:
    diary = Diary(store, session(), SIDE_BEND, "sha256:0", Clock())
    diary.told(SAID)  # nothing was measured yet
    diary.end(bends(15, 15, 22, -18, -18))
    first = written(store)
    diary.told(SAID)
    second = written(store)
    assert second.assessment_id != first.assessment_id
    for kept, after in ((first, None), (second, 5)):
        assert kept.assessment_id is not None
        result = store.assessment(kept.assessment_id)
        assert result is not None
        assert Assessment.model_validate_json(result.text).pain_after == after
    assert second.ranges[0].first is not None
    assert second.ranges[0].first.censored == "above"
    diary.told(SAID)
    assert written(store) == second
    diary.told(Answers(limited_by={"left": "pull"}))  # it was no end, after all
    assert written(store).ranges[0].first == first.ranges[0].first


def test_the_file_of_a_result_has_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "assessment.json"
    outcome = Outcome(SIDE_BEND, bends(15, 15, 22, -18, -18), {"json": path}, {})
    job = Job("id", "owner", tmp_path, result=outcome)
    assert tell(job, outcome, Answers()) is outcome
    told = tell(job, outcome, SAID)
    assert job.result is told
    assert Assessment.model_validate_json(path.read_text(encoding="utf-8")).pain_after == 5
    again = tell(job, told, Answers(pain_after=5, limited_by={"left": "pain"}))
    measured = outcome.analysis.assessment.ranges[0].first
    assert again.analysis.assessment.ranges[0].first == measured
