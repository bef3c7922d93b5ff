"""The page "Compare": pictures, lines and curves of two sessions moved together, and what is told of their difference.

Everybody compares their own sessions; in a clinic a physio those of the patient who was chosen. Nothing is written.
"""

from __future__ import annotations

import html
from typing import Final

import streamlit as st

from checker.care.change_rules import load_change_rules
from checker.care.records import Session
from checker.care.two_sessions import Difference
from checker.comparing.axis import Way
from checker.comparing.stage import set_stage, ways
from checker.comparing.take import Take, shown_signals, typical
from checker.comparing.words import WAYS, WAYS_OF_HOLD
from checker.exercise import Exercise
from checker.service import files
from checker.service.comparing import OTHER_RULES, Beside
from checker.service.reviewing import Review, ReviewError
from checker.service.weeks import Weeks, store
from checker.store import StoreError
from checker.ui import people, places
from checker.ui.clinic import here
from checker.ui.comparing import choosing, stage
from checker.ui.owners import owner
from checker.ui.plain import plain
from checker.words.cards import noun
from checker.words.values import held, plus_minus, quantity, side_label

OPEN: Final = "cmp-open"
"""In the session: the two that are open, and by what they are known."""

NOTHING: Final = (
    "Nothing can be compared yet: it takes two sessions of one movement, or one with a left and a right side."
)
NO_REPETITION: Final = "In one of the two no repetition to this side counts, so there is nothing to lay together."


def page() -> None:
    """Show two sessions beside one another."""
    weeks = people.somebody("To compare, BackCheck needs sessions that are kept under a name.")
    if weeks is None:
        return
    with st.container(key="compare"):
        try:
            with st.container(horizontal=True, vertical_alignment="center", key="cmp-head"):
                st.title("Compare", anchor=False, width="content")
                two = choosing.choose(weeks, places.asked_for())
                if two is not None:
                    _way_to_review(str(two[1].id))
            beside = None if two is None else _opened(weeks, two)
        except (ReviewError, StoreError) as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        if beside is None:
            st.markdown(NOTHING)
            return
        _show(weeks, beside)


def _way_to_review(session_id: str) -> None:
    if here.may_review():
        label, icon = "Review and correct it", ":material/edit_note:"
        query = {"session": session_id}
        st.page_link(places.page("session"), label=label, icon=icon, query_params=query, width="content")


def _opened(weeks: Weeks, two: choosing.Two) -> Beside:
    """The two, as they are kept now: judged once, as long as they are looked at.

    Raises:
        ReviewError: the rules of today cannot judge one of them any more.
        StoreError: one of them cannot be read.
    """
    exercise = weeks.exercises[two[1].exercise]
    known = (*((s.id, s.assessment_id) for s in two), exercise.sha256)
    kept: tuple[object, Beside] | None = st.session_state.get(OPEN)
    if kept is not None and kept[0] == known:
        kept[1].refresh()
        return kept[1]
    with st.spinner("Opening both"):
        beside = Beside(store(), exercise, two, weeks.exercise_of)
    st.session_state[OPEN] = (known, beside)
    return beside


def _show(weeks: Weeks, beside: Beside) -> None:
    for review in beside.reviews:
        if review is not None:  # what the machine found is shown: a blind look is over
            st.session_state.setdefault(people.SEEN, set()).add(review.clip)
    exercise = beside.exercise
    with st.container(horizontal=True, vertical_alignment="center", key="cmp-choices"):
        side = _side(exercise, beside)
        pair = _repetitions(beside, side)
        way, signal = (None, "") if pair is None else (_way(exercise, *pair), _signal(exercise, *pair))
    found = beside.differences(weeks.history)
    _told(found, side, signal, beside)
    if pair is None:
        for problem in beside.problems or [NO_REPETITION]:
            st.info(plain(problem), icon=":material/info:")
    elif way is not None:
        _stage(weeks, beside, pair, way, signal)
    _every_value(found)


# --- what is chosen -------------------------------------------------------------------------------


def _side(exercise: Exercise, beside: Beside) -> str | None:
    """Which side of both; nothing is asked where its sides are compared, or where there are none."""
    sides = [s for s in exercise.sides if s is not None]
    if not sides or beside.is_one:
        return None
    ordered = sorted(sides, key=lambda s: s == "right")
    return st.radio(
        "Side",
        ordered,
        format_func=side_label,
        horizontal=True,
        key=f"cmp-side-{exercise.id}",
        label_visibility="collapsed",
    )


def _repetitions(beside: Beside, side: str | None) -> tuple[Take, Take] | None:
    """Ask which repetition of each; None where there is none of one."""
    then, now = beside.takes(side)
    usual = typical(then), typical(now)
    if usual[0] is None or usual[1] is None:
        return None
    one = _repetition("first", then, usual[0], beside, side)
    return one, _repetition("second", now, usual[1], beside, side)


