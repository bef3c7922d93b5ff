"""Recorded poses of real people (../shared/real/tracks) against what the eye counts.

python benchmarks/tracks.py       one line a track, and how many are as the eye sees them
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.assessing import assess
from checker.assessment import Assessment
from checker.library import find_exercise
from checker.track import Pose, PoseTrack

TRACKS: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "real" / "tracks"


def expected() -> dict[str, dict[str, Any]]:
    """What the eye counts, by the track's name; nothing where the tracks are missing."""
    path = TRACKS / "expected.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def track(name: str) -> PoseTrack:
    """A recorded track."""
    data = np.load(TRACKS / f"{name}.npz")
    poses = []
    for i in range(len(data["t_s"])):
        arrays = {n: data[n][i] for n in ("image", "world", "visibility", "outline", "feet")}
        t_s, people, brightness = float(data["t_s"][i]), int(data["people"][i]), float(data["brightness"][i])
        poses.append(Pose(t_s=t_s, people=people, brightness=brightness, **arrays))
    return PoseTrack.stack(poses, int(data["width"]), int(data["height"]))


def assessed(name: str, exercise_id: str) -> Assessment:
    """What is said of a recorded track."""
    return assess(find_exercise(exercise_id), track(name)).assessment


def is_right(want: dict[str, Any], found: Assessment) -> bool:
    """Whether repetitions, holds and faults are as the eye sees them, or were honestly refused where they may be."""
    measured = bool(found.reps)
    good = {
        "measure": _counted_right(want, found),
        "abstain": not measured,
        "either": _counted_right(want, found) or not measured,
        "measure_or_half": _counted_right(want, found) or not measured,
        "abstain_or_half": True,
    }[want["expect"]]
    if "hold_s" in want and good and measured:
        good = abs(found.reps[0].hold_s - want["hold_s"]) <= max(0.5, 0.1 * want["hold_s"])
    return good and not {f.id for f in found.flagged}.intersection(want.get("clear", []))


def _counted_right(want: dict[str, Any], found: Assessment) -> bool:
    got = Counter(r.side for r in found.reps)
    if want.get("reps_total") is not None:
        return sum(got.values()) == int(want["reps_total"])
    asked = want.get("reps") or {}
    return set(got) == set(asked) and all(
        got[side] in n if isinstance(n, list) else got[side] == n for side, n in asked.items()
    )


def main() -> None:
    right = []
    for name, want in expected().items():
        found = assessed(name, want["exercise"])
        right.append(is_right(want, found))
        counts = ", ".join(f"{n} {side}" for side, n in Counter(r.side for r in found.reps).items()) or "nothing"
        print(f"{'right' if right[-1] else 'WRONG'}  {name}, {want['exercise']}: {counts}")
    print(f"{sum(right)} of {len(right)} as the eye sees them")


if __name__ == "__main__":
    main()
