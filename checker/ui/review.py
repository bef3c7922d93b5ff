"""The page "Upload and review": choose a movement, hand in a video, see what was measured."""

from __future__ import annotations

from typing import Final

import streamlit as st

from checker.service import desk
from checker.service.diary import Diary
from checker.service.jobs import Job
from checker.service.measuring import jobs
from checker.service.work import Outcome
from checker.ui import choosing, ending, keeping, people, places, results, swap, tray_page, tryout, turning, waiting
from checker.ui.owners import owner
from checker.ui.pain import pain_scale
from checker.ui.plain import plain
from checker.ui.session import opening

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
    elif job is not None and swap.is_under_way(job):
        swap.wait(job)
    elif job is not None and not job.finished:
        _waiting_page(job)
    else:
        if job is not None:
            _forget(job, job.message)
        elif job_id is not None:
            st.session_state.update(job=None, message=GONE)
        choosing.show(session_owner)
        _way_to_desk()


def _way_to_desk() -> None:
    """Who reviews others finds the desk here; with one person on the computer there is nothing to rank."""
    if people.several():
        st.page_link(places.page("desk"), label="Everybody on this computer: the desk", icon=":material/groups:")
        st.page_link(places.page("tray"), label="Several videos at once", icon=":material/video_library:")
        if not st.session_state.get("desk-prepared"):  # once: it looks at everybody
            st.session_state["desk-prepared"] = True
            desk.prepare()


# --- waiting ------------------------------------------------------------------------------------


def _waiting_page(job: Job) -> None:
    st.title("Measuring your video", anchor=False)
    waiting.show(job.id)
    if st.button("Cancel"):
        _forget(job, "Cancelled. The video was deleted.")
        st.rerun()


def _forget(job: Job, message: str | None) -> None:
    if not tray_page.holds(job.id):
        jobs().discard(job.id)
    st.session_state.update(job=None, message=message, seek=(0, 0.0), choosing=False)


# --- results ------------------------------------------------------------------------------------


def _results(job: Job) -> None:
    outcome: Outcome = job.result
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(plain(outcome.exercise.name), anchor=False, width="content")
        another = st.button("Measure another video")
    if another:
        _forget(job, None)
        st.rerun()
    opening.link(job)
    diary, weeks = tryout.diary_of(job), people.weeks()
    mine = diary if diary and weeks and diary.session.person_id == weeks.person.id else None
    if mine is not None:
        _mine(mine, job, outcome)
    if tray_page.holds(job.id):  # whose clip stays where the tray has it
        results.show(job, outcome, diary=diary)
    else:
        results.show(job, outcome, lambda: turning.offer(job, outcome, owner(), diary), diary=diary)
    keeping.show(job, outcome, in_sessions=mine is not None and not mine.problem)


def _mine(diary: Diary, job: Job, outcome: Outcome) -> None:
    """Say that it is among the person's sessions, and ask what belongs to it."""
    key = job.id[:8]
    with st.container(key="mine", gap="small"):
        after = pain_scale("How much did it hurt after it?", f"upload-after-{key}", stays=True)
        ending.tell(job, outcome, diary, after, key)
        ending.show(diary, after, key)
        if not diary.problem:
            st.markdown(":material/check: This is among your sessions now.")
            st.page_link(places.page("progress"), label="My progress", icon=":material/show_chart:")
