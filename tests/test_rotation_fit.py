"""The learned correction of a trunk's turn: what holds of it whatever it was fitted on."""

from __future__ import annotations

import numpy as np
import pytest
from analytic_body import FRONT, body_track

from checker.posture import StartPosture
from checker.signals import rotation
from checker.signals import rotation_fit as fit
from checker.skeleton import Array
from checker.track import PoseTrack

TURNS = np.array([-45.0, -30.0, -10.0, 0.0, 10.0, 30.0, 45.0])
CROSSED = {"hands": 1.0}


def turned(start_yaw_deg: float = 0.0, **motion: object) -> tuple[PoseTrack, StartPosture]:
    """Somebody who turns, and how they stood before; both turned away from the camera by so much."""
    yaw = dict.fromkeys(("shoulder_yaw_deg", "pelvis_yaw_deg"), start_yaw_deg)
    given = {name: np.asarray(value) + yaw.get(name, 0.0) for name, value in motion.items()}
    n = max(np.size(value) for value in given.values())
    start = body_track([0.0], FRONT, **CROSSED | yaw)
    return body_track(np.arange(n) / 30.0, FRONT, **CROSSED | yaw | given), StartPosture(start)


def random_cues(n: int, seed: int) -> tuple[Array, Array]:
    """Cues of the size that people show."""
    rng, scales = np.random.default_rng(seed), fit.fitted().scales
    return rng.normal(0, scales.odd, (n, 13)), rng.normal(scales.even_mean, scales.even, (n, 9))


def test_in_the_mirror_the_correction_is_the_same_with_the_other_sign() -> None:
    odd, even = random_cues(50, 1)
    there, back = fit.fitted().correction(odd, even), fit.fitted().correction(-odd, even)
    assert np.abs(there).max() > 1.0
    np.testing.assert_allclose(there, -back, atol=1e-9)


@pytest.mark.parametrize("yaw_deg", [-10.0, 0.0, 10.0])
def test_a_mirrored_person_turns_the_other_way_by_as_much(yaw_deg: float) -> None:
    track, start = turned(yaw_deg, shoulder_yaw_deg=TURNS)
    seen = rotation.trunk_rotation(track, start)
    mirrored = rotation.trunk_rotation(track.mirrored(), StartPosture(start.pose.mirrored()))
    np.testing.assert_allclose(mirrored, -seen, atol=0.02)
    np.testing.assert_allclose(
        rotation.rotation_error(track.mirrored(), StartPosture(start.pose.mirrored())),
        rotation.rotation_error(track, start),
        atol=0.02,
    )


@pytest.mark.parametrize("yaw_deg", [-12.0, 0.0, 12.0])
def test_at_the_start_nothing_is_turned(yaw_deg: float) -> None:
    assert rotation.trunk_rotation(*turned(yaw_deg, shoulder_yaw_deg=np.zeros(3))) == pytest.approx(0.0, abs=0.01)


def test_who_turns_further_reads_more() -> None:
    seen = rotation.trunk_rotation(*turned(shoulder_yaw_deg=np.arange(-50.0, 51.0, 5.0)))
    assert (np.diff(seen) > 0.0).all()


def test_of_a_body_that_is_seen_without_fault_little_is_corrected() -> None:
    seen = rotation.trunk_rotation(*turned(shoulder_yaw_deg=TURNS, pelvis_yaw_deg=0.07 * TURNS))
    np.testing.assert_allclose(seen, 0.93 * TURNS, atol=2.5)


def test_far_from_everybody_in_the_fit_the_hand_made_reading_stands() -> None:
    postures = fit.Postures(fit.fitted().scales, np.zeros((1, 13)), np.zeros((1, 9)), np.array([30.0]))
    odd, even = random_cues(20, 2)
    apart = fit.Postures(postures.scales, np.full((1, 13), fit.LARGEST * 4), postures.even, postures.weight_deg)
    assert np.abs(apart.correction(odd, even)).max() < 0.01


def test_an_outline_that_was_not_found_counts_as_usual() -> None:
    odd, even = random_cues(5, 3)
    even[:, 3:6] = np.nan
    usual = even.copy()
    usual[:, 3:6] = fit.fitted().scales.even_mean[3:6]
    got = fit.fitted().correction(odd, even)
    assert np.isfinite(got).all()
    np.testing.assert_allclose(got, fit.fitted().correction(odd, usual), atol=1e-9)


def test_a_joint_that_was_not_seen_gives_no_turn() -> None:
    odd, even = random_cues(5, 4)
    odd[2, 1] = np.nan
    assert np.flatnonzero(np.isnan(fit.fitted().correction(odd, even))).tolist() == [2]


def test_many_frames_are_read_as_few() -> None:
    odd, even = random_cues(fit.CHUNK + 30, 5)
    whole = fit.fitted().correction(odd, even)
    np.testing.assert_allclose(whole[-40:], fit.fitted().correction(odd[-40:], even[-40:]), atol=1e-9)


@pytest.mark.parametrize("head", [-70.0, -30.0, 30.0, 70.0])
def test_a_head_that_turns_alone_is_no_turn_of_the_trunk(head: float) -> None:
    assert rotation.trunk_rotation(*turned(head_turn_deg=np.array([head]))) == pytest.approx(0.0, abs=0.01)


def test_the_error_grows_for_who_is_small_stands_turned_or_is_corrected_by_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    track, start = turned(shoulder_yaw_deg=np.array([30.0]))
    plain = rotation.rotation_error(track, start)[0]
    away = rotation.rotation_error(*turned(12.0, shoulder_yaw_deg=np.array([30.0])))[0]
    assert away > plain >= rotation.ROTATION_ERROR_DEG
    assert rotation.error_before(track, start)[0] <= plain
    monkeypatch.setattr(rotation, "SMALL_ERROR_DEG_PX", 4 * rotation.SMALL_ERROR_DEG_PX)
    assert rotation.rotation_error(track, start)[0] > plain


def test_the_fit_is_small_and_whole() -> None:
    assert fit.WEIGHTS.stat().st_size < 200_000
    whole = fit.fitted()
    assert whole.odd.shape == (len(whole.weight_deg), 13)
    assert whole.even.shape == (len(whole.weight_deg), 9)
    assert all(np.isfinite(x).all() for x in (whole.odd, whole.even, whole.weight_deg))
    assert (whole.scales.odd > 0).all()
