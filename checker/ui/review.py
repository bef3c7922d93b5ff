"""The page "Upload and review": choose a movement, hand in a video, see what was measured."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.service.jobs import Job
from checker.service.measuring import jobs
from checker.service.work import Outcome
from checker.ui import choosing, keeping, results, swap, turning, waiting
from checker.ui.owners import owner
from checker.ui.plain import plain

GONE: Final = "These results were deleted, because the page was away for a while. Measure the video again to see them."


def page() -> None:
    """Show the step this session is at."""
    session_owner = owner()
    job_id = st.session_state.get("job")
    job = jobs().get(job_id)
    if job is not None and job.state == "done":
        if st.session_state.get("choosing"):  # sent here to measure another movement
            choosing.show(session_owner, job)
        else:
            _results(job)
    elif job is not None and swap.is_under_way(job):
        swap.wait(job)
    elif job is not None and not job.finished:
        _waiting_page(job)
    else:
        if job is not None:
            _forget(job, job.message)
        elif job_id is not None:
            st.session_state.update(job=None, message=GONE)
        choosing.show(session_owner)


# --- waiting ------------------------------------------------------------------------------------


def _waiting_page(job: Job) -> None:
    st.title("Measuring your video", anchor=False)
    waiting.show(job.id)
    if st.button("Cancel"):
        _forget(job, "Cancelled. The video was deleted.")
        st.rerun()


def _forget(job: Job, message: str | None) -> None:
    jobs().discard(job.id)
    st.session_state.update(job=None, message=message, seek=(0, 0.0), choosing=False)


# --- results ------------------------------------------------------------------------------------


def _results(job: Job) -> None:
    outcome: Outcome = job.result
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(plain(outcome.exercise.name), anchor=False, width="content")
        another = st.button("Measure another video")
    if another:
        _forget(job, None)
        st.rerun()
    results.show(job, outcome, lambda: turning.offer(job, outcome, owner()))
    keeping.show(job, outcome)
