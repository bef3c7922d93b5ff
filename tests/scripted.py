"""Any exercise with any of its faults, acted by numbers: each signal follows a script, and the real engine judges it.

The figure of the picture keeps still, so that place, view and start are right. What each signal reads is written into
world coordinates that nothing else looks at (fingers, eyelids, mouth), and goes through the smoothing like any other.
Which numbers act one fault and none of the others is found by search, from the rules of the file alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final
from unittest.mock import patch

import numpy as np
from analytic_body import min_jerk

from checker.exercise import Exercise
from checker.fault_rules import (
    AtPeakFault,
    DropInHoldFault,
    FaultRule,
    NotReachedFault,
    PastFault,
    ReversalsFault,
    SideDifferenceFault,
    SlowReturnFault,
    SpeedFault,
    TooFastFault,
)
from checker.figure import camera_for, recording
from checker.judging.limits import drop_error, signal_error, slack_of, speed_error, waver_error
from checker.posture import StartPosture
from checker.rules import Condition, RepetitionRule
from checker.signals import CATALOGUE
from checker.skeleton import Array, Landmark
from checker.track import PoseTrack

FPS: Final = 8.0
LEAD_S, REST_S = 1.8, 1.6

FREE: Final = [
    (joint, axis)
    for joint in Landmark
    for axis in range(3)
    if any(part in joint.name for part in ("PINKY", "INDEX", "THUMB", "EYE_INNER", "EYE_OUTER", "MOUTH"))
    and "FOOT" not in joint.name
]
"""World coordinates in which the scripts are written."""

SCALE: Final = {"deg": 0.005, "T": 0.5, "leg": 0.5, "ratio": 0.5}
"""Metres to a signal's unit: movements as large as those of a body."""

NOD_T: Final = 0.2
"""While a signal is away from rest the figure nods by this much (torso lengths): who acts does not keep still."""

CLEARLY: Final = 1.0
"""So many steps past or short of a threshold, even where no error is known."""

ENOUGH: Final = 1.0
"""Room on every side, in steps of a degree or a hundredth, at which the search ends."""

Values = dict[str, float]


@dataclass(frozen=True)
class Script:
    """One act.

    Attributes:
        track: the poses.
        possible: whether the search found numbers that act the fault, and none of the others.
    """

    track: PoseTrack
    possible: bool


@contextmanager
def scripted_signals(exercise: Exercise) -> Iterator[None]:
    """Let every signal of an exercise read what its script says."""
    entries = {}
    for (joint, axis), name in zip(FREE, exercise.signals, strict=False):
        entries[name] = replace(CATALOGUE[name], compute=_reader(name, joint, axis), error_now=None)
    assert len(entries) == len(exercise.signals), "more signals than free coordinates"
    with patch.dict(CATALOGUE, entries):
        yield


def _reader(name: str, joint: Landmark, axis: int):
    scale = SCALE[CATALOGUE[name].unit]

    def read(track: PoseTrack, start: StartPosture) -> Array:
        return np.asarray(track.world[:, joint, axis], float) / scale

    return read


def act(exercise: Exercise, fault: FaultRule | None) -> Script:
    """The poses of an exercise with one fault, or with none."""
    rest, peaks, possible = _search(exercise, fault)
    t_s, values = _play(exercise, fault, rest, peaks)
    start = exercise.picture.start
    track = recording([start] * len(t_s), t_s, camera_for(exercise.view, start))
    world = track.world.copy()
    for (joint, axis), name in zip(FREE, exercise.signals, strict=False):
        world[:, joint, axis] = values[name] * SCALE[CATALOGUE[name].unit]
    image = track.image.copy()
    moving = np.max([np.abs(x - x[0]) / max(float(np.abs(x - x[0]).max()), 1e-9) for x in values.values()], axis=0)
    image[:, Landmark.NOSE, 1] += NOD_T * StartPosture(track.slice(slice(0, 1))).torso_px * moving
    return Script(replace(track, image=image.astype(np.float32), world=world), possible)


# --- which numbers ------------------------------------------------------------------------------


