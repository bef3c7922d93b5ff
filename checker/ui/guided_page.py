"""Doing a movement with picture, words and a timer: nothing is measured, pain is asked before and after."""

from __future__ import annotations

import html

import streamlit as st

from checker.dose import Dose
from checker.exercise import Exercise
from checker.safety import advice_after, advice_before
from checker.ui import places
from checker.ui.dose import choose_dose
from checker.ui.pain import pain_scale, show_advice
from checker.ui.plain import plain
from checker.ui.shelf import drawing, read_shelf
from checker.ui.timer import Plan, timer
from checker.ui.words import numbered
from checker.words.rules import dose_words


def page() -> None:
    """Show pain before, the movement with its timer, and pain after."""
    entry = read_shelf().find(places.asked_for())
    if entry is None or entry.exercise.kind == "avoid":
        st.error("There is no such movement to do here.", icon=":material/error:")
        st.page_link(places.page("movements"), label="All movements", icon=":material/arrow_back:")
    else:
        _show(entry.exercise)


def _show(exercise: Exercise) -> None:
    about = f"About {plain(exercise.name[0].lower() + exercise.name[1:])}"
    places.link("movement", exercise.id, about, ":material/arrow_back:")
    st.title(plain(exercise.name), anchor=False)
    st.html(f'<p class="bc-nothing"><b>Nothing is measured here.</b> {_why_not(exercise)}</p>')
    st.subheader("1. Before", anchor=False)
    before = pain_scale("How much does it hurt now?", f"before-{exercise.id}")
    if before is not None:
        show_advice(advice_before(before))
    st.subheader("2. Do it", anchor=False)
    _do(exercise)
    st.subheader("3. Afterwards", anchor=False)
    after = pain_scale("How much does it hurt now, after it?", f"after-{exercise.id}")
    if after is not None:
        show_advice(advice_after(before, after))
    st.caption("What you mark here is not stored: it is gone when you leave the page.")


def _why_not(exercise: Exercise) -> str:
    if exercise.is_measured:
        return "The camera stays off: this is the timer alone."
    return "No camera looks at you: picture, words, a timer, and how it felt."


def _do(exercise: Exercise) -> None:
    picture, words = st.columns([2, 3], gap="large")
    with picture:
        st.html(drawing(exercise))
    with words:
        st.markdown(numbered(exercise.steps))
        dose = choose_dose(exercise)
        if dose is not None:
            st.markdown(f"**How much:** {plain(dose_words(dose))}")
        stops = "".join(f"<li>{html.escape(line)}</li>" for line in [*exercise.cautions, *exercise.stop])
        st.html(f'<div class="bc-care"><div><h3>Take care, and when to stop</h3><ul>{stops}</ul></div></div>')
    timer(plan(exercise, dose), key=f"timer-{exercise.id}-{0 if dose is None else exercise.doses.index(dose)}")


def plan(exercise: Exercise, dose: Dose | None) -> Plan:
    """Return what the timer runs: the pace of the movement, a hold or a time of its dose, or a stop-watch."""
    if exercise.pace is not None:
        steps = [(s.name, s.seconds) for s in exercise.pace.steps]
        return Plan(steps=steps, rounds=exercise.pace.cycles)
    if dose is None:
        return Plan()
    if dose.hold_s is not None:
        times = 1 if dose.repetitions is None else int(_least(dose.repetitions))
        return Plan(seconds=_least(dose.hold_s), rounds=times * dose.sets * len(exercise.sides))
    if dose.duration_s is not None:
        return Plan(seconds=_least(dose.duration_s), rounds=dose.sets)
    return Plan()


def _least(value: float | tuple[float, float]) -> float:
    return value[0] if isinstance(value, tuple) else value
