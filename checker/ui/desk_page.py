"""The page "Desk", for who looks after several people: who needs a look first, and why.

It is no patient's page: no navigation leads to it, only a link on "Upload and review", where somebody reviews.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

import streamlit as st

from checker.care.worklist_case import Reason, day_words
from checker.care.worklist_curves import CURVE_DAYS, Curve
from checker.care.worklist_rules import TIER_NAMES, Tier
from checker.picture.sparkline import sparkline
from checker.safety import PHASES
from checker.service import desk
from checker.service.remembering import DeskLine
from checker.service.weeks import today_here
from checker.store import StoreError
from checker.ui import dots, people, places
from checker.ui.plain import plain
from checker.ui.shelf import as_image
from checker.words.values import COARSE_DEG, counted, number

ROUTINE: Final[tuple[Tier, ...]] = (4, 5)
"""Tiers that are folded."""

LAST_TOLD: Final[Tier] = 3
"""Of who needs a look nothing routine is told."""

AT_ONCE: Final = 25
"""So many lines are shown; the others are one click away."""

MOST_PAIN: Final = 10.0
NOTE_LETTERS: Final = 500
OPENED, MARKED, MORE = "desk-opened", "desk-marked", "desk-more"


def page() -> None:
    """Show everybody, who needs a look first."""
    opened: places.Place | None = st.session_state.pop(OPENED, None)
    if opened is not None:
        st.switch_page(places.page(opened))
    with st.container(key="desk"):
        st.title("Desk", anchor=False)
        try:
            lines = desk.lines()
            _marked(lines)
        except StoreError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        _list(lines)


def _list(lines: Sequence[DeskLine]) -> None:
    waiting = [line for line in lines if line.attention.tier not in ROUTINE]
    others = [line for line in lines if line.attention.tier in ROUTINE]
    if not lines:
        st.markdown("Nobody is on this computer yet. A name is added on the page Today.")
        return
    st.html(f'<p class="bc-lead">{html.escape(_lead(len(waiting), len(lines)))}</p>')
    shown = waiting if st.session_state.get(MORE) else waiting[:AT_ONCE]
    _tiers(shown)
    if len(shown) < len(waiting):
        st.button(f"Show the other {len(waiting) - len(shown)}", on_click=lambda: st.session_state.update({MORE: True}))
    if others and st.toggle(f"Show the {len(others)} with routine or nothing new", key="desk-others"):
        _tiers(others)


def _lead(waiting: int, everybody: int) -> str:
    if not waiting:
        return f"Nobody of {everybody} needs a look now."
    return (
        f"{waiting} of {everybody} {'needs' if waiting == 1 else 'need'} a look. What has waited longest comes first."
    )


def _tiers(lines: Sequence[DeskLine]) -> None:
    today = today_here()
    for tier, group in groupby(lines, key=lambda line: line.attention.tier):
        own = list(group)
        st.header(f"{TIER_NAMES[tier]} ({len(own)})", anchor=False)
        for line in own:
            _line(line, today)


# --- a line ---------------------------------------------------------------------------------------


def _line(line: DeskLine, today: date) -> None:
    person, reasons = line.person, line.attention.reasons
    with st.container(key=f"desk-line-{person.id.hex}"):
        st.html(line_html(line, today))
        with st.container(key=f"desk-buttons-{person.id.hex}"):
            name, key = plain(person.name), person.id.hex
            st.button(f"Open {name}", key=f"desk-open-{key}", on_click=_open, args=(line,), type="primary")
            st.button(f"Set for {name}", key=f"desk-set-{key}", on_click=_open, args=(line, "patient"))
            if reasons:
                st.button(f"Seen {name}", key=f"desk-seen-{key}", on_click=_seen, args=(line,))


def line_html(line: DeskLine, today: date) -> str:
    """Return a line: the name, the phase, why, the curves, and when somebody looked."""
    reasons = [
        r for r in line.attention.reasons or line.attention.seen if r.tier <= max(line.attention.tier, LAST_TOLD)
    ]
    listed = "".join(f"<li>{_reason_html(reason, today)}</li>" for reason in reasons)
    seen = "" if line.attention.reasons or not reasons else '<p class="bc-note">Seen, and no more since:</p>'
    mark = line.attention.note
    note = "" if mark is None else html.escape(f"Note of {day_words(mark.day)}: {mark.reason}")
    noted = f'<p class="bc-note">{note}</p>' if note else ""
    curves = "".join(f"<div>{as_image(svg)}<p>{words}</p></div>" for svg, words in _curves(line, today))
    return (
        f'<section class="bc-desk-line"><div><h3>{html.escape(line.person.name)}</h3>'
        f'<p class="bc-note">{html.escape(" · ".join(_about(line, today)))}</p>{noted}{seen}<ul>{listed}</ul>'
        f"{dots.row(line.days, today)}</div>"
        f'<div class="bc-desk-curves">{curves}</div></section>'
    )


def _reason_html(reason: Reason, today: date) -> str:
    waited = (today - reason.since).days
    since = "since today" if waited <= 0 else f"for {counted(waited, 'day')}"
    return f"{html.escape(reason.words)} <small>({since}, {html.escape(reason.rule)})</small>"


def _about(line: DeskLine, today: date) -> Iterator[str]:
    phase = line.attention.phase
    yield f"Phase {phase}: {PHASES[phase]}" if phase is not None else "The programme has not begun"
    yield "no session yet" if line.last_session is None else f"last session {_ago(line.last_session, today)}"
    seen = line.attention.last_seen
    yield "nobody has looked yet" if seen is None else f"seen {_ago(seen, today)}"


def _ago(day: date, today: date) -> str:
    days = (today - day).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def _curves(line: DeskLine, today: date) -> Iterator[tuple[str, str]]:
    """Each small picture as SVG, with its words."""
    first = today - timedelta(days=CURVE_DAYS - 1)
    if line.pain.points:
        day, pain = line.pain.points[-1]
        newest = f"{pain:g} of 10, told last on {day_words(day)}"
        label = f"Pain at rest over {CURVE_DAYS} days: {newest}"
        yield sparkline([line.pain.points], first, today, MOST_PAIN, label), f"Pain at rest {newest}"
    ranges = [curve for curve in line.ranges if curve.points]
    if ranges:
        highest = max(value for curve in ranges for _, value in curve.points)
        values = [f"{curve.name}: {_value(curve)}" for curve in ranges]
        label = f"{'. '.join(values)}, the newest of {CURVE_DAYS} days"
        words = "<br>".join(html.escape(text) for text in values)
        yield sparkline([c.points for c in line.ranges], first, today, highest, label), words


def _value(curve: Curve) -> str:
    return number(curve.points[-1][1], curve.unit, COARSE_DEG)


# --- what is pressed ------------------------------------------------------------------------------


def _open(line: DeskLine, place: places.Place = "progress") -> None:
    people.choose_from_desk(line.person)
    st.session_state[OPENED] = place


def _seen(line: DeskLine, note: str = "") -> None:
    try:
        mark = desk.mark_seen(line.person.id, (*line.attention.reasons, *line.attention.seen), note)
    except StoreError as error:
        st.session_state[MARKED] = (line.person.id, None, str(error))
        return
    st.session_state[MARKED] = (line.person.id, mark, "")


def _marked(lines: Sequence[DeskLine]) -> None:
    """Say who was marked, with the way back and room for a note."""
    person_id, mark, problem = st.session_state.get(MARKED, (None, None, ""))
    line = next((one for one in lines if one.person.id == person_id), None)
    if problem:
        st.error(plain(problem), icon=":material/error:")
    if line is None or mark is None:
        return
    with st.container(key="desk-marked", border=True):
        st.markdown(f"**{plain(line.person.name)}** is marked as seen, and comes back when something changes.")
        with st.form("desk-note", border=False):
            note = st.text_input("A note (optional)", max_chars=NOTE_LETTERS)
            with st.container(horizontal=True):
                keep = st.form_submit_button("Keep the note")
                back = st.form_submit_button("Take it back")
    if keep and note.strip():
        desk.mark_seen(line.person.id, line.attention.seen, note.strip())
        st.session_state[MARKED] = (None, None, "")
        st.rerun()
    if back:
        _take_back(line.person.id, mark)


def _take_back(person_id: UUID, mark: UUID) -> None:
    desk.take_back(person_id, mark)
    st.session_state[MARKED] = (None, None, "")
    st.rerun()
