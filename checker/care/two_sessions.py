"""Two sessions of one movement, or the sides of one: whether they compare, and whether they differ by more than chance.

The limit is that of `change.py`, and of `sides.py`. One pair makes no news: of unchanged people one in ten may lie
beyond the limit by chance, so each sentence says what it still takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final, Literal

from checker.assessment import DoseRef
from checker.care import change_words as words
from checker.care.change import between, own_evidence
from checker.care.change_rules import ChangeRules
from checker.care.conditions import conditions_of, differences
from checker.care.followed import Followed, all_followed, main_followed
from checker.care.records import History, Session, Value
from checker.care.remembered import what_of
from checker.care.series import Mark, What, after_painkiller, series_of, value_of, version_marks
from checker.care.side_words import LEANS, NOT_TOLD, both_sides_words, two_sides_sentence
from checker.care.sides import pair_of, tells_sides
from checker.exercise import Exercise

Told = words.Told
Verdict = Told | Literal["not_told", "not_measured"]
"""Beyond chance, to either side; within it; open: of one only "more than" is known. Or there is no rule, they are not
alike, or one has no value."""


class Unlike(StrEnum):
    """Why two sessions do not compare."""

    EPISODE = "episode"
    RULES = "rules"
    MODEL = "model"
    DOSE = "dose"
    PROTOCOL = "protocol"
    PAINKILLER = "painkiller"
    TIME = "time"
    VIEW = "view"
    CAMERA = "camera"


_OF_MARK: Final[dict[Mark, Unlike]] = {"episode": Unlike.EPISODE, "rules": Unlike.RULES, "model": Unlike.MODEL}

WORDS: Final[dict[Unlike, str]] = {
    Unlike.EPISODE: "a new episode began between them",
    Unlike.RULES: "the rules of the movement changed between them",
    Unlike.MODEL: "the pose models were not the same",
    Unlike.DOSE: "not as much was asked for each time",
    Unlike.PROTOCOL: "only one of them was to the first pain",
    Unlike.PAINKILLER: "only one of them was soon after a painkiller",
    Unlike.TIME: "they were at different times of day",
    Unlike.VIEW: "they were filmed from different sides",
    Unlike.CAMERA: "the camera stood elsewhere",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of the two.

    Attributes:
        name: what it is, in words: "side bend to the left".
        side: of the movement; None where it has none, or where its two sides are compared.
        signal: that it is taken from; None for counts and times.
        then, now: the two values; of two sides, the left one and the right one. None: not measured.
        delta: the second less the first, in their unit; None where one is missing.
        limit: the smallest difference that is told; None where none ever is.
    """

    name: str
    side: str | None
    signal: str | None
    then: Value | None
    now: Value | None
    verdict: Verdict
    sentence: str
    delta: float | None = None
    limit: float | None = None


def unlike(
    history: History, then: Session, now: Session, rules: ChangeRules,
    doses: tuple[DoseRef | None, DoseRef | None] = (None, None),
) -> tuple[Unlike, ...]:  # fmt: skip
    """Why two sessions of one movement do not compare; empty where they do. What is not known differs in nothing.

    Args:
        history: of the person.
        then: the earlier one.
        now: the later one.
        rules: of change.
        doses: what was asked for in each; None where that is not known.
    """
    found = [_OF_MARK[mark] for mark in version_marks(then, now, history)]
    if None not in doses and _amount(doses[0]) != _amount(doses[1]):
        found.append(Unlike.DOSE)
    if what_of(then) != what_of(now):
        found.append(Unlike.PROTOCOL)
    if after_painkiller(then, history.check_ins, rules) != after_painkiller(now, history.check_ins, rules):
        found.append(Unlike.PAINKILLER)
    apart = differences(conditions_of(then), conditions_of(now), rules)
    found += [Unlike.TIME] if "time" in apart else []
    views = {then.setting.view, now.setting.view} - {None}
    if len(views) == 2:
        found.append(Unlike.VIEW)
    elif "camera" in apart:
        found.append(Unlike.CAMERA)
    return tuple(found)


