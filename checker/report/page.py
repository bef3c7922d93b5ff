"""`report.html`: one file to read, print and keep, with nothing in it that comes from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from checker.assessment import Analysis, Assessment, FaultResult, Measure, Repetition, Side
from checker.exercise import (
    Exercise,
    MeasureRule,
    NotReachedFault,
    PastFault,
    ReversalsFault,
    SlowReturnFault,
)
from checker.overlay import Overlay, Rgb
from checker.report import words
from checker.report.atomic import replacing
from checker.report.curve import draw_curve
from checker.report.stills import read_stills
from checker.signals import CATALOGUE

STILL_PX: Final = 560
"""Longer side of a still: sharp at the size it is printed."""

_JPEG_QUALITY: Final = 82
_VIEWS: Final = {
    "front": "from the front",
    "side": "from the side",
    "left_side": "from the left side",
    "right_side": "from the right side",
    "back": "from behind",
    "oblique": "from an angle",
    "unknown": "unknown",
}
_SIDES: Final[dict[Side, str]] = {"left": "Left", "right": "Right", "both": "Both"}


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of one moment.

    Attributes:
        time_s: of the clip.
        caption: what it shows.
        uri: the JPEG as a data URI.
    """

    time_s: float
    caption: str
    uri: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of the exercise file and where it comes from."""

    subject: str
    rule: str
    status: str
    source: str


def write_page(
    analysis: Analysis, exercise: Exercise, source: Path, target: Path, when: datetime | None = None
) -> None:
    """Write the report.

    Args:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip, for the stills.
        target: the file to write.
        when: the time of the analysis; now when None.

    Raises:
        checker.report.atomic.ReportError: when the file cannot be written.
        checker.video.VideoError: when the clip cannot be read any more.
    """
    page = render_page(analysis, exercise, source, when or datetime.now().astimezone())
    with replacing(target) as draft:
        draft.write_text(page, encoding="utf-8")


def render_page(analysis: Analysis, exercise: Exercise, source: Path, when: datetime) -> str:
    """The report as HTML; arguments and errors as in `write_page`."""
    assessment = analysis.assessment
    moments = {_peak_key(r): r.peak_s for r in _largest_reps(assessment.reps)}
    moments |= {f.id: t for f in assessment.flagged if (t := _worst_moment_s(f)) is not None}
    pictures = _draw_stills(analysis, exercise, source, moments)
    peaks = [(r, pictures[_peak_key(r)]) for r in _largest_reps(assessment.reps) if _peak_key(r) in pictures]
    return _template().render(
        a=assessment,
        exercise=exercise,
        file_name=source.name,
        when=f"{when.day} {when:%B %Y, %H:%M}",
        advice_missing=not any((assessment.view.advice or "") in w for w in assessment.warnings),
        unmeasured=_group_reasons(assessment),
        unjudged=any(f.status == "not_measured" for f in assessment.faults),
        clear=[f for f in assessment.faults if f.status == "clear"],
        peaks=peaks,
        pictures=pictures,
        ranged=_ranged(exercise).name,
        curves=_draw_curves(analysis, exercise),
        fault_names={f.id: f.name for f in assessment.faults},
        thresholds=list(list_thresholds(exercise)),
        views=_VIEWS,
        sides=_SIDES,
    )


def list_thresholds(exercise: Exercise) -> Iterator[Threshold]:
    """Every number that an exercise judges by, in words, with its source."""

    def amount(value: float, signal: str) -> str:
        return words.number(value, CATALOGUE[signal].unit)

    rep = exercise.repetition
    least = f"{CATALOGUE[rep.signal].name}: at least {amount(rep.min_excursion, rep.signal)}"
    yield Threshold("A repetition counts", least, rep.status, rep.source)
    for measure in exercise.measures:
        often = f"often seen: {measure.expected}" if measure.expected else "reported without a norm"
        yield Threshold(measure.name, often, measure.status, measure.source)
    for fault in exercise.faults:
        if isinstance(fault, PastFault):
            for c in fault.conditions:
                beyond = {"above": "above", "below": "below", "either": "more than"}[c.direction]
                change = " from the start posture" if c.compare == "start" else ""
                rule = f"{CATALOGUE[c.signal].name}: {beyond} {amount(c.threshold, c.signal)}{change}"
                yield Threshold(fault.name, rule, c.status, c.source)
            continue
        if isinstance(fault, NotReachedFault):
            rule = f"{CATALOGUE[fault.signal].name}: stays below {amount(fault.threshold, fault.signal)}"
        elif isinstance(fault, SlowReturnFault):
            rule = f"the way back takes over {fault.threshold:g} times the way out"
        elif isinstance(fault, ReversalsFault):
            rule = f"{fault.threshold:g} or more turns back of over {amount(fault.size, rep.signal)}"
        else:
            rule = f"the sides differ by more than {amount(fault.threshold, rep.signal)}"
        yield Threshold(fault.name, rule, fault.status, fault.source)


def _group_reasons(assessment: Assessment) -> dict[str, list[str]]:
    """By reason the names of what was not measured, so that each reason is read once."""
    groups: dict[str, list[str]] = {}
    results: list[Measure | FaultResult] = [*assessment.measures, *assessment.faults]
    for missing in results:
        if missing.status == "not_measured":
            side = f" ({missing.side})" if missing.side in {"left", "right"} else ""
            groups.setdefault(missing.reason or "no reason was given", []).append(missing.name + side)
    return groups


def _largest_reps(reps: list[Repetition]) -> list[Repetition]:
    """The repetition with the largest range of each side, left before right."""
    sides = [[r for r in reps if r.side == side] for side in ("left", "right", "both")]
    return [max(of_side, key=lambda r: r.rom.value) for of_side in sides if of_side]


def _ranged(exercise: Exercise) -> MeasureRule:
    """The measure that a repetition's range is of: the counted signal if it is measured."""
    counted = [m for m in exercise.measures if m.id == exercise.repetition.signal]
    return (counted or exercise.measures)[0]


