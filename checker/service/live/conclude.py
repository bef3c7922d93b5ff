"""What becomes of a session that was finished: a job, as for an uploaded video."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

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
    if session.diary is not None:
        session.diary.end(finished.analysis, poses=session.track, aborted=finished.stopped or None)

    def fill(folder: Path) -> None:
        if finished.recording is not None:
            shutil.move(finished.recording, folder / RECORDING)

    session_id = session.diary.session.id if session.diary is not None else None
    work = functools.partial(_write, finished, session.exercise, session_id)
    return jobs.start(session.owner, work, fill, quick=True)


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
            to_first_pain=session.to_first_pain,
            pain_before=session.pain_before,
        )

    def measured(folder: Path, progress: OnStage) -> Outcome:
        """Write down what was found; a recording that cannot be measured was a session without a result."""
        try:
            outcome = work(folder, progress)
        except Exception:
            if session.diary is not None:
                session.diary.end(aborted=session.why_stopped)
            raise
        if session.diary is not None:
            session.diary.end(outcome.analysis, aborted=session.why_stopped)
            return replace(outcome, session_id=session.diary.session.id)
        return outcome

    job = jobs.start(session.owner, measured, fill)
    session.stop()
    return job


def _write(finished: Finished, exercise: Exercise, session_id: UUID | None, folder: Path, progress: OnStage) -> Outcome:
    """Write what is handed out, with the video where it was asked for.

    Raises:
        VideoError: no picture ever came, or the recording cannot be read.
        checker.report.ReportError: the folder cannot be written.
    """
    if finished.analysis is None:
        raise VideoError(finished.stopped or NOTHING_SEEN)
    source = folder / RECORDING if finished.recording is not None else None
    outcome = Outcome(exercise, finished.analysis, {}, {}, source, "camera", session_id)
    try:
        return finish(outcome, folder, progress)
    except (VideoError, ReportError, WorkerDiedError):
        if source is None:
            raise
        return finish(replace(outcome, source=None), folder, progress)  # what was measured is not lost with it
