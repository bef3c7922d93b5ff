"""`assessment.json`: the results for other programs."""

from __future__ import annotations

from pathlib import Path

from checker.assessment import Assessment
from checker.report.atomic import replacing


def write_data(assessment: Assessment, target: Path) -> None:
    """Write the results as JSON.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written.
    """
    with replacing(target) as draft:
        draft.write_text(assessment.to_json() + "\n", encoding="utf-8")
