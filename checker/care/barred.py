"""Which movements are not for this person: by conditions, the floor, a direction that hurts, or a physio's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from checker.care import facts
from checker.care.decision import LeftOut
from checker.care.overrides import Overrides
from checker.care.ranges import first_values
from checker.care.records import CheckIn, History
from checker.care.rules import Rules
from checker.exercise import Condition, Direction, Exercise, Precaution


@dataclass(frozen=True, slots=True)
class Findings:
    """What of a person a movement must know.

    Attributes:
        conditions: told, and shown while moving.
        directions: in which the pain in the leg has moved down.
        floor: whether the person gets down to it.
    """

    conditions: frozenset[str]
    directions: frozenset[Direction]
    floor: str


def findings(history: History, today: date, rules: Rules, exercises: Mapping[str, Exercise]) -> Findings:
    """The conditions of a person on a day: of the profile, of the safety answers, and of what hurts."""
    profile = history.profile
    told = {_without_side(c) for c in profile.conditions} if profile is not None else set()
    for question in rules.safety.questions:
        answers = [a for a in history.answers if a.question == question.id]
        if question.condition is not None and answers and answers[-1].answer == "yes":
            told.add(question.condition)
    if _fell_when_older(history, today, rules):
        told.add("balance_or_falls")
    down = _directions_down(history, rules, exercises)
    shown = {"leg_pain_moves_down"} if down else set()
    return Findings(
        frozenset(told | shown | _one_way_hurts(history, today, rules)),
        frozenset(down) - {"none"},
        profile.floor if profile is not None else "yes",
    )


def _without_side(condition: str) -> str:
    """A condition as precautions name it: of either hip."""
    known = get_args(Condition)
    return condition if condition in known else condition.rpartition("_")[0]


def _fell_when_older(history: History, today: date, rules: Rules) -> bool:
    episode, born = facts.newest_episode(history), history.person.born_year
    old = born is not None and today.year - born >= rules.safety.older.from_age
    return old and episode is not None and episode.trigger == "fall"


def barred(
    exercises: Mapping[str, Exercise], found: Findings, set_by_physio: Overrides, rules: Rules
) -> dict[str, LeftOut]:
    """Every movement that is left out for this person, by which rule, and why."""
    wanted = {e for p in rules.phases for e in (*p.exercises, *p.tests, *p.keep_one_of, *p.off_floor, *p.at_hand)}
    out = {
        e: LeftOut(exercise=e, rule="library/missing", reason="It is not among the movements.")
        for e in sorted(wanted - exercises.keys())
    }
    for exercise_id, exercise in exercises.items():
        left_out = _left_out(exercise, found, set_by_physio)
        if left_out is not None:
            out[exercise_id] = left_out
    return out


def _left_out(exercise: Exercise, found: Findings, set_by_physio: Overrides) -> LeftOut | None:
    def because(rule: str, reason: str) -> LeftOut:
        return LeftOut(exercise=exercise.id, rule=rule, reason=reason)

    if exercise.kind == "avoid":
        return because("kind/avoid", "To be left while it hurts.")
    if (event := set_by_physio.barred.get(exercise.id)) is not None:
        return because("physio/barred", event.reason or f"Left out by {event.name or 'your physio'}.")
    if exercise.id in set_by_physio.added:
        return None
    if exercise.done_on == "floor" and found.floor == "no":
        return because("profile/floor", "It is done on the floor.")
    for precaution in precautions(exercise, found):
        asked = exercise.id in set_by_physio.asked_first
        if precaution.action == "leave_out" or (precaution.action == "ask_first" and not asked):
            return because(f"precaution/{precaution.condition}", precaution.text)
    if exercise.direction in found.directions:
        return because(f"direction/{exercise.direction}", "Pain in your leg moved down after this direction.")
    hurts = {"flexion": "bending_forward_hurts", "extension": "bending_back_hurts"}.get(exercise.direction)
    if hurts in found.conditions and exercise.kind != "self_test":
        return because(f"direction/{exercise.direction}", "This direction is the sorer one for now.")
    return None


def precautions(exercise: Exercise, found: Findings) -> list[Precaution]:
    """Those of a movement that are for this person."""
    return [p for p in exercise.precautions if p.condition in found.conditions]


# --- what shows itself while moving ---------------------------------------------------------------


def _directions_down(history: History, rules: Rules, exercises: Mapping[str, Exercise]) -> set[Direction]:
    """Directions after which pain in the leg has moved down, until so many session days have shown otherwise.

    "none" stands for a movement without one, or for no movement: the finding is there all the same.
    """
    down = [c for c in history.check_ins if c.leg_pain_moved == "down"]
    if not down:
        return set()
    last = down[-1].day
    later = {s.day for s in history.sessions if s.day > last}
    told = {c.day for c in history.check_ins if c.leg_pain_moved != "down"}
    if len(later & told) >= rules.programme.direction.sessions:
        return set()
    out: set[Direction] = {"none"}
    for check_in in (c for c in down if c.day == last):
        out |= _directions_before(check_in, history, exercises)
    return out


def _directions_before(check_in: CheckIn, history: History, exercises: Mapping[str, Exercise]) -> set[Direction]:
    """The directions of the session that a check-in names, or else of that day's sessions before it."""
    done = [
        s
        for s in history.sessions
        if (
            s.id == check_in.session_id
            if check_in.session_id is not None
            else s.day == check_in.day and s.at <= check_in.at
        )
    ]
    return {exercises[s.exercise].direction for s in done if s.exercise in exercises}


def _one_way_hurts(history: History, today: date, rules: Rules) -> set[str]:
    """The condition of a way whose share of the range before pain was much smaller in one of the last measurements."""
    rule = rules.programme.direction
    forward, back = _shares(history, rule.forward, today), _shares(history, rule.back, today)
    out: set[str] = set()
    for there, other, condition in (
        (forward, back, "bending_forward_hurts"),
        (back, forward, "bending_back_hurts"),
    ):
        last = there[-rule.sessions :]
        if other and any(share < rule.share * other[-1] for share in last):
            out.add(condition)
    return out


def _shares(history: History, tests: Iterable[str], today: date) -> list[float]:
    """Of each measured session of some tests, the range before pain over the furthest that was ever reached."""
    out: list[tuple[date, float]] = []
    for test in tests:
        firsts = first_values(history, test, date.min, today)
        furthest = [
            r.furthest.value
            for s in facts.sessions_of(history, test, date.min, today)
            for r in s.ranges
            if r.furthest is not None
        ]
        for values in firsts.values():
            best = max([*furthest, *(v.value for _, v in values)])
            out += [(s.day, v.value / best) for s, v in values if best > 0]
    return [share for _, share in sorted(out, key=lambda pair: pair[0])]
