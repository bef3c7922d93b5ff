"""Who reviews, and how: corrections are made under a name, with one clear line where one cannot be made."""

from __future__ import annotations

import time
from typing import Any, Final

import streamlit as st
from pydantic import ValidationError

from checker.review.made import CorrectionError
from checker.service.reviewing import Review
from checker.store import StoreError
from checker.ui import reviewer
from checker.ui.clinic import here
from checker.ui.plain import plain

BLIND: Final = "reviewer-blind"
TOLD: Final = "rv-told"
SINCE: Final = "rv-since"


def ask_blind() -> bool:
    """Ask whether to judge before the machine's result is shown; the answer stays from one recording to the next."""
    st.session_state.setdefault("rv-blind", st.session_state.get(BLIND, False))
    help_ = "Judge each recording before you see what the machine found."
    return st.checkbox("Blind first look", key="rv-blind", on_change=_keep_blind, help=help_, width="content")


def _keep_blind() -> None:
    st.session_state[BLIND] = st.session_state["rv-blind"]


def make(review: Review, kind: str, **told: Any) -> None:
    """Make a correction; where it cannot be made, the page says why."""
    make_all(review, [(kind, told)])


def make_all(review: Review, made: list[tuple[str, dict[str, Any]]], *, blind: bool = False) -> bool:
    """Make several, all of them or none; each takes its share of the time since the one before."""
    who = reviewer.name()
    if not who:
        st.session_state[TOLD] = reviewer.NO_NAME
        return False
    since_s = st.session_state.get(SINCE)
    spent_s = None if since_s is None or not made else round((time.monotonic() - since_s) / len(made), 1)
    try:
        if review.person_id is not None:
            here.note("changed", "a session, by a correction", review.person_id)
        review.make_all([(kind, {**told, "blind": blind, "seconds": spent_s}) for kind, told in made], who)
    except (CorrectionError, ValidationError, StoreError) as error:
        refuse(error)
    else:
        st.session_state.pop(TOLD, None)
        begin_clock()
        return True
    return False


def refuse(error: CorrectionError | ValidationError | StoreError) -> None:
    """Have the page say why something cannot be made."""
    if isinstance(error, CorrectionError):
        told = f"{str(error)[:1].upper()}{str(error)[1:]}."
    elif isinstance(error, ValidationError):
        told = error.errors()[0]["msg"].removeprefix("Value error, ").capitalize()
    else:
        told = str(error)
    st.session_state[TOLD] = told


def problem() -> str | None:
    """Return why the last correction could not be made; None where it could."""
    told: str | None = st.session_state.get(TOLD)
    return told


def begin_clock() -> None:
    """From now on the next correction takes its time."""
    st.session_state[SINCE] = time.monotonic()


def show_problem() -> None:
    """Show why the last correction could not be made."""
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        st.error(plain(told), icon=":material/error:")
