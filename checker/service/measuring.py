"""What a job of this app does: one clip in, an analysis with its files out.

`measure`, `swap_sides` and `finish` have it done in a process of its own; see `checker.service.workers`.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from checker.analyze import analyze_video
from checker.assessment import Turn
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.pose.bundle import ensure_model
from checker.report import write_reports
from checker.report.stills import write_stills
from checker.service.apart import EXPECTED, apart
from checker.service.jobs import Jobs, OnStage
from checker.service.workers import WorkerDiedError

DRAFT: Final = "draft"
"""Of a job's folder: where files are written before they take the place of the earlier ones together."""

MEASURING_SHARE: Final = 0.75
"""Of the whole time; the rest goes into drawing the annotated video."""

GRACE_S: Final = 30.0
"""Who was away for longer than this (a closed page, a closed lid) has left: what they did not keep is deleted.
Streamlit's `server.disconnectedSessionTTL` says the same of the page."""

Whose = Literal["uploads", "camera"]
"""Of which pictures a browser remembers whether they are mirror images; "camera" is the one that was used last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished job holds.

    Attributes:
        exercise: as it was measured.
        analysis: what was found.
        files: the written reports by kind: "video", "csv", "json", "html".
        stills: by fault id, a JPEG of its worst moment.
        source: the clip that was measured; None after a live session of which no picture was kept.
        whose: for what this browser remembers of them, whose pictures these are; None for a sample.
    """

    exercise: Exercise
    analysis: Analysis
    files: dict[str, Path]
    stills: dict[str, Path]
    source: Path | None = None
    whose: Whose | None = None


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

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
        checker.pose.bundle.ModelError: when the pose model cannot be had.
        checker.report.ReportError: when the folder cannot be written.
        checker.service.workers.WorkerDiedError: when the clip took the process with it.
    """
    progress(0.0, "Getting ready")
    model = ensure_model(progress=functools.partial(_tell_fetching, progress))
    progress(0.0, "Reading the video")
    analyze = functools.partial(
        analyze_video, source, exercise, model, pain_s=pain_s, turn_deg=turn_deg, mirrored=mirrored, dose=dose
    )
    return _apart(progress, folder, _measure, analyze, exercise, source, whose)


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
    return _apart(progress, folder, _swap_sides, outcome)


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
    return _apart(progress, folder, _finish, outcome)


def _apart(progress: OnStage, folder: Path, work: Callable[..., Outcome], *arguments: Any) -> Outcome:
    """Have it done in a process of its own; what that leaves half done is deleted."""
    try:
        return apart(progress, work, *arguments, folder)
    finally:
        shutil.rmtree(folder / DRAFT, ignore_errors=True)


# --- in the process ---------------------------------------------------------------------------------


def _measure(
    analyze: Callable[..., Analysis],
    exercise: Exercise,
    source: Path,
    whose: Whose | None,
    folder: Path,
    progress: OnStage,
) -> Outcome:
    analysis = analyze(progress=_part(progress, 0.0, MEASURING_SHARE, "Measuring every frame"))
    return _finish(Outcome(exercise, analysis, {}, {}, source, whose), folder, progress, MEASURING_SHARE)


def _swap_sides(outcome: Outcome, folder: Path, progress: OnStage) -> Outcome:
    judge = outcome.analysis.swapped
    assert judge is not None
    return _finish(replace(outcome, analysis=judge()), folder, progress)


def _finish(outcome: Outcome, folder: Path, progress: OnStage, done: float = 0.0) -> Outcome:
    """Write the reports of what was found, with the annotated video where there is a clip.

    Every outcome passes here last: of a video, of a live session, and of one whose sides were swapped. The files
    are written aside and come into the folder together; where one cannot be written, none comes.

    Args:
        outcome: its files and stills are not looked at.
        folder: where they go.
        progress: told how far it is.
        done: the share of the whole that is done before.

    Returns:
        The outcome with its files and stills.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
        checker.report.ReportError: when the folder cannot be written.
    """
    draft = folder / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    try:
        written = _write(outcome, draft, _part(progress, done, 0.98, _stage(outcome)))
        for path in draft.iterdir():
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return replace(
        written,
        files={kind: folder / path.name for kind, path in written.files.items()},
        stills={fault: folder / path.name for fault, path in written.stills.items()},
    )


def _write(outcome: Outcome, folder: Path, told: Callable[[float], None]) -> Outcome:
    analysis, source = outcome.analysis, outcome.source
    told(0.0)
    files = write_reports(analysis, outcome.exercise, source, folder, video=source is not None, progress=told)
    stills = write_stills(files["video"], analysis.assessment.to_show, folder) if "video" in files else {}
    return replace(outcome, files=files, stills=stills)


def _stage(outcome: Outcome) -> str:
    return "Writing the report" if outcome.source is None else "Drawing the angle into the video"


def _part(progress: OnStage, start: float, end: float, stage: str) -> Callable[[float], None]:
    return lambda fraction: progress(start + (end - start) * fraction, stage)


def _tell_fetching(progress: OnStage, what: str, done: int, total: int | None) -> None:
    size = f" ({done / 1e6:.0f} of {total / 1e6:.0f} MB)" if total else ""
    progress(0.0, f"Only this once: {what}{size}")
