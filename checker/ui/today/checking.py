"""How is your back? Eleven equal cells, once a day, and what belongs to it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.care.flare import is_far_above_usual
from checker.care.records import Settled
from checker.care.settling import waits_for_settling
from checker.service.weeks import Weeks
from checker.ui.pain import pain_scale

SETTLED: Final[dict[str, Settled]] = {
    "It did not rise": "not_raised",
    "Within an hour": "1h",
    "The same day": "same_day",
    "By the morning": "by_morning",
    "Not yet": "longer",
}


def is_due(weeks: Weeks) -> bool:
    """Whether nobody has asked today."""
    return not any(c.kind in {"daily", "next_day"} and c.day == weeks.today for c in weeks.history.check_ins)


def show(weeks: Weeks) -> None:
    """Ask how it is; one click is enough on most days."""
    st.title("How is your back?", anchor=False)
    leg = _asks_of_leg(weeks)
    painkiller = st.toggle("I took a painkiller in the last 4 hours", key="day-painkiller")
    moved = None
    if leg:
        moved = st.segmented_control("Pain in your leg", ("moved down", "as it was", "moved up"), key="day-leg")
    new_leg = st.toggle("There is new pain, tingling, numbness or weakness in a leg", key="day-new-leg")
    raised = waits_for_settling(weeks.history, weeks.today)
    settled = _ask_settled() if raised is not None else None
    pain = pain_scale("How much does it hurt now?", "day")
    if pain is None:
        return
    keeps = None
    is_known = weeks.decision.flare is not None  # in a flare-up one tap a day is enough
    if not is_known and is_far_above_usual(weeks.history, pain, weeks.now, weeks.rules):
        keeps = st.segmented_control("Does it keep you from something today?", ("Yes", "No"), key="day-keeps")
        if keeps is None:
            return
    weeks.check_in(
        "next_day" if settled is not None else "daily",
        pain=pain,
        painkiller=painkiller,
        new_leg_symptoms=new_leg or None,
        leg_pain_moved={"moved down": "down", "moved up": "up"}.get(moved or ""),
        settled=settled,
        session_id=raised.id if raised is not None and settled is not None else None,
        keeps_from_something=None if keeps is None else keeps == "Yes",
    )
    st.rerun()


def _asks_of_leg(weeks: Weeks) -> bool:
    episode = weeks.history.episode
    return episode is not None and episode.reach in {"thigh", "below_knee"}


def _ask_settled() -> Settled | None:
    told = st.segmented_control(
        "Pain that your last session had raised was back to usual", tuple(SETTLED), key="day-settled"
    )
    return SETTLED.get(told or "")
