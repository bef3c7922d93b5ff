"""Who reviews: a name that stands beside what they do. In a clinic the login has it, elsewhere it is typed."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.ui.clinic import here
from checker.ui.people import REVIEWER
from checker.ui.plain import plain

LONGEST: Final = 60
NO_NAME: Final = "Type your name first: it is kept with each correction."


def ask(key: str, *, label_shown: bool = False) -> None:
    """Ask for the name; it stays while the page is left, and from one patient to the next of the desk.

    In a clinic nothing is asked: the login has it, and it is shown.

    Args:
        key: of the field; each page has one of its own.
        label_shown: whether the label stands above the field, too.
    """
    if here.is_clinic():
        st.caption(f"You are here as {plain(name())}.")
        return
    st.session_state.setdefault(key, st.session_state.get(REVIEWER, ""))
    st.text_input(
        "Your name",
        key=key,
        max_chars=LONGEST,
        placeholder="Your name, kept with what you do",
        label_visibility="visible" if label_shown else "collapsed",
        on_change=lambda: st.session_state.update({REVIEWER: st.session_state[key]}),
        width=300,
    )


def typed() -> str:
    """Return the name that was typed; empty where none was."""
    return " ".join(str(st.session_state.get(REVIEWER, "")).split())


def name() -> str:
    """Return the name that stands beside what is done: of the clinic's account, or the one that was typed, if any."""
    account = here.account()
    return typed() if account is None else " ".join((account.name or account.email).split())
