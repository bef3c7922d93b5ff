"""Mirrored pictures from end to end: what is drawn, written and printed, at the prompt, in a job, before the camera."""

from __future__ import annotations

import base64
import functools
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from conftest import Run, find_case, find_clip, until
from recordings import analysis_of
from synthetic_analysis import make_exercise, side_bend_analysis, write_clip

from checker.assessment import Assessment
from checker.care.when import When
from checker.judging.analysis import Analysis
from checker.library import find_exercise
from checker.pose.bundle import ensure_model
from checker.report.annotated_video import write_annotated_video
from checker.report.page import render_page
from checker.service.jobs import Jobs, OnStage
from checker.service.live.conclude import conclude
from checker.service.live.protocol import FrameMessage, Mirrored, Wish, read_text
from checker.service.live.session import LiveSession
from checker.service.measuring import swap_sides
from checker.service.work import Outcome, judge_swapped, write_outcome
from checker.setup.checks import NAMES
from checker.setup.hand import ASK, ASK_AGAIN
from checker.video.reader import VideoError, open_video
from checker.words.values import SWAP_OFFER, TURNED, mirror_words

Picture = npt.NDArray[np.uint8]

MOVEMENT = "standing_side_bend"
TRUE_DEG = {"left": 13.0, "right": 30.0}
ANALYSIS = side_bend_analysis(6.0)
EXERCISE = make_exercise()
PEAK = int(np.searchsorted(ANALYSIS.t_s, 2.5))
NOON = When(datetime(2026, 3, 5, 12, 30, tzinfo=UTC))
SAME_GREY = 2.0
"""Two encodings of one picture differ by less on the average."""

LEFT_HAND = Path(__file__).parent / "films" / "left_hand.mp4"
DEADLINE_S = 60.0


def told(analysis: Analysis, mirrored: bool | None) -> Analysis:
    """The same, of a picture of which somebody said whether it is mirrored."""
    video = analysis.assessment.video.model_copy(update={"mirrored": mirrored})
    return replace(analysis, assessment=analysis.assessment.model_copy(update={"video": video}))


def frames(path: Path) -> list[Picture]:
    with open_video(path) as video:
        return [np.asarray(frame.rgb, np.uint8) for frame in video]


def apart(one: Picture, other: Picture) -> float:
    """How far two pictures differ, grey levels on the average."""
    return float(np.abs(one.astype(np.int16) - other).mean())


def has_its_truth(assessment: Assessment) -> bool:
    """Whether each side has its own truth, within what is stated."""
    found = {m.side: m for m in assessment.measured if m.id == "trunk_lateral_flexion"}
    return all(abs((found[s].value or 0.0) - deg) <= (found[s].uncertainty or 0.0) for s, deg in TRUE_DEG.items())


