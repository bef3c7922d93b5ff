"""`summary.pdf` and `report.pdf`: a page for the person, and the whole for the physio; set by typst, which is offline.

The texts and values are those of the page and of `checker/words`: nothing is computed here. They reach typst as data,
so that whatever stands in them is text. The files are tagged for screen readers, by the standard PDF/UA-1.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from checker.assessment import Assessment, FaultResult, Repetition
from checker.care.when import When, when_filmed
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.library import override_lines
from checker.picture.gauge import gauge
from checker.report.atomic import replacing
from checker.report.by_hand import listed_by_hand
from checker.report.page import Still, best_reps, draw_curves, draw_stills, group_reasons, peak_key, range_name
from checker.report.stills import worst_moment_s
from checker.words import values as words
from checker.words.cards import noun
from checker.words.summary import NO_DIAGNOSIS, next_time, reached, summary_sentence

STANDARD: Final = "ua-1"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_CURVE: Final = (
    "<style>.line{fill:none;stroke:#17202b;stroke-width:1.8}.grid{stroke:#d5dbe1}.zero{stroke:#56626f}"
    "text{font-family:'Libertinus Serif';font-size:12px;fill:#17202b}.tick{fill:#56626f}.label{font-weight:bold}"
    ".rep{fill:#e9eef3}.one{fill:#e0eef7}.other{fill:#faeadd}line.pain{stroke:#a3241c;stroke-width:2}"
    ".partial{fill:none;stroke:#56626f;stroke-dasharray:3 3}.fault{fill:#b5530a}"
    ".veil{fill:#b5530a;fill-opacity:0.13}.peak{fill:#fff;stroke:#17202b;stroke-width:1.8}</style>"
)
_NAMESPACE: Final = ' xmlns="http://www.w3.org/2000/svg"'


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is set: the data by their names in the template, and the pictures by the names of their files."""

    data: dict[str, Any]
    pictures: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, picture: bytes) -> str:
        self.pictures[name] = picture
        return f"/{name}"


def write_summary(analysis: Analysis, exercise: Exercise, target: Path, when: When | None = None) -> None:
    """Write the page for the person.

    Args:
        analysis: what was found.
        exercise: the movement that was judged.
        target: the file to write.
        when: when it was done, where that is told; else as the result itself says.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written.
    """
    assessment = analysis.assessment
    sheet, found = _Sheet(_head(assessment, when)), reached(assessment, exercise)
    most = max(one.share for one in found)
    arcs = [
        {
            "side": one.side,
            "value": one.value,
            "reason": one.reason,
            "picture": sheet.add(f"arc-{i}.svg", gauge(one.share, "", "", beside=most).encode()) if one.value else "",
            "alt": f"{one.side} {one.value}".strip(),
        }
        for i, one in enumerate(found)
    ]
    sheet.data.update(arcs=arcs, sentence=summary_sentence(assessment, exercise), next=next_time(assessment))
    _write(sheet, "summary.typ", assessment, target)


