"""What every page shares: its frame, and the way from one page to another."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from checker.ui import places

HERE = Path(__file__).parent

st.set_page_config(page_title="BackCheck", page_icon=HERE / "icon.svg", layout="wide")
st.html(HERE / "page.css")
pages = [places.movements(), places.camera(), places.review(), places.movement(), places.timer()]
st.navigation(pages, position="top").run()