def _grid(exercise: Exercise, name: str) -> Array:
    """Numbers that a signal may take, around every threshold that it is held against."""
    marks = [0.0, 1.0 if CATALOGUE[name].unit == "ratio" else 0.0]
    conditions = [c for f in exercise.faults if isinstance(f, PastFault) for c in f.conditions]
    conditions += [f for f in exercise.faults if isinstance(f, AtPeakFault)]
    conditions += exercise.hold.conditions if exercise.hold else []
    marks += [c.threshold * s for c in conditions if c.signal == name for s in (1, -1)]
    marks += [f.threshold for f in exercise.faults if isinstance(f, NotReachedFault) and f.signal == name]
    if exercise.repetition is not None and exercise.repetition.signal == name:
        size = exercise.repetition.min_excursion
        marks += [s * k * size for k in (1.0, 1.15, 1.6, 2.5, 4.0) for s in (1, -1)]
        marks += [m + s * 1.6 * size for m in marks for s in (1, -1)]
        marks += [s * exercise.repetition.hold_from for s in (1, -1) if exercise.repetition.hold_from]
    step = {"deg": 3.0}.get(CATALOGUE[name].unit, 0.02)
    steps = step * np.array([0.0, 1.0, 2.0, 4.0, 7.0, 12.0, 20.0])
    return np.unique(np.concatenate([m + s * steps for m in marks for s in (1, -1)]))


def _search(exercise: Exercise, fault: FaultRule | None) -> tuple[Values, Values, bool]:
    """Each signal at rest and at the peak so that every rule has room; whether that was found."""
    names = exercise.signals
    rng = np.random.default_rng(zlib.crc32(f"{exercise.id} {fault.id if fault else ''}".encode()))
    best: tuple[tuple[float, float], Values, Values] = ((-np.inf, -np.inf), {}, {})
    grids = {n: _grid(exercise, n) for n in names}
    for attempt in range(12):
        rest = {n: 1.0 if CATALOGUE[n].unit == "ratio" else 0.0 for n in names}
        peak = dict(rest)
        if attempt:
            peak = {n: float(rng.choice(grids[n])) for n in names}
        for _ in range(4):
            for n in names:
                for values in (peak, rest):
                    scores = []
                    for x in grids[n]:
                        values[n] = float(x)
                        scores.append((*_room(exercise, fault, rest, peak), -abs(peak[n]) - abs(rest[n])))
                    values[n] = float(grids[n][scores.index(max(scores))])
                from_rest, from_peak = rest[n], peak[n]
                shifts = np.unique(np.concatenate([grids[n] - from_rest, grids[n] - from_peak]))
                scores = []
                for shift in shifts:  # both at once: a limit may hold for their difference
                    rest[n], peak[n] = from_rest + float(shift), from_peak + float(shift)
                    scores.append((*_room(exercise, fault, rest, peak), -abs(float(shift))))
                best_shift = float(shifts[scores.index(max(scores))])
                rest[n], peak[n] = from_rest + best_shift, from_peak + best_shift
        room = _room(exercise, fault, rest, peak)
        if room > best[0]:
            best = (room, dict(rest), dict(peak))
        if best[0] >= (0.0, ENOUGH):
            break
    return best[1], best[2], best[0] >= (0.0, 0.0)


def _unit(name: str) -> float:
    return 1.0 if CATALOGUE[name].unit == "deg" else 0.01


def _past(condition: Condition, rest: Values, value: float) -> float:
    x = value - rest[condition.signal] if condition.compare == "start" else value
    if condition.direction == "either":
        return abs(x) - condition.threshold
    return x - condition.threshold if condition.direction == "above" else condition.threshold - x


def _clear(fault: PastFault, rest: Values, at: Values) -> float:
    """How clearly a fault of a moment is not there, in steps of a degree or a hundredth."""
    rooms = [
        (-_past(c, rest, at[c.signal]) - signal_error(c) - slack_of(c, CATALOGUE[c.signal].unit)) / _unit(c.signal)
        for c in fault.conditions
    ]
    return min(rooms) if fault.when == "any" else max(rooms)


def _there(fault: PastFault, rest: Values, at: Values) -> float:
    """How clearly it is there."""
    rooms = [
        (_past(c, rest, at[c.signal]) - signal_error(c) - slack_of(c, CATALOGUE[c.signal].unit)) / _unit(c.signal)
        for c in fault.conditions
    ]
    return max(rooms) if fault.when == "any" else min(rooms)


