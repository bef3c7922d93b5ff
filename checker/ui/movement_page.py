"""One movement of the library: how to do it, what to mind, how it is judged, and ways to try it."""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from checker.exercise import Exercise
from checker.library import Entry, changeable_numbers
from checker.safety import phase_label
from checker.ui import guard, judged, learn_page, numbers_form, people, places, tryout
from checker.ui.clinic import here
from checker.ui.for_patient import mine
from checker.ui.new_movement.page import SAVED
from checker.ui.plain import plain
from checker.ui.shelf import Shelf, drawing, read_shelf, show_problems
from checker.ui.top import screen
from checker.ui.words import POSITIONS, bullets, numbered
from checker.words.judged import Source
from checker.words.loads import direction_words, load_words, precaution_words
from checker.words.rules import dose_words, pace_words, source_words
from checker.words.values import listed

KINDS: Final = {"self_test": "Self-test", "exercise": "Exercise", "guided": "Guided", "avoid": "Not while it hurts"}


def page() -> None:
    """Show the movement that the address names."""
    shelf = read_shelf()
    entry = shelf.find(places.asked_for())
    with screen("movement", "" if entry is None else entry.exercise.id):
        st.page_link(places.page("movements"), label="All movements", icon=":material/arrow_back:")
        if entry is None:
            st.error("There is no such movement here.", icon=":material/error:")
            show_problems(shelf)
        else:
            _show(entry, shelf)


def _show(entry: Entry, shelf: Shelf) -> None:
    exercise, weeks = entry.exercise, people.weeks()
    st.title(plain(exercise.name), anchor=False)
    if st.session_state.pop(SAVED, None) == exercise.id:
        st.success("Saved among your movements. It stands in the library now.", icon=":material/check:")
    st.html(f'<p class="bc-lead">{html.escape(exercise.summary)}</p>{_facts(entry)}')
    mine.show_of_movement(weeks, exercise)
    picture, words = st.columns([2, 3], gap="large")
    avoid = exercise.kind == "avoid"
    with picture:
        st.html(drawing(exercise))
        if not avoid:
            tryout.show(exercise, may=guard.lets_do(weeks, exercise))
    with words:
        if avoid:
            _why_not(exercise, shelf)
        else:
            _words(exercise)
    if not avoid:
        _details(entry)
    learn_page.show_links(exercise.id)
    with st.expander("Sources"):
        st.markdown(bullets(exercise.sources))


def _details(entry: Entry) -> None:
    """Show what to mind, prepare and know, for a movement that one may do."""
    exercise = people.mine(entry.exercise)
    _take_care(exercise)
    _for_whom(exercise)
    _preparing(exercise)
    _how_much(exercise)
    if exercise.is_measured:
        judged.show(exercise)
    if changeable_numbers(entry.exercise) and not here.is_clinic():  # it would hold for everybody
        numbers_form.show(entry)


def _facts(entry: Entry) -> str:
    """Return the movement's kind, position, equipment and phases in a line."""
    exercise = entry.exercise
    things = ", ".join(exercise.equipment)
    facts = [KINDS[exercise.kind], POSITIONS[exercise.position]]
    if exercise.kind != "avoid":
        facts.append(f"You need: {things}" if things else "No equipment")
        facts.append(f"Phase{'s' if len(exercise.phases) > 1 else ''} {listed(map(str, exercise.phases))}")
    if entry.own:
        facts.append("Changed on this computer" if entry.overrides else "Your own movement")
    return f'<p class="bc-facts">{"".join(f"<span>{html.escape(f)}</span>" for f in facts)}</p>'


def _words(exercise: Exercise) -> None:
    """Show why it helps, and how it is done step by step."""
    st.markdown(f"**Why it helps**\n\n{plain(exercise.why)}")
    st.markdown("**How to do it**\n\n" + numbered(exercise.steps))


def _why_not(exercise: Exercise, shelf: Shelf) -> None:
    """Show why a movement is left while it hurts, and what to do instead."""
    st.html('<div class="bc-calm"><h2>Leave this one while it hurts</h2></div>')
    st.markdown(plain(exercise.why))
    st.markdown("**What to do instead**\n\n" + bullets(exercise.steps))
    with st.container(horizontal=True, key="instead"):
        for other in exercise.instead:
            entry = shelf.find(other)
            if entry is not None:
                st.button(
                    plain(entry.exercise.name),
                    key=f"instead-{other}",
                    icon=":material/arrow_forward:",
                    on_click=_go_to,  # a link within one page would leave the browser's address as it was
                    args=(other,),
                )
    st.markdown("**Later**\n\n" + bullets(exercise.cautions))


def _go_to(exercise_id: str) -> None:
    st.query_params.from_dict({"movement": exercise_id})


def _take_care(exercise: Exercise) -> None:
    """Show cautions and stop rules side by side, where nobody overlooks them."""
    care, stop = (
        "".join(f"<li>{html.escape(line)}</li>" for line in lines) for lines in (exercise.cautions, exercise.stop)
    )
    st.html(
        f'<div class="bc-care"><div><h2>Take care</h2><ul>{care}</ul></div>'
        f"<div><h2>When to stop</h2><ul>{stop}</ul></div></div>"
    )


def _for_whom(exercise: Exercise) -> None:
    """Show how much it asks of the back, and for whom it is different."""
    st.header("Is it for you?", anchor=False)
    st.markdown(plain(" ".join(filter(None, [load_words(exercise.load), direction_words(exercise.direction)]))))
    if exercise.precautions:
        st.markdown(bullets(map(precaution_words, exercise.precautions)))


def _preparing(exercise: Exercise) -> None:
    if exercise.camera:
        st.header("How to place the camera", anchor=False)
        st.markdown(bullets(exercise.camera))


def _how_much(exercise: Exercise) -> None:
    st.header("How much, and when", anchor=False)
    rows = "".join(
        f"<tr><td>{html.escape(_phases(d.phases or exercise.phases))}</td><td>{html.escape(dose_words(d))}</td>"
        f"<td>{judged.source_note(Source(d.status, d.source))}</td></tr>"
        for d in exercise.doses
    )
    st.html(
        '<table class="bc-table"><thead><tr><th>Phase</th><th>How much</th><th>Where it comes from</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    if exercise.pace is not None and not exercise.is_measured:  # else it stands with how it is judged
        st.markdown(f"**Rhythm:** {plain(f'{pace_words(exercise.pace)} ({source_words(exercise.pace)})')}")


def _phases(phases: list[int]) -> str:
    return "; ".join(phase_label(p) for p in phases)
