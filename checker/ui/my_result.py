"""My result: today's number and last time's, one sentence, one thing for next time; all else under "More"."""

from __future__ import annotations

import html
from collections.abc import Callable

import streamlit as st

from checker.assessment import Assessment, FaultResult
from checker.care.records import Session
from checker.care.remembered import followed_over_time, remembered
from checker.exercise import Exercise
from checker.picture.gauge import gauge
from checker.service.diary import Diary
from checker.service.jobs import Job
from checker.service.weeks import Weeks
from checker.service.work import Outcome
from checker.store import StoreError
from checker.ui import ending, places
from checker.ui.plain import plain
from checker.ui.shelf import as_image
from checker.ui.tryout import let_go_of_live
from checker.words.rules import target_words
from checker.words.values import scale_of, sentence, size

FIRST = "This is your first value. From the next one on you can compare."
OTHERWISE = "This was as far as is comfortable. Your curve is of tests to the first pain, so it is not compared."


def show(
    weeks: Weeks, diary: Diary, job: Job, outcome: Outcome, after: int | None, key: str, more: Callable[[], None]
) -> None:
    """Show a session of a person.

    Args:
        weeks: the person's.
        diary: what the session is written in.
        job: whose result it is.
        outcome: what was measured.
        after: pain after it; None until it is told.
        key: of the widgets.
        more: shows all else.
    """
    exercise, assessment = outcome.exercise, outcome.analysis.assessment
    if assessment.measured:
        _numbers(weeks, diary.session, exercise, assessment)
        _next_time(outcome)
    else:
        _not_measured(outcome)
    ending.tell(job, outcome, diary, after, key)
    ending.show(diary, after, key)
    with st.expander("More"):
        more()
    _delete(weeks, diary, key)


def _numbers(weeks: Weeks, session: Session, exercise: Exercise, assessment: Assessment) -> None:
    last = weeks.last_session(exercise.id, to_first_pain=session.to_first_pain, before=session)
    found = {side: _now_and_before(session, last, exercise, side) for side in exercise.sides}
    most = max((value for pair in found.values() for value in pair if value is not None), default=0.0)
    arcs = []
    for side in exercise.sides:
        today = remembered(session, exercise, side)
        if today is None:
            reason = next((why for of, why in _reasons(assessment) if of == side), "not measured")
            arcs.append(
                f'<div><div class="bc-none">{html.escape((side or "").capitalize())} not measured</div>'
                f'<p class="bc-reason">{html.escape(sentence(reason))}</p></div>'
            )
            continue
        now, before = found[side]
        text = f"{'> ' if today.censored == 'above' else ''}{size(today.value, today.unit) or ''}"
        arc = gauge(now or 0.0, (side or "").capitalize(), text, before, beside=most)
        arcs.append(f"<div>{as_image(arc)}</div>")
    st.html(f'<div class="bc-arcs">{"".join(arcs)}</div>')
    if exercise.main_measure.target is not None:
        st.markdown(f"Your target: {plain(target_words(exercise.main_measure))}.")
    st.html(f'<p class="bc-lead bc-sentence">{html.escape(one_sentence(weeks, session, exercise))}</p>')


def _now_and_before(
    session: Session, last: Session | None, exercise: Exercise, side: str | None
) -> tuple[float | None, float | None]:
    """The values of a session and of the one before it, as they are drawn; None where there is none."""
    today, before = (None if s is None else remembered(s, exercise, side) for s in (session, last))
    if today is None:
        return None, None
    scale, _ = scale_of(today.unit)
    same = before is not None and before.unit == today.unit
    return scale * today.value, scale * before.value if before is not None and same else None


def _reasons(assessment: Assessment) -> list[tuple[str | None, str]]:
    """Why something was not measured, with its side: first of the range before pain, where it was a test of that."""
    told: list[tuple[str | None, str | None]] = [(r.side, r.reason) for r in assessment.ranges]
    told += [(m.side, m.reason) for m in assessment.measures]
    return [(side, reason) for side, reason in told if reason]


def one_sentence(weeks: Weeks, session: Session, exercise: Exercise) -> str:
    """Whether it is a change, by the rule of change; of several sides, one that has changed is told first."""
    if exercise.id not in weeks.exercises:  # its file is gone since
        return FIRST
    if followed_over_time(weeks.history, exercise.id) == "first" and not session.to_first_pain:
        return OTHERWISE
    sides = weeks.progress(exercise.id).sides
    found = [side.change for side in sides if sum(p.value is not None for p in side.series.points) > 1]
    news = [change for change in found if change.news]
    return (news or found)[0].sentence if found else FIRST


def _next_time(outcome: Outcome) -> None:
    """Show one thing to do better, the first fault of form that was seen, with a picture of it where there is one."""
    fault = next((f for f in outcome.analysis.assessment.flagged if f.severity == "fault"), None)
    if fault is None:
        return
    still = outcome.stills.get(fault.id)
    with st.container(border=True, key="next-time"):
        if still is None:
            _cue(fault)
            return
        picture, words = st.columns([2, 3], vertical_alignment="center")
        picture.image(str(still), width="stretch", alt=f"{fault.name} at its largest")
        with words:
            _cue(fault)


def _cue(fault: FaultResult) -> None:
    st.markdown(f"**Next time:** {plain(sentence(fault.cue))}")


def _not_measured(outcome: Outcome) -> None:
    """Show one reason, and the way to try again."""
    assessment = outcome.analysis.assessment
    reason = next((why for _, why in _reasons(assessment)), None) or assessment.view.advice or "nobody was seen"
    st.html(
        f'<div class="bc-callout" role="status"><h2>Not measured</h2><p>{html.escape(sentence(reason))}</p>'
        "<p>What you did counts all the same.</p></div>"
    )
    if st.button("Try again", type="primary", icon=":material/replay:"):
        st.session_state.update(live_job=None, live=None, begin_now=outcome.exercise.id)
        st.switch_page(places.page("camera"), query_params={"movement": outcome.exercise.id})


def _delete(weeks: Weeks, diary: Diary, key: str) -> None:
    with st.popover("Delete", type="tertiary"):
        st.markdown("This session with its result is deleted for good.")
        if st.button("Delete it", key=f"delete-{key}"):
            try:
                weeks.delete_session(diary.session.id)
            except StoreError as error:
                st.error(plain(str(error)), icon=":material/error:")
                return
            let_go_of_live()
            st.session_state.update(live_diary=None)
            st.switch_page(places.page("today"))
