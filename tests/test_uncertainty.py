"""How sure a measure is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from analytic_body import read_with
from hypothesis import given
from hypothesis import strategies as st

from checker.judging.uncertainty import measure_uncertainty, scatter_90
from checker.signals import CATALOGUE

BEND = read_with("trunk_lateral_flexion", error_90=3.0, error_90_share=0.0)
ranges = st.lists(st.floats(-90, 90), min_size=1, max_size=6)


def test_alone_and_facing_the_camera_it_is_the_signals_own_error() -> None:
    assert measure_uncertainty(BEND, 25.0, [25.0], 0.0) == pytest.approx(3.0)
    assert measure_uncertainty(BEND, 25.0, [25.0], None) == pytest.approx(3.0)
    assert measure_uncertainty(BEND, 25.0, [25.0, 25.0, 25.0], 0.0) == pytest.approx(3.0)


def test_an_error_that_grows_with_the_value() -> None:
    signal = replace(BEND, errors=BEND.errors.model_copy(update={"error_90": 1.0, "error_90_share": 0.1}))
    assert measure_uncertainty(signal, 30.0, [30.0], 0.0) == pytest.approx(4.0)
    assert measure_uncertainty(signal, -30.0, [-30.0], 0.0) == pytest.approx(4.0)


def test_the_scatter_of_repetitions_counts_as_that_of_their_mean_by_students_t() -> None:
    signal = replace(BEND, errors=BEND.errors.model_copy(update={"error_90": 20.0}))
    values = [20.0, 24.0, 28.0]
    scatter = 2.920 * 4.0 / np.sqrt(3)  # t of two degrees of freedom at 95 %, from the usual table
    assert measure_uncertainty(signal, 24.0, values, 0.0) == pytest.approx(np.hypot(20.0, scatter), abs=0.01)


def test_two_repetitions_that_differ_tell_no_more_than_the_signals_own_error() -> None:
    assert measure_uncertainty(BEND, 24.0, [14.0, 34.0], 0.0) == pytest.approx(3.0 * np.sqrt(2.0))


def test_the_clips_own_evidence_stands_for_the_catalogues() -> None:
    assert measure_uncertainty(BEND, 25.0, [25.0], 0.0, own_error=7.0) == pytest.approx(7.0)


def test_a_turned_body_costs_what_its_cosine_hides() -> None:
    signal = replace(BEND, errors=BEND.errors.model_copy(update={"error_90": 0.0}))
    assert measure_uncertainty(signal, 40.0, [40.0], 20.0) == pytest.approx(40.0 * (1 - np.cos(np.radians(20.0))))


def test_parts_add_as_squares() -> None:
    wide = replace(BEND, errors=BEND.errors.model_copy(update={"error_90": 30.0}))
    scatter = 6.314 * np.std([20.0, 28.0], ddof=1) / np.sqrt(2)
    turned = 24.0 * (1 - np.cos(np.radians(18.0)))
    together = measure_uncertainty(wide, 24.0, [20.0, 28.0], 18.0)
    assert together == pytest.approx(np.sqrt(30.0**2 + scatter**2 + turned**2), abs=0.01)


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
    assert CATALOGUE[name].errors.error_90 is not None
    assert measure_uncertainty(CATALOGUE[name], 30.0, [30.0], 0.0) > 1.0


@pytest.mark.parametrize("repetitions", [2, 3, 30])
def test_ninety_per_cent_of_truths_lie_within_the_scatter_of_few_and_of_many_repetitions(repetitions: int) -> None:
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(1000):
        values = list(rng.normal(30.0, 4.0, repetitions))
        inside += abs(float(np.mean(values)) - 30.0) <= scatter_90(values)
    assert 0.87 <= inside / 1000 <= 0.93
