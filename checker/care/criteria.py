"""What must hold before a phase is finished: one small function for each kind of criterion.

Each looks at the days from which the phase counts to the day before today, and says what there is, what is asked for,
and by which records. What was not measured never meets a criterion, and is no failure either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any, Final, Literal

from checker.care import facts, phase_rules
from checker.care.facts import SessionDay
from checker.care.questions import asked, blocked, open_questions
from checker.care.ranges import best_so_far, first_values, target_of
from checker.care.records import History, Session
from checker.care.rules import Rules
from checker.care.severity import began_words


@dataclass(frozen=True, slots=True)
class Scene:
    """What the criteria of a phase look at.

    Attributes:
        history: known on `today`.
        since: the first day that counts.
        flares: the days on which a flare-up went on.
        targets: a physio's, by movement and side.
    """

    history: History
    today: date
    since: date
    rules: Rules
    flares: tuple[date, ...] = ()
    targets: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a criterion holds.

    Attributes:
        text: where it holds, what there is; where not, what is still to come. Both with figures.
        have, want: the figures.
    """

    met: bool
    text: str
    have: float | None = None
    want: float | None = None
    inputs: tuple[str, ...] = ()


DayKind = Literal["good", "hard", "not_good", "unknown"]


def day_kind(day: SessionDay, rules: Rules, *, needs_measured: bool | None = None) -> DayKind:
    """What kind of a day it was.

    "hard" leads back, "good" leads on; "not_good" breaks a row of good ones; "unknown" (not told, nothing measured, a
    painkiller) does neither. Pain that was as high before makes no day a hard one: only what calms is done with it.
    """
    ok, back = rules.programme.ok_session, rules.programme.back
    came_with_it = day.rise is None or day.rise > 0
    if day.after is not None and day.after >= back.pain_after and came_with_it:
        return "hard"
    if day.rise is not None and day.rise >= back.rise:
        return "hard"
    too_much = (day.after is not None and day.after > ok.pain_after) or (day.rise is not None and day.rise > ok.rise)
    if day.aborted or too_much or (day.settled is not None and day.settled not in ok.settled):
        return "not_good"
    unsettled = day.settled is None and (day.rise is None or day.rise > 0)
    must_measure = ok.needs_measured if needs_measured is None else needs_measured
    if day.after is None or day.rise is None or unsettled or day.painkiller or (must_measure and not day.measured):
        return "unknown"
    return "good"


def good_in_a_row(scene: Scene) -> list[SessionDay]:
    """The last days that were good, one after the other; unknown ones between them do not count and do not break."""
    row: list[SessionDay] = []
    for day in reversed(facts.session_days(scene.history, scene.since, scene.today)):
        kind = day_kind(day, scene.rules)
        if kind == "good":
            row.append(day)
        elif kind != "unknown":
            break
    return row[::-1]


# --- one function a kind --------------------------------------------------------------------------


def _safety_clear(_: phase_rules.SafetyClear, scene: Scene) -> Finding:
    answered = {a.question for a in scene.history.answers}
    missing = [q.id for q in asked(scene.rules) if q.id not in answered]
    is_open = blocked(open_questions(scene.history, scene.rules), scene.rules) != "nothing"
    if missing:
        return Finding(False, f"{len(missing)} safety questions are still to be answered", 0, len(missing))
    return Finding(not is_open, "a safety question is open" if is_open else "the safety questions are answered")


def _pain_at_rest(rule: phase_rules.PainAtRest, scene: Scene) -> Finding:
    told = [c for c in facts.at_rest(scene.history) if c.day >= scene.since and not c.painkiller]
    by_day = {c.day: c for c in told}
    last = list(by_day.values())[-rule.times :]
    pains = [c.pain for c in last if c.pain is not None]
    if len(pains) >= rule.times and max(pains) <= rule.at_most:
        words = " and ".join(map(str, pains))
        return Finding(
            True, f"pain at rest was {words} on different days", max(pains), rule.at_most, facts.ids_of(last)
        )
    if told and told[0].pain is not None and told[-1].pain is not None:
        drop = told[0].pain - told[-1].pain
        if drop >= rule.or_down_by:
            text = f"pain at rest went down from {told[0].pain} to {told[-1].pain}"
            return Finding(True, text, drop, rule.or_down_by, facts.ids_of([told[0], told[-1]]))
    text = (
        f"pain at rest of {rule.at_most} or less on {rule.times} days, or {rule.or_down_by} less than at the beginning"
    )
    return Finding(False, text, pains[-1] if pains else None, rule.at_most, facts.ids_of(last))


