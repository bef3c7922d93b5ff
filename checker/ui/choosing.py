"""The first step of measuring: which movement, and which video."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from checker.assessment import Turn
from checker.dose import Dose
from checker.exercise import Exercise
from checker.service.jobs import Job, OnStage
from checker.service.measuring import measure
from checker.service.work import Outcome
from checker.ui import device, people, places, tryout
from checker.ui.dose import choose_dose
from checker.ui.first_pain import choose_how_far
from checker.ui.for_patient import mine
from checker.ui.owners import forget_upload
from checker.ui.pain import pain_scale
from checker.ui.plain import plain
from checker.ui.samples import sample_name, sample_videos
from checker.ui.shelf import drawing, read_shelf
from checker.ui.turning import choose_turn
from checker.ui.uploads import take
from checker.ui.words import POSITIONS, bullets, numbered
from checker.video.kinds import SUFFIXES, WORDS
from checker.video.reader import VideoError
from checker.words.values import LONGEST_VIDEO

TICK: Final = "mirrored-tick"
MINE: Final = "upload-mine"

KINDS: Final = {"self_test": "self-test", "exercise": "exercise"}


def show(session_owner: str, earlier: Job | None = None) -> None:
    """Ask for a movement and a video, and start measuring.

    Args:
        session_owner: whose the job will be.
        earlier: results that are still here; they give way to the next ones.
    """
    st.title("Measure a movement", anchor=False)
    message = st.session_state.pop("message", None)
    if message:
        st.error(plain(message), icon=":material/error:")
    if earlier is not None:
        _way_back(earlier)
    measured = [_as_judged(e.exercise) for e in read_shelf().entries if e.exercise.is_measured]
    if not measured:
        st.error("No movement that is measured could be read: see the page Movements.", icon=":material/error:")
        return
    choices, instructions = st.columns([2, 3], gap="large")
    with choices:
        st.header("1. Which movement?", anchor=False)
        exercise = choose_exercise(measured)
        if _is_mine():
            mine.show_of_movement(people.weeks(), exercise)
        dose = choose_dose(exercise)
        to_first_pain = choose_how_far(exercise, None)
        st.header("2. The video", anchor=False)
        _upload(exercise, dose, to_first_pain, session_owner)
        _sample(exercise, dose)
        st.caption(
            "The video stays on this computer. It is deleted when you close this page, unless you choose to keep it."
        )
    with instructions:
        show_instructions(exercise)


def _is_mine() -> bool:
    """Whether the video is of whoever was chosen, as the tick below says."""
    return bool(st.session_state.get(MINE, True))


def _as_judged(exercise: Exercise) -> Exercise:
    """The movement as it is for whoever was chosen, where the video is theirs."""
    return people.mine(exercise) if _is_mine() else exercise


def _way_back(earlier: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Your results of **{plain(earlier.result.exercise.name)}** are still here.", width="content")
        st.button("Back to them", on_click=lambda: st.session_state.update(choosing=False))


def ordered(exercises: list[Exercise]) -> list[Exercise]:
    """Return the exercises in order: self-tests first, then by position and name."""
    positions = list(POSITIONS)
    return sorted(exercises, key=lambda e: (e.kind != "self_test", positions.index(e.position), e.name))


def choose_exercise(exercises: list[Exercise]) -> Exercise:
    """Ask for an exercise and return it; the choice is the same on every page."""
    by_id = {e.id: e for e in ordered(exercises)}
    if st.session_state.get("exercise") not in by_id:  # its file may be gone since
        st.session_state["exercise"] = next(iter(by_id))
    chosen = st.selectbox(
        "Movement",
        by_id,
        format_func=lambda i: f"{by_id[i].name} · {KINDS[by_id[i].kind]}, {POSITIONS[by_id[i].position].lower()}",
        key="exercise",
        persist_state="session",
        required=True,
        filter_mode="contains",
        label_visibility="collapsed",
    )
    exercise = by_id[chosen]
    st.markdown(plain(exercise.summary))
    places.link("movement", exercise.id, "All about this movement", ":material/menu_book:")
    return exercise


def show_instructions(exercise: Exercise) -> None:
    """Show the picture, how to do it, how to film it, and when to stop."""
    st.html(drawing(exercise))
    doing, filming = st.columns(2, gap="medium")
    doing.markdown("**How to do it**\n\n" + numbered(exercise.steps))
    filming.markdown("**How to film it**\n" + bullets(exercise.camera))
    st.markdown("**Take care**\n" + bullets([*exercise.cautions, *exercise.stop]))


def _upload(exercise: Exercise, dose: Dose | None, to_first_pain: int, session_owner: str) -> None:
    number = st.session_state.setdefault("uploader", 0)  # a new one forgets the file before
    upload = st.file_uploader("Drop a video here, or choose one", type=SUFFIXES, key=f"upload-{number}")
    st.caption(f"Taken: {WORDS}, up to {LONGEST_VIDEO}.")
    turn_deg = choose_turn(f"turn-{number}")
    mirrored = _mirrored_tick()
    before = None
    if people.weeks() is not None and st.checkbox(
        "This is me: keep the result among my sessions", value=True, key=MINE
    ):
        before = pain_scale("How much did it hurt before it? (if you like)", f"upload-before-{number}")
    if people.nobody_said():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Nobody has said who they are: the result is not kept.", width="content")
            st.page_link(places.page("today"), label="Say who you are", width="content")
    if st.button("Measure this video", type="primary", disabled=upload is None) and upload is not None:
        if _start_upload(upload, exercise, dose, to_first_pain, session_owner, turn_deg, mirrored, before):
            st.session_state["uploader"] = number + 1
        st.rerun()


def _mirrored_tick() -> bool | None:
    """Ask whether the picture is a mirror image, which this browser remembers; return None where it is not ticked."""
    device.keep("uploads", ask=True)
    st.session_state[TICK] = device.recall("uploads")
    ticked = st.checkbox(
        "The picture is mirrored",
        key=TICK,
        on_change=lambda: device.remember("uploads", st.session_state[TICK]),
        help="As in a mirror: writing in it reads backwards, and left and right have changed places. Some phones "
        "and video programs store selfies so. It stays ticked on this device until you change it.",
    )
    return True if ticked else None


def _start_upload(
    upload: UploadedFile,
    exercise: Exercise,
    dose: Dose | None,
    to_first_pain: int,
    session_owner: str,
    turn_deg: Turn,
    mirrored: bool | None,
    pain_before: int | None,
) -> bool:
    """Copy the upload into the job's private folder under a name of our own; return whether it is measured."""
    suffix = Path(upload.name).suffix.lower().lstrip(".")
    name = f"recording.{suffix}" if suffix in SUFFIXES else "recording"

    weeks = people.weeks() if st.session_state.get(MINE) else None
    mine = weeks.begin(exercise, "upload", to_first_pain=to_first_pain > 0, at_once=False) if weeks else None

    def work(folder: Path, progress: OnStage) -> Outcome:
        try:
            return measure(
                folder / name,
                exercise,
                folder,
                progress,
                turn_deg=turn_deg,
                mirrored=mirrored,
                whose="uploads",
                dose=dose,
                to_first_pain=to_first_pain,
                pain_before=pain_before,
            )
        except VideoError as error:  # our own name for the file would puzzle
            told = str(error).replace(str(folder / name), name).replace(name, "This file")
            raise VideoError(told) from error

    def fill(folder: Path) -> None:
        take(upload, folder / name)
        forget_upload(upload)

    started = tryout.begin(session_owner, work, fill, mine)
    if started and weeks is not None and mine is not None and pain_before is not None:
        weeks.check_in("before", pain=pain_before, session_id=mine.session.id)
    return started


def _sample(exercise: Exercise, dose: Dose | None) -> None:
    samples = sample_videos(exercise)
    if not samples:
        return
    chosen = st.selectbox(
        "No video at hand? Take a sample",
        samples,
        format_func=lambda path: sample_name(path, samples),
        key=f"sample-{exercise.id}",
    )
    if st.button("Measure the sample"):
        tryout.start_sample(chosen, exercise, dose)
        st.rerun()
