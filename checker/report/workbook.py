"""`results.xlsx`: the result as a workbook, with the sheets Repetitions, Measures, Angles, Pain and About.

Where somebody measured by hand, there is a sheet By hand. Numbers are numbers, their unit stands in the header.
Whatever is a text is written as a text: one that begins like a formula is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np

from checker.assessment import Assessment, Measure, PartialRepetition, Quantity, Repetition
from checker.care.when import When
from checker.judging.analysis import Analysis
from checker.library import override_lines
from checker.report.angles import UNIT_SUFFIXES
from checker.report.atomic import replacing
from checker.report.by_hand import sheet_by_hand
from checker.words.values import side_label

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Cell = str | float | int | bool | None

LONGEST_TEXT: Final = 32_000
"""Letters that a cell of Excel holds, and a few less."""

_WIDEST: Final = 60
_OPTIONS: Final = {
    "constant_memory": True,  # a row is written once the next one begins: an hour of angles does not fill the memory
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(analysis: Analysis, target: Path, when: When | None = None) -> None:
    """Write the workbook; a value that was not measured is an empty cell, and its reason stands beside it.

    Args:
        analysis: what was found.
        target: the file to write.
        when: when it was done, where that is told; else as the result itself says.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    assessment = analysis.assessment
    with replacing(target) as draft, TemporaryDirectory() as aside:
        book = Workbook(str(draft), {**_OPTIONS, "tmpdir": aside})
        if assessment.analysed_at is not None:
            book.set_properties({"created": assessment.analysed_at.replace(tzinfo=None)})
        _add(book, "Repetitions", _repetitions(assessment))
        _add(book, "Measures", _measures(assessment))
        _add(book, "Angles", _angles(analysis))
        _add(book, "Pain", _pain(assessment))
        if assessment.by_hand:
            _add(book, "By hand", sheet_by_hand(assessment))
        _add(book, "About", _about(assessment, when))
        try:
            book.close()
        except FileCreateError as problem:
            raise OSError(str(problem)) from problem


def unit_words(unit: str) -> str:
    """Return a unit as it stands in a header: "deg", "torso lengths"."""
    return UNIT_SUFFIXES.get(unit, unit).replace("_", " ")


