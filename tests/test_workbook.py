"""The workbook is read back by another library: sheets, numbers, units, and texts that would be formulas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from synthetic_analysis import hinge_analysis, side_bend_analysis

from checker.assessment import Measure, PainFreeRange, PainMark, Quantity
from checker.judging.analysis import Analysis
from checker.report.workbook import LONGEST_TEXT, write_workbook

ANALYSIS = side_bend_analysis()
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://elsewhere.example")', "{=1+1}", "\t=1+1")


def changed(analysis: Analysis = ANALYSIS, **update: Any) -> Analysis:
    return replace(analysis, assessment=analysis.assessment.model_copy(update=update))


def sheets(analysis: Analysis, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet, by the names of their columns."""
    write_workbook(analysis, folder / "results.xlsx")
    found = {}
    for sheet in load_workbook(folder / "results.xlsx"):
        head, *rows = sheet.iter_rows(values_only=True)
        assert len(set(head)) == len(head), sheet.title
        found[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


def test_has_the_sheets_with_every_value_of_the_result(tmp_path: Path) -> None:
    found = sheets(ANALYSIS, tmp_path)
    assert list(found) == ["Repetitions", "Measures", "Angles", "Pain", "About"]
    a = ANALYSIS.assessment
    counted = [row for row in found["Repetitions"] if row["Counted"] == "yes"]
    assert [(r["Number"], r["Side"], r["Start (s)"], r["Furthest (s)"], r["End (s)"]) for r in counted] == [
        (r.index, r.side.capitalize(), r.start_s, r.peak_s, r.end_s) for r in a.reps
    ]
    assert [(r["Range (deg)"], r["± (deg)"], r["Held (s)"]) for r in counted] == [
        (r.rom.value, r.rom.uncertainty, r.hold_s) for r in a.reps
    ]
    assert [r["Noticed"] for r in counted] == [None, "Knees bending", None, None]
    (partial,) = [row for row in found["Repetitions"] if row["Counted"] == "no"]
    assert (partial["Went out (deg)"], partial["Why it did not count"]) == (6.1, a.partial_reps[0].reason)
    assert [(m["Measure"], m["Value (deg)"], m["± (deg)"], m["Largest (deg)"]) for m in found["Measures"]] == [
        (m.name, m.value, m.uncertainty, m.best) for m in a.measures
    ]
    assert found["Measures"][2]["Why not measured"] == "your right hip was hidden"


def test_the_angles_are_those_of_the_analysis_and_a_gap_is_an_empty_cell(tmp_path: Path) -> None:
    rows = sheets(ANALYSIS, tmp_path)["Angles"]
    columns = np.array([list(row.values()) for row in rows], float)  # None becomes NaN
    told = np.column_stack([ANALYSIS.t_s, *(s.values for s in ANALYSIS.signals.values())])
    np.testing.assert_allclose(columns, told, rtol=1e-15, atol=0)  # 15 digits: as many as Excel has
    assert np.isnan(columns).any()
    assert list(rows[0])[:4] == [
        "Time (s)", "Side bend of the trunk (deg)", "Bend of the knees (deg)", "Hips moving sideways (torso lengths)",
    ]  # fmt: skip


def test_pain_and_the_range_before_it(tmp_path: Path) -> None:
    first = Quantity(value=18.25, unit="deg", uncertainty=3.5)
    ranges = [
        PainFreeRange(side="left", first=first, first_repetitions=2),
        PainFreeRange(side="right", first=None, first_repetitions=0, reason="nothing was felt", furthest=first),
    ]
    marks = [PainMark(t_s=6.1, side="right", excursion=20.5, excursion_from=15.25, unit="deg")]
    rows = sheets(changed(pain=marks, pain_before=3, pain_after=0, ranges=ranges), tmp_path)["Pain"]
    assert [(r["What"], r["Side"], r["Pain (0 to 10)"]) for r in rows] == [
        ("Pain before", None, 3), ("Pain after", None, 0), ("It hurt", "Right", None),
        ("First pain or tension", "Left", None), ("First pain or tension", "Right", None),
        ("As far as wanted", "Right", None),
    ]  # fmt: skip
    assert (rows[2]["Excursion (deg)"], rows[2]["Excursion 0.8 s earlier (deg)"], rows[2]["Time (s)"]) == (
        20.5, 15.25, 6.1,
    )  # fmt: skip
    assert (rows[3]["Excursion (deg)"], rows[3]["± (deg)"], rows[3]["Repetitions"]) == (18.25, 3.5, 2)
    assert (rows[4]["Excursion (deg)"], rows[4]["Why not measured"]) == (None, "nothing was felt")


def test_where_nothing_was_felt_the_value_is_no_first_pain(tmp_path: Path) -> None:
    reached = Quantity(value=31.5, unit="deg", uncertainty=3.5)
    ranges = [PainFreeRange(side="left", first=reached, censored="above", first_repetitions=0)]
    (row,) = sheets(changed(ranges=ranges), tmp_path)["Pain"]
    assert (row["What"], row["Excursion (deg)"]) == ("Nothing was felt up to", 31.5)


def test_each_unit_has_its_own_columns(tmp_path: Path) -> None:
    held = Measure(
        id="hold", name="Held", side=None, value=12.5, unit="s", uncertainty=0.4, status="measured", repetitions=1
    )
    measures = [*ANALYSIS.assessment.measures, held]
    row = sheets(changed(measures=measures), tmp_path)["Measures"][-1]
    assert (row["Value (s)"], row["± (s)"], row["Value (deg)"]) == (12.5, 0.4, None)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_a_text(text: str, tmp_path: Path) -> None:
    a = ANALYSIS.assessment
    hostile = changed(
        exercise=a.exercise.model_copy(update={"name": text}),
        measures=[m.model_copy(update={"name": text, "reason": text, "band": text}) for m in a.measures],
        faults=[f.model_copy(update={"name": text}) for f in a.faults],
        partial_reps=[p.model_copy(update={"reason": text, "side": text}) for p in a.partial_reps],
        warnings=[text],
    )
    write_workbook(hostile, tmp_path / "results.xlsx")
    cells = [c for sheet in load_workbook(tmp_path / "results.xlsx") for row in sheet.iter_rows() for c in row]
    assert sum(c.value == text for c in cells) >= 10
    assert {c.data_type for c in cells} <= {"s", "n", "inlineStr"}, "a formula would be f"
    assert not any(c.hyperlink for c in cells)


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    long = changed(warnings=["x" * 100_000])
    assert sheets(long, tmp_path)["About"][-1]["Value"] == "x" * LONGEST_TEXT


def test_nothing_measured_and_no_picture_is_a_workbook_too(tmp_path: Path) -> None:
    none = {i: replace(s, values=s.values[:0]) for i, s in hinge_analysis().signals.items()}
    nothing = changed(hinge_analysis(), reps=[], measures=[], faults=[])
    found = sheets(replace(nothing, t_s=nothing.t_s[:0], signals=none), tmp_path)
    assert found["Repetitions"] == found["Measures"] == found["Angles"] == found["Pain"] == []
    assert found["About"][0]["About this result"] == "Movement"
