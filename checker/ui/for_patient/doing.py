"""What a physio does for a patient is written down, and said after the page has been run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from checker.service.weeks import Weeks
from checker.store import StoreError
from checker.ui.clinic import here
from checker.ui.plain import plain

TOLD: Final = "for-patient-told"
"""What was done just now, for after the rerun."""


TIMES: Final = "for-patient-times"
"""How much was done: a form whose key has it begins empty once something was done, and keeps what could not be."""


def times_done() -> int:
    """Return how often something was done."""
    return int(st.session_state.get(TIMES, 0))


def do(weeks: Weeks, work: Callable[[], None], told: str) -> None:
    """Do it, and note that it was done; where it cannot be done, one line says why."""
    try:
        work()
        here.note("changed", f"For this patient: {told}", weeks.person.id)
    except (ValueError, StoreError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state.update({TOLD: told, TIMES: times_done() + 1})
    st.rerun()


def show_told() -> None:
    """Say what was done just now."""
    told = st.session_state.pop(TOLD, None)
    if told is not None:
        st.success(plain(told), icon=":material/check:")
