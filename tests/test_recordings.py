"""The poses that are kept between runs are those that the pose model gives today."""

from __future__ import annotations

import ast
from itertools import islice
from pathlib import Path

import pytest
from conftest import SAMPLES, assessed
from filelock import FileLock, Timeout
from recordings import (
    POSE_CODE,
    ROOT,
    analysis_of,
    fingerprint,
    place_of,
    read,
    record_all,
    recorded,
    same_poses,
    write,
)

from checker.analyze import analyze_video
from checker.library import find_exercise
from checker.pose.bundle import ensure_model
from checker.pose.models import open_estimator
from checker.track import PoseTrack
from checker.video.reader import open_video

OUTLINE = ("outline", "feet")


@pytest.mark.clips
@pytest.mark.parametrize(
    ("name", "exercise_id", "but"),
    [
        ("hip_hinge__rounded__anna", "standing_hip_hinge", ()),
        ("seated_forward_lean__good__anna", "seated_forward_lean", OUTLINE),  # it needs none, and asks for none
    ],
)
def test_two_clips_are_always_fresh_and_equal_to_the_kept_ones(
    name: str, exercise_id: str, but: tuple[str, ...]
) -> None:
    clip, exercise = SAMPLES / f"{name}.mp4", find_exercise(exercise_id)
    assert exercise.needs_outline == (not but)
    fresh = analyze_video(clip, exercise)
    kept = analysis_of(clip, exercise_id)
    assert same_poses(fresh.track, kept.track, but)
    found = [fresh.assessment, kept.assessment, assessed(clip, exercise_id)]
    assert all(one.analysed_at is not None for one in found)
    one, other, third = (each.model_copy(update={"analysed_at": None}) for each in found)
    assert one == other == third


@pytest.mark.clips
def test_what_is_kept_is_read_as_it_was_written_and_a_spoilt_file_is_recorded_anew(tmp_path: Path) -> None:
    found = recorded(SAMPLES / "side_bend__from_side__anna.mp4")
    kept = tmp_path / "kept.npz"
    assert read(kept) is None
    write(kept, found)
    again = read(kept)
    assert again is not None
    assert same_poses(again.track, found.track)
    assert again.known == found.known
    kept.write_bytes(kept.read_bytes()[:5000])
    assert read(kept) is None


def test_what_another_worker_records_is_passed_over_and_not_recorded_twice() -> None:
    clip = SAMPLES / "side_bend__from_side__anna.mp4"
    with FileLock(f"{place_of(clip)}.lock"):
        with pytest.raises(Timeout):
            recorded(clip, wait_s=0.0)
        record_all([clip])


@pytest.mark.clips
def test_one_different_pose_is_another_track() -> None:
    with open_video(SAMPLES / "side_bend__good__anna.mp4") as reader, open_estimator(ensure_model(), True) as estimator:
        poses = [estimator.estimate(frame.rgb, frame.t_s) for frame in islice(reader, 3)]
    track, short = (PoseTrack.stack(p, 100, 100) for p in (poses, poses[:2]))
    assert same_poses(track, track)
    assert not same_poses(track, short)
    assert not same_poses(track, PoseTrack.stack([poses[0], poses[2], poses[2]], 100, 100), OUTLINE)


def test_the_fingerprint_covers_all_code_that_poses_pass_through() -> None:
    covered = {p for pattern in POSE_CODE for p in (ROOT / "checker").glob(pattern)}
    used = {name for path in covered for name in _imported(path)}
    judged_only = tuple(f"checker.{name}" for name in ("assess", "dose", "exercise", "judging", "library"))
    open_ends = {n for n in used if not n.startswith(judged_only) and _file(n) not in covered}
    assert not open_ends
    assert len(fingerprint()) == 24


def _imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    modules = {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    return {m for m in modules if m.startswith("checker")}


def _file(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")
