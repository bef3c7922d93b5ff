"""The page "Upload and review": choose a movement, hand in a video, see what was measured."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Final

import streamlit as st

from checker.ui import choosing, results
from checker.ui.jobs import Job
from checker.ui.measuring import Outcome, jobs
from checker.ui.sessions import owner
from checker.ui.words import counted, time_left

KEPT_DIR: Final = Path(__file__).resolve().parent.parent.parent / "backcheck-results"
REFRESH_S: Final = 0.5
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
    _waiting(job.id)
    if st.button("Cancel"):
        _forget(job, "Cancelled. The video was deleted.")
        st.rerun()


@st.fragment(run_every=REFRESH_S)
def _waiting(job_id: str) -> None:
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


def _forget(job: Job, message: str | None) -> None:
    jobs().discard(job.id)
    st.session_state.update(job=None, message=message, seek=(0, 0.0), choosing=False)


# --- results ------------------------------------------------------------------------------------


def _results(job: Job) -> None:
    outcome: Outcome = job.result
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(outcome.exercise.name, anchor=False, width="content")
        another = st.button("Measure another video")
    if another:
        _forget(job, None)
        st.rerun()
    results.show(job.id, outcome)
    _take_away(job, outcome)


def _take_away(job: Job, outcome: Outcome) -> None:
    st.subheader("Take it with you", anchor=False)
    results.downloads(outcome)
    kept: Path | None = st.session_state.get("kept", {}).get(job.id)
    if kept is not None:
        st.success(f"Kept on this computer, in {kept}", icon=":material/check:")
        return
    st.markdown(
        "When you close this page, the video and these results are deleted from this computer. "
        "To have them later, download them or keep them here:"
    )
    if st.button("Keep this video and its results", icon=":material/save:"):
        st.session_state.setdefault("kept", {})[job.id] = keep(job, outcome, KEPT_DIR)
        st.rerun()


def keep(job: Job, outcome: Outcome, parent: Path) -> Path:
    """Copy a job's files to a place where they stay.

    Returns:
        The new folder, named after the day, the time and the movement.
    """
    stamp = datetime.datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    target = parent / f"{stamp} {outcome.exercise.id}"
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(job.folder, target, ignore=shutil.ignore_patterns("still-*"))
    return target