# --- what is drawn and written --------------------------------------------------------------------


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The stick person, and the same in a mirror."""
    folder = tmp_path_factory.mktemp("clips")
    mirror = replace(ANALYSIS, track=ANALYSIS.track.mirrored())
    return write_clip(folder / "plain.mp4", ANALYSIS), write_clip(folder / "mirror.mp4", mirror)


def test_drawn_on_a_mirrored_clip_is_what_is_drawn_on_the_true_one(clips: tuple[Path, Path], tmp_path: Path) -> None:
    plain, mirror = clips
    assert apart(frames(plain)[PEAK], frames(mirror)[PEAK]) > SAME_GREY, "otherwise this says nothing"
    write_annotated_video(ANALYSIS, EXERCISE, plain, tmp_path / "plain.mp4")
    write_annotated_video(told(ANALYSIS, True), EXERCISE, mirror, tmp_path / "mirror.mp4")
    pairs = list(zip(frames(tmp_path / "plain.mp4"), frames(tmp_path / "mirror.mp4"), strict=True))
    assert len(pairs) == len(ANALYSIS.t_s)
    assert max(apart(one, other) for one, other in pairs) < SAME_GREY


def test_so_are_the_stills_of_the_report(clips: tuple[Path, Path]) -> None:
    pages = [
        render_page(ANALYSIS, EXERCISE, clips[0], NOON),
        render_page(told(ANALYSIS, True), EXERCISE, clips[1], NOON),
    ]
    stills = [
        [cv2.imdecode(np.frombuffer(base64.b64decode(j), np.uint8), 1) for j in re.findall(r"jpeg;base64,([^\"]+)", p)]
        for p in pages
    ]
    assert len(stills[0]) == len(stills[1]) > 1
    for one, other in zip(*stills, strict=True):
        assert apart(np.asarray(one, np.uint8), np.asarray(other, np.uint8)) < SAME_GREY


@pytest.mark.parametrize(
    ("mirrored", "words"), [(None, SWAP_OFFER), (True, TURNED), (False, None)], ids=["unsaid", "mirrored", "not"]
)
def test_the_report_says_so_in_one_line(clips: tuple[Path, Path], mirrored: bool | None, words: str | None) -> None:
    analysis = told(ANALYSIS, mirrored)
    assert mirror_words(analysis.assessment) == words
    page = render_page(analysis, EXERCISE, clips[0], NOON)
    for line in (SWAP_OFFER, TURNED):
        assert page.count(line) == (line == words)


def test_where_no_side_is_told_there_is_nothing_to_offer() -> None:
    reps = [r.model_copy(update={"side": "both"}) for r in ANALYSIS.assessment.reps]
    sideless = {"reps": reps, "partial_reps": [], "measures": []}
    assert mirror_words(ANALYSIS.assessment.model_copy(update=sideless)) is None
    assert mirror_words(told(ANALYSIS, True).assessment.model_copy(update=sideless)) == TURNED


# --- the file that was wrong once -----------------------------------------------------------------


@functools.cache
def case() -> Analysis:
    return analysis_of(find_case("mirrored.mp4"), MOVEMENT)


@pytest.mark.clips
def test_the_case_is_offered_to_be_swapped_and_then_right() -> None:
    unsaid = case()
    assert not has_its_truth(unsaid.assessment)
    assert mirror_words(unsaid.assessment) == SWAP_OFFER
    assert unsaid.swapped is not None
    began_s = time.process_time()  # of this process alone, whatever else the machine does
    swapped = unsaid.swapped()
    assert time.process_time() - began_s < 0.25 * unsaid.assessment.video.duration_s, "the pose model looked again"
    assert has_its_truth(swapped.assessment)
    assert [r.side for r in swapped.assessment.reps] == ["left", "right"]


@pytest.mark.clips
def test_the_case_at_the_prompt(checker: Run, tmp_path: Path) -> None:
    arguments = ("analyze", find_case("mirrored.mp4"), "--exercise", MOVEMENT, "--no-video", "--out")
    done = checker(*arguments, tmp_path / "said", "--mirrored")
    assert done.returncode == 0, done.stderr
    assert TURNED in " ".join(done.stdout.split())
    found = Assessment.model_validate_json((tmp_path / "said" / "assessment.json").read_text(encoding="utf-8"))
    assert found.video.mirrored is True
    assert has_its_truth(found)
    assert TURNED in (tmp_path / "said" / "report.html").read_text(encoding="utf-8")

    done = checker(*arguments, tmp_path / "unsaid")
    assert "swap them, with --mirrored." in " ".join(done.stdout.split())
    found = Assessment.model_validate_json((tmp_path / "unsaid" / "assessment.json").read_text(encoding="utf-8"))
    assert found.video.mirrored is None
    assert SWAP_OFFER in (tmp_path / "unsaid" / "report.html").read_text(encoding="utf-8")


# --- a job that is done once more -----------------------------------------------------------------


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    pool = Jobs(workers=1, expected=(VideoError,), parent=tmp_path)
    yield pool
    pool.close()


def test_work_done_again_takes_the_place_of_the_result(jobs: Jobs) -> None:
    job = jobs.start("anna", lambda folder, progress: "first")
    until(lambda: job.finished)
    go_on = threading.Event()
    jobs.again(job, lambda folder, progress: go_on.wait(DEADLINE_S) and "second")
    until(lambda: job.state == "running")
    assert job.result == "first", "until there is a better one"
    go_on.set()
    until(lambda: job.finished)
    assert (job.state, job.result, job.message) == ("done", "second", None)


def test_what_fails_or_is_stopped_leaves_the_result_and_the_folder(jobs: Jobs) -> None:
    job = jobs.start("anna", lambda folder, progress: (folder / "kept").write_text("kept") and "first")
    until(lambda: job.finished)

    def fail(folder: Path, progress: OnStage) -> None:
        raise VideoError("the clip is gone")

    jobs.again(job, fail)
    until(lambda: job.finished)
    assert (job.state, job.result, job.message) == ("done", "first", "the clip is gone")

    def endless(folder: Path, progress: OnStage) -> None:
        while True:
            progress(0.5)
            time.sleep(0.002)

    for begun in (True, False):  # stopped while it runs, and while it waits in line
        other = jobs.start("ben", endless, quick=True) if not begun else None
        jobs.again(job, endless)
        if begun:
            until(lambda: job.state == "running")
        jobs.stop(job)
        until(lambda: job.finished)
        assert (job.state, job.result) == ("done", "first")
        assert (job.folder / "kept").exists()
        if other is not None:
            jobs.discard(other.id)
    jobs.again(job, endless)
    until(lambda: job.state == "running")
    jobs.discard(job.id)
    until(lambda: not job.folder.exists())


def test_swapped_files_take_the_place_of_the_earlier_ones(clips: tuple[Path, Path], tmp_path: Path) -> None:
    other = replace(told(ANALYSIS, True), swapped=lambda: told(ANALYSIS, False))
    unsaid = replace(ANALYSIS, swapped=lambda: other)
    first = write_outcome(Outcome(EXERCISE, unsaid, {}, {}, clips[1], "uploads"), tmp_path, lambda *_: None)
    before = {path.name for path in tmp_path.iterdir()}
    looked = frames(first.files["video"])[PEAK]
    second = judge_swapped(first, tmp_path, lambda *_: None)
    assert {path.name for path in tmp_path.iterdir()} == before
    assert set(second.files) == set(first.files)
    assert all(path.parent == tmp_path and path.is_file() for path in (*second.files.values(), *second.stills.values()))
    assert json.loads(second.files["json"].read_text(encoding="utf-8"))["video"]["mirrored"] is True
    assert apart(frames(second.files["video"])[PEAK], looked) > SAME_GREY
    third = judge_swapped(second, tmp_path, lambda *_: None)
    assert json.loads(third.files["json"].read_text(encoding="utf-8"))["video"]["mirrored"] is False


def test_a_result_without_its_poses_cannot_be_swapped(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="poses"):
        swap_sides(Outcome(EXERCISE, ANALYSIS, {}, {}), tmp_path, lambda *_: None)


# --- before the camera ----------------------------------------------------------------------------


def packed(path: Path, *, mirrored: bool) -> list[tuple[float, bytes]]:
    """The frames of a clip as the camera page sends them, or as from a camera that mirrors."""
    with open_video(path) as video:
        own = [(f.t_s, cv2.cvtColor(f.rgb, cv2.COLOR_RGB2BGR)) for f in video]
    return [(t_s, cv2.imencode(".jpg", cv2.flip(p, 1) if mirrored else p)[1].tobytes()) for t_s, p in own]


class Patient:
    """Somebody before the camera of a session of their own."""

    def __init__(self, movement: str = MOVEMENT, folder: Path | None = None) -> None:
        self.session = LiveSession("somebody", find_exercise(movement), ensure_model(), folder=folder)
        self.clock_s = 0.0

    def does(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What the work gives on the session's own thread."""
        done: Future[Any] = self.session.thread.submit(work, *arguments)
        return done.result(DEADLINE_S)

    def is_seen(self, film: list[tuple[float, bytes]]) -> list[dict[str, Any]]:
        """The answers to a film, which begins now."""
        began_s, answers = self.clock_s, []
        for t_s, picture in film:
            answers.append(self.does(self.session.process, FrameMessage(1, began_s + t_s, picture)))
            self.clock_s = began_s + t_s + 0.08
        return answers

    def leaves(self) -> None:
        self.session.close()
        self.session.thread.shutdown(wait=True)


