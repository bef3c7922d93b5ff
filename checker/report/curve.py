"""A signal over time as inline SVG: repetitions shaded and numbered, faults hatched and named."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from checker.assessment import Assessment, FaultResult
from checker.exercise import Exercise
from checker.judging.analysis import SignalTrace
from checker.picture.ticks import round_ticks
from checker.signals import CATALOGUE
from checker.skeleton import Array
from checker.words import values as words

WIDTH: Final = 720.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 10.0, 24.0, 34.0
STRIP: Final = 17.0
"""Height of one fault's strip under the curve."""

_SHORT: Final = {"left": "L", "right": "R", "both": ""}
"""How a side is named beside the number of a repetition; other names stay as they are."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where time and value lie on the picture."""

    t0: float
    t1: float
    low: float
    high: float
    height: float

    def x(self, t: float) -> float:
        return LEFT + (t - self.t0) / (self.t1 - self.t0) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return TOP + (self.high - value) / (self.high - self.low) * self.height


def draw_curve(signal: SignalTrace, t_s: Array, assessment: Assessment, exercise: Exercise, *, main: bool) -> str:
    """Return one signal over time as an SVG element.

    Args:
        signal: what to draw; where it is NaN the line is open.
        t_s: (T,) its times.
        assessment: for the repetitions or holds and the faults to mark.
        exercise: the movement that was judged, for the names of its sides.
        main: whether it is the main one: then peaks carry the repetitions' ranges, the faults are
            marked, and it is drawn larger.
    """
    faults = [f for f in assessment.flagged if f.intervals] if main else []
    height = 190.0 if main else 110.0
    total = TOP + height + STRIP * len(faults) + BOTTOM
    frame = _Scale(float(t_s[0]), float(max(t_s[-1], t_s[0] + 0.1)), *_limits(signal.values), height)
    svg = Element("svg", {"viewBox": f"0 0 {WIDTH:g} {total:g}", "role": "img", "class": "curve"})
    SubElement(svg, "title").text = f"{signal.name} over time"
    _draw_repetitions(svg, frame, assessment, exercise, height + STRIP * len(faults))
    _draw_axes(svg, frame, signal, total, _directions(signal, exercise))
    for row, fault in enumerate(faults):
        _draw_fault(svg, frame, fault, TOP + height + STRIP * row)
    for run in _runs(signal.values):
        points = " ".join(f"{frame.x(t_s[i]):.1f},{frame.y(signal.values[i]):.1f}" for i in run)
        SubElement(svg, "polyline", {"points": points, "class": "line"})
    if main:
        _draw_peaks(svg, frame, signal, t_s, assessment)
        _draw_pain(svg, frame, assessment)
    return tostring(svg, encoding="unicode")


def _draw_pain(svg: Element, frame: _Scale, assessment: Assessment) -> None:
    """Draw the moments of pain: a line with a word, so that it does not depend on colour."""
    for mark in assessment.pain:
        x = frame.x(mark.t_s)
        _line(svg, x, TOP, x, TOP + frame.height, "pain")
        _text(svg, x, TOP + frame.height - 4, "hurt", "middle", "pain")


def _directions(signal: SignalTrace, exercise: Exercise) -> tuple[str, str] | None:
    """Return what up and down stand for where they are the exercise's two sides; None where they are not."""
    rule = exercise.repetition
    if rule is None or rule.sides != "signed":
        return None
    sided = signal.id == rule.signal or CATALOGUE[signal.id].sided
    return (words.side_label(rule.names[0]), words.side_label(rule.names[1])) if sided else None


def _draw_axes(
    svg: Element, frame: _Scale, signal: SignalTrace, total: float, directions: tuple[str, str] | None
) -> None:
    scale, unit = words.scale_of(signal.unit)
    foot = TOP + frame.height
    for value in round_ticks(frame.low, frame.high, 5):
        kind = "zero" if value == 0 else "grid"
        _line(svg, LEFT, frame.y(value), WIDTH - RIGHT, frame.y(value), kind)
        size = abs(value) if directions else value
        _text(svg, LEFT - 6, frame.y(value) + 4, f"{scale * size:g}{unit}".replace("-", "−"), "end")
    for t in round_ticks(frame.t0, frame.t1, 10):
        _line(svg, frame.x(t), total - BOTTOM, frame.x(t), total - BOTTOM + 4, "grid")
        _text(svg, frame.x(t), total - BOTTOM + 15, f"{t:g}")
    _text(svg, (LEFT + WIDTH - RIGHT) / 2, total - 4, "time in the video, seconds")
    if directions:
        up, down = directions
        for label, low, high in ((f"{up} ▲", 0.0, frame.high), (f"{down} ▼", frame.low, 0.0)):
            if high - low > 0.2 * (frame.high - frame.low):
                _turned(svg, 11, frame.y((low + high) / 2), label)
    else:
        _turned(svg, 11, (TOP + foot) / 2, signal.name if len(signal.name) < 26 else "value")


