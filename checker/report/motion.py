"""`landmarks.trc` and `angles.mot`: for OpenSim and programs like it.

Axes as OpenSim has them: right-handed, y up. Here x runs to the picture's right and z towards the camera; the origin
is the middle of the hips in every frame, so that the person stays in place. Lengths are metres as the pose model
guesses them from one camera: their error is not known.

What was not seen is "nan" in both. OpenSim's tables read that; its reader fails over empty cells at the end of a line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from checker.judging.analysis import Analysis
from checker.report.angles import column_name
from checker.report.atomic import replacing
from checker.skeleton import Array, Landmark

DIGITS: Final = 9
"""Enough to give back every float32."""

_TO_Y_UP: Final = np.array([1.0, -1.0, -1.0])
"""From x right, y down, z away: half a turn about x, which keeps it right-handed."""


def has_frames(analysis: Analysis) -> bool:
    """Whether there is anything to write: OpenSim's reader never comes back from a TRC file without frames."""
    return len(analysis.t_s) > 0


def places(analysis: Analysis) -> Array:
    """Return where the landmarks were: (T, 33, 3) metres, y up; NaN where one was not seen."""
    return np.asarray(analysis.track.world, np.float64) * _TO_Y_UP + 0.0


def write_landmarks(analysis: Analysis, target: Path) -> None:
    """Write the landmarks as TRC.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written.
    """
    names = [one.name.lower() for one in Landmark]
    rate, frames = f"{analysis.assessment.video.fps:.6g}", len(analysis.t_s)
    xyz = "\t".join(f"{axis}{n}" for n in range(1, len(names) + 1) for axis in "XYZ")
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"PathFileType\t4\t(X/Y/Z)\t{target.name}\n")
        file.write("DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\t")
        file.write(f"OrigNumFrames\n{rate}\t{rate}\t{frames}\t{len(names)}\tm\t{rate}\t1\t{frames}\n")
        file.write("Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t\n\t\t" + xyz + "\n\n")
        for number, (t_s, points) in enumerate(zip(analysis.t_s, places(analysis), strict=True), start=1):
            cells = "\t".join(_number(value) for value in points.reshape(-1))
            file.write(f"{number}\t{t_s:.6f}\t{cells}\n")


def write_motion(analysis: Analysis, target: Path) -> None:
    """Write the signals as MOT, angles in degrees; the names of the others end with their unit.

    A signal of which nothing was seen is left out.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written.
    """
    signals = [s for s in analysis.signals.values() if np.isfinite(s.values).any()]
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        head = (f"nRows={len(analysis.t_s)}", f"nColumns={len(signals) + 1}", "inDegrees=yes", "endheader")
        file.write("\n".join(["BackCheck", "version=1", *head, ""]))
        file.write("\t".join(["time", *(column_name(s) for s in signals)]) + "\n")
        for index, t_s in enumerate(analysis.t_s):
            file.write("\t".join([f"{t_s:.6f}", *(_number(s.values[index]) for s in signals)]) + "\n")


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}" if np.isfinite(value) else "nan"
