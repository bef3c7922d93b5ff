"""What every page shares: its frame, and the pages that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from checker.ui import guided_page, library_page, movement_page, places, review
from checker.ui.live import page as camera_page

HERE: Final = Path(__file__).parent

st.set_page_config(page_title="BackCheck", page_icon=HERE / "icon.svg", layout="wide")
st.html(HERE / "page.css")
pages: Final[dict[places.Place, st.Page]] = {
    "movements": st.Page(library_page.page, title="Movements", default=True),
    "camera": st.Page(camera_page.page, title="Camera", url_path="camera"),
    "review": st.Page(review.page, title="Upload and review", url_path="review"),
    "movement": st.Page(movement_page.page, title="Movement", url_path="movement", visibility="hidden"),
    "timer": st.Page(guided_page.page, title="With a timer", url_path="timer", visibility="hidden"),
}
places.fill(pages)
st.navigation(list(pages.values()), position="top").run()
