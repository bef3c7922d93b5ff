"""What is done with one clip or one live session, in a process of its own: it is measured, judged, and written down."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from checker.assessment import Assessment
from checker.care.when import When
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.report import write_reports
from checker.report.stills import write_stills
from checker.service.jobs import OnStage

DRAFT: Final = "draft"
"""Of a job's folder: where files are written before they take the place of the earlier ones together."""

PLAIN: Final = "plain-"
"""So begin the names of clips with nothing drawn on them, which a review has written: no part of the results."""

MEASURING_SHARE: Final = 0.75
"""Of the whole time; the rest goes into drawing the annotated video."""

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
        session_id: of the session that it was kept in; None where it was not.
        when: when it was filmed, where that was told; else as the result itself says.
        measured: the results before the person said something of them; None as long as they did not.
    """

    exercise: Exercise
    analysis: Analysis
    files: dict[str, Path]
    stills: dict[str, Path]
    source: Path | None = None
    whose: Whose | None = None
    session_id: UUID | None = None
    when: When | None = None
    measured: Assessment | None = None


def measure_clip(
    analyze: Callable[..., Analysis],
    exercise: Exercise,
    source: Path,
    whose: Whose | None,
    when: When | None,
    folder: Path,
    progress: OnStage,
) -> Outcome:
    """Measure a clip and write what was found.

    Args:
        analyze: `checker.analyze.analyze_video` with all its arguments but `progress`.
        exercise: the movement.
        source: the clip.
        whose: whose pictures these are.
        when: when it was filmed, where that was told.
        folder: where the files go.
        progress: told how far it is.
    """
    analysis = analyze(progress=_part(progress, 0.0, MEASURING_SHARE, "Measuring every frame"))
    outcome = Outcome(exercise, analysis, {}, {}, source, whose, when=when)
    return write_outcome(outcome, folder, progress, MEASURING_SHARE)


def judge_swapped(outcome: Outcome, folder: Path, progress: OnStage) -> Outcome:
    """Judge the poses again with left and right the other way round, and write what was found.

    Args:
        outcome: of poses that were kept.
        folder: where the files go.
        progress: told how far it is.
    """
    judge = outcome.analysis.swapped
    assert judge is not None
    return write_outcome(replace(outcome, analysis=judge(), measured=None), folder, progress)


def write_outcome(outcome: Outcome, folder: Path, progress: OnStage, done: float = 0.0) -> Outcome:
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
    has_video = source is not None
    files = write_reports(analysis, outcome.exercise, source, folder, has_video, told, when=outcome.when)
    stills = write_stills(files["video"], analysis.assessment.to_show, folder) if "video" in files else {}
    return replace(outcome, files=files, stills=stills)


def _stage(outcome: Outcome) -> str:
    return "Writing the report" if outcome.source is None else "Drawing the angle into the video"


def _part(progress: OnStage, start: float, end: float, stage: str) -> Callable[[float], None]:
    return lambda fraction: progress(start + (end - start) * fraction, stage)
