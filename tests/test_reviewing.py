"""A kept session under review: its values follow the corrections, the machine's stored result does not change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np
import pytest
from analytic_body import FRONT, body_track, poses_of, repeated, times
from fhir_rules import broken
from openpyxl import load_workbook
from pypdf import PdfReader
from synthetic_analysis import write_clip
from test_review import BEND, SIZES, machine, rep, track
from typer.testing import CliRunner

from checker.assessing import Circumstances, assess
from checker.assessment import Assessment
from checker.care.measured import Answers, with_answers, with_result
from checker.care.records import Person, Session
from checker.care.when import when_of
from checker.cli.commands import app as cli
from checker.dose import Dose
from checker.engine import Engine
from checker.fhir import assessment_of, person_bundle
from checker.judging.analysis import Analysis
from checker.report.annotated_video import write_plain_video
from checker.report.moments import draw_moments
from checker.report.stills import read_stills
from checker.review.made import CorrectionError
from checker.review.worst import worst_first
from checker.service.diary import Diary
from checker.service.review_reports import review_report
from checker.service.reviewing import (
    NO_POSES,
    NO_RESULT,
    Film,
    ReviewError,
    labelled_set,
    review_of_outcome,
    review_of_session,
)
from checker.service.work import Outcome
from checker.store import InForce, Store, open_store
from checker.words.why import why

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHO = Person(id=uuid4(), name="Anna", created_at=NOON)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path))
    with open_store() as opened:
        opened.add_person(WHO)
        yield opened


def begun(store: Store) -> Diary:
    first = Session(id=uuid4(), person_id=WHO.id, at=NOON, exercise=BEND.id, how="upload", exercise_sha256=BEND.sha256)
    return Diary(store, first, BEND, "rules", lambda: NOON + timedelta(minutes=1))


def kept(store: Store, analysis: Analysis) -> Session:
    diary = begun(store)
    diary.end(analysis)
    assert diary.problem == ""
    return diary.session


def now(store: Store, session: Session) -> Session:
    return next(s for s in store.history(WHO.id).sessions if s.id == session.id)


def left(session: Session) -> float:
    return session.measures["trunk_lateral_flexion/left"].value


def test_the_values_of_a_session_follow_and_the_result_does_not(store: Store) -> None:
    session = kept(store, machine())
    before = store.assessment(session.assessment_id or uuid4())
    review = review_of_session(store, session, BEND)
    assert review.is_as_then
    review.make("delete", "  Pat   Physio ", at_s=rep(2).peak_s, seconds=3.0)
    after = now(store, session)
    assert left(after) == pytest.approx(rep(0).rom.value, abs=0.2) != left(session)
    assert after.per_repetition["trunk_lateral_flexion/left"] == [rep(0).rom.value]
    assert (after.corrected_by, after.amount.repetitions) == ("Pat Physio", 1)
    assert after.corrected_at is not None
    assert store.assessment(session.assessment_id or uuid4()) == before
    again = review_of_session(store, after, BEND)
    assert again.result.assessment == review.result.assessment
    again.make("undo", "Pat", of=review.corrections[0].id)
    assert now(store, session) == session, "as if nothing had been corrected"
    review.refresh()
    assert [c.kind for c in review.corrections] == ["delete", "undo"]
    assert review.result.assessment == review.machine.assessment


def test_what_cannot_be_made_leaves_nothing_behind(store: Store) -> None:
    session = kept(store, machine())
    review = review_of_session(store, session, BEND)
    with pytest.raises(CorrectionError):
        review.make_all([("delete", {"at_s": rep(0).peak_s}), ("delete", {"at_s": 19.99})], "Pat")
    assert review.corrections == []
    assert store.corrections(session.id) == ()
    assert now(store, session) == session


def test_what_the_person_told_of_a_test_stays(store: Store) -> None:
    analysis = assess(BEND, track(), known=Circumstances(to_first_pain=1))
    session = kept(store, analysis)
    said = Answers(limited_by={"left": "pain", "right": "end"}, pain_at_limit={"left": 4})
    ranges = with_result(session, with_answers(analysis.assessment, said), session.assessment_id).ranges
    told = session.model_copy(update={"ranges": ranges})
    store.write_session(told)
    review = review_of_session(store, told, BEND)
    assert review.is_as_then
    review.make("delete", "Pat", at_s=rep(0).peak_s)
    ranges = {r.side: r for r in now(store, session).ranges}
    assert (ranges["left"].limited_by, ranges["left"].pain_at_limit) == ("pain", 4)
    assert ranges["right"].first is not None
    assert ranges["right"].first.censored == "above"


def test_its_pictures_are_those_that_were_just_measured_or_those_that_were_kept(store: Store, tmp_path: Path) -> None:
    session = kept(store, machine())
    seen = Film(tmp_path / "recording.mp4", 90)
    assert review_of_session(store, session, BEND).film is None
    review = review_of_session(store, session, BEND, seen)
    assert (review.film, review.video_kept) == (seen, False)
    plain = tmp_path / "plain-0-as-seen.mp4"
    plain.write_bytes(b"a video")
    review.keep_video(plain)
    again = review_of_session(store, now(store, session), BEND)
    assert (again.film, again.video_kept, now(store, session).video_kept) == (review.film, True, True)


def test_two_reviewers_who_delete_the_same_delete_it_once(store: Store) -> None:
    session = kept(store, machine())
    one, other = (review_of_session(store, session, BEND) for _ in range(2))
    one.make("delete", "Pat", at_s=rep(2).peak_s)
    with pytest.raises(CorrectionError):
        other.make("delete", "Sam", at_s=rep(2).peak_s)
    assert [c.who for c in other.corrections] == ["Pat"], "it has heard of it"
    other.make("delete", "Sam", at_s=rep(0).peak_s)
    again = review_of_session(store, now(store, session), BEND)
    assert [c.who for c in again.corrections] == ["Pat", "Sam"]
    assert len(again.result.assessment.reps) == len(machine().assessment.reps) - 2


def test_what_is_told_after_a_correction_leaves_the_corrected_values(store: Store) -> None:
    diary = begun(store)
    diary.end(assess(BEND, track(), known=Circumstances(to_first_pain=1)))
    review = review_of_session(store, diary.session, BEND)
    review.make("delete", "Pat", at_s=rep(2).peak_s)
    corrected = now(store, diary.session)
    diary.told(Answers(pain_after=3, limited_by={"left": "pain"}, pain_at_limit={"left": 4}))
    after = now(store, diary.session)
    assert (after.corrected_by, after.measures, after.amount) == ("Pat", corrected.measures, corrected.amount)
    assert {r.side: r.limited_by for r in after.ranges} == {"left": "pain", "right": None}
    assert after.assessment_id != corrected.assessment_id


def test_swapped_sides_have_corrections_of_their_own(store: Store) -> None:
    diary = begun(store)
    analysis = machine()
    diary.end(analysis)
    review_of_session(store, diary.session, BEND).make("delete", "Pat", at_s=rep(2).peak_s)
    assert analysis.swapped is not None
    diary.found(analysis.swapped())
    swapped = now(store, diary.session)
    assert swapped.corrected_by == ""
    review = review_of_session(store, swapped, BEND)
    assert review.corrections == []
    assert review.is_as_then


def test_a_live_session_is_judged_again_as_it_was(store: Store) -> None:
    """It counts from when the person was told so, which the poses alone do not say."""
    engine = Engine(BEND, track().width, track().height)
    for pose in poses_of(track()):
        engine.feed(pose)
    analysis = engine.finish(machine().assessment.model)
    assert analysis.known.ready
    review = review_of_session(store, kept(store, analysis), BEND)
    assert review.ground.known == analysis.known
    assert review.is_as_then


def test_of_an_earlier_result_what_is_known_is_read_from_itself(store: Store) -> None:
    session = kept(store, machine())
    old = uuid4()
    store.keep_assessment(old, session.id, machine().assessment.to_json(), InForce(at=NOON, exercise=BEND.id))
    review = review_of_session(store, session.model_copy(update={"assessment_id": old}), BEND)
    assert review.is_as_then
    other = BEND.model_copy(update={"faults": BEND.faults[:1]})
    assert not review_of_session(store, session, other).is_as_then


def test_what_the_rules_of_today_cannot_judge_is_told_in_one_line(store: Store) -> None:
    session = kept(store, machine())
    review_of_session(store, session, BEND).make("delete", "Pat", at_s=rep(2).peak_s)
    assert BEND.repetition is not None
    stricter = BEND.model_copy(update={"repetition": BEND.repetition.model_copy(update={"min_excursion": 60.0})})
    with pytest.raises(ReviewError, match="cannot be judged by the rules of today") as refused:
        review_of_session(store, session, stricter)
    assert "\n" not in str(refused.value)
    later = uuid4()
    text = machine().assessment.to_json().replace('"schema": 1', '"schema": 1, "of_tomorrow": 2')
    store.keep_assessment(later, session.id, text, InForce(at=NOON, exercise=BEND.id))
    with pytest.raises(ReviewError, match="a newer BackCheck"):
        review_of_session(store, session.model_copy(update={"assessment_id": later}), BEND)


def test_the_dose_that_was_asked_for_is_known(store: Store) -> None:
    dose = Dose.model_validate({"repetitions": (2, 3), "source": "a test", "status": "clinical judgement"})
    session = kept(store, assess(BEND, track(), dose))
    assert review_of_session(store, session, BEND).ground.dose == dose


def test_without_a_result_or_poses_there_is_no_review(store: Store) -> None:
    session = kept(store, machine())
    with pytest.raises(ReviewError, match=NO_RESULT):
        review_of_session(store, session.model_copy(update={"assessment_id": None}), BEND)
    with pytest.raises(ReviewError, match=NO_POSES):
        review_of_session(store, kept(store, replace(machine(), poses=None)), BEND)


def test_what_was_just_measured_is_reviewed_without_being_kept() -> None:
    review = review_of_outcome(Outcome(BEND, machine(), {}, {}), "upload-1")
    review.make("unusable", "Pat", why="unusable")
    assert not review.is_kept
    assert not review.result.assessment.measured
    [row] = review.judgements()
    assert (row.clip, row.machine, row.reviewer, row.by) == ("upload-1", "usable", "unusable", "Pat")


def test_the_labelled_set_goes_to_a_file_and_its_agreement_is_printed(store: Store, tmp_path: Path) -> None:
    for n in range(2):
        review = review_of_session(store, kept(store, machine()), BEND)
        review.make("dismiss_fault", "Pat", fault="knee_bend", blind=True)
        review.make("reading", "Pat", measure="trunk_lateral_flexion", side="left", value=24.0 + n, unit="deg")
    assert len(labelled_set(store, WHO.id, {BEND.id: BEND})) == 4
    file, run = tmp_path / "set.csv", CliRunner()
    written = run.invoke(cli, ["people", "judgements", "Anna", str(file)])
    assert written.exit_code == 0, written.output
    assert "Anna" not in file.read_text()
    again = run.invoke(cli, ["people", "judgements", "Anna", str(file)])
    assert again.exit_code == 2
    assert "cannot be written" in again.output
    told = run.invoke(cli, ["agreement", str(file)])
    assert told.exit_code == 0
    lines = " ".join(told.output.split())
    assert "Blind: 2 judgements of 2 recordings by 1 reviewers" in lines
    assert "knee_bend - 2 0 0 0 2 0" in lines
    bias = machine().assessment.measures[0].value or 0.0
    assert f"{bias - 24.5:+.1f}" in lines
    wrong = run.invoke(cli, ["agreement", str(tmp_path / "none.csv")])
    assert wrong.exit_code == 2
    assert "cannot be read" in wrong.output


# --- what the page shows ----------------------------------------------------------------------------


def test_the_worst_is_first() -> None:
    assert [r.index for r in worst_first(machine().assessment)] == [1, 2, 3, 4]
    reps = [r.model_copy(update={"faults": ["knee_bend"] if r.index == 4 else []}) for r in machine().assessment.reps]
    result = machine().assessment.model_copy(update={"reps": reps})
    assert [r.index for r in worst_first(result)] == [4, 1, 2, 3]


def test_a_number_says_what_it_is_made_of() -> None:
    t_s = times(20.0, fps=15.0)
    still = repeated(t_s, SIZES, out_s=1.5, hold_s=0.6, back_s=1.5)
    found = assess(BEND, body_track(t_s, FRONT, lateral_deg=still))
    measure = found.assessment.measures[0]
    parts = measure.uncertainty_parts
    assert parts is not None
    assert np.hypot(np.hypot(parts.own, parts.scatter), parts.turned) == pytest.approx(measure.uncertainty, abs=0.06)
    told = why(measure, BEND, found)
    assert told.formula.endswith("The median over 2 repetitions, left.")
    assert len(told.parts) == 3
    assert "100% of the pictures of these repetitions" in told.seen
    assert Assessment.model_validate_json(found.assessment.to_json()) == found.assessment


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_moment_is_drawn_on_its_picture_and_without_one_on_nothing(tmp_path: Path, mirrored: bool) -> None:
    clip = write_clip(tmp_path / "clip.mp4", machine())
    moments = [0.5, rep(2).peak_s]
    on_film = [_read(jpeg) for jpeg in draw_moments(machine(), BEND, moments, clip, mirrored=mirrored)]
    alone = [_read(jpeg) for jpeg in draw_moments(machine(), BEND, moments, None)]
    assert on_film[0].shape == alone[0].shape == (640, 480, 3)
    assert (np.abs(on_film[0].astype(int) - on_film[1]) > 60).any(), "another posture"
    assert np.median(alone[0]) == pytest.approx(45, abs=3)
    assert (alone[1] > 200).any(), "lines"


def _read(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))


def test_a_plain_video_has_nothing_drawn_on_it(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", machine())
    write_plain_video(machine().assessment, clip, tmp_path / "plain.mp4")
    moment = rep(2).peak_s
    raw, plain = (read_stills(path, [moment])[moment].astype(int) for path in (clip, tmp_path / "plain.mp4"))
    assert np.abs(raw - plain).mean() < 4.0
    with_lines = machine().assessment.model_copy(
        update={"video": machine().assessment.video.model_copy(update={"mirrored": True})}
    )
    write_plain_video(with_lines, clip, tmp_path / "turned.mp4")
    turned = read_stills(tmp_path / "turned.mp4", [moment])[moment].astype(int)
    assert np.abs(raw[:, ::-1] - turned).mean() < 4.0


# --- its reports ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour_known", "said"), [(True, "10 November 2026, 12:00"), (False, "10 November 2026")])
def test_what_goes_along_with_a_session_is_of_its_own_moment(
    store: Store, tmp_path: Path, hour_known: bool, said: str
) -> None:
    """A physio told the day of a film that was judged weeks later."""
    at = datetime(2026, 11, 10, 12, tzinfo=UTC)
    told = {"at": at, "hour_known": hour_known}
    diary = Diary(store, begun(store).session.model_copy(update=told), BEND, "rules", lambda: at)
    diary.end(assess(BEND, track(), known=Circumstances(analysed_at=datetime(2026, 11, 27, 22, 23, tzinfo=UTC))))
    review = review_of_session(store, diary.session, BEND)
    review.keep_video(write_clip(tmp_path / "clip.mp4", machine()))
    page = review_report(review, "html").decode()
    assert f"<dd>{said}</dd>" in page
    assert "27 November" not in page
    assert str(diary.session.id) not in page, "the name of the file is ours"
    (tmp_path / "a.pdf").write_bytes(review_report(review, "pdf"))
    text = " ".join(PdfReader(tmp_path / "a.pdf").pages[0].extract_text().split())
    assert said in text
    assert ("2026, 12:00" in text) == hour_known
    made = json.loads(review_report(review, "fhir"))
    whole = person_bundle(store.history(WHO.id))
    assert broken(made) == []
    assert _moments(made) == _moments(whole) == {"2026-11-10T12:00:00Z" if hour_known else "2026-11-10"}
    (tmp_path / "a.xlsx").write_bytes(review_report(review, "xlsx"))
    about = dict(load_workbook(tmp_path / "a.xlsx")["About"].iter_rows(values_only=True))
    key, value = ("Session at (UTC)", "2026-11-10 12:00:00+00:00") if hour_known else ("Filmed on", "2026-11-10")
    assert about[key] == value
    assert about.get("Filmed at (UTC)") is None, "nobody knows the hour at which it was filmed"
    assert review.stored.recorded_at is None, "the machine's own result stays as it was"


def test_a_film_that_says_when_it_was_made_is_not_of_the_day_on_which_it_was_handed_in(store: Store) -> None:
    filmed, judged = datetime(2026, 11, 3, 7, 30, tzinfo=UTC), datetime(2026, 11, 27, 22, 23, tzinfo=UTC)
    diary = Diary(store, begun(store).session, BEND, "rules", lambda: judged)
    diary.end(assess(BEND, track(), known=Circumstances(recorded_at=filmed, analysed_at=judged)))
    review = review_of_session(store, diary.session, BEND)
    assert "<dd>3 November 2026, " in review_report(review, "html").decode()
    assert _moments(json.loads(review_report(review, "fhir"))) == {"2026-11-03T07:30:00Z"}
    told = diary.session.model_copy(update={"at": datetime(2026, 11, 5, 12, tzinfo=UTC), "hour_known": False})
    assert review_of_session(store, told, BEND).when == when_of(told), "what somebody told of its day goes before it"


def _moments(made: dict[str, Any]) -> set[str]:
    """When the session of a bundle began, and when its values were taken."""
    found = [e["resource"] for e in made["entry"]]
    begun = {r["performedPeriod"]["start"] for r in found if r["resourceType"] == "Procedure"}
    return begun | {r["effectiveDateTime"] for r in found if r["resourceType"] == "Observation"}


def test_a_bundle_of_a_review_names_who_corrected_and_has_what_the_person_told(store: Store) -> None:
    diary = begun(store)
    diary.end(assess(BEND, track(), known=Circumstances(to_first_pain=2)))
    diary.told(Answers(pain_after=3, limited_by={"left": "end", "right": "pain"}, pain_at_limit={"right": 4}))
    review = review_of_session(store, diary.session, BEND)
    review.make("delete", "Pat", at_s=review.result.assessment.reps[0].peak_s)
    found = json.loads(review_report(review, "fhir"))
    assert broken(found) == []
    read = assessment_of(found)
    assert (len(read.reps), read.pain_after) == (3, 3)
    assert {r.side: r.limited_by for r in read.ranges} == {"left": "end", "right": "pain"}
    assert {r.side: r.censored for r in read.ranges}["left"] == "above"
    (who,) = [e["resource"] for e in found["entry"] if e["resource"]["resourceType"] == "Practitioner"]
    assert who["name"] == [{"text": "Pat"}]
    review.make("undo", "Pat", of=review.corrections[0].id)
    again = json.loads(review_report(review, "fhir"))
    assert "Provenance" not in {e["resource"]["resourceType"] for e in again["entry"]}
