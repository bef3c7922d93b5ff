"""The poses of clips, recorded once and kept between runs: the pose model is what takes the time.

Kept are poses, never results: every run judges them anew. A recording is taken up again only where the clip's bytes,
the model, the pose code and the libraries under it are the same; test_recordings.py holds two of them against fresh
ones. Who wants all of them fresh deletes `FOLDER`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import platformdirs
from analytic_body import poses_of
from filelock import FileLock, Timeout

from checker.analyze import Recording, judge_recording, record_video
from checker.assessing import Circumstances
from checker.assessment import ModelInfo, Turn
from checker.judging.analysis import Analysis
from checker.judging.source import Source
from checker.library import find_exercise
from checker.live.judge import LiveJudge
from checker.pose.bundle import ensure_model
from checker.track import PoseTrack
from checker.track_file import TrackError

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = platformdirs.user_cache_path("backcheck") / "test-poses"
POSE_CODE: Final = (
    "pose/**/*.py",
    "video/**/*.py",
    "skeleton.py",
    "mirror.py",
    "track.py",
    "track_file.py",
    "analyze.py",
)
LIBRARIES: Final = ("mediapipe", "opencv-python", "opencv-contrib-python", "av", "numpy")
KEPT_DAYS: Final = 14
"""Poses of other code are thrown away when nobody has wanted them for so long."""


def recorded(path: Path, turn_deg: Turn = 0, wait_s: float = -1.0) -> Recording:
    """The poses of a clip, with the outline of the body: who does not need that gets the same without a look at it.

    Args:
        path: of the clip.
        turn_deg: how far its picture is turned clockwise.
        wait_s: how long to wait while another worker records it; for ever where it is negative.

    Raises:
        Timeout: another worker still does.
    """
    kept = place_of(path, turn_deg)
    with FileLock(f"{kept}.lock", timeout=wait_s):
        found = read(kept)
        if found is None:
            found = record_video(path, ensure_model(), outline=True, turn_deg=turn_deg)
            write(kept, found)
    return found


def place_of(path: Path, turn_deg: Turn = 0) -> Path:
    """Where the poses of a clip are kept; whoever records them holds the lock beside it."""
    return _folder() / f"{hashlib.sha256(path.read_bytes()).hexdigest()}-{turn_deg}.npz"


def record_all(paths: list[Path]) -> None:
    """Record what nobody else is recording: two workers who want the same clips share the work."""
    for path in paths:
        with suppress(Timeout):
            recorded(path, wait_s=0.0)


def analysis_of(path: Path, exercise_id: str, turn_deg: Turn = 0) -> Analysis:
    """What `analyze_video` says of a clip, by poses that may have been kept."""
    return judge_recording(find_exercise(exercise_id), recorded(path, turn_deg))


def counted_live(path: Path, exercise_id: str) -> dict[str, int]:
    """By side what is counted of a clip frame by frame, from the past alone."""
    track = recorded(path).track
    judge = LiveJudge(find_exercise(exercise_id), track.width, track.height)
    counts: dict[str, int] = {}
    for pose in poses_of(track):
        counts = judge.feed(pose).repetitions
    return counts


def write(kept: Path, found: Recording) -> None:
    """Keep a recording; whole or not at all, for a run may be stopped at any time."""
    known = found.known
    about = {
        "model": known.model.model_dump(),
        "turned_deg": known.source.turned_deg,
        "times_known": known.source.times_known,
        "warnings": known.warnings,
    }
    kept.with_suffix(".json").write_text(json.dumps(about), encoding="utf-8")
    half = kept.with_suffix(".half")
    found.track.save(half)
    half.replace(kept)


def read(kept: Path) -> Recording | None:
    """A recording that was kept; None where there is none, or none that can be read."""
    try:
        track = PoseTrack.load(kept)
        about: dict[str, Any] = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    except (TrackError, OSError, ValueError):
        return None
    source = Source(about["turned_deg"], about["times_known"])
    known = Circumstances(model=ModelInfo(**about["model"]), source=source, warnings=tuple(about["warnings"]))
    return Recording(track, known)


def same_poses(one: PoseTrack, other: PoseTrack, but: tuple[str, ...] = ()) -> bool:
    """Whether two tracks are equal to the last bit, except for the fields named."""
    names = [name for name in PoseTrack.__dataclass_fields__ if name not in but]
    pairs = ((np.asarray(getattr(one, n)), np.asarray(getattr(other, n))) for n in names)
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


@functools.cache
def fingerprint() -> str:
    """Of everything that poses depend on besides the clip: the model, the code and the libraries."""
    whole = hashlib.sha256(ensure_model().sha256.encode())
    checker = ROOT / "checker"
    for path in sorted({p for pattern in POSE_CODE for p in checker.glob(pattern)}):
        whole.update(path.relative_to(checker).as_posix().encode() + path.read_bytes())
    for library in LIBRARIES:
        whole.update(f"{library} {version(library)}".encode())
    return whole.hexdigest()[:24]


@functools.cache
def _folder() -> Path:
    """The folder of the code as it stands."""
    own = FOLDER / fingerprint()
    own.mkdir(parents=True, exist_ok=True)
    os.utime(own)
    for other in FOLDER.iterdir():
        if other.is_dir() and time.time() - other.stat().st_mtime > KEPT_DAYS * 86400:
            shutil.rmtree(other, ignore_errors=True)
    return own
