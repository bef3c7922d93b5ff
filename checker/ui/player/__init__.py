"""The player: the annotated video and its curve, each following the other.

Everything that must feel immediate happens in the browser (player.js): a click or a drag on the
curve moves the video, and a line on the curve follows the video. Python only hands over what to
show, and where to jump to when a button elsewhere on the page asks for a moment.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from checker.skeleton import Array

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that the buttons "previous" and "next" stop at."""

    time_s: float
    kind: Literal["repetition", "finding", "pain"]
    label: str


@functools.cache
def _component() -> Any:
    return st.components.v2.component(
        "backcheck_player",
        html=(HERE / "player.html").read_text(encoding="utf-8"),
        css=(HERE / "player.css").read_text(encoding="utf-8"),
        js=(HERE / "player.js").read_text(encoding="utf-8"),
        isolate_styles=False,  # the charting library puts its styles into the page
    )


def player(
    video_url: str,
    library_url: str,
    figure: go.Figure,
    t_s: Array,
    values: Array,
    unit: str,
    marks: list[Mark],
    seek: tuple[int, float] | None = None,
    *,
    key: str,
) -> None:
    """Show a video beside its curve.

    Args:
        video_url: same origin, with byte ranges.
        library_url: plotly.js, same origin.
        figure: x in seconds; fixed left and right margins, so that a click maps to a time.
        t_s: (T,) time of each frame.
        values: (T,) what is read out beside the time; NaN where nothing was measured.
        unit: written behind it.
        marks: in order of time.
        seek: a running number and a time: a new number jumps there.
        key: of this player on the page.
    """
    _component()(
        key=key,
        data={
            "video": video_url,
            "library": library_url,
            "figure": json.loads(figure.to_json()),
            "times": np.round(t_s, 4).tolist(),
            "values": [round(float(v), 1) if np.isfinite(v) else None for v in values],
            "unit": unit,
            "marks": [asdict(m) for m in marks],
            "seek": None if seek is None else {"n": seek[0], "time_s": seek[1]},
        },
    )
