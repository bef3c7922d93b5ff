"""Whether enough pictures a second came."""

from __future__ import annotations

import numpy as np
import pytest

from checker import reasons
from checker.judging.frame_rate import LEAST_HZ, LONGEST_GAP_S, OVER_S, TIMED_HZ, PictureRate, why_too_few, why_too_slow


def every(hz: float, lasts_s: float = 10.0) -> np.ndarray:
    return np.arange(0.0, lasts_s, 1.0 / hz)


@pytest.mark.parametrize("hz", [5.0, 10.0, 15.0, 30.0])
def test_five_a_second_are_enough_to_count(hz: float) -> None:
    assert why_too_few(every(hz), 2.0, 6.0) is None


@pytest.mark.parametrize("hz", [1.0, 2.0, 3.0])
def test_fewer_are_not_and_the_rate_is_told(hz: float) -> None:
    assert why_too_few(every(hz), 2.0, 6.0) == reasons.TOO_FEW_PICTURES.of(rate_hz=hz, least_hz=LEAST_HZ)


def test_it_is_asked_of_the_movement_alone() -> None:
    t_s = np.concatenate([every(1.0, 5.0), 5.0 + every(20.0, 5.0)])
    assert why_too_few(t_s, 6.0, 9.0) is None
    assert why_too_few(t_s, 1.0, 4.0) is not None


def test_a_long_gap_is_told_where_the_mean_is_well() -> None:
    t_s = every(30.0)
    t_s = t_s[(t_s < 4.0) | (t_s > 4.0 + LONGEST_GAP_S + 0.15)]
    told = why_too_few(t_s, 3.0, 6.0)
    assert told is not None
    assert told.code == reasons.NO_PICTURE_FOR.code
    assert told.text == "too few pictures came: none for 0.7 s"
    assert why_too_slow(t_s, 3.0, 6.0, TIMED_HZ) is None, "a hold may have one"
    assert why_too_few(t_s, 6.0, 9.0) is None


def test_without_pictures_there_is_nothing_to_say() -> None:
    assert why_too_few(np.array([]), 0.0, 1.0) is None
    assert why_too_few(np.array([0.5]), 0.0, 1.0) is None


@pytest.mark.parametrize(("hz", "pace"), [(30.0, "all"), (6.0, "all"), (5.0, "untimed"), (3.0, "none")])
def test_the_pace_of_the_moment(hz: float, pace: str) -> None:
    rate = PictureRate()
    for t in every(hz, OVER_S - 0.3):
        rate.feed(float(t))
    assert rate.pace == "all", "too early to tell"
    for t in every(hz, 4.0):
        rate.feed(float(OVER_S + t))
    assert rate.pace == pace


def test_a_computer_that_recovers_is_trusted_again() -> None:
    rate = PictureRate()
    for t in every(2.0, 6.0):
        rate.feed(float(t))
    assert rate.pace == "none"
    for t in every(15.0, OVER_S + 0.5):
        rate.feed(6.0 + float(t))
    assert rate.pace == "all"
