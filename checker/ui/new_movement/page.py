"""The page "New movement", of a physio: a movement is written down, drawn, tried, and saved among the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st

from checker.exercise import Kind, Picture
from checker.library import ExerciseError
from checker.picture import picture
from checker.service import new_movement
from checker.service.new_movement import Draft
from checker.ui import places
from checker.ui.clinic import here
from checker.ui.new_movement import fields as of_fields
from checker.ui.new_movement import form, trying
from checker.ui.new_movement.fields import ASKED, Fields
from checker.ui.plain import plain
from checker.ui.shelf import as_image
from checker.ui.top import screen
from checker.words.values import counted

CHECK: Final = "new-check"
"""In the session: whether the figure's try is shown."""

SAVED: Final = "movement-saved"
"""In the session: the id of a movement that was saved just now."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What there is to draw of a movement that is not finished."""

    name: str
    kind: Kind
    view: Literal["front", "side"]
    picture: Picture


def page() -> None:
    """Show the form, and beside it the drawing and what can be done with it."""
    if not here.may_review():
        return
    with screen("new"):
        st.page_link(places.page("movements"), label="All movements", icon=":material/arrow_back:")
        st.title("New movement", anchor=False)
        st.caption("Nothing is written before you save it. What you have typed stays while you look at other pages.")
        form.prepare()
        values = of_fields.told()
        draft = new_movement.look(values)
        fields = Fields(draft.problems)
        left, right = st.columns([3, 2], gap="large")
        with left:
            form.show(fields, values, draft)
        with right, st.container(key="new-side"):
            _figure(draft)
        st.header("Try it on a video", anchor=False)
        trying.ask_video(draft)
        trying.show_result(draft)
        st.header("Save it", anchor=False)
        _save(draft, fields)


def _figure(draft: Draft) -> None:
    """Show the drawing, and the try of the movement on its figure."""
    st.header("How it looks", anchor=False)
    if draft.picture is None:
        st.info("The figure cannot stand like this.", icon=":material/person:")
    else:
        a = draft.answers
        drawn = _Drawn(a["name"] or "A new movement", a["kind"], a.get("view", "side"), draft.picture)
        st.html(as_image(picture(drawn)))
    if st.button("Try it on the figure", key="check-it", icon=":material/accessibility_new:"):
        st.session_state.update({ASKED: True, CHECK: True})
        st.rerun()
    if st.session_state.get(CHECK):
        trying.check(draft)


def _save(draft: Draft, fields: Fields) -> None:
    taken = new_movement.taken_by(draft.id) if draft.id else ""
    fields.text(
        "id", "Its id, which is also the name of its file", ("id",), placeholder=draft.id,
        help="Small letters, digits and _. Left empty, it is made from the name.",
    )  # fmt: skip
    replaces = False
    if taken:
        whose = "of your own" if taken == "yours" else "shipped with BackCheck"
        st.warning(plain(f"There is a movement {draft.id} already, {whose}."), icon=":material/content_copy:")
        if here.is_clinic():
            st.markdown("In a clinic it stays as it is for everybody: choose another id.")
        else:
            replaces = st.checkbox("Yes, mine takes its place", key=f"new-replaces-{draft.id}")
    asked = bool(st.session_state.get(ASKED))
    for text in fields.unplaced if asked else []:
        st.error(plain(text), icon=":material/error:")
    if asked and draft.problems:
        many = counted(len(draft.problems), "thing")
        st.info(f"{many} to look at: a line below each field says what it needs.", icon=":material/edit:")
    if st.button("Save it among my movements", type="primary", icon=":material/save:"):
        st.session_state[ASKED] = True
        if draft.exercise is None:
            st.rerun()
        _write(draft, replaces=replaces and not here.is_clinic())
    st.button("Begin anew", type="tertiary", on_click=_begin_anew)


def _begin_anew() -> None:
    trying.discard()
    of_fields.forget()


def _write(draft: Draft, *, replaces: bool) -> None:
    try:
        here.note("changed", f"a new movement for everybody: {draft.id}", None)
        new_movement.save(draft, replaces=replaces)
    except ExerciseError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _begin_anew()
    st.session_state[SAVED] = draft.id
    st.switch_page(places.page("movement"), query_params={"movement": draft.id})
