"""Two curves on one axis: each value where it belongs, gaps where nothing was seen, and words that are only words."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from checker.picture.folded import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, folded_curves

SVG = "{http://www.w3.org/2000/svg}"
AT = np.linspace(0.0, 100.0, 11)


def drawn(then: Any = None, now: Any = None, beside: Any = (), **more: Any) -> ElementTree.Element:
    then, now = (0.4 * AT if x is None else np.asarray(x, float) for x in (then, now))
    told: dict[str, Any] = {"names": ("3 Nov", "6 Nov"), "unit": "°", "label": "Both", "parts": [], "ends": ("", "")}
    svg = folded_curves(AT, then, now, np.asarray(beside, float).reshape(-1, len(AT)), **told | more)
    return ElementTree.fromstring(svg)


def points(svg: ElementTree.Element, kind: str) -> list[list[tuple[float, float]]]:
    """The points of each unbroken piece of the lines of a kind; the one in the key is left out."""
    pieces = []
    for path in svg.iter(f"{SVG}path"):
        if path.get("class") == kind and "h30" not in path.get("d", ""):
            for piece in path.get("d", "").split("M")[1:]:
                pieces.append([(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", piece)])
    return pieces


def test_a_place_of_the_axis_is_a_place_of_the_picture() -> None:
    [line] = points(drawn(), "now")
    assert [x for x, _ in line] == pytest.approx(np.linspace(LEFT, WIDTH - RIGHT, 11), abs=0.1)
    heights = [y for _, y in line]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == pytest.approx(HEIGHT - BOTTOM, abs=0.1)
    assert TOP <= heights[-1] < TOP + 15


def test_the_same_value_is_as_high_in_both_and_in_those_beside() -> None:
    svg = drawn(beside=[0.4 * AT, 0.2 * AT])
    assert points(svg, "then") == points(svg, "now") == [points(svg, "o")[0]]


def test_what_was_not_seen_is_a_gap() -> None:
    values = 0.4 * AT
    values[4:6] = np.nan
    first, second = points(drawn(then=values), "then")
    assert (len(first), len(second)) == (4, 5)
    assert points(drawn(then=np.full(11, np.nan)), "then") == []


def test_where_nothing_at_all_was_seen_there_is_still_an_axis() -> None:
    svg = drawn(then=np.full(11, np.nan), now=np.full(11, np.nan))
    assert len(points(svg, "g")) + len(points(svg, "z")) > 3


def test_negative_values_lie_below_zero_and_have_a_true_minus() -> None:
    svg = drawn(now=-0.4 * AT)
    assert "−20°" in [t.text for t in svg.iter(f"{SVG}text")]
    assert points(svg, "now")[0][-1][1] > points(svg, "then")[0][-1][1]


def test_parts_are_named_where_they_are_and_seconds_have_numbers() -> None:
    svg = drawn(parts=[(0.0, "Way out"), (40.0, "Furthest"), (60.0, "Way back")], ends=("0 %", "100 %"))
    at = {t.text: float(t.get("x", "nan")) for t in svg.iter(f"{SVG}text")}
    middle = LEFT + 0.5 * (WIDTH - LEFT - RIGHT)
    assert at["Furthest"] == pytest.approx(middle)
    assert at["Way out"] < at["Furthest"] < at["Way back"]
    assert "20 s" in [t.text for t in drawn().iter(f"{SVG}text")]


def test_names_are_text() -> None:
    svg = drawn(names=("<b>&", "6 Nov"), label='"><script>')
    assert "<b>&" in [t.text for t in svg.iter(f"{SVG}text")]
    assert svg.get("aria-label") == '"><script>'
    assert list(svg.iter(f"{SVG}script")) == []
