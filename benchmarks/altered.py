"""The truth clips as other cameras would have filmed them: a second set that no rule was made on.

Frames are altered one by one on their way to the pose model, so nothing is stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from clips import Clip

from checker.analyze import MAX_SIDE_PX
from checker.assessment import ModelInfo
from checker.engine import Engine
from checker.judging.analysis import Analysis
from checker.library import find_exercise
from checker.pose.bundle import ModelFile
from checker.pose.models import open_estimator
from checker.video.reader import open_video

Rgb = npt.NDArray[np.uint8]

ZOOM: Final = 0.75
DARK: Final = 0.75
ROLL_DEG: Final = 2.5
BRIGHT: Final = 1.1
NOISE: Final = 10.0
"""Grey levels, one standard deviation."""

DROP_EVERY: Final = 3


@dataclass(frozen=True, slots=True)
class Alteration:
    """One way of altering a clip.

    Attributes:
        name: in words.
        alter: (frame, its number, random numbers) -> the altered frame, None where it is dropped.
        mirrored: whether left and right change places.
    """

    name: str
    alter: Callable[[Rgb, int, np.random.Generator], Rgb | None]
    mirrored: bool = False


def mirror(rgb: Rgb, index: int, rng: np.random.Generator) -> Rgb:
    """Left for right, smaller in the frame, and darker."""
    height, width = rgb.shape[:2]
    smaller = np.array([[ZOOM, 0, (1 - ZOOM) * width / 2], [0, ZOOM, (1 - ZOOM) * height * 0.9]], np.float32)
    flipped = np.ascontiguousarray(rgb[:, ::-1])
    out = cv2.warpAffine(flipped, smaller, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out * DARK, np.uint8)


def roll(rgb: Rgb, index: int, rng: np.random.Generator) -> Rgb | None:
    """A camera that does not stand level, noise of a dim room, and frames that were lost."""
    if index % DROP_EVERY == DROP_EVERY - 1:
        return None
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), ROLL_DEG, 1.0)
    out = cv2.warpAffine(rgb, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.clip(out * BRIGHT + rng.normal(0.0, NOISE, rgb.shape), 0, 255).astype(np.uint8)


ALTERATIONS: Final = (
    Alteration(f"mirrored, zoomed out to {ZOOM:g} and darkened", mirror, mirrored=True),
    Alteration(f"rolled by {ROLL_DEG:g} degrees, with noise and a third of the frames lost", roll),
)

_SWAPPED: Final = {"left": "right", "right": "left"}


def true_clip(clip: Clip, alteration: Alteration) -> Clip:
    """The clip's truth after an alteration."""
    if not alteration.mirrored:
        return clip

    def other_side(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [e | {"side": _SWAPPED.get(e["side"], e["side"])} for e in entries]

    return replace(clip, reps=other_side(clip.reps), measures=other_side(clip.measures))


def analyze_altered(clip: Clip, model: ModelFile, alteration: Alteration) -> Analysis:
    """What the checker makes of an altered clip; the same each time.

    Raises:
        checker.video.reader.VideoError: when the clip cannot be read.
    """
    exercise = find_exercise(clip.exercise)
    rng = np.random.default_rng(zlib.crc32(clip.path.name.encode()))
    with (
        open_video(clip.path, max_side_px=MAX_SIDE_PX) as reader,
        open_estimator(model, outline=exercise.needs_outline) as estimator,
    ):
        engine = Engine(exercise, reader.info.width, reader.info.height)
        for index, frame in enumerate(reader):
            rgb = alteration.alter(frame.rgb, index, rng)
            if rgb is not None:
                engine.record(estimator.estimate(rgb, frame.t_s))
    return engine.finish(ModelInfo(name=model.name, sha256=model.sha256))
