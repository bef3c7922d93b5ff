"""The 33 landmarks by name, and the one array type that everything downstream reads.

Conventions, settled here once:

- image positions are **pixels**, x to the right, y down;
- world positions are metres, x to the image's right, y down, z away from the camera, with the
  middle of the hips at the origin;
- a landmark that was not seen is NaN, never 0 and never its last value;
- time is seconds from the container's timestamps, never a frame count;
- "left" and "right" are the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Array32 = npt.NDArray[np.float32]


class Landmark(IntEnum):
    """MediaPipe's 33 pose landmarks, in the order in which the model gives them."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


N_LANDMARKS: Final = len(Landmark)

N_OUTLINE: Final = 33
"""Samples of the body's outline along the hip-to-shoulder line; see `OUTLINE_STATIONS`."""

OUTLINE_STATIONS: Final[Array] = np.linspace(-0.25, 1.15, N_OUTLINE)
"""Where the outline is sampled: 0 at the middle of the hips, 1 at the middle of the shoulders."""

BONES: Final[tuple[tuple[Landmark, Landmark], ...]] = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL),
    (Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
    (Landmark.RIGHT_ANKLE, Landmark.RIGHT_HEEL),
    (Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX),
)
"""Pairs of landmarks that a drawing joins with a line."""


@dataclass(frozen=True, slots=True)
class Pose:
    """What was seen of the person in one frame.

    Attributes:
        t_s: presentation time of the frame, seconds.
        image: (33, 2) float32, pixels.
        world: (33, 3) float32, metres, hip-centred.
        visibility: (33,) float32 in [0, 1].
        outline: (2, N_OUTLINE) float32, pixels: how far the body reaches from the hip-shoulder
            line at each of `OUTLINE_STATIONS`, first to the side that lies clockwise (in the
            image) of the direction hip to shoulder, then counter-clockwise. NaN where it was not
            asked for or not found.
        people: how many people were seen.
        brightness: mean grey level of the frame, 0 to 255.
    """

    t_s: float
    image: Array32
    world: Array32
    visibility: Array32
    outline: Array32
    people: int = 1
    brightness: float = 128.0

    @property
    def found(self) -> bool:
        """Whether a person was found at all."""
        return bool(np.isfinite(self.image).any())


def missing_pose(t_s: float, brightness: float = 128.0) -> Pose:
    """A frame in which nobody was found: all NaN, `people` 0."""
    return Pose(
        t_s=t_s,
        image=np.full((N_LANDMARKS, 2), np.nan, np.float32),
        world=np.full((N_LANDMARKS, 3), np.nan, np.float32),
        visibility=np.full(N_LANDMARKS, np.nan, np.float32),
        outline=np.full((2, N_OUTLINE), np.nan, np.float32),
        people=0,
        brightness=brightness,
    )


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """The poses of a whole clip, stacked on a first axis T.

    Attributes:
        t_s: (T,) strictly increasing seconds.
        image: (T, 33, 2) pixels.
        world: (T, 33, 3) metres.
        visibility: (T, 33).
        outline: (T, 2, N_OUTLINE) pixels.
        people: (T,) people seen.
        brightness: (T,) mean grey level.
        width, height: size of the frames, pixels.
    """

    t_s: Array
    image: Array32
    world: Array32
    visibility: Array32
    outline: Array32
    people: npt.NDArray[np.int16]
    brightness: Array32
    width: int
    height: int

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.t_s)

    @classmethod
    def stack(cls, poses: Iterable[Pose], width: int, height: int) -> PoseTrack:
        """Stack single poses.

        Args:
            poses: in order of time.
            width: of the frames, pixels.
            height: of the frames, pixels.
        """
        poses = list(poses)
        if not poses:
            poses = []
        return cls(
            t_s=np.array([p.t_s for p in poses], np.float64),
            image=np.array([p.image for p in poses], np.float32).reshape(-1, N_LANDMARKS, 2),
            world=np.array([p.world for p in poses], np.float32).reshape(-1, N_LANDMARKS, 3),
            visibility=np.array([p.visibility for p in poses], np.float32).reshape(-1, N_LANDMARKS),
            outline=np.array([p.outline for p in poses], np.float32).reshape(-1, 2, N_OUTLINE),
            people=np.array([p.people for p in poses], np.int16),
            brightness=np.array([p.brightness for p in poses], np.float32),
            width=width,
            height=height,
        )
