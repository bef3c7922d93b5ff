"""The second stage, poses -> signals: every signal of an exercise over time, as far as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from checker.exercise import Exercise
from checker.judging.bouts import Bout
from checker.judging.proportions import keep_their_length
from checker.judging.scene import Scene
from checker.judging.segments import Segment
from checker.pose.steady import as_filmed
from checker.posture import HIPS
from checker.reasons import Reason
from checker.setup.readiness import sees_from
from checker.signals import CATALOGUE, Signal, catalogue_of
from checker.skeleton import Array, Mask


@dataclass(frozen=True)
class Series:
    """Signals over time, and the bouts in which they are judged once those are known.

    Attributes:
        t_s: (T,) seconds.
        values: signal id -> (T,) values.
        baseline: signal id -> (T,) its value in the start posture that holds at the time.
        units: signal id -> unit.
        hidden: signal id -> reason, for signals that could not be measured at all.
        bouts: the repetitions or holds that counted.
        falling: ids of signals whose fall is what is measured, reported as a positive size.
        counted: id of the signal that repetitions are counted on; the first one unless given.
        what: what the bouts are.
        errors: signal id -> (T,) half-width of its error, for signals whose error is told by the clip itself.
        seen: (T,) whether somebody is seen; always, unless given.
        catalogue: the signals with the errors of the model that saw the poses.
    """

    t_s: Array
    values: dict[str, Array]
    baseline: dict[str, Array]
    units: dict[str, str]
    hidden: dict[str, Reason] = field(default_factory=dict)
    bouts: list[Bout] = field(default_factory=list)
    falling: frozenset[str] = frozenset()
    counted: str = ""
    what: Literal["repetition", "hold"] = "repetition"
    errors: dict[str, Array] = field(default_factory=dict)
    seen: Mask | None = None
    catalogue: Mapping[str, Signal] = field(default_factory=lambda: CATALOGUE)

    def __post_init__(self) -> None:
        """Take the first signal for the counted one where none was named."""
        object.__setattr__(self, "counted", self.counted or next(iter(self.values), ""))

    def change(self, name: str) -> Array:
        """(T,) how far a signal is from its value in the start posture."""
        return self.values[name] - self.baseline[name]


def read_signals(exercise: Exercise, scene: Scene, model: str = "") -> Series:
    """Every signal of the exercise, as read from the poses of a model.

    NaN where there is no start posture to judge it from, away from its place, and where a landmark was not seen as
    it was filmed: what the picture cuts off is told before the camera's own movement is taken out.
    """
    track = scene.smoothed
    catalogue = catalogue_of(model)
    wanted = [catalogue[name] for name in exercise.signals]
    rule = exercise.repetition
    counted_on = rule.signal if rule else ""
    values = {s.id: np.full(len(track), np.nan) for s in wanted}
    baseline = {s.id: np.full(len(track), np.nan) for s in wanted}
    errors = {s.id: np.full(len(track), np.nan) for s in wanted if s.error_now is not None}
    for segment in scene.measured:
        if segment.start is None:
            continue
        seen = track.slice(segment.frames)
        for signal in wanted:
            known = is_known(exercise, scene, signal.id, segment) & ~scene.away[segment.frames]
            if exercise.view == "side":
                known &= keep_their_length(seen, segment.start, signal.needs)
            values[signal.id][segment.frames] = np.where(known, signal.compute(seen, segment.start), np.nan)
            baseline[signal.id][segment.frames] = signal.compute(segment.start.pose, segment.start)[0]
            if signal.error_now is not None:
                errors[signal.id][segment.frames] = signal.error_now(seen, segment.start, signal.id == counted_on)
    return Series(
        t_s=track.t_s,
        values=values,
        baseline=baseline,
        units={s.id: s.unit for s in wanted},
        hidden=scene.hidden,
        falling=frozenset([rule.signal] if rule and rule.direction == "fall" else []),
        counted=counted_on,
        what="repetition" if rule else "hold",
        errors=errors,
        seen=np.isfinite(track.point(*HIPS)[:, 0]),
        catalogue=catalogue,
    )


def is_known(exercise: Exercise, scene: Scene, signal: str, segment: Segment) -> Mask:
    """(T of the segment,) whether a signal's landmarks are seen, in pictures and start posture as they were filmed."""
    if segment.start is None:
        return np.zeros(segment.last - segment.first, bool)
    return sees_from(exercise, scene.track.slice(segment.frames), signal, as_filmed(segment.start.pose))
