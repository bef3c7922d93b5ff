"""The door of the app: `streamlit run app.py`, and `backcheck app` comes through it too.

Streamlit reads its settings beside this file, in .streamlit/config.toml.
"""

import streamlit as st

from checker.ui.app import PAGES, parts

app = st.App(PAGES, **parts())
