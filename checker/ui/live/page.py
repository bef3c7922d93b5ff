"""The page "Camera": choose a movement, be led through it, see what was measured."""

from __future__ import annotations

import functools
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from checker.dose import Dose
from checker.exercise import Exercise
from checker.live.to_first_pain import in_short
from checker.pose.bundle import ModelError, ModelFile, ensure_model
from checker.safety import GO_EASY_AT, advice_after
from checker.service.diary import Diary
from checker.service.jobs import Job
from checker.service.live.registry import NotJudgedError, TooManySessionsError, registry
from checker.service.measuring import jobs
from checker.service.work import Outcome
from checker.ui import (
    choosing,
    ending,
    guard,
    keeping,
    my_result,
    people,
    places,
    repeating,
    results,
    stopping,
    swap,
    waiting,
)
from checker.ui.dose import choose_dose
from checker.ui.first_pain import choose_how_far
from checker.ui.for_patient import mine
from checker.ui.live.browser import camera
from checker.ui.live.movement import movement_words
from checker.ui.owners import owner
from checker.ui.pain import pain_scale, show_advice
from checker.ui.plain import plain
from checker.ui.shelf import read_shelf
from checker.ui.today import plan
from checker.ui.words import bullets
from checker.words.camera_place import TITLE, small_room
from checker.words.rules import dose_words

GONE: Final = "These results were deleted, because the page was away for a while."
CANCELLED: Final = "Cancelled. Nothing of it was kept."
CANCELLED_KEPT: Final = "Cancelled. That you did it is written down."
LOST: Final = "Nothing of it was kept. You can begin anew below."
LOST_BY_NAME: Final = "Your data has that it was begun. You can begin anew below."
"""What is said of a session that ended before its results were there; the second one to somebody with a name."""

NO_RESULTS: Final = "That session has ended: nobody was connected to it for a while. Nothing of it was kept."


def page() -> None:
    """Show the step this session is at."""
    session_owner = owner()
    if (why := st.session_state.pop("live_stopped", None)) is not None:
        stopping.lead_on(people.weeks(), why)
    token, job_id = st.session_state.get("live"), st.session_state.get("live_job")
    seat = registry().find(token)
    if token is not None and seat is not None and seat.job_id is not None:  # the page was left before it heard so
        _finished(token)
        job_id = seat.job_id
    job = jobs().get(job_id)
    if job is not None:
        _after(job)
    elif token is not None and registry().find(token) is not None:
        _under_way(token)
    else:
        if job_id is not None:
            st.session_state.update(live_job=None, live_message=GONE)
        elif token is not None:
            st.session_state.update(live=None, live_message=NO_RESULTS)
        _before(session_owner)


# --- before -------------------------------------------------------------------------------------


def _before(session_owner: str) -> None:
    st.title("Do it with the camera", anchor=False)
    message = st.session_state.pop("live_message", None)
    if message:
        st.error(plain(message), icon=":material/error:")
    measured = [people.mine(e.exercise) for e in read_shelf().entries if e.exercise.is_measured]
    if not measured:
        st.error("No movement that is measured could be read: see the page Movements.", icon=":material/error:")
        return
    asked = places.asked_for()
    if asked and st.session_state.get("live_asked") != asked:  # once: what is chosen later holds
        st.session_state.update(live_asked=asked, exercise=asked)
    choices, words = st.columns([2, 3], gap="large")
    with choices:
        st.header("1. Which movement?", anchor=False)
        exercise = choosing.choose_exercise(measured)
        dose = choose_dose(exercise)
        if dose is not None:
            st.markdown(f"**How much:** {plain(dose_words(dose))}")
        weeks = people.weeks()
        mine.show_of_movement(weeks, exercise)
        to_first_pain = choose_how_far(exercise, weeks)
        st.header("2. How do you feel?", anchor=False)
        stopping.buttons(weeks, "live")
        may = not stopping.stands(weeks) and guard.lets_do(weeks, exercise)
        before, lets = guard.ask_pain(weeks, exercise, "live-before")
        st.session_state["live_told"] = before
        st.header("3. The camera", anchor=False)
        keep_video = st.checkbox(
            "Also keep a video of me until I close this page",
            help="Off: no picture is stored anywhere. On: you can watch and save the video afterwards.",
        )
        with st.expander(TITLE, icon=":material/laptop_windows:"):
            st.markdown(bullets(small_room(exercise)))
        status = st.empty()
        if st.button(
            "Open the camera",
            type="primary",
            icon=":material/videocam:",
            width="stretch",
            disabled=not (may and lets),
        ) or (st.session_state.pop("begin_now", None) == exercise.id and may and lets):
            _begin(session_owner, exercise, dose, keep_video, to_first_pain, status)
        st.caption("The pictures go from the browser to this computer's own checker, and nowhere else.")
        lost = LOST if weeks is None else LOST_BY_NAME
        camera(None, {"lost": lost}, finished=_nothing, again=_nothing, key="camera-waiting")
    with words:
        choosing.show_instructions(exercise)