def _room(exercise: Exercise, acted: FaultRule | None, rest: Values, peak: Values) -> tuple[float, float]:
    """How much is wrong, and by how much all is right, in steps of a degree or a hundredth; below 0 it is wrong."""
    rooms = [20.0, *_room_to_count(exercise, acted, rest, peak)]
    for fault in exercise.faults:
        if not fault.out_of_reach:
            rooms += _room_of(fault, acted is not None and fault.id == acted.id, rest, peak)
    return sum(min(room, 0.0) for room in rooms), min(rooms)


def _room_to_count(exercise: Exercise, acted: FaultRule | None, rest: Values, peak: Values) -> Iterator[float]:
    """That the repetition counts, or the posture is kept."""
    rule = exercise.repetition
    if rule is not None:
        sign = 1.0 if rule.sides == "signed" or rule.direction == "rise" else -1.0
        size = sign * (peak[rule.signal] - rest[rule.signal])
        yield (size - _least_size(rule, acted)) / _unit(rule.signal)
        if isinstance(acted, SideDifferenceFault):
            compared = _compared(exercise)
            yield (peak[compared] - rest[compared] - _least_size(rule, acted)) / _unit(compared)
        if rule.hold_from is not None:
            yield (size - 1.15 * rule.hold_from) / _unit(rule.signal)
    for condition in exercise.hold.conditions if exercise.hold else []:
        slack = slack_of(condition, CATALOGUE[condition.signal].unit)
        for at in (rest, peak):
            yield (_past(condition, rest, at[condition.signal]) - slack) / _unit(condition.signal)


def _compared(exercise: Exercise) -> str:
    """The signal whose ranges are compared between the sides."""
    return exercise.measures[0].on or exercise.signals[0]


def _least_size(rule: RepetitionRule, acted: FaultRule | None) -> float:
    """How far the counted signal must go to leave room for the act."""
    if isinstance(acted, NotReachedFault | AtPeakFault):
        return 1.1 * rule.min_excursion
    if isinstance(acted, SideDifferenceFault):
        return 4.0 * acted.threshold + 3.0 * rule.min_excursion
    if isinstance(acted, DropInHoldFault):
        return 2.2 * (1.2 * acted.threshold + 2.0 * drop_error(acted, rule.signal))
    return 1.5 * rule.min_excursion


def _room_of(fault: FaultRule, is_acted: bool, rest: Values, peak: Values) -> Iterator[float]:
    """That one fault is there, or is not."""
    if isinstance(fault, PastFault):
        yield _clear(fault, rest, rest)
        yield _there(fault, rest, peak) if is_acted else _clear(fault, rest, peak)
    elif isinstance(fault, NotReachedFault):
        over = peak[fault.signal] - rest[fault.signal] - fault.threshold
        yield ((-over if is_acted else over) - 1.2 * signal_error(fault)) / _unit(fault.signal) - CLEARLY
    elif isinstance(fault, AtPeakFault):
        over = _past(fault, rest, peak[fault.signal])
        yield ((over if is_acted else -over) - 1.5 * signal_error(fault)) / _unit(fault.signal) - CLEARLY


# --- over time ----------------------------------------------------------------------------------


