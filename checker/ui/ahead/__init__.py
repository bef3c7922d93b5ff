"""The code of charts, ahead of the first chart: it takes the browser a second or two, and a page is read anyway."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

import streamlit as st

HERE: Final = Path(__file__).parent
SCRIPTS: Final = Path(st.__file__).parent / "static" / "static" / "js"


@functools.cache
def _component() -> Any:
    return st.components.v2.component("backcheck_ahead", js=(HERE / "ahead.js").read_text(encoding="utf-8"))


def fetch_charts() -> None:
    """Have the browser fetch the code of charts when it has nothing else to do; nothing is seen of it."""
    found = next(SCRIPTS.glob("PlotlyChart.*.js"), None)
    if found is not None:
        with st.container(key="device-ahead"):
            _component()(key="ahead", data={"url": f"/static/js/{found.name}"})
