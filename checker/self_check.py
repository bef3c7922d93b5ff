"""A movement tried on the person of its own picture: does its file count what its drawing shows?

Every angle of that person is known. They go from the start of the picture to its end and back a few
times, filmed with noise and a short gap, and at last a part of the way, which must not count. What
the engine makes of it must be what was done. Pure: no files, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from checker.assessing import Circumstances, assess
from checker.assessment import UNIT_LABELS, Assessment, Measure, ModelInfo
from checker.exercise import Exercise
from checker.fault_rules import SpeedFault, TooFastFault
from checker.figure import Stance, blend, both, camera_for, mirrored, recording
from checker.judging.analysis import Analysis
from checker.judging.holds import posture_kept, time_within
from checker.judging.limits import met
from checker.judging.series import Series
from checker.posture import Position, StartPosture
from checker.reasons import TOO_SMALL
from checker.rules import MeasureRule, RepetitionRule
from checker.signals import CATALOGUE
from checker.skeleton import N_LANDMARKS, Array, Landmark
from checker.track import PoseTrack

FPS: Final = 30.0
LEAD_S: Final = 1.5
PAUSE_S: Final = 1.2
WAY_S: Final = 1.6
HOLD_S: Final = 1.5
GAP_S: Final = 0.2
NOISE_T: Final = 0.008
"""Trembling of each landmark, in torso lengths, one standard deviation: a starting value."""

PARTIAL: Final = 0.6
"""Share of the smallest movement that counts, which must not count."""

NEAR: Final[dict[str, float]] = {"deg": 6.0, "s": 1.0}
NEAR_SHARE: Final = 0.06
"""How close a value must come to what was done where its stated uncertainty is smaller: degrees and
seconds, and lengths and ratios."""

MAX_FRAMES: Final = 3000
"""Holds of minutes are filmed with fewer frames a second."""


def check_itself(exercise: Exercise, seed: int = 0) -> list[str]:
    """Try a movement on its own picture.

    Args:
        exercise: a measured one; nothing is tried where nothing is measured.
        seed: of the noise.

    Returns:
        What does not fit, in plain words with what to do about it; empty where all is well.
    """
    if not exercise.is_measured:
        return []
    return _check_hold(exercise, seed) if exercise.repetition is None else _check_counting(exercise, seed)


# --- repetitions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Way:
    """One way out and back: to a share of the way to a stance.

    Attributes:
        side: that it counts for.
        end: where it goes.
        share: how far.
        excursion: of the counted signal at the end of it.
    """

    side: str
    end: Stance
    share: float
    excursion: float


def _check_counting(exercise: Exercise, seed: int) -> list[str]:
    rule, scene = exercise.repetition, exercise.picture
    if rule is None or scene.end is None:
        return ["[picture] has no end, so nobody can see what a repetition is: add [picture.end]."]
    ways = [_way(exercise, rule, side, sign) for side, sign in rule.directions]
    found = [w for w in ways if isinstance(w, _Way)]
    if len(found) < len(ways):
        return [w for w in ways if isinstance(w, str)]
    small = replace(found[0], share=_share_at(exercise, rule, found[0], PARTIAL * rule.min_excursion))
    tries = found * (3 if len(found) == 1 else 2)
    way_s = _way_s(exercise, found)
    stances, t_s, peaks_s = _filmed(scene.start, [*tries, small], way_s)
    camera = camera_for(exercise.view, scene.start)
    track = _spoilt(recording(stances, t_s, camera), seed, gap_s=peaks_s[1] - HOLD_S / 2 - 0.6 * way_s)
    result = _run(exercise, track).assessment
    if problem := _not_measured_at_all(result):
        return [problem]
    problems = _count_problems(result, rule, tries, way_s)
    if problems:
        return problems
    return [*_measure_problems(exercise, result, found, len(tries)), *_fault_problems(exercise, result)]


def _way(exercise: Exercise, rule: RepetitionRule, side: str, sign: float) -> _Way | str:
    """The way out to one side; or why the picture's movement would not count."""
    scene = exercise.picture
    start, end = scene.start, scene.end or scene.start
    choices = [end, mirrored(end), blend(start, end, -1.0)]
    if rule.sides == "both":
        choices = choices[:1]
    sizes = [sign * _excursion(exercise, rule.signal, c) for c in choices]
    best = int(np.nanargmax(sizes)) if np.isfinite(sizes).any() else 0
    size = next((s for s in sizes if s >= rule.min_excursion), sizes[best])
    if size >= rule.min_excursion:
        return _Way(side, choices[sizes.index(size)], 1.0, size)
    signal = CATALOGUE[rule.signal]
    unit = UNIT_LABELS[signal.unit]
    if not np.isfinite(size):
        return f"{rule.signal} cannot be read from the picture's figure: check picture.start and the position."
    way = "rises" if size > 0 else "falls"
    whose = "" if side == "both" else f' for the side "{side}"'
    if rule.sides == "both" and size < 0:
        return (
            f"The picture's movement goes the other way: {rule.signal} changes by {size * sign:+.3g}{unit} from start "
            f"to end, and direction is {rule.direction!r}. Change direction, or picture.start and picture.end."
        )
    return (
        f"The picture's movement {way} too little{whose}: {rule.signal} changes by {abs(size):.3g}{unit}, less than "
        f"min_excursion {rule.min_excursion:g}{unit}. Go further in picture.end, or lower min_excursion."
    )


