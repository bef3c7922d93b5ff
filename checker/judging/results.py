"""What was found, as the results are written: rounded, with units, nothing judged any more."""

from __future__ import annotations

from typing import Final

import numpy as np

from checker.assessment import (
    DoseRef,
    FaultResult,
    Measure,
    PainMark,
    PartialRepetition,
    Quantity,
    Repetition,
    Setup,
    Turn,
    VideoInfo,
)
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import SignalTrace
from checker.judging.bouts import Bout, Bouts
from checker.judging.measures import HOLD_ERROR_S, excursion_at_peak, value_at_peak
from checker.judging.scene import Scene
from checker.judging.series import Series
from checker.reasons import Reason
from checker.signals import CATALOGUE
from checker.track import PoseTrack

PAIN_WITHIN_S: Final = 0.5
"""Where somebody is when it hurts is where they are seen next, at most this much earlier or later."""


REACTION_S: Final = 0.8
"""A hand comes so late at most after pain begins: 0.5 to 0.8 s with an angle that changes (clinical judgement)."""


def traces(signals: Series, exercise: Exercise) -> dict[str, SignalTrace]:
    """The signals over time, the counted and the measured ones as excursion from the start posture."""
    values = {n: signals.change(n) if n in exercise.reported_as_change else x for n, x in signals.values.items()}
    return {n: SignalTrace(n, CATALOGUE[n].name, CATALOGUE[n].unit, x) for n, x in values.items()}


def dose(asked: Dose | None, exercise: Exercise) -> DoseRef | None:
    """How much was asked for; None where nothing was."""
    if asked is None:
        return None
    counted = exercise.repetition.signal if exercise.repetition is not None else None
    return DoseRef(
        phases=asked.phases,
        repetitions=asked.least,
        most=asked.most,
        hold_s=asked.hold_target_s,
        duration_s=asked.duration_target_s,
        reach=asked.reach,
        reach_unit=CATALOGUE[counted].unit if asked.reach is not None and counted else None,
    )


def repetition(
    index: int,
    m: Bout,
    exercise: Exercise,
    series: Series,
    measures: list[Measure],
    faults: list[FaultResult],
    hold_target_s: float | None,
    to_first_pain: bool = False,
) -> Repetition:
    """One counted repetition as the results are written."""
    rom = _range(m, exercise, series, measures)
    start_value, end_value = _positions(m, exercise, series) if rom.unit != "s" else (None, None)
    return Repetition(
        index=index,
        side=m.side,
        start_s=round(m.start_s, 2),
        peak_s=round(m.peak_s, 2),
        end_s=round(m.end_s, 2),
        rom=rom,
        start_value=start_value,
        end_value=end_value,
        to_first_pain=to_first_pain,
        hold_s=round(m.hold_s, 2),
        hold_target_s=hold_target_s,
        faults=[
            f.id
            for f in faults
            if f.status == "flagged" and any(a <= m.end_s and b >= m.start_s for a, b in f.intervals)
        ],
    )


def _range(m: Bout, exercise: Exercise, signals: Series, measures: list[Measure]) -> Quantity:
    """How far a repetition went, in the measure that is taken from the counted signal, or the first one."""
    rule = exercise.main_measure
    counted = exercise.repetition.signal if exercise.repetition else ""
    signal = signals.catalogue.get(rule.on or counted)
    rom = m.excursion if signal is None else excursion_at_peak(signal.id, signals, m)
    rom = rom if np.isfinite(rom) else m.excursion
    # its size may not be known to any accuracy
    if signal is None or signal.errors.error_90 is None or not np.isfinite(rom):
        return Quantity(value=round(m.hold_s, 1), unit="s", uncertainty=HOLD_ERROR_S)
    side = m.side if m.side != "both" else None
    own = next((x.uncertainty for x in measures if x.id == rule.id and x.side == side), None)
    return Quantity(
        value=round(rom, 1 if signal.unit == "deg" else 2),
        unit=signal.unit,
        uncertainty=own if own is not None else signal.errors.error_90,
    )


