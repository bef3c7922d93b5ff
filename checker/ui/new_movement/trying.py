"""A movement that is not saved yet, tried: on the figure of its drawing, and on a video."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from checker.exercise import Exercise
from checker.service import new_movement, tray
from checker.service.jobs import Job, OnStage
from checker.service.measuring import jobs
from checker.service.new_movement import Draft
from checker.service.tray import Looked
from checker.service.work import Outcome
from checker.ui import results, waiting
from checker.ui.owners import forget_upload, owner
from checker.ui.plain import plain
from checker.ui.tryout import NOT_BEGUN
from checker.ui.uploads import take
from checker.video.kinds import SUFFIXES, WORDS
from checker.video.reader import VideoError

JOB: Final = "tried-job"
FORM: Final = "tried-upload"
UNFINISHED: Final = "First fill in what is missing: a line below each field says what it needs."


@dataclass
class Tried:
    """One video on which a movement is tried.

    Attributes:
        job_id: of the work on it.
        looked: what was seen in it; None as long as it is looked at.
        judged_by: the fingerprint of the movement that it was measured by.
    """

    job_id: str
    looked: Looked | None = None
    judged_by: str = ""


def check(draft: Draft) -> None:
    """Show what comes of it where the figure of the drawing does the movement."""
    exercise = draft.exercise
    if exercise is None:
        st.info(UNFINISHED, icon=":material/edit:")
        return
    with st.spinner("The figure does the movement"):
        problems = new_movement.self_check(exercise)
    for problem in problems:
        st.warning(plain(problem), icon=":material/build:")
    if not problems and exercise.is_measured:
        st.success("The figure's movement is counted and measured as it was done.", icon=":material/check:")
    elif not problems:
        st.success("Nothing is measured in it, so there is nothing to try out.", icon=":material/check:")


def ask_video(draft: Draft) -> None:
    """Ask for a video, and measure it by the movement as it stands here now."""
    number = st.session_state.setdefault(FORM, 0)  # a new one forgets the file before
    upload = st.file_uploader("Somebody doing it", type=SUFFIXES, key=f"{FORM}-{number}")
    st.caption(f"Taken: {WORDS}. It stays on this computer, and is deleted when you close this page.")
    exercise = draft.exercise
    if st.button("Try it on this video", disabled=upload is None) and upload is not None:
        if exercise is None or not exercise.is_measured:
            st.info(UNFINISHED, icon=":material/edit:")
        elif _begin(upload, exercise):
            st.session_state[FORM] = number + 1
            st.rerun()


def show_result(draft: Draft) -> None:
    """Show how far it is, or what was measured, and the way to measure it again once the movement was changed."""
    tried: Tried | None = st.session_state.get(JOB)
    job = jobs().get(tried.job_id) if tried is not None else None
    if tried is None or job is None:
        return
    if not job.finished:
        waiting.show(job.id)
        return
    if job.message is not None:
        st.error(plain(job.message), icon=":material/error:")
    if not isinstance(job.result, Outcome):
        return
    exercise = draft.exercise
    if exercise is not None and exercise.is_measured and exercise.sha256 != tried.judged_by:
        st.info("The movement was changed since.", icon=":material/edit:")
        if st.button("Measure it again", type="primary"):
            jobs().again(job, functools.partial(_measured, tried, exercise), quick=False)
            st.rerun()
    results.show(job, job.result)


def discard() -> None:
    """Delete the video, and what was measured of it."""
    tried: Tried | None = st.session_state.pop(JOB, None)
    if tried is not None:
        jobs().discard(tried.job_id)


def _begin(upload: UploadedFile, exercise: Exercise) -> bool:
    """Start to look at a video, under a name of our own; return whether it was begun."""
    suffix = Path(upload.name).suffix.lower().lstrip(".")
    name = f"recording.{suffix}" if suffix in SUFFIXES else "recording"
    discard()
    tried = Tried("")

    def work(folder: Path, progress: OnStage) -> Outcome:
        path = folder / name
        try:
            tried.looked = tray.look(path, [], progress)
        except VideoError as error:  # our own name for the file would puzzle
            raise VideoError(str(error).replace(str(path), name).replace(name, "This file")) from error
        return _measured(tried, exercise, folder, progress)

    def fill(folder: Path) -> None:
        take(upload, folder / name)
        forget_upload(upload)

    try:
        job: Job = jobs().start(owner(), work, fill)
    except OSError as error:
        st.error(plain(NOT_BEGUN.format(why=error.strerror or error)), icon=":material/error:")
        return False
    tried.job_id = job.id
    st.session_state[JOB] = tried
    return True


def _measured(tried: Tried, exercise: Exercise, folder: Path, progress: OnStage) -> Outcome:
    assert tried.looked is not None
    outcome = tray.measure(tried.looked, exercise, folder, progress)
    tried.judged_by = exercise.sha256
    return outcome
