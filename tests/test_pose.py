"""Frames to poses: the outline on drawn masks, and the model itself on a shipped clip."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from checker.pose.bundle import ensure_model
from checker.pose.models import open_estimator
from checker.pose.outline import body_outline, lowest_under_ankles
from checker.skeleton import N_LANDMARKS, OUTLINE_STATIONS, Landmark
from checker.video.reader import Frame, open_video

SAMPLES = Path(__file__).parent.parent / "sample_videos"
FRONT = SAMPLES / "side_bend__good__anna.mp4"


def upright(hip_y: float = 300.0, shoulder_y: float = 150.0) -> np.ndarray:
    """Landmarks of somebody upright around x = 200, all but trunk and ankles in one place."""
    pixels = np.full((N_LANDMARKS, 2), 200.0, np.float32)
    for landmark, x, y in (
        (Landmark.LEFT_SHOULDER, 230, shoulder_y),
        (Landmark.RIGHT_SHOULDER, 170, shoulder_y),
        (Landmark.LEFT_HIP, 220, hip_y),
        (Landmark.RIGHT_HIP, 180, hip_y),
        (Landmark.LEFT_ANKLE, 225, 500),
        (Landmark.RIGHT_ANKLE, 175, 500),
    ):
        pixels[landmark] = (x, y)
    return pixels


def test_outline_reads_the_distance_to_each_edge() -> None:
    mask = np.zeros((600, 400), np.float32)
    mask[50:550, 140:281] = 1.0  # edges half a pixel outside columns 140 and 280
    right, left = body_outline(mask, upright())
    np.testing.assert_allclose(right, 80.5, atol=0.6)  # clockwise of upwards is the image's right
    np.testing.assert_allclose(left, 60.5, atol=0.6)


def test_outline_follows_a_tilted_trunk() -> None:
    mask = np.zeros((600, 600), np.float32)
    hip, shoulder = np.array([300.0, 400.0]), np.array([300.0, 400.0]) + 150 * np.array([np.sin(0.7), -np.cos(0.7)])
    ends = [hip - 1.5 * (shoulder - hip), hip + 2.5 * (shoulder - hip)]
    cv2.line(mask, *[tuple(int(v) for v in e) for e in ends], 1.0, thickness=81)
    pixels = upright()
    for landmark, point in ((Landmark.LEFT_SHOULDER, shoulder), (Landmark.RIGHT_SHOULDER, shoulder)):
        pixels[landmark] = point
    for landmark in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP):
        pixels[landmark] = hip
    np.testing.assert_allclose(body_outline(mask, pixels), 41.0, atol=1.5)


def test_outline_sees_a_round_back_bulge() -> None:
    mask = np.zeros((600, 400), np.float32)
    rows = np.arange(600)
    s = (300.0 - rows) / 150.0
    edge = 200 - (40 + 30 * 4 * s * (1 - s))
    for y in rows:
        mask[y, max(0, round(edge[y])) : 260] = 1.0
    left = body_outline(mask, upright())[1]
    inside = (OUTLINE_STATIONS > 0) & (OUTLINE_STATIONS < 1)
    expected = 40 + 120 * OUTLINE_STATIONS * (1 - OUTLINE_STATIONS)
    np.testing.assert_allclose(left[inside], expected[inside], atol=1.2)


@pytest.mark.parametrize("case", ["nobody", "no edge", "trunk of no length"])
def test_outline_is_nan_where_there_is_none(case: str) -> None:
    mask = np.zeros((600, 400), np.float32)
    pixels = upright()
    if case == "no edge":
        mask[:] = 1.0
    if case == "trunk of no length":
        mask[:, 100:300] = 1.0
        pixels[:] = 200.0
    outline = body_outline(mask, pixels)
    if case == "no edge":  # the frame's own edge is no edge of the body, but 142 px lie inside it
        outline = outline[:, 5:-5]
    assert np.isnan(outline).all()


def test_lowest_point_under_each_foot() -> None:
    mask = np.zeros((600, 400), np.float32)
    mask[100:520, 215:236] = 1.0
    mask[100:505, 165:186] = 1.0
    assert lowest_under_ankles(mask, upright()).tolist() == [519.0, 504.0]
    assert np.isnan(lowest_under_ankles(np.zeros_like(mask), upright())).all()


def frames(count: int) -> list[Frame]:
    with open_video(FRONT) as reader:
        return list(islice(reader, count))


@pytest.mark.clips
def test_a_person_is_found_with_landmarks_in_pixels_and_an_outline() -> None:
    with open_estimator(ensure_model(), outline=True) as estimator:
        poses = [estimator.estimate(f.rgb, f.t_s) for f in frames(12)]
    pose = poses[-1]
    height, width = frames(1)[0].rgb.shape[:2]
    assert pose.found
    assert pose.people == 1
    assert (pose.image[:, 0] > 0).all()
    assert (pose.image[:, 0] < width).all()
    assert height / 2 < pose.image[Landmark.LEFT_ANKLE, 1] < height
    assert pose.image[Landmark.LEFT_SHOULDER, 0] > pose.image[Landmark.RIGHT_SHOULDER, 0]  # facing us
    assert np.isfinite(pose.outline).mean() > 0.8
    assert pose.feet.min() > pose.image[Landmark.LEFT_HEEL, 1] - 20


@pytest.mark.clips
def test_an_empty_room_is_nobody_and_not_the_last_pose() -> None:
    with open_estimator(ensure_model(), outline=False) as estimator:
        shown = frames(6)
        assert estimator.estimate(shown[0].rgb, 0.0).found
        empty = np.full_like(shown[0].rgb, 180)
        last = [estimator.estimate(empty, 0.1 + 0.1 * i) for i in range(10)][-1]
    assert not last.found
    assert np.isnan(last.visibility).all()
    assert last.people == 0


@pytest.mark.clips
def test_a_second_person_is_noticed_and_the_first_one_kept() -> None:
    with open_estimator(ensure_model(), outline=False) as estimator:
        poses = []
        for i, f in enumerate(frames(60)):
            alone = np.full_like(f.rgb, 190)
            beside = f.rgb if i > 15 else alone
            poses.append(estimator.estimate(np.hstack([f.rgb, beside]), f.t_s))
        width = frames(1)[0].rgb.shape[1]
    assert poses[10].people == 1
    assert poses[-1].people == 2
    assert all(p.image[Landmark.NOSE, 0] < width for p in poses if p.found)
