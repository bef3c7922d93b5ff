"""The page "My progress": one test at a time over the weeks, pain, activities, and the days."""

from __future__ import annotations

import functools
import html
from collections.abc import Iterator
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from checker.care.adherence import days_done
from checker.care.change_rules import load_change_rules
from checker.care.progress import Progress
from checker.care.series import Series
from checker.care.told import activities_change, activity_changes, pain_change
from checker.safety import PHASES
from checker.service import remembering
from checker.service.remembering import Known
from checker.service.weeks import Weeks
from checker.ui import ahead, dots, people, places, steady
from checker.ui.clinic import here
from checker.ui.plain import plain
from checker.ui.progress_chart import phase_spans, progress_figure, progress_table
from checker.ui.top import screen
from checker.words.values import counted, listed

WEEKS: Final = 4
"""How many weeks of days are shown."""

MOST_CORRECTED: Final = 5
"""So many corrected sessions are named, the newest."""

CHART: Final = {"displayModeBar": False, "responsive": True}


def page() -> None:
    """Show how it has gone."""
    weeks = people.somebody("To see how it goes, BackCheck keeps what you do under a name.")
    if weeks is None:
        return
    with screen("progress"):
        people.show_name(weeks.person.name)
        st.title("My progress", anchor=False)
        measured = [name for name in weeks.measured if name in weeks.exercises]
        if measured:
            _tests(weeks, measured)
        else:
            _nothing_yet()
        _corrected(weeks)
        _told(weeks)
        _days(weeks)
        steady.show(weeks)


def prepare(weeks: Weeks) -> None:
    """Have the first chart ready, at the end of a page that is read before."""
    measured = weeks.measured
    if measured:
        ahead.fetch_charts()
        _figure(weeks.known, measured[0], is_dark=st.context.theme.type == "dark")


def _nothing_yet() -> None:
    st.html(
        '<div class="bc-calm"><h2>Your first curve begins with your first test</h2>'
        "<p>Today leads you through it: a few slow movements before the camera, as far as nothing hurts. "
        "After two tests on different days this page can begin to compare.</p></div>"
    )
    st.page_link(places.page("today"), label="To today's plan", icon=":material/arrow_forward:")


# --- a test ---------------------------------------------------------------------------------------


def _tests(weeks: Weeks, measured: list[str]) -> None:
    """Show the test that is asked for; the others are one click away."""
    names = {name: weeks.exercises[name].name for name in measured}
    chosen = st.selectbox("Which test?", measured, format_func=names.__getitem__, key="test")
    found = weeks.progress(chosen or measured[0])
    st.header(plain(found.exercise.name), anchor=False)
    st.html(f'<div class="bc-told">{"".join(f"<p>{html.escape(line)}</p>" for line in _sentences(found))}</div>')
    is_dark = st.context.theme.type == "dark"
    figure = _figure(weeks.known, found.exercise.id, is_dark=is_dark)
    st.plotly_chart(figure, theme=None, config=CHART, key=f"chart-{found.exercise.id}", alt=_alt(found))
    spans = phase_spans(found.sides[0].series)
    if spans:
        st.caption("Phases: " + listed(dict.fromkeys(f"{s.phase} {PHASES[s.phase]}" for s in spans)))
    for line in _beside(found):
        st.markdown(f":material/info: {plain(line)}")
    places.link("compare", found.exercise.id, "Compare two sessions of it", ":material/compare_arrows:")
    with st.expander("The same as a table"):
        st.html(_table(progress_table(*_series(found)), found.exercise.name))


@functools.lru_cache(maxsize=32)
def _figure(known: Known, exercise_id: str, *, is_dark: bool) -> go.Figure:
    """The chart, drawn once for a history."""
    found = remembering.progress(known, exercise_id)
    left, right = _series(found)
    evidence = found.sides[0].evidence
    rules = load_change_rules()
    return progress_figure(left, right, rules, evidence=evidence, targets=found.targets, dark=is_dark)


def _series(found: Progress) -> tuple[Series, Series | None]:
    series = [side.series for side in found.sides]
    return series[0], series[1] if len(series) > 1 else None


def _sentences(found: Progress) -> Iterator[str]:
    """Whether it is a change: one sentence a side; once where both sides say the same."""
    told = {side.change.sentence: side.name for side in found.sides}
    for sentence, side in told.items():
        names_itself = side.lower() in sentence.lower()
        yield sentence if len(told) == 1 or names_itself else f"{side}: {sentence[:1].lower()}{sentence[1:]}"


def _beside(found: Progress) -> Iterator[str]:
    """Left against right, and how the test was begun."""
    if found.against is not None:
        yield found.against.sentence
    yield from dict.fromkeys(side.lean.sentence for side in found.sides if side.lean is not None)


def _alt(found: Progress) -> str:
    """Say what the picture is, for who cannot see it."""
    count = max(len([p for p in side.series.points if p.value is not None]) for side in found.sides)
    return f"{found.exercise.name} over {counted(count, 'session')}. The table below has the same values."


def _table(rows: list[dict[str, str]], name: str) -> str:
    """The values as a table that a narrow page scrolls sideways, by the keyboard too."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(row.get(column, chr(8211)))}</td>' for column in columns)}</tr>"
        for row in rows
    )
    label = html.escape(f"{name}: every session")
    return (
        f'<div class="bc-scroll" tabindex="0" role="region" aria-label="{label}"><table class="bc-values">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _corrected(weeks: Weeks) -> None:
    """Show which sessions have values that a reviewer corrected, and the way to look at each session."""
    found = [s for s in weeks.history.sessions if s.corrected_at is not None]
    for session in found[-MOST_CORRECTED:]:
        name = weeks.exercises[session.exercise].name if session.exercise in weeks.exercises else session.exercise
        who = f"by {session.corrected_by} on {session.corrected_at:%d %b %Y}"
        st.markdown(f":material/edit: {plain(f'{name} of {session.day:%d %b %Y}: corrected {who}.')}")
    if here.may_review() and any(s.assessment_id is not None for s in weeks.history.sessions):
        st.page_link(places.page("session"), label="Look at a session, or correct it", icon=":material/edit_note:")


# --- what was told, and the days ------------------------------------------------------------------


def _told(weeks: Weeks) -> None:
    """Show pain and the activities, each in its sentence."""
    rules = load_change_rules()
    pain = pain_change(weeks.history, weeks.today, rules)
    mean = activities_change(weeks.history, rules)
    st.header("Pain and activities", anchor=False)
    lines = [pain.sentence if pain else f"Your pain is compared after {rules.told.pain_days.value} days of telling it."]
    lines += [mean.sentence] if mean else ["Your activities are compared from the second weekly look on."]
    lines += [told.sentence for told in activity_changes(weeks.history, rules).values()]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _days(weeks: Weeks) -> None:
    """Show which days had what: one without a plan is no gap."""
    days = days_done(weeks.history, weeks.today, 7 * WEEKS, weeks.rules)
    st.header("Your days", anchor=False)
    st.html(f'<p class="bc-days-words">{html.escape(dots.days_words(days))}</p>{dots.calendar(days, weeks.today)}')