def _draw_repetitions(svg: Element, frame: _Scale, assessment: Assessment, exercise: Exercise, height: float) -> None:
    for rep in assessment.reps:
        left, right = frame.x(rep.start_s), frame.x(rep.end_s)
        _rect(svg, left, TOP, right - left, height, f"rep {words.side_class(rep.side, exercise.sides)}".strip())
        label = f"{rep.index} {_SHORT.get(rep.side, words.side_label(rep.side).lower())}".strip()
        if exercise.hold:
            label = f"held {words.held(rep.hold_s, None)}"
        _text(svg, (left + right) / 2, TOP - 7, label, "middle", "label")
    for part in assessment.partial_reps:
        left, right = frame.x(part.start_s), frame.x(part.end_s)
        _rect(svg, left, TOP, right - left, height, "partial")
        _text(svg, (left + right) / 2, TOP - 7, "partial")


def _draw_fault(svg: Element, frame: _Scale, fault: FaultResult, top: float) -> None:
    """Draw a fault as its own strip under the curve, and a thin veil over the curve at the same moments."""
    for start_s, end_s in fault.intervals:
        left, right = frame.x(start_s), frame.x(end_s)
        _rect(svg, left, TOP, right - left, top - TOP, "veil")
        _rect(svg, left, top + 3, max(2.0, right - left), STRIP - 5, "fault")
    last = frame.x(fault.intervals[-1][1])
    late = last > 0.7 * WIDTH
    first = frame.x(fault.intervals[0][0])
    x, anchor = (first - 5, "end") if late else (last + 5, "start")
    mark = "▲" if fault.severity == "fault" else "ℹ"
    _text(svg, x, top + STRIP - 4, f"{mark} {fault.name}", anchor, "label")


def _draw_peaks(svg: Element, frame: _Scale, signal: SignalTrace, t_s: Array, assessment: Assessment) -> None:
    for rep in assessment.reps:
        value = float(signal.values[int(np.argmin(np.abs(t_s - rep.peak_s)))])
        if not math.isfinite(value) or rep.rom.unit != signal.unit:
            continue
        x, y = frame.x(rep.peak_s), frame.y(value)
        SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3.5", "class": "peak"})
        _text(svg, x, y - 8 if value >= 0 else y + 17, words.quantity(rep.rom), "middle", "label")


def _limits(values: Array) -> tuple[float, float]:
    """Return the range of the values and zero, with room for the labels of the peaks."""
    known = values[np.isfinite(values)]
    low, high = (min(0.0, float(known.min())), max(0.0, float(known.max()))) if len(known) else (0.0, 1.0)
    room = 0.14 * (high - low) or 1.0
    return (low - room if low < 0 else low - room / 3), high + room


def _runs(values: Array) -> Iterable[range]:
    """Return the indices of each unbroken stretch of a signal."""
    known = np.isfinite(values)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [range(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _rect(svg: Element, x: float, y: float, width: float, height: float, kind: str) -> None:
    box = {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height)}
    SubElement(svg, "rect", {k: f"{v:.1f}" for k, v in box.items()} | {"class": kind})


def _line(svg: Element, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    SubElement(svg, "line", {k: f"{v:.1f}" for k, v in ends.items()} | {"class": kind})


def _text(svg: Element, x: float, y: float, text: str, anchor: str = "middle", kind: str = "tick") -> Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "class": kind}
    element = SubElement(svg, "text", place)
    element.text = text
    return element


def _turned(svg: Element, x: float, y: float, text: str) -> None:
    _text(svg, x, y, text).set("transform", f"rotate(-90 {x:.1f} {y:.1f})")
