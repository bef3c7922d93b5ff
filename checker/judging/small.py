"""Repetitions that are smaller than a movement's smallest: where pain begins early, a test to the first pain is small.

Where somebody is led to the first pain, a bend of 5 degrees with a stop is no noise but the finding. Elsewhere it is,
so a small movement counts only where it stops, where it is no swing back from a movement to the other side, and as long
as the protocol has room for it: as one of the first to its side, or as the furthest after first ones that were small.
What is smaller than the error of its own signal is never counted, and told as too little to be measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from checker.exercise import Exercise
from checker.judging.bouts import Bout, Bouts, PartialBout
from checker.judging.repetitions import find_repetitions
from checker.reasons import TOO_SMALL
from checker.rules import RepetitionRule
from checker.signals import CATALOGUE
from checker.skeleton import Array

SMALL: Final = 0.5
"""To the first pain, so much of a movement's smallest excursion is enough (clinical judgement)."""

STOPPED_S: Final = 0.6
"""Whoever spends less time near the furthest point has not stopped, and went beyond where pain began: out and back in
a second each way is near it for 0.5 s without a stop (shape of smooth movements; clinical judgement)."""

SWING_S: Final = 0.5
"""What begins sooner after a movement to the other side, or ends sooner before one, is a part of that one (chosen)."""


def smallest_to_first_pain(exercise: Exercise) -> float:
    """The smallest excursion that is measured to the first pain, in the unit of the counted signal.

    Raises:
        ValueError: the movement has no repetitions.
    """
    rule = exercise.repetition
    if rule is None:
        raise ValueError(f"expected a movement with repetitions, got {exercise.id}")
    errors = [CATALOGUE[s].errors.error_90 for s in (rule.signal, exercise.main_measure.on) if s is not None]
    known = [error for error in errors if error is not None]
    return min(max([SMALL * rule.min_excursion, *known]), rule.min_excursion) if known else rule.min_excursion


def stops(m: Bout) -> bool:
    """Whether somebody stopped at the furthest point."""
    return m.left_s - m.reached_s >= STOPPED_S


def find_to_first_pain(
    t_s: Array, excursion: Array, rule: RepetitionRule, armed: int, least: float, times: int
) -> Bouts:
    """What `find_repetitions` finds, with the small movements that count to the first pain.

    Args:
        t_s: (T,) seconds.
        excursion: (T,) change of the signal from the start posture, smoothed; NaN where unknown.
        rule: of the exercise.
        armed: frame from which on movements count.
        least: `smallest_to_first_pain`.
        times: how many of the first repetitions to each side go to the first pain.

    Returns:
        Repetitions in order; of what did not count, also what was too small and stopped.
    """
    found = find_repetitions(t_s, excursion, rule, armed)
    if least >= rule.min_excursion:
        return found
    finer = find_repetitions(t_s, excursion, rule.model_copy(update={"min_excursion": least}), armed)
    usual = found.counted
    small = [m for m in finer.counted if _is_alone(m, usual) and stops(m) and not _is_swing(m, usual)]
    kept = _in_protocol(small, usual, times)
    counted = sorted([*usual, *kept], key=lambda m: m.start_s)
    tried = [p for p in finer.partial if p.reason.code == TOO_SMALL.code and stops(p.bout) and _is_alone(p.bout, usual)]
    partial = [p for p in found.partial if _is_alone(p.bout, kept)]
    partial += [p for p in tried if _is_alone(p.bout, [q.bout for q in partial])]
    return Bouts(armed, counted, sorted(partial, key=lambda p: p.bout.start_s))


def was_too_small(partial: Sequence[PartialBout], side: str | None, before_s: float) -> bool:
    """Whether somebody tried to go to a side, before a moment, and it was too little to be counted."""
    return any(
        p.reason.code == TOO_SMALL.code
        and stops(p.bout)
        and (side is None or p.bout.side == side)
        and p.bout.start_s < before_s
        for p in partial
    )


def _is_alone(m: Bout, others: Sequence[Bout]) -> bool:
    """Whether a movement is no part of another one to its side."""
    return not any(o.side == m.side and o.start <= m.end and m.start <= o.end for o in others)


def _is_swing(m: Bout, others: Sequence[Bout]) -> bool:
    """Whether a movement belongs to one to the other side, as the swing out to it or back from it."""
    return any(o.side != m.side and o.start_s - SWING_S < m.end_s and m.start_s < o.end_s + SWING_S for o in others)


def _in_protocol(small: Sequence[Bout], usual: Sequence[Bout], times: int) -> list[Bout]:
    """The small ones that the protocol has room for."""
    kept: list[Bout] = []
    taken: dict[str, list[bool]] = {}  # of each side, whether those so far were small
    for m in sorted([*small, *usual], key=lambda m: m.start_s):
        own = taken.setdefault(m.side, [])
        is_small = m in small
        if is_small and not (len(own) < times or (len(own) == times and all(own))):
            continue
        own.append(is_small)
        if is_small:
            kept.append(m)
    return kept
