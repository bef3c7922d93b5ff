"""Limbs that keep their length, and joints that something else has drawn to itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analytic_body import FACING_LEFT, FACING_RIGHT, Camera, body_track, noisy, poses_of, repeated, times

from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.judging.proportions import LONGEST, SHORTEST, keep_their_length
from checker.library import find_exercise
from checker.posture import ANKLES, HIPS, KNEES, SHOULDERS, StartPosture
from checker.skeleton import Landmark
from checker.track import PoseTrack

SIDES = pytest.mark.parametrize("camera", [FACING_LEFT, FACING_RIGHT])
TRUNK = (*SHOULDERS, *HIPS)
LEGS = (*HIPS, *KNEES, *ANKLES)


def start_of(track: PoseTrack) -> StartPosture:
    return StartPosture(track.slice(slice(0, 1)))


def squats(camera: Camera) -> PoseTrack:
    t_s = times(11.0, 15.0)
    bent = repeated(t_s, [80.0, 80.0])
    motion = {"knee_deg": bent, "thigh_deg": -0.55 * bent, "trunk_flexion_deg": 0.4 * bent}
    return noisy(body_track(t_s, camera, **motion), 0.3, seed=4)


def drawn(track: PoseTrack, joint: tuple[Landmark, Landmark], to: tuple[Landmark, Landmark], share: float) -> PoseTrack:
    """Both joints drawn by a share of the way to others."""
    image = track.image.copy()
    image[:, list(joint)] += share * (image[:, list(to)] - image[:, list(joint)])
    return replace(track, image=image.astype(np.float32))


@SIDES
def test_whoever_moves_in_the_plane_of_the_picture_keeps_every_length(camera: Camera) -> None:
    track = squats(camera)
    assert keep_their_length(track, start_of(track), (*TRUNK, *LEGS)).all()


@SIDES
@pytest.mark.parametrize(("share", "kept"), [(0.1, True), (0.8 * (1 - SHORTEST), True), (0.5, False)])
def test_a_knee_that_is_drawn_to_the_hip_is_no_knee(camera: Camera, share: float, kept: bool) -> None:
    track = squats(camera)
    seen = drawn(track, KNEES, HIPS, share)
    assert keep_their_length(seen, start_of(track), LEGS).all() == kept
    assert keep_their_length(seen, start_of(track), TRUNK).all(), "the trunk has nothing to do with it"


@SIDES
def test_a_shank_that_is_much_too_long_is_none(camera: Camera) -> None:
    track = squats(camera)
    seen = drawn(track, ANKLES, KNEES, 1.0 - 1.1 * LONGEST)
    assert not keep_their_length(seen, start_of(track), LEGS).any()


def test_the_hidden_side_tells_nothing() -> None:
    track = squats(FACING_RIGHT)  # the right side shows
    image = track.image.copy()
    image[:, Landmark.LEFT_KNEE] = image[:, Landmark.LEFT_HIP]
    assert keep_their_length(replace(track, image=image), start_of(track), LEGS).all()


def test_what_is_not_seen_is_told_by_other_means() -> None:
    track = squats(FACING_RIGHT)
    track.image[:, Landmark.RIGHT_KNEE] = np.nan
    assert keep_their_length(track, start_of(squats(FACING_RIGHT)), LEGS).all()


def judged(track: PoseTrack) -> tuple[Assessment, dict[str, int]]:
    engine = Engine(find_exercise("squat"), track.width, track.height)
    counts: dict[str, int] = {}
    for pose in poses_of(track):
        counts = engine.feed(pose).repetitions
    return engine.finish(ModelInfo(name="pose_landmarker_full", sha256="0" * 64)).assessment, counts


def test_a_wheel_before_the_thigh_at_the_peak_is_not_measured_and_nothing_wrong_is_told() -> None:
    track = squats(FACING_RIGHT)
    whole, _ = judged(track)
    first = whole.reps[0]
    near_peak = np.abs(track.t_s - first.peak_s) < 0.6
    image = np.where(near_peak[:, None, None], drawn(track, KNEES, HIPS, 0.5).image, track.image)
    found, counts = judged(replace(track, image=image))
    assert len(whole.reps) == 2
    assert [r.rom.value for r in found.reps] == pytest.approx([whole.reps[1].rom.value], abs=1.0)
    assert counts == {"both": 1}
    assert len(found.partial_reps) == 1
    assert found.flagged == whole.flagged
