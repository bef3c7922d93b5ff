"""That the next session of a test is to be its second measure: said on one page, and heard on the camera's."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from checker.care.change_rules import load_change_rules
from checker.care.steadiness import waits_for_repeat
from checker.service.weeks import Weeks

_KEY = "repeat_of"


def ask(first: UUID) -> None:
    """Say which session the next one of its movement repeats, until that one has been measured."""
    st.session_state[_KEY] = first


def repeats(weeks: Weeks, exercise_id: str, *, to_first_pain: bool) -> UUID | None:
    """Return the session that one of a movement repeats which begins now.

    None where it was not asked for, the first one waits no longer, or this one is done in another way: it is a session
    like any other.
    """
    first = waits_for_repeat(weeks.history, exercise_id, weeks.now, load_change_rules())
    if first is None or first.id != st.session_state.get(_KEY) or first.to_first_pain != to_first_pain:
        return None
    return first.id
