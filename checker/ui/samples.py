"""The clips that are shipped, to try a movement without a camera."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from checker.exercise import Exercise
from checker.folders import shipped

SAMPLES_DIR: Final = shipped("sample_videos")


def sample_videos(exercise: Exercise, folder: Path = SAMPLES_DIR) -> list[Path]:
    """Return the shipped clips of a movement by the folder's manifest, well done ones first."""
    manifest = folder / "manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else []
    own = [folder / e["clip"] for e in entries if e["exercise"] == exercise.id and (folder / e["clip"]).exists()]
    return sorted(own, key=lambda p: ("__good" not in p.stem, p.stem))


def sample_name(path: Path, samples: list[Path]) -> str:
    """Return what a sample shows, in words: "Sample 1: good"."""
    _, variant, *_ = [*path.stem.split("__"), "", ""]
    return f"Sample {samples.index(path) + 1}" + (f": {variant.replace('_', ' ')}" if variant else "")
