"""The page "Who looked", of a clinic's physio: who looked at what, exported it or was refused."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from checker.service import weeks as service
from checker.store import StoreError
from checker.store.audit import Told
from checker.ui import people
from checker.ui.clinic import here
from checker.ui.plain import plain

MOST: Final = 200
"""Rows that are shown; `backcheck audit` shows more."""

ALL: Final = "Everybody"


def page() -> None:
    """Show the newest entries, of everybody or of whoever was chosen."""
    if not here.is_physio():
        return
    weeks = people.weeks()
    st.title("Who looked", anchor=False)
    with st.container(horizontal=True, key="who"):
        here.show_way_out()
    of = ALL
    if weeks is not None:
        name = weeks.person.name
        of = st.segmented_control("Of whom", (ALL, name), default=name, required=True, format_func=plain) or ALL
    try:
        told = service.store().audit(None if weeks is None or of == ALL else weeks.person.id, MOST)
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.caption(f"The newest {MOST} at most, times in UTC. Nobody can change or delete what is noted here.")
    rows = "".join(
        f"<tr><td>{t.entry.at:%d %b %Y, %H:%M}</td><td>{html.escape(t.who)} ({html.escape(t.entry.role)})</td>"
        f"<td>{html.escape(_what(t))}</td></tr>"
        for t in told
    )
    st.html(
        '<table class="bc-table bc-audit"><thead><tr><th>When</th><th>Who</th><th>Did what</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _what(told: Told) -> str:
    """What was done, in a line: "looked at Today, of Ben"."""
    done = f"{told.entry.action} {told.entry.what}".strip()
    return f"{done}, of {told.of}" if told.of else done
