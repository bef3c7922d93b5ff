"""Whether a measured value has changed: two sessions in a row that differ from the baseline by more than chance.

    base   mean of the first usable sessions of the stretch
    limit  max(floor of the signal, 1.645 * sqrt(2) * SEM); counts and times held: a fixed step. The SEM is an upper
           limit of what is known of the person (`sem.py`), also by the sessions so far
    news   |value - base| >= limit in consecutive usable sessions, hours apart, to the same side

All numbers are in `rules/change.toml`. After news the baseline starts anew at the mean of the sessions that confirmed
it. Nothing is told across a change of model, movement or episode, and nothing of a signal that was never checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf, sqrt
from statistics import fmean
from typing import Literal
from uuid import UUID

from checker.care.change_rules import ChangeRules
from checker.care.change_words import (
    ESTIMATE,
    NO_RULE,
    followed_words,
    news_sentence,
    news_words,
    no_change_sentence,
    too_few_sentence,
    value_words,
)
from checker.care.followed import Followed
from checker.care.records import History
from checker.care.sem import NO_PAIRS, SLACK, Evidence, Sem, chosen_sem, smallest_change, technical_sem
from checker.care.series import Point, Series, What
from checker.care.steadiness import repeat_differences, steadiness

Direction = Literal["grew", "fell"]
State = Literal["grew", "fell", "no_clear_change", "too_few", "estimate", "no_rule"]


def own_evidence(history: History, followed: Followed, what: What, rules: ChangeRules) -> Evidence:
    """What the person's own repeat pairs tell of how steady a value is; nothing where there is none."""
    pairs = repeat_differences(history, followed, what)
    return Evidence(own=steadiness(pairs, rules)) if pairs else NO_PAIRS


@dataclass(frozen=True, slots=True)
class Baseline:
    """What later sessions are compared with.

    Attributes:
        value: mean of its sessions.
        above: whether a value of it is a mere "more than".
        sessions: their ids.
        technical: SEM of the instrument in them.
    """

    value: float
    above: bool
    sessions: tuple[UUID, ...]
    technical: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One session against the baseline.

    Attributes:
        sem: the scatter that the limit is by; None where the limit is a fixed step.
        beyond: the side to which it differs by the limit or more; None where it does not.
    """

    point: Point
    baseline: Baseline
    delta: float
    limit: float
    sem: Sem | None
    beyond: Direction | None


@dataclass(frozen=True, slots=True)
class News:
    """A confirmed change.

    Attributes:
        before, after: mean of the baseline's sessions, and of those that confirmed it.
        by: the comparisons that confirmed it; the last is the session at which it became news.
    """

    direction: Direction
    before: Baseline
    after: Baseline
    by: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is said of a series.

    Attributes:
        news: all of the newest stretch, in order of time.
        baseline: the one that the next session is compared with; None before it is complete.
        latest: the newest session against its baseline; None where there is none yet.
        state: at the newest usable session: "grew" or "fell" where it made news.
        sentence: whether it has changed, for the person.
    """

    series: Series
    state: State
    sentence: str
    news: tuple[News, ...] = ()
    baseline: Baseline | None = None
    latest: Comparison | None = None


def change_of(series: Series, rules: ChangeRules, evidence: Evidence = NO_PAIRS) -> Change:
    """Say whether the newest stretch of a series has changed."""
    if series.followed.kind is None:
        return Change(series, "no_rule", NO_RULE)
    if not series.followed.checked:
        return Change(series, "estimate", ESTIMATE)
    found = _first_baseline(series.usable, rules)
    if found is None:
        return Change(series, "too_few", too_few_sentence(rules.change.baseline_sessions.value))
    baseline, later = found
    seen = _values_apart(series.usable, rules)
    news: list[News] = []
    run: list[Comparison] = []
    latest: Comparison | None = None
    for point in later:
        so_far = tuple(value for at, value in seen if at <= point.at)
        latest = compared(point, baseline, series.followed, rules, replace(evidence, values=so_far))
        run = _run(run, latest, rules)
        if latest.beyond is not None and len(run) == rules.change.confirm.value:
            after = _mean([c.point for c in run])
            news.append(News(latest.beyond, baseline, after, tuple(run)))
            baseline, run = after, []
    made = bool(news) and news[-1].by[-1] is latest
    state: State = news[-1].direction if made else "no_clear_change"
    limit = latest.limit if latest is not None else smallest_told(series.followed, rules)
    return Change(series, state, _sentence(series, state, news, limit), tuple(news), baseline, latest)


