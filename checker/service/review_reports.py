"""The reports of a review: of the result as it is corrected, with what was measured by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from checker.assessment import Assessment
from checker.care.measured import answers_in, with_answers
from checker.care.when import When
from checker.exercise import Exercise
from checker.fhir import Corrector
from checker.judging.analysis import Analysis
from checker.report import report, write_reports
from checker.report.exchange import write_corrected_fhir
from checker.review.corrections import last_by_name
from checker.service.apart import apart, unseen
from checker.service.reviewing import Film, Review

OFFERED: Final = {
    "pdf": "PDF",
    "html": "Page to print (HTML)",
    "xlsx": "Workbook (XLSX)",
    "fhir": "FHIR bundle, with what was corrected",
}
"""The kinds of report of a review, with their names. People read in them what was measured by hand; a program reads in
a bundle who corrected what, and what the machine said."""

WITH_VIDEO: Final = "the one that was reviewed"
WITHOUT_VIDEO: Final = "not kept"
"""What a report says of the video: its file is named by us, and that name says nothing to a reader."""


def review_report(review: Review, kind: str) -> bytes:
    """Make a report of a review. The film may be from anybody: it is read in a process apart.

    Args:
        review: of which it is.
        kind: one of `OFFERED`.

    Raises:
        checker.video.reader.VideoError: the film cannot be read.
        checker.report.ReportError: the report cannot be written.
        checker.service.workers.WorkerDiedError: the film took the process with it.
        checker.service.apart.UnexpectedError: a fault of our own.
    """
    if kind == "fhir":
        return _bundle(review)
    analysis = _as_filmed(replace(review.result, assessment=_answered(review, review.result)), review.film)
    clip = WITH_VIDEO if review.film is not None else WITHOUT_VIDEO
    return apart(unseen, _written, analysis, review.exercise, review.film, kind, review.when, clip)


def _answered(review: Review, analysis: Analysis) -> Assessment:
    """What was judged again, with what the person told of it."""
    told = review.stored
    return with_answers(analysis.assessment, answers_in(told)).model_copy(update={"pain_before": told.pain_before})


def _bundle(review: Review) -> bytes:
    """The result as it is corrected; of nobody's video, so it is made here."""
    by = [Corrector(who, at) for who, at in last_by_name(review.in_force).items()]
    with TemporaryDirectory() as folder:
        target = Path(folder) / report("fhir").file_name
        result, machine = _answered(review, review.result), _answered(review, review.machine)
        write_corrected_fhir(result, machine, by, target, review.when)
        return target.read_bytes()


def _as_filmed(analysis: Analysis, film: Film | None) -> Analysis:
    """The analysis with how its film must be turned: one that was kept stands upright and the right way round."""
    if film is None:
        return analysis
    video = analysis.assessment.video
    turned = {"turned_deg": film.turn_deg, "mirrored": film.mirrored if video.mirrored else video.mirrored}
    assessment = analysis.assessment.model_copy(update={"video": video.model_copy(update=turned)})
    return replace(analysis, assessment=assessment, swapped=None)


def _written(
    analysis: Analysis,
    exercise: Exercise,
    film: Film | None,
    kind: str,
    when: When | None,
    clip: str,
    progress: Callable[..., None],
) -> bytes:
    progress(0.0, "Making the report")
    with TemporaryDirectory() as folder:
        source = None if film is None else film.path
        out = Path(folder)
        files = write_reports(analysis, exercise, source, out, video=False, kinds=[kind], when=when, clip=clip)
        return files[kind].read_bytes()