def _peak_key(rep: Repetition) -> str:
    return f"peak of {rep.index}"


def _worst_moment_s(fault: FaultResult) -> float | None:
    """When a fault was at its largest; the middle of its first interval where that is not known."""
    if fault.peak_s is not None:
        return fault.peak_s
    return sum(fault.intervals[0]) / 2 if fault.intervals else None


def _draw_stills(analysis: Analysis, exercise: Exercise, source: Path, moments: dict[str, float]) -> dict[str, Still]:
    """By key the annotated picture of each moment."""
    frames = read_stills(source, moments.values())
    stills = {}
    for key, time_s in moments.items():
        if time_s in frames and len(analysis.t_s):
            rgb = frames[time_s].copy()  # two moments may share a frame
            overlay = Overlay(analysis, exercise, rgb.shape[1], rgb.shape[0])
            picture = overlay.draw(rgb, analysis.at(time_s))
            stills[key] = Still(time_s, words.seconds(time_s), _data_uri(picture))
    return stills


def _data_uri(rgb: Rgb) -> str:
    scale = min(1.0, STILL_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode('ascii')}"


def _draw_curves(analysis: Analysis, exercise: Exercise) -> list[tuple[str, Markup]]:
    """The signal that the repetitions' ranges are of, then the other measured ones.

    None from the wrong view: a curve would pass for a measurement.
    """
    if not len(analysis.t_s) or not analysis.assessment.view.ok:
        return []
    ids = list(dict.fromkeys(m.id for m in exercise.measures))
    main = _ranged(exercise).id
    sided = {m.id for m in analysis.assessment.measures if m.side in {"left", "right"}}
    curves = []
    for signal_id in sorted(ids, key=lambda i: i != main):
        signal = analysis.signals.get(signal_id)
        if signal is not None and np.isfinite(signal.values).any():
            is_main, is_sided = signal_id == main, signal_id in sided
            svg = draw_curve(signal, analysis.t_s, analysis.assessment, sided=is_sided, main=is_main)
            curves.append((signal.name, Markup(svg)))  # ElementTree has escaped its texts
    return curves


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "quantity": words.quantity,
        "plus_minus": words.plus_minus,
        "seconds": words.seconds,
    }
    environment.globals |= {"number": words.number, "span": words.span}
    return environment.get_template("page.html")
