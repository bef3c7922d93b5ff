"""The page "Upload and review": choose a self-test, hand in a video, see what was measured."""

from __future__ import annotations

import datetime
import functools
import shutil
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from checker.exercise import Exercise
from checker.library import ExerciseError, list_exercises
from checker.ui import results
from checker.ui.jobs import Job, Progress
from checker.ui.measuring import Outcome, jobs, measure
from checker.ui.pictures import picture
from checker.ui.sessions import forget_upload, owner
from checker.ui.words import counted, time_left
from checker.video import VideoError

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
SAMPLES_DIR: Final = ROOT / "sample_videos"
KEPT_DIR: Final = ROOT / "backcheck-results"
SUFFIXES: Final = ("mp4", "mov", "m4v", "webm", "avi", "mkv")
REFRESH_S: Final = 0.5
GONE: Final = "These results were deleted, because the page was away for a while. Measure the video again to see them."


def page() -> None:
    """Show the step this session is at."""
    st.html(HERE / "page.css")
    session_owner = owner()
    job_id = st.session_state.get("job")
    job = jobs().get(job_id)
    if job is not None and job.state == "done":
        _results(job)
    elif job is not None and not job.finished:
        _waiting_page(job)
    else:
        if job is not None:
            _forget(job, job.message)
        elif job_id is not None:
            st.session_state.update(job=None, message=GONE)
        _choose(session_owner)


# --- choosing -----------------------------------------------------------------------------------


def _choose(session_owner: str) -> None:
    st.title("Measure a movement", anchor=False)
    message = st.session_state.pop("message", None)
    if message:
        st.error(message, icon=":material/error:")
    try:
        exercises = [e for e in list_exercises() if e.kind == "self_test"]
    except ExerciseError as error:
        st.error(str(error), icon=":material/error:")
        return
    choices, instructions = st.columns([2, 3], gap="large")
    with choices:
        st.subheader("1. Which self-test?", anchor=False)
        exercise = _choose_exercise(exercises)
        st.subheader("2. The video", anchor=False)
        _upload(exercise, session_owner)
        _sample(exercise, session_owner)
        st.caption(
            "The video stays on this computer. It is deleted when you close this page, unless you choose to keep it."
        )
    with instructions:
        _instructions(exercise)


def _choose_exercise(exercises: list[Exercise]) -> Exercise:
    index = st.radio(
        "Self-test",
        range(len(exercises)),
        format_func=lambda i: exercises[i].name,
        captions=[e.summary for e in exercises],
        key="exercise",
        persist_state="session",
        label_visibility="collapsed",
    )
    return exercises[index]


def _instructions(exercise: Exercise) -> None:
    """The picture, how to do it, how to film it, and when to stop."""
    drawing = picture(exercise.id, exercise.name)
    if drawing:
        st.image(drawing, alt=f"{exercise.name}: start and end position")
    doing, filming = st.columns(2, gap="medium")
    doing.markdown("**How to do it**\n" + _bullets(exercise.steps))
    filming.markdown("**How to film it**\n" + _bullets(exercise.camera))
    st.markdown("**Take care**\n" + _bullets(exercise.cautions))


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _upload(exercise: Exercise, session_owner: str) -> None:
    number = st.session_state.setdefault("uploader", 0)  # a new one forgets the file before
    upload = st.file_uploader("Drop a video here, or choose one", type=SUFFIXES, key=f"upload-{number}")
    if st.button("Measure this video", type="primary", disabled=upload is None) and upload is not None:
        _start_upload(upload, exercise, session_owner)
        st.session_state["uploader"] = number + 1
        st.rerun()


def _start_upload(upload: UploadedFile, exercise: Exercise, session_owner: str) -> None:
    """Copy the upload into the job's private folder under a name of our own."""
    suffix = Path(upload.name).suffix.lower().lstrip(".")
    name = f"recording.{suffix}" if suffix in SUFFIXES else "recording"

    def work(folder: Path, progress: Progress) -> Outcome:
        try:
            return measure(folder / name, exercise, folder, progress)
        except VideoError as error:  # our own name for the file would puzzle
            told = str(error).replace(str(folder / name), name).replace(name, "This file")
            raise VideoError(told) from error

    def fill(folder: Path) -> None:
        with (folder / name).open("wb") as out:
            shutil.copyfileobj(upload, out)
        forget_upload(upload)

    st.session_state["job"] = jobs().start(session_owner, work, fill).id


def _sample(exercise: Exercise, session_owner: str) -> None:
    samples = sample_videos(exercise)
    if not samples:
        return
    chosen = st.selectbox(
        "No video at hand? Take a sample",
        samples,
        format_func=lambda path: sample_name(path, samples),
    )
    if st.button("Measure the sample"):
        work = functools.partial(measure, chosen, exercise)
        st.session_state["job"] = jobs().start(session_owner, work).id
        st.rerun()


def sample_videos(exercise: Exercise, folder: Path = SAMPLES_DIR) -> list[Path]:
    """The shipped clips of a movement, well done ones first: their names begin with the end of its id."""
    own = [p for p in folder.glob("*.mp4") if exercise.id.endswith(p.stem.split("__")[0])]
    return sorted(own, key=lambda p: ("__good" not in p.stem, p.stem))


def sample_name(path: Path, samples: list[Path]) -> str:
    """What a sample shows, in words: "Sample 1: good"."""
    _, variant, *_ = [*path.stem.split("__"), "", ""]
    return f"Sample {samples.index(path) + 1}" + (f": {variant.replace('_', ' ')}" if variant else "")


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
    st.session_state.update(job=None, message=message, seek=(0, 0.0))


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