def _add(book: Workbook, name: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Add a sheet whose first row is its header."""
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        if number == 0:
            for column, cell in enumerate(row):
                sheet.set_column(column, column, min(_WIDEST, max(10, 0.8 * len(str(cell)))))
        for column, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                sheet.write_string(number, column, cell[:LONGEST_TEXT], bold if number == 0 else None)
            elif isinstance(cell, bool):
                sheet.write_string(number, column, "yes" if cell else "no")
            elif isinstance(cell, int | float) and np.isfinite(cell):
                sheet.write_number(number, column, cell)


def _columns(units: Iterable[str], *names: str) -> list[str]:
    return [f"{name} ({unit_words(unit)})" for unit in units for name in names]


def _in_columns(units: Iterable[str], unit: str | None, *values: float | None) -> list[Cell]:
    """Return values in the columns of their unit, and nothing in those of the others."""
    return [value if of == unit else None for of in units for value in values]


# --- the sheets ---------------------------------------------------------------------------------


def _repetitions(a: Assessment) -> Iterable[Sequence[Cell]]:
    """One row a repetition or hold; those that did not count stand among them, with the reason."""
    of_range = list(dict.fromkeys(r.rom.unit for r in a.reps))
    of_partial = list(dict.fromkeys(p.unit for p in a.partial_reps))
    names = {f.id: f.name for f in a.faults}
    yield [
        *("Number", "Side", "Start (s)", "Furthest (s)", "End (s)"),
        *_columns(of_range, "Range", "±", "In the start posture", "At the furthest point"),
        *("Held (s)", "Asked to hold (s)", "Noticed", "To the first pain", "Counted", "Why it did not count"),
        *_columns(of_partial, "Went out"),
    ]
    both: list[Repetition | PartialRepetition] = [*a.reps, *a.partial_reps]
    for r in sorted(both, key=lambda one: one.start_s):
        if isinstance(r, Repetition):
            noticed = "; ".join(names.get(i, i) for i in r.faults)
            yield [
                *(r.index, side_label(r.side), r.start_s, r.peak_s, r.end_s),
                *_in_columns(of_range, r.rom.unit, r.rom.value, r.rom.uncertainty, r.start_value, r.end_value),
                *(r.hold_s, r.hold_target_s, noticed, r.to_first_pain, True),
            ]
        else:
            nothing = [None] * 4 * len(of_range)
            yield [
                *(None, side_label(r.side), r.start_s, None, r.end_s, *nothing),
                *(None, None, None, None, False, r.reason),
                *_in_columns(of_partial, r.unit, r.excursion),
            ]


def _measures(a: Assessment) -> Iterable[Sequence[Cell]]:
    """One row a measure and side."""
    units = list(dict.fromkeys(m.unit for m in a.measures))
    yield [
        *("Measure", "Side"),
        *_columns(units, "Value", "±", "Largest", "Spread", "In the start posture", "At the furthest point"),
        *("Class", "Repetitions", "Share of truths within ±", "± checked against truth", "Why not measured", "Code"),
    ]
    for m in a.measures:
        yield [m.name, side_label(m.side), *_in_columns(units, m.unit, *_values(m)), *_told_of(m)]


def _values(m: Measure) -> tuple[float | None, ...]:
    return m.value, m.uncertainty, m.best, m.spread, m.start, m.end


def _told_of(m: Measure) -> list[Cell]:
    return [m.band, m.repetitions, m.uncertainty_level, m.checked, m.reason, m.reason_code]


def _angles(analysis: Analysis) -> Iterable[Sequence[Cell]]:
    """One row a picture."""
    signals = list(analysis.signals.values())
    yield ["Time (s)", *(f"{s.name} ({unit_words(s.unit)})" for s in signals)]
    for index, t_s in enumerate(analysis.t_s):
        yield [float(t_s), *(float(s.values[index]) for s in signals)]


def _pain(a: Assessment) -> Iterable[Sequence[Cell]]:
    """Pain as it was told, moments at which it hurt, and the range before pain."""
    of_marks = [mark.unit for mark in a.pain if mark.excursion is not None]
    of_ranges = [q.unit for of in a.ranges for q in (of.first, of.furthest) if q is not None]
    units = list(dict.fromkeys([*of_marks, *of_ranges]))
    yield [
        *("What", "Side", "Pain (0 to 10)", "Time (s)"),
        *_columns(units, "Excursion", "±", "Excursion 0.8 s earlier"),
        *("Repetitions", "Why not measured"),
    ]
    none = _in_columns(units, None, None, None, None)
    for when, pain in (("Pain before", a.pain_before), ("Pain after", a.pain_after)):
        if pain is not None:
            yield [when, None, pain, None, *none]
    for mark in a.pain:
        cells = _in_columns(units, mark.unit, mark.excursion, None, mark.excursion_from)
        yield ["It hurt", side_label(mark.side), None, mark.t_s, *cells]
    for of in a.ranges:
        first, side = of.first, side_label(of.side)
        what = "First pain or tension" if of.censored == "none" else "Nothing was felt up to"
        yield [what, side, None, None, *_quantity(units, first), of.first_repetitions, of.reason]
        if of.furthest is not None:
            yield ["As far as wanted", side, None, None, *_quantity(units, of.furthest)]


def _quantity(units: Iterable[str], q: Quantity | None) -> list[Cell]:
    return _in_columns(units, q.unit, q.value, q.uncertainty, None) if q else _in_columns(units, None, *[None] * 3)


def _about(a: Assessment, when: When | None) -> Iterable[Sequence[Cell]]:
    """What the numbers came from."""
    yield ["About this result", "Value"]
    yield ["Movement", a.exercise.name]
    yield ["Id of the movement", a.exercise.id]
    yield ["Fingerprint of the movement (sha256)", a.exercise.sha256]
    yield ["BackCheck", a.app.version if a.app is not None else None]
    if when is not None and not when.hour_known:
        yield ["Filmed on", when.day.isoformat()]
    else:
        yield ["Filmed at (UTC)", _moment(a.recorded_at)]
        if when is not None:  # nobody knows when its film was made
            yield ["Session at (UTC)", _moment(when.at.astimezone(UTC))]
    yield ["Judged at (UTC)", _moment(a.analysed_at)]
    yield ["Pose model", a.model.name]
    yield ["Fingerprint of the model (sha256)", a.model.sha256]
    yield ["Length (s)", a.video.duration_s]
    yield ["Pictures", a.video.frames]
    yield ["Share of pictures with all joints seen", a.coverage]
    for line in override_lines(a.exercise.overrides):
        yield ["Set for this patient", line]
    for warning in a.warnings:
        yield ["To be known", warning]


def _moment(at: object) -> str | None:
    return None if at is None else str(at)
