"""The stage: two recordings and their curves, moved together in the browser (stage.js).

The lines are drawn by what draws them on the camera page; where no video was kept they stand alone. Python hands over
what to show: where each recording is at a place of the axis, and the ghost, were worked out before.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from checker.comparing.axis import PHASE_OF, Axis
from checker.comparing.ghost import Ghost
from checker.comparing.stage import Stage
from checker.comparing.take import Take
from checker.picture import folded
from checker.skeleton import BONES, Array, Mask
from checker.ui.live.browser import MODULES_PATH
from checker.ui.shelf import image_url
from checker.words.values import scale_of

HERE: Final = Path(__file__).parent
JOINTS: Final = sorted({int(joint) for bone in BONES for joint in bone})
SHARES: Final = 10_000
"""Places go to the browser in so many parts of the picture's width or height."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is written on the stage.

    Attributes:
        panes: above each picture.
        short: of each in the key of the curves.
        notes: below each picture.
        ghost: of the ghost's switch, and of its badge in the picture.
    """

    panes: tuple[str, str]
    short: tuple[str, str]
    notes: tuple[str, str]
    ghost: tuple[str, str]


@functools.cache
def _component() -> Any:
    return st.components.v2.component(
        "backcheck_compare",
        html=(HERE / "stage.html").read_text(encoding="utf-8"),
        css=(HERE / "stage.css").read_text(encoding="utf-8"),
        js=(HERE / "stage.js").read_text(encoding="utf-8"),
        isolate_styles=False,  # the page's own look, and its place in the window
    )


def show(stage: Stage, names: Names, videos: tuple[str | None, str | None], *, two: str) -> None:
    """Show two recordings on one axis.

    Args:
        stage: the two.
        names: what is written beside them.
        videos: where the browser finds each; None where none was kept.
        two: names the two and how they are laid together: another one begins at the furthest point anew.
    """
    _component()(key="compare-stage", data=stage_data(stage, names, videos, two))


def stage_data(stage: Stage, names: Names, videos: tuple[str | None, str | None], two: str) -> dict[str, Any]:
    """Return what the browser takes, as plain values."""
    scale, suffix = scale_of(stage.folded.unit)
    decimals = 0 if suffix in {"°", " %"} else 2
    at, rows = stage.folded.at, (stage.folded.then, stage.folded.now)
    return {
        "two": two,
        "way": stage.way,
        "hold": stage.now.moments.is_hold,
        "overlay": f"{MODULES_PATH}/overlay.js",
        "joints": JOINTS,
        "ends": [float(at[0]), float(at[-1])],
        "begin": _begin(stage),
        "jumps": _jumps(stage),
        "parts": [list(part) for part in stage.parts],
        "unit": suffix,
        "names": list(names.short),
        "values": [[_rounded(scale * v, decimals) for v in row] for row in rows],
        "chart": _chart(stage, names, scale, suffix),
        "ghost": {"why": stage.ghost.why_not, "label": names.ghost[0], "badge": names.ghost[1]},
        "panes": [
            _pane(stage.then, stage.axes[0], stage.frames[0]) | _written(names, videos, 0),
            _pane(stage.now, stage.axes[1], stage.frames[1], stage.ghost) | _written(names, videos, 1),
        ],
    }


def _written(names: Names, videos: tuple[str | None, str | None], i: int) -> dict[str, Any]:
    return {"name": names.panes[i], "note": names.notes[i], "video": videos[i]}


def _pane(take: Take, axis: Axis, frames: npt.NDArray[np.intp], ghost: Ghost | None = None) -> dict[str, Any]:
    track = take.analysis.track
    size = (track.width, track.height)
    bodies = np.concatenate([track.image[frames], track.visibility[frames][..., None]], axis=-1)
    drawn = None if ghost is None or ghost.why_not else [_flat(body, size) for body in ghost.points[frames]]
    return {
        "width": size[0],
        "height": size[1],
        "axis": {"at": list(axis.at), "t": list(axis.t_s)},
        "times": np.round(take.analysis.t_s[frames], 4).tolist(),
        "bodies": [_flat(body, size) for body in bodies],
        "ghosts": drawn,
    }


def _flat(body: Array, size: tuple[int, int]) -> list[int] | None:
    """x, y and visibility of each joint one after another; a joint that was not seen is not visible."""
    joints = body[JOINTS] * [SHARES / size[0], SHARES / size[1], 100.0]
    seen: Mask = np.asarray(np.isfinite(joints).all(axis=1))
    if not seen.any():
        return None
    return [int(v) for v in np.where(seen[:, None], np.round(joints), 0.0).ravel()]


def _begin(stage: Stage) -> float:
    """The furthest point; of a hold, its beginning."""
    if stage.way == "time" or stage.now.moments.is_hold:
        return 0.0
    return (PHASE_OF[1] + PHASE_OF[2]) / 2


def _jumps(stage: Stage) -> list[tuple[str, float]]:
    """The events of the second recording, by name."""
    moments, axis = stage.now.moments, stage.axes[1]
    start, end = (float(axis.place(np.array([t_s]))[0]) for t_s in (moments.start_s, moments.end_s))
    between = [] if moments.is_hold else [("Furthest", _begin(stage))]
    return [("Start", start), *between, ("End", end)]


def _chart(stage: Stage, names: Names, scale: float, suffix: str) -> dict[str, Any]:
    curve = stage.folded
    name = stage.now.analysis.signals[curve.signal].name
    label = f"{name} of both on one axis. Move along it with the slider to read the values."
    svg = folded.folded_curves(
        curve.at, scale * curve.then, scale * curve.now, scale * curve.beside, names=names.short, unit=suffix,
        label=label, parts=stage.parts, ends=_ends(stage),
    )  # fmt: skip
    return {
        "image": image_url(svg),
        "label": label,
        "width": folded.WIDTH,
        "height": folded.HEIGHT,
        "plot": {
            "left": folded.LEFT / folded.WIDTH,
            "right": 1 - folded.RIGHT / folded.WIDTH,
            "top": folded.TOP / folded.HEIGHT,
            "bottom": 1 - folded.BOTTOM / folded.HEIGHT,
        },
    }


def _ends(stage: Stage) -> tuple[str, str]:
    if stage.way == "phase":
        return "0 %", "100 %"
    return ("begins", "") if stage.now.moments.is_hold else ("before the furthest point", "after it")


def _rounded(value: float, decimals: int) -> float | int | None:
    if not np.isfinite(value):
        return None
    rounded = round(float(value), decimals) + 0.0
    return int(rounded) if decimals == 0 else rounded
