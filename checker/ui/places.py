"""The pages there are, so that each can lead to another.

A movement's own pages do not stand in the navigation; they are reached as `?movement=ID`.
"""

from __future__ import annotations

import streamlit as st


def movements() -> st.Page:
    """The library."""
    from checker.ui import library_page

    return st.Page(library_page.page, title="Movements", default=True)


def movement() -> st.Page:
    """One movement of the library."""
    from checker.ui import movement_page

    return st.Page(movement_page.page, title="Movement", url_path="movement", visibility="hidden")


def timer() -> st.Page:
    """A movement done with picture, words and a timer."""
    from checker.ui import guided_page

    return st.Page(guided_page.page, title="With a timer", url_path="timer", visibility="hidden")


def review() -> st.Page:
    """Where a video is handed in and its results are shown."""
    from checker.ui import review as review_page

    return st.Page(review_page.page, title="Upload and review", url_path="review")


def camera() -> st.Page:
    """Where a movement is done before the camera."""
    from checker.ui.live import page as camera_page

    return st.Page(camera_page.page, title="Camera", url_path="camera")


def link(page: st.Page, movement_id: str, label: str, icon: str | None = None, *, wide: bool = False) -> None:
    """Show a link to a movement's page."""
    st.page_link(
        page, label=label, icon=icon, query_params={"movement": movement_id}, width="stretch" if wide else "content"
    )


def asked_for() -> str:
    """The id in the address of the page; empty where there is none."""
    return st.query_params.get("movement", "")
