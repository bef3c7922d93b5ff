"""The form by which a physio sets something for one patient."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

import streamlit as st

from checker.care.settable import can_be_limited, can_have_target
from checker.exercise import Exercise
from checker.library import Number, changeable_numbers
from checker.safety import PHASES, phase_label
from checker.service import for_patient
from checker.service.for_patient import LONGEST_TEXT, SETTINGS, Setting, unit_of
from checker.service.weeks import Weeks
from checker.ui import reviewer
from checker.ui.for_patient.doing import do, times_done
from checker.ui.numbers_form import number_field

OF_A_MOVEMENT: Final = frozenset(
    {"exercise_barred", "exercise_added", "dose_set", "target_set", "limit_set", "number_set"}
)
WITHOUT_END: Final = frozenset({"phase_set"})
"""A phase that was set holds until the programme goes on from it."""

MOST: Final = 10_000


def show(weeks: Weeks) -> None:
    """Ask what is to be set, of which movement, how, until when and why."""
    st.header("Set something", anchor=False)
    kinds: list[Setting] = list(SETTINGS)
    kind = st.selectbox("What?", kinds, format_func=SETTINGS.__getitem__, key="set-kind")
    exercise = _choose(weeks, kind) if kind in OF_A_MOVEMENT else None
    if kind in OF_A_MOVEMENT and exercise is None:
        return
    number = _choose_number(exercise) if kind == "number_set" and exercise is not None else None
    if kind == "number_set" and number is None:
        return
    of = f"{exercise.id if exercise else ''}-{number.key if number else ''}"
    with st.form(f"set-{kind}-{of}-{times_done()}", border=False):
        data = _fields(kind, exercise, number)
        until = None if kind in WITHOUT_END else st.date_input("Until, if it ends", value=None, min_value=weeks.today)
        reason = st.text_input("Why? The patient may read it.", max_chars=LONGEST_TEXT)
        if not st.form_submit_button("Set it for this patient", type="primary"):
            return
    if isinstance(until, date):
        data["until"] = until.isoformat()
    if exercise is not None:
        data["exercise"] = exercise.id
    told = f"Set: {SETTINGS[kind][:1].lower()}{SETTINGS[kind][1:]}."
    do(weeks, lambda: for_patient.set_for(weeks, kind, reviewer.name(), reason, **data), told)


def _choose(weeks: Weeks, kind: Setting) -> Exercise | None:
    """The movement: one of those for which this can be set."""
    names = {e.id: e.name for e in weeks.exercises.values() if _fits(kind, e)}
    ids = sorted(names, key=names.__getitem__)
    chosen = st.selectbox("Which movement?", ids, format_func=names.__getitem__, index=None, key=f"set-movement-{kind}")
    return None if chosen is None else weeks.exercises[chosen]


def _fits(kind: Setting, exercise: Exercise) -> bool:
    if kind == "number_set":
        return bool(changeable_numbers(exercise))
    if kind in {"target_set", "limit_set"}:
        return (can_have_target if kind == "target_set" else can_be_limited)(exercise)
    return exercise.kind != "avoid"


def _choose_number(exercise: Exercise) -> Number | None:
    """One of the numbers by which the movement is judged for this patient: the thresholds of faults first."""
    numbers = {n.key: n for n in changeable_numbers(exercise) if not n.key.startswith("faults.own_limit")}
    keys = sorted(numbers, key=lambda key: not key.startswith("faults."))
    words = {key: number.words for key, number in numbers.items()}
    chosen = st.selectbox(
        "Which number?", keys, format_func=words.__getitem__, index=None, key=f"set-number-{exercise.id}"
    )
    return None if chosen is None else numbers[chosen]


def _fields(kind: Setting, exercise: Exercise | None, number: Number | None) -> dict[str, Any]:
    """What is to be filled in."""
    if kind == "phase_set":
        return {"phase": st.selectbox("Which phase?", PHASES, format_func=phase_label)}
    if kind == "back_after_set":
        return {"back_after": int(st.number_input("Hard days", min_value=1, max_value=10, value=1, step=1))}
    if kind == "dose_set":
        return {"amount": _dose()}
    if number is not None:
        return {"key": number.key, "value": number_field(number, f"set-value-{number.key}")}
    if kind in {"target_set", "limit_set"} and exercise is not None:
        return _by_side("target" if kind == "target_set" else "limit", exercise)
    return {}


def _dose() -> dict[str, Any]:
    repetitions = st.number_input("Repetitions", min_value=1, max_value=100, value=None, step=1)
    sets = st.number_input("Sets", min_value=1, max_value=20, value=1, step=1)
    times_a_day = st.number_input("Times a day", min_value=1, max_value=20, value=1, step=1)
    hold_s = st.number_input("Hold, seconds", min_value=1, max_value=600, value=None, step=1)
    duration_s = st.number_input("Or for how long, seconds", min_value=10, max_value=MOST, value=None, step=10)
    given = {"repetitions": repetitions, "hold_s": hold_s, "duration_s": duration_s}
    return {
        **{key: value for key, value in given.items() if value is not None},
        "sets": int(sets),
        "times_a_day": int(times_a_day),
    }


def _by_side(what: Literal["target", "limit"], exercise: Exercise) -> dict[str, Any]:
    unit, values = unit_of(exercise).strip(), {}
    for side in exercise.sides:
        label = f"{what.capitalize()}{f', {side}' if side else ''}{f' ({unit})' if unit else ''}"
        value = st.number_input(label, min_value=0.0, max_value=float(MOST), value=None, step=1.0, format="%g")
        if value is not None:
            values[side or "both"] = value
    return {what: values}
