"""What a job of this app does: one clip in, an analysis with its files out."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from checker.analyze import analyze_video
from checker.assessment import Analysis
from checker.exercise import Exercise
from checker.model import ModelError, ensure_model
from checker.report import ReportError, write_reports
from checker.ui.jobs import Jobs, Progress
from checker.ui.stills import write_stills
from checker.video import VideoError

MEASURING_SHARE: Final = 0.75
"""Of the whole time; the rest goes into drawing the annotated video."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished job holds.

    Attributes:
        exercise: as it was measured.
        analysis: what was found.
        files: the written reports by kind: "video", "csv", "json", "html".
        stills: by fault id, a JPEG of its worst moment.
    """

    exercise: Exercise
    analysis: Analysis
    files: dict[str, Path]
    stills: dict[str, Path]


@functools.cache
def jobs() -> Jobs:
    """The one pool of this process. Pose estimation uses about two cores a job."""
    return Jobs(
        workers=max(1, (os.cpu_count() or 2) // 2),
        expected=(VideoError, ModelError, ReportError),
        grace_s=float(st.get_option("server.disconnectedSessionTTL")),
    )


def measure(
    source: Path, exercise: Exercise, folder: Path, progress: Progress, pain_s: Sequence[float] = ()
) -> Outcome:
    """Analyse a clip and write its reports into `folder`; `pain_s` are the times at which it hurt.

    Raises:
        checker.video.VideoError: when the clip cannot be read.
        checker.model.ModelError: when the pose model cannot be had.
        checker.report.ReportError: when the folder cannot be written.
    """
    progress(0.0, "Getting ready")
    ensure_model(progress=functools.partial(_tell_fetching, progress))
    progress(0.0, "Reading the video")
    told = _part(progress, 0.0, MEASURING_SHARE, "Measuring every frame")
    analysis = analyze_video(source, exercise, progress=told, pain_s=pain_s)
    files = write_reports(
        analysis,
        exercise,
        source,
        folder,
        progress=_part(progress, MEASURING_SHARE, 0.98, "Drawing the angle into the video"),
    )
    stills = write_stills(files["video"], analysis.assessment.to_show, folder)
    return Outcome(exercise, analysis, files, stills)


def _part(progress: Progress, start: float, end: float, stage: str) -> Callable[[float], None]:
    return lambda fraction: progress(start + (end - start) * fraction, stage)


def _tell_fetching(progress: Progress, what: str, done: int, total: int | None) -> None:
    size = f" ({done / 1e6:.0f} of {total / 1e6:.0f} MB)" if total else ""
    progress(0.0, f"Only this once: {what}{size}")
