"""The app: `streamlit run app.py`. The pages, and the routes that serve them besides."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from checker.ui.hosts import AllowedHosts
from checker.ui.owners import lifespan
from checker.ui.routes import ROUTES

app = st.App(
    Path(__file__).resolve().parent / "checker" / "ui" / "main.py",
    routes=ROUTES,
    lifespan=lifespan,
    middleware=[Middleware(AllowedHosts)],
)
