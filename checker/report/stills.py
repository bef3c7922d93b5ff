"""Single frames of a clip, read in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from checker.assessment import Turn
from checker.overlay import Rgb
from checker.video.reader import open_video


def read_stills(source: Path, times_s: Iterable[float], turn_deg: Turn = 0) -> dict[float, Rgb]:
    """The frames on screen at some times.

    Args:
        source: the clip.
        times_s: seconds since its first frame; those past its end get its last frame.
        turn_deg: how far the picture is turned clockwise.

    Returns:
        By time (H, W, 3) uint8, safe to draw on.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
    """
    waiting = sorted(set(times_s))
    stills: dict[float, Rgb] = {}
    if not waiting:
        return stills
    with open_video(source, turn_deg=turn_deg) as video:
        shown: Rgb | None = None
        for frame in video:
            while waiting and frame.t_s > waiting[0] and shown is not None:
                stills[waiting.pop(0)] = shown.copy()
            if not waiting:
                break
            shown = np.asarray(frame.rgb, np.uint8)
    if shown is not None:
        stills |= {time_s: shown.copy() for time_s in waiting}
    return stills
