"""How a test has gone over the weeks, as a Plotly figure: left and right on one axis; and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any, Final

import plotly.graph_objects as go

from checker.care.band import BandPoint, band_of
from checker.care.change_rules import ChangeRules
from checker.care.change_words import MARKS, WHY_NOT, value_words
from checker.care.records import Value
from checker.care.sem import NO_PAIRS, Evidence
from checker.care.series import Point, Series, WhyNot
from checker.safety import PHASES
from checker.ui.charts import FONT
from checker.words.values import scale_of

HEIGHT_PX: Final = 440
STRIP_PX, STRIP_GAP_PX = 20, 8
"""Height of the strip of phases below the curve, and how far below."""

WIDTH_PX: Final = 355.0
"""Width on a telephone: whether the name of a phase fits into the strip goes by it."""

MARGIN: Final[dict[str, Any]] = {"l": 58, "r": 84, "t": 26, "b": 104, "autoexpand": False}
LEAST_TOP_DEG: Final = 40.0
"""The axis goes up to this at least, so that a few degrees do not look like a mountain."""

NAME_CHAR_PX: Final = 7.0
"""Width of a letter in the strip, about."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one theme; `phases`: of the first and of the last phase."""

    ink: str
    quiet: str
    grid: str
    paper: str
    sides: tuple[str, str]
    phases: tuple[str, str]


LIGHT: Final = Look("#16262b", "#47595e", "#e6ecee", "#ffffff", ("#0b5c6b", "#a06500"), ("#e6f0f0", "#a3cfcc"))
DARK: Final = Look("#e6eef0", "#a9b8bc", "#263338", "#0f171a", ("#63c3d5", "#e3b057"), ("#1b2a2d", "#34605f"))


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """From when to when somebody was in a phase of the programme, local times."""

    phase: int
    begins: datetime
    ends: datetime


def progress_figure(
    left: Series,
    right: Series | None,
    rules: ChangeRules,
    *,
    evidence: Evidence = NO_PAIRS,
    targets: Mapping[str, float] | None = None,
    phases: Sequence[PhaseSpan] | None = None,
    dark: bool = False,
) -> go.Figure:
    """Draw a test over the weeks.

    Filled: the range before pain with the band within which it lies (`care/band.py`). Thin: the furthest. Hollow: a
    session that is not compared. An arrow: nothing was felt, the range goes beyond. Below: the phases.

    Args:
        left: the left side, or the only one.
        right: the right side; None where the test has no sides.
        rules: of change, by which the band is drawn.
        evidence: repeat pairs.
        targets: by side, in the measure's unit.
        phases: of the programme; those written with the sessions unless given.
        dark: for a dark page.
    """
    look, both = DARK if dark else LIGHT, [left] + ([right] if right is not None else [])
    spans = phase_spans(left) if phases is None else phases
    figure = go.Figure()
    for series, colour, symbol in zip(both, look.sides, ("circle", "diamond"), strict=False):
        _add_side(figure, series, band_of(series, rules, evidence), rules.band.gap_days.value, colour, symbol, look)
    _add_targets(figure, both, targets or {}, look)
    _add_marks(figure, both, look)
    bottom = (STRIP_PX + STRIP_GAP_PX) / (HEIGHT_PX - MARGIN["t"] - MARGIN["b"]) if spans else 0.0
    _lay_out(figure, both, targets or {}, bottom, look)
    _add_phases(figure, spans, both, bottom, look)
    if not any(p.value for s in both for p in s.points):
        _say_empty(figure, look)
    else:
        _name_sides(figure, both, look)
    figure.update_layout(showlegend=sum(t.showlegend is not False for t in figure.data) > 1)
    return figure


def progress_table(left: Series, right: Series | None = None) -> list[dict[str, str]]:
    """The same as rows, the newest first: for who cannot see the figure, and for looking up."""
    sides = [(_side_name(s), s) for s in (left, right) if s is not None]
    found: dict[Any, dict[str, str]] = {}
    notes: dict[Any, list[str]] = {}
    for name, series in sides:
        for point in series.points:
            row = found.setdefault(point.session_id, {"Day": f"{point.day:%d %B %Y}".lstrip("0")})
            row[name] = _written(point.value)
            if series.what == "first":
                row[f"{name}, furthest"] = _written(point.furthest)
            why = [WHY_NOT[point.why_not]] if point.why_not is not None and point.value is not None else []
            new = [*why, *(MARKS[m] for m in point.marks)]
            notes.setdefault(point.session_id, []).extend(n for n in new if n not in notes.get(point.session_id, []))
    measured = {p.session_id for _, series in sides for p in series.points if p.value is not None}
    for session in found.keys() - measured:
        notes[session].insert(0, WHY_NOT[WhyNot.NOT_MEASURED])
    rows = [row | {"Note": "; ".join(notes[session])} for session, row in found.items()]
    return rows[::-1]


