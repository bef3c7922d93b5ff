"""The app's parts that need no browser: the job runner, the curve, the pictures, the words."""

from __future__ import annotations

import json
import re
import stat
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import until
from moving_figure import moving
from synthetic_analysis import side_bend_analysis, write_clip

from checker.assessment import Measure, Quantity
from checker.exercise import Exercise
from checker.library import (
    EXERCISES_DIR,
    differences,
    find_exercise,
    list_entries,
    list_exercises,
    overrides_of,
    read_exercise,
    save_numbers,
)
from checker.report.stills import worst_moment_s, write_stills
from checker.safety import (
    GO_EASY_AT,
    PHASE_WINDOWS,
    PHASES,
    STOP_AT,
    STOP_RISE,
    STOP_RULES,
    advice_after,
    phase_label,
)
from checker.service import jobs as jobs_module
from checker.service import keeping
from checker.service.jobs import Job, Jobs, OnStage
from checker.service.work import Outcome
from checker.ui import repetitions, results, samples
from checker.ui.cards import cards_html
from checker.ui.charts import MARGIN, angle_figure
from checker.ui.filters import NOTHING, Filters, grouped
from checker.ui.guard import advice_before
from checker.ui.guided_page import plan
from checker.ui.shelf import drawing
from checker.ui.timer import Plan
from checker.ui.words import time_left
from checker.words.cards import make_cards
from checker.words.values import counted, listed, sentence, size

ROOT = Path(__file__).resolve().parent.parent
DEADLINE_S = 10.0
SIDE_BEND = find_exercise("standing_side_bend")


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    """A pool with one worker and a short grace time."""
    pool = Jobs(workers=1, expected=(ValueError,), grace_s=0.2, parent=tmp_path)
    yield pool
    pool.close()


def endless(folder: Path, progress: OnStage) -> None:
    """Work that ends only when it is told to."""
    (folder / "video").write_bytes(b"private")
    while True:
        progress(0.5, "Going round")
        time.sleep(0.002)


# --- jobs ---------------------------------------------------------------------------------------


def test_a_job_runs_off_the_calling_thread_and_keeps_its_result(jobs: Jobs) -> None:
    job = jobs.start("anna", lambda folder, _: (threading.current_thread().name, folder))
    until(lambda: job.state == "done")
    thread, folder = job.result
    assert thread.startswith("measure")
    assert folder == job.folder
    assert jobs.get(job.id) is job
    assert job.fraction == 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such mode on Windows")
