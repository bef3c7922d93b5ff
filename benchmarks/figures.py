"""The README's table: rendered people in plain and in lived-in rooms beside each other, and recorded real people.

    python benchmarks/figures.py                     ../shared/clips and ../shared/home, and the real tracks
    python benchmarks/figures.py FOLDER [FOLDER ...] other folders of clips with their manifest, one column each

A folder that nobody looked at while the rules were made shows what the others promise.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tracks
from accuracy import Error, Tally, compare, name_of
from clips import Clip, find_clips

from checker.analyze import analyze_video
from checker.assessment import UNIT_LABELS, Assessment
from checker.library import find_exercise
from checker.pose.bundle import ensure_model

SHARED: Final = Path(__file__).resolve().parent.parent.parent / "shared"


@dataclass(slots=True)
class Column:
    """One folder of clips: what was right in it.

    Attributes:
        name: of the folder.
        tally: of all its clips.
        refused: clips that should be measured and were not, with a reason.
        wrong: clips whose repetitions are wrong without a word.
    """

    name: str
    tally: Tally = field(default_factory=Tally)
    refused: int = 0
    wrong: int = 0

    def add(self, clip: Clip, found: Assessment) -> None:
        """Count one clip."""
        compare(clip, found, self.tally)
        if clip.abstain or self.tally.counted_right[-1]:
            return
        silent = not found.reps and all(m.status != "measured" or m.unit == "count" for m in found.measures)
        self.refused += silent
        self.wrong += not silent


def print_table(columns: list[Column]) -> None:
    """One row a measure, one column a folder; then what is counted."""
    print(f"| | {' | '.join(c.name for c in columns)} |")
    print("|---|" + "---|" * len(columns))
    keys = {(e.exercise, e.measure): None for c in columns for e in c.tally.errors}
    for exercise, measure in keys:
        own = [[e for e in c.tally.errors if (e.exercise, e.measure) == (exercise, measure)] for c in columns]
        print(f"| {name_of(exercise, measure)} | {' | '.join(map(_errors, own))} |")
    for title, cells in (
        ("all angles", [_errors([e for e in c.tally.errors if e.unit == "deg"]) for c in columns]),
        ("repetitions and sides right", [_share(c.tally.counted_right) for c in columns]),
        ("refused with a reason; wrong without a word", [f"{c.refused}; {c.wrong}" for c in columns]),
        ("wrong side: left unmeasured", [_share(c.tally.abstained) for c in columns]),
        ("acted faults flagged", [_share([r.flagged for r in c.tally.readings if r.acted]) for c in columns]),
        ("other faults left alone", [_share(_left_alone(c.tally)) for c in columns]),
        ("faults not certain", [_share([r.unsure for r in c.tally.readings]) for c in columns]),
    ):
        print(f"| {title} | {' | '.join(cells)} |")


def _errors(errors: list[Error]) -> str:
    """Mean error, bias and the share of truths inside the stated uncertainty."""
    if not errors:
        return "-"
    e, unit = np.array([x.error for x in errors]), UNIT_LABELS[errors[0].unit]
    inside = [abs(x.error) <= x.uncertainty for x in errors]
    digits = 1 if errors[0].unit != "T" else 2
    mean = f"{np.abs(e).mean():.{digits}f}{unit} ({e.mean():+.{digits}f})"
    return f"{mean}, {sum(inside)} of {len(inside)} inside"


def _left_alone(tally: Tally) -> list[bool]:
    return [not r.flagged for r in tally.readings if not r.acted and not r.unsure]


def _share(right: list[bool]) -> str:
    return f"{sum(right)} of {len(right)} ({np.mean(right):.0%})" if right else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SHARED / "clips", SHARED / "home"])
    model, columns = ensure_model(), []
    for folder in parser.parse_args().folders:
        columns.append(Column(folder.resolve().name))
        for clip in find_clips(folder=folder):
            print(f"\r{clip.path.name:<72}", end="", file=sys.stderr, flush=True)
            columns[-1].add(clip, analyze_video(clip.path, find_exercise(clip.exercise), model).assessment)
    print(file=sys.stderr)
    print_table(columns)
    want = tracks.expected()
    right = [tracks.is_right(w, tracks.assessed(name, w["exercise"])) for name, w in want.items()]
    if right:
        print(f"\nRecorded real people (phones, demonstrations, a laboratory): {_share(right)} as the eye sees them.")


if __name__ == "__main__":
    main()
