"""What is handed out after an analysis: each report is made from an `Analysis` alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.report.angles import write_angles
from checker.report.annotated_video import write_annotated_video
from checker.report.atomic import ReportError, replacing
from checker.report.page import write_page

__all__ = ["ReportError", "write_reports"]


def write_reports(
    analysis: Analysis,
    exercise: Exercise,
    source: Path | None,
    out: Path,
    video: bool = True,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Path]:
    """Write every report of an analysis into a folder, each whole or not at all.

    Args:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip; None after a live session of which no picture was kept.
        out: the folder, made when it is missing.
        video: whether to write the annotated video as well, which takes the longest and needs the clip.
        progress: called with the share done, 0 to 1.

    Returns:
        The files by kind: "json", "csv", "html" and, when asked for, "video".

    Raises:
        ReportError: when the folder cannot be written.
        checker.video.reader.VideoError: when the clip cannot be read any more.
    """
    names = {"json": "assessment.json", "csv": "angles.csv", "html": "report.html"}
    files = {kind: out / name for kind, name in names.items()}
    with replacing(files["json"]) as draft:
        draft.write_text(analysis.assessment.to_json() + "\n", encoding="utf-8")
    write_angles(analysis, files["csv"])
    write_page(analysis, exercise, source, files["html"])
    if video and source is not None:
        files["video"] = out / "annotated.mp4"
        write_annotated_video(analysis, exercise, source, files["video"], progress)
    if progress is not None:
        progress(1.0)
    return files