def test_a_jobs_folder_is_private(jobs: Jobs) -> None:
    job = jobs.start("anna", lambda folder, _: None)
    assert stat.S_IMODE(job.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(jobs.root.stat().st_mode) == 0o700


def test_ids_cannot_be_guessed(jobs: Jobs) -> None:
    ids = {jobs.start("anna", lambda folder, _: None).id for _ in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch("[0-9a-f]{48}", job_id) for job_id in ids)  # 24 random bytes


def test_jobs_wait_in_line_and_know_their_place(jobs: Jobs) -> None:
    first = jobs.start("anna", endless)
    until(lambda: first.state == "running")
    second, third = jobs.start("ben", endless), jobs.start("carla", endless)
    assert (jobs.ahead(first), jobs.ahead(second), jobs.ahead(third)) == (0, 1, 2)
    assert second.state == "queued"
    jobs.discard(first.id)
    until(lambda: second.state == "running")
    assert jobs.ahead(third) == 1


def test_quick_work_does_not_wait_behind_the_rest(jobs: Jobs) -> None:
    long = jobs.start("anna", endless)
    waiting = jobs.start("ben", endless)
    until(lambda: long.state == "running")
    quick = jobs.start("carla", lambda folder, _: threading.current_thread().name, quick=True)
    until(lambda: quick.state == "done")
    assert quick.result.startswith("write")
    assert (long.state, waiting.state) == ("running", "queued")


def test_quick_work_waits_for_its_like_alone(jobs: Jobs) -> None:
    first = jobs.start("anna", endless)
    until(lambda: first.state == "running")
    quick = [jobs.start("ben", endless, quick=True) for _ in range(3)]
    second = jobs.start("carla", endless)
    until(lambda: quick[0].state == "running")
    assert [jobs.ahead(job) for job in quick] == [0, 1, 2]
    assert [jobs.ahead(job) for job in (first, second)] == [0, 1]
    assert [job.state for job in quick] == ["running", "queued", "queued"]
    jobs.discard(quick[0].id)
    until(lambda: quick[1].state == "running")


def test_a_cancelled_job_stops_and_leaves_nothing(jobs: Jobs) -> None:
    job = jobs.start("anna", endless)
    until((job.folder / "video").exists)
    jobs.discard(job.id)
    until(lambda: not job.folder.exists())
    assert job.state == "cancelled"
    assert jobs.get(job.id) is None


def test_a_waiting_job_can_be_cancelled(jobs: Jobs) -> None:
    blocker = jobs.start("anna", endless)
    until(lambda: blocker.state == "running")
    waiting = jobs.start("anna", endless)
    jobs.discard(waiting.id)
    assert waiting.state == "cancelled"
    assert not waiting.folder.exists()


def test_an_expected_error_is_told_in_its_own_words(jobs: Jobs) -> None:
    def fail(folder: Path, progress: OnStage) -> None:
        raise ValueError("clip.mp4 is empty: record it again")

    job = jobs.start("anna", fail)
    until(lambda: job.finished)
    assert (job.state, job.message) == ("failed", "clip.mp4 is empty: record it again")


def test_an_unexpected_error_becomes_a_sentence_and_the_pool_goes_on(jobs: Jobs) -> None:
    job = jobs.start("anna", lambda folder, _: 1 / 0)
    until(lambda: job.finished)
    assert (job.state, job.message) == ("failed", jobs_module.UNEXPECTED)
    after = jobs.start("anna", lambda folder, _: "fine")
    until(lambda: after.state == "done")


def test_progress_never_runs_backwards_and_gives_the_time_left(jobs: Jobs) -> None:
    told, go_on = threading.Event(), threading.Event()

    def work(folder: Path, progress: OnStage) -> None:
        time.sleep(0.05)
        progress(0.5, "Measuring")
        progress(0.2)
        told.set()
        go_on.wait(DEADLINE_S)

    job = jobs.start("anna", work)
    assert told.wait(DEADLINE_S)
    assert (job.fraction, job.stage) == (0.5, "Measuring")
    left_s = job.seconds_left
    assert left_s is not None
    assert 0.04 < left_s < DEADLINE_S  # half is done, so about as much again is left
    go_on.set()


def test_what_an_owner_left_behind_is_deleted_and_nothing_else(jobs: Jobs) -> None:
    hers, his = (jobs.start(owner, lambda folder, _: None) for owner in ("anna", "ben"))
    until(lambda: hers.finished and his.finished)
    jobs.release("anna")
    until(lambda: not hers.folder.exists())
    assert jobs.get(hers.id) is None
    assert jobs.get(his.id) is his
    assert his.folder.exists()


def test_an_owner_who_comes_back_in_time_finds_everything(jobs: Jobs) -> None:
    job = jobs.start("anna", lambda folder, _: None)
    until(lambda: job.finished)
    jobs.release("anna")
    jobs.hold("anna")
    time.sleep(3 * jobs.grace_s)
    assert jobs.get(job.id) is job
    assert job.folder.exists()


def test_closing_deletes_every_folder_and_ends_every_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    pool = Jobs(workers=1, parent=tmp_path)
    pool.start("anna", endless)
    pool.start("ben", endless)
    pool.start("carla", endless, quick=True)
    pool.close()
    assert list(tmp_path.iterdir()) == []
    assert set(threading.enumerate()) <= before


# --- the curve ----------------------------------------------------------------------------------


def test_the_curve_marks_repetitions_and_findings_and_keeps_the_gap() -> None:
    analysis = side_bend_analysis()
    figure = angle_figure(analysis, SIDE_BEND)
    curve = figure.data[0]
    assert np.isnan(np.asarray(curve.y, float)).any()
    assert curve.connectgaps is False
    fills = [(s.x0, s.x1) for s in figure.layout.shapes if s.yref == "y domain"]
    for repetition in analysis.assessment.reps:
        assert (repetition.start_s, repetition.end_s) in fills
    words = " ".join(a.text for a in figure.layout.annotations)
    assert "Knees bending" in words
    assert words.count("left") == 2
    assert words.count("right") == 2


def test_a_place_on_the_curve_maps_to_a_time() -> None:
    analysis = side_bend_analysis()
    layout = angle_figure(analysis, SIDE_BEND).layout
    assert tuple(layout.xaxis.range) == pytest.approx((analysis.t_s[0], analysis.t_s[-1]))
    assert (layout.margin.l, layout.margin.r, layout.margin.t) == (MARGIN["l"], MARGIN["r"], MARGIN["t"])
    assert layout.margin.autoexpand is False
    assert layout.xaxis.automargin is False
    assert layout.yaxis.automargin is False


def test_the_players_marks_are_in_order_of_time() -> None:
    marks = results.marks(side_bend_analysis().assessment, SIDE_BEND)
    assert [m.kind for m in marks].count("repetition") == 4
    assert ("finding", 5.4) in [(m.kind, m.time_s) for m in marks]
    assert [m.time_s for m in marks] == sorted(m.time_s for m in marks)


def test_sides_of_any_name_are_told_apart_on_the_curve_and_in_the_table() -> None:
    cat_cow = find_exercise("cat_cow")
    analysis = side_bend_analysis()
    sides = dict(zip(("left", "right"), cat_cow.sides, strict=True))
    reps = [r.model_copy(update={"side": sides[r.side]}) for r in analysis.assessment.reps]
    assessment = analysis.assessment.model_copy(update={"reps": reps})
    layout = angle_figure(replace(analysis, assessment=assessment), cat_cow).layout
    assert layout.yaxis.title.text == f"← {cat_cow.sides[1]} · {cat_cow.sides[0]} →"
    fills = {s.fillcolor for s in layout.shapes if (s.x0, s.x1) in {(r.start_s, r.end_s) for r in reps}}
    assert len(fills) == 2
    assert repetitions.rows(assessment, cat_cow)["Side"] == [str(sides[s]).capitalize() for s in ("left", "right")] * 2


def test_a_hold_is_told_as_time_held_against_what_was_asked() -> None:
    plank = find_exercise("plank")
    analysis = side_bend_analysis()
    one = analysis.assessment.reps[0].model_copy(
        update={
            "side": "both",
            "hold_s": 12.3,
            "hold_target_s": 20.0,
            "rom": Quantity(value=12.3, unit="s", uncertainty=0.4),
        }
    )
    assessment = analysis.assessment.model_copy(update={"reps": [one]})
    rows = repetitions.rows(assessment, plank)
    assert rows["Hold"] == ["1"]
    assert rows["Held"] == ["12 s of 20 s"]
    assert "Range" not in rows
    assert "Side" not in rows
    assert [m.label for m in results.marks(assessment, plank) if m.kind == "repetition"] == ["Hold 1"]
    assert angle_figure(replace(analysis, assessment=assessment), plank).layout.yaxis.title.text is None


def test_lengths_of_the_body_are_shown_as_shares() -> None:
    breathing = find_exercise("breathing")
    rise = Measure(
        id="shoulder_rise", name="Shoulder rise", side=None, value=0.054, unit="T", uncertainty=0.021,
        status="measured", repetitions=1,
    )  # fmt: skip
    assert "5 % <small>±2 %</small>" in cards([rise], breathing)
    assert "Of your torso length" in cards([rise], breathing)
    count = rise.model_copy(update={"id": "count", "value": 12.0, "unit": "count", "uncertainty": 0.0})
    rule = find_exercise("sit_to_stand").measures[0].model_copy(update={"id": "count", "of": "count"})
    card = cards([count], breathing.model_copy(update={"measures": [rule]}))
    assert ">12 <small></small>" in card
    assert "±" not in card


def cards(measures: list[Measure], exercise: Exercise) -> str:
    """The cards of some measures on the page."""
    assessment = side_bend_analysis().assessment.model_copy(update={"measures": measures, "dose": None})
    return cards_html(make_cards(assessment, exercise))


# --- the library -------------------------------------------------------------------------------


def test_filters_take_away_what_is_not_asked_for() -> None:
    entries, problems = list_entries()
    assert problems == []
    everything = [e.exercise for e in entries]
    for filters, rule in [
        (Filters(), lambda e: True),
        (Filters(position="kneeling"), lambda e: e.position == "kneeling"),
        (Filters(phase=3), lambda e: 3 in e.phases),
        (Filters(kinds=frozenset({"avoid"})), lambda e: e.kind == "avoid"),
    ]:
        found = [e.exercise.id for _, group in grouped(entries, filters) for e in group]
        assert sorted(found) == sorted(e.id for e in everything if rule(e))
    assert {"bridge"} <= {e.id for e in everything if Filters(text="HIPS bridge").suits(e)}
    assert not [e for e in everything if Filters(text="hips zebra").suits(e)]


@pytest.mark.parametrize(
    ("equipment", "have", "suits"),
    [
        ([], {NOTHING}, True),
        (["a chair without armrests"], {NOTHING}, False),
        (["a chair without armrests"], {"chair"}, True),
        (["a bed, a bench or a chair"], {"bed"}, True),
        (["a mat", "a cushion, if you like"], {"mat"}, True),
        (["a mat", "a foam roller"], {"mat"}, False),
        (["a resistance band"], {"a resistance band"}, True),
        (["a resistance band"], {"mat"}, False),
    ],
)
def test_what_is_at_hand_decides(equipment: list[str], have: set[str], suits: bool) -> None:
    exercise = SIDE_BEND.model_copy(update={"equipment": equipment})
    assert Filters(have=frozenset(have)).suits(exercise) is suits


def test_every_picture_has_words_for_those_who_do_not_see_it() -> None:
    for exercise in list_exercises():
        shown = drawing(exercise)
        assert f'alt="{exercise.name.replace(chr(39), "&#x27;")}: ' in shown
        assert "http" not in shown


def test_the_timer_runs_what_the_movement_asks_for() -> None:
    breathing = find_exercise("breathing")
    assert breathing.pace is not None
    assert plan(breathing, breathing.doses[0]).steps == [(s.name, s.seconds) for s in breathing.pace.steps]
    dose = breathing.doses[0].model_copy(update={"sets": 2, "repetitions": (3, 5), "hold_s": 5.0, "duration_s": None})
    bridge = find_exercise("bridge")
    assert plan(bridge, dose) == Plan(seconds=5.0, rounds=6)
    assert plan(SIDE_BEND, dose) == Plan(seconds=5.0, rounds=12)  # to each side
    walk = dose.model_copy(
        update={"sets": 1, "times_a_day": 3, "repetitions": None, "hold_s": None, "duration_s": (300.0, 600.0)}
    )
    assert plan(bridge, walk) == Plan(seconds=300.0)
    assert plan(bridge, dose.model_copy(update={"hold_s": None})) == Plan()


@pytest.mark.parametrize(
    ("before", "after", "stop", "words"),
    [
        (4, 3, False, "1 less than before"),
        (2, 2, False, "The same as before"),
        (2, 4, False, "A little more"),
        (2, 5, True, "Pain rose by 3"),
        (6, 6, True, "Pain is at 6 of 10"),
        (None, 7, True, "Pain is at 7 of 10"),
        (None, 3, False, "Thank you"),
    ],
)
def test_pain_is_answered_by_the_stop_rules(before: int | None, after: int, stop: bool, words: str) -> None:
    advice = advice_after(before, after)
    assert advice.stop is stop
    assert words in " ".join(advice.lines)
    assert ("clinician" in " ".join(advice.lines)) is stop


def test_changed_numbers_are_found(tmp_path: Path) -> None:
    path = save_numbers(EXERCISES_DIR / "squat.toml", {"repetition.min_excursion": 35.0}, tmp_path, "Ben")
    changed = differences(find_exercise("squat"), read_exercise(path))
    assert [(n.key, n.value, was) for n, was in changed] == [("repetition.min_excursion", 35.0, 30.0)]


def test_a_result_names_the_numbers_that_were_set_for_a_patient(tmp_path: Path) -> None:
    path = save_numbers(EXERCISES_DIR / "squat.toml", {"repetition.min_excursion": 35.0}, tmp_path, "Ben")
    (found,) = overrides_of(read_exercise(path))
    assert (found.key, found.value, found.shipped, found.who) == ("repetition.min_excursion", 35.0, 30.0, "Ben")
    assert found.when is not None
    assert overrides_of(find_exercise("squat")) == []
    assert overrides_of(find_exercise("squat").model_copy(update={"id": "of_nobody"})) == []


# --- words -------------------------------------------------------------------------------------


def test_a_missing_number_says_why_and_text_is_escaped() -> None:
    hidden = Measure(
        id="hip_flexion", name="Hip <b>flexion</b>", side="left", value=None, unit="deg",
        uncertainty=None, status="not_measured", reason="your left hip was hidden",
    )  # fmt: skip
    card = cards([hidden], SIDE_BEND)
    assert "Not measured" in card
    assert "Your left hip was hidden." in card
    assert "<b>flexion" not in card


def test_both_sides_stand_on_one_card() -> None:
    card = cards(side_bend_analysis().assessment.measures, SIDE_BEND)
    assert card.count('class="bc-card"') == 2
    assert card.index("Left") < card.index("28°") < card.index("Right") < card.index("23°")
    assert card.count("±3°") == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "almost done"),
        (12, "about 10 seconds left"),
        (75, "about 1 minute left"),
        (200, "about 3 minutes left"),
    ],
)
def test_time_left_is_said_roughly(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_lists_and_counts_read_like_speech() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(1, "repetition") == "1 repetition"
    assert counted(3, "repetition") == "3 repetitions"
    assert sentence("your left hip was hidden") == "Your left hip was hidden."
    assert sentence("") == ""


def test_sizes_are_said_without_jargon() -> None:
    assert size(23.7, "deg") == "24°"
    assert size(0.1, "T") == "10 % of your torso length"
    assert size(0.9, "ratio") is None


def test_a_clip_that_was_not_measured_has_no_curve_and_says_each_reason_once() -> None:
    analysis = side_bend_analysis()
    reason = "Filmed from the wrong side. Turn to face the camera."
    nothing = [
        m.model_copy(update={"value": None, "status": "not_measured", "reason": reason})
        for m in analysis.assessment.measures
    ]
    view = analysis.assessment.view.model_copy(update={"ok": False, "advice": "Turn to face the camera."})
    assessment = analysis.assessment.model_copy(update={"measures": nothing, "view": view, "reps": []})
    figure = angle_figure(replace(analysis, assessment=assessment), SIDE_BEND)
    assert len(figure.data) == 0
    assert "Not measured" in [a.text for a in figure.layout.annotations]
    assert results._obstacles(assessment) == [reason]


# --- files --------------------------------------------------------------------------------------


def test_a_still_shows_the_worst_moment(tmp_path: Path) -> None:
    analysis = side_bend_analysis()
    clip = write_clip(tmp_path / "clip.mp4", analysis)
    stills = write_stills(clip, analysis.assessment.flagged, tmp_path)
    assert list(stills) == ["knee_bend"]  # the difference between the sides has no moment
    picture_bgr = cv2.imread(str(stills["knee_bend"]))
    assert picture_bgr is not None
    assert picture_bgr.shape == (640, 480, 3)
    head = picture_bgr[:300].astype(int)
    dark = np.argwhere(head.sum(axis=2) < 420)
    assert dark[:, 1].mean() < 230  # at 6 s the person bends to their right: the left of the picture


def test_what_is_not_certain_is_to_be_shown_after_what_is() -> None:
    assessment = side_bend_analysis().assessment
    knees, *others = assessment.faults
    unsure = knees.model_copy(update={"id": "maybe", "status": "unsure", "reason": "close to the limit"})
    found = assessment.model_copy(update={"faults": [unsure, knees, *others]})
    assert [f.id for f in found.unsure] == ["maybe"]
    assert [f.id for f in found.to_show] == [*(f.id for f in found.flagged), "maybe"]
    assert "maybe" not in {m.label for m in results.marks(found, SIDE_BEND)}
    named = unsure.model_copy(update={"name": "Maybe"})
    assert "Maybe" not in {m.label for m in results.marks(found.model_copy(update={"faults": [named]}), SIDE_BEND)}


def test_a_fault_without_a_peak_is_shown_in_the_middle_of_its_first_interval() -> None:
    fault = side_bend_analysis().assessment.faults[0].model_copy(update={"peak_s": None})
    assert worst_moment_s(fault) == pytest.approx(6.0)
    assert worst_moment_s(fault.model_copy(update={"intervals": []})) is None


def test_keeping_copies_the_files_to_a_folder_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "annotated.mp4").write_bytes(b"video")
    (folder / "still-knee_bend.jpg").write_bytes(b"picture")
    exercise = next(e for e in list_exercises() if e.id == "standing_side_bend")
    outcome = Outcome(exercise, side_bend_analysis(), {}, {})
    kept = keeping.keep(Job("id", "anna", folder), outcome, tmp_path / "kept")
    assert kept.parent == tmp_path / "kept"
    assert "standing_side_bend" in kept.name
    assert [p.name for p in kept.iterdir()] == ["annotated.mp4"]