def phase_spans(series: Series) -> list[PhaseSpan]:
    """The phases as they are written with the sessions: each until the next one begins."""
    points = [p for p in series.points if p.phase is not None]
    runs = [list(run) for _, run in groupby(points, key=lambda p: p.phase)]
    ends = [_local(run[0]) for run in runs[1:]] + [_local(points[-1]) + timedelta(days=1)] if runs else []
    return [PhaseSpan(run[0].phase or 1, _local(run[0]), end) for run, end in zip(runs, ends, strict=True)]


# --- one side ------------------------------------------------------------------------------------


def _add_side(
    figure: go.Figure, series: Series, band: list[BandPoint], gap_days: float, colour: str, symbol: str, look: Look
) -> None:
    """Draw one side from below: the filled range, its band, the furthest, the points."""
    name, local = _side_name(series), {p.at: _local(p) for p in series.points}
    for run in _runs(band):
        x = [local[b.at] for b in run]
        middle = [b.middle for b in run]
        low, high = [max(0.0, b.middle - b.half) for b in run], [b.middle + b.half for b in run]
        plain: dict[str, Any] = {"hoverinfo": "skip", "showlegend": False, "mode": "lines"}
        figure.add_scatter(x=x, y=middle, fill="tozeroy", fillcolor=_see_through(colour, 0.05), line_width=0, **plain)
        closed = {"x": [*x, *x[::-1]], "y": [*high, *low[::-1]]}
        figure.add_scatter(**closed, fill="toself", fillcolor=_see_through(colour, 0.2), line_width=0, **plain)
        figure.add_scatter(x=x, y=middle, line={"color": colour, "width": 2.5}, name=f"{name}: band", **plain)
    if not band:  # a count, a time or an estimate: a thin line leads the eye
        points = [p for p in series.points if p.value and not p.hollow]
        plain = {"line": {"color": _see_through(colour, 0.4), "width": 1.5}, "showlegend": False}
        _add_line(figure, points, [p.value.value for p in points if p.value], gap_days, plain)
    _add_furthest(figure, series, gap_days, colour)
    for hollow in (False, True):
        _add_points(figure, [p for p in series.points if p.value and p.hollow == hollow], series, colour, symbol, look)


def _add_points(figure: go.Figure, points: list[Point], series: Series, colour: str, symbol: str, look: Look) -> None:
    """Draw the sessions; what is known to be more than its value has an arrow up."""
    if not points:
        return
    hollow = points[0].hollow
    above = [p for p in points if p.value and p.value.censored == "above"]
    figure.add_scatter(
        x=[_local(p) for p in points],
        y=[p.value.value for p in points if p.value],
        mode="markers",
        **_named(figure, series, "Not compared" if hollow else _side_name(series)),
        marker={
            "symbol": symbol,
            "size": 9,
            "color": look.paper if hollow else colour,
            "line": {"color": colour, "width": 2 if hollow else 0},
        },
        text=[_hover(p) for p in points],
        hovertemplate="%{text}<extra></extra>",
    )
    for point in above:
        figure.add_annotation(
            x=_local(point),
            y=point.value.value if point.value else 0.0,
            text="↑",
            showarrow=False,
            yshift=13,
            font={"size": 15, "color": colour},
        )


def _add_furthest(figure: go.Figure, series: Series, gap_days: float, colour: str) -> None:
    """Draw the furthest that the person chose to go as a thin line, broken where the band is."""
    measured = [p for p in series.points if p.furthest is not None]
    values = [p.furthest.value if p.furthest is not None else None for p in measured]
    line = {"color": colour, "width": 1.2, "dash": "dot"}
    _add_line(figure, measured, values, gap_days, {"line": line, **_named(figure, series, "Furthest")})


def _add_line(
    figure: go.Figure, points: Sequence[Point], values: Sequence[float | None], gap_days: float, look: dict[str, Any]
) -> None:
    """Draw a line through sessions, broken where a new stretch begins and where a long time passed."""
    x: list[datetime | None] = []
    y: list[float | None] = []
    for before, point, value in zip([None, *points], points, values, strict=False):
        if before is not None and (before.stretch != point.stretch or point.at - before.at > timedelta(days=gap_days)):
            x.append(None)
            y.append(None)
        x.append(_local(point))
        y.append(value)
    if points:
        figure.add_scatter(x=x, y=y, mode="lines", hoverinfo="skip", connectgaps=False, **look)


