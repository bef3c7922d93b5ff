"""How sure a measure is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.signals import CATALOGUE
from checker.uncertainty import Z_90, measure_uncertainty

BEND = replace(CATALOGUE["trunk_lateral_flexion"], error_90=3.0, error_90_share=0.0)
ranges = st.lists(st.floats(-90, 90), min_size=1, max_size=6)


def test_alone_and_facing_the_camera_it_is_the_signals_own_error() -> None:
    assert measure_uncertainty(BEND, 25.0, [25.0], 0.0) == pytest.approx(3.0)
    assert measure_uncertainty(BEND, 25.0, [25.0], None) == pytest.approx(3.0)
    assert measure_uncertainty(BEND, 25.0, [25.0, 25.0, 25.0], 0.0) == pytest.approx(3.0)


def test_an_error_that_grows_with_the_value() -> None:
    signal = replace(BEND, error_90=1.0, error_90_share=0.1)
    assert measure_uncertainty(signal, 30.0, [30.0], 0.0) == pytest.approx(4.0)
    assert measure_uncertainty(signal, -30.0, [-30.0], 0.0) == pytest.approx(4.0)


def test_the_scatter_of_repetitions_counts_as_that_of_their_mean() -> None:
    signal = replace(BEND, error_90=0.0)
    values = [20.0, 24.0, 28.0]
    assert measure_uncertainty(signal, 24.0, values, 0.0) == pytest.approx(Z_90 * 4.0 / np.sqrt(3))


def test_a_turned_body_costs_what_its_cosine_hides() -> None:
    signal = replace(BEND, error_90=0.0)
    assert measure_uncertainty(signal, 40.0, [40.0], 20.0) == pytest.approx(40.0 * (1 - np.cos(np.radians(20.0))))


def test_parts_add_as_squares() -> None:
    alone = [
        measure_uncertainty(BEND, 24.0, [24.0], 0.0),
        measure_uncertainty(replace(BEND, error_90=0.0), 24.0, [20.0, 28.0], 0.0),
        measure_uncertainty(replace(BEND, error_90=0.0), 24.0, [24.0], 18.0),
    ]
    together = measure_uncertainty(BEND, 24.0, [20.0, 28.0], 18.0)
    assert together == pytest.approx(np.sqrt(np.sum(np.square(alone))))


@given(values=ranges, yaw=st.floats(-45, 45))
def test_it_is_never_smaller_than_the_signals_own_error(values: list[float], yaw: float) -> None:
    out = measure_uncertainty(BEND, float(np.median(values)), values, yaw)
    assert np.isfinite(out)
    assert out >= 3.0 - 1e-9


@given(values=ranges, yaw=st.floats(0, 40))
def test_turning_further_never_makes_it_surer(values: list[float], yaw: float) -> None:
    value = float(np.median(values))
    near, far = (measure_uncertainty(BEND, value, values, y) for y in (yaw, yaw + 5.0))
    assert near <= far
    assert measure_uncertainty(BEND, value, values, -yaw) == pytest.approx(near)


@given(values=ranges, factor=st.floats(1.0, 5.0))
def test_wider_scatter_never_makes_it_surer(values: list[float], factor: float) -> None:
    middle = float(np.median(values))
    wider = [middle + factor * (v - middle) for v in values]
    assert measure_uncertainty(BEND, middle, wider, 0.0) >= measure_uncertainty(BEND, middle, values, 0.0) - 1e-9


@pytest.mark.parametrize("name", ["trunk_lateral_flexion", "trunk_flexion", "hip_flexion", "spine_flexion"])
def test_every_reported_angle_has_an_error_of_its_own(name: str) -> None:
    assert CATALOGUE[name].error_90 is not None
    assert measure_uncertainty(CATALOGUE[name], 30.0, [30.0], 0.0) > 1.0


def test_ninety_per_cent_of_truths_lie_within_the_scatter_of_many_repetitions() -> None:
    rng = np.random.default_rng(0)
    signal = replace(BEND, error_90=0.0)
    inside = 0
    for _ in range(500):
        values = list(rng.normal(30.0, 4.0, 30))
        inside += abs(float(np.mean(values)) - 30.0) <= measure_uncertainty(signal, 30.0, values, 0.0)
    assert 0.86 <= inside / 500 <= 0.94
