"""Reports are read back: the video with PyAV, the table with csv, the page as text."""

from __future__ import annotations

import base64
import csv
import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from moving_figure import MEASURED, moving
from synthetic_analysis import (
    HEIGHT,
    WIDTH,
    hinge_analysis,
    hinge_exercise,
    make_exercise,
    side_bend_analysis,
    write_clip,
)

from checker.assessment import Assessment, Quantity
from checker.care.when import When
from checker.exercise import Exercise
from checker.fault_rules import limits_of
from checker.judging.analysis import Analysis, SignalTrace
from checker.report import REPORTS, ReportError, write_reports
from checker.report.angles import column_name, write_angles
from checker.report.annotated_video import write_annotated_video
from checker.report.page import render_page
from checker.report.stills import read_stills
from checker.signals import CATALOGUE
from checker.ui.cards import cards_html
from checker.ui.judged import rules_table
from checker.words.cards import make_cards
from checker.words.judged import list_rules
from checker.words.rules import dose_words
from checker.words.values import (
    ESTIMATE,
    held,
    is_estimate,
    number,
    plus_minus,
    quantity,
    seconds,
    side_class,
    side_label,
    span,
)

ANALYSIS = side_bend_analysis()
EXERCISE = make_exercise()
CURVE = 'class="curve"'
NOON = When(datetime(2026, 3, 5, 12, 30, tzinfo=UTC))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "bend.mp4", ANALYSIS)


