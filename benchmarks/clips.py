"""The clips with ground truth that the benchmarks run on."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = (ROOT.parent / "shared" / "clips", ROOT / "sample_videos")
"""Where clips are looked for: the large set, else the shipped samples."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip and its entry in the manifest; see `sample_videos/README.md`.

    Attributes:
        path: of the video.
        exercise: id of the movement.
        person: who moves.
        abstain: whether it is filmed from the wrong side, so that nothing may be measured.
        reps: side, start_s and end_s of each repetition, among others.
        measures: id, side and true range ("rom", in the measure's unit).
        faults: ids of those that were acted.
    """

    path: Path
    exercise: str
    person: str
    abstain: bool
    reps: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    faults: list[str]

    def frames(self) -> list[dict[str, Any]]:
        """The truth of every frame: "t" in seconds, "angles" in degrees by name, and more."""
        name = f"{self.path.stem}.truth.json.gz"
        with gzip.open(self.path.with_name(name), "rt", encoding="utf-8") as file:
            return list(json.load(file)["per_frame"])


def find_clips(only: str = "", folder: Path | None = None) -> list[Clip]:
    """The clips of movements with an exercise file whose name contains `only`; of the usual folder, or another."""
    folder = folder or next(f for f in FOLDERS if (f / "manifest.json").exists())
    known = {p.stem for p in (ROOT / "exercises").glob("*.toml")}
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [
        Clip(
            path=folder / e["clip"],
            exercise=e["exercise"],
            person=e["body"],
            abstain=e["expect"] == "abstain",
            reps=e["reps"],
            measures=e["measures"],
            faults=e["faults"],
        )
        for e in entries
        if e["exercise"] in known and only in e["clip"]
    ]
