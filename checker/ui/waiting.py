"""How far a job is."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.service.measuring import jobs
from checker.ui.words import time_left
from checker.words.values import counted

REFRESH_S: Final = 0.5


@st.fragment(run_every=REFRESH_S)
def show(job_id: str) -> None:
    """Show a bar with what is being done; run the page again when it is over."""
    job = jobs().get(job_id)
    if job is None or job.finished:
        st.rerun()
    ahead = jobs().ahead(job)
    if job.state == "queued":
        st.progress(0.0, text=f"Waiting in line: {counted(ahead, 'video')} before yours.")
        return
    left_s = job.seconds_left
    left = f" · {time_left(left_s)}" if left_s is not None else ""
    st.progress(job.fraction, text=f"{job.stage or 'Starting'}{left}")
