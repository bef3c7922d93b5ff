"""How many pictures a second it takes to count, to cue and to judge: the truth clips with fewer and fewer.

    python benchmarks/live_rate.py                  the table behind `checker.judging.frame_rate`
    python benchmarks/live_rate.py --only bend      of the clips with this in their name

Each clip goes through the pose model once; its poses are thinned and fed to the engine live, as the
camera page does. Limits on the rate do not hold here: what would go wrong without them is what they
are for.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clips import Clip, find_clips

from checker.analyze import MAX_SIDE_PX
from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.judging import faults
from checker.judging import frame_rate as pictures
from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model
from checker.pose.models import open_estimator
from checker.track import Pose
from checker.video.reader import open_video

RATES_HZ: Final = (30.0, 15.0, 10.0, 7.0, 6.0, 5.0, 4.0, 3.0)
PHASES: Final = (0.0, 0.33, 0.66)
"""Where the first picture is taken, as shares of a step: each rate is tried so often."""


def seen_poses(clip: Clip, model: ModelFile) -> tuple[int, int, list[Pose]]:
    """Width, height and every pose of a clip."""
    exercise = find_exercise(clip.exercise)
    with (
        open_video(clip.path, max_side_px=MAX_SIDE_PX) as reader,
        open_estimator(model, outline=exercise.needs_outline) as estimator,
    ):
        poses = [estimator.estimate(frame.rgb, frame.t_s) for frame in reader]
        return reader.info.width, reader.info.height, poses


def thinned(poses: list[Pose], hz: float, phase: float) -> Iterator[Pose]:
    """At most so many a second."""
    due_s = phase / hz
    for pose in poses:
        if pose.t_s + 1e-3 >= due_s:
            yield pose
            due_s += 1.0 / hz


def follow(clip: Clip, seen: tuple[int, int, list[Pose]], hz: float, phase: float, tally: Counter[str]) -> None:
    """Run a clip live and to its end, and count what was right."""
    exercise = find_exercise(clip.exercise)
    engine = Engine(exercise, *seen[:2])
    cued: set[str] = set()
    live: dict[str, int] = {}
    for pose in thinned(seen[2], hz, phase):
        feedback = engine.feed(replace(pose))
        cued |= {fault.id for fault in feedback.faults}
        live = {side: n for side, n in feedback.repetitions.items() if n}
    found: Assessment = engine.finish(ModelInfo(name="", sha256="")).assessment
    acted = set(clip.faults) & {f.id for f in exercise.faults if f.rule != "side_difference"}
    flagged = {f.id for f in found.flagged if f.id != "side_difference"}
    true, result = Counter(r["side"] for r in clip.reps), Counter(r.side for r in found.reps)
    tally["clips"] += 1
    tally["live"] += live == dict(true)
    tally["result"] += result == true
    tally["acted"] += len(acted)
    tally["cued"] += len(cued & acted)
    tally["wrong cues"] += len(cued - acted)
    tally["found"] += len(flagged & acted)
    tally["wrong faults"] += len(flagged - acted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="clips with this in their name")
    options = parser.parse_args()
    model = ensure_model()
    tallies: dict[float, Counter[str]] = {hz: Counter() for hz in RATES_HZ}
    clips = [c for c in find_clips(options.only) if not c.abstain and find_exercise(c.exercise).repetition is not None]
    unlimited = [patch.object(module, name, 0.0) for module in (pictures, faults) for name in ("LEAST_HZ", "TIMED_HZ")]
    with ExitStack() as stack:
        for limit in unlimited:
            stack.enter_context(limit)
        for clip in clips:
            seen = seen_poses(clip, model)
            for hz, tally in tallies.items():
                for phase in PHASES:
                    follow(clip, seen, hz, phase, tally)
    print("| a second | counted right live | in the result | acted faults cued | wrong cues | found | wrong faults |")
    print("|---|---|---|---|---|---|---|")
    for hz, n in tallies.items():
        print(
            f"| {hz:g} | {n['live']} of {n['clips']} | {n['result']} of {n['clips']} | {n['cued']} of {n['acted']} | "
            f"{n['wrong cues']} | {n['found']} of {n['acted']} | {n['wrong faults']} |"
        )


if __name__ == "__main__":
    main()
