"""Ways to try a movement from its page: film it, take a sample, or do it with the timer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Final

import streamlit as st

from checker.dose import Dose
from checker.exercise import Exercise
from checker.service.jobs import Work
from checker.service.measuring import jobs, measure
from checker.ui import places
from checker.ui.owners import owner
from checker.ui.plain import plain
from checker.ui.samples import sample_name, sample_videos

NOT_BEGUN: Final = "The video could not be stored on this computer ({why}). Make room on its disk, and try again."


def show(exercise: Exercise) -> None:
    """Show buttons for what this movement can be tried with."""
    with st.container(key="try", gap="small"):
        if not exercise.is_measured:
            with st.container(key="start"):
                _timer_link(exercise, "Start", ":material/play_arrow:")
            return
        if st.button("Do it with the camera", type="primary", icon=":material/videocam:", width="stretch"):
            jobs().discard(st.session_state.get("live_job") or "")  # results that were not kept
            st.session_state.update(exercise=exercise.id, live=None, live_job=None)
            st.switch_page(places.page("camera"))
        if st.button("Measure your own video", icon=":material/upload:", width="stretch"):
            st.session_state.update(exercise=exercise.id, choosing=True)
            st.switch_page(places.page("review"))
        samples = sample_videos(exercise)
        for path in samples:
            if st.button(
                f"Try it on {plain(sample_name(path, samples).lower())}", key=f"try-{path.stem}", width="stretch"
            ):
                start_sample(path, exercise)
                st.switch_page(places.page("review"))
        _timer_link(exercise, "Do it with a timer", ":material/timer:")


def start_sample(path: Path, exercise: Exercise, dose: Dose | None = None) -> None:
    """Measure a sample; none of them is mirrored."""
    begin(owner(), functools.partial(measure, path, exercise, mirrored=False, dose=dose))


def begin(session_owner: str, work: Work, fill: Callable[[Path], None] | None = None) -> bool:
    """Start a job and make it the one this session looks at; what it measured before is deleted.

    Where the disk has no room even for that, the page says so, and nothing is lost.

    Returns:
        Whether it was started.
    """
    try:
        job = jobs().start(session_owner, work, fill)
    except OSError as error:
        st.session_state.update(message=NOT_BEGUN.format(why=error.strerror or error), choosing=True)
        return False
    jobs().discard(st.session_state.get("job") or "")
    st.session_state.update(job=job.id, choosing=False, seek=(0, 0.0))
    return True


def _timer_link(exercise: Exercise, label: str, icon: str) -> None:
    places.link("timer", exercise.id, label, icon, wide=True)
