"""The numbers of the recording: each a button to what stands behind it, the machine's own beside a corrected one."""

from __future__ import annotations

import streamlit as st

from checker.assessment import Measure, Repetition
from checker.review.words import behind_words
from checker.service.reviewing import Review, draw_apart
from checker.service.workers import WorkerDiedError
from checker.ui.plain import plain
from checker.video.reader import VideoError
from checker.words.cards import noun
from checker.words.values import plus_minus, quantity, seconds, sentence, side_label
from checker.words.why import why


def show(review: Review) -> None:
    """Show every measure, and how many repetitions count."""
    with st.container(horizontal=True, key="rv-numbers", gap="small"):
        for measure in review.result.assessment.measures:
            _number(review, measure)
    counts = [_counts(review, side) for side in review.exercise.sides]
    st.caption(plain(f"Counted: {', '.join(counts)}"))


def _number(review: Review, measure: Measure) -> None:
    name = f"{measure.name}{f', {side_label(measure.side).lower()}' if side_label(measure.side) else ''}"
    machine = next((m for m in review.stored.measures if (m.id, m.side) == (measure.id, measure.side)), None)
    own = _written(machine) if machine is not None else "not measured"
    with st.container(width="content", gap=None):
        if measure.value is None:
            st.markdown(f"**{plain(name)}**: not measured", help=plain(sentence(measure.reason or "")))
        elif st.button(
            plain(f"{name}: {_written(measure)}"), key=f"rv-why-{measure.id}-{measure.side}", help="Why this number"
        ):
            _why(review, measure, name)
        if own != _written(measure):
            st.caption(plain(f"the machine: {own}"))


def _written(measure: Measure) -> str:
    return "not measured" if measure.value is None else f"{quantity(measure)} {plus_minus(measure)}".strip()


def _counts(review: Review, side: str | None) -> str:
    now, then = (
        sum(side is None or r.side == side for r in result.reps) for result in (review.result.assessment, review.stored)
    )
    label = side_label(side).lower() or f"{noun(review.exercise)}s"
    return f"{label} {now}" + (f" (the machine: {then})" if now != then else "")


@st.dialog("Why this number", width="large")
def _why(review: Review, measure: Measure, name: str) -> None:
    """Show the frames that it was read from, its formula, its ±, and how much was seen."""
    found = why(measure, review.exercise, review.result)
    st.markdown(f"**{plain(name)}: {plain(_written(measure))}**")
    rep = _typical(review, measure)
    pictures, words = st.columns([3, 2], gap="medium")
    if rep is not None:
        with pictures:
            _frames(review, rep)
    with words:
        st.markdown(plain(found.formula))
        if found.uncertainty:
            lines = [f"- {plain(what)}: {plain(much)}" for what, much in found.parts]
            st.markdown("\n".join([plain(found.uncertainty), "", *lines]))
        st.markdown(plain(found.seen))
        for line in behind_words(measure, review.exercise, review.result, review.in_force):
            st.markdown(plain(line))


def _typical(review: Review, measure: Measure) -> Repetition | None:
    """The repetition whose own value lies nearest to the measure's."""
    reps = [r for r in review.result.assessment.reps if measure.side is None or r.side == measure.side]
    value = measure.value or 0.0
    return min(reps, key=lambda r: abs(r.rom.value - value), default=None)


def _frames(review: Review, rep: Repetition) -> None:
    """Show the pictures at rest and at the furthest point, with the lines drawn."""
    times_s = [_rest_s(review, rep), rep.peak_s]
    try:
        pictures = draw_apart(review, times_s)
    except (VideoError, WorkerDiedError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    what = "In the middle of the hold" if review.exercise.repetition is None else "At the furthest point"
    for column, picture, words, time_s in zip(
        st.columns(2), pictures, ("At rest", what), times_s, strict=True
    ):  # fmt: skip
        label = f"{words}, {noun(review.exercise)} {rep.index}, {seconds(time_s)}"
        column.image(picture, caption=label, alt=label, width="stretch")


def _rest_s(review: Review, rep: Repetition) -> float:
    """When the start posture was taken that a repetition is judged from."""
    frame = review.result.at(rep.start_s)
    segment = next((s for s in review.result.segments if s.first <= frame < s.last), None)
    pose = None if segment is None or segment.start is None else segment.start.pose
    return float(pose.t_s[0]) if pose is not None and len(pose) else max(0.0, rep.start_s - 0.1)
