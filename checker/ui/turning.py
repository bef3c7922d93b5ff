"""A picture that stands on its head or lies on its side: turned on being asked, and offered where it was seen."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import Any, Final

import streamlit as st

from checker.assessment import Turn
from checker.service.diary import Diary
from checker.service.jobs import Job, OnStage
from checker.service.measuring import measure
from checker.service.work import Outcome
from checker.ui import tryout

WAYS: Final[dict[Turn, str]] = {
    0: "As it is",
    90: "By a quarter to the right ↻",
    180: "By half: it is upside down",
    270: "By a quarter to the left ↺",
}


def choose_turn(key: str) -> Turn:
    """Ask by how far a video is turned before it is measured, and return it."""
    chosen: Turn = st.selectbox(
        "Turn the picture",
        WAYS,
        format_func=lambda turn_deg: WAYS[turn_deg],
        key=key,
        help="Only where the video plays upside down or on its side. If you are not sure, leave it: it is noticed.",
    )
    return chosen


def offer(job: Job, outcome: Outcome, session_owner: str, diary: Diary | None = None) -> None:
    """Show a button that turns the picture and measures again, where this was seen to be needed.

    Args:
        job: which holds the video.
        outcome: what came of it.
        session_owner: whose the new job will be.
        diary: of the person's session that it belongs to; what is found then is written into it.
    """
    video = outcome.analysis.assessment.video
    if not video.needs_turn_deg or outcome.source is None:
        return
    turn_deg: Turn = _SUM[(video.turned_deg + video.needs_turn_deg) % 360]
    if st.button("Turn the picture and measure again", type="primary", icon=":material/rotate_right:"):
        measure_again(job, outcome, session_owner, turn_deg, diary)
        st.rerun()


def measure_again(job: Job, outcome: Outcome, session_owner: str, turn_deg: Turn, diary: Diary | None = None) -> None:
    """Measure the same video turned; what was measured of it before is deleted.

    Args:
        job: which holds the video.
        outcome: what came of it.
        session_owner: whose the new job will be.
        turn_deg: how far the picture as it is stored is turned clockwise.
        diary: of the person's session that it belongs to.
    """
    source = outcome.source
    if source is None:
        raise ValueError("expected a result of a video; no picture was kept of this one")
    known = outcome.analysis.known
    how: dict[str, Any] = {
        "turn_deg": turn_deg,
        "when": outcome.when,
        "mirrored": known.mirrored,
        "whose": outcome.whose,
        "dose": outcome.analysis.dose,
        "to_first_pain": known.to_first_pain,
        "pain_before": known.pain_before,
    }
    if source.parent != job.folder:  # a sample stays where it is
        tryout.begin(session_owner, functools.partial(measure, source, outcome.exercise, **how))
        return

    def again(folder: Path, progress: OnStage) -> Outcome:
        return measure(folder / source.name, outcome.exercise, folder, progress, **how)

    tryout.begin(session_owner, again, lambda folder: _move(source, folder), diary)


def _move(source: Path, folder: Path) -> None:
    shutil.move(source, folder / source.name)


_SUM: Final[dict[int, Turn]] = {turn_deg: turn_deg for turn_deg in WAYS}
