"""The safety questions on one screen, with one large "None of these"."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.care.decision import QuestionsDue
from checker.care.records import Answer
from checker.service.weeks import Weeks
from checker.ui.plain import plain

YES, UNSURE = "Yes", "Not sure"
_ANSWERS: Final[dict[str | None, Answer]] = {YES: "yes", UNSURE: "unsure", None: "no"}


def show(weeks: Weeks, due: QuestionsDue) -> None:
    """Ask them; what is not chosen is answered with no by the button."""
    st.title("Does any of this fit you now?", anchor=False)
    if due.because != "first":
        st.markdown(plain(due.reason))
    asked = {q.id: q for q in weeks.rules.safety.questions}
    chosen: dict[str, Answer] = {}
    with st.container(key="questions"):
        for number, question in enumerate(due.questions):
            if number and asked[question].group != asked[due.questions[number - 1]].group:
                st.html('<hr class="bc-rule">')
            with st.container(key=f"question-{question}", horizontal=True, vertical_alignment="center"):
                st.markdown(plain(asked[question].text))
                told = st.segmented_control(
                    asked[question].text, (YES, UNSURE), key=f"answer-{question}", label_visibility="collapsed"
                )
            chosen[question] = _ANSWERS[told]
    any_chosen = any(answer != "no" for answer in chosen.values())
    with st.container(key="questions-end"):
        label = "The others do not fit. Go on." if any_chosen else "None of these"
        if st.button(label, type="primary", width="stretch", key="questions-done"):
            weeks.answer_questions(chosen, due.because)
            st.rerun()
