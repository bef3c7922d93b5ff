"""How the view is judged on rendered clips that are filmed from a known turn: people measured, people refused.

    python benchmarks/turned.py FOLDER     clips with their manifest and truth ("camera": "yaw_deg", "view")

Looked at is only what comes before the first repetition. Below the table: what each sign of `checker.setup.yaw`
says beside the truth, its mean and scatter, from which the table there is made.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clips import Clip, find_clips

from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model
from checker.pose.models import open_estimator
from checker.setup.likeness import check_start
from checker.setup.readiness import hide_unseen, view_of
from checker.setup.start import find_start
from checker.setup.yaw import read_signs
from checker.track import PoseTrack, TrackRecorder
from checker.video.reader import open_video

NEAR_DEG: Final = 12.0
FAR_DEG: Final = 25.0
"""Up to the first they must be measured, from the second on refused; between them either is right."""

VIEWS: Final = {"front": 0.0, "side": 90.0, "side_left": 90.0, "side_right": -90.0}
"""From where the camera looks that is not turned, degrees; others are filmed from the wrong side on purpose."""


@dataclass(frozen=True, slots=True)
class Start:
    """How one clip begins.

    Attributes:
        group: position and view.
        true_deg: how far the camera is off the view.
        told_deg: how far it is taken to be; None where nobody was ready for another reason.
        ok: whether it is measured.
        signs: what each sign says, degrees.
    """

    group: str
    true_deg: float
    told_deg: float | None
    ok: bool
    signs: dict[str, float]


def look(clip: Clip, model: ModelFile) -> Start | None:
    """Judge the start of one clip; None where it is filmed from the wrong side on purpose."""
    with gzip.open(clip.path.with_name(f"{clip.path.stem}.truth.json.gz"), "rt", encoding="utf-8") as file:
        truth = json.load(file)
    if truth["view"] not in VIEWS or clip.abstain:
        return None
    exercise = find_exercise(clip.exercise)
    true_deg = float(truth["camera"]["yaw_deg"]) - VIEWS[truth["view"]]
    track = hide_unseen(exercise, _before(clip, model))
    start, _ = find_start(exercise, track)
    group = f"{exercise.position} {exercise.view}"
    if start is None or check_start(exercise, start) is not None:
        return Start(group, true_deg, None, False, {})
    view = view_of(exercise, start)
    return Start(group, true_deg, view.yaw_deg, view.ok, read_signs(start, exercise.view))


def _before(clip: Clip, model: ModelFile) -> PoseTrack:
    """The poses before the first repetition."""
    until = float(clip.reps[0]["start_s"]) if clip.reps else np.inf
    recorder = TrackRecorder()
    with open_estimator(model, outline=True) as estimator, open_video(clip.path) as video:
        for frame in video:
            if frame.t_s > until:
                break
            recorder.append(estimator.estimate(frame.rgb, frame.t_s))
        return recorder.track(video.info.width, video.info.height)


def print_table(starts: list[Start]) -> None:
    """One row a position and view, and all together."""
    print(f"| position, view | within {NEAR_DEG:.0f}: measured | beyond {FAR_DEG:.0f}: refused | off by | no start |")
    print("|---|---|---|---|---|")
    for group in (*sorted({s.group for s in starts}), ""):
        own = [s for s in starts if group in (s.group, "")]
        known = [s for s in own if s.told_deg is not None]
        near = [s.ok for s in known if abs(s.true_deg) <= NEAR_DEG]
        far = [not s.ok for s in known if abs(s.true_deg) >= FAR_DEG]
        off = [abs(s.told_deg - s.true_deg) for s in known if s.told_deg is not None]
        cells = (f"{sum(near)} of {len(near)}", f"{sum(far)} of {len(far)}", f"{np.mean(off or [np.nan]):.1f}°")
        print(f"| {group or 'all'} | {' | '.join(cells)} | {len(own) - len(known)} |")


def print_signs(starts: list[Start]) -> None:
    """Mean and scatter of what each sign says too much."""
    off = defaultdict(list)
    for start in starts:
        for name, value in start.signs.items():
            off[f"{start.group}: {name}"].append(value - start.true_deg)
    for name, values in sorted(off.items()):
        print(f"{name:<70} {np.mean(values):+5.1f} ± {np.std(values):4.1f}  ({len(values)})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    model, starts = ensure_model(), []
    for clip in find_clips(folder=parser.parse_args().folder):
        print(f"\r{clip.path.name:<72}", end="", file=sys.stderr, flush=True)
        starts.append(look(clip, model))
    print(file=sys.stderr)
    known = [s for s in starts if s is not None]
    print_table(known)
    print()
    print_signs(known)


if __name__ == "__main__":
    main()
