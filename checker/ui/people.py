"""Who sits before the page: a name is chosen or added; nobody's data shows under another's name.

There is no password on one's own computer. Without a name everything can be used, and nothing is kept. In a clinic
the login says who it is: a patient sees their own weeks alone, and no list of names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

import streamlit as st

from checker.care.records import Person
from checker.exercise import Exercise
from checker.service import everybody as service
from checker.service.everybody import LONGEST_NAME
from checker.service.files import withdraw_of
from checker.service.measuring import jobs
from checker.service.weeks import Weeks
from checker.store import StoreError
from checker.ui import places
from checker.ui.clinic import here
from checker.ui.plain import plain
from checker.ui.top import screen

PERSON, GUEST = "person", "guest"
FROM_DESK = "from_desk"
"""In the session: somebody came to a person from the desk, and may go back."""

REVIEWER: Final = "reviewer-name"
"""In the session: the name of who reviews. It stays from one patient to the next of the desk."""

TRAY: Final = "tray"
"""In the session: the videos of the page "Several videos", by the ids of their jobs."""

SEEN: Final = "reviews-seen"
"""In the session: of which recordings the machine's result was shown already. A blind look comes before that."""

_READ: Final[ContextVar[dict[str, Weeks] | None]] = ContextVar("read", default=None)
"""What was read in this run of a page, by the person's id."""


@contextmanager
def one_run() -> Iterator[Weeks | None]:
    """Within it, a person's weeks are read from the store once, and `weeks` gives the same to all; None for nobody.

    It is one run of a page, from its beginning to its end: the next one reads anew what others wrote meanwhile.
    """
    token = _READ.set({})
    try:
        yield weeks()
    finally:
        _READ.reset(token)


def weeks() -> Weeks | None:
    """Return the weeks of whoever was chosen; None where nobody was, or the store cannot be read.

    Somebody who is alone on this computer need not be chosen. In a clinic a patient is chosen by the login, and a
    physio chooses.
    """
    mine = here.account()
    read = _READ.get()
    read = {} if read is None else read
    if mine is not None and mine.role == "patient":
        return _weeks_of(mine.person_id, read)
    if st.session_state.get(GUEST):
        return None
    if (known := read.get(st.session_state.get(PERSON, ""))) is not None:
        return known
    try:
        everybody = service.people()
        chosen = st.session_state.get(PERSON)
        if chosen is None and len(everybody) == 1 and mine is None:
            chosen = str(everybody[0].id)
        if chosen not in {str(person.id) for person in everybody}:
            st.session_state[PERSON] = ""  # not chosen, nor chosen by itself again
            return None
        st.session_state[PERSON] = chosen
        read[chosen] = Weeks(UUID(chosen))
        return read[chosen]
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def mine(exercise: Exercise) -> Exercise:
    """Return a movement as it is for whoever was chosen, with what a physio has set for them."""
    found = weeks()
    return exercise if found is None else found.exercises.get(exercise.id, exercise)


def _weeks_of(person_id: UUID | None, read: dict[str, Weeks]) -> Weeks | None:
    if person_id is None or str(person_id) in read:
        return read.get(str(person_id))
    try:
        read[str(person_id)] = Weeks(person_id)
        return read[str(person_id)]
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def ask() -> None:
    """Ask who it is: the names that there are, and a new one. A clinic's patient is never shown them."""
    if here.is_patient():
        return
    in_clinic = here.is_clinic()
    try:
        everybody = service.people()
    except StoreError:  # `weeks` has said so
        everybody = ()
    with screen("ask"):
        _ask(everybody, in_clinic)