def write_full(
    analysis: Analysis, exercise: Exercise, source: Path | None, target: Path, when: When | None = None
) -> None:
    """Write the report for the physio.

    Args:
        analysis: what was found in `source`.
        exercise: the movement that was judged.
        source: the clip, for the stills; None where no picture was kept.
        target: the file to write.
        when: when it was done, where that is told; else as the result itself says.

    Raises:
        checker.report.atomic.ReportError: the file cannot be written.
        checker.video.reader.VideoError: the clip cannot be read any more.
    """
    assessment = analysis.assessment
    best = best_reps(assessment.reps, exercise)
    moments = {peak_key(r): r.peak_s for r in best}
    moments |= {f.id: t for f in assessment.to_show if (t := worst_moment_s(f)) is not None}
    stills = draw_stills(analysis, exercise, source, moments) if source is not None else {}
    sheet = _Sheet(_head(assessment, when))
    sheet.data.update(
        measures=_measures(assessment),
        notes=[*_unmeasured(assessment), *assessment.warnings, *filter(None, [words.mirror_words(assessment)])],
        curves=[
            {"picture": sheet.add(f"curve-{i}.svg", _styled(str(svg), _CURVE)), "alt": f"{name} over time"}
            for i, (name, svg) in enumerate(draw_curves(analysis, exercise))
        ],
        counted=f"{noun(exercise).capitalize()}s",
        repetitions=_repetitions(assessment, exercise),
        partial=[
            f"Did not count, {words.span(p.start_s, p.end_s)}: {words.number(p.excursion, p.unit, 2)} ({p.reason})"
            for p in assessment.partial_reps
        ],
        faults=[_fault(f, stills.get(f.id), i, sheet) for i, f in enumerate(assessment.to_show)],
        unnoticed="None of the things looked for was seen for certain.",
        pain=[*_told_pain(assessment), *map(words.pain_words, assessment.pain)],
        peaks=[_peak(r, stills[peak_key(r)], exercise, sheet) for r in best if peak_key(r) in stills],
        by_hand=listed_by_hand(assessment),
        provenance=_provenance(assessment, exercise),
    )
    _write(sheet, "full.typ", assessment, target)


def _write(sheet: _Sheet, template: str, assessment: Assessment, target: Path) -> None:
    made = when_filmed(assessment)
    with replacing(target) as draft:
        draft.write_bytes(set_pdf(template, sheet.data, None if made is None else made.at, sheet.pictures))


def set_pdf(template: str, data: dict[str, Any], made: datetime | None, pictures: Mapping[str, bytes] = {}) -> bytes:
    """Return a PDF of data set in a template of this folder; all texts are data, whatever stands in them.

    Args:
        template: name of the file.
        data: by the names that the template has for it.
        made: stands in the file as the time of its making.
        pictures: by the names of their files.
    """
    with TemporaryDirectory() as folder:
        for name, picture in pictures.items():
            (Path(folder) / name).write_bytes(picture)
        (Path(folder) / "data.json").write_text(json.dumps(_lines(data)), encoding="utf-8")
        return _set((Path(__file__).parent / template).read_bytes(), Path(folder), made)


def _set(template: bytes, folder: Path, made: datetime | None) -> bytes:
    """Return the PDF; where a text has letters that no font here has, it is tagged and keeps to no standard."""
    from typst import Compiler, TypstError

    stamp = (made or _EPOCH).replace(microsecond=0)
    try:
        pdf = Compiler(template, root=folder).compile(format="pdf", pdf_standards=[STANDARD], timestamp=stamp)
    except TypstError:
        pdf = Compiler(template, root=folder).compile(format="pdf", timestamp=stamp)
    assert isinstance(pdf, bytes)
    return pdf


def _lines(value: Any) -> Any:
    """Return data whose texts have no control characters, which no font can show."""
    if isinstance(value, str):
        return "".join(c if c.isprintable() else " " for c in value)
    if isinstance(value, dict):
        return {key: _lines(one) for key, one in value.items()}
    return [_lines(one) for one in value] if isinstance(value, list | tuple) else value


def _styled(svg: str, style: str) -> bytes:
    """Return a drawing with its own style, as the page gives it one."""
    head, _, rest = _lines(svg).partition(">")
    return f"{head if _NAMESPACE in head else head + _NAMESPACE}>{style}{rest}".encode()


def _jpeg(still: Still) -> bytes:
    return base64.b64decode(still.uri.partition(",")[2])


# --- texts --------------------------------------------------------------------------------------


def _head(a: Assessment, when: When | None) -> dict[str, Any]:
    when = when or when_filmed(a)
    date = "" if when is None else when.words()
    return {"title": a.exercise.name.strip() or a.exercise.id, "date": date, "last": NO_DIAGNOSIS}


