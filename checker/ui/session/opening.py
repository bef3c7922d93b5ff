"""Which recording the page looks at: the one in its address, or one that is chosen from those that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from checker.care.change_words import listed_when
from checker.judging.analysis import Analysis
from checker.service import files
from checker.service import weeks as service
from checker.service.jobs import Job
from checker.service.measuring import jobs
from checker.service.reviewing import Film, Review, ReviewError, film_of, review_of_outcome, review_of_session
from checker.service.weeks import Weeks
from checker.service.work import Outcome
from checker.store import StoreError
from checker.ui import people, places
from checker.ui.clinic import here
from checker.ui.owners import owner
from checker.ui.plain import plain
from checker.ui.session import acting

SESSION, JOB = "session", "job"
"""Names in the address of the page, before an id."""

OPEN: Final = "open-review"
"""In the session: the review that is open."""

GONE: Final = "This recording is no longer here. Open one of those that are kept, or measure a video again."


@dataclass(frozen=True, slots=True)
class Held:
    """The review that is open.

    Attributes:
        key: id of the session or the job by which it was opened.
        analysis: of the job, which was looked at; None for a kept session.
        kept: id of the result that the session names.
    """

    key: str
    analysis: Analysis | None
    kept: UUID | None
    review: Review


def opened() -> Review | None:
    """Return the review that the address asks for; where it cannot be opened, say why and show those that are kept."""
    key = st.query_params.get(SESSION) or st.query_params.get(JOB) or ""
    held: Held | None = st.session_state.get(OPEN)
    analysis, kept = _ground(key)
    if held is not None and (held.key, held.kept) == (key, kept) and held.analysis is analysis:
        return _refreshed(held.review)
    if held is not None:
        _close(held.review)
    try:
        review = _open(key) if key else None
    except (ReviewError, StoreError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        review = None
    if review is None:
        _choose()
        return None
    st.session_state[OPEN] = Held(key, analysis, kept, review)
    return review


def _ground(key: str) -> tuple[Analysis | None, UUID | None]:
    """What a review stands on: another one once the recording was swapped or turned, or something was said of it."""
    found, weeks = outcome(), people.weeks()
    session_id = key if found is None else str(found.session_id)
    sessions = () if weeks is None else weeks.history.sessions
    kept = next((s.assessment_id for s in sessions if str(s.id) == session_id), None)
    return (None if found is None else found.analysis), kept


def current_job() -> Job | None:
    """Return the job in the address, where it is this browser's own and done."""
    job = jobs().get(st.query_params.get(JOB) or "")
    own = job is not None and job.owner == owner() and job.state == "done"
    return job if own else None


def outcome() -> Outcome | None:
    """Return what the job in the address found."""
    job = current_job()
    return None if job is None else job.result


def link(job: Job) -> None:
    """Show the way from a result to its review, to whom it is open."""
    if not here.may_review():
        return
    st.page_link(
        places.page("session"),
        label="Review and correct",
        icon=":material/edit_note:",
        query_params={JOB: job.id},
        width="content",
    )


def is_seen(review: Review) -> bool:
    """Return whether the machine's result was shown to this browser already."""
    return review.clip in st.session_state.get(people.SEEN, set())


def see(review: Review) -> None:
    """Note that the machine's result is shown."""
    st.session_state.setdefault(people.SEEN, set()).add(review.clip)


def _refreshed(review: Review) -> Review:
    try:
        review.refresh()
    except (ReviewError, StoreError) as error:
        st.error(plain(str(error)), icon=":material/error:")
    return review


def _close(review: Review) -> None:
    files.withdraw(review.token)
    st.session_state.pop(OPEN, None)
    for name in [k for k in st.session_state if str(k).startswith("rv-")]:
        del st.session_state[name]


def _open(key: str) -> Review | None:
    """Open a review; None where nobody is chosen yet whose it could be: who it is is asked first.

    Raises:
        ReviewError: it is not there, or cannot be reviewed.
        StoreError: it cannot be read.
    """
    found, weeks = outcome(), people.weeks()
    if found is not None and found.session_id is None:
        review = review_of_outcome(found, f"upload-{key[:12]}")
        see(review)  # the way here leads over the result
        return review
    if weeks is None:
        return None
    if found is None:
        return _of_session(weeks, key)
    review = _of_session(weeks, str(found.session_id), film_of(found))
    see(review)
    return review


def _of_session(weeks: Weeks, key: str, seen: Film | None = None) -> Review:
    session = next((s for s in weeks.history.sessions if str(s.id) == key), None)
    if session is None:
        raise ReviewError(GONE)
    exercise = weeks.exercise_of(session)
    if exercise is None:
        raise ReviewError(f"The movement {session.exercise} is no longer here, so nothing of it can be judged again.")
    return review_of_session(service.store(), session, exercise, seen)


def _choose() -> None:
    """Show the sessions that can be opened, the newest first."""
    weeks = people.somebody("Without a name nothing is kept, so there is no session to review.")
    if weeks is None:
        return
    people.show_name(weeks.person.name)
    st.title("Review a session", anchor=False)
    sessions = [s for s in weeks.history.sessions if s.assessment_id is not None and s.exercise in weeks.exercises]
    if not sessions:
        st.markdown("Nothing was measured yet. What is measured under this name can be looked at and corrected here.")
    else:
        acting.ask_blind()
    for session in reversed(sessions[-MOST:]):
        name = weeks.exercises[session.exercise].name
        told = " · corrected" if session.corrected_by else ""
        st.button(
            plain(f"{listed_when(session)} · {name}{told}"),
            key=f"open-{session.id}",
            type="tertiary",
            icon=":material/movie:" if session.video_kept else ":material/show_chart:",
            on_click=st.query_params.from_dict,
            args=({SESSION: str(session.id)},),
        )


MOST: Final = 30
"""So many sessions are listed: a month of one a day."""
