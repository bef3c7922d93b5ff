"""The dose that was chosen is the one that is asked for, said, and told in the result: live and from a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import moving_figure
import numpy as np
import pytest
from analytic_body import poses_of
from conftest import until

from checker import analyze
from checker.pose.bundle import ensure_model
from checker.service import measuring
from checker.service.jobs import Job, Jobs
from checker.service.live import session as session_module
from checker.service.live.conclude import conclude, measure_recording
from checker.service.live.eyes import Picture, Seen
from checker.service.live.protocol import FrameMessage
from checker.service.live.recording import Recording
from checker.service.live.session import LiveSession
from checker.skeleton import Rgb
from checker.track import Pose, PoseTrack

DEADLINE_S = 60.0
PHASE = 8
ASKED_S = 30.0
HELD_S = 33.0


@dataclass
class Replayed:
    """A pose model that sees in each picture the next pose of the figure, whatever there is."""

    poses: Iterator[Pose]

    def __enter__(self) -> Replayed:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def estimate(self, rgb: Rgb, t_s: float) -> Pose:
        return next(self.poses)

    def close(self) -> None:
        """There is nothing to free."""


@dataclass
class ReplayedEyes:
    """The same, as a live session has it."""

    poses: Iterator[Pose]

    def look(self, picture: Picture) -> Seen:
        return Seen(next(self.poses), None, 0.0, 0.0)

    def close(self) -> None:
        """There is nothing to free."""


@pytest.fixture
def track(monkeypatch: pytest.MonkeyPatch) -> PoseTrack:
    """The figure that holds a plank for longer than is asked for in phase 8; the models of this test see it."""
    monkeypatch.setattr(moving_figure, "THERE_S", HELD_S)
    _, track = moving_figure.filmed("plank")
    monkeypatch.setattr(analyze, "open_estimator", lambda *_, **__: Replayed(iter(poses_of(track))))
    monkeypatch.setattr(session_module, "Eyes", lambda *_: ReplayedEyes(iter(poses_of(track))))
    # where the model is replaced, the work is done: in this process
    monkeypatch.setattr(measuring, "apart", lambda progress, work, *arguments: work(*arguments, progress))
    return track


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    pool = Jobs(workers=1, parent=tmp_path)
    yield pool
    pool.close()


@pytest.fixture
def session() -> Iterator[LiveSession]:
    exercise = next(e for e in moving_figure.MEASURED if e.id == "plank")
    session = LiveSession("somebody", exercise, ensure_model(), exercise.dose_in(PHASE))
    yield session
    session.close()
    session.thread.shutdown(wait=True)


def on_thread(session: LiveSession, work: Callable[..., Any], *arguments: Any) -> Any:
    """What the work gives on the session's own thread."""
    done: Future[Any] = session.thread.submit(work, *arguments)
    return done.result(DEADLINE_S)


def picture(track: PoseTrack) -> tuple[Rgb, bytes]:
    """An empty picture of the track's size, and the same as a JPEG."""
    rgb = np.full((round(track.height), round(track.width), 3), 128, np.uint8)
    return rgb, cv2.imencode(".jpg", rgb)[1].tobytes()


def assert_tells_what_was_asked(job: Job) -> None:
    until(lambda: job.finished, DEADLINE_S)
    assert job.state == "done", job.message
    assessment = job.result.analysis.assessment
    assert assessment.dose.hold_s == ASKED_S
    assert [rep.hold_target_s for rep in assessment.reps] == [ASKED_S]
    assert f"of {ASKED_S:g} s" in job.result.files["html"].read_text(encoding="utf-8").replace("\u00a0", " ")


def test_the_chosen_dose_is_another_than_the_first_one() -> None:
    exercise = next(e for e in moving_figure.MEASURED if e.id == "plank")
    assert exercise.dose_in(PHASE).hold_target_s == ASKED_S
    assert exercise.first_dose is not None
    assert exercise.first_dose.hold_target_s != ASKED_S


def test_live_it_is_asked_for_said_and_told(track: PoseTrack, session: LiveSession, jobs: Jobs) -> None:
    _, jpeg = picture(track)
    answers = [on_thread(session, session.process, FrameMessage(i, t, jpeg)) for i, t in enumerate(track.t_s.tolist())]
    assert {answer["hold"]["target_s"] for answer in answers} == {ASKED_S}
    said = [words["text"] for answer in answers for words in answer["say"]]
    assert [text for text in said if "Come back slowly" in text] == [f"{ASKED_S:g} seconds. Come back slowly."]
    assert_tells_what_was_asked(on_thread(session, conclude, session, jobs))


def test_a_recording_of_the_browsers_own_is_held_to_it(
    track: PoseTrack, session: LiveSession, jobs: Jobs, tmp_path: Path
) -> None:
    rgb, jpeg = picture(track)
    recording = Recording(tmp_path / "recorded.mkv", rgb.shape[1], rgb.shape[0])
    for t_s in track.t_s.tolist():
        recording.put(t_s, jpeg)
    recording.close()
    job = on_thread(session, measure_recording, session, recording.path, jobs)
    assert session.over
    assert_tells_what_was_asked(job)