def _walked(rule: phase_rules.Walked, scene: Scene) -> Finding:
    done = facts.sessions_of(scene.history, rule.exercise, scene.since, scene.today)
    longest = max(done, key=_seconds, default=None)
    have = _seconds(longest) if longest is not None else 0.0
    minutes, wanted = have / 60, rule.duration_s / 60
    if longest is not None and have >= rule.duration_s:
        return Finding(True, f"you walked for {minutes:.0f} minutes", have, rule.duration_s, facts.ids_of([longest]))
    return Finding(False, f"a walk of {wanted:.0f} minutes", have, rule.duration_s)


def _seconds(session: Session) -> float:
    """How long it was done: as recorded, or else from its start to its stated end."""
    if session.amount.duration_s is not None:
        return session.amount.duration_s
    return 0.0 if session.ended_at is None else (session.ended_at - session.at).total_seconds()


def _days_since_onset(rule: phase_rules.DaysSinceOnset, scene: Scene) -> Finding:
    days = facts.days_since_onset(scene.history, scene.today)
    have = (scene.today - scene.since).days if days is None else days
    text = f"it {began_words(scene.history, scene.today) or f'began {have} days ago'}"
    return Finding(
        have >= rule.days, text if have >= rule.days else f"{rule.days} days since it began", have, rule.days
    )


def _ok_sessions(rule: phase_rules.OkSessions, scene: Scene) -> Finding:
    row = good_in_a_row(scene)[-rule.count :]
    inputs = tuple(i for day in row for i in day.inputs)
    ok = scene.rules.programme.ok_session
    with_camera = "something measured with the camera, " if ok.needs_measured else ""
    pain = f"pain {ok.pain_after} or less and up by {ok.rise} at most"
    what = f"{with_camera}{pain}, settled by the morning"
    if len(row) >= rule.count:
        return Finding(True, f"{rule.count} good days in a row ({what})", len(row), rule.count, inputs)
    text = f"{rule.count} good days in a row ({what}): {len(row)} so far"
    return Finding(False, text, len(row), rule.count, inputs)


def _range_measured(rule: phase_rules.RangeMeasured, scene: Scene) -> Finding:
    known: list[str] = []
    used: list[Session] = []
    for test in rule.tests:
        done = facts.sessions_of(scene.history, test, scene.since, scene.today)
        measured = [s for s in done if any(r.first is not None for r in s.ranges)]
        if len(measured) >= rule.times:
            known.append(test)
        used += measured
    met = len(known) >= rule.least_tests
    done_text = f"your range before pain was measured {rule.times} times in {len(known)} of {len(rule.tests)} tests"
    wanted = (
        f"the range before pain measured {rule.times} times in {rule.least_tests} of the tests: {len(known)} so far"
    )
    return Finding(met, done_text if met else wanted, len(known), rule.least_tests, facts.ids_of(used))


def _no_loss(rule: phase_rules.NoLoss, scene: Scene) -> Finding:
    used: list[Session] = []
    for test, limit in rule.most_lost_deg.items():
        for side, values in first_values(scene.history, test, scene.since, scene.today).items():
            (_, first), (session, last) = values[0], values[-1]
            used.append(session)
            lost = first.value - last.value
            if last.censored == "none" and lost > limit:
                where = _plain_side(test, side)
                text = f"the range before pain of the {where} back near {first.value:.0f}°: it is {last.value:.0f}° now"
                return Finding(False, text, last.value, first.value - limit, facts.ids_of([session]))
    if not used:
        return Finding(False, "the tests to first pain, to see that nothing is lost", 0, 1)
    return Finding(
        True, "your range before pain is no less than at the beginning of the phase", inputs=facts.ids_of(used)
    )


def _measure_at_least(rule: phase_rules.MeasureAtLeast, scene: Scene) -> Finding:
    done = facts.sessions_of(scene.history, rule.exercise, scene.since, scene.today)
    good = [s for s in done if set(rule.with_clear) <= s.clear and _reaches(s, rule)]
    met = len(good) >= rule.in_sessions
    name, measure = _plain(rule.exercise), _plain(rule.measure)
    form = f" with {_faults(rule.with_clear)} not seen" if rule.with_clear else ""
    best = max((v for s in (good or done) for v in _values(s, rule.measure)), default=None)
    if met:
        text = f"your {name} reached {rule.value:g}° or more{form} in {len(good)} sessions"
    else:
        reps = f"{rule.in_repetitions[0]} of {rule.in_repetitions[1]}"
        text = (
            f"{name}: {measure} of {rule.value:g}° in {reps} repetitions{form}, in {rule.in_sessions} sessions: "
            f"{len(good)} so far"
        )
    return Finding(met, text, best, rule.value, facts.ids_of(good))