def _repetition(which: str, takes: list[Take], usual: Take, beside: Beside, side: str | None) -> Take:
    by_label = {_take_label(take): take for take in takes}
    labels = list(by_label)
    key = f"cmp-rep-{which}-{beside.then.id}-{beside.now.id}-{side}"
    if st.session_state.get(key) not in labels:  # it was corrected meanwhile
        st.session_state.pop(key, None)
    chosen = st.selectbox(
        f"{noun(beside.exercise).capitalize()} of the {which}", labels, index=labels.index(_take_label(usual)),
        label_visibility="collapsed", width=220, key=key,
    )  # fmt: skip
    return by_label[chosen]


def _take_label(take: Take) -> str:
    rep = take.rep
    value = held(rep.hold_s, rep.hold_target_s) if rep.rom.unit == "s" else f"{quantity(rep.rom)} {plus_minus(rep.rom)}"
    return f"{noun(take.exercise).capitalize()} {rep.index}: {value}"


def _way(exercise: Exercise, then: Take, now: Take) -> Way | None:
    """Ask by what they are laid together; None where no way is open, which is said."""
    found = ways(then, now)
    open_ = [way for way, why in found.items() if not why]
    for why in (why for why in found.values() if why):
        st.caption(plain(why), width="content")
    if not open_:
        return None
    names = WAYS if exercise.hold is None else WAYS_OF_HOLD
    return st.selectbox(
        "Laid together", open_, format_func=names.__getitem__, label_visibility="collapsed", width=310,
        key=f"cmp-way-{len(open_)}-{open_[0]}",
    )  # fmt: skip


def _signal(exercise: Exercise, then: Take, now: Take) -> str:
    """Ask whose curves are shown, where there are several."""
    both = [s for s in shown_signals(exercise, now.analysis) if s in then.analysis.signals]
    if len(both) < 2:
        return both[0]
    names = {name: now.analysis.signals[name].name for name in both}
    return st.selectbox(
        "Curve", both, format_func=names.__getitem__, label_visibility="collapsed", width=240,
        key=f"cmp-signal-{exercise.id}",
    )  # fmt: skip


# --- what is told -----------------------------------------------------------------------------------


def _told(found: list[Difference], side: str | None, signal: str, beside: Beside) -> None:
    """Show what is told of the value that the curve shows, or else of the main one."""
    own = [d for d in found if d.side in {None, side}]
    of_curve = next((d for d in own if d.signal == signal), next(iter(own), None))
    if of_curve is not None:
        st.html(f'<p class="bc-compared" data-verdict="{of_curve.verdict}">{html.escape(of_curve.sentence)}</p>')
    if not beside.is_as_then:
        st.caption(OTHER_RULES)


def _every_value(found: list[Difference]) -> None:
    """Show what is told of every value, where there are several."""
    if len(found) > 1:
        with st.expander("Every value of both"):
            st.markdown("\n".join(f"- {plain(difference.sentence)}" for difference in found))


def _stage(weeks: Weeks, beside: Beside, pair: tuple[Take, Take], way: Way, signal: str) -> None:
    found = set_stage(*pair, way, signal, load_change_rules())
    two = ":".join(map(str, (beside.then.id, beside.now.id, pair[0].index, pair[1].index, way, signal)))
    stage.show(found, _names(weeks, beside, pair), _videos(beside), two=two)


def _videos(beside: Beside) -> tuple[str | None, str | None]:
    """Where the browser finds the videos, where they were kept."""
    kept = {r.token: r.film.path for r in beside.reviews if r is not None and r.film is not None}
    offered = files.offer_all(kept, owner())
    then, now = (None if review is None else offered.get(review.token) for review in beside.reviews)
    return then, now


def _names(weeks: Weeks, beside: Beside, pair: tuple[Take, Take]) -> stage.Names:
    sessions = beside.newest(weeks.history)
    notes = [_note(session, review) for session, review in zip(sessions, beside.reviews, strict=True)]
    if beside.is_one:
        labels = [side_label(take.rep.side) for take in pair]
        panes = (f"{labels[0]}, {choosing.when(sessions[1])}", f"{labels[1]}, {choosing.when(sessions[1])}")
        ghost = (f"Ghost of the {labels[0].lower()}, mirrored", f"Dashed: {labels[0].lower()}, mirrored")
        return stage.Names(panes, (labels[0], labels[1]), (notes[0], notes[1]), ghost)
    dates = tuple(choosing.when(s) for s in sessions)
    short = [f"{s.day.day} {s.day:%b}" for s in sessions]
    if short[0] == short[1]:
        short = [date.split(", ")[-1] for date in dates]
    ghost = (f"Ghost of {short[0]}", f"Dashed: {short[0]}")
    return stage.Names((dates[0], dates[1]), (short[0], short[1]), (notes[0], notes[1]), ghost)


def _note(session: Session, review: Review | None) -> str:
    """What is to be known of one: who corrected it, and that there is no video."""
    corrected = f"Corrected by {session.corrected_by}. " if session.corrected_by else ""
    has_video = review is not None and review.film is not None
    return f"{corrected}{'' if has_video else 'No video was kept: the drawing.'}".strip()
