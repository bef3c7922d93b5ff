"""Taking results away: downloads, and keeping them on this computer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from checker.folders import kept_results
from checker.service.jobs import Job
from checker.service.keeping import keep
from checker.service.work import Outcome
from checker.ui import results
from checker.ui.clinic import here
from checker.ui.plain import plain


def show(job: Job, outcome: Outcome, *, in_sessions: bool = False) -> None:
    """Show buttons to download a job's files, and one to keep them here.

    Args:
        job: whose files they are.
        outcome: of the job.
        in_sessions: whether its numbers are kept under a name already.
    """
    st.header("Take it with you", anchor=False)
    results.downloads(outcome)
    if here.is_clinic():
        st.markdown(f"When you close this page, {_what(outcome)} are deleted here. To have them later, download them.")
        return
    kept = kept_in(job)
    if kept is not None:
        st.success(f"Kept on this computer, in {plain(str(kept))}", icon=":material/check:")
        return
    goes = f"When you close this page, {_what(outcome)} are deleted from this computer. "
    if in_sessions:
        goes = "The numbers stay among your sessions. When you close this page, the files of this page are deleted. "
    st.markdown(f"{goes}To have them later, download them or keep them here:")
    keep_button(job, outcome, "below")


def keep_button(job: Job, outcome: Outcome, place: str) -> None:
    """Show a button that keeps a job's files on this computer; `place` is where on the page it stands."""
    if here.is_clinic():  # the computer is not theirs
        return
    if st.button(f"Keep {_what(outcome)}", icon=":material/save:", key=f"keep-{place}-{job.id}"):
        try:
            st.session_state.setdefault("kept", {})[job.id] = keep(job, outcome, kept_results())
        except OSError as error:
            why = f"{error.strerror}: {error.filename}" if error.filename else str(error)
            st.error(f"It could not be kept ({plain(why)}). Make room there, or download it.", icon=":material/error:")
            return
        st.rerun()


def kept_in(job: Job) -> Path | None:
    """Return the folder in which a job's files were kept; None where they were not."""
    folder: Path | None = st.session_state.get("kept", {}).get(job.id)
    return folder


def _what(outcome: Outcome) -> str:
    return "this video and its results" if "video" in outcome.files else "these results"