def test_samples_are_found_by_their_movement_whatever_their_names(tmp_path: Path) -> None:
    movement = {"side_bend__knee_bend__ben": "standing_side_bend", "leaning__good__anna": "standing_side_bend"}
    movement |= {"hip_hinge__good__anna": "standing_hip_hinge", "gone__good__anna": "standing_side_bend"}
    manifest = [{"clip": f"{name}.mp4", "exercise": exercise} for name, exercise in movement.items()]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in [n for n in movement if not n.startswith("gone")]:
        (tmp_path / f"{name}.mp4").touch()
    exercise = next(e for e in list_exercises() if e.id == "standing_side_bend")
    found = samples.sample_videos(exercise, tmp_path)
    assert [p.stem for p in found] == ["leaning__good__anna", "side_bend__knee_bend__ben"]
    assert [samples.sample_name(p, found) for p in found] == ["Sample 1: good", "Sample 2: knee bend"]
    assert samples.sample_videos(exercise, tmp_path / "nowhere") == []


def test_the_app_listens_at_home_and_tells_nobody() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "localhost"
    assert config["browser"]["gatherUsageStats"] is False
    assert "http" not in config["theme"]["font"]
    assert config["client"]["showErrorDetails"] == "none"


def test_a_signal_whose_fall_is_counted_is_drawn_rising() -> None:
    bridge = next(e for e in list_exercises() if e.id == "bridge")
    assert (bridge.way("hip_flexion"), bridge.way("belly_arch"), SIDE_BEND.way("trunk_lateral_flexion")) == (-1, 1, 1)
    analysis = moving("bridge")
    curve = np.array(angle_figure(analysis, bridge).data[0].y)
    assert np.nanmax(curve) > 30
    assert np.nanmin(curve) > -5


def test_the_stop_rules_and_the_advice_cannot_disagree() -> None:
    assert f"reaches {STOP_AT} of 10, or rises by {STOP_RISE} " in STOP_RULES[0]
    calm, gentle, load = (find_exercise(i) for i in ("breathing", "cat_cow", "bridge"))
    for before in range(11):
        for exercise in (gentle, load):
            advice = advice_before(exercise, before)
            assert (advice is not None and advice.stop) == (before >= STOP_AT)
            assert (advice is not None) == (before >= GO_EASY_AT)
        advice = advice_before(calm, before)
        assert (advice is not None) == (before >= STOP_AT), "as planned needs no word"
        assert advice is None or not advice.stop, "what calms is never refused because of pain"
        for after in range(11):
            assert advice_after(before, after).stop == (after >= STOP_AT or after - before >= STOP_RISE)


def test_every_phase_has_its_usual_time() -> None:
    assert list(PHASE_WINDOWS) == list(PHASES)
    assert phase_label(2) == "2: pain-free range (days 4 to 7)"