@pytest.fixture
def patient() -> Iterator[Callable[..., Patient]]:
    there: list[Patient] = []

    def come(*arguments: Any) -> Patient:
        there.append(Patient(*arguments))
        return there[-1]

    yield come
    for one in there:
        one.leaves()


@pytest.mark.clips
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_lifted_hand_settles_it_and_is_no_movement(patient: Callable[..., Patient], mirrored: bool) -> None:
    one = patient()
    assert one.does(one.session.ask_hand) == {"type": "hand", "asked": True}
    film = packed(LEFT_HAND, mirrored=mirrored)
    answers = one.is_seen(film)
    assert (answers[0]["hand"], answers[0]["mirrored"], answers[0]["hint"]) == (True, None, ASK)
    assert [t["ok"] for t in answers[0]["ticks"]] == [None] * len(NAMES)
    if mirrored:
        assert answers[-1]["hint"] == ASK_AGAIN
        answers += one.is_seen(film)
    said = [u["text"] for a in answers for u in a["say"]]
    assert [said.count(ASK), said.count(ASK_AGAIN)] == [1, int(mirrored)]
    assert (answers[-1]["hand"], answers[-1]["mirrored"]) == (False, mirrored)
    one.is_seen(packed(find_clip("side_bend__restricted_left__carla"), mirrored=mirrored))
    found = one.does(one.session.finish).analysis.assessment
    assert found.video.mirrored is mirrored
    assert [r.side for r in found.reps] == ["left", "right"]
    assert found.partial_reps == []
    assert has_its_truth(found)


