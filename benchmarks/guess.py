"""Prints how often the movement of a recording is guessed right: rendered people, and real ones whose poses were kept.

python benchmarks/guess.py                    every clip of ../shared; about ten minutes
python benchmarks/guess.py --poses FOLDER     poses are kept there, and found again: about four
python benchmarks/guess.py --all              one line a recording

The rules were made with the people of `LOOKED_AT`; what counts is the line of the others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tracks
from clips import ROOT, find_clips

from checker.analyze import record_video
from checker.guessing import Likeness, alike, guess
from checker.library import list_exercises
from checker.track import PoseTrack

FOLDERS: Final = (ROOT.parent / "shared" / "clips", ROOT.parent / "shared" / "home")
LOOKED_AT: Final = frozenset(["anna", "carla", *(f"p{n}" for n in range(200, 240, 2))])
"""People on whose clips the rules were made. All others, real ones too, were kept out."""

LEAST: Final = 0.9
"""Bar: the share of recordings, filmed as their movement asks, of which the first guess is right."""


@dataclass(frozen=True, slots=True)
class Filmed:
    """One recording.

    Attributes:
        asked: whether it is filmed as its movement asks, so that it can be measured.
    """

    name: str
    person: str
    exercise: str
    asked: bool
    track: PoseTrack


def poses_of(clip: Path, kept: Path | None) -> PoseTrack:
    """The poses of a clip, from the folder in which they are kept where they are there."""
    path = None if kept is None else kept / f"{clip.stem}.npz"
    if path is not None and path.exists():
        return PoseTrack.load(path)
    track = record_video(clip).track
    if path is not None:
        track.save(path)
    return track


def filmed(kept: Path | None) -> Iterator[Filmed]:
    """All recordings."""
    for folder in FOLDERS:
        if (folder / "manifest.json").exists():
            for clip in find_clips(folder=folder):
                track = poses_of(clip.path, kept)
                yield Filmed(clip.path.stem, clip.person, clip.exercise, not clip.abstain, track)
    for name, want in tracks.expected().items():
        yield Filmed(name, "real", want["exercise"], want["expect"] == "measure", tracks.track(name))


@dataclass(frozen=True, slots=True)
class Guessed:
    """What came of one recording; `among`: the ranking of those movements alone that were filmed at all."""

    of: Filmed
    ranking: list[Likeness]
    among: list[Likeness]

    @property
    def right(self) -> bool:
        """Whether the first of those filmed is the right one."""
        return self.among[0].exercise.id == self.of.exercise

    @property
    def named(self) -> bool:
        """Whether the right one is among those that are named."""
        return self.of.exercise in {one.exercise.id for one in alike(self.among)}

    @property
    def sure(self) -> bool:
        """Whether one movement is named."""
        return len(alike(self.among)) == 1


def share(of: list[bool]) -> str:
    """A count with its share."""
    return f"{sum(of)} of {len(of)} ({sum(of) / max(len(of), 1):.0%})"


def told(title: str, found: list[Guessed]) -> None:
    """Print how many are right."""
    sure = [one for one in found if one.sure]
    print(
        f"{title}: first guess right {share([one.right for one in found])}; "
        f"of all movements {share([one.ranking[0].exercise.id == one.of.exercise for one in found])}; "
        f"named with others like it {share([one.named for one in found])}; "
        f"where one alone is named, right {share([one.right for one in sure])}"
    )


def main() -> int:
    """Print it; 1 where the people kept out are under the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="one line a recording")
    parser.add_argument("--poses", type=Path, help="a folder that is there")
    options = parser.parse_args()
    everything, exercises = list(filmed(options.poses)), list_exercises()
    names = {one.exercise for one in everything}
    found = []
    for one in everything:
        ranking = guess(one.track, exercises)
        found.append(Guessed(one, ranking, [r for r in ranking if r.exercise.id in names]))
        if options.all or not found[-1].right:
            first = ", ".join(f"{r.exercise.id} {r.off_t:.3f}" for r in found[-1].among[:3])
            print(f"{'right' if found[-1].right else 'WRONG'}  {one.name}, {one.exercise}: {first}")
    asked = [one for one in found if one.of.asked]
    kept_out = [one for one in asked if one.of.person not in LOOKED_AT]
    told("people looked at", [one for one in asked if one.of.person in LOOKED_AT])
    told("rendered people kept out", [one for one in kept_out if one.of.person != "real"])
    told("real people, kept out", [one for one in kept_out if one.of.person == "real"])
    told("filmed from elsewhere", [one for one in found if not one.of.asked])
    return int(sum(one.right for one in kept_out) < LEAST * len(kept_out))


if __name__ == "__main__":
    sys.exit(main())
