"""Which two are compared: those in the address of the page, or the newest that can be; and the ways to others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from checker.care.change_words import listed_when
from checker.care.records import Session
from checker.service.comparing import Partner, find_session, partners, usual
from checker.service.weeks import Weeks, store

SESSION, WITH = "session", "with"
"""Names in the address of the page, before ids: of the session that was opened, and of what it is held against."""

SIDES: Final = "sides"
"""In place of the second id: the two sides of one session."""

GONE: Final = "This session is no longer here. Choose one of those that are kept."
FIRST: Final = "cmp-session"
SECOND: Final = "cmp-with"

Two = tuple[Session, Session]


def choose(weeks: Weeks, movement: str) -> Two | None:
    """Ask which two, and return them; None where there are none.

    Args:
        weeks: of whoever was chosen.
        movement: whose newest session is meant where the address names none; empty: that of any.
    """
    sessions = _sessions(weeks)
    wanted = st.query_params.get(SESSION, "")
    found = find_session(weeks.history, wanted) if wanted else None
    if wanted and (found is None or found not in sessions):
        st.error(GONE, icon=":material/error:")
    own = [s for s in sessions if not movement or s.exercise == movement]
    now = found if found in sessions else next(iter([*own, *sessions]), None)
    if now is None:
        return None
    _ask_session(weeks, sessions, now)
    others = partners(store(), weeks.history, now)
    choices = {str(p.session.id): p for p in others}
    keys = [*choices, *([SIDES] if weeks.exercises[now.exercise].sides == ["left", "right"] else [])]
    if not keys:
        return None
    chosen = _ask_partner(keys, choices, others, now)
    return (now, now) if chosen == SIDES else (choices[chosen].session, now)


def _sessions(weeks: Weeks) -> list[Session]:
    """Those of which something was measured, the newest first."""
    found = [s for s in weeks.history.sessions if s.assessment_id is not None and s.exercise in weeks.exercises]
    return sorted(found, key=lambda s: s.at, reverse=True)


def _ask_session(weeks: Weeks, sessions: Sequence[Session], now: Session) -> None:
    """Ask which session is looked at."""
    labels = {str(s.id): f"{weeks.exercises[s.exercise].name}, {when(s)}" for s in sessions}
    st.session_state[FIRST] = str(now.id)
    st.selectbox(
        "This session", list(labels), format_func=labels.__getitem__, key=FIRST,
        on_change=_choose_first, label_visibility="collapsed", width=400,
    )  # fmt: skip


def _ask_partner(keys: Sequence[str], choices: dict[str, Partner], others: Sequence[Partner], now: Session) -> str:
    """Ask what it is held against: the last one that compares, unless another is chosen."""
    best = usual(others, now)
    wanted = st.query_params.get(WITH, "")
    chosen = wanted if wanted in keys else str(best.session.id) if best is not None else SIDES
    st.session_state[SECOND] = chosen
    st.selectbox(
        "Compared with", list(keys), format_func=lambda key: partner_label(choices.get(key)), key=SECOND,
        on_change=_choose_second, label_visibility="collapsed", width=400,
    )  # fmt: skip
    return chosen


def partner_label(partner: Partner | None) -> str:
    """Return what stands for a session in the list; None: the two sides of the session itself."""
    if partner is None:
        return "with its own other side"
    return f"with {when(partner.session)}{' · not alike' if partner.apart else ''}"


def when(session: Session) -> str:
    """Return the day and the time of a session, and what is to be known of it."""
    corrected = " · corrected" if session.corrected_by else ""
    return f"{listed_when(session)}{corrected}"


def _choose_first() -> None:
    st.query_params.from_dict({SESSION: st.session_state[FIRST]})


def _choose_second() -> None:
    st.query_params.from_dict({SESSION: st.session_state[FIRST], WITH: st.session_state[SECOND]})
