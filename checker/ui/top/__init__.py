"""One screen of a page after another: the browser would leave the last one's scroll, and the last one's rest below."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import streamlit as st

HERE: Final = Path(__file__).parent
SHOWN: Final = "screen"
"""Which screen was shown last."""


@functools.cache
def _component() -> Any:
    return st.components.v2.component("backcheck_top", js=(HERE / "top.js").read_text(encoding="utf-8"))


@contextmanager
def screen(name: str, what: str = "") -> Iterator[None]:
    """Hold all of a page that is seen at once. Another screen begins empty, and at the top of the page.

    Without it, Streamlit takes what was there away only when all that is new has come, and pushes it down until then.

    Args:
        name: of the container, by which its look is found.
        what: is shown in it: another one is another screen.
    """
    shown = f"{name}-{what}"
    is_new = st.session_state.get(SHOWN) != shown
    st.session_state[SHOWN] = shown
    with (st.empty() if is_new else st).container(key=name):
        with st.container(key=f"device-top-{name}"):
            _component()(key=f"from-top-{shown}")
        yield
