"""The report of a review to take along: made when it is asked for, of the result as it is corrected then."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.report import ReportError, report
from checker.service.apart import UnexpectedError
from checker.service.review_reports import OFFERED, review_report
from checker.service.reviewing import Review
from checker.service.workers import WorkerDiedError
from checker.store import StoreError
from checker.ui.clinic import here
from checker.ui.plain import plain
from checker.video.reader import VideoError

MADE: Final = "rv-report-made"
"""What the report was made of, and the file."""


def show(review: Review) -> None:
    """Offer a report with what was corrected and measured by hand."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Report, as corrected and with what was measured by hand", list(OFFERED),
            format_func=OFFERED.__getitem__, key="rv-report-kind", width=320,
        )  # fmt: skip
        made = st.session_state.get(MADE)
        if made is not None and made[0] == _stands_for(review, kind):
            st.download_button(
                f"Save it ({len(made[1]) / 1e6:.1f} MB)", made[1], f"{review.exercise.id}-{report(kind).file_name}",
                report(kind).mime, icon=":material/download:", type="primary", on_click="ignore",
            )  # fmt: skip
        elif st.button("Make it", key="rv-report-make"):
            _make(review, kind)


def _stands_for(review: Review, kind: str) -> tuple[str, str, int]:
    """One report is as good as another of the same corrections: of these there are only ever more."""
    return review.token, kind, len(review.corrections)


def _make(review: Review, kind: str) -> None:
    try:
        if review.person_id is not None:
            here.note("exported", "a report of a session", review.person_id)
        with st.spinner("Making the report"):
            made = review_report(review, kind)
    except (VideoError, ReportError, WorkerDiedError, UnexpectedError, StoreError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state[MADE] = (_stands_for(review, kind), made)
    st.rerun()
