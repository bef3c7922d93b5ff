"""The movements as the pages show them: what could be read, what could not, and the drawings."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from xml.etree import ElementTree

import streamlit as st

from checker.exercise import Exercise
from checker.library import Entry, ExerciseError, earlier_folder_note, list_entries, own_folder
from checker.picture import picture
from checker.ui.plain import plain


@dataclass(frozen=True, slots=True)
class Shelf:
    """All movements that can be read, and a line for each mistake in a file that cannot."""

    entries: list[Entry]
    problems: list[str]

    def find(self, exercise_id: str) -> Entry | None:
        """Return the movement with this id; None where there is none."""
        return next((e for e in self.entries if e.exercise.id == exercise_id), None)


def read_shelf() -> Shelf:
    """Read the shipped movements and the user's own, whose folder need not be there yet."""
    own = own_folder()
    try:
        entries, problems = list_entries(own if own is not None and own.is_dir() else None)
    except ExerciseError as error:
        return Shelf([], str(error).splitlines())
    prefix = f"{own}/" if own is not None else ""
    return Shelf(entries, [p.removeprefix(prefix) for p in problems])


@st.cache_data(show_spinner=False, max_entries=200, hash_funcs={Exercise: lambda e: e.model_dump_json()})
def drawing(exercise: Exercise) -> str:
    """Return the picture of a movement, ready for `st.html`, with words for those who do not see it."""
    return as_image(picture(exercise))


def as_image(svg: str) -> str:
    """Return a drawing as an image for `st.html`; its words are those of its `aria-label`.

    Its size is told beside it: the page keeps its place until the browser has drawn it.
    """
    told = ElementTree.fromstring(svg).attrib
    size = f'width="{told["width"]}" height="{told["height"]}"'
    image = f'<img alt="{html.escape(told["aria-label"])}" {size} src="{image_url(svg)}">'
    return f'<div class="bc-picture">{image}</div>'


def image_url(svg: str) -> str:
    """Return a drawing as the address of an image, which nothing has to be fetched for."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def show_problems(shelf: Shelf) -> None:
    """Show one line for each mistake in a file that could not be read, and where files lie that should be moved."""
    if note := earlier_folder_note():
        st.caption(plain(note))
    if not shelf.problems:
        return
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in shelf.problems)
    st.html(
        '<div class="bc-callout" role="alert"><h2>Some exercise files could not be read and are left out</h2>'
        f'<ul class="bc-lines">{lines}</ul></div>'
    )