@pytest.fixture(scope="module")
def reports(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_reports(ANALYSIS, EXERCISE, clip, tmp_path_factory.mktemp("made") / "new" / "folder")


@pytest.fixture(scope="module")
def page(clip: Path) -> str:
    return render_page(ANALYSIS, EXERCISE, clip, NOON)


def read_video(path: Path) -> tuple[av.video.stream.VideoStream, list[float], list[np.ndarray], float]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        times = [float(f.time) for f in frames]
        duration_s = float(stream.duration * stream.time_base)
        return stream, times, [f.to_ndarray(format="rgb24") for f in frames], duration_s


def with_unsure(fault_id: str) -> Analysis:
    """The same, one fault being close to its limit and no other seen."""
    about = {"status": "unsure", "reason": "close to the limit", "peak": 16.2, "error": 3.0}
    faults = [
        f.model_copy(update=about if f.id == fault_id else {"status": "clear", "intervals": [], "reason": None})
        for f in ANALYSIS.assessment.faults
    ]
    return replace(ANALYSIS, assessment=ANALYSIS.assessment.model_copy(update={"faults": faults}))


def text_of(page: str) -> str:
    """What a reader sees, spaces collapsed."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.mark.clips
class TestAnnotatedVideo:
    def test_is_h264_that_browsers_play(self, reports: dict[str, Path]) -> None:
        with av.open(str(reports["video"])) as container:
            codec = container.streams.video[0].codec_context
            assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
            assert (codec.width, codec.height) == (WIDTH, HEIGHT)
        head = reports["video"].read_bytes()[:4096]
        assert b"moov" in head, "the index stands in front, so that it plays while it loads"

    def test_keeps_duration_and_every_timestamp(self, clip: Path, reports: dict[str, Path]) -> None:
        _, before, _, duration_before_s = read_video(clip)
        _, after, _, duration_after_s = read_video(reports["video"])
        assert len(set(np.round(np.diff(before), 4))) > 1, "the source has a variable frame rate"
        np.testing.assert_allclose(after, before, atol=1e-4)
        assert duration_after_s == pytest.approx(duration_before_s, abs=0.05)

    def test_differs_inside_the_skeleton_only(self, clip: Path, reports: dict[str, Path]) -> None:
        _, times, before, _ = read_video(clip)
        _, _, after, _ = read_video(reports["video"])
        i = int(np.searchsorted(times, 2.5))
        change = np.abs(before[i].astype(int) - after[i].astype(int)).max(axis=2)
        assert change[230:340, 235:300].max() > 100
        assert np.median(change[100:500, :60]) < 8

    def test_a_turned_clip_of_odd_size_with_a_late_start_is_fine(self, tmp_path: Path) -> None:
        source = tmp_path / "odd.mp4"
        with av.open(str(source), "w") as out:
            stream = out.add_stream("libx264", rate=15)
            stream.width, stream.height, stream.pix_fmt = 321, 243, "yuv444p"
            for k in range(30):
                frame = av.VideoFrame.from_ndarray(np.full((243, 321, 3), 90, np.uint8), format="rgb24")
                frame.pts = k + 10
                out.mux(stream.encode(frame))
            out.mux(stream.encode())
        target = tmp_path / "out.mp4"
        write_annotated_video(ANALYSIS, EXERCISE, source, target)
        stream, times, frames, _ = read_video(target)
        assert frames[0].shape == (242, 320, 3)
        np.testing.assert_allclose(np.diff(times), 1 / 15, atol=1e-4)

    def test_frames_that_were_not_analysed_stay_as_they_are(self, clip: Path, tmp_path: Path) -> None:
        short = side_bend_analysis(3.0)
        write_annotated_video(short, EXERCISE, clip, tmp_path / "out.mp4")
        _, times, frames, _ = read_video(tmp_path / "out.mp4")
        late = frames[int(np.searchsorted(times, 9.0))]
        assert late[HEIGHT - 40 : HEIGHT - 10, 10:120].min() > 60, "no dark label"

    def test_progress_rises_to_one(self, clip: Path, tmp_path: Path) -> None:
        told: list[float] = []
        write_annotated_video(ANALYSIS, EXERCISE, clip, tmp_path / "out.mp4", told.append)
        assert told == sorted(told)
        assert told[-1] == pytest.approx(1.0)

    def test_a_stop_half_way_leaves_nothing_behind(self, clip: Path, tmp_path: Path) -> None:
        class StopError(Exception):
            pass

        def stop(share: float) -> None:
            if share > 0.5:
                raise StopError

        with pytest.raises(StopError):
            write_annotated_video(ANALYSIS, EXERCISE, clip, tmp_path / "out.mp4", stop)
        assert list(tmp_path.iterdir()) == []


class TestAngles:
    def test_reads_back_equal(self, reports: dict[str, Path]) -> None:
        with reports["csv"].open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        assert header == [
            "t_s",
            "trunk_lateral_flexion_deg",
            "knee_flexion_deg",
            "hip_shift_torso_lengths",
            "torso_ratio",
        ]
        table = np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])
        np.testing.assert_allclose(table[:, 0], ANALYSIS.t_s, atol=6e-7)
        for column, signal in zip(table.T[1:], ANALYSIS.signals.values(), strict=True):
            np.testing.assert_allclose(column, signal.values, atol=6e-5)
        assert np.isnan(table[:, 1]).sum() == np.isnan(ANALYSIS.signals["knee_flexion"].values).sum() > 0

    @pytest.mark.parametrize(
        ("unit", "name"),
        [("deg", "x_deg"), ("T", "x_torso_lengths"), ("leg", "x_leg_lengths"), ("deg/s", "x_deg_per_s")],
    )
    def test_columns_carry_their_unit(self, unit: str, name: str) -> None:
        assert column_name(SignalTrace("x", "X", unit, np.zeros(1))) == name

    def test_infinities_are_empty_too(self, tmp_path: Path) -> None:
        values = np.array([np.inf, 1.0])
        trace = {"x": SignalTrace("x", "X", "deg", values)}
        write_angles(replace(ANALYSIS, t_s=np.array([0.0, 0.1]), signals=trace), tmp_path / "a.csv")
        assert (tmp_path / "a.csv").read_text("utf-8").splitlines()[1:] == ["0.000000,", "0.100000,1.0000"]


class TestPage:
    def test_has_the_summary_in_as_many_digits_as_were_measured(self, page: str) -> None:
        text = text_of(page)
        assert "Side bend · Left 28° ±3°" in text
        assert "Side bend · Right 23° ±3°" in text
        assert "28.4" not in text

    def test_has_every_repetition(self, page: str) -> None:
        rows = re.findall(r"<tr>(<td class=\"n\">\d.*?)</tr>", page, flags=re.DOTALL)
        assert len(rows) == len(ANALYSIS.assessment.reps)
        for rep, row in zip(ANALYSIS.assessment.reps, rows, strict=True):
            cells = text_of(row)
            for part in (rep.side.capitalize(), f"{rep.rom.value:.0f}°", "±3°"):
                assert part in cells
            for moment in (rep.start_s, rep.peak_s, rep.end_s, rep.hold_s):
                assert f"{moment:.1f} s" in cells
        assert "Knees bending" in rows[1]

    @pytest.mark.parametrize("filmed", [True, False])
    def test_what_is_not_certain_has_its_limit_and_no_cue(self, clip: Path, filmed: bool) -> None:
        analysis = with_unsure("knee_bend")
        whole = render_page(analysis, EXERCISE, clip if filmed else None, NOON)
        text = text_of(whole).split("How to read this")[0]
        assert "Nothing was seen for certain" in text
        assert f"Knees bending (not certain) Close to the limit{'; look at the video' if filmed else ''}." in text
        assert "Read 16.2° ±3°, the limit is 15°" in text
        assert "5.4–6.6 s" in text
        assert "Keep your knees straight" not in text
        assert ('alt="Knees bending at 6.0 s"' in whole) == filmed
        assert 'class="fault unsure"' in whole
        assert "Knees bending" not in whole.split("</svg>")[1], "it has no strip of its own under the curve"

    def test_has_every_fault_reason_cue_and_warning(self, page: str) -> None:
        text, assessment = text_of(page), ANALYSIS.assessment
        for fault in assessment.faults:
            assert fault.name in text
            assert (fault.reason or fault.name) in text
        for fault in assessment.flagged:
            assert fault.cue in text
        for words in ("5.4–6.6 s", "23.7° at 6.0 s", "Threshold 15°", "Threshold 5°", "5.4°"):
            assert words in text
        for measure in assessment.measures:
            assert (measure.reason or measure.name) in text
        for warning in assessment.warnings:
            assert warning in text
        assert assessment.partial_reps[0].reason in text

    def test_has_header_sources_and_what_it_is(self, page: str) -> None:
        text = text_of(page)
        expected = ("Standing side bend", "5 March 2026, 12:30", "bend.mp4 15.5 s, 480 × 640")
        expected += ("from the front, turned by 4°", "pose_landmarker_full", "Norms of the trunk, 1999")
        expected += ("A textbook of movement, 2001, chapter 4", "Information, not a diagnosis", "Published: Norms")
        for words in expected:
            assert words in text

    def test_stills_are_annotated_pictures_of_their_moments(self, page: str) -> None:
        stills = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)
        assert len(stills) == 3, "left, right, and the fault that has a moment"
        for still in stills:
            bgr = cv2.imdecode(np.frombuffer(base64.b64decode(still), np.uint8), cv2.IMREAD_COLOR)
            assert max(bgr.shape[:2]) == 560
            yellow = (bgr[..., 0] < 120) & (bgr[..., 1] > 190) & (bgr[..., 2] > 190)
            assert yellow.sum() > 50, "the drawn angle"

    def test_curve_marks_repetitions_sides_and_faults(self, page: str) -> None:
        svg = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
        curve = next(s for s in svg if CURVE in s)
        assert sum(CURVE in s for s in svg) == 1
        for words in ("1 L", "2 R", "3 L", "4 R", "▲ Knees bending", "Left ▲", "Right ▼", "time in the video"):
            assert words in text_of(curve)
        assert curve.count("<polyline") == 2, "open where nobody was seen"

    def test_refers_to_nothing_outside_and_runs_nothing(self, page: str) -> None:
        assert "http:" not in page
        assert "https:" not in page
        assert "<script" not in page.lower()
        assert re.search(r"default-src 'none'", page)
        references = re.findall(r"(?:src|href)\s*=\s*[\"']([^\"']{0,20})", page)
        assert all(r.startswith("data:image/jpeg") for r in references)
        assert "url(" not in page

    def test_escapes_hostile_names(self, tmp_path: Path) -> None:
        evil = "<script>alert(1)</script>"
        changes = {"name": evil, "cue": f"cue {evil}", "reason": evil}
        faults = [f.model_copy(update=changes) for f in ANALYSIS.assessment.faults]
        measures = [m.model_copy(update={"name": evil}) for m in ANALYSIS.assessment.measures]
        update = {"faults": faults, "measures": measures, "warnings": [evil]}
        hostile = replace(ANALYSIS, assessment=ANALYSIS.assessment.model_copy(update=update))
        source = write_clip(tmp_path / '<img src=x onerror="alert(1)">.mp4', side_bend_analysis(1.0))
        page = render_page(hostile, make_exercise(name=evil, sources=[evil]), source, NOON)
        assert "<script" not in page
        assert "<img src=x" not in page
        assert page.count("&lt;script&gt;") > 8

    def test_says_when_there_is_nothing(self, clip: Path) -> None:
        page = render_page(nothing_measured(), EXERCISE, clip, NOON)
        text = text_of(page)
        for words in (
            "No range was measured in this video",
            "No repetition was counted",
            "Turn to face the camera",
            "Side bend (left), Side bend (right), Forward bend, Knees bending",
            "Sides differ: you were not facing the camera",
            "Nothing could be judged in this video",
        ):
            assert words in text
        assert CURVE not in page, "a curve would pass for a measurement"

    def test_advice_is_given_once(self, clip: Path) -> None:
        analysis = nothing_measured()
        warned = analysis.assessment.model_copy(update={"warnings": ["Wrong side. Turn to face the camera."]})
        page = render_page(replace(analysis, assessment=warned), EXERCISE, clip, NOON)
        assert text_of(page).count("Turn to face the camera.") == 1

    def test_an_empty_curve_is_left_out(self, clip: Path) -> None:
        empty = {i: replace(s, values=np.full(len(s.values), np.nan)) for i, s in ANALYSIS.signals.items()}
        assert CURVE not in render_page(replace(ANALYSIS, signals=empty), EXERCISE, clip, NOON)

    def test_one_direction_has_no_sides(self, tmp_path: Path) -> None:
        analysis = hinge_analysis()
        page = render_page(analysis, hinge_exercise(), write_clip(tmp_path / "h.mp4", analysis), NOON)
        assert "<th>Side</th>" not in page
        assert page.count(CURVE) == 2
        assert "Left ▲" not in text_of(page)


def nothing_measured() -> Analysis:
    """The same clip as the wrong view would leave it."""
    a: Assessment = ANALYSIS.assessment
    view = a.view.model_copy(
        update={"measured": "left_side", "yaw_deg": 88.0, "ok": False, "advice": "Turn to face the camera."}
    )
    reason = {"status": "not_measured", "reason": "you were not facing the camera"}
    gone = {"value": None, "uncertainty": None, "best": None, "repetitions": 0}
    blank = {"intervals": [], "peak": None, "peak_s": None}
    update = {
        "view": view,
        "reps": [],
        "partial_reps": [],
        "measures": [m.model_copy(update=reason | gone) for m in a.measures],
        "faults": [f.model_copy(update=reason | blank) for f in a.faults],
    }
    empty = {i: replace(s, values=np.full(len(s.values), np.nan)) for i, s in ANALYSIS.signals.items()}
    return replace(ANALYSIS, assessment=a.model_copy(update=update), signals=empty)


class TestWriteReports:
    def test_every_report_of_the_table_is_written_under_its_name_and_nothing_else(
        self, reports: dict[str, Path]
    ) -> None:
        assert {kind: path.name for kind, path in reports.items()} == {r.kind: r.file_name for r in REPORTS}
        assert {p.name for p in reports["csv"].parent.iterdir()} == {r.file_name for r in REPORTS}
        assert len({r.file_name for r in REPORTS}) == len({r.label for r in REPORTS}) == len(REPORTS)

    def test_writes_those_that_were_asked_for(self, tmp_path: Path) -> None:
        files = write_reports(ANALYSIS, EXERCISE, None, tmp_path, kinds=("csv", "json", "video"))
        assert sorted(files) == ["csv", "json"], "without a clip there is no video"
        assert sorted(p.name for p in tmp_path.iterdir()) == ["angles.csv", "assessment.json"]

    def test_json_is_the_contract(self, reports: dict[str, Path]) -> None:
        text = reports["json"].read_text("utf-8")
        assert json.loads(text)["schema"] == 1
        assert Assessment.model_validate_json(text) == ANALYSIS.assessment

    def test_leaves_out_the_video_when_not_wanted(self, clip: Path, tmp_path: Path) -> None:
        told: list[float] = []
        files = write_reports(ANALYSIS, EXERCISE, clip, tmp_path, video=False, progress=told.append)
        assert files.keys() == {r.kind for r in REPORTS if not r.is_video}
        assert not (tmp_path / "annotated.mp4").exists()
        assert told == [1.0]

    def test_nothing_measured_is_still_reported(self, clip: Path, tmp_path: Path) -> None:
        files = write_reports(nothing_measured(), EXERCISE, clip, tmp_path)
        assert all(p.stat().st_size > 200 for p in files.values())

    def test_a_folder_that_cannot_be_is_one_clear_line(self, clip: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(ReportError, match="cannot be written") as caught:
            write_reports(ANALYSIS, EXERCISE, clip, tmp_path / "file")
        assert "\n" not in str(caught.value)
        assert str(tmp_path / "file") in str(caught.value)

    def test_replaces_what_was_there(self, clip: Path, tmp_path: Path) -> None:
        (tmp_path / "angles.csv").write_text("old")
        write_reports(ANALYSIS, EXERCISE, clip, tmp_path, video=False)
        assert (tmp_path / "angles.csv").read_text("utf-8").startswith("t_s,")


def test_stills_are_the_frames_on_screen(clip: Path) -> None:
    _, times, frames, _ = read_video(clip)
    rounded = float(f"{times[40] - 0.004:.3f}")
    wanted = [0.0, 2.5, 2.5, times[40], times[40] + 0.01, rounded, 99.0]
    stills = read_stills(clip, wanted)
    assert sorted(stills) == sorted(set(wanted))
    for time_s, index in ((0.0, 0), (times[40], 40), (times[40] + 0.01, 40), (rounded, 40), (99.0, -1)):
        assert np.abs(stills[time_s].astype(int) - frames[index]).mean() < 2
    assert read_stills(clip, []) == {}


@pytest.mark.parametrize(
    ("value", "unit", "uncertainty", "words"),
    [
        (28.4, "deg", 3.2, "28°"),
        (28.4, "deg", 1.4, "28.4°"),
        (-0.2, "deg", 3.0, "0°"),
        (-7.6, "deg", 3.0, "−8°"),
        (15.0, "deg", None, "15°"),
        (23.7, "deg", None, "23.7°"),
        (0.15, "T", None, "15 %"),
        (0.015, "leg", None, "1.5 %"),
        (0.2, "ratio", 0.05, "0.20"),
        (100.0, "deg", None, "100°"),
    ],
)
def test_numbers_have_the_digits_that_were_measured(
    value: float, unit: str, uncertainty: float | None, words: str
) -> None:
    assert number(value, unit, uncertainty) == words


def test_moments_are_readable() -> None:
    assert seconds(6.04) == "6.0 s"
    assert seconds(65.2) == "1:05.2"
    assert span(5.4, 6.6) == "5.4–6.6 s"


# --- every movement ----------------------------------------------------------------------------


def page_of(exercise: Exercise, analysis: Analysis, source: Path) -> str:
    return render_page(analysis, exercise, source, NOON)


@pytest.fixture(scope="module")
def still_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short real file: past its end the last frame stands for every later moment."""
    return write_clip(tmp_path_factory.mktemp("any") / "any.mp4", side_bend_analysis(1.0))


class TestEveryMovement:
    @pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.id)
    def test_the_page_tells_what_was_measured_and_how_it_is_judged(self, exercise: Exercise, still_clip: Path) -> None:
        analysis = moving(exercise.id)
        page = page_of(exercise, analysis, still_clip)
        text = text_of(page)
        assert not re.search("None(?! of the things)", text)
        assert "{{" not in page
        assert page.count("<svg") == 1 + page.count(CURVE), "the drawing, and the curves"
        for dose in exercise.doses:
            assert dose_words(dose) in text
        for rule in list_rules(exercise):
            assert rule.subject in text
            assert " ".join(rule.words.split()) in text
        for measure in analysis.assessment.measured:
            assert f"{measure.name} · {side_label(measure.side)}".removesuffix(" · ") in text
        for rep in analysis.assessment.reps:
            if rep.hold_target_s is not None:
                assert held(rep.hold_s, rep.hold_target_s) in text
        for reference in re.findall(r"(?:src|href)\s*=\s*[\"']([^\"']{0,20})", page):
            assert reference.startswith("data:image/jpeg")
        assert "http" not in page.replace("Content-Security-Policy", "").replace("http-equiv", "")

    @pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.id)
    def test_an_estimate_is_called_one(self, exercise: Exercise, still_clip: Path) -> None:
        analysis = moving(exercise.id)
        unchecked = [m for m in exercise.measures if m.on is not None and not CATALOGUE[m.on].errors.checked]
        assert [m for m in exercise.measures if is_estimate(m)] == unchecked
        told = [c for c in make_cards(analysis.assessment, exercise) if ESTIMATE in c.about and c.value is not None]
        names = {m.name for m in unchecked} & {m.name for m in analysis.assessment.measured}
        assert {c.name for c in told} == names
        assert (ESTIMATE in text_of(page_of(exercise, analysis, still_clip))) == bool(unchecked)

    @pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.id)
    def test_the_table_has_every_signal_with_its_unit(self, exercise: Exercise, tmp_path: Path) -> None:
        analysis = moving(exercise.id)
        write_angles(analysis, tmp_path / "a.csv")
        rows = list(csv.reader((tmp_path / "a.csv").open(encoding="utf-8", newline="")))
        assert rows[0] == ["t_s", *(column_name(s) for s in analysis.signals.values())]
        assert set(exercise.signals) == set(analysis.signals)
        assert len(rows) == len(analysis.t_s) + 1

    @pytest.mark.parametrize("exercise_id", ["plank", "cat_cow", "breathing"])
    def test_the_video_is_written(self, exercise_id: str, tmp_path: Path) -> None:
        analysis = moving(exercise_id)
        source = write_clip(tmp_path / "clip.mp4", side_bend_analysis(4.0))
        write_annotated_video(analysis, named(exercise_id), source, tmp_path / "out.mp4")
        _, times, frames, _ = read_video(tmp_path / "out.mp4")
        assert len(frames) > 40
        assert len(times) == len(frames)


