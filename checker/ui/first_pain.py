"""How far a self-test goes: as far as is comfortable, or to the first pain."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.exercise import Exercise
from checker.judging.first_pain import TIMES, has_range
from checker.live.to_first_pain import in_short
from checker.service.weeks import Weeks

COMFORTABLE: Final = "As far as is comfortable"
FIRST_PAIN: Final = "To the first pain"


def choose_how_far(exercise: Exercise, weeks: Weeks | None) -> int:
    """Ask how far a self-test goes; return how many of the first repetitions to each side go to the first pain only.

    The same choice holds on every page. 0 for a movement that has no such range.

    Args:
        exercise: the movement.
        weeks: whose plan of today says it where nobody has chosen; None where a film may be anybody's, of any day.
    """
    if exercise.kind != "self_test" or not has_range(exercise):
        return 0
    item = None if weeks is None else weeks.decision.planned(exercise.id)
    if item is not None and item.to_first_pain:  # also on a page that was loaded anew
        st.session_state.setdefault(f"how-far-{exercise.id}", FIRST_PAIN)
    chosen = st.radio(
        "How far?",
        [COMFORTABLE, FIRST_PAIN],
        horizontal=True,
        key=f"how-far-{exercise.id}",
        persist_state="session",
        help="To the first pain: your range before pain, and how it changes from week to week.",
    )
    if chosen != FIRST_PAIN:
        return 0
    st.caption(f"{in_short(exercise)} Leave the last out while it hurts.")
    return TIMES
