"""The repetition that a reviewer has in hand: which one, and the bounds that they are setting."""

from __future__ import annotations

from typing import Any, Final, Literal

import streamlit as st

from checker.assessment import Repetition

What = Literal["start", "furthest", "end"]
BOUNDS: Final[tuple[What, ...]] = ("start", "furthest", "end")

CHOSEN: Final = "rv-chosen"
"""The moment of the chosen repetition; `NEW` while one is being added."""

NEW: Final = "new"
FURTHEST_SET: Final = "rv-furthest-set"
"""Whether the reviewer said when it is furthest; else the signal does."""


def field(what: What) -> str:
    """Return the key of the number of a bound."""
    return f"rv-{what}"


def choose(rep: Repetition) -> None:
    """Take a repetition in hand."""
    st.session_state[CHOSEN] = rep.peak_s
    st.session_state[FURTHEST_SET] = False
    for what, value in zip(BOUNDS, (rep.start_s, rep.peak_s, rep.end_s), strict=True):
        st.session_state[field(what)] = value


def begin_new(end_s: float) -> None:
    """Begin one that is to be added."""
    st.session_state[CHOSEN] = NEW
    st.session_state[FURTHEST_SET] = False
    for what, share in zip(BOUNDS, (0.4, 0.5, 0.6), strict=True):
        st.session_state[field(what)] = round(share * end_s, 2)


def drop() -> None:
    """Take none in hand."""
    st.session_state[CHOSEN] = None


def chosen() -> float | str | None:
    """Return the moment of the chosen one; `NEW`; or None."""
    found: float | str | None = st.session_state.get(CHOSEN)
    return found


def is_chosen(rep: Repetition) -> bool:
    """Return whether a repetition is in hand."""
    at_s = chosen()
    return isinstance(at_s, float | int) and rep.start_s <= at_s <= rep.end_s


def bounds() -> dict[str, float] | None:
    """Return the bounds as they are being set; None where none is in hand."""
    if chosen() is None or any(st.session_state.get(field(what)) is None for what in BOUNDS):
        return None
    return {what: float(st.session_state[field(what)]) for what in BOUNDS}


def set_bound(said: dict[str, Any]) -> None:
    """Take a bound that was set in the player."""
    what = said.get("what")
    if what in BOUNDS:
        st.session_state[field(what)] = round(max(0.0, float(said["time_s"])), 2)
        if what == "furthest":
            st.session_state[FURTHEST_SET] = True


def furthest_was_set() -> None:
    """Note that the reviewer typed when it is furthest."""
    st.session_state[FURTHEST_SET] = True


def told() -> dict[str, float | None]:
    """Return what was set, as a correction takes it."""
    now = bounds() or dict.fromkeys(BOUNDS, 0.0)
    furthest = now["furthest"] if st.session_state.get(FURTHEST_SET) else None
    return {"start_s": now["start"], "furthest_s": furthest, "end_s": now["end"]}
