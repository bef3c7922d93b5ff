"""The PDFs are opened by another library: their values are those of the result, and any text in them is only text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader
from synthetic_analysis import hinge_analysis, hinge_exercise, make_exercise, side_bend_analysis, write_clip

from checker.assessment import PainFreeRange, PainMark, Quantity
from checker.judging.analysis import Analysis
from checker.picture.gauge import gauge
from checker.report.paper import write_full, write_summary
from checker.words.summary import reached, summary_sentence
from checker.words.values import plus_minus, quantity, seconds

ANALYSIS: Final = side_bend_analysis(15.5)
EXERCISE: Final = make_exercise()
HOSTILE: Final = '#panic("x") *bold* <b> $x^2$ [in] @ref `code` \\ // /* ~ https://elsewhere.example'


def changed(**update: Any) -> Analysis:
    return replace(ANALYSIS, assessment=ANALYSIS.assessment.model_copy(update=update))


def text_of(path: Path) -> str:
    """All text of a PDF, lines and runs of blanks as one blank."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def summary(analysis: Analysis, folder: Path) -> str:
    write_summary(analysis, EXERCISE, folder / "summary.pdf")
    return text_of(folder / "summary.pdf")


def full(analysis: Analysis, folder: Path, clip: Path | None = None) -> str:
    write_full(analysis, EXERCISE, clip, folder / "report.pdf")
    return text_of(folder / "report.pdf")


def test_the_page_for_the_person_is_one_page_of_plain_words(tmp_path: Path) -> None:
    made = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    text = summary(changed(recorded_at=made), tmp_path)
    assert len(PdfReader(tmp_path / "summary.pdf").pages) == 1
    assert "20 November 2026" in text
    assert "28° Left 23° Right" in text
    assert "Side bend today: 28° to the left and 23° to the right, each to within about 3°." in text
    assert "Next time: Keep your knees straight." in text
    assert "not a diagnosis" in text
    for term in ("sha256", "±", "model", "threshold", "ROM", "lateral"):
        assert term not in text


def test_both_arcs_are_of_one_scale() -> None:
    """28 of 30 beside 32 of 45 would look the same."""
    assert gauge(28.0, "", "") != gauge(28.0, "", "", beside=32.0)
    assert drawn(gauge(28.0, "", "", beside=32.0)) == drawn(gauge(28.0, "", "", last=32.0))


def drawn(svg: str) -> str:
    """The arc of today's value."""
    return svg.partition('bc-arc-today" d="')[2].partition('"')[0]


def test_a_test_to_the_first_pain_shows_that_value() -> None:
    first, further = (Quantity(value=value, unit="deg", uncertainty=3.0) for value in (18.2, 31.0))
    ranges = [
        PainFreeRange(side="left", first=first, first_repetitions=2),
        PainFreeRange(side="right", first=further, censored="above", first_repetitions=0, furthest=further),
    ]
    assessment = changed(ranges=ranges).assessment
    assert summary_sentence(assessment, EXERCISE) == (
        "Side bend to the first pain or tension today: 18° to the left and more than 31° to the right, each to within "
        "about 3°."
    )


def test_how_far_somebody_went_beyond_the_first_pain_never_stands_in_its_place() -> None:
    further = Quantity(value=31.0, unit="deg", uncertainty=3.0)
    ranges = [
        PainFreeRange(side=side, first=None, first_repetitions=0, reason="you did not stop", furthest=further)
        for side in ("left", "right")
    ]
    assessment = changed(ranges=ranges).assessment
    assert [(one.value, one.reason) for one in reached(assessment, EXERCISE)] == [("", "you did not stop")] * 2
    assert summary_sentence(assessment, EXERCISE) == "Nothing was measured this time: you did not stop."


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", ANALYSIS)


