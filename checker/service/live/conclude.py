"""What becomes of a session that was finished: a job, as for an uploaded video."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from checker.exercise import Exercise
from checker.report import ReportError
from checker.service.jobs import Job, Jobs, OnStage
from checker.service.live.session import Finished, LiveSession
from checker.service.measuring import finish, measure
from checker.service.work import Outcome
from checker.service.workers import WorkerDiedError
from checker.video.reader import VideoError

RECORDING: Final = "recording.mkv"
BROWSERS_OWN: Final = "recording.webm"
NOTHING_SEEN: Final = "No picture came from the camera, so nothing was measured. Please try once more."


def conclude(session: LiveSession, jobs: Jobs) -> Job:
    """Finish a session, on its thread, and start the work on its results: nobody waits in line for what is done."""
    finished = session.finish()

    def fill(folder: Path) -> None:
        if finished.recording is not None:
            shutil.move(finished.recording, folder / RECORDING)

    return jobs.start(session.owner, functools.partial(_write, finished, session.exercise), fill, quick=True)


def measure_recording(session: LiveSession, recording: Path, jobs: Jobs, pain_s: Sequence[float] = ()) -> Job:
    """End a session whose movement the browser recorded, and measure that recording like an upload.

    Args:
        session: which.
        recording: the file, which is moved.
        jobs: where the work is done.
        pain_s: the times at which it hurt, seconds since the recording began.

    Raises:
        OSError: the file cannot be moved.
    """

    def fill(folder: Path) -> None:
        shutil.move(recording, folder / BROWSERS_OWN)

    def work(folder: Path, progress: OnStage) -> Outcome:
        return measure(
            folder / BROWSERS_OWN,
            session.exercise,
            folder,
            progress,
            pain_s,
            mirrored=session.mirrored,
            whose="camera",
            dose=session.dose,
        )

    job = jobs.start(session.owner, work, fill)
    session.stop()
    return job


def _write(finished: Finished, exercise: Exercise, folder: Path, progress: OnStage) -> Outcome:
    """Write what is handed out, with the video where it was asked for.

    Raises:
        VideoError: no picture ever came, or the recording cannot be read.
        checker.report.ReportError: the folder cannot be written.
    """
    if finished.analysis is None:
        raise VideoError(finished.stopped or NOTHING_SEEN)
    source = folder / RECORDING if finished.recording is not None else None
    outcome = Outcome(exercise, finished.analysis, {}, {}, source, "camera")
    try:
        return finish(outcome, folder, progress)
    except (VideoError, ReportError, WorkerDiedError):
        if source is None:
            raise
        return finish(replace(outcome, source=None), folder, progress)  # what was measured is not lost with it