def _reaches(session: Session, rule: phase_rules.MeasureAtLeast) -> bool:
    """Whether so many of its repetitions reach the value; without single values the median speaks for them."""
    enough, of = rule.in_repetitions
    single = _values(session, rule.measure)
    if single:
        return len(single) >= enough and sum(v >= rule.value for v in single) * of >= enough * len(single)
    medians = [m for key, m in session.measures.items() if _is_of(key, rule.measure)]
    return bool(medians) and all(m.n >= of and m.value >= rule.value for m in medians)


def _values(session: Session, measure: str) -> list[float]:
    return [v for key, values in session.per_repetition.items() if _is_of(key, measure) for v in values]


def _is_of(key: str, measure: str) -> bool:
    """Whether a key, "id" or "id/side", is of a measure."""
    return key.partition("/")[0] == measure


def _done_at_least(rule: phase_rules.DoneAtLeast, scene: Scene) -> Finding:
    by_day: dict[date, list[Session]] = {}
    for session in facts.sessions_of(scene.history, rule.exercise, scene.since, scene.today):
        if set(rule.with_clear) <= session.clear and _at_value(session, rule):
            by_day.setdefault(session.day, []).append(session)
    best = max(by_day.values(), key=lambda done: sum(_count(s, rule.hold_s) for s in done), default=[])
    have = sum(_count(s, rule.hold_s) for s in best)
    held = f" of {rule.hold_s:g} s" if rule.hold_s is not None else ""
    deep = f" at {rule.value:g}° or more" if rule.value is not None else ""
    form = f", {_faults(rule.with_clear)} not seen" if rule.with_clear else ""
    what = f"{_plain(rule.exercise)}: {rule.repetitions} times{held}{deep}{form}"
    if have >= rule.repetitions:
        return Finding(True, f"you did the {what}", have, rule.repetitions, facts.ids_of(best))
    return Finding(False, f"{what}: {have} so far", have, rule.repetitions, facts.ids_of(best))


def _at_value(session: Session, rule: phase_rules.DoneAtLeast) -> bool:
    if rule.measure is None or rule.value is None:
        return True
    found = [m.value for key, m in session.measures.items() if _is_of(key, rule.measure)]
    return bool(found) and min(found) >= rule.value


def _count(session: Session, hold_s: float | None) -> int:
    """How many repetitions or holds were done that are long enough; with two sides, of the one with fewer."""
    amount = session.amount
    if hold_s is not None:
        sides = [v for key, v in session.per_repetition.items() if _is_of(key, "hold_time") or _is_of(key, "hold_s")]
        if sides:
            return min(sum(v >= hold_s for v in values) for values in sides)
        if amount.hold_s is None or amount.hold_s < hold_s:
            return 0
        return (1 if amount.repetitions is None else amount.repetitions) * amount.sets
    return (amount.repetitions or 0) * amount.sets


def _share_at_least(rule: phase_rules.ShareAtLeast, scene: Scene) -> Finding:
    done = [
        s for s in facts.sessions_of(scene.history, rule.exercise, scene.since, scene.today) if rule.share in s.shares
    ]
    best = max(done, key=lambda s: s.shares[rule.share], default=None)
    have = best.shares[rule.share] if best is not None else None
    if best is not None and have is not None and have >= rule.value:
        text = f"{have:.0%} of your {_plain(rule.exercise)} repetitions were slow on the way down"
        return Finding(True, text, have, rule.value, facts.ids_of([best]))
    text = f"{_plain(rule.exercise)}: {rule.value:.0%} of the repetitions taking 3 seconds on the way down"
    return Finding(False, text, have, rule.value)


def _share_of_target(rule: phase_rules.ShareOfTarget, scene: Scene) -> Finding:
    used: list[Session] = []
    for test in rule.tests:
        by_side = first_values(scene.history, test, scene.since, scene.today)
        if not by_side:
            return Finding(
                False,
                f"{_plain(test)} to first pain, measured in {rule.in_sessions} sessions: 0 so far",
                0,
                rule.in_sessions,
            )
        best = best_so_far(scene.history, test, scene.today)
        for side, values in by_side.items():
            target = target_of(test, side, scene.targets, best)
            reached = [s for s, v in values if target is not None and v.value >= rule.share * target]
            used += reached
            if len(reached) < rule.in_sessions:
                where = _plain_side(test, side)
                now = values[-1][1].value
                goal = f"{rule.share * target:.0f}°" if target is not None else "your target"
                text = (
                    f"{where} to {goal} without pain in {rule.in_sessions} sessions: {len(reached)} so far; "
                    f"the last time it was {now:.0f}°"
                )
                return Finding(False, text, now, None if target is None else rule.share * target)
    return Finding(
        True,
        f"every test reached {rule.share:.0%} of your target in {rule.in_sessions} sessions",
        inputs=facts.ids_of(used),
    )


