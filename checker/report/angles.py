"""`angles.csv`: one row a frame, the time first, one column a signal with its unit in the name."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np

from checker.judging.analysis import Analysis, SignalTrace
from checker.report.atomic import replacing

UNIT_SUFFIXES: Final = {
    "deg": "deg",
    "T": "torso_lengths",
    "leg": "leg_lengths",
    "ratio": "ratio",
    "s": "s",
    "deg/s": "deg_per_s",
    "count": "count",
    "1/min": "per_min",
}
DECIMALS: Final = 4
"""Of a value; far finer than any of them is measured, and short enough to read."""


def column_name(signal: SignalTrace) -> str:
    """Return a signal's id with its unit behind it: "hip_shift_torso_lengths"; never the unit twice."""
    suffix = UNIT_SUFFIXES.get(signal.unit, signal.unit)
    return signal.id if signal.id.endswith(f"_{suffix}") or not suffix else f"{signal.id}_{suffix}"


def write_angles(analysis: Analysis, target: Path) -> None:
    """Write the table as UTF-8; a value that was not measured is an empty cell.

    Raises:
        checker.report.atomic.ReportError: when the file cannot be written.
    """
    signals = list(analysis.signals.values())
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["t_s", *(column_name(s) for s in signals)])
        for index, t_s in enumerate(analysis.t_s):
            table.writerow([f"{t_s:.6f}", *(_cell(float(s.values[index])) for s in signals)])


def _cell(value: float) -> str:
    return f"{value + 0.0:.{DECIMALS}f}" if np.isfinite(value) else ""
