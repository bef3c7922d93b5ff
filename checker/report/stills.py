"""Single frames of a clip, read in one pass; the worst moment of each fault as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from checker.assessment import FaultResult, Turn
from checker.judging.moments import tells_of_next
from checker.overlay import Rgb
from checker.report.atomic import replacing
from checker.video.reader import open_video


def read_stills(source: Path, times_s: Iterable[float], turn_deg: Turn = 0) -> dict[float, Rgb]:
    """Return the frames that are on screen at some times; for a time that was rounded, the frame that it tells of.

    Args:
        source: the clip.
        times_s: seconds since its first frame; those past its end get its last frame.
        turn_deg: how far the picture is turned clockwise.

    Returns:
        The frames by time, each (H, W, 3) uint8; a copy that may be drawn on.

    Raises:
        checker.video.reader.VideoError: the clip cannot be read.
    """
    waiting = sorted(set(times_s))
    stills: dict[float, Rgb] = {}
    if not waiting:
        return stills
    with open_video(source, turn_deg=turn_deg) as video:
        shown: Rgb | None = None
        shown_s = 0.0
        for frame in video:
            while waiting and frame.t_s > waiting[0] and shown is not None:
                if tells_of_next(waiting[0], shown_s, frame.t_s):
                    break
                stills[waiting.pop(0)] = shown.copy()
            if not waiting:
                break
            shown, shown_s = np.asarray(frame.rgb, np.uint8), frame.t_s
    if shown is not None:
        stills |= {time_s: shown.copy() for time_s in waiting}
    return stills


def write_stills(video: Path, faults: Iterable[FaultResult], folder: Path) -> dict[str, Path]:
    """Write a JPEG of the worst moment of each fault that has a moment.

    Args:
        video: the annotated video.
        faults: the faults that were seen.
        folder: where the pictures are written.

    Returns:
        The path of the picture by fault id.

    Raises:
        checker.video.reader.VideoError: the video cannot be read.
        checker.report.atomic.ReportError: a picture cannot be written.
    """
    moments = {f.id: worst_moment_s(f) for f in faults}
    frames = read_stills(video, [time_s for time_s in moments.values() if time_s is not None])
    stills = {}
    for fault_id, time_s in moments.items():
        if time_s is not None and time_s in frames:
            stills[fault_id] = folder / f"still-{fault_id}.jpg"
            jpeg = cv2.imencode(".jpg", cv2.cvtColor(frames[time_s], cv2.COLOR_RGB2BGR))[1]
            with replacing(stills[fault_id]) as draft:
                draft.write_bytes(jpeg.tobytes())
    return stills


def worst_moment_s(fault: FaultResult) -> float | None:
    """Return when a fault was largest, seconds; the middle of its first interval where that is not known."""
    if fault.peak_s is not None:
        return fault.peak_s
    return sum(fault.intervals[0]) / 2 if fault.intervals else None
