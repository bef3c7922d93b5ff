"""Single frames out of a video, as JPEG files beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av

from checker.assessment import FaultResult


def write_stills(video: Path, faults: Iterable[FaultResult], folder: Path) -> dict[str, Path]:
    """Write the worst moment of each fault.

    Args:
        video: the annotated video.
        faults: those that were seen.
        folder: where the pictures go.

    Returns:
        By fault id the picture; a fault whose moment lies outside the video has none.
    """
    stills = {}
    with av.open(str(video)) as container:
        for fault in faults:
            moment_s = worst_moment_s(fault)
            frame = None if moment_s is None else _frame_at(container, moment_s)
            if frame is not None:
                path = folder / f"still-{fault.id}.jpg"
                frame.to_image().save(path, quality=85)
                stills[fault.id] = path
    return stills


def worst_moment_s(fault: FaultResult) -> float | None:
    """When a fault was at its largest; the middle of its first interval where that is not known."""
    if fault.peak_s is not None:
        return fault.peak_s
    if fault.intervals:
        start_s, end_s = fault.intervals[0]
        return (start_s + end_s) / 2
    return None


def _frame_at(container: av.container.InputContainer, time_s: float) -> av.VideoFrame | None:
    """The frame that is on screen at a time: from the key frame before it on."""
    stream = container.streams.video[0]
    assert stream.time_base is not None
    container.seek(int(time_s / stream.time_base), stream=stream)
    shown = None
    for frame in container.decode(stream):
        if frame.time is not None and frame.time > time_s and shown is not None:
            break
        shown = frame
    return shown
