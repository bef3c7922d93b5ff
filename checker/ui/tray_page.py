"""The page "Several videos": hand in many files at once, agree with the movements that were guessed, see the results.

Each video is a job of its own: one that cannot be read shows its line, and stops nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from checker.assessment import Measure
from checker.care.records import Person
from checker.exercise import Exercise
from checker.service import everybody, tray
from checker.service import weeks as service
from checker.service.diary import Diary
from checker.service.jobs import Job, OnStage
from checker.service.measuring import jobs
from checker.service.tray import Looked
from checker.service.uploads import MOST_OF_ONE
from checker.service.work import Outcome
from checker.store import StoreError
from checker.ui import people, places
from checker.ui.choosing import ordered
from checker.ui.clinic import here
from checker.ui.owners import forget_upload, owner
from checker.ui.people import TRAY
from checker.ui.plain import plain
from checker.ui.shelf import read_shelf
from checker.ui.tryout import DIARY, NOT_BEGUN
from checker.ui.uploads import take
from checker.video.kinds import SUFFIXES, WORDS
from checker.video.reader import VideoError
from checker.words.values import counted, listed, number, plus_minus

REFRESH_S: Final = 1.0
REMOVES: Final = "Deletes the video from this list. What was kept of it among the sessions stays."
NOBODY_ID: Final = ""
FULL: Final = "Expected at most {most} videos in this list, so there was room for {room} of the {came} that came. \
Remove some below, and hand in the others again."
UNKNOWN: Final = "It was not recognised. Choose the movement."


@dataclass
class Filmed:
    """One video of the tray.

    Attributes:
        name: of the file, as the browser says.
        looked: what was seen in it; None as long as it is looked at.
        diary: what the session is written in as which its result was kept; None where it was not.
        measured_as: by which movement, for whom and of which day it was measured.
        problem: why its result could not be kept.
    """

    name: str
    looked: Looked | None = None
    diary: Diary | None = None
    measured_as: tuple[str, UUID | None, date] | None = None
    problem: str = ""


def page() -> None:
    """Show the tray."""
    session_owner = owner()
    with st.container(key="tray"):
        st.title("Several videos", anchor=False)
        measured = {e.id: e for e in ordered([s.exercise for s in read_shelf().entries if s.exercise.is_measured])}
        _hand_in(session_owner, list(measured.values()))
        _rows(measured)


def holds(job_id: str) -> bool:
    """Whether a job is one of the tray: its result stays when another page is done with it."""
    return job_id in st.session_state.get(TRAY, {})


# --- handing in -----------------------------------------------------------------------------------


def _hand_in(session_owner: str, exercises: list[Exercise]) -> None:
    number_of_form = st.session_state.setdefault("tray-form", 0)  # a new one forgets the files before
    uploads = st.file_uploader(
        f"Drop up to {MOST_OF_ONE} videos here, or choose them",
        type=SUFFIXES,
        accept_multiple_files=True,
        key=f"tray-upload-{number_of_form}",
    )
    st.caption(f"Taken: {WORDS}. They stay on this computer, and are deleted when you close this page.")
    message = st.session_state.pop("tray-message", None)
    if message:
        st.error(plain(message), icon=":material/error:")
    if st.button("Look at them", type="primary", disabled=not uploads) and uploads:
        room = MOST_OF_ONE - len(st.session_state.get(TRAY, {}))
        if len(uploads) > room:
            st.session_state["tray-message"] = FULL.format(most=MOST_OF_ONE, room=room, came=len(uploads))
        for upload in uploads[:room]:
            _begin(upload, session_owner, exercises)
        st.session_state["tray-form"] = number_of_form + 1
        st.rerun()


def _begin(upload: UploadedFile, session_owner: str, exercises: list[Exercise]) -> None:
    """Start to look at one file, under a name of our own."""
    suffix = Path(upload.name).suffix.lower().lstrip(".")
    name = f"recording.{suffix}" if suffix in SUFFIXES else "recording"

    def work(folder: Path, progress: OnStage) -> Looked:
        return _own_name(folder / name, functools.partial(tray.look, folder / name, exercises, progress))

    def fill(folder: Path) -> None:
        take(upload, folder / name)
        forget_upload(upload)

    try:
        job = jobs().start(session_owner, work, fill)
    except OSError as error:
        st.session_state["tray-message"] = NOT_BEGUN.format(why=error.strerror or error)
        return
    st.session_state.setdefault(TRAY, {})[job.id] = Filmed(upload.name)


def _own_name(path: Path, work: functools.partial[Looked]) -> Looked:
    try:
        return work()
    except VideoError as error:  # our own name for the file would puzzle
        raise VideoError(str(error).replace(str(path), path.name).replace(path.name, "This file")) from error


# --- the list -------------------------------------------------------------------------------------


def _rows(measured: dict[str, Exercise]) -> None:
    films: dict[str, Filmed] = st.session_state.get(TRAY, {})
    found = {job_id: job for job_id in films if (job := jobs().get(job_id)) is not None}
    for gone in [job_id for job_id in films if job_id not in found]:
        del films[gone]
    if not found:
        return
    for job_id, job in found.items():
        if isinstance(job.result, Looked):
            films[job_id].looked = job.result
    everybody = _people()
    if any(not job.finished for job in found.values()):
        _under_way(list(found))
    for job_id, job in found.items():
        _row(films[job_id], job, measured, everybody)
    _measure_all(films, found, measured)


@st.fragment(run_every=REFRESH_S)
def _under_way(job_ids: list[str]) -> None:
    """Show how far all of them are; run the page again when one of them is done."""
    found = [job for job_id in job_ids if (job := jobs().get(job_id)) is not None]
    left = [job for job in found if not job.finished]
    if len(left) != st.session_state.get("tray-left", len(left)):
        st.session_state["tray-left"] = len(left)
        st.rerun()
    st.session_state["tray-left"] = len(left)
    running = next((job for job in left if job.state == "running"), None)
    share = (len(found) - len(left) + sum(job.fraction for job in left)) / max(len(found), 1)
    stage = f" · {running.stage}" if running is not None and running.stage else ""
    st.progress(share, text=f"{len(found) - len(left)} of {counted(len(found), 'video')} done{stage}")


def _people() -> Sequence[Person]:
    try:
        return sorted(everybody.people(), key=lambda person: person.name.casefold())
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return ()


def _row(film: Filmed, job: Job, measured: dict[str, Exercise], everybody: Sequence[Person]) -> None:
    with st.container(key=f"tray-row-{job.id}", border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(film.name)}**")
            if st.button("Remove", key=f"tray-remove-{job.id}", type="tertiary", help=REMOVES):
                _remove(job)
        if job.state == "failed":
            st.markdown(f":material/error: {plain(job.message or '')}")
            return
        if film.looked is None:
            st.caption("Waiting in line" if job.state == "queued" else "Being looked at")
            return
        st.markdown(_guess_words(film.looked, measured))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _choices(film.looked, job, measured, everybody)
        if isinstance(job.result, Outcome):
            _result(film, job, job.result, everybody)
        elif job.message is not None:  # it was looked at, and could not be measured
            st.error(plain(job.message), icon=":material/error:")


def _remove(job: Job) -> None:
    """Delete a film from the list, and stop what is done with it; a session that was kept of it stays."""
    del st.session_state[TRAY][job.id]
    jobs().discard(job.id)
    st.rerun()


def _guess_words(looked: Looked, measured: dict[str, Exercise]) -> str:
    """What it looks like: one movement, or those that cannot be told apart."""
    names = [plain(measured[name].name) for name in looked.alike if name in measured]
    if not names:
        return UNKNOWN
    if len(names) == 1:
        return f"It looks like: {names[0]}."
    return f"Not sure: {listed(names[:-1])} or {names[-1]}."


def _choices(looked: Looked, job: Job, measured: dict[str, Exercise], everybody: Sequence[Person]) -> None:
    """Ask for the movement, whose video it is, and when it was filmed."""
    order = [*(i for i in looked.ranking if i in measured), *(i for i in measured if i not in looked.ranking)]
    st.selectbox(
        "Movement",
        order,
        format_func=lambda i: measured[i].name,
        key=f"tray-movement-{job.id}",
        persist_state="session",
    )
    names = {NOBODY_ID: "Nobody: keep nothing", **{str(p.id): p.name for p in everybody}}
    st.selectbox("Whose", names, format_func=names.__getitem__, key=f"tray-person-{job.id}", persist_state="session")
    today = service.today_here()
    filmed = looked.filmed_on or today
    st.date_input("Filmed on", filmed, max_value=max(today, filmed), key=f"tray-day-{job.id}", persist_state="session")


def _result(film: Filmed, job: Job, outcome: Outcome, everybody: Sequence[Person]) -> None:
    """Show what was measured in one line, with the way to all of it."""
    st.markdown(f"**{plain(outcome.exercise.name)}**: {plain(_summary(outcome))}")
    if job.message is not None:  # of a second judgement that failed
        st.error(plain(job.message), icon=":material/error:")
    if film.problem:
        st.error(plain(film.problem), icon=":material/error:")
    elif film.diary is not None:
        st.caption("Kept among the sessions.")
    if st.button("See the result", key=f"tray-open-{job.id}"):
        whose = film.diary.session.person_id if film.diary is not None else None
        for person in everybody:
            if person.id == whose:  # what is corrected of it is corrected of their session
                people.choose_from_desk(person)
        st.session_state.update({"job": job.id, DIARY: (job.id, film.diary), "choosing": False, "seek": (0, 0.0)})
        st.switch_page(places.page("review"))


def _summary(outcome: Outcome) -> str:
    """The values with their uncertainty, or why there is none."""
    assessment = outcome.analysis.assessment
    values = [_value_words(m) for m in assessment.measures if m.value is not None]
    if values:
        return "; ".join(values)
    return assessment.warnings[0] if assessment.warnings else "nothing was measured"


def _value_words(measure: Measure) -> str:
    """One value: "Side bend, left 28° ±3°"; its band where degrees would promise too much."""
    side = f", {measure.side}" if measure.side else ""
    value = f"{number(measure.value or 0.0, measure.unit, measure.uncertainty)} {plus_minus(measure)}".strip()
    return f"{measure.name}{side} {measure.band or value}"


# --- measuring ------------------------------------------------------------------------------------


def _measure_all(films: dict[str, Filmed], found: dict[str, Job], measured: dict[str, Exercise]) -> None:
    """Offer to measure all that was looked at, and those whose movement or person was changed since."""
    ready = [job for job_id, job in found.items() if job.state == "done" and films[job_id].looked is not None]
    if ready and st.button("Measure them", type="primary"):
        for job in ready:
            chosen, (person_id, day) = measured[st.session_state[f"tray-movement-{job.id}"]], _whose(job)
            if isinstance(job.result, Outcome) and films[job.id].measured_as == (chosen.id, person_id, day):
                continue
            film = films[job.id]
            assert film.looked is not None
            try:
                chosen = tray.for_person(person_id, film.looked, chosen, day)
                if person_id is not None:
                    here.note("changed", f"a session of {day:%Y-%m-%d} from a video", person_id)
            except StoreError as error:
                film.problem = str(error)
                continue
            jobs().again(job, functools.partial(_measured, film, chosen, person_id, day), quick=False)
        st.rerun()


def _whose(job: Job) -> tuple[UUID | None, date]:
    person = st.session_state[f"tray-person-{job.id}"]
    return (UUID(person) if person else None), st.session_state[f"tray-day-{job.id}"]


def _measured(
    film: Filmed, exercise: Exercise, person_id: UUID | None, day: date, folder: Path, progress: OnStage
) -> Outcome:
    """Measure one video, and keep its result in the place of the one that was kept of it."""
    assert film.looked is not None
    outcome = tray.measure(film.looked, exercise, folder, progress, day)
    film.problem, before = "", film.diary
    try:
        film.diary = tray.keep(person_id, film.looked, outcome, day) if person_id is not None else None
        if before is not None:
            tray.forget(before.session.person_id, before.session.id)
    except StoreError as error:
        film.problem = str(error)
    film.measured_as = (exercise.id, person_id, day)
    return replace(outcome, session_id=film.diary.session.id if film.diary is not None else None)
