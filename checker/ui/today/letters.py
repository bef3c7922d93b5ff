"""What a physio has written to somebody: on Today, until it is read or taken back."""

from __future__ import annotations

import html

import streamlit as st

from checker.care.records import Event
from checker.service import for_patient
from checker.service.weeks import Weeks
from checker.store import StoreError
from checker.ui.clinic import here
from checker.ui.plain import plain


def show(weeks: Weeks) -> None:
    """Show each, the newest first; a message has a button to say that it was read, which is the patient's."""
    for event in for_patient.written_to(weeks.history, weeks.today):
        with st.container(border=True, key=f"letter-{event.id}", gap="xsmall"):
            st.html(
                f'<p class="bc-note">{html.escape(event.name)}, {event.at:%d %B}</p>'
                f"<p><b>{html.escape(event.reason)}</b></p>"
            )
            if event.kind == for_patient.MESSAGE and not here.is_physio():
                st.button("I have read it", key=f"read-{event.id}", on_click=_read, args=(weeks, event))


def _read(weeks: Weeks, event: Event) -> None:
    try:
        for_patient.mark_read(weeks, event)
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
