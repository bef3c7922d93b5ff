"""The timer: a countdown, a stop-watch, or a rhythm to breathe with.

All of it runs in the browser (timer.js); the server is not asked while it runs, and learns nothing.
"""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Plan:
    """What to time.

    Attributes:
        seconds: of one round, counted down; None: counts up until it is stopped.
        rounds: how many of them.
        steps: of a rhythm, (name, seconds) each; one round goes through all of them.
    """

    seconds: float | None = None
    rounds: int = 1
    steps: list[tuple[str, float]] = field(default_factory=list)


@functools.cache
def _component() -> Any:
    return st.components.v2.component(
        "backcheck_timer",
        html=(HERE / "timer.html").read_text(encoding="utf-8"),
        css=(HERE / "timer.css").read_text(encoding="utf-8"),
        js=(HERE / "timer.js").read_text(encoding="utf-8"),
    )


def timer(plan: Plan, *, key: str) -> None:
    """Show a timer; it keeps running while the rest of the page changes.

    Args:
        plan: what to time.
        key: of this timer on the page; without a double underscore.
    """
    _component()(key=key, data=asdict(plan))
