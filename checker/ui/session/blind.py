"""The blind first look: the reviewer judges before anything of the machine's is shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from checker.assessment import Assessment
from checker.exercise import Exercise
from checker.review.judgements import REPETITIONS
from checker.service.reviewing import Review
from checker.ui.plain import plain
from checker.ui.session import acting, film, opening
from checker.words.cards import noun
from checker.words.values import scale_of, side_label

THERE, NOT_THERE, CANNOT_TELL = "There", "Not there", "Cannot tell"


def ask(review: Review) -> bool:
    """Ask whether to look blind, and return whether this look is."""
    wanted = acting.ask_blind()
    if wanted and opening.is_seen(review):
        st.caption("You have seen this one: the next one is blind.", width="content")
    return wanted and not opening.is_seen(review)


def show(review: Review) -> None:
    """Show the video alone, and ask for everything that is compared."""
    with st.container(key="rv-look"):
        left, right = st.columns([11, 9], gap="medium")
    with left:
        film.show(review, blind=True)
        film.measured(review, blind=True)
    with right, st.form("rv-blind-form", border=False):
        acting.show_problem()
        st.markdown("Judge by the video alone. What the machine found is shown when you have kept yours.")
        _counts(review)
        for rule in review.exercise.faults:
            st.radio(
                plain(rule.name), (THERE, NOT_THERE, CANNOT_TELL), index=2, horizontal=True, key=f"rv-blind-{rule.id}"
            )
        _values(review.exercise, review.stored)
        st.form_submit_button(
            "Keep my judgement and show the machine's", type="primary", on_click=_keep, args=(review,)
        )


def _counts(review: Review) -> None:
    for side in review.exercise.sides:
        label = side_label(side)
        st.number_input(
            f"{noun(review.exercise).capitalize()}s{f', {label.lower()}' if label else ''}", min_value=0, max_value=999,
            value=None, step=1, key=f"rv-blind-count-{side}",
        )  # fmt: skip


def _values(exercise: Exercise, stored: Assessment) -> None:
    read = {rule.id for rule in exercise.measures if rule.of in {"change", "value", "largest"}}
    for m in stored.measures:
        if m.id in read:
            side = f", {side_label(m.side).lower()}" if side_label(m.side) else ""
            label = f"{m.name}{side}, your own reading, {scale_of(m.unit)[1].strip() or m.unit} (may be left out)"
            st.number_input(plain(label), value=None, step=1.0, key=f"rv-blind-{m.id}-{m.side}")


def _keep(review: Review) -> None:
    """Keep everything that was judged; what cannot be told is left out."""
    state = st.session_state
    made: list[tuple[str, dict[str, Any]]] = []
    for rule in review.exercise.faults:
        told = state.get(f"rv-blind-{rule.id}")
        if told in {THERE, NOT_THERE}:
            made.append(("confirm_fault" if told == THERE else "dismiss_fault", {"fault": rule.id}))
    for side in review.exercise.sides:
        count = state.get(f"rv-blind-count-{side}")
        if count is not None:
            made.append(
                ("reading", {"measure": REPETITIONS, "side": side, "value": float(count), "unit": "count"})
            )  # fmt: skip
    for m in review.stored.measures:
        value = state.get(f"rv-blind-{m.id}-{m.side}")
        if value is not None:
            scaled = float(value) / scale_of(m.unit)[0]
            made.append(("reading", {"measure": m.id, "side": m.side, "value": scaled, "unit": m.unit}))
    if acting.make_all(review, made, blind=True):
        opening.see(review)
