"""How a movement is judged, in plain words: what counts, what is measured, what is looked out for.

Each with its number, unit and where the number comes from, so that a physio can agree or disagree.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final

import streamlit as st

from checker.exercise import Exercise
from checker.fault_rules import FaultRule, PastFault
from checker.rules import Status
from checker.words.rules import fault_words, measure_words, repetition_words

STATUS_CLASSES: Final[dict[Status, str]] = {
    "published": "bc-published",
    "clinical judgement": "bc-judgement",
    "set by physio": "bc-physio",
}


def show(exercise: Exercise) -> None:
    """A table of everything by which the movement is judged."""
    st.subheader("How it is judged", anchor=False)
    st.html(
        '<table class="bc-table"><thead><tr><th>What</th><th>How</th><th>Where it comes from</th></tr></thead>'
        f"<tbody>{''.join(_rows(exercise))}</tbody></table>"
    )
    st.caption(
        "Published: a source states this number for this movement. Clinical judgement: somebody's judgement, "
        "to be confirmed. Set by physio: set for a patient. A length of the torso is the person's own, "
        "from the hips to the shoulders."
    )


def source_note(status: Status, source: str) -> str:
    """A number's status and source as HTML."""
    return f'<span class="{STATUS_CLASSES[status]}">{status.capitalize()}</span> {html.escape(source)}'


def _rows(exercise: Exercise) -> Iterable[str]:
    counted = exercise.repetition or exercise.hold
    if counted is not None:
        yield _heading("What counts")
        yield _row(
            "A hold" if exercise.hold else "A repetition",
            repetition_words(exercise),
            [source_note(counted.status, counted.source)],
        )
    yield _heading("What is measured")
    for measure in exercise.measures:
        yield _row(measure.name, measure_words(measure), [source_note(measure.status, measure.source)])
    if exercise.faults:
        yield _heading("What is looked out for")
    for fault in exercise.faults:
        yield _row(fault.name, fault_words(fault, exercise), _sources(fault), fault.cue)


def _sources(fault: FaultRule) -> list[str]:
    """Each source of a fault's numbers once."""
    numbers = fault.conditions if isinstance(fault, PastFault) else [fault]
    return list(dict.fromkeys(source_note(n.status, n.source) for n in numbers))


def _heading(text: str) -> str:
    return f'<tr class="bc-group"><th colspan="3">{text}</th></tr>'


def _row(name: str, words: str, sources: list[str], cue: str | None = None) -> str:
    said = f'<p class="bc-note">It says: “{html.escape(cue)}”</p>' if cue else ""
    return (
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(words)}{said}</td>"
        f"<td>{''.join(f'<p>{s}</p>' for s in sources)}</td></tr>"
    )