def _excursion(exercise: Exercise, signal: str, end: Stance) -> float:
    """Change of a signal from the picture's start to a stance."""
    values = _exact(exercise, signal, [exercise.picture.start, end])
    return float(values[1] - values[0])


def _exact(exercise: Exercise, signal: str, stances: list[Stance]) -> Array:
    """(N,) a signal at stances filmed without error, the first one being the start posture."""
    return exact_signal(signal, stances, exercise.view, exercise.position)


def exact_signal(signal: str, stances: Sequence[Stance], view: Literal["front", "side"], position: Position) -> Array:
    """(N,) a signal at stances of the figure, filmed without error; the first one is the start posture.

    Args:
        signal: id of the catalogue.
        stances: N of them.
        view: from which they are filmed.
        position: that the start posture is in.
    """
    track = recording(stances, np.arange(len(stances)) / FPS, camera_for(view, stances[0]))
    return CATALOGUE[signal].compute(track, StartPosture(track.slice(slice(0, 1)), position))


def _share_at(exercise: Exercise, rule: RepetitionRule, way: _Way, size: float) -> float:
    """Share of the way at which the counted signal has changed by that size."""
    start = exercise.picture.start
    shares = np.linspace(0.0, 1.0, 51)
    values = _exact(exercise, rule.signal, [blend(start, way.end, s) for s in shares])
    change = np.maximum.accumulate(np.nan_to_num(np.abs(values - values[0])))
    return float(np.interp(size, change, shares))


def _way_s(exercise: Exercise, ways: list[_Way]) -> float:
    """Seconds for the way out, slow enough for every rule on speed."""
    rule = exercise.repetition
    slow = [WAY_S] + ([0.75 * rule.min_duration_s] if rule else [])
    slow += [1.5 * f.threshold for f in exercise.faults if isinstance(f, TooFastFault)]
    for fault in exercise.faults:
        if isinstance(fault, SpeedFault):
            size = max(abs(_excursion(exercise, fault.signal, way.end)) for way in ways)
            slow.append(2.0 * 1.875 * np.nan_to_num(size) / fault.threshold)  # min-jerk peaks at 1.875 of the mean
    return max(slow)


