"""How a movement is judged, as a table: each rule with its words and where its numbers come from.

So a physio can agree or disagree.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import streamlit as st

from checker.exercise import Exercise
from checker.rules import Status
from checker.words.judged import HEADINGS, Rule, Source, list_rules

STATUS_CLASSES: Final[dict[Status, str]] = {
    "published": "bc-published",
    "clinical judgement": "bc-judgement",
    "set by physio": "bc-physio",
}


def show(exercise: Exercise) -> None:
    """Show a table of everything by which the movement is judged."""
    st.header("How it is judged", anchor=False)
    st.html(rules_table(exercise))
    st.caption(
        "Published: a source states this number for this movement. Clinical judgement: somebody's judgement, "
        "to be confirmed. Set by a physio: set for a patient. A length of the torso is the person's own, "
        "from the hips to the shoulders."
    )


def rules_table(exercise: Exercise) -> str:
    """Return the table as HTML."""
    return (
        '<table class="bc-table"><thead><tr><th>What</th><th>How</th><th>Where it comes from</th></tr></thead>'
        f"<tbody>{''.join(_rows(exercise))}</tbody></table>"
    )


def source_note(source: Source) -> str:
    """Return where a number comes from as HTML."""
    return f'<span class="{STATUS_CLASSES[source.status]}">{source.label}</span> {html.escape(source.text)}'


def _rows(exercise: Exercise) -> Iterator[str]:
    for group, rules in groupby(list_rules(exercise), key=lambda rule: rule.group):
        yield f'<tr class="bc-group"><th colspan="3">{HEADINGS[group]}</th></tr>'
        yield from map(_row, rules)


def _row(rule: Rule) -> str:
    cue = f'<p class="bc-note">It says: “{html.escape(rule.cue)}”</p>' if rule.cue else ""
    return (
        f"<tr><th>{html.escape(rule.subject)}</th><td>{html.escape(rule.words)}{cue}</td>"
        f"<td>{''.join(f'<p>{source_note(s)}</p>' for s in rule.sources)}</td></tr>"
    )
