"""Single moments of a recording as pictures, with what was measured drawn on them; or the lines alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from checker.assessment import Turn
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.overlay import Overlay, Rgb
from checker.report.stills import read_stills

GROUND: Final = 45
"""Grey level behind the lines where no picture was kept."""

MOST_SIDE_PX: Final = 720


def draw_moments(
    analysis: Analysis,
    exercise: Exercise,
    times_s: Sequence[float],
    source: Path | None,
    turn_deg: Turn = 0,
    mirrored: bool = False,
) -> list[bytes]:
    """Draw what was measured at some moments.

    Args:
        analysis: what was found.
        exercise: the movement.
        times_s: the moments.
        source: the recording; None where no picture was kept.
        turn_deg: how far its pictures are turned clockwise.
        mirrored: whether they are turned round.

    Returns:
        A JPEG a moment.

    Raises:
        checker.video.reader.VideoError: the recording cannot be read.
    """
    height, width = analysis.track.height, analysis.track.width
    blank = np.full((height, width, 3), GROUND, np.uint8)
    found = read_stills(source, times_s, turn_deg) if source is not None else {}
    pictures = [_small(np.asarray(found.get(time_s, blank))) for time_s in times_s]
    out = []
    for time_s, picture in zip(times_s, pictures, strict=True):
        shown = np.ascontiguousarray(picture[:, ::-1] if mirrored else picture)
        overlay = Overlay(analysis, exercise, shown.shape[1], shown.shape[0])
        drawn = overlay.draw(shown, analysis.at(time_s))
        out.append(cv2.imencode(".jpg", cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))[1].tobytes())
    return out


def _small(picture: Rgb) -> Rgb:
    """A picture that is no larger than it is shown."""
    scale = MOST_SIDE_PX / max(picture.shape[:2])
    if scale >= 1.0:
        return picture.copy()
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