def _ask(everybody: tuple[Person, ...], in_clinic: bool) -> None:
    title = "Whose weeks?" if in_clinic else "Who is here?" if everybody else "Hello"
    st.title(title, anchor=False)
    if in_clinic:
        here.show_way_out()
    elif not everybody:
        st.html('<p class="bc-lead">BackCheck helps you through a back spasm, day by day. It all stays here.</p>')
    for person in everybody:
        st.button(plain(person.name), key=f"person-{person.id}", width="stretch", on_click=_choose, args=(person,))
    with st.form("new-person", border=bool(everybody)):
        name = st.text_input(
            "Somebody new" if everybody or in_clinic else "What may I call you?",
            max_chars=LONGEST_NAME,
            placeholder="A nickname will do",
        )
        if st.form_submit_button("Add" if everybody or in_clinic else "Begin", type="primary", width="stretch"):
            _add(name)
    if not in_clinic:
        st.button("Only look around: nothing is kept", type="tertiary", on_click=_be_guest)


def somebody(why: str) -> Weeks | None:
    """Return the weeks of whoever was chosen, or ask who it is.

    Args:
        why: for what a name is needed, to those who look around without one.
    """
    found = weeks()
    if found is None and st.session_state.get(GUEST):
        show_guest(why)
    elif found is None:
        ask()
    return found


def show_guest(why: str) -> None:
    """Show to somebody without a name what they can do here, and the way to a name."""
    with screen("guest"):
        st.title("Nothing is kept", anchor=False)
        st.markdown(plain(why))
        st.button("Choose a name", type="primary", on_click=leave)


def show_name(name: str) -> None:
    """Show who it is, with the way to what is kept, and to be somebody else, or in a clinic to sign out."""
    with st.container(horizontal=True, vertical_alignment="center", key="who"):
        st.markdown(plain(name), width="content")
        if st.session_state.get(FROM_DESK):
            st.page_link(places.page("desk"), label="Back to the desk", width="content")
            if not here.is_clinic():  # there it stands in the navigation
                st.page_link(places.page("patient"), label="For this patient", width="content")
            st.page_link(places.page("days"), label="Planned and done", width="content")
        st.page_link(places.page("data"), label="Your data", width="content")
        if not here.is_patient():
            st.button("Somebody else", type="tertiary", on_click=leave)
        if here.is_clinic():
            here.show_way_out()


def leave() -> None:
    """Let somebody else choose a name."""
    _forget()
    st.session_state[PERSON] = ""


def choose_from_desk(person: Person) -> None:
    """Be the person whose line or video was opened; the way back stays, and so does what is the reviewer's own."""
    _forget(reviews=True)
    st.session_state[PERSON] = str(person.id)
    st.session_state[FROM_DESK] = True


def several() -> bool:
    """Whether there are others to review; False for a clinic's patient, and where the store cannot be read."""
    if here.is_patient():
        return False
    try:
        return len(service.people()) > 1
    except StoreError:  # every page says so
        return False


def nobody_said() -> bool:
    """Whether there are names here and nobody has said which is theirs, nor that they only look around.

    A page that was loaded anew does not know it any more. A clinic's logins do.
    """
    if here.is_clinic() or st.session_state.get(GUEST) or weeks() is not None:
        return False
    try:
        return bool(service.people())
    except StoreError:  # every page says so
        return False


def _choose(person: Person) -> None:
    _forget()
    st.session_state[PERSON] = str(person.id)


def _add(name: str) -> None:
    try:
        _choose(service.add_person(name))
    except (ValueError, StoreError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.rerun()


def _be_guest() -> None:
    _forget()
    st.session_state[GUEST] = True


def _forget(*, reviews: bool = False) -> None:
    """Nothing that one person typed, chose or measured is there for the next.

    Args:
        reviews: somebody goes on to review the next one: what is no patient's stays, their name and the tray.
    """
    kept = {"owner", SEEN, REVIEWER} if reviews else {"owner", SEEN}
    of_tray = [key for key in st.session_state if str(key).startswith(TRAY)] if reviews else []
    films = st.session_state.get(TRAY, {})
    for job_id in {st.session_state.get("job"), st.session_state.get("live_job"), *films}:
        if job_id and not (reviews and job_id in films):
            jobs().discard(job_id)
    withdraw_of(st.session_state.get("owner", ""))
    for key in [k for k in st.session_state if k not in kept and k not in of_tray]:
        del st.session_state[key]