def _play(exercise: Exercise, acted: FaultRule | None, rest: Values, peak: Values) -> tuple[Array, dict[str, Array]]:
    """Every signal over time: at rest, out, there, back; twice, or once to each side."""
    rule = exercise.repetition
    out_s = _way_s(exercise, rest, peak)
    back_s = out_s
    lasting = [f.min_duration_s for f in exercise.faults if isinstance(f, PastFault)]
    there_s = 2.2 + max(lasting, default=0.0)
    if isinstance(acted, SlowReturnFault):
        back_s = out_s * acted.threshold * 2.5
    if isinstance(acted, TooFastFault):
        quick_s = max(0.35 * acted.threshold, 0.3)
        out_s, back_s = (out_s if acted.way == "back" else quick_s), (quick_s if acted.way == "back" else back_s)
    signs = [1.0, -1.0] if rule is not None and rule.sides == "signed" else [1.0, 1.0]
    if rule is None:
        return _play_hold(exercise, acted, rest, peak)
    every_s = out_s + there_s + back_s + REST_S
    t_s = np.arange(0.0, LEAD_S + every_s * len(signs) + 1.0, 1.0 / FPS)
    values = {n: np.full(len(t_s), x) for n, x in rest.items()}
    for k, sign in enumerate(signs):
        begin_s = LEAD_S + k * every_s
        shape = min_jerk((t_s - begin_s) / out_s) - min_jerk((t_s - begin_s - out_s - there_s) / back_s)
        for name in rest:
            mirrored = sign if name == rule.signal or CATALOGUE[name].sided else 1.0
            if isinstance(acted, SideDifferenceFault) and k == 1 and name in {rule.signal, _compared(exercise)}:
                mirrored *= 0.45
            quick = shape
            if isinstance(acted, SpeedFault) and name == acted.signal:
                ramp_s = abs(peak[name] - rest[name]) / acted.threshold / 2.5
                ramp_s = max(ramp_s, 0.35)
                quick = min_jerk((t_s - begin_s) / ramp_s) - min_jerk((t_s - begin_s - out_s - there_s) / back_s)
            values[name] += mirrored * (peak[name] - rest[name]) * quick
        _spoil(exercise, acted, values[rule.signal], t_s, begin_s + out_s, there_s, sign)
    return t_s, values


def _spoil(
    exercise: Exercise,
    acted: FaultRule | None,
    counted: Array,
    t_s: Array,
    there_from_s: float,
    there_s: float,
    sign: float,
) -> None:
    """Sinking or turning back, in the counted signal."""
    rule = exercise.repetition
    assert rule is not None
    way = sign * (1.0 if rule.sides == "signed" or rule.direction == "rise" else -1.0)
    if isinstance(acted, DropInHoldFault):
        sinks = min_jerk((t_s - there_from_s - 0.8) / 0.8)
        ends = t_s <= there_from_s + there_s
        depth = acted.threshold + 2.0 * drop_error(acted, rule.signal) + 0.2 * acted.threshold
        rises = 1.0 - min_jerk((t_s - there_from_s - there_s) / 1.0)
        counted -= way * depth * np.where(ends, sinks, rises)
    if isinstance(acted, ReversalsFault):
        size = acted.size + 2.0 * waver_error(rule.signal) + 0.5 * acted.size
        for j in range(int(acted.threshold) + 1):
            at_s = there_from_s + 0.2 + j * 1.1
            dip = min_jerk((t_s - at_s) / 0.5) - min_jerk((t_s - at_s - 0.5) / 0.5)
            counted -= way * size * dip


def _way_s(exercise: Exercise, rest: Values, peak: Values) -> float:
    """Seconds for a way that no rule on speed minds."""
    slow = [1.6]
    for fault in exercise.faults:
        if isinstance(fault, TooFastFault):
            slow.append(2.0 * fault.threshold)
        if isinstance(fault, SpeedFault):
            size = abs(peak[fault.signal] - rest[fault.signal])
            slow.append(2.0 * 1.875 * size / max(fault.threshold - 2 * speed_error(fault), 0.2 * fault.threshold))
    return max(slow)


def _play_hold(
    exercise: Exercise, acted: FaultRule | None, rest: Values, peak: Values
) -> tuple[Array, dict[str, Array]]:
    """A posture that is kept, with the fault in its middle."""
    assert exercise.hold is not None
    lasts_s = acted.min_duration_s + 4.0 if isinstance(acted, PastFault) else 4.0
    before_s = exercise.hold.min_duration_s
    t_s = np.arange(0.0, LEAD_S + before_s + lasts_s + 9.0, 1.0 / FPS)
    begin_s = LEAD_S + before_s
    shape = min_jerk((t_s - begin_s) / 1.6) - min_jerk((t_s - begin_s - 1.6 - lasts_s) / 1.6)
    values = {n: rest[n] + (peak[n] - rest[n]) * shape for n in rest}
    if isinstance(acted, SpeedFault):
        quick_s = max(abs(peak[acted.signal] - rest[acted.signal]) / acted.threshold / 2.5, 0.35)
        shape = min_jerk((t_s - begin_s) / quick_s) - min_jerk((t_s - begin_s - 1.6 - lasts_s) / 1.6)
        values[acted.signal] = rest[acted.signal] + (peak[acted.signal] - rest[acted.signal]) * shape
    return t_s, values
