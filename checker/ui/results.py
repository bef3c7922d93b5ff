"""The results of one clip on the page: what was measured, what was noticed, and when."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from checker.assessment import Assessment, FaultResult
from checker.exercise import Exercise
from checker.judging.frame_rate import why_too_few
from checker.report import REPORTS, Report
from checker.report.stills import worst_moment_s
from checker.service.diary import Diary
from checker.service.files import video_url
from checker.service.jobs import Job
from checker.service.work import Outcome
from checker.ui import swap
from checker.ui.cards import cards_html
from checker.ui.charts import angle_figure
from checker.ui.plain import plain
from checker.ui.player import Mark, player
from checker.ui.repetitions import show_repetitions
from checker.ui.routes import PLOTLY_URL
from checker.words.cards import make_cards, noun
from checker.words.values import (
    LOOK,
    against_limit,
    asked_words,
    counted,
    listed,
    pain_words,
    scale_of,
    seconds,
    sentence,
    side_label,
    size,
    span,
)


def show(job: Job, outcome: Outcome, remedy: Callable[[], None] | None = None, *, diary: Diary | None = None) -> None:
    """Show everything that was found in a clip.

    Args:
        job: whose results they are.
        outcome: what was found.
        remedy: shows what can be done at once, right below the reason why nothing was measured.
        diary: of the person's session that the clip belongs to.
    """
    job_id = job.id
    assessment = outcome.analysis.assessment
    st.caption(_summary(outcome))
    _not_measured(outcome)
    if remedy is not None:
        remedy()
    if assessment.measured:
        st.html(cards_html(make_cards(assessment, outcome.exercise)))
        st.caption(
            "± says how exact the number is: about nine times in ten, the true value lies within it. "
            "This is information to talk over with your physio, not a diagnosis."
        )
    swap.show(job, outcome, diary)
    for warning in assessment.warnings:
        if warning not in _obstacles(assessment):
            st.info(plain(warning), icon=":material/info:")
    if "video" in outcome.files:
        _player(job_id, outcome)
    else:
        _curve(job_id, outcome)
    _pain(assessment)
    _findings(outcome)
    show_repetitions(assessment, outcome.exercise)


def downloads(outcome: Outcome) -> None:
    """Show buttons that save the results through the browser: those for people, and below those for programs."""
    _save_buttons(outcome, [r for r in REPORTS if not r.for_programs])
    st.caption("For other programs:")
    _save_buttons(outcome, [r for r in REPORTS if r.for_programs])


def _save_buttons(outcome: Outcome, reports: Iterable[Report]) -> None:
    with st.container(horizontal=True):
        for report in reports:
            path = outcome.files.get(report.kind)
            if path is not None:
                st.download_button(
                    report.label,
                    data=path.read_bytes if report.is_video else path.read_bytes(),
                    file_name=f"{outcome.exercise.id}-{report.file_name}",
                    mime=report.mime,
                    on_click="ignore",
                    icon=":material/download:",
                )


def marks(assessment: Assessment, exercise: Exercise) -> list[Mark]:
    """Return the moments that the player's buttons stop at, in order of time."""
    found = [Mark(r.start_s, "repetition", f"{noun(exercise).capitalize()} {r.index}") for r in assessment.reps]
    for fault in assessment.flagged:
        found += [Mark(start_s, "finding", fault.name) for start_s, _ in fault.intervals]
    found += [Mark(p.t_s, "pain", "It hurt") for p in assessment.pain]
    return sorted(found, key=lambda m: m.time_s)


def _summary(outcome: Outcome) -> str:
    assessment, exercise = outcome.analysis.assessment, outcome.exercise
    parts = [
        f"{seconds(assessment.video.duration_s)} {'of video' if 'video' in outcome.files else 'before the camera'}",
        f"{counted(len(assessment.reps), noun(exercise))} counted",
    ]
    if assessment.dose is not None:
        parts.insert(1, f"asked: {asked_words(assessment.dose)}")
    if assessment.view.yaw_deg is not None and assessment.view.ok:
        parts.append(f"filmed from the {assessment.view.expected}")
    return " · ".join(parts)


def _not_measured(outcome: Outcome) -> None:
    """Show why nothing was measured and what to do about it, as large as a number would be."""
    assessment = outcome.analysis.assessment
    lines = _obstacles(assessment)
    if not lines:
        return
    text = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    if not assessment.measured and not _came_too_slowly(outcome):
        steps = "".join(f"<li>{html.escape(line)}</li>" for line in outcome.exercise.camera)
        text += f"<p><b>For the next recording:</b></p><ul>{steps}</ul>"
    title = "About this recording" if assessment.measured else "Not measured"
    st.html(f'<div class="bc-callout" role="status"><h2>{title}</h2>{text}</div>')


def _came_too_slowly(outcome: Outcome) -> bool:
    """Return whether too few pictures came: then neither the camera's place nor the clothes are at fault."""
    t_s, partial = outcome.analysis.t_s, outcome.analysis.assessment.partial_reps
    return any(why_too_few(t_s, p.start_s, p.end_s) for p in partial)


def _obstacles(assessment: Assessment) -> list[str]:
    """Return what prevented the whole measurement, each thing once; what one measure lacks is on its card."""
    lines = [] if assessment.measured else [sentence(m.reason) for m in assessment.measures if m.reason]
    if not assessment.view.ok and assessment.view.advice:
        lines.append(assessment.view.advice)
    return [line for i, line in enumerate(lines) if not any(line in other for other in lines[:i])]


