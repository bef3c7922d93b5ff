"""The camera's own movement: followed in drawn rooms, taken out of poses, told where it is more than a sway."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from analytic_body import FACING_RIGHT, FRONT, body_track, out_and_back, repeated, times
from hypothesis import given
from hypothesis import strategies as st

from checker.engine import Engine
from checker.library import find_exercise
from checker.pose.camera_motion import CameraMotion
from checker.pose.steady import as_filmed, camera_moves, steadied, widened
from checker.skeleton import Array32
from checker.track import STILL_CAMERA, Pose, PoseTrack
from checker.video.reader import Frame

WIDTH, HEIGHT = 640, 480


def room(seed: int = 3) -> np.ndarray:
    """A wall with furniture on it, larger than the picture."""
    rng = np.random.default_rng(seed)
    wall = np.full((HEIGHT + 240, WIDTH + 240, 3), 180, np.uint8)
    for _ in range(60):
        x, y = rng.integers(0, WIDTH + 200), rng.integers(0, HEIGHT + 200)
        w, h = rng.integers(15, 90, 2)
        cv2.rectangle(wall, (int(x), int(y)), (int(x + w), int(y + h)), rng.integers(20, 240, 3).tolist(), -1)
    return wall


def filmed(wall: np.ndarray, turn_deg: float = 0.0, right: float = 0.0, down: float = 0.0, zoom: float = 1.0) -> Frame:
    """The wall by a camera that was turned, moved and zoomed; pixels."""
    middle = (wall.shape[1] / 2 + right, wall.shape[0] / 2 + down)
    matrix = cv2.getRotationMatrix2D(middle, turn_deg, zoom)
    matrix[:, 2] += np.array([WIDTH / 2, HEIGHT / 2]) - np.array(middle)
    return np.asarray(cv2.warpAffine(wall, matrix, (WIDTH, HEIGHT)), np.uint8)


def person_at(x: float, y: float = 240.0, height: float = 300.0) -> Array32:
    """(33, 2) landmarks of somebody upright."""
    rng = np.random.default_rng(0)
    spread = rng.uniform(-0.5, 0.5, (33, 2)) * [0.25 * height, height]
    return (spread + np.array([x, y])).astype(np.float32)


def back_to_first(camera: Array32, point: tuple[float, float]) -> np.ndarray:
    a, b, x, y = camera
    u, v = point
    return np.array([a * u - b * v + x, b * u + a * v + y])


@pytest.mark.parametrize(
    ("turn_deg", "right", "down", "zoom"),
    [(6.0, 0, 0, 1.0), (0, 40.0, -25.0, 1.0), (0, 0, 0, 1.12), (-3.0, 20.0, 10.0, 0.95)],
)
def test_turns_shifts_and_zooms_are_followed(turn_deg: float, right: float, down: float, zoom: float) -> None:
    wall, camera = room(), CameraMotion()
    for share in np.linspace(0.0, 1.0, 25):
        now = filmed(wall, turn_deg * share, right * share, down * share, 1.0 + (zoom - 1.0) * share)
        seen = camera.feed(now, None)
    matrix = cv2.getRotationMatrix2D((WIDTH / 2 + 120 + right, HEIGHT / 2 + 120 + down), turn_deg, zoom)
    matrix[:, 2] += np.array([WIDTH / 2, HEIGHT / 2]) - [WIDTH / 2 + 120 + right, HEIGHT / 2 + 120 + down]
    for u, v in ((320.0, 240.0), (150.0, 120.0), (500.0, 400.0)):
        now_at = matrix @ [u + 120, v + 120, 1.0]  # where a point of the first picture lies in the last one
        np.testing.assert_allclose(back_to_first(seen, tuple(now_at)), [u, v], atol=1.5)


def test_a_camera_at_rest_rests_whatever_the_person_does() -> None:
    wall, camera = room(), CameraMotion()
    still = filmed(wall)
    for i in range(40):
        picture, x = still.copy(), 200.0 + 5.0 * i
        cv2.rectangle(picture, (int(x) - 40, 90), (int(x) + 40, 400), (30, 30, 90), -1)
        seen = camera.feed(picture, person_at(x))
        np.testing.assert_allclose(back_to_first(seen, (320.0, 240.0)), [320.0, 240.0], atol=1.0)


def test_somebody_who_walks_through_is_not_the_room() -> None:
    wall, camera = room(), CameraMotion()
    still, coat = filmed(wall), np.random.default_rng(1).integers(0, 255, (330, 110, 3), np.uint8)
    coat = cv2.resize(cv2.resize(coat, (11, 33)), (110, 330), interpolation=cv2.INTER_NEAREST)
    for i in range(40):
        picture, x = still.copy(), 20 + 11 * i
        picture[100:430, x : x + 110] = coat[:, : picture[100:430, x : x + 110].shape[1]]
        seen = camera.feed(picture, person_at(320.0))
    np.testing.assert_allclose(back_to_first(seen, (320.0, 240.0)), [320.0, 240.0], atol=1.0)


def test_of_a_bare_wall_nothing_is_said() -> None:
    camera = CameraMotion()
    bare = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    assert all(np.isnan(camera.feed(bare, None)).all() for _ in range(5))


@pytest.mark.parametrize("size", [(64, 48), (854, 480), (360, 640), (17, 1100)])
def test_pictures_of_any_size(size: tuple[int, int]) -> None:
    camera = CameraMotion()
    for i in range(3):
        picture = cv2.resize(filmed(room(), turn_deg=i), size)
        assert camera.feed(picture, None).shape == (4,)


# --- taken out of the poses --------------------------------------------------------------------


def moved(track: PoseTrack, turn_deg: np.ndarray, right: np.ndarray, zoom: np.ndarray) -> PoseTrack:
    """The track by a camera that turns, shifts and zooms, which is known to do so."""
    a, b = zoom * np.cos(np.radians(turn_deg)), zoom * np.sin(np.radians(turn_deg))
    u, v = track.image[..., 0], track.image[..., 1]
    image = np.stack([a[:, None] * u - b[:, None] * v + right[:, None], b[:, None] * u + a[:, None] * v], axis=-1)
    ankles = track.image[:, [27, 28], 0]
    feet = b[:, None] * ankles + a[:, None] * track.feet
    inverse = np.stack([np.cos(np.radians(-turn_deg)) / zoom, np.sin(np.radians(-turn_deg)) / zoom], axis=1)
    x = -(inverse[:, 0] * right)
    y = -(inverse[:, 1] * right)
    camera = np.column_stack([inverse, x, y]).astype(np.float32)
    outline = track.outline * zoom[:, None, None]
    return replace(track, image=image.astype(np.float32), feet=feet.astype(np.float32), camera=camera, outline=outline)


T_S = times(8.0, 15.0)


def test_a_swaying_hand_is_undone_and_is_no_movement() -> None:
    still = body_track(T_S, FRONT, lateral_deg=out_and_back(T_S, 25.0, 2.0))
    sway = 0.6 * np.sin(2 * np.pi * 0.4 * T_S)
    shaken = moved(still, sway, 5.0 * np.sin(2 * np.pi * 0.9 * T_S), np.ones_like(T_S))
    assert not camera_moves(shaken).any()
    undone = steadied(shaken)
    np.testing.assert_allclose(undone.image, still.image, atol=0.05)
    np.testing.assert_allclose(undone.feet, still.feet, atol=0.05)


def test_a_slip_is_a_movement_at_its_time_and_is_undone_all_the_same() -> None:
    still = body_track(T_S, FRONT)
    slip = np.interp(T_S, [3.0, 4.0], [0.0, 12.0])
    slipped = moved(still, slip, np.zeros_like(T_S), np.ones_like(T_S))
    moves = camera_moves(slipped)
    assert moves[(T_S > 2.9) & (T_S < 4.1)].all()
    assert not moves[(T_S < 2.0) | (T_S > 5.2)].any()
    np.testing.assert_allclose(steadied(slipped).image, still.image, atol=0.05)


@pytest.mark.parametrize("what", ["pan", "zoom"])
def test_a_webcam_that_follows_its_owner_moves(what: str) -> None:
    still = body_track(T_S, FRONT)
    share = np.interp(T_S, [1.0, 7.0], [0.0, 1.0])
    pan = 0.3 * still.width * share if what == "pan" else np.zeros_like(T_S)
    zoom = 1.0 + 0.4 * share if what == "zoom" else np.ones_like(T_S)
    assert camera_moves(moved(still, np.zeros_like(T_S), pan, zoom))[(T_S > 2.0) & (T_S < 6.0)].all()


def test_a_tripod_is_left_as_it_is() -> None:
    still = body_track(T_S, FRONT)
    unsure = np.tile(STILL_CAMERA, (len(T_S), 1))
    unsure[:, 2] += np.random.default_rng(0).normal(0.0, 0.5, len(T_S))
    track = replace(still, camera=unsure.astype(np.float32))
    assert steadied(track) is track
    assert steadied(replace(still, camera=np.full_like(unsure, np.nan, np.float32))).image is still.image


def test_joints_are_laid_back_where_they_were_filmed() -> None:
    still = body_track(T_S, FRONT)
    share = np.interp(T_S, [1.0, 5.0], [0.0, 1.0])
    filmed_so = moved(still, 5.0 * share, 60.0 * share, 1.0 + 0.1 * share)
    np.testing.assert_allclose(as_filmed(steadied(filmed_so)).image, filmed_so.image, atol=0.05)
    lost = replace(still, camera=np.full_like(still.camera, np.nan))
    np.testing.assert_array_equal(as_filmed(lost).image, still.image)


def engine_says(track: PoseTrack, exercise: str = "standing_side_bend"):
    from checker.assessment import ModelInfo

    engine = Engine(find_exercise(exercise), track.width, track.height)
    names = list(Pose.__dataclass_fields__)
    for i in range(len(track)):
        values = {n: getattr(track, n)[i] for n in names}
        scalars = {n: float(values[n]) for n in ("t_s", "brightness", "body_brightness")}
        engine.record(Pose(**values | scalars | {"people": int(values["people"]), "cut": bool(values["cut"])}))
    return engine.finish(ModelInfo(name="x", sha256="0" * 64)).assessment


def test_a_camera_that_rolls_is_no_side_bend() -> None:
    still = body_track(T_S, FRONT)
    roll = 14.0 * np.interp(T_S, [2.0, 4.0, 6.0], [0.0, 1.0, 0.0])
    out = engine_says(moved(still, roll, np.zeros_like(T_S), np.ones_like(T_S)))
    assert out.reps == []
    assert not out.measured
    assert not out.flagged
    assert any("The camera moved from" in w for w in out.warnings)


def test_what_a_slip_overlaps_is_not_measured_and_the_rest_is() -> None:
    t_s = times(16.0, 15.0)
    still = body_track(t_s, FRONT, lateral_deg=repeated(t_s, [25.0, -22.0, 24.0]))
    slip = np.interp(t_s, [7.4, 7.9], [0.0, 8.0])
    out = engine_says(moved(still, slip, np.zeros_like(t_s), np.ones_like(t_s)))
    assert [r.side for r in out.reps] == ["left", "left"]
    assert [p.reason for p in out.partial_reps] == ["the camera moved"]
    assert [r.rom.value for r in out.reps] == pytest.approx([25.0 * 1.06, 24.0 * 1.06], abs=2.0)


def test_who_stood_outside_the_first_picture_is_measured_once_the_camera_has_come_to_them() -> None:
    t_s = times(20.0, 15.0)
    there = body_track(t_s, FRONT, lateral_deg=np.where(t_s > 6.0, repeated(t_s - 4.0, [25.0, -22.0]), 0.0))
    way = 0.9 * there.width
    outside = replace(there, image=(there.image - np.array([way, 0.0])).astype(np.float32))
    pan = np.interp(t_s, [0.5, 2.0], [0.0, way])
    found = engine_says(moved(outside, np.zeros_like(t_s), pan, np.ones_like(t_s)))
    assert [r.side for r in found.reps] == ["left", "right"]
    assert "foot_lift" not in {f.id for f in found.faults if f.status == "not_measured"}


def test_a_camera_that_never_rests_is_told_to() -> None:
    still = body_track(T_S, FACING_RIGHT)
    out = engine_says(moved(still, np.zeros_like(T_S), 60.0 * T_S, np.ones_like(T_S)), "standing_hip_hinge")
    assert "switch that off" in out.warnings[-1]


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.floats(0.0, 2.0))
def test_a_widened_mask_holds_all_that_is_near(flags: list[bool], by_s: float) -> None:
    mask, t_s = np.array(flags), np.arange(len(flags)) / 10.0
    wide = widened(t_s, mask, by_s)
    for i, t in enumerate(t_s):
        near = any(abs(t - u) <= by_s for u in t_s[mask])
        assert wide[i] == near or mask[i]
