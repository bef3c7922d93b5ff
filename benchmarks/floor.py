"""How well the person is found on the floor, and whether turning the frame upright would help.

    python benchmarks/floor.py                 every clip of a movement on the floor
    python benchmarks/floor.py --only bridge   of the clips with this in their name

Prints, for the frames as they are and for frames turned by a quarter so that the head is up: the
share of frames in which the movement's needed joints are found, and the distance between the
model's joints and the true ones, in torso lengths; and how many photographs of real people doing
floor exercises (../shared/real/floor) show all joints.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from clips import Clip, find_clips

from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model
from checker.pose.models import open_estimator
from checker.posture import ANKLES, BELLY, HIPS, KNEES, SHOULDERS
from checker.setup.readiness import needed_landmarks
from checker.setup.start import find_start
from checker.signals.geometry import belly_way
from checker.skeleton import Array
from checker.track import PoseTrack, TrackRecorder
from checker.video.reader import open_video
from checker.visibility import visible

PHOTOS: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "real" / "floor"
JOINTS: Final = {"shoulder": SHOULDERS, "hip": HIPS, "knee": KNEES, "ankle": ANKLES}


def turned(rgb: npt.NDArray[np.uint8], turn: int | None) -> npt.NDArray[np.uint8]:
    """A frame turned by a quarter, or as it is."""
    return rgb if turn is None else np.ascontiguousarray(cv2.rotate(rgb, turn), np.uint8)


def found(clip: Clip, model: ModelFile, turn: int | None) -> PoseTrack:
    """The poses of a clip, its frames turned before the model sees them; pixels of the turned frames."""
    recorder = TrackRecorder()
    with open_video(clip.path) as reader, open_estimator(model, outline=False) as estimator:
        height, width = 0, 0
        for frame in reader:
            rgb = turned(frame.rgb, turn)
            height, width = rgb.shape[:2]
            recorder.append(estimator.estimate(rgb, frame.t_s))
    return recorder.track(width, height)


def true_points(frames: list[dict[str, Any]], joint: str, turn: int | None, size: tuple[int, int]) -> Array:
    """(T, 2) pixels of the middle of a pair, in frames turned likewise; `size` is theirs, width and height."""
    pairs = [[f["joints_px"][f"{joint}_{side}"] for side in ("left", "right")] for f in frames]
    xy = np.mean(np.asarray(pairs, float), axis=1)
    if turn == cv2.ROTATE_90_CLOCKWISE:
        return np.stack([size[0] - 1 - xy[:, 1], xy[:, 0]], axis=1)
    if turn == cv2.ROTATE_90_COUNTERCLOCKWISE:
        return np.stack([xy[:, 1], size[1] - 1 - xy[:, 0]], axis=1)
    return xy


def head_up(clip: Clip, frames: list[dict[str, Any]]) -> int:
    """The quarter turn after which the person's head is up."""
    first = frames[0]["joints_px"]
    head_is_left = first["head"][0] < first["pelvis"][0]
    return int(cv2.ROTATE_90_CLOCKWISE if head_is_left else cv2.ROTATE_90_COUNTERCLOCKWISE)


Look = dict[str, tuple[Array, dict[str, Array]]]


def look(clip: Clip, model: ModelFile) -> Look:
    """By turn: (T,) whether all needed joints were found, and by joint (T,) its error in torso lengths.

    "hip ahead" is how far the hip lies before the true joint, towards the belly.
    """
    exercise, frames = find_exercise(clip.exercise), clip.frames()
    out = {}
    for name, turn in (("as it is", None), ("head up", head_up(clip, frames))):
        track = found(clip, model, turn)
        n = min(len(track), len(frames))
        track = track.slice(slice(0, n))
        truth = {j: true_points(frames[:n], j, turn, (track.width, track.height)) for j in JOINTS}
        torso_px = np.median(np.linalg.norm(truth["shoulder"] - truth["hip"], axis=1))
        errors = {j: np.linalg.norm(track.point(*JOINTS[j]) - truth[j], axis=1) / torso_px for j in JOINTS}
        errors["hip ahead"] = np.full(n, np.nan)
        start, _ = find_start(exercise, track) if turn is None else (None, None)
        if start is not None:
            ahead = (track.point(*HIPS) - truth["hip"]) * belly_way(track, start)
            errors["hip ahead"] = ahead.sum(axis=1) / torso_px
        out[name] = visible(track, needed_landmarks(exercise), exercise.view == "side").astype(float), errors
    return out


def print_table(results: dict[str, list[Look]]) -> None:
    """One line a movement and turn, and one for all."""
    columns = [*(f"{j} off by" for j in JOINTS), "hip ahead by"]
    print("| movement | frame | frames with all needed joints | " + " | ".join(columns) + " |")
    print("|---|---|---|" + "---|" * len(columns))
    everything = [own for group in results.values() for own in group]
    for movement, group in [*results.items(), ("all", everything)]:
        for turn in group[0]:
            seen = np.concatenate([looks[turn][0] for looks in group])
            errors = {j: np.concatenate([looks[turn][1][j] for looks in group]) for j in group[0][turn][1]}
            medians = [np.nanmedian(e) if np.isfinite(e).any() else np.nan for e in errors.values()]
            cells = " | ".join(f"{m:.2f} T" if np.isfinite(m) else "" for m in medians)
            print(f"| {movement} | {turn} | {seen.mean():.1%} of {len(seen)} | {cells} |")


def print_photos(model: ModelFile) -> None:
    """How many photographs of real people on the floor show shoulders, hips, knees and ankles."""
    paths = sorted(PHOTOS.glob("*.jpg"))
    if not paths:
        return
    print("\n| photographs | frame | with all joints |")
    print("|---|---|---|")
    joints = tuple(landmark for pair in JOINTS.values() for landmark in pair)
    for name, turn in (("as it is", None), ("turned right", cv2.ROTATE_90_CLOCKWISE)):
        right = 0
        for path in paths:
            image = cv2.imread(str(path))
            if image is None:
                raise SystemExit(f"{path}: expected a photograph; it cannot be read")
            rgb = turned(np.ascontiguousarray(image[..., ::-1], np.uint8), turn)
            with open_estimator(model, outline=False) as estimator:
                track = PoseTrack.single(estimator.estimate(rgb, 0.0), rgb.shape[1], rgb.shape[0])
            right += bool(visible(track, joints, side_view=True).all())
        print(f"| {len(paths)} | {name} | {right} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="clips with this in their name")
    options = parser.parse_args()
    model = ensure_model()
    clips = [c for c in find_clips(options.only) if find_exercise(c.exercise).position in BELLY]
    results: dict[str, list[Look]] = defaultdict(list)
    for i, clip in enumerate(clips, 1):
        print(f"\r{i}/{len(clips)} {clip.path.name:<52}", end="", file=sys.stderr, flush=True)
        results[clip.exercise].append(look(clip, model))
    print(file=sys.stderr)
    if not clips:
        raise SystemExit("No clip of a movement on the floor was found in ../shared/clips or sample_videos.")
    print_table(results)
    print_photos(model)


if __name__ == "__main__":
    main()
