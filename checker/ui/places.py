"""The way from one page to another: pages are named here, and filled in by `checker.ui.main`.

So a page can lead to another without importing it. A movement's own pages do not stand in the navigation; they are
reached as `?movement=ID`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

import streamlit as st

Place = Literal[
    "today", "movements", "camera", "review", "movement", "timer", "learn", "progress", "weekly", "session", "data",
    "desk", "tray", "patient", "audit", "compare", "new", "days",
]  # fmt: skip
"""Today, the library, the camera, upload and review, one movement, one with a timer, what there is to read, how it has
gone, the weekly look, a physio's look at one session, what is kept, the physio's desk, many videos at once, what is set
for a patient; of a clinic's physio, who looked at what; two sessions beside one another, a movement that is begun, what
was planned and done of a patient."""

OF_PHYSIO: Final[tuple[Place, ...]] = ("desk", "tray", "session", "patient", "audit", "compare", "new", "days")
"""Where somebody who may review looks at others, and nobody exercises."""

TO_MOVE: Final[tuple[Place, ...]] = ("camera", "timer")
"""Where somebody exercises."""

TOPIC: Final = "topic"
"""The name in the address of a page to read, before its id."""

_PAGES: Final[dict[Place, st.Page]] = {}


def fill(pages: Mapping[Place, st.Page]) -> None:
    """Say which pages there are; before any of them is run."""
    _PAGES.update(pages)


def page(place: Place) -> st.Page:
    """Return a page, to link or to switch to.

    Raises:
        KeyError: the pages were not filled in yet.
    """
    return _PAGES[place]


def link(place: Place, movement_id: str, label: str, icon: str | None = None, *, wide: bool = False) -> None:
    """Show a link to a movement's page; the label is Markdown."""
    width: Literal["stretch", "content"] = "stretch" if wide else "content"
    st.page_link(page(place), label=label, icon=icon, query_params={"movement": movement_id}, width=width)


def link_to_read(topic: str, label: str, icon: str | None = None) -> None:
    """Show a link from another page to one of those to read; the label is Markdown."""
    st.page_link(page("learn"), label=label, icon=icon, query_params={TOPIC: topic}, width="content")


def link_to_compare(session_id: UUID) -> None:
    """Show a link to the page that holds a session against another one."""
    query = {"session": str(session_id)}
    label, icon = "Compare with another", ":material/compare_arrows:"
    st.page_link(page("compare"), label=label, icon=icon, query_params=query, width="content")


def asked_for() -> str:
    """Return the id of the movement in the address of the page; empty where there is none."""
    return st.query_params.get("movement", "")