def compared(
    point: Point, baseline: Baseline, followed: Followed, rules: ChangeRules, evidence: Evidence
) -> Comparison:
    """Hold one session against a baseline.

    A value of which only "more than" is known tells of a growth and not of a loss; as a baseline, the other way round.

    Raises:
        ValueError: the session has no value.
    """
    value = point.value
    if value is None:
        raise ValueError(f"expected a session with a value, got {point.session_id} without")
    delta = value.value - baseline.value
    sem = _sem(value.uncertainty, baseline, followed, rules, evidence)
    limit = _limit(sem, baseline, followed, rules)
    beyond: Direction | None = None
    if abs(delta) >= limit - SLACK:
        beyond = "grew" if delta > 0 else "fell"
    if (beyond == "grew" and baseline.above) or (beyond == "fell" and value.censored == "above"):
        beyond = None
    return Comparison(point, baseline, delta, limit, sem, beyond)


def between(series: Series, then: Point, now: Point, rules: ChangeRules, evidence: Evidence = NO_PAIRS) -> Comparison:
    """Hold one session against one other by the same limit. It makes no news: that takes several in a row.

    How far the person scatters is told by the sessions before the later one: by that one too, a difference would be a
    part of the chance that it is held against, and the larger it is, the larger it would have to be.

    Raises:
        ValueError: one of them has no value.
    """
    if then.value is None:
        raise ValueError(f"expected a session with a value, got {then.session_id} without")
    stretch = [p for p in series.points if p.usable and p.stretch == now.stretch]
    before = tuple(value for at, value in _values_apart(stretch, rules) if at < now.at)
    return compared(now, _mean([then]), series.followed, rules, replace(evidence, values=before))


def smallest_told(followed: Followed, rules: ChangeRules) -> float:
    """The smallest difference that is ever told, in the measure's unit; infinite where there is no rule."""
    if followed.kind == "angle":
        return rules.floor(str(followed.signal))
    return {"count": rules.change.count.value, "time": rules.change.hold_s.value}.get(str(followed.kind), inf)


def _sentence(series: Series, state: State, news: Sequence[News], limit: float) -> str:
    if not news:
        return no_change_sentence(limit, series.followed.unit)
    last, unit = news[-1], series.followed.unit
    before, after = (value_words(b.value, unit, b.above) for b in (last.before, last.after))
    words = news_words(followed_words(series.followed, series.what), last.direction, before, after)
    if state != "no_clear_change":
        return news_sentence(words)
    return no_change_sentence(limit, unit, words, last.by[-1].point.day)


def _sem(
    uncertainty: float, baseline: Baseline, followed: Followed, rules: ChangeRules, evidence: Evidence
) -> Sem | None:
    """Of an angle; the session's own error and the baseline's weigh alike."""
    if followed.kind != "angle":
        return None
    technical = sqrt((baseline.technical**2 + technical_sem([uncertainty]) ** 2) / 2.0)
    return chosen_sem(technical, rules.floor(str(followed.signal)), evidence, rules)


def _limit(sem: Sem | None, baseline: Baseline, followed: Followed, rules: ChangeRules) -> float:
    if sem is not None:
        return max(rules.floor(str(followed.signal)), smallest_change(sem.value))
    if followed.kind == "count":
        return rules.change.count.value
    return max(rules.change.hold_s.value, rules.change.hold_share.value * baseline.value)


def _run(run: list[Comparison], latest: Comparison, rules: ChangeRules) -> list[Comparison]:
    """The sessions in a row beyond the limit to one side; one too soon after the last neither adds nor breaks."""
    if latest.beyond is None:
        return []
    if not run or run[-1].beyond != latest.beyond:
        return [latest]
    return [*run, latest] if _apart(run[-1].point, latest.point, rules) else run


def _first_baseline(points: Sequence[Point], rules: ChangeRules) -> tuple[Baseline, Sequence[Point]] | None:
    """The baseline and the points after it; None as long as there are too few. One day gives one session to it."""
    taken: list[Point] = []
    for i, point in enumerate(points):
        if not taken or _apart(taken[-1], point, rules):
            taken.append(point)
        if len(taken) == rules.change.baseline_sessions.value:
            return _mean(taken), points[i + 1 :]
    return None


def _values_apart(points: Sequence[Point], rules: ChangeRules) -> list[tuple[datetime, float]]:
    """The values that are exact, one a day, with their moments: two of one day share its good or bad day."""
    taken: list[Point] = []
    for point in points:
        exact = point.value is not None and point.value.censored == "none"
        if exact and (not taken or _apart(taken[-1], point, rules)):
            taken.append(point)
    return [(p.at, p.value.value) for p in taken if p.value is not None]


def _mean(points: Sequence[Point]) -> Baseline:
    values = [p.value for p in points if p.value is not None]
    return Baseline(
        value=fmean(v.value for v in values),
        above=any(v.censored == "above" for v in values),
        sessions=tuple(p.session_id for p in points),
        technical=technical_sem([v.uncertainty for v in values]),
    )


def _apart(one: Point, other: Point, rules: ChangeRules) -> bool:
    return other.at - one.at >= timedelta(hours=rules.change.apart_h.value)
