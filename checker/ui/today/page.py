"""What the page "Today" shows: the first thing that is missing, and then the day's plan."""

from __future__ import annotations

import streamlit as st

from checker.care.stops import is_dizzy
from checker.service.weeks import Weeks
from checker.ui import people, stopping, weekly_page
from checker.ui.today import beginning, checking, letters, plan, questions
from checker.ui.top import screen


def page() -> None:
    """Show the step that somebody is at today."""
    weeks = people.weeks()
    if weeks is None:
        if st.session_state.get(people.GUEST):
            people.show_guest("You look around without a name. Choose a movement, or measure a video.")
        else:
            people.ask()
        return
    decision = weeks.decision
    with screen("today", _step(weeks)):  # a long one leads to a short one
        people.show_name(weeks.person.name)
        if not decision.questions_due:  # safety first
            letters.show(weeks)
        if decision.questions_due:
            questions.show(weeks, decision.questions_due[0])
        elif decision.blocks == "exercises":
            plan.show(weeks)
        elif decision.visible is None and decision.state == "SCREENED":
            beginning.show(weeks)
        elif is_dizzy(weeks.history, weeks.today):
            plan.show(weeks)
        elif checking.is_due(weeks):
            checking.show(weeks)
        else:
            weekly_page.show_card(weeks)
            plan.show(weeks)
        if not decision.questions_due and decision.visible is not None:
            stopping.buttons(weeks, "today")


def _step(weeks: Weeks) -> str:
    """A name of the step that somebody is at."""
    decision = weeks.decision
    told = f"{checking.is_due(weeks)}-{is_dizzy(weeks.history, weeks.today)}"
    return f"{bool(decision.questions_due)}-{decision.blocks}-{decision.state}-{told}"
