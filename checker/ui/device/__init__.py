"""What this browser remembers: whether the videos handed in with it, or its camera's, are mirror images.

Python has no place for that which outlasts a visit and belongs to one device; the browser's own storage is
one, and `memory.js` the one home of what is remembered there. Uploads and cameras are remembered apart: a
telephone may store its pictures as in a mirror while the laptop's camera does not.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

import streamlit as st

from checker.service.work import Whose
from checker.ui.live.browser import MODULES_PATH

HERE: Final = Path(__file__).parent


@functools.cache
def _component() -> Any:
    return st.components.v2.component("backcheck_device", js=(HERE / "device.js").read_text(encoding="utf-8"))


def remember(whose: Whose, mirrored: bool) -> None:
    """Have the browser remember it, with the next run of `keep` on a page."""
    st.session_state[_key(whose)] = mirrored


def recall(whose: Whose) -> bool:
    """Return whether these pictures are mirror images, as the browser remembers; False until it has answered."""
    return bool(st.session_state.get(_key(whose), False))


def keep(whose: Whose, ask: bool = False) -> None:
    """Put the memory on the page, out of sight: it stores what `remember` was given.

    Args:
        whose: of which pictures.
        ask: whether the browser first says what it has; the page is run again then.
    """
    known = st.session_state.get(_key(whose))
    data = {"modules": MODULES_PATH, "whose": whose, "ask": ask and known is None, "mirrored": known}
    with st.container(key=f"device-{whose}"):
        told = _component()(key=f"memory-{whose}", data=data, on_recalled_change=_nothing)
    recalled = getattr(told, "recalled", None)
    if ask and known is None and recalled is not None:
        remember(whose, recalled == "yes")


def _nothing() -> None:
    """The new run of the page is all that is wanted."""


def _key(whose: Whose) -> str:
    return f"mirrored-{whose}"