@pytest.mark.clips
def test_what_the_device_remembers_is_taken_before_the_first_picture(
    patient: Callable[..., Patient], jobs: Jobs, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    one = patient(MOVEMENT, private)
    assert one.does(one.session.tell_mirrored, True) == {"type": "mirrored", "mirrored": True}
    assert one.does(one.session.ask_hand)["asked"] is False
    clip = find_clip("side_bend__restricted_left__carla")
    answers = one.is_seen(packed(clip, mirrored=True))
    assert not any(a["hand"] for a in answers)
    assert answers[-1]["counts"] == {"left": 1, "right": 1}
    first = next(a for a in answers if sum(a["counts"].values()) == 1)
    assert first["counts"]["left"] == 1
    # told too late, it changes nothing of what is under way
    assert one.does(one.session.tell_mirrored, False)["mirrored"] is True

    # the places are those of the picture turned round: of the clip that the mirror showed
    plain = patient()
    [own] = plain.is_seen(packed(clip, mirrored=False)[:1])
    assert np.abs(np.array(answers[0]["landmarks"])[11:29, :2] - np.array(own["landmarks"])[11:29, :2]).max() < 0.03

    job = one.does(conclude, one.session, jobs)
    until(lambda: job.finished)
    outcome: Outcome = job.result
    assert has_its_truth(outcome.analysis.assessment)
    assert outcome.whose == "camera"
    shown, true = frames(outcome.files["video"]), frames(clip)
    assert apart(shown[3], true[3]) < apart(shown[3], np.asarray(cv2.flip(true[3], 1), np.uint8))


@pytest.mark.clips
def test_pain_ends_the_question_and_so_does_leaving_it(patient: Callable[..., Patient]) -> None:
    standing = packed(LEFT_HAND, mirrored=False)[:4]
    for leave in (lambda p: p.does(p.session.mark_pain, p.clock_s), lambda p: p.does(p.session.leave_hand)):
        one = patient()
        one.does(one.session.ask_hand)
        assert one.is_seen(standing)[-1]["hand"]
        leave(one)
        assert not one.is_seen(standing)[-1]["hand"]
        assert one.session.mirrored is None
        assert one.does(one.session.ask_hand)["asked"] is False, "asked once"


@pytest.mark.clips
def test_finished_while_it_was_asked_what_was_seen_is_judged(patient: Callable[..., Patient]) -> None:
    one = patient()
    one.does(one.session.ask_hand)
    one.is_seen(packed(LEFT_HAND, mirrored=False)[:8])
    found = one.does(one.session.finish).analysis.assessment
    assert found.video.frames == 8
    assert not any("Nobody" in warning for warning in found.warnings)


def test_without_sides_nobody_is_asked(patient: Callable[..., Patient]) -> None:
    one = patient("standing_hip_hinge")
    assert one.does(one.session.ask_hand) == {"type": "hand", "asked": False}
    cat = patient("cat_cow")  # two sides, but neither of them left
    assert cat.does(cat.session.ask_hand)["asked"] is False


def test_the_messages_about_it() -> None:
    assert read_text('{"type": "mirrored", "mirrored": true}') == Mirrored(type="mirrored", mirrored=True)
    assert read_text('{"type": "ask_hand"}') == Wish(type="ask_hand")
    assert read_text('{"type": "leave_hand"}') == Wish(type="leave_hand")
