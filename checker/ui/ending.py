"""After a session: what the person says of it is written to it, and what comes next is one button away."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.assessment import Assessment, LimitedBy
from checker.care.measured import Answers
from checker.care.records import Effort
from checker.report import ReportError
from checker.service import telling
from checker.service.diary import Diary
from checker.service.jobs import Job
from checker.service.work import Outcome
from checker.ui import people, places
from checker.ui.pain import pain_scale
from checker.ui.plain import plain

STOPPED_BY: Final[dict[str, LimitedBy]] = {
    "Nothing, it was the end": "end",
    "A pull": "pull",
    "Pain": "pain",
    "I did not dare": "fear",
    "Something else": "other",
}
EFFORT: Final[dict[str, Effort]] = {"Too easy": "too_easy", "Just right": "right", "Too hard": "too_hard"}


def ask_limits(assessment: Assessment, key: str) -> tuple[dict[str, LimitedBy], dict[str, int]]:
    """Ask what stopped each side of a test to the first pain; return that and the pain there, by side."""
    limits: dict[str, LimitedBy] = {}
    pains: dict[str, int] = {}
    for found in assessment.ranges:
        if found.first is None and found.furthest is None:
            continue
        name = found.side or "both"
        of_side = "" if found.side is None else f" to the {found.side}"
        told = st.segmented_control(
            f"What stopped you{of_side}?", tuple(STOPPED_BY), key=f"stopped-{name}-{key}", persist_state="session"
        )
        if told is None:
            continue
        limits[name] = STOPPED_BY[told]
        if limits[name] != "end":
            pain = pain_scale(f"How much did it hurt there{of_side}? (if you like)", f"there-{name}-{key}", stays=True)
            if pain is not None:
                pains[name] = pain
    return limits, pains


def tell(job: Job, outcome: Outcome, diary: Diary | None, after: int | None, key: str) -> None:
    """Ask what stopped each side, and write it with the pain after it into the result, its file and the diary.

    Args:
        job: whose result it is.
        outcome: the result as it is now.
        diary: what the session is written in; None where nobody was chosen.
        after: pain after it; None until it is told.
        key: of the widgets.
    """
    limits, pains = ask_limits(outcome.analysis.assessment, key)
    try:
        told = telling.tell(job, outcome, Answers(after, limits, pains), diary)
    except ReportError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if told is not outcome:
        st.rerun()  # what stands above it shows the result


def show(diary: Diary | None, after: int | None, key: str) -> None:
    """Ask how a session of a person was, keep it with the pain after it, and lead on.

    Args:
        diary: what the session is written in; None where nobody was chosen.
        after: pain after it; None until it is told.
        key: of the widgets.
    """
    weeks = people.weeks()
    if diary is None or weeks is None:
        return
    if diary.problem:
        st.error(plain(diary.problem), icon=":material/error:")
    effort = st.segmented_control("How was it?", tuple(EFFORT), key=f"effort-{key}", persist_state="session")
    if after is None:
        return
    told_before = st.session_state.get(f"after-kept-{key}")
    now = (after, effort)
    if told_before != now:
        weeks.check_in("after", pain=after, session_id=diary.session.id, effort=EFFORT.get(effort or ""))
        st.session_state[f"after-kept-{key}"] = now
    st.page_link(places.page("today"), label="On with today", icon=":material/arrow_forward:")
