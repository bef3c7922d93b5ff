"""The progress chart: what it draws of a person's weeks, and the table for who cannot see it."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest
from weeks import (
    OTHER_FILE,
    RULES,
    SIDE_BEND,
    SIDE_BEND_RIGHT,
    bend_session,
    check_in,
    degrees,
    followed,
    history,
    measured_session,
)

from checker.care.band import band_of
from checker.care.records import History, Session, Value
from checker.care.series import Series, series_of
from checker.ui.progress_chart import DARK, LIGHT, phase_spans, progress_figure, progress_table


def both(*sessions: Session, **more: Any) -> tuple[Series, Series]:
    of: History = history(sessions, **more)
    return series_of(of, SIDE_BEND, RULES), series_of(of, SIDE_BEND_RIGHT, RULES)


def weeks() -> tuple[Series, Series]:
    """Six sessions: an evening, one after a painkiller, a changed test; phases 2 and 3."""
    sessions = [bend_session(d, 20 + d, 30, furthest=40, phase=2 if d < 3 else 3) for d in range(4)]
    sessions += [bend_session(4, 50, 30, hour=20, phase=3), bend_session(5, 51, 30, phase=3)]
    sessions += [bend_session(6, 26, degrees(31, above=True), phase=3, exercise_sha256=OTHER_FILE)]
    return both(*sessions, check_ins=(check_in(5, 7.9, painkiller=True),))


def trace(figure: go.Figure, name: str, side: str | None = None) -> Any:
    return next(t for t in figure.data if t.name == name and side in {None, t.meta})


def words(figure: go.Figure) -> list[str]:
    return [a.text for a in figure.layout.annotations]


def test_each_side_has_its_points_and_those_not_compared_are_hollow() -> None:
    figure = progress_figure(*weeks(), RULES)
    assert list(trace(figure, "Left").y) == [20, 21, 22, 23, 26]
    assert list(trace(figure, "Not compared", "left").y) == [50, 51]
    assert trace(figure, "Not compared", "left").marker.color == LIGHT.paper
    assert list(trace(figure, "Right").y) == [30, 30, 30, 30, 31]
    assert trace(figure, "Left").marker.symbol != trace(figure, "Right").marker.symbol  # not by colour alone


def test_points_stand_at_local_times() -> None:
    left, right = both(bend_session(0, 20, 20, zone="Europe/Berlin"))
    x = trace(progress_figure(left, right, RULES), "Left").x[0]
    assert (x.day, x.hour, x.tzinfo) == (2, 9, None)


def test_the_band_is_the_one_of_the_filter_and_breaks_where_the_test_changed() -> None:
    left, right = weeks()
    figure = progress_figure(left, right, RULES)
    lines = [t for t in figure.data if t.name == "Left: band"]
    assert [len(t.x) for t in lines] == [4, 1]
    assert [y for t in lines for y in t.y] == pytest.approx([b.middle for b in band_of(left, RULES)])
    ribbons = [t for t in figure.data if t.fill == "toself"]
    highest = [b.middle + b.half for b in band_of(left, RULES)]
    assert list(ribbons[0].y[:4]) == pytest.approx(highest[:4])
    assert min(y for t in ribbons for y in t.y) >= 0


def test_the_furthest_is_a_thin_line_with_a_gap_where_it_was_not_asked_for() -> None:
    line = trace(progress_figure(*weeks(), RULES), "Furthest", "left")
    assert [y for y in line.y if y is not None] == [40] * 4
    assert line.line.width < 2
    assert line.connectgaps is False


def test_a_line_does_not_bridge_a_long_time() -> None:
    figure = progress_figure(*both(*(bend_session(d, 20, 30, furthest=40) for d in (0, 5, 20, 21))), RULES)
    assert list(trace(figure, "Furthest", "left").y) == [40, 40, None, 40, 40]


def test_the_legend_names_each_thing_once() -> None:
    shown = [t.name for t in progress_figure(*weeks(), RULES).data if t.showlegend is not False]
    assert sorted(shown) == ["Furthest", "Left", "Not compared", "Right"]


def test_what_changed_is_named_at_its_session() -> None:
    figure = progress_figure(*weeks(), RULES)
    mark = next(a for a in figure.layout.annotations if a.text == "test changed")
    assert mark.x.day == 8
    assert any(s.type == "line" and s.x0 == mark.x for s in figure.layout.shapes)


def test_an_arrow_says_that_it_goes_beyond() -> None:
    figure = progress_figure(*weeks(), RULES)
    arrows = [a for a in figure.layout.annotations if a.text == "↑"]
    assert [a.y for a in arrows] == [31]
    assert "<b>Right</b><br>over 31°" in words(figure)


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        ({"left": 35.0, "right": 35.0}, ["Target"]),
        ({"left": 35.0, "right": 40.0}, ["Target, left", "Target, right"]),
        ({"left": 35.0}, ["Target"]),
        ({}, []),
    ],
)
def test_targets_are_lines_with_names(targets: dict[str, float], told: list[str]) -> None:
    figure = progress_figure(*weeks(), RULES, targets=targets)
    assert [w for w in words(figure) if w.startswith("Target")] == told
    lines = [s for s in figure.layout.shapes if s.type == "line" and s.y0 == s.y1]
    assert sorted({s.y0 for s in lines}) == sorted(set(targets.values()))


def test_the_phases_lie_below_from_session_to_session() -> None:
    left, right = weeks()
    assert [s.phase for s in phase_spans(left)] == [2, 3]
    figure = progress_figure(left, right, RULES)
    strip = [s for s in figure.layout.shapes if s.type == "rect"]
    assert len(strip) == 2
    assert strip[0].x1 == strip[1].x0
    assert all(0 <= s.y0 < s.y1 < figure.layout.yaxis.domain[0] for s in strip)
    assert {"2", "3 healing"} <= set(words(figure))  # a name only where it fits on a telephone


def test_the_axes_are_named_in_plain_words_and_begin_at_nothing() -> None:
    figure = progress_figure(*weeks(), RULES)
    assert figure.layout.yaxis.title.text == "Side bend, degrees"
    assert figure.layout.xaxis.title.text == "Day"
    assert figure.layout.yaxis.range[0] == 0
    assert figure.layout.yaxis.range[1] > 51


def test_both_sides_share_one_axis_whatever_their_size() -> None:
    figure = progress_figure(*both(bend_session(0, 10, 70)), RULES)
    assert figure.layout.yaxis.range[1] > 70
    assert {t.yaxis for t in figure.data} == {None}


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_on_its_page(dark: bool) -> None:
    look = DARK if dark else LIGHT
    for colour in (look.ink, look.quiet, *look.sides):
        assert contrast(colour, look.paper) >= 4.5
    for strip in look.phases:
        assert contrast(look.ink, strip) >= 4.5
    figure = progress_figure(*weeks(), RULES, dark=dark)
    assert figure.layout.font.color == look.ink
    assert trace(figure, "Left").marker.color == look.sides[0]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sessions", [[], [bend_session(0, None, None)]])
def test_nothing_measured_is_said(sessions: list[Session]) -> None:
    figure = progress_figure(*both(*sessions), RULES)
    assert "No values yet" in words(figure)
    assert all(a.text == "No values yet" for a in figure.layout.annotations)


def test_a_test_without_sides_and_a_count_are_drawn_too() -> None:
    stands = [
        measured_session(d, "sit_to_stand", repetitions=Value(value=9 + d, unit="count", uncertainty=0))
        for d in range(3)
    ]
    of = series_of(history(stands), followed("sit_to_stand", "repetitions"), RULES, "measure")
    figure = progress_figure(of, None, RULES)
    assert figure.layout.yaxis.title.text == "Times in 30 seconds, number"
    assert [(t.mode, list(t.y)) for t in figure.data] == [("lines", [9, 10, 11]), ("markers", [9, 10, 11])]
    assert words(figure) == ["11"]
    assert progress_table(of)[0]["Times in 30 seconds"] == "11"


def test_the_table_says_the_same_the_newest_first() -> None:
    rows = progress_table(*weeks())
    assert rows[0] == {
        "Day": "8 November 2026",
        "Left": "26°",
        "Left, furthest": "–",
        "Right": "more than 31°",
        "Right, furthest": "–",
        "Note": "test changed",
    }
    assert [r["Note"] for r in rows] == [
        "test changed",
        "soon after a painkiller",
        "at another time of day",
        "",
        "",
        "",
        "",
    ]
    assert progress_table(*both()) == []


def test_a_session_in_which_nothing_was_measured_is_called_that() -> None:
    rows = progress_table(*both(bend_session(0, None, None), bend_session(1, 20, None)))
    assert [row["Note"] for row in rows] == ["", "not measured"]
