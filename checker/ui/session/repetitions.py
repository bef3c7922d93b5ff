"""The repetitions, the worst first, and what can be corrected of the one in hand."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from checker.assessment import Assessment, Repetition
from checker.review.corrections import UnusableWhy
from checker.review.words import found_between
from checker.review.worst import worst_first
from checker.service.reviewing import Review
from checker.ui.plain import plain
from checker.ui.session import acting, drafting, film
from checker.words.cards import noun
from checker.words.values import held, listed, plus_minus, quantity, seconds, side_label

LIST_PX: Final = 176
NOT_MOVED: Final = "Nothing was moved: set its start, its furthest point or its end elsewhere first."
UNUSABLE_WORDS: Final[dict[UnusableWhy, str]] = {
    "not_this_patient": "Not this patient",
    "camera_moved": "The camera was moved",
    "unusable": "Cannot be used",
}


def show(review: Review) -> None:
    """Show the list and the hands on the one that is chosen."""
    result, what = review.result.assessment, noun(review.exercise)
    with st.container(height=LIST_PX, border=True, key="rv-list", gap="xsmall"):
        if not result.reps:
            st.markdown(f"No {what} counts.")
        for rep in worst_first(result):
            st.button(
                plain(_row(rep, result)), key=f"rv-rep-{rep.index}", width="stretch",
                type="primary" if drafting.is_chosen(rep) else "secondary", on_click=_choose, args=(rep,)
            )  # fmt: skip
    at_s = drafting.chosen()
    chosen = next((r for r in result.reps if drafting.is_chosen(r)), None)
    if at_s == drafting.NEW or chosen is not None:
        _bounds()
    with st.container(horizontal=True, key="rv-acts"):
        if at_s == drafting.NEW:
            _add(review)
        elif chosen is not None:
            _change(review, chosen, result)
        else:
            st.button(f"Add a {what}", icon=":material/add:", on_click=drafting.begin_new, args=(review.result,))
    if chosen is not None:
        own = found_between(review.stored, chosen.start_s, chosen.end_s, review.exercise)
        st.caption(plain(f"The machine: {own}"))


def _choose(rep: Repetition) -> None:
    drafting.choose(rep)
    film.seek(rep.peak_s)


def _row(rep: Repetition, result: Assessment) -> str:
    names = {f.id: f.name.lower() for f in result.faults}
    value = held(rep.hold_s, rep.hold_target_s) if rep.rom.unit == "s" else f"{quantity(rep.rom)} {plus_minus(rep.rom)}"
    parts = [f"{rep.index}", side_label(rep.side), value, f"at {seconds(rep.peak_s)}"]
    parts += [listed(names.get(f, f) for f in rep.faults)] if rep.faults else []
    return " · ".join(p for p in parts if p)


def _bounds() -> None:
    columns = st.columns(3)
    for column, what in zip(columns, drafting.BOUNDS, strict=True):
        column.number_input(
            f"{what.capitalize()}, s", min_value=0.0, step=0.05, format="%.2f", key=drafting.field(what),
            on_change=drafting.furthest_was_set if what == "furthest" else None,
        )  # fmt: skip


def _add(review: Review) -> None:
    sides = [s or "both" for s in review.exercise.sides]
    side = sides[0]
    if len(sides) > 1:
        side = st.selectbox(
            "Side", sides, format_func=side_label, key="rv-new-side", label_visibility="collapsed", width=130
        )
    st.button("Add it", type="primary", on_click=_draw, args=(review, "add"), kwargs={"side": side})
    st.button("Cancel", on_click=drafting.drop)


def _change(review: Review, rep: Repetition, result: Assessment) -> None:
    what = noun(review.exercise)
    at = {"at_s": rep.peak_s}
    st.button("Move it", type="primary", on_click=_move, args=(review, rep))
    st.button("Delete", on_click=_do, args=(review, "delete"), kwargs=at)
    others = [s for s in review.exercise.sides if s is not None and s != rep.side]
    for side in others:
        st.button(f"It is {side_label(side).lower()}", on_click=_do, args=(review, "side"), kwargs={**at, "side": side})
    following = next((r for r in result.reps if r.index == rep.index + 1 and r.side == rep.side), None)
    if following is not None:
        join = {"first_s": rep.peak_s, "second_s": following.peak_s}
        st.button("Join with the next", on_click=_do, args=(review, "join"), kwargs=join)
    with st.popover("More"):
        key = f"rv-split-{rep.peak_s}"
        st.number_input(
            "Split at, s",
            min_value=rep.start_s,
            max_value=rep.end_s,
            value=rep.peak_s,
            step=0.05,
            format="%.2f",
            key=key,
        )
        st.button(f"Split the {what}", on_click=_split, args=(review, key))
        why = st.selectbox("Leave it out", list(UNUSABLE_WORDS), format_func=UNUSABLE_WORDS.__getitem__, key="rv-why")
        st.button("Leave it out", on_click=_do, args=(review, "unusable"), kwargs={**at, "why": why})


def _draw(review: Review, kind: str, **told: Any) -> None:
    """Take the bounds as they are set at the moment of the click."""
    _do(review, kind, **told, **drafting.told())


def _move(review: Review, rep: Repetition) -> None:
    """Move one to its bounds as they are set; what was not moved is no correction."""
    if drafting.is_moved(rep):
        _draw(review, "bounds", at_s=rep.peak_s)
    else:
        st.session_state[acting.TOLD] = NOT_MOVED


def _split(review: Review, key: str) -> None:
    _do(review, "split", at_s=st.session_state[key])


def _do(review: Review, kind: str, **told: Any) -> None:
    if acting.make_all(review, [(kind, told)]):
        drafting.drop()