def _named(figure: go.Figure, series: Series, name: str) -> dict[str, Any]:
    """The name of a trace that both sides have: it stands in the legend once."""
    return {
        "name": name,
        "meta": series.followed.side,
        "legendgroup": name,
        "legendrank": {"Furthest": 2, "Not compared": 3}.get(name, 1),
        "showlegend": all(t.name != name for t in figure.data),
    }


def _name_sides(figure: go.Figure, both: Sequence[Series], look: Look) -> None:
    """Write each side's name and newest value behind its curve, one above the other where they are close."""
    newest = []
    for series, colour in zip(both, look.sides, strict=False):
        point = next((p for p in reversed(series.points) if p.value), None)
        if point is not None and point.value is not None:
            value = point.value
            short = _written(value).replace("more than", "over")  # there is little room
            name = f"<b>{_side_name(series)}</b><br>" if series.followed.side is not None else ""
            newest.append((value.value, f"{name}{short}", colour))
    newest.sort()
    close = len(newest) == 2 and newest[1][0] - newest[0][0] < 0.14 * figure.layout.yaxis.range[1]
    for i, (at, label, colour) in enumerate(newest):
        shift = (18 if i else -18) if close else 0
        figure.add_annotation(
            x=1,
            xref="paper",
            y=at,
            text=label,
            showarrow=False,
            xanchor="left",
            align="left",
            xshift=8,
            yshift=shift,
            font={"size": 13, "color": colour},
        )


# --- what is around it ---------------------------------------------------------------------------


def _add_targets(figure: go.Figure, both: Sequence[Series], targets: Mapping[str, float], look: Look) -> None:
    """Draw the targets as dashed lines; one line where both sides have the same."""
    sides = {s.followed.side or "both": colour for s, colour in zip(both, look.sides, strict=False)}
    wanted = {side: value for side, value in targets.items() if side in sides}
    same = len(set(wanted.values())) == 1
    for side, value in list(wanted.items())[:1] if same else wanted.items():
        colour = look.quiet if same else sides[side]
        words = "Target" if same else f"Target, {side.replace('_', ' ')}"
        figure.add_hline(
            y=value,
            line={"color": colour, "width": 1.2, "dash": "dash"},
            annotation={"text": words, "font": {"size": 12, "color": colour}, "bgcolor": _see_through(look.paper, 0.7)},
            annotation_position="bottom left" if value < max(wanted.values()) else "top left",
        )


def _add_marks(figure: go.Figure, both: Sequence[Series], look: Look) -> None:
    """Draw a line where the camera, the movement's file or the model changed, named above."""
    marked: dict[datetime, list[str]] = {}
    for series in both:
        for point in series.points:
            words = marked.setdefault(_local(point), [])
            words += [MARKS[m] for m in point.marks if MARKS[m] not in words]
    for x, words in marked.items():
        if words:
            span = {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "y domain"}
            figure.add_shape(type="line", **span, line={"color": look.quiet, "width": 1, "dash": "dot"})
            figure.add_annotation(
                x=x,
                y=1,
                yref="y domain",
                yanchor="bottom",
                text=", ".join(words),
                showarrow=False,
                font={"size": 12, "color": look.quiet},
            )


def _add_phases(
    figure: go.Figure, spans: Sequence[PhaseSpan], both: Sequence[Series], bottom: float, look: Look
) -> None:
    """Draw the strip of phases below the curve, each with its number, and its name where that fits."""
    if not spans or not any(s.points for s in both):
        return
    first, last = (datetime.fromisoformat(str(edge)) for edge in figure.layout.xaxis.range)
    px_per_s = (WIDTH_PX - MARGIN["l"] - MARGIN["r"]) / (last - first).total_seconds()
    for span in spans:
        begins, ends = max(span.begins, first), min(span.ends, last)
        if begins >= ends:
            continue
        top = bottom * STRIP_PX / (STRIP_PX + STRIP_GAP_PX)
        edges = {"x0": begins, "x1": ends, "y0": 0.0, "y1": top, "yref": "paper"}
        fill = _between(*look.phases, (span.phase - 1) / (len(PHASES) - 1))
        figure.add_shape(type="rect", **edges, fillcolor=fill, line={"color": look.paper, "width": 1.5})
        name = f"{span.phase} {PHASES[span.phase]}"
        room = (ends - begins).total_seconds() * px_per_s
        figure.add_annotation(
            x=begins + (ends - begins) / 2,
            y=top / 2,
            yref="paper",
            yanchor="middle",
            text=name if room > NAME_CHAR_PX * len(name) else str(span.phase),
            showarrow=False,
            font={"size": 12, "color": look.ink},
        )