def two_sessions(
    history: History, exercise: Exercise, then: Session, now: Session, rules: ChangeRules, apart: Sequence[Unlike]
) -> list[Difference]:
    """Every value of two sessions, the main one first; of a test to the first pain, its range and the furthest.

    Args:
        history: of the person, with both sessions.
        exercise: their movement.
        then: the earlier one.
        now: the later one.
        rules: of change.
        apart: why they do not compare, by `unlike`.
    """
    whats: tuple[What, ...] = ("measure",)
    followed = sorted(all_followed(exercise), key=lambda f: f.measure != exercise.main_measure)
    if what_of(now) == "first" and what_of(then) == "first":
        whats, followed = ("first", "furthest"), [main_followed(exercise, side) for side in exercise.sides]
    return [_difference(history, f, what, (then, now), rules, apart) for what in whats for f in followed]


def two_sides(history: History, exercise: Exercise, session: Session, rules: ChangeRules) -> list[Difference]:
    """The left and the right side of one session; empty where the movement has no such two."""
    if exercise.sides != ["left", "right"]:
        return []
    left, right = (main_followed(exercise, side) for side in ("left", "right"))
    what = what_of(session)
    one, other = (value_of(session, f, what) for f in (left, right))
    name = _capital(words.followed_words(replace(left, side=None), what))
    found = partial(Difference, name, None, left.signal, one, other)
    if one is None or other is None:
        missing = "left" if one is None else "right"
        return [found("not_measured", f"{name}: the {missing} was not measured.")]
    delta, head = other.value - one.value, both_sides_words(name, _value(one), _value(other))
    if not tells_sides(left, rules):
        return [found("not_told", f"{head}. {NOT_TOLD}", delta)]
    series = [series_of(history, f, rules, what).points for f in (left, right)]
    points = [next(p for p in of_side if p.session_id == session.id) for of_side in series]
    pair = pair_of(points[0], points[1], str(left.signal), rules, own_evidence(history, left, what, rules))
    if pair.leans:
        return [found("not_told", f"{head}. {LEANS}", delta, pair.limit)]
    verdict: Told = "chance" if pair.further is None else "more" if delta > 0 else "less"
    if pair.further is None and "above" in {one.censored, other.censored}:
        verdict = "open"
    sentence = two_sides_sentence(head, verdict, delta, pair.limit, rules.sides.sessions.value)
    return [found(verdict, sentence, delta, pair.limit)]


def _difference(
    history: History, followed: Followed, what: What, two: tuple[Session, Session], rules: ChangeRules,
    apart: Sequence[Unlike],
) -> Difference:  # fmt: skip
    then, now = (value_of(session, followed, what) for session in two)
    name, side = words.followed_words(followed, what), followed.side
    told = [
        f"not measured {when}" if value is None else f"{_value(value)} {when}"
        for value, when in zip((then, now), words.when_words(*two), strict=True)
    ]
    head = f"{_capital(name)}: {told[0]}, {told[1]}"
    if then is None or now is None:
        return Difference(name, side, followed.signal, then, now, "not_measured", f"{head}.")
    delta = now.value - then.value
    why = _why_not_told(followed, apart)
    if why:
        return Difference(name, side, followed.signal, then, now, "not_told", f"{head}. {why}", delta)
    series = series_of(history, followed, rules, what)
    points = {p.session_id: p for p in series.points}
    found = between(series, points[two[0].id], points[two[1].id], rules, own_evidence(history, followed, what, rules))
    verdict: Told = "more" if found.beyond == "grew" else "less" if found.beyond == "fell" else "chance"
    if found.beyond is None and "above" in {then.censored, now.censored}:
        verdict = "open"
    sentence = words.two_sessions_sentence(head, verdict, delta, found.limit, followed.unit, rules.change.confirm.value)
    return Difference(name, side, followed.signal, then, now, verdict, sentence, delta, found.limit)


def _why_not_told(followed: Followed, apart: Sequence[Unlike]) -> str:
    """Why nothing is told of a difference; empty where something is."""
    if followed.kind is None:
        return words.NO_RULE
    if not followed.checked:
        return words.ESTIMATE
    return words.not_alike_sentence([WORDS[one] for one in apart]) if apart else ""


def _amount(asked: DoseRef | None) -> dict[str, object]:
    """What was asked for, whichever phases it is for."""
    return {} if asked is None else asked.model_dump(exclude={"phases"})


def _value(value: Value) -> str:
    return words.value_words(value.value, value.unit, value.censored == "above")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
