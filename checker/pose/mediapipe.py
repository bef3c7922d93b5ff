"""MediaPipe's pose landmarker, the one door to that library: any picture in, bodies in pixels out.

The library's segmentation mask cannot be read where its rows are padded: `numpy_view` of a mask whose
width is no multiple of four ends the process. So every picture is padded here to a width that it
takes, and what comes out is that of the picture as it came.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import cv2
import numpy as np

from checker.pose.estimator import Body, ModelFile
from checker.pose.lean import without_plotting
from checker.skeleton import N_LANDMARKS, Rgb

with without_plotting():
    import mediapipe as mp
    from mediapipe.tasks.python import vision
    from mediapipe.tasks.python.core.base_options import BaseOptions

ROW_PX: Final = 4
"""Rows of a mask are aligned to 16 bytes, and a mask has 4 bytes a pixel."""


class Landmarker:
    """Finds bodies, as a `BodyFinder`. Not thread-safe: made, used and closed on one thread."""

    def __init__(self, model: ModelFile, mode: Literal["video", "image"], people: int, masks: bool) -> None:
        """Load the model.

        Args:
            model: from `checker.pose.bundle.ensure_model`.
            mode: "video" follows the same body from picture to picture; "image" searches each anew.
            people: how many bodies to look for.
            masks: whether masks are wanted.
        """
        self._video = mode == "video"
        self._landmarker = vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(model.path)),
                running_mode=vision.RunningMode.VIDEO if self._video else vision.RunningMode.IMAGE,
                num_poses=people,
                output_segmentation_masks=masks,
            )
        )
        self._last_ms = -1

    def find(self, rgb: Rgb, t_s: float = 0.0) -> list[Body]:
        """The bodies in a picture.

        Args:
            rgb: (H, W, 3) uint8, of any size.
            t_s: its time in seconds; of a video, later than the one before.
        """
        height, width = rgb.shape[:2]
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=padded(rgb))
        if self._video:
            self._last_ms = max(round(t_s * 1000.0), self._last_ms + 1)
            result = self._landmarker.detect_for_video(image, self._last_ms)
        else:
            result = self._landmarker.detect(image)
        masks = result.segmentation_masks or [None] * len(result.pose_landmarks)
        found = zip(result.pose_landmarks, result.pose_world_landmarks, masks, strict=True)
        return [_body(points, world, mask, image.width, width, height) for points, world, mask in found]

    def close(self) -> None:
        """Free the model: the library does not do it by itself without complaint."""
        self._landmarker.close()


def padded(rgb: Rgb) -> Rgb:
    """The picture with its last column repeated until its width suits the library; C-contiguous."""
    missing = -rgb.shape[1] % ROW_PX
    if not missing:
        return np.ascontiguousarray(rgb)
    return np.asarray(cv2.copyMakeBorder(rgb, 0, 0, 0, missing, cv2.BORDER_REPLICATE), np.uint8)


def _body(points: Any, world: Any, mask: Any, padded_width: int, width: int, height: int) -> Body:
    """The library's normalised landmarks as pixels: the only place where it is done."""
    raw = np.array([(p.x * padded_width, p.y * height, p.visibility) for p in points], np.float32)
    return Body(
        pixels=raw[:N_LANDMARKS, :2],
        visibility=raw[:N_LANDMARKS, 2],
        world=np.array([(p.x, p.y, p.z) for p in world], np.float32)[:N_LANDMARKS],
        mask=None if mask is None else mask.numpy_view().reshape(height, padded_width)[:, :width],
    )
