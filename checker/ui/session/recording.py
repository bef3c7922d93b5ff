"""What concerns the whole recording: joints set by hand, own readings, leaving it out, and what is taken away."""

from __future__ import annotations

from typing import Final, get_args

import streamlit as st

from checker.review.by_hand import ByHand
from checker.review.corrections import JointName
from checker.review.judgements import REPETITIONS, to_csv
from checker.review.words import correction_words, joint_words, machine_words
from checker.service import reviewing
from checker.service.reviewing import Review
from checker.store import StoreError
from checker.ui.plain import plain
from checker.ui.session import acting, film, opening, reports
from checker.ui.session.repetitions import UNUSABLE_WORDS
from checker.words.cards import noun
from checker.words.values import scale_of, side_label

NO_JOINT: Final = "None"


def show(review: Review) -> None:
    """Show all of it."""
    st.button(
        "All that I did not correct is right", icon=":material/done_all:", on_click=acting.make, args=(review, "agree")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        why = st.selectbox(
            "Leave the whole recording out", list(UNUSABLE_WORDS), format_func=UNUSABLE_WORDS.__getitem__,
            key="rv-whole-why", width=240,
        )  # fmt: skip
        st.button("Leave it out", key="rv-whole", on_click=acting.make, args=(review, "unusable"), kwargs={"why": why})
    if film.has_video(review):
        _joint()
    _reading(review)
    reports.show(review)
    _take_away(review)


def _joint() -> None:
    st.selectbox(
        "Set a joint by hand: choose it, then click on it in the video",
        [None, *get_args(JointName)],
        format_func=lambda joint: NO_JOINT if joint is None else joint_words(joint).capitalize(),
        key=film.POINTING,
    )


def _reading(review: Review) -> None:
    """Ask for the reviewer's own value of a measure; it stands beside the machine's and changes nothing."""
    choices = readable(review)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Your own reading of", list(choices), key="rv-read-what", width=240)
        unit = choices[chosen][2]
        st.number_input(f"Value, {scale_of(unit)[1].strip() or unit}", value=None, step=1.0, key="rv-read", width=120)
        st.button("Keep it", on_click=_keep_reading, args=(review, *choices[chosen]))


def _keep_reading(review: Review, measure: str, side: str | None, unit: str) -> None:
    value = st.session_state.get("rv-read")
    if value is None:
        st.session_state[acting.TOLD] = "Type the value that you read first."
        return
    acting.make(review, "reading", measure=measure, side=side, unit=unit, value=value / scale_of(unit)[0])


def readable(review: Review) -> dict[str, tuple[str, str | None, str]]:
    """Return what a reviewer can read themselves, by its words: measure, side and unit."""
    out: dict[str, tuple[str, str | None, str]] = {}
    for m in review.stored.measures:
        side = f", {side_label(m.side).lower()}" if side_label(m.side) else ""
        out[f"{m.name}{side}"] = (m.id, m.side, m.unit)
    for of in dict.fromkeys(m.side for m in review.stored.measures):
        words = f", {side_label(of).lower()}" if side_label(of) else ""
        out[f"Number of {noun(review.exercise)}s{words}"] = (REPETITIONS, of, "count")
    return out


def _take_away(review: Review) -> None:
    found = review.judgements()
    with st.container(horizontal=True):
        if found:
            st.download_button(
                "Judgements (CSV)", to_csv(found), f"judgements-{review.clip}.csv", "text/csv",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        if review.is_kept and not review.video_kept and opening.current_job() is not None:
            st.button("Keep the video with this session", on_click=_keep_video, args=(review,))
    if not review.is_kept:
        st.caption("This recording belongs to nobody here: what you correct is gone when the page is closed.")


def _keep_video(review: Review) -> None:
    job, outcome = opening.current_job(), opening.outcome()
    if job is None or outcome is None or not film.plain_video(review):
        return
    try:
        review.keep_video(job.folder / reviewing.plain_name(outcome))
    except StoreError as error:
        st.session_state[acting.TOLD] = str(error)


def made(review: Review) -> None:
    """Show what was corrected, the newest first, each with who and when, and the way to take it back."""
    held = [c for c in review.in_force if not isinstance(c, ByHand)]  # these stand in a list of their own
    if not held:
        st.markdown("Nothing was corrected.")
    for correction in reversed(held):
        with st.container(border=True, gap="small"):
            st.markdown(plain(correction_words(correction, review.exercise)))
            with st.container(horizontal=True, vertical_alignment="center"):
                blind = ", blind" if correction.blind else ""
                st.caption(f"by {plain(correction.who)} on {correction.at:%d %b %Y}{blind}", width="content")
                own = machine_words(correction, review.stored, review.exercise)
                if own:
                    st.caption(plain(f"the machine: {own}"), width="content")
                st.button(
                    "Undo", key=f"rv-undo-{correction.id}", type="tertiary", on_click=acting.make,
                    args=(review, "undo"), kwargs={"of": correction.id},
                )  # fmt: skip
