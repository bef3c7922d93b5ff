"""What a job of this app does: one clip in, an analysis with its files out.

`measure`, `swap_sides` and `finish` have it done in a process of its own; see `checker.service.workers`.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from checker.analyze import analyze_video
from checker.assessment import Turn
from checker.care.when import When
from checker.dose import Dose
from checker.exercise import Exercise
from checker.pose.bundle import ensure_model
from checker.service.apart import EXPECTED, apart
from checker.service.jobs import Jobs, OnStage
from checker.service.work import DRAFT, Outcome, Whose, judge_swapped, measure_clip, write_outcome
from checker.service.workers import WorkerDiedError

GRACE_S: Final = 30.0
"""Who was away for longer than this (a closed page, a closed lid) has left: what they did not keep is deleted.
Streamlit's `server.disconnectedSessionTTL` says the same of the page."""


@functools.cache
def jobs() -> Jobs:
    """The one pool of this process. Pose estimation uses about two cores a job."""
    return Jobs(
        workers=max(1, (os.cpu_count() or 2) // 2),
        expected=(*EXPECTED, WorkerDiedError),
        grace_s=GRACE_S,
    )


def measure(
    source: Path,
    exercise: Exercise,
    folder: Path,
    progress: OnStage,
    pain_s: Sequence[float] = (),
    turn_deg: Turn = 0,
    mirrored: bool | None = None,
    whose: Whose | None = None,
    dose: Dose | None = None,
    to_first_pain: int = 0,
    pain_before: int | None = None,
    when: When | None = None,
) -> Outcome:
    """Analyse a clip and write its reports into `folder`.

    Args:
        source: the clip.
        exercise: the movement that it shows.
        folder: private to the job.
        progress: told how far it is.
        pain_s: the times at which it hurt.
        turn_deg: how far the picture is turned clockwise before it is measured.
        mirrored: whether the picture is a mirror image; None where nobody said.
        whose: whose pictures these are; None for a sample.
        dose: how much of it is asked for; the movement's first one unless given.
        to_first_pain: how many of the first repetitions to each side go to the first pain only.
        pain_before: pain before it, 0 to 10; None where it was not told.
        when: when it was filmed, where that was told.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
        checker.pose.bundle.ModelError: when the pose model cannot be had.
        checker.report.ReportError: when the folder cannot be written.
        checker.service.workers.WorkerDiedError: when the clip took the process with it.
    """
    progress(0.0, "Getting ready")
    model = ensure_model(progress=functools.partial(tell_fetching, progress))
    progress(0.0, "Reading the video")
    analyze = functools.partial(
        analyze_video, source, exercise, model, pain_s=pain_s, turn_deg=turn_deg, mirrored=mirrored, dose=dose,
        to_first_pain=to_first_pain, pain_before=pain_before,
    )  # fmt: skip
    return _apart(progress, folder, measure_clip, analyze, exercise, source, whose, when)


def swap_sides(outcome: Outcome, folder: Path, progress: OnStage) -> Outcome:
    """The outcome with left and right the other way round; its files take the place of the earlier ones together.

    The poses are judged again as they were recorded; the pose model does not look a second time.

    Raises:
        ValueError: the poses were not kept.
        checker.video.reader.VideoError: the clip cannot be read any more.
        checker.report.ReportError: the folder cannot be written.
        checker.service.workers.WorkerDiedError: the clip took the process with it.
    """
    if outcome.analysis.swapped is None:
        raise ValueError("expected an analysis whose poses were kept, got one without; measure the video again")
    progress(0.0, "Judging the other way round")
    return _apart(progress, folder, judge_swapped, outcome)


def finish(outcome: Outcome, folder: Path, progress: OnStage) -> Outcome:
    """Write the reports of what was found, with the annotated video where there is a clip.

    Args:
        outcome: its files and stills are not looked at.
        folder: where they go.
        progress: told how far it is.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
        checker.report.ReportError: when the folder cannot be written.
        checker.service.workers.WorkerDiedError: when the clip took the process with it.
    """
    return _apart(progress, folder, write_outcome, outcome)


def _apart(progress: OnStage, folder: Path, work: Callable[..., Outcome], *arguments: Any) -> Outcome:
    """Have it done in a process of its own; what that leaves half done is deleted."""
    try:
        return apart(progress, work, *arguments, folder)
    finally:
        shutil.rmtree(folder / DRAFT, ignore_errors=True)


def tell_fetching(progress: OnStage, what: str, done: int, total: int | None) -> None:
    """Tell how much of the pose model has come."""
    size = f" ({done / 1e6:.0f} of {total / 1e6:.0f} MB)" if total else ""
    progress(0.0, f"Only this once: {what}{size}")
