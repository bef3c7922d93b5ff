"""`fhir.json`: the result as a Bundle of FHIR R4, for the records of a clinic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from checker.assessment import Assessment
from checker.care.when import When
from checker.fhir import Corrector, corrected_bundle, session_bundle, write_bundle
from checker.report.atomic import ReportError, replacing


def write_fhir(assessment: Assessment, target: Path, when: When | None = None) -> None:
    """Write the result as a bundle, which the library has looked through.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written, or the library refuses what is to be in it.
    """
    _write(lambda: session_bundle(assessment, when), target)


def write_corrected_fhir(
    result: Assessment, machine: Assessment, by: Sequence[Corrector], target: Path, when: When | None = None
) -> None:
    """Write a result that somebody corrected, with the machine's own; see `checker.fhir.corrected_bundle`.

    Raises:
        checker.report.atomic.ReportError: as for `write_fhir`.
    """
    _write(lambda: corrected_bundle(result, machine, by, when), target)


def _write(made: Callable[[], dict[str, Any]], target: Path) -> None:
    with replacing(target) as draft:
        try:
            write_bundle(made(), draft)
        except ValueError as error:
            raise ReportError(f"{target} cannot be written: {error}") from error
