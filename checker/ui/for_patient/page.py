"""The page "For this patient", of a physio: what is set for one patient alone, and what is written to them."""

from __future__ import annotations

import html
from typing import Literal

import streamlit as st

from checker.care.records import Event
from checker.service import for_patient
from checker.service.for_patient import LETTERS, LONGEST_TEXT
from checker.service.weeks import Weeks
from checker.ui import people, places, reviewer
from checker.ui.clinic import here
from checker.ui.for_patient import setting
from checker.ui.for_patient.doing import do, show_told, times_done
from checker.ui.top import screen


def page() -> None:
    """Show what holds for the patient who was chosen, and the ways to change it."""
    if not here.may_review():
        return
    weeks = people.somebody("Choose a patient first.")
    if weeks is None:
        return
    with screen("data"):
        people.show_name(weeks.person.name)
        st.title("For this patient", anchor=False)
        st.caption("It holds for this patient alone. Nothing is deleted: what you end stays in the record.")
        if not here.is_clinic():
            reviewer.ask("set-who", label_shown=True)
        show_told()
        st.page_link(places.page("days"), label="What was planned and done", icon=":material/event_available:")
        _holding(weeks)
        setting.show(weeks)
        _write(weeks)
        _record(weeks)


def _holding(weeks: Weeks) -> None:
    st.header("What holds now", anchor=False)
    found = for_patient.holding(weeks)
    written = for_patient.written_to(weeks.history, weeks.today)
    if not found and not written:
        st.markdown("Nothing is set, and nothing is written.")
    for holding in found:
        _card(weeks, holding.event, holding.words, can_go=holding.can_be_taken_back)
    for event in written:
        _card(weeks, event, LETTERS[event.kind])


def _card(weeks: Weeks, event: Event, words: str, *, can_go: bool = True) -> None:
    """Show what holds, with its reason, name and time, and the way to end it."""
    with st.container(border=True, key=f"set-{event.id}", gap="xsmall"):
        st.html(
            f"<p><b>{html.escape(words)}</b></p><p>{html.escape(event.reason)}</p>"
            f'<p class="bc-note">{html.escape(said_by(event))}</p>'
        )
        if not can_go:
            return
        with st.popover("End it"), st.form(f"back-{event.id}", border=False):
            why = st.text_input("Why does it end?", max_chars=LONGEST_TEXT, key=f"why-{event.id}")
            if st.form_submit_button("End it"):
                do(weeks, lambda: for_patient.take_back(weeks, event.id, reviewer.name(), why), f"Ended: {words}.")


def said_by(event: Event) -> str:
    """Return who set something, and when: "Phil, 27 November 2026, 12:05 UTC"."""
    return f"{event.name}, {event.at:%d %B %Y, %H:%M} UTC"


def _write(weeks: Weeks) -> None:
    st.header("Write to the patient", anchor=False)
    with st.form(f"write-{times_done()}", border=False):
        text = st.text_area("It stands on their page Today.", max_chars=LONGEST_TEXT)
        stays = st.checkbox("It stays until I end it; otherwise until it is read.")
        if not st.form_submit_button("Send", type="primary"):
            return
    kind: Literal["message", "note"] = "note" if stays else "message"
    do(weeks, lambda: for_patient.write_to(weeks, kind, reviewer.name(), text), "Sent.")


def _record(weeks: Weeks) -> None:
    """Show everything that was ever set, written or ended: a row each."""
    rows = for_patient.record(weeks)
    if not rows:
        return
    with st.expander(f"The record ({len(rows)})"):
        body = "".join(
            f"<tr><td>{html.escape(said_by(row.event))}</td><td>{html.escape(row.words)}</td>"
            f"<td>{html.escape(row.event.reason)}</td></tr>"
            for row in rows
        )
        st.html(
            '<table class="bc-table"><thead><tr><th>Who and when</th><th>What</th><th>Why</th></tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )
