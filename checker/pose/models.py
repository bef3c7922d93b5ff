"""The pose models there are: where the file of each comes from, and how it is opened.

A further model is a file with its `BodyFinder`, its errors in `calibration/`, and an entry of `MODELS`. Its landmarks
are given as the 33 of `checker.skeleton.Landmark`, NaN with visibility 0 where it has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from checker.pose.estimator import BodyFinder, ModelFile

if TYPE_CHECKING:
    from checker.pose.following import MakeFinder, PoseEstimator


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A model file in the wheel, and what the library must be told about its input image.

    `mean` and `std` normalise a pixel: (value - mean) / std.
    """

    path: str
    sha256: str
    title: str
    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class WheelSpec:
    """A wheel that holds a model's weights, and the sha256 of the bundle built from them."""

    requirement: str
    sha256: str
    parts: dict[str, WheelPart]
    bundle_sha256: str


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A pose model: where its file comes from, and how it is opened.

    Attributes:
        name: as results name it; its errors stand in `calibration/<name>.toml`.
        url: the official address of its file.
        sha256: of that file.
        open: makes what finds bodies, from the file; imports the model's library only then.
        wheel: what it can be built from where the address is blocked, if anything.
    """

    name: str
    url: str
    sha256: str
    open: Callable[[ModelFile], MakeFinder]
    wheel: WheelSpec | None = None

    @property
    def accepted(self) -> dict[str, str]:
        """The sha256 of every file that is this model, with its origin: "official" or "built"."""
        built = {self.wheel.bundle_sha256: "built"} if self.wheel else {}
        return {self.sha256: "official", **built}


def open_estimator(model: ModelFile, outline: bool) -> PoseEstimator:
    """Load a model, to follow one person through one film.

    Args:
        model: from `checker.pose.bundle.ensure_model`.
        outline: whether the outline of the body is wanted too.
    """
    from checker.pose.following import PoseEstimator

    spec = next(spec for spec in MODELS.values() if spec.name == model.name)
    return PoseEstimator(spec.open(model), model.name, model.sha256, outline)


def _mediapipe(model: ModelFile) -> MakeFinder:
    """MediaPipe's pose landmarker."""
    from checker.pose.mediapipe import Landmarker

    def make(of: Literal["film", "single"], masks: bool) -> BodyFinder:
        if of == "film":
            return Landmarker(model, "video", people=1, masks=masks)
        return Landmarker(model, "image", people=2, masks=masks)

    return make


_FULL_WHEEL: Final = WheelSpec(
    requirement="mediapipe==0.10.21",
    sha256="05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
    parts={
        "pose_detector.tflite": WheelPart(
            path="mediapipe/modules/pose_detection/pose_detection.tflite",
            sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
            title="PoseDetector",
            mean=127.5,
            std=127.5,
        ),
        "pose_landmarks_detector.tflite": WheelPart(
            path="mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
            sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            title="PoseLandmarks",
            mean=0.0,
            std=255.0,
        ),
    },
    bundle_sha256="ecea5307498960bd11565ffa0051fba414a93b277470ec3118120db854a19195",
)

_OFFICIAL: Final = (
    "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
    "pose_landmarker_{0}/float16/1/pose_landmarker_{0}.task"
)

MODELS: dict[str, ModelSpec] = {
    "lite": ModelSpec(
        name="pose_landmarker_lite",
        url=_OFFICIAL.format("lite"),
        sha256="59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",
        open=_mediapipe,
    ),
    "full": ModelSpec(
        name="pose_landmarker_full",
        url=_OFFICIAL.format("full"),
        sha256="4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
        open=_mediapipe,
        wheel=_FULL_WHEEL,
    ),
    "heavy": ModelSpec(
        name="pose_landmarker_heavy",
        url=_OFFICIAL.format("heavy"),
        sha256="64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
        open=_mediapipe,
    ),
}

"""By the name that people give. The file of each lies in the cache under its full name."""

DEFAULT_MODEL: Final = "full"
