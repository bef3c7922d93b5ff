"""The page "Planned and done", of a physio: each day of a patient with what was asked for and what was done of it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.care.adherence import DayDone
from checker.care.adherence_words import HEAD, in_short
from checker.service import adherence, switches
from checker.service.adherence import Monitoring
from checker.service.weeks import Weeks
from checker.store import StoreError
from checker.ui import dots, people
from checker.ui.clinic import here
from checker.ui.days import monitoring
from checker.ui.days.tables import table_html
from checker.ui.plain import plain
from checker.ui.top import screen

FILES: Final = "days-files"
"""In the session: the report and the table that were made, with what they are of."""

SPANS: Final[dict[int, str]] = {28: "4 weeks", 84: "12 weeks", 365: "A year"}


def page() -> None:
    """Show the days of the patient who was chosen."""
    if not here.may_review():
        return
    weeks = people.somebody("Choose a patient first.")
    if weeks is None:
        return
    with screen("data"):
        people.show_name(weeks.person.name)
        st.title("Planned and done", anchor=False)
        share = f"{weeks.rules.programme.done.share:.0%}".replace("%", " %")
        st.caption(
            f"Done is from {share} of the lower end of a dose on, partly any less. A day without a plan loses nothing."
        )
        spans = list(SPANS)
        count = st.segmented_control("How far back", spans, default=28, required=True, format_func=SPANS.__getitem__)
        days = adherence.days_of(weeks, count or 28)
        st.markdown(plain(in_short(days, weeks.today)))
        st.html(dots.calendar(days, weeks.today))
        _table(weeks, days)
        counted = monitoring.read(weeks) if switches.monitoring_is_on() else None
        _take(weeks, days, counted)
        monitoring.show(weeks, counted)


def _table(weeks: Weeks, days: list[DayDone]) -> None:
    with st.expander("Day by day"):
        st.html(table_html(HEAD, adherence.rows_of(weeks, days), "Planned and done, day by day"))


def _take(weeks: Weeks, days: list[DayDone], counted: Monitoring | None) -> None:
    """Make the days a report and a table, and give them; that they are taken is noted first."""
    made = st.session_state.get(FILES)
    if made is None or made[0] != (weeks.person.id, len(days), weeks.known.of_history):
        if not st.button("Make the report", icon=":material/description:"):
            return
        try:
            here.note("exported", "planned and done", weeks.person.id)
        except StoreError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        with st.spinner("Making the report"):
            pdf, table = adherence.to_pdf(weeks, days, counted), adherence.to_csv(weeks, days)
        made = ((weeks.person.id, len(days), weeks.known.of_history), pdf, table)
        st.session_state[FILES] = made
    name = "".join(c if c.isalnum() else "-" for c in weeks.person.name)
    with st.container(horizontal=True):
        for label, data, suffix, mime in (
            ("Report (PDF)", made[1], "pdf", "application/pdf"),
            ("Table (CSV)", made[2], "csv", "text/csv"),
        ):
            st.download_button(
                label, data, f"{name}-planned-and-done.{suffix}", mime, on_click="ignore", icon=":material/download:"
            )
