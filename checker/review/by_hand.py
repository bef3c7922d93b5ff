"""What somebody measures by hand in a picture of the recording: an angle, a line, a time, a grid laid over it.

It is kept with the other records of a review, and taken back like them. It changes no number of the machine's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from checker.posture import HIPS, SHOULDERS
from checker.reasons import TIMES_UNKNOWN
from checker.review.made import CorrectionError, Made, Moment, Pixel
from checker.review.plane import Point, Read, To, angle, between, lean, length
from checker.skeleton import Landmark
from checker.track import PoseTrack

Ends = tuple[tuple[Landmark, ...], ...]
"""Points of the machine's, each the middle of its landmarks."""

_CORNERS: Final = {
    "knee": ("HIP", "KNEE", "ANKLE"),
    "hip": ("SHOULDER", "HIP", "KNEE"),
    "shoulder": ("HIP", "SHOULDER", "ELBOW"),
    "elbow": ("SHOULDER", "ELBOW", "WRIST"),
    "ankle": ("KNEE", "ANKLE", "FOOT_INDEX"),
}
_BONES: Final = {"thigh": ("HIP", "KNEE"), "shank": ("KNEE", "ANKLE"), "upper_arm": ("SHOULDER", "ELBOW")}


def _of_side(names: tuple[str, ...], side: str) -> Ends:
    return tuple((Landmark[f"{side.upper()}_{name}"],) for name in names)


JOINTS: Final[dict[str, Ends]] = {
    f"{side}_{joint}": _of_side(names, side) for joint, names in _CORNERS.items() for side in ("left", "right")
}
"""Angles at a joint that can be named, as the machine's points have them: first end, corner, last end."""

SEGMENTS: Final[dict[str, Ends]] = {
    "trunk": (HIPS, SHOULDERS),
    "shoulders": ((SHOULDERS[0],), (SHOULDERS[1],)),
    "hips": ((HIPS[0],), (HIPS[1],)),
    **{f"{side}_{bone}": _of_side(names, side) for bone, names in _BONES.items() for side in ("left", "right")},
}
"""Lines of the body that can be named, of which the angle to the vertical or the horizontal is measured."""

WIDEST_PX: Final = 1000.0
"""Squares of a grid are at most so wide: the pictures that are looked at are hardly larger."""

NARROWEST_PX: Final = 5.0
"""And at least so wide: narrower, the lines hide the picture (ours)."""

_ROUNDED: Final = 0.002
"""By so much may a kept value differ from that of its points: both are rounded."""


def _known(name: str) -> str:
    if name not in JOINTS | SEGMENTS:
        raise ValueError(f'expected a joint or a line of the body, got "{name}"')
    return name


Place = tuple[Pixel, Pixel]
Named = Annotated[str, AfterValidator(_known)]
Positive = Annotated[float, Field(gt=0, le=100_000)]


class InPicture(Made):
    """Measured in the picture that is shown at `t_s`."""

    t_s: Moment


class _Valued(InPicture):
    """What has a value, which is that of its points; `uncertainty` as in `checker.review.plane`."""

    value: float
    uncertainty: float

    @model_validator(mode="after")
    def _is_of_its_points(self) -> Self:
        found = self._read()
        if max(abs(found.value - self.value), abs(found.uncertainty - self.uncertainty)) > _ROUNDED:
            told = [f"{one.value:.2f} ±{one.uncertainty:.2f}" for one in (found, self)]
            raise ValueError(f"expected the value of its points, {told[0]}, got {told[1]}")
        return self

    def _read(self) -> Read:
        raise NotImplementedError


class HandAngle(_Valued):
    """An angle, degrees: at the middle one of three points, or of the line of two to a direction of the picture.

    Attributes:
        to: of two points alone.
        of: the joint, or the line of the body, that the reviewer says it is of; None where they do not.
    """

    kind: Literal["hand_angle"] = "hand_angle"
    points: Annotated[tuple[Place, ...], Field(min_length=2, max_length=3)]
    to: To | None = None
    of: Named | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> HandAngle:
        if len(self.points) != (3 if self.to is None else 2):
            raise ValueError("expected three points, or two and the direction that their line is held against")
        if self.of is not None and self.of not in (JOINTS if self.to is None else SEGMENTS):
            raise ValueError(f"an angle of {len(self.points)} points is not of {self.of}")
        return self

    def _read(self) -> Read:
        return read_angle(self.points, self.to)


class HandLine(_Valued):
    """The length of a line, pixels.

    Attributes:
        torso_px: of the person at that moment, middle of the hips to middle of the shoulders in the start posture;
            None where the poses do not give it.
        known_cm: the true length, where the reviewer knows it: others are told by it.
        plane_of: the line of known length in whose plane this one lies, as the reviewer says.
    """

    kind: Literal["hand_line"] = "hand_line"
    points: tuple[Place, Place]
    torso_px: Positive | None = None
    known_cm: Positive | None = None
    plane_of: UUID | None = None

    def _read(self) -> Read:
        return length(*self.points)


class HandTime(_Valued):
    """The time from one picture to a later one, seconds.

    Attributes:
        pictures_s: how long each of the two stands.
    """

    kind: Literal["hand_time"] = "hand_time"
    until_s: Moment
    pictures_s: tuple[Moment, Moment]

    def _read(self) -> Read:
        return between(self.t_s, self.until_s, self.pictures_s)


class HandGrid(InPicture):
    """Squares laid over the picture, of which one corner lies at `origin`. Perspective is not corrected."""

    kind: Literal["hand_grid"] = "hand_grid"
    origin: Place
    spacing_px: Annotated[float, Field(ge=NARROWEST_PX, le=WIDEST_PX)]


ByHand = HandAngle | HandLine | HandTime | HandGrid


def read_angle(points: Sequence[Point], to: To | None) -> Read:
    """The angle of three points, or of two and a direction.

    Raises:
        CorrectionError: there are more or fewer, or two of them lie too near to each other.
    """
    if to is not None and len(points) == 2:
        return lean(points[0], points[1], to)
    if to is None and len(points) == 3:
        return angle(points[0], points[1], points[2])
    raise CorrectionError("an angle has three points, or two and the direction that their line is held against")


def check_in_picture(made: ByHand, track: PoseTrack) -> None:
    """Make sure that a recording has the picture and the places of something that was measured in it.

    Raises:
        CorrectionError: it has not; or a time was measured in a film that may be slowed down.
    """
    until_s = made.until_s if isinstance(made, HandTime) else made.t_s
    if not len(track) or not track.t_s[0] <= made.t_s <= until_s <= track.t_s[-1]:
        raise CorrectionError(f"there is no picture at {until_s:.2f} s: expected a moment of the recording")
    if isinstance(made, HandTime) and not track.times_known:
        raise CorrectionError(f"no time is measured in this film: {TIMES_UNKNOWN.text}")
    for x, y in places(made):
        if x > track.width or y > track.height:
            raise CorrectionError(
                f"({x:.0f}, {y:.0f}) lies outside of the picture: expected at most {track.width} across and "
                f"{track.height} down"
            )


def places(made: ByHand) -> tuple[Point, ...]:
    """Where its points lie; none of a time."""
    if isinstance(made, HandAngle | HandLine):
        return made.points
    return (made.origin,) if isinstance(made, HandGrid) else ()
