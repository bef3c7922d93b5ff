"""The door into the pose library: every size of picture comes through, and nothing ends the process."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.pose.bundle import ensure_model
from checker.pose.mediapipe import ROW_PX, Landmarker, padded
from checker.skeleton import Landmark
from checker.video.reader import Frame, open_video

FRONT = Path(__file__).parent.parent / "sample_videos" / "side_bend__good__anna.mp4"
SIZE = st.integers(16, 1100)

ODD_SIZES = [
    (853, 480), (854, 480), (202, 360), (426, 240), (406, 720), (462, 832), (854, 481),
    (361, 641), (639, 359), (1099, 619), (270, 481), (359, 639), (17, 1100), (1100, 17), (16, 16), (33, 33),
]  # fmt: skip
"""Wide, upright and absurd; 854 x 480 is the standard 480p."""


@given(SIZE, SIZE)
def test_every_picture_is_given_a_width_that_the_library_takes_and_keeps_its_own_pixels(
    width: int, height: int
) -> None:
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, -1] = 200
    out = padded(rgb)
    assert out.shape[0] == height
    assert out.shape[1] % ROW_PX == 0
    assert 0 <= out.shape[1] - width < ROW_PX
    assert out.flags.c_contiguous
    np.testing.assert_array_equal(out[:, :width], rgb)
    assert (out[:, width:] == 200).all()


@given(SIZE, SIZE, st.integers(1, 9))
def test_a_part_of_a_larger_picture_is_taken_too(width: int, height: int, offset: int) -> None:
    part = np.zeros((height + offset, width + offset, 3), np.uint8)[offset:, offset:]
    assert padded(part).flags.c_contiguous


def first_picture() -> Frame:
    with open_video(FRONT) as reader:
        return next(iter(reader))


@pytest.mark.clips
@pytest.mark.parametrize("mode", ["video", "image"])
def test_the_model_runs_on_pictures_of_any_size(mode: str) -> None:
    rgb = first_picture().rgb
    landmarker = Landmarker(ensure_model(), mode, people=1, masks=True)
    try:
        for i, (width, height) in enumerate(ODD_SIZES):
            for body in landmarker.find(cv2.resize(rgb, (width, height)), i / 10):
                assert body.mask is not None
                assert body.mask.shape == (height, width)
                assert body.mask.min() >= 0
                assert body.mask.max() <= 1
    finally:
        landmarker.close()


@pytest.mark.clips
def test_landmarks_and_mask_lie_where_they_lie_in_the_picture_before_it_was_padded() -> None:
    rgb = first_picture().rgb
    height, width = rgb.shape[:2]
    landmarker = Landmarker(ensure_model(), "image", people=1, masks=True)
    try:
        (whole,) = landmarker.find(rgb)
        hips = whole.pixels[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
        for cut in (1, 2, 3):
            (body,) = landmarker.find(rgb[:, : width - cut])
            np.testing.assert_allclose(body.pixels[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]], hips, atol=2.0)
            assert body.mask is not None
            assert body.mask.shape == (height, width - cut)
            x, y = hips.mean(axis=0).astype(int)
            assert body.mask[y, x] > 0.5
    finally:
        landmarker.close()