def _measures(a: Assessment) -> dict[str, Any]:
    rows = [
        [
            *(m.name, words.side_label(m.side), words.quantity(m), words.plus_minus(m)),
            "" if m.best is None else words.number(m.best, m.unit, m.uncertainty),
            *(str(m.repetitions), "; ".join(filter(None, [m.expected, words.target_words(m)]))),
        ]
        for m in a.measured
    ]
    for of in a.ranges:
        side, n = words.side_label(of.side), str(of.first_repetitions)
        if of.first is not None:
            rows.append(["First pain", side, words.first_pain(of), words.plus_minus(of.first), "", n, ""])
        if of.furthest is not None:
            rows.append(
                ["As far as wanted", side, words.quantity(of.furthest), words.plus_minus(of.furthest), "", "", ""]
            )
    head = ["What", "Side", "Value", "±", "Largest", "Repetitions", "Often seen, target"]
    return {"head": head, "rows": rows, "empty": "Nothing was measured."}


def _unmeasured(a: Assessment) -> list[str]:
    return [f"Not measured: {', '.join(names)}: {reason}" for reason, names in group_reasons(a).items()]


def _repetitions(a: Assessment, exercise: Exercise) -> dict[str, Any]:
    names = {f.id: f.name for f in a.faults}
    rows = [
        [
            *(str(r.index), words.side_label(r.side), words.quantity(r.rom), words.plus_minus(r.rom)),
            *(words.seconds(r.start_s), words.seconds(r.peak_s), words.seconds(r.end_s)),
            *(words.held(r.hold_s, r.hold_target_s), ", ".join(names.get(i, i) for i in r.faults)),
        ]
        for r in a.reps
    ]
    head = ["No.", "Side", range_name(exercise), "±", "Start", "Furthest", "End", "Held", "Noticed"]
    return {"head": head, "rows": rows, "empty": f"No {noun(exercise)} was counted."}


def _fault(f: FaultResult, still: Still | None, index: int, sheet: _Sheet) -> dict[str, Any]:
    lines = [f.reason] if f.reason else []
    if f.intervals:
        lines.append(f"When: {', '.join(words.span(*times) for times in f.intervals)}")
    if f.peak is not None:
        read, limit = words.number(f.peak, f.unit), words.number(f.threshold, f.unit)
        lines.append(words.sentence(words.against_limit(read, limit, words.number(f.error, f.unit) if f.error else "")))
    side = f", {words.side_label(f.side).lower()}" if words.side_label(f.side) else ""
    sure = "" if f.status == "flagged" else " (not certain)"
    return {
        "name": f"{f.name}{side}{sure}",
        "cue": f.cue,
        "lines": lines,
        "picture": None if still is None else sheet.add(f"fault-{index}.jpg", _jpeg(still)),
        "alt": "" if still is None else f"{f.name} at {still.caption}",
    }


def _peak(r: Repetition, still: Still, exercise: Exercise, sheet: _Sheet) -> dict[str, str]:
    told = f"{words.side_label(r.side)} {noun(exercise)} {r.index} at {still.caption}"
    return {"picture": sheet.add(f"peak-{r.index}.jpg", _jpeg(still)), "alt": told.strip()}


def _told_pain(a: Assessment) -> list[str]:
    told = (("before", a.pain_before), ("after", a.pain_after))
    return [f"{when}: {pain} of 10" for when, pain in told if pain is not None]


def _provenance(a: Assessment, exercise: Exercise) -> list[list[str]]:
    video = a.video
    return [
        *(["Set for this patient", line] for line in override_lines(a.exercise.overrides, exercise)),
        ["BackCheck", a.app.version if a.app is not None else "not told"],
        ["Movement", f"{exercise.id}, sha256 {a.exercise.sha256 or 'not told'}"],
        ["Pose model", f"{a.model.name}, sha256 {a.model.sha256}"],
        ["Video", f"{words.seconds(video.duration_s)}, {video.width} × {video.height}, {video.frames} pictures"],
        ["Seen", f"in {100 * a.coverage:.0f} % of the pictures"],
        ["±", "about nine of ten true values lie within it; it does not contain good and bad days"],
    ]
