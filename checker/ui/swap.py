"""Left and right the other way round: the line about it on a result, and the work when it is wanted.

The poses are judged anew as they were recorded; the pose model does not look a second time.
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import streamlit as st

from checker.service.jobs import Job, Progress
from checker.service.measuring import Outcome, jobs, write
from checker.ui import device, waiting
from checker.words.values import mirror_words

SEEN: Final = "The picture is not mirrored: left and right are your own."


def show(job: Job, outcome: Outcome) -> None:
    """What is told of left and right, with the button that swaps them; nothing where no side is told."""
    if outcome.whose is not None:
        device.keep(outcome.whose)
    assessment = outcome.analysis.assessment
    mirrored = assessment.video.mirrored
    if outcome.whose is None or not (assessment.tells_sides or mirrored):
        return
    if job.message is not None:  # of a swap that failed
        st.error(job.message, icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="sides"):
        st.caption(SEEN if mirrored is False else mirror_words(assessment) or "", width="content")
        if st.button("Swap left and right", icon=":material/swap_horiz:", type="tertiary", key=f"swap-{job.id}"):
            _start(job, outcome)
            st.rerun()


def is_under_way(job: Job) -> bool:
    """Whether a job that was done is being judged anew."""
    return not job.finished and job.result is not None


def wait(job: Job) -> None:
    """How far it is, and a way back."""
    st.title("Swapping left and right", anchor=False)
    waiting.show(job.id)
    if st.button("Leave them as they were"):
        jobs().stop(job)
        st.rerun()


def _start(job: Job, outcome: Outcome) -> None:
    if outcome.whose is not None:
        device.remember(outcome.whose, not outcome.analysis.assessment.video.mirrored)
    st.session_state.get("kept", {}).pop(job.id, None)  # what was kept has the sides as they were
    jobs().again(job, functools.partial(swap, outcome))


def swap(outcome: Outcome, folder: Path, progress: Progress) -> Outcome:
    """The outcome with left and right the other way round; its files take the place of the earlier ones together.

    Raises:
        ValueError: the poses were not kept.
        checker.video.reader.VideoError: the clip cannot be read any more.
        checker.report.ReportError: the folder cannot be written.
    """
    judge = outcome.analysis.swapped
    if judge is None:
        raise ValueError("expected an analysis whose poses were kept, got one without; measure the video again")
    draft = folder / "swapping"
    shutil.rmtree(draft, ignore_errors=True)  # of one that was stopped
    progress(0.0, "Judging the other way round")
    swapped = write(replace(outcome, analysis=judge()), draft, progress)
    for path in draft.iterdir():
        path.replace(folder / path.name)
    draft.rmdir()
    return replace(
        swapped,
        files={kind: folder / path.name for kind, path in swapped.files.items()},
        stills={fault: folder / path.name for fault, path in swapped.stills.items()},
    )
