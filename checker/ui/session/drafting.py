"""The repetition that a reviewer has in hand: which one, and the bounds that they are setting."""

from __future__ import annotations

from typing import Any, Final, Literal

import streamlit as st

from checker.assessment import Repetition
from checker.judging.analysis import Analysis
from checker.judging.moments import ROUNDING_S
from checker.review.room import room_for

What = Literal["start", "furthest", "end"]
BOUNDS: Final[tuple[What, ...]] = ("start", "furthest", "end")

CHOSEN: Final = "rv-chosen"
"""The moment of the chosen repetition; `NEW` while one is being added."""

NEW: Final = "new"
FURTHEST_SET: Final = "rv-furthest-set"
"""Whether the reviewer said when it is furthest; else the signal does."""


ASKING: Final = "rv-asking"
"""Whether the player is asked where the video stands."""


def field(what: What) -> str:
    """Return the key of the number of a bound."""
    return f"rv-{what}"


def choose(rep: Repetition) -> None:
    """Take a repetition in hand."""
    st.session_state[CHOSEN] = rep.peak_s
    st.session_state[FURTHEST_SET] = False
    for what, value in zip(BOUNDS, (rep.start_s, rep.peak_s, rep.end_s), strict=True):
        st.session_state[field(what)] = value


def begin_new(result: Analysis) -> None:
    """Begin one that is to be added: in the middle, until the player has told where the video stands."""
    st.session_state[CHOSEN] = NEW
    st.session_state[FURTHEST_SET] = False
    st.session_state[ASKING] = True
    _propose(result, _end_s(result) / 2)


def begin_at(result: Analysis, said: dict[str, Any]) -> None:
    """Have the one that is to be added begin around the moment that is shown."""
    if is_asking():
        st.session_state[ASKING] = False
        _propose(result, float(said["time_s"]))


def is_asking() -> bool:
    """Return whether the player is to tell where the video stands."""
    return chosen() == NEW and bool(st.session_state.get(ASKING))


def _propose(result: Analysis, at_s: float) -> None:
    taken = [(rep.start_s, rep.end_s) for rep in result.assessment.reps]
    for what, value in zip(BOUNDS, room_for(at_s, taken, _end_s(result)), strict=True):
        st.session_state[field(what)] = value


def _end_s(result: Analysis) -> float:
    return float(result.t_s[-1]) if len(result.t_s) else 1.0


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


def is_moved(rep: Repetition) -> bool:
    """Return whether a bound stands elsewhere than that of a repetition, by more than rounding."""
    now = told()
    then = {"start_s": rep.start_s, "furthest_s": rep.peak_s, "end_s": rep.end_s}
    return any(value is not None and abs(value - then[name]) > ROUNDING_S for name, value in now.items())


def told() -> dict[str, float | None]:
    """Return what was set, as a correction takes it."""
    now = bounds() or dict.fromkeys(BOUNDS, 0.0)
    furthest = now["furthest"] if st.session_state.get(FURTHEST_SET) else None
    return {"start_s": now["start"], "furthest_s": furthest, "end_s": now["end"]}
