"""The camera page in the browser: its modules, and the component that mounts them.

There is no build step: what stands in this folder is what runs. `main.js` is mounted by the page;
it loads the other modules from `MODULES_PATH`, where the server offers them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from checker.service.live.protocol import RECORDING_PATH, SOCKET_PATH

HERE: Final = Path(__file__).parent
MODULES_PATH: Final = "/live/js"
"""Where the server offers the modules."""

MODULES: Final = frozenset(path.stem for path in HERE.glob("*.js"))


@functools.cache
def _component() -> Any:
    return st.components.v2.component(
        "backcheck_camera",
        html=(HERE / "camera.html").read_text(encoding="utf-8"),
        css=(HERE / "camera.css").read_text(encoding="utf-8"),
        js=(HERE / "main.js").read_text(encoding="utf-8"),
    )


def camera(
    token: str | None,
    movement: dict[str, Any],
    *,
    finished: Callable[[], None],
    again: Callable[[], None],
    key: str,
) -> None:
    """Show the camera, or where there is no session yet, what stands against one.

    Args:
        token: of the session, None while there is none.
        movement: its words, drawing, sides and unit, see `checker.ui.live.movement.movement_words`.
        finished: called once the session is over and its results are there.
        again: called when the session was lost and the person wants to begin again.
        key: of this camera on the page, a new one for each session; without a double underscore.
    """
    _component()(
        key=key,
        data={
            "token": token,
            "modules": MODULES_PATH,
            "path": SOCKET_PATH,
            "recordings": RECORDING_PATH,
            "movement": movement,
        },
        on_finished_change=finished,
        on_again_change=again,
    )
