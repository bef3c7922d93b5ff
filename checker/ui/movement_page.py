"""One movement of the library: how to do it, what to mind, how it is judged, and ways to try it."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from checker.exercise import Exercise
from checker.library import Entry
from checker.rule_words import dose_words, pace_words, source_words
from checker.ui import judged, numbers_form, places, tryout
from checker.ui.shelf import Shelf, drawing, read_shelf, show_problems
from checker.ui.words import POSITIONS, bullets, phase_label

KINDS: Final = {"self_test": "Self-test", "exercise": "Exercise", "guided": "Guided", "avoid": "Not while it hurts"}


def page() -> None:
    """Show the movement that the address names."""
    wanted = places.asked_for()
    shelf = read_shelf()
    entry = shelf.find(wanted)
    st.page_link(places.movements(), label="All movements", icon=":material/arrow_back:")
    if entry is None:
        st.error(f"There is no movement “{wanted}” here.", icon=":material/error:")
        show_problems(shelf)
    else:
        _show(entry, shelf)


def _show(entry: Entry, shelf: Shelf) -> None:
    exercise = entry.exercise
    st.title(exercise.name, anchor=False)
    st.html(f'<p class="bc-lead">{html.escape(exercise.summary)}</p>{_facts(entry)}')
    if exercise.kind == "avoid":
        _instead(exercise, shelf)
    picture, words = st.columns([2, 3], gap="large")
    with picture:
        st.html(drawing(exercise))
        if exercise.kind != "avoid":
            tryout.show(exercise)
    with words:
        _words(exercise)
    if exercise.kind == "avoid":
        _sources(exercise)
        return
    _take_care(exercise)
    _preparing(exercise)
    _how_much(exercise)
    if exercise.is_measured:
        judged.show(exercise)
    if exercise.is_measured or exercise.pace is not None:
        numbers_form.show(entry)
    _sources(exercise)


def _facts(entry: Entry) -> str:
    """The movement's kind, position and equipment in a line."""
    exercise = entry.exercise
    things = ", ".join(exercise.equipment)
    facts = [KINDS[exercise.kind], POSITIONS[exercise.position]]
    if exercise.kind != "avoid":
        facts.append(f"You need: {things}" if things else "No equipment")
    if entry.own:
        facts.append("Changed for a patient" if entry.overrides else "Your own movement")
    return f'<p class="bc-facts">{"".join(f"<span>{html.escape(f)}</span>" for f in facts)}</p>'


def _words(exercise: Exercise) -> None:
    """Why, and step by step; of a movement to avoid, what it is."""
    avoid = exercise.kind == "avoid"
    st.markdown(f"**{'Why not' if avoid else 'Why it helps'}**\n\n{exercise.why}")
    steps = "\n".join(f"{i}. {line}" for i, line in enumerate(exercise.steps, 1))
    st.markdown(f"**{'What it is, so that you know it' if avoid else 'How to do it'}**\n\n{steps}")
    if avoid:
        st.markdown("**Take care**\n\n" + bullets([*exercise.cautions, *exercise.stop]))


def _instead(exercise: Exercise, shelf: Shelf) -> None:
    with st.container(border=True, key="instead"):
        st.markdown("**Leave this one while it hurts.** These are gentler ways to the same end:")
        with st.container(horizontal=True):
            for other in exercise.instead:
                entry = shelf.find(other)
                if entry is not None:
                    # a link within one page would leave the browser's address as it was
                    st.button(
                        entry.exercise.name,
                        key=f"instead-{other}",
                        icon=":material/arrow_forward:",
                        on_click=lambda other=other: st.query_params.from_dict({"movement": other}),
                    )


def _take_care(exercise: Exercise) -> None:
    """Cautions and stop rules, side by side, where nobody overlooks them."""
    care, stop = (
        "".join(f"<li>{html.escape(line)}</li>" for line in lines) for lines in (exercise.cautions, exercise.stop)
    )
    st.html(
        f'<div class="bc-care"><div><h3>Take care</h3><ul>{care}</ul></div>'
        f"<div><h3>When to stop</h3><ul>{stop}</ul></div></div>"
    )


def _preparing(exercise: Exercise) -> None:
    if exercise.camera:
        st.subheader("How to place the camera", anchor=False)
        st.markdown(bullets(exercise.camera))


def _how_much(exercise: Exercise) -> None:
    st.subheader("How much, and when", anchor=False)
    rows = "".join(
        f"<tr><td>{html.escape(_phases(d.phases or exercise.phases))}</td><td>{html.escape(dose_words(d))}</td>"
        f"<td>{judged.source_note(d.status, d.source)}</td></tr>"
        for d in exercise.doses
    )
    st.html(
        '<table class="bc-table"><thead><tr><th>Phase</th><th>How much</th><th>Where it comes from</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    if exercise.pace is not None:
        st.markdown(f"**Rhythm:** {pace_words(exercise.pace)} ({source_words(exercise.pace)})")


def _phases(phases: list[int]) -> str:
    return "; ".join(phase_label(p) for p in phases)


def _sources(exercise: Exercise) -> None:
    with st.expander("Sources"):
        st.markdown(bullets(exercise.sources))
