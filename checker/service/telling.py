"""What a person says of a result once it is there: it goes into the result, its files and their diary."""

from __future__ import annotations

from dataclasses import replace

from checker.care.measured import Answers, with_answers
from checker.report import REPORTS, ReportError, write_reports
from checker.service.apart import apart, unseen
from checker.service.diary import Diary
from checker.service.jobs import Job, OnStage
from checker.service.work import Outcome
from checker.service.workers import WorkerDiedError
from checker.video.reader import VideoError


def tell(job: Job, outcome: Outcome, answers: Answers, diary: Diary | None = None) -> Outcome:
    """Write what was said, where it is not written already.

    Args:
        job: whose result it is.
        outcome: the same, as it is now.
        answers: all that was said of it.
        diary: what the session is written in; None where nobody was chosen.

    Returns:
        The outcome with it.

    Raises:
        checker.report.ReportError: a file cannot be written.
    """
    if diary is not None:
        diary.told(answers)
    measured = outcome.measured or outcome.analysis.assessment
    said = with_answers(measured, answers)
    if said == outcome.analysis.assessment:
        return outcome
    told = replace(outcome, analysis=replace(outcome.analysis, assessment=said), measured=measured)
    _write_again(told)
    job.result = told
    return told


def _write_again(outcome: Outcome) -> None:
    """Write anew what says what was told; where stills are read from a clip, in a process apart."""
    kinds = frozenset(report.kind for report in REPORTS if report.says_what_was_told) & outcome.files.keys()
    if not kinds:
        return
    try:
        if outcome.source is None:
            _written(outcome, kinds, unseen)
        else:
            apart(unseen, _written, outcome, kinds)
    except (VideoError, WorkerDiedError) as error:
        raise ReportError(str(error)) from error


def _written(outcome: Outcome, kinds: frozenset[str], progress: OnStage) -> None:
    folder = next(iter(outcome.files.values())).parent
    write_reports(
        outcome.analysis, outcome.exercise, outcome.source, folder, video=False, kinds=kinds, when=outcome.when
    )
