"""Live sessions that are fed with the frames of clips: fixtures, and what their tests do with them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from conftest import SAMPLES, assessed, until

from checker.assessment import Assessment
from checker.library import find_exercise
from checker.pose.bundle import ensure_model
from checker.service.jobs import Job, Jobs
from checker.service.live.protocol import FrameMessage
from checker.service.live.session import Finished, LiveSession
from checker.video.reader import VideoError, open_video

CLIPS = {
    "side_bend__knee_bend__ben": "standing_side_bend",
    "hip_hinge__good__ben": "standing_hip_hinge",
    "trunk_rotation__pelvis_turn__anna": "standing_trunk_rotation",
    "seated_forward_lean__good__anna": "seated_forward_lean",
}


BEND = "side_bend__knee_bend__ben"


BEGAN_S = 71.25
"""Of the browser's clock, which does not begin with the session."""


JPEG_QUALITY = 72


DEADLINE_S = 120.0


Picture = npt.NDArray[np.uint8]


Frames = list[tuple[float, bytes]]


@dataclass
class Run:
    """A session from its first frame to its end.

    Attributes:
        answers: to each frame.
        assessment: of the whole.
        finished: what else was left.
        presses: what was answered to the pain button.
    """

    answers: list[dict[str, Any]]
    assessment: Assessment
    finished: Finished
    presses: list[dict[str, Any]]


def jpeg(rgb: Picture, kind: str = ".jpg") -> bytes:
    """A picture as the camera page packs it."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    return cv2.imencode(kind, bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if kind == ".jpg" else [])[1].tobytes()


@functools.cache
def pictures(path: Path) -> list[tuple[float, Picture]]:
    """The frames of a clip, with their times."""
    with open_video(path) as reader:
        return [(frame.t_s, frame.rgb) for frame in reader]


@functools.cache
def packed(path: Path) -> Frames:
    """The same, as JPEGs."""
    return [(t_s, jpeg(rgb)) for t_s, rgb in pictures(path)]


def sample(name: str) -> Path:
    return SAMPLES / f"{name}.mp4"


def on_thread(session: LiveSession, work: Callable[..., Any], *arguments: Any) -> Any:
    """What the work gives on the session's own thread."""
    done: Future[Any] = session.thread.submit(work, *arguments)
    return done.result(DEADLINE_S)


def show(session: LiveSession, t_s: float, picture: bytes) -> dict[str, Any]:
    """The answer to one frame."""
    return on_thread(session, session.process, FrameMessage(1, BEGAN_S + t_s, picture))


def hurt(session: LiveSession, t_s: float) -> dict[str, Any]:
    """The answer to a moment of pain."""
    return on_thread(session, session.mark_pain, BEGAN_S + t_s)


def end(session: LiveSession) -> None:
    """Close it, and wait until that is done."""
    session.close()
    session.thread.shutdown(wait=True)


def begin(exercise_id: str, folder: Path | None = None) -> LiveSession:
    return LiveSession("somebody", find_exercise(exercise_id), ensure_model(), folder=folder)


def run(exercise_id: str, frames: Frames, hurts_at: tuple[int, ...] = ()) -> Run:
    """A whole session; the pain button is pressed after the frames `hurts_at`."""
    session = begin(exercise_id)
    answers, presses = [], []
    for i, (t_s, picture) in enumerate(frames):
        answers.append(show(session, t_s, picture))
        if i in hurts_at:
            presses.append(hurt(session, t_s))
    finished: Finished = on_thread(session, session.finish)
    end(session)
    assert finished.analysis is not None
    return Run(answers, finished.analysis.assessment, finished, presses)


@pytest.fixture(scope="module")
def bend() -> Run:
    """Side bends during which it hurts three times: at rest, to the left and to the right."""
    reps = assessed(sample(BEND), CLIPS[BEND]).reps
    times_s = [t_s for t_s, _ in packed(sample(BEND))]
    peaks = [int(np.searchsorted(times_s, r.peak_s)) for r in reps]
    return run(CLIPS[BEND], packed(sample(BEND)), hurts_at=(0, *peaks))


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    pool = Jobs(workers=1, expected=(VideoError,), parent=tmp_path)
    yield pool
    pool.close()


def done(job: Job | None) -> Job:
    """A job once it is done."""
    assert job is not None
    until(lambda: job.finished)
    return job


def fed(folder: Path | None = None, frames: int = 20) -> LiveSession:
    """A session that has seen the first frames of a clip."""
    session = begin(CLIPS[BEND], folder)
    for t_s, picture in packed(sample(BEND))[:frames]:
        show(session, t_s, picture)
    return session