def _lay_out(
    figure: go.Figure, both: Sequence[Series], targets: Mapping[str, float], bottom: float, look: Look
) -> None:
    measure = both[0].followed.measure
    _, unit = scale_of(both[0].followed.unit)
    figure.update_layout(
        height=HEIGHT_PX,
        margin=MARGIN,
        font={"family": FONT, "size": 13, "color": look.ink},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        hovermode="closest",
        hoverlabel={"bgcolor": look.paper, "font": {"color": look.ink, "family": FONT}, "bordercolor": look.quiet},
        legend={"orientation": "h", "x": 0, "y": -0.17, "yanchor": "top", "font": {"size": 12, "color": look.quiet}},
    )
    figure.update_xaxes(
        range=_days_shown(both),
        title={"text": "Day", "standoff": 6, "font": {"size": 12, "color": look.quiet}},
        tickformat="%-d %b",
        tickangle=0,
        nticks=4,
        fixedrange=True,
        showgrid=False,
        anchor="free",
        position=0,
        tickcolor=look.quiet,
        tickfont={"color": look.quiet},
        ticks="outside",
    )
    values = [v for s in both for p in s.points for x in (p.value, p.furthest) if x for v in [x.value + x.uncertainty]]
    figure.update_yaxes(
        domain=[bottom, 1.0],
        range=[0.0, 1.08 * max([LEAST_TOP_DEG if unit == "°" else 1.0, *values, *targets.values()])],
        title={"text": f"{measure.name}, {_unit_words(unit)}", "standoff": 6, "font": {"size": 12}},
        ticksuffix=unit if unit == "°" else "",
        fixedrange=True,
        automargin=False,
        gridcolor=look.grid,
        tickfont={"color": look.quiet},
        zeroline=True,
        zerolinecolor=look.quiet,
        zerolinewidth=1,
    )


def _say_empty(figure: go.Figure, look: Look) -> None:
    figure.add_annotation(
        text="No values yet",
        x=0.5,
        y=0.5,
        xref="paper",
        yref="paper",
        showarrow=False,
        font={"size": 20, "color": look.quiet},
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)


# --- small things --------------------------------------------------------------------------------


def _days_shown(both: Sequence[Series]) -> list[datetime] | None:
    """From a little before the first session to a little after the last one; at least a week."""
    x = [_local(p) for s in both for p in s.points]
    if not x:
        return None
    span = max(max(x) - min(x), timedelta(days=7))
    return [min(x) - 0.03 * span, min(x) + 1.03 * span]


def _runs(band: list[BandPoint]) -> Iterator[list[BandPoint]]:
    """The stretches of a band: each begins where it starts anew."""
    run: list[BandPoint] = []
    for point in band:
        if point.anew and run:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _local(point: Point) -> datetime:
    """The local time of a session, as a plain one: the axis knows no zones."""
    return datetime.combine(point.day, time()) + timedelta(hours=point.hour)


def _side_name(series: Series) -> str:
    side = series.followed.side
    if side is not None:
        return side.replace("_", " ").capitalize()
    return "Comfortable" if series.what == "first" else series.followed.measure.name


def _written(value: Value | None) -> str:
    return "–" if value is None else value_words(value.value, value.unit, value.censored == "above")


def _hover(point: Point) -> str:
    why = f"<br>{WHY_NOT[point.why_not]}" if point.why_not is not None else ""
    return f"{point.day.day} {point.day:%B}: {_written(point.value)}{why}"


def _unit_words(unit: str) -> str:
    return {"°": "degrees", " s": "seconds", "": "number"}.get(unit, unit.strip())


def _see_through(colour: str, share: float) -> str:
    r, g, b = _rgb(colour)
    return f"rgba({r},{g},{b},{share})"


def _between(one: str, other: str, share: float) -> str:
    mixed = [round(a + share * (b - a)) for a, b in zip(_rgb(one), _rgb(other), strict=True)]
    return f"rgb({mixed[0]},{mixed[1]},{mixed[2]})"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
