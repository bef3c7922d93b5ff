"""`report.html`: one file to read, print and keep, with nothing in it that comes from elsewhere."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from checker.assessment import Assessment, FaultResult, Measure, Repetition
from checker.care.when import When, when_filmed
from checker.exercise import Exercise
from checker.judging.analysis import Analysis, SignalTrace
from checker.overlay import Overlay, Rgb
from checker.picture import picture
from checker.report.atomic import replacing
from checker.report.by_hand import listed_by_hand
from checker.report.curve import draw_curve
from checker.report.stills import read_stills, worst_moment_s
from checker.report.turned import as_shown
from checker.signals import CATALOGUE
from checker.words import values as words
from checker.words.cards import make_cards, noun
from checker.words.judged import list_rules
from checker.words.rules import dose_words, phases_words

STILL_PX: Final = 560
"""Longer side of a still: sharp at the size it is printed."""

NO_PICTURE: Final = "live, before the camera; no picture was kept"
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
_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'
"""A drawing inside a page does without it, and the page then holds no address at all."""


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


def write_page(
    analysis: Analysis,
    exercise: Exercise,
    source: Path | None,
    target: Path,
    when: When | None = None,
    clip: str | None = None,
) -> None:
    """Write the report.

    Args:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip, for the stills; None after a live session of which no picture was kept.
        target: the file to write.
        when: when it was done, where that is told; else as the result itself says.
        clip: what is said of the video in place of the name of its file.

    Raises:
        checker.report.atomic.ReportError: when the file cannot be written.
        checker.video.reader.VideoError: when the clip cannot be read any more.
    """
    page = render_page(analysis, exercise, source, when, clip)
    with replacing(target) as draft:
        draft.write_text(page, encoding="utf-8")


def render_page(
    analysis: Analysis, exercise: Exercise, source: Path | None, when: When | None = None, clip: str | None = None
) -> str:
    """Return the report as HTML; arguments and errors as in `write_page`."""
    assessment = analysis.assessment
    when = when or when_filmed(assessment)
    best = best_reps(assessment.reps, exercise)
    moments = {peak_key(r): r.peak_s for r in best}
    moments |= {f.id: t for f in assessment.to_show if (t := worst_moment_s(f)) is not None}
    pictures = draw_stills(analysis, exercise, source, moments) if source is not None else {}
    return _template().render(
        a=assessment,
        exercise=exercise,
        clip=clip or (source.name if source is not None else NO_PICTURE),
        when=when.words() if when is not None else "",
        drawing=Markup(picture(exercise).replace(_NAMESPACE, "")),  # made of numbers, its texts escaped
        doses=[(dose_words(d), phases_words(d.phases)) for d in exercise.doses],
        mirror=words.mirror_words(assessment),
        advice_missing=not any((assessment.view.advice or "") in w for w in assessment.warnings),
        cards=[c for c in make_cards(assessment, exercise) if c.value is not None],
        is_range=exercise.main_measure.of == "change",
        noun=noun(exercise),
        unmeasured=group_reasons(assessment),
        unjudged=any(f.status == "not_measured" for f in assessment.faults),
        clear=[f for f in assessment.faults if f.status == "clear"],
        peaks=[(r, pictures[peak_key(r)]) for r in best if peak_key(r) in pictures],
        pictures=pictures,
        look=words.LOOK if source is not None else "",
        ranged=range_name(exercise),
        sided=exercise.sides != [None],
        timed=exercise.hold is not None or assessment.hold_target_s is not None,
        curves=draw_curves(analysis, exercise),
        by_hand=listed_by_hand(assessment),
        pain=[words.pain_words(p) for p in assessment.pain],
        fault_names={f.id: f.name for f in assessment.faults},
        rules=list(list_rules(exercise)),
        estimates=any(words.is_estimate(m) for m in exercise.measures),
        views=_VIEWS,
    )


def group_reasons(assessment: Assessment) -> dict[str, list[str]]:
    """Return the names of what was not measured by their reason, so that each reason stands once."""
    groups: dict[str, list[str]] = {}
    results: list[Measure | FaultResult] = [*assessment.measures, *assessment.faults]
    for missing in results:
        if missing.status == "not_measured":
            side = f" ({words.side_label(missing.side).lower()})" if words.side_label(missing.side) else ""
            groups.setdefault(missing.reason or "no reason was given", []).append(missing.name + side)
    return groups


def best_reps(reps: list[Repetition], exercise: Exercise) -> list[Repetition]:
    """Return the repetition of each side that went furthest, or the longest hold, left first."""
    sides = sorted(exercise.sides, key=lambda s: s == "right")
    of_sides = [[r for r in reps if side is None or r.side == side] for side in sides]
    return [max(own, key=lambda r: r.hold_s if exercise.hold else r.rom.value) for own in of_sides if own]


def range_name(exercise: Exercise) -> str:
    """Return what a repetition's range is of: the main measure, or the counted signal where its error is known."""
    rule, main = exercise.repetition, exercise.main_measure
    counted = CATALOGUE[rule.signal] if main.on is None and rule is not None else None
    return counted.name if counted is not None and counted.errors.error_90 is not None else main.name


def peak_key(rep: Repetition) -> str:
    """Return the key of the picture of a repetition's furthest point."""
    return f"peak of {rep.index}"


def draw_stills(analysis: Analysis, exercise: Exercise, source: Path, moments: dict[str, float]) -> dict[str, Still]:
    """Return the annotated picture of each moment, by its key."""
    frames = read_stills(source, moments.values(), analysis.assessment.video.turned_deg)
    stills = {}
    for key, time_s in moments.items():
        if time_s in frames and len(analysis.t_s):
            rgb = as_shown(frames[time_s].copy(), analysis.assessment)  # two moments may share a frame
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


def draw_curves(analysis: Analysis, exercise: Exercise) -> list[tuple[str, Markup]]:
    """Return the curve of the signal that the ranges are of, then those of the other measured ones.

    None from the wrong view: a curve would pass for a measurement.
    """
    if not len(analysis.t_s) or not analysis.assessment.view.ok:
        return []
    counted = exercise.repetition.signal if exercise.repetition else None
    main = exercise.main_measure.on or counted
    wanted = dict.fromkeys(i for i in (main, *(m.on for m in exercise.measures)) if i is not None)
    traces = [analysis.signals[i] for i in wanted if i in analysis.signals]
    seen = [t for t in traces if np.isfinite(t.values).any()]
    return [(t.name, Markup(_curve(t, analysis, exercise, main=t is seen[0]))) for t in seen]  # its texts are escaped


def _curve(trace: SignalTrace, analysis: Analysis, exercise: Exercise, *, main: bool) -> str:
    """Return one curve; a signal that falls on the way out is drawn rising, as its range is reported."""
    rising = replace(trace, values=exercise.way(trace.id) * trace.values)
    return draw_curve(rising, analysis.t_s, analysis.assessment, exercise, main=main)


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
    environment.globals |= {"number": words.number, "span": words.span, "held": words.held}
    environment.globals |= {"side_label": words.side_label, "estimate": words.ESTIMATE}
    environment.globals |= {"against_limit": words.against_limit, "asked": words.asked_words}
    return environment.get_template("page.html")
