"""What was seen of a person: the pose of a frame, and the poses of a clip, which everything downstream reads.

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
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from checker.mirror import MIRROR
from checker.skeleton import N_LANDMARKS, N_OUTLINE, Array, Array32, Landmark
from checker.track_file import read, write

STILL_CAMERA: Final[Array32] = np.array([1.0, 0.0, 0.0, 0.0], np.float32)
"""`Pose.camera` of a camera that has not moved."""


UNKNOWN_CLOTHES: Final[Array32] = np.full(4, np.nan, np.float32)
"""Colours of nobody's clothes; see `Pose.clothes`."""


NOBODY: Final[Array32] = np.full(4, np.nan, np.float32)
"""`Pose.other` where nobody else is in the picture."""


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
        feet: (2,) float32, pixels: y of the lowest point of the body under the left and the right
            ankle. NaN as above.
        people: how many people were seen.
        brightness: mean grey level of the frame, 0 to 255.
        camera: (4,) float32 a, b, x, y: a point (u, v) of this frame lies at (a u - b v + x, b u + a v + y)
            in the first one, pixels. NaN where the room could not be followed.
        other: (4,) float32: of the other person who is closest: x, y of the trunk's middle and its length,
            pixels, and the share of the followed person's box that lies within theirs. NaN for nobody.
        body_brightness: mean grey level of the person's trunk, 0 to 255; NaN where it is not known.
        clothes: (4,) float32: shares of red and of green in the colour of the trunk, then of the thighs; NaN
            where they are not known.
        cut: whether the picture shows another room, or the same one from elsewhere, than the frame before: the
            film was cut, or the camera was moved at once.
    """

    t_s: float
    image: Array32
    world: Array32
    visibility: Array32
    outline: Array32
    feet: Array32
    people: int = 1
    brightness: float = 128.0
    camera: Array32 = field(default_factory=lambda: STILL_CAMERA)
    other: Array32 = field(default_factory=lambda: NOBODY)
    body_brightness: float = float("nan")
    clothes: Array32 = field(default_factory=lambda: UNKNOWN_CLOTHES)
    cut: bool = False

    @property
    def found(self) -> bool:
        """Whether a person was found at all."""
        return bool(np.isfinite(self.image).any())

    def mirrored(self, width: int) -> Pose:
        """The pose in the mirror image of its frame, which is `width` pixels wide; see `PoseTrack.mirrored`."""
        return replace(self, **{f.name: MIRROR[f.name](getattr(self, f.name), width) for f in fields(self)})


def missing_pose(t_s: float, brightness: float = 128.0, camera: Array32 | None = None, cut: bool = False) -> Pose:
    """A frame in which nobody was found: all NaN, `people` 0."""
    return Pose(
        t_s=t_s,
        image=np.full((N_LANDMARKS, 2), np.nan, np.float32),
        world=np.full((N_LANDMARKS, 3), np.nan, np.float32),
        visibility=np.full(N_LANDMARKS, np.nan, np.float32),
        outline=np.full((2, N_OUTLINE), np.nan, np.float32),
        feet=np.full(2, np.nan, np.float32),
        people=0,
        brightness=brightness,
        camera=STILL_CAMERA if camera is None else camera,
        other=NOBODY,
        cut=cut,
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
        feet: (T, 2) pixels.
        people: (T,) people seen.
        brightness: (T,) mean grey level.
        camera: (T, 4) where the frame lies in the first one; see `Pose`.
        other: (T, 4) the other person who is closest; see `Pose`.
        body_brightness: (T,) mean grey level of the trunk.
        clothes: (T, 4) colours of trunk and thighs; see `Pose`.
        cut: (T,) whether another room, or the room from elsewhere, begins with the frame.
        width, height: size of the frames, pixels.
        model: fingerprint (sha256) of the pose model that saw it; "" where it is not known.
        times_known: False when a second of it may not be a second of the movement: the film may be slowed down.
    """

    t_s: Array
    image: Array32
    world: Array32
    visibility: Array32
    outline: Array32
    feet: Array32
    people: npt.NDArray[np.int16]
    brightness: Array32
    camera: Array32
    other: Array32
    body_brightness: Array32
    clothes: Array32
    cut: npt.NDArray[np.bool_]
    width: int
    height: int
    model: str = ""
    times_known: bool = True

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.t_s)

    def point(self, *landmarks: Landmark) -> Array:
        """(T, 2) pixels: the middle of the named landmarks."""
        return _middle(self.image, landmarks)

    def world_point(self, *landmarks: Landmark) -> Array:
        """(T, 3) metres: the middle of the named landmarks."""
        return _middle(self.world, landmarks)

    def slice(self, keep: slice | npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> PoseTrack:
        """The frames of a slice, a mask or a list of indices, as a track."""
        return replace(self, **{name: getattr(self, name)[keep] for name in _PER_FRAME})

    def mirrored(self) -> PoseTrack:
        """The poses in the mirror image of their picture: x turned round, left and right changed places.

        Exact: the model names sides by how a body looks, so that the person in a mirror has the other
        ones. The mirror image of the mirror image is the track itself, to the rounding of a float32.

        Raises:
            KeyError: a field was added and `MIRROR` does not say what becomes of it.
        """
        names = [f.name for f in fields(self) if f.name not in _OF_ALL]
        return replace(self, **{name: MIRROR[name](getattr(self, name), self.width) for name in names})

    def save(self, path: Path) -> None:
        """Write the poses to a file: NumPy's npz, about 1 kB a frame, with their units and the model's fingerprint.

        Raises:
            OSError: the file cannot be written.
        """
        arrays = {name: getattr(self, name) for name in _PER_FRAME}
        write(path, arrays, {name: getattr(self, name) for name in _OF_ALL})

    @classmethod
    def load(cls, path: Path) -> PoseTrack:
        """Read poses that `save` wrote.

        Raises:
            TrackError: the file is not there, or holds something else; one line that says what.
        """
        return cls(**read(path, _SHAPES))

    @classmethod
    def single(cls, pose: Pose, width: int, height: int) -> PoseTrack:
        """A track of one frame, of that size in pixels."""
        arrays: dict[str, Any] = {
            name: np.asarray(getattr(pose, name), dtype)[None] for name, (dtype, _) in _SHAPES.items()
        }
        return cls(**arrays, width=width, height=height)

    @classmethod
    def stack(cls, poses: Iterable[Pose], width: int, height: int) -> PoseTrack:
        """Stack single poses, in order of time, of frames of that size in pixels."""
        poses = list(poses)
        arrays: dict[str, Any] = {
            name: np.array([getattr(pose, name) for pose in poses], dtype).reshape(-1, *shape)
            for name, (dtype, shape) in _SHAPES.items()
        }
        return cls(**arrays, width=width, height=height)


def _middle(points: Array32, landmarks: tuple[Landmark, ...]) -> Array:
    """(T, K) the mean of a few of the (T, 33, K) points; without NumPy's mean, which is slow for one or two."""
    if len(landmarks) == 1:
        return points[:, landmarks[0]].astype(np.float64)
    if len(landmarks) == 2:
        return np.asarray((points[:, landmarks[0]] + points[:, landmarks[1]]) / np.float32(2.0), np.float64)
    return np.asarray(points[:, list(landmarks)].mean(axis=1), np.float64)


def concatenated(tracks: Iterable[PoseTrack]) -> PoseTrack:
    """Tracks of one picture size one after another; their times stay as they are."""
    tracks = list(tracks)
    arrays: dict[str, Any] = {name: np.concatenate([getattr(t, name) for t in tracks]) for name in _PER_FRAME}
    return replace(tracks[0], **arrays)


_SHAPES: Final[dict[str, tuple[type, tuple[int, ...]]]] = {
    "t_s": (np.float64, ()),
    "image": (np.float32, (N_LANDMARKS, 2)),
    "world": (np.float32, (N_LANDMARKS, 3)),
    "visibility": (np.float32, (N_LANDMARKS,)),
    "outline": (np.float32, (2, N_OUTLINE)),
    "feet": (np.float32, (2,)),
    "people": (np.int16, ()),
    "brightness": (np.float32, ()),
    "camera": (np.float32, (4,)),
    "other": (np.float32, (4,)),
    "body_brightness": (np.float32, ()),
    "clothes": (np.float32, (4,)),
    "cut": (np.bool_, ()),
}


_PER_FRAME: Final = tuple(_SHAPES)


_OF_ALL: Final = ("width", "height", "model", "times_known")
"""What a track says of all its frames."""


class TrackRecorder:
    """Collects poses in blocks of plain arrays: about 1 KiB a frame, nothing else is kept."""

    _BLOCK: Final = 512

    def __init__(self) -> None:
        """Start empty."""
        self._blocks: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in _SHAPES}
        self._n = 0

    def __len__(self) -> int:
        """Frames so far."""
        return self._n

    def append(self, pose: Pose) -> None:
        """Add the next frame."""
        row = self._n % self._BLOCK
        if row == 0:
            for name, (dtype, shape) in _SHAPES.items():
                self._blocks[name].append(np.empty((self._BLOCK, *shape), dtype))
        for name, blocks in self._blocks.items():
            blocks[-1][row] = getattr(pose, name)
        self._n += 1

    def track(self, width: int, height: int) -> PoseTrack:
        """Everything so far as one track, of frames of that size in pixels."""
        arrays: dict[str, Any] = {}
        for name, (dtype, shape) in _SHAPES.items():
            blocks = self._blocks[name] or [np.empty((0, *shape), dtype)]
            arrays[name] = np.concatenate(blocks)[: self._n]
        return PoseTrack(**arrays, width=width, height=height)
