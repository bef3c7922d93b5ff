"""The repetitions or holds of a clip, one by one, and those that did not count."""

from __future__ import annotations

from typing import Any

import streamlit as st

from checker.assessment import Assessment, PartialRepetition
from checker.exercise import Exercise
from checker.ui.plain import plain
from checker.words.cards import noun
from checker.words.values import held, listed, plus_minus, quantity, seconds, sentence, side_label, size, span


def show_repetitions(assessment: Assessment, exercise: Exercise) -> None:
    """Show a table of what counted, and a line for each that did not."""
    if assessment.reps:
        st.header(f"{noun(exercise).capitalize()}s", anchor=False)
        st.table(rows(assessment, exercise), border="horizontal", hide_index=True)
    if assessment.partial_reps:
        st.markdown("**Begun, but not counted**\n" + "\n".join(f"- {_partial(p)}" for p in assessment.partial_reps))


def rows(assessment: Assessment, exercise: Exercise) -> dict[str, list[Any]]:
    """Return the table's columns; those that say nothing of this movement are left out."""
    names = {f.id: f.name for f in assessment.faults}
    reps = assessment.reps
    table: dict[str, list[Any]] = {noun(exercise).capitalize(): [str(r.index) for r in reps]}
    if any(side_label(r.side) for r in reps):
        table["Side"] = [side_label(r.side) for r in reps]
    if any(r.rom.unit != "s" for r in reps):
        table["Range"] = [f"{quantity(r.rom)} {plus_minus(r.rom)}" for r in reps]
    table["From"] = [seconds(r.start_s) for r in reps]
    table["To"] = [seconds(r.end_s) for r in reps]
    table["Held"] = [held(r.hold_s, r.hold_target_s) for r in reps]
    if any(r.faults for r in reps):
        table["Noticed"] = [plain(listed(names.get(f, f) for f in r.faults)) for r in reps]
    return table


def _partial(part: PartialRepetition) -> str:
    side = side_label(part.side).lower()
    details = [span(part.start_s, part.end_s), f"to the {side}" if side in {"left", "right"} else side]
    details.append(size(part.excursion, part.unit) or "")
    return f"{', '.join(d for d in details if d)}: {plain(sentence(part.reason))}"
