"""The worst moment of each finding as a picture, out of the annotated video."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2

from checker.assessment import FaultResult
from checker.report.stills import read_stills


def write_stills(video: Path, faults: Iterable[FaultResult], folder: Path) -> dict[str, Path]:
    """Write a JPEG for each fault that has a moment.

    Args:
        video: the annotated video.
        faults: those that were seen.
        folder: where the pictures go.

    Returns:
        By fault id the picture.

    Raises:
        checker.video.reader.VideoError: when the video cannot be read.
    """
    moments = {f.id: worst_moment_s(f) for f in faults}
    frames = read_stills(video, [time_s for time_s in moments.values() if time_s is not None])
    stills = {}
    for fault_id, time_s in moments.items():
        if time_s is not None and time_s in frames:
            stills[fault_id] = folder / f"still-{fault_id}.jpg"
            cv2.imwrite(str(stills[fault_id]), cv2.cvtColor(frames[time_s], cv2.COLOR_RGB2BGR))
    return stills


def worst_moment_s(fault: FaultResult) -> float | None:
    """When a fault was at its largest; the middle of its first interval where that is not known."""
    if fault.peak_s is not None:
        return fault.peak_s
    if fault.intervals:
        start_s, end_s = fault.intervals[0]
        return (start_s + end_s) / 2
    return None
