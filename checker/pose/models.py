"""The pose models there are, and how each is opened.

A further model is a file with its `BodyFinder`, its errors in `calibration/`, and a line in `_OPENERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from checker.pose.bundle import ModelFile
from checker.pose.estimator import BodyFinder
from checker.pose.following import MakeFinder, PoseEstimator


def open_estimator(model: ModelFile, outline: bool) -> PoseEstimator:
    """Load a model, to follow one person through one film.

    Args:
        model: from `checker.pose.bundle.ensure_model`.
        outline: whether the outline of the body is wanted too.
    """
    make_finder = _OPENERS[model.name](model)
    return PoseEstimator(make_finder, model.name, model.sha256, outline)


def _mediapipe(model: ModelFile) -> MakeFinder:
    """MediaPipe's pose landmarker."""
    from checker.pose.mediapipe import Landmarker

    def make(of: Literal["film", "single"], masks: bool) -> BodyFinder:
        if of == "film":
            return Landmarker(model, "video", people=1, masks=masks)
        return Landmarker(model, "image", people=2, masks=masks)

    return make


_OPENERS: Final[dict[str, Callable[[ModelFile], MakeFinder]]] = {
    f"pose_landmarker_{size}": _mediapipe for size in ("lite", "full", "heavy")
}
