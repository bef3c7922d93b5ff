"""The angle curve of a clip as a Plotly figure: repetitions and findings marked on it."""

from __future__ import annotations

import html
from typing import Final

import numpy as np
import plotly.graph_objects as go

from checker.assessment import FaultResult, PainMark, Repetition
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.words.values import BODY_LENGTHS, scale_of

INK: Final = "#16262b"
QUIET: Final = "#47595e"
CURVE: Final = "#0b5c6b"
OTHERS: Final = ("#8a5a00", "#6b4a94")
SIDE_FILLS: Final = ("#d6e6f5", "#f6e7cf")
FILL: Final = "#d9ecea"
FINDING: Final = "#b3261e"
LANE_PX: Final = 26
CURVE_PX: Final = 300
MARGIN: Final = {"l": 66, "r": 14, "t": 26, "b": 40, "autoexpand": False}
LEGEND_PX: Final = 40
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def angle_figure(analysis: Analysis, exercise: Exercise) -> go.Figure:
    """Draw the counted signal over time, with what was found.

    Where nothing at all was measured there is no curve to trust, and the figure says so instead.
    Repetitions are shaded and numbered above the curve; each flagged fault has a lane of its own
    below it, named there, and its moments are tinted in the curve too. Where nothing was measured
    the curve has a gap. The margins are fixed and the range of x is set, so that a place on the
    picture maps to a time by arithmetic.
    """
    flagged = [f for f in analysis.assessment.flagged if f.intervals]
    lanes_px = LANE_PX * len(flagged)
    bottom = lanes_px / (CURVE_PX + lanes_px)
    fills = dict(zip([s for s in exercise.sides if s], SIDE_FILLS, strict=False))
    figure = go.Figure()
    if analysis.assessment.measured:
        _add_curves(figure, analysis, exercise)
    else:
        _say_not_measured(figure)
    for repetition in analysis.assessment.reps:
        _add_repetition(figure, repetition, fills.get(repetition.side, FILL))
    for lane, fault in enumerate(flagged):
        height = bottom / len(flagged)
        _add_finding(figure, fault, bottom - (lane + 0.3) * height, height, float(analysis.t_s[-1]))
    for mark in analysis.assessment.pain:
        _add_pain(figure, mark)
    _lay_out(figure, analysis, bottom, CURVE_PX + lanes_px)
    figure.update_yaxes(title={"text": _axis_title(analysis, exercise), "standoff": 4})
    return figure


def _axis_title(analysis: Analysis, exercise: Exercise) -> str | None:
    """Return which side is up and which is down; or what the shares are of."""
    if exercise.repetition is not None and exercise.repetition.sides == "signed":
        up, down = (name.replace("_", " ") for name in exercise.repetition.names)
        return f"← {down} · {up} →"
    of = BODY_LENGTHS.get(next(iter(analysis.signals.values())).unit)
    return f"of {of}" if of else None


def _add_curves(figure: go.Figure, analysis: Analysis, exercise: Exercise) -> None:
    """Draw the counted signal, then the other measured ones thin, all from the start posture."""
    counted = next(iter(analysis.signals.values()))
    scale, _ = scale_of(counted.unit)
    others = {m.on for m in exercise.measures} - {counted.id}
    figure.add_scatter(
        x=analysis.t_s,
        y=exercise.way(counted.id) * scale * counted.values,
        name=counted.name,
        line={"color": CURVE, "width": 3},
        connectgaps=False,
        hoverinfo="skip",
    )
    traces = [s for s in analysis.signals.values() if s.id in others and s.unit == counted.unit]
    seen = [s for s in traces if np.isfinite(s.values).any()]
    for trace, colour in zip(seen, OTHERS, strict=False):
        figure.add_scatter(
            x=analysis.t_s,
            y=scale * trace.values,
            name=trace.name,
            line={"color": colour, "width": 1.5, "dash": "dot"},
            connectgaps=False,
            hoverinfo="skip",
        )


