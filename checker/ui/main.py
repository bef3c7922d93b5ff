"""What every page shares: its frame, and the way from one page to another."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from checker.ui import review

st.set_page_config(page_title="BackCheck", page_icon=Path(__file__).parent / "icon.svg", layout="wide")
st.navigation([st.Page(review.page, title="Upload and review", default=True)], position="top").run()