def _positions(m: Bout, exercise: Exercise, series: Series) -> tuple[float | None, float | None]:
    """The value, with its sign, of the signal that a repetition's range is told of: at the start, and furthest out."""
    rule = exercise.main_measure
    name = rule.on or (exercise.repetition.signal if exercise.repetition else "")
    if name not in series.values:
        return None, None
    digits = 1 if series.units[name] == "deg" else 2
    values = (float(series.baseline[name][m.peak]), value_at_peak(name, series, m))
    start, end = (round(v, digits) if np.isfinite(v) else None for v in values)
    return start, end


def partial(m: Bout, reason: Reason, exercise: Exercise) -> PartialRepetition:
    """A movement that did not count, with how far or how long it went."""
    rule = exercise.repetition
    size, unit = (m.hold_s, "s") if rule is None else (m.excursion, CATALOGUE[rule.signal].unit)
    return PartialRepetition(
        side=m.side,
        start_s=round(m.start_s, 2),
        end_s=round(m.end_s, 2),
        excursion=round(size, 1 if unit in {"deg", "s"} else 2),
        unit=unit,
        reason=reason.text,
        reason_code=reason.code,
    )


def pain(t_s: float, exercise: Exercise, signals: Series, bouts: Bouts) -> PainMark:
    """A moment of pain, with where the person was; that is unknown where nothing was seen about then."""
    rule = exercise.repetition
    unit = CATALOGUE[rule.signal].unit if rule is not None else ""
    if rule is None or bouts.armed is None:  # nothing is measured
        return PainMark(t_s=round(t_s, 2), side=None, excursion=None, unit=unit)
    change = signals.change(rule.signal)
    away_s = np.where(np.isfinite(change), np.abs(signals.t_s - t_s), np.inf)
    nearest = int(np.argmin(away_s))
    known = away_s[nearest] <= PAIN_WITHIN_S
    excursion = round(abs(float(change[nearest])), 1 if unit == "deg" else 2) if known else None
    earlier_s = np.where(np.isfinite(change), np.abs(signals.t_s - (t_s - REACTION_S)), np.inf)
    before = int(np.argmin(earlier_s))
    began = known and earlier_s[before] <= PAIN_WITHIN_S
    excursion_from = round(abs(float(change[before])), 1 if unit == "deg" else 2) if began else None
    under_way = [*bouts.counted, *(p.bout for p in bouts.partial)]
    side = next((m.side for m in under_way if m.start_s <= t_s <= m.end_s and m.side in exercise.sides), None)
    return PainMark(t_s=round(t_s, 2), side=side, excursion=excursion, excursion_from=excursion_from, unit=unit)


def setup(scene: Scene) -> Setup | None:
    """How the camera stood; None where nobody was ready before it."""
    start = next((s.start for s in scene.measured if s.start is not None), None)
    if start is None:
        return None
    video = video_info(scene.track)
    return Setup(
        person_size=round(start.torso_px / video.height, 3) if np.isfinite(start.torso_px) else None,
        yaw_deg=scene.view.yaw_deg,
        fps=video.fps,
        width=video.width,
        height=video.height,
    )


def start_posture(series: Series) -> dict[str, float]:
    """Each signal's own value in the first start posture, where there is one."""
    out = {}
    for name, baseline in series.baseline.items():
        known = baseline[np.isfinite(baseline)]
        if len(known):
            out[name] = round(float(known[0]), 1 if series.units[name] == "deg" else 2)
    return out


def video_info(
    track: PoseTrack, turned_deg: Turn = 0, needs_turn_deg: Turn = 0, mirrored: bool | None = None
) -> VideoInfo:
    """The clip as it was read; the frame rate is the one that came, not the one that was promised.

    Args:
        track: its poses.
        turned_deg: how far its picture was turned clockwise before it was looked at.
        needs_turn_deg: how far it must still be turned to stand upright.
        mirrored: whether its picture was a mirror image, None where nobody said.
    """
    n = len(track)
    step_s = float(np.median(np.diff(track.t_s))) if n > 1 else 0.0
    return VideoInfo(
        duration_s=round(float(track.t_s[-1] - track.t_s[0]) + step_s, 2) if n else 0.0,
        width=track.width,
        height=track.height,
        frames=n,
        fps=round(1.0 / step_s, 2) if step_s else 0.0,
        turned_deg=turned_deg,
        needs_turn_deg=needs_turn_deg,
        mirrored=mirrored,
    )