def _begin(
    session_owner: str,
    exercise: Exercise,
    dose: Dose | None,
    keep_video: bool,
    to_first_pain: int,
    status: DeltaGenerator,
) -> None:
    """Start a session, and show it."""
    before = st.session_state.get("live_told")
    in_pain = before is not None and before >= GO_EASY_AT
    try:
        with status.status("Getting ready", expanded=False):
            model = _model(status)
        furthest = not in_pain and plan.goes_furthest(people.weeks(), exercise)
        session = registry().start(session_owner, exercise, model, dose, keep_video, to_first_pain, furthest)
    except (ModelError, TooManySessionsError) as error:
        status.error(plain(str(error)), icon=":material/error:")
        return
    session.pain_before = before
    weeks = people.weeks()
    if weeks is not None:
        first = repeating.repeats(weeks, exercise.id, to_first_pain=to_first_pain > 0)
        session.diary = weeks.begin(exercise, "live", to_first_pain=to_first_pain > 0, repeat_of=first)
        guard.keep_pain(weeks, before, session.diary)
    words = movement_words(exercise, session.dose)
    words["protocol"] = in_short(exercise, furthest=not in_pain) if to_first_pain else None
    words["asksHand"] &= not in_pain  # nothing more is asked of somebody in pain
    st.session_state.update(
        live=session.token,
        live_job=None,
        live_movement=words,
        live_before=before,
        live_diary=session.diary,
        live_number=st.session_state.get("live_number", 0) + 1,
    )
    st.rerun()


def _model(status: DeltaGenerator) -> ModelFile:
    def show_progress(what: str, done: int, total: int | None) -> None:
        size = f" ({done / 1e6:.0f} of {total / 1e6:.0f} MB)" if total else ""
        status.info(f"Only this once: {what}{size}")

    return ensure_model(progress=show_progress)


def _nothing() -> None:
    """Before a session there is nothing to finish."""


# --- under way ----------------------------------------------------------------------------------


def _under_way(token: str) -> None:
    camera(
        token,
        st.session_state["live_movement"],
        finished=functools.partial(_finished, token),
        again=functools.partial(_again, token),
        key=f"camera-{st.session_state['live_number']}",
    )


def _finished(token: str) -> None:
    """The session is over: the work on its results has begun, or begins now where the connection was lost."""
    seat = registry().find(token)
    stopped_for = seat.session.stopped_for if seat is not None else None
    try:
        job_id = registry().conclude(token)
        message = None if job_id else NO_RESULTS
    except NotJudgedError as error:
        job_id, message = None, str(error)
    message = None if stopped_for else message  # what to do now is said in its place
    st.session_state.update(live=None, live_job=job_id, live_message=message, live_stopped=stopped_for)
    registry().end(token)


def _again(token: str) -> None:
    registry().end(token)
    st.session_state.update(live=None, live_job=None)


# --- after --------------------------------------------------------------------------------------


def _after(job: Job) -> None:
    if swap.is_under_way(job):
        swap.wait(job)
    elif not job.finished:
        st.title("Looking at the whole of it", anchor=False)
        waiting.show(job.id)
        if st.button("Cancel"):
            _discard(job, CANCELLED_KEPT if st.session_state.get("live_diary") else CANCELLED)
            st.rerun()
    elif job.state == "done":
        _results(job)
    else:
        _discard(job, job.message)
        st.rerun()


def _results(job: Job) -> None:
    outcome: Outcome = job.result
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(plain(outcome.exercise.name), anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            if keeping.kept_in(job) is not None or st.session_state.get("live_diary") is not None:
                again = st.button("Do another", icon=":material/videocam:")
            else:
                keeping.keep_button(job, outcome, "above")
                again = st.button("Discard and do another", icon=":material/delete:")
    if again:
        _discard(job, None)
        st.rerun()
    if people.weeks() is None:
        stopping.stands(None)
    after = pain_scale("How much does it hurt now, after it?", f"live-after-{job.id[:8]}", stays=True)
    if after is not None:
        show_advice(advice_after(st.session_state.get("live_before"), after))
    diary, weeks = st.session_state.get("live_diary"), people.weeks()
    if diary is None or weeks is None:
        ending.tell(job, outcome, None, after, job.id[:8])
        _everything(job, outcome, None)
        return
    more = functools.partial(_everything, job, outcome, diary)
    my_result.show(weeks, diary, job, outcome, after, job.id[:8], more)


def _everything(job: Job, outcome: Outcome, diary: Diary | None) -> None:
    results.show(job, outcome, diary=diary)
    keeping.show(job, outcome, in_sessions=diary is not None and not diary.problem)


def _discard(job: Job, message: str | None) -> None:
    jobs().discard(job.id)
    st.session_state.update(live_job=None, live_message=message, seek=(0, 0.0))
