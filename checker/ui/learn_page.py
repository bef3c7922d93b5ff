"""The page "Learn": short pages about spasms, one open at a time, at an address of its own (`?topic=ID`)."""

from __future__ import annotations

import html

import streamlit as st

from checker.exercise import Exercise
from checker.picture import picture, tower
from checker.ui import places
from checker.ui.filters import KIND_HEADINGS
from checker.ui.plain import plain
from checker.ui.shelf import as_image, read_shelf
from checker.ui.top import screen
from checker.ui.words import bullets
from checker.words.learning import (
    FIRST_PAGE,
    TOPICS,
    Drawing,
    LearnError,
    LearnPage,
    Part,
    learn_page,
    learn_pages,
    learn_pages_for,
)
from checker.words.values import counted


def page() -> None:
    """Show the page that the address names, or the list of all."""
    asked = st.query_params.get(places.TOPIC, "")
    try:
        shown = learn_page(asked)
        with screen("learn", "list" if shown is None else shown.id):
            _page(asked, shown)
    except LearnError as error:
        st.error(plain(str(error)), icon=":material/error:")


def show_links(tag: str, most: int = 3) -> None:
    """Show links to what there is to read, on another page; nothing where there is nothing.

    Args:
        tag: where one is: "flare", "phase_1", "sitting", or the id of a movement.
        most: how many, the first ones.
    """
    pages = learn_pages_for(tag)[:most]
    if pages:
        st.header("Good to read", anchor=False)
    for one in pages:
        places.link_to_read(one.id, plain(one.title), ":material/menu_book:")


def _page(asked: str, shown: LearnPage | None) -> None:
    if shown is not None:
        _show(shown)
        return
    st.title("Learn", anchor=False)
    if asked:
        st.error("There is no such page here. These are the ones there are.", icon=":material/error:")
    _list()


def _list() -> None:
    """Show all pages by topic, the one about seeing somebody first."""
    st.html('<p class="bc-lead">Short pages, one or two minutes each. They inform; they cannot look at your back.</p>')
    for topic, heading in TOPICS.items():
        st.header(heading, anchor=False)
        with st.container(key=f"grid-learn-{topic}"):
            for one in learn_pages():
                if one.topic == topic:
                    _card(one)


def _card(one: LearnPage) -> None:
    with st.container(border=True, key=f"card-learn-{one.id}", gap="xsmall"):
        _open_button(one, "list")
        minutes = f"{counted(one.minutes, 'minute')} to read"
        st.html(f'<p class="bc-summary">{html.escape(one.summary)}</p><p class="bc-note">{html.escape(minutes)}</p>')


def _open_button(one: LearnPage, where: str, icon: str | None = None) -> None:
    """Show what opens a page: a link within one page would leave the browser's address as it was."""
    st.button(plain(one.title), key=f"{where}-{one.id}", type="tertiary", icon=icon, on_click=_open, args=(one.id,))


def _open(page_id: str | None) -> None:
    st.query_params.from_dict({} if page_id is None else {places.TOPIC: page_id})


def _show(one: LearnPage) -> None:
    """Show one page, with the way back and the way to help above it."""
    first = learn_page(FIRST_PAGE)
    with st.container(horizontal=True, key="learn-top"):
        st.button(
            "All pages", key="learn-all", type="tertiary", icon=":material/arrow_back:", on_click=_open, args=(None,)
        )
        if first is not None and one is not first:
            _open_button(first, "top", ":material/call:")
    st.title(plain(one.title), anchor=False)
    st.html(f'<p class="bc-lead">{html.escape(one.summary)}</p>')
    if one.drawing == "tower":
        st.html(as_image(tower()))
    for part in one.sections:
        _part(part)
    _see(one)
    with st.expander("Where this comes from"):
        st.markdown(bullets(one.sources))


def _part(part: Part) -> None:
    """Show a heading with what stands under it, as words alone: a file must not become anything else."""
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in part.text)
    steps = "".join(f"<li>{html.escape(line)}</li>" for line in part.steps)
    points = "".join(f"<li>{html.escape(line)}</li>" for line in part.points)
    lists = (f"<ol>{steps}</ol>" if steps else "") + (f"<ul>{points}</ul>" if points else "")
    words = f"{lists}{paragraphs}" if steps else f"{paragraphs}{lists}"
    look = "bc-read bc-callout" if part.urgent else "bc-read"
    st.html(f'<section class="{look}"><h2>{html.escape(part.heading)}</h2>{words}{_drawn(part.drawing)}</section>')


def _drawn(drawing: Drawing | None) -> str:
    return "" if drawing is None else as_image(picture(drawing))


def _see(one: LearnPage) -> None:
    """Show what goes with a page: movements to do, and pages to read on; the first one is at the top anyway."""
    shelf = read_shelf()
    movements = [entry.exercise for other in one.see if (entry := shelf.find(other)) is not None]
    pages = [other for i in one.see if i != FIRST_PAGE and (other := learn_page(i)) is not None]
    _movements("Movements that go with this", [m for m in movements if m.kind != "avoid"])
    _movements(KIND_HEADINGS["avoid"], [m for m in movements if m.kind == "avoid"])
    if pages:
        st.header("Read on", anchor=False)
        with st.container(key="learn-pages", gap=None):
            for other in pages:
                _open_button(other, "see", ":material/arrow_forward:")


def _movements(heading: str, movements: list[Exercise]) -> None:
    if movements:
        st.header(heading, anchor=False)
        with st.container(horizontal=True):
            for movement in movements:
                places.link("movement", movement.id, plain(movement.name), ":material/arrow_forward:")
