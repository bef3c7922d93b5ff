"""Prints how much longer an analysis takes than the pose model alone, on the same frames.

    python benchmarks/speed.py                 times, several rounds in turn, medians
    python benchmarks/speed.py --memory        peak memory for 1 and 10 minutes of video as well (slow)

Times leave out the loading of the model, which a program does once. Memory is that of the whole
command `python -m checker analyze`, from the system's own account of the ended process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mediapipe as mp
from clips import ROOT
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions

from checker.analyze import MAX_SIDE_PX, analyze_video
from checker.exercise import Exercise
from checker.library import find_exercise
from checker.pose.bundle import ModelFile, ensure_model
from checker.pose.models import open_estimator
from checker.report import write_reports
from checker.video.reader import Frame, open_video

SAMPLE: Final = ROOT / "sample_videos" / "hip_hinge__good__ben.mp4"
EXERCISE: Final = "standing_hip_hinge"


def time_bare(frames: list[Frame], model: ModelFile, masks: bool) -> float:
    """Seconds for MediaPipe alone, in VIDEO mode, on frames that are decoded already."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model.path)),
        running_mode=vision.RunningMode.VIDEO,
        output_segmentation_masks=masks,
    )
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        began = time.perf_counter()
        for frame in frames:
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb)
            landmarker.detect_for_video(image, round(frame.t_s * 1000))
        return time.perf_counter() - began


def time_loading(exercise: Exercise, model: ModelFile) -> float:
    """Seconds that `analyze_video` spends on making and closing its landmarkers."""
    began = time.perf_counter()
    open_estimator(model, outline=exercise.needs_outline).close()
    return time.perf_counter() - began


def time_analysis(video: Path, exercise: Exercise, model: ModelFile, reports: bool) -> float:
    """Seconds for decoding, pose and judgement, and with `reports` for every file that is written."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        analysis = analyze_video(video, exercise, model)
        if reports:
            write_reports(analysis, exercise, video, Path(folder))
        return time.perf_counter() - began


def print_times(video: Path, exercise: Exercise, rounds: int) -> None:
    """Time each way once a round, so that a busy moment of the machine touches all of them."""
    model = ensure_model()
    with open_video(video, max_side_px=MAX_SIDE_PX) as reader:
        frames = list(reader)
    ways: dict[str, Callable[[], float]] = {
        "bare inference, landmarks only": lambda: time_bare(frames, model, masks=False),
        "bare inference, as asked for": lambda: time_bare(frames, model, masks=exercise.needs_outline),
        "loading": lambda: time_loading(exercise, model),
        "analyze": lambda: time_analysis(video, exercise, model, reports=False),
        "analyze, reports, annotated video": lambda: time_analysis(video, exercise, model, reports=True),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, measure in ways.items():
            taken[name].append(measure())
    median = {name: float(np.median(t)) for name, t in taken.items()}
    loading = median.pop("loading")
    bare = median["bare inference, as asked for"]
    with_masks = "with" if exercise.needs_outline else "without"
    print(f"{video.name}: {len(frames)} frames; {exercise.id} asks for landmarks {with_masks} masks")
    print(f"median of {rounds} rounds; {loading:.2f} s of loading left out\n")
    print("| what | s | ms a frame | ratio to bare |\n|---|---|---|---|")
    for name, seconds in median.items():
        net = seconds - loading if name.startswith("analyze") else seconds
        print(f"| {name} | {net:.2f} | {1000 * net / len(frames):.1f} | {net / bare:.2f} |")


# --- memory -------------------------------------------------------------------------------------


def loop_video(source: Path, target: Path, minutes: float) -> None:
    """Repeat a clip, without encoding it again, until it lasts that long."""
    shift = 0
    with av.open(str(target), "w") as out:
        stream = None
        while True:
            with av.open(str(source)) as clip:
                video = clip.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                assert video.time_base is not None
                if shift * video.time_base >= minutes * 60:
                    return
                end = 0
                for packet in clip.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    end = max(end, packet.pts + (packet.duration or 0))
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    out.mux(packet)
                shift += end


def peak_memory(video: Path, exercise: Exercise, folder: Path) -> float:
    """Largest resident memory of `python -m checker analyze`, MB."""
    command = [sys.executable, "-m", "checker", "analyze", str(video), "-e", exercise.id, "-o", str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return usage.ru_maxrss * unit / 1e6


def print_memory(video: Path, exercise: Exercise) -> None:
    """Analyse 1 minute and 10 minutes of the same movement."""
    if not hasattr(os, "wait4"):
        sys.exit("--memory needs Linux or macOS: no other system tells a child's peak memory")
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for minutes in (1, 10):
            looped = Path(folder) / f"{minutes}_min.mp4"
            loop_video(video, looped, minutes)
            peaks[minutes] = peak_memory(looped, exercise, Path(folder) / str(minutes))
            print(f"peak memory, {minutes} min: {peaks[minutes]:.0f} MB", flush=True)
    print(f"10 minutes against 1: {peaks[10] / peaks[1] - 1:+.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--video", type=Path, default=SAMPLE, help="the clip")
    parser.add_argument("--exercise", default=EXERCISE, help="the movement that it shows")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="measure peak memory too")
    options = parser.parse_args()
    exercise = find_exercise(options.exercise)
    print_times(options.video, exercise, options.rounds)
    if options.memory:
        print_memory(options.video, exercise)


if __name__ == "__main__":
    main()
