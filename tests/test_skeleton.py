"""The landmark names, and the one array type."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
import pytest
from analytic_body import FRONT, between, body_track, mirrored, poses_of, times
from hypothesis import given
from hypothesis import strategies as st
from moving_figure import filmed

from checker.assessing import assess
from checker.mirror import MIRROR
from checker.reasons import TIMES_UNKNOWN
from checker.skeleton import BONES, N_LANDMARKS, N_OUTLINE, OUTLINE_STATIONS, Array32, Landmark
from checker.track import NOBODY, STILL_CAMERA, Pose, PoseTrack, TrackRecorder, missing_pose
from checker.track_file import TrackError

ARRAYS = ("t_s", "image", "world", "visibility", "outline", "feet", "people", "brightness")
ARRAYS += ("camera", "other", "body_brightness", "clothes", "cut")


def assert_same(a: PoseTrack, b: PoseTrack) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert (a.width, a.height) == (b.width, b.height)


def test_there_are_33_landmarks_in_the_models_order() -> None:
    assert N_LANDMARKS == 33
    assert [int(n) for n in Landmark] == list(range(33))
    assert (Landmark.NOSE, Landmark.LEFT_SHOULDER, Landmark.RIGHT_FOOT_INDEX) == (0, 11, 32)


def test_every_left_landmark_has_a_right_one() -> None:
    names = {n.name for n in Landmark}
    assert {n.replace("LEFT", "RIGHT") for n in names if "LEFT" in n} == {n for n in names if "RIGHT" in n}


def test_bones_join_two_different_landmarks_and_none_stands_twice() -> None:
    assert all(a != b for a, b in BONES)
    assert len({frozenset(bone) for bone in BONES}) == len(BONES)


def test_the_outline_is_sampled_evenly_beyond_both_ends_of_the_trunk() -> None:
    assert len(OUTLINE_STATIONS) == N_OUTLINE
    assert OUTLINE_STATIONS[0] < 0.0
    assert OUTLINE_STATIONS[-1] > 1.0
    assert np.ptp(np.diff(OUTLINE_STATIONS)) == pytest.approx(0.0, abs=1e-12)


def test_a_missing_pose_is_nan_and_never_zero() -> None:
    pose = missing_pose(1.5, brightness=20.0)
    assert not pose.found
    assert (pose.t_s, pose.people, pose.brightness) == (1.5, 0, 20.0)
    for part in (pose.image, pose.world, pose.visibility, pose.outline, pose.feet):
        assert np.isnan(part).all()


def test_one_seen_landmark_is_a_found_person() -> None:
    pose = missing_pose(0.0)
    pose.image[Landmark.LEFT_KNEE] = (10.0, 20.0)
    assert pose.found


def test_stacking_single_poses_gives_the_track_back() -> None:
    track = body_track(times(1.0), FRONT, lateral_deg=12.0)
    poses = poses_of(track)
    assert all(p.found for p in poses)
    assert_same(PoseTrack.stack(poses, FRONT.width, FRONT.height), track)


@pytest.mark.parametrize("n", [0, 1, 511, 512, 513, 1100])
def test_a_recorder_keeps_every_frame_across_its_blocks(n: int) -> None:
    recorder = TrackRecorder()
    for i in range(n):
        recorder.append(missing_pose(i / 30.0, brightness=float(i % 256)))
    track = recorder.track(64, 48)
    assert len(recorder) == len(track) == n
    assert track.image.shape == (n, 33, 2)
    assert track.world.shape == (n, 33, 3)
    assert track.outline.shape == (n, 2, N_OUTLINE)
    assert track.feet.shape == (n, 2)
    np.testing.assert_array_equal(track.t_s, np.arange(n) / 30.0)
    np.testing.assert_array_equal(track.brightness, np.arange(n) % 256)


def test_a_recorder_goes_on_after_its_track_was_taken() -> None:
    recorder = TrackRecorder()
    recorder.append(missing_pose(0.0))
    early = recorder.track(64, 48)
    recorder.append(missing_pose(0.1))
    assert (len(early), len(recorder.track(64, 48))) == (1, 2)


def test_a_point_of_two_landmarks_is_their_middle() -> None:
    track = body_track([0.0], FRONT)
    left, right = track.point(Landmark.LEFT_HIP), track.point(Landmark.RIGHT_HIP)
    np.testing.assert_allclose(track.point(Landmark.LEFT_HIP, Landmark.RIGHT_HIP), (left + right) / 2, rtol=1e-6)
    np.testing.assert_allclose(track.world_point(Landmark.LEFT_HIP, Landmark.RIGHT_HIP), [[0, 0, 0]], atol=1e-6)
    assert track.point(Landmark.NOSE).dtype == np.float64


def test_a_middle_with_one_landmark_missing_is_missing() -> None:
    track = body_track([0.0], FRONT)
    track.image[0, Landmark.LEFT_HIP] = np.nan
    assert np.isnan(track.point(Landmark.LEFT_HIP, Landmark.RIGHT_HIP)).all()


def test_a_slice_cuts_every_array_alike() -> None:
    track = body_track(times(1.0), FRONT, lateral_deg=np.arange(31.0))
    by_mask, by_slice = track.slice(between(track, 0.2, 0.45)), track.slice(slice(6, 14))
    assert_same(by_mask, by_slice)
    assert len(by_mask) == 8
    assert by_mask.width == track.width


@given(lean=st.floats(-40, 40), turn=st.floats(-60, 60), lift=st.floats(0, 0.2))
def test_the_mirror_image_of_the_mirror_image_is_the_person(lean: float, turn: float, lift: float) -> None:
    track = body_track([0.0], FRONT, lateral_deg=lean, shoulder_yaw_deg=turn, left_lift_t=lift)
    other = body_track([0.0], FRONT, lateral_deg=-lean, shoulder_yaw_deg=-turn, right_lift_t=lift)
    np.testing.assert_allclose(mirrored(track).image, other.image, atol=1e-3)
    np.testing.assert_allclose(mirrored(track).world, other.world, atol=1e-5)
    np.testing.assert_allclose(mirrored(mirrored(track)).image, track.image, atol=1e-3)


# --- the mirror image ---------------------------------------------------------------------------


def anything(n: int, seed: int = 3) -> PoseTrack:
    """A track in which every value differs from every other, a few of them missing."""
    rng = np.random.default_rng(seed)
    shapes = {"image": (33, 2), "world": (33, 3), "visibility": (33,), "outline": (2, N_OUTLINE), "feet": (2,)}
    shapes |= {"other": (4,), "body_brightness": (), "clothes": (4,)}
    arrays = {name: rng.uniform(0, 400, (n, *shape)).astype(np.float32) for name, shape in shapes.items()}
    arrays["camera"] = (rng.uniform(-1, 1, (n, 4)) * [1, 1, 40, 40]).astype(np.float32)
    arrays["image"][1, Landmark.LEFT_KNEE] = np.nan
    arrays["feet"][0, 1] = np.nan
    return PoseTrack(
        t_s=np.arange(n) / 30.0,
        people=np.arange(n, dtype=np.int16),
        brightness=np.arange(n, dtype=np.float32),
        cut=np.arange(n) % 3 == 1,
        width=480,
        height=640,
        **arrays,
    )


def test_every_field_has_its_mirror_image() -> None:
    assert {f.name for f in fields(PoseTrack)} - {"width", "height", "model", "times_known"} == set(MIRROR)
    assert {f.name for f in fields(Pose)} == set(MIRROR)


def test_a_field_of_which_nobody_said_what_a_mirror_does_is_an_error() -> None:
    @dataclass(frozen=True, slots=True)
    class Richer(PoseTrack):
        colour: Array32 = field(default_factory=lambda: np.zeros((0, 2), np.float32))

    plain = anything(2)
    richer = Richer(**{f.name: getattr(plain, f.name) for f in fields(plain)}, colour=plain.feet)
    with pytest.raises(KeyError, match="colour"):
        richer.mirrored()


def test_what_a_mirror_does_to_each_field() -> None:
    track = anything(3)
    turned = track.mirrored()
    left, right = Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL
    np.testing.assert_array_equal(turned.image[:, left, 0], np.float32(480) - track.image[:, right, 0])
    np.testing.assert_array_equal(turned.image[:, left, 1], track.image[:, right, 1])
    np.testing.assert_array_equal(turned.world[:, right], track.world[:, left] * np.array([-1, 1, 1], np.float32))
    np.testing.assert_array_equal(turned.image[:, Landmark.NOSE, 1], track.image[:, Landmark.NOSE, 1])
    np.testing.assert_array_equal(turned.visibility[:, Landmark.MOUTH_LEFT], track.visibility[:, Landmark.MOUTH_RIGHT])
    np.testing.assert_array_equal(turned.outline[:, 0], track.outline[:, 1])
    np.testing.assert_array_equal(turned.feet[:, 0], track.feet[:, 1])
    np.testing.assert_array_equal(turned.other[:, 0], np.float32(480) - track.other[:, 0])
    np.testing.assert_array_equal(turned.other[:, 1:], track.other[:, 1:])
    for name in ("t_s", "people", "brightness", "body_brightness", "clothes", "cut"):
        np.testing.assert_array_equal(getattr(turned, name), getattr(track, name))
    assert (turned.width, turned.height) == (480, 640)


def in_first_frame(camera: Array32, u: float, v: float) -> tuple[float, float]:
    """Where a point of a frame lies in the first one; see `Pose.camera`."""
    a, b, x, y = (float(value) for value in camera)
    return a * u - b * v + x, b * u + a * v + y


@given(a=st.floats(-2, 2), b=st.floats(-2, 2), x=st.floats(-300, 300), y=st.floats(-300, 300))
def test_a_camera_that_moved_is_seen_in_a_mirror_to_move_the_other_way(a: float, b: float, x: float, y: float) -> None:
    moved = replace(missing_pose(0.0), camera=np.array([a, b, x, y], np.float32))
    for u, v in ((0.0, 0.0), (480.0, 0.0), (100.0, 600.0)):
        there = in_first_frame(moved.camera, u, v)
        in_mirror = in_first_frame(moved.mirrored(480).camera, 480.0 - u, v)
        np.testing.assert_allclose(in_mirror, (480.0 - there[0], there[1]), atol=1e-2)


def test_a_camera_that_has_not_moved_or_was_not_followed_stays_so_and_nobody_else_stays_nobody() -> None:
    nobody = missing_pose(0.0).mirrored(480)
    np.testing.assert_array_equal(nobody.camera, STILL_CAMERA)
    np.testing.assert_array_equal(nobody.other, NOBODY)
    lost = replace(nobody, camera=np.full(4, np.nan, np.float32))
    assert np.isnan(lost.mirrored(480).camera).all()


def test_turned_twice_it_is_what_it_was_and_the_original_is_left_alone() -> None:
    track, before = anything(4), anything(4)
    twice = track.mirrored().mirrored()
    for name in ARRAYS:  # x is rounded to a float32 on the way
        np.testing.assert_allclose(getattr(twice, name), getattr(track, name), atol=1e-4, err_msg=name)
    assert_same(track, before)


def test_a_single_pose_is_turned_as_its_track_is() -> None:
    track = anything(3)
    own = PoseTrack.stack([pose.mirrored(track.width) for pose in poses_of(track)], track.width, track.height)
    assert_same(own, track.mirrored())


@given(lean=st.floats(-40, 40), turn=st.floats(-60, 60), lift=st.floats(0, 0.2))
def test_it_is_the_body_that_bends_to_the_other_side(lean: float, turn: float, lift: float) -> None:
    track = body_track([0.0], FRONT, lateral_deg=lean, shoulder_yaw_deg=turn, left_lift_t=lift)
    other = body_track([0.0], FRONT, lateral_deg=-lean, shoulder_yaw_deg=-turn, right_lift_t=lift)
    np.testing.assert_allclose(track.mirrored().image, other.image, atol=1e-3)
    np.testing.assert_allclose(track.mirrored().world, other.world, atol=1e-5)
    assert_same(track.mirrored(), mirrored(track))


# --- files of poses ----------------------------------------------------------------------------


def test_poses_that_are_saved_come_back_as_they_were(tmp_path: Path) -> None:
    track = replace(body_track(times(2.0)), model="4eaa5eb7", times_known=False)
    path = tmp_path / "poses.npz"
    track.save(path)
    back = PoseTrack.load(path)
    assert_same(back, track)
    assert (back.model, back.times_known) == ("4eaa5eb7", False)
    assert path.stat().st_size <= 2048 * len(track)


def spoilt(path: Path, **changes: object) -> Path:
    """A file of poses in which something is other than it was saved."""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    about = json.loads(str(arrays["about"]))
    arrays["about"] = np.array(json.dumps({**about, **changes.pop("about", {})}))  # type: ignore[dict-item]
    arrays |= {name: np.asarray(value) for name, value in changes.items()}
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"about": {"format": 99}}, "format 1"),
        ({"about": {"width": -1}}, "size of their pictures"),
        ({"image": np.zeros((3, 33, 2), np.float32)}, "expected image as float32"),
        ({"image": np.zeros((16, 33, 2), np.float64)}, "float64"),
        ({"t_s": np.zeros(16)}, "times that rise"),
    ],
)
def test_another_file_of_poses_is_refused_in_one_line(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    path = tmp_path / "poses.npz"
    body_track(times(0.5)).save(path)
    with pytest.raises(TrackError, match=says) as error:
        PoseTrack.load(spoilt(path, **changes))
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"poses", b"PK\x03\x04"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "poses.npz"
    path.write_bytes(content)
    with pytest.raises(TrackError, match="expected a file of poses"):
        PoseTrack.load(path)
    with pytest.raises(TrackError, match="expected a file of poses"):
        PoseTrack.load(tmp_path / "none.npz")


def test_a_film_that_may_be_slowed_down_still_is_when_its_poses_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "poses.npz"
    exercise, track = filmed("plank")
    replace(track, times_known=False).save(path)
    found = assess(exercise, PoseTrack.load(path)).assessment
    assert {m.reason_code for m in found.measures if m.unit == "s"} == {TIMES_UNKNOWN.code}


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_middle_of_landmarks_is_their_mean_to_the_last_bit(n: int) -> None:
    track = anything(7, seed=n)
    own = list(Landmark)[5 : 5 + n]
    assert np.array_equal(track.point(*own), track.image[:, own].mean(axis=1).astype(np.float64))
    assert np.array_equal(track.world_point(*own), track.world[:, own].mean(axis=1).astype(np.float64))
