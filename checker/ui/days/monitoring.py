"""Remote monitoring on the page of a patient's days: off unless it was switched on; counted, or typed by hand."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Final

import streamlit as st

from checker.care.monitoring import Spent, What
from checker.library import ExerciseError
from checker.service import adherence, for_patient, switches
from checker.service.adherence import HOW, MONTH_HEAD, NO_CLAIM, PERIOD_HEAD, WHAT, Monitoring
from checker.service.for_patient import LONGEST_TEXT
from checker.service.weeks import Weeks
from checker.store import StoreError
from checker.ui import reviewer
from checker.ui.clinic import here
from checker.ui.days.tables import table_html
from checker.ui.for_patient.doing import do, show_told, times_done
from checker.ui.plain import plain

CLOCK: Final = "monitoring-clock"
"""In the session: of whom the clock runs, since when by the computer's own clock, for what, and the words to it."""

OFFER: Final = (
    "For clinics in the United States: the set-up, days with data in periods of 30 days, and minutes of review and "
    f"contact in a month, as the codes of remote therapeutic monitoring ask for them. {NO_CLAIM}"
)


def read(weeks: Weeks) -> Monitoring | None:
    """Return what is counted; None where it cannot be read, which the page says."""
    try:
        return adherence.monitoring_of(weeks)
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def show(weeks: Weeks, found: Monitoring | None) -> None:
    """Show what is counted, and the ways to note more; where it is off, only how it is switched on."""
    if not switches.monitoring_is_on():
        _offer()
        return
    st.header("Remote monitoring", anchor=False)
    st.caption(NO_CLAIM)
    show_told()
    if found is None:
        return
    if not here.is_clinic():
        reviewer.ask("days-who", label_shown=True)
    st.markdown(plain(adherence.set_up_words(found)))
    if found.set_up is not None:
        st.html(table_html(PERIOD_HEAD, adherence.period_rows(found), "Days with data"))
    _set_up(weeks)
    if found.months:
        st.html(table_html(MONTH_HEAD, adherence.month_rows(found), "Minutes in each month"))
    if found.uncounted:
        st.caption(plain(adherence.uncounted_words(found)))
    _entries(weeks, found)
    _clock(weeks)
    _typed(weeks)
    if not here.is_clinic():
        st.button("Switch it off for this computer", on_click=_switch, args=(False,), type="tertiary")


def _offer() -> None:
    with st.expander("Remote monitoring: it is off"):
        st.markdown(OFFER)
        if here.is_clinic():
            st.markdown("The clinic's file switches it on, with the line `remote_monitoring = true`.")
        else:
            st.button("Switch it on for this computer", on_click=_switch, args=(True,))


def _switch(on: bool) -> None:
    try:
        switches.switch_monitoring(on)
    except (ExerciseError, ValueError) as error:
        st.error(plain(str(error)), icon=":material/error:")


# --- noting -----------------------------------------------------------------------------------------


def _set_up(weeks: Weeks) -> None:
    with st.expander("Note the set-up"), st.form(f"monitoring-set-up-{times_done()}", border=False):
        on = st.date_input("On which day?", value=weeks.today, max_value=weeks.today)
        taught = st.text_input("What was set up and taught?", max_chars=LONGEST_TEXT)
        if st.form_submit_button("Note it"):
            do(weeks, lambda: adherence.note_set_up(weeks, reviewer.name(), on, taught), "The set-up is noted.")


def _clock(weeks: Weeks) -> None:
    """Let a clock run while somebody reviews or talks, and note what it shows."""
    running: dict[str, Any] | None = st.session_state.get(CLOCK)
    if running is not None and running["of"] == weeks.person.id:
        st.markdown(f":material/timer: **The clock runs**: {WHAT[running['what']].lower()}.")
        if st.button("End it, and note the time", type="primary"):
            minutes = (time.monotonic() - running["since_s"]) / 60.0
            do(weeks, partial(_end_clock, weeks, running, minutes), f"Noted: {minutes:.1f} minutes.")
        return
    with st.expander("Count time by a clock"), st.form(f"monitoring-clock-{times_done()}", border=False):
        what = _what()
        note = st.text_input("What is it about?", max_chars=LONGEST_TEXT, key=f"clock-note-{times_done()}")
        if st.form_submit_button("Begin the clock"):
            if not reviewer.name() or not note.strip():
                st.error("Your name and a few words must stand beside it.", icon=":material/error:")
                return
            running = {"of": weeks.person.id, "since_s": time.monotonic(), "what": what, "note": note}
            st.session_state[CLOCK] = running
            st.rerun()


def _end_clock(weeks: Weeks, running: dict[str, Any], minutes: float) -> None:
    """Note the time; where that cannot be, the clock runs on."""
    note, what, name = running["note"], running["what"], reviewer.name()
    adherence.note_time(weeks, name, weeks.today, what, minutes, "clock", note)
    del st.session_state[CLOCK]


def _typed(weeks: Weeks) -> None:
    with st.expander("Type time by hand"), st.form(f"monitoring-typed-{times_done()}", border=False):
        st.caption("Only what is not counted already: what you corrected, and what a clock has counted, is.")
        on = st.date_input("On which day?", value=weeks.today, max_value=weeks.today)
        what = _what()
        minutes = st.number_input("Minutes", min_value=0.0, max_value=1440.0, value=None, step=1.0, format="%g")
        note = st.text_input("What is it about?", max_chars=LONGEST_TEXT)
        if st.form_submit_button("Note it"):
            name = reviewer.name()
            do(
                weeks,
                lambda: adherence.note_time(weeks, name, on, what, minutes or 0.0, "typed", note),
                f"Noted: {minutes or 0.0:g} minutes.",
            )


def _what() -> What:
    return st.selectbox("What for?", list(WHAT), format_func=WHAT.__getitem__)


def _entries(weeks: Weeks, found: Monitoring) -> None:
    """Show each piece of time, and the way to take back what somebody noted."""
    spent = [one for month in found.months for one in month.spent]
    if not spent:
        return
    with st.expander(f"Each piece of time ({len(spent)})"):
        for one in reversed(spent):
            with st.container(border=True, gap="xsmall"):
                st.markdown(plain(_words(one)))
                if one.event is not None:
                    _take_back(weeks, one)


def _words(one: Spent) -> str:
    about = f": {one.event.reason}" if one.event is not None else ""
    when = f"{one.day.day} {one.day:%B %Y}"
    return f"{when}, {one.who}: {one.minutes:.1f} minutes, {WHAT[one.what].lower()}, {HOW[one.how]}{about}"


def _take_back(weeks: Weeks, one: Spent) -> None:
    event = one.event
    assert event is not None
    with st.popover("Take it back"), st.form(f"back-{event.id}", border=False):
        why = st.text_input("Why?", max_chars=LONGEST_TEXT, key=f"why-{event.id}")
        if st.form_submit_button("Take it back"):
            do(weeks, lambda: for_patient.take_back(weeks, event.id, reviewer.name(), why), "Taken back.")
