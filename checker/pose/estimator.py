"""What a pose model must be able to do: the two Protocols between it and everything downstream.

A `BodyFinder` is one model: a picture in, bodies in pixels out. An `Estimator` follows one person through a film by
means of it: a picture in, one `Pose` out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from checker.skeleton import Array32, Rgb
from checker.track import Pose


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model on this computer, verified. `source` tells where it came from this time."""

    name: str
    path: Path
    sha256: str
    source: Literal["cache", "download", "wheel"]


@dataclass(frozen=True, slots=True)
class Body:
    """One person in one picture.

    Attributes:
        pixels: (33, 2) image positions.
        visibility: (33,) in [0, 1].
        world: (33, 3) metres, hip-centred.
        mask: (H, W) in [0, 1], 1 on the person; None where it was not asked for. Only to be looked at
            before the next picture.
    """

    pixels: Array32
    visibility: Array32
    world: Array32
    mask: Array32 | None


class BodyFinder(Protocol):
    """A pose model. It is made, used and closed on one thread."""

    def find(self, rgb: Rgb, t_s: float = 0.0) -> list[Body]:
        """The bodies in a picture.

        Args:
            rgb: (H, W, 3) uint8, of any size.
            t_s: its time in seconds; in a film, later than the one before.
        """

    def close(self) -> None:
        """Free the model."""


class Estimator(Protocol):
    """Finds the same person in one picture after another.

    Attributes:
        name: of the model, as results name it.
        fingerprint: sha256 of the model's file: poses from another one are other poses.
    """

    name: str
    fingerprint: str

    def estimate(self, rgb: Rgb, t_s: float) -> Pose:
        """The pose in one picture; all NaN where the person was not found.

        Args:
            rgb: (H, W, 3) uint8, of any size.
            t_s: presentation time in seconds, larger than at the call before.
        """

    def close(self) -> None:
        """Free the model."""
