"""Who sits before a page of a clinic, and what they do there. Without a clinic it is nobody, and nothing is noted."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from checker.service.clinic.belongings import Owner
from checker.service.clinic.desk import desk
from checker.service.clinic.door import SESSION_PATH
from checker.service.clinic.logins import Login
from checker.service.key import LEAVE_PATH
from checker.store import StoreError
from checker.store.accounts import Account
from checker.store.audit import Action
from checker.ui.owners import owner as owner_of_session
from checker.ui.plain import plain

HERE: Final = Path(__file__).parent

LOGIN: Final = "backcheck_login"
"""Of `st.user`: the name of the login, as the door gives it to the socket of a page."""

LOOKED: Final = "clinic-looked"
"""What was looked at last in this session, so that a page that is run again is noted once."""

OVER: Final = "Your login is over. Load this page again to sign in."


def is_clinic() -> bool:
    """Whether this server is a clinic's."""
    return desk() is not None


def login() -> Login | None:
    """The login of whoever sits before the page; None without a clinic.

    A page of a clinic whose login is over ends here.
    """
    here = desk()
    if here is None:
        return None
    handle = st.user.get(LOGIN)
    found = here.logins.of(handle) if isinstance(handle, str) else None
    if found is None:
        st.info(OVER, icon=":material/lock:")
        st.stop()
    return found


def account() -> Account | None:
    """The account of whoever sits before the page; None without a clinic."""
    found = login()
    return None if found is None else found.account


def is_patient() -> bool:
    """Whether a clinic's patient sits before the page."""
    found = account()
    return found is not None and found.role == "patient"


def may_review() -> bool:
    """Whether whoever sits before the page may look at others' sessions and correct them.

    On one's own computer everybody may, in a clinic a physio.
    """
    return not is_patient()


def is_physio() -> bool:
    """Whether a clinic's physio sits before the page."""
    found = account()
    return found is not None and found.role == "physio"


def claim() -> None:
    """Say whose this session is, before anything is on its page. One that is another's ends here."""
    here, found, context = desk(), login(), get_script_run_ctx()
    if here is None or found is None or context is None:
        return
    if here.owner([context.session_id], found) is None:
        _give(None, context.session_id)


def look_at(what: str, person_id: UUID | None, *, busy: bool = False) -> None:
    """Note that a page is looked at, and of whom: once until it is another. Where that fails, the page ends here.

    Args:
        what: its title.
        person_id: whose weeks are looked at.
        busy: whether one moves before it, and presses nothing for long.
    """
    found, context = login(), get_script_run_ctx()
    if found is None or context is None:
        return
    _give(person_id, context.session_id, owner_of_session())
    with st.container(key="device-session"):
        _watch()(key="session", data={"path": SESSION_PATH, "handle": found.handle, "busy": busy})
    if st.session_state.get(LOOKED) == (what, person_id):
        return
    try:
        note("looked at", what, person_id)
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()
    st.session_state[LOOKED] = (what, person_id)


def note(action: Action, what: str, person_id: UUID | None) -> None:
    """Note what is done.

    Raises:
        checker.store.StoreError: it cannot be noted: then it must not be done.
    """
    here, found = desk(), account()
    if here is not None and found is not None:
        here.note(found, action, what, person_id)


def end_logins_of(person_id: UUID) -> None:
    """Sign whoever has these weeks out, in all their browsers: the account went with the person."""
    here = desk()
    if here is not None:
        here.logins.end_all_of(person_id)


def _give(person_id: UUID | None, *names: str) -> None:
    here, found = desk(), login()
    if here is None or found is None:
        return
    owner = Owner(found.account.id, person_id)
    for name in names:
        if not here.belongings.give(name, owner):
            st.info(OVER, icon=":material/lock:")
            st.stop()


def show_way_out() -> None:
    """Show the way out."""
    st.html(f'<a class="bc-out" href="{LEAVE_PATH}">Sign out</a>', width="content")


@functools.cache
def _watch() -> Any:
    return st.components.v2.component("backcheck_session", js=(HERE / "session.js").read_text(encoding="utf-8"))
