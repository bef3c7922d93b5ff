"""Changing a movement's numbers for everybody on this computer, seeing what was changed, and going back."""

from __future__ import annotations

import html

import streamlit as st

from checker.exercise import Exercise
from checker.library import (
    Entry,
    ExerciseError,
    Number,
    changeable_numbers,
    differences,
    find_exercise,
    reset_numbers,
    save_numbers,
    writing_folder,
)
from checker.ui import places
from checker.ui.judged import source_note
from checker.ui.plain import plain
from checker.words.judged import Source
from checker.words.rules import UNIT_WORDS, amount


def show(entry: Entry) -> None:
    """Show the form; above it what differs from the shipped movement, if this is not it."""
    numbers = changeable_numbers(entry.exercise)
    shipped = _shipped(entry)
    if shipped is not None:
        st.header("Changed on this computer", anchor=False)
        _changed(entry, shipped, numbers)
    note = st.session_state.pop("numbers_note", None)
    if note:
        st.success(plain(note), icon=":material/check:")
    with st.expander("Change a number for everybody"):
        st.caption(
            f"A copy of this movement with your numbers is written to {plain(str(writing_folder()))}. "
            "It takes the place of the shipped one on this computer, for everybody, until you go back to it."
        )
        st.page_link(places.page("patient"), label="For one patient alone, set it here", icon=":material/person:")
        _form(entry, numbers)


def _shipped(entry: Entry) -> Exercise | None:
    """The shipped movement, where the user's own takes its place."""
    if not entry.overrides:
        return None
    try:
        return find_exercise(entry.exercise.id)
    except ExerciseError:
        return None


def _changed(entry: Entry, shipped: Exercise, numbers: list[Number]) -> None:
    rows = "".join(
        f"<tr><th>{html.escape(n.words)}</th><td><b>{amount(n.value, n.unit)}</b></td>"
        f"<td>{'new' if was is None else amount(was, n.unit)}</td>"
        f"<td>{source_note(Source(n.status, n.source))}</td></tr>"
        for n, was in differences(shipped, entry.exercise)
    )
    if rows:
        st.html(
            '<table class="bc-table bc-changes"><thead><tr><th>Changed</th><th>Now</th><th>As shipped</th>'
            f"<th>By whom</th></tr></thead><tbody>{rows}</tbody></table>"
        )
    else:
        st.info("This movement is read from a file of your own; its numbers are as shipped.", icon=":material/info:")
    with st.popover("Go back to the shipped movement", icon=":material/undo:"):
        st.markdown(f"This deletes {plain(str(entry.path))}, with everything that was changed in it.")
        st.button("Delete my changes", key="reset", type="primary", on_click=_reset, args=(entry,))


def _form(entry: Entry, numbers: list[Number]) -> None:
    # a form's own values outlast what they were made from; a new movement or file makes a new form
    stamp = f"{entry.exercise.id}-{entry.path.stat().st_mtime_ns}"
    with st.form(f"numbers-{stamp}", border=False):
        with st.container(key="number-fields"):
            values = {n.key: number_field(n, f"{stamp}-{n.key}") for n in numbers}
        who = st.text_input("Your name", placeholder="Stands beside each number you change")
        if st.form_submit_button("Save for everybody", type="primary"):
            _save(entry, {key: value for key, value in values.items() if value is not None}, who)


def number_field(number: Number, key: str) -> float | None:
    """Ask for one number of a movement, and return it; what it is now stands in the field."""
    unit = UNIT_WORDS.get(number.unit, "")
    whole = isinstance(number.value, int)
    return st.number_input(
        f"{plain(number.words)}{f' ({unit})' if unit else ''}",
        value=number.value,
        step=_step(number),
        format="%d" if whole else "%g",
        key=key,
        help=f"{number.status.capitalize()}: {number.source}",
    )


def _step(number: Number) -> float:
    if isinstance(number.value, int):
        return 1
    return 1.0 if abs(number.value) >= 5 else 0.1 if abs(number.value) >= 0.5 else 0.01


def _save(entry: Entry, values: dict[str, float], who: str) -> None:
    try:
        path = save_numbers(entry.path, values, writing_folder(), who)
    except ExerciseError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state["numbers_note"] = f"Saved in {path}. This movement is judged by your numbers from now on."
    st.rerun()


def _reset(entry: Entry) -> None:
    try:
        reset_numbers(entry.exercise.id, writing_folder())
    except ExerciseError as error:
        st.session_state["numbers_note"] = str(error)
        return
    st.session_state["numbers_note"] = "Your changes are deleted. This is the movement as shipped."
