"""The player: the annotated video and its curve, each following the other.

Everything that must feel immediate happens in the browser (player.js): a click or a drag on the
curve moves the video, and a line on the curve follows the video. Python only hands over what to
show, and where to jump to when a button elsewhere on the page asks for a moment.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from checker.judging.moments import ROUNDING_S
from checker.skeleton import Array
from checker.ui.player.measuring import Drawn, Measuring

__all__ = ["Drawn", "Hands", "Mark", "Measuring", "player"]

Told = Callable[[dict[str, Any]], None] | None
"""Takes what the browser said."""

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that the buttons "previous" and "next" stop at."""

    time_s: float
    kind: Literal["repetition", "finding", "pain"]
    label: str


@dataclass(frozen=True, slots=True)
class Hands:
    """What a reviewer can do in the player with their hands; see `told`.

    Attributes:
        bounds: "start", "furthest" and "end" of the repetition that is being changed, seconds; None: none is.
        point: the joint that a click on the picture sets, in words, with the size of the picture that was looked at.
        asking: whether the player is to tell where the video stands, once.
        quiet: whether no value is read out: a blind look.
        measuring: how to measure by hand in the pictures; None: not at all.
    """

    bounds: dict[str, float] | None = None
    point: tuple[str, int, int] | None = None
    asking: bool = False
    quiet: bool = False
    measuring: Measuring | None = None

    def as_data(self) -> dict[str, Any]:
        """As the browser takes it."""
        names = ("label", "width", "height")
        return {
            "bounds": self.bounds,
            "point": None if self.point is None else dict(zip(names, self.point, strict=True)),
            "asking": self.asking,
            "quiet": self.quiet,
            "measuring": None if self.measuring is None else self.measuring.as_data(),
        }


@functools.cache
def _component() -> Any:
    return st.components.v2.component(
        "backcheck_player",
        html=(HERE / "player.html").read_text(encoding="utf-8"),
        css=_joined("player.css", "measure.css"),
        js=_joined("plane.js", "draw.js", "measure.js", "player.js"),
        isolate_styles=False,  # the charting library puts its styles into the page
    )


def _joined(*names: str) -> str:
    """Files of the browser's part as one: a component takes a single text, and nothing is built."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


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
    hands: Hands | None = None,
    moved: Told = None,
    stands: Told = None,
    pointed: Told = None,
    measured: Told = None,
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
        hands: what a reviewer can do; None: nothing but look.
        moved: told which bound was set ("what") and when ("time_s").
        stands: told which moment is shown ("time_s"), where it is asked for.
        pointed: told where the picture was clicked ("x_px", "y_px"), and when ("time_s").
        measured: told what was measured by hand and is to be kept: see `checker.service.by_hand`.
    """
    to = {"moved": moved, "stands": stands, "pointed": pointed, "measured": measured}
    _component()(
        key=key,
        data={
            "video": video_url,
            "library": library_url,
            "figure": json.loads(figure.to_json()),
            **_read_out(t_s, values),
            "unit": unit,
            "marks": [asdict(m) for m in marks],
            "seek": None if seek is None else {"n": seek[0], "time_s": seek[1]},
            "hands": None if hands is None else hands.as_data(),
        },
        **{f"on_{name}_change": functools.partial(_tell, key, name, told) for name, told in to.items()},
    )


def _read_out(t_s: Array, values: Array) -> dict[str, Any]:
    """The times of the frames, how far a told moment may be off them, and what is read out in each."""
    read = [round(float(v), 1) if np.isfinite(v) else None for v in values]
    return {"times": np.round(t_s, 4).tolist(), "rounding_s": ROUNDING_S, "values": read}


def _tell(key: str, name: str, to: Told) -> None:
    """Pass on what the browser said."""
    said = st.session_state[key].get(name)
    if to is not None and said is not None:
        to(said)
