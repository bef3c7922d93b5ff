"""The page "Movements": every movement there is, found by what one can do and has at hand."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from checker.exercise import Kind
from checker.library import Entry
from checker.safety import PHASES, phase_label
from checker.ui import places
from checker.ui.clinic import here
from checker.ui.filters import KIND_HEADINGS, NOTHING, Filters, equipment, grouped
from checker.ui.plain import plain
from checker.ui.shelf import Shelf, drawing, read_shelf, show_problems
from checker.ui.words import POSITIONS
from checker.words.values import counted

KEYS: Final = ("filter_text", "filter_position", "filter_phase", "filter_have", "filter_kinds")
EMPTY: Final[tuple[object, ...]] = ("", None, None, [], [])
KIND_NOTES: Final[dict[Kind, str]] = {
    "guided": "Picture, words and a timer. Nothing is measured here.",
    "avoid": "Named so that you know them. Each says what to do instead.",
}


def page() -> None:
    """Show all movements, or those asked for."""
    shelf = read_shelf()
    st.title("Movements", anchor=False)
    show_problems(shelf)
    filters = _choose_filters(shelf)
    groups = grouped(shelf.entries, filters)
    found = sum(len(entries) for _, entries in groups)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{counted(found, 'movement')}", width="content")
        if filters != Filters():
            st.button("Clear all filters", key="clear", on_click=_clear, type="tertiary", icon=":material/close:")
        if here.may_review():
            st.page_link(places.page("new"), label="New movement", icon=":material/add:", width="content")
    if not groups and shelf.entries:
        st.info("No movement fits all of this. Take away a filter, or clear them all.", icon=":material/search_off:")
    for kind, entries in groups:
        st.header(KIND_HEADINGS[kind], anchor=False)
        if kind in KIND_NOTES:
            st.caption(KIND_NOTES[kind])
        with st.container(key=f"grid-{kind}"):
            for entry in entries:
                _card(entry)


def _clear() -> None:
    st.session_state.update(zip(KEYS, EMPTY, strict=True))


def _choose_filters(shelf: Shelf) -> Filters:
    text_key, position_key, phase_key, have_key, kinds_key = KEYS
    with st.container(key="filters"):
        text = st.text_input(
            "Search", key=text_key, type="search", live=True, placeholder="e.g. knee", persist_state="session"
        )
        position = st.selectbox(
            "Position", POSITIONS, format_func=POSITIONS.__getitem__, index=None, key=position_key,
            placeholder="Any", persist_state="session",
        )  # fmt: skip
        phase = st.selectbox(
            "Phase", PHASES, format_func=phase_label, index=None, key=phase_key,
            placeholder="Any", persist_state="session",
        )  # fmt: skip
        have = st.multiselect(
            "What I have", [NOTHING, *equipment(shelf.entries)], key=have_key, placeholder="Anything",
            format_func=str.capitalize, select_all=False, persist_state="session",
        )  # fmt: skip
    kinds = st.pills(
        "Kind", KIND_HEADINGS, selection_mode="multi", format_func=KIND_HEADINGS.__getitem__, key=kinds_key,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    return Filters(text or "", position, phase, frozenset(have), frozenset(kinds))


def _card(entry: Entry) -> None:
    exercise = entry.exercise
    notes = [POSITIONS[exercise.position]]
    if entry.own:
        notes.append("changed on this computer" if entry.overrides else "your own")
    with st.container(border=True, key=f"card-{exercise.id}", gap="xsmall"):
        st.html(drawing(exercise))
        places.link("movement", exercise.id, f"**{plain(exercise.name)}**")
        st.html(
            f'<p class="bc-summary">{html.escape(exercise.summary)}</p>'
            f'<p class="bc-note">{html.escape(" · ".join(notes))}</p>'
        )
