"""Prints how well cuts are told from a camera that stands, sways or slips.

    python benchmarks/cuts.py CLIPS...

Every film is followed at about five pictures a second, the slowest that anything is measured at: a cut that is
found there is a false one. Then the end of every film is put before the beginning of every other one.
"""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import Final

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.pose.bundle import ensure_model
from checker.pose.camera_motion import CameraMotion
from checker.pose.mediapipe import Landmarker
from checker.skeleton import Array32, Rgb
from checker.video.reader import open_video

EVERY_S: Final = 0.2
KEPT: Final = 3
Picture = tuple[Rgb, Array32 | None]


def pictures(path: Path) -> list[Picture]:
    """The pictures of a film, five a second, each with the landmarks of the person."""
    out: list[Picture] = []
    next_s = 0.0
    landmarker = Landmarker(ensure_model(), "video", people=1, masks=False)
    with closing(landmarker), open_video(path) as video:
        for frame in video:
            if frame.t_s >= next_s:
                found = landmarker.find(frame.rgb, frame.t_s)
                out.append((np.asarray(frame.rgb), found[0].pixels if found else None))
                next_s += EVERY_S
    return out


def cuts(film: list[Picture]) -> list[bool]:
    """Whether each picture of a film begins another take."""
    camera = CameraMotion()
    out = []
    for rgb, person in film:
        camera.feed(rgb, person)
        out.append(camera.cut)
    return out


def fitted(picture: Picture, like: Rgb) -> Picture:
    """A picture in the size of another one: a film has one size."""
    rgb, person = picture
    height, width = like.shape[:2]
    share = np.array([width / rgb.shape[1], height / rgb.shape[0]], np.float32)
    resized = np.asarray(cv2.resize(rgb, (width, height)), np.uint8)
    return resized, None if person is None else np.asarray(person * share, np.float32)


def main(paths: list[Path]) -> None:
    """Print both figures."""
    ends: dict[str, tuple[list[Picture], Picture]] = {}
    pairs = false = 0
    for path in paths:
        film = pictures(path)
        found = cuts(film)
        pairs, false = pairs + len(found) - 1, false + sum(found)
        if any(found):
            print(f"{path.name}: a false cut at picture {found.index(True)} of {len(found)}")
        ends[path.name] = (film[-KEPT:], film[0])
    shape = {name: one.shape for name, (_, (one, _)) in ends.items()}
    joined = [(a, b) for a, b in permutations(ends, 2) if shape[a][:2] == shape[b][:2]]
    told = sum(cuts([*ends[a][0], fitted(ends[b][1], ends[a][1][0])])[-1] for a, b in joined)
    print(f"false cuts: {false} of {pairs} pictures in {len(paths)} films; cuts found: {told} of {len(joined)}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
