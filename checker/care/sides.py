"""Left against right of one test: told where both sides differ by more than chance in two sessions. Never a fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.care.change_rules import ChangeRules
from checker.care.change_words import value_words
from checker.care.followed import Followed
from checker.care.lean import leans, newest_apart
from checker.care.records import Value
from checker.care.sem import NO_PAIRS, SLACK, Evidence, chosen_sem, smallest_change, technical_sem
from checker.care.series import Point, Series, WhyNot
from checker.care.side_words import LEANS, NOT_TOLD, alike_sentence, differ_sentence, too_few_sides_sentence

State = Literal["differ", "no_clear_difference", "too_few", "leans", "not_told"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of one session.

    Attributes:
        difference: left minus right, degrees.
        total: left plus right: it does not depend on the start posture.
        limit: the smallest difference that is told.
        further: the side that went further by the limit or more; None where neither did.
        leans: whether the start posture was too far from upright to compare the sides.
    """

    left: Point
    right: Point
    difference: float
    total: float
    limit: float
    further: Literal["left", "right"] | None
    leans: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """What is said of left and right.

    Attributes:
        pairs: the sessions in which both sides were measured, in order of time, of the newest stretch.
    """

    state: State
    sentence: str
    pairs: tuple[Pair, ...] = ()


def compare_sides(left: Series, right: Series, rules: ChangeRules, evidence: Evidence = NO_PAIRS) -> Sides:
    """Say whether the sides of one test differ.

    A painkiller, the time of day or where the camera stands is the same for both sides of one session, so such a
    session is left out only of the comparison over time, not of this one; a repeat on the same day is left out.

    Raises:
        ValueError: the series are not the left and the right side of one measure.
    """
    one, other = left.followed, right.followed
    if (one.side, other.side) != ("left", "right") or (one.exercise, one.measure) != (other.exercise, other.measure):
        raise ValueError(f"expected the left and the right side of one measure, got {one.key} and {other.key}")
    if not tells_sides(one, rules):
        return Sides("not_told", NOT_TOLD)
    pairs = tuple(_pairs(left, right, rules, evidence))
    by_point = {p.left.session_id: p for p in pairs}
    newest = [by_point[p.session_id] for p in newest_apart([p.left for p in pairs], rules)]
    wanted = rules.sides.sessions.value
    if len(newest) < wanted:
        return Sides("too_few", too_few_sides_sentence(wanted), pairs)
    if any(p.leans for p in newest):
        return Sides("leans", LEANS, pairs)
    last = newest[-1]
    if last.further is not None and all(p.further == last.further for p in newest):
        sentence = differ_sentence(_words(last.left), _words(last.right), abs(last.difference), wanted)
        return Sides("differ", sentence, pairs)
    return Sides("no_clear_difference", alike_sentence(last.limit), pairs)


def tells_sides(followed: Followed, rules: ChangeRules) -> bool:
    """Whether a difference of its sides is ever told."""
    return followed.kind == "angle" and followed.checked and followed.signal not in rules.sides.not_told.signals


def _pairs(left: Series, right: Series, rules: ChangeRules, evidence: Evidence) -> list[Pair]:
    """Both sides of each session of the newest stretch."""
    rights = {p.session_id: p for p in right.stretch if _is_measured(p)}
    lefts = [p for p in left.stretch if _is_measured(p) and p.session_id in rights]
    return [pair_of(p, rights[p.session_id], str(left.followed.signal), rules, evidence) for p in lefts]


def pair_of(left: Point, right: Point, signal: str, rules: ChangeRules, evidence: Evidence = NO_PAIRS) -> Pair:
    """Hold one side of a session against the other.

    One of which only "more than" is known can be the further one alone.

    Raises:
        ValueError: one of them has no value.
    """
    one, other = _value(left), _value(right)
    difference, floor = one.value - other.value, rules.floor(signal)
    sem = chosen_sem(technical_sem([one.uncertainty, other.uncertainty]), floor, evidence, rules)
    limit = max(floor, smallest_change(sem.value))
    further: Literal["left", "right"] | None = None
    if abs(difference) >= limit - SLACK:
        further = "left" if difference > 0 else "right"
    if (other if further == "left" else one).censored == "above":
        further = None
    crooked = leans(left, signal, rules) or leans(right, signal, rules)
    return Pair(left, right, difference, one.value + other.value, limit, further, crooked)


def _is_measured(point: Point) -> bool:
    return point.value is not None and point.why_not is not WhyNot.REPEAT


def _words(point: Point) -> str:
    value = _value(point)
    return value_words(value.value, "deg", value.censored == "above")


def _value(point: Point) -> Value:
    if point.value is None:
        raise ValueError(f"expected a session with a value, got {point.session_id} without")
    return point.value
