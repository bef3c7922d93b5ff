"""The video beside its curve, with a reviewer's hands on both."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from checker.report import ReportError
from checker.service import files
from checker.service.apart import UnexpectedError, apart, unseen
from checker.service.files import video_url
from checker.service.reviewing import Review, plain_name, write_plain
from checker.service.workers import WorkerDiedError
from checker.ui.charts import angle_figure
from checker.ui.owners import owner
from checker.ui.plain import plain
from checker.ui.player import Hands, player
from checker.ui.results import marks
from checker.ui.routes import PLOTLY_URL
from checker.ui.session import acting, by_hand, drafting, opening
from checker.video.reader import VideoError
from checker.words.values import scale_of

SEEK: Final = "rv-seek"
POINTING: Final = "rv-joint"
"""The joint that a click on the picture sets."""

WITHOUT_LINES: Final = "rv-without-lines"
"""Whether the video is shown as it was filmed: what the machine drew might lead a hand that measures."""

QUIET_PX: Final = 200


def show(review: Review, *, blind: bool = False) -> None:
    """Show the video with the curve of the result as it is corrected; blind, the video alone."""
    url = _video(review, blind=blind)
    analysis, exercise = review.result, review.exercise
    figure = _quiet(analysis.t_s) if blind else angle_figure(analysis, exercise)
    if url is None:
        if not blind:
            st.plotly_chart(figure, key="rv-curve", theme=None, config={"staticPlot": True})
        st.caption("No video was kept of this session.")
        return
    counted = next(iter(analysis.signals.values()))
    scale, suffix = scale_of(counted.unit)
    values = exercise.way(counted.id) * scale * counted.values
    player(
        url,
        PLOTLY_URL,
        figure,
        analysis.t_s,
        np.full_like(values, np.nan) if blind else values,
        suffix,
        [] if blind else marks(analysis.assessment, exercise),
        st.session_state.get(SEEK),
        key=f"review-player-{'blind' if blind else 'open'}",
        hands=Hands(quiet=True, measuring=by_hand.measuring(review)) if blind else _hands(review),
        moved=drafting.set_bound,
        stands=lambda said: drafting.begin_at(analysis, said),
        pointed=lambda said: _set_joint(review, said),
        measured=lambda said: by_hand.keep(review, said, blind=blind),
    )


def measured(review: Review, *, blind: bool = False) -> None:
    """Show what was measured by hand in its pictures; of a video that the machine drew on, offer one without."""
    if not blind and opening.current_job() is not None and has_video(review):
        st.checkbox("Show the video without the machine's lines", key=WITHOUT_LINES)
    by_hand.show(review, has_video=has_video(review), seek=seek, blind=blind)


def seek(time_s: float) -> None:
    """Have the video jump to a moment."""
    n = st.session_state.get(SEEK, (0, 0.0))[0]
    st.session_state[SEEK] = (n + 1, time_s)


def plain_video(review: Review) -> bool:
    """Have a job's video written with nothing drawn on it; return whether it is there."""
    job, outcome = opening.current_job(), opening.outcome()
    if job is None or outcome is None or outcome.source is None:
        return False
    if not (job.folder / plain_name(outcome)).exists():
        try:
            with st.spinner("Getting the video ready"):
                apart(unseen, write_plain, outcome, job.folder)
        except (VideoError, ReportError, WorkerDiedError, UnexpectedError) as error:
            st.error(plain(str(error)), icon=":material/error:")
            return False
    files.offer(review.token, job.folder / plain_name(outcome), owner())
    return True


def has_video(review: Review) -> bool:
    """Return whether there is a video to point at."""
    found = opening.outcome()
    return review.film is not None if found is None else "video" in found.files


def _video(review: Review, *, blind: bool) -> str | None:
    """Return where the browser finds the video; blind, one on which nothing is drawn."""
    job, outcome = opening.current_job(), opening.outcome()
    if job is None or outcome is None:
        return None if review.film is None else files.offer(review.token, review.film.path, owner())
    if blind or st.session_state.get(WITHOUT_LINES):
        return f"/reviews/{review.token}/video" if plain_video(review) else None
    return video_url(job.id) if "video" in outcome.files else None


def _hands(review: Review) -> Hands:
    joint = st.session_state.get(POINTING)
    track = review.ground.track
    point = (joint.replace("_", " "), track.width, track.height) if joint else None
    return Hands(drafting.bounds(), point, asking=drafting.is_asking(), measuring=by_hand.measuring(review))


def _set_joint(review: Review, said: dict[str, Any]) -> None:
    joint = st.session_state.get(POINTING)
    if joint:
        place = {name: max(0.0, round(float(said[name]), 1)) for name in ("x_px", "y_px")}
        acting.make(review, "joint", joint=joint, t_s=float(said["time_s"]), **place)


def _quiet(t_s: Any) -> go.Figure:
    """An empty strip to move the video by: nothing of the machine's is in it."""
    figure = go.Figure()
    figure.update_layout(
        height=QUIET_PX,
        margin={"l": 14, "r": 14, "t": 8, "b": 40, "autoexpand": False},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    end_s = float(t_s[-1]) if len(t_s) else 1.0
    figure.update_xaxes(range=[float(t_s[0]) if len(t_s) else 0.0, end_s], fixedrange=True, ticksuffix=" s")
    figure.update_yaxes(visible=False, range=[0, 1])
    return figure
