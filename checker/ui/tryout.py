"""Ways to try a movement from its page: film it, take a sample, or do it with the timer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Final

import streamlit as st

from checker.dose import Dose
from checker.exercise import Exercise
from checker.service.diary import Diary, keeping
from checker.service.jobs import Job, Work
from checker.service.measuring import jobs, measure
from checker.ui import people, places
from checker.ui.owners import owner
from checker.ui.plain import plain
from checker.ui.samples import sample_name, sample_videos

DIARY: Final = "job_diary"
"""In the session: the id of the job, and what the person's session is written in that its video belongs to."""

NOT_BEGUN: Final = "The video could not be stored on this computer ({why}). Make room on its disk, and try again."


def show(exercise: Exercise, *, may: bool = True) -> None:
    """Show buttons for what this movement can be tried with.

    Args:
        exercise: the movement.
        may: whether it may be done now; a video of it may be measured all the same.
    """
    with st.container(key="try", gap="small"):
        if not exercise.is_measured:
            if may:
                with st.container(key="start"):
                    _timer_link(exercise, "Start", ":material/play_arrow:")
            return
        if may and st.button("Do it with the camera", type="primary", icon=":material/videocam:", width="stretch"):
            let_go_of_live()
            st.session_state.update(exercise=exercise.id)
            st.switch_page(places.page("camera"))
        _videos(exercise)
        if may:
            _timer_link(exercise, "Do it with a timer", ":material/timer:")


def _videos(exercise: Exercise) -> None:
    """Show what leads to a video that is there already: one's own, or a sample."""
    if st.button("Measure your own video", icon=":material/upload:", width="stretch"):
        st.session_state.update(exercise=exercise.id, choosing=True)
        st.switch_page(places.page("review"))
    samples = sample_videos(exercise)
    for path in samples:
        if st.button(f"Try it on {plain(sample_name(path, samples).lower())}", key=f"try-{path.stem}", width="stretch"):
            start_sample(path, exercise)
            st.switch_page(places.page("review"))


def start_sample(path: Path, exercise: Exercise, dose: Dose | None = None) -> None:
    """Measure a sample; none of them is mirrored."""
    begin(owner(), functools.partial(measure, path, exercise, mirrored=False, dose=dose))


def begin(
    session_owner: str, work: Work, fill: Callable[[Path], None] | None = None, diary: Diary | None = None
) -> bool:
    """Start a job and make it the one this session looks at; what it measured before is deleted.

    Where the disk has no room even for that, the page says so, and nothing is lost.

    Args:
        session_owner: whose job it is.
        work: what is done.
        fill: puts what the work needs into the job's folder.
        diary: of the person's session that the outcome is written into.

    Returns:
        Whether it was started.
    """
    try:
        job = jobs().start(session_owner, keeping(work, diary), fill)
    except OSError as error:
        st.session_state.update(message=NOT_BEGUN.format(why=error.strerror or error), choosing=True)
        return False
    earlier = st.session_state.get("job") or ""
    if earlier not in st.session_state.get(people.TRAY, {}):  # the tray keeps its own
        jobs().discard(earlier)
    st.session_state.update({"job": job.id, DIARY: (job.id, diary), "choosing": False, "seek": (0, 0.0)})
    return True


def _timer_link(exercise: Exercise, label: str, icon: str) -> None:
    places.link("timer", exercise.id, label, icon, wide=True)


def diary_of(job: Job) -> Diary | None:
    """What the session is written in that a job's video belongs to; None where it belongs to none."""
    job_id, diary = st.session_state.get(DIARY) or (None, None)
    return diary if job_id == job.id else None


def let_go_of_live() -> None:
    """Forget the last session before the camera: its results, if they were not kept, are deleted."""
    jobs().discard(st.session_state.get("live_job") or "")
    st.session_state.update(live=None, live_job=None)