def _say_not_measured(figure: go.Figure) -> None:
    figure.add_annotation(
        text="Not measured", x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"size": 20}
    )
    figure.update_yaxes(visible=False)


def _add_repetition(figure: go.Figure, repetition: Repetition, fill: str) -> None:
    side = "" if repetition.side == "both" else f" {repetition.side.replace('_', ' ')}"
    figure.add_shape(
        type="rect",
        x0=repetition.start_s,
        x1=repetition.end_s,
        y0=0,
        y1=1,
        yref="y domain",
        fillcolor=fill,
        line_width=0,
        layer="below",
    )
    figure.add_annotation(
        x=(repetition.start_s + repetition.end_s) / 2,
        y=1,
        yref="y domain",
        yanchor="bottom",
        text=f"<b>{repetition.index}</b>{side}",
        showarrow=False,
        font={"size": 13, "color": INK},
    )


def _add_finding(figure: go.Figure, fault: FaultResult, top: float, height: float, end_of_clip_s: float) -> None:
    """Tint a fault's moments in the curve, and mark them in its lane (`top`, `height` of the paper)."""
    colour = FINDING if fault.severity == "fault" else QUIET
    for start_s, end_s in fault.intervals:
        span = {"x0": start_s, "x1": end_s, "line_width": 0, "fillcolor": colour}
        figure.add_shape(type="rect", **span, y0=0, y1=1, yref="y domain", layer="below", opacity=0.14)
        figure.add_shape(type="rect", **span, y0=top - 0.6 * height, y1=top, yref="paper")
    figure.add_annotation(
        x=_widest_gap(fault.intervals, end_of_clip_s),
        y=top - 0.3 * height,
        yref="paper",
        yanchor="middle",
        text=html.escape(fault.name),  # Plotly takes it for HTML
        showarrow=False,
        font={"size": 13, "color": colour},
    )


def _add_pain(figure: go.Figure, mark: PainMark) -> None:
    """Draw a line with a word where it hurt."""
    span = {"x0": mark.t_s, "x1": mark.t_s, "y0": 0, "y1": 1, "yref": "y domain"}
    figure.add_shape(type="line", **span, line={"color": FINDING, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=mark.t_s,
        y=0,
        yref="y domain",
        yanchor="bottom",
        text="<b>hurt</b>",
        showarrow=False,
        bgcolor="rgba(255,255,255,0.85)",
        font={"size": 13, "color": FINDING},
    )


def _widest_gap(intervals: list[tuple[float, float]], end_s: float) -> float:
    """Return the middle of the longest time that no interval covers: there is room for a name there."""
    edges = [0.0, *(edge for interval in intervals for edge in interval), end_s]
    start_s, stop_s = max(zip(edges[::2], edges[1::2], strict=True), key=lambda gap: gap[1] - gap[0])
    return (start_s + stop_s) / 2


def _lay_out(figure: go.Figure, analysis: Analysis, bottom: float, height_px: int) -> None:
    counted = next(iter(analysis.signals.values()))
    legend = len(figure.data) > 1
    below_px = MARGIN["b"] + (LEGEND_PX if legend else 0)
    _, unit = scale_of(counted.unit)
    figure.update_layout(
        height=height_px + MARGIN["t"] + below_px,
        margin=MARGIN | {"b": below_px},
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        hovermode=False,
        showlegend=legend,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": -0.08, "yanchor": "top"},
    )
    figure.update_xaxes(
        range=[float(analysis.t_s[0]), float(analysis.t_s[-1])] if len(analysis.t_s) > 1 else [0, 1],
        fixedrange=True,
        automargin=False,
        ticksuffix=" s",
        anchor="free",
        position=0,
        showgrid=False,
        linecolor=QUIET,
        ticks="outside",
        tickcolor=QUIET,
    )
    figure.update_yaxes(
        domain=[min(bottom, 0.9), 1],
        fixedrange=True,
        automargin=False,
        ticksuffix=unit,
        gridcolor="#dde5e7",
        zerolinecolor=QUIET,
        zerolinewidth=1,
    )
