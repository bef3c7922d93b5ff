"""The page "Session": video, curve and repetitions in one view, and everything that can be corrected in them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.care.change_words import listed_when
from checker.reasons import CORRECTED
from checker.service.reviewing import OTHER_RULES, Review
from checker.ui import people, places, reviewer
from checker.ui.plain import plain
from checker.ui.session import acting, blind, faults, film, numbers, opening, recording, repetitions

OPENED: Final = "rv-opened"
"""By its token, the review whose time runs."""


def page() -> None:
    """Show the recording that is asked for, or those that can be opened."""
    review = opened()
    if review is None:
        return
    with st.container(key="session"):
        with st.container(horizontal=True, vertical_alignment="center", key="rv-head"):
            _heading(review)
            reviewer.ask("rv-who")
            is_blind = blind.ask(review)
            if not is_blind and review.session_id is not None:
                places.link_to_compare(review.session_id)
                st.page_link(places.page("patient"), label="For this patient", width="content")
        if is_blind:
            blind.show(review)
            return
        opening.see(review)
        _open(review)


def _heading(review: Review) -> None:
    """Show which movement it is, and below it whose session, and when it was."""
    weeks = people.weeks()
    with st.container(width="content", gap=None, key="rv-title"):
        st.title(plain(review.exercise.name), anchor=False)
        if review.session is not None and weeks is not None:
            st.caption(plain(f"{weeks.person.name} · {listed_when(review.session)}"))


def opened() -> Review | None:
    """Return the review that is asked for; its time begins when it is opened."""
    review = opening.opened()
    if review is not None and st.session_state.get(OPENED) != review.token:
        st.session_state[OPENED] = review.token
        acting.begin_clock()
    return review


def _open(review: Review) -> None:
    with st.container(key="rv-look"):
        left, right = st.columns([11, 9], gap="medium")
    with left:
        film.show(review)
        _remarks(review)
    with right:
        with st.container():  # has its place whether or not something is in it: what follows stays what it is
            acting.show_problem()
        numbers.show(review)
        parts = {
            "Repetitions": repetitions.show,
            "Faults": faults.show,
            "Recording": recording.show,
            "By hand": film.measured,
            "Corrections": recording.made,
        }
        for tab, part in zip(st.tabs(list(parts)), parts.values(), strict=True):  # another name would begin them anew
            with tab:
                part(review)


def _remarks(review: Review) -> None:
    """Show that the curve is a corrected one, and what stands in the way of comparing."""
    result = review.result.assessment
    for text, code in zip(result.warnings, result.warning_codes, strict=True):
        if code == CORRECTED.code:
            st.caption(f"**{plain(text)}** The machine's own stays beside it.")
        else:
            st.caption(plain(text))
    if not review.is_as_then:
        st.caption(OTHER_RULES)
