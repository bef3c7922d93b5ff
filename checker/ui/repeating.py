"""That the next session of a test is to be its second measure: said on one page, and heard on the camera's."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

_KEY = "repeat_of"


def ask(exercise_id: str, first: UUID) -> None:
    """Say which session the next one of a movement repeats."""
    st.session_state[_KEY] = (exercise_id, str(first))


def take(exercise_id: str) -> UUID | None:
    """Hear it, once; None where the next session repeats none, or is of another movement."""
    asked = st.session_state.pop(_KEY, None)
    return UUID(asked[1]) if asked is not None and asked[0] == exercise_id else None
