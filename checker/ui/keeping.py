"""Taking results away: downloads, and keeping them on this computer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from checker.folders import kept_results
from checker.service.jobs import Job
from checker.service.keeping import keep
from checker.service.measuring import Outcome
from checker.ui import results


def show(job: Job, outcome: Outcome) -> None:
    """Show buttons to download a job's files, and one to keep them here."""
    st.subheader("Take it with you", anchor=False)
    results.downloads(outcome)
    kept = kept_in(job)
    if kept is not None:
        st.success(f"Kept on this computer, in {kept}", icon=":material/check:")
        return
    st.markdown(
        f"When you close this page, {_what(outcome)} are deleted from this computer. "
        "To have them later, download them or keep them here:"
    )
    keep_button(job, outcome, "below")


def keep_button(job: Job, outcome: Outcome, place: str) -> None:
    """Show a button that keeps a job's files on this computer; `place` is where on the page it stands."""
    if st.button(f"Keep {_what(outcome)}", icon=":material/save:", key=f"keep-{place}-{job.id}"):
        st.session_state.setdefault("kept", {})[job.id] = keep(job, outcome, kept_results())
        st.rerun()


def kept_in(job: Job) -> Path | None:
    """Return the folder in which a job's files were kept; None where they were not."""
    folder: Path | None = st.session_state.get("kept", {}).get(job.id)
    return folder


def _what(outcome: Outcome) -> str:
    return "this video and its results" if "video" in outcome.files else "these results"