def _sides_alike(rule: phase_rules.SidesAlike, scene: Scene) -> Finding:
    for test in rule.tests:
        pairs = []
        for session in facts.sessions_of(scene.history, test, scene.since, scene.today):
            firsts = [r.first for r in session.ranges if r.first is not None]
            if len(firsts) == 2:
                error = math.hypot(firsts[0].uncertainty, firsts[1].uncertainty)
                pairs.append((session, abs(firsts[0].value - firsts[1].value), max(rule.most_apart_deg, error)))
        last = pairs[-rule.in_sessions :]
        if len(last) < rule.in_sessions or any(apart >= limit for _, apart, limit in last):
            alike = sum(1 for _ in takewhile(lambda pair: pair[1] < pair[2], reversed(last)))
            text = (
                f"{_plain(test)}: both sides within {rule.most_apart_deg:g} degrees in {rule.in_sessions} sessions "
                f"in a row: {alike} so far"
            )
            return Finding(False, text, last[-1][1] if last else None, rule.most_apart_deg)
    return Finding(True, f"left and right differ by less than {rule.most_apart_deg:g} degrees")


def _days_without_flare(rule: phase_rules.DaysWithoutFlare, scene: Scene) -> Finding:
    from_day = max((scene.since, *scene.flares))
    have = (scene.today - from_day).days
    if have >= rule.days:
        return Finding(True, f"{have} days without a flare-up", have, rule.days)
    return Finding(False, f"{rule.days} days without a flare-up: {have} so far", have, rule.days)


def _day_at_most(rule: phase_rules.DayAtMost, scene: Scene) -> Finding:
    days: dict[date, list[Any]] = {}
    for check_in in scene.history.check_ins:
        if check_in.kind == "daily" and scene.since <= check_in.day <= scene.today:
            days.setdefault(check_in.day, []).append(check_in)
    good = [c for told in days.values() for c in told[-1:] if not c.painkiller and _worst_told(told) <= rule.pain]
    if len(good) >= rule.days:
        return Finding(True, f"an ordinary day with pain {rule.pain} or less", len(good), rule.days, facts.ids_of(good))
    return Finding(False, f"an ordinary day with pain {rule.pain} or less", len(good), rule.days)


def _worst_told(told: Iterable[Any]) -> float:
    """The worst pain of a day; infinite where none was told."""
    return max(
        (c.worst if c.worst is not None else c.pain for c in told if c.pain is not None or c.worst is not None),
        default=math.inf,
    )


def _reevaluated(rule: phase_rules.Reevaluated, scene: Scene) -> Finding:
    newest = {a.question: a for a in scene.history.answers}
    questions = [newest[q.id].day if q.id in newest else None for q in asked(scene.rules)]
    ladder = scene.history.ladder[-1].day if scene.history.ladder else None
    times = [*questions, ladder]
    oldest = None if None in times else min(t for t in times if t is not None)
    age = None if oldest is None else (scene.today - oldest).days
    met = age is not None and age <= rule.days
    text = f"looked at again within {rule.days} days" if met else "the weekly look: safety questions and activities"
    return Finding(met, text, age, rule.days)


_KINDS: Final[dict[type, Callable[[Any, Scene], Finding]]] = {
    phase_rules.SafetyClear: _safety_clear,
    phase_rules.PainAtRest: _pain_at_rest,
    phase_rules.Walked: _walked,
    phase_rules.DaysSinceOnset: _days_since_onset,
    phase_rules.OkSessions: _ok_sessions,
    phase_rules.RangeMeasured: _range_measured,
    phase_rules.NoLoss: _no_loss,
    phase_rules.MeasureAtLeast: _measure_at_least,
    phase_rules.DoneAtLeast: _done_at_least,
    phase_rules.ShareAtLeast: _share_at_least,
    phase_rules.ShareOfTarget: _share_of_target,
    phase_rules.SidesAlike: _sides_alike,
    phase_rules.DaysWithoutFlare: _days_without_flare,
    phase_rules.DayAtMost: _day_at_most,
    phase_rules.Reevaluated: _reevaluated,
}


def judge(criterion: phase_rules.Criterion, scene: Scene) -> Finding:
    """Whether a criterion holds in a scene."""
    return _KINDS[type(criterion)](criterion, scene)


def needs(criterion: phase_rules.Criterion) -> str | None:
    """The movement without which a criterion cannot be met; None where it is about none."""
    return getattr(criterion, "exercise", None)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _plain_side(name: str, side: str) -> str:
    """A movement and its side in words; a movement without sides is told by its name alone."""
    return _plain(name) if side in {"", "both"} else f"{_plain(name)} {_plain(side)}"


def _faults(ids: Iterable[str]) -> str:
    return " and ".join(f'"{_plain(i)}"' for i in ids)
