"""Doing a movement with picture, words and a timer: nothing is measured, pain is asked before and after."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Final

import streamlit as st

from checker.care.stops import calms_while_dizzy
from checker.dose import Dose
from checker.exercise import Exercise
from checker.safety import advice_after
from checker.service.weeks import Weeks
from checker.ui import guard, people, places, stopping
from checker.ui.dose import choose_dose
from checker.ui.for_patient import mine
from checker.ui.pain import pain_scale, show_advice
from checker.ui.plain import plain
from checker.ui.shelf import drawing, read_shelf
from checker.ui.timer import Plan, timer
from checker.ui.words import numbered
from checker.words.rules import dose_words

LONGEST_S: Final = 3600.0
"""A page that was left open all day was no exercise of a day."""


def page() -> None:
    """Show pain before, the movement with its timer, and pain after."""
    entry = read_shelf().find(places.asked_for())
    if entry is None or entry.exercise.kind == "avoid":
        st.error("There is no such movement to do here.", icon=":material/error:")
        st.page_link(places.page("movements"), label="All movements", icon=":material/arrow_back:")
    else:
        _show(people.mine(entry.exercise))


def _show(exercise: Exercise) -> None:
    about = f"About {plain(exercise.name[0].lower() + exercise.name[1:])}"
    places.link("movement", exercise.id, about, ":material/arrow_back:")
    st.title(plain(exercise.name), anchor=False)
    st.html(f'<p class="bc-nothing"><b>Nothing is measured here.</b> {_why_not(exercise)}</p>')
    weeks = people.weeks()
    mine.show_of_movement(weeks, exercise)
    if not guard.lets_do(weeks, exercise):
        return
    stopping.buttons(weeks, "timer")
    if stopping.stands(weeks) and not calms_while_dizzy(exercise):
        return
    st.header("1. Before", anchor=False)
    before, lets = guard.ask_pain(weeks, exercise, f"before-{exercise.id}")
    if not lets:
        return
    st.header("2. Do it", anchor=False)
    _do(exercise)
    st.header("3. Afterwards", anchor=False)
    if weeks is not None and f"diary-{exercise.id}" not in st.session_state:
        st.session_state.setdefault(f"opened-{exercise.id}", weeks.now)
    after = pain_scale("How much does it hurt now, after it?", f"after-{exercise.id}")
    if after is not None:
        show_advice(advice_after(before, after))
        if weeks is not None:
            _keep(weeks, exercise, before, after)
    if weeks is None:
        st.caption("What you mark here is not stored: it is gone when you leave the page.")


def _keep(weeks: Weeks, exercise: Exercise, before: int | None, after: int) -> None:
    """Write that it is done, with the pain before and after it, once; and lead on.

    Whoever only looks at the page did nothing.
    """
    key = f"diary-{exercise.id}"
    if key not in st.session_state:
        opened_at = st.session_state.pop(f"opened-{exercise.id}")
        diary = weeks.begin(exercise, "timer", began_at=opened_at)
        guard.keep_pain(weeks, before, diary)
        diary.end(duration_s=_lasted_s(weeks, exercise, opened_at))
        weeks.check_in("after", pain=after, session_id=diary.session.id)
        st.session_state[key] = diary
    problem = st.session_state[key].problem
    if problem:
        st.error(plain(problem), icon=":material/error:")
    if st.button("On with today", type="primary", icon=":material/arrow_forward:"):
        del st.session_state[key]
        st.session_state.pop(f"answer-after-{exercise.id}", None)
        st.switch_page(places.page("today"))


def _lasted_s(weeks: Weeks, exercise: Exercise, opened_at: datetime) -> float:
    """From the opening of the page to the answer, seconds; never more than was planned, for nobody saw it."""
    item = weeks.plan_item(exercise.id)
    planned_s = item.amount.duration_s if item is not None else None
    return min(max((weeks.now - opened_at).total_seconds(), 0.0), planned_s or LONGEST_S)


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
        st.html(f'<div class="bc-care"><div><h2>Take care, and when to stop</h2><ul>{stops}</ul></div></div>')
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
