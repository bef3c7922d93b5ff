"""Angles, lengths and times that are measured by hand, on points whose values are known; the ± against drawn errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.review.made import CorrectionError
from checker.review.plane import CLICK_PX, SHORTEST_PX, Point, Read, To, angle, between, in_cm, lean, length

COORDINATE = st.floats(-2000, 2000, allow_nan=False)
POINT = st.tuples(COORDINATE, COORDINATE)
TURN = st.floats(-180, 180)
SCALE = st.floats(0.25, 4)


def moved(point: Point, turn_deg: float, scale: float, by: Point) -> Point:
    """A point turned about the origin, made larger, and shifted."""
    cos, sin = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    x, y = point
    return scale * (cos * x - sin * y) + by[0], scale * (sin * x + cos * y) + by[1]


def far_apart(*points: Point, scale: float = 1.0) -> bool:
    """Whether lines between neighbours are long enough, also once they are made larger or smaller."""
    lengths = [math.dist(one, other) for one, other in pairwise(points)]
    return min(lengths) * min(scale, 1.0) > 2 * SHORTEST_PX


@pytest.mark.parametrize(
    ("points", "degrees"),
    [
        (((100, 0), (0, 0), (0, 100)), 90.0),
        (((100, 0), (0, 0), (-100, 0)), 180.0),
        (((100, 0), (0, 0), (100, 0)), 0.0),
        (((100, 0), (0, 0), (50, 50 * math.sqrt(3))), 60.0),
        (((0, -80), (0, 0), (30, 30 * math.sqrt(3))), 150.0),
    ],
)
def test_an_angle_is_that_at_its_middle_point(points: tuple[Point, Point, Point], degrees: float) -> None:
    assert angle(*points).value == pytest.approx(degrees)


@pytest.mark.parametrize(
    ("end", "to_vertical"),
    [((0, -100), 0.0), ((0, 100), 0.0), ((100, 0), 90.0), ((50, -50), 45.0), ((-30, 51.9615), 30.0)],
)
def test_a_line_is_held_against_the_vertical_and_the_horizontal(end: Point, to_vertical: float) -> None:
    assert lean((0, 0), end, "vertical").value == pytest.approx(to_vertical, abs=1e-4)
    assert lean((0, 0), end, "horizontal").value == pytest.approx(90 - to_vertical, abs=1e-4)


@given(POINT, POINT, POINT, TURN, SCALE, POINT)
def test_an_angle_stays_wherever_and_however_large_it_lies(
    first: Point, corner: Point, last: Point, turn_deg: float, scale: float, by: Point
) -> None:
    assume(far_apart(first, corner, last, scale=scale))
    before = angle(first, corner, last)
    after = angle(*(moved(p, turn_deg, scale, by) for p in (first, corner, last)))
    assert after.value == pytest.approx(before.value, abs=1e-3)
    assert after.uncertainty == pytest.approx(before.uncertainty / scale, rel=1e-6), "a larger picture is read better"
    back = angle(last, corner, first)
    assert back.value == pytest.approx(before.value)
    assert back.uncertainty == pytest.approx(before.uncertainty)


@given(POINT, POINT, TURN, SCALE, POINT)
def test_a_length_grows_with_the_picture_and_stays_when_it_is_turned(
    one: Point, other: Point, turn_deg: float, scale: float, by: Point
) -> None:
    assume(far_apart(one, other, scale=scale))
    after = length(*(moved(p, turn_deg, scale, by) for p in (one, other)))
    assert after.value == pytest.approx(scale * length(one, other).value, rel=1e-6)
    assert after.uncertainty == pytest.approx(math.sqrt(2) * CLICK_PX)


@given(POINT, POINT, SCALE, POINT)
def test_a_lean_is_the_same_from_either_end_and_its_two_angles_are_a_right_one(
    one: Point, other: Point, scale: float, by: Point
) -> None:
    assume(far_apart(one, other, scale=scale))
    upright = lean(one, other, "vertical")
    assert 0 <= upright.value <= 90
    assert lean(other, one, "vertical").value == pytest.approx(upright.value)
    assert lean(one, other, "horizontal").value == pytest.approx(90 - upright.value)
    larger = lean(moved(one, 0, scale, by), moved(other, 0, scale, by), "vertical")
    assert larger.value == pytest.approx(upright.value, abs=1e-3)


@given(POINT, st.floats(0, 360), st.floats(0, SHORTEST_PX * 0.999))
def test_points_that_lie_too_near_are_refused_in_a_sentence(point: Point, way_deg: float, apart_px: float) -> None:
    near = (
        point[0] + apart_px * math.cos(math.radians(way_deg)),
        point[1] + apart_px * math.sin(math.radians(way_deg)),
    )
    far = (point[0] + 500, point[1])
    measures: list[Callable[[], Read]] = [
        lambda: length(point, near),
        lambda: lean(point, near, "vertical"),
        lambda: angle(near, point, far),
        lambda: angle(far, point, near),
    ]
    for measure in measures:
        with pytest.raises(CorrectionError, match=r"px apart: place them at least 10 px apart") as refused:
            measure()
        assert "\n" not in str(refused.value)


def test_points_that_are_none_are_refused() -> None:
    with pytest.raises(CorrectionError):
        length((math.nan, 0.0), (100.0, 0.0))


def share_within(measure: Callable[..., Read], truth: Read, points: np.ndarray, errors: np.ndarray) -> float:
    """The share of drawn clicks whose value lies within the ± of the true points."""
    read = np.array([measure(*map(tuple, points + error)).value for error in errors])
    return float(np.mean(np.abs(read - truth.value) <= truth.uncertainty))


CLICKS: np.ndarray = np.random.default_rng(7).normal(0, CLICK_PX / 1.6449, (4000, 3, 2))
"""Errors of clicks of which nine in ten lie within `CLICK_PX` across, and down."""


@pytest.mark.parametrize(
    "points",
    [((300, 100), (200, 200), (120, 330)), ((260, 200), (200, 200), (200, 90)), ((200, 40), (200, 200), (40, 260))],
)
def test_nine_of_ten_clicks_lie_within_the_uncertainty_of_an_angle(points: tuple[Point, Point, Point]) -> None:
    share = share_within(angle, angle(*points), np.array(points, float), CLICKS)
    assert share == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("to", ["vertical", "horizontal"])
def test_nine_of_ten_clicks_lie_within_the_uncertainty_of_a_line(to: To) -> None:
    points = ((100.0, 100.0), (180.0, 210.0))
    errors = CLICKS[:, :2]
    measures: list[Callable[..., Read]] = [length, lambda one, other: lean(one, other, to)]
    for measure in measures:
        share = share_within(measure, measure(*points), np.array(points), errors)
        assert share == pytest.approx(0.9, abs=0.02)


def test_nine_of_ten_clicks_lie_within_the_uncertainty_of_centimetres() -> None:
    line, known = ((100.0, 100.0), (180.0, 210.0)), ((20.0, 20.0), (20.0, 220.0))
    found = in_cm(length(*line), length(*known), 50.0)
    assert found.value == pytest.approx(50 * math.hypot(80, 110) / 200)
    other = np.random.default_rng(8).normal(0, CLICK_PX / 1.6449, (len(CLICKS), 2, 2))
    read = [
        in_cm(length(*map(tuple, line + a)), length(*map(tuple, known + b)), 50.0).value
        for a, b in zip(CLICKS[:, :2], other, strict=True)
    ]
    assert np.mean(np.abs(np.array(read) - found.value) <= found.uncertainty) == pytest.approx(0.9, abs=0.02)


def test_a_time_errs_by_half_a_picture_at_each_end() -> None:
    found = between(1.2, 2.7, (0.04, 0.06))
    assert found.value == pytest.approx(1.5)
    assert found.uncertainty == pytest.approx(0.05)
    for until_s in (1.2, 1.0):
        with pytest.raises(CorrectionError, match="from one picture to a later one"):
            between(1.2, until_s, (0.04, 0.04))
