"""What a physio has set, as the patient reads it, where it acts: on Today and on the pages of a movement."""

from __future__ import annotations

import html

import streamlit as st

from checker.exercise import Exercise
from checker.service import for_patient
from checker.service.for_patient import Holding
from checker.service.weeks import Weeks

TITLE = "Set for you by your physio"


def show_of_movement(weeks: Weeks | None, exercise: Exercise) -> None:
    """Show what was set of one movement; nothing where nothing was, or nobody was chosen."""
    found = for_patient.holding(weeks, exercise.id) if weeks is not None else []
    if found:
        st.html(f'<div class="bc-set"><h2>{TITLE}</h2>{_lines(found)}</div>')


def show_all(weeks: Weeks) -> None:
    """Show everything that holds, folded."""
    found = for_patient.holding(weeks)
    if found:
        with st.expander(f"{TITLE} ({len(found)})", icon=":material/person:"):
            st.html(_lines(found))


def _lines(found: list[Holding]) -> str:
    return f'<ul class="bc-set-lines">{"".join(map(_line, found))}</ul>'


def _line(one: Holding) -> str:
    event = one.event
    said = f"{event.name}, {event.at.day} {event.at:%B %Y}: {event.reason}"
    return f"<li><b>{html.escape(one.words)}</b><small>{html.escape(said)}</small></li>"