def _player(job_id: str, outcome: Outcome) -> None:
    analysis = outcome.analysis
    st.header("The movement, moment by moment", anchor=False)
    counted_on = next(iter(analysis.signals.values()))
    way = outcome.exercise.way(counted_on.id)
    measured = bool(analysis.assessment.measured)
    scale, suffix = scale_of(counted_on.unit)
    player(
        f"{video_url(job_id)}?mirrored={analysis.assessment.video.mirrored}",  # swapped, it is another video
        PLOTLY_URL,
        angle_figure(analysis, outcome.exercise),
        analysis.t_s,
        way * scale * counted_on.values if measured else np.full_like(counted_on.values, np.nan),
        suffix,
        marks(analysis.assessment, outcome.exercise),
        st.session_state.get("seek"),
        key=f"player-{job_id}",
    )


def _curve(job_id: str, outcome: Outcome) -> None:
    """Show the curve alone, after a live session of which no picture was kept."""
    st.header("The movement over time", anchor=False)
    figure = angle_figure(outcome.analysis, outcome.exercise)
    st.plotly_chart(figure, key=f"curve-{job_id}", theme=None, config={"staticPlot": True})


def _pain(assessment: Assessment) -> None:
    if assessment.pain:
        moments = "; ".join(pain_words(mark) for mark in assessment.pain)
        st.markdown(f"**Where it hurt**, as you marked it: {plain(moments)}.")


def _seek(time_s: float) -> None:
    number = st.session_state.get("seek", (0, 0.0))[0]
    st.session_state["seek"] = (number + 1, time_s)


def _findings(outcome: Outcome) -> None:
    assessment = outcome.analysis.assessment
    if not assessment.measured or not assessment.faults:
        return
    st.header("What we noticed", anchor=False)
    if assessment.flagged:
        columns = st.columns(2, gap="medium")
        for index, fault in enumerate(assessment.flagged):
            with columns[index % 2], st.container(border=True):
                _finding(fault, outcome.stills.get(fault.id), "video" in outcome.files)
    if assessment.unsure:
        st.markdown("**Not certain**, so nothing is advised about it:")
        columns = st.columns(2, gap="medium")
        for index, fault in enumerate(assessment.unsure):
            with columns[index % 2], st.container(border=True):
                _maybe(fault, outcome.stills.get(fault.id), "video" in outcome.files)
    clear = [f.name.lower() for f in assessment.faults if f.status == "clear"]
    if clear:
        st.markdown(f"**Looked for and not seen:** {plain(listed(clear))}.")
    unjudged: dict[str, list[str]] = {}
    for fault in assessment.faults:
        if fault.status == "not_measured":
            unjudged.setdefault(fault.reason or "", []).append(fault.name.lower())
    for reason, names in unjudged.items():
        st.markdown(f"**Could not be judged:** {plain(f'{listed(names)}. {sentence(reason)}')}")


def _finding(fault: FaultResult, still: Path | None, seekable: bool) -> None:
    with _beside(fault, still):
        side = f" ({side_label(fault.side).lower()})" if side_label(fault.side) else ""
        st.markdown(f"**{plain(fault.name)}{side}**")
        _moments(fault)
        cue = plain(sentence(fault.cue))
        st.markdown(f"Next time: {cue}" if fault.severity == "fault" else cue)
        _seek_button(fault, seekable)


def _maybe(fault: FaultResult, still: Path | None, seekable: bool) -> None:
    """Show a fault that may have been there: why it is not certain, how near it was, and where to look."""
    with _beside(fault, still):
        st.markdown(f"**{plain(fault.name)}?**")
        st.markdown(plain(sentence(f"{fault.reason}; {LOOK}" if seekable else fault.reason or "")))
        read, limit, error = (size(v, fault.unit) if v is not None else None for v in _compared(fault))
        near = [against_limit(read, limit, error or "")] if read and limit else []
        times = [f"at {listed(span(*interval) for interval in fault.intervals)}"] if fault.intervals else []
        if near or times:
            st.markdown(sentence(", ".join([*near, *times])))
        _seek_button(fault, seekable)


def _compared(fault: FaultResult) -> tuple[float | None, float, float | None]:
    """Return what was read, the limit, and the error where there is one."""
    return fault.peak, fault.threshold, fault.error or None


def _beside(fault: FaultResult, still: Path | None) -> DeltaGenerator:
    """Return room for the words about a fault, beside its picture where there is one."""
    if still is None:
        return st.container()
    picture, text = st.columns([2, 3])
    picture.image(str(still), width="stretch", alt=f"{fault.name} at its largest")
    return text


def _seek_button(fault: FaultResult, seekable: bool) -> None:
    time_s = worst_moment_s(fault)
    if time_s is not None and seekable:
        st.button("Show in the video", key=f"seek-{fault.id}", on_click=_seek, args=(time_s,))


def _moments(fault: FaultResult) -> None:
    largest = size(fault.peak, fault.unit) if fault.peak is not None else None
    if fault.intervals:
        times = listed(span(*interval) for interval in fault.intervals)
        st.markdown(f"Seen at {times}{f', up to {largest}' if largest else ''}.")
    elif largest:
        st.markdown(f"Measured: {largest}.")
