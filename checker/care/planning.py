"""What is on today's plan: from the phases somebody is in, within the caps, for this person and today's pain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from checker.care.barred import Findings, precautions
from checker.care.decision import LeftOut, Planned, Share
from checker.care.doses import amounts, dose_for, half
from checker.care.overrides import Overrides
from checker.care.pain import Allowance, allowed
from checker.care.phase_rules import PhaseRule
from checker.care.records import History
from checker.care.rules import Rules
from checker.care.weekly import is_done_on
from checker.exercise import Exercise
from checker.safety import phase_label

CALM_PHASE = 1
"""Whose calm movements stay where nothing else is planned."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A movement that a rule would like to have on the plan, with the phase whose dose it takes."""

    exercise: str
    phase: int
    rule: str
    reason: str
    is_test: bool = False


@dataclass(slots=True)
class Plan:
    """The plan of a day, and what was left out of it."""

    items: list[Planned] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    at_hand: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the planner looks at.

    Attributes:
        history: known on `today`.
        found: what of the person a movement must know.
        barred: movements that are left out for this person.
        pain: told today; None: not told.
        half: why everything but what calms is halved today; None: it is not.
        needed: movements that the criteria still ask for, the most pressing first.
    """

    history: History
    today: date
    rules: Rules
    exercises: Mapping[str, Exercise]
    found: Findings
    set_by_physio: Overrides
    barred: Mapping[str, LeftOut]
    pain: int | None
    half: str | None = None
    needed: tuple[str, ...] = ()


def calm_plan(scope: Scope, rule: str, reason: str) -> Plan:
    """Only what calms: where exercises are paused."""
    phase = scope.rules.phase(CALM_PHASE)
    calm = [e for e in phase.exercises if e in scope.exercises and scope.exercises[e].load == "calm"]
    plan = _fill(scope, [Wish(e, CALM_PHASE, rule, reason) for e in calm], phase.most_a_day)
    plan.at_hand = _at_hand(scope, phase, plan)
    return plan


def plan_of(scope: Scope, visible: int, phases: Iterable[PhaseRule], finished: Iterable[int]) -> Plan:
    """The plan of a day in the programme.

    Args:
        scope: what is known.
        visible: the phase that is shown; its cap holds.
        phases: those somebody is in, the visible one first.
        finished: phases whose movements stay as upkeep.
    """
    phases = list(phases) or [scope.rules.phase(visible)]
    wishes = [*_added(scope, visible), *_tests(scope, visible, phases)]
    wishes += _of_phases(scope, phases) + _upkeep(scope, finished)
    plan = _fill(scope, wishes, scope.rules.phase(visible).most_a_day)
    plan.at_hand = _at_hand(scope, scope.rules.phase(visible), plan)
    return plan


def flare_plan(scope: Scope, content: int, *, tests: bool) -> Plan:
    """The plan of a day in a flare-up: the movements of an early phase at half dose, walking kept."""
    phase = scope.rules.phase(content)
    reason = f"In a flare-up: what belongs to phase {phase_label(content)}, half of it."
    names = sorted(phase.exercises, key=lambda e: e != "walking")
    wishes = [Wish(e, content, "flare/content", reason) for e in names]
    if tests:
        wishes = [*_tests(scope, content, [phase]), *wishes]
    plan = _fill(scope, wishes, phase.most_a_day)
    plan.at_hand = _at_hand(scope, phase, plan)
    return plan


# --- what the rules would like --------------------------------------------------------------------


def _added(scope: Scope, visible: int) -> list[Wish]:
    """What a physio has added."""
    return [
        Wish(e, visible, "physio/added", event.reason or f"Added by {event.name or 'your physio'}.")
        for e, event in scope.set_by_physio.added.items()
    ]


def _tests(scope: Scope, visible: int, phases: list[PhaseRule]) -> list[Wish]:
    """The self-tests, where so many days have passed since the last ones."""
    testing = [p for p in phases if p.tests and p.tests_every_days is not None]
    if not testing:
        return []
    phase = min(testing, key=lambda p: p.tests_every_days or 0)
    every = phase.tests_every_days or 1
    tests = [s for s in scope.history.sessions if s.exercise in phase.tests and (s.to_first_pain or s.ranges)]
    done = {s.day for s in tests if s.day < scope.today}
    if is_done_on(scope.history, scope.today):
        reason = "To see how far you move before pain begins: it belongs to the weekly look."
        return [Wish(test, phase.number, "weekly/tests", reason, is_test=True) for test in phase.tests]
    if done and scope.today - max(done) < timedelta(days=every):
        return []
    when = "every second day" if every == 2 else f"every {every} days"
    reason = f"To see how far you move before pain begins: {when}."
    return [Wish(test, phase.number, f"phase-{phase.number}/tests", reason, is_test=True) for test in phase.tests]


def _of_phases(scope: Scope, phases: list[PhaseRule]) -> list[Wish]:
    """The movements of the phases: those that a criterion still asks for come first."""
    wishes = []
    for phase in phases:
        reason = f"Belongs to phase {phase_label(phase.number)}."
        names = [e for e in phase.exercises if not any(_is_rest_day(scope, p, e) for p in phases)]
        if any(_off_floor(scope, e) for e in phase.exercises):
            names += phase.off_floor
        wishes += [Wish(e, phase.number, f"phase-{phase.number}/exercises", reason) for e in names]
    order = {e: i for i, e in enumerate(scope.needed)}
    return sorted(wishes, key=lambda w: order.get(w.exercise, len(order)))


def _off_floor(scope: Scope, exercise: str) -> bool:
    left_out = scope.barred.get(exercise)
    return left_out is not None and left_out.rule == "profile/floor"


def _is_rest_day(scope: Scope, phase: PhaseRule, exercise: str) -> bool:
    """Whether a loading movement of a phase waits, because one of them was done too lately."""
    if phase.every_days <= 1:
        return False
    loading = {e for e in phase.exercises if e in scope.exercises and scope.exercises[e].load == "load"}
    if exercise not in loading:
        return False
    done = [s.day for s in scope.history.sessions if s.exercise in loading and s.day < scope.today]
    return bool(done) and (scope.today - max(done)).days < phase.every_days


def _upkeep(scope: Scope, finished: Iterable[int]) -> list[Wish]:
    """One movement of each finished phase, the latest phase first; another one each day, of those done before."""
    done = {s.exercise for s in scope.history.sessions if s.day < scope.today}
    wishes = []
    for number in sorted(finished, reverse=True):
        known = [e for e in scope.rules.phase(number).keep_one_of if e in done and e not in scope.barred]
        if known:
            chosen = known[scope.today.toordinal() % len(known)]
            reason = f"Keeps up phase {phase_label(number)}."
            wishes.append(Wish(chosen, number, f"phase-{number}/upkeep", reason))
    return wishes


# --- what the caps, the person and the pain leave of it -------------------------------------------


def _fill(scope: Scope, wishes: list[Wish], most: int) -> Plan:
    """Take the wishes in their order, each movement once."""
    plan = Plan()
    seen: set[str] = set()
    news = _News(scope)
    for wish in wishes:
        if wish.exercise in seen:
            continue
        seen.add(wish.exercise)
        if wish.exercise in scope.barred:
            plan.left_out.append(scope.barred[wish.exercise])
            continue
        exercise = scope.exercises.get(wish.exercise)
        if exercise is None:
            plan.left_out.append(_leave(wish, "library/missing", "It is not among the movements."))
            continue
        allowance = allowed(exercise, scope.pain, scope.rules)
        if allowance.verdict == "no":
            plan.left_out.append(_leave(wish, allowance.rule, allowance.text))
        elif not wish.is_test and sum(not item.is_test for item in plan.items) >= most:
            plan.left_out.append(_leave(wish, "caps/a_day", f"At most {most} a day: fewer are done better."))
        elif (why := news.refuses(exercise, wish)) is not None:
            plan.left_out.append(_leave(wish, why, "Only a few movements are new at a time."))
        else:
            plan.items.append(_planned(scope, wish, exercise, allowance, is_new=news.take(exercise, wish)))
    return plan


def _leave(wish: Wish, rule: str, reason: str) -> LeftOut:
    return LeftOut(exercise=wish.exercise, rule=rule, reason=reason)


class _News:
    """How many movements may still be new: what calms, tests and what a physio added do not count."""

    def __init__(self, scope: Scope) -> None:
        caps = scope.rules.programme.caps
        first: dict[str, date] = {}
        for session in scope.history.sessions:
            if session.day < scope.today:
                first.setdefault(session.exercise, session.day)
        self._known = set(first)
        week = scope.today - timedelta(days=caps.week_days)
        lately = [e for e, day in first.items() if day > week and self._counts(scope.exercises.get(e))]
        self._week = caps.new_a_week - len(lately)
        self._day = caps.new_a_day

    @staticmethod
    def _counts(exercise: Exercise | None) -> bool:
        return exercise is not None and exercise.load != "calm" and exercise.kind != "self_test"

    def _is_new(self, exercise: Exercise, wish: Wish) -> bool:
        added = wish.rule == "physio/added"
        return exercise.id not in self._known and self._counts(exercise) and not added

    def refuses(self, exercise: Exercise, wish: Wish) -> str | None:
        """The rule by which a new movement waits; None: it may come."""
        if not self._is_new(exercise, wish):
            return None
        return "caps/new_a_day" if self._day < 1 else "caps/new_a_week" if self._week < 1 else None

    def take(self, exercise: Exercise, wish: Wish) -> bool:
        """Count it; return whether it was new."""
        if not self._is_new(exercise, wish):
            return False
        self._day -= 1
        self._week -= 1
        return True


def _planned(scope: Scope, wish: Wish, exercise: Exercise, allowance: Allowance, *, is_new: bool) -> Planned:
    mine = precautions(exercise, scope.found)
    share = _share(scope, exercise, allowance, smaller=any(p.action == "smaller" for p in mine))
    own = scope.set_by_physio.amounts.get(exercise.id)
    if own is not None:
        amount, most = (half(own) if share == "half" else own), None
    else:
        amount, most = amounts(dose_for(exercise, wish.phase), share)
    notes = [p.text for p in mine]
    if exercise.done_on == "floor" and scope.found.floor == "with_help":
        notes.append("Have somebody near who helps you down and up again.")
    if allowance.verdict == "reduced":
        notes.append(allowance.text)
    if scope.half is not None and exercise.load != "calm":
        notes.append(scope.half)
    furthest = scope.rules.programme.furthest
    return Planned(
        exercise=exercise.id,
        amount=amount,
        most=most,
        share=share,
        rule=wish.rule,
        reason=wish.reason,
        to_first_pain=wish.is_test or allowance.to_first_pain,
        furthest=wish.phase >= furthest.from_phase
        and not allowance.to_first_pain
        and (scope.pain is None or scope.pain < furthest.pain_below),
        target=scope.set_by_physio.targets.get(exercise.id, {}),
        limit=scope.set_by_physio.limits.get(exercise.id, {}),
        notes=notes,
        is_test=wish.is_test,
        is_new=is_new,
        set_by=_set_by(scope, exercise),
    )


def _set_by(scope: Scope, exercise: Exercise) -> str:
    event = scope.set_by_physio.added.get(exercise.id)
    return "rule" if event is None else event.name or "physio"


def _share(scope: Scope, exercise: Exercise, allowance: Allowance, *, smaller: bool) -> Share:
    """The least of what pain, a precaution and a hard day before leave."""
    if allowance.portion == "half_sets" or (scope.half is not None and exercise.load != "calm"):
        return "half"
    return "lower_end" if smaller or allowance.portion == "lower_end" else "full"


def _at_hand(scope: Scope, phase: PhaseRule, plan: Plan) -> list[str]:
    """What may be done besides, whenever it feels good."""
    planned = {item.exercise for item in plan.items}
    return [
        e
        for e in phase.at_hand
        if e in scope.exercises
        and e not in planned
        and e not in scope.barred
        and allowed(scope.exercises[e], scope.pain, scope.rules).verdict == "full"
    ]
