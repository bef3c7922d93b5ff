"""What is measured by hand: kept with its picture, told beside the machine's, taken back; it changes no number."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from openpyxl import load_workbook
from pydantic import ValidationError
from pypdf import PdfReader
from synthetic_analysis import write_clip
from test_review import BEND, machine, track

from checker.assessment import Assessment
from checker.care.records import Person, Session
from checker.hand_measure import HandMeasure
from checker.posture import HIPS, SHOULDERS
from checker.review.by_hand import JOINTS, SEGMENTS, HandAngle
from checker.review.hand_results import machine_deg, torso_px
from checker.review.judgements import judgements
from checker.review.made import CorrectionError
from checker.review.plane import CLICK_PX
from checker.review.words import correction_words
from checker.service import by_hand
from checker.service.diary import Diary
from checker.service.review_reports import OFFERED, review_report
from checker.service.reviewing import Review, review_of_outcome, review_of_session
from checker.service.work import Outcome
from checker.store import Store, open_store
from checker.words.by_hand import also, hand_name, hand_value, hand_when

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHO = Person(id=uuid4(), name="Anna", created_at=NOON)
AT_S = 12.27
SQUARE = ((100.0, 100.0), (200.0, 100.0), (200.0, 200.0))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("BACKCHECK_PEOPLE", str(tmp_path / "people"))
    with open_store() as opened:
        opened.add_person(WHO)
        yield opened


@pytest.fixture
def session(store: Store) -> Session:
    """A session of which the poses are kept, and no video."""
    first = Session(id=uuid4(), person_id=WHO.id, at=NOON, exercise=BEND.id, how="upload", exercise_sha256=BEND.sha256)
    diary = Diary(store, first, BEND, "rules", lambda: NOON + timedelta(minutes=1))
    diary.end(machine())
    assert diary.problem == ""
    return diary.session


def nobodys() -> Review:
    """A review of which nothing is kept."""
    return review_of_outcome(Outcome(BEND, machine(), {}, {}), "clip")


def measure(review: Review, tool: str, *points: tuple[float, float], time_s: float = AT_S, **more: Any) -> HandMeasure:
    """Measure as the browser does; what came of it."""
    before = {c.id for c in review.corrections}
    kind, told = by_hand.told(review, {"tool": tool, "time_s": time_s, "points": points, **more})
    review.make(kind, "Pat", **told)
    [new] = [c for c in review.corrections if c.id not in before]
    return next(m for m in review.result.assessment.by_hand if m.at == new.at)


# --- each kind ------------------------------------------------------------------------------------


def test_an_angle_has_the_value_of_its_points_and_the_time_of_its_picture() -> None:
    review = nobodys()
    found = measure(review, "angle", *SQUARE, note="  by the wall ")
    assert (found.value, found.unit, found.kind, found.name) == (90.0, "deg", "angle", "Angle")
    assert found.uncertainty == pytest.approx(
        np.degrees(CLICK_PX * np.sqrt(1 / 100**2 + 1 / 100**2 + 2 / 100**2)), abs=1e-3
    )
    assert found.t_s in review.result.t_s, "the picture's own time, not a rounded one"
    assert (found.note, found.who, found.points) == ("by the wall", "Pat", list(SQUARE))
    assert (hand_value(found), hand_when(found)) == ("90° ±2°", "12.27 s")
    assert measure(review, "vertical", *SQUARE[:2]).value == 90.0
    assert measure(review, "horizontal", (0, 0), (100, 100)).name == "Line to the horizontal"


def test_beside_a_named_angle_stands_that_of_the_machines_own_points() -> None:
    review = nobodys()
    frame = machine().at(AT_S)
    hips, shoulders = (machine().track.point(*ends)[frame] for ends in (HIPS, SHOULDERS))
    ends = [tuple(float(v) for v in end) for end in (hips, shoulders)]
    found = measure(review, "vertical", *ends, of="trunk")  # type: ignore[arg-type]
    assert found.machine == pytest.approx(found.value, abs=0.1), "on the machine's points it is the same angle"
    assert found.name == "Trunk to the vertical"
    assert also(found) == [f"by the machine's own points {found.machine:.0f}° (no ± is known of a single picture)"]
    assert measure(review, "angle", *SQUARE).machine is None, "of no joint is told what it is of"
    unseen = machine().track.image.copy()
    unseen[:, HIPS[0]] = np.nan
    without_hip = replace(machine(), track=replace(machine().track, image=unseen))
    made = review.corrections[0]
    assert isinstance(made, HandAngle)
    assert machine_deg(made, without_hip) is None


def test_a_line_is_told_in_torso_lengths_where_the_pose_gives_them_and_in_cm_where_a_length_is_known() -> None:
    review = nobodys()
    torso = torso_px(machine(), AT_S)
    assert torso == pytest.approx(90.0, abs=1.0)
    plain = measure(review, "line", (100, 100), (100, 280))
    assert plain.torso_lengths == pytest.approx(180 / torso, abs=1e-3)
    assert (plain.cm, plain.cm_uncertainty) == (None, None), "nobody gave a length"
    known = measure(review, "line", (100, 100), (100, 200), known_cm=50.0)
    assert (known.cm, known.cm_uncertainty, also(known)[-1]) == (50.0, None, "known to be 50 cm")
    other = measure(review, "line", (100, 100), (100, 260), same_plane=True)
    assert other.cm == 80.0
    relative = CLICK_PX * np.sqrt(2) * np.hypot(1 / 160, 1 / 100)
    assert other.cm_uncertainty == pytest.approx(80 * relative, abs=0.01)
    assert also(other)[-1] == "80.0 cm ±2.7 cm, in the plane of the known length only"
    assert measure(review, "line", (100, 100), (100, 260)).cm is None, "nobody said that it lies in that plane"


def test_centimetres_go_with_the_known_length_that_is_taken_back() -> None:
    review = nobodys()
    measure(review, "line", (100, 100), (100, 200), known_cm=50.0)
    measure(review, "line", (100, 100), (100, 260), same_plane=True)
    review.make("undo", "Pat", of=review.corrections[0].id)
    [left] = review.result.assessment.by_hand
    assert (left.value, left.cm) == (160.0, None)


def test_outside_of_what_is_measured_no_torso_is_known() -> None:
    assert torso_px(replace(machine(), segments=[]), AT_S) is None


def test_a_time_errs_by_half_a_picture_at_each_end() -> None:
    review = nobodys()
    found = measure(review, "time", time_s=2.0, until_s=4.0)
    assert found.value == pytest.approx(2.0, abs=1e-3)
    assert found.uncertainty == pytest.approx(1 / 15, abs=1e-3)
    assert hand_when(found) == "2.00 to 4.00 s"
    with pytest.raises(CorrectionError, match="a time runs from one picture to a later one"):
        by_hand.told(review, {"tool": "time", "time_s": 4.0, "until_s": 4.01})
    with pytest.raises(CorrectionError, match="set both"):
        by_hand.told(review, {"tool": "time", "time_s": 4.0})


def test_no_time_is_measured_in_a_film_that_may_be_slowed_down() -> None:
    review = nobodys()
    review.ground = replace(review.ground, track=replace(track(), times_known=False))
    with pytest.raises(CorrectionError, match="may be slowed down"):
        measure(review, "time", time_s=2.0, until_s=4.0)


def test_a_grid_has_no_value_but_its_squares() -> None:
    found = measure(nobodys(), "grid", (40, 50), spacing_px=25)
    assert (found.value, found.unit, found.uncertainty) == (25.0, "px", None)
    assert hand_value(found) == "squares of 25 px, perspective not corrected"


@pytest.mark.parametrize("of", [*JOINTS, *SEGMENTS])
def test_every_name_can_be_said(of: str) -> None:
    words = hand_name("angle", of, None if of in JOINTS else "vertical")
    assert "_" not in words
    assert words[0].isupper()


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"tool": "angle", "points": SQUARE[:2]}, "three points"),
        ({"tool": "line", "points": SQUARE}, "expected 2 points, got 3"),
        ({"tool": "line", "points": [(1, 1), (4, 5)]}, "5 px apart: place them at least 10 px apart"),
        ({"tool": "vertical", "points": [(1, 1), (1, 1)]}, "0 px apart"),
        ({"tool": "grid", "points": []}, "expected 1 point, got 0"),
        ({"tool": "line", "points": [(1, 1), (9000, 5)]}, "lies outside of the picture"),
        ({"tool": "line", "points": [(1, 1), (-3, 50)]}, "greater than or equal to 0"),
        ({"tool": "line", "points": [(1, 1), (float("nan"), 50)]}, "finite number"),
        ({"tool": "line", "points": SQUARE[:2], "known_cm": -4.0}, "greater than 0"),
        ({"tool": "grid", "points": [(1, 1)], "spacing_px": 0.0}, "greater than or equal to 5"),
        ({"tool": "grid", "points": [(1, 1)]}, "valid number"),
        ({"tool": "angle", "points": SQUARE, "of": "trunk"}, "an angle of 3 points is not of trunk"),
        (
            {"tool": "vertical", "points": SQUARE[:2], "of": "soul"},
            'expected a joint or a line of the body, got "soul"',
        ),
        ({"tool": "ruler", "points": SQUARE[:2]}, "Input should be 'angle'"),
        ({"tool": "angle", "points": SQUARE, "who": "Sam"}, "Extra inputs"),
        ({"tool": "angle", "points": SQUARE, "note": 501 * "x"}, "at most 500"),
    ],
)
def test_what_cannot_be_measured_is_refused_and_leaves_nothing(said: dict[str, Any], why: str) -> None:
    review = nobodys()
    with pytest.raises((CorrectionError, ValidationError), match=why):
        measure(review, said["tool"], *said["points"], **{k: v for k, v in said.items() if k not in {"tool", "points"}})
    assert review.corrections == []


def test_a_record_whose_value_is_not_that_of_its_points_is_none() -> None:
    with pytest.raises(ValidationError, match=r"expected the value of its points, 90\.00"):
        HandAngle(id=uuid4(), who="Pat", at=NOON, t_s=1.0, points=SQUARE, value=80.0, uncertainty=2.29)


# --- kept, and taken along ------------------------------------------------------------------------


def test_it_is_kept_and_changes_no_number_of_the_session(store: Store, session: Session) -> None:
    review = review_of_session(store, session, BEND)
    kept = store.assessment(session.assessment_id or uuid4())
    before = review.result.assessment
    judged = review.result.track
    found = measure(review, "angle", *SQUARE, of="left_knee", note="x")
    assert review.result.track is judged, "it is not judged again"
    assert review.result.assessment.model_copy(update={"by_hand": []}) == before
    assert store.session(session.id) == session
    assert store.assessment(session.assessment_id or uuid4()) == kept
    again = review_of_session(store, session, BEND)
    assert again.result.assessment.by_hand == [found]
    assert judgements("clip", again.stored, again.result.assessment, again.corrections) == []
    again.make("undo", "Sam", of=again.corrections[0].id)
    review.refresh()
    assert review.result.assessment == before
    assert len(store.corrections(session.id)) == 2, "what was taken back stays kept"


def test_it_stands_beside_a_correction_that_changes_numbers(store: Store, session: Session) -> None:
    review = review_of_session(store, session, BEND)
    found = measure(review, "angle", *SQUARE)
    review.make("delete", "Pat", at_s=machine().assessment.reps[2].peak_s)
    assert review.result.assessment.by_hand == [found]
    assert len(review.result.assessment.reps) == 3
    review.make("undo", "Pat", of=review.corrections[0].id)
    assert (review.result.assessment.by_hand, len(review.result.assessment.reps)) == ([], 3)


def test_it_goes_out_and_comes_in_with_the_person_and_is_deleted_with_them(
    store: Store, session: Session, tmp_path: Path
) -> None:
    review = review_of_session(store, session, BEND)
    measured = [
        measure(review, "line", (100, 100), (100, 200), known_cm=50.0),
        measure(review, "line", (100, 100), (100, 260), same_plane=True),
        measure(review, "grid", (40, 50), spacing_px=25),
    ]
    store.export_person(WHO.id, tmp_path / "anna.zip")
    store.delete_person(WHO.id)
    assert store.corrections_of(WHO.id) == ()
    store.import_person(tmp_path / "anna.zip")
    again = review_of_session(store, session, BEND)
    assert again.result.assessment.by_hand == measured
    with zipfile.ZipFile(tmp_path / "anna.zip") as package:
        assert b'"hand_grid"' in package.read("backcheck.json")


def test_the_reports_of_a_review_list_it(store: Store, session: Session, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", machine())
    review = review_of_session(store, session, BEND)
    review.keep_video(clip)
    note = "=1+1 <b>left</b> {x} #y"
    measure(review, "angle", *SQUARE, of="left_knee", note=note)
    measure(review, "line", (100, 100), (100, 200), known_cm=50.0)
    review.make("delete", "Pat", at_s=machine().assessment.reps[2].peak_s)
    files = {kind: review_report(review, kind) for kind in OFFERED}
    assert set(files) == {"pdf", "html", "xlsx", "fhir"}
    page = files["html"].decode()
    assert "Measured by hand" in page
    assert "90° ±2°" in page
    assert "&lt;b&gt;left&lt;/b&gt;" in page
    assert "Corrected by Pat" in page
    (tmp_path / "report.pdf").write_bytes(files["pdf"])
    text = " ".join(" ".join(p.extract_text() for p in PdfReader(tmp_path / "report.pdf").pages).split())
    for words in (
        "Measured by hand",
        "Left knee",
        "90° ±2°",
        "known to be 50 cm",
        "<b>left</b> {x} #y",
        "clicks alone",
    ):
        assert words in text, words
    (tmp_path / "results.xlsx").write_bytes(files["xlsx"])
    rows = list(load_workbook(tmp_path / "results.xlsx")["By hand"].iter_rows(values_only=True))
    angle = dict(zip(rows[0], rows[1], strict=True))
    assert (angle["What"], angle["Angle (deg)"], angle["Note"]) == ("Left knee", 90, note)
    assert angle["Length (px)"] is None
    assert dict(zip(rows[0], rows[2], strict=True))["Length (cm, in the plane of the known length only)"] == 50


def test_a_result_without_any_is_as_it_was_and_its_json_comes_back(store: Store, session: Session) -> None:
    review = review_of_session(store, session, BEND)
    measure(review, "time", time_s=2.0, until_s=4.0)
    result = review.result.assessment
    assert Assessment.model_validate_json(result.to_json()) == result
    assert machine().assessment.by_hand == []


def test_each_is_said_in_a_sentence() -> None:
    review = nobodys()
    measure(review, "angle", *SQUARE)
    measure(review, "line", *SQUARE[:2])
    measure(review, "time", time_s=2.0, until_s=4.0)
    measure(review, "grid", (40, 50), spacing_px=25)
    words = [correction_words(made, BEND) for made in review.corrections]
    assert words[0] == "Measured by hand at 12.27 s: an angle of 90°."
    assert words[-1] == "A grid at 12.27 s: squares of 25 px."
