"""How far back the trunk of somebody upright is seen to lean: start postures of rendered people, from the side.

    python benchmarks/upright.py                     clips of ../shared, tidy and lived-in
    python benchmarks/upright.py FOLDER [FOLDER...]  other clips with their manifest and truth

Printed by position: how many people, the median over them, by which `checker.signals.side.LEANS_BACK_DEG` gives it
back, and between which values nine of ten lie.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clips import ROOT, Clip, find_clips

from checker.analyze import analyze_video
from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model
from checker.signals.side import LEANS_BACK_DEG

SIGNAL: Final = "trunk_flexion"
FOLDERS: Final = (ROOT.parent / "shared" / "clips", ROOT.parent / "shared" / "home")


def leans_back_deg(clip: Clip, model: ModelFile) -> float | None:
    """How much further back than it is the trunk is seen at the start; None where nothing was measured."""
    exercise = find_exercise(clip.exercise)
    true = [r["truth"][SIGNAL]["start"] for r in clip.reps if SIGNAL in r["truth"]]
    if clip.abstain or exercise.view != "side" or exercise.position not in LEANS_BACK_DEG or not true:
        return None
    found = analyze_video(clip.path, exercise, model).assessment
    start = next((m.start for m in found.measures if m.id == SIGNAL), None)
    return None if start is None else median(true) - (start - LEANS_BACK_DEG[exercise.position])


def main() -> None:
    """Print what every position shows."""
    model = ensure_model()
    people: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for folder in [Path(a) for a in sys.argv[1:]] or FOLDERS:
        for clip in find_clips(folder=folder):
            seen = leans_back_deg(clip, model)
            if seen is not None:
                people[find_exercise(clip.exercise).position][clip.person].append(seen)
    for position, of in people.items():
        each = [median(values) for values in of.values()]
        low, high = np.quantile(each, (0.05, 0.95))
        print(f"{position}: {len(each)} people, median {median(each):.1f} degrees, nine of ten {low:.1f} to {high:.1f}")


if __name__ == "__main__":
    main()
