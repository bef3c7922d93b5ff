"""Left and right the other way round: the line about it on a result, and the work when it is wanted."""

from __future__ import annotations

import functools
from typing import Final

import streamlit as st

from checker.service.diary import Diary, keeping
from checker.service.jobs import Job
from checker.service.measuring import jobs, swap_sides
from checker.service.work import Outcome
from checker.ui import device, waiting
from checker.ui.plain import plain
from checker.words.values import mirror_words

SEEN: Final = "The picture is not mirrored: left and right are your own."


def show(job: Job, outcome: Outcome, diary: Diary | None = None) -> None:
    """Show the note about left and right, with the button that swaps them; nothing where no side is reported.

    Args:
        job: whose result it is.
        outcome: the result.
        diary: of the person's session that it belongs to, whose sides are swapped with it.
    """
    if outcome.whose is not None:
        device.keep(outcome.whose)
    assessment = outcome.analysis.assessment
    mirrored = assessment.video.mirrored
    if outcome.whose is None or not (assessment.tells_sides or mirrored):
        return
    if job.message is not None:  # of a swap that failed
        st.error(plain(job.message), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sides"):
        st.caption(SEEN if mirrored is False else mirror_words(assessment) or "", width="content")
        if st.button("Swap left and right", icon=":material/swap_horiz:", type="tertiary", key=f"swap-{job.id}"):
            _start(job, outcome, diary)
            st.rerun()


def is_under_way(job: Job) -> bool:
    """Return whether a job that was done is being judged again."""
    return not job.finished and job.result is not None


def wait(job: Job) -> None:
    """Show how far it is, and a way back."""
    st.title("Swapping left and right", anchor=False)
    waiting.show(job.id)
    if st.button("Leave them as they were"):
        jobs().stop(job)
        st.rerun()


def _start(job: Job, outcome: Outcome, diary: Diary | None) -> None:
    if outcome.whose is not None:
        device.remember(outcome.whose, not outcome.analysis.assessment.video.mirrored)
    st.session_state.get("kept", {}).pop(job.id, None)  # what was kept has the sides as they were
    jobs().again(job, keeping(functools.partial(swap_sides, outcome), diary))