def _filmed(start: Stance, ways: list[_Way], way_s: float) -> tuple[list[Stance], Array, list[float]]:
    """The stances a frame at a time, their times, and the middle of each hold."""
    every_s = 2.0 * way_s + HOLD_S + PAUSE_S
    t_s = np.arange(0.0, LEAD_S + every_s * len(ways) + PAUSE_S, 1.0 / FPS)
    begins_s = [LEAD_S + i * every_s for i in range(len(ways))]
    done = np.array([_min_jerk((t_s - b) / way_s) - _min_jerk((t_s - b - way_s - HOLD_S) / way_s) for b in begins_s])
    now = done.argmax(axis=0)
    stances = [blend(start, ways[k].end, ways[k].share * float(done[k, i])) for i, k in enumerate(now)]
    return stances, t_s, [b + way_s + HOLD_S / 2 for b in begins_s]


def _min_jerk(share: Array) -> Array:
    """The way done at a share of a smooth movement's time (Flash and Hogan 1985)."""
    s = np.clip(share, 0.0, 1.0)
    return s**3 * (10.0 - 15.0 * s + 6.0 * s**2)


# --- holds -------------------------------------------------------------------------------------


def _check_hold(exercise: Exercise, seed: int) -> list[str]:
    rule, scene = exercise.hold, exercise.picture
    if rule is None:
        return []
    kept_s = rule.min_duration_s + 3.0
    way = _Way("both", scene.end or scene.start, 1.0, np.nan)
    lasts_s = LEAD_S + 2 * WAY_S + kept_s + PAUSE_S
    t_s = np.arange(0.0, lasts_s, max(1.0 / FPS, lasts_s / MAX_FRAMES))
    done = _min_jerk((t_s - LEAD_S) / WAY_S) - _min_jerk((t_s - LEAD_S - WAY_S - kept_s) / WAY_S)
    stances = [blend(scene.start, way.end, float(s)) for s in done]
    exact = recording(stances, t_s, camera_for(exercise.view, scene.start))
    truth_s = _kept_s(exercise, exact)
    if truth_s < rule.min_duration_s:
        return [f"The picture's posture is not held: {_unmet(exercise, exact, int(np.argmax(done)))}."]
    analysis = _run(exercise, _spoilt(exact, seed, gap_s=LEAD_S + WAY_S + kept_s / 2))
    result = analysis.assessment
    if problem := _not_measured_at_all(result):
        return [problem]
    if len(result.reps) != 1:
        return [f"The picture's posture was kept for {truth_s:.1f} s, but {len(result.reps)} holds were counted."]
    problems = []
    held_s = result.reps[0].hold_s
    if abs(held_s - truth_s) > NEAR["s"]:
        problems.append(f"The picture's posture was kept for {truth_s:.1f} s, but the hold reads {held_s:.1f} s.")
    return [*problems, *_measure_problems(exercise, result, [way], 1), *_fault_problems(exercise, result)]


def _signals(exercise: Exercise, track: PoseTrack) -> Series:
    """The signals of a track without error, its first frame being the start posture."""
    start = StartPosture(track.slice(slice(0, 1)), exercise.position)
    values = {s: CATALOGUE[s].compute(track, start) for s in exercise.signals}
    units = {s: CATALOGUE[s].unit for s in exercise.signals}
    return Series(track.t_s, values, {s: np.full_like(v, v[0]) for s, v in values.items()}, units)


def _kept_s(exercise: Exercise, track: PoseTrack) -> float:
    """Seconds for which every condition of the hold is met."""
    if exercise.hold is None:
        return 0.0
    kept = posture_kept(exercise.hold, _signals(exercise, track))
    return time_within(track.t_s, kept, float(track.t_s[0]), float(track.t_s[-1]))


def _unmet(exercise: Exercise, track: PoseTrack, frame: int) -> str:
    """The first condition that the posture does not meet, in words."""
    signals = _signals(exercise, track)
    for condition in exercise.hold.conditions if exercise.hold else []:
        if not met(condition, signals)[frame]:
            own = signals.change if condition.compare == "start" else signals.values.__getitem__
            unit = UNIT_LABELS[signals.units[condition.signal]]
            return (
                f"{condition.signal} is {own(condition.signal)[frame]:.3g}{unit} there, and the hold asks for "
                f"{condition.direction} {condition.threshold:g}{unit}: change the picture, or the threshold"
            )
    return "its conditions are met too briefly"


