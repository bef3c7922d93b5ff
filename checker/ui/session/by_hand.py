"""What was measured by hand in the pictures: how the player measures, and the list beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import streamlit as st
from pydantic import ValidationError

from checker.hand_measure import HandMeasure
from checker.review.by_hand import JOINTS, NARROWEST_PX, SEGMENTS, WIDEST_PX
from checker.review.hand_results import hand_results
from checker.review.made import CorrectionError
from checker.review.plane import CLICK_PX, SHORTEST_PX
from checker.service import by_hand
from checker.service.reviewing import Review
from checker.ui.plain import plain
from checker.ui.player import Drawn, Measuring
from checker.ui.session import acting
from checker.words.by_hand import also, body_words, click_words, hand_value, hand_when

LIST_PX: Final = 300
NO_PICTURE: Final = "No video was kept of this session, so there is no picture to measure on."


def measuring(review: Review) -> Measuring:
    """Return what the player needs to measure by hand, and to draw what was measured."""
    known, track = by_hand.known_line(review.in_force), review.ground.track
    return Measuring(
        width=track.width,
        height=track.height,
        click_px=CLICK_PX,
        shortest_px=SHORTEST_PX,
        spacings_px=(NARROWEST_PX, WIDEST_PX),
        most_note=by_hand.MOST_NOTE,
        joints=_named(JOINTS),
        lines=_named(SEGMENTS),
        known="" if known is None else f"{known.known_cm:g} cm",
        times_known=track.times_known,
        kept=_drawn(review),
        problem=acting.problem() or "",
    )


def keep(review: Review, said: Mapping[str, Any], *, blind: bool) -> None:
    """Keep what was measured; where it cannot be, the page says why."""
    try:
        made = by_hand.told(review, said)
    except (CorrectionError, ValidationError) as error:
        acting.refuse(error)
    else:
        acting.make_all(review, [made], blind=blind)


def show(review: Review, *, has_video: bool, seek: Any, blind: bool = False) -> None:
    """Show what was measured, in order of time.

    Args:
        review: the recording.
        has_video: whether there are pictures to measure on.
        seek: has the video jump to a moment.
        blind: whether nothing of the machine's is shown.
    """
    found = hand_results(review.in_force, review.machine)
    if not has_video:
        st.markdown(NO_PICTURE)
    elif not found:
        st.markdown('Nothing was measured. Press "Measure by hand" below the video, at the picture that you want.')
    if found:
        st.caption(click_words(CLICK_PX))
    with st.container(height=LIST_PX if found else "content", border=False, key="rv-by-hand"):
        for of, one in found:
            _row(review, of, one.model_copy(update={"machine": None}) if blind else one, seek)


def _row(review: Review, of: UUID, one: HandMeasure, seek: Any) -> None:
    with st.container(border=True, gap="xsmall", key=f"rv-hand-{of}"):
        st.markdown(f"**{plain(one.name)}: {plain(hand_value(one))}** · {plain(hand_when(one))}")
        for line in [*also(one), *([one.note] if one.note else [])]:
            st.markdown(plain(line))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"by {plain(one.who)} on {one.at:%d %b %Y}", width="content")
            st.button("Show", key=f"rv-hand-see-{of}", type="tertiary", on_click=seek, args=(one.t_s,))
            st.button(
                "Undo", key=f"rv-undo-{of}", type="tertiary", on_click=acting.make, args=(review, "undo"),
                kwargs={"of": of},
            )  # fmt: skip


def _named(parts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, body_words(name).capitalize()) for name in parts)


def _drawn(review: Review) -> tuple[Drawn, ...]:
    made = {c.id: c for c in review.in_force}
    return tuple(
        Drawn(
            str(of), one.kind, one.t_s, tuple(one.points), hand_value(one),
            getattr(made[of], "to", None), getattr(made[of], "spacing_px", None),
        )
        for of, one in hand_results(review.in_force, review.machine)
    )  # fmt: skip
