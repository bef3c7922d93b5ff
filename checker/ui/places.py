"""The way from one page to another: pages are named here, and filled in by `checker.ui.main`.

So a page can lead to another without importing it. A movement's own pages do not stand in the navigation; they are
reached as `?movement=ID`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import streamlit as st

Place = Literal["movements", "camera", "review", "movement", "timer"]
"""The library, the camera, upload and review, one movement, and one with a timer."""

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


def asked_for() -> str:
    """Return the id of the movement in the address of the page; empty where there is none."""
    return st.query_params.get("movement", "")