# --- filming and judging -----------------------------------------------------------------------


def _spoilt(track: PoseTrack, seed: int, gap_s: float) -> PoseTrack:
    """As the model would give it: trembling, and nobody found for a moment."""
    rng = np.random.default_rng(seed)
    shoulders = track.point(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    hips = track.point(Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    torso_px = float(np.median(np.linalg.norm(shoulders - hips, axis=1)))
    world = track.world_point(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    torso_m = float(np.median(np.linalg.norm(world, axis=1)))
    n = len(track)
    arrays: dict[str, Any] = {
        "image": track.image + rng.normal(0.0, NOISE_T * torso_px, (n, N_LANDMARKS, 2)),
        "world": track.world + rng.normal(0.0, NOISE_T * torso_m, (n, N_LANDMARKS, 3)),
        "outline": track.outline + rng.normal(0.0, NOISE_T * torso_px, track.outline.shape),
        "feet": track.feet + rng.normal(0.0, NOISE_T * torso_px, track.feet.shape),
    }
    gone = (track.t_s >= gap_s) & (track.t_s < gap_s + GAP_S)
    for name, values in arrays.items():
        values[gone] = np.nan
        arrays[name] = values.astype(np.float32)
    visibility = track.visibility.copy()
    visibility[gone] = np.nan
    people = np.where(gone, 0, track.people).astype(np.int16)
    return replace(track, visibility=visibility, people=people, **arrays)


def _run(exercise: Exercise, track: PoseTrack) -> Analysis:
    """What is made of it."""
    return assess(exercise, track, known=Circumstances(model=ModelInfo(name="figure", sha256="")))


def _not_measured_at_all(result: Assessment) -> str | None:
    """Why the engine measured nothing of the figure, in words."""
    if result.reps or result.partial_reps or not result.warnings:
        return None
    return (
        f"The picture's figure cannot be measured: {result.warnings[-1]} "
        "Check that position, view and [picture.start] belong together."
    )


def _count_problems(result: Assessment, rule: RepetitionRule, tries: list[_Way], way_s: float) -> list[str]:
    """Where the repetitions counted are not those that were done."""
    done, counted = [w.side for w in tries], [r.side for r in result.reps]
    if counted == done:
        return []
    reasons = "; ".join(dict.fromkeys(p.reason for p in result.partial_reps if p.reason_code != TOO_SMALL.code))
    took = f"each {2 * way_s + HOLD_S:.1f} s long" + (f" ({reasons})" if reasons else "")
    if len(counted) == len(done) + 1 and counted[:-1] == done:
        return [
            f"A movement of {PARTIAL:.0%} of min_excursion {rule.min_excursion:g} was counted as a repetition: "
            "raise min_excursion."
        ]
    return [f"The picture's movement was done {_sides(done)}, {took}, but counted {_sides(counted)}."]


def _sides(sides: list[str]) -> str:
    """How many to each side, in words."""
    if not sides:
        return "not once"
    return ", ".join(f"{sides.count(s)} times" + (f" to {s}" if s != "both" else "") for s in dict.fromkeys(sides))


def _measure_problems(exercise: Exercise, result: Assessment, ways: list[_Way], done: int) -> list[str]:
    """Measures that are far from what was done."""
    ends = {None if w.side == "both" else w.side: w for w in ways}
    out = []
    for measured in result.measures:
        rule = next(m for m in exercise.measures if m.id == measured.id)
        way = ends.get(measured.side)
        truth = None if way is None else _truth(exercise, rule, way, done)
        if truth is None or not np.isfinite(truth):
            continue
        out += _far(rule, measured, truth)
    return out


def _far(rule: MeasureRule, measured: Measure, truth: float) -> list[str]:
    side = f" ({measured.side})" if measured.side else ""
    unit = UNIT_LABELS.get(measured.unit, f" {measured.unit}")
    if measured.value is None:
        return [f"{rule.name}{side} was not measured on the picture's figure: {measured.reason}."]
    near = max(measured.uncertainty or 0.0, NEAR.get(measured.unit, NEAR_SHARE))
    if abs(measured.value - truth) <= near:
        return []
    return [
        f"{rule.name}{side} reads {measured.value:g}{unit} on the picture's figure, which does {truth:.3g}{unit}: "
        "check that the measure belongs to this movement and position."
    ]


def _fault_problems(exercise: Exercise, result: Assessment) -> list[str]:
    """Faults that are flagged although the figure does what the picture shows."""
    rules = {f.id: f for f in exercise.faults}
    return [
        f'The picture\'s own movement is flagged as "{rules[f.id].name}" ({f.peak:.3g}{UNIT_LABELS.get(f.unit, "")}, '
        f"threshold {f.threshold:g}): change the threshold, or the angles of the picture."
        for f in result.faults
        if f.status == "flagged" and f.peak is not None
    ]


# --- what was done -----------------------------------------------------------------------------


def _truth(exercise: Exercise, rule: MeasureRule, way: _Way, done: int) -> float | None:
    """What a measure should read; None where the figure does not tell."""
    if rule.of == "count":
        return float(done)
    if rule.of not in {"change", "value"} or rule.on is None:
        return None
    start = exercise.picture.start
    known = _KNOWN.get(rule.on)
    if known is not None and _told_by_angles(rule.on, start, way.end):
        at_start, at_end = known(start, start), known(way.end, start)
    else:
        at_start, at_end = _exact(exercise, rule.on, [start, way.end])
    if rule.of == "value":
        return float(at_end)
    falls = exercise.repetition is not None and exercise.repetition.direction == "fall"
    sign = np.sign(_excursion(exercise, exercise.repetition.signal, way.end)) if exercise.repetition else 1.0
    on_counted = exercise.repetition is not None and rule.on == exercise.repetition.signal
    negative = (exercise.repetition is not None and exercise.repetition.sides == "signed" and sign < 0) or (
        falls and on_counted
    )
    return float(at_start - at_end if negative else at_end - at_start)


def _told_by_angles(signal: str, start: Stance, end: Stance) -> bool:
    """A joint of both legs has one angle only where both legs do the same."""
    name = {"hip_flexion": "hips", "knee_flexion": "knees"}.get(signal)
    return name is None or all(len(set(both(getattr(s, name)))) == 1 for s in (start, end))


def _moved(name: str, stance: Stance, start: Stance, sign: float) -> tuple[float, float]:
    """How far each side's joint has moved since the start in one direction, never below 0."""
    now, was = both(getattr(stance, name)), both(getattr(start, name))
    left, right = (max(0.0, sign * (n - w)) for n, w in zip(now, was, strict=True))
    return left, right


def _signed(left: float, right: float) -> float:
    return left if left >= right else -right


def _straighter_knee(stance: Stance, start: Stance) -> float:
    left, right = both(start.knees)
    return both(stance.knees)[0 if left <= right else 1]


_KNOWN: Final[dict[str, Callable[[Stance, Stance], float]]] = {
    "trunk_flexion": lambda s, _: s.trunk,
    "hip_flexion": lambda s, _: both(s.hips)[0],
    "knee_flexion": lambda s, _: both(s.knees)[0],
    "spine_flexion": lambda s, start: s.rounding - start.rounding,
    "trunk_lateral_flexion": lambda s, _: s.lean,
    "shoulder_rotation": lambda s, _: s.turn,
    "trunk_rotation": lambda s, _: s.turn,
    "leg_flexion": lambda s, start: _signed(*_moved("hips", s, start, 1.0)),
    "leg_extension": lambda s, start: _signed(*_moved("hips", s, start, -1.0)),
    "opposite_arm_raise": lambda s, start: -_signed(*_moved("arms", s, start, 1.0)),
    "straight_knee": _straighter_knee,
    "trunk_rise": lambda s, _: 90.0 - abs(s.trunk),
    "shoulder_rise": lambda s, _: s.shrug,
}
"""Signals that are angles of the stance itself, by the stance and the start; the rest are taken from
the figure filmed without error."""
