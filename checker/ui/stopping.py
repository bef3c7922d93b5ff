"""Stop rules told by one press: it is kept, the right page is led to, and there it is said what to do."""

from __future__ import annotations

import html
from typing import Literal

import streamlit as st

from checker.care.records import StopReason
from checker.care.rules import load_rules
from checker.care.stops import is_dizzy, stop_text
from checker.service.weeks import Weeks
from checker.ui import places

Heading = Literal["h1", "h2"]

TOLD = "stopped-told"
"""Under which it is known what somebody without a name told, until they go on."""


def buttons(weeks: Weeks | None, key: str) -> None:
    """Show a button for each; a press is kept, and leads to Today; who has no name is told here.

    Args:
        weeks: the person's; None where nobody was chosen.
        key: of the buttons.
    """
    with st.container(horizontal=True, key=f"stops-{key}"):
        for why, label in load_rules().pain.moving.said.items():
            if st.button(label, icon=":material/front_hand:", key=f"stop-{why}-{key}"):
                if weeks is not None:
                    weeks.stop(why)
                lead_on(weeks, why)


def lead_on(weeks: Weeks | None, why: StopReason) -> None:
    """Go to where it is said what to do: Today, or for who has no name this page."""
    if weeks is None:
        st.session_state[TOLD] = why
        st.rerun()
    st.switch_page(places.page("today"))


def stands(weeks: Weeks | None, heading: Heading = "h2") -> bool:
    """Show what to do, where something was told that is not over yet; return whether there is.

    What was told of a leg stands with the open safety questions; here only who has no name is told of it.

    Args:
        weeks: the person's; None where nobody was chosen.
        heading: "h1" where the page has no other.
    """
    if weeks is not None:
        dizzy = is_dizzy(weeks.history, weeks.today)
        if dizzy:
            _callout("dizzy", heading)
            if st.button("It has passed", key="dizziness-passed", type="primary"):
                weeks.dizziness_passed()
                st.rerun()
        return dizzy
    why: StopReason | None = st.session_state.get(TOLD)
    if why is not None:
        _callout(why, heading)
        if st.button("I have read this", key="stop-read"):
            del st.session_state[TOLD]
            st.rerun()
    return why is not None


def _callout(why: StopReason, heading: Heading) -> None:
    rules = load_rules()
    title = html.escape(rules.pain.moving.said[why])
    st.html(
        f'<div class="bc-callout" role="alert"><{heading}>{title}</{heading}>'
        f"<p>{html.escape(stop_text(why, rules))}</p></div>"
    )