@pytest.mark.clips
def test_the_report_for_the_physio_has_every_value_of_the_result(clip: Path, tmp_path: Path) -> None:
    a = ANALYSIS.assessment
    marks = [PainMark(t_s=6.1, side="right", excursion=20.5, unit="deg")]
    fingerprint = a.exercise.model_copy(update={"sha256": "ab" * 32})
    text = full(changed(pain=marks, pain_before=3, pain_after=4, exercise=fingerprint), tmp_path, clip)
    for m in a.measured:
        assert f"{m.name} {m.side.capitalize() if m.side else ''} {quantity(m)} {plus_minus(m)}" in text
    for r in a.reps:
        row = f"{r.index} {r.side.capitalize()} {quantity(r.rom)} {plus_minus(r.rom)} "
        assert row + " ".join(map(seconds, (r.start_s, r.peak_s, r.end_s))) in text
    for told in ("Not measured: Forward bend: your right hip was hidden", "Read 23.7°, the limit is 15°.",
                 "before: 3 of 10", "after: 4 of 10", "at 6.1 s, right, 20° out", a.model.sha256, "ab" * 32,
                 a.warnings[0], "6° (it went 6 degrees, 8 are needed to count)"):  # fmt: skip
        assert told in text
    pictures = [image for page in PdfReader(tmp_path / "report.pdf").pages for image in page.images]
    assert len(pictures) == 3, "the moment of the fault, and the furthest point of each side"


@pytest.mark.parametrize("write", [summary, full])
def test_a_screen_reader_finds_its_way(write: Any, tmp_path: Path) -> None:
    write(ANALYSIS, tmp_path)
    (path,) = tmp_path.glob("*.pdf")
    root = PdfReader(path).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"].startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert b"pdfuaid" in root["/Metadata"].get_data(), "it says that it keeps to PDF/UA"
    assert PdfReader(path).metadata is not None
    assert PdfReader(path).metadata.title == "Standing side bend"
    kinds = _kinds(root["/StructTreeRoot"])
    assert {"/H1", "/Figure"} <= kinds
    if path.name == "report.pdf":
        assert {"/Table", "/TH", "/H2"} <= kinds


def _kinds(element: Any) -> set[str]:
    """The kinds of all elements of the tree that a screen reader walks."""
    found, waiting = set(), [element]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found.add(str(one.get("/S")))
            waiting += [one["/K"]] if "/K" in one else []
    return found


def hostile(text: str) -> Analysis:
    a = ANALYSIS.assessment
    return changed(
        exercise=a.exercise.model_copy(update={"name": text}),
        measures=[m.model_copy(update={"name": text, "reason": text, "expected": text}) for m in a.measures],
        faults=[f.model_copy(update={"name": text, "cue": text, "reason": text}) for f in a.faults],
        partial_reps=[p.model_copy(update={"reason": text}) for p in a.partial_reps],
        warnings=[text],
    )


@pytest.mark.parametrize("write", [summary, full])
def test_markup_in_a_text_is_text(write: Any, tmp_path: Path) -> None:
    text = write(hostile(HOSTILE), tmp_path)
    assert HOSTILE.replace(" ", "") in text.replace(" ", "")
    (path,) = tmp_path.glob("*.pdf")
    links = [a for page in PdfReader(path).pages for a in page.get("/Annots", [])]
    assert links == []


@pytest.mark.parametrize("text", ["脊柱 側屈 🙂", "حركة الظهر", "a\x00b\x1b[31m\u202e", "", "x" * 3000, "\ue000\uffff"])
@pytest.mark.parametrize("write", [summary, full])
def test_any_letters_make_a_pdf(write: Any, text: str, tmp_path: Path) -> None:
    assert "28°" in write(hostile(text), tmp_path)


def test_the_same_result_gives_the_same_file(tmp_path: Path) -> None:
    write_full(ANALYSIS, EXERCISE, None, tmp_path / "one.pdf")
    write_full(ANALYSIS, EXERCISE, None, tmp_path / "two.pdf")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_nothing_measured_says_why(tmp_path: Path) -> None:
    blank = {"status": "not_measured", "value": None, "uncertainty": None, "best": None, "reason": "nobody was seen"}
    nothing = changed(measures=[m.model_copy(update=blank) for m in ANALYSIS.assessment.measures], reps=[], faults=[])
    nothing = replace(nothing, t_s=nothing.t_s[:0], signals={}, track=nothing.track.slice(slice(0, 0)))
    assert "Nothing was measured this time: nobody was seen." in summary(nothing, tmp_path)
    text = full(nothing, tmp_path)
    assert "Nothing was measured." in text
    assert "No repetition was counted." in text


def test_a_movement_without_sides_has_one_arc(tmp_path: Path) -> None:
    write_summary(hinge_analysis(), hinge_exercise(), tmp_path / "summary.pdf")
    text = text_of(tmp_path / "summary.pdf")
    assert "Hips today: 60°, to within about 5°." in text
    assert text.count("60°") == 2