def cells_of(table: str) -> list[list[str]]:
    """Of each rule in a table its subject, its words without the cue, and where its numbers come from."""
    rows = [re.findall(r"<t[hd]>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in table.split("<tr>")[2:]]
    without_cue = [[subject, words.split("<p")[0], sources] for subject, words, sources in rows]
    return [[text_of(cell).replace(":", "").strip() for cell in row] for row in without_cue]


class TestPageAndReportSayTheSame:
    @pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.id)
    def test_of_every_rule(self, exercise: Exercise, still_clip: Path) -> None:
        report = page_of(exercise, moving(exercise.id), still_clip)
        printed, shown = cells_of(report.split('<table class="fine">')[1]), cells_of(rules_table(exercise))
        assert shown == printed
        assert len(shown) == len(list(list_rules(exercise)))
        every = [exercise.repetition or exercise.hold, exercise.pace, *exercise.measures]
        every += [limit for fault in exercise.faults for limit in limits_of(fault)]
        every += exercise.hold.conditions if exercise.hold else []
        told = " ".join(sources for _, _, sources in shown)
        for sourced in (n for n in every if n is not None):
            assert " ".join(sourced.source.replace(":", "").split()) in told

    @pytest.mark.parametrize("exercise", MEASURED, ids=lambda e: e.id)
    def test_of_every_measure(self, exercise: Exercise, still_clip: Path) -> None:
        analysis = moving(exercise.id)
        cards = make_cards(analysis.assessment, exercise)
        assert {c.measure for c in cards} >= {m.id for m in exercise.measures}
        report = text_of(page_of(exercise, analysis, still_clip))
        page = text_of(cards_html(cards))
        for card in cards:
            said = [card.name, card.value or "", *card.beside.split(), card.band, card.reason, *card.notes, *card.about]
            for line in (" ".join(text.split()) for text in said):
                assert line in report
                assert line[:1].upper() + line[1:] in page or line in page


def named(exercise_id: str) -> Exercise:
    return next(e for e in MEASURED if e.id == exercise_id)


class TestHolds:
    def test_the_time_stands_large_against_its_target(self) -> None:
        plank = moving("plank").assessment
        cards = make_cards(plank, named("plank"))
        time = next(c for c in cards if c.title == "Time held")
        assert time.value == f"{plank.reps[0].hold_s:.0f} s"
        assert time.beside == "of 10 s ±1.2 s"
        assert time.notes[:2] == ["in good form", "from one hold"]

    def test_repetitions_that_are_held_have_a_card_for_the_longest(self) -> None:
        reps = moving("bridge").assessment.reps
        second = reps[0].model_copy(update={"index": 2, "hold_s": 24.2})
        two = moving("bridge").assessment.model_copy(update={"reps": [*reps, second]})
        card = make_cards(two, named("bridge"))[-1]
        assert (card.title, card.value, card.beside) == ("Held", "24 s", "of 3 s")
        assert card.notes == ["in good form", "longest of 2 repetitions"]

    def test_nothing_is_said_about_holding_where_nothing_is_held(self, page: str) -> None:
        assert "clock of a hold" not in text_of(page)
        assert not [c for c in make_cards(moving("squat").assessment, named("squat")) if c.title == "Held"]

    def test_holds_are_called_holds(self, still_clip: Path) -> None:
        text = text_of(page_of(named("plank"), moving("plank"), still_clip))
        for words in ("Holds", "hold 1 at", "While it was held", "Held in good form", "The clock of a hold runs"):
            assert words in text
        assert "No repetition" not in text
        empty = moving("plank").assessment.model_copy(update={"reps": [], "measures": []})
        text = text_of(page_of(named("plank"), replace(moving("plank"), assessment=empty), still_clip))
        assert "No hold was counted" in text
        assert "Nothing was measured in this video" in text


class TestSides:
    def test_named_sides_are_told_by_their_names(self, still_clip: Path) -> None:
        page = page_of(named("cat_cow"), moving("cat_cow"), still_clip)
        text = text_of(page)
        for words in ("Movement of the back · Cat", "Movement of the back · Cow", "1 cat", "2 cow", "Cat ▲", "Cow ▼"):
            assert words in text
        assert 'class="rep one"' in page
        assert 'class="rep other"' in page

    @pytest.mark.parametrize(
        ("side", "sides", "colour"),
        [
            ("left", ["left", "right"], "one"),
            ("left", ["right", "left"], "one"),
            ("right", ["right", "left"], "other"),
            ("cat", ["cat", "cow"], "one"),
            ("cow", ["cat", "cow"], "other"),
            ("both", [None], ""),
            (None, ["left", "right"], ""),
        ],
    )
    def test_a_side_keeps_its_colour(self, side: str | None, sides: list[str | None], colour: str) -> None:
        assert side_class(side, sides) == colour

    def test_what_falls_is_drawn_rising_as_its_range_is_told(self, still_clip: Path) -> None:
        page = page_of(named("bridge"), moving("bridge"), still_clip)
        curve = next(s for s in re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL) if CURVE in s)
        ticks = re.findall(r">(−?\d+)°<", curve)
        assert "40" in ticks
        assert not [t for t in ticks if t.startswith("−") and int(t[1:]) >= 20]


@pytest.mark.parametrize(
    ("value", "unit", "uncertainty", "words", "exact"),
    [
        (24.3, "s", 0.4, "24 s", "±0.4 s"),
        (2.37, "s", 0.4, "2.4 s", "±0.4 s"),
        (7.0, "count", 0.0, "7", ""),
        (6.67, "1/min", 1.0, "6.7 a minute", "±1.0"),
        (0.034, "T", 0.05, "3 %", "±5 %"),
        (85.2, "deg", 10.0, "85°", "±10°"),
    ],
)
def test_every_unit_is_told(value: float, unit: str, uncertainty: float, words: str, exact: str) -> None:
    measured = Quantity(value=value, unit=unit, uncertainty=uncertainty)
    assert quantity(measured) == words
    assert plus_minus(measured) == exact


def test_times_held_are_told_against_their_target() -> None:
    assert held(24.3, 20.0) == "24 s of 20 s"
    assert held(2.37, 10.0) == "2.4 s of 10 s"
    assert held(0.0, None) == "0.0 s"
