"""Frames of a clip as they are shown: the right way round, also where the clip is a mirror image.

Whatever is drawn lies on the picture turned round, as the poses were; then writing in it reads right, and
left and right are where they are before one's eyes.
"""

from __future__ import annotations

import cv2
import numpy as np

from checker.assessment import Assessment
from checker.overlay import Rgb


def as_shown(rgb: Rgb, assessment: Assessment) -> Rgb:
    """Return a frame, turned round where the clip is a mirror image.

    Args:
        rgb: (H, W, 3) uint8 as it was read.
        assessment: of the clip.
    """
    return np.asarray(cv2.flip(rgb, 1), np.uint8) if assessment.video.mirrored else rgb
