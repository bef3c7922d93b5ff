"""What is handed out after an analysis: each report is made from an `Analysis` alone.

A new report is a writer in a file of its own and a line of `REPORTS`; the command line and the page's downloads are
made from that table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checker.care.when import When
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.report.angles import write_angles
from checker.report.annotated_video import write_annotated_video
from checker.report.atomic import ReportError
from checker.report.data import write_data
from checker.report.exchange import write_fhir
from checker.report.motion import has_frames, write_landmarks, write_motion
from checker.report.page import write_page
from checker.report.paper import write_full, write_summary
from checker.report.workbook import write_workbook

__all__ = ["REPORTS", "Order", "Report", "ReportError", "report", "write_reports"]


@dataclass(frozen=True, slots=True)
class Order:
    """What a writer writes.

    Attributes:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip; None after a live session of which no picture was kept.
        progress: called with the share done, 0 to 1.
        when: when it was done, where that is told; else as the result itself says.
        clip: what is said of the video in place of the name of its file.
    """

    analysis: Analysis
    exercise: Exercise
    source: Path | None
    progress: Callable[[float], None] | None = None
    when: When | None = None
    clip: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One kind of report.

    Attributes:
        kind: its key among the files of a result.
        label: its name on a button.
        file_name: of the file.
        mime: media type of the file.
        write: writes it to a path.
        is_video: whether it is drawn from the clip frame by frame, which takes the longest.
        for_programs: whether other programs read it, rather than people.
        can_be: whether it can be made of what was found.
        says_what_was_told: whether what the person says afterwards stands in it.
    """

    kind: str
    label: str
    file_name: str
    mime: str
    write: Callable[[Order, Path], None]
    is_video: bool = False
    for_programs: bool = False
    can_be: Callable[[Analysis], bool] = lambda _: True
    says_what_was_told: bool = False


def _write_video(order: Order, target: Path) -> None:
    if order.source is not None:
        write_annotated_video(order.analysis, order.exercise, order.source, target, order.progress)


REPORTS: Final = (
    Report(
        "html",
        "Report to print",
        "report.html",
        "text/html",
        lambda order, target: write_page(order.analysis, order.exercise, order.source, target, order.when, order.clip),
    ),
    Report(
        "summary",
        "One page for you (PDF)",
        "summary.pdf",
        "application/pdf",
        lambda order, target: write_summary(order.analysis, order.exercise, target, order.when),
        says_what_was_told=True,
    ),
    Report(
        "pdf",
        "For your physio (PDF)",
        "report.pdf",
        "application/pdf",
        lambda order, target: write_full(order.analysis, order.exercise, order.source, target, order.when),
        says_what_was_told=True,
    ),
    Report("video", "Video", "annotated.mp4", "video/mp4", _write_video, is_video=True),
    Report(
        "xlsx",
        "Workbook (XLSX)",
        "results.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda order, target: write_workbook(order.analysis, target, order.when),
        says_what_was_told=True,
    ),
    Report(
        "csv",
        "Angles (CSV)",
        "angles.csv",
        "text/csv",
        lambda order, target: write_angles(order.analysis, target),
        for_programs=True,
    ),
    Report(
        "json",
        "Data (JSON)",
        "assessment.json",
        "application/json",
        lambda order, target: write_data(order.analysis.assessment, target),
        says_what_was_told=True,
        for_programs=True,
    ),
    Report(
        "trc",
        "Landmarks (TRC)",
        "landmarks.trc",
        "text/tab-separated-values",
        lambda order, target: write_landmarks(order.analysis, target),
        for_programs=True,
        can_be=has_frames,
    ),
    Report(
        "mot",
        "Angles (MOT)",
        "angles.mot",
        "text/tab-separated-values",
        lambda order, target: write_motion(order.analysis, target),
        for_programs=True,
        can_be=has_frames,
    ),
    Report(
        "fhir",
        "FHIR bundle",
        "fhir.json",
        "application/fhir+json",
        lambda order, target: write_fhir(order.analysis.assessment, target, order.when),
        says_what_was_told=True,
        for_programs=True,
    ),
)
"""Every report, in the order in which they are offered."""


def report(kind: str) -> Report:
    """Return a report by its kind.

    Raises:
        KeyError: there is none of this kind.
    """
    return {r.kind: r for r in REPORTS}[kind]


def write_reports(
    analysis: Analysis,
    exercise: Exercise,
    source: Path | None,
    out: Path,
    video: bool = True,
    progress: Callable[[float], None] | None = None,
    kinds: Collection[str] | None = None,
    when: When | None = None,
    clip: str | None = None,
) -> dict[str, Path]:
    """Write the reports of an analysis into a folder, each whole or not at all.

    Args:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip; None after a live session of which no picture was kept.
        out: the folder, made when it is missing.
        video: whether to write the annotated video as well, which takes the longest and needs the clip.
        progress: called with the share done, 0 to 1.
        kinds: which reports; None: every one.
        when: when it was done, where that is told; else as the result itself says.
        clip: what is said of the video in place of the name of its file.

    Returns:
        The files by the kind of report.

    Raises:
        ReportError: the folder cannot be written.
        checker.video.reader.VideoError: the clip cannot be read any more.
    """
    order = Order(analysis, exercise.for_dose(analysis.dose), source, progress, when, clip)
    made = [r for r in REPORTS if r.can_be(analysis) and (kinds is None or r.kind in kinds)]
    wanted = [r for r in made if not r.is_video or (video and source is not None)]
    files = {}
    for one in sorted(wanted, key=lambda r: r.is_video):
        files[one.kind] = out / one.file_name
        one.write(order, files[one.kind])
    if progress is not None:
        progress(1.0)
    return files
