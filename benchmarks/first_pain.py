"""Ranges to the first pain on rendered clips with a stop at the first pain: what was measured beside the truth.

    python benchmarks/first_pain.py FOLDER                       clips with their manifest and truth
    python benchmarks/first_pain.py FOLDER --people 308-315      of these people alone

In each clip everybody goes twice to the first pain, stops there for a second, and then goes once as far as they want,
to each side. Each is judged as an upload and, with twelve pictures a second, as a live session is in the end. Printed
is each value beside its truth, and below them, by kind: how many, the median and the largest error, how many lie within
`NEAR_DEG`, and how many within the uncertainty that is told with them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from analytic_body import poses_of  # type: ignore[import-not-found]
from clips import Clip, find_clips

from checker.analyze import Recording, judge_recording, record_video
from checker.assessment import Assessment, PainFreeRange, Quantity
from checker.engine import Engine
from checker.judging.first_pain import TIMES
from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model

NEAR_DEG: Final = 3.0
LIVE_HZ: Final = 12.0


@dataclass(frozen=True, slots=True)
class Value:
    """One value and its truth, degrees; None where it was not measured."""

    kind: str
    where: str
    true: float
    found: Quantity | None


def values(clip: Clip, how: str, found: Assessment) -> Iterator[Value]:
    """Each range of a clip beside its truth."""
    measure = find_exercise(clip.exercise).main_measure.id
    for true_side in sorted({r["side"] for r in clip.reps}):
        own = [r["truth"][measure] for r in clip.reps if r["side"] == true_side]
        side = None if true_side == "both" else true_side
        range_ = next((r for r in found.ranges if r.side == side), None)
        where = f"{clip.path.stem} {how} {true_side}"
        if range_ is None or (range_.first is None and range_.furthest is None):
            print(f"  {where}: nothing measured: {(range_ and range_.reason) or found.view.advice or found.warnings}")
        yield from _of_side(where, own, range_)


def _of_side(where: str, own: list[dict[str, float]], found: PainFreeRange | None) -> Iterator[Value]:
    yield Value("first pain", where, median(r["rom"] for r in own[:TIMES]), found.first if found else None)
    yield Value("furthest", where, max(r["rom"] for r in own[TIMES:]), found.furthest if found else None)
    yield Value("start posture", where, median(r["start"] for r in own), found.start if found else None)


def judged(clip: Clip, model: ModelFile) -> Iterator[tuple[str, Assessment]]:
    """A clip as an upload, and as a live session has it in the end."""
    exercise = find_exercise(clip.exercise)
    recording = record_video(clip.path, model, exercise.needs_outline)
    yield "upload", judge_recording(exercise, recording, to_first_pain=TIMES).assessment
    yield "live", _live(clip, recording)


def _live(clip: Clip, recording: Recording) -> Assessment:
    track = recording.track
    engine = Engine(find_exercise(clip.exercise), track.width, track.height, to_first_pain=TIMES)
    due_s = 0.0
    for pose in poses_of(track):
        if pose.t_s >= due_s:
            engine.feed(pose)
            due_s = max(due_s + 1.0 / LIVE_HZ, pose.t_s)
    return engine.finish(recording.known.model).assessment


def report(kind: str, of: list[Value]) -> None:
    """One line of a kind of value."""
    known = [(v.true, v.found) for v in of if v.found is not None]
    errors = np.array([abs(found.value - true) for true, found in known])
    inside = sum(abs(found.value - true) <= found.uncertainty for true, found in known)
    if not known:
        print(f"{kind}: none measured of {len(of)}")
        return
    near = int(np.sum(errors <= NEAR_DEG))
    print(
        f"{kind}: n {len(known)} of {len(of)}, median {np.median(errors):.1f}, largest {errors.max():.1f}, "
        f"within {NEAR_DEG:g}: {near}, within their uncertainty: {inside}"
    )


def main() -> None:
    """Print the values of every clip, and what they come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", default="0-9999", help="first and last number of the people, as 308-315")
    asked: Any = parser.parse_args()
    low, high = (int(n) for n in asked.people.split("-"))
    clips = [c for c in find_clips(folder=asked.folder) if low <= int(re.sub(r"\D", "", c.person)) <= high]
    model = ensure_model()
    found = [v for c in clips for how, a in judged(c, model) for v in values(c, how, a)]
    for v in found:
        told = "not measured" if v.found is None else f"{v.found.value:.1f} +- {v.found.uncertainty:.1f}"
        print(f"{v.where:60} {v.kind:14} {v.true:6.1f}  {told}")
    for kind in ("first pain", "furthest", "start posture"):
        report(kind, [v for v in found if v.kind == kind])


if __name__ == "__main__":
    main()
